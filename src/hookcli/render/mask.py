"""Secrets are not shown: tokens in headers, in the query and in the body, unless the person asks to see them.

What is masked: the places of a provider's token schemes, what it declares `sensitive`, and the names below, which mean
a secret with any sender. Signatures stay: they are made from a secret and do not tell it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from hookcli.providers.registry import providers
from hookcli.reading import Place, place
from hookcli.signing.schemes import Token

if TYPE_CHECKING:
    from hookcli.delivery import Message

MASK = "••••••"

HEADERS = frozenset(
    {"authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "api-key", "x-auth-token"}
)
KEYS = frozenset(
    {
        "key",
        "token",
        "secret",
        "password",
        "passwd",
        "access_token",
        "api_key",
        "apikey",
        "auth_token",
        "client_secret",
        "signing_secret",
        "private_key",
        "refresh_token",
    },
)
"""Names of fields that hold a secret; `key` counts in a query alone, where a body has keys of every kind."""

AUTH_SCHEMES = frozenset(
    {"apikey", "aws4-hmac-sha256", "basic", "bearer", "digest", "dpop", "hmac", "negotiate", "oauth", "token"}
)
"""First words of an Authorization header that tell how it is meant; any other may be a secret itself."""


_POSITION = re.compile(r"(?<![^.])\d+(?![^.])")
"""A position in a list, among the steps of a path."""


@dataclass(frozen=True, slots=True)
class Mask:
    """What of one provider's deliveries is not shown; with `reveal` everything is."""

    headers: frozenset[str] = HEADERS
    query: frozenset[str] = KEYS
    body: frozenset[str] = frozenset()
    reveal: bool = False

    def header(self, name: str, value: str) -> str:
        """A header's value to show: of `Authorization: Bearer TOKEN` the first word stays."""
        if self.reveal or name.lower() not in self.headers or not value:
            return value
        word, space, _ = value.partition(" ")
        told = space and name.lower().endswith("authorization") and word.lower() in AUTH_SCHEMES
        return f"{word} {MASK}" if told else MASK

    def target(self, target: str) -> str:
        """A request target to show."""
        path, mark, query = target.partition("?")
        if self.reveal or not mark:
            return target
        return f"{path}?{'&'.join(self._field(part) for part in query.split('&'))}"

    def _field(self, part: str) -> str:
        name, equals, value = part.partition("=")
        hidden = equals and value and self.hides_field(unquote_plus(name))
        return f"{name}={MASK}" if hidden else part

    def hides_field(self, name: str) -> bool:
        """Whether a field of a query or form is a secret."""
        return not self.reveal and name.lower() in self.query

    def hides(self, path: str) -> bool:
        """Whether the value at a dotted path of the payload is a secret."""
        name = path.rpartition(".")[2].lower()
        declared = path in self.body or _POSITION.sub("*", path) in self.body
        return not self.reveal and (declared or (name != "key" and name in KEYS))


@cache
def mask_for(provider: str, *, reveal: bool = False) -> Mask:
    """The mask for a provider's deliveries, by its id."""
    declared = providers().get(provider)
    places: list[Place] = []
    if declared:
        places = [place(scheme.at) for scheme in declared.signatures if isinstance(scheme, Token)]
        places += [place(text) for text in declared.sensitive]
    of = {kind: frozenset(one.name for one in places if one.kind == kind) for kind in ("header", "query", "body")}
    return Mask(
        headers=HEADERS | {name.lower() for name in of["header"]},
        query=KEYS | {name.lower() for name in of["query"]},
        body=of["body"],
        reveal=reveal,
    )


def masked_headers(message: Message, mask: Mask) -> list[tuple[str, str]]:
    """The headers to show."""
    return [(name, mask.header(name, value)) for name, value in message.headers]
