"""A stand-in for the ngrok agent: what hookcli and pyngrok need of it, on the loopback, really forwarding.

It takes the command line that pyngrok gives the agent and no other, finds its token as the agent does (--authtoken,
NGROK_AUTHTOKEN, config file), writes the agent's log lines, serves /api/tunnels, and for each tunnel listens on a
loopback port as the public side.
Some tokens and domains are refused with what ngrok says then: TOKENS and DOMAINS list them. A token may go on after a
hyphen: `bad-` and anything is as bad as `bad`. Further tokens misbehave: silent, offline, dying, patient, talkative,
stubborn, rude, mumbling, without-api. It stops when its parent is gone, and after two minutes in any case.

Log lines are as agent 3 writes them; the refusals' texts follow https://ngrok.com/docs/errors/.
"""

# ruff: noqa: T201 (a program of its own: it prints)

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import signal
import socket
import sys
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from typing import Any

TOKENS = {
    "": "authentication failed: This ngrok session is not authenticated. ngrok requires an account and a valid "
    "credential to start a session.\n\nGet your credential: "
    "https://dashboard.ngrok.com/get-started/your-authtoken\r\n\r\nERR_NGROK_4018\r\n",
    "bad": "authentication failed: The authtoken you specified does not look like a proper ngrok authtoken.\n"
    "Your authtoken: TOKEN\nInstructions to install your authtoken are on your ngrok dashboard:\n"
    "https://dashboard.ngrok.com/get-started/your-authtoken\r\n\r\nERR_NGROK_105\r\n",
    "revoked": "authentication failed: The authtoken you specified is properly formed, but it is invalid.\n"
    "Your authtoken: TOKEN\nThis usually happens when:\n    - You reset your authtoken\r\n\r\nERR_NGROK_107\r\n",
    "crowded": "authentication failed: Your account is limited to 1 simultaneous ngrok agent sessions.\n"
    "You can view your current agent sessions in the dashboard: https://dashboard.ngrok.com/agents."
    "\r\n\r\nERR_NGROK_108\r\n",
    "old": 'authentication failed: Your ngrok-agent version "3.3.1" is too old. The minimum supported agent version '
    'for your account is "3.20.0".\r\n\r\nERR_NGROK_121\r\n',
    "suspended": "authentication failed: The account of TOKEN has been suspended.\r\n\r\nERR_NGROK_103\r\n",
}
DOMAINS = {
    "elsewhere.example.com": "failed to start tunnel: This domain is reserved for another account.\n"
    "Failed to create an endpoint with the domain 'elsewhere.example.com' for the account 'someone'."
    "\r\n\r\nERR_NGROK_320\r\n",
    "busy.example.com": "failed to start tunnel: The endpoint 'https://busy.example.com' is already online. Either\n"
    "1. stop your existing endpoint first, or\n2. start both endpoints with `--pooling-enabled`"
    "\r\n\r\nERR_NGROK_334\r\n",
}
OWN_DOMAIN = "hooks.example.com"


def make_agent(folder: Path) -> Path:
    """An executable `ngrok` in the folder; it notes what it is asked beside itself, for `notes`."""
    program = folder / "ngrok"
    command = shlex.join([sys.executable, __file__])
    program.write_text(f'#!/bin/sh\nSTAND_IN_NOTES="$0.notes" exec {command} "$@"\n')
    program.chmod(0o755)
    return program


def notes(program: Path) -> list[dict[str, Any]]:
    """What the agent was asked: {"pid", "session", "argv", "token"} of its start, then each tunnel's body and end."""
    lines = program.with_name(f"{program.name}.notes").read_text().splitlines()
    return [json.loads(line) for line in lines]


def note(**facts: object) -> None:
    """Leave a note for the test."""
    with Path(os.environ["STAND_IN_NOTES"]).open("a") as file:
        file.write(json.dumps(facts) + "\n")


def log(level: str, msg: str, **facts: str) -> None:
    """Write a line in the agent's logfmt."""
    quoted = {key: json.dumps(value) if re.search(r'[\s"=]', value) else value for key, value in facts.items()}
    pairs = " ".join(f"{key}={value}" for key, value in quoted.items())
    print(f't=2026-01-01T00:00:00+0000 lvl={level} msg="{msg}" {pairs}', flush=True)


def fail(reason: str) -> int:
    """End as the agent does: in the log, and again in words on stderr."""
    log("eror", "terminating with error", obj="app", err=reason)
    log("crit", "command failed", err=reason)
    for line in reason.splitlines():
        print("ERROR: ", line, file=sys.stderr, flush=True)
    return 1


def token_of(options: argparse.Namespace) -> str:
    """The token, from where the agent takes it first."""
    folder = Path(os.environ.get("XDG_CONFIG_HOME", Path.home() / ".config"))
    config = Path(options.config or folder / "ngrok" / "ngrok.yml")
    found = re.search(r"^\s*authtoken:\s*(\S+)", config.read_text(), re.MULTILINE) if config.exists() else None
    return options.authtoken or os.environ.get("NGROK_AUTHTOKEN") or (found[1] if found else "")


