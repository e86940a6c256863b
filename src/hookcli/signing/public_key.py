"""Signatures by key pair: Ed25519, ECDSA (DER) and RSA (PKCS #1 v1.5).

The secret is the public key for verifying, or a certificate that holds it, and the private key for signing (which
verifies too). Either may be PEM, DER in base64, or for Ed25519 the bare 32 bytes in hex or base64, with `whpk_` or
`whsk_` before them where Standard Webhooks has that (its private keys are 64 bytes: the seed, then the public key).

Of a certificate the key alone is taken: whose it is, who issued it and how long it is good are the person's to know.

Where a template has {secret} in it, the secret is WORD:KEY, or WORD on a line of its own and the key below: the word is
what both sides know and sign.

`cryptography` is imported where a key is used: most providers have none.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from hookcli.delivery import to_wire
from hookcli.signing.schemes import Signature

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
    from cryptography.hazmat.primitives.hashes import HashAlgorithm

    Private = Ed25519PrivateKey | EllipticCurvePrivateKey | RSAPrivateKey
    Public = Ed25519PublicKey | EllipticCurvePublicKey | RSAPublicKey

ED25519_BYTES = 32
PEM, CERTIFICATE = b"-----BEGIN ", b"-----BEGIN CERTIFICATE-----"
PRIVATE, PUBLIC = "whsk_", "whpk_"
CACHED = 64
"""Keys that are kept once they are read: reading one takes longer than a check with it."""

_COORDINATES = frozenset({32, 48, 66})
"""Bytes of a coordinate on the curves P-256, P-384 and P-521."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPair(Signature):
    """A signature that is made with a private key and checked with its public one."""

    algorithm: Literal["ed25519", "ecdsa", "rsa"]

    @property
    def kind(self) -> str:
        """What it is, for a person."""
        return "Ed25519" if self.algorithm == "ed25519" else f"{self.algorithm.upper()}-{self.hash.upper()}"

    def key(self, secret: str) -> bytes | None:
        """The secret's own bytes, once it is clear that they hold a key of this algorithm, and the word if need be."""
        data = to_wire(secret.strip())
        word, key = _parted(data)
        if "{secret}" in self.signed and len(word.split()) != 1:
            return None
        return data if public_key(key, self.algorithm) else None

    def shared(self, key: bytes) -> bytes:
        """The word before the key."""
        return _parted(key)[0]

    def made(self, data: bytes, key: bytes) -> bytes | None:
        """The signature; None where the key is a public one."""
        private = private_key(_parted(key)[1], self.algorithm)
        if private is None:
            return None
        from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

        if isinstance(private, rsa.RSAPrivateKey):
            return private.sign(data, padding.PKCS1v15(), self._hash())
        if isinstance(private, ec.EllipticCurvePrivateKey):
            return private.sign(data, ec.ECDSA(self._hash()))
        return private.sign(data)

    def agrees(self, text: str, data: bytes, key: bytes) -> bool:
        """Whether the signature is one of these bytes under the public key."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

        public = public_key(_parted(key)[1], self.algorithm)
        try:
            signature = bytes.fromhex(text) if self.encoding == "hex" else base64.b64decode(text, validate=True)
            if isinstance(public, rsa.RSAPublicKey):
                public.verify(signature, data, padding.PKCS1v15(), self._hash())
            elif isinstance(public, ec.EllipticCurvePublicKey):
                public.verify(signature, data, ec.ECDSA(self._hash()))
            elif public is not None:
                public.verify(signature, data)
        except (InvalidSignature, ValueError, binascii.Error):
            return False
        return public is not None

    def _hash(self) -> HashAlgorithm:
        from cryptography.hazmat.primitives import hashes

        found: HashAlgorithm = getattr(hashes, self.hash.upper())()
        return found


def _parted(secret: bytes) -> tuple[bytes, bytes]:
    """What stands before a key, and the key."""
    start = secret.find(PEM)
    if start >= 0:
        return secret[:start].strip().removesuffix(b":").strip(), secret[start:]
    word, _, key = secret.rpartition(b":")
    return word.strip(), key.strip()


def der_of(signature: bytes) -> bytes | None:
    """An ECDSA signature in DER, where it is r and s alone, of equal length, as WebCrypto and JWS write it."""
    half, odd = divmod(len(signature), 2)
    if odd or half not in _COORDINATES:
        return None
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    return encode_dss_signature(int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big"))


@lru_cache(maxsize=CACHED)
def private_key(data: bytes, algorithm: str) -> Private | None:
    """The private key of some bytes; None where they are none of this algorithm."""
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
    from cryptography.hazmat.primitives.serialization import load_der_private_key, load_pem_private_key

    kind = {"ed25519": ed25519.Ed25519PrivateKey, "ecdsa": ec.EllipticCurvePrivateKey, "rsa": rsa.RSAPrivateKey}
    try:
        if data.startswith(PEM):
            found: object = load_pem_private_key(data, None)
        elif algorithm == "ed25519" and data.startswith(PRIVATE.encode()):
            found = ed25519.Ed25519PrivateKey.from_private_bytes(_bytes(data, PRIVATE)[:ED25519_BYTES])
        else:
            found = load_der_private_key(_bytes(data), None)
    except (ValueError, TypeError):
        return None
    return found if isinstance(found, kind[algorithm]) else None  # type: ignore[return-value]


@lru_cache(maxsize=CACHED)
def public_key(data: bytes, algorithm: str) -> Public | None:
    """The public key that some bytes are, or that is in the private key or certificate they are; None where none is."""
    private = private_key(data, algorithm)
    if private is not None:
        return private.public_key()
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
    from cryptography.hazmat.primitives.serialization import load_der_public_key, load_pem_public_key

    kind = {"ed25519": ed25519.Ed25519PublicKey, "ecdsa": ec.EllipticCurvePublicKey, "rsa": rsa.RSAPublicKey}
    try:
        if data.startswith(CERTIFICATE):
            from cryptography.x509 import load_pem_x509_certificate

            found: object = load_pem_x509_certificate(data).public_key()
        elif data.startswith(PEM):
            found = load_pem_public_key(data)
        else:
            raw = _bytes(data, PUBLIC)
            if algorithm == "ed25519" and len(raw) == ED25519_BYTES:
                found = ed25519.Ed25519PublicKey.from_public_bytes(raw)
            else:
                found = load_der_public_key(raw)
    except (ValueError, TypeError):
        return None
    return found if isinstance(found, kind[algorithm]) else None  # type: ignore[return-value]


def _bytes(data: bytes, mark: str = "") -> bytes:
    """Hex or base64, with or without a mark before it. Raises ValueError where it is neither."""
    text = data.decode("ascii").removeprefix(mark)
    try:
        return bytes.fromhex(text)
    except ValueError:
        return base64.b64decode(text, validate=True)
