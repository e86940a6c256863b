"""Answering handshakes as a provider's declaration says."""

from __future__ import annotations

import hmac
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hookcli.delivery import to_wire
from hookcli.providers.spec import Handshake
from hookcli.reading import as_word, place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hookcli.delivery import Verdict
    from hookcli.providers.spec import Provider
    from hookcli.reading import Reading

UNAUTHORIZED, FORBIDDEN = 401, 403
_PLACEHOLDER = re.compile(r"\{(hmac-sha256:)?(\w+:[^{}]+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class HandshakeAnswer:
    """What to answer, and what came of it, for a person; `signed` where the verdict counts for it."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    outcome: str
    signed: bool = False


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
            return _refusal(handshake, reading, verify_token, verdict) or _answer(handshake, reading, secrets)
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


def _answer(handshake: Handshake, reading: Reading, secrets: Sequence[str]) -> HandshakeAnswer | None:
    headers = [(name, _filled(template, reading, secrets)) for name, template in handshake.headers]
    if isinstance(handshake.body, str):
        kind, body = "text/plain; charset=utf-8", _filled(handshake.body, reading, secrets)
    else:
        kind = "application/json"
        values = {
            name: _filled(value, reading, secrets) if isinstance(value, str) else value
            for name, value in handshake.body.items()
        }
        body = None if None in values.values() else json.dumps(values)
    if body is None:
        return None
    whole = [(name, value) for name, value in headers if value is not None]
    if body and not any(name.lower() == "content-type" for name, _ in whole):
        whole.append(("Content-Type", kind))
    return HandshakeAnswer(
        status=handshake.status,
        headers=tuple(whole),
        body=to_wire(body),
        outcome="handshake answered",
        signed=handshake.signed,
    )


def _filled(template: str, reading: Reading, secrets: Sequence[str]) -> str | None:
    """The template with its values; None where one is missing, or could break out of a header."""
    missing = False

    def value(match: re.Match[str]) -> str:
        nonlocal missing
        word = as_word(reading.value(place(match[2])))
        if word is None or (match[1] and not secrets) or any(c in word for c in "\r\n\0"):
            missing = True
            return ""
        return hmac.digest(to_wire(secrets[0]), to_wire(word), "sha256").hex() if match[1] else word

    text = _PLACEHOLDER.sub(value, template)
    return None if missing else text
