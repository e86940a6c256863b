"""`hookcli listen`: the real command, on a free port of loopback, spoken to in raw bytes."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import gzip
import hashlib
import hmac
import json
import os
import pty
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from base64 import b64decode
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hookcli.listen.listener
from hookcli import fixtures
from hookcli.cli import main
from hookcli.delivery import Headers, Message, to_text
from hookcli.errors import Environment
from hookcli.formats import http_file
from hookcli.listen.listener import Hooks, Listener, Plan
from hookcli.listen.sockets import bind
from hookcli.store.writer import Writer
from hookcli.wire import request_bytes
from support import SAFETY, Listening, a_message, environment, exchange, listening, post, takes_no_more
from support import hookcli as run_hookcli

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTRACT = [
    *("id", "received_at", "method", "target", "http_version", "remote", "headers", "body", "size", "provider"),
    *(
        "event",
        "action",
        "delivery_id",
        "attempt",
        "hook_id",
        "is_ping",
        "carries",
        "summary",
        "verdict",
        "status",
        "answer",
        "repeats",
    ),
]
"""The keys of a delivery in JSON, as the README documents them."""

SECRET = "It's a Secret to Everybody"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@pytest.fixture(scope="module")
def listener(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listening]:
    """One listener with --json and a secret, for every test that only sends something and looks what came."""
    with listening(tmp_path_factory.mktemp("listen") / "store.db", "--json", "--secret", SECRET) as running:
        yield running


def printed(listener: Listening, answer: bytes) -> dict[str, Any]:
    """What the listener printed of the delivery that it answered so."""
    found = re.search(rb"(?m)^Hookcli-Delivery: (\w+)\r$", answer)
    assert found, answer
    while True:
        record = listener.record()
        if record["id"] == found[1].decode():
            return record


def raw(start: bytes, *headers: bytes, body: bytes = b"") -> bytes:
    """A request in bytes, of a sender that wants one answer."""
    return b"\r\n".join([start, b"Host: localhost", *headers, b"Connection: close", b"", b""]) + body


def a_push(secret: str | None = None) -> Message:
    """GitHub's push of the fixtures, signed with a secret, or not at all."""
    push = http_file.read(fixtures.load("github/push"))
    headers = push.headers.without({"X-Hub-Signature", "X-Hub-Signature-256"})
    if secret is not None:
        digest = hmac.new(secret.encode(), push.body, hashlib.sha256).hexdigest()
        headers = headers.with_header("X-Hub-Signature-256", f"sha256={digest}")
    return Message(method="POST", target="/", headers=headers, body=push.body)


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=SAFETY)


def until(connection: socket.socket, end: bytes) -> bytes:
    """Read until these bytes have come, or the connection's end."""
    data = b""
    while end not in data and (part := connection.recv(65536)):
        data += part
    return data


def under_way(connection: socket.socket, body: bytes, *, sent: int) -> None:
    """Send a delivery up to some bytes of its body, and make sure that the listener has begun to take it."""
    head = b"POST /half HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(body)
    connection.sendall(head)
    assert until(connection, b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
    connection.sendall(body[:sent])


def stored(store: Path) -> list[dict[str, Any]]:
    """All that lies in the store, the oldest first."""
    return run_hookcli("list", "--json", "-n", "1000", "--store", store).records[::-1]


# What comes in is kept exactly.


@pytest.mark.parametrize(
    "method", ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "PROPFIND", "BREW", "x-odd"]
)
def test_any_method_on_any_path(listener: Listening, method: str) -> None:
    answer = post(listener.port, a_message(b"abc", "/a/%2F/b?x=1&x&%20=+", method, connection="close"))
    assert answer.startswith(b"HTTP/1.1 200 ")
    record = printed(listener, answer)
    assert (record["method"], record["target"], record["body"]) == (method, "/a/%2F/b?x=1&x&%20=+", "abc")
    assert record["http_version"] == "1.1"


TARGETS_AS_SENT = [
    b"/",
    b"//double//slashes/../.",
    b"/?",
    b"/a?b=c?d#e",
    b"/%zz/%",
    b"/;p=1/'()*!$&,=:@~",
    b'/"<>[]^`{|}\\',
    "/钩子/é?名=值".encode(),
    b"/\xff\x80?\xfe=\xe9",
    b"http://elsewhere.example/path?query",
]


def test_the_target_is_kept_as_sent(listener: Listening) -> None:
    records = []
    for target in TARGETS_AS_SENT:
        answer = exchange(listener.port, raw(b"POST " + target + b" HTTP/1.1", b"Content-Length: 2", body=b"ab"))
        records.append(printed(listener, answer))
    assert [record["target"] for record in records] == [to_text(target) for target in TARGETS_AS_SENT]
    assert {record["body"] for record in records} == {"ab"}
    listed = run_hookcli("list", "--json", "-n", str(len(records)), "--store", listener.store)
    assert listed.records == records[::-1]


def test_a_question_about_the_whole_server(listener: Listening) -> None:
    record = printed(listener, exchange(listener.port, raw(b"OPTIONS * HTTP/1.1")))
    assert (record["method"], record["target"]) == ("OPTIONS", "*")


