"""What was likely meant by a word that hookcli does not know, where the command itself does not say so."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click
from rich.text import Text

from hookcli.errors import did_you_mean
from hookcli.providers.registry import providers
from hookcli.render.escape import visible
from hookcli.render.terminal import notes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hookcli.providers.spec import Provider


ALIKE = 0.75
"""Two letters of four that changed places; names of events have much in common."""


def hint_on(error: click.ClickException) -> str:
    """The choice that was likely meant, for an error about an option that takes one of several words."""
    kind = error.param.type if isinstance(error, click.BadParameter) and error.param else None
    given = re.search(r"'([^']*)' is not ", error.format_message())
    if not isinstance(kind, click.Choice) or given is None:
        return ""
    return did_you_mean(given[1], map(str, kind.choices))


def event_hint(event: str, provider: Provider | None = None) -> str:
    """The event that was likely meant: of this provider, or of any; empty where the event is known, or nothing is near.

    Catalogues have gaps, so that an event which is in none is no mistake by that alone.
    """
    known = {one.name for each in ([provider] if provider else providers().values()) for one in each.events}
    word = event.lower()
    bases = {word, *(word[: dot.start()] for dot in re.finditer(r"\.", word))}
    if bases & {name.lower() for name in known}:
        return ""
    return did_you_mean(event, known, least=ALIKE)


_EVENT = re.compile(r"""event:(?:"([^"]+)"|([^\s",]+))""")


def filter_hint(words: Iterable[str]) -> str:
    """The same for the events that a filter asks for."""
    found = (_EVENT.search(word) for word in words)
    events = [match[1] or match[2] for match in found if match]
    return next((hint for event in events if not set("*?[") & {*event} and (hint := event_hint(event))), "")


def say_if_unknown(event: str | None, provider: Provider | None) -> None:
    """Say on standard error where an event that is made something of is likely a slip of the hand."""
    hint = event_hint(event, provider) if event else ""
    if hint:
        whose = f" of {provider.title}'s" if provider else ""
        notes().lines([Text(f"No event{whose} is known as {visible(event or '')}. {hint}", "yellow")])


def say_none_found(hint: str) -> None:
    """Say on standard error that no delivery is like what was asked for, and what may have been meant."""
    told = "No such deliveries yet: `hookcli listen` receives them."
    notes().lines([Text(told, "dim"), *([Text(hint, "yellow")] if hint else [])])
