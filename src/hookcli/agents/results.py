"""What the tools answer: bounded, masked, and described, so that an agent knows what it reads.

Everything of a delivery was written by whoever sent it. It is shown as the views show it: tokens masked, control
characters visible, and no longer than an agent can use.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING
from urllib.parse import quote

from typing_extensions import TypedDict  # pydantic reads the standard library's from Python 3.12 on

from hookcli.delivery import to_wire
from hookcli.fixtures import SECRET
from hookcli.formats.record import timestamp
from hookcli.mask import MASK, mask_for, masked_headers
from hookcli.reading import Reading
from hookcli.render.body import body_lines
from hookcli.render.delivery import event_text
from hookcli.render.escape import visible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hookcli.delivery import Attempt, Message, Verdict
    from hookcli.signing.explain import Explanation
    from hookcli.store.rows import Stored

LONGEST = 1000
"""Characters of a header, a summary, an answer."""

MOST_HEADERS = 100
PAGE = 16_000
"""Characters of a body in one answer."""

LEAST_SECRET = 5
"""Characters of a secret that is taken out wherever it stands; a shorter one would take half of any text along."""


class Judgement(TypedDict):
    """What checking the signature said; `state` is valid, invalid, stale, unsigned or no secret."""

    state: str
    scheme: str | None
    header: str | None
    detail: str | None


class Listed(TypedDict):
    """A delivery in a list."""

    id: str
    received_at: str
    provider: str
    event: str
    summary: str
    verdict: str
    answered: int | None
    method: str
    path: str
    size: int


class Page(TypedDict):
    """Deliveries, the newest first; `next_cursor` asks for the next ones and is null at the end."""

    deliveries: list[Listed]
    next_cursor: str | None


class Sent(TypedDict):
    """One sending: by forwarding or replay. `status` is null where no answer came, and `error` says why."""

    kind: str
    url: str
    started_at: str
    seconds: float
    status: int | None
    error: str | None
    answer: str


class Shown(TypedDict):
    """A delivery with one page of its body, laid out for reading; `next_cursor` asks for the next page."""

    delivery: Listed
    verdict: Judgement
    delivery_id: str | None
    headers: list[tuple[str, str]]
    body: str
    next_cursor: str | None
    sent: list[Sent]


class Slip(TypedDict):
    """A mistake under which the signature holds, and what to change."""

    what: str
    fix: str


class Explained(TypedDict):
    """Why a signature does not hold; `tried` is what was looked for where nothing was found."""

    verdict: Judgement
    sentence: str
    mistakes: list[Slip]
    received: str | None
    expected: str | None
    signed_bytes: int | None
    tried: list[str]
    complete: bool


class Signed(TypedDict):
    """A request as the provider would send it; what is masked is sent by `replay` all the same."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: str


def cut(text: str, most: int = LONGEST) -> str:
    """The text as it may be shown, and not too long."""
    return visible(text if len(text) <= most else f"{text[:most]}… ({len(text):,} characters)", lines=True)


def listed(stored: Stored) -> Listed:
    """A delivery in a list."""
    delivery, identity = stored.delivery, stored.delivery.identity
    return {
        "id": delivery.id,
        "received_at": timestamp(delivery.received_at),
        "provider": identity.provider,
        "event": cut(event_text(identity)),
        "summary": cut(delivery.summary),
        "verdict": delivery.verdict.state,
        "answered": stored.status,
        "method": cut(delivery.method),
        "path": target(delivery, identity.provider),
        "size": stored.size,
    }


def judgement(verdict: Verdict) -> Judgement:
    """What a verdict says."""
    detail = cut(verdict.detail) if verdict.detail else None
    return {"state": verdict.state, "scheme": verdict.scheme, "header": verdict.header, "detail": detail}


def target(message: Message, provider: str) -> str:
    """The request target, the provider's tokens masked."""
    return cut(mask_for(provider).target(message.target))


def headers(message: Message, provider: str) -> list[tuple[str, str]]:
    """The headers, the provider's tokens masked."""
    masked = masked_headers(message, mask_for(provider))
    return [(cut(name), cut(value)) for name, value in masked[:MOST_HEADERS]]


def body_page(message: Message, provider: str, start: int) -> tuple[str, int | None]:
    """The characters of a body from `start` on, laid out and masked, and where the next page begins."""
    parts: list[str] = []
    at, wanted = 0, start + PAGE
    for line in body_lines(Reading(message), mask_for(provider)):
        text = line.plain + "\n"
        if at + len(text) > start:
            parts.append(text[max(0, start - at) : wanted - at])
        at += len(text)
        if at > wanted:
            return "".join(parts), wanted
    return "".join(parts), None


def sent(attempt: Attempt) -> Sent:
    """What came of a sending; the answer's beginning alone."""
    return {
        "kind": attempt.kind,
        "url": cut(mask_for("unknown").target(attempt.url)),
        "started_at": timestamp(attempt.started_at),
        "seconds": round(attempt.elapsed, 6),
        "status": attempt.status,
        "error": cut(attempt.error) if attempt.error else None,
        "answer": cut(attempt.body.decode("utf-8", "replace")),
    }


def explained(verdict: Verdict, found: Explanation, sentence: str = "") -> Explained:
    """What an explanation says, or another `sentence`; all that was tried only where nothing was found."""
    return {
        "verdict": judgement(verdict),
        "sentence": cut(sentence or found.sentence),
        "mistakes": [{"what": cut(mistake.what), "fix": cut(mistake.fix)} for mistake in found.mistakes],
        "received": cut(found.received) if found.received else None,
        "expected": cut(found.expected) if found.expected else None,
        "signed_bytes": len(found.signed) if found.signed is not None else None,
        "tried": [] if found.mistakes else list(found.tried),
        "complete": found.complete,
    }


def without_secrets(value: object, forms: Iterable[str]) -> object:
    """The answer with every one of these taken out, wherever a sender or a server may have put it."""
    if isinstance(value, str):
        for form in forms:
            value = value.replace(form, MASK)
        return value
    if isinstance(value, dict):
        return {key: without_secrets(one, forms) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [without_secrets(one, forms) for one in value]
    return value


def forms(secrets: Iterable[str]) -> list[str]:
    """The secrets, and how they stand in a URL, in JSON and in base64; the longest first.

    That of the fixtures is known to everybody, and stays.
    """
    found = {
        form
        for secret in secrets
        if len(secret) >= LEAST_SECRET and secret != SECRET
        for form in (
            secret,
            quote(secret, safe=""),
            json.dumps(secret)[1:-1],
            base64.b64encode(to_wire(secret)).decode(),
        )
    }
    return sorted(found, key=len, reverse=True)
