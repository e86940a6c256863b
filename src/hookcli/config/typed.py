"""Dataclasses out of tables: what a field may hold is read off its type, and every mistake is told.

Written for declarations: a text alone stands for a list of one, and for a table of which all else has a default; pairs
may be a table. A field can have a check besides its type, a call that raises ValueError with what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import lru_cache
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, Union, get_args, get_origin, get_type_hints

from hookcli.config.mistakes import Mistake, near

if TYPE_CHECKING:
    from hookcli.config.positions import Key

Type = Any
"""A type, in whatever form typing has it."""

Value = Any
"""Whatever stands in a file, or is made of it."""

Check: TypeAlias = Callable[[Any], object] | tuple[Callable[[Any], object] | None, ...] | None
"""What a scalar must pass; for pairs, what each half must."""

Checks: TypeAlias = Mapping[type, Mapping[str, Check]]
"""The checks of a class's fields; those of its bases hold, too."""

WRONG: Value = object()
"""In the place of a value that could not be read."""

_PAIR = 2
_WORDS: Mapping[Any, str] = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}


def told(kind: Type) -> str:
    """A type, for a person."""
    origin = _origin(kind)
    if origin in (Union, UnionType):
        return " or ".join(dict.fromkeys(told(one) for one in get_args(kind) if one is not NoneType))
    if origin is Literal:
        return "one of " + ", ".join(f'"{word}"' for word in get_args(kind))
    if origin is tuple:
        inner = get_args(kind)[0]
        if is_pairs(kind):
            return 'a list of pairs, or a table of name = "value"'
        return f"a list of {told(inner).removeprefix('a ').replace('text', 'texts')}" if inner is str else "a list"
    return _WORDS.get(kind, "a table")


def is_pairs(kind: Type) -> bool:
    """Whether it is a list of pairs."""
    inner = get_args(kind)[:1]
    return _origin(kind) is tuple and bool(inner) and get_args(inner[0]) == (str, str)


def what_is(value: Value) -> str:
    """A value of a file by its type, for a person."""
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    return _WORDS.get(type(value), "a date or time")


def checks_of(cls: type, checks: Checks) -> dict[str, Check]:
    """All the checks of a class's fields."""
    found: dict[str, Check] = {}
    for base in reversed(cls.__mro__):
        found.update(checks.get(base, {}))
    return found


