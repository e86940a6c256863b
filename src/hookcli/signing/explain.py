"""Why a signature does not hold: the mistake, or the two together, under which it would.

Each guess is proved: a mistake is named only where the signature that came is the very one that it makes. So a delivery
that was broken in some other way gets "not found", never a likely story.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
import time
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import TYPE_CHECKING, Any, NamedTuple

from hookcli.delivery import to_text, to_wire
from hookcli.reading import Reading
from hookcli.signing.mistakes import SAME_FORM, TRIM, Mistake, body_variants, secret_variants, url_variants
from hookcli.signing.schemes import (
    Hmac,
    Token,
    encode,
    where_it_stands,
)
from hookcli.signing.template import SigningFacts, signed_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hookcli.signing.schemes import Encoding, Hash, Scheme

SECONDS = 0.8
"""How long the search goes on at the most."""

MOST = 2
"""Mistakes that are looked for together."""

_HASHES: dict[int, Hash] = {16: "md5", 20: "sha1", 32: "sha256", 48: "sha384", 64: "sha512"}
"""The hash that makes a digest of so many bytes."""
_TRIED = (
    "blanks, line ends and quotes around the secret; the secret decoded, encoded, in another case",
    "the other secrets that are known",
    "the body serialised anew (compact, spaced, indented, sorted; as Python, JavaScript, PHP and Go write it)",
    "line ends, a byte order mark, blanks, the coding of the body; packed or unpacked; a form for its payload",
    "another hash, another encoding of the digest, another prefix",
    "other URLs, as before a proxy",
    "the schemes of the other providers",
)


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


class Foreign(NamedTuple):
    """A scheme of another provider, with that provider's name."""

    provider: str
    scheme: Hmac


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
        if isinstance(scheme, Hmac):
            search = _Search(
                reading=reading,
                scheme=scheme,
                claim=claim,
                secrets=secrets,
                others=others,
                foreign=foreign,
                url=url,
                deadline=time.monotonic() + seconds,
            )
            found = search.run()
        elif isinstance(scheme, Token):
            found = _explain_token(scheme, claim, secrets, others)
        else:
            found = _explain_secret(scheme, claim, reading, secrets, others, url)
        if found.mistakes:
            return found
        best = best if best.scheme else found
    return best


class _Guess(NamedTuple):
    """What may have been signed, and with what key: the mistakes that this would take, none where all is right."""

    mistakes: tuple[Mistake, ...]
    key: bytes
    body: Reading
    url: str | None
    template: Hmac


