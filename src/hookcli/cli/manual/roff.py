"""The manual as man pages, in the macros of man(7)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hookcli import __version__
from hookcli.cli.manual.pages import EXIT_CODES, Described

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hookcli.cli.manual.pages import Page


def page(one: Page) -> str:
    """A command's own page."""
    return _written(
        [
            *_head(one),
            *_synopsis(one, ".SH SYNOPSIS"),
            ".SH DESCRIPTION",
            *_description(one),
            *_described(".SH OPTIONS", one.options),
            *_described(".SH ENVIRONMENT", one.variables),
            *_described(".SH EXIT STATUS", [Described(code, text) for code, text in EXIT_CODES]),
            *_examples(one, ".SH EXAMPLES"),
            *_see_also(one),
        ]
    )


def book(root: Page) -> str:
    """All commands on one page."""
    lines = [*_head(root), *_synopsis(root, ".SH SYNOPSIS"), ".SH DESCRIPTION", *_description(root)]
    lines += [*_described(".SH OPTIONS", root.options), ".SH COMMANDS"]
    variables: dict[str, Described] = {}
    for one in root.walk():
        variables |= {variable.name: variable for variable in one.variables}
        if one is not root:
            lines += [*_synopsis(one, f".SS {_text(one.path)}"), ".PP", *_description(one)]
            lines += [*_described("", one.options), *_examples(one)]
    lines += _described(".SH ENVIRONMENT", variables.values())
    lines += _described(".SH EXIT STATUS", [Described(code, text) for code, text in EXIT_CODES])
    return _written([*lines, *_examples(root, ".SH EXAMPLES")])


def name_of(one: Page) -> str:
    """The page's name, without its section: `hookcli-listen`."""
    return one.path.replace(" ", "-")


def _head(one: Page) -> Iterator[str]:
    # Without a date, the same commands make the same page; that they are of this version is said.
    yield f'.TH {_text(name_of(one).upper())} 1 "" "hookcli {_text(__version__)}" "User Commands"'
    yield ".SH NAME"
    yield rf"{_text(name_of(one))} \- {_text(one.summary)}"


def _synopsis(one: Page, title: str) -> Iterator[str]:
    pieces = one.usage.removeprefix(one.path).strip()
    yield title
    yield rf"\fB{_text(one.path)}\fR {_text(pieces)}"


def _description(one: Page) -> Iterator[str]:
    for number, part in enumerate(one.description):
        if number:
            yield ".PP"
        if part.verbatim:
            yield from _verbatim(part.text.splitlines())
        else:
            yield _line(part.text)


def _described(title: str, items: Iterable[Described]) -> Iterator[str]:
    items = list(items)
    if items and title:
        yield title
    for item in items:
        yield ".TP"
        yield rf"\fB{_text(item.name)}\fR"
        yield _line(item.text or "-")


def _examples(one: Page, title: str = ".PP") -> Iterator[str]:
    if one.examples:
        yield title
        yield from _verbatim(one.examples)


def _see_also(one: Page) -> Iterator[str]:
    words = one.path.split(" ")
    others = [name_of(inner) for inner in one.pages] or ["-".join(words[:-1])]
    yield ".SH SEE ALSO"
    yield ", ".join(rf"\fB{_text(other)}\fR(1)" for other in others)


def _verbatim(lines: Iterable[str]) -> Iterator[str]:
    yield ".EX"
    yield from (_line(line) for line in lines)
    yield ".EE"


def _line(text: str) -> str:
    """A line of text, which no request of roff's begins."""
    return rf"\&{_text(text)}" if text[:1] in {".", "'"} else _text(text)


_SIGNS = {"\\": r"\e", "-": r"\-", "'": r"\(aq", "`": r"\(ga", "^": r"\(ha", "~": r"\(ti", '"': r"\(dq"}


def _text(text: str) -> str:
    """The text with every sign as itself, in any locale."""
    return "".join(_SIGNS.get(sign) or (sign if sign.isascii() else rf"\[u{ord(sign):04X}]") for sign in text)


def _written(lines: Iterable[str]) -> str:
    return re.sub(r"\n{2,}", "\n", "\n".join(lines)) + "\n"
