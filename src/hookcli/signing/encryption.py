"""Bodies that arrive encrypted (AES-256-CBC), and the signature that speaks for the encrypted text.

What the two kinds have in common: the ciphertext stands at one place in base64, and the key is made of a secret that
the person has. They differ in how:

    sha256      the key is the SHA-256 of the secret, and the first block of the ciphertext the initialisation vector
                (Feishu and Lark: the secret is the Encrypt Key)
    wechat      the key is the secret, 43 letters of base64, and its first block the initialisation vector; inside stand
                16 random bytes, the length (four bytes, big-endian), the message and the receiver's id
                (WeChat and WeCom: the secret is the EncodingAESKey, alone or as TOKEN:EncodingAESKey)

`cryptography` is imported where a key is used: most providers have none.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from hookcli.delivery import to_text, to_wire
from hookcli.errors import WrongInput
from hookcli.reading import Reading
from hookcli.signing.schemes import Signature
from hookcli.signing.template import with_body

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hookcli.delivery import Message
    from hookcli.signing.template import SigningFacts

BLOCK = 16
WECHAT_PADDING = 32
"""Bytes that WeChat pads to a multiple of."""

WECHAT_KEY = 43
"""Letters of an EncodingAESKey: 32 bytes in base64, its padding left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Encryption:
    """How a provider encrypts: the kind of it, and the place of the ciphertext in a delivery."""

    kind: Literal["sha256", "wechat"]
    at: str

    def opened(self, reading: Reading, secrets: Sequence[str]) -> Reading | None:
        """The delivery as it reads inside; None where nothing is encrypted, or none of the secrets opens it."""
        text = reading.word(self.at)
        content = self.decrypted(text, secrets) if text else None
        return None if content is None else reading.showing(content)

    def decrypted(self, text: str, secrets: Sequence[str]) -> bytes | None:
        """What a ciphertext says under the first of the secrets that opens it; None where none does."""
        try:
            sealed = base64.b64decode(text, validate=True)
        except (ValueError, binascii.Error):
            return None
        for secret in secrets:
            clear = _opened_wechat(sealed, secret) if self.kind == "wechat" else _opened_sha256(sealed, secret)
            if clear is not None:
                return clear
        return None


def _opened_sha256(sealed: bytes, secret: str) -> bytes | None:
    vector, sealed = sealed[:BLOCK], sealed[BLOCK:]
    clear = _unpadded(_aes(hashlib.sha256(to_wire(secret)).digest(), vector, sealed, forward=False), BLOCK)
    # Another key gives noise, whose last byte may look like padding: what is meant is text.
    return clear if clear is not None and _is_text(clear) else None


def _opened_wechat(sealed: bytes, secret: str) -> bytes | None:
    key = wechat_key(secret)
    clear = key and _unpadded(_aes(key, key[:BLOCK], sealed, forward=False), WECHAT_PADDING)
    if not clear or len(clear) < BLOCK + 4:
        return None
    start = BLOCK + 4
    length = int.from_bytes(clear[BLOCK:start], "big")
    return clear[start : start + length] if start + length <= len(clear) else None


def wechat_key(secret: str) -> bytes | None:
    """The AES key of an EncodingAESKey, or of TOKEN:EncodingAESKey; None for a secret that has none."""
    text = secret.strip().rpartition(":")[2]
    if len(text) != WECHAT_KEY:
        return None
    try:
        return base64.b64decode(text + "=")
    except (ValueError, binascii.Error):
        return None


def sealed_for_wechat(clear: bytes, key: bytes, receiver: str, random: Callable[[int], bytes] = os.urandom) -> str:
    """A message as WeChat encrypts it: the text for `Encrypt`. `receiver` is the CorpID or AppID."""
    whole = random(BLOCK) + len(clear).to_bytes(4, "big") + clear + to_wire(receiver)
    count = WECHAT_PADDING - len(whole) % WECHAT_PADDING
    sealed = _aes(key, key[:BLOCK], whole + bytes([count]) * count, forward=True)
    return base64.b64encode(sealed or b"").decode()


def _aes(key: bytes, vector: bytes, data: bytes, *, forward: bool) -> bytes | None:
    """AES-256-CBC; None for what is no whole number of blocks."""
    if len(vector) != BLOCK or not data or len(data) % BLOCK:
        return None
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    # CBC without a check of its own is the providers' choice; the signature over the ciphertext is what protects it.
    cipher = Cipher(algorithms.AES(key), modes.CBC(vector))
    work = cipher.encryptor() if forward else cipher.decryptor()
    return work.update(data) + work.finalize()


def _unpadded(data: bytes | None, most: int) -> bytes | None:
    """The data without its PKCS #7 padding; None where that is no padding."""
    if not data:
        return None
    count = data[-1]
    return data[:-count] if 0 < count <= most and data.endswith(bytes([count]) * count) else None


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class SortedDigest(Signature):
    """A plain hash of the parts of the template, which stand apart by blanks, sorted and run together.

    The secret is a token, or TOKEN:EncodingAESKey; with the latter `sign` encrypts a body that is not encrypted yet.
    Source: WeCom's developer documentation, "加解密方案说明" (msg_signature), and WeChat's, "消息加解密说明".
    """

    @property
    def kind(self) -> str:
        """What it is, for a person."""
        return f"{self.hash.upper()} of sorted parts"

    @property
    def covers_body(self) -> bool:
        """Whether a changed body breaks it."""
        return "{xml:" in self.signed

    def key(self, secret: str) -> bytes | None:
        """The secret; None for an EncodingAESKey by itself, which opens a body and signs nothing."""
        return None if len(secret.strip()) == WECHAT_KEY and wechat_key(secret) else to_wire(secret.strip())

    def made(self, data: bytes, key: bytes) -> bytes:  # noqa: ARG002 (the token is in the data)
        """The digest."""
        return hashlib.new(self.hash, b"".join(sorted(data.split(b" ")))).digest()

    def shared(self, key: bytes) -> bytes:
        """The token."""
        token, colon, _ = key.rpartition(b":")
        return token if colon else key

    def sign(self, message: Message, key: bytes, facts: SigningFacts) -> Message:
        """The message with its timestamp and signature, encrypted first where it is not yet.

        Raises WrongInput where it is not, and the secret has no key for that.
        """
        reading = Reading(message)
        receiver = reading.word("xml:ToUserName")
        if self.covers_body and message.body and not reading.word("xml:Encrypt"):
            aes = wechat_key(to_text(key))
            if not aes or not receiver:
                what = "The payload is not encrypted, and can't be: " + (
                    "it has no ToUserName." if aes else "the secret has no key for that."
                )
                raise WrongInput(what, "Give TOKEN:EncodingAESKey and plain XML with ToUserName, or XML with Encrypt.")
            text = sealed_for_wechat(message.body, aes, receiver)
            body = (
                f"<xml><ToUserName><![CDATA[{receiver}]]></ToUserName><Encrypt><![CDATA[{text}]]></Encrypt>"
                f"<AgentID><![CDATA[{reading.word('xml:AgentID') or ''}]]></AgentID></xml>"
            )
            message = with_body(message, body.encode())
        return Signature.sign(self, message, key, facts)
