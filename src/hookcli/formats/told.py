"""A message again, out of what another program tells of it."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from hookcli.delivery import Headers, Message, to_wire
from hookcli.formats.record import is_header, is_target, is_token

if TYPE_CHECKING:
    from collections.abc import Iterable


def framed(method: str, target: str, pairs: Iterable[tuple[str, str]], body: bytes) -> Message:
    """A message from another program's account of it: what can't stand in one is left out, its length is told anew.

    Left out are HTTP/2's pseudo-headers and how the body was transferred. Raises ValueError where the method or the
    target can't stand in a request line.
    """
    if not is_token(method) or not is_target(target):
        what = f"{method!r} {target!r} is no request line"
        raise ValueError(what)
    headers = Headers((to_wire(name), to_wire(value)) for name, value in pairs if is_header(name, value))
    headers = headers.without(["transfer-encoding"])
    if body or "content-length" in headers:
        name = next((name for name, _ in headers if name.lower() == "content-length"), "Content-Length")
        headers = headers.with_header(name, str(len(body)))
    return Message(method=method, target=target, headers=headers, body=body)


def body_of(value: Any, content_type: str) -> bytes:  # noqa: ANN401 (JSON)
    """The body of which another program kept what it parsed: a form's fields again as a form, else compact JSON.

    These are the sender's own bytes where it writes JSON as compactly; a signature tells.
    """
    if value is None:
        return b""
    if isinstance(value, str):
        return to_wire(value)
    if content_type.lower().startswith("application/x-www-form-urlencoded") and isinstance(value, dict):
        fields = {
            name: one if isinstance(one, str | list) else json.dumps(one, separators=(",", ":"), ensure_ascii=False)
            for name, one in value.items()
        }
        return urlencode(fields, doseq=True).encode()
    return to_wire(json.dumps(value, separators=(",", ":"), ensure_ascii=False))


def header_pairs(headers: dict[str, Any]) -> list[tuple[str, str]]:
    """The headers of which another program kept values, or lists of values, by name."""
    return [
        (name, one if isinstance(one, str) else json.dumps(one))
        for name, many in headers.items()
        for one in (many if isinstance(many, list) else [many])
        if one is not None
    ]


def header_of(headers: dict[str, Any], name: str) -> str:
    """The first value of a header; empty where there is none."""
    return next((value for key, value in header_pairs(headers) if key.lower() == name), "")


def target_of(url: object) -> str:
    """The path and query of a URL; `/` where there is none."""
    path = re.sub(r"^[^:/?#]+://[^/?#]*", "", url).partition("#")[0] if isinstance(url, str) else ""
    return path if path.startswith("/") else f"/{path}"


def moment_of(value: object) -> datetime | None:
    """A moment as other programs tell it: RFC 3339, UTC where it names no zone, or milliseconds since 1970."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / 1000, UTC)
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except (ValueError, OverflowError, OSError):
        return None
    if moment is None:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
