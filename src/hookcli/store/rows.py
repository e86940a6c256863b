"""Deliveries and attempts as rows, there and back."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal

from hookcli.delivery import Attempt, Delivery, Headers, Identity, Verdict, to_text, to_unicode, to_wire

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


AnswerKind = Literal["plain", "handshake", "refused"]
"""What was answered: the listener's reply, what a provider's handshake wants, or that the delivery is not taken."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A delivery with what was answered; `size` is its body's bytes, also where the body was not read along.

    `repeats` is the id of the first delivery that the provider gave the same id to; it may have been deleted since.
    `seq` numbers the deliveries of one store in the order in which they were stored.
    """

    delivery: Delivery
    size: int
    status: int | None = None
    answer: AnswerKind = "plain"
    repeats: str | None = None
    seq: int = field(default=0, compare=False)


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(count: int) -> datetime:
    """The moment, in UTC, of microseconds since 1970."""
    return _EPOCH + count * _MICROSECOND


def headers_to_blob(headers: Headers) -> bytes:
    """Header lines as on the wire."""
    return b"".join(name + b": " + value + b"\r\n" for name, value in headers.raw)


def headers_from_blob(blob: bytes) -> Headers:
    """The inverse of `headers_to_blob`."""
    pairs = (line.partition(b": ") for line in blob.split(b"\r\n") if line)
    return Headers((name, value) for name, _, value in pairs)


def storable(text: str | None) -> str | None:
    """The text as SQLite can hold it."""
    return None if text is None else to_unicode(text)


_LARGEST_INTEGER = 2**63 - 1

_DELIVERIES = (
    "deliveries (id, received_at, method, target, http_version, remote, size, provider, event, action,"
    " delivery_id, attempt, hook_id, is_ping, carries, summary, state, scheme, header, detail)"
)
LARGEST_INSERT = 64
"""Rows of one statement."""


_REPEATS = """
    INSERT INTO repeats
    SELECT new.seq, coalesce((SELECT first FROM repeats WHERE seq = old.seq), old.id)
    FROM deliveries AS new JOIN deliveries AS old ON old.seq = (
        SELECT seq FROM deliveries
        WHERE delivery_id = new.delivery_id COLLATE NOCASE AND delivery_id = new.delivery_id
            AND provider = new.provider AND seq < new.seq
        ORDER BY seq LIMIT 1
    )
    WHERE new.seq BETWEEN ? AND ?
    RETURNING seq, first
