"""The filter language: which deliveries, in one line, for every command that asks for some.

    provider:github,gitlab event:pull_request* -is:duplicate since:2h header.x-github-hook-id:123 "a phrase" word*

Terms stand apart by blanks and all hold. A comma is an `or`; so is a field that is given again, but for those where a
delivery can meet several at once (`is`, `since`, `before`, `size`, `attempt`). `-` or `not` before a term excludes what
it asks for. Quotes take blanks and commas into a value. Words without a field are looked for in bodies and headers.

A filter is SQL, and nothing else decides what it keeps: also what a listener shows is asked of the store.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from hookcli.errors import WrongInput, did_you_mean
from hookcli.store.terms import FIELDS, ROWS, Condition, any_of, header, inverse, phrase, with_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

LONGEST = 10_000
"""Characters of an expression."""

MOST_VALUES = 200
"""Values in one: SQLite nests conditions no deeper than 1000."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which deliveries: all that meet every condition."""

    conditions: tuple[Condition, ...] = ()

    def __and__(self, other: Filter) -> Filter:
        """What both keep."""
        return Filter(self.conditions + other.conditions)

    @property
    def searches(self) -> bool:
        """Whether it asks for words, so that these have to be indexed first."""
        return any(one.searches for one in self.conditions)

    def where(self, low: int | None = None, high: int | None = None) -> tuple[str, list[object]]:
        """The filter as SQL on `query.FROM`, and its values; of the deliveries numbered from `low` to `high` alone."""
        parts = [one.sql.replace(ROWS, _rows("rowid", low, high)) for one in self.conditions]
        sql = " AND ".join([*parts, *([_rows("deliveries.seq", low, high)] if (low, high) != (None, None) else [])])
        return (f" WHERE {sql}" if sql else ""), [value for one in self.conditions for value in one.values]


def _rows(column: str, low: int | None, high: int | None) -> str:
    bounds = [f"{column} {sign} {int(end)}" for sign, end in ((">=", low), ("<=", high)) if end is not None]
    return " AND ".join(bounds) or "TRUE"


def term(field: str, value: str, now: datetime) -> Filter:
    """The filter of one field, with its values between commas, as an option has them. Raises WrongInput."""
    return Filter((any_of([FIELDS[field].ask(one, now) for one in value.split(",")]),))


def parse_filter(text: str, now: datetime) -> Filter:
    """Read an expression; an empty one keeps everything. `now` is what spans of time count back from.

    Raises WrongInput with the place in the expression, and what would be right there.
    """
    if len(text) > LONGEST:
        raise WrongInput(f"The filter is longer than {LONGEST:,} characters.", "Ask for less at once.")
    wide: dict[str, list[Condition]] = {}
    narrow: list[Condition] = []
    phrases: list[str] = []
    for read in _few(text, _terms(text)):
        if read.field is None and not read.excludes:
            phrases.append(_phrase(text, read.values[0]))
            continue
        asked = any_of(_asked(text, read, value, now) for value in read.values)
        if read.excludes:
            narrow.append(inverse(asked))
        elif read.field in FIELDS and FIELDS[read.field].narrows:
            narrow.append(asked)
        else:
            wide.setdefault(read.field or "", []).append(asked)
    return Filter((*map(any_of, wide.values()), *narrow, *([with_words(phrases)] if phrases else [])))


class _Value(NamedTuple):
    text: str
    start: int
    end: int


class _Term(NamedTuple):
    """A term where it stands: without a field, it is words."""

    field: str | None
    values: list[_Value]
    excludes: bool
    start: int
    end: int


def _few(text: str, terms: Iterable[_Term]) -> Iterator[_Term]:
    count = 0
    for one in terms:
        count += len(one.values)
        if count > MOST_VALUES:
            raise _wrong(text, one.start, one.end, f"A filter takes no more than {MOST_VALUES} values.")
        yield one


def _asked(text: str, read: _Term, value: _Value, now: datetime) -> Condition:
    if read.field is None:
        return with_words([_phrase(text, value)])
    try:
        if read.field in FIELDS:
            return FIELDS[read.field].ask(value.text, now)
        return header(read.field.removeprefix(_HEADER), value.text)
    except WrongInput as error:
        raise _wrong(text, value.start, value.end, error.what, error.fix) from error


def _phrase(text: str, value: _Value) -> str:
    try:
        return phrase(value.text)
    except WrongInput as error:
        raise _wrong(text, value.start, value.end, error.what, error.fix) from error


