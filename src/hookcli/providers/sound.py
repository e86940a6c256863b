"""What a declaration must hold to besides its types, said once: for the configuration file and for other packages.

A check is a call that raises ValueError with what is wrong.
"""

from __future__ import annotations

import re
from ipaddress import ip_network
from typing import TYPE_CHECKING

from hookcli.config.mistakes import Mistake, near
from hookcli.config.typed import faults
from hookcli.providers import handshake, summary
from hookcli.providers.spec import Handshake, Limits, Provider
from hookcli.reading import condition, place
from hookcli.signing import sign, template
from hookcli.signing.schemes import Signature, Token, group_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from hookcli.config.positions import Key
    from hookcli.config.typed import Checks
    from hookcli.signing.schemes import Scheme

_ID = re.compile(r"[a-z0-9][a-z0-9._-]*")
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_STATUSES = range(200, 600)


def checks(ids: Collection[str]) -> Checks:
    """The checks of each class of a declaration, where these are the ids of all providers."""

    def _provider(name: str) -> None:
        if name not in ids:
            message = f"there is no provider {name!r}" + near(name, ids).replace("Did", ": did", 1)
            raise ValueError(message.removesuffix("?"))

    signature = {"at": _claim, "timestamp": _place_or_pair, "id": _place_or_none, "body_hash": _place_or_none}
    return {
        Provider: {
            "id": _id,
            "color": _color,
            "identify": _condition,
            "supersedes": _provider,
            **dict.fromkeys(("event", "action", "delivery_id", "attempt", "hook_id", "sensitive"), _place),
            "ping": _condition,
            "summary": summary.check_template,
            "sends": (_header, sign.check_template),
            "infer": (_condition, None),
            "target": _target,
            "networks": _network,
        },
        Handshake: {
            "when": _condition,
            "status": _status,
            "headers": (_header, handshake.check_template),
            "body": handshake.check_template,
            "token": _place_or_none,
        },
        Limits: {"timeout": _not_below_zero, "body": _not_below_zero},
        Signature: {**signature, "signed": template.check_template, "tolerance": _not_below_zero},
        Token: {"at": _claim},
    }


def scheme_mistakes(scheme: Scheme, key: Key) -> Iterator[Mistake]:
    """What is wrong between the fields of a scheme."""
    if not isinstance(scheme, Signature):
        return
    if "{timestamp}" in scheme.signed and not scheme.timestamp:
        yield Mistake((*key, "signed"), "it speaks of {timestamp}.", "Say where that stands: timestamp = ...")
    if "{id}" in scheme.signed and not scheme.id:
        yield Mistake((*key, "signed"), "it speaks of {id}.", "Say where that stands: id = ...")
    if scheme.timestamp.startswith("pair:") and scheme.layout != "pairs":
        yield Mistake((*key, "timestamp"), "there are no pairs here.", 'Say so: layout = "pairs".')


def provider_mistakes(provider: Provider, key: Key) -> Iterator[Mistake]:
    """What is wrong between the fields of a provider: one name for signatures that do not stand for one another."""
    groups: dict[str, str] = {}
    for number, scheme in enumerate(provider.signatures):
        if groups.setdefault(scheme.name, group_of(scheme)) != group_of(scheme):
            told = f"another signature is called {scheme.name!r}, too."
            yield Mistake((*key, "signatures", number), told, "Give each a name of its own: name = ...")


def all_mistakes(provider: Provider, ids: Collection[str]) -> list[Mistake]:
    """All that is wrong with a provider that was made in code."""
    schemes = [
        mistake
        for number, scheme in enumerate(provider.signatures)
        for mistake in scheme_mistakes(scheme, ("signatures", number))
    ]
    return [*faults(provider, checks({*ids, provider.id})), *schemes, *provider_mistakes(provider, ())]


def _id(text: str) -> None:
    if not _ID.fullmatch(text):
        message = f"{text!r} is no id: write it in small letters, digits and hyphens"
        raise ValueError(message)


def _color(text: str) -> None:
    if not _COLOR.fullmatch(text):
        message = f"{text!r} is no colour: write it like #f6821f"
        raise ValueError(message)


def _place(text: str) -> None:
    found = place(text)
    if not found.name and found.kind != "body":
        message = f"{text!r} names nothing: a name belongs behind the colon"
        raise ValueError(message)


def _place_or_none(text: str) -> None:
    if text:
        _place(text)


def _place_or_pair(text: str) -> None:
    if not text.startswith("pair:"):
        _place_or_none(text)


def _claim(text: str) -> None:
    _place(text)
    if place(text).kind == "text":
        message = f"{text!r} is a word, and no place in a message"
        raise ValueError(message)


def _condition(text: str) -> None:
    try:
        _place(str(condition(text).place))
    except re.error as error:
        message = f"the pattern of {text!r} is wrong: {error}"
        raise ValueError(message) from error


def _header(name: str) -> None:
    if not _HEADER.fullmatch(name):
        message = f"{name!r} is no header's name"
        raise ValueError(message)


def _target(text: str) -> None:
    if not text.startswith("/"):
        message = f"{text!r} is no path: it begins with /"
        raise ValueError(message)


def _network(text: str) -> None:
    ip_network(text)


def _status(number: int) -> None:
    if number not in _STATUSES:
        message = f"{number} is no status to answer: it is from 200 to 599"
        raise ValueError(message)


def _not_below_zero(number: float) -> None:
    if number < 0:
        message = f"{number:g} is below zero"
        raise ValueError(message)
