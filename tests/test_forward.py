"""`hookcli listen --forward`: what the target gets, byte for byte, and what is known of it afterwards."""

from __future__ import annotations

import re
import signal
import socket
import threading
from typing import TYPE_CHECKING

import pytest

from hookcli import fixtures
from hookcli.cli import main
from hookcli.delivery import Headers, Message
from hookcli.formats import http_file
from hookcli.store import query
from hookcli.store.database import opened
from hookcli.wire import request_bytes
from support import OK, SAFETY, Receiver, Wire, a_message, exchange, hookcli, listening, post, receiving, takes_no_more

if TYPE_CHECKING:
    from pathlib import Path

    from hookcli.delivery import Attempt
    from support import Listening


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


def forwarded(store: Path, to: Receiver, message: Message, *options: str, path: str = "") -> Wire:
    """What the receiver gets of a message that a listener passes on to it."""
    with listening(store, "--forward", to.url + path, *options) as listener:
        assert post(listener.port, message).startswith(b"HTTP/1.1 200 ")
        return Wire.of(to.next())


def attempts(store: Path) -> list[Attempt]:
    """Where the newest delivery was sent."""
    with opened(store) as connection:
        return query.attempts(connection, query.find(connection, "last").delivery.id)


ODD = Message(
    method="PATCH",
    target="/a%2F/é?x=1&x&y=%20+#z",
    headers=Headers(
        [
            (b"X-First", b"1"),
            (b"hOsT", b"public.example"),
            (b"x-TWICE", b"b"),
            (b"Connection", b"close, X-Hop"),
            (b"X-Hop", b"of this connection"),
            (b"Keep-Alive", b"timeout=1"),
            (b"TE", b"trailers"),
            (b"Authorization", b"Bearer token"),
            (b"X-Twice", b"a"),
            (b"X-Latin", b"caf\xe9"),
            (b"CONTENT-length", b"512"),
            (b"X-Last", b""),
        ]
    ),
    body=bytes(range(256)) * 2,
)


def test_the_target_gets_the_delivery_byte_for_byte(store: Path) -> None:
    with receiving() as target, listening(store, "--forward", target.url) as listener:
        assert post(listener.port, ODD).startswith(b"HTTP/1.1 200 ")
        assert target.next() == (
            "PATCH /a%2F/é?x=1&x&y=%20+#z HTTP/1.1\r\n"
            "X-First: 1\r\n"
            f"Host: 127.0.0.1:{target.port}\r\n"
            "x-TWICE: b\r\n"
            "Authorization: Bearer token\r\n"
            "X-Twice: a\r\n"
            "X-Latin: caf".encode()
            + b"\xe9\r\n"
            + b"CONTENT-length: 512\r\n"
            + b"X-Last: \r\n"
            + b"\r\n"
            + ODD.body
        )
        # A body that came in chunks goes on whole, with its length.
        head = b"POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nX-A: b\r\n\r\n"
        exchange(listener.port, head + b"2\r\n\x00\xff\r\n1\r\nx\r\n0\r\n\r\n")
        assert target.next() == (
            b"POST /c HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nX-A: b\r\nContent-Length: 3\r\n\r\n\x00\xffx" % target.port
        )


def test_a_providers_delivery_arrives_as_it_came(store: Path) -> None:
    with receiving() as target, listening(store, "--forward", target.url) as listener:
        for name in ("github/push", "github/push.form", "forgejo/push.get", "cloudevents/batch", "gitee/push_hook"):
            message = http_file.read(fixtures.load(name))
            post(listener.port, message)
            assert Wire.of(target.next()).end_to_end() == Wire.of(request_bytes(message)).end_to_end(), name


@pytest.mark.parametrize(
    ("path", "own", "wanted"),
    [
        ("/", "/own/path?key=1", "/own/path?key=1"),
        ("/hooks/github", "/own/path?key=1", "/hooks/github?key=1"),
        ("/hooks/?fixed=2", "/own/path?key=1", "/hooks/?fixed=2"),
    ],
)
def test_a_url_with_a_path_is_the_exact_place(store: Path, path: str, own: str, wanted: str) -> None:
    with receiving() as target:
        assert forwarded(store, target, a_message(target=own), path=path).start == f"POST {wanted} HTTP/1.1".encode()


def test_the_senders_host_may_be_kept(store: Path) -> None:
    with receiving() as target:
        got = forwarded(store, target, a_message(), "--keep-host")
    assert got.all(b"host") == [b"localhost"]


def test_the_sender_does_not_wait_for_the_target(store: Path) -> None:
    answered = threading.Event()

    def when_the_sender_has_its_answer(_: int) -> bytes:
        assert answered.wait(SAFETY)
        return OK

    with (
        receiving(when_the_sender_has_its_answer) as target,
        listening(store, "--forward", target.url, "--count", "1") as listener,
    ):
        assert post(listener.port, a_message()).startswith(b"HTTP/1.1 200 ")
        target.next()
        answered.set()
        # Having its one delivery it stops, but not before the target has answered.
        ended = listener.ended()
    assert ended.code == 0
    assert "✓ 200" in ended.text
    assert [made.status for made in attempts(store)] == [200]


