"""`hookcli docs`: the manual, from the commands' own help, in forms that their readers accept."""

from __future__ import annotations

import re
import shutil
import subprocess
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from hookcli import __version__
from hookcli.cli import COMMANDS, cli
from hookcli.cli.manual import markdown, roff
from hookcli.cli.manual.pages import manual
from support import SAFETY, environment, hookcli, on_a_terminal

if TYPE_CHECKING:
    from hookcli.cli.manual.pages import Page

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def root() -> Page:
    return manual(cli, "hookcli")


def option_names(name: str) -> set[str]:
    command: click.Command = import_module(f"hookcli.cli.{name}").command
    return {opt for param in command.params if isinstance(param, click.Option) for opt in param.opts}


def test_the_reference_page_is_what_the_commands_say(root: Page) -> None:
    """Where this fails: hookcli docs --format markdown > docs/commands.md."""
    assert (ROOT / "docs" / "commands.md").read_text(encoding="utf-8") == markdown.book(root)


def test_all_commands_stand_in_one_text() -> None:
    done = hookcli("docs")
    assert (done.code, done.err) == (0, "")
    for name in COMMANDS:
        own = hookcli(name, "--help").text
        part = done.text.partition(f"\nhookcli {name}\n\n")[2]
        assert re.sub(r"\s+", "", part).startswith(re.sub(r"\s+", "", own))


def test_one_command_alone() -> None:
    done = hookcli("docs", "verify")
    assert done.text.startswith("hookcli verify\n\nUsage: hookcli verify [OPTIONS] ")
    assert "hookcli listen" not in done.text
    wrong = hookcli("docs", "verfy")
    assert (wrong.code, wrong.out) == (2, b"")
    assert wrong.err == "Error: There is no command hookcli verfy.\nDid you mean hookcli verify?\n"


@pytest.mark.parametrize("columns", [80, 120])
def test_on_a_terminal_it_is_paged_and_fits(columns: int, tmp_path: Path, root: Page) -> None:
    pager = tmp_path / "pager"
    pager.write_text("#!/bin/sh\necho PAGED\nexec cat\n")
    pager.chmod(0o755)
    code, shown = on_a_terminal("docs", "--format", "text", columns=columns, env={"PAGER": str(pager)})
    assert code == 0
    assert shown.startswith(b"PAGED")
    assert b"\x1b[1mhookcli listen\x1b[0m" in shown
    lines = re.sub(r"\x1b\[[0-9;]*m", "", shown.decode()).splitlines()
    as_they_are = {example for page in root.walk() for example in page.examples}
    wrapped = [line for line in lines if line.strip() not in as_they_are]
    assert len(wrapped) > 100
    assert max(map(len, wrapped)) <= columns
    _, plain = on_a_terminal("docs", columns=columns, env={"PAGER": str(pager), "NO_COLOR": "1"})
    assert b"\x1b[" not in plain


class TestMan:
    def read(self, page: str) -> str:
        """The page as man shows it; roff must have nothing to complain about."""
        if shutil.which("groff") is None:
            pytest.skip("groff is not installed")
        done = subprocess.run(
            ["groff", "-man", "-Tutf8", "-ww", "-P-c", "-rLL=200n"],
            input=page.encode("ascii"),
            capture_output=True,
            timeout=SAFETY,
            env=environment(GROFF_NO_SGR="1"),
            check=True,
        )
        assert done.stderr == b""
        return re.sub(r".\x08", "", done.stdout.decode())

    def test_one_page_of_all(self, root: Page) -> None:
        shown = self.read(roff.book(root))
        # Lines are parted where there is room, and hyphens put in; words are what counts.
        words = re.sub(r"‐\s+|\s+", "", shown)
        assert shown.startswith("HOOKCLI(1)")
        assert f"hookcli {__version__}" in shown
        for page in root.walk():
            assert "".join(page.usage.split()) in words
            for option in page.options:
                assert re.sub(r"\s+", "", option.name) in words
            for example in page.examples:
                assert "".join(example.split()) in words

    @pytest.mark.parametrize("name", COMMANDS)
    def test_a_page_for_each(self, name: str, root: Page) -> None:
        page = next(one for one in root.walk() if one.path == f"hookcli {name}")
        shown = self.read(roff.page(page))
        titles = re.findall(r"(?m)^([A-Z][A-Z ]+)$", shown)
        assert titles[:3] == ["NAME", "SYNOPSIS", "DESCRIPTION"]
        assert ("OPTIONS" in titles) == bool(option_names(name))
        assert titles[-3:] == ["EXIT STATUS", "EXAMPLES", "SEE ALSO"]
        assert re.search(rf"(?m)^ +hookcli-{name} - \S", shown)
        assert all(opt in shown for opt in option_names(name))
        assert re.search(r"\bhookcli(-\w+)*\(1\)", shown.partition("SEE ALSO")[2])

    def test_what_roff_would_obey_is_text(self) -> None:
        nasty = r".SH Not a title\n 'br \fBbold\fR `code` -- ~ ^ " + "\u2013\U0001f600"

        @click.command("nasty", help=f"{nasty}\n\n{nasty}\n\n\b\nExamples:\n  {nasty}\n  'quoted'")
        @click.option("--odd", help=nasty, metavar=r"\-.X")
        def odd() -> None:
            pass

        shown = self.read(roff.page(manual(odd, "nasty")))
        assert shown.count(" ".join(nasty.split())) >= 3
        assert "'quoted'" in shown
        assert "Not a title" not in re.findall(r"(?m)^\S.*$", shown)

    def test_files_for_man(self, tmp_path: Path) -> None:
        folder = tmp_path / "man" / "man1"
        done = hookcli("docs", "--format", "man", "--output", folder)
        assert (done.code, done.out, done.err) == (0, b"", "")
        assert {file.name for file in folder.iterdir()} >= {"hookcli.1", *(f"hookcli-{name}.1" for name in COMMANDS)}
        if shutil.which("man") and Path("/usr/bin/man").stat().st_size > 10_000:
            read = subprocess.run(
                ["man", "--warnings", "-l", folder / "hookcli-listen.1"],
                capture_output=True,
                timeout=SAFETY,
                env=environment(MANPAGER="cat", MANWIDTH="80", LC_ALL="C.UTF-8"),
                check=True,
                text=True,
            )
            assert read.stderr == ""
            assert "--require-valid" in read.stdout

    def test_what_can_not_be_written(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        assert hookcli("docs", "--format", "man", "--output", tmp_path / "file").code == 3
        wrong = hookcli("docs", "--output", tmp_path)
        assert wrong.code == 2
        assert "--output is for man pages." in wrong.err


class TestMarkdown:
    def test_every_command_and_option_has_its_place(self, root: Page) -> None:
        text = hookcli("docs", "--format", "markdown").text
        assert text == markdown.book(root)
        titles = re.findall(r"(?m)^## (.*)$", text)
        assert [title for title in titles if title.count(" ") == 1] == [f"hookcli {name}" for name in COMMANDS]
        for name in COMMANDS:
            part = text.partition(f"\n## hookcli {name}\n")[2].partition("\n## ")[0]
            assert all(f"{opt}" in part for opt in option_names(name))
            assert f"(#hookcli-{name})" in text

    def test_a_cell_is_a_cell(self, root: Page) -> None:
        rows = [line for line in markdown.book(root).splitlines() if line.startswith("|")]
        assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {3}
