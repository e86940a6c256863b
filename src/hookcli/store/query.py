"""Finding deliveries: newest first by filter, one by what a person calls it, and deleting."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hookcli.errors import WrongInput
from hookcli.store.rows import META, Stored, attempt_from, microseconds, storable, stored_from

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from hookcli.delivery import Attempt

_FROM = " FROM deliveries LEFT JOIN responses USING (seq)"
_WHOLE = f"SELECT {META}, headers, body{_FROM} JOIN contents USING (seq)"
_META = f"SELECT {META}{_FROM}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which deliveries: all that meet every part that is given.

    `event` is a glob on the event, or on `event.action`; `since` and `before` are moments; `invalid` keeps those whose
    signature is invalid or stale.
    """

    provider: str | None = None
    event: str | None = None
    since: datetime | None = None
    before: datetime | None = None
    invalid: bool = False

    def where(self) -> tuple[str, list[object]]:
        """The filter as SQL and its values."""
        parts: list[tuple[str, list[object]]] = []
        if self.provider:
            parts.append(("provider = ?", [self.provider]))
        if self.event:
            glob = storable(self.event.lower())
            parts.append(
                ("(lower(event) GLOB ? OR lower(event || '.' || coalesce(action, '')) GLOB ?)", [glob, glob]),
            )
        if self.since:
            parts.append(("received_at >= ?", [microseconds(self.since)]))
        if self.before:
            parts.append(("received_at < ?", [microseconds(self.before)]))
        if self.invalid:
            parts.append(("state IN ('invalid', 'stale')", []))
        sql = " AND ".join(part for part, _ in parts)
        return (f" WHERE {sql}" if sql else ""), [value for _, values in parts for value in values]


def newest(
    connection: sqlite3.Connection, wanted: Filter, limit: int, *, contents: bool = False, skip: int = 0
) -> Iterator[Stored]:
    """The deliveries that a filter keeps, newest first; headers and body only with `contents`."""
    where, values = wanted.where()
    sql = (_WHOLE if contents else _META) + where + " ORDER BY seq DESC LIMIT ? OFFSET ?"
    for row in connection.execute(sql, [*values, limit, skip]):
        yield stored_from(row)


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
        what = f"No delivery is called {name}."
        raise WrongInput(what, "`hookcli list` shows them; a beginning of an id is enough.")
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
    after = name + "\U0010ffff"
    return (
        found
        or connection.execute(
            "SELECT seq, id FROM deliveries WHERE id >= ? AND id < ? UNION"
            " SELECT seq, id FROM deliveries WHERE delivery_id IS NOT NULL"
            " AND delivery_id >= ? COLLATE NOCASE AND delivery_id < ? COLLATE NOCASE ORDER BY seq DESC LIMIT ?",
            [name.upper(), after.upper(), name, after, _SHOWN + 1],
        ).fetchall()
    )


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


def delete(connection: sqlite3.Connection, ids: Sequence[str]) -> int:
    """Delete these deliveries with all that belongs to them; says how many there were."""
    marks = ",".join("?" * len(ids))
    return connection.execute(f"DELETE FROM deliveries WHERE id IN ({marks})", ids).rowcount  # noqa: S608 (marks only)


def delete_before(connection: sqlite3.Connection, moment: datetime) -> int:
    """Delete what was received before a moment; says how many there were."""
    sql = "DELETE FROM deliveries WHERE received_at < ?"
    return connection.execute(sql, [microseconds(moment)]).rowcount


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
