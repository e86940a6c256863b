"""What was answered 2xx is in the store, whatever happens to the listener; what can't be stored is not answered so."""

from __future__ import annotations

import itertools
import os
import resource
import socket
import sqlite3
import sys
import threading
from base64 import b64decode
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from hookcli.wire import request_bytes
from support import SAFETY, a_message, hookcli, listening, post

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support import Listening

CONNECTIONS = 6
ROUNDS = 3
ANSWERED_BEFORE_THE_END = 150


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@dataclass
class Load:
    """Senders that deliver over kept connections until these break, and remember what was answered 2xx."""

    port: int
    round: int
    answered: dict[str, bytes] = field(default_factory=dict)
    enough: threading.Event = field(default_factory=threading.Event)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    def start(self) -> list[threading.Thread]:
        threads = [threading.Thread(target=self._send, daemon=True) for _ in range(CONNECTIONS)]
        for one in threads:
            one.start()
        return threads

    def _send(self) -> None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=SAFETY) as connection:
            while True:
                target = f"/{self.round}/{next(self._numbers)}"
                body = os.urandom(7000)
                connection.sendall(request_bytes(a_message(body, target)))
                answer = b""
                while not answer.endswith(b"\r\n\r\n"):
                    part = connection.recv(65536)
                    if not part:
                        return
                    answer += part
                if answer.startswith(b"HTTP/1.1 2"):
                    self.answered[target] = body
                if len(self.answered) >= ANSWERED_BEFORE_THE_END:
                    self.enough.set()


def test_kill_9_under_load_loses_nothing_that_was_answered(store: Path) -> None:
    answered: dict[str, bytes] = {}
    for number in range(ROUNDS):
        with listening(store, "--print", "none") as listener:
            load = Load(listener.port, number)
            senders = load.start()
            assert load.enough.wait(SAFETY), "the senders got no answers"
            listener.process.kill()
            for one in senders:
                one.join(SAFETY)
                assert not one.is_alive()
        assert len(load.answered) >= ANSWERED_BEFORE_THE_END
        answered |= load.answered
    listed = hookcli("list", "--json", "-n", "1000000", "--store", store)
    assert (listed.code, listed.err) == (0, "")
    found = {
        record["target"]: record["body"].encode() if "body" in record else b64decode(record["body_base64"])
        for record in listed.records
    }
    assert len(found) == len(listed.records), "something is there twice"
    assert [target for target, body in answered.items() if found.get(target) != body] == []
    with closing(sqlite3.connect(store)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def break_by_trigger(store: Path, listener: Listening) -> Callable[[], None]:  # noqa: ARG001 (one way of several)
    """Make every insert fail, by another connection; the call mends it."""
    with closing(sqlite3.connect(store, isolation_level=None, timeout=SAFETY)) as other:
        other.execute(
            "CREATE TRIGGER broken BEFORE INSERT ON contents BEGIN SELECT RAISE(ABORT, 'the disk is on fire'); END"
        )

    def mend() -> None:
        with closing(sqlite3.connect(store, isolation_level=None, timeout=SAFETY)) as other:
            other.execute("DROP TRIGGER broken")

    return mend


def fill_the_disk(store: Path, listener: Listening) -> Callable[[], None]:
    """Let none of the listener's files grow any more; the call gives it room again."""
    if not sys.platform.startswith("linux"):
        pytest.skip("the limits of another process can be set on Linux alone")
    pid = listener.process.pid
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    log = store.with_name(store.name + "-wal")
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (log.stat().st_size, before[1]))

    def make_room() -> None:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)

    return make_room


@pytest.mark.parametrize("breaking", [break_by_trigger, fill_the_disk])
def test_what_can_not_be_stored_is_answered_503_and_said(
    store: Path, breaking: Callable[[Path, Listening], Callable[[], None]]
) -> None:
    with listening(store, "--json") as listener:
        assert post(listener.port, a_message(b"before")).startswith(b"HTTP/1.1 200 ")
        mend = breaking(store, listener)
        for number in range(3):
            answer = post(listener.port, a_message(b"lost %d" % number * 2000, "/lost?key=hidden"))
            assert answer.startswith(b"HTTP/1.1 503 ")
        mend()
        assert post(listener.port, a_message(b"after")).startswith(b"HTTP/1.1 200 ")
        ended = listener.stop()
    assert ended.code == 0
    assert [record["body"] for record in ended.records] == ["before", "after"]
    assert ended.err.count("! POST /lost: could not be stored (") == 3
    assert ended.err.count("answered 503 so that the sender tries again") == 3
    assert "hidden" not in ended.err
    assert "Traceback" not in ended.err
    assert ended.err.endswith("2 deliveries (2 unknown) received and stored.\n")
    listed = hookcli("list", "--json", "--store", store)
    assert [record["body"] for record in listed.records] == ["after", "before"]


def test_one_that_can_not_be_stored_does_not_take_its_neighbours_along(store: Path) -> None:
    with listening(store, "--json") as listener:
        with closing(sqlite3.connect(store, isolation_level=None, timeout=SAFETY)) as other:
            other.execute(
                "CREATE TRIGGER choosy BEFORE INSERT ON deliveries WHEN new.target = CAST('/bad' AS BLOB)"
                " BEGIN SELECT RAISE(ABORT, 'not this one'); END"
            )
        answers: dict[int, bytes] = {}

        def send(number: int) -> None:
            message = a_message(b"%d" % number, "/bad" if number == 10 else "/good")
            answers[number] = post(listener.port, message).split()[1]

        senders = [threading.Thread(target=send, args=[number]) for number in range(20)]
        for one in senders:
            one.start()
        for one in senders:
            one.join(SAFETY)
        ended = listener.stop()
    assert answers == {number: b"503" if number == 10 else b"200" for number in range(20)}
    assert sorted(int(record["body"]) for record in ended.records) == [*range(10), *range(11, 20)]
    assert "could not be stored (not this one)" in ended.err


def test_a_store_that_another_process_holds_is_waited_for(store: Path) -> None:
    with listening(store, "--json") as listener:
        with closing(sqlite3.connect(store, isolation_level=None, timeout=SAFETY)) as other:
            other.execute("BEGIN IMMEDIATE")
            with socket.create_connection(("127.0.0.1", listener.port), timeout=SAFETY) as connection:
                connection.sendall(request_bytes(a_message(b"waits")))
                connection.settimeout(0.2)
                with pytest.raises(TimeoutError):
                    connection.recv(1)
                other.execute("COMMIT")
                connection.settimeout(SAFETY)
                assert connection.recv(1024).startswith(b"HTTP/1.1 200 ")
        assert listener.record()["body"] == "waits"