def test_headers_are_kept_in_their_order_with_duplicates_case_and_any_bytes(listener: Listening) -> None:
    sent = [
        (b"Host", b"localhost"),
        (b"x-OdD-cAsE", b"1"),
        (b"X-Twice", b"b"),
        (b"Accept", b"*/*"),
        (b"x-twice", b"a"),
        (b"X-Twice", b"b"),
        (b"X-Empty", b""),
        (b"X-Spaces", b"a  b\tc"),
        (b"X-Latin", b"caf\xe9 \xff"),
        (b"X-Utf8", "钩子".encode()),
        (b"Connection", b"close"),
    ]
    request = b"GET / HTTP/1.1\r\n" + b"".join(name + b": " + value + b"\r\n" for name, value in sent) + b"\r\n"
    record = printed(listener, exchange(listener.port, request))
    assert record["headers"] == [[to_text(name), to_text(value)] for name, value in sent]


def test_header_lines_may_have_blanks_around_the_value_which_are_no_part_of_it(listener: Listening) -> None:
    record = printed(listener, exchange(listener.port, raw(b"GET / HTTP/1.1", b"X-A:b", b"X-C: \t  d e \t ")))
    assert record["headers"][1:3] == [["X-A", "b"], ["X-C", "d e"]]


def test_a_chunked_body_is_kept_without_its_chunks(listener: Listening) -> None:
    chunks = b"3;note=x\r\nabc\r\n1\r\n\xff\r\nA\r\n0123456789\r\n0\r\nX-Trailer: t\r\n\r\n"
    record = printed(
        listener, exchange(listener.port, raw(b"POST / HTTP/1.1", b"Transfer-Encoding: chunked", body=chunks))
    )
    assert b64decode(record["body_base64"]) == b"abc\xff0123456789"
    assert record["size"] == 14
    assert ["Transfer-Encoding", "chunked"] in record["headers"]


def test_a_compressed_body_is_kept_as_sent_and_still_understood(listener: Listening) -> None:
    push = a_push()
    packed = gzip.compress(push.body)
    headers = push.headers.with_header("Content-Encoding", "gzip").with_header("Content-Length", str(len(packed)))
    record = printed(listener, post(listener.port, Message(headers=headers, body=packed)))
    assert b64decode(record["body_base64"]) == packed
    assert record["event"] == "push"
    assert record["summary"].startswith("ada pushed 3 commits to main")


@pytest.mark.parametrize("length", [b"Content-Length: 0", b"X-None: 0"])
def test_an_empty_body(listener: Listening, length: bytes) -> None:
    record = printed(listener, exchange(listener.port, raw(b"POST / HTTP/1.1", length)))
    assert (record["body"], record["size"]) == ("", 0)


def test_a_body_of_every_byte_and_of_many(listener: Listening) -> None:
    body = bytes(range(256)) * 4096
    record = printed(listener, post(listener.port, a_message(body)))
    assert b64decode(record["body_base64"]) == body
    assert record["size"] == len(body)
    assert "body" not in record


def test_http_1_0(listener: Listening) -> None:
    answer = exchange(listener.port, b"POST /old HTTP/1.0\r\nContent-Length: 2\r\n\r\nhi")
    record = printed(listener, answer)
    assert (record["http_version"], record["headers"], record["body"]) == ("1.0", [["Content-Length", "2"]], "hi")


def test_headers_of_64_kib(listener: Listening) -> None:
    token = b"t" * (64 * 1024 - len("Authorization: "))
    answer = exchange(listener.port, raw(b"POST / HTTP/1.1", b"Authorization: " + token, b"Content-Length: 0"))
    assert printed(listener, answer)["headers"][1] == ["Authorization", token.decode()]
    many = [b"X-%d: %s" % (number, b"v" * 1000) for number in range(64)]
    answer = exchange(listener.port, raw(b"POST / HTTP/1.1", *many, b"Content-Length: 0"))
    assert len(printed(listener, answer)["headers"]) == 67


