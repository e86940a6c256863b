"""JSON laid out for reading, from its own tokens.

It is not parsed and written again: numbers keep their digits, strings their escapes, double keys stay double; and of a
large text only the head that is shown is looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from hookcli.json_tokens import tokens
from hookcli.mask import MASK, can_hide
from hookcli.render.escape import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LONGEST_STRING = 2000
"""Characters of one string that are shown."""

_KEY, _STRING, _NUMBER, _WORD, _SIGN = "json.key", "json.str", "json.number", "json.null", "json.brace"


def laid_out(text: str, hidden: Callable[[str], bool] = lambda _: False) -> Iterator[Text]:
    """The lines of a JSON text; `hidden` tells which values, by dotted path, are masked."""
    line, depth = Text(), 0
    for token in tokens(text):
        kind, word = token.kind, token.text
        if kind == "open":
            depth += 1
            yield line.append(word, _SIGN)
            line = _indented(depth)
        elif kind == "close":
            depth = max(0, depth - 1)
            yield line
            line = _indented(depth).append(word, _SIGN)
        elif kind == "comma":
            yield line.append(",", _SIGN)
            line = _indented(depth)
        elif kind == "colon":
            line.append(": ", _SIGN)
        elif kind == "empty":
            line.append(word, _SIGN)
        elif kind == "key":
            line.append(_shortened(word), _KEY)
        elif can_hide(word) and hidden(token.path):
            line.append(f'"{MASK}"', _STRING)
        else:
            line.append(*value_text(word))
    yield line


def _indented(depth: int) -> Text:
    return Text("  " * depth)


def value_text(word: str) -> tuple[str, str]:
    """A scalar as it is shown, and its style."""
    if word.startswith('"'):
        return _shortened(word), _STRING
    if word in {"true", "false"}:
        return word, f"json.bool_{word}"
    return visible(word), _WORD if word == "null" else _NUMBER


def _shortened(word: str) -> str:
    if len(word) > LONGEST_STRING:
        left = len(word) - LONGEST_STRING
        return f'{visible(word[:LONGEST_STRING])}" … {left:,} characters more'
    return visible(word)
