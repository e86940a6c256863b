"""Why a signature does not hold: the mistake, or the two together, under which it would.

Each guess is proved: a mistake is named only where the signature that came is the very one that it makes. So a delivery
that was broken in some other way gets "not found", never a likely story.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hookcli.delivery import to_wire
from hookcli.signing.mistakes import TRIM, Mistake, secret_variants
from hookcli.signing.public_key import KeyPair
from hookcli.signing.schemes import Hmac, Token, where_it_stands
from hookcli.signing.search import DigestSearch, Foreign, Search, the_secret_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hookcli.reading import Reading
    from hookcli.signing.schemes import Scheme

__all__ = ["SECONDS", "Explanation", "Foreign", "explain"]

SECONDS = 0.8
"""How long the search goes on at the most."""

_TRIED = (
    "blanks, line ends and quotes around the secret; the secret decoded, encoded, in another case",
    "the other secrets that are known",
    "the body serialised anew (compact, spaced, indented, sorted; as Python, JavaScript, PHP and Go write it)",
    "line ends, a byte order mark, blanks, the coding of the body; packed or unpacked; a form for its payload",
    "another hash, another encoding of the digest, another prefix",
    "other URLs, as before a proxy",
    "the schemes of the other providers",
)
_SECRETS, _OTHERS, _BODIES, _LINES, _DIGESTS, _URLS, _SCHEMES = _TRIED
_TRIED_OF_KEYS = (_OTHERS, _BODIES, _LINES, _URLS)
_TRIED_OF_OTHERS = (_SECRETS, *_TRIED_OF_KEYS)


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
    tried: tuple[str, ...] = _TRIED
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

    `others` are further secrets with whom they are for, `foreign` the schemes of other providers.
    """
    present = [(scheme, claim) for scheme in schemes if (claim := scheme.claim(reading)) is not None]
    best = Explanation()
    for scheme, claim in present:
        if scheme.at != present[0][0].at:
            break
        if isinstance(scheme, Token):
            found = _explain_token(scheme, claim, secrets, others)
        elif isinstance(scheme, Hmac):
            found = _explained(
                DigestSearch(reading, scheme, claim, secrets, others, url, time.monotonic() + seconds, foreign), _TRIED
            )
        else:
            search = Search(reading, scheme, claim, secrets, others, url, time.monotonic() + seconds)
            found = _explained(search, _TRIED_OF_KEYS if isinstance(scheme, KeyPair) else _TRIED_OF_OTHERS)
        if found.mistakes:
            return found
        best = best if best.scheme else found
    return best


def _explained(search: Search, tried: tuple[str, ...]) -> Explanation:
    """What a search finds, with what is needed to look further."""
    complete = True
    found: tuple[Mistake, ...] = ()
    try:
        found = search.fewest()
    except TimeoutError:
        complete = False
    signed, expected = search.as_it_should_be()
    return Explanation(
        mistakes=found,
        scheme=search.scheme.name,
        header=where_it_stands(search.scheme.at),
        received=search.claim,
        expected=expected,
        signed=signed,
        tried=tried,
        complete=complete,
    )


def _explain_token(scheme: Token, claim: str, secrets: Sequence[str], others: Sequence[tuple[str, str]]) -> Explanation:
    """Which slip makes a shared token equal."""
    sent = to_wire(claim) if scheme.style == "plain" else to_wire(claim[len(scheme.style) + 1 :].strip())
    if scheme.style == "basic":
        try:
            sent = base64.b64decode(sent)
        except (ValueError, binascii.Error):
            sent = b""
    found = _token_mistake(sent, secrets, others)
    return Explanation(
        mistakes=(found,) if found else (),
        scheme=scheme.name,
        header=where_it_stands(scheme.at),
        tried=(_SECRETS, _OTHERS),
    )


def _token_mistake(sent: bytes, secrets: Sequence[str], others: Sequence[tuple[str, str]]) -> Mistake | None:
    for secret in secrets:
        for mistake, key in secret_variants(secret):
            if hmac.compare_digest(key, sent):
                return mistake
        if sent.strip() == to_wire(secret):
            return Mistake("the secret with blanks around the token that was sent", TRIM)
    return next((the_secret_of(whose) for whose, secret in others if hmac.compare_digest(to_wire(secret), sent)), None)
