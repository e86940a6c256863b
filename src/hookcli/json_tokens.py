"""JSON by its own tokens, each with where it stands: for whoever must not parse a text and write it again.

Numbers keep their digits, strings their escapes, double keys stay double; and a reader that stops early has not looked
at the rest.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Kind = Literal["open", "close", "empty", "comma", "colon", "key", "value"]

# Possessive, since there is nothing to go back to: else one string of 25 MB takes gigabytes of ways back.
TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[\[\]{},:]|[^\s\[\]{},:"]++', re.DOTALL)
"""A token of JSON; what is no JSON has some, too."""

_CLOSING = {"{": "}", "[": "]"}
_SIGNS: dict[str, Kind] = {"{": "open", "[": "open", "}": "close", "]": "close", ",": "comma", ":": "colon"}


class Token(NamedTuple):
    """A token; `steps` are the keys and list positions that lead to a value, until the next token is asked for.

    `empty` is an opening sign with its closing one right behind it, whatever blanks are between.
    """

    kind: Kind
    text: str
    start: int
    steps: Sequence[str | int]

    @property
    def path(self) -> str:
        """The steps as a dotted path."""
        return ".".join(map(str, self.steps))

    @property
    def name(self) -> str:
        """The key that stands before a value or, in a list, before the list."""
        return next((step for step in reversed(self.steps) if isinstance(step, str)), "")


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a JSON text, as they are asked for."""
    path: list[str | int] = []
    # What is open: an object waiting for a key (True) or a value (False), or a list (None).
    inside: list[bool | None] = []
    found = TOKEN.finditer(text)
    match = next(found, None)
    while match is not None:
        word, start = match[0], match.start()
        match = next(found, None)
        kind: Kind = _SIGNS.get(word, "value")
        if kind == "open" and match is not None and match[0] == _CLOSING[word]:
            yield Token("empty", word + match[0], start, path)
            match = next(found, None)
            continue
        if kind == "open":
            inside.append(True if word == "{" else None)
            path.append("" if word == "{" else 0)
        elif kind == "close" and inside:
            inside.pop()
            path.pop()
        elif kind == "comma" and path and isinstance(path[-1], int):
            path[-1] += 1
        elif kind == "comma" and inside:
            inside[-1] = True
        elif kind == "colon" and inside:
            inside[-1] = False
        elif kind == "value" and inside and inside[-1] is True:
            kind = "key"
            path[-1] = name_of(word)
        yield Token(kind, word, start, path)


def name_of(word: str) -> str:
    """The name that a key is, its escapes undone."""
    if "\\" not in word:
        return word[1:-1]
    try:
        return str(json.loads(word, strict=False))
    except ValueError:
        return word[1:-1]
