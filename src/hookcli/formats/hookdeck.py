"""Events and requests of Hookdeck, as its API tells of them.

Source: hookdeck/hookdeck-cli, pkg/hookdeck/events.go and requests.go (`data`, `models`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from hookcli.formats.form import Found
from hookcli.formats.record import status_of
from hookcli.formats.told import body_of, framed, header_of, header_pairs, moment_of, target_of

if TYPE_CHECKING:
    from hookcli.formats.form import File


def recognise(file: File) -> bool:
    """Whether it is an event or a request with its data, or a page of them."""
    items = _items(file)
    return bool(items) and all(
        isinstance(item, dict)
        and {"id", "team_id", "source_id", "data"} <= item.keys()
        and isinstance(item["data"], dict)
        and isinstance(item["data"].get("headers"), dict)
        for item in items
    )


def read(file: File) -> list[Found]:
    """The requests, as POSTs: their method is not told. A body that is JSON was kept parsed."""
    return [_found(item) for item in _items(file)]


def _items(file: File) -> list[Any]:
    items = file.items
    inside = items[0].get("models") if len(items) == 1 and isinstance(items[0], dict) else None
    return inside if isinstance(inside, list) else items


def _found(item: dict[str, Any]) -> Found:
    data = item["data"]
    query = urlencode(data.get("parsed_query") or {}, doseq=True)
    path = target_of(data.get("path"))
    return Found(
        message=framed(
            "POST",
            f"{path}?{query}" if query and "?" not in path else path,
            header_pairs(data["headers"]),
            body_of(data.get("body"), header_of(data["headers"], "content-type")),
        ),
        received_at=moment_of(item.get("ingested_at") or item.get("created_at")),
        status=status_of(item.get("response_status")),
    )
