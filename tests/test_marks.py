"""What a store marks in deliveries: the kind of their answer, and which ones repeat an earlier one."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hookcli.delivery import Headers, Message
from hookcli.store import query
from hookcli.store.database import opened
from hookcli.store.filters import Filter
from hookcli.store.query import newest
from hookcli.store.rows import LARGEST_INSERT, Stored, insert
from hookcli.store.writer import Writer
from support import SAFETY, a_delivery, a_message, environment, fill, hookcli, listening, post

ASKED = Message(method="OPTIONS", headers=Headers([("Host", "localhost"), ("WebHook-Request-Origin", "example.com")]))
NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


def kept(store: Path) -> list[Stored]:
    """What lies in the store, the oldest first."""
    with opened(store) as connection:
        return list(newest(connection, Filter(), 10_000))[::-1]


def repeats(store: Path) -> list[int | None]:
    """For each delivery the position of the one that it repeats, the oldest first."""
    found = kept(store)
    positions = {one.delivery.id: number for number, one in enumerate(found)}
    return [positions[one.repeats] if one.repeats else None for one in found]


# Kinds of answer.


def test_handshakes_and_refusals_are_told_from_plain_answers(store: Path) -> None:
    with listening(store, "--allow-from", "127.0.0.1", "--json") as listener:
        post(listener.port, ASKED)
        post(listener.port, a_message())
        live = [listener.record(), listener.record()]
        listener.stop()
    with listening(store, "--require-valid", "--json") as listener:
        post(listener.port, a_message())
        live.append(listener.record())
        listener.stop()
    records = hookcli("list", "--json", "--store", store).records[::-1]
    assert [one["answer"] for one in records] == ["handshake", "plain", "refused"]
    assert records == live
    assert [one.answer for one in kept(store)] == ["handshake", "plain", "refused"]
    handshake, plain, refused = hookcli("list", "--store", store).text.splitlines()[::-1]
    assert handshake.endswith("⇄ handshake answered")
    assert refused.endswith("⊘ refused, unsigned")
    assert plain.endswith("  POST /")
    assert "⊘ refused, unsigned\n" in hookcli("show", "--store", store).text


def test_a_kind_that_the_summary_does_not_begin_with_stands_before_it(store: Path) -> None:
    with opened(store) as connection:
        connection.execute("BEGIN IMMEDIATE")
        insert(connection, [Stored(a_delivery(summary="evil\x1b"), 2, 401, "refused"), Stored(a_delivery(), 2)])
        connection.execute("COMMIT")
    nothing, refused = hookcli("list", "--store", store).text.splitlines()
    assert refused.endswith("⊘ refused  evil␛")
    assert nothing.endswith("  POST /")
    assert [one["answer"] for one in hookcli("list", "--json", "--store", store).records] == [None, "refused"]


# Repeats.


def test_what_comes_again_is_marked_with_the_first_that_had_its_id(store: Path) -> None:
    fill(
        store,
        a_delivery(provider="github", delivery_id="a"),
        a_delivery(provider="github", delivery_id="b"),
        a_delivery(provider="gitea", delivery_id="a"),
        a_delivery(provider="github", delivery_id="a"),
        a_delivery(provider="github", delivery_id="A"),
        a_delivery(provider="github"),
        a_delivery(provider="github"),
        a_delivery(provider="unknown"),
        a_delivery(provider="unknown"),
    )
    fill(store, a_delivery(provider="github", delivery_id="a"), a_delivery(provider="gitea", delivery_id="a"))
    assert repeats(store) == [None, None, None, 0, None, None, None, None, None, 0, 2]


def test_rows_of_one_batch_count_and_of_its_parts_too(store: Path) -> None:
    several = [a_delivery(provider="github", delivery_id="same") for _ in range(2 * LARGEST_INSERT + 3)]
    fill(store, *several)
    assert repeats(store) == [None, *[0] * (len(several) - 1)]


def test_the_writer_says_what_a_delivery_repeats(store: Path) -> None:
    one, other = (a_delivery(provider="github", delivery_id="same") for _ in range(2))

    async def write() -> None:
        writer = Writer(store, asyncio.get_running_loop())
        results = await asyncio.gather(*(writer.write(Stored(each, 2, 200)) for each in (one, other)))
        assert [result.repeats for result in results] == [None, one.id]
        assert [result.delivery for result in results] == [one, other]
        await writer.close()

    asyncio.run(asyncio.wait_for(write(), SAFETY))


def test_a_mark_stays_when_the_first_is_deleted(store: Path) -> None:
    first, *_ = fill(store, *(a_delivery(provider="github", delivery_id="same") for _ in range(2)))
    with opened(store) as connection:
        query.delete(connection, [first.id])
    fill(store, a_delivery(provider="github", delivery_id="same"))
    assert [one.repeats for one in kept(store)] == [first.id, first.id]
    shown = hookcli("show", "last", "--store", store).text
    assert f"↻ repeats {first.id}\n" in shown


SEND_SAME = """
import sys
from pathlib import Path
from support import a_delivery, fill
for number in range(10):
    fill(Path(sys.argv[1]), a_delivery(provider="github", delivery_id="same"))
