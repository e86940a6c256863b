"""What tests of the interface share: it is driven by keys and mouse on a real store, and read off the screen."""

from __future__ import annotations

import asyncio
import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
import threading
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

from hookcli.delivery import Headers, Message
from hookcli.tui.app import Inspect
from hookcli.tui.session import Session
from support import SAFETY, a_delivery, environment, fill

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
    from pathlib import Path
    from typing import Any

    from textual.pilot import Pilot

    from hookcli.delivery import Delivery


class Screen(NamedTuple):
    """A running interface."""

    app: Inspect
    pilot: Pilot[None]

    async def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        await self.pilot.press(*keys)

    async def type(self, text: str) -> None:
        """Type a text."""
        names = {" ": "space", ":": "colon", "/": "slash", "-": "minus", ".": "full_stop", "_": "underscore"}
        await self.pilot.press(*(names.get(one, one) for one in text))

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait until something is so."""
        async with asyncio.timeout(SAFETY):
            while not holds():
                await self.pilot.pause(0.01)

    async def shows(self, *words: str) -> None:
        """Wait until all of this is on the screen."""
        try:
            await self.until(lambda: all(word in self.text for word in words))
        except TimeoutError:
            missing = [word for word in words if word not in self.text]
            message = f"{missing} not on the screen:\n{self.text}"
            raise AssertionError(message) from None

    async def hides(self, *words: str) -> None:
        """Wait until none of this is on the screen."""
        await self.until(lambda: not any(word in self.text for word in words))

    @property
    def lines(self) -> list[str]:
        """The lines of the screen."""
        return [strip.text for strip in self.app.screen._compositor.render_strips()]  # noqa: SLF001 (what is drawn)

    @property
    def text(self) -> str:
        """All of the screen."""
        return "\n".join(self.lines)

    @property
    def selected(self) -> str | None:
        """The id of the selected delivery."""
        row = self.app.listing.window.selected
        return row.delivery.id if row else None

    @property
    def listed(self) -> list[str]:
        """The ids that are at hand, in order."""
        return [row.delivery.id for row in self.app.listing.window.rows]


@asynccontextmanager
async def inspecting(
    store: Path, *, size: tuple[int, int] = (120, 40), session: Session | None = None
) -> AsyncIterator[Screen]:
    """The interface on a store, once it shows what there is."""
    app = Inspect(session or Session(store=store))
    async with app.run_test(size=size, notifications=True) as pilot:
        screen = Screen(app, pilot)
        await screen.until(lambda: not app.listing.busy)
        await pilot.pause()
        yield screen


def run(script: Coroutine[Any, Any, None]) -> None:
    """Run what is done on a screen."""
    asyncio.run(script)


def some_deliveries(store: Path, count: int, **of: Any) -> list[Delivery]:
    """Deliveries of GitHub, the oldest first, each with a number in its summary."""
    given = {"provider": "github", "event": "push", "state": "valid", **of}
    return fill(store, *(a_delivery(summary=f"number {number}.", **given) for number in range(1, count + 1)))


def with_body(body: bytes, content_type: str = "application/json", **headers: str) -> Message:
    """A message with a body."""
    pairs = [("Host", "localhost"), ("Content-Type", content_type)]
    more = [(name.replace("_", "-").title(), value) for name, value in headers.items()]
    return Message(method="POST", target="/hook", headers=Headers([*pairs, *more]), body=body)


@contextmanager
def on_its_own_terminal(
    command: str, store: Path, *options: str, **env: str
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A command that fills the screen on a terminal, and our end of that."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 110, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "hookcli", command, "--store", str(store), *options],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment(TERM="xterm-256color", XDG_STATE_HOME=str(store.parent), **env),
    )
    os.close(theirs)
    net = threading.Timer(SAFETY, process.kill)
    net.start()
    try:
        yield process, ours
    finally:
        net.cancel()
        process.kill()
        process.wait()
        os.close(ours)


def read_until(ours: int, *words: bytes) -> bytes:
    """What the terminal gets until these words are among it, in whatever order."""
    shown = b""
    while not all(word in shown for word in words):
        shown += os.read(ours, 65536)
    return shown


def rest(ours: int) -> bytes:
    """What the terminal gets until the program has ended."""
    shown = b""
    with suppress(OSError):
        while part := os.read(ours, 65536):
            shown += part
    return shown
