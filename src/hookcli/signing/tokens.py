"""Why a shared token is not the secret: which slip makes the two equal."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from hookcli.delivery import to_text, to_wire
from hookcli.signing.mistakes import TRIM, Mistake, secret_of, secret_variants

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hookcli.signing.schemes import Token


def token_mistakes(
    scheme: Token, claim: str, secrets: Sequence[str], others: Sequence[tuple[str, str]]
) -> tuple[Mistake, ...]:
    """The fewest slips under which the token is the secret, one in each at the most; none where there are none such."""
    sent = scheme.sent(claim)
    if sent is None:
        return ()
    tokens: list[tuple[tuple[Mistake, ...], bytes]] = [((), sent)]
    tokens += [((mistake,), token) for mistake, token in _tokens(sent, scheme)]
    keys: list[tuple[tuple[Mistake, ...], bytes]] = []
    for secret in secrets:
        keys.append(((), to_wire(secret)))
        keys += [((mistake,), key) for mistake, key in secret_variants(secret)]
    keys += [((secret_of(whose),), to_wire(secret)) for whose, secret in others]
    found = [
        (*token_mistake, *key_mistake)
        for token_mistake, token in tokens
        for key_mistake, key in keys
        if hmac.compare_digest(token, key)
    ]
    return min(found, key=len, default=())


def _tokens(sent: bytes, scheme: Token) -> Iterator[tuple[Mistake, bytes]]:
    """What the token may have been meant to be."""
    seen = {sent, b""}
    for token, mistake in _meant(sent, scheme):
        if token not in seen:
            seen.add(token)
            yield mistake, token


def _meant(sent: bytes, scheme: Token) -> Iterator[tuple[bytes, Mistake]]:
    yield sent.strip(), Mistake("the secret with blanks around the token that was sent", TRIM)
    word, blank, rest = sent.partition(b" ")
    if blank and scheme.style == "plain":
        fix = "Send the secret alone, or take the word for a part of it."
        yield rest.strip(), Mistake(f"the token behind the word {to_text(word)}, which does not belong there", fix)
    if scheme.style == "basic":
        user, _, password = sent.partition(b":")
        fix = "Give the secret as user:password, with the name that the provider sends."
        yield password, Mistake(f"the password alone: it is sent with the user name {to_text(user)}", fix)
    plus = Mistake("the token with + for each blank: a + in a query means a blank", "Write + as %2B in the URL.")
    yield sent.replace(b" ", b"+"), plus
