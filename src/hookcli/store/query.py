"""Finding deliveries: newest first by filter, one by what a person calls it, and deleting."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from hookcli.errors import WrongInput
from hookcli.store.filters import Filter
from hookcli.store.near import near
from hookcli.store.rows import META, Stored, attempt_from, storable, stored_from
from hookcli.store.terms import id_begins, received_before
from hookcli.store.words import catch_up

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from hookcli.delivery import Attempt

FROM = " FROM deliveries LEFT JOIN responses USING (seq) LEFT JOIN repeats USING (seq)"
"""What the SQL of a filter is a condition on."""

_WHOLE = f"SELECT {META}, headers, body{FROM} JOIN contents USING (seq)"
_META = f"SELECT {META}{FROM}"


def _where(
    connection: sqlite3.Connection, wanted: Filter, low: int | None = None, high: int | None = None
) -> tuple[str, list[object]]:
    """The filter's SQL and values; what it searches is indexed then."""
    if wanted.searches:
        catch_up(connection)
    return wanted.where(low, high)


def newest(
    connection: sqlite3.Connection, wanted: Filter, limit: int, *, contents: bool = False, skip: int = 0
) -> Iterator[Stored]:
    """The deliveries that a filter keeps, newest first; headers and body only with `contents`."""
    where, values = _where(connection, wanted)
    sql = (_WHOLE if contents else _META) + where + " ORDER BY deliveries.seq DESC LIMIT ? OFFSET ?"
    for row in connection.execute(sql, [*values, limit, skip]):
        yield stored_from(row)


def older_than(
    connection: sqlite3.Connection, wanted: Filter, seq: int, limit: int, *, contents: bool = False
) -> list[Stored]:
    """The deliveries that a filter keeps and that were stored before number `seq`, newest first: the next page."""
    where, values = _where(connection, wanted, high=seq - 1)
    sql = (_WHOLE if contents else _META) + where + " ORDER BY deliveries.seq DESC LIMIT ?"
    return [stored_from(row) for row in connection.execute(sql, [*values, limit])]


def newer_than(
    connection: sqlite3.Connection, wanted: Filter, seq: int, limit: int, *, contents: bool = False
) -> list[Stored]:
    """The deliveries that a filter keeps and that were stored after number `seq`, oldest first: what came since.

    Whoever follows a store asks from `min(seq, last_seq(connection))`: the numbers of the newest are given out again
    where these were deleted.
    """
    where, values = _where(connection, wanted, low=seq + 1)
    sql = (_WHOLE if contents else _META) + where + " ORDER BY deliveries.seq LIMIT ?"
    return [stored_from(row) for row in connection.execute(sql, [*values, limit])]


def last_seq(connection: sqlite3.Connection) -> int:
    """The number of the delivery that was stored last; 0 in an empty store."""
    return int(connection.execute("SELECT coalesce(max(seq), 0) FROM deliveries").fetchone()[0])


def count(connection: sqlite3.Connection, wanted: Filter, most: int) -> int:
    """How many deliveries a filter keeps; counted up to `most`, so that it costs no more than that."""
    where, values = _where(connection, wanted)
    sql = f"SELECT count(*) FROM (SELECT 1{FROM}{where} LIMIT ?)"
    return int(connection.execute(sql, [*values, most]).fetchone()[0])


def keeps(connection: sqlite3.Connection, wanted: Filter, seq: int) -> bool:
    """Whether a filter keeps the delivery of this number."""
    where, values = _where(connection, wanted, low=seq, high=seq)
    return connection.execute(f"SELECT 1{FROM}{where}", values).fetchone() is not None


_LAST = re.compile(r"last(?:~(\d{1,18}))?")


def find(connection: sqlite3.Connection, name: str) -> Stored:
    """The one delivery that is called so: `last`, `last~2`, or a prefix of hookcli's or the provider's id.

    Raises WrongInput where there is none, or more than one.
    """
    back = _LAST.fullmatch(name)
    if back:
        stored = next(newest(connection, Filter(), 1, contents=True, skip=int(back[1] or 0)), None)
        if stored is None:
            count = connection.execute("SELECT count(*) FROM deliveries").fetchone()[0]
            what = f"There is no delivery {name}: the store has {count}."
            raise WrongInput(what, "`hookcli listen` receives some.")
        return stored
    found = _called(connection, name)
    if not found:
        what, likely = f"No delivery is called {name}.", near(connection, name)
        told = "`hookcli list` shows them; a beginning of an id is enough."
        raise WrongInput(what, f"Did you mean {likely}? {told}" if likely else told)
    if len(found) > 1:
        several = ", ".join(one for _, one in found[:_SHOWN]) + (" and more" if len(found) > _SHOWN else "")
        what = f"{name} is the beginning of more than one delivery's id: {several}."
        raise WrongInput(what, "Give more of it; `last` is the newest delivery.")
    row = connection.execute(_WHOLE + " WHERE seq = ?", [found[0][0]]).fetchone()
    return stored_from(row)


