"""What can be found out about a message: who sent it, whether its signature holds, and a line for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hookcli.delivery import to_unicode
from hookcli.identify import identity_of, matches
from hookcli.providers.registry import providers
from hookcli.providers.summary import summarise
from hookcli.reading import Reading
from hookcli.signing.explain import SECONDS, Explanation, Foreign, explain
from hookcli.signing.schemes import Signature
from hookcli.signing.verify import verify

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hookcli.delivery import Identity, Message, Verdict
    from hookcli.providers.spec import Provider
    from hookcli.signing.secrets import Secrets


class Findings(NamedTuple):
    """Identity, verdict and summary of one message, and the reading that they came from.

    That is of the inside of it, where it was encrypted and a secret opens it.
    """

    identity: Identity
    verdict: Verdict
    summary: str
    reading: Reading


def examine(message: Message, secrets: Secrets, *, now: datetime, taken_as: Provider | None = None) -> Findings:
    """Look at a message that arrived `now`; `taken_as` is its provider where the person says so."""
    came = Reading(message)
    declared = taken_as or whose(came)
    known = secrets.of(declared.id)
    clear = opened(came, declared, known)
    identity = identity_of(clear or came, declared)
    verdict = verify(came, declared.signatures, known, now=now, clear=clear)
    reading = clear or came
    return Findings(identity, verdict, to_unicode(_summary(reading, identity, declared)), reading)


def whose(reading: Reading) -> Provider:
    """The provider that sent a message; `unknown` where no rule holds."""
    held = matches(reading)
    return held[0].provider if held else providers()["unknown"]


def opened(reading: Reading, provider: Provider, secrets: Sequence[str]) -> Reading | None:
    """The inside of a message that its provider encrypted; None where it is not, or none of the secrets opens it."""
    return provider.encryption.opened(reading, secrets) if provider.encryption else None


def explain_verdict(
    message: Message, provider: Provider, secrets: Secrets, *, url: str | None = None, seconds: float = SECONDS
) -> Explanation:
    """Why the signature of a message of this provider does not hold under these secrets."""
    return explain(
        Reading(message),
        provider.signatures,
        secrets.of(provider.id),
        others=secrets.of_others(provider.id),
        foreign=[
            Foreign(other.title, scheme)
            for other in providers().values()
            if other.id != provider.id
            for scheme in other.signatures
            if isinstance(scheme, Signature)
        ],
        url=url,
        seconds=seconds,
    )


def _summary(reading: Reading, identity: Identity, declared: Provider) -> str:
    own = summarise(reading, identity, declared.summary)
    inner = declared.carries(reading) if identity.carries and declared.carries else None
    if inner is None or identity.carries is None:
        return own
    carried = identity.carries
    theirs = summarise(Reading(inner), carried, providers()[carried.provider].summary)
    return f"{carried.provider}: {theirs}" if theirs else own
