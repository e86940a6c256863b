"""Passing deliveries on to the program under development, after they were answered, with the outcome on record."""

from __future__ import annotations

import asyncio
import sqlite3
from typing import TYPE_CHECKING

from hookcli.store.writer import AttemptOf
from hookcli.wire import attempt

if TYPE_CHECKING:
    from collections.abc import Callable

    from hookcli.delivery import Attempt, Delivery, Message
    from hookcli.store.writer import Writer
    from hookcli.wire import Destination, Manner

AT_ONCE = 16
"""Messages that are under way at the same time; the others wait their turn."""


class Sender:
    """Sends what deliveries give rise to, in the background of an event loop."""

    def __init__(
        self,
        writer: Writer,
        told: Callable[[Delivery, Attempt], None],
        notice: Callable[[str], None],
        manner: Manner,
    ) -> None:
        self.notice = notice
        self._writer = writer
        self._told = told
        self._manner = manner
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()

    def send(self, delivery: Delivery, message: Message, to: Destination) -> None:
        """Send a message for a delivery; returns at once."""
        task = asyncio.create_task(self._send(delivery, message, to))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def drain(self) -> None:
        """Wait until all are sent or have failed; each has its time-out."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def _send(self, delivery: Delivery, message: Message, to: Destination) -> None:
        async with self._turns:
            made = await attempt("forward", message, to, self._manner)
        try:
            await self._writer.write(AttemptOf(delivery.id, made))
        except sqlite3.Error as error:
            self.notice(f"the outcome of forwarding {delivery.id} could not be stored ({error})")
        self._told(delivery, made)


class Forwarder(Sender):
    """Passes deliveries on."""

    def __init__(
        self,
        to: Destination,
        writer: Writer,
        told: Callable[[Delivery, Attempt], None],
        notice: Callable[[str], None],
        manner: Manner,
    ) -> None:
        super().__init__(writer, told, notice, manner)
        self._to = to

    def forward(self, delivery: Delivery) -> None:
        """Pass this one on; returns at once."""
        self.send(delivery, delivery, self._to)
