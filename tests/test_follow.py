"""Following a store: nothing is missed and nothing told twice, whoever writes and deletes."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hookcli.delivery import UlidMaker
from hookcli.store import follow, query
from hookcli.store.database import connect
from hookcli.store.filters import Filter, parse_filter
from hookcli.store.follow import Follower
from hookcli.store.rows import Stored, insert
from support import a_delivery

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime.now(UTC)


class Store:
    """A store with somebody who writes and somebody who reads."""

    def __init__(self, path: Path) -> None:
        self.writing, self.reading = connect(path), connect(path)
        for connection in (self.writing, self.reading):
            connection.execute("PRAGMA synchronous = OFF")
        self._new_id = UlidMaker()

    def add(self, count: int, event: str = "push") -> list[str]:
        stored = [Stored(a_delivery(id=self._new_id(), event=event), 2) for _ in range(count)]
        self.writing.execute("BEGIN IMMEDIATE")
        insert(self.writing, stored)
        self.writing.execute("COMMIT")
        return [one.delivery.id for one in stored]

    def ids(self) -> list[str]:
        return [row[0] for row in self.writing.execute("SELECT id FROM deliveries ORDER BY seq")]

    def close(self) -> None:
        self.writing.close()
        self.reading.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store(tmp_path / "store.db")) as made:
        yield made


def ids(found: Iterator[Stored]) -> list[str]:
    return [one.delivery.id for one in found]


def test_the_last_and_then_what_comes(store: Store) -> None:
    old = store.add(5)
    follower = Follower(store.reading, Filter())
    first = store.add(3)
    assert ids(follower.last()) == old[::-1]
    assert ids(follower.new()) == first
    assert ids(follower.new()) == []
    second = store.add(2)
    assert ids(follower.new()) == second
    assert ids(follower.last()) == old[::-1]


def test_more_than_are_read_at_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "BATCH", 4)
    old = store.add(9)
    follower = Follower(store.reading, parse_filter("event:push", NOW))
    store.add(3, "ping")
    new = store.add(8)
    store.add(3, "ping")
    assert ids(follower.last()) == old[::-1]
    assert ids(follower.new()) == new
    assert ids(follower.new()) == []
    assert ids(follower.new()) == []


def test_by_words_too(store: Store) -> None:
    follower = Follower(store.reading, parse_filter("localhost", NOW))
    new = store.add(2)
    assert ids(follower.new()) == new
    assert ids(follower.new()) == []


def test_nothing_is_asked_where_nothing_came(store: Store) -> None:
    store.add(3)
    follower = Follower(store.reading, Filter())
    assert ids(follower.new()) == []
    asked: list[str] = []
    store.reading.set_trace_callback(asked.append)
    for _ in range(3):
        assert ids(follower.new()) == []
    assert asked == ["PRAGMA data_version"] * 3


def test_who_leaves_off_is_told_the_rest(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "BATCH", 2)
    follower = Follower(store.reading, Filter())
    new = store.add(5)
    some = follower.new()
    assert next(some).delivery.id == new[0]
    some.close()  # type: ignore[attr-defined]
    assert ids(follower.new()) == new[1:]


@given(
    st.integers(0, 3),
    st.lists(
        st.tuples(st.sampled_from(["add", "delete newest", "delete oldest", "look"]), st.integers(1, 4)), max_size=30
    ),
)
@settings(max_examples=60)
def test_each_delivery_is_told_once(before: int, steps: list[tuple[str, int]]) -> None:
    with TemporaryDirectory() as folder, closing(Store(Path(folder) / "store.db")) as store:
        known = {*store.add(before)} if before else set()
        follower = Follower(store.reading, Filter())
        for what, count in [*steps, ("look", 1)]:
            if what == "add":
                store.add(count)
            elif what == "look":
                new = ids(follower.new())
                assert new == [one for one in store.ids() if one not in known]
                known |= {*new}
            elif there := store.ids():
                query.delete(store.writing, there[-count:] if what == "delete newest" else there[:count])


def test_a_store_that_is_gone_says_so(store: Store) -> None:
    follower = Follower(store.reading, Filter())
    store.reading.close()
    with pytest.raises(sqlite3.ProgrammingError):
        list(follower.new())
