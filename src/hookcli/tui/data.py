"""What the interface reads and writes, each by the place of a row (`seq`): no OFFSET, and never all rows.

A `Reader` has a connection and a thread of its own, so that no read holds up a key press.
"""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Concatenate, NamedTuple, ParamSpec, TypeVar

from hookcli.store import query, words
from hookcli.store.database import connect
from hookcli.store.filters import Filter
from hookcli.store.rows import META, attempt_from, insert_attempt, stored_from

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import AsyncIterator, Callable, Sequence
    from pathlib import Path

    from hookcli.delivery import Attempt
    from hookcli.store.rows import Stored

P = ParamSpec("P")
T = TypeVar("T")

PAGE = 200
"""Rows that are read at once."""

SPAN = 4_000
"""Numbers that a filter looks through first, before it is known how fast that goes."""

SPAN_SECONDS = 0.05
"""How long looking through one span should take: then it can be left off as fast."""

LATEST_ATTEMPTS = 50
"""Attempts of one delivery that are shown."""


class Bounds(NamedTuple):
    """The first and the last place in the store that is taken; 0 and 0 where it is empty."""

    oldest: int
    newest: int


class Whole(NamedTuple):
    """A delivery with its bytes and where it was sent; `attempts` are the latest of `sent` in all, the newest first."""

    stored: Stored
    attempts: list[Attempt]
    sent: int


class Reader:
    """A connection to the store on a thread of its own. Raises Environment where it can't be opened."""

    def __init__(self, path: Path) -> None:
        self._closed = False
        self._connection = connect(path)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="hookcli-reader")

    async def __call__(
        self, read: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """What `read` makes of the connection; whoever asks after the end is broken off."""
        if self._closed:
            raise asyncio.CancelledError
        return await asyncio.wrap_future(self._thread.submit(read, self._connection, *args, **kwargs))

    def close(self) -> None:
        """Wait for what is being read, and close."""
        self._closed = True
        self._thread.shutdown(cancel_futures=True)
        self._connection.close()


def version(connection: sqlite3.Connection) -> int:
    """A number that changes when another connection, of this process or another, has written to the store."""
    return int(connection.execute("PRAGMA data_version").fetchone()[0])


def bounds(connection: sqlite3.Connection) -> Bounds:
    """Where the store begins and ends."""
    # Two look-ups at the ends of the tree; min and max in one statement would walk through all of it.
    row = connection.execute("SELECT (SELECT min(seq) FROM deliveries), (SELECT max(seq) FROM deliveries)").fetchone()
    return Bounds(row[0] or 0, row[1] or 0)


def count(connection: sqlite3.Connection) -> int:
    """How many deliveries the store has."""
    return int(connection.execute("SELECT count(*) FROM deliveries").fetchone()[0])


def between(  # noqa: PLR0913 (a page of a table)
    connection: sqlite3.Connection, wanted: Filter, low: int, high: int, limit: int, *, newest_first: bool = True
) -> list[Stored]:
    """The deliveries at `low` to `high`, both included, that the filter keeps, the newest or the oldest first."""
    where, values = wanted.where(low, high)
    order = "DESC" if newest_first else "ASC"
    sql = f"SELECT {META}{query.FROM}{where} ORDER BY deliveries.seq {order} LIMIT ?"
    return [stored_from(row) for row in connection.execute(sql, [*values, limit])]


def present(connection: sqlite3.Connection, low: int, high: int) -> dict[int, str]:
    """The id at each place that is taken, both ends included."""
    return dict(connection.execute("SELECT seq, id FROM deliveries WHERE seq BETWEEN ? AND ?", [low, high]).fetchall())


def whole(connection: sqlite3.Connection, delivery_id: str) -> Whole | None:
    """All of one delivery; None where it has been deleted."""
    stored = query.with_id(connection, delivery_id)
    if stored is None:
        return None
    latest = connection.execute(
        "SELECT kind, url, started_at, elapsed, attempts.status, error, headers, body FROM attempts"
        " JOIN deliveries USING (seq) WHERE id = ? ORDER BY number DESC LIMIT ?",
        [delivery_id, LATEST_ATTEMPTS],
    ).fetchall()
    return Whole(stored, [attempt_from(one) for one in latest], sent(connection, delivery_id))


def sent(connection: sqlite3.Connection, delivery_id: str) -> int:
    """How often a delivery was sent on."""
    sql = "SELECT count(*) FROM attempts JOIN deliveries USING (seq) WHERE id = ?"
    return int(connection.execute(sql, [delivery_id]).fetchone()[0])


def keep_attempt(connection: sqlite3.Connection, delivery_id: str, attempt: Attempt) -> None:
    """Write where a delivery was sent."""
    insert_attempt(connection, delivery_id, attempt)


class Found(NamedTuple):
    """Deliveries in the direction that was looked in; `ended` where there are no more; `at` how far it has looked."""

    rows: Sequence[Stored]
    ended: bool
    at: int


async def search(reader: Reader, wanted: Filter, start: int, limit: int, *, older: bool = True) -> AsyncIterator[Found]:
    """Rows before (or, with `older` false, behind) a place, as they are found: in steps that can be broken off.

    A filter that keeps little looks through much of the store for a page; each step takes about SPAN_SECONDS.
    """
    while wanted.searches and (await reader(words.index_some)) > 0:
        # What the words of a filter are looked for in: once for each delivery, batch by batch.
        yield Found([], ended=False, at=start)
    ends = await reader(bounds)
    at, left, span = start, limit, SPAN if wanted != Filter() else ends.newest - ends.oldest + 1
    at = min(at, ends.newest + 1) if older else max(at, ends.oldest)
    while left > 0:
        low, high = (max(ends.oldest, at - span), at) if older else (at, min(ends.newest + 1, at + span))
        began = time.perf_counter()
        rows = await reader(between, wanted, low, high - 1, left, newest_first=older) if low < high else []
        took = time.perf_counter() - began
        left -= len(rows)
        at = low if older else high
        ended = left > 0 and (at <= ends.oldest if older else at > ends.newest)
        yield Found(rows, ended, at)
        if ended:
            return
        span = max(SPAN // 4, min(int(span * SPAN_SECONDS / max(took, 0.001)), span * 4))
