"""Why a signature does not hold: the mistake, or the two together, under which it would.

Each guess is proved: a mistake is named only where the signature that came is the very one that it makes. So a delivery
that was broken in some other way gets "not found", never a likely story.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hookcli.signing.any_scheme import Asked, fewest_mistakes
from hookcli.signing.scheme import claimed, where_it_stands
from hookcli.signing.schemes import Signature, Token
from hookcli.signing.search import TRIED_BODIES, TRIED_SECRETS, TRIED_URLS, Foreign, Search
from hookcli.signing.tokens import token_mistakes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hookcli.reading import Reading
    from hookcli.signing.mistakes import Mistake
    from hookcli.signing.scheme import Scheme

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
            found = _of_token(scheme, token_mistakes(scheme, claim, secrets, others))
        else:
            asked = Asked(scheme, claim, reading, secrets, others, url)
            mistakes, complete = fewest_mistakes(asked, deadline)
            found = Explanation(
                mistakes=mistakes,
                scheme=scheme.name,
                header=where_it_stands(scheme.at),
                received=claim,
                tried=(*TRIED_SECRETS, *(TRIED_BODIES if scheme.covers_body else ()), *TRIED_URLS),
                complete=complete,
            )
        if found.mistakes:
            return found
        best = best if best.scheme else found
    return best


def _of_token(scheme: Token, mistakes: tuple[Mistake, ...]) -> Explanation:
    return Explanation(mistakes=mistakes, scheme=scheme.name, header=where_it_stands(scheme.at), tried=TRIED_SECRETS)
