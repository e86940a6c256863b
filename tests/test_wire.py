"""HTTP on the wire: where a message goes, how it is sent, and every kind of answer."""

from __future__ import annotations

import asyncio
import shutil
import socket
import ssl
import subprocess
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hookcli import wire
from hookcli.delivery import Headers, Message, to_text
from hookcli.errors import WrongInput
from hookcli.wire import Answer, Destination, Manner, SendFailed, attempt, outgoing, request_bytes, send
from support import SAFETY, Wire, a_message, receiving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HERE = Destination.parse("http://localhost:3000")


def sent(url: str, message: Message | None = None, *, timeout: float = SAFETY, insecure: bool = False) -> Answer:
    """Send a message there; the answer."""
    manner = Manner(timeout=timeout, insecure=insecure)
    return asyncio.run(send(message or a_message(), Destination.parse(url), manner))


def answered(answer: bytes, message: Message | None = None) -> Answer:
    """What is made of this answer."""
    with receiving(answer) as receiver:
        return sent(receiver.url, message)


# Where to.


@pytest.mark.parametrize(
    ("url", "scheme", "host", "port", "authority", "path", "query"),
    [
        ("http://localhost:3000/webhooks", "http", "localhost", 3000, "localhost:3000", "/webhooks", ""),
        ("localhost:3000", "http", "localhost", 3000, "localhost:3000", "", ""),
        (":3000", "http", "localhost", 3000, "localhost:3000", "", ""),
        (":3000/hook?a=b", "http", "localhost", 3000, "localhost:3000", "/hook", "a=b"),
        ("example.com", "http", "example.com", 80, "example.com", "", ""),
        ("https://example.com", "https", "example.com", 443, "example.com", "", ""),
        ("https://example.com/", "https", "example.com", 443, "example.com", "", ""),
        ("http://example.com?x=1", "http", "example.com", 80, "example.com", "", "x=1"),
        ("http://example.com/a%2Fb/?x#fragment", "http", "example.com", 80, "example.com", "/a%2Fb/", "x"),
        ("http://[::1]:8000/x", "http", "::1", 8000, "[::1]:8000", "/x", ""),
        ("http://user:password@example.com:8/", "http", "example.com", 8, "example.com:8", "", ""),
        ("HTTP://Example.COM/", "http", "example.com", 80, "Example.COM", "", ""),
    ],
)
def test_a_destination(  # noqa: PLR0913 (a table)
    url: str, scheme: str, host: str, port: int, authority: str, path: str, query: str
) -> None:
    assert Destination.parse(url) == Destination(
        scheme=scheme, host=host, port=port, authority=authority, path=path, query=query
    )


@pytest.mark.parametrize(
    "url",
    [
        *("", "http://", "https:///path", "/path", "//host/path", "ftp://host", "file:///etc/passwd", "ws://host"),
        *("http://a..b", "http://" + "a" * 64 + ".example", "http://bücher..example"),
        *("http://host:port", "http://host:70000", "http://host:-1", "http://host:0", "http://[::1", "http://["),
        *(
            "http://a b",
            "http://host/a b",
            "http://host/\r\nX: y",
            "http://host/\x00",
            "http://host/\x7f",
            "http://℀.com",
        ),
    ],
)
def test_what_is_no_destination_is_said(url: str) -> None:
    with pytest.raises(WrongInput, match="is no http or https URL") as caught:
        Destination.parse(url)
    assert "http://localhost:3000/webhooks" in caught.value.fix


@given(st.text(max_size=30) | st.text("htps:/[]@#?.%0189 \t", max_size=20).map("http://".__add__))
def test_any_text_is_a_destination_or_wrong_input(url: str) -> None:
    with suppress(WrongInput):
        found = Destination.parse(url)
        assert found.host
        assert 0 < found.port < 65536
        assert not {*found.target_for(a_message())} & {*" \r\n\t\0"}


