"""Counting deliveries: how many came when, from whom, how they were judged and answered, and how sending them on went.

All of it is counted in SQL, over the small rows and never over bodies. Medians and the like are by
nearest rank, from how often each size or time occurs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, get_args

from hookcli.delivery import VerdictState
from hookcli.store.query import FROM
from hookcli.store.rows import moment
from hookcli.store.words import catch_up
from hookcli.units import STEPS

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping

    from hookcli.store.filters import Filter

ANSWERS = {1: "1xx", 2: "2xx", 3: "3xx", 4: "4xx", 5: "5xx", None: "none"}
"""Classes of status; `none` where a delivery came without being answered, as from a relay."""

_SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class Bucket:
    """How many came from a moment on, for one step, and how many of these had an invalid or stale signature."""

    start: datetime
    count: int
    invalid: int


@dataclass(frozen=True, slots=True)
class Spread:
    """How numbers are spread: bytes for sizes, seconds for times."""

    count: int
    median: float
    p95: float
    largest: float


@dataclass(frozen=True, slots=True)
class EventCount:
    """How many came of one event."""

    provider: str
    event: str | None
    action: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Sent:
    """How sending to one place went: how often, how often the answer was not 2xx or did not come, and how long it took.

    `target` is the URL without its query; `times` are those of the answers, None where there was none.
    """

    kind: str
    target: str
    count: int
    failed: int
    times: Spread | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """What a store holds, in numbers; `total` is the bytes of all bodies. `events` and `sent` stand most first."""

    count: int = 0
    first: datetime | None = None
    last: datetime | None = None
    step: timedelta = STEPS[0]
    buckets: tuple[Bucket, ...] = ()
    events: tuple[EventCount, ...] = ()
    verdicts: Mapping[str, int] = field(default_factory=dict)
    answers: Mapping[str, int] = field(default_factory=dict)
    total: int = 0
    sizes: Spread | None = None
    sent: tuple[Sent, ...] = ()

    def providers(self) -> dict[str, int]:
        """How many came from each provider, most first."""
        counts: dict[str, int] = {}
        for one in self.events:
            counts[one.provider] = counts.get(one.provider, 0) + one.count
        return dict(sorted(counts.items(), key=lambda pair: -pair[1]))


def statistics(connection: sqlite3.Connection, wanted: Filter, bars: int) -> Statistics:
    """The numbers of what a filter keeps, its time divided into so many bars at the most."""
    if wanted.searches:
        catch_up(connection)
    where, values = wanted.where()
    # Picked out once: the filter is asked once, what is counted is one moment's, and narrow rows are soon gone through.
    connection.execute(f"CREATE TEMP TABLE kept AS SELECT {_COUNTED}{FROM}{where}", values)
    try:
        return _counted(connection, bars, every=not where)
    finally:
        connection.execute("DROP TABLE kept")


_COUNTED = "deliveries.seq, received_at, size, provider, event, action, state, status / 100 AS answer"
_STATES = get_args(VerdictState)
_OVERALL = ", ".join(
    [
        "count(*), min(received_at), max(received_at), sum(size)",
        *(f"count(*) FILTER (WHERE state = '{state}')" for state in _STATES),
        *(f"count(*) FILTER (WHERE answer IS {number or 'NULL'})" for number in ANSWERS),
    ]
)


def _counted(connection: sqlite3.Connection, bars: int, *, every: bool) -> Statistics:
    ask = connection.execute
    count, first, last, total, *counts = ask(f"SELECT {_OVERALL} FROM kept").fetchone()
    if not count:
        return Statistics()
    step, start = _step(first, last, bars)
    by_time = ask(
        "SELECT (received_at - ?) / ?, count(*), sum(state IN ('invalid', 'stale')) FROM kept GROUP BY 1", [start, step]
    )
    events = ask("SELECT provider, event, action, count(*) FROM kept GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3")
    named = zip((*_STATES, *ANSWERS.values()), counts, strict=True)
    found = {name: number for name, number in named if number}
    return Statistics(
        count=count,
        first=moment(first),
        last=moment(last),
        step=timedelta(microseconds=step),
        buckets=_buckets({number: (came, bad) for number, came, bad in by_time}, start, step, last),
        events=tuple(EventCount(*row) for row in events),
        verdicts={state: found[state] for state in _STATES if state in found},
        answers={name: found[name] for name in ANSWERS.values() if name in found},
        total=total,
        sizes=_spread(ask("SELECT size, count(*) FROM kept GROUP BY size ORDER BY size").fetchall()),
        sent=_sent(connection, every=every),
    )


def _step(first: int, last: int, bars: int) -> tuple[int, int]:
    """The shortest step with which the bars suffice, and where the first begins: at a round local time."""
    offset = (moment(last).astimezone().utcoffset() or timedelta()) // timedelta(microseconds=1)
    for one in STEPS:
        step = one // timedelta(microseconds=1)
        start = (first + offset) // step * step - offset
        if (last - start) // step < bars:
            return step, start
    return last - first + 1, first


def _buckets(counted: Mapping[int, tuple[int, int]], start: int, step: int, last: int) -> tuple[Bucket, ...]:
    """Every step from the first to the last, also those in which nothing came."""
    numbers = range((last - start) // step + 1)
    return tuple(Bucket(moment(start + number * step), *counted.get(number, (0, 0))) for number in numbers)


def _spread(counts: Iterable[tuple[int, int]], unit: float = 1) -> Spread | None:
    """The spread of numbers of which each is there so many times, in rising order; None where there are none."""
    counts = list(counts)
    total = sum(count for _, count in counts)
    if not total:
        return None

    def at_rank(rank: int) -> float:
        seen = 0
        for number, count in counts:
            seen += count
            if seen >= rank:
                return number / unit if unit != 1 else number
        raise AssertionError

    return Spread(total, at_rank(-(-total // 2)), at_rank(-(-total * 95 // 100)), at_rank(total))


_TARGET = "substr(url, 1, instr(url || '?', '?') - 1)"
_ROUNDED = "CASE WHEN elapsed < 100000 THEN elapsed / 100 * 100 ELSE elapsed / 1000 * 1000 END"
"""Tenths of a millisecond, whole ones from a tenth of a second on: as exact as anybody reads, and soon counted."""


def _sent(connection: sqlite3.Connection, *, every: bool) -> tuple[Sent, ...]:
    kept = "" if every else " WHERE seq IN (SELECT seq FROM kept)"
    sql = (
        f"SELECT kind, {_TARGET}, status IS NOT NULL, {_ROUNDED}, count(*),"
        f" sum(status IS NULL OR status NOT BETWEEN 200 AND 299) FROM attempts{kept}"
        " GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4"
    )
    times: dict[tuple[str, str], list[tuple[int, int]]] = {}
    totals: dict[tuple[str, str], list[int]] = {}
    for kind, target, answered, elapsed, count, failed in connection.execute(sql):
        total = totals.setdefault((kind, target), [0, 0])
        total[0] += count
        total[1] += failed
        if answered:
            times.setdefault((kind, target), []).append((elapsed, count))
    found = (Sent(*key, total[0], total[1], _spread(times.get(key, ()), _SECOND)) for key, total in totals.items())
    return tuple(sorted(found, key=lambda one: -one.count))
