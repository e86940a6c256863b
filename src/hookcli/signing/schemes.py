"""The signature primitives: what a provider declares, runnable forward (sign) and backward (verify).

A scheme says where its claim stands (`at`), which bytes it speaks for and how it is written. Schemes that may stand in
one place, or stand for one another, are alternatives: they share a `group`, which is the place unless told otherwise.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal, Protocol
from urllib.parse import quote, unquote

from hookcli.delivery import to_wire
from hookcli.reading import Place, Reading, as_word, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hookcli.delivery import Message

Hash = Literal["md5", "sha1", "sha256", "sha384", "sha512"]
Encoding = Literal["hex", "base64", "base64url"]
Layout = Literal["plain", "pairs", "list"]
SecretForm = Literal["plain", "hex", "base64", "whsec", "not whsec", "whsec or base64", "user:password"]

WEBHOOK_SECRET_PREFIX = "whsec_"  # noqa: S105 (what a secret starts with)
"""What a symmetric secret starts with. Source: the Standard Webhooks specification, "Signature scheme"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one scheme said of one secret: whether the claim holds, when it was made, and what there is to add."""

    holds: bool
    signed_at: datetime | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningFacts:
    """What a signature may speak for besides the message: seconds since 1970, the delivery id, the public URL."""

    timestamp: float = 0.0
    id: str = ""
    url: str | None = None


class Scheme(Protocol):
    """What every primitive can do."""

    @property
    def name(self) -> str:
        """A short word for verdicts and `--scheme`."""

    @property
    def at(self) -> str:
        """The place of the claim."""

    @property
    def group(self) -> str:
        """What it is an alternative within; empty for its place alone."""

    @property
    def default(self) -> bool:
        """Whether `sign` makes it without being asked for it by name."""

    @property
    def covers_body(self) -> bool:
        """Whether a changed body breaks it."""

    @property
    def tolerance(self) -> float | None:
        """Seconds for which a claim is good; None for ever."""

    def key(self, secret: str) -> bytes | None:
        """The secret as key; None where it is not of this scheme's form."""

    def claim(self, reading: Reading) -> str | None:
        """What the message claims; None where it claims nothing."""

    def check(self, claim: str, reading: Reading, key: bytes, facts: SigningFacts) -> Outcome | None:
        """Whether the claim holds under this key; None where the message lacks what it would speak for."""

    def sign(self, message: Message, key: bytes, facts: SigningFacts) -> Message:
        """The message with this scheme's claim in its place."""


def where_it_stands(at: str) -> str:
    """A place as a person names it: the header's name, `?key` for the query, `body.password` for the body."""
    where = place(at)
    return {"header": where.name, "query": f"?{where.name}"}.get(where.kind, f"{where.kind}.{where.name}")


def group_of(scheme: Scheme) -> str:
    """What the scheme is an alternative within."""
    return scheme.group or scheme.at.lower()


def decode_secret(secret: str, form: SecretForm) -> bytes | None:
    """The key that a secret stands for; None where the secret is not of that form."""
    text = secret.strip()
    marked = text.startswith(WEBHOOK_SECRET_PREFIX)
    if (
        (form == "whsec" and not marked)
        or (form == "not whsec" and marked)
        or (form == "user:password" and ":" not in text)
    ):
        return None
    if form in {"plain", "not whsec", "user:password"}:
        return to_wire(secret)
    try:
        if form == "hex":
            return bytes.fromhex(text)
        return base64.b64decode(text.removeprefix(WEBHOOK_SECRET_PREFIX), validate=True) or None
    except (ValueError, binascii.Error):
        return None