def test_a_sender_that_waits_for_100_continue_is_told_to_go_on(listener: Listening) -> None:
    with connect(listener.port) as connection:
        connection.sendall(
            b"POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-Continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n"
        )
        assert until(connection, b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"ok")
        answer = until(connection, b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert printed(listener, answer)["body"] == "ok"


def test_a_kept_connection_serves_one_delivery_after_the_other(listener: Listening) -> None:
    with connect(listener.port) as connection:
        for number in range(3):
            connection.sendall(request_bytes(a_message(b"%d" % number, f"/kept/{number}")))
            answer = until(connection, b"\r\n\r\n")
            assert b"\r\nConnection: close" not in answer
            record = printed(listener, answer)
            assert (record["target"], record["body"]) == (f"/kept/{number}", str(number))


def test_an_odd_start_line_concerns_its_own_request_alone(listener: Listening) -> None:
    with connect(listener.port) as connection:
        connection.sendall(request_bytes(a_message(b"1", "/é", "BREW")) + request_bytes(a_message(b"2", "/plain")))
        until(connection, b"\r\n\r\n")
        first, second = listener.record(), listener.record()
    assert (first["method"], first["target"], first["body"]) == ("BREW", "/é", "1")
    assert (second["method"], second["target"], second["body"]) == ("POST", "/plain", "2")


def test_pipelined_deliveries_are_taken_and_answered_in_order(listener: Listening) -> None:
    sent = [a_message(b"x" * number, f"/pipe/{number}") for number in range(5)]
    with connect(listener.port) as connection:
        connection.sendall(b"".join(map(request_bytes, sent)))
        answers = b""
        while answers.count(b"HTTP/1.1 200 ") < 5 or not answers.endswith(b"\r\n\r\n"):
            answers += connection.recv(65536)
    ids = re.findall(rb"Hookcli-Delivery: (\w+)", answers)
    records = [listener.record() for _ in sent]
    assert [record["id"].encode() for record in records] == ids
    assert [(record["target"], record["body"].encode()) for record in records] == [(m.target, m.body) for m in sent]


def test_a_delivery_that_comes_byte_by_byte(listener: Listening) -> None:
    with connect(listener.port) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in raw(b"POST /slow HTTP/1.1", b"Content-Length: 3", body=b"abc"):
            connection.sendall(bytes([byte]))
        answer = until(connection, b"\r\n\r\n")
    record = printed(listener, answer)
    assert (record["target"], record["body"]) == ("/slow", "abc")


def test_a_sender_that_offers_http_2_loses_nothing_of_its_body(listener: Listening) -> None:
    """Java's client offers h2c with every request."""
    body = bytes(range(256)) * 300
    request = a_message(
        body, connection="Upgrade, HTTP2-Settings", upgrade="h2c", http2_settings="AAEAAEAAAAIAAAABAAMAAABkAAQBAAAA"
    )
    with connect(listener.port) as connection:
        connection.sendall(request_bytes(request))
        answer = until(connection, b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert b64decode(printed(listener, answer)["body_base64"]) == body
        connection.sendall(request_bytes(a_message(b"next")))
        assert printed(listener, until(connection, b"\r\n\r\n"))["body"] == "next"


NAMES = st.from_regex(r"\AX-[!#$%&'*+.^_`|~0-9A-Za-z-]{1,12}\Z").map(str.encode)
VALUES = st.binary(max_size=20).map(
    lambda value: bytes(byte for byte in value if byte >= 0x20 and byte != 0x7F).strip(b" \t")
)
TARGETS = st.binary(max_size=20).map(lambda value: b"/" + bytes(byte for byte in value if byte > 0x20 and byte != 0x7F))
METHODS = st.from_regex(r"\A[!#$%&'*+.^_`|~0-9A-Za-z-]{1,10}\Z").map(str.encode)


@settings(max_examples=60, deadline=None)
@given(method=METHODS, target=TARGETS, headers=st.lists(st.tuples(NAMES, VALUES), max_size=5), body=st.binary())
def test_whatever_is_sent_comes_out_the_same(
    listener: Listening, method: bytes, target: bytes, headers: list[tuple[bytes, bytes]], body: bytes
) -> None:
    pairs = [*headers, (b"Host", b"h"), (b"Content-Length", b"%d" % len(body)), (b"Connection", b"close")]
    sent = Message(method=to_text(method), target=to_text(target), headers=Headers(pairs), body=body)
    record = printed(listener, post(listener.port, sent))
    assert (record["method"], record["target"]) == (sent.method, sent.target)
    assert record["headers"] == [list(pair) for pair in sent.headers]
    assert (record["body"].encode() if "body" in record else b64decode(record["body_base64"])) == body


# The contract of its JSON.


def test_the_json_has_the_documented_keys_and_is_the_same_from_every_command(listener: Listening) -> None:
    answer = post(listener.port, a_push(SECRET))
    record = printed(listener, answer)
    assert list(record) == CONTRACT
    assert list(record["verdict"]) == ["state", "scheme", "header", "detail"]
    push = a_push(SECRET)
    assert record == {
        **record,
        "method": "POST",
        "target": "/",
        "http_version": "1.1",
        "remote": "127.0.0.1",
        "headers": [list(pair) for pair in push.headers],
        "body": push.body.decode(),
        "size": len(push.body),
        "provider": "github",
        "event": "push",
        "action": None,
        "delivery_id": push.headers.get("x-github-delivery"),
        "attempt": None,
        "hook_id": push.headers.get("x-github-hook-id"),
        "is_ping": False,
        "carries": None,
        "status": 200,
    }
    assert record["summary"].startswith("ada pushed 3 commits to main")
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{26}", record["id"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", record["received_at"])
    assert record["verdict"]["state"] == "valid"
    assert record["verdict"]["header"] == "X-Hub-Signature-256"
    assert run_hookcli("list", "--json", "-n", "1", "--store", listener.store).records == [record]
    assert run_hookcli("show", "last", "--json", "--store", listener.store).records == [record]


def test_a_body_that_is_no_text_is_base64(listener: Listening) -> None:
    record = printed(listener, post(listener.port, a_message(b"\xff\x00")))
    assert list(record) == ["body_base64" if key == "body" else key for key in CONTRACT]
    assert record["body_base64"] == "/wA="


def test_the_envelope_tells_what_it_carries(listener: Listening) -> None:
    record = printed(listener, post(listener.port, http_file.read(fixtures.load("argo-events/github"))))
    assert record["provider"] == "argo-events"
    assert record["carries"]["provider"] == "github"
    assert {*record["carries"]} == {
        *("provider", "event", "action", "delivery_id", "attempt", "hook_id", "is_ping", "carries")
    }


def test_what_a_sender_says_of_itself_can_not_keep_a_delivery_from_being_stored(listener: Listening) -> None:
    for attempt in ("99999999999999999999999", "9" * 5000, "\N{MATHEMATICAL BOLD DIGIT ONE}"):
        message = a_message(b'{"actor": 1}', x_event_key="repo:push", x_hook_uuid="{1}", x_attempt_number=attempt)
        answer = post(listener.port, message)
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert printed(listener, answer)["body"] == '{"actor": 1}'
    answer = post(listener.port, a_message(b'{"action": "\\ud800"}', x_github_event="\udcff\x1b"[:1]))
    assert printed(listener, answer)["provider"] == "github"
    assert run_hookcli("list", "--store", listener.store).code == 0


# What is answered.


def test_the_answer_is_as_asked_for(store: Path) -> None:
    options = ("--status", "202", "--body", '{"ok": 1}', "--header", "Set-Cookie: a", "--header", "Set-Cookie:b")
    with listening(store, "--json", *options) as listener:
        answer = post(listener.port, a_message())
        head, _, body = answer.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 202 Accepted\r\n")
        assert head.count(b"\r\nSet-Cookie: a\r\nSet-Cookie: b") == 1
        assert b"\r\nContent-Type: application/json\r\n" in head + b"\r\n"
        assert body == b'{"ok": 1}'
        assert printed(listener, answer)["status"] == 202
        head_only = exchange(listener.port, raw(b"HEAD / HTTP/1.1"))
        assert head_only.endswith(b"\r\n\r\n")
        assert b"\r\nContent-Length: 9\r\n" in head_only


def test_the_answer_is_200_and_empty_where_nothing_is_asked_for(listener: Listening) -> None:
    head, _, body = exchange(listener.port, raw(b"POST / HTTP/1.1", b"Content-Length: 0")).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"Content-Length: 0" in head
    assert b"content-type" not in head.lower()
    assert body == b""


def test_the_answer_may_come_from_a_file_and_after_a_while(store: Path, tmp_path: Path) -> None:
    file = tmp_path / "answer.bin"
    file.write_bytes(bytes(range(256)))
    options = ("--body", f"@{file}", "--header", "Content-Type: application/x-thing")
    with listening(store, "--status", "500", "--delay", "50ms", *options) as listener:
        head, _, body = post(listener.port, a_message()).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 500 ")
    assert head.count(b"Content-Type:") == 1
    assert b"\r\nContent-Type: application/x-thing" in head
    assert body == bytes(range(256))


def test_a_status_without_a_body_has_none(store: Path) -> None:
    with listening(store, "--status", "204", "--body", "ignored") as listener:
        answer = exchange(listener.port, raw(b"POST / HTTP/1.1", b"Content-Length: 0"))
    assert answer.startswith(b"HTTP/1.1 204 No Content\r\n")
    assert answer.endswith(b"\r\n\r\n")


def test_a_delivery_is_stored_before_its_answer_which_may_be_delayed(store: Path) -> None:
    with listening(store, "--delay", "1h") as listener, connect(listener.port) as connection:
        connection.sendall(raw(b"POST /waits HTTP/1.1", b"Content-Length: 2", body=b"ab"))
        reader = sqlite3.connect(store, timeout=SAFETY, isolation_level=None)
        deadline = time.monotonic() + SAFETY
        while not (rows := reader.execute("SELECT target FROM deliveries").fetchall()):
            assert time.monotonic() < deadline, "it was not stored"
            time.sleep(0.01)
        reader.close()
        assert rows == [(b"/waits",)]
        connection.settimeout(0)
        with pytest.raises(BlockingIOError):
            connection.recv(1)
        connection.settimeout(SAFETY)
        # Whoever stops the listener does not want to wait so long: the answer comes now.
        listener.process.send_signal(signal.SIGINT)
        assert until(connection, b"\r\n\r\n").startswith(b"HTTP/1.1 200 ")
        ended = listener.ended()
    assert ended.code == 0
    assert ended.err.endswith("1 delivery (1 unknown) received and stored.\n")


# What is taken, and what is not.


def test_only_what_is_below_the_path_is_taken(store: Path) -> None:
    with listening(store, "--json", "--path", "/hooks/") as listener:
        assert listener.url.endswith("/hooks")
        for target, status in {
            "/hooks": b"200",
            "/hooks/": b"200",
            "/hooks/github?x": b"200",
            "/hooks?key=K": b"200",
            "/hooksy": b"404",
            "/": b"404",
            "/other?token=hidden": b"404",
        }.items():
            assert post(listener.port, a_message(target=target)).split()[1] == status, target
        post(listener.port, a_message(target="/\udc9b[bold]\u202e"))
        exchange(listener.port, b"\x1b[31mGET / HTTP/1.1\r\n\r\n")
        ended = listener.stop()
    assert [record["target"] for record in ended.records] == ["/hooks", "/hooks/", "/hooks/github?x", "/hooks?key=K"]
    assert "POST /other: not under /hooks, answered 404, not stored" in ended.err
    assert "hidden" not in ended.err
    assert ended.err.count("answered 404") == 4
    # What is not taken is shown, and not obeyed, like what is.
    assert "! POST /\\x9b[bold]\\u202e: not under /hooks, answered 404" in ended.err
    assert harmless(ended.err)


def test_the_provider_may_be_said(store: Path) -> None:
    with listening(store, "--json", "--provider", "gitea", "--secret", SECRET) as listener:
        record = printed(listener, post(listener.port, a_push(SECRET)))
    assert record["provider"] == "gitea"
    assert record["verdict"]["state"] == "valid"


def test_a_body_over_the_limit_is_refused_and_said(store: Path) -> None:
    def whole(body: bytes) -> bytes:
        return raw(b"POST /big?key=hidden HTTP/1.1", b"Content-Length: %d" % len(body), body=body)

    def chunked(body: bytes) -> bytes:
        chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
        return raw(b"POST /big?key=hidden HTTP/1.1", b"Transfer-Encoding: chunked", body=chunks)

    with listening(store, "--json", "--max-body", "1k") as listener:
        for framed in (whole, chunked):
            assert exchange(listener.port, framed(b"x" * 1025)).startswith(b"HTTP/1.1 413 ")
            assert exchange(listener.port, framed(b"x" * 1024)).startswith(b"HTTP/1.1 200 ")
        with connect(listener.port) as connection:
            # One that asks beforehand is told so before it sends anything.
            connection.sendall(
                b"POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 30000000000\r\n\r\n"
            )
            assert until(connection, b"\r\n\r\n").startswith(b"HTTP/1.1 413 ")
        ended = listener.stop()
    assert [record["size"] for record in ended.records] == [1024, 1024]
    said = "! POST /big: 1,025 bytes or more are over --max-body (1,024), answered 413, not stored\n"
    assert ended.err.count(said) == 2
    assert "30,000,000,000 bytes or more" in ended.err
    assert "hidden" not in ended.err
    assert len(stored(store)) == 2


def test_half_a_request_and_garbage_are_said_and_not_stored_and_the_listener_goes_on(store: Path) -> None:
    hello = bytes.fromhex("160301010001000 0fc0303".replace(" ", "")) + bytes(range(200))
    with listening(store, "--json") as listener:
        with connect(listener.port) as connection:
            under_way(connection, b"0123456789", sent=4)
        assert "! POST /half: broken off before its end, not stored" in listener_note(listener)
        with connect(listener.port) as connection:
            connection.sendall(b"POST /half-a-head HTTP/1.1\r\nHost: h\r\nX-A")
        assert listener.note() == "! 127.0.0.1 hung up within the head of its request, not stored\n"
        connect(listener.port).close()  # who only looks whether somebody is there is nothing to talk about
        smuggled = raw(b"POST / HTTP/1.1", b"Content-Length: 4", b"Transfer-Encoding: chunked", body=b"0\r\n\r\n")
        for garbage in (b"hello there\r\n\r\n", b"\x00\x01\x02\x03\r\n\r\n", b"GET / SPDY/3\r\n\r\n", smuggled):
            assert exchange(listener.port, garbage).split()[1] == b"400"
            assert "sent what is no HTTP request, answered 400 (" in listener.note()
        assert exchange(listener.port, hello).split()[1] == b"400"
        assert "HTTPS traffic on an HTTP port" in listener.note()
        bad_chunk = raw(b"POST /chunk HTTP/1.1", b"Transfer-Encoding: chunked", body=b"zz\r\nabc\r\n")
        assert exchange(listener.port, bad_chunk).split()[1] == b"400"
        assert listener.note().startswith("! ")
        answer = post(listener.port, a_message(b"still here"))
        assert printed(listener, answer)["body"] == "still here"
        ended = listener.stop()
    assert ended.code == 0
    assert ended.err == "1 delivery (1 unknown) received and stored.\n"  # and all the notices were read above
    assert [record["body"] for record in stored(store)] == ["still here"]


def listener_note(listener: Listening) -> str:
    """The first line on standard error behind the banner."""
    while not (line := listener.note()).startswith("!"):
        assert line, "it has ended"
    return line


# Secrets.


def test_the_verdict_stands_in_the_line_and_in_the_json(store: Path, tmp_path: Path) -> None:
    file = tmp_path / "secrets.txt"
    file.write_text(f"# what we use\n\ngitea=other\r\ngithub={SECRET}\n")
    with listening(store, "--secret-file", str(file)) as listener:
        for secret, word in {SECRET: "✓ valid", "other": "✗ invalid", None: "– unsigned"}.items():
            post(listener.port, a_push(secret))
            assert word in delivery_line(listener)
        post(listener.port, a_message(x_gitlab_event="Push Hook", x_gitlab_token="any"))
        assert "? no secret" in delivery_line(listener)
        ended = listener.stop()
    assert ended.err.endswith("4 deliveries (3 github, 1 gitlab) received and stored, 1 invalid.\n")
    assert "secrets gitea, github\n" in ended.err
    assert SECRET not in ended.err
    assert [record["verdict"]["state"] for record in stored(store)] == ["valid", "invalid", "unsigned", "no secret"]


def delivery_line(listener: Listening) -> str:
    """The next line that is of a delivery, and not a remark about the one before."""
    while (line := listener.line().decode()).startswith(" "):
        continue
    return line


def test_of_several_secrets_any_may_hold_but_only_for_its_own_provider(store: Path) -> None:
    secrets = (
        "--secret",
        "github=old",
        "--secret",
        "GitHub=new=er",
        "--secret",
        "gitlab=theirs",
        "--secret",
        "for all",
    )
    with listening(store, "--json", *secrets) as listener:
        for secret, state in {"old": "valid", "new=er": "valid", "for all": "valid", "theirs": "invalid"}.items():
            assert printed(listener, post(listener.port, a_push(secret)))["verdict"]["state"] == state, secret


# Beginning and end.


def test_the_first_line_on_standard_error_names_the_url(store: Path) -> None:
    with listening(store, "--json", "--path", "hooks") as listener:
        assert listener.banner == [f"Listening on http://127.0.0.1:{listener.port}/hooks\n"]
        ended = listener.stop()
    assert ended.out == b""
    assert f'curl -d \'{{"hello": "world"}}\' {listener.url}\n' in ended.err
    assert str(store) in ended.err
    assert ended.err.endswith("0 deliveries received and stored.\n")


def test_the_default_url(store: Path) -> None:
    """Whoever else holds the default port while this runs: the URL is the default one."""
    ended = run_hookcli("listen", "--timeout", "10ms", "--store", store)
    if ended.code == 3:
        assert ended.err.startswith("Error: Port 8080 on 127.0.0.1 is taken by another program.\n")
    else:
        assert ended.err.startswith("Listening on http://127.0.0.1:8080/\n")
        assert "\n  or      hookcli replay github/push\n" in ended.err


def test_the_store_lies_in_the_users_data_directory_unless_it_is_named(tmp_path: Path) -> None:
    home = {"XDG_DATA_HOME": str(tmp_path / "data"), "HOME": str(tmp_path)}
    for env in (home, {**home, "HOOKCLI_STORE": str(tmp_path / "named.db")}):
        ended = run_hookcli("listen", "--port", "0", "--timeout", "10ms", env=env)
        assert ended.code == 1
    assert (tmp_path / "data" / "hookcli" / "deliveries.db").exists()
    assert (tmp_path / "named.db").exists()


def test_it_stops_when_as_many_have_come_as_were_asked_for(store: Path) -> None:
    with listening(store, "--count", "2", "--timeout", "1h", "--print", "none") as listener:
        post(listener.port, a_message())
        post(listener.port, a_message())
        ended = listener.ended()
    assert (ended.code, ended.out) == (0, b"")
    assert ended.err.endswith("2 deliveries (2 unknown) received and stored.\n")


@pytest.mark.parametrize(("options", "code"), [([], 0), (["--count", "2"], 1), (["--timeout", "1h"], 0)])
def test_the_exit_code_says_whether_those_that_were_waited_for_came(store: Path, options: list[str], code: int) -> None:
    with listening(store, *options) as listener:
        post(listener.port, a_message())
        assert listener.line()
        assert listener.stop().code == code


def test_when_the_time_is_up_and_none_came_the_result_is_negative(store: Path) -> None:
    ended = run_hookcli("listen", "--port", "0", "--timeout", "10ms", "--store", store)
    assert (ended.code, ended.out) == (1, b"")
    assert ended.err.endswith("0 deliveries received and stored.\n")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_lets_a_delivery_under_way_finish(store: Path, number: signal.Signals) -> None:
    body = b"the first half, and the second"
    with (
        listening(store, "--json") as listener,
        connect(listener.port) as idle,
        connect(listener.port) as connection,
    ):
        idle.sendall(request_bytes(a_message(b"before")))
        assert until(idle, b"\r\n\r\n").startswith(b"HTTP/1.1 200 ")
        under_way(connection, body, sent=15)
        listener.process.send_signal(number)
        takes_no_more(listener.port)
        connection.sendall(body[15:])
        answer = until(connection, b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert b"Connection: close" in answer
        ended = listener.ended()
    assert ended.code == 0
    assert [record["body"] for record in ended.records] == ["before", body.decode()]
    assert ended.err.endswith("2 deliveries (2 unknown) received and stored.\n")
    assert [record["body"] for record in stored(store)] == ["before", body.decode()]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, -signal.SIGTERM)])
