"""A signed token (JSON Web Signature, compact form) that says what the body is, or what else it speaks for.

The token carries claims of its own; what ties it to the delivery is one that is the hash of the body, or of the URL.
Sources: RFC 7515 (the form; that another algorithm than the expected one is refused), RFC 7518, section 3.2 (HS256 to
HS512), RFC 7519, section 4.1.6 (`iat`).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from hookcli.delivery import to_wire
from hookcli.reading import Json, Reading, parse_json, place
from hookcli.signing.schemes import Outcome, encode, same
from hookcli.signing.template import SigningFacts, put, signed_bytes

if TYPE_CHECKING:
    from hookcli.delivery import Message

Algorithm = Literal["HS256", "HS384", "HS512"]

SHA256 = "sha256:"
"""Before a template: the claim is the SHA-256 of what the template makes, in hex."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Jws:
    """A token whose `claims` have to be these: a word, or `sha256:` and a template of signed bytes.

    `prefix` stands before the token, in any case. `issued` is the claim that says when it was made, in seconds since
    1970; `tolerance`, in seconds, for how long it is good from then on.
    """

    name: str
    at: str
    claims: tuple[tuple[str, str], ...]
    algorithm: Algorithm = "HS256"
    prefix: str = ""
    issued: str = ""
    tolerance: float | None = None
    group: str = ""
    default: bool = True

    @property
    def kind(self) -> str:
        """What it is, for a person."""
        return f"JWS {self.algorithm}"

    @property
    def covers_body(self) -> bool:
        """Whether a changed body breaks it."""
        return any(value == f"{SHA256}{{body}}" for _, value in self.claims)

    def key(self, secret: str) -> bytes:
        """The secret as key."""
        return to_wire(secret)

    def claim(self, reading: Reading) -> str | None:
        """The token with its prefix; None where there is none."""
        value = reading.word(self.at)
        return value if value and value[: len(self.prefix)].lower() == self.prefix.lower() else None

    def check(self, claim: str, reading: Reading, key: bytes, facts: SigningFacts) -> Outcome:
        """Whether the token was signed under this key, and says of this delivery what it should."""
        token = claim[len(self.prefix) :].strip()
        data, _, signature = token.rpartition(".")
        header, payload = ([_json(part) for part in data.split(".")] + [None, None])[:2]
        if data.count(".") != 1 or not isinstance(header, dict) or not isinstance(payload, dict):
            return Outcome(holds=False, detail="it is no signed token of three parts")
        if header.get("alg") != self.algorithm or "crit" in header:
            return Outcome(holds=False, detail=f"its algorithm is not {self.algorithm}")
        if not same(signature, self.made(to_wire(data), key)):
            return Outcome(holds=False, detail="another secret")
        signed_at = _moment(payload.get(self.issued))
        if self.issued and signed_at is None:
            return Outcome(holds=False, detail=f"it does not say when it was made: {self.issued}")
        for name, value in self.claims:
            expected = self._expected(value, reading, facts)
            if expected is None or not same(str(payload.get(name, "")), expected):
                return Outcome(holds=False, signed_at=signed_at, detail=_doubt(name, value))
        return Outcome(holds=True, signed_at=signed_at)

    def sign(self, message: Message, key: bytes, facts: SigningFacts) -> Message:
        """The message with the token in its place."""
        reading = Reading(message)
        payload: dict[str, Any] = {self.issued: int(facts.timestamp)} if self.issued else {}
        payload |= {name: self._expected(value, reading, facts) for name, value in self.claims}
        if None in payload.values():
            return message
        data = f"{_part({'alg': self.algorithm, 'typ': 'JWT'})}.{_part(payload)}"
        return put(message, place(self.at), f"{self.prefix}{data}.{self.made(data.encode(), key)}")

    def made(self, data: bytes, key: bytes) -> str:
        """The signature of the first two parts, as it is written."""
        return encode(hmac.digest(key, data, f"sha{self.algorithm[2:]}"), "base64url")

    def _expected(self, value: str, reading: Reading, facts: SigningFacts) -> str | None:
        if not value.startswith(SHA256):
            return value
        data = signed_bytes(value.removeprefix(SHA256), reading, b"", facts, "")
        return None if data is None else hashlib.sha256(data).hexdigest()


def _doubt(name: str, value: str) -> str:
    if value == f"{SHA256}{{body}}":
        return f"the body is not the one that {name} in it tells of"
    return f"{name} in it is not {'what it should be' if value.startswith(SHA256) else value}"


def _part(value: Json) -> str:
    return encode(json.dumps(value, separators=(",", ":")).encode(), "base64url")


def _json(part: str) -> Json:
    try:
        return parse_json(base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True))
    except (ValueError, binascii.Error):
        return None


def _moment(seconds: Json) -> datetime | None:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
