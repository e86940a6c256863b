"""Secrets are neither shown nor exported: tokens in headers, in the query and in the body, unless they are asked for.

What is masked: the places of a provider's token schemes, what it declares `sensitive`, and the names below, which mean
a secret with any sender. Signatures stay: they are made from a secret and do not tell it.

A view is masked piece by piece (`Mask`); a message that goes into a file as a whole (`masked`), all else in it kept to
the byte.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple, TypeVar
from urllib.parse import quote_plus, unquote_plus

from hookcli.delivery import Headers, Message
from hookcli.json_tokens import tokens
from hookcli.providers.registry import providers
from hookcli.reading import Place, Reading, parse_json, place
from hookcli.signing.schemes import Token

MASK = "••••••"
PLAIN_MASK = "******"
"""What stands for a secret in a file: ASCII, so that it may stand wherever the secret stood."""

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


_HIDDEN = re.compile(r"[*•]+|null|true|false|")
"""What is no secret: nothing, a yes or no, or what the sender has masked already (GitHub's ping does)."""
_NAMED_SO = re.compile(r"(?:^|[-_])(?:token|secret|passw(?:or)?d|api-?key)$", re.IGNORECASE)
"""Headers that say themselves that they hold a secret, whoever sends them."""
_POSITION = re.compile(r"(\.\d+)+$")
_STEP = re.compile(r"(?<![^.])\d+(?![^.])")
"""A position in a list, among the steps of a path: a declared place has `*` there."""


def can_hide(value: str) -> bool:
    """Whether a JSON value, as it is written, can be a secret at all."""
    return _HIDDEN.fullmatch(value.strip('"')) is None


@dataclass(frozen=True, slots=True)
class Mask:
    """What of one provider's deliveries is masked, and by which sign; with `reveal` nothing is.

    `body` are dotted paths of the payload, `names` the keys that mean a secret wherever they stand in it.
    """

    headers: frozenset[str] = HEADERS
    query: frozenset[str] = KEYS
    body: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    reveal: bool = False
    sign: str = MASK

    def header(self, name: str, value: str) -> str:
        """A header's value to show: of `Authorization: Bearer TOKEN` the first word stays."""
        secret = name.lower() in self.headers or _NAMED_SO.search(name) is not None
        if self.reveal or not secret or not can_hide(value):
            return value
        word, space, _ = value.partition(" ")
        told = space and name.lower().endswith("authorization") and word.lower() in AUTH_SCHEMES
        return f"{word} {self.sign}" if told else self.sign

    def target(self, target: str) -> str:
        """A request target to show."""
        path, mark, query = target.partition("?")
        if self.reveal or not mark:
            return target
        return f"{path}?{'&'.join(self._field(part) for part in query.split('&'))}"

    def _field(self, part: str) -> str:
        name, equals, value = part.partition("=")
        hidden = equals and can_hide(value) and self.hides_field(unquote_plus(name))
        return f"{name}={self.sign}" if hidden else part

    def hides_field(self, name: str) -> bool:
        """Whether a field of a query is a secret."""
        return not self.reveal and name.lower() in self.query

    def hides_form_field(self, name: str) -> bool:
        """Whether a field of a form is a secret: those are payload and query at once."""
        return self.hides_field(name) or self.hides(name)

    def hides(self, path: str) -> bool:
        """Whether the value at a dotted path of the payload is a secret; in a list of values, each is."""
        name = _POSITION.sub("", path).rpartition(".")[2].lower()
        declared = path in self.body or _STEP.sub("*", path) in self.body
        return not self.reveal and (declared or name in self.names)


@cache
def mask_for(provider: str, *, reveal: bool = False, sign: str = MASK) -> Mask:
    """The mask for a provider's deliveries, by its id."""
    declared = providers().get(provider)
    places: list[Place] = []
    if declared:
        places = [place(scheme.at) for scheme in declared.signatures if isinstance(scheme, Token)]
        places += [place(text) for text in declared.sensitive]
    of = {kind: frozenset(one.name for one in places if one.kind == kind) for kind in ("header", "query", "body")}
    carried = _token_headers() if declared and declared.carries else frozenset[str]()
    return Mask(
        headers=HEADERS | {name.lower() for name in of["header"]},
        query=KEYS | {name.lower() for name in of["query"]},
        body=of["body"],
        names=(KEYS - {"key"}) | HEADERS | carried,
        reveal=reveal,
        sign=sign,
    )


def _token_headers() -> frozenset[str]:
    """The headers in which any provider sends a token: an envelope has those of what it carries in its body."""
    every = [scheme for provider in providers().values() for scheme in provider.signatures]
    places = [place(scheme.at) for scheme in every if isinstance(scheme, Token)]
    return frozenset(where.name.lower() for where in places if where.kind == "header")


def masked_headers(message: Message, mask: Mask) -> list[tuple[str, str]]:
    """The headers to show."""
    return [(name, mask.header(name, value)) for name, value in message.headers]


M = TypeVar("M", bound=Message)


class Masked(NamedTuple):
    """Where something was masked: names of headers, and whether the query and the body hold a mask now."""

    headers: tuple[str, ...] = ()
    query: bool = False
    body: bool = False

    def __bool__(self) -> bool:
        return bool(self.headers or self.query or self.body)


def masked(message: M, provider: str) -> tuple[M, Masked]:
    """The message as it may be given away: secrets masked, its length told anew, and else the same bytes."""
    mask = mask_for(provider, sign=PLAIN_MASK)
    pairs = masked_headers(message, mask)
    hidden = tuple(name for (name, value), (_, old) in zip(pairs, message.headers, strict=True) if value != old)
    headers = Headers(pairs) if hidden else message.headers
    target, body = mask.target(message.target), _masked_body(Reading(message), mask)
    length = next((name for name, _ in headers if name.lower() == "content-length"), None)
    if body != message.body and length is not None:
        headers = headers.with_header(length, str(len(body)))
    found = Masked(hidden, target != message.target, body != message.body)
    return (replace(message, target=target, headers=headers, body=body) if found else message), found


def _masked_body(reading: Reading, mask: Mask) -> bytes:
    content = reading.content
    if reading.form:
        written = _masked_form(content.decode("utf-8", "surrogateescape"), mask).encode("utf-8", "surrogateescape")
    elif parse_json(content) is None:
        return reading.message.body
    else:
        encoding = json.detect_encoding(content)
        written = masked_json(content.decode(encoding, "surrogatepass"), mask).encode(encoding, "surrogatepass")
    if written == content:
        return reading.message.body
    if content is reading.message.body:
        return written
    return _packed(written, reading.message.headers.get("content-encoding", ""))


def _packed(content: bytes, coding: str) -> bytes:
    """The content coded as the message says that it is."""
    return zlib.compress(content) if coding.strip().lower() == "deflate" else gzip.compress(content, mtime=0)


def masked_json(text: str, mask: Mask) -> str:
    """A JSON text with its secrets masked, every other character kept."""
    if not _keys(mask).search(text):
        return text
    parts, copied = [], 0
    for token in tokens(text):
        # The path is only put together where there are paths to compare it with.
        asked = token.kind == "value" and (mask.body or token.name.lower() in mask.names)
        if asked and can_hide(token.text) and mask.hides(token.path):
            parts += [text[copied : token.start], f'"{mask.sign}"']
            copied = token.start + len(token.text)
    return "".join([*parts, text[copied:]])


@cache
def _keys(mask: Mask) -> re.Pattern[str]:
    """What a JSON text must have in it to hold a secret: one of the keys, or one that is written with escapes."""
    last = {_POSITION.sub("", path).rpartition(".")[2] for path in mask.body}
    words = "|".join(map(re.escape, sorted(mask.names | last)))
    return re.compile(rf'"(?:{words})"\s*:|\\u00(?:2d|[4-7])', re.IGNORECASE)


def _masked_form(form: str, mask: Mask) -> str:
    return "&".join(_form_field(part, mask) for part in form.split("&"))


def _form_field(part: str, mask: Mask) -> str:
    name, equals, value = part.partition("=")
    field = unquote_plus(name, errors="surrogateescape")
    if equals and can_hide(value) and mask.hides_form_field(field):
        return f"{name}={mask.sign}"
    if field != "payload":
        return part
    payload = unquote_plus(value, errors="surrogateescape")
    hidden = masked_json(payload, mask) if parse_json(payload) is not None else payload
    return part if hidden == payload else f"{name}={quote_plus(hidden, errors='surrogateescape')}"