def test_a_second_signal_ends_it_at_once(store: Path, number: signal.Signals, code: int) -> None:
    with listening(store) as listener, connect(listener.port) as connection:
        under_way(connection, b"0123456789", sent=4)
        listener.process.send_signal(number)
        takes_no_more(listener.port)
        listener.process.send_signal(number)
        ended = listener.ended()
    assert ended.code == code
    assert "Traceback" not in ended.err


def test_a_sender_that_stands_still_does_not_keep_the_listener_for_ever(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hookcli.listen.listener, "DRAIN_SECONDS", 0.05)
    notices: list[str] = []

    async def until_stopped() -> bytes:
        writer = Writer(store, asyncio.get_running_loop())
        taking = Listener(Plan(), writer, Hooks(arrived=print, notice=notices.append))
        sockets = bind("127.0.0.1", 0)
        await taking.start(sockets)
        reader, sender = await asyncio.open_connection("127.0.0.1", sockets[0].getsockname()[1])
        sender.write(b"POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\nabc")
        await reader.readuntil(b"\r\n\r\n")
        await taking.stop()
        rest = await reader.read()
        sender.close()
        await writer.close()
        return rest

    assert asyncio.run(asyncio.wait_for(until_stopped(), SAFETY)) == b""
    assert notices == ["1 unfinished after 0.05 s: broken off, not stored"]


