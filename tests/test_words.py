"""Searching for words: what is found in bodies and headers, and that the index follows the store."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import re
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hookcli.delivery import Delivery, Headers, Message
from hookcli.errors import WrongInput
from hookcli.store import query, words
from hookcli.store.database import connect, opened
from hookcli.store.filters import Filter, parse_filter
from hookcli.store.rows import Stored, headers_to_blob
from hookcli.store.words import LONGEST_TEXT, index_some, missing, searchable
from hookcli.store.writer import Writer
from support import SAFETY, a_delivery, a_message, environment, fill, listening, post

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@pytest.fixture
def connection(store: Path) -> Iterator[sqlite3.Connection]:
    with opened(store) as opening:
        yield opening


def saying(body: bytes | str, **of: Any) -> Delivery:
    return a_delivery(a_message(body.encode() if isinstance(body, str) else body), **of)


def events(connection: sqlite3.Connection, expression: str) -> list[str | None]:
    """The events of the deliveries that an expression keeps, the oldest first."""
    found = query.newest(connection, parse_filter(expression, NOW), 1000)
    return [one.delivery.identity.event for one in found][::-1]


PUSH = {
    "title": 'Say "what" the shop\nis',
    "branch": "feature/read-basket",
    "user": {"login": "Ada.Marlowe", "city": "Zürich", "id": 4188221300},
    "标题": "修复合并请求创建失败的问题",
    "かな": "テストです",
    "text": "배포완료",
    "sha": "a625406f6977d45c1391b078f4d3656e0b75bfcb",
}


@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("shop", True),
        ("SHOP", True),
        ("sho", False),
        ("sho*", True),
        ("hop*", False),
        ("shop is", True),
        ('"the shop is"', True),
        ('"shop the"', False),
        ('"say what"', True),
        ('"the sh"*', True),
        ("title", True),
        ("feature/read-basket", True),
        ("read_basket", True),
        ("basket-read", False),
        ("ada.marlowe", True),
        ("Zurich", True),
        ("zürich", True),
        ("4188221300", True),
        ("41882*", True),
        ("a625406f*", True),
        ("合并请求", True),
        ("并请", True),
        ("请求合并", False),
        ("合并 失败", True),
        ("合并*", True),
        ("标题", True),
        ("テスト", True),
        ("スト", True),
        ("배포", True),
        ("완료", True),
        ("localhost", True),
        ("shop -basket", False),
        ("shop -banana", True),
        ("not shop", False),
        ("shop event:push", True),
        ("shop event:pull", False),
        ("banana", False),
        ('"not"', False),
        ("nu0041", False),
    ],
)
def test_words_of_a_json_body_are_found(
    connection: sqlite3.Connection,
    store: Path,
    words: str,
    is_found: bool,  # noqa: FBT001 (a parameter)
    ascii_only: bool,  # noqa: FBT001 (a parameter)
) -> None:
    fill(store, saying(json.dumps(PUSH, ensure_ascii=ascii_only), event="push"), saying("banana", event="other"))
    assert ("push" in events(connection, words)) == is_found


@pytest.mark.parametrize(
    ("message", "is_found"),
    [
        (Message(headers=Headers([("X-Note", "find me")])), True),
        (Message(headers=Headers([("find", "me")])), False),
        (Message(target="/find/me"), False),
        (Message(body="\ufefffind me".encode()), True),
        (Message(body=b"find me \xff"), False),
        (Message(body=gzip.compress(b"find me"), headers=Headers([("Content-Encoding", "gzip")])), True),
        (Message(body=gzip.compress(b"find me")), False),
        (Message(body=b"find+m%65", headers=Headers([("Content-Type", "application/x-www-form-urlencoded")])), True),
        (
            Message(
                body=urlencode({"payload": json.dumps({"a": "\N{GREEK SMALL LETTER PI} find me\n"})}).encode(),
                headers=Headers([("content-type", "application/x-www-form-urlencoded; charset=utf-8")]),
            ),
            True,
        ),
        (
            Message(body=b'{"a": "find+me"}', headers=Headers([("Content-Type", "application/x-www-form-urlencoded")])),
            True,
        ),
        (Message(body=b"find\0me"), True),
        (Message(body=b"\\ud83d\\ude00find me\\ud800"), True),
        (Message(body=b"find " + b"x " * LONGEST_TEXT), False),
        (Message(body=b"x " * (LONGEST_TEXT // 2 - 10) + b"find me"), True),
    ],
)
def test_what_is_searched(
    connection: sqlite3.Connection,
    store: Path,
    message: Message,
    is_found: bool,  # noqa: FBT001 (a parameter)
) -> None:
    fill(store, a_delivery(message, event="it"))
    assert events(connection, '"find me"') == (["it"] if is_found else [])


@pytest.mark.parametrize(
    ("expression", "what"),
    [
        ("event:a wo*rd", "'wo*rd' has a * where it can't be."),
        ("*word", "'*word' has a * where it can't be."),
        ("*", "There is no word in '*'."),
        ('"..."', "There is no word in '...'."),
        ('""', "There is no word in ''."),
        ('"a"b', "'b' stands behind a quote."),
    ],
)
def test_what_can_not_be_searched(expression: str, what: str) -> None:
    with pytest.raises(WrongInput) as caught:
        parse_filter(expression, NOW)
    assert caught.value.what.startswith(what)
    assert "^" in caught.value.what


def test_what_is_searched_changes_with_its_version_alone() -> None:
    """A delivery's words are taken out by the text that put them in: raise VERSION with whatever changes this."""
    headers = headers_to_blob(Headers([("A", "b\udcff"), ("Content-Encoding", "gzip")]))
    text = searchable(headers, gzip.compress('{"é": "\\u5408并\\n\\"\\ud800"} \0'.encode()))
    assert (words.VERSION, text) == (1, 'b?\ngzip\n{"é": " 合  并   \N{REPLACEMENT CHARACTER}"}  ')