@dataclass(frozen=True, slots=True, kw_only=True)
class _Search:
    """The search for one scheme's claim: keys, bodies, URLs and templates, singly and in pairs."""

    reading: Reading
    scheme: Hmac
    claim: str
    secrets: Sequence[str]
    others: Sequence[tuple[str, str]]
    foreign: Sequence[Foreign]
    url: str | None
    deadline: float

    def run(self) -> Explanation:
        """The explanation, with what is needed to look further."""
        complete = True
        found: tuple[Mistake, ...] = ()
        try:
            found = self._fewest()
        except TimeoutError:
            complete = False
        key = next((key for secret in self.secrets if (key := self.scheme.key(secret)) is not None), b"")
        data = self._signed(_Guess((), key, self.reading, self.url, self.scheme))
        expected = encode(hmac.digest(key, data, self.scheme.hash), self.scheme.encoding) if key and data else None
        return Explanation(
            mistakes=found,
            scheme=self.scheme.name,
            header=where_it_stands(self.scheme.at),
            received=self.claim,
            expected=f"{self.scheme.prefix}{expected}" if expected else None,
            signed=data,
            complete=complete,
        )

    def _fewest(self) -> tuple[Mistake, ...]:
        """The fewest mistakes that make the claim come true. Raises TimeoutError when there is no time left."""
        digests = list(_digests(self.claim, self.scheme))
        best: tuple[Mistake, ...] = ()
        for number in range(MOST + 1):
            for guess in self._guesses(number):
                for written in self._holds(guess, digests):
                    mistakes = guess.mistakes + written
                    if len(mistakes) <= MOST and (not best or len(mistakes) < len(best)):
                        best = mistakes
                if 0 < len(best) <= number:
                    return best
        return best

    def _guesses(self, number: int) -> Iterator[_Guess]:
        """Every guess with so many mistakes, each in another place, or two in the secret."""
        right: tuple[list[Any], ...] = (
            [key for secret in self.secrets if (key := self.scheme.key(secret)) is not None],
            [self.reading],
            [self.url],
            [self.scheme],
        )
        wrong: tuple[list[tuple[Mistake, Any]], ...] = (
            list(self._keys()),
            list(self._bodies()),
            list(self._urls()),
            list(self._templates()),
        )
        for chosen in combinations(range(len(right)), number):
            choices = [
                wrong[place] if place in chosen else [(None, one) for one in right[place]]
                for place in range(len(right))
            ]
            for guess in product(*choices):
                mistakes = tuple(mistake for mistake, _ in guess if mistake)
                yield _Guess(mistakes, *(value for _, value in guess))
        if number == MOST:
            yield from self._twice_in_the_secret()

    def _twice_in_the_secret(self) -> Iterator[_Guess]:
        for secret in self.secrets:
            seen = {to_wire(secret), self.scheme.key(secret)}
            for first, key in secret_variants(secret):
                for second, again in secret_variants(to_text(key)):
                    if again not in seen:
                        seen.add(again)
                        yield _Guess((first, second), again, self.reading, self.url, self.scheme)

    def _holds(self, guess: _Guess, digests: list[tuple[bytes, tuple[Mistake, ...]]]) -> Iterator[tuple[Mistake, ...]]:
        """For each way in which the guess makes the claim come true, the mistakes in how its digest is written."""
        if time.monotonic() > self.deadline:
            raise TimeoutError
        data = self._signed(guess)
        if data is None:
            return
        for digest, mistakes in digests:
            name = _HASHES.get(len(digest))
            if name and hmac.compare_digest(hmac.digest(guess.key, data, name), digest):
                yield mistakes if name == self.scheme.hash else (_other_hash(name, self.scheme.hash), *mistakes)

    def _signed(self, guess: _Guess) -> bytes | None:
        scheme = guess.template
        timestamp = scheme.claimed_timestamp(self.claim, guess.body)
        if timestamp is None:
            return None
        facts = SigningFacts(url=guess.url, id=(guess.body.word(scheme.id) or "") if scheme.id else "")
        return signed_bytes(scheme.signed, guess.body, guess.key, facts, timestamp)

    def _keys(self) -> Iterator[tuple[Mistake, bytes]]:
        for secret in self.secrets:
            # A secret that this scheme decodes may still be what the sender used letter for letter.
            if self.scheme.key(secret) != to_wire(secret):
                yield Mistake("the secret as plain text, not decoded", SAME_FORM), to_wire(secret)
            yield from secret_variants(secret)
        for whose, secret in self.others:
            key = self.scheme.key(secret)
            if key is not None:
                yield _secret_of(whose), key

    def _bodies(self) -> Iterator[tuple[Mistake, Reading]]:
        if self.scheme.covers_body:
            for mistake, body in body_variants(self.reading.message):
                yield mistake, Reading(replace(self.reading.message, body=body))

    def _urls(self) -> Iterator[tuple[Mistake, str]]:
        return url_variants(self.reading.message, self.url) if "{url}" in self.scheme.signed else iter(())

    def _templates(self) -> Iterator[tuple[Mistake, Hmac]]:
        seen = {self.scheme.signed}
        fix = f"Sign {self.scheme.signed!r}, as the provider does."
        if self.scheme.signed != "{body}":
            seen.add("{body}")
            yield Mistake("the body alone", fix), replace(self.scheme, signed="{body}", timestamp="", id="")
        for provider, scheme in self.foreign:
            if scheme.signed not in seen:
                seen.add(scheme.signed)
                yield Mistake(f"{scheme.signed!r}, which is what {provider} signs", fix), scheme