@pytest.mark.parametrize(
    ("url", "own", "target"),
    [
        ("http://h", "/own?key=1", "/own?key=1"),
        ("http://h/", "/own?key=1", "/own?key=1"),
        ("http://h/hook", "/own?key=1", "/hook?key=1"),
        ("http://h/hook", "/own", "/hook"),
        ("http://h/hook?own=2", "/own?key=1", "/hook?own=2"),
        ("http://h?own=2", "/own?key=1", "/?own=2"),
        ("http://h", "/%2F//a?", "/%2F//a?"),
        ("http://h", "http://elsewhere.example/own?key=1", "/own?key=1"),
        ("http://h", "http://elsewhere.example", "/"),
        ("http://h", "/go?to=http://elsewhere.example/", "/go?to=http://elsewhere.example/"),
        ("http://h/hook", "http://elsewhere.example/own?key=1", "/hook?key=1"),
        ("http://h", "*", "*"),
    ],
)
def test_the_target_is_the_messages_own_unless_the_url_has_a_path(url: str, own: str, target: str) -> None:
    assert Destination.parse(url).target_for(Message(target=own)) == target


# How it is sent.


def test_what_goes_out_is_the_message_without_what_belongs_to_its_connection() -> None:
    message = Message(
        method="PUT",
        target="/a?b",
        headers=Headers(
            [
                ("X-First", "1"),
                ("hOST", "public.example"),
                ("Connection", "X-Private, Upgrade , close"),
                ("x-private", "only for the proxy"),
                ("Keep-Alive", "timeout=5"),
                ("Proxy-Authorization", "Basic eA=="),
                ("Proxy-Connection", "keep-alive"),
                ("TE", "trailers"),
                ("Trailer", "X-Sum"),
                ("Transfer-Encoding", "chunked"),
                ("Upgrade", "h2c"),
                ("x-twice", "b"),
                ("Authorization", "Bearer stays"),
                ("X-Twice", "a"),
                ("CONTENT-length", "999"),
            ]
        ),
        body=b"abc",
    )
    assert outgoing(message, HERE) == Message(
        method="PUT",
        target="/a?b",
        headers=Headers(
            [
                ("X-First", "1"),
                ("Host", "localhost:3000"),
                ("x-twice", "b"),
                ("Authorization", "Bearer stays"),
                ("X-Twice", "a"),
                ("CONTENT-length", "3"),
            ]
        ),
        body=b"abc",
    )


def test_the_host_may_be_kept() -> None:
    message = a_message().headers.with_header("Host", "public.example")
    kept = outgoing(Message(headers=message, body=b"{}"), HERE, keep_host=True)
    assert kept.headers.get_all("host") == ["public.example"]
    without = outgoing(Message(headers=Headers([("X-A", "b")])), HERE, keep_host=True)
    assert next(iter(without.headers)) == ("Host", "localhost:3000")


def test_a_body_that_came_in_chunks_gets_a_length() -> None:
    message = Message(headers=Headers([("Transfer-Encoding", "chunked"), ("Host", "h")]), body=b"\x00\xff")
    assert list(outgoing(message, HERE).headers) == [("Host", "localhost:3000"), ("Content-Length", "2")]


@pytest.mark.parametrize(
    ("method", "length"),
    [("GET", None), ("HEAD", None), ("DELETE", None), ("OPTIONS", None), ("POST", "0"), ("PUT", "0")],
)
def test_a_length_stands_where_a_body_is_expected(method: str, length: str | None) -> None:
    assert outgoing(Message(method=method), HERE).headers.get("content-length") == length


def test_what_frames_a_message_can_not_be_called_hop_by_hop() -> None:
    message = a_message(content_type="text/plain", connection="Host, Content-Length, Content-Type")
    assert {name.lower() for name, _ in outgoing(message, HERE).headers} == {"host", "content-type", "content-length"}


names = st.from_regex(r"\A[!#$%&'*+.^_`|~0-9A-Za-z-]{1,8}\Z") | st.sampled_from(
    ["Host", "host", "Connection", "TE", "content-length", "Content-Length", "X-A", "x-a"]
)
values = st.binary(max_size=12).map(lambda data: to_text(data.translate(None, b"\r\n\0")).strip(" \t"))
messages = st.builds(
    Message,
    method=st.sampled_from(["GET", "POST", "BREW"]),
    target=st.binary(max_size=9).map(lambda data: "/" + to_text(bytes(byte for byte in data if byte > 0x20))),
    headers=st.lists(st.tuples(names, values), max_size=8).map(Headers),
    body=st.binary(max_size=30),
)


@given(messages)
def test_going_out_changes_nothing_else_and_only_once(message: Message) -> None:
    out = outgoing(message, HERE)
    assert (out.method, out.target, out.body) == (message.method, message.target, message.body)
    assert outgoing(out, HERE) == out
    data = request_bytes(out)
    assert Wire.of(data).end_to_end().headers == Wire.of(request_bytes(message)).end_to_end().headers
    assert data.endswith(b"\r\n\r\n" + message.body)


