"""Requests of webhook.site: one of them, or the page of them that its API gives.

Source: webhooksite/webhook.site, app/Storage/Request.php and app/Http/Controllers/RequestController.php.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hookcli.formats.form import Found
from hookcli.formats.told import framed, header_pairs, moment_of, target_of

if TYPE_CHECKING:
    from hookcli.formats.form import File


def recognise(file: File) -> bool:
    """Whether it is a request, or a page of them."""
    items = _items(file)
    return bool(items) and all(
        isinstance(item, dict) and {"uuid", "token_id", "method", "content", "headers"} <= item.keys() for item in items
    )


def read(file: File) -> list[Found]:
    """The requests, with their bodies as they came."""
    return [
        Found(
            message=framed(
                item["method"], target_of(item.get("url")), header_pairs(item["headers"]), _body(item["content"])
            ),
            received_at=moment_of(item.get("created_at")),
            remote=str(item.get("ip") or ""),
        )
        for item in _items(file)
    ]


def _items(file: File) -> list[Any]:
    items = file.items
    inside = items[0].get("data") if len(items) == 1 and isinstance(items[0], dict) else None
    return inside if isinstance(inside, list) else items


def _body(content: str | None) -> bytes:
    return str.encode(content or "")