# What is shown.


def test_a_line_a_delivery(store: Path) -> None:
    with listening(store, "--secret", SECRET) as listener:
        post(listener.port, a_push(SECRET))
        line = listener.line().decode()
        post(listener.port, a_message(b"hello", "/?token=hidden", "PUT"))
        other = listener.line().decode()
    assert re.fullmatch(r"\d\d:\d\d:\d\d  ✓ valid +github +push +8\.8 kB  ada pushed 3 commits to main.*\n", line)
    assert re.fullmatch(r"\d\d:\d\d:\d\d  ✗ invalid +unknown +- +5 B  PUT /\?token=••••••\n", other)


@pytest.mark.parametrize("style", ["headers", "full"])
def test_headers_or_everything(store: Path, style: str) -> None:
    with listening(store, "--print", style) as listener:
        post(listener.port, a_message(b'{"a": [1]}', authorization="Bearer hidden"))
        ended = listener.stop()
    assert ended.err.endswith("1 delivery (1 unknown) received and stored.\n")
    assert "POST / HTTP/1.1\nHost: localhost\nAuthorization: Bearer ••••••\nContent-Length: 10\n" in ended.text
    assert "from 127.0.0.1, answered 200, 10 B" in ended.text
    assert ('{\n  "a": [\n    1\n  ]\n}\n' in ended.text) == (style == "full")
    assert ('"a"' in ended.text) == (style == "full")


