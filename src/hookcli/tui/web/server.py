"""The server: textual-serve's, behind the gate, with a page of our own that loads nothing from elsewhere."""

from __future__ import annotations

import asyncio
import shlex
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp_jinja2
from aiohttp import web
from textual_serve.server import Server

from hookcli.tui.web.gate import Gate

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Sequence

MOST = 8
"""Tabs that may be open: each is a process."""

CLOSE_SECONDS = 1.0


class Page(Server):
    """Serves the interface: a process for each tab, by this command."""

    def __init__(self, command: Sequence[str], origin: str) -> None:
        super().__init__(
            # The shell that textual-serve starts it with gives way to it.
            f"exec {shlex.join(command)}",
            title="hookcli",
            public_url=origin,
            templates_path=Path(__file__).parent,
        )
        self._open = 0

    async def application(self) -> web.Application:
        """The pages and the WebSocket."""
        app = await self._make_app()
        app.router.add_get("/page.js", _script)
        return app

    async def on_startup(self, app: web.Application) -> None:
        """Say nothing: the link is told elsewhere."""

    @aiohttp_jinja2.template("page.html")
    async def handle_index(self, request: web.Request) -> dict[str, Any]:
        """The page."""
        path = str(request.app.router["websocket"].url_for())
        statics = str(request.app.router["static"].url_for(filename="")).rstrip("/")
        return {"websocket": f"{self.public_url.replace('http', 'ws', 1)}{path}", "static": statics}

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """A tab: a process of its own for as long as it is open."""
        if self._open >= MOST:
            raise web.HTTPTooManyRequests(text=f"{MOST} tabs are open already.\n")
        self._open += 1
        try:
            return await super().handle_websocket(request)
        finally:
            self._open -= 1


async def serve(command: Sequence[str], sockets: Sequence[socket.socket], ready: Callable[[str], None]) -> None:
    """Serve the interface on bound sockets until a signal comes; `ready` is told the link."""
    host, port = sockets[0].getsockname()[:2]
    gate = Gate(f"{host}:{port}")
    site = web.Application(middlewares=[gate.admit])
    site.on_response_prepare.append(gate.harden)
    # What is at / is answered by the gate itself.
    site.router.add_get("/", _nothing)
    site.add_subapp(f"{gate.path}/", await Page(command, gate.origin).application())
    runner = web.AppRunner(site, handle_signals=False, shutdown_timeout=CLOSE_SECONDS, access_log=None)
    await runner.setup()
    try:
        for bound in sockets:
            await web.SockSite(runner, bound).start()
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        ready(gate.link)
        await stop.wait()
    finally:
        await runner.cleanup()


async def _script(_request: web.Request) -> web.FileResponse:
    return web.FileResponse(Path(__file__).with_name("page.js"))


async def _nothing(_request: web.Request) -> web.Response:
    raise web.HTTPNotFound
