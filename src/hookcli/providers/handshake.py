"""Answering handshakes as a provider's declaration says."""

from __future__ import annotations

import hmac
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from hookcli.delivery import to_text, to_wire
from hookcli.reading import as_word, place
from hookcli.signing.verify import verify

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hookcli.providers.spec import Provider
    from hookcli.reading import Reading
    from hookcli.signing.encryption import Encryption

FORBIDDEN = 403
_PLACEHOLDER = re.compile(r"\{(?:(hmac-sha256|decrypted):)?(\w+:[^{}]+)\}")
_BRACES = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class HandshakeAnswer:
    """What to answer, and what came of it, for a person."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    outcome: str


def check_template(template: str | int) -> None:
    """Raise ValueError where an answer has a placeholder that can't be filled in."""
    for name in _BRACES.findall(template) if isinstance(template, str) else ():
        found = _PLACEHOLDER.fullmatch(f"{{{name}}}")
        if found:
            place(found[2])
        elif name.startswith("hmac"):
            message = f"an answer knows no {{{name}}}: write {{hmac-sha256:KIND:NAME}}"
            raise ValueError(message)


def answer(
    reading: Reading, provider: Provider, secrets: Sequence[str], verify_token: str | None = None
) -> HandshakeAnswer | None:
    """The answer to a handshake; None where the message is none, or where a part of the answer can't be had."""
    handshake = provider.handshake
    if handshake is None or not any(reading.meets(rule) for rule in handshake.when):
        return None
    if handshake.token and verify_token is not None and reading.word(handshake.token) != verify_token:
        return _refused("another verify token")
    if handshake.signed and not _is_signed(reading, provider, secrets):
        return _refused("its signature does not hold") if secrets else None
    value_of = _Values(reading, secrets, provider.encryption)
    headers = [(name, value_of.filled(template)) for name, template in handshake.headers]
    if isinstance(handshake.body, str):
        kind, body = "text/plain; charset=utf-8", value_of.filled(handshake.body)
    else:
        kind = "application/json"
        values = {
            name: value_of.filled(value) if isinstance(value, str) else value for name, value in handshake.body.items()
        }
        body = None if None in values.values() else json.dumps(values)
    if body is None:
        return None
    whole = [(name, value) for name, value in headers if value is not None]
    if body and not any(name.lower() == "content-type" for name, _ in whole):
        whole.append(("Content-Type", kind))
    return HandshakeAnswer(
        status=handshake.status, headers=tuple(whole), body=to_wire(body), outcome="handshake answered"
    )


def _refused(why: str) -> HandshakeAnswer:
    return HandshakeAnswer(status=FORBIDDEN, headers=(), body=b"", outcome=f"handshake refused: {why}")


def _is_signed(reading: Reading, provider: Provider, secrets: Sequence[str]) -> bool:
    return verify(reading, provider.signatures, secrets, now=datetime.now(UTC)).state == "valid"


class _Values(NamedTuple):
    """What the templates of an answer are filled in from."""

    reading: Reading
    secrets: Sequence[str]
    encryption: Encryption | None

    def filled(self, template: str) -> str | None:
        """The template with its values; None where one is missing, or could break out of a header."""
        pieces = _PLACEHOLDER.split(template)
        for i in range(2, len(pieces), 3):
            word = as_word(self.reading.value(place(pieces[i])))
            word = None if word is None else self._made(pieces[i - 1], word)
            if word is None or any(c in word for c in "\r\n\0"):
                return None
            pieces[i - 1 : i + 1] = ["", word]
        return "".join(pieces)

    def _made(self, how: str | None, word: str) -> str | None:
        if how == "hmac-sha256":
            key = to_wire(self.secrets[0]) if self.secrets else None
            return hmac.digest(key, to_wire(word), "sha256").hex() if key else None
        if how == "decrypted":
            clear = self.encryption.decrypted(word, self.secrets) if self.encryption else None
            return None if clear is None else to_text(clear)
        return word
