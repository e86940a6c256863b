"""Completing in the shells themselves: what is offered, how it is put into the line, and what it costs."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shlex
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from hookcli import fixtures
from hookcli.cli import COMMANDS
from hookcli.cli.completion.shells import SHELLS
from hookcli.providers.registry import BUILT_IN, providers
from hookcli.store.terms import FIELDS
from support import SAFETY, a_delivery, environment, fill, hookcli

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hookcli.delivery import Delivery

HEAVY = {"aiohttp", "asyncio", "cryptography", "h11", "pyngrok", "rich", "ssl", "textual"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a program `hookcli` that completes, and that else says with what it was called."""
    path = tmp_path_factory.mktemp("home")
    program = path / "bin" / "hookcli"
    program.parent.mkdir()
    program.write_text(
        "#!/bin/sh\n"
        f'if [ -n "$_HOOKCLI_COMPLETE" ]; then exec {shlex.quote(sys.executable)} -m hookcli "$@"; fi\n'
        """printf 'GOT'; for word in "$@"; do printf '<%s>' "$word"; done; printf 'END\\n'\n"""
    )
    program.chmod(0o755)
    for shell in SHELLS:
        (path / f"complete.{shell}").write_bytes(hookcli("completions", shell).out)
    (path / "folder").mkdir()
    (path / "folder" / "a delivery.http").touch()
    # Made here, so that no test has to wait for it.
    ask("bash", path, "hookcli ")
    return path


@pytest.fixture(scope="module")
def stored(home: Path) -> list[Delivery]:
    """What the store of that home holds, the newest first."""
    now = datetime.now(UTC)
    kept = fill(
        home / "store.db",
        a_delivery(
            id="01ARZ3NDEKTSV4RRFFQ69G5FAV", provider="github", event="push", received_at=now - timedelta(hours=3)
        ),
        a_delivery(
            id="01BX5ZZKBKACTAV9WEVGEMMVRZ",
            provider="gitlab",
            event="Push Hook",
            delivery_id="72d3162e-cc78",
            received_at=now - timedelta(minutes=5),
        ),
        a_delivery(
            id="01BX5ZZKBKZZZZZZZZZZZZZZZZ",
            provider="evil",
            event="\x1b[2J\n$(touch /tmp/x),;",
            action="`id`",
            delivery_id="72$(id)",
        ),
    )
    return kept[::-1]


def surroundings(home: Path, **more: str) -> dict[str, str]:
    own = {"HOME": str(home), "XDG_CACHE_HOME": str(home / ".cache"), "HOOKCLI_STORE": str(home / "store.db")}
    kept = environment(**{**own, "TERM": "dumb", "LC_ALL": "C.UTF-8", **more})
    return {**kept, "PATH": f"{home / 'bin'}:{kept['PATH']}"}


