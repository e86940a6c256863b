"""Tunnels by ngrok, against a stand-in for its agent: real processes, real bytes, no network."""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from pyngrok.conf import PyngrokConfig

import hookcli
from hookcli.errors import Environment
from hookcli.reach.ngrok import open_tunnel
from stand_in_ngrok import OWN_DOMAIN, make_agent, notes

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in agent is a POSIX program")

TOKEN = "4nq9771bPxe8ctg7LKr_2ClH7Y15Zqe4bWLWF9p"  # the example of ngrok's documentation
NOWHERE = 9  # a port that is only named


@pytest.fixture(autouse=True)
def _a_plain_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No token, agent, config file or proxy of the person who runs the tests."""
    for name in ("NGROK_AUTHTOKEN", "HOOKCLI_NGROK"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture(autouse=True)
def _nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Neither pyngrok nor the agent may write to our streams."""
    yield
    assert capfd.readouterr() == ("", "")


@pytest.fixture
def agent(tmp_path: Path) -> Path:
    """A program that is taken for the ngrok agent."""
    return make_agent(tmp_path)


def refusal(agent: Path, token: str, *, domain: str | None = None, timeout: float = 20) -> Environment:
    """The error that opening a tunnel ends in."""
    with (
        pytest.raises(Environment) as caught,
        open_tunnel("127.0.0.1", NOWHERE, token=token, agent=str(agent), domain=domain, timeout=timeout),
    ):
        pytest.fail("it opened")
    return caught.value


def alive(pid: int) -> bool:
    """Whether the process exists, be it as a zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def ends(pid: int) -> bool:
    """Whether the process, which is nobody's child any more, is gone soon."""
    deadline = time.monotonic() + 20
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not alive(pid)


def refuses_connections(url: str) -> bool:
    """Whether nobody listens there."""
    try:
        connect(url).close()
    except ConnectionRefusedError:
        return True
    return False


def connect(url: str) -> socket.socket:
    """A connection to a URL's host and port."""
    address = urlsplit(url)
    return socket.create_connection((address.hostname or "", address.port or 0), timeout=20)


class Listener:
    """A local listener that keeps one request as it came and sends one answer as it is."""

    def __init__(self, answer: bytes) -> None:
        self.received = b""
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, args=(answer,), daemon=True)
        self._thread.start()

    def _serve(self, answer: bytes) -> None:
        connection, _ = self._socket.accept()
        with self._socket, connection:
            while data := connection.recv(65536):
                self.received += data
            connection.sendall(answer)


def test_bytes_pass_unchanged_in_both_directions(agent: Path) -> None:
    request = (
        b"POST /hook?a=%2F&a=1 HTTP/1.1\r\nhost: x\r\nX-Twice: 1\r\nx-twice:  2 \r\nContent-Length: 100000\r\n\r\n"
    ) + bytes(range(250)) * 400
    answer = b"HTTP/1.1 204 All Right\r\nx-ODD: \xff\r\n\r\n"
    listener = Listener(answer)
    with (
        open_tunnel("127.0.0.1", listener.port, token=TOKEN, agent=str(agent)) as tunnel,
        connect(tunnel.public_url) as sender,
    ):
        sender.sendall(request)
        sender.shutdown(socket.SHUT_WR)
        assert b"".join(iter(lambda: sender.recv(65536), b"")) == answer
    assert listener.received == request
    assert tunnel.provider == "ngrok"


@pytest.mark.parametrize("passing", [None, ValueError, KeyboardInterrupt, SystemExit])
def test_the_agent_ends_with_the_context(agent: Path, passing: type[BaseException] | None) -> None:
    def serve() -> str:
        with open_tunnel("127.0.0.1", NOWHERE, token=TOKEN, agent=str(agent)) as tunnel:
            urls.append(tunnel.public_url)
            assert alive(notes(agent)[0]["pid"])
            if passing:
                raise passing
        return tunnel.public_url

    urls: list[str] = []
    if passing:
        with pytest.raises(passing):
            serve()
    else:
        serve()
    assert not alive(notes(agent)[0]["pid"])
    assert refuses_connections(urls[0])


