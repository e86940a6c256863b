"""The mistakes under which a claim of any kind holds: in the secret, the body and the URL, singly and in pairs.

All that is asked of the scheme is whether its claim holds. What more can be read from a signature is `search`'s.
"""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from hookcli.reading import Reading
from hookcli.signing.bodies import Variants
from hookcli.signing.mistakes import Mistake, secret_of, secret_variants, url_variants
from hookcli.signing.template import SigningFacts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hookcli.signing.scheme import Scheme

MOST = 2
"""Mistakes that are looked for together."""


class Asked(NamedTuple):
    """A claim of a scheme in a message, and what it may have been made with."""

    scheme: Scheme
    claim: str
    reading: Reading
    secrets: Sequence[str]
    others: Sequence[tuple[str, str]]
    url: str | None


def fewest_mistakes(asked: Asked, deadline: float) -> tuple[tuple[Mistake, ...], bool]:
    """The fewest mistakes that make the claim come true, none where none do; and whether there was time for all."""
    keys, bodies, urls = list(_keys(asked)), list(_bodies(asked)), list(_urls(asked))
    for number in range(1, MOST + 1):
        for (of_key, key), (of_body, body), (of_url, url) in product(keys, bodies, urls):
            mistakes = of_key + of_body + of_url
            if len(mistakes) != number:
                continue
            if time.monotonic() > deadline:
                return (), False
            outcome = asked.scheme.check(asked.claim, body, key, SigningFacts(url=url))
            if outcome is not None and outcome.holds:
                return mistakes, True
    return (), True


def _keys(asked: Asked) -> Iterator[tuple[tuple[Mistake, ...], bytes]]:
    for secret in asked.secrets:
        key = asked.scheme.key(secret)
        if key is not None:
            yield (), key
        for mistake, variant in secret_variants(secret):
            yield (mistake,), variant
    for whose, secret in asked.others:
        key = asked.scheme.key(secret)
        if key is not None:
            yield (secret_of(whose),), key


def _bodies(asked: Asked) -> Iterator[tuple[tuple[Mistake, ...], Reading]]:
    yield (), asked.reading
    if asked.scheme.covers_body:
        for body, mistakes in Variants(asked.reading.message).once():
            yield mistakes, Reading(replace(asked.reading.message, body=body))


def _urls(asked: Asked) -> Iterator[tuple[tuple[Mistake, ...], str | None]]:
    yield (), asked.url
    for mistake, url in url_variants(asked.reading.message, asked.url):
        yield (mistake,), url