"""
"""Marks those of a range of deliveries whose provider gave their id before. The index finds the id in any case; that it
is the same one is then looked at. Where the first was deleted, the oldest that is left still tells which it was."""


def insert(connection: sqlite3.Connection, stored: Sequence[Stored]) -> list[Stored]:
    """Write deliveries and what is answered to them, inside the caller's transaction; says how they stand there.

    Many rows go in one statement: between statements a thread waits for its turn among Python's others, and it is that
    wait, not SQLite, that costs.
    """
    written: list[Stored] = []
    for start in range(0, len(stored), LARGEST_INSERT):
        chunk = stored[start : start + LARGEST_INSERT]
        last = _insert(connection, _DELIVERIES, [_values(one) for one in chunk])
        # The transaction holds the store alone, so the numbers of one statement follow one another.
        numbered = list(enumerate(chunk, last - len(chunk) + 1))
        contents = [(seq, headers_to_blob(one.delivery.headers), one.delivery.body) for seq, one in numbered]
        _insert(connection, "contents", contents)
        answered = [(seq, one.status, one.answer) for seq, one in numbered if one.status is not None]
        if answered:
            _insert(connection, "responses (seq, status, answer)", answered)
        first: dict[int, str] = {}
        if any(one.delivery.identity.delivery_id is not None for one in chunk):
            first = dict(connection.execute(_REPEATS, [numbered[0][0], last]).fetchall())
        written += (replace(one, seq=seq, repeats=first.get(seq)) for seq, one in numbered)
    return written


def _insert(connection: sqlite3.Connection, table: str, rows: Sequence[tuple[object, ...]]) -> int:
    """Insert the rows; the number of the last one."""
    statement = _statement(table, len(rows), len(rows[0]))
    return connection.execute(statement, list(chain.from_iterable(rows))).lastrowid or 0


@cache
def _statement(table: str, rows: int, columns: int) -> str:
    row = f"({','.join('?' * columns)})"
    return f"INSERT INTO {table} VALUES {','.join([row] * rows)}"


def _values(stored: Stored) -> tuple[object, ...]:
    delivery = stored.delivery
    identity, verdict = delivery.identity, delivery.verdict
    return (
        delivery.id,
        microseconds(delivery.received_at),
        delivery.method,
        to_wire(delivery.target),
        delivery.http_version,
        delivery.remote,
        stored.size,
        identity.provider,
        storable(identity.event),
        storable(identity.action),
        storable(identity.delivery_id),
        identity.attempt if (identity.attempt or 0) <= _LARGEST_INTEGER else None,
        storable(identity.hook_id),
        identity.is_ping,
        json.dumps(asdict(identity.carries)) if identity.carries else None,
        storable(delivery.summary),
        verdict.state,
        verdict.scheme,
        verdict.header,
        storable(verdict.detail),
    )


def insert_attempt(connection: sqlite3.Connection, delivery_id: str, attempt: Attempt) -> None:
    """Write where a delivery was sent; nothing where the delivery has been deleted since."""
    connection.execute(
        "INSERT INTO attempts (seq, kind, url, started_at, elapsed, status, error, headers, body)"
        " SELECT seq, ?, ?, ?, ?, ?, ?, ?, ? FROM deliveries WHERE id = ?",
        (
            attempt.kind,
            storable(attempt.url),
            microseconds(attempt.started_at),
            round(attempt.elapsed * 1_000_000),
            attempt.status,
            storable(attempt.error),
            headers_to_blob(attempt.headers),
            attempt.body,
            delivery_id,
        ),
    )


META = (
    "id, received_at, method, target, http_version, remote, size, provider, event, action, delivery_id, attempt,"
    " hook_id, is_ping, carries, summary, state, scheme, header, detail, status, coalesce(answer, 'plain'), first, seq"
)
"""The columns that `stored_from` reads; with `, headers, body` behind them it fills these in too."""

_META_COLUMNS = 24


def stored_from(row: Sequence[Any]) -> Stored:
    """The delivery of a row of META, or of META and its contents."""
    identity = Identity(
        provider=row[7],
        event=row[8],
        action=row[9],
        delivery_id=row[10],
        attempt=row[11],
        hook_id=row[12],
        is_ping=bool(row[13]),
        carries=_identity(json.loads(row[14])) if row[14] else None,
    )
    whole = len(row) > _META_COLUMNS
    delivery = Delivery(
        id=row[0],
        received_at=moment(row[1]),
        method=row[2],
        target=to_text(row[3]),
        http_version=row[4],
        remote=row[5],
        identity=identity,
        summary=row[15],
        verdict=Verdict(state=row[16], scheme=row[17], header=row[18], detail=row[19]),
        headers=headers_from_blob(row[-2]) if whole else Headers(),
        body=row[-1] if whole else b"",
    )
    return Stored(delivery, row[6], row[20], answer=row[21], repeats=row[22], seq=row[23])


def _identity(data: dict[str, Any]) -> Identity:
    inner = data.pop("carries")
    return Identity(**data, carries=_identity(inner) if inner else None)


def attempt_from(row: Sequence[Any]) -> Attempt:
    """The attempt of a row of kind, url, started_at, elapsed, status, error, headers, body."""
    return Attempt(
        kind=row[0],
        url=row[1],
        started_at=moment(row[2]),
        elapsed=row[3] / 1_000_000,
        status=row[4],
        error=row[5],
        headers=headers_from_blob(row[6] or b""),
        body=row[7] or b"",
    )
