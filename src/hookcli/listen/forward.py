"""Passing deliveries on to the program under development, after they were answered, with the outcome on record."""

from __future__ import annotations

import asyncio
import sqlite3
from typing import TYPE_CHECKING

from hookcli.store.writer import AttemptOf
from hookcli.wire import attempt

if TYPE_CHECKING:
    from collections.abc import Callable

    from hookcli.delivery import Attempt, Delivery
    from hookcli.store.writer import Writer
    from hookcli.wire import Destination, Manner

AT_ONCE = 16
"""Deliveries that are under way to the target at the same time; the others wait their turn."""


class Forwarder:
    """Passes deliveries on in the background of an event loop."""

    def __init__(
        self,
        to: Destination,
        writer: Writer,
        told: Callable[[Delivery, Attempt], None],
        notice: Callable[[str], None],
        manner: Manner,
    ) -> None:
        self._to = to
        self._writer = writer
        self._told = told
        self._notice = notice
        self._manner = manner
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()

    def forward(self, delivery: Delivery) -> None:
        """Pass this one on; returns at once."""
        task = asyncio.create_task(self._forward(delivery))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def drain(self) -> None:
        """Wait until all are passed on or have failed; each has its time-out."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def _forward(self, delivery: Delivery) -> None:
        async with self._turns:
            made = await attempt("forward", delivery, self._to, self._manner)
        try:
            await self._writer.write(AttemptOf(delivery.id, made))
        except sqlite3.Error as error:
            self._notice(f"the outcome of forwarding {delivery.id} could not be stored ({error})")
        self._told(delivery, made)
