"""One browser tab and the program behind it, for as long as both are there."""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from aiohttp import WSMsgType, web
from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

if TYPE_CHECKING:
    from asyncio.subprocess import Process

PATIENCE = 3.0
"""Seconds in which a program has to end that is asked to; then it is ended."""

LARGEST = 1000
"""Columns and lines that a window has at the most."""

# -P: what lies in the folder that one is in is no part of the program.
_COMMAND = (sys.executable, "-P", "-m", "hookcli.tui.web.child")


class Screen(AppService):
    """textual-serve's program, started without a shell and told on standard input what to show."""

    def __init__(self, order: bytes, socket: web.WebSocketResponse, *, light: bool) -> None:
        super().__init__(
            " ".join(_COMMAND),
            write_bytes=socket.send_bytes,
            write_str=socket.send_str,
            close=self._close,
            download_manager=DownloadManager(),
        )
        self._order = order
        self._socket = socket
        self._light = light

    async def _close(self) -> None:
        await self._socket.close()

    def _build_environment(self, width: int = 80, height: int = 24) -> dict[str, str]:
        return {
            **super()._build_environment(width, height),
            "TEXTUAL_DRIVER": "hookcli.tui.web.child:Driver",
            "COLORFGBG": "0;15" if self._light else "15;0",
        }

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        self._process = process = await asyncio.create_subprocess_exec(
            *_COMMAND,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=self._build_environment(width, height),
            # Ctrl-C is for the server, which ends what it has started.
            start_new_session=True,
        )
        assert process.stdin is not None  # noqa: S101 (it is a pipe)
        self._stdin = process.stdin
        process.stdin.write(self._order)
        return process

    async def on_data(self, payload: bytes) -> None:
        """Show something; once nobody looks any more, what still comes is taken so that the program can end."""
        with suppress(ConnectionError):
            await super().on_data(payload)

    async def stop(self) -> None:
        """Let the program end, or end it."""
        process, task = self._process, self._task
        if process is None or task is None:
            return
        self._task = None
        await self.send_meta({"type": "quit"})
        self.stdin.close()
        await asyncio.wait({task}, timeout=PATIENCE)
        if not task.done():
            with suppress(ProcessLookupError):
                process.kill()
        await task
        await process.wait()

    async def follow(self) -> None:
        """Pass on what the browser sends until it leaves."""
        async for message in self._socket:
            if message.type is not WSMsgType.TEXT:
                continue
            try:
                said = message.json()
            except ValueError:
                return  # not our page
            match said:
                case ["stdin", str(text)]:
                    await self.send_bytes(text.encode("utf-8", "replace"))
                case ["resize", {"width": int(width), "height": int(height)}]:
                    await self.set_terminal_size(bounded(width), bounded(height))
                case ["ping", str(word)]:
                    await self._socket.send_json(["pong", word])


def bounded(cells: int) -> int:
    """Columns or lines that a window can have."""
    return min(max(cells, 1), LARGEST)