_HEADER = "header."
_NOT = re.compile(r"(?:-|not\s+)(?=\S)", re.IGNORECASE)
_FIELD = re.compile(r"""([^\s:"']+):""")
_QUOTED = re.compile(r"""(["'])((?:\\.|(?!\1)[^\\])*)\1""", re.DOTALL)
_BARE = re.compile(r"[^\s,]+")
_WORD = re.compile(r"\S+")


def _terms(text: str) -> Iterator[_Term]:
    at = 0
    while (start := _next(text, at)) < len(text):
        excluding = _NOT.match(text, start)
        at = excluding.end() if excluding else start
        field = _FIELD.match(text, at)
        if field:
            name = _known(text, field)
            values = list(_values(text, field))
        else:
            name, values = None, [_word(text, at)]
        at = values[-1].end
        yield _Term(name, values, excluding is not None, start, at)


def _next(text: str, at: int) -> int:
    found = re.compile(r"\S").search(text, at)
    return found.start() if found else len(text)


def _known(text: str, field: re.Match[str]) -> str:
    name = field[1].lower()
    if name in FIELDS or name.startswith(_HEADER):
        return name
    fix = did_you_mean(name, [f"{one}:" for one in (*FIELDS, "header.NAME")])
    fix = fix or f"There are {', '.join(FIELDS)} and header.NAME."
    whole = _WORD.match(text, field.start())
    quoted = f' To look for the words, quote them: "{whole[0]}".' if whole and whole[0] != field[0] else ""
    raise _wrong(text, field.start(), field.end() - 1, f"There is no field {field[1]!r}.", fix + quoted)


def _values(text: str, field: re.Match[str]) -> Iterator[_Value]:
    at = field.end()
    while True:
        found = _quoted(text, at) or _BARE.match(text, at)
        if found is None:
            name = field[1].lower()
            form = FIELDS[name].form if name in FIELDS else "123, or * for any"
            fix = f"Write it without a blank, like {name}:{form}."
            raise _wrong(text, at, at + 1, f"A value of {name} is missing here.", fix)
        yield _value(found)
        at = found.end()
        if text[at : at + 1] != ",":
            if at < len(text) and not text[at].isspace():
                raise _wrong(
                    text, at, at + 1, f"{text[at]!r} stands behind a quote.", "Put it inside, or a blank between."
                )
            return
        at += 1


def _word(text: str, at: int) -> _Value:
    found = _quoted(text, at)
    if found is None:
        bare = _WORD.match(text, at)
        if bare is None:
            raise _wrong(text, at, at + 1, "A term is missing here.")
        if bare[0].lower() in {"and", "or", "not"}:
            fix = "Terms all hold; alternatives stand behind a comma, as in provider:github,gitlab."
            raise _wrong(
                text, at, bare.end(), f"There is no {bare[0]!r} in a filter.", f"{fix} Quote it to look for it."
            )
        return _value(bare)
    value, end = _value(found), found.end()
    if text[end : end + 1] == "*":
        value, end = _Value(value.text + "*", value.start, end + 1), end + 1
    if end < len(text) and not text[end].isspace():
        raise _wrong(text, end, end + 1, f"{text[end]!r} stands behind a quote.", "Put it inside, or a blank between.")
    return value


def _quoted(text: str, at: int) -> re.Match[str] | None:
    if text[at : at + 1] not in {'"', "'"}:
        return None
    found = _QUOTED.match(text, at)
    if found is None:
        raise _wrong(text, at, at + 1, "This quote has no end.", f"Close it with another {text[at]}.")
    return found


def _value(found: re.Match[str]) -> _Value:
    if found.re is _QUOTED:
        return _Value(re.sub(r"\\(.)", r"\1", found[2], flags=re.DOTALL), found.start(), found.end())
    return _Value(found[0], found.start(), found.end())


def _wrong(text: str, start: int, end: int, what: str, fix: str = "") -> WrongInput:
    """The error with the expression and carets under a part of it."""
    shown = "".join(one if one.isprintable() else " " if one.isspace() else "\N{REPLACEMENT CHARACTER}" for one in text)
    carets = " " * _cells(shown[:start]) + "^" * max(1, _cells(shown[start:end]))
    return WrongInput(f"{what}\n  {shown}\n  {carets}", fix)


def _cells(text: str) -> int:
    """Columns of a terminal."""
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in {"W", "F"} else 1 for one in text
    )
