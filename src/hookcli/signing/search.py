"""The search for the mistakes under which a signature comes true: in key, body, URL and template, up to two at once.

A guess is held against the claim itself. An HMAC's claim is a digest, from which more can be read: another hash,
another encoding, another template. Any other scheme is only asked whether its claim holds.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
import time
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations, product
from typing import TYPE_CHECKING, Any, NamedTuple

from hookcli.delivery import to_text, to_wire
from hookcli.reading import Reading
from hookcli.signing.jws import Jws
from hookcli.signing.mistakes import SAME_FORM, Mistake, body_variants, secret_variants, url_variants
from hookcli.signing.public_key import KeyPair
from hookcli.signing.schemes import Hmac, Signature, encode
from hookcli.signing.template import SigningFacts, signed_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hookcli.signing.schemes import Encoding, Hash, Scheme

MOST = 2
"""Mistakes that are looked for together."""

_HASHES: dict[int, Hash] = {16: "md5", 20: "sha1", 32: "sha256", 48: "sha384", 64: "sha512"}
"""The hash that makes a digest of so many bytes."""


class Foreign(NamedTuple):
    """A scheme of another provider, with that provider's name."""

    provider: str
    scheme: Hmac


class Guess(NamedTuple):
    """What may have been signed, and with what key: the mistakes that this would take, none where all is right."""

    mistakes: tuple[Mistake, ...]
    key: bytes
    body: Reading
    url: str | None
    scheme: Scheme


@dataclass(frozen=True, slots=True)
class Search:
    """The search for one scheme's claim, until the deadline (as `time.monotonic` counts)."""

    reading: Reading
    scheme: Scheme
    claim: str
    secrets: Sequence[str]
    others: Sequence[tuple[str, str]]
    url: str | None
    deadline: float

    def fewest(self) -> tuple[Mistake, ...]:
        """The fewest mistakes that make the claim come true. Raises TimeoutError when there is no time left."""
        best: tuple[Mistake, ...] = ()
        for number in range(MOST + 1):
            for guess in self._guesses(number):
                if time.monotonic() > self.deadline:
                    raise TimeoutError
                for written in self.holds(guess):
                    mistakes = guess.mistakes + written
                    if len(mistakes) <= MOST and (not best or len(mistakes) < len(best)):
                        best = mistakes
                if 0 < len(best) <= number:
                    return best
        return best

    def holds(self, guess: Guess) -> Iterator[tuple[Mistake, ...]]:
        """For each way in which the guess makes the claim come true, the mistakes in how the claim is written."""
        outcome = self.scheme.check(self.claim, guess.body, guess.key, SigningFacts(url=guess.url))
        if outcome is not None and outcome.holds:
            yield ()

    def as_it_should_be(self) -> tuple[bytes | None, str | None]:
        """The bytes that the signature speaks for, and the one that the secret makes; None for what can't be had."""
        key = next((key for secret in self.secrets if (key := self.scheme.key(secret)) is not None), b"")
        if not isinstance(self.scheme, Signature):
            return None, None
        data = _signed(Guess((), key, self.reading, self.url, self.scheme), self.claim)
        made = self.scheme.made(data, key) if data and key and not isinstance(self.scheme, KeyPair) else None
        return data, self.scheme.prefix + encode(made, self.scheme.encoding) if made else None

    def _guesses(self, number: int) -> Iterator[Guess]:
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
            list(self.templates()),
        )
        for chosen in combinations(range(len(right)), number):
            choices = [
                wrong[place] if place in chosen else [(None, one) for one in right[place]]
                for place in range(len(right))
            ]
            for guess in product(*choices):
                mistakes = tuple(mistake for mistake, _ in guess if mistake)
                yield Guess(mistakes, *(value for _, value in guess))
        if number == MOST and not isinstance(self.scheme, KeyPair):
            yield from self._twice_in_the_secret()

    def _twice_in_the_secret(self) -> Iterator[Guess]:
        for secret in self.secrets:
            seen = {to_wire(secret), self.scheme.key(secret)}
            for first, key in secret_variants(secret):
                for second, again in secret_variants(to_text(key)):
                    if again not in seen:
                        seen.add(again)
                        yield Guess((first, second), again, self.reading, self.url, self.scheme)

    def _keys(self) -> Iterator[tuple[Mistake, bytes]]:
        # A key pair's secret is no text that could be written otherwise.
        for secret in self.secrets if not isinstance(self.scheme, KeyPair) else ():
            # A secret that this scheme decodes may still be what the sender used letter for letter.
            if self.scheme.key(secret) != to_wire(secret):
                yield Mistake("the secret as plain text, not decoded", SAME_FORM), to_wire(secret)
            yield from secret_variants(secret)
        for whose, secret in self.others:
            key = self.scheme.key(secret)
            if key is not None:
                yield the_secret_of(whose), key

    def _bodies(self) -> Iterator[tuple[Mistake, Reading]]:
        if self.scheme.covers_body:
            for mistake, body in body_variants(self.reading.message):
                yield mistake, Reading(replace(self.reading.message, body=body))

    def _urls(self) -> Iterator[tuple[Mistake, str]]:
        return url_variants(self.reading.message, self.url) if _speaks_for_url(self.scheme) else iter(())

    def templates(self) -> Iterator[tuple[Mistake, Scheme]]:
        """Other schemes that may have been used in the place of this one."""
        return iter(())