def test_the_answer_to_the_sender_is_not_the_targets(store: Path) -> None:
    with (
        receiving(b"HTTP/1.1 500 Oh\r\nContent-Length: 3\r\n\r\nbad") as target,
        listening(store, "--forward", target.url, "--count", "1", "--status", "202") as listener,
    ):
        assert post(listener.port, a_message()).startswith(b"HTTP/1.1 202 ")
        listener.ended()
    (made,) = attempts(store)
    assert (made.kind, made.status, made.body, made.error) == ("forward", 500, b"bad", None)
    shown = hookcli("show", "last", "--store", store).text
    assert "answered 202" in shown
    assert re.search(rf"→ forward {target.url}/  ✗ 500  \d+ ms\n", shown)


def test_a_target_that_is_not_there(store: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with listening(store, "--forward", f":{port}", "--count", "1") as listener:
        assert post(listener.port, a_message(target="/?token=hidden")).startswith(b"HTTP/1.1 200 ")
        ended = listener.ended()
    assert ended.code == 0
    (made,) = attempts(store)
    assert (made.status, made.error) == (None, f"connection refused: nothing listens on localhost:{port}")
    line = f"→ forward http://localhost:{port}/?token=••••••  ✗ connection refused: nothing listens on localhost:{port}"
    assert line in ended.text
    assert line in hookcli("show", "last", "--store", store).text
    assert "hidden" not in ended.text + ended.err


def test_a_target_that_does_not_answer_in_http(store: Path) -> None:
    ssh = b"SSH-2.0-OpenSSH_9.7\r\n\r\n"
    with receiving(ssh) as target, listening(store, "--forward", target.url, "--count", "1") as listener:
        assert post(listener.port, a_message()).startswith(b"HTTP/1.1 200 ")
        assert listener.ended().code == 0
    (made,) = attempts(store)
    assert made.status is None
    assert made.error
    assert made.error.startswith("the answer is not HTTP: ")


def test_a_target_that_takes_too_long(store: Path) -> None:
    over = threading.Event()

    def late(_: int) -> bytes:
        over.wait(SAFETY)
        return OK

    with receiving(late) as target:
        with listening(store, "--forward", target.url, "--send-timeout", "200ms", "--count", "1") as listener:
            post(listener.port, a_message())
            ended = listener.ended()
        over.set()
    assert "✗ no answer within 0.2 s" in ended.text
    (made,) = attempts(store)
    assert (made.status, made.error) == (None, "no answer within 0.2 s")


def test_a_target_that_fails_does_not_stop_the_next_deliveries(store: Path) -> None:
    def first_fails(number: int) -> bytes:
        return b"" if number == 0 else OK

    with receiving(first_fails) as target, listening(store, "--forward", target.url) as listener:
        for number in range(2):
            post(listener.port, a_message(b"%d" % number))
            assert target.next().endswith(b"\r\n\r\n%d" % number)
            assert b"unknown" in listener.line()
            assert (b"\xe2\x9c\x97 the connection was closed", b"\xe2\x9c\x93 200")[number] in listener.line()


def test_many_are_all_passed_on(store: Path) -> None:
    with receiving() as target, listening(store, "--forward", target.url, "--count", "60") as listener:
        for number in range(60):
            post(listener.port, a_message(b"%d" % number))
        ended = listener.ended()
    assert sorted(int(Wire.of(request).body) for request in target.requests) == list(range(60))
    assert ended.text.count("→ forward") == ended.text.count("✓ 200") == 60


def test_ctrl_c_waits_for_what_is_being_passed_on(store: Path) -> None:
    stopping = threading.Event()

    def slow(_: int) -> bytes:
        assert stopping.wait(SAFETY)
        return OK

    with receiving(slow) as target, listening(store, "--forward", target.url) as listener:
        post(listener.port, a_message())
        target.next()
        assert b"unknown" in listener.line()
        listener.process.send_signal(signal.SIGINT)
        takes_no_more(listener.port)
        assert listener.process.poll() is None
        stopping.set()
        ended = listener.ended()
    assert ended.code == 0
    assert "✓ 200" in ended.text
    assert [made.status for made in attempts(store)] == [200]


def test_with_json_the_record_stays_as_documented_and_failures_are_said(store: Path) -> None:
    def refused_once(number: int) -> bytes:
        return b"" if number == 0 else OK

    with (
        receiving(refused_once) as target,
        listening(store, "--json", "--forward", target.url, "--count", "2") as listener,
    ):
        for _ in range(2):
            post(listener.port, a_message(target="/?key=hidden"))
            target.next()
        ended = listener.ended()
    assert [record["target"] for record in ended.records] == ["/?key=hidden"] * 2
    assert f"! forwarding to {target.url}/?key=••••••: the connection was closed without an answer\n" in ended.err
    assert ended.err.count("forwarding to") == 1
    assert "hidden" not in ended.err


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0.0.0.0"])
def test_it_does_not_pass_deliveries_on_to_itself(store: Path, host: str, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(SystemExit) as left:
        main(["listen", "--port", str(port), "--forward", f"http://{host}:{port}/hooks", "--store", str(store)])
    assert left.value.code == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == (
        "Error: --forward names the listener itself: each delivery would come back for ever.\n"
        "Name the port of your own program.\n"
    )


def banner(listener: Listening) -> str:
    """What the listener says of itself before it waits."""
    said = ""
    while "Ctrl-C stops." not in said:
        said += listener.note()
    return said


def test_the_banner_names_the_target_but_no_secret_of_it(store: Path) -> None:
    with receiving() as target:
        url = target.url.replace("://", "://user:password@") + "/hooks?token=hidden"
        with listening(store, "--forward", url) as listener:
            said = banner(listener)
    assert f"  forward {target.url}/hooks\n" in said
    assert "hidden" not in said
    assert "password" not in said
