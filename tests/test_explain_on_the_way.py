"""What proxies and receivers do to a body, done for real between a real sender and a real listener, and named."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import hmac
import http.client
import json
import shutil
import subprocess
import zlib
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode

import pytest

from hookcli import fixtures
from hookcli.formats import http_file
from support import SAFETY, hookcli, listening

if TYPE_CHECKING:
    from collections.abc import Callable

SECRET = "hookcli"
VALUE = json.loads(http_file.read(fixtures.load("github/push")).body)
TEXT = {**VALUE, "note": "Grüße, <b>&</b> ключ / 鍵 it's = 1"}


@dataclass(frozen=True)
class Case:
    """What the sender signs and sends, what the proxy makes of it, and what has to be named, in this order."""

    sent: bytes
    change: Callable[[bytes], bytes]
    named: tuple[str, ...]
    kind: str = "application/json"
    packed: bool = False
    arrives_as: str = ""


def compact(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def rewritten(body: bytes) -> bytes:
    """What a receiver in Python has when it takes request.json for the body."""
    return json.dumps(json.loads(body)).encode()


def in_a_form(payload: bytes) -> bytes:
    return urlencode({"payload": payload}).encode()


def the_payload(form: bytes) -> bytes:
    return parse_qs(form.decode())["payload"][0].encode()


def windows(body: bytes) -> bytes:
    return body.replace(b"\n", b"\r\n")


def as_nginx_packs(body: bytes) -> bytes:
    """What zlib's deflateInit2 makes with its own default level, as nginx, Node and PHP call it."""
    packer = zlib.compressobj(wbits=31)
    return packer.compress(body) + packer.flush()


def by_node(body: bytes) -> bytes:
    script = "process.stdout.write(JSON.stringify(JSON.parse(require('fs').readFileSync(0)), null, 4))"
    return subprocess.run(["node", "-e", script], input=body, capture_output=True, check=True, timeout=SAFETY).stdout


FORM = "application/x-www-form-urlencoded"
PRETTY = json.dumps(TEXT, indent=2, ensure_ascii=False).encode()
SMALL = compact(TEXT)

CASES = {
    "parsed and written anew": Case(SMALL, rewritten, ("JSON.stringify",)),
    "indented by Node": Case(SMALL, by_node, ("JSON.stringify",)),
    "unpacked": Case(gzip.compress(SMALL, mtime=0), gzip.decompress, ("packed by gzip",), packed=True),
    "unpacked, as nginx packs": Case(as_nginx_packs(SMALL), gzip.decompress, ("packed by gzip",), packed=True),
    "unpacked from deflate": Case(zlib.compress(SMALL), zlib.decompress, ("packed by deflate",)),
    "packed without saying so": Case(SMALL, gzip.compress, ("the body unpacked",)),
    "unpacked, with a newline more": Case(
        gzip.compress(SMALL, mtime=0),
        lambda body: gzip.decompress(body) + b"\n",
        ("without its last newline", "packed by gzip"),
        packed=True,
    ),
    "unpacked, parsed and written anew": Case(
        as_nginx_packs(SMALL),
        lambda body: rewritten(gzip.decompress(body)),
        ("JSON.stringify", "packed by gzip"),
        packed=True,
    ),
    "parsed, written anew and packed": Case(
        SMALL, lambda body: gzip.compress(rewritten(body)), ("the body unpacked", "JSON.stringify")
    ),
    "saved by an editor on Windows": Case(
        PRETTY, lambda body: codecs.BOM_UTF8 + windows(body), ("Unix line ends", "without the byte order mark")
    ),
    "from an editor on Windows, cleaned up": Case(
        codecs.BOM_UTF8 + windows(PRETTY),
        lambda body: body.decode("utf-8-sig").replace("\r\n", "\n").encode(),
        ("Windows line ends", "with a byte order mark"),
    ),
    "Windows line ends, and one more": Case(
        PRETTY, lambda body: windows(body + b"\n"), ("without its last Windows line end", "Unix line ends")
    ),
    "its mark lost when it was parsed": Case(
        codecs.BOM_UTF8 + SMALL, rewritten, ("JSON.stringify", "with a byte order mark")
    ),
    "pretty on Windows, then parsed": Case(windows(PRETTY), rewritten, ("indented by two spaces", "Windows line ends")),
    "the payload of a form": Case(
        in_a_form(SMALL), the_payload, ("a form's `payload`",), kind=FORM, arrives_as="application/json"
    ),
    "the payload of a form, written anew": Case(
        in_a_form(SMALL),
        lambda body: rewritten(the_payload(body)),
        ("JSON.stringify", "a form's `payload`"),
        kind=FORM,
        arrives_as="application/json",
    ),
    "written anew into a form": Case(
        SMALL, lambda body: in_a_form(rewritten(body)), ("the form's `payload`", "JSON.stringify"), arrives_as=FORM
    ),
    "a form encoded anew": Case(
        b"a=1%202&b=%C3%BC", lambda body: urlencode(parse_qs(body.decode()), doseq=True).encode(), ("%20",), kind=FORM
    ),
    "read as Latin-1 and written anew": Case(
        SMALL,
        lambda body: rewritten(body.decode("latin-1").encode()),
        ("JSON.stringify", "read as Latin-1"),
    ),
    "read as Latin-1 with a newline more": Case(
        SMALL,
        lambda body: body.decode("latin-1").encode() + b"\n",
        ("without its last newline", "read as Latin-1"),
    ),
    "changed in a way that nobody knows": Case(SMALL, lambda body: body.replace(b"hook", b"HOOK"), ()),
    "changed, unpacked and written anew": Case(
        gzip.compress(SMALL, mtime=0),
        lambda body: rewritten(gzip.decompress(body).replace(b"hook", b"HOOK")),
        (),
        packed=True,
    ),
}