@dataclass(frozen=True, slots=True)
class DigestSearch(Search):
    """The search for what an HMAC's digest is of; `foreign` are the schemes of other providers."""

    scheme: Hmac
    foreign: Sequence[Foreign] = ()

    def holds(self, guess: Guess) -> Iterator[tuple[Mistake, ...]]:
        """For each way in which the guess makes the claim come true, the mistakes in how the digest is written."""
        data = _signed(guess, self.claim)
        if data is None:
            return
        for digest, mistakes in _digests(self.claim, self.scheme):
            name = _HASHES.get(len(digest))
            if name and hmac.compare_digest(hmac.digest(guess.key, data, name), digest):
                yield mistakes if name == self.scheme.hash else (_other_hash(name, self.scheme.hash), *mistakes)

    def templates(self) -> Iterator[tuple[Mistake, Scheme]]:
        """The templates of other providers, and the body alone."""
        seen = {self.scheme.signed}
        fix = f"Sign {self.scheme.signed!r}, as the provider does."
        if self.scheme.signed != "{body}":
            seen.add("{body}")
            yield Mistake("the body alone", fix), replace(self.scheme, signed="{body}", timestamp="", id="")
        for provider, scheme in self.foreign:
            if scheme.signed not in seen:
                seen.add(scheme.signed)
                yield Mistake(f"{scheme.signed!r}, which is what {provider} signs", fix), scheme


def _signed(guess: Guess, claim: str) -> bytes | None:
    scheme = guess.scheme
    if not isinstance(scheme, Signature):
        return None
    timestamp = scheme.claimed_timestamp(claim, guess.body)
    if timestamp is None:
        return None
    facts = SigningFacts(url=guess.url, id=(guess.body.word(scheme.id) or "") if scheme.id else "")
    return signed_bytes(scheme.signed, guess.body, scheme.shared(guess.key), facts, timestamp)


def _speaks_for_url(scheme: Scheme) -> bool:
    if isinstance(scheme, Jws):
        return any("{url}" in value for _, value in scheme.claims)
    return isinstance(scheme, Signature) and "{url}" in scheme.signed


def the_secret_of(whose: str) -> Mistake:
    """The mistake of having given somebody else's secret."""
    return Mistake(
        f"the secret for {whose}", "Give that secret to this provider, or correct it where the hook is set up."
    )


def _other_hash(used: Hash, declared: Hash) -> Mistake:
    return Mistake(f"the hash {used}, where {declared} belongs", f"Use {declared} on both sides.")


@lru_cache(maxsize=1)
def _digests(claim: str, scheme: Hmac) -> tuple[tuple[bytes, tuple[Mistake, ...]], ...]:
    """The digests that a claim may stand for, with how it is written otherwise than it should be."""
    return tuple(_read_digests(claim, scheme))


def _read_digests(claim: str, scheme: Hmac) -> Iterator[tuple[bytes, tuple[Mistake, ...]]]:
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
