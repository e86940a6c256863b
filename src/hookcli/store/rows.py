"""Deliveries and attempts as rows, there and back."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any

from hookcli.delivery import Attempt, Delivery, Headers, Identity, Verdict, to_text, to_unicode, to_wire

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Stored:
    """A delivery with what was answered; `size` is its body's bytes, also where the body was not read along."""

    delivery: Delivery
    size: int
    status: int | None = None


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


def insert(connection: sqlite3.Connection, stored: Sequence[Stored]) -> None:
    """Write deliveries and what is answered to them, inside the caller's transaction.

    Many rows go in one statement: between statements a thread waits for its turn among Python's others, and it is that
    wait, not SQLite, that costs.
    """
    for start in range(0, len(stored), LARGEST_INSERT):
        chunk = stored[start : start + LARGEST_INSERT]
        last = _insert(connection, _DELIVERIES, [_values(one) for one in chunk])
        # The transaction holds the store alone, so the numbers of one statement follow one another.
        numbered = list(enumerate(chunk, last - len(chunk) + 1))
        contents = [(seq, headers_to_blob(one.delivery.headers), one.delivery.body) for seq, one in numbered]
        _insert(connection, "contents", contents)
        answered = [(seq, one.status) for seq, one in numbered if one.status is not None]
        if answered:
            _insert(connection, "responses", answered)


def _insert(connection: sqlite3.Connection, table: str, rows: Sequence[tuple[object, ...]]) -> int:
    """Insert the rows; the number of the last one."""
    statement = _statement(table, len(rows), len(rows[0]))
    return connection.execute(statement, list(chain.from_iterable(rows))).lastrowid or 0


@cache
def _statement(table: str, rows: int, columns: int) -> str:
    row = f"({','.join('?' * columns)})"
    return f"INSERT INTO {table} VALUES {','.join([row] * rows)}"  # noqa: S608 (names of our own tables)


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
    " hook_id, is_ping, carries, summary, state, scheme, header, detail, status"
)
"""The columns that `stored_from` reads; with `, headers, body` behind them it fills these in too."""


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
    whole = len(row) > META.count(",") + 1
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
        headers=headers_from_blob(row[21]) if whole else Headers(),
        body=row[22] if whole else b"",
    )
    return Stored(delivery, row[6], row[20])


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
