"""On which line of a TOML text each of its values stands, which the standard library's reader does not tell.

The text is one that `tomllib` has read: so this looks only for where things begin and end, and what they mean is
already known. Source of the grammar: TOML 1.0.0.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right

Key = tuple[str | int, ...]
"""The way to a value: keys of tables, and positions in arrays from 0."""

_BETWEEN = re.compile(r"(?:\s|#[^\n]*)*")
_BLANK = re.compile(r"[ \t]*")
_STRING = re.compile(
    r'"""(?:\\.|"{1,2}(?!")|[^"\\])*"{3,5}'
    r"|'''(?:'{1,2}(?!')|[^'])*'{3,5}"
    r'|"(?:\\.|[^"\\])*"'
    r"|'[^']*'",
    re.DOTALL,
)
_PLAIN = re.compile(r"[^,\]}#\r\n]+")
_BARE_KEY = re.compile(r"[^\s.=\]\"']+")


def positions(text: str) -> dict[Key, int]:
    """The line, from 1, of every table, value and element of an array in a valid TOML text."""
    return _Scan(text).lines


class _Scan:
    """One text, and how far it was read."""

    def __init__(self, text: str) -> None:
        self.lines: dict[Key, int] = {}
        self._text = text
        self._ends = [match.start() for match in re.finditer("\n", text)]
        self._at = 0
        self._counts: dict[Key, int] = {}
        """Of each array of tables, the position of its newest one."""
        table: Key = ()
        self._skip(_BETWEEN)
        while self._at < len(text):
            if text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip(_BETWEEN)

    def _skip(self, what: re.Pattern[str]) -> None:
        match = what.match(self._text, self._at)
        self._at = match.end() if match else self._at

    def _take(self, what: re.Pattern[str]) -> str | None:
        match = what.match(self._text, self._at)
        if match is None:
            return None
        self._at = match.end()
        return match[0]

    def _note(self, key: Key) -> None:
        self.lines.setdefault(key, bisect_right(self._ends, self._at - 1) + 1)

    def _header(self) -> Key:
        is_element = self._text.startswith("[[", self._at)
        brackets, start = (2 if is_element else 1), self._at
        self._at += brackets
        *way, last = self._keys()
        end, self._at = self._at, start
        table: Key = ()
        for part in way:
            table = (*table, part)
            self._note(table)
            if table in self._counts:
                table = (*table, self._counts[table])
        table = (*table, last)
        self._note(table)
        if is_element:
            self._counts[table] = self._counts.get(table, -1) + 1
            table = (*table, self._counts[table])
            self._note(table)
        self._at = end + brackets
        return table

    def _keys(self) -> list[str]:
        """The parts of a dotted key."""
        parts = []
        while True:
            self._skip(_BLANK)
            quoted = self._take(_STRING)
            parts.append(tomllib.loads(f"k = {quoted}")["k"] if quoted else self._take(_BARE_KEY) or "")
            self._skip(_BLANK)
            if self._text[self._at : self._at + 1] != ".":
                return parts
            self._at += 1

    def _pair(self, table: Key) -> None:
        start = self._at
        keys = self._keys()
        end, self._at = self._at, start
        for part in keys:
            table = (*table, part)
            self._note(table)
        self._at = end + 1
        self._skip(_BLANK)
        self._value(table)

    def _value(self, key: Key) -> None:
        opening = self._text[self._at]
        if opening not in "[{":
            if self._take(_STRING) is None:
                self._take(_PLAIN)
            return
        self._at += 1
        count = 0
        self._skip(_BETWEEN)
        while self._text[self._at] not in "]}":
            if opening == "{":
                self._pair(key)
            else:
                element = (*key, count)
                self._note(element)
                self._value(element)
                count += 1
            self._skip(_BETWEEN)
            if self._text[self._at] == ",":
                self._at += 1
                self._skip(_BETWEEN)
        self._at += 1
