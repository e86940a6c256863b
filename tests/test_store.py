"""The store: one SQLite file that several processes share and that keeps what it was given."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hookcli.delivery import Attempt, Delivery, Headers, Identity, Message, Verdict, to_text
from hookcli.errors import Environment, WrongInput
from hookcli.store import query, schema
from hookcli.store.database import connect, default_path, opened
from hookcli.store.filters import Filter
from hookcli.store.query import find, newest, shortest_prefixes
from hookcli.store.rows import Stored, headers_from_blob, headers_to_blob, insert, insert_attempt
from hookcli.store.writer import AttemptOf, Writer
from support import SAFETY, a_delivery, a_message, environment, fill, hookcli

if TYPE_CHECKING:
    from collections.abc import Coroutine

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


def kept(store: Path, wanted: Filter | None = None) -> list[Stored]:
    """What lies in the store and meets a filter, whole, the oldest first."""
    with opened(store) as connection:
        return list(newest(connection, wanted or Filter(), 10_000, contents=True))[::-1]


def pragma(connection: sqlite3.Connection, name: str) -> Any:
    return connection.execute(f"PRAGMA {name}").fetchone()[0]


# The file.


def test_a_new_store_is_its_owners_alone_and_written_durably(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "store.db"
    before = os.umask(0)
    try:
        with closing(connect(path)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            insert(connection, [Stored(a_delivery(), 2, 200)])
            connection.execute("COMMIT")
            assert pragma(connection, "journal_mode") == "wal"
            assert pragma(connection, "synchronous") == 2  # FULL
            assert pragma(connection, "foreign_keys") == 1
            assert pragma(connection, "application_id") == schema.APPLICATION_ID
            files = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    finally:
        os.umask(before)
    assert files == {"store.db": 0o600, "store.db-wal": 0o600, "store.db-shm": 0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_the_default_store_lies_in_the_users_data_directory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_path().parts[-2:] == ("hookcli", "deliveries.db")
    if sys.platform.startswith("linux"):
        assert default_path().is_relative_to(tmp_path)


@pytest.mark.parametrize("version", range(len(schema.MIGRATIONS) + 1))
def test_a_store_of_any_earlier_version_becomes_one_of_today(store: Path, version: int) -> None:
    with closing(sqlite3.connect(store, isolation_level=None)) as old:
        for migration in schema.MIGRATIONS[:version]:
            old.executescript(migration)
        old.execute(f"PRAGMA user_version = {version}")
        old.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
    sent = a_delivery(a_message(b"x"))
    fill(store, sent)
    assert [one.delivery for one in kept(store)] == [sent]
    with closing(connect(store)) as connection:
        assert schema.version(connection) == len(schema.MIGRATIONS)


def test_opening_a_store_again_changes_nothing(store: Path) -> None:
    fill(store, a_delivery(), a_delivery())
    before = kept(store)
    for _ in range(3):
        connect(store).close()
    assert kept(store) == before


def test_a_store_of_a_newer_hookcli_is_left_alone(store: Path) -> None:
    connect(store).close()
    with closing(sqlite3.connect(store, isolation_level=None)) as newer:
        newer.execute(f"PRAGMA user_version = {len(schema.MIGRATIONS) + 1}")
    with pytest.raises(Environment, match=r"store\.db was written by a newer hookcli") as caught:
        connect(store)
    assert "Upgrade hookcli" in caught.value.fix
    ended = hookcli("list", "--store", store)
    assert (ended.code, ended.out) == (3, b"")
    assert ended.err.startswith(f"Error: The store {store} was written by a newer hookcli.\n")


def test_another_programs_database_is_left_alone(store: Path) -> None:
    with closing(sqlite3.connect(store, isolation_level=None)) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
        before = store.read_bytes()
        with pytest.raises(Environment, match="is another program's database, not a hookcli store") as caught:
            connect(store)
        assert "--store PATH" in caught.value.fix
    assert store.read_bytes() == before


def test_a_file_that_is_no_database_is_left_alone(store: Path) -> None:
    store.write_text("Dear diary, " * 1000)
    with pytest.raises(Environment, match="can't be used: file is not a database") as caught:
        connect(store)
    assert "--store PATH" in caught.value.fix
    assert store.read_text() == "Dear diary, " * 1000


@pytest.mark.parametrize("where", [".", "file/store.db"])
def test_a_path_where_no_file_can_be(tmp_path: Path, where: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Environment, match="can't be opened: ") as caught:
        connect(tmp_path / where)
    assert "--store PATH" in caught.value.fix
    assert caught.value.exit_code == 3


def test_an_error_of_sqlite_in_a_command_is_told_to_a_person(store: Path) -> None:
    with pytest.raises(Environment, match="can't be used: no such table: nonsense"), opened(store) as connection:
        connection.execute("SELECT * FROM nonsense")


def test_a_damaged_store_is_an_error_and_no_traceback(store: Path) -> None:
    fill(store, *(a_delivery(a_message(os.urandom(3000))) for _ in range(20)))
    content = bytearray(store.read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    store.write_bytes(content)
    ended = hookcli("list", "--json", "--store", store)
    assert ended.code == 3
    assert ended.err.startswith(f"Error: The store {store} can't be used: ")
    assert "Traceback" not in ended.err


# Several at once.

WRITE_SOME = """
import sys
from pathlib import Path
from support import a_delivery, fill
for number in range(10):
    fill(Path(sys.argv[1]), a_delivery(event=f"{sys.argv[2]}.{number}"))