def ask(shell: str, home: Path, line: str, **more: str) -> list[str]:
    """The lines that hookcli answers a shell's script with."""
    words = line.split(" ")
    asked = {"COMP_LINE": line, "COMP_WORDBREAKS": " =:"} if shell == "bash" else {}
    if shell != "bash":
        asked = {"COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1) if shell == "zsh" else words[-1]}
    done = subprocess.run(
        [sys.executable, "-m", "hookcli"],
        env=surroundings(home, _HOOKCLI_COMPLETE=f"{shell}_complete", **asked, **more),
        capture_output=True,
        timeout=SAFETY,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout.decode().splitlines()


def values(home: Path, line: str) -> list[str]:
    """What is offered in bash, but for files."""
    answers = (answer.partition("\t") for answer in ask("bash", home, line))
    return [value for kind, _, value in answers if kind in {"plain", "part"}]


class TestOffered:
    def test_commands(self, home: Path) -> None:
        assert values(home, "hookcli ") == list(COMMANDS)
        assert values(home, "hookcli ex") == [name for name in COMMANDS if name.startswith("ex")]
        told = dict(line.partition(",")[2].split("\t") for line in ask("fish", home, "hookcli "))
        assert told["verify"] == "Check the signature of a delivery"

    def test_options_with_what_they_do(self, home: Path) -> None:
        offered = values(home, "hookcli listen --")
        assert {"--port", "--forward", "--json", "--help", "--secret-file"} <= {*offered}
        assert "plain,--port\t" in "\n".join(ask("fish", home, "hookcli listen --p"))
        assert values(home, "hookcli -") == ["--version", "--help", "-V", "-h"] or "--version" in values(
            home, "hookcli -"
        )

    def test_what_an_option_can_be(self, home: Path) -> None:
        assert values(home, "hookcli listen --print ") == ["line", "headers", "full", "none"]
        assert values(home, "hookcli sign --format c") == ["curl"]
        assert values(home, "hookcli sign --format=c") == ["curl"]

    def test_providers(self, home: Path) -> None:
        assert values(home, "hookcli list --provider ") == list(providers())
        assert values(home, "hookcli list --provider GITH") == ["github"]
        assert values(home, "hookcli list --provider=gite") == ["gitee", "gitea"]
        assert values(home, "hookcli providers gite") == ["gitee", "gitea"]
        assert values(home, "hookcli listen --secret gite") == ["gitee=", "gitea="]
        assert values(home, "hookcli listen --secret gitea=") == []
        assert "plain,gitea\tGitea" in ask("fish", home, "hookcli list --provider gite")

    def test_events_of_the_provider_that_is_named(self, home: Path) -> None:
        events = [event.name for event in providers()["gitlab"].events]
        offered = values(home, "hookcli replay x.json --provider gitlab --event ")
        assert [value.replace("\\", "") for value in offered] == events
        assert "Push\\ Hook" in offered
        everyones = values(home, "hookcli sign --event pull_request")
        assert {"pull_request", "pull_request_review"} <= {*everyones}

    def test_schemes(self, home: Path) -> None:
        assert values(home, "hookcli sign --provider github --scheme sha") == ["sha256", "sha1"]

    def test_fixtures_by_provider(self, home: Path) -> None:
        folders = [value for value in values(home, "hookcli replay gi") if value.endswith("/")]
        assert {"github/", "gitlab/", "gitea/", "gitee/"} <= {*folders}
        assert values(home, "hookcli replay github/pu") == [
            name for name in fixtures.names() if name.startswith("github/pu")
        ]

    def test_ids_with_what_they_are(self, home: Path, stored: list[Delivery]) -> None:
        assert values(home, "hookcli show ") == ["last", "01BX5ZZKBKZ", "01BX5ZZKBKA", "01ARZ3NDEK"]
        assert values(home, "hookcli show 01a") == ["01arz3ndek"]
        assert values(home, "hookcli show 01BX5ZZKBKACT") == [stored[1].id]
        # The provider's own ids count too; what a shell could take for more than a name is left out.
        assert values(home, "hookcli show 72") == ["72d3162e-cc78"]
        assert values(home, "hookcli show la") == ["last"]
        described = ask("fish", home, "hookcli show 01")
        assert "plain,01BX5ZZKBKA\tgitlab Push Hook, 5 min ago" in described
        assert all(line.replace("\t", "").isprintable() for line in described)
        assert values(home, "hookcli diff last 01A") == ["01ARZ3NDEK"]

    def test_of_the_store_that_is_named(self, home: Path, tmp_path: Path) -> None:
        fill(tmp_path / "other.db", a_delivery(id="01CX5ZZKBKACTAV9WEVGEMMVRZ"))
        assert values(home, f"hookcli show --store {tmp_path / 'other.db'} ") == ["last", "01CX5ZZKBK"]
        assert values(home, f"hookcli show --store={tmp_path / 'other.db'} 01") == ["01CX5ZZKBK"]

    @pytest.mark.usefixtures("stored")
    def test_filters(self, home: Path) -> None:
        assert values(home, "hookcli stats ") == [f"{name}:" for name in FIELDS]
        assert values(home, "hookcli stats ver") == ["verdict:"]
        assert values(home, "hookcli stats -ver") == ["-verdict:"]
        # bash takes a colon for the end of a word, and puts in only what stands behind it.
        assert values(home, "hookcli stats provider:gite") == ["gitee", "gitea"]
        assert values(home, "hookcli stats verdict:valid,in") == ["valid,invalid"]
        assert values(home, "hookcli stats is:dup") == ["duplicate"]
        assert values(home, "hookcli stats provider:gitlab event:Push") == ["Push\\ Hook"]
        assert values(home, "hookcli stats id:01A") == ["01ARZ3NDEK"]
        assert ask("fish", home, "hookcli stats verdict:inv") == ["plain,verdict:invalid"]

    def test_files_are_the_shells_own(self, home: Path) -> None:
        assert {"file\tfol", "dir\tfol"} <= {*ask("bash", home, "hookcli replay fol")}
        assert ask("bash", home, "hookcli list --store fol") == ["file\tfol"]

    @pytest.mark.parametrize("line", ["hookcli verify last --url ", "hookcli stats size:", "hookcli listen --port "])
    def test_what_is_not_known_is_left_to_the_person(self, home: Path, line: str) -> None:
        assert ask("bash", home, line) == []

    @pytest.mark.parametrize("store", ["nowhere/store.db", "folder", "text"])
    def test_a_store_that_can_not_be_read_is_no_reason_to_speak(self, home: Path, store: str) -> None:
        (home / "text").write_text("no database, by far" * 100)
        assert values(home, f"hookcli show --store {home / store} ") == []
        assert not (home / "nowhere").exists()
        assert ask("bash", home, "hookcli show ", HOOKCLI_STORE=str(home / store)) == []

    def test_neither_is_anything_else(self, home: Path) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "hookcli"],
            env=surroundings(home, _HOOKCLI_COMPLETE="tcsh_complete"),
            capture_output=True,
            timeout=SAFETY,
            check=False,
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


class TestTable:
    def test_it_is_made_once_and_then_nothing_heavy_is_imported(self, home: Path) -> None:
        kept = home / ".cache" / "hookcli" / "completion.json"
        before = kept.stat().st_mtime_ns
        code = (
            "import sys\n"
            "from hookcli.cli import main\n"
            "try:\n"
            "    main()\n"
            "finally:\n"
            "    print(*sys.modules, file=sys.stderr)\n"
        )
        for line in (
            "hookcli ",
            "hookcli listen --p",
            "hookcli show ",
            "hookcli replay github/",
            "hookcli stats event:",
        ):
            done = subprocess.run(
                [sys.executable, "-c", code],
                env=surroundings(home, _HOOKCLI_COMPLETE="bash_complete", COMP_LINE=line),
                capture_output=True,
                timeout=SAFETY,
                check=True,
                text=True,
            )
            assert done.stdout
            modules = set(done.stderr.split())
            assert not modules & HEAVY
            assert not modules & {f"hookcli.cli.{name}" for name in COMMANDS}
            assert not modules & {f"hookcli.providers.{name}" for name in BUILT_IN}
        assert kept.stat().st_mtime_ns == before

    def test_another_hookcli_makes_it_anew(self, home: Path) -> None:
        kept = home / ".cache" / "hookcli" / "completion.json"
        table = json.loads(kept.read_bytes())
        for wrong in (json.dumps({**table, "state": ["0.0"], "command": None}), "{", "[]", ""):
            kept.write_text(wrong)
            assert values(home, "hookcli ") == list(COMMANDS)
            assert json.loads(kept.read_bytes()) == table

    def test_it_does_without_a_place_to_keep_it(self, home: Path) -> None:
        assert "plain\tlisten" in ask("bash", home, "hookcli ", XDG_CACHE_HOME="/dev/null/nowhere")


class Typing:
    """A shell on a terminal, in which somebody types."""

    def __init__(self, command: list[str], home: Path) -> None:
        self._ours, theirs = pty.openpty()
        self._process = subprocess.Popen(
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            cwd=home,
            env=surroundings(home, PS1="> ", INPUTRC="/dev/null"),
            start_new_session=True,
        )
        os.close(theirs)

    def type(self, keys: str, until: str) -> str:
        """Type these, and wait for what is to be shown then."""
        os.write(self._ours, keys.encode())
        shown, deadline = "", time.monotonic() + SAFETY
        while not re.search(until, shown):
            ready, _, _ = select.select([self._ours], [], [], max(0.0, deadline - time.monotonic()))
            assert ready, f"{until} was not shown: {shown!r}"
            shown += os.read(self._ours, 65536).decode(errors="replace")
        return shown

    def run(self, line: str) -> list[str]:
        """The words that hookcli is called with when this is typed, tabs and all."""
        shown = self.type(f"{line}\n", r"GOT.*END\r")
        found = re.search(r"GOT(.*)END\r", shown)
        assert found
        return re.findall(r"<([^>]*)>", found[1])

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._ours)


