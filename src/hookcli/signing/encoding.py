"""How secrets and digests are written as text, and comparing them."""

from __future__ import annotations

import base64
import binascii
import hmac
from typing import Literal

from hookcli.delivery import to_wire

Encoding = Literal["hex", "base64", "base64url"]
SecretForm = Literal["plain", "hex", "base64", "whsec", "not whsec", "whsec or base64", "user:password"]

WEBHOOK_SECRET_PREFIX = "whsec_"  # noqa: S105 (what a secret starts with)
"""What a symmetric secret starts with. Source: the Standard Webhooks specification, "Signature scheme"."""


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