NASTY = "evil\x1b[2J\x1b]0;owned\x07\x9b31m[bold]not bold[/bold]\n\r\t\u202egnp.exe\u2028\x7f\ud800:smile:"


def nasty_deliveries() -> list[Message]:
    """The same text in every place that a sender has a say in."""
    body = json.dumps(
        {
            "action": NASTY,
            "sender": {"login": NASTY},
            "ref": f"refs/heads/{NASTY}",
            "pusher": {"name": NASTY},
            "commits": [{"message": NASTY}],
            "repository": {"full_name": NASTY},
        }
    ).encode()
    header = NASTY.encode("utf-8", "surrogatepass").translate(None, bytes([*range(32), 127]))
    event = json.dumps({"specversion": "1.0", "type": NASTY, "id": NASTY, "source": NASTY, "data": NASTY}).encode()
    tag = json.dumps({"type": "TAG_PUSH", "createdAt": NASTY, "contents": {"repository": NASTY, "tag": NASTY}}).encode()

    def message(body: bytes, *pairs: tuple[bytes, bytes], target: str = "/") -> Message:
        return Message(
            target=target, headers=Headers([*pairs, (b"Host", b"h"), (b"Content-Length", b"%d" % len(body))]), body=body
        )

    return [
        message(body, (b"X-GitHub-Event", b"push"), (b"X-GitHub-Delivery", header)),
        message(body, (b"X-GitHub-Event", header)),
        message(body, (b"X-Gitlab-Event", b"Push Hook"), (b"Authorization", header), (header_name(), header)),
        message(event, (b"Content-Type", b"application/cloudevents+json")),
        message(tag),
        message(NASTY.encode("utf-8", "surrogatepass"), (b"Content-Type", b"text/plain")),
        message(
            b"payload=" + NASTY.encode("utf-8", "surrogatepass") + b"&[red]=%1b%9b",
            (b"Content-Type", b"application/x-www-form-urlencoded"),
        ),
        message(b"<a>\x1b[31m</a>", (b"Content-Type", b"text/xml")),
        message(b"", target="/\udc9b31m[bold]%1b[0m?\udcff=[/]"),
    ]


