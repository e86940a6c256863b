"""What tests share: the command, a listener, a receiver that keeps what it gets, and builders."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import signal
import socket
import struct
import subprocess
import sys
import termios
import threading
import time
from base64 import b64decode
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import pytest

from hookcli.delivery import Delivery, Headers, Identity, Message, UlidMaker, Verdict
from hookcli.store.database import opened
from hookcli.store.rows import Stored, insert
from hookcli.wire import request_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from hookcli.delivery import VerdictState

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
    """An environment without this machine's own hookcli, colour, proxy or buffering settings."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(("HOOKCLI_", "NGROK_"))}
    for name in (
        "PYTHONUNBUFFERED",
        "NO_COLOR",
        "FORCE_COLOR",
        "COLUMNS",
        "http_proxy",
        "https_proxy",
        "HTTP_PROXY",
        "HTTPS_PROXY",
    ):
        kept.pop(name, None)
    # The empty file keeps away this machine's own configuration, and one in a folder that tests run in.
    return {**kept, "PYTHONUTF8": "1", "HOOKCLI_CONFIG": os.devnull, **more}


def hookcli(
    *arguments: str | Path, stdin: bytes = b"", env: dict[str, str] | None = None, cwd: Path | None = None
) -> Result:
    """Run the command to its end."""
    done = subprocess.run(
        [sys.executable, "-m", "hookcli", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        timeout=SAFETY * 2,
        env=environment(**(env or {})),
        cwd=cwd,
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
        return self._waited_for(self.process.stdout)

    def note(self) -> str:
        """The next line of its standard error; waits for it."""
        assert self.process.stderr is not None
        return self._waited_for(self.process.stderr).decode()

    def _waited_for(self, stream: IO[bytes]) -> bytes:
        # Where the line never comes, the end of the listener ends the wait.
        net = threading.Timer(SAFETY, self.process.kill)
        net.start()
        try:
            return stream.readline()
        finally:
            net.cancel()

    def record(self) -> dict[str, Any]:
        """The next delivery of a listener with --json."""
        found: dict[str, Any] = json.loads(self.line())
        return found

    def stop(self, number: signal.Signals = signal.SIGINT) -> Result:
        """End it as Ctrl-C does, and say how it ended."""
        self.process.send_signal(number)
        return self.ended()

    def ended(self) -> Result:
        """Wait until it has ended by itself; what it wrote that was not read yet."""
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        # Read through the streams and not by `communicate`, which misses what they hold since the last line read.
        err: list[bytes] = []
        notes = threading.Thread(target=lambda stream: err.append(stream.read()), args=[self.process.stderr])
        net = threading.Timer(SAFETY, self.process.kill)
        notes.start()
        net.start()
        out = self.process.stdout.read()
        notes.join()
        code = self.process.wait()
        net.cancel()
        return Result(code, out, err[0].decode())


@contextmanager
def listening(
    store: Path, *options: str, env: dict[str, str] | None = None, cwd: Path | None = None
) -> Iterator[Listening]:
    """A listener on a free port; ended for sure when the block is left."""
    process = subprocess.Popen(
        [sys.executable, "-m", "hookcli", "listen", "--port", "0", "--store", str(store), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        env=environment(**(env or {})),
        cwd=cwd,
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


def takes_no_more(port: int) -> None:
    """Wait until nobody listens on the port."""
    deadline = time.monotonic() + SAFETY
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=SAFETY).close()
        except ConnectionRefusedError:
            return
        except ConnectionResetError:
            continue
    pytest.fail("it still takes connections")


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


_new_id = UlidMaker()


def a_delivery(
    message: Message | None = None, *, received_at: datetime | None = None, state: VerdictState = "unsigned", **of: Any
) -> Delivery:
    """A delivery as a listener makes it; further keywords say its identity: `provider="gitea", event="push"`."""
    came = message or a_message()
    return Delivery(
        id=of.pop("id", None) or _new_id(),
        received_at=received_at or datetime.now(UTC),
        remote="127.0.0.1",
        method=came.method,
        target=came.target,
        http_version=came.http_version,
        headers=came.headers,
        body=came.body,
        summary=of.pop("summary", ""),
        verdict=Verdict(state=state),
        identity=Identity(**of),
    )


def fill(store: Path, *deliveries: Delivery) -> list[Delivery]:
    """Put deliveries into a store, the oldest first, answered 200."""
    with opened(store) as connection:
        connection.execute("BEGIN IMMEDIATE")
        insert(connection, [Stored(one, len(one.body), 200) for one in deliveries])
        connection.execute("COMMIT")
    return list(deliveries)


def a_payload(paths: Iterable[str]) -> dict[str, Any]:
    """JSON with a word of its own at each of these places; in a list, that is its first."""
    root: dict[str, Any] = {}
    for path in paths:
        holder: Any = root
        steps = path.split(".")
        for step, following in pairwise(steps):
            inside: Any = [{}] if following.isdecimal() else {}
            holder = holder[0] if isinstance(holder, list) else holder.setdefault(step, inside)
        holder[steps[-1]] = f"word of {path}"
    return root


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


class Receiver:
    """A server that keeps the raw bytes of every request and answers as it is told.

    `answer` may be a call instead: it gets the request's number, from 0, and may take its time; no bytes hang up.
    """

    def __init__(self, answer: bytes | Callable[[int], bytes] = OK) -> None:
        self.answer = answer
        self.requests: list[bytes] = []
        self.arrived = threading.Semaphore(0)
        self._told = 0
        self._lock = threading.Lock()
        self._server = socket.create_server(("127.0.0.1", 0), backlog=1024)
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
            threading.Thread(target=self._take, args=[connection], daemon=True).start()

    def _take(self, connection: socket.socket) -> None:
        # A client that has gone away, or a test that is over, is no reason to complain.
        with connection, suppress(OSError, threading.BrokenBarrierError):
            connection.settimeout(SAFETY)
            data = b""
            while not _is_whole(data) and (part := connection.recv(65536)):
                data += part
            with self._lock:
                number = len(self.requests)
                self.requests.append(data)
            self.arrived.release()
            connection.sendall(self.answer if isinstance(self.answer, bytes) else self.answer(number))

    def next(self) -> bytes:
        """The next request that was not asked for yet; waits for it."""
        assert self.arrived.acquire(timeout=SAFETY), "nothing arrived"
        self._told += 1
        return self.requests[self._told - 1]

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join(SAFETY)


@contextmanager
def receiving(answer: bytes | Callable[[int], bytes] = OK) -> Iterator[Receiver]:
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


_HOP_BY_HOP = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)
_ADDRESSED = frozenset({b"host", b"content-length"})


class Wire(NamedTuple):
    """A request as bytes, taken apart without hookcli."""

    start: bytes
    headers: list[tuple[bytes, bytes]]
    body: bytes

    @classmethod
    def of(cls, data: bytes) -> Wire:
        head, _, body = data.partition(b"\r\n\r\n")
        start, *lines = head.split(b"\r\n")
        return cls(start, [(name, value.strip()) for name, _, value in (line.partition(b":") for line in lines)], body)

    def all(self, name: bytes) -> list[bytes]:
        """The values of a header; the name in lower case."""
        return [value for key, value in self.headers if key.lower() == name]

    def end_to_end(self) -> Wire:
        """Without what belongs to one connection: its framing, its host, the hop-by-hop headers."""
        named = {word.strip().lower() for value in self.all(b"connection") for word in value.split(b",")}
        return self.without(_HOP_BY_HOP | named | _ADDRESSED)

    def as_sent(self) -> Wire:
        """Without what a replay makes anew: length and host."""
        return self.without(_ADDRESSED)

    def without(self, names: Collection[bytes]) -> Wire:
        """Without the headers of these names, in lower case."""
        return Wire(self.start, [pair for pair in self.headers if pair[0].lower() not in names], self.body)


def on_a_terminal(*arguments: str | Path, columns: int = 80, env: dict[str, str] | None = None) -> tuple[int, bytes]:
    """Run the command with a terminal for its three streams: its exit code, and all that the terminal got."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with subprocess.Popen(
        [sys.executable, "-m", "hookcli", *map(str, arguments)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment(**{"TERM": "xterm-256color", **(env or {})}),
    ) as process:
        os.close(theirs)
        shown = b""
        # Linux ends the reading of a terminal that nobody writes to any more with an error.
        with suppress(OSError):
            while part := os.read(ours, 65536):
                shown += part
        os.close(ours)
    return process.returncode, shown
