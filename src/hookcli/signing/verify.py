"""Checking a delivery's signature with the secrets that are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hookcli.delivery import Verdict
from hookcli.signing.schemes import claimed, where_it_stands
from hookcli.signing.template import SigningFacts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hookcli.reading import Reading
    from hookcli.signing.schemes import Outcome, Scheme

_UNCOVERED = "it does not cover the body"


def verify(  # noqa: PLR0913 (what the verdict depends on)
    reading: Reading,
    schemes: Sequence[Scheme],
    secrets: Sequence[str],
    *,
    now: datetime,
    url: str | None = None,
    tolerance: float | None = None,
    clear: Reading | None = None,
) -> Verdict:
    """What the strongest signature that is there says under these secrets.

    `now` is the moment to judge a timestamp by: when the delivery arrived. `url` is the public URL where the message
    does not tell it. `tolerance`, in seconds, stands in for the schemes' own. A weaker signature never makes up for a
    stronger one that does not hold; one that none of the secrets can be a key for is passed over. `clear` is the inside
    of a message that was encrypted: a token in there counts where nothing else is signed.
    """
    facts = SigningFacts(url=url)
    unchecked: Verdict | None = None
    for present in claimed(reading, schemes):
        outcomes = [
            (scheme, outcome)
            for scheme, claim in present
            for secret in secrets
            if (key := scheme.key(secret)) is not None
            and (outcome := scheme.check(claim, reading, key, facts)) is not None
        ]
        if outcomes:
            return _judged(outcomes, now, tolerance)
        scheme = present[0][0]
        unchecked = unchecked or _verdict(
            "no secret",
            scheme,
            "no secret of the form it needs is known" if secrets else "no secret is known to check it with",
        )
    if unchecked:
        return unchecked
    if clear is not None:
        return verify(clear, schemes, secrets, now=now, url=url, tolerance=tolerance)
    return Verdict(state="unsigned", detail="it carries no signature that this provider is known to make")


def _judged(outcomes: list[tuple[Scheme, Outcome]], now: datetime, tolerance: float | None) -> Verdict:
    for scheme, outcome in outcomes:
        if not outcome.holds:
            continue
        allowed = tolerance if tolerance is not None else scheme.tolerance
        if allowed is not None and outcome.signed_at is not None and scheme.tolerance is not None:
            age = (now - outcome.signed_at).total_seconds()
            if abs(age) > allowed:
                side = "before" if age > 0 else "after"
                detail = f"signed {_span(abs(age))} {side} it arrived; {_span(allowed)} are allowed"
                return _verdict("stale", scheme, detail)
        return _verdict("valid", scheme, "" if scheme.covers_body else _UNCOVERED)
    scheme, outcome = outcomes[0]
    return _verdict("invalid", scheme, outcome.detail)


def _verdict(state: str, scheme: Scheme, detail: str) -> Verdict:
    return Verdict(
        state=state,  # type: ignore[arg-type]
        scheme=scheme.name,
        header=where_it_stands(scheme.at),
        detail=detail or None,
    )


def _span(seconds: float) -> str:
    for unit, size in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} seconds"
