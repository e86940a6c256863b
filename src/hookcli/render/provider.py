"""Providers as a table, and one in detail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from hookcli.signing.jws import SHA256, Jws
from hookcli.signing.schemes import Scheme, Signature, where_it_stands
from hookcli.units import size_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hookcli.providers.spec import Callback, Provider, Rule


def overview(shown: Sequence[Provider]) -> Iterator[Text]:
    """A line a provider: id, name, how it signs, how many events are in its catalogue."""
    width = max(len(one.id) for one in shown)
    titles = max(cell_len(one.title) for one in shown)
    for one in shown:
        line = Text().append(f"{one.id:<{width}}  ", f"bold {one.color}")
        line.append(one.title + " " * (titles - cell_len(one.title) + 2))
        line.append(f"{len(one.events):>3} events  " if one.events else " " * 12, "dim")
        line.append(_strongest(one))
        yield line


def _strongest(one: Provider) -> str:
    scheme = next((scheme for scheme in one.signatures if scheme.default), None)
    return f"{scheme.kind} in {where_it_stands(scheme.at)}" if scheme else "not signed"


def detail(one: Provider, fixtures: Sequence[str]) -> Iterator[tuple[str, Text]]:
    """All that is known of a provider, in rows of a label and a text."""
    yield one.id, Text(one.title, f"bold {one.color}")
    yield from _labelled("documented", [one.docs] if one.docs else [])
    yield from _labelled("known by", [_rule(rule) for rule in one.identify] or ["nothing: what no rule matches"])
    if one.supersedes:
        yield from _labelled("comes before", [", ".join(one.supersedes) + ", whose headers it sends too"])
    places = {
        "event": one.event,
        "action": one.action,
        "delivery id": one.delivery_id,
        "attempt": one.attempt,
        "hook id": one.hook_id,
    }
    for label, where in places.items():
        yield from _labelled(label, [", else ".join(_place(one_place) for one_place in where)] if where else [])
    yield from _labelled("ping", [_rule(rule) for rule in one.ping])
    yield from _labelled("signed by", [_scheme(scheme) for scheme in one.signatures])
    yield from _labelled("callback", _callback(one.callback) if one.callback else [])
    yield from _labelled("sends", [f"{name}: {value}" for name, value in one.sends])
    yield from _labelled("limits", _limits(one))
    yield from _labelled("networks", one.networks)
    yield from _labelled("notes", one.notes)
    yield from _labelled("fixtures", fixtures)
    width = max((cell_len(event.name) for event in one.events), default=0)
    for number, event in enumerate(one.events):
        name = Text().append(event.name + " " * (width - cell_len(event.name)), "bold")
        yield "events" if number == 0 else "", name.append(f"  {event.title}", "not bold")


def _labelled(label: str, values: Sequence[str]) -> Iterator[tuple[str, Text]]:
    for number, value in enumerate(values):
        yield label if number == 0 else "", Text(value)


def _place(text: str) -> str:
    kind, _, name = text.partition(":")
    return {"header": name, "text": f"always {name}"}.get(kind, f"{kind} {name}")


def _rule(rule: Rule) -> str:
    return " and ".join(_condition(part) for part in rule)


def _condition(text: str) -> str:
    if text.startswith("!"):
        return f"no {_place(text[1:])}"
    place, equals, value = text.partition("=")
    where, tilde, pattern = text.partition("~")
    if tilde and len(where) < len(place):
        return f"{_place(where)} like {pattern}"
    return f"{_place(place)} is {value}" if equals else _place(text)


def _scheme(scheme: Scheme) -> str:
    told = f"{scheme.name}: {scheme.kind} in {where_it_stands(scheme.at)}"
    if isinstance(scheme, Signature):
        told += f", {scheme.prefix}{scheme.encoding}"
        if scheme.signed != "{body}":
            told += f", over {scheme.signed!r}"
        if scheme.when:
            told += f", where {_condition(scheme.when)}"
    if isinstance(scheme, Jws):
        told += f", {scheme.prefix}with " + " and ".join(_claim(*claim) for claim in scheme.claims)
    if scheme.tolerance:
        told += f", good for {scheme.tolerance:g} s"
    if not scheme.covers_body:
        told += " (does not cover the body)"
    return told


def _claim(name: str, value: str) -> str:
    template = value.removeprefix(SHA256)
    return f"{name}={value}" if template == value else f"{name}=SHA-256 of {template!r}"


def _callback(callback: Callback) -> list[str]:
    hosts = " or ".join(callback.hosts)
    return [
        f"{', '.join(callback.states)} can be told at {_place(callback.at)}: hookcli callback ID {callback.states[0]}",
        f"only by https, to {hosts} and the hosts below; JSON of {', '.join(callback.body)}",
        *([callback.note] if callback.note else []),
    ]


def _limits(one: Provider) -> list[str]:
    limits = one.limits
    told = []
    if limits.timeout is not None:
        told.append(f"waits {limits.timeout:g} s for the answer")
    if limits.body is not None:
        told.append(f"bodies of {size_of(limits.body)} at most")
    if limits.retries:
        told.append(f"retries: {limits.retries}")
    return told
