"""What the panes say of one delivery, as lines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from rich.text import Text

from hookcli.delivery import Message
from hookcli.examine import explain_verdict, opened
from hookcli.mask import mask_for, masked_headers
from hookcli.providers.registry import providers
from hookcli.reading import Reading
from hookcli.render.body import HEAD_LINES, body_lines, decoded, head, left_out
from hookcli.render.delivery import attempt_line, event_text, message_head, verdict_line
from hookcli.render.escape import visible
from hookcli.render.explanation import in_full, signed_bytes
from hookcli.signing.verify import verify
from hookcli.tui import json_parts
from hookcli.units import ago, size_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from hookcli.delivery import Attempt, Delivery, Identity, Verdict
    from hookcli.providers.spec import Provider
    from hookcli.signing.explain import Explanation
    from hookcli.signing.secrets import Secrets
    from hookcli.tui.data import Whole

LARGE = 1024 * 1024
"""Bytes of a body from which on it is read by its parts, never as a whole."""

LAID_OUT = 256 * 1024
"""Bytes of a body that is no JSON that are laid out; Raw has all of it."""

ANSWER_LINES = 40

EXPLAIN_SECONDS = 3.0
"""How long the search for a mistake goes on: longer than for a command, as nothing waits for it."""

_LABEL = 10


def summary(whole: Whole, now: datetime, color: str, *, reveal: bool) -> Iterator[Text]:
    """Who, what, when, and what came of it."""
    stored, delivery = whole.stored, whole.stored.delivery
    identity, declared = delivery.identity, _declared(delivery.identity.provider)
    title = Text().append(visible(identity.provider), f"bold {color}").append("  ")
    title.append(visible(event_text(identity)), "bold")
    known = next((one.title for one in declared.events if one.name == identity.event), "") if declared else ""
    if known:
        title.append(f"  {known}", "dim")
    if identity.is_ping:
        title.append("  a ping: it asks for no work", "dim")
    yield title
    if delivery.summary:
        yield Text(visible(delivery.summary))
    yield Text()
    yield verdict_line(delivery.verdict)
    yield Text()
    local = delivery.received_at.astimezone().strftime("%Y-%m-%d %H:%M:%S %z")
    yield _row("received", f"{local}  ", dim=ago(delivery.received_at, now))
    yield _row("from", visible(delivery.remote) or "-")
    target = mask_for(identity.provider, reveal=reveal).target(delivery.target)
    yield _row("request", visible(f"{delivery.method} {target}"), dim=f"  HTTP/{delivery.http_version}")
    kind = delivery.headers.get("content-type")
    yield _row("body", size_of(stored.size), dim=f"  {visible(kind)}" if kind else "")
    if stored.status is not None:
        yield _row("answered", str(stored.status), dim="" if stored.answer == "plain" else f"  {stored.answer}")
    yield from _sent(whole, reveal=reveal)
    yield Text()
    yield _row("id", delivery.id)
    for name, value in (
        ("delivery", identity.delivery_id),
        ("hook", identity.hook_id),
        ("attempt", identity.attempt),
        ("carries", _carried(identity)),
        ("repeats", stored.repeats),
        ("docs", declared.docs if declared else None),
    ):
        if value is not None:
            yield _row(name, visible(str(value)))


def _row(name: str, value: str, *, dim: str = "") -> Text:
    return Text().append(f"{name:<{_LABEL}}", "dim").append(value).append(dim, "dim")


def _sent(whole: Whole, *, reveal: bool) -> Iterator[Text]:
    if not whole.attempts:
        return
    line = attempt_line(whole.attempts[0], masked=not reveal)
    times = "once" if whole.sent == 1 else f"{whole.sent} times, the last"
    yield _row("sent on", f"{times} ").append_text(line[2:])


def _carried(identity: Identity) -> str | None:
    inner = identity.carries
    return f"{inner.provider} {event_text(inner)}" if inner else None


def _declared(provider: str) -> Provider | None:
    return providers().get(provider)


def headers(delivery: Delivery, *, reveal: bool) -> Iterator[Text]:
    """The request line and the headers, their values under each other where the names are short enough."""
    yield next(message_head(delivery, delivery.identity.provider, reveal=reveal))
    yield Text()
    pairs = masked_headers(delivery, mask_for(delivery.identity.provider, reveal=reveal))
    width = min(max((len(visible(name)) for name, _ in pairs), default=0), 28)
    for name, value in pairs:
        yield Text().append(f"{visible(name):<{width}}", "cyan").append("  ").append(visible(value))


@dataclass(frozen=True, slots=True)
class Body:
    """A body for reading: the text of a JSON value for the tree, or lines."""

    json: str | None = None
    lines: tuple[Text, ...] = ()


def body(delivery: Delivery, *, reveal: bool) -> Body:
    """Lay a body out; for a thread, as it may be long."""
    if not delivery.body:
        return Body(lines=(Text("no body", "dim italic"),))
    reading, mask = Reading(delivery), mask_for(delivery.identity.provider, reveal=reveal)
    content = reading.content
    text = decoded(content)
    if text is not None and len(content) > LARGE and json_parts.looks_like(text):
        return Body(json=text)
    if len(content) > LARGE:
        plain = delivery.headers.without(["content-encoding"])
        start = content[:LAID_OUT] if text is None else text[:LAID_OUT].encode("utf-8", "surrogateescape")
        cut = Reading(replace(delivery, headers=plain, body=start))
        lines = islice(head(body_lines(cut, mask), LAID_OUT, more=""), HEAD_LINES)
        return Body(lines=(*lines, left_out(len(content), ": Raw has all of it")))
    has_parts = isinstance(reading.payload, dict | list) and bool(reading.payload)
    if has_parts and set(reading.form) == {"payload"}:
        return Body(json=reading.form["payload"])
    if has_parts and text is not None and not reading.form:
        return Body(json=text)
    return Body(lines=tuple(head(body_lines(reading, mask), len(content), more=": Raw has all of it")))


@dataclass(frozen=True, slots=True)
class Checked:
    """A verdict under the secrets that are known now, and why a signature does not hold."""

    verdict: Verdict
    explanation: Explanation | None


def check(delivery: Delivery, provider: str, secrets: Secrets) -> Checked:
    """Verify, and explain what does not hold; for a thread, as the search takes its time."""
    declared = providers()[provider]
    reading, known = Reading(delivery), secrets.of(provider)
    clear = opened(reading, declared, known)
    verdict = verify(reading, declared.signatures, known, now=delivery.received_at, clear=clear)
    if verdict.state == "invalid" or (verdict.state == "no secret" and known):
        return Checked(verdict, explain_verdict(delivery, declared, secrets, seconds=EXPLAIN_SECONDS))
    if verdict.state in {"valid", "stale"} and len(delivery.body) < LARGE:
        # Nothing to search for: the bytes that are signed are wanted.
        return Checked(verdict, explain_verdict(delivery, declared, secrets, seconds=0.0))
    return Checked(verdict, None)


def signature(delivery: Delivery, checked: Checked, secrets: Secrets, *, reveal: bool) -> Iterator[Text]:
    """The verdict, what explain found, and the bytes that are signed."""
    provider = delivery.identity.provider
    verdict, found = checked.verdict, checked.explanation
    yield verdict_line(verdict)
    if verdict.state != delivery.verdict.state:
        yield Text().append("when it came: ", "dim").append_text(verdict_line(delivery.verdict))
    known = secrets.of(provider)
    yield Text(f"{len(known) or 'no'} secret{'' if len(known) == 1 else 's'} known for {provider}", "dim")
    yield Text()
    if verdict.state == "no secret" and not known:
        yield Text().append("e", "bold").append(" asks for the secret and checks the signature with it.")
    if found is None:
        return
    if verdict.state in {"invalid", "no secret"}:
        yield from (_flush(line) for line in in_full(found, bytes_by=""))
    elif found.received:
        yield _row("signature", visible(found.received))
    if found.signed is not None and (reveal or not _tells(found.signed, known)):
        yield Text()
        yield Text("signed bytes", "dim")
        yield from signed_bytes(found.signed)


def _tells(signed: bytes, known: list[str]) -> bool:
    """Whether the signed bytes hold a secret, as they do in some schemes."""
    return any(secret.encode("utf-8", "surrogateescape") in signed for secret in known)


def _flush(line: Text) -> Text:
    return line[2:] if line.plain.startswith("  ") else line


def attempts(whole: Whole, *, reveal: bool) -> Iterator[Text]:
    """Where it was sent, the latest first, and what was answered."""
    if not whole.attempts:
        yield Text("Not sent on yet.", "dim italic")
        yield Text().append("r", "bold").append(" sends it again.")
        return
    for number, attempt in enumerate(whole.attempts):
        if number:
            yield Text()
        yield from _attempt(attempt, reveal=reveal)
    if whole.sent > len(whole.attempts):
        yield Text()
        yield Text(f"… and {whole.sent - len(whole.attempts):,} earlier ones", "dim italic")


def _attempt(attempt: Attempt, *, reveal: bool) -> Iterator[Text]:
    local = attempt.started_at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    yield attempt_line(attempt, masked=not reveal)[2:].append(f"  {local}", "dim")
    mask = mask_for("unknown", reveal=reveal)
    answer = Message(headers=attempt.headers, body=attempt.body)
    for name, value in masked_headers(answer, mask):
        yield Text().append(f"  {visible(name)}: ", "dim").append(visible(value), "dim")
    if attempt.body:
        lines = body_lines(Reading(answer), mask)
        for line in islice(lines, ANSWER_LINES):
            yield Text("  ").append_text(line)
        if next(lines, None) is not None:
            yield Text(f"  … {size_of(len(attempt.body))} in all", "dim italic")
