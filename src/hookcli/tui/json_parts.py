"""A JSON text by its parts, read from its own tokens and only as far as is looked at.

Nothing is parsed and written again: numbers keep their digits, strings their escapes, double keys stay double. What is
skipped is skipped token by token, so that another thread has its turn between them, however long the text is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from hookcli.json_tokens import TOKEN, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_NESTED = re.compile(r'"(?:[^"\\]++|\\.)*+"|[\[\]{}]', re.DOTALL)
_BEGINS = re.compile(
    r'\s*+(?:\{\s*+["}]|\[\s*+(?:[\[\]{"]|(?:-?\d++(?:\.\d++)?(?:[eE][+-]?\d++)?|true|false|null)\s*+[,\]]))'
)


class Part(NamedTuple):
    """A value: its key (an index in a list, None at the root), its path, and the text it is written as.

    An object or a list has `opens` set, `text` its bracket, and `inside` where in the whole text its parts begin.
    """

    key: str | int | None
    path: str
    text: str
    inside: int = 0

    @property
    def opens(self) -> bool:
        """Whether it has parts of its own."""
        return self.text in {"{", "["}


class Parts(NamedTuple):
    """Some of the parts of an object or list, and where to go on; None where that were all."""

    parts: list[Part]
    more: Resume | None


class Resume(NamedTuple):
    """Where in the text the parts go on, and the number of the next one."""

    at: int
    number: int


def looks_like(text: str) -> bool:
    """Whether a text begins as a JSON object or list does."""
    return _BEGINS.match(text) is not None


def root(text: str) -> Part | None:
    """The whole value; None where the text holds none."""
    token = TOKEN.search(text)
    return Part(None, "", token[0], token.end()) if token else None


def parts(text: str, whole: Part, limit: int, resume: Resume | None = None) -> Parts:
    """As many parts of an object or list as are wanted, from its beginning or from where it was left off."""
    at, number = resume or (whole.inside, 0)
    found: list[Part] = []
    key: str | None = None
    tokens = _from(text, at)
    for token in tokens:
        word = token[0]
        if word in "]}":
            break
        if word in ",:":
            continue
        if whole.text == "{" and key is None:
            key = word
            continue
        if len(found) == limit:
            return Parts(found, Resume(_before(text, token.start(), key), number))
        name: str | int = number if key is None else key
        path = str(number) if key is None else name_of(key)
        part = Part(name, f"{whole.path}.{path}".removeprefix("."), word, token.end())
        found.append(part)
        number, key = number + 1, None
        if part.opens:
            tokens.skip_to(_end(text, token.end()))
    return Parts(found, None)


class _from:  # noqa: N801 (an iterator that reads like a function)
    """The tokens from a place on, which can be told to go on elsewhere."""

    def __init__(self, text: str, at: int) -> None:
        self._text = text
        self._at = at

    def __iter__(self) -> Iterator[re.Match[str]]:
        return self

    def __next__(self) -> re.Match[str]:
        token = TOKEN.search(self._text, self._at)
        if token is None:
            raise StopIteration
        self._at = token.end()
        return token

    def skip_to(self, at: int) -> None:
        """Go on there."""
        self._at = at


def _end(text: str, at: int) -> int:
    """Behind the bracket that closes what was opened before this place."""
    depth = 1
    for token in _NESTED.finditer(text, at):
        word = token[0]
        if word in "{[":
            depth += 1
        elif word in "}]":
            depth -= 1
            if not depth:
                return token.end()
    return len(text)


def _before(text: str, value: int, key: str | None) -> int:
    """Where the key of a value begins, or the value itself."""
    return value if key is None else text.rindex(key, 0, value)
