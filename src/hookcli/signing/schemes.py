"""The signature primitives: what a provider declares, runnable forward (sign) and backward (verify).

A scheme says where its claim stands (`at`), which bytes it speaks for and how it is written. Schemes that may stand in
one place, or stand for one another, are alternatives: they share a `group`, which is the place unless told otherwise.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Literal, Protocol
from urllib.parse import unquote

from hookcli.delivery import to_wire
from hookcli.reading import Reading, as_word, condition, place
from hookcli.signing.template import SigningFacts, put, signed_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hookcli.delivery import Message

Hash = Literal["md5", "sha1", "sha256", "sha384", "sha512"]
Encoding = Literal["hex", "base64", "base64url"]
Layout = Literal["plain", "pairs", "list"]
SecretForm = Literal["plain", "hex", "base64", "whsec", "not whsec", "whsec or base64", "user:password"]

_OF_THE_BODY = ("{body", "{crc32", "{form", "{query:payload}")
"""What begins a part of a template that a changed body changes."""

WEBHOOK_SECRET_PREFIX = "whsec_"  # noqa: S105 (what a secret starts with)
"""What a symmetric secret starts with. Source: the Standard Webhooks specification, "Signature scheme"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one scheme said of one secret: whether the claim holds, when it was made, and what there is to add."""

    holds: bool
    signed_at: datetime | None = None
    detail: str = ""


class Scheme(Protocol):
    """What every primitive can do."""

    @property
    def name(self) -> str:
        """A short word for verdicts and `--scheme`."""

    @property
    def kind(self) -> str:
        """What it is, for a person."""

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


def claimed(reading: Reading, schemes: Iterable[Scheme]) -> Iterator[list[tuple[Scheme, str]]]:
    """What the message claims, each with its scheme: the alternatives of one group together, the strongest first."""
    for _, group in groupby(schemes, key=group_of):
        present = [(scheme, claim) for scheme in group if (claim := scheme.claim(reading)) is not None]
        if present:
            yield present


def decode_secret(secret: str, form: SecretForm) -> bytes | None:
    """The key that a secret stands for; None where the secret is not of that form."""
    # Supabase shows its secrets with the version of the scheme before them: v1,whsec_...
    text = secret.strip()
    text = text.removeprefix("v1,") if text.startswith(f"v1,{WEBHOOK_SECRET_PREFIX}") else text
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What every signature over a template of the message has in common.

    `layout` says how the claim is written: `plain` (prefix and signature), `pairs` (`t=1,v1=signature`: `pair` names
    the signature's key, `separator` stands between), `list` (several plain ones apart by spaces). `timestamp` and `id`
    are the places of what the template names so, or `pair:t` for a value of the `pairs` layout; a timestamp is in
    seconds unless it is said to be in `milliseconds` or `rfc3339`, and with `whole_seconds` signed without the fraction
    that it may be told with. `body_hash` is the place of the body's SHA-256 in hex, for signatures that speak of it
    instead of the body. `when` is a condition `place=word` on the deliveries that are signed so; signing makes it true
    where nothing stands in that place. `urlencoded_too` accepts a percent-encoded claim.
    """

    name: str
    at: str
    hash: Hash = "sha256"
    encoding: Encoding = "hex"
    prefix: str = ""
    signed: str = "{body}"
    layout: Layout = "plain"
    pair: str = "v1"
    separator: str = ","
    timestamp: str = ""
    milliseconds: bool = False
    whole_seconds: bool = False
    rfc3339: bool = False
    id: str = ""
    body_hash: str = ""
    when: str = ""
    secret: SecretForm = "plain"  # noqa: S105 (the form of a secret)
    tolerance: float | None = None
    urlencoded_too: bool = False
    group: str = ""
    default: bool = True

    @property
    def kind(self) -> str:
        """What it is, for a person."""
        raise NotImplementedError

    @property
    def covers_body(self) -> bool:
        """Whether a changed body breaks it."""
        return bool(self.body_hash) or any(part in self.signed for part in _OF_THE_BODY)

    def key(self, secret: str) -> bytes | None:
        """The secret as key; None where it is not of this scheme's form."""
        return decode_secret(secret, self.secret)

    def shared(self, key: bytes) -> bytes:
        """What of the key a template may hold as {secret}."""
        return key

    def made(self, data: bytes, key: bytes) -> bytes | None:
        """The signature of some bytes; None where the key can't sign."""
        raise NotImplementedError

    def agrees(self, text: str, data: bytes, key: bytes) -> bool:
        """Whether a signature, as written without its prefix, is the one that this key makes of these bytes."""
        signature = self.made(data, key)
        return signature is not None and same(text, encode(signature, self.encoding))

    def claim(self, reading: Reading) -> str | None:
        """The value where the signature stands; a prefix alone is what some send that have no secret."""
        if self.when and not condition(self.when).holds(reading):
            return None
        value = reading.word(self.at)
        return None if value == self.prefix else value

    def check(self, claim: str, reading: Reading, key: bytes, facts: SigningFacts) -> Outcome | None:
        """Whether any signature in the claim holds under this key."""
        timestamp = self.claimed_timestamp(claim, reading)
        if timestamp is None:
            return Outcome(holds=False, detail=f"the timestamp is missing: {where_it_stands_in(self.timestamp)}")
        known = replace(facts, id=reading.word(self.id) or "") if self.id else facts
        data = signed_bytes(self.signed, reading, self.shared(key), known, timestamp)
        if data is None:
            return None
        if not self.body_fits(reading):
            return Outcome(
                holds=False, detail=f"the body is not the one that {where_it_stands(self.body_hash)} tells of"
            )
        return self._judged(list(self.claims(claim)), data, key, self._moment(timestamp))

    def body_fits(self, reading: Reading) -> bool:
        """Whether the body is the one that `body_hash` tells of; True where nothing tells."""
        return not self.body_hash or same(reading.word(self.body_hash) or "", _body_hash(reading.message))

    def _judged(self, claims: list[str], data: bytes, key: bytes, signed_at: datetime | None) -> Outcome:
        own = [one.removeprefix(self.prefix) for one in claims if one.startswith(self.prefix)]
        if any(self.agrees(one, data, key) for one in own):
            return Outcome(holds=True, signed_at=signed_at)
        if not claims:
            return Outcome(holds=False, detail=f"there is no {self.pair}= in it")
        if not own:
            return Outcome(holds=False, detail=f"it does not start with {self.prefix}")
        return Outcome(holds=False, signed_at=signed_at, detail=self._doubt)

    @property
    def _doubt(self) -> str:
        return "another secret" + (", or the body was changed on its way" if self.covers_body else "")

    def sign(self, message: Message, key: bytes, facts: SigningFacts) -> Message:
        """The message with its timestamp, its id and this signature in their places."""
        bare, timestamp = message, self._moment_text(facts.timestamp)
        if self.when:
            message = self.told(message)
            if not condition(self.when).holds(Reading(message)):
                return bare
        if self.timestamp and not self.timestamp.startswith("pair:"):
            message = put(message, place(self.timestamp), timestamp)
        if self.id:
            message = put(message, place(self.id), facts.id)
        if self.body_hash:
            where, told = place(self.body_hash), _body_hash(message)
            message = put(message, where, told)
            if facts.url and where.kind == "query":
                facts = replace(facts, url=put(replace(message, target=facts.url), where, told).target)
        data = signed_bytes(self.signed, Reading(message), self.shared(key), facts, timestamp)
        signature = None if data is None else self.made(data, key)
        if signature is None:
            return bare
        return put(message, place(self.at), self.written(signature, timestamp))

    def written(self, signature: bytes, timestamp: str) -> str:
        """A signature as a claim, with the timestamp where that belongs to it."""
        claim = self.prefix + encode(signature, self.encoding)
        if self.layout == "pairs":
            clock = self.timestamp.removeprefix("pair:") if self.timestamp.startswith("pair:") else ""
            claim = f"{clock}={timestamp}{self.separator}{self.pair}={claim}" if clock else f"{self.pair}={claim}"
        return claim

    def told(self, message: Message, *, anew: bool = False) -> Message:
        """The message with the word that says it is signed so, where it says nothing, or `anew`."""
        if not self.when:
            return message
        where, word = condition(self.when).place, condition(self.when).equals or ""
        return put(message, where, word) if anew or Reading(message).value(where) is None else message

    def claims(self, claim: str) -> Iterator[str]:
        """The signatures in a claim, each with its prefix."""
        if self.layout == "pairs":
            yield from (value for name, value in self._pairs(claim) if name == self.pair)
        elif self.layout == "list":
            # Apart by blanks, says the specification; Supabase writes a comma and a blank.
            yield from (one.removesuffix(",") for one in claim.split())
        else:
            yield claim
            if self.urlencoded_too and "%" in claim:
                yield unquote(claim)

    def claimed_timestamp(self, claim: str, reading: Reading) -> str | None:
        """The timestamp that the claim speaks for; empty where it needs none, None where it is missing."""
        if self.timestamp.startswith("pair:"):
            return dict(self._pairs(claim)).get(self.timestamp.removeprefix("pair:"))
        told = reading.word(self.timestamp) if self.timestamp else ""
        return told.partition(".")[0] if told and self.whole_seconds else told

    def _pairs(self, claim: str) -> list[tuple[str, str]]:
        parts = (part.partition("=") for part in claim.split(self.separator))
        return [(name.strip(), value.strip()) for name, _, value in parts]

    def _moment_text(self, timestamp: float) -> str:
        if self.rfc3339:
            return datetime.fromtimestamp(timestamp, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        return str(round(timestamp * 1000) if self.milliseconds else int(timestamp))

    def _moment(self, timestamp: str) -> datetime | None:
        if not timestamp:
            return None
        try:
            if self.rfc3339:
                return datetime.fromisoformat(_to_microseconds(timestamp)).astimezone(UTC)
            return datetime.fromtimestamp(float(timestamp) / (1000 if self.milliseconds else 1), UTC)
        except (ValueError, OverflowError, OSError):
            return None


def _body_hash(message: Message) -> str:
    return hashlib.sha256(message.body).hexdigest()


def _to_microseconds(timestamp: str) -> str:
    # Some senders write nanoseconds, which Python does not read.
    return re.sub(r"(\.\d{6})\d+", r"\1", timestamp)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hmac(Signature):
    """A keyed hash (RFC 2104)."""

    @property
    def kind(self) -> str:
        """What it is, for a person."""
        return f"HMAC-{self.hash.upper()}"

    def made(self, data: bytes, key: bytes) -> bytes:
        """The digest."""
        return hmac.digest(key, data, self.hash)


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest(Signature):
    """A plain hash of a template that has the secret in it."""

    @property
    def kind(self) -> str:
        """What it is, for a person."""
        return self.hash.upper()

    def made(self, data: bytes, key: bytes) -> bytes:  # noqa: ARG002 (the key is in the data)
        """The digest."""
        return hashlib.new(self.hash, data).digest()


def where_it_stands_in(timestamp: str) -> str:
    """Where a timestamp should stand, for a person."""
    name = timestamp.removeprefix("pair:")
    return f"{name}=" if name != timestamp else where_it_stands(timestamp)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A secret sent as it is: in a header, the query or the body; after `Bearer`; or as basic `user:password`.

    Where its place has a `*` in it (`body:value.*.clientState`), each one of a list has to have it.
    """

    name: str
    at: str
    style: Literal["plain", "bearer", "basic"] = "plain"
    secret: SecretForm = "plain"  # noqa: S105 (the form of a secret)
    group: str = ""
    default: bool = True
    covers_body: bool = field(default=False, init=False)
    tolerance: float | None = field(default=None, init=False)

    @property
    def kind(self) -> str:
        """What it is, for a person."""
        return "token"

    def key(self, secret: str) -> bytes | None:
        """The secret as key; for basic, only `user:password`."""
        return decode_secret(secret, "user:password" if self.style == "basic" else self.secret)

    def claim(self, reading: Reading) -> str | None:
        """The value where the token stands, the first of several; None where it is of another style."""
        value = next(filter(None, self._words(reading)), None)
        if value is None or self.style == "plain":
            return value
        return value if value[: len(self.style) + 1].lower() == f"{self.style} " else None

    def check(self, claim: str, reading: Reading, key: bytes, facts: SigningFacts) -> Outcome:  # noqa: ARG002 (one shape for all)
        """Whether the token is the secret."""
        if any(not hmac.compare_digest(to_wire(one), to_wire(claim)) for one in self._words(reading)):
            return Outcome(holds=False, detail="not every one in the list has the same token")
        sent = self.sent(claim)
        if sent is None:
            return Outcome(holds=False, detail="the credentials are not base64")
        return Outcome(holds=hmac.compare_digest(sent, key), detail="the token is another one")

    def sent(self, claim: str) -> bytes | None:
        """The token in a claim, without the word before it; None where basic credentials can't be read."""
        value = to_wire(claim)
        if self.style != "plain":
            value = value[len(self.style) + 1 :].strip()
        if self.style == "basic":
            try:
                return base64.b64decode(value, validate=True)
            except (ValueError, binascii.Error):
                return None
        return value

    def _words(self, reading: Reading) -> list[str]:
        value = reading.value(place(self.at))
        every = value if "*" in self.at and isinstance(value, list) else [value]
        return [as_word(one) or "" for one in every]

    def sign(self, message: Message, key: bytes, facts: SigningFacts) -> Message:  # noqa: ARG002 (one shape for all)
        """The message with the token in its place."""
        value = base64.b64encode(key).decode() if self.style == "basic" else key.decode("utf-8", "surrogateescape")
        if self.style != "plain":
            value = f"{self.style.capitalize()} {value}"
        return put(message, place(self.at), value)
