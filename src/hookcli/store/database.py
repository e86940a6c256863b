"""Opening a store: where it lies, who may read it, and what to say when it can't be opened."""

from __future__ import annotations

import errno
import os
import sqlite3
import time
from contextlib import closing, contextmanager
from pathlib import Path  # noqa: TC003 (platformdirs is imported late, the type is told early)
from typing import TYPE_CHECKING

from hookcli.errors import Environment
from hookcli.store import schema, terms, words

if TYPE_CHECKING:
    from collections.abc import Iterator

BUSY_SECONDS = 30
"""How long a process waits for another one that is writing to the same store."""

STATEMENTS = 256
"""Prepared statements that are kept: an insert has a form for each number of rows."""

_AGAIN_SECONDS = 0.01

CHECKPOINT_PAGES = 4000
"""Pages of 4 KiB in the write-ahead log before they move to the database: fewer syncs under load than SQLite's 1000."""


def default_path() -> Path:
    """`deliveries.db` in the user's data directory."""
    from platformdirs import user_data_path

    return user_data_path("hookcli", appauthor=False) / "deliveries.db"


def connect(path: Path) -> sqlite3.Connection:
    """Open the store, made and migrated where need be, readable by its owner alone.

    Raises Environment where the file can't be made, read or written, is no store, or is of a newer hookcli.
    """
    try:
        _make(path)
        connection = sqlite3.connect(
            path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=STATEMENTS
        )
    except OSError as error:
        what = f"The store {path} can't be opened: {error.strerror or error}."
        raise Environment(what, "Name another one with --store PATH or HOOKCLI_STORE.") from error
    try:
        _check_whose(connection, path)
        _log_ahead(connection)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        terms.teach(connection)
        words.teach(connection)
        if schema.version(connection) < len(schema.MIGRATIONS):
            schema.migrate(connection)
    except sqlite3.Error as error:
        connection.close()
        raise trouble(path, error) from error
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection for one command; SQLite's errors come out as Environment."""
    with closing(connect(path)) as connection:
        try:
            yield connection
        except sqlite3.Error as error:
            raise trouble(path, error) from error


def trouble(path: Path, error: sqlite3.Error) -> Environment:
    """What SQLite said of a store, for a person."""
    fix = {
        "SQLITE_READONLY": "Give yourself the right to write it, or name another one with --store PATH.",
        "SQLITE_FULL": "Make room on the disk, or name another store with --store PATH.",
        "SQLITE_NOTADB": "Name another one with --store PATH or HOOKCLI_STORE.",
        "SQLITE_BUSY": "Another hookcli has been writing to it for long; try again.",
    }
    code = getattr(error, "sqlite_errorname", "")
    return Environment(
        f"The store {path} can't be used: {error}.",
        next((text for name, text in fix.items() if code.startswith(name)), "Name another one with --store PATH."),
    )


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # SQLite gives the log beside the database the database's own mode, so this one call covers all three files.
    # A store that is there is not opened here: to close any descriptor of it gives up the locks that this process's
    # other connections hold (POSIX), and the next process to leave would take their log away.
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        wrong = errno.EISDIR if path.is_dir() else 0 if os.access(path, os.R_OK | os.W_OK) else errno.EACCES
        if wrong:
            raise OSError(wrong, os.strerror(wrong)) from None


def _log_ahead(connection: sqlite3.Connection) -> None:
    """Switch to a write-ahead log. SQLite does not wait where another process does so too; it is waited for here."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith("SQLITE_BUSY") or time.monotonic() > deadline:
                raise
            time.sleep(_AGAIN_SECONDS)
        else:
            return


def _check_whose(connection: sqlite3.Connection, path: Path) -> None:
    # In this order: where another process is just making the store, its tables and its mark come in one commit.
    empty = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    owner = connection.execute("PRAGMA application_id").fetchone()[0]
    if owner != schema.APPLICATION_ID and not empty:
        what = f"{path} is another program's database, not a hookcli store."
        raise Environment(what, "Name another file with --store PATH or HOOKCLI_STORE.")
    if schema.version(connection) > len(schema.MIGRATIONS):
        what = f"The store {path} was written by a newer hookcli."
        raise Environment(what, "Upgrade hookcli, or name another store with --store PATH.")
