"""Captured requests of ngrok's agent: `/api/requests/http`, one of them or the list.

Source: ngrok's Agent API, "Captured Request Detail" and "List Captured Requests".
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from hookcli.formats import http_file
from hookcli.formats.form import Found
from hookcli.formats.record import status_of
from hookcli.formats.told import framed, header_pairs, moment_of, target_of

if TYPE_CHECKING:
    from hookcli.formats.form import File


def recognise(file: File) -> bool:
    """Whether it is a captured request, or a list of them."""
    items = _items(file)
    return bool(items) and all(
        isinstance(item, dict)
        and "tunnel_name" in item
        and isinstance(item.get("request"), dict)
        and "raw" in item["request"]
        for item in items
    )


def read(file: File) -> list[Found]:
    """The requests, from their raw bytes; the agent lists the newest first, they come the oldest first."""
    return [_found(item, file.name) for item in reversed(_items(file))]


def _items(file: File) -> list[Any]:
    items = file.items
    inside = items[0].get("requests") if len(items) == 1 and isinstance(items[0], dict) else None
    return inside if isinstance(inside, list) else items


def _found(item: dict[str, Any], name: str) -> Found:
    request = item["request"]
    raw = base64.b64decode(request["raw"], validate=True)
    if http_file.looks_like(raw):
        message = http_file.read(raw, name)
    else:
        message = framed(request["method"], target_of(request["uri"]), header_pairs(request["headers"]), raw)
    return Found(
        message=message,
        received_at=moment_of(item.get("start")),
        remote=str(item.get("remote_addr", "")),
        status=status_of((item.get("response") or {}).get("status_code")),
    )
