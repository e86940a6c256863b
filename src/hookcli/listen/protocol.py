"""aiohttp's server, set so that a delivery comes in byte for byte, and that nothing refused goes unsaid."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from hookcli.delivery import Headers, Message

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

LINE_LIMIT = 64 * 1024
"""Bytes of request line, or of one header, that are taken: aiohttp's 8 KiB is less than some senders' tokens."""

HEADERS_LIMIT = 256

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
        """Called with the remote address and the reason when something comes in that is no HTTP request."""

    def __call__(self) -> RequestHandler:
        """A protocol for one connection."""
        return _Protocol(self, loop=self._loop, **self._kwargs)


class _Protocol(RequestHandler):
    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        if status == web.HTTPBadRequest.status_code and isinstance(self._manager, Server):
            reason = (message or str(exc) or "not HTTP").strip().splitlines()[0].rstrip(":")
            self._manager.refused(request.remote or "", reason)
        return super().handle_error(request, status, exc, message)


class TooLarge(Exception):
    """The body is larger than what is taken; `size` is the bytes seen, or announced, by then."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size


def head_of(request: web.BaseRequest) -> dict[str, Any]:
    """The parts of the message that stand before its body."""
    version = request.version
    return {
        "method": request.method,
        "target": request.raw_path,
        "http_version": f"{version.major}.{version.minor}",
        "headers": Headers(request.raw_headers),
    }


class BrokenOff(Exception):
    """The message ended before its end: the sender hung up, or framed it wrongly; the text says which."""


async def capture(request: web.BaseRequest, limit: int) -> Message:
    """The whole message as it came, but for the transfer coding.

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
    return Message(**head_of(request), body=b"".join(chunks))