def test_the_bytes_of_a_request() -> None:
    message = Message(
        method="POST",
        target="/\udcff?é",
        http_version="1.0",
        headers=Headers([(b"x-A", b"caf\xe9"), (b"X-a", b"")]),
        body=b"\r\n\x00",
    )
    assert request_bytes(message) == b"POST /\xff" + "?é HTTP/1.0\r\n".encode() + (
        b"x-A: caf\xe9\r\nX-a: \r\n\r\n\r\n\x00"
    )


def test_a_message_arrives_byte_for_byte() -> None:
    body = bytes(range(256)) * 40000
    message = Message(
        target="/a%2F?\udcff", headers=Headers([("Host", "h"), ("x-ODD", "1"), ("X-Odd", "é")]), body=body
    )
    with receiving() as receiver:
        assert sent(receiver.url, message).status == 200
        assert (
            receiver.next()
            == (
                b"POST /a%%2F?\xff HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nx-ODD: 1\r\nX-Odd: \xc3\xa9\r\n"
                b"Content-Length: %d\r\n\r\n" % (receiver.port, len(body))
            )
            + body
        )


# What is answered.


def test_an_answer() -> None:
    answer = answered(b"HTTP/1.1 201 Made it\r\nx-Odd: a\r\nX-ODD: caf\xe9\r\nContent-Length: 3\r\n\r\n\x00\xffx")
    assert answer == Answer(
        status=201,
        reason="Made it",
        headers=Headers([(b"x-Odd", b"a"), (b"X-ODD", b"caf\xe9"), (b"Content-Length", b"3")]),
        body=b"\x00\xffx",
        size=3,
    )


@pytest.mark.parametrize(
    ("answer", "status", "body"),
    [
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1;x=y\r\nc\r\n0\r\nX-T: t\r\n\r\n",
            200,
            b"abc",
        ),
        (b"HTTP/1.1 200 OK\r\n\r\nuntil the end", 200, b"until the end"),
        (b"HTTP/1.0 200 OK\r\n\r\nold", 200, b"old"),
        (b"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", 200, b""),
        (b"HTTP/1.1 204 No Content\r\n\r\n", 204, b""),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n", 304, b""),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, b"ok"),
        (b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 500 Oh\r\nContent-Length: 2\r\n\r\nno", 500, b"no"),
        (b"HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n", 999, b""),
        (b"HTTP/1.1 200 OK\r\nX-Token: " + b"t" * 60_000 + b"\r\nContent-Length: 1\r\n\r\nx", 200, b"x"),
        (b"HTTP/1.1 200 OK\nContent-Length: 2\n\nlf", 200, b"lf"),
    ],
)
def test_every_kind_of_answer(answer: bytes, status: int, body: bytes) -> None:
    found = answered(answer)
    assert (found.status, found.body, found.size) == (status, body, len(body))


def test_an_answer_to_head_has_no_body() -> None:
    found = answered(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", a_message(b"", method="HEAD"))
    assert (found.status, found.size) == (200, 0)


def test_an_answer_to_connect_ends_with_its_head() -> None:
    found = answered(b"HTTP/1.1 200 Connected\r\n\r\nsomething else", Message(method="CONNECT", target="h:80"))
    assert (found.status, found.size) == (200, 0)


def test_of_a_huge_answer_the_head_is_kept_and_all_is_counted() -> None:
    body = bytes(range(256)) * 4096
    found = answered(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    assert found.size == len(body)
    assert found.body == body[: wire.KEPT_BODY]


def test_an_answer_without_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "READ_BODY", 100_000)
    found = answered(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"ffff\r\n%s\r\n" % (b"x" * 0xFFFF) * 40
    )
    assert found.status == 200
    assert 100_000 < found.size < 1_000_000


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"", "the connection was closed without an answer"),
        (b"HTTP/1.1 200 OK\r\nContent-", "the connection was closed without an answer"),
        (b"HTTP/1.1 100 Continue\r\n\r\n", "the connection was closed without an answer"),
        (b"SSH-2.0-OpenSSH_9.7\r\n\r\n", "the answer is not HTTP: "),
        (b"HTTP/1.1 OK\r\n\r\n", "the answer is not HTTP: "),
        (b"HTTP/1.1 200 OK\r\nno header\r\n\r\n", "the answer is not HTTP: "),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", "the answer is not HTTP: peer closed connection"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "the answer is not HTTP: "),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 400_000, "the answer is not HTTP: "),
    ],
)
def test_what_is_no_answer_is_told_in_a_few_words(answer: bytes, reason: str) -> None:
    with pytest.raises(SendFailed) as caught:
        answered(answer)
    assert str(caught.value).startswith(reason)


