"""The manual as one page of Markdown, which is kept in docs/commands.md."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hookcli.cli.manual.pages import EXIT_CODES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hookcli.cli.manual.pages import Page


def book(root: Page) -> str:
    """All commands."""
    return (
        "\n".join([*_overview(root), *(line for one in root.walk() if one is not root for line in _page(one))]) + "\n"
    )


def _overview(root: Page) -> Iterator[str]:
    yield "# Commands"
    yield ""
    yield "<!-- Made from the commands' own help by `hookcli docs --format markdown`. -->"
    yield ""
    yield from _description(root)
    yield from _code(root.examples)
    yield from _table("command", ((f"[{one.path}](#{_anchor(one.path)})", _text(one.summary)) for one in root.pages))
    yield from _table("option", ((f"`{one.name}`", _text(one.text)) for one in root.options))
    yield from _table("exit code", ((code, _text(text)) for code, text in EXIT_CODES))


def _page(one: Page) -> Iterator[str]:
    yield f"## {one.path}"
    yield ""
    yield from _description(one)
    yield from _code([one.usage], "")
    yield from _table("option", ((f"`{option.name}`", _text(option.text)) for option in one.options))
    yield from _code(one.examples)


def _description(one: Page) -> Iterator[str]:
    for part in one.description:
        if part.verbatim:
            yield from _code(part.text.splitlines(), "")
        else:
            yield _text(part.text)
            yield ""


def _code(lines: Iterable[str], language: str = "sh") -> Iterator[str]:
    lines = list(lines)
    if lines:
        yield from (f"```{language}", *lines, "```", "")


def _table(title: str, rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    rows = list(rows)
    if rows:
        yield from (f"| {title} | |", "|---|---|")
        # A bar ends a cell, also within the marks of code.
        yield from (
            f"| {name.replace('|', chr(92) + '|')} | {text.replace('|', chr(92) + '|')} |" for name, text in rows
        )
        yield ""


def _text(text: str) -> str:
    """The text with the signs as themselves that Markdown would take for its own; what is quoted as code stays."""
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(part if part.startswith("`") else re.sub(r"([*_<>\\\[\]])", r"\\\1", part) for part in parts)


def _anchor(path: str) -> str:
    return path.replace(" ", "-").lower()
