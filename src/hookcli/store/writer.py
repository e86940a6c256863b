"""One thread that writes: whatever has come while the last commit went to disk goes with the next one.

A write is done when its future is: by then it is committed and synced, so that it survives kill -9 and a power cut.
While nothing comes, the thread indexes the words of what came before, a few deliveries at a time.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, NamedTuple, overload

from hookcli.store.database import connect, opened
from hookcli.store.query import keeps
from hookcli.store.rows import Stored, insert, insert_attempt
from hookcli.store.words import index_some

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hookcli.delivery import Attempt
    from hookcli.store.filters import Filter

BATCH = 256
"""Writes in one transaction at the most, so that no sender waits long for the others."""

IDLE_SECONDS = 0.5
"""So long nothing must come before words are indexed."""

INDEXED_AT_ONCE = 8
"""Deliveries that are indexed between two looks for what came: some milliseconds."""


class AttemptOf(NamedTuple):
    """An attempt and the delivery that it belongs to."""

    delivery_id: str
    attempt: Attempt


class _Question(NamedTuple):
    wanted: Filter
    seq: int


class _Job(NamedTuple):
    work: Stored | AttemptOf | _Question
    done: asyncio.Future[Any]


class Writer:
    """Writes to a store from an event loop without holding it up. Raises Environment where it can't be opened."""

    def __init__(self, path: Path, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._connection = connect(path)
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="hookcli-store", daemon=True)
        self._thread.start()

    @overload
    def write(self, write: Stored) -> asyncio.Future[Stored]: ...
    @overload
    def write(self, write: AttemptOf) -> asyncio.Future[None]: ...
    def write(self, write: Stored | AttemptOf) -> asyncio.Future[Any]:
        """Write this; a delivery comes back as it stands in the store. Raises sqlite3.Error where it could not be."""
        return self._do(write)

    def keeps(self, wanted: Filter, seq: int) -> asyncio.Future[bool]:
        """Ask the store whether a filter keeps the delivery of this number; answers come in the order of questions."""
        return self._do(_Question(wanted, seq))

    def _do(self, work: Stored | AttemptOf | _Question) -> asyncio.Future[Any]:
        done = self._loop.create_future()
        self._jobs.put(_Job(work, done))
        return done

    async def close(self) -> None:
        """Write what is still waiting, and close the store."""
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)
        self._connection.close()

    def _run(self) -> None:
        going_on = True
        while going_on:
            batch = [self._next()]
            while len(batch) < BATCH and not self._jobs.empty():
                batch.append(self._jobs.get())
            going_on = None not in batch
            jobs = [job for job in batch if job is not None]
            writes = [job for job in jobs if not isinstance(job.work, _Question)]
            if writes:
                self._store(writes)
            for job in jobs:
                if isinstance(job.work, _Question):
                    self._answer(job, job.work)

    def _next(self) -> _Job | None:
        """The next job; meanwhile words are indexed, half of the time, so that other processes can write as well."""
        seconds: float | None = IDLE_SECONDS
        while True:
            try:
                return self._jobs.get(timeout=seconds)
            except Empty:
                began = time.monotonic()
                more = self._index()
                seconds = time.monotonic() - began if more else None

    def _index(self) -> bool:
        """Index some words; whether there are more. What goes wrong with that is told to who searches."""
        with suppress(sqlite3.Error):
            return index_some(self._connection, INDEXED_AT_ONCE) > 0
        return False

    def _store(self, jobs: list[_Job]) -> None:
        try:
            results = _commit(self._connection, [job.work for job in jobs if not isinstance(job.work, _Question)])
        except Exception as error:  # noqa: BLE001 (it belongs to whoever waits for the write)
            if len(jobs) > 1:
                # One bad row must not take its neighbours along.
                for job in jobs:
                    self._store([job])
                return
            self._loop.call_soon_threadsafe(_fail, jobs[0].done, error)
            return
        self._loop.call_soon_threadsafe(_finish, jobs, results)

    def _answer(self, job: _Job, question: _Question) -> None:
        try:
            kept = keeps(self._connection, *question)
        except Exception as error:  # noqa: BLE001 (it belongs to whoever asks)
            self._loop.call_soon_threadsafe(_fail, job.done, error)
            return
        self._loop.call_soon_threadsafe(_finish, [job], [kept])


def write_now(path: Path, writes: Sequence[Stored | AttemptOf]) -> None:
    """Write these in one go, outside of any event loop. Raises Environment where the store can't be used."""
    if writes:
        with opened(path) as connection:
            _commit(connection, writes)


def _commit(connection: sqlite3.Connection, writes: Sequence[Stored | AttemptOf]) -> list[Stored | None]:
    """Write these in one transaction; what came of each."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        written = iter(insert(connection, [write for write in writes if isinstance(write, Stored)]))
        for write in writes:
            if isinstance(write, AttemptOf):
                insert_attempt(connection, *write)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return [next(written) if isinstance(write, Stored) else None for write in writes]


def _finish(jobs: list[_Job], results: Sequence[object]) -> None:
    for job, result in zip(jobs, results, strict=True):
        if not job.done.done():
            job.done.set_result(result)


def _fail(done: asyncio.Future[Any], error: Exception) -> None:
    if not done.done():
        done.set_exception(error)
