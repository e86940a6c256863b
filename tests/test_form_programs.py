"""The commands and scripts that are written, run by the real programs against a raw receiver."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from hookcli.delivery import Headers, Message
from hookcli.errors import WrongInput
from hookcli.formats import httpie, snippet, wget
from hookcli.formats.known import WRITTEN
from hookcli.formats.shell import ARGUMENT_LIMIT
from hookcli.wire import request_bytes
from support import SAFETY, Receiver, Wire, environment, receiving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SHELL = shutil.which("dash") or shutil.which("bash") or ""
HTTPIE = shutil.which("http", path=f"{sys.prefix}/bin") or shutil.which("http")
PROGRAMS = [
    pytest.param("httpie", marks=pytest.mark.skipif(not (HTTPIE and SHELL), reason="needs HTTPie and a shell")),
    pytest.param("wget", marks=pytest.mark.skipif(not (shutil.which("wget") and SHELL), reason="needs wget")),
    "python",
    "aiohttp",
]
ORDERED = {"aiohttp"}
"""Programs that keep the order of the headers."""

ADDS = {"wget": {b"accept", b"accept-encoding", b"connection", b"content-type"}}
"""Headers that a program adds where there are none of its own, as the README says."""

TYPED = ("Content-Type", "application/json")


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with receiving() as one:
        yield one


def run(form: str, text: str) -> subprocess.CompletedProcess[bytes]:
    """Have the program that the text is for run it, as when a person pastes it."""
    program = [sys.executable, "-"] if form in {"python", "aiohttp"} else [SHELL]
    return subprocess.run(
        program,
        input=text.encode("utf-8", "surrogateescape"),
        capture_output=True,
        timeout=SAFETY,
        env=environment(HOME="/nowhere", PATH=f"{sys.prefix}/bin:/usr/bin:/bin"),
        check=False,
    )


def sent(form: str, message: Message, receiver: Receiver) -> Wire:
    """What arrives when the message is written in this form and that is run."""
    write = WRITTEN[form].of_message
    assert write is not None
    done = run(form, write(message, receiver.url).decode("utf-8", "surrogateescape"))
    assert (done.returncode, done.stderr) == (0, b"")
    return Wire.of(receiver.next())


def assert_exact(form: str, message: Message, arrived: Wire, receiver: Receiver) -> None:
    came = Wire.of(request_bytes(message)).end_to_end()
    names = {name.lower() for name, _ in came.headers}
    got = arrived.without({b"host", b"content-length"} | (ADDS.get(form, set()) - names))
    assert (got.start, got.body) == (came.start, came.body)
    order: Callable[[list[tuple[bytes, bytes]]], list[tuple[bytes, bytes]]] = list if form in ORDERED else sorted
    assert order(got.headers) == order(came.headers)
    assert arrived.all(b"host") == [f"127.0.0.1:{receiver.port}".encode()]
    assert arrived.all(b"content-length") == [str(len(message.body)).encode()]


BODIES = {
    "quotes": b"""{"a": "it's \\"quoted\\" `ticked` $HOME $(id) \\\\n !! %s %41"}""",
    "lines": b"\nfirst\n\nlast\n\n",
    "carriage returns": b"a\r\nb\r\n",
    "a leading @": b"@/etc/hostname",
    "a leading dash": b"--version",
    "empty": b"",
    "text beyond ASCII": "Grüße, 世界".encode(),
    "binary": bytes(range(256)),
    "a form": b"a=1&b=%20+&c",
    "more than an argument can hold": b"a" * ARGUMENT_LIMIT,
    "noise": random.Random(1).randbytes(300_000),
}


@pytest.mark.parametrize("form", PROGRAMS)
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_any_body_arrives(body: bytes, form: str, receiver: Receiver) -> None:
    message = Message(target="/hook?a=1&b=2", headers=Headers([TYPED, ("X-GitHub-Event", "push")]), body=body)
    assert_exact(form, message, sent(form, message, receiver), receiver)
    assert not list(WRITTEN[form].alters(message, receiver.url))  # type: ignore[misc]


@pytest.mark.parametrize("form", PROGRAMS)
def test_the_headers_of_the_delivery_arrive_and_no_others(form: str, receiver: Receiver) -> None:
    headers = Headers(
        [
            ("X-Empty", ""),
            ("x-oDD", "1"),
            ("User-Agent", "GitHub-Hookshot/5e8c1d4"),
            ("Accept", "*/*"),
            ("Accept-Encoding", "gzip"),
            ("X-Quotes", """it's "quoted" $HOME; `id` \\"""),
            ("X-Sign", "=1"),
            ("X-At", "@file"),
            ("X-Colon", ":a:b=c;d@e"),
            ("X-Text", "Grüße"),
            ("X-Dash'd", "-"),
            ("Authorization", "Bearer a.b=="),
            TYPED,
        ]
    )
    message = Message(headers=headers, body=b"{}")
    assert_exact(form, message, sent(form, message, receiver), receiver)
    bare = Message(body=b"{}")
    assert_exact(form, bare, sent(form, bare, receiver), receiver)


@pytest.mark.parametrize("form", PROGRAMS)
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_other_methods_arrive(form: str, method: str, receiver: Receiver) -> None:
    message = Message(method=method, headers=Headers([TYPED]), body=b"text")
    assert_exact(form, message, sent(form, message, receiver), receiver)