def test_an_agent_that_will_not_end_is_killed(agent: Path) -> None:
    with open_tunnel("127.0.0.1", NOWHERE, token="stubborn", agent=str(agent)):
        began = time.monotonic()
    assert time.monotonic() - began < 60  # it would end by itself after 120 seconds
    assert not alive(notes(agent)[0]["pid"])


def test_an_agent_started_by_a_script_ends_too(agent: Path, tmp_path: Path) -> None:
    script = tmp_path / "my-ngrok"
    script.write_text(f'#!/bin/sh\n{agent} "$@"\nexit 0\n')
    script.chmod(0o755)
    with open_tunnel("127.0.0.1", NOWHERE, token="stubborn", agent=str(script)) as tunnel:
        assert notes(agent)[0]["session"] != notes(agent)[0]["pid"]
    assert refuses_connections(tunnel.public_url)
    assert ends(notes(agent)[0]["pid"])


@pytest.mark.parametrize("token", ["silent", "offline"])
def test_an_agent_started_by_a_script_that_is_not_ready_in_time_ends_too(
    agent: Path, tmp_path: Path, token: str
) -> None:
    script = tmp_path / "my-ngrok"
    script.write_text(f'#!/bin/sh\n{agent} "$@"\nexit 0\n')
    script.chmod(0o755)
    assert "was not connected" in refusal(script, token, timeout=1).what
    assert ends(notes(agent)[0]["pid"])


def test_two_tunnels_of_one_agent_program_end_separately(agent: Path) -> None:
    with open_tunnel("127.0.0.1", NOWHERE, token=TOKEN, agent=str(agent)) as one:
        with open_tunnel("127.0.0.1", NOWHERE + 1, token=TOKEN, agent=str(agent)) as two:
            assert one != two
        assert refuses_connections(two.public_url)
        assert not refuses_connections(one.public_url)


def test_pyngrok_starts_the_agent_and_ends_it(agent: Path) -> None:
    from pyngrok import process

    with open_tunnel("127.0.0.1", NOWHERE, token=TOKEN, agent=str(agent)):
        assert process.is_process_running(str(agent))
        running = process.get_process(PyngrokConfig(ngrok_path=str(agent)))
        started, tunnel = notes(agent)
        assert running.proc.pid == started["pid"] == started["session"]
        *arguments, config = started["argv"]
        assert arguments == ["start", "--none", "--log", "stdout", "--config"]
    assert not process.is_process_running(str(agent))
    assert running.proc.returncode == 0
    assert notes(agent)[2] == {"deleted": f"/api/tunnels/{tunnel['name']}"}
    assert not Path(config).parent.exists()  # the config file that pyngrok needs was a passing one


def test_nothing_is_left_in_the_home(agent: Path, tmp_path: Path) -> None:
    with open_tunnel("127.0.0.1", NOWHERE, token=TOKEN, agent=str(agent)):
        pass
    assert {path.name for path in tmp_path.iterdir()} == {"ngrok", "ngrok.notes"}


def test_the_config_file_of_an_older_ngrok_is_honoured(agent: Path, tmp_path: Path) -> None:
    (tmp_path / ".ngrok2").mkdir()
    (tmp_path / ".ngrok2" / "ngrok.yml").write_text('version: "2"\nauthtoken: from-file\n')
    with open_tunnel("127.0.0.1", NOWHERE, agent=str(agent)):
        assert notes(agent)[0]["token"] == "from-file"


@pytest.mark.parametrize(
    ("config", "what"),
    [
        ("version: 3\nagent:\n  web_addr: false\n", '"web_addr" cannot be False'),
        (f"version: 3\nagent: [\nauthtoken: {TOKEN}\n", "while parsing a flow sequence"),
        ("- nonsense\n", "'list' object has no attribute"),
    ],
)
def test_a_config_file_that_can_not_be_used_is_said(agent: Path, tmp_path: Path, config: str, what: str) -> None:
    (tmp_path / "ngrok.d" / "ngrok").mkdir(parents=True)
    (tmp_path / "ngrok.d" / "ngrok" / "ngrok.yml").write_text(config)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path / "ngrok.d"))
        error = refusal(agent, "")
    assert what in error.what
    assert "ngrok config check" in error.fix


