"""What the store looks like: numbered migrations, forward only.

`deliveries` is small, so that a million of them can be looked through; the bytes lie in `contents`. What was answered,
where a delivery was sent on and which one it repeats are rows of their own and never edits of the delivery.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    # The words of deliveries: see words.py. Triggers take them out, whoever deletes, since numbers are given out again
    # where the newest are deleted: `upto` goes back with them.
    """
    CREATE VIRTUAL TABLE words USING fts5(text, content='', columnsize=0, tokenize='unicode61 remove_diacritics 2');
    CREATE TABLE indexed (upto INTEGER NOT NULL, version INTEGER NOT NULL);
    INSERT INTO indexed VALUES (0, 0);
    CREATE TRIGGER words_go BEFORE DELETE ON deliveries
    WHEN old.seq <= (SELECT upto FROM indexed WHERE version = searchable_version())
    BEGIN
        INSERT INTO words (words, rowid, text)
            SELECT 'delete', old.seq, searchable(headers, body) FROM contents WHERE seq = old.seq;
    END;
    CREATE TRIGGER words_end AFTER DELETE ON deliveries
    WHEN (SELECT upto FROM indexed) >= old.seq AND NOT EXISTS (SELECT 1 FROM deliveries WHERE seq > old.seq)
    BEGIN
        UPDATE indexed SET upto = coalesce((SELECT max(seq) FROM deliveries), 0);
    END;
    """,
    # What a million rows need: see terms.py. None on the time of arrival: that is the order of the deliveries itself.
    """
    CREATE INDEX deliveries_by_provider ON deliveries (provider);
    CREATE INDEX deliveries_by_event ON deliveries (event COLLATE NOCASE);
    CREATE INDEX deliveries_by_state ON deliveries (state);
    CREATE INDEX responses_apart ON responses (answer) WHERE answer <> 'plain';
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
            for statement in _statements(MIGRATIONS[number]):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number + 1}")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _statements(script: str) -> Iterator[str]:
    """The statements of a script, apart; a trigger has several in it. `executescript` would commit before them."""
    statement = ""
    for part in script.split(";")[:-1]:
        statement += f"{part};"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
