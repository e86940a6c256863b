"""Comparing two messages: request line, query, headers, and the body by what it holds."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field, replace
from difflib import unified_diff
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from hookcli.compare.changes import Change, Part, differences
from hookcli.compare.paths import Pattern, after, met, parse_pattern, without
from hookcli.compare.values import Json, parse
from hookcli.delivery import Delivery
from hookcli.identify import identify
from hookcli.providers.registry import providers
from hookcli.reading import Reading, field_pairs, place
from hookcli.signing.schemes import Signature

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hookcli.delivery import Message

BodyKind = Literal["empty", "JSON", "form", "text", "binary"]

OWN_HEADERS = frozenset(
    {
        "cf-ray",
        "content-length",
        "date",
        "traceparent",
        "tracestate",
        "x-amzn-trace-id",
        "x-b3-spanid",
        "x-b3-traceid",
        "x-correlation-id",
        "x-datadog-parent-id",
        "x-datadog-trace-id",
        "x-request-id",
        "x-request-start",
    }
)
"""Headers that differ between any two requests, whoever sends them."""

LONGEST_TEXT = 1024 * 1024
"""Bytes of a text that is compared line by line."""

_MADE_ANEW = re.compile(r"\{(?:id|uuid|seconds|milliseconds|time|hex7|number)\}")
"""What a provider's declaration fills in for each delivery."""


class Ignore(NamedTuple):
    """A place that is left out: a part of the message, and a pattern of paths in it."""

    part: Part
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Body:
    """What a body is, its bytes on the wire, and the hash of what it holds."""

    kind: BodyKind
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """All that differs between two messages.

    `lines` is a unified diff of bodies that are text. `providers` are whose the two are, `bodies` what their bodies
    are; `relaid` says that the bodies say the same in other bytes, which a signature over them does not forgive.
    """

    changes: tuple[Change, ...]
    providers: tuple[str, str]
    bodies: tuple[Body, Body]
    lines: tuple[str, ...] = ()
    relaid: bool = False

    def same(self, *, strict: bool = False) -> bool:
        """Whether nothing differs but, unless `strict`, what differs between any two deliveries."""
        return all(change.own and not strict for change in self.changes)


def parse_ignore(text: str) -> Ignore:
    """Read `header:NAME`, `query:NAME`, or a path of the body, with `body:` before it or not. Raises WrongInput."""
    part, colon, rest = text.partition(":")
    if colon and part == "header":
        return Ignore("header", (rest.lower(),))
    if colon and part == "query":
        return Ignore("query", (rest,))
    return Ignore("body", parse_pattern(rest if colon and part == "body" else text))


def compare(
    left: Message, right: Message, *, ignore: Sequence[Ignore] = (), headers: bool = True, body: bool = True
) -> Difference:
    """Hold two messages against each other; `headers` (with the request line) or `body` may be left out."""
    sides = _Side.of(left), _Side.of(right)
    changes: list[Change] = []
    if headers:
        changes += _heads(*sides, ignore)
    patterns = [one.pattern for one in ignore if one.part == "body"]
    found = _bodies(*sides, patterns) if body else _Bodies()
    changes += found.changes
    own = _own(sides[0].provider) | _own(sides[1].provider)
    return Difference(
        changes=tuple(replace(change, own=_is_own(change, own)) for change in changes),
        providers=(sides[0].provider, sides[1].provider),
        bodies=(sides[0].body, sides[1].body),
        lines=found.lines,
        relaid=body and not found.changes and not patterns and left.body != right.body,
    )


class _Side:
    """One of the two messages, read."""

    def __init__(self, message: Message, provider: str) -> None:
        self.message = message
        self.provider = provider
        self.reading = Reading(message)
        self.document: Json = None
        self.body = Body(self._kind(), len(message.body), hashlib.sha256(self.reading.content).hexdigest())

    @classmethod
    def of(cls, message: Message) -> _Side:
        known = message.identity if isinstance(message, Delivery) else identify(Reading(message))
        return cls(message, known.provider)

    def _kind(self) -> BodyKind:
        """What the body is; where it is JSON or a form, `document` holds it."""
        if not self.message.body:
            return "empty"
        if self.reading.form:
            self.document = _form(self.reading.form_pairs)
            return "form"
        if self.reading.payload is not None:
            self.document = parse(self.reading.content)
            return "JSON"
        return "binary" if self.text is None else "text"

    @property
    def text(self) -> str | None:
        content = self.reading.content
        try:
            return None if b"\0" in content else content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return None


def _form(pairs: list[tuple[str, str]]) -> dict[str, Json]:
    """A form by its fields: a text, several texts where there are, and what is JSON in its `payload`."""
    grouped: dict[str, list[str]] = {}
    for name, value in pairs:
        grouped.setdefault(name, []).append(value)
    return {name: _packed(name, values[0]) if len(values) == 1 else values for name, values in grouped.items()}


