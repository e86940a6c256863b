"""JSON laid out for reading, from its own tokens.

It is not parsed and written again: numbers keep their digits, strings their escapes, double keys stay double; and of a
large text only the head that is shown is looked at.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.text import Text

from hookcli.render.escape import visible
from hookcli.render.mask import MASK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LONGEST_STRING = 2000
"""Characters of one string that are shown."""

# Possessive, since there is nothing to go back to: else one string of 25 MB takes gigabytes of ways back.
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[\[\]{},:]|[^\s\[\]{},:"]++', re.DOTALL)
_KEY, _STRING, _NUMBER, _WORD, _SIGN = "json.key", "json.str", "json.number", "json.null", "json.brace"


def laid_out(  # noqa: C901, PLR0912 (one branch a kind of token)
    text: str, hidden: Callable[[str], bool] = lambda _: False
) -> Iterator[Text]:
    """The lines of a JSON text; `hidden` tells which values, by dotted path, are masked."""
    line = Text()
    path: list[str | int] = []
    # What is open: an object waiting for a key (True) or a value (False), or a list (None).
    inside: list[bool | None] = []
    tokens = _TOKEN.finditer(text)
    token = next(tokens, None)
    while token is not None:
        word = token[0]
        following = next(tokens, None)
        if word in "{[":
            line.append(word, _SIGN)
            if following is not None and following[0] == _CLOSING[word]:
                line.append(following[0], _SIGN)
                following = next(tokens, None)
            else:
                inside.append(True if word == "{" else None)
                path.append("" if word == "{" else 0)
                yield line
                line = _indented(inside)
        elif word in "}]":
            if inside:
                inside.pop()
                path.pop()
            yield line
            line = _indented(inside)
            line.append(word, _SIGN)
        elif word == ",":
            line.append(",", _SIGN)
            yield line
            line = _indented(inside)
            if path and isinstance(path[-1], int):
                path[-1] += 1
            elif inside:
                inside[-1] = True
        elif word == ":":
            line.append(": ", _SIGN)
            if inside:
                inside[-1] = False
        elif inside and inside[-1] is True:
            path[-1] = word[1:-1]
            line.append(_shortened(word), _KEY)
        else:
            secret = word not in {'""', "null"} and hidden(".".join(map(str, path)))
            line.append(*(value_text(word) if not secret else (f'"{MASK}"', _STRING)))
        token = following
    yield line


_CLOSING = {"{": "}", "[": "]"}


def _indented(inside: list[bool | None]) -> Text:
    return Text("  " * len(inside))


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
