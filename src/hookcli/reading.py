"""Looking into a message: its query, its decoded payload, and the places where a fact stands.

A place is written as one word, so that a declaration can be data:

    header:X-GitHub-Event    the first value of a header
    query:access_token       a field of the query
    form:payload             a field of a urlencoded body
    body:pull_request.number a value of the payload, by keys and list positions; body:value.*.id the list of each one's
    xml:Encrypt              a value of a body in XML, by the names of elements within the outermost one
    text:push                the word itself

A condition is a place, or `!place` (absent), `place=value`, `place~regular expression` (searched for).
"""

from __future__ import annotations

import json
import re
import zlib
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast, get_args
from urllib.parse import parse_qsl

from hookcli.delivery import to_unicode
from hookcli.xml_tree import parse_xml

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hookcli.delivery import Message

Kind = Literal["header", "query", "form", "body", "xml", "text"]
Json = Any

_JSON_STARTS = (b"{", b"[", b'"', b"\xef", b"\xff", b"\xfe")
"""What a JSON body begins with: an object, a list, a text, or a byte order mark before one."""

DECODED_LIMIT = 64 * 1024 * 1024
"""Bytes a compressed body may unpack to for looking at; a larger one stays as it came."""


class Place(NamedTuple):
    """Where a fact stands in a message."""

    kind: Kind
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"


@cache
def place(text: str) -> Place:
    """Read `kind:name`. Raises ValueError for a kind that there is none of."""
    kind, colon, name = text.partition(":")
    if not colon or kind not in get_args(Kind):
        kinds = ", ".join(get_args(Kind))
        message = f"{text!r} is no place: write one of {kinds}, a colon and a name"
        raise ValueError(message)
    return Place(cast("Kind", kind), name)


class Condition(NamedTuple):
    """A condition on one place: present, absent, equal to a word, or matched by a pattern."""

    place: Place
    absent: bool
    equals: str | None
    pattern: re.Pattern[str] | None
    text: str

    def holds(self, reading: Reading) -> bool:
        """Whether the message meets the condition."""
        value = reading.value(self.place)
        if self.absent:
            return value is None
        if value is None:
            return False
        if self.equals is None and self.pattern is None:
            return True
        word = as_word(value)
        if word is None:
            return False
        return word == self.equals if self.pattern is None else self.pattern.search(word) is not None


_CONDITION = re.compile(r"(?P<absent>!?)(?P<place>\w+:[^=~]*)(?:(?P<sign>[=~])(?P<right>.*))?", re.DOTALL)


@cache
def condition(text: str) -> Condition:
    """Read a condition. Raises ValueError where it is none, re.error where its pattern is wrong."""
    match = _CONDITION.fullmatch(text)
    if match is None:
        message = f"{text!r} is no condition"
        raise ValueError(message)
    sign, right = match["sign"], match["right"]
    return Condition(
        place(match["place"]),
        absent=bool(match["absent"]),
        equals=right if sign == "=" else None,
        pattern=re.compile(right) if sign == "~" else None,
        text=text,
    )


_HALVES = re.compile("[\ud800-\udc7f\udd00-\udfff]")
"""Halves of surrogate pairs that stand for no byte: a JSON escape can make them, UTF-8 can't hold them."""