def header_name() -> bytes:
    return b"X-`|~"


def harmless(shown: str) -> bool:
    """Whether a terminal shows this text as it stands, line by line."""
    return all(line.isprintable() for line in shown.replace("\r\n", "\n").split("\n"))


@pytest.mark.parametrize("style", ["line", "full"])
def test_nothing_of_a_delivery_is_obeyed_in_a_pipe(store: Path, style: str) -> None:
    with listening(store, "--print", style) as listener:
        for message in nasty_deliveries():
            assert post(listener.port, message).startswith(b"HTTP/1.1 200 ")
        ended = listener.stop()
    # Plain text in a pipe: no escape codes, neither theirs nor ours.
    assert harmless(ended.text)
    assert harmless(ended.err)
    assert "␛[2J" in ended.text
    assert "[bold]not bold[/bold]" in ended.text
    if style == "line":
        assert len(ended.text.splitlines()) == len(nasty_deliveries())


STYLE = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;[^\x1b]*\x1b\\")


@pytest.mark.parametrize("style", ["line", "full"])
def test_nothing_of_a_delivery_is_obeyed_on_a_terminal(store: Path, style: str) -> None:
    ours, theirs = pty.openpty()
    arguments = ["listen", "--port", "0", "--store", str(store), "--print", style]
    with subprocess.Popen(
        [sys.executable, "-m", "hookcli", *arguments, "--count", str(len(nasty_deliveries()))],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment(TERM="xterm-256color", COLUMNS="200"),
    ) as process:
        os.close(theirs)
        net = threading.Timer(SAFETY, process.kill)
        net.start()
        shown = b""
        # Linux ends the reading of a terminal that nobody writes to any more with an error.
        with contextlib.suppress(OSError):
            while b"Ctrl-C stops" not in shown:
                shown += os.read(ours, 65536)
            found = re.search(rb"http://127\.0\.0\.1:(\d+)/", shown)
            assert found
            for message in nasty_deliveries():
                assert post(int(found[1]), message).startswith(b"HTTP/1.1 200 ")
            while part := os.read(ours, 65536):
                shown += part
        os.close(ours)
        net.cancel()
    assert process.returncode == 0
    text = shown.decode()
    assert STYLE.search(text), "it is not coloured"
    assert harmless(STYLE.sub("", text))
    assert "owned" in text
    assert "[bold]not bold[/bold]" in text


def test_a_reader_that_stands_still_holds_up_no_delivery(store: Path) -> None:
    with listening(store, "--json") as listener:
        for number in range(40):
            # More than the pipe holds.
            assert post(listener.port, a_message(b"%d " % number * 2000)).startswith(b"HTTP/1.1 200 ")
        ended = listener.stop()
    assert ended.code == 0
    assert len(ended.records) == len(stored(store)) == 40


@pytest.mark.parametrize("options", [["--json"], ["--print", "full"]])
def test_a_reader_that_leaves_early_ends_it_without_a_traceback(store: Path, options: list[str]) -> None:
    """As in `hookcli listen | head -1`."""
    with listening(store, *options) as listener:
        assert listener.process.stdout is not None
        post(listener.port, a_message())
        assert listener.line()
        listener.process.stdout.close()
        answered = 1
        # It may have noticed by now, while it was still writing the first one.
        with contextlib.suppress(OSError):
            answered += post(listener.port, a_message(b"second")).startswith(b"HTTP/1.1 200 ")
        assert listener.process.stderr is not None
        err = listener.process.stderr.read().decode()
        assert listener.process.wait(SAFETY) == 0
        listener.process.stdout = None
    assert "Traceback" not in err
    assert "BrokenPipe" not in err
    assert f"\n{answered} deliver" in err
    assert len(stored(store)) == answered


