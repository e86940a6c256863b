"""`hookcli stats`: what is counted, and how it fits where it is shown."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from hookcli.delivery import Attempt
from hookcli.render.chart import HEIGHT, chart, room_for_bars
from hookcli.store import schema
from hookcli.store.database import opened
from hookcli.store.filters import Filter
from hookcli.store.rows import Stored, insert, insert_attempt
from hookcli.store.stats import Bucket, statistics
from hookcli.units import STEPS, step_text
from support import a_delivery, a_message, fill, hookcli, on_a_terminal

if TYPE_CHECKING:
    from pathlib import Path

    from hookcli.delivery import Delivery

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


def at(minutes: float, **of: Any) -> Delivery:
    return a_delivery(of.pop("message", None), received_at=NOON + timedelta(minutes=minutes), **of)


def sent(store: Path, delivery: Delivery, *attempts: tuple[str, str, float, int | None]) -> None:
    with opened(store) as connection:
        for kind, url, elapsed, status in attempts:
            insert_attempt(
                connection,
                delivery.id,
                Attempt(
                    kind="replay" if kind == "replay" else "forward",
                    url=url,
                    started_at=NOON,
                    elapsed=elapsed,
                    status=status,
                    error=None if status else "refused",
                ),
            )


@pytest.fixture
def five(store: Path) -> list[Delivery]:
    """Five deliveries of twenty minutes."""
    return fill(
        store,
        at(0, provider="github", event="push", state="valid", message=a_message(b"x" * 10)),
        at(0.5, provider="github", event="push", state="invalid", message=a_message(b"x" * 20)),
        at(12, provider="github", event="pull_request", action="opened", state="stale", message=a_message(b"x" * 30)),
        at(12, provider="gitlab", event="Push Hook", state="valid", message=a_message(b"x" * 40)),
        at(20, message=a_message(b"x" * 1000)),
    )


def test_what_is_counted(five: list[Delivery], store: Path) -> None:
    sent(
        store,
        five[0],
        ("forward", "http://localhost:3000/a?token=1", 0.010, 200),
        ("forward", "http://localhost:3000/a?token=2", 0.020, 204),
        ("forward", "http://localhost:3000/a", 0.030, 500),
        ("forward", "http://localhost:3000/a", 5.0, None),
        ("replay", "http://localhost:3000/a", 2.5, 200),
    )
    done = hookcli("stats", "--json", "--store", store)
    assert (done.code, done.err) == (0, "")
    (record,) = done.records
    buckets = [(one["start"], one["count"], one["invalid"]) for one in record.pop("buckets") if one["count"]]
    assert buckets == [
        ("2026-01-31T12:00:00.000000Z", 1, 0),
        ("2026-01-31T12:00:30.000000Z", 1, 1),
        ("2026-01-31T12:12:00.000000Z", 2, 1),
        ("2026-01-31T12:20:00.000000Z", 1, 0),
    ]
    assert record == {
        "count": 5,
        "first": "2026-01-31T12:00:00.000000Z",
        "last": "2026-01-31T12:20:00.000000Z",
        "step": 30.0,
        "providers": {"github": 3, "gitlab": 1, "unknown": 1},
        "events": [
            {"provider": "github", "event": "push", "action": None, "count": 2},
            {"provider": "github", "event": "pull_request", "action": "opened", "count": 1},
            {"provider": "gitlab", "event": "Push Hook", "action": None, "count": 1},
            {"provider": "unknown", "event": None, "action": None, "count": 1},
        ],
        "verdicts": {"valid": 2, "invalid": 1, "unsigned": 1, "stale": 1},
        "answers": {"2xx": 5},
        "sizes": {"total": 1100, "median": 30, "p95": 1000, "largest": 1000},
        "sent": [
            {
                "kind": "forward",
                "target": "http://localhost:3000/a",
                "count": 4,
                "failed": 2,
                "times": {"median": 0.02, "p95": 0.03, "largest": 0.03},
            },
            {
                "kind": "replay",
                "target": "http://localhost:3000/a",
                "count": 1,
                "failed": 0,
                "times": {"median": 2.5, "p95": 2.5, "largest": 2.5},
            },
        ],
    }


def test_those_of_a_time(store: Path) -> None:
    now = datetime.now(UTC)
    old, new = fill(store, *(a_delivery(received_at=now - timedelta(hours=hours)) for hours in (48, 1)))
    for delivery in (old, new):
        sent(store, delivery, ("forward", f"http://localhost/{delivery.id}", 0.1, 200))
    (record,) = hookcli("stats", "--since", "2h", "--json", "--store", store).records
    assert (record["count"], record["first"] == record["last"], len(record["buckets"])) == (1, True, 1)
    assert [one["target"] for one in record["sent"]] == [f"http://localhost/{new.id}"]
    assert hookcli("stats", "--json", "--store", store).records[0]["count"] == 2


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (["provider:github"], 3),
        (["provider:github", "-verdict:valid"], 2),
        (["provider:github -verdict:valid"], 2),
        (["event:Push Hook"], 1),
        (["-event:Push Hook"], 4),
        (["event:push,pull_request provider:github"], 3),
        (["is:failed"], 1),
        (["octocat"], 0),
        (["xxxxxxxxxx"], 1),
    ],
)
def test_those_that_a_filter_keeps(five: list[Delivery], store: Path, words: list[str], count: int) -> None:
    sent(store, five[4], ("forward", "http://localhost", 0.1, 500))
    (record,) = hookcli("stats", *words, "--json", "--store", store).records
    assert record["count"] == count
    assert len(record["sent"]) == (words in (["is:failed"], ["-event:Push Hook"]))


def test_none(store: Path) -> None:
    done = hookcli("stats", "--store", store)
    assert (done.code, done.out, done.err) == (0, b"", "No such deliveries yet: `hookcli listen` receives them.\n")
    (record,) = hookcli("stats", "--json", "--store", store).records
    assert (record["count"], record["first"], record["buckets"], record["sizes"]["median"]) == (0, None, [], None)
    assert hookcli("stats", "--since", "soon", "--store", store).code == 2


def test_answers_and_what_was_not_answered(store: Path) -> None:
    with opened(store) as connection:
        insert(connection, [Stored(a_delivery(), 2, status) for status in (200, 204, 302, 404, 503, None)])
        found = statistics(connection, Filter(), 10)
    assert found.answers == {"2xx": 2, "3xx": 1, "4xx": 1, "5xx": 1, "none": 1}


@given(st.lists(st.integers(0, 10**15), min_size=1, max_size=30), st.integers(1, 100))
def test_the_bars_hold_every_delivery(moments: list[int], bars: int) -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        schema.migrate(connection)
        epoch = datetime(1990, 1, 1, tzinfo=UTC)
        times = [epoch + timedelta(microseconds=moment) for moment in moments]
        insert(connection, [Stored(a_delivery(received_at=time), len(moments)) for time in times])
        found = statistics(connection, Filter(), bars)
    assert len(found.buckets) <= bars
    assert sum(bucket.count for bucket in found.buckets) == len(moments)
    for number, bucket in enumerate(found.buckets):
        assert bucket.start == found.buckets[0].start + number * found.step
        assert bucket.count == sum(bucket.start <= time < bucket.start + found.step for time in times)


def test_medians_are_those_of_all_sizes(store: Path) -> None:
    sizes = [1, 1, 1, 2, 3, 3, 5, 8, 13, 21]
    fill(store, *(a_delivery(a_message(b"x" * size)) for size in sizes))
    (record,) = hookcli("stats", "--json", "--store", store).records
    assert record["sizes"] == {"total": sum(sizes), "median": 3, "p95": 21, "largest": 21}


def test_bodies_are_not_read(store: Path) -> None:
    fill(store, a_delivery(a_message(b"x" * 1000)))
    with opened(store) as connection:
        asked: list[str] = []
        connection.set_trace_callback(asked.append)
        statistics(connection, Filter(), 10)
    assert asked
    assert not [sql for sql in asked if "contents" in sql or "body" in sql]


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_on_a_terminal_it_is_as_wide_as_that(columns: int, store: Path) -> None:
    deliveries = [
        at(number * 7, provider=("github", "gitlab", "stripe")[number % 3], event="an_event_with_a_long_name")
        for number in range(200)
    ]
    fill(store, *deliveries)
    sent(store, deliveries[0], ("forward", "http://localhost:3000/" + "long/" * 30 + "?token=hidden", 0.1, 200))
    code, shown = on_a_terminal("stats", "--store", store, columns=columns)
    assert code == 0
    assert b"\x1b[" in shown
    lines = re.sub(r"\x1b\[[0-9;]*m", "", shown.decode()).splitlines()
    assert "hidden" not in shown.decode()
    if columns >= 80:
        assert max(map(cell_len, lines)) <= columns
    bars = [line for line in lines if "█" in line and ("┤" in line or "│" in line)]
    assert bars
    assert "providers" in lines[lines.index(next(line for line in lines if "└" in line)) + 3]
    assert ("verdicts" in next(line for line in lines if "providers" in line)) == (columns == 80)
    assert ("events" in next(line for line in lines if "providers" in line)) == (columns == 120)


def test_in_a_pipe_it_is_plain(five: list[Delivery], store: Path) -> None:
    sent(store, five[0], ("forward", "http://localhost:3000/?key=hidden", 0.01, None))
    done = hookcli("stats", "--store", store, env={"TZ": "UTC"})
    assert (done.code, done.err) == (0, "")
    assert done.text.splitlines() == [
        "5 deliveries  2026-01-31 12:00 to 2026-01-31 12:20, 2 in 1 min at most",
        "",
        *(
            f"2026-01-31 12:{minute:02}:00  {count}{'  1 invalid' if count == 2 else ''}"
            for minute, count in enumerate([2, *[0] * 11, 2, *[0] * 7, 1])
        ),
        "",
        "providers",
        "github   3  60 %  ████▊",
        "gitlab   1  20 %  █▋",
        "unknown  1  20 %  █▋",
        "",
        "events",
        "github push                 2  40 %  ███▎",
        "github pull_request.opened  1  20 %  █▋",
        "gitlab Push Hook            1  20 %  █▋",
        "unknown -                   1  20 %  █▋",
        "",
        "verdicts",
        "✓ valid     2  40 %  ███▎",
        "✗ invalid   1  20 %  █▋",
        "– unsigned  1  20 %  █▋",
        "! stale     1  20 %  █▋",
        "",
        "answers",
        "2xx  5 100 %  ████████",
        "",
        "sizes",
        "median 30 B, 95 % up to 1.0 kB, largest 1.0 kB, 1.1 kB in all",
        "",
        "sent on                          count  failed  median  95 %  longest",
        "forward  http://localhost:3000/      1       1       -     -        -",
    ]


def test_nothing_of_a_delivery_is_obeyed(store: Path) -> None:
    fill(store, a_delivery(provider="evil\x1b[2J", event="\x1b[31m\u202e"))
    text = hookcli("stats", "--store", store).text
    assert all(line.isprintable() for line in text.splitlines())


def test_many_are_told_as_a_number(store: Path) -> None:
    fill(store, *(a_delivery(provider="github", event=f"event {number}") for number in range(14)))
    assert re.search(r"(?m)^4 more +4 +29 %", hookcli("stats", "--store", store).text)


class TestChart:
    @given(
        st.lists(st.integers(0, 10**7), min_size=1, max_size=60).filter(any),
        st.integers(80, 160),
        st.sampled_from(STEPS),
        st.data(),
    )
    def test_it_fits_and_shows_every_bar(
        self, counts: list[int], width: int, step: timedelta, data: st.DataObject
    ) -> None:
        step = min(step, timedelta(days=91))
        buckets = [
            Bucket(NOON + number * step, count, data.draw(st.integers(0, count))) for number, count in enumerate(counts)
        ]
        lines = list(chart(buckets[: room_for_bars(width)], step, width))
        assert len(lines) == HEIGHT + 2
        assert all(line.cell_len <= width for line in lines)
        foot = lines[HEIGHT - 1].plain.partition("┤")[2]
        bar = len(lines[HEIGHT].plain.partition("└")[2]) // len(buckets)
        assert [foot[number * bar] != " " for number in range(len(buckets))] == [count > 0 for count in counts]
        top = lines[0].plain.partition("┤")[2]
        assert any(top[number * bar] != " " for number in range(len(buckets)))

    def test_without_colour_a_bar_is_whole(self) -> None:
        buckets = [Bucket(NOON, 48, 3)]
        colored, plain = (list(chart(buckets, STEPS[0], 80, colored=one))[HEIGHT - 1] for one in (True, False))
        assert "▃" in colored.plain
        assert plain.plain.endswith("┤█████ ")

    def test_times_stand_below_their_bars(self) -> None:
        buckets = [Bucket(NOON.astimezone() + timedelta(minutes=10 * number), 1, 0) for number in range(12)]
        *_, axis, times = chart(buckets, timedelta(minutes=10), 80)
        for tick in re.finditer("┬", axis.plain):
            text = times.plain[tick.start() :].split()[0]
            assert re.fullmatch(r"\d\d:[03]0", text)


def test_a_step_is_named_in_its_own_unit() -> None:
    assert [step_text(step) for step in STEPS[:16:3]] == ["1 s", "30 s", "10 min", "2 h", "12 h", "7 d"]
