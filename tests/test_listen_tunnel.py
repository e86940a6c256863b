"""`hookcli listen --tunnel ngrok`, the real command, against a stand-in for ngrok's agent that really forwards."""

from __future__ import annotations

import os
import re
import signal
import sys
from base64 import b64decode
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from stand_in_ngrok import make_agent, notes
from support import Listening, Result, a_message, hookcli, listening, post

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in agent is a POSIX program")

TOKEN = "4nq9771bPxe8ctg7LKr_2ClH7Y15Zqe4bWLWF9p"  # the example of ngrok's documentation


@pytest.fixture
def agent(tmp_path: Path) -> Path:
    """A program that is taken for the ngrok agent."""
    return make_agent(tmp_path)


def machine(agent: Path, **more: str) -> dict[str, str]:
    """The environment of a person who has this agent and nothing else."""
    home = agent.parent / "home"
    home.mkdir(exist_ok=True)
    folders = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"), str(home))
    return {**folders, "HOOKCLI_NGROK": str(agent), "no_proxy": "127.0.0.1", **more}


def public_url(listener: Listening) -> str:
    """What the banner gives as the public address."""
    assert listener.process.stderr
    for line in listener.process.stderr:
        if found := re.search(rb"public +(http\S+)", line):
            return found[1].decode()
    pytest.fail("no public address")


def listen(agent: Path, *options: str, **env: str) -> Result:
    """A listener that is expected not to begin."""
    store = agent.parent / "store.db"
    tunnel = ("--port", "0", "--store", str(store), "--tunnel", "ngrok")
    return hookcli("listen", *tunnel, *options, env=machine(agent, **env))


def alive(pid: int) -> bool:
    """Whether the process exists."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_delivery_to_the_public_address_arrives_byte_for_byte(agent: Path, tmp_path: Path) -> None:
    body = bytes(range(256)) * 300
    sent = a_message(body, target="/hook/a%2Fb?x=%20&x", content_type="application/octet-stream", x_odd="a  b")
    store = tmp_path / "store.db"
    with listening(store, "--path", "/hook", "--tunnel", "ngrok", "--ngrok-token", TOKEN, env=machine(agent)) as local:
        public = public_url(local)
        assert public.endswith("/hook")
        assert urlsplit(public).port != local.port
        assert post(urlsplit(public).port or 0, sent).startswith(b"HTTP/1.1 200 ")
        ended = local.stop()
    assert ended.code == 0
    assert TOKEN not in ended.err + ended.text
    (stored,) = hookcli("list", "--json", "--store", store).records
    assert stored["target"] == sent.target
    assert stored["headers"] == [list(pair) for pair in sent.headers]
    assert b64decode(stored["body_base64"]) == body


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_listener_the_tunnel_and_the_agent(
    agent: Path, tmp_path: Path, number: signal.Signals
) -> None:
    with listening(
        tmp_path / "store.db", "--tunnel", "ngrok", env=machine(agent, NGROK_AUTHTOKEN=f"talkative-{TOKEN}")
    ) as listener:
        public = public_url(listener)
        ended = listener.stop(number)
    assert ended.code == (128 + number if number == signal.SIGHUP else 0)
    assert "Traceback" not in ended.err
    assert TOKEN not in ended.err + ended.text
    for port in (urlsplit(public).port or 0, listener.port):
        with pytest.raises(ConnectionRefusedError):
            post(port, a_message())
    assert not alive(notes(agent)[0]["pid"])


@pytest.mark.parametrize(
    ("token", "options", "what", "fix"),
    [
        ("", (), "wants the authtoken of an account and got none (ERR_NGROK_4018)", "NGROK_AUTHTOKEN"),
        (f"bad-{TOKEN}", (), "does not accept the authtoken (ERR_NGROK_105)", "--ngrok-token"),
        (f"suspended-{TOKEN}", (), "refuses (ERR_NGROK_103)", "ngrok.com/docs/errors"),
        (f"rude-{TOKEN}", (), "refuses: panic: runtime error", "ngrok diagnose"),
        (TOKEN, ("--ngrok-domain", "elsewhere.example.com"), "refuses the domain (ERR_NGROK_320)", "--ngrok-domain"),
        (TOKEN, ("--ngrok-domain", "busy.example.com"), "Another tunnel is open at this address", "--ngrok-domain"),
    ],
)
@pytest.mark.parametrize("given", ["option", "environment", "config"])
def test_what_ngrok_refuses_is_said_without_the_token(  # noqa: PLR0913 (a table)
    agent: Path, given: str, token: str, options: tuple[str, ...], what: str, fix: str
) -> None:
    env = {"NGROK_AUTHTOKEN": token} if given == "environment" else {}
    if given == "option" and token:
        options += ("--ngrok-token", token)
    if given == "config":
        config = Path(machine(agent)["XDG_CONFIG_HOME"], "ngrok", "ngrok.yml")
        config.parent.mkdir()
        config.write_text(f"version: 3\nagent:\n  authtoken: {token}\n")
    ended = listen(agent, *options, **env)
    assert (ended.code, ended.out) == (3, b"")
    assert what in ended.err
    assert fix in ended.err
    assert "Traceback" not in ended.err
    assert TOKEN not in ended.err
    assert notes(agent)[0]["token"] == token
    assert TOKEN not in str(notes(agent)[0]["argv"])
    assert not alive(notes(agent)[0]["pid"])


def test_without_the_agent_it_says_where_to_get_it(agent: Path) -> None:
    ended = listen(agent, "--ngrok-token", TOKEN, HOOKCLI_NGROK=str(agent.with_name("missing")))
    assert (ended.code, ended.out) == (3, b"")
    assert "There is no ngrok agent at " in ended.err
    assert "https://ngrok.com/download" in ended.err
    assert "Traceback" not in ended.err
    assert TOKEN not in ended.err