# What can not be.


def refused(*options: str | Path, code: int = 3) -> str:
    """How a listener that can't begin complains."""
    ended = run_hookcli("listen", "--port", "0", *options)
    assert (ended.code, ended.out) == (code, b"")
    assert "Traceback" not in ended.err
    return ended.err


def refused_at_once(capsys: pytest.CaptureFixture[str], *options: str | Path, code: int) -> str:
    """The same without a process, for what is refused before anything is opened."""
    with pytest.raises(SystemExit) as left:
        main(["listen", "--port", "0", *map(str, options)])
    printed_so_far = capsys.readouterr()
    assert (left.value.code, printed_so_far.out) == (code, "")
    return printed_so_far.err


def test_a_taken_port(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert refused_at_once(capsys, "--port", str(port), "--store", store, code=3) == (
            f"Error: Port {port} on 127.0.0.1 is taken by another program.\n"
            "Choose another with --port, or --port 0 for any free one.\n"
        )


def test_a_host_that_is_not_here(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert refused_at_once(capsys, "--host", "203.0.113.7", "--store", store, code=3) == (
        "Error: 203.0.113.7 is not an address of this machine.\nUse --host 127.0.0.1 or 0.0.0.0.\n"
    )
    assert "The host 'no such host' is not known here." in refused_at_once(
        capsys, "--host", "no such host", "--store", store, code=3
    )


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM])
def test_a_port_that_needs_more_rights(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def bind_refused(_self: socket.socket, _address: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(socket.socket, "bind", bind_refused)
    with pytest.raises(Environment, match="Port 80 needs more rights than you have") as caught:
        bind("127.0.0.1", 80)
    assert "above 1023" in caught.value.fix


def test_a_store_that_can_not_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "file"
    file.write_text("not a folder")
    assert f"Error: The store {file / 'store.db'} can't be opened: " in refused("--store", file / "store.db")
    assert f"Error: The store {tmp_path} can't be opened: Is a directory.\n" in refused_at_once(
        capsys, "--store", tmp_path, code=3
    )
    assert f"Error: The store {file} can't be used: file is not a database.\n" in refused_at_once(
        capsys, "--store", file, code=3
    )
    assert file.read_text() == "not a folder"


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (None, "can't be read: No such file or directory."),
        (b"", "holds no secret."),
        (b"# only a comment\n\n  \n", "holds no secret."),
        (b"\xff\xfe\x00s", "is not text: byte 0 is no UTF-8."),
        (b"gihub=S\n", ": There is no provider 'gihub' to give a secret to.\nDid you mean github=...?\n"),
        (b"github=\n", ": The secret for github is empty.\n"),
    ],
)
def test_a_bad_secret_file(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, complaint: str
) -> None:
    file = tmp_path / "secrets.txt"
    if content is not None:
        file.write_bytes(content)
    err = refused_at_once(capsys, "--secret-file", file, "--store", store, code=3)
    assert err.startswith(f"Error: The secret file {file}")
    assert complaint in err


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--secret", "gihub=S"], "Did you mean github=...?"),
        (["--secret", ""], "The secret is empty."),
        (["--provider", "nope"], "There is no provider 'nope'."),
        (["--json", "--print", "full"], "--json and --print exclude each other."),
        (["--port", "65536"], "65536 is not in the range"),
        (["--max-body", "much"], "'much' is no size."),
        (["--timeout", "soon"], "'soon' is no span of time."),
        (["--forward", "ftp://x"], "'ftp://x' is no http or https URL."),
        (["--forward", "http://["], "'http://[' is no http or https URL."),
        (["--header", "no colon"], "is no header: write it as Name:value."),
        (["--header", "X Y: a blank in the name"], "is no header: write it as Name:value."),
        (["--header", "X: a\x1bb"], "is no header: write it as Name:value."),
    ],
)
def test_options_that_make_no_sense(
    store: Path, capsys: pytest.CaptureFixture[str], options: list[str], complaint: str
) -> None:
    assert complaint in refused_at_once(capsys, *options, "--store", store, code=2)
    assert not store.exists()


def test_a_body_to_answer_that_can_not_be_read(store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    err = refused_at_once(capsys, "--body", f"@{tmp_path / 'missing'}", "--store", store, code=3)
    assert err == f"Error: The body to answer, {tmp_path / 'missing'}, can't be read: No such file or directory.\n"


@pytest.mark.skipif(
    os.geteuid() == 0 and shutil.which("setpriv") is None, reason="root needs setpriv to give a right away"
)
def test_a_port_that_needs_more_rights_in_the_whole(store: Path) -> None:
    limit = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start")
    if not limit.exists() or int(limit.read_text()) <= 1:
        pytest.skip("no port is privileged here")
    without_the_right = ["setpriv", "--bounding-set=-net_bind_service"] if os.geteuid() == 0 else []
    done = subprocess.run(
        [*without_the_right, sys.executable, "-m", "hookcli", "listen", "--port", "1", "--store", str(store)],
        capture_output=True,
        text=True,
        timeout=SAFETY,
        env=environment(),
        check=False,
    )
    assert done.returncode == 3
    assert done.stderr == "Error: Port 1 needs more rights than you have.\nChoose one above 1023 with --port.\n"
