"""`hookcli listen --ui`: the interface over a listener, on a terminal of its own, with senders and a target."""

from __future__ import annotations

import os
import re
import signal
import socket
from typing import TYPE_CHECKING

import pytest

from hookcli import fixtures
from hookcli.formats import http_file
from hookcli.store import query
from hookcli.store.database import opened
from inspecting import on_its_own_terminal, read_until, rest
from support import SAFETY, Wire, a_message, exchange, hookcli, post, receiving

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "deliveries.db"


def port_of(shown: bytes) -> int:
    found = re.search(rb"http://127\.0\.0\.1:(\d+)/", shown)
    assert found, shown
    return int(found[1])


class TestListenUi:
    def test_deliveries_are_shown_passed_on_and_stored(self, store: Path) -> None:
        with (
            receiving(b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n") as receiver,
            on_its_own_terminal(
                "listen", store, "--ui", "--port", "0", "--secret", fixtures.SECRET, "--forward", receiver.url
            ) as (process, ours),
        ):
            shown = read_until(ours, b"No deliveries yet.")
            assert receiver.url.encode() in shown
            post(port_of(shown), http_file.read(fixtures.load("github/push")))
            read_until(ours, b"forwarding github push", b"\xe2\x9c\x93 valid")
            assert Wire.of(receiver.next()).all(b"x-github-event") == [b"push"]
            os.write(ours, b"q")
            left = rest(ours)
            assert process.wait(SAFETY) == 0
        assert b"1 delivery (1 github) received and stored" in left
        with opened(store) as connection:
            stored = query.find(connection, "last")
            assert [one.status for one in query.attempts(connection, stored.delivery.id)] == [500]

    def test_what_is_not_taken_is_told(self, store: Path) -> None:
        with on_its_own_terminal("listen", store, "--ui", "--port", "0", "--path", "/hooks", "--max-body", "10") as (
            _,
            ours,
        ):
            port = port_of(read_until(ours, b"No deliveries yet."))
            post(port, a_message(target="/elsewhere", connection="close"))
            read_until(ours, b"not under /hooks")
            post(port, a_message(b"x" * 50, target="/hooks", connection="close"))
            read_until(ours, b"over --max-body")
            os.write(ours, b"n")
            shown = read_until(ours, b"Notices")
            os.write(ours, b"\x1bq")
            rest(ours)
        assert b"Notices" in shown

    @pytest.mark.parametrize("end", ["q", "\x03", "SIGTERM", "SIGINT"])
    def test_what_is_coming_in_is_finished_first(self, store: Path, end: str) -> None:
        with on_its_own_terminal("listen", store, "--ui", "--port", "0", "--delay", "500ms") as (process, ours):
            port = port_of(read_until(ours, b"No deliveries yet."))
            with socket.create_connection(("127.0.0.1", port), timeout=SAFETY) as connection:
                connection.sendall(b"POST /slow HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nab")
                # It has been taken up for sure once another one, sent after it, has been answered.
                exchange(port, b"POST /fast HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                read_until(ours, b"/fast")
                if end.startswith("SIG"):
                    process.send_signal(signal.Signals[end])
                else:
                    os.write(ours, end.encode())
                read_until(ours, b"Finishing what is coming in")
                connection.sendall(b"cd")
                assert connection.recv(100).startswith(b"HTTP/1.1 200 ")
            left = rest(ours)
            assert process.wait(SAFETY) == 0
        assert b"2 deliveries" in left
        assert b"\x1b[?1049l" in left

    def test_it_ends_when_enough_have_come(self, store: Path) -> None:
        with on_its_own_terminal("listen", store, "--ui", "--port", "0", "--count", "1") as (process, ours):
            post(port_of(read_until(ours, b"No deliveries yet.")), a_message(connection="close"))
            assert b"1 delivery" in rest(ours)
            assert process.wait(SAFETY) == 0

    def test_it_needs_a_terminal_and_excludes_json(self, store: Path) -> None:
        done = hookcli("listen", "--ui", "--port", "0", "--store", store)
        assert (done.code, "There is no terminal" in done.err) == (2, True)
        done = hookcli("listen", "--ui", "--json", "--port", "0", "--store", store)
        assert (done.code, "exclude each other" in done.err) == (2, True)
