"""Why a signature does not hold, for reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from hookcli.render.body import hex_lines
from hookcli.render.escape import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hookcli.signing.explain import Explanation

SHOWN_BYTES = 256
"""Bytes of the start, and of the end, of what was signed."""


def in_short(found: Explanation) -> Iterator[Text]:
    """What was found, and what to do about it."""
    line = Text("  ")
    yield line.append(f"{_capital(visible(found.sentence))}.", "bold" if found.mistakes else "default")
    for fix in dict.fromkeys(mistake.fix for mistake in found.mistakes):
        yield Text(f"  {fix}")


def in_full(found: Explanation, more: str = " (--show-bytes)") -> Iterator[Text]:
    """The same, with the signatures side by side and, where nothing was found, what was tried.

    `more` says how the signed bytes are had.
    """
    yield from in_short(found)
    if not found.mistakes:
        yield Text().append(
            "  Tried, singly and in pairs" + ("" if found.complete else ", as far as time allowed"), "dim"
        )
        for tried in found.tried:
            yield Text().append(f"    {tried}", "dim")
    for name, value in (("received", found.received), ("expected", found.expected)):
        if value:
            yield Text().append(f"  {name}  ", "dim").append(visible(value))
    if found.signed is not None:
        yield Text().append("  over      ", "dim").append(f"{len(found.signed):,} bytes{more}", "dim")


def signed_bytes(signed: bytes) -> Iterator[Text]:
    """The bytes that a signature speaks for: all of them, or the first and the last."""
    if len(signed) <= 2 * SHOWN_BYTES:
        yield from hex_lines(signed)
        return
    yield from hex_lines(signed[:SHOWN_BYTES])
    start = (len(signed) - SHOWN_BYTES) // 16 * 16
    yield Text().append(f"… {start - SHOWN_BYTES:,} bytes", "dim")
    yield from hex_lines(signed[start:], start)


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
