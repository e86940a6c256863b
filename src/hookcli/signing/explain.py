"""Why a signature does not hold: the mistake, or the two together, under which it would.

Each guess is proved: a mistake is named only where the signature that came is the very one that it makes. So a delivery
that was broken in some other way gets "not found", never a likely story.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hookcli.delivery import to_text
from hookcli.reading import Reading
from hookcli.signing.bodies import Variants
from hookcli.signing.mistakes import secret_of, secret_variants
from hookcli.signing.schemes import Signature, Token, claimed, where_it_stands
from hookcli.signing.search import TRIED_BODIES, TRIED_SECRETS, Foreign, Search
from hookcli.signing.template import SigningFacts
from hookcli.signing.tokens import token_mistakes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hookcli.signing.mistakes import Mistake
    from hookcli.signing.schemes import Scheme

__all__ = ["SECONDS", "Explanation", "Foreign", "explain"]

SECONDS = 0.8
"""How long the search goes on at the most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What was found: the mistakes (none where it was not), and what a person needs to look further.

    `received` is the signature that came, `expected` the one that the secret makes, `signed` the bytes that it speaks
    for (all None for a token, which is the secret itself), `tried` what was looked for, `complete` whether there was
    time for all of it.
    """

    mistakes: tuple[Mistake, ...] = ()
    scheme: str | None = None
    header: str | None = None
    received: str | None = None
    expected: str | None = None
    signed: bytes | None = None
    tried: tuple[str, ...] = ()
    complete: bool = True

    @property
    def sentence(self) -> str:
        """What was found, as one sentence."""
        if not self.mistakes:
            return "no known mistake makes this signature come true"
        return f"the signature holds for {', together with '.join(mistake.what for mistake in self.mistakes)}"


def explain(  # noqa: PLR0913 (all that the search may draw on)
    reading: Reading,
    schemes: Sequence[Scheme],
    secrets: Sequence[str],
    *,
    others: Sequence[tuple[str, str]] = (),
    foreign: Sequence[Foreign] = (),
    url: str | None = None,
    seconds: float = SECONDS,
) -> Explanation:
    """Look for the mistakes under which the strongest signature that is there holds.

    It is the one that `verify` judges: a claim that none of the secrets can be a key for counts only where there is no
    other. `others` are further secrets with whom they are for, `foreign` the schemes of other providers.
    """
    deadline = time.monotonic() + seconds
    groups = list(claimed(reading, schemes))
    fit = [group for group in groups if any(scheme.key(secret) for scheme, _ in group for secret in secrets)]
    judged = next(iter(fit or groups), [])
    maybe_token = any(isinstance(scheme, Token) for scheme, _ in judged)
    best = Explanation()
    for scheme, claim in judged:
        if isinstance(scheme, Signature):
            search = Search(
                reading=reading,
                scheme=scheme,
                claim=claim,
                secrets=secrets,
                others=others,
                foreign=foreign,
                url=url,
                deadline=deadline,
            )
            mistakes, complete = search.run()
            expected, data = search.right()
            found = Explanation(
                mistakes=mistakes,
                scheme=scheme.name,
                header=where_it_stands(scheme.at),
                # Where a token may stand as well, what is no signature is one: it is not shown.
                received=None if maybe_token and not search.looks_right() else claim,
                expected=expected,
                signed=data,
                tried=search.tried(),
                complete=complete,
            )
        elif isinstance(scheme, Token):
            # A token is the secret itself: it is not shown.
            found = Explanation(
                mistakes=token_mistakes(scheme, claim, secrets, others),
                scheme=scheme.name,
                header=where_it_stands(scheme.at),
                tried=TRIED_SECRETS,
            )
        else:
            found = _of_another_kind(scheme, claim, reading, secrets, others, url, deadline)
        if found.mistakes:
            return found
        best = best if best.scheme else found
    return best


def _of_another_kind(  # noqa: PLR0913 (all that a signature of any kind may draw on)
    scheme: Scheme,
    claim: str,
    reading: Reading,
    secrets: Sequence[str],
    others: Sequence[tuple[str, str]],
    url: str | None,
    deadline: float,
) -> Explanation:
    """The one slip in the secret, or in the body, that makes a claim of any other kind come true."""
    facts = SigningFacts(url=url)

    def holds(secret: str, changed: Reading) -> bool:
        key = scheme.key(secret)
        outcome = scheme.check(claim, changed, key, facts) if key is not None else None
        return outcome is not None and outcome.holds

    def mistakes() -> Iterator[tuple[Mistake, ...]]:
        for secret in secrets:
            yield from ((mistake,) for mistake, key in secret_variants(secret) if holds(to_text(key), reading))
        yield from ((secret_of(whose),) for whose, secret in others if holds(secret, reading))
        for body, slips in Variants(reading.message).once() if scheme.covers_body else ():
            changed = Reading(replace(reading.message, body=body))
            if time.monotonic() > deadline:
                raise TimeoutError
            yield from (slips for secret in secrets if holds(secret, changed))

    where, tried = where_it_stands(scheme.at), TRIED_SECRETS + (TRIED_BODIES if scheme.covers_body else ())
    try:
        found, complete = next(mistakes(), ()), True
    except TimeoutError:
        found, complete = (), False
    return Explanation(mistakes=found, scheme=scheme.name, header=where, received=claim, tried=tried, complete=complete)