class Proxy(ThreadingHTTPServer):
    """Passes on to a port what it is sent, with the body changed as the case in X-Case says."""

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", 0), PassingOn)
        self.to = port


class PassingOn(BaseHTTPRequestHandler):
    """One request through the proxy."""

    server: Proxy

    def do_POST(self) -> None:
        case = CASES[self.headers["X-Case"]]
        body = case.change(self.rfile.read(int(self.headers["Content-Length"])))
        kept = {
            name: value
            for name, value in self.headers.items()
            if name not in {"Content-Length", "Host"} and (name != "Content-Encoding" or not case.packed)
        }
        if case.arrives_as:
            kept["Content-Type"] = case.arrives_as
        onward = http.client.HTTPConnection("127.0.0.1", self.server.to, timeout=SAFETY)
        onward.request("POST", "/", body, kept)
        answer = onward.getresponse()
        answer.read()
        onward.close()
        self.send_response(answer.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def send(port: int, name: str, case: Case) -> None:
    """What GitHub does, without anything of hookcli's."""
    signature = hmac.new(SECRET.encode(), case.sent, hashlib.sha256).hexdigest()
    headers = {
        "X-GitHub-Event": "push",
        "X-Hub-Signature-256": f"sha256={signature}",
        "Content-Type": case.kind,
        "X-Case": name,
        **({"Content-Encoding": "gzip"} if case.packed else {}),
    }
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SAFETY)
    connection.request("POST", "/", case.sent, headers)
    assert connection.getresponse().status == 200
    connection.close()


RUN = {name: case for name, case in CASES.items() if case.change is not by_node or shutil.which("node")}


@pytest.fixture(scope="module")
def explained(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What `hookcli explain` says of each case, sent through the proxy."""
    store = tmp_path_factory.mktemp("store") / "store.db"
    with listening(store, "--print", "none", "--count", str(len(RUN))) as listener, Proxy(listener.port) as proxy:
        Thread(target=proxy.serve_forever, daemon=True).start()
        try:
            for name, case in RUN.items():
                send(proxy.server_port, name, case)
        finally:
            proxy.shutdown()
        listener.ended()
    stored = hookcli("list", "--json", "-n", "1000", "--store", store).records
    names = {one["id"]: dict(one["headers"])["X-Case"] for one in stored}
    result = hookcli("explain", *names, "--secret", SECRET, "--time", "60s", "--json", "--store", store)
    assert result.code == 1
    return {names[record["name"]]: record for record in result.records}


@pytest.mark.parametrize("name", RUN)
def test_what_was_done_to_it_is_named(name: str, explained: dict[str, dict[str, Any]]) -> None:
    record = explained[name]
    assert record["verdict"]["state"] == "invalid"
    told = [mistake["what"] for mistake in record["mistakes"]]
    assert len(told) == len(CASES[name].named), told
    for what, named in zip(told, CASES[name].named, strict=True):
        assert named in what
    assert record["complete"]
