"""Raw bytes as rows for a screen of a given width, each made when it is looked at."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Protocol

from rich.cells import cell_len
from rich.text import Text

from hookcli.render.body import HEX_WIDTH, hex_lines
from hookcli.render.escape import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

_HEX_WIDTHS = (HEX_WIDTH, HEX_WIDTH // 2)
"""Bytes in a row; a quarter where there is not even room for half of them."""


_LINE_END = 2
"""Characters that end a line at the most."""


class Rows(Protocol):
    """Something to read, row by row."""

    def __len__(self) -> int:
        """How many rows there are."""

    def __getitem__(self, index: int, /) -> Text:
        """One of them."""


class TextRows:
    """Text, its lines broken where the screen ends; what a terminal would act on is shown as what it is."""

    def __init__(self, text: str, width: int) -> None:
        self._text = text
        self._starts = _starts(text, max(width, 8))

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, index: int) -> Text:
        begin = self._starts[index]
        end = self._starts[index + 1] if index + 1 < len(self._starts) else len(self._text)
        return Text(visible(self._text[begin:end].removesuffix("\n").removesuffix("\r").expandtabs(4)))


def _starts(text: str, width: int) -> array[int]:
    """Where each row begins."""
    starts, begin, length = array("Q"), 0, len(text)
    while begin < length:
        end = text.find("\n", begin)
        end = length if end == -1 else end + 1
        _break_up(text, begin, end, width, starts)
        begin = end
    return starts


def _break_up(text: str, begin: int, end: int, width: int, starts: array[int]) -> None:
    while True:
        starts.append(begin)
        step = width
        piece = text[begin : min(begin + step, end)]
        if not (piece.isascii() and piece.isprintable()):
            step = len(_fitting(piece, width))
        begin += step
        if begin >= end or (end - begin <= _LINE_END and not text[begin:end].strip("\r\n")):
            return


def _fitting(piece: str, width: int) -> str:
    """As much of a piece as has room when it is shown."""
    while len(piece) > 1:
        cells = cell_len(visible(piece.removesuffix("\n").removesuffix("\r").expandtabs(4)))
        if cells <= width:
            break
        piece = piece[: max(1, min(len(piece) - 1, len(piece) * width // cells))]
    return piece


class HexRows:
    """Bytes in hex and ASCII, sixteen a row, or fewer where the screen is narrow."""

    def __init__(self, content: bytes, width: int) -> None:
        self._content = content
        self._each = next((each for each in _HEX_WIDTHS if 11 + 4 * each <= width), HEX_WIDTH // 4)

    def __len__(self) -> int:
        return (len(self._content) + self._each - 1) // self._each

    def __getitem__(self, index: int) -> Text:
        start = index * self._each
        return next(iter(hex_lines(self._content[start : start + self._each], start, self._each)), Text())


class LineRows:
    """Lines that are there already."""

    def __init__(self, lines: Sequence[Text]) -> None:
        self._lines = lines

    def __len__(self) -> int:
        return len(self._lines)

    def __getitem__(self, index: int) -> Text:
        return self._lines[index]