_SHOWN = 3


def _called(connection: sqlite3.Connection, name: str) -> list[tuple[int, str]]:
    """Number and id of the deliveries with this id, or else of those whose id begins so: an index serves both."""
    name = storable(name) or ""
    if not name:
        return []
    found = connection.execute(
        "SELECT seq, id FROM deliveries WHERE id = ? UNION"
        " SELECT seq, id FROM deliveries WHERE delivery_id = ? COLLATE NOCASE ORDER BY seq DESC LIMIT ?",
        [name.upper(), name, _SHOWN + 1],
    ).fetchall()
    begins, values = id_begins(name)
    sql = f"SELECT seq, id FROM deliveries WHERE {begins} ORDER BY seq DESC LIMIT ?"
    return found or connection.execute(sql, [*values, _SHOWN + 1]).fetchall()


def with_id(connection: sqlite3.Connection, delivery_id: str) -> Stored | None:
    """The delivery of this id of hookcli's, whole; None where there is none."""
    row = connection.execute(_WHOLE + " WHERE id = ?", [delivery_id]).fetchone()
    return stored_from(row) if row else None


def attempts(connection: sqlite3.Connection, delivery_id: str) -> list[Attempt]:
    """Where the delivery was sent, in order."""
    rows = connection.execute(
        "SELECT kind, url, started_at, elapsed, attempts.status, error, headers, body FROM attempts"
        " JOIN deliveries USING (seq) WHERE id = ? ORDER BY number",
        [delivery_id],
    )
    return [attempt_from(row) for row in rows]


def known(connection: sqlite3.Connection, ids: Sequence[str]) -> set[str]:
    """Those of the ids that the store has."""
    asked = json.dumps(ids)
    return {
        row[0]
        for row in connection.execute(
            "SELECT deliveries.id FROM deliveries JOIN json_each(?) ON deliveries.id = value", [asked]
        )
    }


DELETED_AT_ONCE = 200
"""Deliveries that go in one transaction: their words go with them, and a listener that writes waits meanwhile."""


def delete(connection: sqlite3.Connection, ids: Sequence[str]) -> int:
    """Delete these deliveries with all that belongs to them; says how many there were."""
    count = 0
    for start in range(0, len(ids), DELETED_AT_ONCE):
        some = ids[start : start + DELETED_AT_ONCE]
        marks = ",".join("?" * len(some))
        count += connection.execute(f"DELETE FROM deliveries WHERE id IN ({marks})", some).rowcount
    return count


def delete_kept(connection: sqlite3.Connection, wanted: Filter) -> int:
    """Delete what a filter keeps now; says how many there were."""
    where, values = _where(connection, wanted)
    # By their ids: a number is given out again where the newest is deleted, maybe to a delivery that comes meanwhile.
    return delete(connection, [row[0] for row in connection.execute(f"SELECT id{FROM}{where}", values)])


def delete_before(connection: sqlite3.Connection, moment: datetime) -> int:
    """Delete what was received before a moment; says how many there were."""
    return delete_kept(connection, Filter((received_before(moment),)))


def _shared(left: str, right: str) -> int:
    return next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))


LEAST_PREFIX = 10
"""Characters of an id that are always shown: its time."""


def shortest_prefixes(connection: sqlite3.Connection, ids: Sequence[str]) -> list[str]:
    """For each id the shortest beginning that no other delivery in the store shares."""
    shortest = []
    for one in ids:
        neighbours = connection.execute(
            "SELECT (SELECT max(id) FROM deliveries WHERE id < ?), (SELECT min(id) FROM deliveries WHERE id > ?)",
            [one, one],
        ).fetchone()
        shared = max(_shared(one, other) for other in (*neighbours, "") if other is not None)
        shortest.append(one[: max(LEAST_PREFIX, shared + 1)])
    return shortest