@given(
    st.lists(
        st.tuples(
            st.sampled_from([b"Content-Type", b"content-encoding", b"X"]),
            st.binary().map(lambda value: value.translate(None, b"\r\n"))
            | st.sampled_from([b"gzip", b"application/x-www-form-urlencoded"]),
        )
    ),
    st.binary() | st.binary().map(gzip.compress) | st.text(r"\ud8c0%+ab").map(str.encode),
)
@example([(b"Content-Type", b"application/x-www-form-urlencoded")], b"%")
def test_any_delivery_has_a_text(headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    text = searchable(headers_to_blob(Headers(headers)), body)
    assert text == text.encode().decode()
    assert "\0" not in text


# The index follows the store.


def test_deleted_words_are_gone_also_when_their_number_is_given_again(
    connection: sqlite3.Connection, store: Path
) -> None:
    one, two, three = fill(store, *(saying(f"shop {word}", event=word) for word in ("one", "two", "three")))
    assert events(connection, "shop") == ["one", "two", "three"]
    query.delete(connection, [three.id])
    (four,) = fill(store, saying("bakery", event="four"))
    assert query.with_id(connection, four.id).seq == 3  # type: ignore[union-attr]
    assert events(connection, "shop") == ["one", "two"]
    assert events(connection, "three") == []
    assert events(connection, "bakery") == ["four"]
    query.delete(connection, [one.id])
    fill(store, saying("shop five", event="five"))
    assert events(connection, "shop") == ["two", "five"]
    query.delete(connection, [two.id, four.id])
    query.delete_kept(connection, Filter())
    assert events(connection, "shop") == []
    assert in_the_index(connection) == []
    fill(store, saying("shop six", event="six"))
    assert events(connection, "shop") == ["six"]


def in_the_index(connection: sqlite3.Connection) -> list[str]:
    """Every word that the index has for any delivery."""
    connection.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.every USING fts5vocab(main, words, row)")
    return [row[0] for row in connection.execute("SELECT term FROM temp.every")]


def test_what_was_not_indexed_yet_is_deleted_too(connection: sqlite3.Connection, store: Path) -> None:
    sent = fill(store, *(saying("shop") for _ in range(5)))
    index_some(connection, 2)
    query.delete(connection, [sent[0].id, sent[3].id, sent[4].id])
    assert missing(connection) == 1
    fill(store, saying("shop", event="new"))
    assert len(events(connection, "shop")) == 3
    assert missing(connection) == 0


def test_an_index_of_another_version_is_made_anew(
    connection: sqlite3.Connection, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = fill(store, saying("shop", event="one"), saying("shop", event="two"))
    assert events(connection, "shop") == ["one", "two"]
    monkeypatch.setattr(words, "VERSION", words.VERSION + 1)
    with closing(connect(store)) as newer:
        assert missing(newer) == 2
        query.delete(newer, [one.id])
        assert events(newer, "shop") == ["two"]
        assert missing(newer) == 0


@pytest.mark.parametrize("most", [1, 3, 1000])
def test_a_batch_is_bounded(connection: sqlite3.Connection, store: Path, most: int) -> None:
    fill(store, *(saying("shop") for _ in range(7)))
    counts = []
    while count := index_some(connection, most):
        counts.append(count)
    assert sum(counts) == 7
    assert max(counts) <= most


def test_a_batch_ends_where_its_bodies_get_large(connection: sqlite3.Connection, store: Path) -> None:
    fill(store, *(saying(b"shop" * (words.BATCH_BYTES // 8)) for _ in range(5)))
    assert [index_some(connection) for _ in range(4)] == [2, 2, 1, 0]


A_WORD = st.text("ab\u5408\u5e76-", min_size=1, max_size=4).filter(lambda word: word.strip("-") != "")
STEPS = st.lists(
    st.lists(st.lists(A_WORD, max_size=4).map(" ".join), min_size=1, max_size=4)  # put
    | st.integers(0, 9)  # delete the one in this place, from the newest
    | st.just("index"),
    max_size=10,
)


def tokens(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+|[\u5408\u5e76]", text)


@given(STEPS, A_WORD, st.sampled_from(["", "*"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@example([["a"], 0, "index", ["b"], "index", 0, ["a b"]], "a", "*")
def test_words_are_found_as_a_plain_reading_finds_them(
    connection: sqlite3.Connection, store: Path, steps: list[list[str] | int | str], word: str, star: str
) -> None:
    query.delete_kept(connection, Filter())
    held: list[Delivery] = []
    for step in steps:
        if isinstance(step, list):
            held += fill(store, *(a_delivery(Message(body=text.encode())) for text in step))
        elif isinstance(step, int):
            if step < len(held):
                query.delete(connection, [held.pop(-1 - step).id])
        else:
            index_some(connection, 3)
    wanted = tokens(word)

    def meets(one: Delivery) -> bool:
        own = tokens(one.body.decode())
        rows = (own[place : place + len(wanted)] for place in range(len(own) - len(wanted) + 1))
        *first, last = wanted
        return any(row[:-1] == first and (row[-1].startswith(last) if star else row[-1] == last) for row in rows)

    found = query.newest(connection, parse_filter(f'"{word}"{star}', NOW), 100)
    assert [one.delivery.id for one in found][::-1] == [one.id for one in held if meets(one)]
    others = query.newest(connection, parse_filter(f'-"{word}"{star}', NOW), 100)
    assert [one.delivery.id for one in others][::-1] == [one.id for one in held if not meets(one)]


# Several at once.


def until_indexed(store: Path) -> None:
    deadline = time.monotonic() + SAFETY
    with opened(store) as connection:
        while missing(connection):
            assert time.monotonic() < deadline, "the words were never indexed"
            time.sleep(0.01)


def test_a_listener_indexes_while_nothing_comes(store: Path) -> None:
    fill(store, *(saying("old shop", event=str(number)) for number in range(20)))
    with listening(store) as listener:
        post(listener.port, a_message(b"new shop"))
        until_indexed(store)
        # And still takes what comes.
        assert post(listener.port, a_message(b"newer shop")).startswith(b"HTTP/1.1 200")
        until_indexed(store)
        assert listener.stop().code == 0
    with opened(store) as connection:
        assert len(events(connection, "shop")) == 22


INDEX = """
import sys
from pathlib import Path
from hookcli.store.database import opened
from hookcli.store.words import index_some
with opened(Path(sys.argv[1])) as connection:
    count = 0
    while some := index_some(connection, 3):
        count += some
    print(count)
"""


def test_two_processes_index_one_store_while_a_third_writes_and_deletes(store: Path) -> None:
    fill(store, *(saying(f"shop number{number}", event=str(number)) for number in range(150)))
    path = os.pathsep.join([str(Path(__file__).parent), *filter(None, [os.environ.get("PYTHONPATH")])])
    indexing = [
        subprocess.Popen(
            [sys.executable, "-c", INDEX, str(store)], env=environment(PYTHONPATH=path), stdout=subprocess.PIPE
        )
        for _ in range(2)
    ]
    with opened(store) as connection:
        gone = [one.delivery.id for one in query.newest(connection, Filter(), 10)]
        query.delete(connection, gone)
        fill(store, *(saying(f"shop number{number}", event=str(number)) for number in range(200, 210)))
        for one in indexing:
            one.communicate(timeout=SAFETY)
            assert one.returncode == 0
        assert len(events(connection, "shop")) == 150
        assert events(connection, "number145") == []
        assert events(connection, "number205") == ["205"]
        assert events(connection, "number*") == [str(number) for number in (*range(140), *range(200, 210))]


def test_the_writer_answers_what_a_filter_keeps(store: Path) -> None:
    async def ask() -> None:
        writer = Writer(store, asyncio.get_running_loop())
        stored = await asyncio.gather(
            *(writer.write(Stored(saying(f"shop {name}", event=name), 4, 200)) for name in ("a", "b"))
        )
        for expression, kept in {
            "event:a": [True, False],
            "shop": [True, True],
            "b": [False, True],
            "-b is:duplicate": [False, False],
        }.items():
            wanted = parse_filter(expression, NOW)
            assert [await writer.keeps(wanted, one.seq) for one in stored] == kept
        await writer.close()

    asyncio.run(asyncio.wait_for(ask(), SAFETY))
