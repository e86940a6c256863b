"""`hookcli docs`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hookcli.cli import cli
from hookcli.cli.manual import markdown, roff
from hookcli.cli.manual.pages import manual
from hookcli.cli.output import make_folder, write_new_file
from hookcli.errors import WrongInput, did_you_mean
from hookcli.render.terminal import output as standard_output

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hookcli.cli.manual.pages import Page

WIDEST = 100
"""Columns of text that are good to read."""


@click.command("docs")
@click.argument("words", metavar="[COMMAND]", nargs=-1)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "man", "markdown"]),
    default="text",
    show_default=True,
    help="Text in a pager, roff for man, or Markdown.",
)
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), metavar="DIR", help="Write the man pages as files there."
)
def command(words: Sequence[str], form: str, output: Path | None) -> None:
    """Read the manual: all commands in one document, or one of them.

    \b
    Examples:
      hookcli docs
      hookcli docs listen
      hookcli docs --format man | man -l -
      hookcli docs --format man --output ~/.local/share/man/man1
      hookcli docs --format markdown > commands.md
    """
    out = standard_output()
    root = manual(cli, "hookcli", width=min(WIDEST, out.width or WIDEST))
    chosen = _chosen(root, words)
    if output is not None:
        if form != "man":
            what = "--output is for man pages."
            raise WrongInput(what, "Add --format man, or send the text to a file: hookcli docs > FILE")
        _write_pages(chosen, output.expanduser())
    elif form == "man":
        click.echo(roff.book(chosen) if chosen is root else roff.page(chosen), nl=False)
    elif form == "markdown":
        click.echo(markdown.book(chosen), nl=False)
    else:
        click.echo_via_pager(_text(chosen, colored=out.colored), color=out.colored)


def _chosen(root: Page, words: Sequence[str]) -> Page:
    path = " ".join([root.path, *words])
    for one in root.walk():
        if one.path == path:
            return one
    told = did_you_mean(path, (one.path for one in root.walk())) or "`hookcli docs` is about all commands."
    what = f"There is no command {path}."
    raise WrongInput(what, told)


def _text(root: Page, *, colored: bool) -> str:
    """Each command's help, below its name."""
    parts = (f"{click.style(one.path, bold=True) if colored else one.path}\n\n{one.help}\n" for one in root.walk())
    return "\n\n".join(parts)


def _write_pages(root: Page, folder: Path) -> None:
    make_folder(folder)
    for one in root.walk():
        # The pages of an older hookcli are what is written over.
        write_new_file(roff.page(one).encode(), folder / f"{roff.name_of(one)}.1", force=True)