def _packed(name: str, value: str) -> Json:
    try:
        packed = parse(value) if name == "payload" else None
    except (ValueError, RecursionError):
        return value
    return packed if isinstance(packed, dict | list) else value


def _heads(left: _Side, right: _Side, ignore: Sequence[Ignore]) -> Iterator[Change]:
    """What differs in the request line, the query and the headers."""
    one, other = left.message, right.message
    path, query = one.target.partition("?")[::2]
    other_path, other_query = other.target.partition("?")[::2]
    for name, before, after_ in (
        ("method", one.method, other.method),
        ("path", path, other_path),
        ("http_version", one.http_version, other.http_version),
    ):
        if before != after_:
            yield Change("changed", (name,), before, after_, "request")
    yield from _named("query", field_pairs(query), field_pairs(other_query), ignore)
    yield from _named("header", list(one.headers), list(other.headers), ignore)


def _named(
    part: Part, left: list[tuple[str, str]], right: list[tuple[str, str]], ignore: Sequence[Ignore]
) -> Iterator[Change]:
    """What differs between named values, whatever their order; of one name, the values that both have are the same."""
    patterns = [one.pattern for one in ignore if one.part == part]
    names = {_folded(part, name): name for name, _ in (*right, *left)}
    for folded in dict.fromkeys(_folded(part, name) for name, _ in (*left, *right)):
        if met(after(patterns, folded)):
            continue
        before, behind = ([value for name, value in side if _folded(part, name) == folded] for side in (left, right))
        for value in [*before]:
            if value in behind:
                before.remove(value)
                behind.remove(value)
        path = (names[folded],)
        yield from (Change("changed", path, *pair, part) for pair in zip(before, behind, strict=False))
        yield from (Change("removed", path, value, part=part) for value in before[len(behind) :])
        yield from (Change("added", path, after=value, part=part) for value in behind[len(before) :])


def _folded(part: Part, name: str) -> str:
    return name.lower() if part == "header" else name


@dataclass(slots=True)
class _Bodies:
    changes: list[Change] = field(default_factory=list)
    lines: tuple[str, ...] = ()


def _bodies(left: _Side, right: _Side, patterns: Iterable[Pattern]) -> _Bodies:
    """What differs between the bodies: by their values where both have some, else by lines, size and hash."""
    if left.reading.content == right.reading.content and left.body.kind == right.body.kind:
        return _Bodies()
    whole = Change("changed", (), _told(left.body), _told(right.body))
    one, other = _documents(left, right)
    if one is not None and other is not None:
        try:
            changes = differences(without(one, patterns), without(other, patterns))
        except RecursionError:
            changes = [whole]
        return _Bodies(changes if left.body.kind == right.body.kind else [whole, *changes])
    if left.body.kind == right.body.kind == "text" and max(left.body.size, right.body.size) <= LONGEST_TEXT:
        before, behind = ((side.text or "").split("\n") for side in (left, right))
        # The first two lines would name the files, which have no name here.
        return _Bodies([whole], tuple(unified_diff(before, behind, lineterm=""))[2:])
    return _Bodies([whole])


def _documents(left: _Side, right: _Side) -> tuple[Json, Json]:
    """What to compare by values; of a form that packs its JSON in `payload`, beside bare JSON, what is packed."""
    one, other = left.document, right.document
    if left.body.kind != right.body.kind:
        one, other = (
            side.document.get("payload") if side.body.kind == "form" else side.document for side in (left, right)
        )
        if not (isinstance(one, dict | list) and isinstance(other, dict | list)):
            return None, None
    return one, other


def _told(body: Body) -> dict[str, Json]:
    return {"kind": body.kind, "size": body.size, "sha256": body.sha256}


@cache
def _own(provider: str) -> frozenset[tuple[str, str]]:
    """Kind and name of the places that a provider fills anew for each delivery."""
    declared = providers().get(provider)
    if declared is None:
        return frozenset()
    places = [*declared.delivery_id, *declared.attempt]
    for scheme in declared.signatures:
        if isinstance(scheme, Signature):
            places += [scheme.at, scheme.timestamp, scheme.id, scheme.body_hash]
    places += [f"header:{name}" for name, value in declared.sends if _MADE_ANEW.search(value)]
    known = (place(text) for text in places if text and not text.startswith("pair:"))
    return frozenset((where.kind, where.name.lower() if where.kind == "header" else where.name) for where in known)


def _is_own(change: Change, own: Iterable[tuple[str, str]]) -> bool:
    name = ".".join(map(str, change.path))
    if change.part == "header":
        return name.lower() in OWN_HEADERS or ("header", name.lower()) in own
    return (change.part, name) in own
