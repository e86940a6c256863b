"""What the store looks like: numbered migrations, forward only.

`deliveries` is small, so that a million of them can be looked through; the bytes lie in `contents`. What was answered,
where a delivery was sent on and which one it repeats are rows of their own and never edits of the delivery.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

APPLICATION_ID = 0x686F6F6B
"""`hook`, in the header of the file: tells a store from any other SQLite database."""

MIGRATIONS = (
    """
    CREATE TABLE deliveries (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        received_at INTEGER NOT NULL,
        method TEXT NOT NULL,
        target BLOB NOT NULL,
        http_version TEXT NOT NULL,
        remote TEXT NOT NULL,
        size INTEGER NOT NULL,
        provider TEXT NOT NULL,
        event TEXT,
        action TEXT,
        delivery_id TEXT,
        attempt INTEGER,
        hook_id TEXT,
        is_ping INTEGER NOT NULL,
        carries TEXT,
        summary TEXT NOT NULL,
        state TEXT NOT NULL,
        scheme TEXT,
        header TEXT,
        detail TEXT
    );
    CREATE INDEX deliveries_by_delivery_id ON deliveries (delivery_id COLLATE NOCASE) WHERE delivery_id IS NOT NULL;
    CREATE TABLE contents (
        seq INTEGER PRIMARY KEY REFERENCES deliveries ON DELETE CASCADE,
        headers BLOB NOT NULL,
        body BLOB NOT NULL
    );
    CREATE TABLE responses (
        seq INTEGER PRIMARY KEY REFERENCES deliveries ON DELETE CASCADE,
        status INTEGER NOT NULL
    );
    CREATE TABLE attempts (
        number INTEGER PRIMARY KEY,
        seq INTEGER NOT NULL REFERENCES deliveries ON DELETE CASCADE,
        kind TEXT NOT NULL CHECK (kind IN ('forward', 'replay')),
        url TEXT NOT NULL,
        started_at INTEGER NOT NULL,
        elapsed INTEGER NOT NULL,
        status INTEGER,
        error TEXT,
        headers BLOB,
        body BLOB
    );
    CREATE INDEX attempts_by_delivery ON attempts (seq);
    """,
    # What handshakes and refusals were is in their summaries alone until here, and what repeats what in no place.
    """
    ALTER TABLE responses ADD COLUMN
        answer TEXT NOT NULL DEFAULT 'plain' CHECK (answer IN ('plain', 'handshake', 'refused'));
    UPDATE responses SET answer = 'handshake' WHERE seq IN (
        SELECT seq FROM deliveries WHERE summary IN ('handshake answered', 'handshake refused: another verify token')
    );
    UPDATE responses SET answer = 'refused' WHERE status IN (401, 403) AND seq IN (
        SELECT seq FROM deliveries WHERE summary GLOB 'refused, *'
    );
    CREATE TABLE repeats (
        seq INTEGER PRIMARY KEY REFERENCES deliveries ON DELETE CASCADE,
        first TEXT NOT NULL
    );
    INSERT INTO repeats
        SELECT new.seq, old.id FROM deliveries AS new JOIN deliveries AS old ON old.seq = (
            SELECT seq FROM deliveries
            WHERE delivery_id = new.delivery_id COLLATE NOCASE AND delivery_id = new.delivery_id
                AND provider = new.provider
            ORDER BY seq LIMIT 1
        )
        WHERE old.seq < new.seq;
    """,
)


def version(connection: sqlite3.Connection) -> int:
    """How many migrations the store has seen."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the store to this version's schema; two processes may try at once, and one of them does it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        for number in range(version(connection), len(MIGRATIONS)):
            for statement in MIGRATIONS[number].split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number + 1}")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