def encode(digest: bytes, encoding: Encoding) -> str:
    """A digest in hex (lower case), base64 with padding, or base64url without."""
    if encoding == "hex":
        return digest.hex()
    if encoding == "base64":
        return base64.b64encode(digest).decode()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def same(left: str, right: str) -> bool:
    """Whether two texts are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(to_wire(left), to_wire(right))


def public_url(message: Message) -> str:
    """The URL that the sender called, as far as the message itself tells (Host, X-Forwarded-Proto and -Host)."""
    headers = message.headers
    host = headers.get("x-forwarded-host") or headers.get("host") or "localhost"
    scheme = headers.get("x-forwarded-proto", "http").partition(",")[0].strip()
    return message.target if "://" in message.target else f"{scheme}://{host}{message.target}"


_PLACEHOLDER = re.compile(r"\{([\w.:-]+)\}")


def signed_bytes(template: str, reading: Reading, key: bytes, facts: SigningFacts, timestamp: str) -> bytes | None:
    """The bytes that a signature speaks for.

    A template is text with {body} {timestamp} {id} {url} {method} {target} {secret} {form} (sorted names and values,
    run together) and {KIND:NAME} for any place. None where a part of it is not there.
    """
    message = reading.message
    if template == "{body}":
        return message.body
    out = bytearray()
    end = 0
    for match in _PLACEHOLDER.finditer(template):
        out += to_wire(template[end : match.start()])
        end = match.end()
        name = match[1]
        if name == "body":
            out += message.body
        elif name == "secret":
            out += key
        elif name == "form":
            out += to_wire("".join(f"{k}{v}" for k, v in sorted(reading.form.items())))
        elif ":" in name:
            word = as_word(reading.value(place(name)))
            if word is None:
                return None
            out += to_wire(word)
        else:
            out += to_wire(_fact(name, message, facts, timestamp))
    return bytes(out + to_wire(template[end:]))


def _fact(name: str, message: Message, facts: SigningFacts, timestamp: str) -> str:
    words = {
        "timestamp": timestamp,
        "id": facts.id,
        "url": facts.url or public_url(message),
        "method": message.method,
        "target": message.target,
    }
    if name not in words:
        error = f"a signed template knows no {{{name}}}"
        raise ValueError(error)
    return words[name]


def put(message: Message, where: Place, value: str) -> Message:
    """The message with a header or a field of the query set."""
    if where.kind == "header":
        return replace(message, headers=message.headers.with_header(where.name, value))
    if where.kind == "query":
        path, _, query = message.target.partition("?")
        kept = [part for part in query.split("&") if part and part.partition("=")[0] != where.name]
        query = "&".join([*kept, f"{where.name}={quote(value, safe='')}"])
        return replace(message, target=f"{path}?{query}")
    return message


@dataclass(frozen=True, slots=True, kw_only=True)
class Hmac:
    """A keyed hash over a template of the message.

    `layout` says how the claim is written: `plain` (prefix and digest), `pairs` (`t=1,v1=digest`: `pair` names the
    digest's key), `list` (several plain ones apart by spaces). `timestamp` and `id` are the places of what the template
    names so, or `pair:t` for a value of the `pairs` layout. `urlencoded_too` accepts a percent-encoded claim.
    """

    name: str
    at: str
    hash: Hash = "sha256"
    encoding: Encoding = "hex"
    prefix: str = ""
    signed: str = "{body}"
    layout: Layout = "plain"
    pair: str = "v1"
    timestamp: str = ""
    milliseconds: bool = False
    id: str = ""
    secret: SecretForm = "plain"  # noqa: S105 (the form of a secret)
    tolerance: float | None = None
    urlencoded_too: bool = False
    group: str = ""
    default: bool = True

    @property
    def covers_body(self) -> bool:
        """Whether a changed body breaks it."""
        return any(part in self.signed for part in ("{body", "{form", "{query:payload}"))

    def key(self, secret: str) -> bytes | None:
        """The secret as key; None where it is not of this scheme's form."""
        return decode_secret(secret, self.secret)

    def claim(self, reading: Reading) -> str | None:
        """The value where the signature stands; a prefix alone is what some send that have no secret."""
        value = reading.word(self.at)
        return None if value == self.prefix else value

    def digest(self, reading: Reading, key: bytes, facts: SigningFacts, timestamp: str) -> str | None:
        """The signature itself, without prefix; None where what it should speak for is not there."""
        data = signed_bytes(self.signed, reading, key, facts, timestamp)
        return None if data is None else encode(hmac.digest(key, data, self.hash), self.encoding)

    def check(self, claim: str, reading: Reading, key: bytes, facts: SigningFacts) -> Outcome | None:
        """Whether any signature in the claim is the one that this key makes."""
        timestamp = self.claimed_timestamp(claim, reading)
        if timestamp is None:
            return Outcome(holds=False, detail=f"the timestamp is missing: {where_it_stands_in(self.timestamp)}")
        known = replace(facts, id=reading.word(self.id) or "") if self.id else facts
        digest = self.digest(reading, key, known, timestamp)
        if digest is None:
            return None
        signed_at = self._moment(timestamp)
        expected = self.prefix + digest
        claims = list(self.claims(claim))
        if any(same(one, expected) for one in claims):
            return Outcome(holds=True, signed_at=signed_at)
        if not claims:
            return Outcome(holds=False, detail=f"there is no {self.pair}= in it")
        if not any(one.startswith(self.prefix) for one in claims):
            return Outcome(holds=False, detail=f"it does not start with {self.prefix}")
        return Outcome(holds=False, signed_at=signed_at, detail=self._doubt)

    @property
    def _doubt(self) -> str:
        return "another secret" + (", or the body was changed on its way" if self.covers_body else "")

    def sign(self, message: Message, key: bytes, facts: SigningFacts) -> Message:
        """The message with its timestamp, its id and this signature in their places."""
        timestamp = str(round(facts.timestamp * 1000) if self.milliseconds else int(facts.timestamp))
        if self.timestamp and not self.timestamp.startswith("pair:"):
            message = put(message, place(self.timestamp), timestamp)
        if self.id:
            message = put(message, place(self.id), facts.id)
        digest = self.digest(Reading(message), key, facts, timestamp)
        if digest is None:
            return message
        claim = self.prefix + digest
        if self.layout == "pairs":
            clock = self.timestamp.removeprefix("pair:")
            claim = f"{clock}={timestamp},{self.pair}={claim}" if clock else f"{self.pair}={claim}"
        return put(message, place(self.at), claim)

    def claims(self, claim: str) -> Iterator[str]:
        """The signatures in a claim, each with its prefix."""
        if self.layout == "pairs":
            yield from (value for name, value in _pairs(claim) if name == self.pair)
        elif self.layout == "list":
            yield from claim.split()
        else:
            yield claim
            if self.urlencoded_too and "%" in claim:
                yield unquote(claim)

    def claimed_timestamp(self, claim: str, reading: Reading) -> str | None:
        """The timestamp that the claim speaks for; empty where it needs none, None where it is missing."""
        if self.timestamp.startswith("pair:"):
            return dict(_pairs(claim)).get(self.timestamp.removeprefix("pair:"))
        return reading.word(self.timestamp) if self.timestamp else ""

    def _moment(self, timestamp: str) -> datetime | None:
        if not timestamp:
            return None
        try:
            return datetime.fromtimestamp(float(timestamp) / (1000 if self.milliseconds else 1), UTC)
        except (ValueError, OverflowError, OSError):
            return None


def _pairs(claim: str) -> list[tuple[str, str]]:
    return [(name.strip(), value.strip()) for name, _, value in (part.partition("=") for part in claim.split(","))]


def where_it_stands_in(timestamp: str) -> str:
    """Where a timestamp should stand, for a person."""
    name = timestamp.removeprefix("pair:")
    return f"{name}=" if name != timestamp else where_it_stands(timestamp)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A secret sent as it is: in a header, the query or the body; after `Bearer`; or as basic `user:password`."""

    name: str
    at: str
    style: Literal["plain", "bearer", "basic"] = "plain"
    secret: SecretForm = "plain"  # noqa: S105 (the form of a secret)
    group: str = ""
    default: bool = True
    covers_body: bool = field(default=False, init=False)
    tolerance: float | None = field(default=None, init=False)

    def key(self, secret: str) -> bytes | None:
        """The secret as key; for basic, only `user:password`."""
        return decode_secret(secret, "user:password" if self.style == "basic" else self.secret)

    def claim(self, reading: Reading) -> str | None:
        """The value where the token stands; None where it is of another style."""
        value = reading.word(self.at)
        if value is None or self.style == "plain":
            return value
        return value if value[: len(self.style) + 1].lower() == f"{self.style} " else None

    def check(self, claim: str, reading: Reading, key: bytes, facts: SigningFacts) -> Outcome:  # noqa: ARG002 (one shape for all)
        """Whether the token is the secret."""
        value = to_wire(claim)
        if self.style != "plain":
            value = value[len(self.style) + 1 :].strip()
        if self.style == "basic":
            try:
                value = base64.b64decode(value, validate=True)
            except (ValueError, binascii.Error):
                return Outcome(holds=False, detail="the credentials are not base64")
        return Outcome(holds=hmac.compare_digest(value, key), detail="the token is another one")

    def sign(self, message: Message, key: bytes, facts: SigningFacts) -> Message:  # noqa: ARG002 (one shape for all)
        """The message with the token in its place."""
        value = base64.b64encode(key).decode() if self.style == "basic" else key.decode("utf-8", "surrogateescape")
        if self.style != "plain":
            value = f"{self.style.capitalize()} {value}"
        return put(message, place(self.at), value)
