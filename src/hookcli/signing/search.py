"""The search for the mistakes under which a signature holds: over keys, bodies, timestamps, URLs and templates."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from hookcli.delivery import to_text, to_wire
from hookcli.reading import Reading
from hookcli.signing.bodies import LARGE, Variants
from hookcli.signing.key_forms import key_variants
from hookcli.signing.mistakes import SAME_FORM, Mistake, secret_of, secret_variants, url_variants
from hookcli.signing.moments import around_arrival, moment_variants
from hookcli.signing.public_key import KeyPair
from hookcli.signing.template import SigningFacts, signed_bytes
from hookcli.signing.written import candidates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from hookcli.signing.schemes import Signature

MOST = 2
"""Mistakes that are looked for together."""


class Foreign(NamedTuple):
    """A scheme of another provider, with that provider's name."""

    provider: str
    scheme: Signature


TRIED_SECRETS = (
    "blanks, line ends and quotes around the secret; the secret decoded, encoded, in another case",
    "the other secrets that are known",
)
_TRIED_KEYS = (
    "the key in another form: PEM without line ends, base64, hex, a certificate, OpenSSH's",
    "the other keys that are known",
)
TRIED_BODIES = (
    "the body serialised anew (compact, spaced, indented, sorted; as Python, JavaScript, PHP and Go write it)",
    "line ends, a byte order mark, blanks, the coding of the body; packed or unpacked; a form for its payload",
)
_TRIED_MOMENTS = ("the timestamp in another unit or form, of another header, around the arrival",)
_TRIED_URLS = ("other URLs, as before a proxy",)
_TRIED_REST = ("another hash, another encoding of the digest, another prefix", "the schemes of the other providers")