class Public(ThreadingTCPServer):
    """The public side of a tunnel: what connects here is connected to the upstream."""

    daemon_threads = True

    def __init__(self, upstream: str) -> None:
        host, _, port = upstream.removeprefix("http://").rpartition(":")
        self.upstream = (host.strip("[]") or "localhost", int(port))
        super().__init__(("127.0.0.1", 0), Forward)


class Forward(BaseRequestHandler):
    """One connection, byte for byte in both directions."""

    def handle(self) -> None:
        assert isinstance(self.server, Public)
        try:
            upstream = socket.create_connection(self.server.upstream)
        except OSError as error:
            log("warn", "failed to open private leg", obj="join", err=str(error))
            return
        with upstream:
            back = threading.Thread(target=pump, args=(upstream, self.request), daemon=True)
            back.start()
            pump(self.request, upstream)
            back.join()


def pump(source: socket.socket, sink: socket.socket) -> None:
    """Pass bytes on to the end, and the end too."""
    with suppress(OSError):  # one side has gone away; nobody is left to tell
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)


class Api(BaseHTTPRequestHandler):
    """The agent's local API, as far as it is used."""

    kind = ""
    tunnels: dict[str, Public]

    def do_GET(self) -> None:
        if self.path == "/api/tunnels":
            self.answer(200, {"tunnels": [], "uri": "/api/tunnels"})
        else:
            self.answer(404, "404 page not found")

    def do_POST(self) -> None:
        assert self.path == "/api/tunnels"
        wanted = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        note(**wanted)
        domain = wanted.get("domain", OWN_DOMAIN)
        if self.kind == "rude":
            self.answer(500, "panic: runtime error")
        elif self.kind == "mumbling":
            self.answer(201, "created")
        elif domain in DOMAINS:
            details = {"err": DOMAINS[domain]}
            self.answer(
                502, {"error_code": 103, "status_code": 502, "msg": "failed to start tunnel", "details": details}
            )
        else:
            public = Public(wanted["addr"])
            threading.Thread(target=public.serve_forever, args=(0.01,), daemon=True).start()
            self.tunnels[wanted["name"]] = public
            url = f"http://127.0.0.1:{public.server_address[1]}"
            log("info", "started tunnel", obj="tunnels", name=wanted["name"], addr=wanted["addr"], url=url)
            uri = f"/api/tunnels/{wanted['name']}"
            self.answer(201, {"name": wanted["name"], "uri": uri, "public_url": url, "proto": "https"})

    def do_DELETE(self) -> None:
        assert self.path.startswith("/api/tunnels/")
        public = self.tunnels.pop(self.path.rpartition("/")[2])
        note(deleted=self.path)
        public.shutdown()
        public.server_close()
        self.send_response(204)
        self.end_headers()

    def answer(self, status: int, content: object) -> None:
        """Answer with JSON, or with a string as it is."""
        body = content.encode() if isinstance(content, str) else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing on stderr."""


def start(token: str, stopped: threading.Event) -> int:
    """Connect, serve, and wait for the end."""
    parent, deadline, kind = os.getppid(), time.monotonic() + 120, token.partition("-")[0]
    if kind == "dying":
        print("ERROR:  Error reading configuration file '/ngrok.yml': yaml: line 3", file=sys.stderr, flush=True)
        return 1
    if kind != "silent":
        log("info", "open config file", path="/ngrok.yml", err="nil")
        if kind != "without":
            api = ThreadingHTTPServer(("127.0.0.1", 0), type("", (Api,), {"kind": kind, "tunnels": {}}))
            threading.Thread(target=api.serve_forever, daemon=True).start()
            log("info", "starting web service", obj="web", addr=f"127.0.0.1:{api.server_port}", allow_hosts="[]")
        if kind in TOKENS:
            return fail(TOKENS[kind].replace("TOKEN", token))
        if kind == "offline":
            unreachable = 'failed to dial ngrok server with address "connect.ngrok-agent.com:443": no such host'
            log("eror", "failed to reconnect session", obj="tunnels.session", err=unreachable)
        elif kind == "patient":
            log("eror", "failed to reconnect session", obj="tunnels.session", err=TOKENS["crowded"])
        else:
            log("info", "client session established", obj="tunnels.session")
            log("info", "tunnel session started", obj="tunnels.session")
        if kind == "talkative":
            print(f"Your authtoken: {token}", file=sys.stderr, flush=True)
    while not stopped.wait(0.1) and os.getppid() == parent and time.monotonic() < deadline:
        pass
    log("info", "received stop request", obj="app")
    return 0


def main() -> int:
    """Do what the agent does with these arguments."""
    parser = argparse.ArgumentParser(prog="ngrok", allow_abbrev=False)
    parser.add_argument("command", choices=["start"])
    parser.add_argument("--none", action="store_true", required=True)
    parser.add_argument("--log", choices=["stdout"], required=True)
    parser.add_argument("--config")
    parser.add_argument("--authtoken")
    options = parser.parse_args()
    token = token_of(options)
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, signal.SIG_IGN if token == "stubborn" else lambda *_: stopped.set())
    note(pid=os.getpid(), session=os.getsid(0), argv=sys.argv[1:], token=token)
    return start(token, stopped)


if __name__ == "__main__":
    sys.exit(main())
