"""A tunnel by ngrok: its agent runs beside us and hands requests to a public https address on to the listener.

pyngrok starts the agent, asks it for the tunnel and ends it. Four things that it would do are kept from happening:
the token would be an argument of the agent, for every user of the machine to see; the agent's stderr would be ours,
and the agent repeats the token there; an agent that says nothing would be waited for without end; and ngrok's config
file would be written where there is none.

pyngrok is imported where it is used: a listener without ngrok does not pay for it.

Where the facts are from: environment variables https://ngrok.com/docs/agent/ (the token's comes before the config
file), tunnels https://ngrok.com/docs/agent/api/ and https://ngrok.com/docs/agent/config/v2/, error codes
https://ngrok.com/docs/errors/. `/api/endpoints` would be the newer API, but agents before 3.30 lack it.
"""

from __future__ import annotations

import io
import logging
import os
import re
import shutil
import signal
import sys
from contextlib import contextmanager, redirect_stdout, suppress
from pathlib import Path
from subprocess import TimeoutExpired
from tempfile import TemporaryDirectory, TemporaryFile
from threading import Event, Thread, current_thread, main_thread
from typing import TYPE_CHECKING

from hookcli.errors import Environment
from hookcli.reach.ngrok_errors import GET_AGENT, code_in, first_line, is_error, not_started, reason, refused
from hookcli.reach.tunnel import Tunnel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from subprocess import Popen

    from pyngrok.conf import PyngrokConfig
    from pyngrok.log import NgrokLog

_SCRIPT_AT_MOST = 1_000_000  # bytes; the agent itself has tens of millions


@contextmanager
def open_tunnel(  # noqa: PLR0913 (each is an option of the command)
    host: str,
    port: int,
    *,
    token: str | None = None,
    domain: str | None = None,
    agent: str | None = None,
    timeout: float = 20.0,
) -> Iterator[Tunnel]:
    """A public https address for the listener at host and port; it blocks until the address works.

    Leaving the context ends the agent, whatever the reason. A Ctrl-C in the terminal does not reach it, so that
    requests under way can still be answered. A further tunnel of the same program shares its agent and must be left
    first. `token` is the account's (else NGROK_AUTHTOKEN's, else that of ngrok's config file), `domain` one that the
    account owns, `agent` the program (else HOOKCLI_NGROK's, else `ngrok` on PATH, else pyngrok's, which is downloaded
    if need be), `timeout` the seconds that the agent may take for each step.

    Raises Environment where there is no agent to be had or ngrok refuses.
    """
    program = _find_agent(agent)

    from pyngrok import ngrok

    logging.getLogger("pyngrok").setLevel(logging.CRITICAL + 1)  # it passes the agent's log on, errors too
    with _leaving_on_signals(), TemporaryDirectory(prefix="hookcli-ngrok-") as folder:
        settings = _settings(program, _config_file(folder), timeout)
        tokens = _tokens(token, settings)
        with _agent(settings, token, tokens, timeout):
            public_url = _connect(settings, _upstream(host, port), domain, tokens)
            try:
                yield Tunnel(public_url, provider="ngrok")
            finally:
                settings.request_timeout = 3  # an agent that does not answer is ended all the same
                with suppress(Exception):
                    ngrok.disconnect(public_url, settings)


def _find_agent(agent: str | None) -> str:
    named = agent or os.environ.get("HOOKCLI_NGROK")
    if named:
        if found := shutil.which(named):
            return found
        if Path(named).exists():
            what = f"{named} is not a program that may be run."
            raise Environment(what, f"Make it executable. {GET_AGENT}")
        what = f"There is no ngrok agent at {named}."
        raise Environment(what, GET_AGENT)
    for folder in os.get_exec_path():
        if (found := shutil.which("ngrok", path=folder)) and not _is_pyngroks_script(Path(found)):
            return found
    return _pyngroks_agent()


def _is_pyngroks_script(program: Path) -> bool:
    """Whether this `ngrok` is the little script that comes with pyngrok: it would download the agent and print so."""
    try:
        return program.stat().st_size < _SCRIPT_AT_MOST and b"pyngrok" in program.read_bytes()
    except OSError:
        return False


def _pyngroks_agent() -> str:
    from pyngrok import conf, installer
    from pyngrok.exception import PyngrokError

    program = conf.get_default().ngrok_path
    if not Path(program).exists():
        try:
            with redirect_stdout(io.StringIO()):  # it draws a progress bar; stdout is for data
                installer.install_ngrok(program)
        except (PyngrokError, OSError) as error:
            what = f"There is no ngrok agent on this machine, and downloading it failed: {first_line(error, ())}"
            raise Environment(what, GET_AGENT) from None
    return program


def _settings(program: str, config: str, timeout: float) -> PyngrokConfig:
    from pyngrok.conf import PyngrokConfig

    def end_if_refused(log: NgrokLog) -> None:
        if is_error(log) and code_in(log.line):
            _signal(_process(program), force=True)  # some go on trying

    settings = PyngrokConfig(
        ngrok_path=program,
        config_path=config,
        log_event_callback=end_if_refused,
        startup_timeout=int(timeout) + 60,  # it is ours that counts
        request_timeout=timeout,
        start_new_session=True,  # out of reach of the terminal's Ctrl-C
        config_version="2",  # that is, /api/tunnels
    )
    settings.auth_token = None  # it took NGROK_AUTHTOKEN's and would make it an argument
    return settings


