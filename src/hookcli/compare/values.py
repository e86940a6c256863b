"""JSON values that are compared by what they say.

Numbers keep their spelling when shown, and are equal where their values are: 1.0 is 1, 1e2 is 100, and a number with
more digits than a float holds is still not its neighbour. A key that stands twice in an object counts once, the last,
as it does for nearly every reader.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from hookcli.compare.paths import IGNORED

if TYPE_CHECKING:
    from collections.abc import Hashable

Json = Any

_NUMBER = re.compile(r"(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,18}))?", re.ASCII)


class Number:
    """A number of a JSON text, as it is spelled; equal to another where the values are."""

    __slots__ = ("_value", "spelling")

    def __init__(self, spelling: str) -> None:
        self.spelling = spelling
        self._value = _exact(spelling)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Number) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        return self.spelling


def _exact(spelling: str) -> tuple[str, str, int]:
    """Sign, digits without outer zeros, and the power of ten; the spelling itself where it is no such number."""
    match = _NUMBER.fullmatch(spelling)
    if match is None:
        return spelling, "", 0
    sign, whole, fraction, exponent = match[1], match[2], match[3] or "", int(match[4] or 0)
    digits = (whole + fraction).lstrip("0")
    short = digits.rstrip("0")
    return (sign, short, exponent - len(fraction) + len(digits) - len(short)) if short else ("", "", 0)


def parse(text: bytes | str) -> Json:
    """The JSON value of some text, its numbers as Number. Raises ValueError, and RecursionError for deep nesting."""
    return json.loads(text, parse_int=Number, parse_float=Number, parse_constant=Number)


def written(value: Json) -> str:
    """The value as JSON on one line, its numbers as they came; strings that would not print are in ASCII."""
    try:
        return _written(value)
    except RecursionError:
        return '"…"'


def _written(value: Json) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join([f'{_string(key)}: {_written(inner)}' for key, inner in value.items()])}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    if isinstance(value, Number):
        return value.spelling
    if value is IGNORED:
        return '"…"'
    return _string(value) if isinstance(value, str) else json.dumps(value)


def _string(text: str) -> str:
    shown = json.dumps(text, ensure_ascii=False)
    return shown if shown.isprintable() else json.dumps(text)


class Labels:
    """Gives equal values the same number, each looked at once; the values must outlive it."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}
        self._known: dict[int, int] = {}

    def __getitem__(self, value: Json) -> int:
        if not isinstance(value, dict | list):
            return self._numbered((type(value), value))
        known = self._known.get(id(value))
        if known is None:
            content: Hashable = (
                frozenset((key, self[inner]) for key, inner in value.items())
                if isinstance(value, dict)
                else tuple([self[inner] for inner in value])
            )
            known = self._known[id(value)] = self._numbered((type(value), content))
        return known

    def _numbered(self, content: Hashable) -> int:
        return self._numbers.setdefault(content, len(self._numbers))
