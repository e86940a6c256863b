"""A listener from its first delivery to its last: started, watched for the signs to stop, and drained."""

from __future__ import annotations

import asyncio
import signal
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING, Protocol

from hookcli.listen.confirm import Confirmer
from hookcli.listen.forward import Forwarder
from hookcli.listen.listener import Hooks, Listener, Plan
from hookcli.providers.confirmation import doubt
from hookcli.store.writer import Writer

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from hookcli.delivery import Attempt, Delivery
    from hookcli.store.rows import Stored
    from hookcli.wire import Destination, Manner


class View(Protocol):
    """What shows a listener's work."""

    def arrived(self, stored: Stored) -> None:
        """A delivery was stored and answered."""

    def forwarded(self, delivery: Delivery, attempt: Attempt) -> None:
        """A delivery was passed on, or could not be."""

    def notice(self, text: str) -> None:
        """Something came that was not taken, or did not work."""


async def run(  # noqa: PLR0913 (what a listener is made of)
    plan: Plan,
    sockets: Sequence[socket.socket],
    store: Path,
    view: View,
    *,
    forward: tuple[Destination, Manner] | None = None,
    confirm: Manner | None = None,
    doubt: Callable[[str, str], str | None] = doubt,
    seconds: float | None = None,
    signals: bool = True,
    passed_over: Callable[[Stored], None] = lambda _: None,
    ready: Callable[[], None] = lambda: None,
    ending: Callable[[Callable[[], object]], None] = lambda _: None,
) -> int:
    """Take deliveries until the count is reached, the seconds are up or a signal comes; says how many came.

    `forward` says where deliveries are passed on to, and how; `confirm` how subscriptions are confirmed, where they
    are, and `doubt` at which URLs they are not. `passed_over` is told of those that the plan's filter does not keep:
    they are not shown, passed on or counted. `ready` is called when deliveries are taken; `ending` is handed the call
    that ends the listener from any thread. Without `signals` that is the one way; outside of the main thread it has to
    be.
    """
    loop = asyncio.get_running_loop()
    writer = Writer(store, loop)
    forwarder = Forwarder(forward[0], writer, view.forwarded, view.notice, forward[1]) if forward else None
    confirmer = Confirmer(plan.guard, writer, view.forwarded, view.notice, confirm, doubt) if confirm else None

    def arrived(stored: Stored) -> None:
        view.arrived(stored)
        if forwarder:
            forwarder.forward(stored.delivery)
        if confirmer:
            confirmer.confirm(stored.delivery)

    def passed(stored: Stored) -> None:
        passed_over(stored)
        if confirmer:
            confirmer.confirm(stored.delivery)

    listener = Listener(plan, writer, Hooks(arrived=arrived, notice=view.notice, passed_over=passed))
    ending(lambda: loop.call_soon_threadsafe(listener.complete.set))
    try:
        await listener.start(sockets)
        with on_signals(loop, listener.complete.set) if signals else nullcontext():
            ready()
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await listener.complete.wait()
            await listener.stop()
            for sender in (forwarder, confirmer):
                if sender:
                    await sender.drain()
    finally:
        await writer.close()
    return listener.received


class on_signals:  # noqa: N801 (a context manager that reads like a function)
    """The first Ctrl-C or SIGTERM calls `stop`; the second one ends the program at once."""

    def __init__(self, loop: asyncio.AbstractEventLoop, stop: Callable[[], None]) -> None:
        self._loop = loop
        self._stop = stop
        self._before: dict[int, object] = {}

    def __enter__(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            self._before[number] = signal.signal(number, self._first)

    def _first(self, _number: int, _frame: object) -> None:
        self.__exit__()
        self._loop.call_soon_threadsafe(self._stop)

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]
