"""Following a store: the last deliveries, and then whatever any process puts into it, each once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hookcli.store.query import newer_than, older_than

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from hookcli.store.filters import Filter
    from hookcli.store.rows import Stored

BATCH = 32
"""Deliveries that are read at once: bodies may be large."""


class _Row(NamedTuple):
    """A delivery's number and id; an empty store has none of the two."""

    seq: int = 0
    id: str = ""


class Follower:
    """Reads what comes into a store after it was made; `last` reads what was there before.

    Writers take turns, so that numbers are given out in the order in which deliveries can be seen: whatever has a
    greater number than all that was seen is new. But the numbers of the newest are given out again where these were
    deleted; then what is new is what has a later id than any that was seen, as ids sort by the time of their making.
    """

    def __init__(self, connection: sqlite3.Connection, wanted: Filter, *, contents: bool = False) -> None:
        self._connection = connection
        self._wanted = wanted
        self._contents = contents
        self._version: int | None = None
        self._seen = self._newest()
        self._latest = str(connection.execute("SELECT coalesce(max(id), '') FROM deliveries").fetchone()[0])
        self._start = self._seen.seq

    def last(self, at_once: int = BATCH) -> Iterator[Stored]:
        """What was there when this was made, the newest first; so many are read at once."""
        before = self._start + 1
        while batch := older_than(self._connection, self._wanted, before, at_once, contents=self._contents):
            yield from batch
            before = batch[-1].seq

    def new(self) -> Iterator[Stored]:
        """What has come since the last call, the oldest first; costs next to nothing where nothing has."""
        version = self._connection.execute("PRAGMA data_version").fetchone()[0]
        if version == self._version:
            return
        full = True
        while full:
            self._step_back()
            newest = self._newest()
            batch = newer_than(self._connection, self._wanted, self._seen.seq, BATCH, contents=self._contents)
            full = len(batch) == BATCH
            for one in batch:
                self._seen = _Row(one.seq, one.delivery.id)
                self._latest = max(self._latest, one.delivery.id)
                yield one
            if not full:
                # What came in between may be in the batch, but nothing up to `newest` can be missing from it.
                self._seen = max(self._seen, newest)
                self._latest = max(self._latest, newest.id)
        self._version = version

    def _newest(self) -> _Row:
        row = self._connection.execute("SELECT seq, id FROM deliveries ORDER BY seq DESC LIMIT 1").fetchone()
        return _Row(*row) if row else _Row()

    def _step_back(self) -> None:
        """Where the delivery that was seen last is gone, go back to one that is still there."""
        seq, seen = self._seen
        row = self._connection.execute("SELECT id FROM deliveries WHERE seq = ?", [seq]).fetchone()
        if not seq or (row and row[0] == seen):
            return
        row = self._connection.execute(
            "SELECT seq, id FROM deliveries WHERE seq <= ? AND id <= ? ORDER BY seq DESC LIMIT 1", [seq, self._latest]
        ).fetchone()
        self._seen = _Row(*row) if row else _Row()
