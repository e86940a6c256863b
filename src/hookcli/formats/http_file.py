"""`.http`: a plain HTTP message. Request line, headers, an empty line, and then the raw body to the end of the file.

Head lines end in CRLF or LF; what is written has CRLF, as on the wire. The body is all that follows the first empty
line, with two exceptions: where Content-Length says that just a last line end is too much, an editor has added it; and
where the head speaks of chunks and the body is in chunks, it is what they hold. A body that came in chunks is written
as one of them, so that the file is the message that its head announces (RFC 9112, section 7.1).
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from hookcli.delivery import Headers, Message, to_text
from hookcli.errors import WrongInput
from hookcli.wire import request_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

_REQUEST_LINE = re.compile(rb"(?P<method>[!#$%&'*+.^_`|~0-9A-Za-z-]+) (?P<target>\S+) HTTP/(?P<version>\d(?:\.\d)?)")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})(?:[ \t]*;[^\r\n]*)?\r\n")
_TRAILER = re.compile(rb"(?:[^\r\n]+\r\n)*\r\n\s*")
_HEADER = re.compile(rb"(?P<name>[!#$%&'*+.^_`|~0-9A-Za-z-]+):(?P<value>[^\r\0]*)")


def write(message: Message) -> bytes:
    """The message as a file."""
    return request_bytes(replace(message, body=_chunk(message.body)) if _is_chunked(message.headers) else message)


def _is_chunked(headers: Headers) -> bool:
    codings = ",".join(headers.get_all("transfer-encoding")).lower().split(",")
    return codings[-1].strip() == "chunked"


def _chunk(body: bytes) -> bytes:
    return (b"%x\r\n%s\r\n" % (len(body), body) if body else b"") + b"0\r\n\r\n"


def looks_like(data: bytes) -> bool:
    """Whether the data begins with a request line."""
    return _REQUEST_LINE.fullmatch(data.partition(b"\n")[0].rstrip(b"\r")) is not None


def read(data: bytes, name: str = "the file") -> Message:
    """The message in a file. Raises WrongInput, with the line, where it is none; `name` is for that message."""
    lines = _head_lines(data)
    first, rest = next(lines, (b"", 0))
    start = _REQUEST_LINE.fullmatch(first)
    if start is None:
        what = f"{name} does not begin with an HTTP request line."
        raise WrongInput(what, "It should look like: POST /webhook HTTP/1.1")
    pairs: list[tuple[bytes, bytes]] = []
    for number, (line, end) in enumerate(lines, 2):
        rest = end
        if not line:
            break
        header = _HEADER.fullmatch(line)
        if header is None:
            what = f"{name}, line {number}: this is no header: {to_text(line[:60])!r}"
            raise WrongInput(what, "Headers are `Name: value`; an empty line stands before the body.")
        pairs.append((header["name"], header["value"].strip(b" \t")))
    headers = Headers(pairs)
    return Message(
        method=to_text(start["method"]),
        target=to_text(start["target"]),
        http_version=to_text(start["version"]),
        headers=headers,
        body=_unchunked(data[rest:]) if _is_chunked(headers) else _body(data[rest:], headers.get("content-length")),
    )


def _head_lines(data: bytes) -> Iterator[tuple[bytes, int]]:
    """Each line of the head without its end, and where the next one begins."""
    position = 0
    while position < len(data):
        end = data.find(b"\n", position)
        following = len(data) if end == -1 else end + 1
        yield data[position:following].removesuffix(b"\n").removesuffix(b"\r"), following
        position = following


def _body(data: bytes, length: str | None) -> bytes:
    for end in (b"\r\n", b"\n"):
        if length == str(len(data) - len(end)) and data.endswith(end):
            return data.removesuffix(end)
    return data


def _unchunked(data: bytes) -> bytes:
    """What the chunks hold; the data themselves where they are in none."""
    parts: list[bytes] = []
    at = 0
    while match := _CHUNK.match(data, at):
        size = int(match[1], 16)
        part = data[match.end() : match.end() + size]
        if size == 0:
            return b"".join(parts) if _TRAILER.fullmatch(data, match.end()) else data
        parts.append(part)
        at = match.end() + size
        if len(part) < size or data[at : at + 2] != b"\r\n":
            return data
        at += 2
    return data