def test_it_asks_for_https_only_and_changes_nothing_of_the_request(agent: Path) -> None:
    with open_tunnel("127.0.0.1", NOWHERE, token=TOKEN, agent=str(agent)):
        pass
    assert notes(agent)[1] == {
        "name": "hookcli-9",
        "proto": "http",
        "addr": "http://127.0.0.1:9",
        "schemes": ["https"],
        "inspect": False,
    }


@pytest.mark.parametrize("domain", [OWN_DOMAIN, f"https://{OWN_DOMAIN}/"])
def test_the_domain_is_passed_on(agent: Path, domain: str) -> None:
    with open_tunnel("127.0.0.1", NOWHERE, token=TOKEN, agent=str(agent), domain=domain):
        pass
    assert notes(agent)[1]["domain"] == OWN_DOMAIN


@pytest.mark.parametrize(
    ("host", "addr"),
    [
        ("0.0.0.0", "http://127.0.0.1:9"),
        ("::", "http://[::1]:9"),
        ("::1", "http://[::1]:9"),
        ("localhost", "http://localhost:9"),
    ],
)
def test_a_listener_on_every_address_is_reached_over_loopback(agent: Path, host: str, addr: str) -> None:
    with open_tunnel(host, NOWHERE, token=TOKEN, agent=str(agent)):
        pass
    assert notes(agent)[1]["addr"] == addr


def test_the_token_comes_from_the_argument_then_the_environment_then_ngroks_config_file(
    agent: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def token_in_use(token: str | None = None) -> str:
        with open_tunnel("127.0.0.1", NOWHERE, token=token, agent=str(agent)):
            return str([note for note in notes(agent) if "token" in note][-1]["token"])

    (tmp_path / "ngrok-config").mkdir()
    (tmp_path / "ngrok-config" / "ngrok").mkdir()
    (tmp_path / "ngrok-config" / "ngrok" / "ngrok.yml").write_text("version: 3\nagent:\n  authtoken: from-file\n")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "ngrok-config"))
    assert token_in_use() == "from-file"
    monkeypatch.setenv("NGROK_AUTHTOKEN", "from-environment")
    assert token_in_use() == "from-environment"
    assert token_in_use("from-argument") == "from-argument"
    assert os.environ["NGROK_AUTHTOKEN"] == "from-environment"
    assert "from-" not in str([note["argv"] for note in notes(agent) if "argv" in note])


@pytest.mark.parametrize(
    ("token", "what", "fix"),
    [
        ("", "ngrok wants the authtoken of an account and got none (ERR_NGROK_4018)", "your-authtoken"),
        ("bad", "ngrok does not accept the authtoken (ERR_NGROK_105)", "--ngrok-token"),
        ("revoked", "ngrok does not accept the authtoken (ERR_NGROK_107)", "NGROK_AUTHTOKEN"),
        ("crowded", "no further agent at the same time (ERR_NGROK_108)", "dashboard.ngrok.com/agents"),
        ("patient", "no further agent at the same time (ERR_NGROK_108)", "dashboard.ngrok.com/agents"),
        ("old", "no longer accepts an agent this old (ERR_NGROK_121)", "ngrok update"),
        ("suspended", "refuses (ERR_NGROK_103): authentication failed: The account", "errors/err_ngrok_103"),
        ("dying", "stopped while it was starting: Error reading configuration file", "ngrok diagnose"),
        ("rude", "ngrok refuses: panic: runtime error", "ngrok diagnose"),
        ("mumbling", "opened no tunnel: Expecting value", "ngrok diagnose"),
    ],
)
def test_what_ngrok_refuses_is_said_with_its_remedy(agent: Path, token: str, what: str, fix: str) -> None:
    error = refusal(agent, token)
    assert what in error.what
    assert fix in error.fix
    assert error.exit_code == 3