def _config_file(folder: str) -> str:
    """The config file of ngrok, where it stands now or stood once; else an empty one in the folder."""
    from pyngrok import installer

    for place in (Path(installer.get_default_ngrok_dir()), Path.home() / ".ngrok2"):
        if (place / "ngrok.yml").exists():
            return str(place / "ngrok.yml")
    empty = Path(folder, "ngrok.yml")
    empty.write_text('version: "2"\n')
    return str(empty)


def _tokens(token: str | None, settings: PyngrokConfig) -> set[str]:
    """Every token that the agent may use, and so repeat."""
    found = [token, os.environ.get("NGROK_AUTHTOKEN")]
    with suppress(OSError):
        config = Path(settings.config_path or "").read_text(errors="replace")
        found += re.findall(r"authtoken[\"']?:\s*[\"']?([^\s\"',}]+)", config)
    return {each for each in found if each}


@contextmanager
def _agent(settings: PyngrokConfig, token: str | None, tokens: set[str], timeout: float) -> Iterator[None]:
    """The agent at work: started by pyngrok, or already there for another tunnel, whose it is to end then."""
    from pyngrok import process

    if process.is_process_running(settings.ngrok_path):
        yield
        return
    try:
        with _aside(token) as said, _at_most(timeout, settings.ngrok_path) as late:
            try:
                process.get_process(settings)
            except Exception as error:  # noqa: BLE001 (pyngrok's own, and what YAML and HTTP raise through it)
                raise not_started(error, said(), timeout if late.is_set() else None, tokens) from None
        settings.log_event_callback = None
        yield
    finally:
        _end(settings)


def _process(program: str) -> Popen[str] | None:
    """The agent's process. pyngrok's own way to ask waits until it has started."""
    from pyngrok import process

    running = process._current_processes.get(program)  # noqa: SLF001 (see above)
    return running.proc if running else None


def _end(settings: PyngrokConfig) -> None:
    """End the agent and what it started: asked first, so that ngrok frees the address at once, then forced."""
    from pyngrok import ngrok

    process = _process(settings.ngrok_path)
    try:
        _signal(process, force=False)
        if process:
            with suppress(TimeoutExpired):
                process.wait(3)
    finally:
        _signal(process, force=True)
        ngrok.kill(settings)


def _signal(process: Popen[str] | None, *, force: bool) -> None:
    if process is None:
        return
    if sys.platform != "win32":
        with suppress(ProcessLookupError, PermissionError):  # nobody is left; macOS says it in its own words
            os.killpg(process.pid, signal.SIGKILL if force else signal.SIGTERM)
    else:
        process.terminate()


@contextmanager
def _aside(token: str | None) -> Iterator[Callable[[], str]]:
    """Have a program that is started meanwhile find the token in its environment and its stderr in a file.

    The call reads the file. pyngrok leaves no other way: what it starts gets our environment and our stderr.
    """
    before = os.environ.get("NGROK_AUTHTOKEN")
    stderr = os.dup(2)
    with TemporaryFile() as file:

        def said() -> str:
            file.seek(0)
            return file.read().decode(errors="replace")

        try:
            os.dup2(file.fileno(), 2)
            if token:
                os.environ["NGROK_AUTHTOKEN"] = token
            yield said
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)
            if before is None:
                os.environ.pop("NGROK_AUTHTOKEN", None)
            else:
                os.environ["NGROK_AUTHTOKEN"] = before


@contextmanager
def _at_most(seconds: float, program: str) -> Iterator[Event]:
    """Kill the agent if this takes longer, and tell so: pyngrok waits for its next line, and finds the end then."""
    done, late = Event(), Event()

    def watch() -> None:
        wait = seconds
        while not done.wait(wait):
            late.set()
            _signal(_process(program), force=True)
            wait = 0.1  # there may have been none yet

    watcher = Thread(target=watch, name="ngrok's time", daemon=True)
    watcher.start()
    try:
        yield late
    finally:
        done.set()
        watcher.join()


@contextmanager
def _leaving_on_signals() -> Iterator[None]:
    """Let the signals that would end Python on the spot leave this context first, as an exit."""

    def leave(number: int, _frame: object) -> None:
        raise SystemExit(128 + number)

    replaced = []
    if current_thread() is main_thread():  # no other may
        hangup = getattr(signal, "SIGHUP", signal.SIGTERM)  # Windows has none
        replaced = [one for one in {signal.SIGTERM, hangup} if signal.getsignal(one) is signal.SIG_DFL]
    for one in replaced:
        signal.signal(one, leave)
    try:
        yield
    finally:
        for one in replaced:
            signal.signal(one, signal.SIG_DFL)


def _connect(settings: PyngrokConfig, upstream: str, domain: str | None, tokens: set[str]) -> str:
    """The public URL of a new tunnel to the upstream, which takes https only."""
    from pyngrok import ngrok
    from pyngrok.exception import PyngrokNgrokHTTPError

    options: dict[str, object] = {
        "schemes": ["https"],
        "inspect": False,  # the agent would keep a second copy of each request and show it on its own page
    }
    if domain:
        options["domain"] = domain.removeprefix("https://").rstrip("/")
    name = f"hookcli-{upstream.rpartition(':')[2]}"
    try:
        return str(ngrok.connect(upstream, "http", name, settings, **options).public_url)
    except PyngrokNgrokHTTPError as error:
        raise refused(reason(error.body), tokens) from None
    except Exception as error:  # noqa: BLE001 (pyngrok's own, and what HTTP and JSON raise through it)
        what = f"The ngrok agent's API opened no tunnel: {first_line(error, tokens)}"
        raise Environment(what, "Try again; `ngrok diagnose` tests the way to ngrok.") from None


def _upstream(host: str, port: int) -> str:
    """Where the agent finds the listener: one that listens on every address is there on loopback too."""
    host = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 (compared, not bound)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
