"""The curl command that is written, run by a shell and the real curl: byte for byte the message."""

from __future__ import annotations

import random
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hookcli.delivery import Headers, Message
from hookcli.formats import curl
from hookcli.formats.shell import ARGUMENT_LIMIT
from hookcli.wire import request_bytes
from support import SAFETY, Receiver, Wire, environment, hookcli, listening, receiving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SHELLS = [shell for shell in ("bash", "dash") if shutil.which(shell)]

pytestmark = pytest.mark.skipif(not (shutil.which("curl") and SHELLS), reason="needs curl and a shell")


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with receiving() as one:
        yield one


def run(command: str, shell: str = SHELLS[0] if SHELLS else "") -> subprocess.CompletedProcess[bytes]:
    """Have the shell read the command, as it does when a person pastes it."""
    return subprocess.run(
        [shell],
        input=command.encode(),
        capture_output=True,
        timeout=SAFETY,
        env=environment(HOME="/nowhere"),
        check=False,
    )


def sent(message: Message, receiver: Receiver, shell: str = SHELLS[0] if SHELLS else "") -> Wire:
    """What arrives when the message's command is run."""
    done = run(curl.write(message, receiver.url), shell)
    assert (done.returncode, done.stderr) == (0, b"")
    return Wire.of(receiver.next())


def assert_exact(message: Message, arrived: Wire, receiver: Receiver) -> None:
    assert arrived.as_sent() == Wire.of(request_bytes(message)).end_to_end()
    assert arrived.all(b"host") == [f"127.0.0.1:{receiver.port}".encode()]
    if message.body:
        assert arrived.all(b"content-length") == [str(len(message.body)).encode()]


def test_a_plain_body_can_be_read_in_the_command() -> None:
    message = Message(target="/hook", headers=Headers([("Content-Type", "application/json")]), body=b'{"it\'s": 1}')
    assert curl.write(message, "http://localhost:3000") == (
        "curl -sS -X POST \\\n"
        "  -H 'Content-Type: application/json' \\\n"
        "  -H Accept: \\\n"
        "  -H User-Agent: \\\n"
        "  -H Expect: \\\n"
        "  --data-raw '{\"it'\"'\"'s\": 1}' \\\n"
        "  http://localhost:3000/hook"
    )


BODIES = {
    "quotes": b"""it's "quoted" `ticked` $HOME $(id) \\n !!""",
    "lines": b"\nfirst\n\nlast\n\n",
    "carriage returns": b"a\r\nb\r\n",
    "a leading @": b"@/etc/hostname",
    "a leading dash": b"--version",
    "empty": b"",
    "text beyond ASCII": "Grüße, 世界".encode(),
    "zero bytes": b"a\0b",
    "binary": bytes(range(256)),
    "an escape sequence": b"\x1b]0;owned\x07",
    "just what an argument can hold": b"a" * (ARGUMENT_LIMIT - 1),
    "one byte more": b"a" * ARGUMENT_LIMIT,
    "a megabyte of text": b"0123456789abcde\n" * 65536,
    "a megabyte of noise": random.Random(1).randbytes(1024 * 1024),
}


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_any_body_arrives(body: bytes, shell: str, receiver: Receiver) -> None:
    message = Message(target="/hook?a=1&b=2", headers=Headers([("Content-Type", "text/plain")]), body=body)
    assert_exact(message, sent(message, receiver, shell), receiver)


@pytest.mark.parametrize("shell", SHELLS)
def test_any_header_arrives(shell: str, receiver: Receiver) -> None:
    headers = Headers(
        [
            (b"X-Empty", b""),
            (b"X-Twice", b"1"),
            (b"x-tWICE", b"2"),
            (b"User-Agent", b"GitHub-Hookshot/5e8c1d4"),
            (b"accept", b"*/*"),
            (b"X-Quotes", b"""it's "quoted" $HOME; `id` \\"""),
            (b"X-Semicolon", b";"),
            (b"X-Tab", b"a\tb"),
            (b"X-Latin", b"Gr\xfc\xdfe 100%"),
            (b"X-Text", "Grüße".encode()),
            (b"-X-Dash'd", b"\x80"),
        ]
    )
    message = Message(headers=headers, body=b"{}")
    assert_exact(message, sent(message, receiver, shell), receiver)