def shell_command(shell: str) -> list[str]:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    return {
        "bash": ["bash", "--norc", "--noprofile", "-i"],
        "zsh": ["zsh", "-f", "-i"],
        "fish": ["fish", "--no-config"],
    }[shell]


@pytest.fixture(scope="module", params=["bash", "zsh"])
def typing(request: pytest.FixtureRequest, home: Path, stored: list[Delivery]) -> Iterator[Typing]:
    assert stored
    shell = Typing(shell_command(request.param), home)
    # What the line editor shows of a line is of no interest, and `dumb` has it show little.
    prepare = {
        "bash": f". {home}/complete.bash; bind 'set bell-style none'; echo READY$((1 + 1))\n",
        "zsh": (
            "unsetopt zle_bracketed_paste; autoload -U compinit; compinit -u -D;"
            f" . {home}/complete.zsh; setopt no_list_beep no_always_last_prompt; echo READY$((1 + 1))\n"
        ),
    }[request.param]
    shell.type(prepare, "READY2")
    yield shell
    shell.close()


class TestShells:
    @pytest.mark.parametrize(
        ("line", "words"),
        [
            ("hookcli verif\t", ["verify"]),
            ("hookcli listen --forw\thttp://x", ["listen", "--forward", "http://x"]),
            ("hookcli list --provider githu\t--json", ["list", "--provider", "github", "--json"]),
            ("hookcli list --provider=githu\t", ["list", "--provider=github"]),
            ("hookcli show 01AR\t", ["show", "01ARZ3NDEK"]),
            ("hookcli show la\t", ["show", "last"]),
            ("hookcli replay dockerh\tpu\t", ["replay", "dockerhub/push"]),
            ("hookcli sign --provider gitlab --event Pus\t", ["sign", "--provider", "gitlab", "--event", "Push Hook"]),
            ("hookcli stats verd\tinv\t", ["stats", "verdict:invalid"]),
            ("hookcli stats provider:githu\tis:ping", ["stats", "provider:github", "is:ping"]),
            ("hookcli replay fold\ta\t", ["replay", "folder/a delivery.http"]),
            ("hookcli list --store fold\ta\t", ["list", "--store", "folder/a delivery.http"]),
            ("hookcli list --store=fold\ta\t", ["list", "--store=folder/a delivery.http"]),
            (
                'hookcli sign --provider gitlab --event "Push H\t',
                ["sign", "--provider", "gitlab", "--event", "Push Hook"],
            ),
            ("hookcli stats -verd\tinv\t", ["stats", "-verdict:invalid"]),
            ("bin/hookcli verif\t", ["verify"]),
            ("~/bin/hookcli verif\t", ["verify"]),
        ],
    )
    def test_a_tab_completes(self, typing: Typing, line: str, words: list[str]) -> None:
        assert typing.run(line) == words

    @pytest.mark.parametrize(
        ("line", "offered"),
        [
            ("hookcli verif", {"verify\tCheck the signature of a delivery"}),
            ("hookcli show 01A", {"01ARZ3NDEK\tgithub push, 3 h ago"}),
            ("hookcli list --provider githu", {"github\tGitHub"}),
            ("hookcli list --provider=githu", {"--provider=github\tGitHub"}),
            ("hookcli sign --provider gitlab --event Push", {"Push Hook"}),
            ("hookcli stats verdict:inv", {"verdict:invalid"}),
            ("hookcli replay dockerhub/", {"dockerhub/push"}),
            ("hookcli list --store fold", {"folder/"}),
        ],
    )
    def test_fish(self, home: Path, stored: list[Delivery], line: str, offered: set[str]) -> None:
        assert stored
        done = subprocess.run(
            [*shell_command("fish"), "-c", f"source {home}/complete.fish; complete -C {shlex.quote(line)}"],
            env=surroundings(home),
            cwd=home,
            capture_output=True,
            timeout=SAFETY,
            check=True,
            text=True,
        )
        assert done.stderr == ""
        lines = {value if value in offered else value.partition("\t")[0] for value in done.stdout.splitlines()}
        assert offered <= lines

    @pytest.mark.parametrize("shell", SHELLS)
    def test_the_script_says_how_it_is_installed(self, shell: str) -> None:
        done = hookcli("completions", shell)
        assert (done.code, done.err) == (0, "")
        assert f"hookcli completions {shell}" in "\n".join(
            line for line in done.text.splitlines()[:4] if line.startswith("#")
        )
        assert done.text.startswith("#compdef hookcli\n") == (shell == "zsh")

    def test_for_other_shells_there_is_none(self) -> None:
        assert "'tcsh' is not one of 'bash', 'zsh', 'fish'" in hookcli("completions", "tcsh").err