class Reader:
    """Reads values by types and collects `mistakes`.

    `names` are those that the annotations use and their modules import for type checking alone; `special` reads a type
    that is no data, by a call with this reader, the value and its key.
    """

    def __init__(
        self,
        names: Mapping[str, Any],
        checks: Checks,
        special: Mapping[Type, Callable[[Reader, Value, Key], Value]],
    ) -> None:
        self.mistakes: list[Mistake] = []
        self._checks = checks
        self._special = special
        self._hints = lru_cache(lambda cls: get_type_hints(cls, localns=dict(names)))

    def wrong(self, key: Key, what: str, fix: str = "") -> Value:
        """Note a mistake."""
        self.mistakes.append(Mistake(key, what, fix))
        return WRONG

    def arguments(
        self, cls: type, table: Mapping[str, Any], key: Key, *, given: Mapping[str, Any], without: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        """The fields that a table names, as arguments of the class; `given` are known already.

        Fields `without` a form in a file can't be named.
        """
        known = {one.name: one for one in fields(cls) if one.init and one.name not in without}
        hints, checks = self._hints(cls), checks_of(cls, self._checks)
        found = {}
        for name, value in table.items():
            if name not in known:
                self.wrong((*key, name), "there is no such field.", near(name, known, f"There are {_listed(known)}."))
                continue
            read = self.value(hints[name], value, (*key, name), checks.get(name))
            if read is not WRONG:
                found[name] = read
        for name, field in known.items():
            if _is_required(field) and name not in table and name not in given:
                self.wrong(key, f"{name} is missing.", f"It is {told(hints[name])}.")
        return found

    def value(self, kind: Type, value: Value, key: Key, check: Check = None) -> Value:
        """A value of a type; WRONG where it is none."""
        if kind in self._special:
            return self._special[kind](self, value, key)
        origin = _origin(kind)
        if origin in (Union, UnionType):
            suited = [one for one in get_args(kind) if _suits(one, value)]
            return self.value(suited[0], value, key, check) if suited else self._another(kind, value, key)
        if is_dataclass(kind) and isinstance(kind, type):
            return self._dataclass(kind, value, key)
        read = {Literal: self._word, Mapping: self._mapping, tuple: self._tuple}.get(origin, self._scalar)
        return read(kind, value, key, check)

    def _scalar(self, kind: Type, value: Value, key: Key, check: Check) -> Value:
        if kind is float and type(value) is int:
            value = float(value)
        return self._checked(value, key, check) if type(value) is kind else self._another(kind, value, key)

    def _word(self, kind: Type, value: Value, key: Key, check: Check) -> Value:  # noqa: ARG002 (one shape for all)
        words = get_args(kind)
        if value in words:
            return value
        return self.wrong(key, f"{value!r} is not known here.", near(str(value), words, f"It is {told(kind)}."))

    def _another(self, kind: Type, value: Value, key: Key) -> Value:
        return self.wrong(key, f"this is {what_is(value)}.", f"It has to be {told(kind)}.")

    def _checked(self, value: Value, key: Key, check: Check) -> Value:
        if callable(check):
            try:
                check(value)
            except (ValueError, re.error) as error:
                return self.wrong(key, f"{error}.")
        return value

    def _tuple(self, kind: Type, value: Value, key: Key, check: Check) -> Value:
        inner = get_args(kind)
        if inner[-1:] != (...,):
            return self._fixed(kind, value, key, check)
        if is_pairs(kind) and isinstance(value, dict):
            left, right = check if isinstance(check, tuple) else (None, None)
            for name in value:
                self._checked(name, (*key, name), left)
            return _whole((name, self.value(str, text, (*key, name), right)) for name, text in value.items())
        if isinstance(value, str):
            return _whole([self.value(inner[0], value, key, check)])
        if not isinstance(value, list):
            return self._another(kind, value, key)
        if _origin(inner[0]) is tuple and any(isinstance(part, str) for part in value):
            return self.wrong(key, "this is a list of texts.", 'It has to be a list of lists: [["..."], ["..."]].')
        return _whole(self.value(inner[0], part, (*key, i), check) for i, part in enumerate(value))

    def _fixed(self, kind: Type, value: Value, key: Key, check: Check) -> Value:
        inner = get_args(kind)
        if not isinstance(value, list) or len(value) != len(inner):
            return self.wrong(key, f"this is {what_is(value)}.", f"It has to be a list of {len(inner)} texts.")
        halves = check if isinstance(check, tuple) else (check,) * len(inner)
        parts = zip(inner, value, halves, strict=True)
        return _whole(self.value(one, part, (*key, i), half) for i, (one, part, half) in enumerate(parts))

    def _mapping(self, kind: Type, value: Value, key: Key, check: Check) -> Value:
        if not isinstance(value, dict):
            return self._another(kind, value, key)
        read = {name: self.value(get_args(kind)[1], part, (*key, name), check) for name, part in value.items()}
        return WRONG if any(part is WRONG for part in read.values()) else read

    def _dataclass(self, cls: type, value: Value, key: Key) -> Value:
        required = [one.name for one in fields(cls) if _is_required(one)]
        if isinstance(value, str) and len(required) == 1:
            value = {required[0]: value}
        if not isinstance(value, dict):
            return self._another(cls, value, key)
        before = len(self.mistakes)
        arguments = self.arguments(cls, value, key, given={})
        return WRONG if len(self.mistakes) > before else cls(**arguments)


def faults(thing: Value, checks: Checks, key: Key = ()) -> list[Mistake]:
    """What the checks say of a dataclass that was not read but made."""
    found: list[Mistake] = []
    for field in fields(thing):
        _look(
            getattr(thing, field.name),
            checks_of(type(thing), checks).get(field.name),
            checks,
            (*key, field.name),
            found,
        )
    return found


def _look(value: Value, check: Check, checks: Checks, key: Key, found: list[Mistake]) -> None:
    if is_dataclass(value):
        found += faults(value, checks, key)
    elif isinstance(value, tuple | Mapping):
        parts = value.items() if isinstance(value, Mapping) else enumerate(value)
        is_pair = isinstance(check, tuple) and len(value) == _PAIR and all(isinstance(one, str) for one in value)
        for i, (name, part) in enumerate(parts):
            half = check[i] if isinstance(check, tuple) and is_pair else check
            _look(part, half, checks, (*key, name), found)
    elif callable(check) and value is not None:
        try:
            check(value)
        except (ValueError, re.error) as error:
            found.append(Mistake(key, f"{error}."))


def _origin(kind: Type) -> Type:
    return get_origin(kind)


def _whole(parts: Value) -> Value:
    read = tuple(parts)
    return WRONG if any(part is WRONG or (isinstance(part, tuple) and WRONG in part) for part in read) else read


def _suits(kind: Type, value: Value) -> bool:
    origin = _origin(kind)
    if origin is tuple:
        return isinstance(value, list)
    if origin is Mapping or is_dataclass(kind):
        return isinstance(value, dict)
    return type(value) is kind or (kind is float and type(value) is int)


def _is_required(field: Field[Any]) -> bool:
    return field.init and field.default is MISSING and field.default_factory is MISSING


def _listed(names: Mapping[str, Any]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