@pytest.mark.parametrize(
    "target",
    [
        "/?a[]=1&a[]=2",
        "/{a,b}",
        "/[1-3]",
        "/a/../b/./c",
        "/..",
        "/a#b",
        "//a",
        "/a%2Fb%zz",
        "/?q=/../",
        "/\udcff",
        "/a'b\\",
    ],
)
def test_any_target_arrives(target: str, receiver: Receiver) -> None:
    message = Message(target=target, body=b"{}")
    assert_exact(message, sent(message, receiver), receiver)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS", "PATCH", "M-SEARCH", "-x"])
@pytest.mark.parametrize("body", [b"", b"text"])
def test_any_method_arrives(method: str, body: bytes, receiver: Receiver) -> None:
    message = Message(method=method, headers=Headers([("X-A", "1")]), body=body)
    assert_exact(message, sent(message, receiver), receiver)


def test_an_empty_body_that_was_announced_is_announced_again(receiver: Receiver) -> None:
    message = Message(headers=Headers([("Content-Length", "0")]))
    assert sent(message, receiver).all(b"content-length") == [b"0"]


def test_head_waits_for_no_body() -> None:
    with receiving(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n") as receiver:
        message = Message(method="HEAD", target="/a", headers=Headers([("X-A", "1")]))
        assert_exact(message, sent(message, receiver), receiver)


def test_hop_by_hop_headers_stay_behind(receiver: Receiver) -> None:
    message = Message(
        headers=Headers([("Connection", "close, X-Hop"), ("X-Hop", "1"), ("TE", "trailers"), ("X-End", "2")]),
        body=b"{}",
    )
    assert sent(message, receiver).as_sent().headers == [(b"X-End", b"2")]


tokens = st.text("!#$%&'*+-.^_`|~09azAZ", min_size=1, max_size=8).filter(
    lambda name: name.lower() not in {"te", "host", "connection"}
)
values = st.binary(max_size=20).map(lambda data: bytes(b for b in data if b >= 0x20 and b != 0x7F).strip())


@settings(max_examples=50, deadline=None)
@given(
    tokens,
    st.lists(st.tuples(tokens.map(str.encode), values), max_size=4),
    st.binary(max_size=60) | st.text().map(str.encode),
)
def test_any_message_arrives(receiver: Receiver, method: str, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    message = Message(method=method, target="/a?b", headers=Headers(headers), body=body)
    assert_exact(message, sent(message, receiver), receiver)


def test_https_is_asked_for_http_1_1() -> None:
    assert "--http1.1" in curl.write(Message(), "https://example.com")
    assert "--http1.1" not in curl.write(Message(), "http://example.com")


def test_what_sign_prints_is_taken_for_valid_by_a_listener(tmp_path: Path) -> None:
    payload = tmp_path / "push.json"
    payload.write_bytes(b'{"ref": "refs/heads/it\'s [odd]"}\n')
    with listening(tmp_path / "deliveries.db", "--json", "--secret", "S") as listener:
        written = hookcli(
            "sign",
            payload,
            "--provider",
            "github",
            "--event",
            "push",
            "--secret",
            "S",
            "--format",
            "curl",
            "--url",
            listener.url,
        )
        assert run(written.text).returncode == 0
        record = listener.record()
    assert (record["verdict"]["state"], record["event"]) == ("valid", "push")
    assert record["body"] == '{"ref": "refs/heads/it\'s [odd]"}\n'


def test_nothing_of_a_message_is_obeyed_by_a_terminal() -> None:
    nasty = "\x1b[31m\u202e\x07\r"
    message = Message(target=f"/{nasty}", headers=Headers([("X-A", nasty)]), body=nasty.encode())
    written = curl.write(message, "http://localhost")
    assert written.replace("\n", "").isprintable()
