"""The interface, served to a browser on this machine: a page with a terminal in it, and a program behind each tab."""

from __future__ import annotations

import asyncio
import sys
from contextlib import redirect_stdout
from typing import TYPE_CHECKING

from aiohttp import WSCloseCode, web

from hookcli.listen.run import on_signals
from hookcli.tui.web.files import PAGE, served
from hookcli.tui.web.screen import Screen, bounded

if TYPE_CHECKING:
    import socket
    from collections.abc import Awaitable, Callable, Sequence

    from aiohttp.typedefs import Handler

    from hookcli.tui.web.gate import Gate

MOST_SCREENS = 8
"""Tabs at once: each is a program of its own."""

SECONDS_TO_END = 5.0

_SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    # xterm.js makes style sheets as it goes; everything else comes from a file that is served here.
    "style-src": "'self' 'unsafe-inline'",
    "font-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}

HEADERS = {
    "Content-Security-Policy": "; ".join(f"{kind} {source}" for kind, source in _SOURCES.items()),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Server": "hookcli",
}

_GO_ON = '<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0; url=/"><title>hookcli</title>'


class Site:
    """What is served behind a gate; `order` is what the program behind each tab is told."""

    def __init__(self, gate: Gate, order: bytes, *, told: Callable[[str], None]) -> None:
        self._gate = gate
        self._order = order
        self._told = told
        self._files = served()
        self._open: set[web.WebSocketResponse] = set()

    def application(self) -> web.Application:
        """The application for aiohttp."""
        made = web.Application(middlewares=[self._guarded])
        made.add_routes(
            [
                web.get("/", self._page, allow_head=False),
                web.get("/static/{name}", self._file, allow_head=False),
                web.get("/screen/{behind:light|dark}", self._screen, allow_head=False),
            ]
        )
        made.on_response_prepare.append(_with_headers)
        made.on_shutdown.append(self._end)
        return made

    @web.middleware
    async def _guarded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        gate, is_page = self._gate, request.path == "/"
        why = gate.stranger(request.method, request.headers, to_page=is_page)
        if why is None and not (is_page and "token" in request.query) and not gate.holds(request.cookies):
            why = "Open the link that hookcli printed, in this browser."
        if why:
            raise web.HTTPForbidden(text=why + "\n")
        return await handler(request)

    async def _page(self, request: web.Request) -> web.StreamResponse:
        token = request.query.get("token")
        return self._answer(PAGE) if token is None else self._entered(token, request)

    def _entered(self, token: str, request: web.Request) -> web.StreamResponse:
        why = self._gate.enter(token, request.headers)
        # Whoever has been let in may open the link again: a tab that is restored does.
        if why and not (self._gate.is_right(token) and self._gate.holds(request.cookies)):
            raise web.HTTPForbidden(text=why + "\n")
        answer = web.Response(status=303, headers={"Location": "/"})
        if request.headers.get("Sec-Fetch-Site") == "cross-site":
            # Followed from a page elsewhere, a redirect still counts as that page's doing, and brings no strict cookie.
            answer = web.Response(text=_GO_ON, content_type="text/html")
        if not why:
            answer.set_cookie(self._gate.cookie, self._gate.session, path="/", httponly=True, samesite="Strict")
        return answer

    async def _file(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        if name not in self._files:
            raise web.HTTPNotFound(text="There is no such file.\n")
        return self._answer(name)

    def _answer(self, name: str) -> web.Response:
        content, kind = self._files[name]
        return web.Response(body=content, content_type=kind, charset="utf-8" if kind.startswith("text/") else None)

    async def _screen(self, request: web.Request) -> web.StreamResponse:
        if "Origin" not in request.headers:
            raise web.HTTPForbidden(text="This is for the page alone.\n")
        if len(self._open) >= MOST_SCREENS:
            self._told(f"{MOST_SCREENS} tabs are open: close one of them.")
            raise web.HTTPServiceUnavailable(text="Too many tabs are open.\n")
        socket = web.WebSocketResponse(heartbeat=15)
        self._open.add(socket)
        try:
            await socket.prepare(request)
            await self._shown(request, socket)
        finally:
            self._open.discard(socket)
        return socket

    async def _shown(self, request: web.Request, socket: web.WebSocketResponse) -> None:
        screen = Screen(self._order, socket, light=request.match_info["behind"] == "light")
        await screen.start(_cells(request, "width", 80), _cells(request, "height", 24))
        try:
            await screen.follow()
        finally:
            await screen.stop()

    async def _end(self, _: web.Application) -> None:
        for socket in tuple(self._open):
            await socket.close(code=WSCloseCode.GOING_AWAY)


async def _with_headers(_: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(HEADERS)


def _cells(request: web.Request, name: str, default: int) -> int:
    try:
        return bounded(int(request.query[name]))
    except (KeyError, ValueError):
        return default


async def serve(site: Site, sockets: Sequence[socket.socket], ready: Callable[[], Awaitable[None]]) -> None:
    """Serve on bound sockets until a signal comes; the programs behind tabs have ended then."""
    ended = asyncio.Event()
    runner = web.AppRunner(site.application(), access_log=None, shutdown_timeout=SECONDS_TO_END)
    # textual-serve writes there what a program said when it failed.
    with redirect_stdout(sys.stderr), on_signals(asyncio.get_running_loop(), ended.set):
        await runner.setup()
        try:
            for one in sockets:
                await web.SockSite(runner, one).start()
            await ready()
            await ended.wait()
        finally:
            await runner.cleanup()
