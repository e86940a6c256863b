"""Why a signature does not hold, for reading."""

from __future__ import annotations

from difflib import SequenceMatcher
from textwrap import wrap
from typing import TYPE_CHECKING

from rich.text import Text

from hookcli.render.body import hex_lines
from hookcli.render.escape import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hookcli.signing.explain import Explanation

SHOWN_BYTES = 256
"""Bytes of the start, and of the end, of what was signed."""

ROW = 76
"""Characters of a signature that stand on one line of the usual terminal."""

ALIKE = 0.6
"""How much of two signatures must be the same for their differences to tell anything: more than chance makes it."""


def in_short(found: Explanation, width: int | None = None) -> Iterator[Text]:
    """What was found, and what to do about it; wrapped between words where there is a `width`."""
    yield from _prose(f"{_capital(found.sentence)}.", width, style="bold" if found.mistakes else "default")
    for fix in dict.fromkeys(mistake.fix for mistake in found.mistakes):
        yield from _prose(fix, width)


def in_full(found: Explanation, width: int | None = None, bytes_by: str = " (--show-bytes)") -> Iterator[Text]:
    """The same, with the signatures side by side and, where nothing was found, what was tried.

    `bytes_by` says how the signed bytes are had.
    """
    yield from in_short(found, width)
    if not found.mistakes:
        cut = "" if found.complete else ", as far as time allowed (--time 30s allows more)"
        yield Text(f"  Tried, singly and in pairs{cut}", "dim")
        for tried in found.tried:
            yield from _prose(tried, width, margin="    ", style="dim")
    yield from side_by_side(found.received, found.expected)
    if found.signed is not None:
        yield Text().append("  over ", "dim").append(f"{len(found.signed):,} bytes{bytes_by}", "dim")


def side_by_side(received: str | None, expected: str | None) -> Iterator[Text]:
    """Two signatures, one below the other at the same column; where they are much alike, what differs is marked."""
    marks = _marks(received, expected) if received and expected else ("", "")
    for name, value, mark in (("received", received, marks[0]), ("expected", expected, marks[1])):
        if value:
            yield Text().append(f"  {name}", "dim")
            yield Text(f"    {visible(value)}")
            if mark.strip():
                yield Text().append(f"    {mark.rstrip()}", "bold red")


def _marks(received: str, expected: str) -> tuple[str, str]:
    """A ^ under each character that the other one has not; none where hardly any is the same, or lines would wrap."""
    texts = (received, expected)
    if any(len(text) > ROW or not (text.isascii() and text.isprintable()) for text in texts):
        return "", ""
    matcher = SequenceMatcher(None, received.lower(), expected.lower(), autojunk=False)
    if matcher.ratio() < ALIKE:
        return "", ""
    marks = ["^"] * len(received), ["^"] * len(expected)
    for block in matcher.get_matching_blocks():
        for i, j in zip(range(block.a, block.a + block.size), range(block.b, block.b + block.size), strict=True):
            if received[i] == expected[j]:
                marks[0][i] = marks[1][j] = " "
    return "".join(marks[0]), "".join(marks[1])


def stale(width: int | None = None) -> Iterator[Text]:
    """What to do about a timestamp that is too old."""
    again = "A delivery that is sent again has its old timestamp: `hookcli replay ID --secret SECRET` signs it anew."
    clock = "Else the clock of one side is wrong, or it was held up. `hookcli verify` takes --tolerance and --at."
    for text in (again, clock):
        yield from _prose(text, width)


def signed_bytes(signed: bytes) -> Iterator[Text]:
    """The bytes that a signature speaks for: all of them, or the first and the last."""
    if len(signed) <= 2 * SHOWN_BYTES:
        yield from hex_lines(signed)
        return
    yield from hex_lines(signed[:SHOWN_BYTES])
    start = (len(signed) - SHOWN_BYTES) // 16 * 16
    yield Text().append(f"… {start - SHOWN_BYTES:,} bytes", "dim")
    yield from hex_lines(signed[start:], start)


def _prose(text: str, width: int | None, *, margin: str = "  ", style: str = "default") -> Iterator[Text]:
    text = visible(text)
    lines = wrap(text, width - len(margin), break_on_hyphens=False, break_long_words=False) if width else [text]
    return (Text(margin + line, style) for line in lines)


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
