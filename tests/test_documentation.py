"""What the documentation says can be done, can be done."""

from __future__ import annotations

import re
import shlex
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import click
import pytest

from hookcli.cli import COMMANDS
from hookcli.delivery import Delivery
from hookcli.formats.known import FORMS
from hookcli.formats.record import record
from support import hookcli

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MOMENT = datetime(2026, 1, 31, tzinfo=UTC)
END_OF_COMMAND = {"|", ">", "&&", "&"}


def command_lines(text: str) -> list[list[str]]:
    """The words of every `hookcli ...` line of a text, up to a pipe or redirection."""
    found = []
    for line in text.splitlines():
        words = re.search(r"(?:^|\s|&& )hookcli (\S.*)", line)
        if words and not line.lstrip().startswith(("#", "-", "*", "|", "`")):
            parts = shlex.split(words[1].partition("   ")[0], comments=True)
            ends = [number for number, part in enumerate(parts) if part in END_OF_COMMAND]
            found.append(parts[: ends[0]] if ends else parts)
    return found


def shell_blocks(text: str) -> str:
    return "\n".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL))


def in_help(name: str) -> str:
    """The examples of a command, and of those below it."""
    command: click.Command = import_module(f"hookcli.cli.{name}").command
    below = command.commands.values() if isinstance(command, click.Group) else ()
    return "".join((one.help or "").partition("Examples:")[2] for one in (command, *below))


EXAMPLES = [
    *(pytest.param(words, id=f"README: {' '.join(words)}") for words in command_lines(shell_blocks(README))),
    *(
        pytest.param(words, id=f"{name} --help: {' '.join(words)}")
        for name in COMMANDS
        for words in command_lines(in_help(name))
    ),
]


@pytest.mark.parametrize("words", EXAMPLES)
def test_every_example_is_a_command_that_hookcli_understands(words: list[str]) -> None:
    name, *arguments = words
    command: click.Command = import_module(f"hookcli.cli.{name}").command
    if isinstance(command, click.Group):
        name, *arguments = arguments
        command = command.commands[name]
    command.make_context(name, arguments)


def test_the_readme_has_examples_of_every_command() -> None:
    assert {words[0] for words in command_lines(shell_blocks(README))} == set(COMMANDS)


def test_the_readme_names_every_key_of_the_json_contract() -> None:
    table = README.partition("\n## JSON")[2].partition("\n## ")[0]
    told = set(re.findall(r"`(\w+)`", "\n".join(line.split("|")[1] for line in table.splitlines() if "|" in line)))
    text, binary = (record(Delivery(id="0", received_at=MOMENT, body=body), None) for body in (b"", b"\xff"))
    assert told == text.keys() | binary.keys()


def test_the_readme_tells_of_every_form_what_is_done_with_it() -> None:
    table = README.partition("| `--format` |")[2].partition("\n\n")[0]
    rows = [line.split("|")[1:4] for line in table.splitlines() if line.startswith("| `")]
    told = {
        name: (written.strip(), read.strip())
        for names, written, read in rows
        for name in re.findall(r"`([a-z-]+)`", names)
    }
    assert told == {form.id: ("✓" if form.is_written else "", "✓" if form.read else "") for form in FORMS}


def test_the_changelog_speaks_of_the_version_that_runs() -> None:
    version = hookcli("--version").text.split()[-1]
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
