"""`hookcli tail`: the last deliveries, and those that come, from whichever process."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from hookcli.store import query
from hookcli.store.database import opened
from support import SAFETY, a_delivery, a_message, environment, fill, hookcli, listening, on_a_terminal, post

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


class Tail:
    """A running `hookcli tail -f`, ended for sure."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process

    def line(self) -> str:
        """The next line; waits for it."""
        assert self.process.stdout
        net = threading.Timer(SAFETY, self.process.kill)
        net.start()
        try:
            return self.process.stdout.readline().decode()
        finally:
            net.cancel()

    def record(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.line())
        return found

    def stop(self, number: signal.Signals = signal.SIGINT) -> tuple[int, bytes, bytes]:
        """End it; its code, and what it wrote that was not read yet."""
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=SAFETY)
        return self.process.returncode, out, err


@contextmanager
def tailing(store: Path, *options: str) -> Iterator[Tail]:
    """A follower; the first delivery of a store, shown, says that it is there."""
    process = subprocess.Popen(
        [sys.executable, "-m", "hookcli", "tail", "-f", "--store", str(store), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    try:
        yield Tail(process)
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


class TestLast:
    def test_the_last_ten_the_oldest_first(self, store: Path) -> None:
        deliveries = fill(store, *(a_delivery(provider="github", event=f"event{number}") for number in range(12)))
        done = hookcli("tail", "--store", store)
        assert (done.code, done.err) == (0, "")
        assert [line.split()[4] for line in done.text.splitlines()] == [f"event{number}" for number in range(2, 12)]
        came = deliveries[-1].received_at.astimezone()
        assert done.text.splitlines()[-1].startswith(f"{came:%H:%M:%S}  – unsigned   github ")
        assert [one["event"] for one in hookcli("tail", "-n", "2", "--json", "--store", store).records] == [
            "event10",
            "event11",
        ]
        assert hookcli("tail", "-n", "0", "--store", store).out == b""
        assert len(hookcli("tail", "-n", "100", "--json", "--store", store).records) == 12

    def test_one_of_another_day_has_its_date(self, store: Path) -> None:
        came = datetime.now(UTC) - timedelta(days=2)
        fill(store, a_delivery(received_at=came))
        assert hookcli("tail", "--store", store).text.startswith(f"{came.astimezone():%Y-%m-%d %H:%M:%S}  ")

    def test_those_that_a_filter_keeps(self, store: Path) -> None:
        fill(store, *(a_delivery(provider=("github", "gitlab")[number % 2], event=str(number)) for number in range(80)))
        records = hookcli("tail", "provider:gitlab", "-n", "40", "--json", "--store", store).records
        assert [one["event"] for one in records] == [str(number) for number in range(1, 80, 2)]
        records = hookcli("tail", "-provider:gitlab", "-n", "2", "--json", "--store", store).records
        assert [one["event"] for one in records] == ["76", "78"]

    def test_how_much_is_shown(self, store: Path) -> None:
        fill(
            store,
            *(a_delivery(a_message(b'{"zen": 1, "token": "hidden"}', authorization="hidden")) for _ in range(2)),
        )
        headers = hookcli("tail", "--print", "headers", "--store", store).text
        assert headers.count("Authorization: ••••••\n") == 2
        assert "zen" not in headers
        full = hookcli("tail", "--print", "full", "--store", store).text
        assert full.count('"zen": 1') == 2
        assert "hidden" not in full
        assert hookcli("tail", "--print", "full", "--reveal", "--store", store).text.count("hidden") == 4

    def test_a_program_picks(self, store: Path) -> None:
        pytest.importorskip("jq")
        fill(store, *(a_delivery(a_message(json.dumps({"n": number}).encode())) for number in range(70)))
        done = hookcli("tail", "-n", "3", "--jq", "select(.n % 10 == 0) | .n", "--store", store)
        assert (done.code, done.text) == (0, "40\n50\n60\n")

    def test_none(self, store: Path) -> None:
        done = hookcli("tail", "event:psuh", "--store", store)
        assert (done.code, done.out) == (0, b"")
        assert done.err == "No such deliveries yet: `hookcli listen` receives them.\nDid you mean push?\n"
        assert hookcli("tail", "--json", "--print", "full", "--store", store).code == 2
        assert "There is no field 'evnt'." in hookcli("tail", "evnt:push", "--store", store).err

    def test_lines_fit_the_terminal(self, store: Path) -> None:
        fill(store, a_delivery(provider="github", event="push", summary="long " * 50))
        for columns in (60, 120):
            code, shown = on_a_terminal("tail", "--store", store, columns=columns)
            (line,) = re.sub(r"\x1b\[[0-9;]*m", "", shown.decode()).splitlines()
            assert code == 0
            assert len(line) <= columns


class TestFollowing:
    def test_what_two_listeners_write_at_once(self, store: Path) -> None:
        """Nothing is missed, nothing told twice, and all in the order in which it was stored."""
        fill(store, a_delivery(event="first"))
        each = 150
        with tailing(store, "-n", "1", "--json") as tail, listening(store) as one, listening(store) as other:
            assert tail.record()["event"] == "first"

            def send(port: int, name: str) -> None:
                for number in range(each):
                    post(port, a_message(b"{}", f"/{name}/{number}", connection="close"))

            senders = [
                threading.Thread(target=send, args=[listener.port, f"{name}{part}"])
                for name, listener in (("one", one), ("other", other))
                for part in range(2)
            ]
            for sender in senders:
                sender.start()
            told = [tail.record() for _ in range(4 * each)]
            for sender in senders:
                sender.join()
            code, rest, err = tail.stop()
        assert (code, rest, err) == (0, b"", b"")
        with opened(store) as connection:
            stored = [row[0] for row in connection.execute("SELECT id FROM deliveries ORDER BY seq")]
        assert [record["id"] for record in told] == stored[1:]
        assert len({record["target"] for record in told}) == 4 * each

    def test_those_that_a_filter_keeps(self, store: Path) -> None:
        fill(store, a_delivery(provider="github", event="first"))
        with tailing(store, "provider:github", "--json") as tail:
            assert tail.record()["event"] == "first"
            fill(
                store,
                *(a_delivery(provider=("gitlab", "github")[number % 2], event=str(number)) for number in range(90)),
            )
            assert [tail.record()["event"] for _ in range(45)] == [str(number) for number in range(1, 90, 2)]
            assert tail.stop() == (0, b"", b"")

    def test_also_where_numbers_are_given_out_again(self, store: Path) -> None:
        fill(store, a_delivery(event="kept"))
        with tailing(store, "--json") as tail:
            assert tail.record()["event"] == "kept"
            for turn in range(3):
                (newest,) = fill(store, a_delivery(event=f"turn {turn}"))
                assert tail.record()["id"] == newest.id
                with opened(store) as connection:
                    query.delete(connection, [newest.id])
            assert tail.stop() == (0, b"", b"")

    def test_on_a_store_that_is_not_there_yet(self, store: Path) -> None:
        with tailing(store) as tail:
            assert tail.process.stderr
            assert tail.process.stderr.readline() == b"Nothing yet; what comes is shown here. Ctrl-C stops.\n"
            fill(store, a_delivery(provider="github", event="push"))
            assert " github           push " in tail.line()
            assert tail.stop() == (0, b"", b"")

    def test_a_reader_that_leaves_ends_it(self, store: Path) -> None:
        """As in `hookcli tail -f | head -1`, though nothing comes any more."""
        fill(store, a_delivery())
        with tailing(store) as tail:
            assert tail.line()
            assert tail.process.stdout
            assert tail.process.stderr
            tail.process.stdout.close()
            assert tail.process.wait(SAFETY) == 0
            assert tail.process.stderr.read() == b""

    def test_a_terminal_that_is_closed_ends_it(self, store: Path) -> None:
        fill(store, a_delivery(event="seen"))
        ours, theirs = pty.openpty()
        with subprocess.Popen(
            [sys.executable, "-m", "hookcli", "tail", "-f", "--store", str(store)],
            stdin=subprocess.DEVNULL,
            stdout=theirs,
            stderr=subprocess.PIPE,
            env=environment(TERM="xterm-256color"),
        ) as process:
            os.close(theirs)
            shown = b""
            while b"seen" not in shown:
                shown += os.read(ours, 4096)
            os.close(ours)
            assert process.wait(SAFETY) == 0
            assert process.stderr
            assert process.stderr.read() == b""

    def test_an_end_by_signal(self, store: Path) -> None:
        fill(store, a_delivery())
        with tailing(store) as tail:
            assert tail.line()
            code, out, err = tail.stop(signal.SIGTERM)
            assert (code, out, err) == (-signal.SIGTERM, b"", b"")