@contextmanager
def impatient(*answer: bytes, until: bytes = b"\r\n\r\n") -> Iterator[str]:
    """A server that answers, in these parts, when it has the head, and hangs up on the body; its URL."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = server.accept()
                with connection:
                    data = b""
                    while until not in data:
                        data += connection.recv(1024)
                    for part in answer:
                        connection.sendall(part)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join(SAFETY)


@pytest.mark.parametrize("parts", [1, 2])
def test_a_server_that_answers_before_it_has_the_body_is_heard(parts: int) -> None:
    head, body = b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\n", b"no"
    with impatient(*([head + body] if parts == 1 else [head, body])) as url:
        for _ in range(10):
            assert sent(url, a_message(b"x" * 10_000_000)).status == 413


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(SendFailed, match=f"connection refused: nothing listens on 127.0.0.1:{port}"):
        sent(f"http://127.0.0.1:{port}")


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"])
def test_a_server_that_takes_too_long(answer: bytes) -> None:
    go_on = threading.Event()

    def serve(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection:
            connection.sendall(answer)
            go_on.wait(SAFETY)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve, args=[server], daemon=True)
        thread.start()
        with pytest.raises(SendFailed, match=r"^no answer within 0\.2 s$"):
            sent(f"http://127.0.0.1:{server.getsockname()[1]}", timeout=0.2)
        go_on.set()
        thread.join(SAFETY)


def test_an_attempt_says_what_came_of_it() -> None:
    with receiving(b"HTTP/1.1 503 Later\r\nRetry-After: 3\r\nContent-Length: 4\r\n\r\nlate") as receiver:
        made = asyncio.run(attempt("forward", a_message(target="/a?b"), Destination.parse(receiver.url), Manner()))
    assert (made.kind, made.url, made.status, made.error) == ("forward", f"{receiver.url}/a?b", 503, None)
    assert (made.headers.get("retry-after"), made.body) == ("3", b"late")
    assert made.elapsed > 0
    failed = asyncio.run(attempt("replay", a_message(), Destination.parse(receiver.url), Manner()))
    assert (failed.kind, failed.status, failed.body) == ("replay", None, b"")
    assert failed.error
    assert failed.error.startswith("connection refused")


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate that nobody has signed, with its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("there is no openssl to make a certificate with")
    path = tmp_path / "own.pem"
    made = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=localhost"]
    files = ["-keyout", str(path), "-out", str(tmp_path / "cert.pem")]
    subprocess.run([openssl, "req", "-x509", *made, *files], check=True, capture_output=True)
    path.write_text(path.read_text() + (tmp_path / "cert.pem").read_text())
    return path


def test_a_certificate_is_checked_unless_it_need_not_be(certificate: Path) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    received: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received.append(await reader.readuntil(b"{}"))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        await writer.drain()
        writer.close()

    async def try_both() -> Answer:
        server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
        async with server:
            to = Destination.parse(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}")
            with pytest.raises(SendFailed, match=r"certificate is not trusted: .*\(--insecure takes it\)"):
                await send(a_message(), to, Manner(timeout=SAFETY))
            return await send(a_message(), to, Manner(timeout=SAFETY, insecure=True))

    assert asyncio.run(try_both()).body == b"ok"
    assert len(received) == 1


def test_tls_to_a_server_that_speaks_none() -> None:
    with impatient(b"HTTP/1.1 400 Bad\r\n\r\n", until=b"\x01") as url, pytest.raises(SendFailed):
        sent(url.replace("http:", "https:"), insecure=True)


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=60) | st.binary(max_size=40).map(b"HTTP/1.1 200 OK\r\n".__add__))
def test_any_bytes_are_an_answer_or_a_failure(answer: bytes) -> None:
    with suppress(SendFailed):
        assert answered(answer).status >= 200