"""


def test_several_processes_make_and_fill_one_store(store: Path) -> None:
    path = os.pathsep.join([str(Path(__file__).parent), *filter(None, [os.environ.get("PYTHONPATH")])])
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITE_SOME, str(store), str(number)],
            env=environment(PYTHONPATH=path),
            stderr=subprocess.PIPE,
        )
        for number in range(4)
    ]
    for one in writers:
        _, err = one.communicate(timeout=SAFETY)
        assert (one.returncode, err) == (0, b"")
    events = [one.delivery.identity.event for one in kept(store)]
    assert len(events) == 40
    for number in range(4):
        own = [event for event in events if event and event.startswith(f"{number}.")]
        assert own == [f"{number}.{count}" for count in range(10)]


def test_several_may_make_a_store_at_the_very_same_moment(tmp_path: Path) -> None:
    together = threading.Barrier(6)

    def make(path: Path) -> None:
        together.wait(SAFETY)
        connect(path).close()

    with ThreadPoolExecutor(together.parties) as threads:
        for number in range(20):
            list(threads.map(make, [tmp_path / f"{number}.db"] * together.parties))


def test_one_reads_while_another_writes(store: Path) -> None:
    fill(store, a_delivery())
    with closing(connect(store)) as writing:
        writing.execute("BEGIN IMMEDIATE")
        insert(writing, [Stored(a_delivery(), 2, 200)])
        assert len(kept(store)) == 1
        writing.execute("COMMIT")
    assert len(kept(store)) == 2


# What is written is read.

text = st.text(st.characters(codec="utf-8"), max_size=10)
wire_text = st.binary(max_size=20).map(lambda data: to_text(data.translate(None, b"\r\n")))
names = st.from_regex(r"\A[!#$%&'*+.^_`|~0-9A-Za-z-]{1,12}\Z")
identities = st.builds(
    Identity,
    provider=st.sampled_from(["github", "argo-events", "unknown"]),
    event=st.none() | text,
    action=st.none() | text,
    delivery_id=st.none() | text,
    attempt=st.none() | st.integers(0, 2**63 - 1),
    hook_id=st.none() | text,
    is_ping=st.booleans(),
)
deliveries = st.builds(
    Delivery,
    id=st.uuids().map(str),
    received_at=st.datetimes(datetime(1971, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 (hypothesis adds the zone)
    remote=text,
    method=names,
    target=wire_text,
    http_version=st.sampled_from(["1.0", "1.1"]),
    headers=st.lists(st.tuples(names, wire_text.map(lambda value: value.strip(" \t")))).map(Headers),
    body=st.binary(),
    summary=text,
    identity=st.builds(
        lambda outer, inner: replace(outer, carries=inner), identities, st.none() | identities | st.none()
    ),
    verdict=st.builds(
        Verdict,
        state=st.sampled_from(["valid", "invalid", "unsigned", "no secret", "stale"]),
        scheme=st.none() | text,
        header=st.none() | text,
        detail=st.none() | text,
    ),
)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(deliveries, min_size=1, max_size=5, unique_by=lambda one: one.id), st.none() | st.integers(200, 599))
def test_any_delivery_survives_writing_and_reading(store: Path, sent: list[Delivery], status: int | None) -> None:
    with opened(store) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("DELETE FROM deliveries")
        written = insert(connection, [Stored(one, len(one.body), status) for one in sent])
        connection.execute("COMMIT")
    assert kept(store) == written
    assert [replace(one, repeats=None) for one in written] == [Stored(one, len(one.body), status) for one in sent]


@given(st.lists(st.tuples(names, wire_text.map(lambda value: value.strip(" \t")))))
def test_headers_survive_as_one_blob(pairs: list[tuple[str, str]]) -> None:
    assert headers_from_blob(headers_to_blob(Headers(pairs))) == Headers(pairs)


def test_text_that_is_no_unicode_and_numbers_without_end_do_not_keep_a_delivery_out(store: Path) -> None:
    odd = "a\udcff\ud800b"
    identity = Identity(
        event=odd, action=odd, delivery_id=odd, hook_id=odd, attempt=10**30, carries=Identity(event=odd)
    )
    sent = replace(a_delivery(), identity=identity, summary=odd, verdict=Verdict(detail=odd))
    fill(store, sent)
    (found,) = kept(store)
    assert found.delivery.identity == Identity(
        event="a??b", action="a??b", delivery_id="a??b", hook_id="a??b", attempt=None, carries=Identity(event=odd)
    )
    assert (found.delivery.summary, found.delivery.verdict.detail) == ("a??b", "a??b")


def test_a_list_needs_no_bodies(store: Path) -> None:
    fill(store, a_delivery(a_message(b"x" * 1000), event="push"))
    with opened(store) as connection:
        (found,) = newest(connection, Filter(), 1)
    assert (found.size, found.status, found.delivery.identity.event) == (1000, 200, "push")
    assert (found.delivery.body, len(found.delivery.headers)) == (b"", 0)


def an_attempt(url: str = "http://localhost:3000/") -> Attempt:
    return Attempt(
        kind="forward",
        url=url,
        started_at=NOON,
        elapsed=0.25,
        status=201,
        headers=Headers([("X-A", "b")]),
        body=b"\xffok",
    )


def test_attempts_stand_beside_their_delivery_in_order(store: Path) -> None:
    one, other = fill(store, a_delivery(), a_delivery())
    failed = replace(an_attempt(), kind="replay", status=None, error="connection refused", body=b"", headers=Headers())
    with opened(store) as connection:
        insert_attempt(connection, one.id, an_attempt())
        insert_attempt(connection, one.id, failed)
        insert_attempt(connection, "nobody", an_attempt())
        assert query.attempts(connection, one.id) == [an_attempt(), failed]
        assert query.attempts(connection, other.id) == []


def test_an_attempt_at_a_target_that_is_no_unicode(store: Path) -> None:
    (one,) = fill(store, a_delivery())
    with opened(store) as connection:
        insert_attempt(connection, one.id, an_attempt("http://localhost/\udcff"))
        (found,) = query.attempts(connection, one.id)
    assert found.url == "http://localhost/?"


# Finding.


def test_one_is_found_by_last_and_by_what_is_behind_it(store: Path) -> None:
    first, second, third = fill(store, a_delivery(), a_delivery(), a_delivery())
    with opened(store) as connection:
        for name, wanted in {"last": third, "last~0": third, "last~1": second, "last~2": first}.items():
            assert find(connection, name).delivery == wanted
        with pytest.raises(WrongInput, match="There is no delivery last~3: the store has 3"):
            find(connection, "last~3")
        with pytest.raises(WrongInput, match=r"No delivery is called last~9+\."):
            find(connection, "last~" + "9" * 30)


def test_nothing_is_last_in_an_empty_store(store: Path) -> None:
    with opened(store) as connection, pytest.raises(WrongInput, match="There is no delivery last: the store has 0"):
        find(connection, "last")


def test_one_is_found_by_the_beginning_of_either_id_in_any_case(store: Path) -> None:
    github, gitea = fill(
        store,
        a_delivery(id="01JD8ZAAAAAAAAAAAAAAAAAAAA", delivery_id="72d3162e-cc78-11e3-81ab-4c9367dc0958"),
        a_delivery(id="01JD8ZBBBBBBBBBBBBBBBBBBBB", delivery_id="F6266F16-1bf3-46a5-9ea4-602e06ead473"),
    )
    with opened(store) as connection:
        for name in (github.id, github.id.lower(), "01JD8ZA", "01jd8za", "72d3162e-cc78-11e3-81ab-4c9367dc0958", "72D"):
            assert find(connection, name).delivery == github, name
        for name in ("01jd8zb", "f6266f16", "F6266F16-1BF3", "f"):
            assert find(connection, name).delivery == gitea, name
        for name in ("nope", "", "01JD8ZC", "%", "_", "*", "72d3162e-cc78-11e3-81ab-4c9367dc0958x", "\udcff"):
            with pytest.raises(WrongInput, match="No delivery is called"):
                find(connection, name)


def test_what_could_be_several_is_not_guessed(store: Path) -> None:
    sent = fill(store, *(a_delivery(id=f"01JD8Z{letter * 20}") for letter in "ABCDE"))
    with opened(store) as connection:
        with pytest.raises(WrongInput, match="is the beginning of more than one delivery's id") as caught:
            find(connection, "01jd8z")
        assert sent[-1].id in caught.value.what
        assert caught.value.what.endswith(f"{sent[2].id} and more.")
        assert "Give more of it" in caught.value.fix


def test_an_id_that_is_also_the_beginning_of_others_is_found(store: Path) -> None:
    whole, *longer = fill(
        store, a_delivery(delivery_id="evt_1"), *(a_delivery(delivery_id=f"evt_1{number}") for number in range(9))
    )
    with opened(store) as connection:
        assert find(connection, "EVT_1").delivery == whole
        assert find(connection, "evt_12").delivery == longer[2]


def test_a_provider_that_sends_one_id_twice_is_ambiguous(store: Path) -> None:
    fill(store, a_delivery(delivery_id="evt_1"), a_delivery(delivery_id="evt_1"))
    with opened(store) as connection, pytest.raises(WrongInput, match="more than one"):
        find(connection, "evt_1")


@given(
    st.lists(st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=26, max_size=26), min_size=1, max_size=8, unique=True)
    | st.lists(st.text("01", min_size=26, max_size=26), min_size=1, max_size=8, unique=True)
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_shortest_prefix_finds_its_own_delivery(store: Path, ids: list[str]) -> None:
    with opened(store) as connection:
        connection.execute("DELETE FROM deliveries")
    fill(store, *(a_delivery(id=one) for one in ids))
    with opened(store) as connection:
        for one, shortest in zip(ids, shortest_prefixes(connection, ids), strict=True):
            assert one.startswith(shortest)
            assert find(connection, shortest).delivery.id == one
            if len(shortest) > query.LEAST_PREFIX:
                assert sum(other.startswith(shortest[:-1]) for other in ids) > 1


def test_newest_first_and_no_more_than_asked_for(store: Path) -> None:
    sent = fill(store, *(a_delivery() for _ in range(5)))
    with opened(store) as connection:
        found = [one.delivery for one in newest(connection, Filter(), 2, contents=True)]
        assert found == [sent[4], sent[3]]
        found = [one.delivery for one in newest(connection, Filter(), 2, contents=True, skip=3)]
        assert found == [sent[1], sent[0]]


# Deleting.


def test_deleting_leaves_nothing_behind(store: Path) -> None:
    one, other = fill(store, a_delivery(), a_delivery())
    with opened(store) as connection:
        insert_attempt(connection, one.id, an_attempt())
        assert query.delete(connection, [one.id, "nobody"]) == 1
        assert query.delete(connection, [one.id]) == 0
        for table in ("deliveries", "contents", "responses", "attempts"):
            left = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            assert left == (0 if table == "attempts" else 1), table
        assert pragma(connection, "integrity_check") == "ok"
    assert [found.delivery for found in kept(store)] == [other]


def test_deleting_what_came_before_a_moment(store: Path) -> None:
    _, at, after = fill(store, *(a_delivery(received_at=NOON + timedelta(microseconds=count)) for count in (-1, 0, 1)))
    with opened(store) as connection:
        assert query.delete_before(connection, NOON) == 1
    assert [found.delivery for found in kept(store)] == [at, after]


# The writer.


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, SAFETY))


def test_what_is_written_is_on_disk_when_its_future_is_done(store: Path) -> None:
    async def write() -> None:
        writer = Writer(store, asyncio.get_running_loop())
        for number in range(3):
            await writer.write(Stored(a_delivery(event=str(number)), 2, 200))
            assert [one.delivery.identity.event for one in kept(store)] == [str(past) for past in range(number + 1)]
        await writer.close()

    run(write())


def test_many_at_once_are_all_written_in_order(store: Path) -> None:
    sent = [a_delivery(event=str(number)) for number in range(1000)]

    async def write() -> None:
        writer = Writer(store, asyncio.get_running_loop())
        await asyncio.gather(*(writer.write(Stored(one, 2, 200)) for one in sent))
        await writer.close()

    run(write())
    assert [one.delivery for one in kept(store)] == sent


def test_closing_writes_what_still_waits(store: Path) -> None:
    async def write() -> None:
        writer = Writer(store, asyncio.get_running_loop())
        waiting = [writer.write(Stored(a_delivery(), 2, 200)) for _ in range(100)]
        await writer.close()
        await asyncio.gather(*waiting)

    run(write())
    assert len(kept(store)) == 100


def test_a_bad_row_fails_alone_and_says_so_to_whoever_waits(store: Path) -> None:
    (old,) = fill(store, a_delivery())
    good = [a_delivery(event=str(number)) for number in range(20)]
    bad = a_delivery(Message(), id=old.id)

    async def write() -> None:
        writer = Writer(store, asyncio.get_running_loop())
        writes = [Stored(one, 2, 200) for one in (*good[:10], bad, *good[10:])]
        # One batch: the writer's thread waits for the lock that is held here while they are handed over.
        with closing(connect(store)) as other:
            other.execute("BEGIN IMMEDIATE")
            waiting = [writer.write(one) for one in writes]
            other.execute("COMMIT")
        results = await asyncio.gather(*waiting, return_exceptions=True)
        failed = [result for result in results if not isinstance(result, Stored)]
        assert results[10] is failed[0]
        assert len(failed) == 1
        assert isinstance(failed[0], sqlite3.IntegrityError)
        await writer.write(AttemptOf(good[0].id, an_attempt()))
        await writer.write(AttemptOf("deleted since", an_attempt()))
        await writer.close()

    run(write())
    assert [one.delivery for one in kept(store)] == [old, *good]
    with opened(store) as connection:
        assert query.attempts(connection, good[0].id) == [an_attempt()]
        assert connection.execute("SELECT count(*) FROM attempts").fetchone()[0] == 1


def test_a_writer_that_nobody_waits_for_any_more_goes_on(store: Path) -> None:
    async def write() -> None:
        writer = Writer(store, asyncio.get_running_loop())
        writer.write(Stored(a_delivery(), 2, 200)).cancel()
        await writer.write(Stored(a_delivery(), 2, 200))
        await writer.close()

    run(write())
    assert len(kept(store)) == 2


def test_a_writer_says_at_once_that_its_store_can_not_be_opened(tmp_path: Path) -> None:
    async def write() -> None:
        with pytest.raises(Environment, match="can't be opened"):
            Writer(tmp_path, asyncio.get_running_loop())

    run(write())
