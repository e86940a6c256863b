"""Making a delivery as its provider would send it: its headers, and its signatures by the provider's declaration."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from itertools import groupby
from typing import TYPE_CHECKING
from uuid import UUID

from hookcli.delivery import Headers, Message
from hookcli.errors import WrongInput, did_you_mean
from hookcli.reading import Reading, as_word, place
from hookcli.signing.schemes import Signature, group_of
from hookcli.signing.template import SigningFacts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hookcli.providers.spec import Provider
    from hookcli.signing.schemes import Scheme


_BREAK = re.compile(r"[\r\n\0]")
"""What ends a header, or is forbidden in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """The moment and the chance that go into a made delivery, handed in so that it can be made again.

    `timestamp` is in seconds since 1970; `id` the delivery id, made in the provider's form where it is None.
    """

    timestamp: float
    id: str | None = None
    random: Callable[[int], bytes] = field(default=os.urandom)


def inferred_event(provider: Provider, reading: Reading) -> str | None:
    """The event that a bare payload is of, by the provider's own places and its `infer` table."""
    own = reading.first(where for where in provider.event if not where.startswith("header:"))
    return own or next((event for rule, event in provider.infer if reading.meets((rule,))), None)


def dressed(provider: Provider, body: bytes, *, event: str | None, occasion: Occasion) -> Message:
    """A message with this body and the headers that the provider sends, not signed yet.

    Raises WrongInput where the provider names its event in a header and the event is neither given nor clear.
    """
    bare = Reading(Message(target=provider.target, body=body, headers=_content_type(provider)))
    event = event or inferred_event(provider, bare)
    if event is None and any("{event}" in value for _, value in provider.sends):
        names = ", ".join(known.name for known in provider.events[:6])
        what = f"Which {provider.title} event this payload is can't be told from the payload."
        raise WrongInput(what, f"Name it with --event ({names}, ...: `hookcli providers {provider.id}`).")
    words = _words(event or "", occasion.id or new_id(provider, occasion.random), occasion)
    headers: list[tuple[str, str]] = [("Host", "localhost")]
    for name, template in provider.sends:
        value = _filled(template, words, bare)
        if value is not None:
            headers.append((name, value))
    headers.append(("Content-Length", str(len(body))))
    return _sendable(replace(bare.message, headers=Headers(headers)))


def signed(  # noqa: PLR0913 (what a signature depends on)
    message: Message,
    schemes: Sequence[Scheme],
    secret: str,
    *,
    occasion: Occasion,
    delivery_id: str,
    scheme: str | None = None,
    url: str | None = None,
) -> Message:
    """The message with the signatures that the provider makes under this secret.

    Of alternatives for one place the first that the secret is fit for; `scheme` picks one by name instead. Older
    signatures are taken off. Raises WrongInput where no scheme can use the secret, or there is none of that name.
    """
    chosen = [one for one in schemes if one.name == scheme] if scheme else [one for one in schemes if one.default]
    if not chosen:
        names = ", ".join(dict.fromkeys(one.name for one in schemes))
        what = f"There is no scheme {scheme!r} here." if scheme else "This provider declares no signature."
        near = did_you_mean(scheme or "", (one.name for one in schemes))
        raise WrongInput(what, f"{near} There are: {names}.".lstrip() if names else "")
    facts = SigningFacts(timestamp=occasion.timestamp, id=delivery_id, url=url)
    message = unsigned(message, schemes)
    if scheme and isinstance(chosen[0], Signature):
        message = chosen[0].told(message, anew=True)
    made = False
    for _, group in groupby(chosen, key=group_of):
        for one in group:
            key = one.key(secret)
            attempt = message if key is None else one.sign(message, key, facts)
            if attempt is not message:
                message, made = attempt, True
                break
    if not made:
        names = ", ".join(dict.fromkeys(one.name for one in chosen))
        if any(one.key(secret) is not None for one in chosen):
            what = f"{names} can't be made: the message has not all that is signed, or the key is a public one."
            raise WrongInput(what, "`hookcli providers NAME` tells what is signed.")
        what = f"The secret is not of the form that {names} needs."
        raise WrongInput(what, "A Standard Webhooks secret is whsec_ and base64; a basic one is user:password.")
    return _sendable(message)


def _sendable(message: Message) -> Message:
    """The message itself. Raises WrongInput where a header would not end with its line."""
    for name, value in message.headers:
        if _BREAK.search(value):
            what = f"The header {name} can't hold a line break."
            raise WrongInput(what, "Give a secret, an event and an id of one line.")
    return message


def unsigned(message: Message, schemes: Sequence[Scheme]) -> Message:
    """The message without the claims of these schemes in its headers and its query."""
    places = [place(one.at) for one in schemes]
    headers = message.headers.without(where.name for where in places if where.kind == "header")
    names = {where.name for where in places if where.kind == "query"}
    path, mark, query = message.target.partition("?")
    if mark and names:
        kept = [part for part in query.split("&") if part.partition("=")[0] not in names]
        return replace(message, headers=headers, target=f"{path}?{'&'.join(kept)}" if kept else path)
    return replace(message, headers=headers)


def _content_type(provider: Provider) -> Headers:
    return Headers((name, value) for name, value in provider.sends if name.lower() == "content-type")


def _words(event: str, delivery_id: str, occasion: Occasion) -> dict[str, str]:
    moment = datetime.fromtimestamp(occasion.timestamp, UTC)
    return {
        "event": event,
        "object": event.rpartition(".")[0],
        "verb": event.rpartition(".")[2],
        "kind": event.partition("_")[0],
        "id": delivery_id,
        "uuid": new_uuid(occasion.random),
        "seconds": str(int(occasion.timestamp)),
        "milliseconds": str(round(occasion.timestamp * 1000)),
        "time": moment.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "date": format_datetime(moment, usegmt=True),
        "hex7": occasion.random(4).hex()[:7],
        "number": str(int.from_bytes(occasion.random(4), "big") % 900_000_000 + 100_000_000),
        "hex16": occasion.random(8).hex(),
    }


def new_uuid(random: Callable[[int], bytes]) -> str:
    """A random (version 4) UUID."""
    return str(UUID(bytes=random(16), version=4))


def new_id(provider: Provider, random: Callable[[int], bytes] = os.urandom) -> str:
    """A delivery id in the provider's form."""
    if provider.id_form == "hex32":
        return random(16).hex()
    if provider.id_form == "number":
        return str(int.from_bytes(random(5), "big"))
    return new_uuid(random)


_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


def check_template(template: str) -> None:
    """Raise ValueError where a header to send has something in braces that it does not know."""
    words = _words("", "", Occasion(timestamp=0))
    for name in _PLACEHOLDER.findall(template):
        if ":" in name:
            place(name)
        elif name not in words:
            message = f"a header knows no {{{name}}}: write one of {', '.join(words)}, or a place"
            raise ValueError(message)


def _filled(template: str, words: dict[str, str], reading: Reading) -> str | None:
    """The template with its words; None where a place it names is empty."""
    pieces = _PLACEHOLDER.split(template)
    for i in range(1, len(pieces), 2):
        name = pieces[i]
        word = words.get(name) if ":" not in name else as_word(reading.value(place(name)))
        # A payload may come from anywhere: it must not write headers of its own.
        if word is None or (":" in name and _BREAK.search(word)):
            return None
        pieces[i] = word
    return "".join(pieces)
