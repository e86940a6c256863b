"""An event of smee.io, as its page and its stream show it.

Source: probot/smee.io, lib/server.js: the headers in lower case beside `body` (parsed), `query` and `timestamp`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from hookcli.formats.form import Found
from hookcli.formats.told import body_of, framed, header_of, header_pairs, moment_of

if TYPE_CHECKING:
    from hookcli.formats.form import File

_NO_HEADERS = frozenset({"body", "query", "timestamp"})


def recognise(file: File) -> bool:
    """Whether it is an event, or some of them."""
    return bool(file.items) and all(
        isinstance(item, dict)
        and {"body", "query", "timestamp"} <= item.keys()
        and isinstance(item["query"], dict)
        and any(name in item for name in ("content-type", "host", "user-agent"))
        for item in file.items
    )


def read(file: File) -> list[Found]:
    """The deliveries, with the path that the channel has not."""
    return [_found(item) for item in file.items]


def _found(item: dict[str, Any]) -> Found:
    headers = {name: value for name, value in item.items() if name not in _NO_HEADERS}
    query = urlencode(item["query"], doseq=True)
    body = body_of(item["body"], header_of(headers, "content-type"))
    message = framed("POST", f"/?{query}" if query else "/", header_pairs(headers), body)
    return Found(message=message, received_at=moment_of(item["timestamp"]))
