"""How fast the listener takes deliveries, beside the least that aiohttp itself can do.

    python benchmarks/ingest.py [--deliveries 4000] [--rounds 3]

One client sends the same 7 KB GitHub push over 32 kept connections, in turns, to a bare aiohttp handler that reads the
body and answers 200, and to `hookcli listen` with a secret: identified, verified, committed and synced to disk before
the answer, and printed. Server and client are processes of their own. The ratio is what counts; the aim is 0.5.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import cast

from hookcli.delivery import Headers, Message
from hookcli.providers.github import PROVIDER
from hookcli.signing.sign import Occasion, dressed, signed
from hookcli.wire import request_bytes

CONNECTIONS = 32
BODY = 7 * 1024
SECRET = "It's a Secret to Everybody"

BARE = """
import asyncio, sys
from aiohttp import web

async def handle(request):
    await request.read()
    return web.Response()

async def main():
    if sys.argv[1] == "application":
        app = web.Application()
        app.router.add_post("/", handle)
        runner = web.AppRunner(app, access_log=None)
    else:
        runner = web.ServerRunner(web.Server(handle, access_log=None))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print("Listening on", "http://127.0.0.1:%d/" % site._server.sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


class Client(asyncio.Protocol):
    """Sends the same request again whenever it is answered, until none is left."""

    def __init__(self, request: bytes, left: list[int], done: asyncio.Future[None]) -> None:
        self.request = request
        self.left = left
        self.done = done
        self.buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.next()

    def next(self) -> None:
        if self.left[0] <= 0:
            self.transport.close()
            return
        self.left[0] -= 1
        self.transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, end, body = self.buffer.partition(b"\r\n\r\n")
        if not end:
            return
        if not head.startswith(b"HTTP/1.1 200"):
            self.done.set_exception(RuntimeError(head.decode()))
            return
        length = re.search(rb"(?i)content-length: (\d+)", head)
        if len(body) >= int(length[1] if length else 0):
            self.buffer = b""
            self.left[1] -= 1
            if self.left[1] == 0:
                self.done.set_result(None)
            self.next()


def a_push(size: int) -> bytes:
    """A signed GitHub push of about this many bytes, as one request."""
    commit = b'{"id":"%040d","message":"Say what the shop is","author":{"name":"ada"},"added":[],"modified":["a.py"]}'
    start = b'{"ref":"refs/heads/main","pusher":{"name":"ada"},"repository":{"full_name":"hookcli/demo"},"commits":['
    commits = b",".join(commit % number for number in range((size - len(start)) // (len(commit) + 38)))
    occasion = Occasion(timestamp=time.time(), id="6fb8cddf-c601-11f0-a1ef-77985daafa8d")
    message = dressed(PROVIDER, start + commits + b"]}", event="push", occasion=occasion)
    message = signed(message, PROVIDER.signatures, SECRET, occasion=occasion, delivery_id=occasion.id or "")
    return request_bytes(Message(headers=Headers(message.headers.raw), body=message.body))


async def load(port: int, request: bytes, deliveries: int) -> float:
    """Deliveries a second."""
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    left = [deliveries, deliveries]
    began = time.perf_counter()
    for _ in range(CONNECTIONS):
        await loop.create_connection(lambda: Client(request, left, done), "127.0.0.1", port)
    await done
    return deliveries / (time.perf_counter() - began)


def serve(command: list[str], stream: str) -> tuple[subprocess.Popen[str], int]:
    """Start a server and read its port off its first line."""
    pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, stream: subprocess.PIPE}
    server = subprocess.Popen(command, text=True, **pipes)  # type: ignore[call-overload]
    line = getattr(server, stream).readline()
    found = re.search(r":(\d+)/", line)
    if found is None:
        message = f"no port in {line!r}"
        raise RuntimeError(message)
    return server, int(found[1])


def main() -> None:
    """Print both rates and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deliveries", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    request = a_push(BODY)
    listen = [sys.executable, "-m", "hookcli", "listen", "--port", "0", "--secret", SECRET]
    with tempfile.TemporaryDirectory() as folder:
        store = str(Path(folder) / "deliveries.db")
        servers = {
            "aiohttp application": serve([sys.executable, "-c", BARE, "application"], "stdout"),
            "aiohttp low-level server": serve([sys.executable, "-c", BARE, "server"], "stdout"),
            "hookcli listen": serve([*listen, "--store", store], "stderr"),
            "hookcli listen --print none": serve([*listen, "--store", store + "2", "--print", "none"], "stderr"),
        }
        rates: dict[str, list[float]] = {name: [] for name in servers}
        try:
            for number in range(options.rounds + 1):
                for name, (_, port) in servers.items():
                    rate = asyncio.run(load(port, request, options.deliveries))
                    if number:  # the first round warms up
                        rates[name].append(rate)
        finally:
            for server, _ in servers.values():
                server.terminate()
                server.wait()
    bare = statistics.median(rates["aiohttp application"])
    print(f"{len(request)} bytes a request, {CONNECTIONS} connections, {options.deliveries} deliveries a round")
    for name, measured in rates.items():
        rate = statistics.median(measured)
        print(f"{name:<28} {rate:8.0f}/s   ratio {rate / bare:.2f}")


if __name__ == "__main__":
    main()
