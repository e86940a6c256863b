"""What tests share: the command, a listener, a receiver that keeps what it gets, and builders."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from base64 import b64decode
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hookcli.delivery import Headers, Message
from hookcli.wire import request_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

SAFETY = 30.0
"""Seconds after which a wait is given up: a net, never a measure."""

CORPUS = Path(os.environ.get("HOOKCLI_CORPUS", Path(__file__).resolve().parents[2] / "shared" / "corpus"))


@dataclass(frozen=True)
class Result:
    """How a command ended."""

    code: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        return self.out.decode()

    @property
    def records(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


def environment(**more: str) -> dict[str, str]:
    """An environment without this machine's own hookcli, colour or proxy settings."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(("HOOKCLI_", "NGROK_"))}
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        kept.pop(name, None)
    return {**kept, "PYTHONUTF8": "1", **more}


def hookcli(*arguments: str | Path, stdin: bytes = b"", env: dict[str, str] | None = None) -> Result:
    """Run the command to its end."""
    done = subprocess.run(
        [sys.executable, "-m", "hookcli", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        timeout=SAFETY * 2,
        env=environment(**(env or {})),
        check=False,
    )
    return Result(done.returncode, done.stdout, done.stderr.decode())


@dataclass
class Listening:
    """A running `hookcli listen`."""

    process: subprocess.Popen[bytes]
    url: str
    port: int
    store: Path
    banner: list[str] = field(default_factory=list)

    def line(self) -> bytes:
        """The next line of its standard output; waits for it."""
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def record(self) -> dict[str, Any]:
        """The next delivery of a listener with --json."""
        found: dict[str, Any] = json.loads(self.line())
        return found

    def stop(self, number: signal.Signals = signal.SIGINT) -> Result:
        """End it as Ctrl-C does, and say how it ended."""
        self.process.send_signal(number)
        return self.ended()

    def ended(self) -> Result:
        """Wait until it has ended by itself."""
        out, err = self.process.communicate(timeout=SAFETY)
        return Result(self.process.returncode, out, err.decode())


@contextmanager
def listening(store: Path, *options: str, env: dict[str, str] | None = None) -> Iterator[Listening]:
    """A listener on a free port; ended for sure when the block is left."""
    process = subprocess.Popen(
        [sys.executable, "-m", "hookcli", "listen", "--port", "0", "--store", str(store), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        env=environment(**(env or {})),
    )
    try:
        assert process.stderr is not None
        first = process.stderr.readline().decode()
        found = re.search(r"http://\S+?:(\d+)/\S*", first)
        assert found, first + process.stderr.read().decode()
        yield Listening(process, found[0], int(found[1]), store, [first])
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def post(port: int, message: Message) -> bytes:
    """Send a message as raw bytes over a connection of its own; the whole answer."""
    return exchange(port, request_bytes(message))


def exchange(port: int, data: bytes) -> bytes:
    """Send raw bytes and half-close; whatever comes back until the end. Ask for `Connection: close` to have one."""
    with socket.create_connection(("127.0.0.1", port), timeout=SAFETY) as connection:
        connection.sendall(data)
        answer = b""
        while part := connection.recv(65536):
            answer += part
            if _is_whole(answer):
                break
        return answer


def _is_whole(answer: bytes) -> bool:
    head, end, body = answer.partition(b"\r\n\r\n")
    length = re.search(rb"(?im)^content-length: *(\d+)", head)
    return bool(end) and not head.startswith(b"HTTP/1.1 100") and len(body) >= int(length[1] if length else 0)


def a_message(body: bytes = b"{}", target: str = "/", method: str = "POST", **headers: str) -> Message:
    """A message; keywords are headers, `content_type="text/plain"` is Content-Type."""
    pairs = [("Host", "localhost"), *((name.replace("_", "-").title(), value) for name, value in headers.items())]
    return Message(
        method=method, target=target, headers=Headers([*pairs, ("Content-Length", str(len(body)))]), body=body
    )


class Receiver:
    """A server that keeps the raw bytes of every request and answers as it is told."""

    def __init__(self, answer: bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") -> None:
        self.answer = answer
        self.requests: list[bytes] = []
        self.arrived = threading.Semaphore(0)
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(SAFETY)
                data = b""
                while not _is_whole(data) and (part := connection.recv(65536)):
                    data += part
                self.requests.append(data)
                self.arrived.release()
                connection.sendall(self.answer)

    def next(self) -> bytes:
        """The next request that was not asked for yet; waits for it."""
        assert self.arrived.acquire(timeout=SAFETY), "nothing arrived"
        return self.requests[-1]

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join(SAFETY)


@contextmanager
def receiving(answer: bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") -> Iterator[Receiver]:
    """A receiver for the time of a block."""
    receiver = Receiver(answer)
    try:
        yield receiver
    finally:
        receiver.close()


@dataclass(frozen=True)
class Recorded:
    """A delivery of the corpus."""

    name: str
    provider: str
    event: str
    message: Message


def corpus() -> list[Any]:
    """Every delivery of the corpus as a test parameter; one that is skipped where there is no corpus."""
    found = [
        pytest.param(
            Recorded(
                one["id"],
                one["provider"],
                one["event"],
                Message(headers=Headers([tuple(pair) for pair in one["headers"]]), body=b64decode(one["body_b64"])),
            ),
            id=f"{one['provider']}:{one['id'].rpartition('/')[2]}",
        )
        for path in sorted(CORPUS.glob("*.jsonl"))
        for one in map(json.loads, path.read_text(encoding="utf-8").splitlines())
    ]
    return found or [pytest.param(None, marks=pytest.mark.skip(reason="no corpus beside this checkout"))]
