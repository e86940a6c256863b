"""Sending deliveries again: from where they lie, as they were or signed anew, at a given pace."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from itertools import chain, repeat
from typing import TYPE_CHECKING

from hookcli.identify import identify, identity_of
from hookcli.providers.registry import providers
from hookcli.reading import Reading
from hookcli.signing.sign import Occasion, new_id, signed
from hookcli.wire import attempt

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from hookcli.delivery import Attempt, Message
    from hookcli.providers.spec import Provider
    from hookcli.wire import Destination, Manner


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message to send: what it is called, and the delivery in the store that it comes from, if any."""

    label: str
    message: Message
    delivery_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often, how many a second (None: as fast as answers come) and at a time, and whether a failure ends it."""

    repeat: int = 1
    rate: float | None = None
    concurrency: int = 1
    keep_going: bool = False


def good(made: Attempt) -> bool:
    """Whether the answer was of the 2xx class."""
    return made.status is not None and 200 <= made.status < 300  # noqa: PLR2004


def signed_anew(
    message: Message, secret: str, *, timestamp: float, taken_as: Provider | None = None, scheme: str | None = None
) -> Message:
    """The message with the signatures that its provider makes under this secret, at a moment in seconds since 1970.

    `taken_as` is its provider where the person says so. Raises WrongInput as `signed` does.
    """
    reading = Reading(message)
    identity = identity_of(reading, taken_as) if taken_as else identify(reading)
    known = taken_as or providers()[identity.provider]
    delivery_id = identity.delivery_id or new_id(known)
    occasion = Occasion(timestamp=timestamp)
    return signed(message, known.signatures, secret, occasion=occasion, delivery_id=delivery_id, scheme=scheme)


async def replay(
    parcels: Sequence[Parcel], to: Destination, pace: Pace, manner: Manner
) -> AsyncIterator[tuple[Parcel, Attempt]]:
    """Send every parcel, as often as the pace says, and yield each outcome as it comes.

    Unless it keeps going, the first failure is the last one begun; what is under way then is still told of.
    """
    waiting = iter(enumerate(chain.from_iterable(repeat(parcels, pace.repeat))))
    outcomes: asyncio.Queue[tuple[Parcel, Attempt] | None] = asyncio.Queue()
    stopped = False
    began = time.monotonic()

    async def work() -> None:
        nonlocal stopped
        try:
            for number, parcel in waiting:
                if pace.rate:
                    await asyncio.sleep(max(0.0, began + number / pace.rate - time.monotonic()))
                if stopped:
                    return
                made = await attempt("replay", parcel.message, to, manner)
                stopped = stopped or not (good(made) or pace.keep_going)
                await outcomes.put((parcel, made))
        finally:
            await outcomes.put(None)

    workers = [asyncio.create_task(work()) for _ in range(pace.concurrency)]
    try:
        working = len(workers)
        while working:
            outcome = await outcomes.get()
            if outcome is None:
                working -= 1
            else:
                yield outcome
        # A mistake of ours in a worker must not pass for "sent all".
        await asyncio.gather(*workers)
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
