"""Which provider sent a message, and what it says of itself.

Every rule of every provider is tried; of those that hold the most specific wins: a provider gives way to one that
says it sends this one's headers too (`supersedes`), rules on headers come before rules on the body alone, and more
conditions before fewer.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from hookcli.delivery import Identity
from hookcli.providers.registry import providers
from hookcli.reading import Condition, Reading, condition

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hookcli.providers.spec import Provider, Rule


_COUNT = re.compile(r"\d{1,9}", re.ASCII)
"""What counts attempts; a sender can write longer numbers than Python reads or SQLite holds."""


class Match(NamedTuple):
    """A rule that holds, and how specific it is: conditions on headers, then conditions in all."""

    provider: Provider
    rule: Rule
    strength: tuple[int, int]


class _Tried(NamedTuple):
    """A rule with its conditions read."""

    match: Match
    conditions: tuple[Condition, ...]


class _Rules(NamedTuple):
    """The rules by what they ask for first, so that a message is held against the few that can hold.

    `superseding` are those of `by_body` whose provider comes before others, whatever these read.
    """

    by_header: Mapping[str, tuple[_Tried, ...]]
    by_body: tuple[_Tried, ...]
    superseding: tuple[_Tried, ...]


def _rules(known: Iterable[Provider]) -> _Rules:
    by_header: dict[str, list[_Tried]] = {}
    by_body = []
    for provider in known:
        for rule in provider.identify:
            tried = _Tried(Match(provider, rule, _strength(rule)), tuple(map(condition, rule)))
            header = next((part.place.name.lower() for part in tried.conditions if _asks_for_header(part)), None)
            if header is None:
                by_body.append(tried)
            else:
                by_header.setdefault(header, []).append(tried)
    return _Rules(
        {name: tuple(found) for name, found in by_header.items()},
        tuple(by_body),
        tuple(tried for tried in by_body if tried.match.provider.supersedes),
    )


@cache
def _own_rules() -> _Rules:
    return _rules(providers().values())


def _asks_for_header(part: Condition) -> bool:
    return part.place.kind == "header" and not part.absent


def matches(reading: Reading, known: Iterable[Provider] | None = None, *, every: bool = False) -> list[Match]:
    """The rule that holds of each provider, the deciding one first.

    Rules that read no header are tried only where none of the others holds, or with `every`, since they can't decide;
    but for those of a provider that supersedes others.
    """
    rules = _own_rules() if known is None else _rules(known)
    held: dict[str, Match] = {}
    for name in reading.message.headers.names():
        if name in rules.by_header:
            _hold(reading, rules.by_header[name], held)
    _hold(reading, rules.superseding if held and not every else rules.by_body, held)
    found = list(held.values())
    if len(found) > 1:
        superseded = {other for match in found for other in match.provider.supersedes}
        # The id comes last, so that the order of the headers never decides.
        found.sort(key=lambda match: match.provider.id)
        found.sort(key=lambda match: (match.provider.id not in superseded, match.strength), reverse=True)
    return found


def _hold(reading: Reading, rules: Iterable[_Tried], held: dict[str, Match]) -> None:
    for match, conditions in rules:
        best = held.get(match.provider.id)
        if best is not None and match.strength <= best.strength:
            continue
        for part in conditions:
            if not part.holds(reading):
                break
        else:
            held[match.provider.id] = match


def _strength(rule: Rule) -> tuple[int, int]:
    return sum(not part.lstrip("!").startswith(("body:", "xml:")) for part in rule), len(rule)


def identify(reading: Reading) -> Identity:
    """Provider, event, action and the rest; provider `unknown` where no rule holds."""
    held = matches(reading)
    return identity_of(reading, held[0].provider if held else providers()["unknown"])


def identity_of(reading: Reading, provider: Provider) -> Identity:
    """What the message says of itself when it is taken as this provider's."""
    attempt = reading.first(provider.attempt)
    inner = provider.carries(reading) if provider.carries else None
    return Identity(
        provider=provider.id,
        event=reading.first(provider.event),
        action=reading.first(provider.action),
        delivery_id=reading.first(provider.delivery_id),
        attempt=int(attempt) if attempt and _COUNT.fullmatch(attempt) else None,
        hook_id=reading.first(provider.hook_id),
        is_ping=any(reading.meets(rule) for rule in provider.ping),
        carries=identify(Reading(inner)) if inner is not None else None,
    )