def _secret_of(whose: str) -> Mistake:
    return Mistake(
        f"the secret for {whose}", "Give that secret to this provider, or correct it where the hook is set up."
    )


def _other_hash(used: Hash, declared: Hash) -> Mistake:
    return Mistake(f"the hash {used}, where {declared} belongs", f"Use {declared} on both sides.")


def _digests(claim: str, scheme: Hmac) -> Iterator[tuple[bytes, tuple[Mistake, ...]]]:
    """The digests that a claim may stand for, with how it is written otherwise than it should be."""
    for one in scheme.claims(claim):
        own = one.startswith(scheme.prefix)
        text = one.removeprefix(scheme.prefix) if own else re.sub(r"^\w{1,8}[=,:]", "", one)
        fix = f"Write it as {scheme.prefix}{scheme.encoding}."
        prefix = () if own else (Mistake(f"a signature that does not begin with {scheme.prefix}", fix),)
        for digest, form, exact in _decoded(text):
            right = form == scheme.encoding and exact
            written = f"a digest in {form}" + ("" if form != scheme.encoding else " that is written otherwise")
            yield digest, prefix if right else (*prefix, Mistake(f"{written}, where {scheme.encoding} belongs", fix))


def _decoded(text: str) -> Iterator[tuple[bytes, Encoding, bool]]:
    """The bytes of a digest, the encoding, and whether it is written just as `encode` writes it."""
    bare = text.strip()
    try:
        digest = bytes.fromhex(bare)
        yield digest, "hex", text == encode(digest, "hex")
    except ValueError:
        pass
    forms: tuple[tuple[Encoding, str], ...] = (("base64", "+/"), ("base64url", "-_"))
    for form, letters in forms:
        try:
            padded = bare.rstrip("=") + "=" * (-len(bare.rstrip("=")) % 4)
            digest = base64.b64decode(padded, altchars=letters.encode(), validate=True)
        except (ValueError, binascii.Error):
            continue
        if digest:
            yield digest, form, text == encode(digest, form)


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
        tried=_TRIED[:2],
    )


def _explain_secret(  # noqa: PLR0913 (all that the search may draw on)
    scheme: Scheme,
    claim: str,
    reading: Reading,
    secrets: Sequence[str],
    others: Sequence[tuple[str, str]],
    url: str | None,
) -> Explanation:
    """Which slip in the secret alone makes a signature of another kind come true."""
    facts = SigningFacts(url=url)

    def holds(secret: str) -> bool:
        key = scheme.key(secret)
        outcome = scheme.check(claim, reading, key, facts) if key is not None else None
        return outcome is not None and outcome.holds

    slips = (
        *((mistake, to_text(key)) for secret in secrets for mistake, key in secret_variants(secret)),
        *((_secret_of(whose), secret) for whose, secret in others),
    )
    return Explanation(
        mistakes=next(((mistake,) for mistake, secret in slips if holds(secret)), ()),
        scheme=scheme.name,
        header=where_it_stands(scheme.at),
        received=claim,
        tried=_TRIED[:2],
    )


def _token_mistake(sent: bytes, secrets: Sequence[str], others: Sequence[tuple[str, str]]) -> Mistake | None:
    for secret in secrets:
        for mistake, key in secret_variants(secret):
            if hmac.compare_digest(key, sent):
                return mistake
        if sent.strip() == to_wire(secret):
            return Mistake("the secret with blanks around the token that was sent", TRIM)
    return next((_secret_of(whose) for whose, secret in others if hmac.compare_digest(to_wire(secret), sent)), None)
