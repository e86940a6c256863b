"""Answering handshakes as a provider's declaration says."""

from __future__ import annotations

import hmac
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from hookcli.delivery import to_text, to_wire
from hookcli.providers.spec import Handshake
from hookcli.reading import as_word, place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hookcli.delivery import Verdict
    from hookcli.providers.spec import Provider
    from hookcli.reading import Reading
    from hookcli.signing.encryption import Encryption

UNAUTHORIZED, FORBIDDEN = 401, 403
_BREAK = re.compile(r"[\r\n\0]")
"""What would break out of a header."""

_PLACEHOLDER = re.compile(r"\{(?:(hmac-sha256|decrypted):)?(\w+:[^{}]+)\}")
_BRACES = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class HandshakeAnswer:
    """What to answer, and what came of it, for a person; `signed` where the verdict counts for it."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    outcome: str
    signed: bool = False


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
    reading: Reading,
    provider: Provider,
    secrets: Sequence[str],
    verify_token: str | None = None,
    verdict: Verdict | None = None,
) -> HandshakeAnswer | None:
    """The answer to a handshake; None where the message is none, or where a part of the answer can't be had.

    `verdict` is what its signature says: one that asks for a signature is refused where that is invalid.
    """
    declared = provider.handshake or ()
    for handshake in (declared,) if isinstance(declared, Handshake) else declared:
        if any(reading.meets(rule) for rule in handshake.when):
            values = _Values(reading, secrets, provider.encryption, verdict)
            return _refusal(handshake, reading, verify_token, verdict) or _answer(handshake, values)
    return None


def _refusal(
    handshake: Handshake, reading: Reading, verify_token: str | None, verdict: Verdict | None
) -> HandshakeAnswer | None:
    if handshake.token and verify_token is not None and reading.word(handshake.token) != verify_token:
        return HandshakeAnswer(status=FORBIDDEN, outcome="handshake refused: another verify token")
    if handshake.signed and verdict is not None and verdict.state == "invalid":
        return HandshakeAnswer(
            status=UNAUTHORIZED, outcome="handshake refused: its signature is invalid, as it may be on purpose"
        )
    return None


def _answer(handshake: Handshake, value_of: _Values) -> HandshakeAnswer | None:
    filled = [(name, value_of.filled(template)) for name, template in handshake.headers]
    headers = [(name, value) for name, value in filled if value is not None and not _BREAK.search(value)]
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
    if body and not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", kind))
    return HandshakeAnswer(
        status=handshake.status,
        headers=tuple(headers),
        body=to_wire(body),
        outcome="handshake answered",
        signed=handshake.signed,
    )


class _Values(NamedTuple):
    """What the templates of an answer are filled in from."""

    reading: Reading
    secrets: Sequence[str]
    encryption: Encryption | None
    verdict: Verdict | None

    def filled(self, template: str) -> str | None:
        """The template with its values; None where one is missing."""
        pieces = _PLACEHOLDER.split(template)
        for i in range(2, len(pieces), 3):
            word = as_word(self.reading.value(place(pieces[i])))
            word = None if word is None else self._made(pieces[i - 1], word)
            if word is None:
                return None
            pieces[i - 1 : i + 1] = ["", word]
        return "".join(pieces)

    def _made(self, how: str | None, word: str) -> str | None:
        if how == "hmac-sha256":
            key = to_wire(self.secrets[0]) if self.secrets else None
            return hmac.digest(key, to_wire(word), "sha256").hex() if key else None
        if how == "decrypted":
            # Of what is not signed, anybody could have a message that they caught decrypted.
            signed = self.verdict is not None and self.verdict.state == "valid"
            clear = self.encryption.decrypted(word, self.secrets) if self.encryption and signed else None
            return None if clear is None else to_text(clear)
        return word