@pytest.mark.parametrize(
    ("domain", "what", "fix"),
    [
        ("elsewhere.example.com", "reserved for another account", "dashboard.ngrok.com/domains"),
        ("busy.example.com", "Another tunnel is open at this address (ERR_NGROK_334)", "--ngrok-domain"),
    ],
)
def test_a_refused_domain_is_said_with_its_remedy(agent: Path, domain: str, what: str, fix: str) -> None:
    error = refusal(agent, TOKEN, domain=domain)
    assert what in error.what
    assert fix in error.fix


@pytest.mark.parametrize(
    ("token", "timeout", "what"),
    [
        ("silent", 0.2, "was not connected within 0.2 seconds"),
        ("offline", 3, "within 3 seconds. failed to dial ngrok server"),
        ("without-api", 3, "runs without its local API"),
    ],
)
def test_an_agent_that_is_not_ready_in_time_is_given_up(agent: Path, token: str, timeout: float, what: str) -> None:
    assert what in refusal(agent, token, timeout=timeout).what


def test_what_the_agent_says_on_stderr_does_not_reach_ours(
    agent: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NGROK_AUTHTOKEN", f"talkative-{TOKEN}")
    logging.getLogger().addHandler(handler := logging.StreamHandler())
    try:
        with open_tunnel("127.0.0.1", NOWHERE, agent=str(agent)):
            os.write(2, b"ours")
    finally:
        logging.getLogger().removeHandler(handler)
    assert capfd.readouterr() == ("", "ours")
    assert TOKEN not in str(notes(agent)[0]["argv"])


@pytest.mark.parametrize("token", [f"bad-{TOKEN}", f"revoked-{TOKEN}", f"suspended-{TOKEN}", f"rude-{TOKEN}"])
def test_the_token_is_never_shown_and_no_agent_stays(agent: Path, token: str) -> None:
    error = refusal(agent, token)
    assert TOKEN not in "".join([*traceback.format_exception(error), error.what, error.fix])
    assert TOKEN not in str(notes(agent)[0]["argv"])
    assert not alive(notes(agent)[0]["pid"])


def test_the_token_of_the_config_file_is_not_shown_either(agent: Path, tmp_path: Path) -> None:
    (tmp_path / "ngrok.d" / "ngrok").mkdir(parents=True)
    (tmp_path / "ngrok.d" / "ngrok" / "ngrok.yml").write_text(f"version: 2\nauthtoken: suspended-{TOKEN}\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path / "ngrok.d"))
        assert "account of *** has" in refusal(agent, "").what


def test_the_agent_is_looked_for_in_the_argument_the_environment_and_on_the_path(
    agent: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, pyngroks = tmp_path / "broken", tmp_path / "bin" / "ngrok"
    broken.write_text("")
    pyngroks.parent.mkdir()
    pyngroks.write_text("#!/bin/python\nfrom pyngrok.ngrok import main\n")
    for script in (broken, pyngroks):
        script.chmod(0o755)

    monkeypatch.setenv("PATH", f"{pyngroks.parent}{os.pathsep}{agent.parent}")
    with open_tunnel("127.0.0.1", NOWHERE, token=TOKEN):
        pass
    monkeypatch.setenv("HOOKCLI_NGROK", str(broken))
    with (
        pytest.raises(Environment, match="can't be started: Exec format error"),
        open_tunnel("127.0.0.1", NOWHERE, token=TOKEN),
    ):
        pytest.fail("it opened")
    with open_tunnel("127.0.0.1", NOWHERE, token=TOKEN, agent=str(agent)):
        pass


@pytest.mark.parametrize(
    ("name", "what"), [("missing", "There is no ngrok agent at"), ("plain", "is not a program that may be run")]
)
def test_a_named_agent_that_is_none_is_an_error(tmp_path: Path, name: str, what: str) -> None:
    (tmp_path / "plain").write_text("not executable")
    with (
        pytest.raises(Environment, match=what) as caught,
        open_tunnel("127.0.0.1", NOWHERE, agent=str(tmp_path / name)),
    ):
        pytest.fail("it opened")
    assert "https://ngrok.com/download" in caught.value.fix


PROGRAM = """
import signal, socket, sys
from urllib.parse import urlsplit
from hookcli.errors import HookcliError
from hookcli.reach.ngrok import open_tunnel

def end(number, frame):
    raise SystemExit(0)

signal.signal(signal.SIGINT, lambda *_: None)
signal.signal(signal.SIGTERM, end)
try:
    with open_tunnel("127.0.0.1", 9) as tunnel:
        print(tunnel.public_url, flush=True)
        for line in sys.stdin:
            address = urlsplit(tunnel.public_url)
            socket.create_connection((address.hostname, address.port)).close()
            print("still open", flush=True)
except HookcliError as error:
    print(error.what, "|", error.fix)
    raise SystemExit(error.exit_code)
"""


def program(text: str = PROGRAM, **environment: str) -> subprocess.Popen[str]:
    """A command of its own, in a process group of its own as a shell would start it."""
    return subprocess.Popen(
        [sys.executable, "-c", text],
        env=os.environ | {"PYTHONPATH": str(Path(hookcli.__file__).parents[1])} | environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_ctrl_c_leaves_the_tunnel_to_the_listener_and_a_handled_sigterm_ends_it(agent: Path) -> None:
    with program(HOOKCLI_NGROK=str(agent), NGROK_AUTHTOKEN=TOKEN) as command:
        assert command.stdin
        assert command.stdout
        assert command.stderr
        url = command.stdout.readline().strip()
        os.killpg(command.pid, signal.SIGINT)
        command.stdin.write("\n")
        command.stdin.flush()
        assert command.stdout.readline() == "still open\n"
        command.send_signal(signal.SIGTERM)
        assert command.wait(20) == 0
        assert command.stderr.read() == ""
    assert not alive(notes(agent)[0]["pid"])
    assert refuses_connections(url)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
@pytest.mark.parametrize("when", ["starting", "open"])
def test_no_signal_leaves_an_agent_behind(agent: Path, number: signal.Signals, when: str) -> None:
    unhandled = "\n".join(line for line in PROGRAM.splitlines() if not line.startswith("signal."))
    token = "silent" if when == "starting" else TOKEN
    with program(unhandled, HOOKCLI_NGROK=str(agent), NGROK_AUTHTOKEN=token) as command:
        assert command.stdout
        if when == "open":
            command.stdout.readline()
        deadline = time.monotonic() + 20
        while not agent.with_name("ngrok.notes").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        command.send_signal(number)
        assert command.wait(20) in {128 + number, -number}
    assert not alive(notes(agent)[0]["pid"])


def test_without_an_agent_and_without_a_network_there_is_a_remedy(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        proxy = f"http://127.0.0.1:{closed.getsockname()[1]}"
    with program(
        PATH=str(tmp_path), PYNGROK_NGROK_PATH=str(tmp_path / "none" / "ngrok"), https_proxy=proxy, HTTPS_PROXY=proxy
    ) as command:
        printed, complained = command.communicate(timeout=20)
    assert printed.startswith("There is no ngrok agent on this machine, and downloading it failed: ")
    assert "https://ngrok.com/download" in printed
    assert (command.returncode, complained) == (3, "")


def test_pyngrok_is_not_imported_before_a_tunnel_is_wanted() -> None:
    check = "import sys, hookcli.reach.ngrok; sys.exit('pyngrok' in sys.modules)"
    environment = os.environ | {"PYTHONPATH": str(Path(hookcli.__file__).parents[1])}
    subprocess.run([sys.executable, "-c", check], env=environment, check=True, timeout=20)


def test_the_stand_in_is_good_enough_for_pyngrok_itself(agent: Path, tmp_path: Path) -> None:
    from pyngrok import conf, ngrok

    (tmp_path / "ngrok.yml").write_text("version: 2\n")
    config = conf.PyngrokConfig(str(agent), str(tmp_path / "ngrok.yml"), TOKEN, config_version="2")
    tunnel = ngrok.connect("9", pyngrok_config=config)
    assert tunnel.public_url
    assert not refuses_connections(tunnel.public_url)
    ngrok.disconnect(tunnel.public_url, config)
    assert refuses_connections(tunnel.public_url)
    ngrok.kill(config)
