"""The forms in which people have a public key, where none of them is the one that was asked for."""

from __future__ import annotations

import base64
import binascii
import re
from contextlib import suppress
from typing import TYPE_CHECKING

from hookcli.delivery import to_text, to_wire
from hookcli.signing.mistakes import SAME_FORM, Mistake, secret_variants

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hookcli.signing.public_key import KeyPair

_PEM = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----", re.DOTALL)
_PEM_WIDTH = 64
_GIVE_KEY = "Give the key alone, as PEM or as the provider shows it."


def key_variants(scheme: KeyPair, secret: str) -> Iterator[tuple[Mistake, bytes]]:
    """The keys that a secret may have been meant to be, as the scheme takes them."""
    seen = {scheme.key(secret), None}
    for text, mistake in _texts(secret):
        key = scheme.key(text)
        if key not in seen:
            seen.add(key)
            yield mistake, key or b""


def _texts(secret: str) -> Iterator[tuple[str, Mistake]]:
    yield (
        _pem(secret),
        Mistake("the key with the line ends that its PEM has lost (\\n is two letters there)", SAME_FORM),
    )
    with suppress(ValueError, binascii.Error):
        inner = to_text(base64.b64decode(secret.strip(), validate=True))
        if "-----BEGIN" in inner:
            yield _pem(inner), Mistake("the key in the base64 that was given", _GIVE_KEY)
    if "CERTIFICATE" in secret:
        yield _of_certificate(_pem(secret)), Mistake("the key in the certificate that was given", _GIVE_KEY)
    if secret.lstrip().startswith(("ssh-", "ecdsa-sha2-")):
        yield _of_ssh(secret.strip()), Mistake("the key in OpenSSH's form that was given", _GIVE_KEY)
    yield secret.strip().removeprefix("0x"), Mistake("the key without 0x before it", SAME_FORM)
    standard = secret.strip().replace("-", "+").replace("_", "/")
    yield standard + "=" * (-len(standard) % 4), Mistake("the key as base64, where base64url was given", SAME_FORM)
    for mistake, variant in secret_variants(secret):
        yield to_text(variant), mistake


def _pem(text: str) -> str:
    """The first PEM block in a text as PEM is written; empty where there is none."""
    found = _PEM.search(text.replace("\\r", "").replace("\\n", "\n"))
    if found is None:
        return ""
    body = re.sub(r"\s+", "", found[2])
    lines = [body[start : start + _PEM_WIDTH] for start in range(0, len(body), _PEM_WIDTH)]
    return "\n".join([f"-----BEGIN {found[1]}-----", *lines, f"-----END {found[1]}-----", ""])


def _of_certificate(pem: str) -> str:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
    from cryptography.x509 import load_pem_x509_certificate

    try:
        key = load_pem_x509_certificate(to_wire(pem)).public_key()
    except ValueError:
        return ""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def _of_ssh(line: str) -> str:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_ssh_public_key

    try:
        key = load_ssh_public_key(to_wire(line))
    except (ValueError, UnsupportedAlgorithm):
        return ""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
