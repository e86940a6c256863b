"""One thread that writes: whatever has come while the last commit went to disk goes with the next one.

A write is done when its future is: by then it is committed and synced, so that it survives kill -9 and a power cut.
"""

from __future__ import annotations

import asyncio
import threading
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, NamedTuple, overload

from hookcli.store.database import connect
from hookcli.store.rows import Stored, insert, insert_attempt

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from pathlib import Path

    from hookcli.delivery import Attempt

BATCH = 256
"""Writes in one transaction at the most, so that no sender waits long for the others."""


class AttemptOf(NamedTuple):
    """An attempt and the delivery that it belongs to."""

    delivery_id: str
    attempt: Attempt


class _Job(NamedTuple):
    write: Stored | AttemptOf
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
        done = self._loop.create_future()
        self._jobs.put(_Job(write, done))
        return done

    async def close(self) -> None:
        """Write what is still waiting, and close the store."""
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)
        self._connection.close()

    def _run(self) -> None:
        going_on = True
        while going_on:
            batch = [self._jobs.get()]
            while len(batch) < BATCH and not self._jobs.empty():
                batch.append(self._jobs.get())
            going_on = None not in batch
            jobs = [job for job in batch if job is not None]
            if jobs:
                self._store(jobs)

    def _store(self, jobs: list[_Job]) -> None:
        try:
            results = _commit(self._connection, [job.write for job in jobs])
        except Exception as error:  # noqa: BLE001 (it belongs to whoever waits for the write)
            if len(jobs) > 1:
                # One bad row must not take its neighbours along.
                for job in jobs:
                    self._store([job])
                return
            self._loop.call_soon_threadsafe(_fail, jobs[0].done, error)
            return
        self._loop.call_soon_threadsafe(_finish, jobs, results)


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


def _finish(jobs: list[_Job], results: list[Stored | None]) -> None:
    for job, result in zip(jobs, results, strict=True):
        if not job.done.done():
            job.done.set_result(result)


def _fail(done: asyncio.Future[Any], error: Exception) -> None:
    if not done.done():
        done.set_exception(error)
