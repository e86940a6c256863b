"""The filter as it is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hookcli.errors import WrongInput
from hookcli.providers.registry import provider
from hookcli.store.query import Filter
from hookcli.units import parse_moment

if TYPE_CHECKING:
    from datetime import datetime

EXAMPLE = "provider:github event:pull_request* since:2h invalid"


def parse_filter(text: str, now: datetime) -> Filter:
    parts: dict[str, object] = {}
    for word in text.split():
        name, colon, value = word.partition(":")
        if word == "invalid":
            parts["invalid"] = True
        elif name == "provider" and value:
            parts["provider"] = provider(value).id
        elif name == "event" and value:
            parts["event"] = value
        elif name in {"since", "before"} and value:
            parts[name] = parse_moment(value, now)
        else:
            raise WrongInput(f"{word!r} is no filter.", f"Write {EXAMPLE}.")
    return Filter(**parts)  # type: ignore[arg-type]