"""


def test_one_process_marks_what_came_in_another(store: Path) -> None:
    path = os.pathsep.join([str(Path(__file__).parent), *filter(None, [os.environ.get("PYTHONPATH")])])
    senders = [
        subprocess.Popen([sys.executable, "-c", SEND_SAME, str(store)], env=environment(PYTHONPATH=path))
        for _ in range(3)
    ]
    assert [one.wait(SAFETY) for one in senders] == [0, 0, 0]
    assert repeats(store) == [None, *[0] * 29]


def test_two_listeners_on_one_store_mark_each_others(store: Path) -> None:
    message = a_message(x_github_event="push", x_github_delivery="72d3162e-cc78-11e3-81ab-4c9367dc0958")
    with listening(store, "--json") as one, listening(store, "--json") as other:
        post(one.port, message)
        first = one.record()
        post(other.port, message)
        again = other.record()
    assert (first["repeats"], again["repeats"]) == (None, first["id"])


@pytest.mark.parametrize(
    ("again", "told"),
    [
        ({}, "(12 s before, same body)"),
        ({"body": b"other"}, "(12 s before, another body)"),
        ({"attempt": 2}, "(12 s before, same body, attempt 2 after 1)"),
    ],
)
def test_show_tells_how_long_after_and_whether_it_is_the_same(store: Path, again: dict[str, Any], told: str) -> None:
    first = a_delivery(a_message(b"body"), provider="github", delivery_id="same", attempt=1, received_at=NOON)
    second = replace(first, id=a_delivery().id, received_at=NOON + timedelta(seconds=12.3))
    second = replace(second, body=again.get("body", b"body"))
    second = replace(second, identity=replace(second.identity, attempt=again.get("attempt", 1)))
    fill(store, first, second)
    shown = hookcli("show", "--store", store).text
    assert f"↻ repeats {first.id} {told}\n" in shown
    (line, earlier) = hookcli("list", "--store", store).text.splitlines()
    assert line.endswith("↻ repeat  POST /")
    assert "repeat" not in earlier
    assert [one["repeats"] for one in hookcli("list", "--json", "--store", store).records] == [first.id, None]
    assert json.loads(hookcli("export", "last", "--format", "json", "--store", store).out)["repeats"] == first.id


# Stores of the first schema.

FIRST = """
CREATE TABLE deliveries (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, received_at INTEGER NOT NULL, method TEXT NOT NULL,
    target BLOB NOT NULL, http_version TEXT NOT NULL, remote TEXT NOT NULL, size INTEGER NOT NULL,
    provider TEXT NOT NULL, event TEXT, action TEXT, delivery_id TEXT, attempt INTEGER, hook_id TEXT,
    is_ping INTEGER NOT NULL, carries TEXT, summary TEXT NOT NULL, state TEXT NOT NULL, scheme TEXT, header TEXT,
    detail TEXT
);
CREATE INDEX deliveries_by_delivery_id ON deliveries (delivery_id COLLATE NOCASE) WHERE delivery_id IS NOT NULL;
CREATE TABLE contents (
    seq INTEGER PRIMARY KEY REFERENCES deliveries ON DELETE CASCADE, headers BLOB NOT NULL, body BLOB NOT NULL
);
CREATE TABLE responses (seq INTEGER PRIMARY KEY REFERENCES deliveries ON DELETE CASCADE, status INTEGER NOT NULL);
CREATE TABLE attempts (
    number INTEGER PRIMARY KEY, seq INTEGER NOT NULL REFERENCES deliveries ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('forward', 'replay')), url TEXT NOT NULL, started_at INTEGER NOT NULL,
    elapsed INTEGER NOT NULL, status INTEGER, error TEXT, headers BLOB, body BLOB
);
CREATE INDEX attempts_by_delivery ON attempts (seq);
PRAGMA user_version = 1;
PRAGMA application_id = 0x686F6F6B;
"""


def test_a_store_of_the_first_schema_is_marked_when_it_is_opened(store: Path) -> None:
    rows = [
        ("github", "a", "ada pushed", 200),
        ("github", "a", "ada pushed", 200),
        ("github", "A", "refused, invalid: ada pushed", 401),
        ("cloudevents", None, "handshake answered", 200),
        ("meta", None, "handshake refused: another verify token", 403),
        ("gitea", "a", "refused, said ada", 200),
        ("unknown", None, "", None),
        ("github", "a", "ada pushed", 200),
    ]
    with closing(sqlite3.connect(store)) as old:
        old.executescript(FIRST)
        for seq, (provider, delivery_id, summary, status) in enumerate(rows, 1):
            old.execute(
                "INSERT INTO deliveries VALUES (?, ?, 0, 'POST', x'2f', '1.1', '', 0, ?, 'push', NULL, ?, NULL, NULL,"
                " 0, NULL, ?, 'unsigned', NULL, NULL, NULL)",
                [seq, f"id{seq}", provider, delivery_id, summary],
            )
            old.execute("INSERT INTO contents VALUES (?, ?, ?)", [seq, b"X-A: b\r\n", b"body"])
            if status is not None:
                old.execute("INSERT INTO responses VALUES (?, ?)", [seq, status])
        old.commit()
    with opened(store) as connection:
        found = list(newest(connection, Filter(), 100, contents=True))[::-1]
    assert [one.answer for one in found] == [
        *["plain"] * 2,
        "refused",
        *["handshake"] * 2,
        *["plain"] * 3,
    ]
    assert [one.repeats for one in found] == [None, "id1", None, None, None, None, None, "id1"]
    assert [one.status for one in found] == [row[3] for row in rows]
    assert found[0].delivery.headers.get("x-a") == "b"
    assert found[0].delivery.body == b"body"
    # New ones are marked with what came under the old schema.
    fill(store, a_delivery(provider="github", delivery_id="a"))
    assert kept(store)[-1].repeats == "id1"
