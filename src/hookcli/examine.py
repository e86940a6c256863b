"""What can be found out about a message: who sent it, whether its signature holds, and a line for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hookcli.delivery import to_unicode
from hookcli.identify import identify, identity_of
from hookcli.providers.registry import providers
from hookcli.providers.summary import summarise
from hookcli.reading import Reading
from hookcli.signing.explain import SECONDS, Explanation, Foreign, explain
from hookcli.signing.schemes import Signature
from hookcli.signing.verify import verify

if TYPE_CHECKING:
    from datetime import datetime

    from hookcli.delivery import Identity, Message, Verdict
    from hookcli.providers.spec import Provider
    from hookcli.signing.secrets import Secrets


class Findings(NamedTuple):
    """Identity, verdict and summary of one message, and the reading that they came from."""

    identity: Identity
    verdict: Verdict
    summary: str
    reading: Reading


def examine(message: Message, secrets: Secrets, *, now: datetime, taken_as: Provider | None = None) -> Findings:
    """Look at a message that arrived `now`; `taken_as` is its provider where the person says so."""
    reading = Reading(message)
    identity = identity_of(reading, taken_as) if taken_as else identify(reading)
    declared = providers()[identity.provider]
    verdict = verify(reading, declared.signatures, secrets.of(identity.provider), now=now)
    return Findings(identity, verdict, to_unicode(_summary(reading, identity, declared)), reading)


def explain_verdict(
    message: Message, provider: Provider, secrets: Secrets, *, url: str | None = None, seconds: float = SECONDS
) -> Explanation:
    """Why the signature of a message of this provider does not hold under these secrets."""
    return explain(
        Reading(message),
        provider.signatures,
        secrets.of(provider.id),
        others=[(name, secret) for name, secret in secrets.pairs if name is not None and name != provider.id],
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
