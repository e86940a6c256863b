"""aiohttp's server, set so that a delivery comes in byte for byte, and that nothing refused goes unsaid."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

from aiohttp import hdrs, web
from aiohttp.web_protocol import RequestHandler

from hookcli.delivery import Headers, Message, to_text

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

LINE_LIMIT = 64 * 1024
"""Bytes of request line, or of one header, that are taken: aiohttp's 8 KiB is less than some senders' tokens."""

HEADERS_LIMIT = 256

_START = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([^\0-\x20\x7f]+) (?=HTTP/1\.[01]\r\n)")
_KNOWN_METHODS = frozenset(method.encode() for method in hdrs.METH_ALL)

_QUIET = logging.getLogger("hookcli.listen")
_QUIET.addHandler(logging.NullHandler())
_QUIET.propagate = False


class Server(web.Server):
    """aiohttp's low-level server: one handler for every method and path, no routing, no access log, no unpacking."""

    def __init__(
        self,
        handler: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]],
        refused: Callable[[str, str], None],
    ) -> None:
        super().__init__(
            handler,
            auto_decompress=False,
            access_log=None,
            logger=_QUIET,
            max_line_size=LINE_LIMIT,
            max_field_size=LINE_LIMIT,
            max_headers=HEADERS_LIMIT,
        )
        self.refused = refused
        """Called with the remote address and what it did when something comes in that is no HTTP request."""

    def __call__(self) -> RequestHandler:
        """A protocol for one connection."""
        return _Protocol(self, loop=self._loop, **self._kwargs)


class _Protocol(RequestHandler):
    """One connection. Its first request may have any method, and any byte in its target.

    aiohttp's parser takes registered methods and ASCII targets alone. A start line beyond that is kept here, and the
    parser gets a plain one in its place. Only at the start of a connection is it certain that a start line stands
    there; later on a kept one, what the parser does not take is refused, and said.
    """

    kept_start: tuple[str, str] | None = None
    _begun = False

    def data_received(self, data: bytes) -> None:
        """Take bytes off the connection."""
        if not self._begun:
            self._begun = True
            data = self._plain(data)
        super().data_received(data)

    def _plain(self, data: bytes) -> bytes:
        found = _START.match(data)
        if found is None or (found[1] in _KNOWN_METHODS and found[2].isascii()):
            return data
        self.kept_start = to_text(found[1]), to_text(found[2])
        method = found[1] if found[1] in _KNOWN_METHODS else b"POST"
        return method + b" / " + data[found.end() :]

    def connection_lost(self, exc: BaseException | None) -> None:
        """Let go of a connection that is gone."""
        if self._begun and not self._request_count and not self._close and isinstance(self._manager, Server):
            remote = self.peername[0] if isinstance(self.peername, tuple) else self.peername
            self._manager.refused(remote or "", "hung up within the head of its request, not stored")
        super().connection_lost(exc)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        if status == web.HTTPBadRequest.status_code and isinstance(self._manager, Server):
            reason = (message or str(exc) or "not HTTP").strip().splitlines()[0].rstrip(":")
            what = f"sent what is no HTTP request, answered 400 ({reason})"
            self._manager.refused(request.remote or "", what)
        return super().handle_error(request, status, exc, message)


class TooLarge(Exception):
    """The body is larger than what is taken; `size` is the bytes seen, or announced, by then."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size


def take_start(request: web.BaseRequest) -> tuple[str, str]:
    """Method and target as they were sent; to be asked for once a request."""
    kept = None
    if isinstance(request.protocol, _Protocol):
        kept, request.protocol.kept_start = request.protocol.kept_start, None
    return kept or (request.method, request.raw_path)


class BrokenOff(Exception):
    """The message ended before its end: the sender hung up, or framed it wrongly; the text says which."""


async def capture(request: web.BaseRequest, method: str, target: str, limit: int) -> Message:
    """The whole message as it came, with the start that `take_start` gave, but for the transfer coding.

    Raises TooLarge past `limit` bytes of body, BrokenOff where the rest of it does not come.
    """
    announced = request.content_length
    if announced is not None and announced > limit:
        raise TooLarge(announced)
    if request.headers.get("Expect", "").lower() == "100-continue" and request.transport is not None:
        request.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    chunks = []
    size = 0
    try:
        while size <= limit and (chunk := await request.content.readany()):
            size += len(chunk)
            chunks.append(chunk)
    except Exception as error:  # aiohttp hands on whatever ended the connection
        raise BrokenOff(str(error) or "the sender hung up") from error
    if size > limit:
        raise TooLarge(size)
    return Message(
        method=method,
        target=target,
        http_version=f"{request.version.major}.{request.version.minor}",
        headers=Headers(request.raw_headers),
        body=b"".join(chunks),
    )