def as_word(value: Json) -> str | None:
    """A scalar as one word, the way JSON writes it; None for what is no scalar. It can always be turned to bytes."""
    if isinstance(value, str):
        return value if value.isascii() else _HALVES.sub("\ufffd", value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    return None


def dig(value: Json, path: str) -> Json:
    """Follow dotted keys and list positions, `*` being every one of a list; None where the way ends."""
    steps = path.split(".") if path else []
    for number, step in enumerate(steps):
        if step == "*" and isinstance(value, list):
            rest = ".".join(steps[number + 1 :])
            return [dig(one, rest) for one in value]
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def unpacked(body: bytes, coding: str) -> bytes:
    """The body without its gzip or deflate content coding; as it came where that can't be undone within the limit."""
    coding = coding.strip().lower()
    if coding in {"gzip", "x-gzip", "deflate"} and body:
        try:
            decoder = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
            data = decoder.decompress(body, DECODED_LIMIT + 1)
        except zlib.error:
            return body
        whole = decoder.eof and not decoder.unused_data
        return data if whole and len(data) <= DECODED_LIMIT else body
    return body


def parse_json(data: bytes | str) -> Json:
    """The JSON value of some text; None where it is not JSON (or the value null, which says as little)."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def field_pairs(urlencoded: str) -> list[tuple[str, str]]:
    """The fields of a query or form in order, all of a name."""
    try:
        return parse_qsl(urlencoded, keep_blank_values=True, errors="surrogateescape")
    except ValueError:
        return []


def fields(urlencoded: str) -> dict[str, str]:
    """The fields of a query or form, the first of a name winning."""
    return _firsts(field_pairs(urlencoded))


def _firsts(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in pairs:
        found.setdefault(name, value)
    return found


class Reading:
    """One message being looked at; what is decoded is decoded once, and only when asked for."""

    def __init__(self, message: Message) -> None:
        self.message = message

    @cached_property
    def content_type(self) -> str:
        """The media type in lower case, without parameters."""
        return self.message.headers.get("content-type", "").partition(";")[0].strip().lower()

    @cached_property
    def query(self) -> dict[str, str]:
        """The fields of the query."""
        return fields(self.message.target.partition("?")[2])

    @cached_property
    def content(self) -> bytes:
        """The body without its content coding: for looking at, never for signing."""
        coding = self.message.headers.get("content-encoding")
        return unpacked(self.message.body, coding) if coding else self.message.body

    @cached_property
    def form(self) -> dict[str, str]:
        """The fields of a urlencoded body, the first of a name winning."""
        return _firsts(self.form_pairs)

    @cached_property
    def form_pairs(self) -> list[tuple[str, str]]:
        """The fields of a urlencoded body; none for any other, and for JSON that is only called so (curl -d)."""
        if self.content_type != "application/x-www-form-urlencoded" or self._content_json is not None:
            return []
        return field_pairs(self.content.decode("utf-8", "surrogateescape"))

    @cached_property
    def _content_json(self) -> Json:
        content = self.content
        start = content[:1] if content[:1] in (b"{", b"[") else content.lstrip()[:1]
        return parse_json(content) if start in _JSON_STARTS else None

    @cached_property
    def payload(self) -> Json:
        """What the delivery is about: the JSON of the body, of the form's or query's `payload`, or the form itself."""
        if self.form:
            packed = self.form.get("payload")
            return parse_json(packed) if packed is not None else dict(self.form)
        if not self.message.body:
            packed = self.query.get("payload")
            return parse_json(packed) if packed is not None else None
        return self._content_json

    @cached_property
    def xml(self) -> Json:
        """What the outermost element of a body in XML holds; None for any other body."""
        return parse_xml(self.content) if self.content.lstrip()[:1] == b"<" else None

    def showing(self, content: bytes) -> Reading:
        """The same message with this for its content, as a body that was encrypted has another one inside."""
        other = Reading(self.message)
        other.__dict__["content"] = content
        return other

    def value(self, where: Place) -> Json:
        """What stands at a place; None where nothing does."""
        kind, name = where
        if kind == "header":
            return self.message.headers.get(name)
        if kind == "body":
            return dig(self.payload, name)
        if kind == "query":
            return self.query.get(name)
        if kind == "form":
            return self.form.get(name)
        if kind == "xml":
            return dig(self.xml, name)
        return name

    def word(self, where: str) -> str | None:
        """The scalar at a place, as one word; None where there is none or it is empty."""
        return as_word(self.value(place(where))) or None

    def first(self, places: Iterable[str]) -> str | None:
        """The word at the first place that has one, in proper Unicode: for looking at, and for the store."""
        for where in places:
            word = self.word(where)
            if word is not None:
                return to_unicode(word)
        return None

    def meets(self, rule: Iterable[str]) -> bool:
        """Whether every condition of a rule holds."""
        return all(condition(text).holds(self) for text in rule)
