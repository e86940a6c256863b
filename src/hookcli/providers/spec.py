"""What a provider is: a declaration, made of words, numbers and the signature primitives.

Everything is data that could as well stand in a TOML file. Places (`header:X-GitHub-Event`) and conditions
(`header:X-Event-Key~^pr:`) are written as `hookcli.reading` defines them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hookcli.delivery import Message
    from hookcli.reading import Reading
    from hookcli.signing.encryption import Encryption
    from hookcli.signing.schemes import Scheme

Rule = tuple[str, ...]
"""Conditions that must all hold."""


@dataclass(frozen=True, slots=True)
class Event:
    """An event that the provider sends: its name as it arrives, and what it is called."""

    name: str
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How the provider delivers: seconds it waits, bytes of body at most, and what it does after a failure."""

    timeout: float | None = None
    body: int | None = None
    retries: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handshake:
    """What a provider wants answered before it sends, or to see that somebody is there.

    `when` are rules; one that holds is enough. In `headers` and `body` {KIND:NAME} is filled in from the message, and
    {hmac-sha256:KIND:NAME} with the HMAC of it, in hex, under the secret for the provider; {decrypted:KIND:NAME} with
    what it says, where the provider encrypts and the signature is valid. A body that is no text is answered as JSON.
    `token` is the place of a word that has to be the one of --verify-token, where one is given. One that is `signed`
    has its signature checked: where a known secret shows it to be wrong, it is answered 401.
    """

    when: tuple[Rule, ...]
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: str | Mapping[str, str | int] = ""
    token: str = ""
    signed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """What a provider wants fetched before it sends: done where the person asked for it alone, after the answer.

    `when` are rules; one that holds is enough. `url` is the place of the URL to get. Anyone can write one into a
    payload, so it has to be https with nothing odd about it, on a host that `host`, a regular expression, matches as a
    whole.
    """

    when: tuple[Rule, ...]
    url: str
    host: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """Where a provider can be told, after a delivery was answered, how the work that it started went.

    `at` is the place of the URL, `hosts` those that it may name (each with all below it: anyone can write a payload),
    `states` what can be told. `body` is the JSON that is sent, where {state}, {description}, {context} and {target_url}
    are filled in; a field whose word is not given is left out. `longest` has the most characters of a word. `note` is
    what a person should know before counting on it.
    """

    at: str
    hosts: tuple[str, ...]
    states: tuple[str, ...]
    body: Mapping[str, str]
    longest: Mapping[str, int] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Provider:
    """One provider.

    Who it is:
        id          the word for it on the command line and in the store
        title       its name
        docs        the address of its webhook documentation
        color       its accent, as `#rrggbb`
    Finding it:
        identify    rules; one that holds is enough. A rule that reads headers beats one that reads the body only,
                    then the rule with more conditions wins
        supersedes  providers whose headers this one sends too: where both match, this one it is
    Reading it (places; the first that holds a word counts):
        event, action, delivery_id, attempt, hook_id
        ping        rules; one that holds makes the delivery a test that asks for no work
        carries     code: the delivery inside an envelope, or None
        encryption  how bodies are encrypted: with a known secret the places are read in what they say
        summary     a line for a person, by `event.action`, `event` or `*`: see `hookcli.providers.summary`
    Answering it:
        handshake   what it wants to hear before it sends; several where it asks in several ways
        confirmation  what it wants fetched before it sends
        callback    where it can be told afterwards how it went
    Signing it:
        signatures  strongest first; alternatives for one place stand next to each other
        sends       the other headers of a delivery as the provider writes them, in its order, with {event} {id} {uuid}
                    {seconds} {milliseconds} {time} (RFC 3339) {date} (as HTTP writes it) {hex7} {hex16} {number} filled
                    in, {object} and {verb} (the event before and after its last dot), {kind} (it before its first _),
                    and {body:...} of the payload
        id_form     what its delivery ids look like
        infer       (condition, event): which event a bare payload is; the first that holds counts
        target      the path and query a delivery of it is made for
    Knowing it:
        events      the catalogue
        networks    where deliveries come from (CIDR)
        limits, notes
        sensitive   places, besides the tokens among `signatures`, that are masked when shown
    """

    id: str
    title: str
    docs: str
    color: str
    identify: tuple[Rule, ...]
    supersedes: tuple[str, ...] = ()
    event: tuple[str, ...] = ()
    action: tuple[str, ...] = ()
    delivery_id: tuple[str, ...] = ()
    attempt: tuple[str, ...] = ()
    hook_id: tuple[str, ...] = ()
    ping: tuple[Rule, ...] = ()
    carries: Callable[[Reading], Message | None] | None = None
    encryption: Encryption | None = None
    summary: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    handshake: Handshake | tuple[Handshake, ...] | None = None
    confirmation: Confirmation | None = None
    callback: Callback | None = None
    signatures: tuple[Scheme, ...] = ()
    sends: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)
    id_form: Literal["uuid", "hex32", "number"] = "uuid"
    infer: tuple[tuple[str, str], ...] = ()
    target: str = "/"
    events: tuple[Event, ...] = ()
    networks: tuple[str, ...] = ()
    limits: Limits = Limits()
    notes: tuple[str, ...] = ()
    sensitive: tuple[str, ...] = ()
