"""`.http`: a plain HTTP message. Request line, headers, an empty line, and then the raw body to the end of the file.

Head lines end in CRLF or LF; what is written has CRLF, as on the wire. The body is all that follows the first empty
line, with one exception: where Content-Length says that just a last line end is too much, an editor has added it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hookcli.delivery import Headers, Message, to_text
from hookcli.errors import WrongInput
from hookcli.wire import request_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

_REQUEST_LINE = re.compile(rb"(?P<method>[!#$%&'*+.^_`|~0-9A-Za-z-]+) (?P<target>\S+) HTTP/(?P<version>\d(?:\.\d)?)")
_HEADER = re.compile(rb"(?P<name>[!#$%&'*+.^_`|~0-9A-Za-z-]+):(?P<value>[^\r\0]*)")


def write(message: Message) -> bytes:
    """The message as a file."""
    return request_bytes(message)


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
        body=_body(data[rest:], headers.get("content-length")),
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
