"""The command line as a whole: quick to start, helpful when mistyped, quiet when interrupted."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from hookcli import __version__
from hookcli.cli import COMMANDS, main
from support import SAFETY, a_delivery, a_message, environment, fill, hookcli, listening, post

if TYPE_CHECKING:
    from pathlib import Path

    import click

HEAVY = {"aiohttp", "pyngrok", "rich", "h11", "hookcli.providers", "sqlite3", "asyncio"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with one delivery."""
    path = tmp_path_factory.mktemp("store") / "deliveries.db"
    with listening(path, "--count", "1") as listener:
        post(listener.port, a_message(b'{"a": 1}'))
        listener.ended()
    return path


def imported(*words: str) -> set[str]:
    """The modules that are imported when hookcli is called with each of these words and --help, or with an option."""
    code = (
        "import sys\n"
        "from hookcli.cli import main\n"
        "for word in sys.argv[1:]:\n"
        "    try:\n"
        "        main([word] if word.startswith('-') else [word, '--help'])\n"
        "    except SystemExit as ended:\n"
        "        assert ended.code == 0\n"
        "print(*sys.modules, file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        capture_output=True,
        timeout=SAFETY,
        env=environment(),
        check=True,
        text=True,
    )
    return set(done.stderr.split())


class TestStart:
    @pytest.mark.parametrize("option", ["--version", "--help"])
    def test_what_needs_nothing_imports_nothing(self, option: str) -> None:
        modules = imported(option)
        assert "hookcli.cli" in modules
        assert not modules & HEAVY

    def test_a_command_imports_neither_server_nor_tunnel(self) -> None:
        others = set(COMMANDS) - {"listen"}
        modules = imported(*others)
        assert {f"hookcli.cli.{name}" for name in others} <= modules
        assert not modules & {"aiohttp", "textual", "pyngrok", "hookcli.cli.listen"}

    @pytest.mark.parametrize("option", ["--version", "-V"])
    def test_the_version(self, option: str) -> None:
        assert hookcli(option).text == f"hookcli {__version__}\n"


class TestHelp:
    def test_every_command_has_its_line(self) -> None:
        done = hookcli("-h")
        assert (done.code, done.err) == (0, "")
        table = done.text.partition("Commands:\n")[2]
        assert re.findall(r"(?m)^  (\w+)  +(\S.*)$", table) == list(COMMANDS.items())

    @pytest.mark.parametrize("name", COMMANDS)
    def test_the_line_begins_as_the_commands_own_help_does(self, name: str) -> None:
        command: click.Command = import_module(f"hookcli.cli.{name}").command
        beginning = re.split(r"[,:.]", COMMANDS[name])[0]
        assert re.split(r"[,:.]", command.get_short_help_str(200))[0] == beginning
        assert command.name == name

    @pytest.mark.parametrize("name", COMMANDS)
    def test_every_command_has_examples_of_itself(self, name: str, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit) as ended:
            main([name, "--help"])
        out, err = capsys.readouterr()
        assert (ended.value.code, err) == (0, "")
        examples = out.partition("  Examples:\n")[2].partition("\n\n")[0].splitlines()
        assert any(line.startswith(f"    hookcli {name}") for line in examples)

    def test_without_a_command_it_tells_what_there_is(self) -> None:
        done = hookcli()
        assert done.code == 2
        assert all(f"  {name}  " in done.out.decode() + done.err for name in COMMANDS)