@pytest.mark.parametrize("form", PROGRAMS)
def test_a_redirect_is_shown_and_not_followed(form: str) -> None:
    answer = b"HTTP/1.1 307 Elsewhere\r\nLocation: /b\r\nContent-Length: 4\r\n\r\nbody"
    with receiving(answer) as receiver:
        write = WRITTEN[form].of_message
        assert write is not None
        run(form, write(Message(headers=Headers([TYPED]), body=b"{}"), receiver.url).decode())
        assert len(receiver.requests) == 1


@pytest.mark.parametrize("form", ["python", "aiohttp"])
def test_a_script_shows_the_answer(form: str) -> None:
    with receiving(b"HTTP/1.1 200 Fine\r\nContent-Length: 7\r\n\r\nthanks!") as receiver:
        write = WRITTEN[form].of_message
        assert write is not None
        done = run(form, write(Message(body=b"{}"), receiver.url).decode())
    assert done.stdout == b"200 Fine\nthanks!\n"


ODD = Message(
    method="post",
    target="/a/../b[]?q=%zz#x",
    headers=Headers([("X-Twice", "a"), ("x-twice", "b"), ("X-A", "a\\:b")]),
    body=b"{}",
)


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ("httpie", ["upper case", "escapes the path and query anew", "takes a backslash out of X-A"]),
        ("wget", ["those called X-Twice are joined", "upper case", "tidies the path and query"]),
        ("python", ["upper case", "escapes the path and query anew", "those called X-Twice are joined"]),
        ("aiohttp", ["upper case", "at #"]),
    ],
)
def test_what_a_program_does_otherwise_is_told(form: str, told: list[str]) -> None:
    alters = WRITTEN[form].alters
    assert alters is not None
    changes = list(alters(ODD, "http://localhost"))
    assert len(changes) == len(told)
    for change, part in zip(changes, told, strict=True):
        assert part in change


@pytest.mark.parametrize("form", PROGRAMS)
def test_headers_of_one_name_arrive_one_way_or_the_other(form: str, receiver: Receiver) -> None:
    message = Message(headers=Headers([TYPED, ("X-Twice", "a"), ("x-other", "1"), ("X-Twice", "b")]), body=b"{}")
    arrived = sent(form, message, receiver).all(b"x-twice")
    alters = WRITTEN[form].alters
    assert alters is not None
    assert arrived == ([b"a, b"] if list(alters(message, receiver.url)) else [b"a", b"b"])


def test_bytes_in_a_header_go_into_a_script_with_requests(receiver: Receiver) -> None:
    message = Message(
        headers=Headers([TYPED, (b"X-Latin".decode(), b"Gr\xfc\xdfe".decode("utf-8", "surrogateescape"))])
    )
    assert sent("python", message, receiver).all(b"x-latin") == [b"Gr\xfc\xdfe"]


@pytest.mark.parametrize(
    ("write", "message", "what"),
    [
        (httpie.write, Message(headers=Headers([(b"X-A", b"\xff")])), "HTTPie can't send the header X-A"),
        (httpie.write, Message(headers=Headers([("-X", "1")])), "HTTPie would take the header -X for an option."),
        (httpie.write, Message(method="M-SEARCH"), "HTTPie knows no method M-SEARCH."),
        (httpie.write, Message(target="/\udcff"), "HTTPie can't send the path and query"),
        (snippet.write_aiohttp, Message(headers=Headers([(b"X-A", b"\xff")])), "aiohttp can't send the header X-A"),
        (snippet.write_requests, Message(target="/\udcff"), "requests can't send the path and query"),
    ],
)
def test_what_a_program_can_not_send_is_refused(
    write: Callable[[Message, str], str], message: Message, what: str
) -> None:
    with pytest.raises(WrongInput) as raised:
        write(message, "http://localhost")
    assert raised.value.what.startswith(what)
    assert "--format curl" in raised.value.fix


def test_nothing_of_a_message_is_obeyed_by_a_terminal() -> None:
    nasty = "\x1b[31m\u202e\x07\r"
    message = Message(target=f"/{nasty}", headers=Headers([("X-A", nasty)]), body=nasty.encode())
    for write in (httpie.write, wget.write, snippet.write_requests, snippet.write_aiohttp):
        assert write(message, "http://localhost").replace("\n", "").isprintable(), write.__module__


def test_a_script_looks_as_a_person_would_write_it() -> None:
    message = Message(target="/hook", headers=Headers([("Content-Type", "application/json")]), body=b'{"a": 1}')
    assert snippet.write_requests(message, "http://localhost:3000") == (
        "import requests\n"
        "from urllib3.util import SKIP_HEADER\n"
        "\n"
        "response = requests.request(\n"
        '    "POST",\n'
        '    "http://localhost:3000/hook",\n'
        "    headers={\n"
        '        "Content-Type": "application/json",\n'
        '        "Accept": None,\n'
        '        "Connection": None,\n'
        '        "Accept-Encoding": SKIP_HEADER,\n'
        '        "User-Agent": SKIP_HEADER,\n'
        "    },\n"
        "    data='{\"a\": 1}'.encode(),\n"
        "    allow_redirects=False,\n"
        "    timeout=30,\n"
        ")\n"
        "print(response.status_code, response.reason)\n"
        "print(response.text)"
    )
    for text in (snippet.write_aiohttp(message, "http://h"), snippet.write_requests(message, "http://h")):
        compile(text, "script", "exec")
        assert not re.search(r"[ \t]$", text, re.MULTILINE)