class _Guess(NamedTuple):
    """What may have been signed, and with what key: with the mistakes that this would take, none where all is right."""

    secret: str
    key: bytes | None
    body: Reading
    url: str | None
    moment: str | None
    template: Signature
    mistakes: tuple[Mistake, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Search:
    """The search for one scheme's claim: keys, bodies, timestamps, URLs and templates, singly and in pairs."""

    reading: Reading
    scheme: Signature
    claim: str
    secrets: Sequence[str]
    others: Sequence[tuple[str, str]]
    foreign: Sequence[Foreign]
    url: str | None
    deadline: float

    def run(self) -> tuple[tuple[Mistake, ...], bool]:
        """The fewest mistakes that make the claim come true, none where none do; and whether there was time for all."""
        try:
            return self._fewest(), len(self.reading.message.body) <= LARGE
        except TimeoutError:
            return (), False

    def looks_right(self) -> bool:
        """Whether the claim is written as a signature of this scheme is."""
        return any(not one.mistakes for one in candidates(self.claim, self.scheme))

    def right(self) -> tuple[str | None, bytes | None]:
        """The signature that would hold, where the key can make it, and the bytes that it speaks for."""
        guess = next((guess for guess in self._right if guess.key is not None), None)
        data = self._signed(guess) if guess else None
        return (self._expected(guess.key, data) if guess and guess.key and data is not None else None), data

    def _expected(self, key: bytes, data: bytes) -> str | None:
        """The signature that would hold; None where the key can't sign, or never makes the same one twice."""
        if isinstance(self.scheme, KeyPair) and self.scheme.algorithm == "ecdsa":
            return None
        signature = self.scheme.made(data, key)
        timestamp = self.scheme.claimed_timestamp(self.claim, self.reading) or ""
        return None if signature is None else self.scheme.written(signature, timestamp)

    def tried(self) -> tuple[str, ...]:
        """What is looked for."""
        return (
            *(_TRIED_KEYS if isinstance(self.scheme, KeyPair) else TRIED_SECRETS),
            *(TRIED_BODIES if self.scheme.covers_body else ()),
            *(_TRIED_MOMENTS if self.scheme.timestamp else ()),
            *(_TRIED_URLS if "{url}" in self.scheme.signed else ()),
            *_TRIED_REST,
        )

    def _fewest(self) -> tuple[Mistake, ...]:
        """The fewest mistakes that make the claim come true. Raises TimeoutError when there is no time left."""
        meant = candidates(self.claim, self.scheme)
        best: tuple[Mistake, ...] = ()
        for number, guesses in enumerate((self._none, self._one, self._two)):
            for guess in guesses():
                if time.monotonic() > self.deadline:
                    raise TimeoutError
                if guess.key is None or len(guess.mistakes) > MOST or (data := self._signed(guess)) is None:
                    continue
                for candidate in meant:
                    mistakes = guess.mistakes + candidate.mistakes
                    if (
                        len(mistakes) <= MOST
                        and (not best or len(mistakes) < len(best))
                        and candidate.holds(data, guess.key)
                    ):
                        best = mistakes
                if 0 < len(best) <= number:
                    return best
            if 0 < len(best) <= number + 1:
                return best
        return best

    def _signed(self, guess: _Guess) -> bytes | None:
        scheme = guess.template
        moment = guess.moment
        if moment is None:
            moment = scheme.claimed_timestamp(self.claim, self.reading)
        if moment is None or not self.scheme.body_fits(guess.body):
            return None
        facts = SigningFacts(url=guess.url, id=(self.reading.word(scheme.id) or "") if scheme.id else "")
        return signed_bytes(scheme.signed, guess.body, scheme.shared(guess.key or b""), facts, moment)

    @cached_property
    def _right(self) -> list[_Guess]:
        """The guesses without a mistake: one for each secret that may be right."""
        return [
            _Guess(secret, self.scheme.key(secret), self.reading, self.url, None, self.scheme)
            for secret in self.secrets or [""]
        ]

    def _none(self) -> Iterator[_Guess]:
        yield from self._right

    def _one(self) -> Iterator[_Guess]:
        for place in self._places:
            for guess in self._right:
                yield from place(guess)
        if self.scheme.timestamp:
            yield from self._around_arrival()

    def _two(self) -> Iterator[_Guess]:
        """Two mistakes in different places, or two in the secret or in the body."""
        for guess in self._right:
            yield from self._two_keys(guess)
        yield from self._two_bodies()
        for number, first in enumerate(self._places):
            for guess in self._right:
                for changed in first(guess):
                    for second in self._places[number + 1 :]:
                        yield from second(changed)

    @property
    def _places(self) -> tuple[Callable[[_Guess], Iterator[_Guess]], ...]:
        """What may be wrong. The body comes first: of two places, the variants of the first are made once."""
        return (self._bodies, self._keys, self._moments, self._urls, self._templates)

    @cached_property
    def _variants(self) -> Variants:
        return Variants(self.reading.message)

    def _bodies(self, guess: _Guess) -> Iterator[_Guess]:
        if self.scheme.covers_body:
            for body, mistakes in self._variants.once():
                yield self._with_body(guess, body, mistakes)

    def _two_bodies(self) -> Iterator[_Guess]:
        if self.scheme.covers_body:
            for body, mistakes in self._variants.twice():
                for guess in self._right:
                    yield self._with_body(guess, body, mistakes)

    def _with_body(self, guess: _Guess, body: bytes, mistakes: tuple[Mistake, ...]) -> _Guess:
        changed = Reading(replace(self.reading.message, body=body))
        return guess._replace(body=changed, mistakes=guess.mistakes + mistakes)

    def _keys(self, guess: _Guess) -> Iterator[_Guess]:
        for mistake, key in self._other_keys(guess.secret):
            yield guess._replace(key=key, mistakes=(*guess.mistakes, mistake))
        if guess.secret == self._right[0].secret:
            for whose, secret in self.others:
                yield guess._replace(key=self.scheme.key(secret), mistakes=(*guess.mistakes, secret_of(whose)))

    def _other_keys(self, secret: str) -> Iterator[tuple[Mistake, bytes]]:
        if isinstance(self.scheme, KeyPair):
            yield from key_variants(self.scheme, secret)
            return
        # A secret that this scheme decodes may still be what the sender used letter for letter.
        if self.scheme.key(secret) != to_wire(secret):
            yield Mistake("the secret as plain text, not decoded", SAME_FORM), to_wire(secret)
        yield from secret_variants(secret)

    def _two_keys(self, guess: _Guess) -> Iterator[_Guess]:
        if isinstance(self.scheme, KeyPair):
            return
        seen = {to_wire(guess.secret), guess.key}
        for first, key in secret_variants(guess.secret):
            for second, again in secret_variants(to_text(key)):
                if again not in seen:
                    seen.add(again)
                    yield guess._replace(key=again, mistakes=(first, second))

    def _moments(self, guess: _Guess) -> Iterator[_Guess]:
        for mistake, moment in moment_variants(self.scheme, self.claim, self.reading):
            yield guess._replace(moment=moment, mistakes=(*guess.mistakes, mistake))

    def _around_arrival(self) -> Iterator[_Guess]:
        for guess in self._right:
            for mistake, moment in around_arrival(self.scheme, self.claim, self.reading):
                yield guess._replace(moment=moment, mistakes=(mistake,))

    def _urls(self, guess: _Guess) -> Iterator[_Guess]:
        if "{url}" in self.scheme.signed:
            for mistake, url in url_variants(self.reading.message, self.url):
                yield guess._replace(url=url, mistakes=(*guess.mistakes, mistake))

    def _templates(self, guess: _Guess) -> Iterator[_Guess]:
        for mistake, template in self._other_templates:
            yield guess._replace(template=template, mistakes=(*guess.mistakes, mistake))

    @cached_property
    def _other_templates(self) -> list[tuple[Mistake, Signature]]:
        found: dict[str, tuple[Mistake, Signature]] = {}
        fix = f"Sign {self.scheme.signed!r}, as the provider does."
        alone = replace(self.scheme, signed="{body}", timestamp="", id="", body_hash="")
        for what, scheme in (
            ("the body alone", alone),
            *((f"{one.signed!r}, which is what {provider} signs", one) for provider, one in self.foreign),
        ):
            if scheme.signed != self.scheme.signed and type(scheme) is type(self.scheme):
                found.setdefault(scheme.signed, (Mistake(what, fix), scheme))
        return list(found.values())