class TestMistakes:
    @pytest.mark.parametrize(
        ("word", "told"),
        [
            ("lst", "Error: No such command 'lst'. Did you mean 'list'?"),
            ("repaly", "Error: No such command 'repaly'. Did you mean 'replay'?"),
            ("xyzzy", "Error: No such command 'xyzzy'."),
        ],
    )
    def test_a_command_that_there_is_none_of(self, word: str, told: str) -> None:
        done = hookcli(word, "--anything")
        assert (done.code, done.out) == (2, b"")
        assert done.err.splitlines()[-1] == told

    @pytest.mark.parametrize(
        ("arguments", "meant"),
        [
            (["shwo"], "show"),
            (["list", "--provdier", "github"], "--provider"),
            (["list", "--provider", "githbu"], "github"),
            (["providers", "giteee"], "gitee"),
            (["sign", "--provider", "Gitlba"], "gitlab"),
            (["stats", "provider:githbu"], "github"),
            (["stats", "verdit:valid"], "verdict:"),
            (["stats", "-verdit:valid"], "verdict:"),
            (["stats", "is:duplicat"], "duplicate"),
            (["export", "last", "--format", "htpp"], "http"),
            (["sign", "--provider", "github", "--format", "CULR"], "curl"),
            (["listen", "--print", "ful"], "full"),
            (["listen", "--tunnel", "ngork"], "ngrok"),
            (["listen", "--allow-from", "codign"], "coding"),
            (["verify", "github/push", "--secret", "githbu=S"], "github="),
            (["sign", "--provider", "github", "--secret", "S", "--event", "x", "--scheme", "sah256"], "sha256"),
            (["completions", "bsh"], "bash"),
            (["docs", "--format", "markdwon"], "markdown"),
            (["docs", "lisetn"], "hookcli listen"),
            (["replay", "github/psuh"], "push"),
            (["replay", "github/pull_request.openned"], "pull_request.opened"),
            (["replay", "githup/push"], "github/push"),
            (["verify", "gitlab/push_hok"], "push_hook"),
            (["show", "lsat"], "last"),
            (["show", "lst"], "last"),
        ],
    )
    def test_a_word_that_is_nearly_right(self, arguments: list[str], meant: str, store: Path) -> None:
        done = hookcli(*arguments, env={"HOOKCLI_STORE": str(store)})
        assert (done.code, done.out) == (2, b"")
        assert re.search(rf"Did you mean '?{re.escape(meant)}", done.err)

    def test_an_id_that_is_nearly_right(self, tmp_path: Path) -> None:
        store = tmp_path / "store.db"
        fill(
            store,
            a_delivery(id="01ARZ3NDEKTSV4RRFFQ69G5FAV", delivery_id="72d3162e-cc78-11e3-81ab-4c9367dc0958"),
            a_delivery(id="01BX5ZZKBKACTAV9WEVGEMMVRZ"),
        )
        for name, meant in {
            "01ARZ3NDEX": "01ARZ3NDEK",
            "01arz3nedk": "01ARZ3NDEK",
            "O1BX5ZZKBKACT": "01BX5ZZKBKACT",
            "72d3612e-cc78": "72d3162e-cc78",
        }.items():
            done = hookcli("show", name, "--store", store)
            assert (done.code, done.out) == (2, b"")
            assert f"Did you mean {meant}? `hookcli list` shows them" in done.err
        assert "Did you mean" not in hookcli("show", "zzzzzzzz", "--store", store).err
        assert "Did you mean" not in hookcli("show", "lsat", "--store", tmp_path / "empty.db").err

    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            (["list", "--event", "psuh"], "Did you mean push?"),
            (["stats", "event:psuh"], "Did you mean push?"),
            (["stats", "event:pull_request.opened"], ""),
            (["stats", "event:psu*"], ""),
            (
                ["sign", "--provider", "github", "--secret", "S", "--event", "psuh"],
                "is known as psuh. Did you mean push?",
            ),
            (["sign", "--provider", "github", "--secret", "S", "--event", "push"], ""),
            (["sign", "--provider", "github", "--secret", "S", "--event", "of_my_own"], ""),
        ],
    )
    def test_an_event_that_nobody_knows_is_asked_about(self, arguments: list[str], told: str, tmp_path: Path) -> None:
        done = hookcli(*arguments, stdin=b"{}", env={"HOOKCLI_STORE": str(tmp_path / "empty.db")})
        assert done.code == 0
        assert told in done.err if told else "Did you mean" not in done.err

    @pytest.mark.parametrize(
        "arguments", [["--nothing"], ["show", "--nothing"], ["diff", "last"], ["list", "-n", "few"]]
    )
    def test_usage(self, arguments: list[str]) -> None:
        done = hookcli(*arguments)
        assert (done.code, done.out) == (2, b"")
        assert done.err.startswith("Usage: hookcli")

    def test_an_error_says_what_happened_and_what_to_do(self, store: Path, tmp_path: Path) -> None:
        wrong = hookcli("show", "nothing", "--store", store)
        assert (wrong.code, wrong.out) == (2, b"")
        assert wrong.err == (
            "Error: No delivery is called nothing.\n`hookcli list` shows them; a beginning of an id is enough.\n"
        )
        no_store = tmp_path / "text"
        no_store.write_text("not a database, by far " * 100)
        environmental = hookcli("list", "--store", no_store)
        assert (environmental.code, environmental.out) == (3, b"")
        assert environmental.err.startswith(f"Error: The store {no_store} can't be used: ")
        assert "--store PATH" in environmental.err.splitlines()[1]

    def test_nothing_in_an_error_is_obeyed_by_a_terminal(self, store: Path) -> None:
        done = hookcli("show", "\x1b[31mred", "--store", store)
        assert done.err.startswith("Error: No delivery is called ␛[31mred.\n")


class TestEnds:
    @pytest.mark.parametrize(
        "arguments",
        [
            ["--help"],
            ["list"],
            ["list", "--json"],
            ["show"],
            ["show", "--raw"],
            ["export", "last"],
            ["replay", "github/*", "--dry-run"],
            ["diff", "last", "github/push"],
            ["stats"],
            ["tail"],
            ["tail", "-f"],
            ["docs"],
            ["docs", "--format", "man"],
        ],
        ids=" ".join,
    )
    def test_a_reader_that_has_left_is_no_error(self, arguments: list[str], store: Path) -> None:
        ours, theirs = os.pipe()
        os.close(ours)
        try:
            done = subprocess.run(
                [sys.executable, "-m", "hookcli", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=theirs,
                stderr=subprocess.PIPE,
                timeout=SAFETY,
                env=environment(HOOKCLI_STORE=str(store)),
                check=False,
            )
        finally:
            os.close(theirs)
        assert (done.returncode, done.stderr) == (0, b"")
