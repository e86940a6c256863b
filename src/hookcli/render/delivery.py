"""A delivery as one line, as its head, and in full."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len
from rich.text import Text

from hookcli.identify import identify
from hookcli.mask import mask_for, masked_headers
from hookcli.providers.callback import callback_url
from hookcli.providers.registry import providers
from hookcli.reading import Reading
from hookcli.render.body import body_lines, head
from hookcli.render.escape import visible
from hookcli.units import ago, duration, size_of, span_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from hookcli.delivery import Attempt, Delivery, Identity, Message, Verdict
    from hookcli.store.rows import Stored

SIGNS = {
    "valid": ("✓", "green"),
    "invalid": ("✗", "bold red"),
    "stale": ("!", "yellow"),
    "no secret": ("?", "dim"),
    "unsigned": ("–", "dim"),
}
"""How a verdict is marked: a sign, a style, and always the word itself."""

MARKS = {"handshake": ("⇄", "cyan"), "refused": ("⊘", "bold red"), "repeat": ("↻", "yellow")}
"""What sets a delivery apart: the kind of its answer, or that it repeats another one. A sign, and always the word."""

_VERDICT_WIDTH = 11


HEAD_OF_ANSWER = 5
"""Lines of an answer that are shown."""

_FIRST_ERROR = 400


class Columns(NamedTuple):
    """Characters that a line has for provider, event and size, at the least; 0 leaves the size out."""

    provider: int
    event: int
    size: int


WIDE = Columns(provider=16, event=24, size=8)
NARROW = Columns(provider=9, event=12, size=0)
WIDE_FROM = 110
"""Columns of a terminal from which there is room for the wide form."""


def accent(provider: str) -> str:
    """The provider's colour."""
    declared = providers().get(provider)
    return declared.color if declared else "default"


def event_text(identity: Identity) -> str:
    """Event and action as one word, and what an envelope carries."""
    own = identity.event or "-"
    if identity.action:
        own = f"{own}.{identity.action}"
    inner = identity.carries
    return f"{own} > {inner.provider} {event_text(inner)}" if inner and inner.provider != "unknown" else own


def verdict_text(verdict: Verdict) -> Text:
    """The sign and the word of a verdict."""
    sign, style = SIGNS[verdict.state]
    return Text().append(f"{sign} {verdict.state}", style)


def delivery_line(stored: Stored, when: str, *, width: int | None, label: str = "") -> Text:
    """One line: when, the verdict, who, what, the size, and a summary for as long as the terminal is wide.

    `label` stands before it (an id, in lists); `width` is None where lines may be as long as they are.
    """
    delivery, identity = stored.delivery, stored.delivery.identity
    columns = NARROW if width is not None and width < WIDE_FROM else WIDE
    line = Text(no_wrap=True, overflow="ellipsis")
    if label:
        line.append(f"{label}  ", "dim")
    line.append(f"{when}  ", "dim")
    verdict = verdict_text(delivery.verdict)
    line.append_text(verdict).append(" " * (_VERDICT_WIDTH + 2 - len(verdict)))
    line.append(_padded(visible(identity.provider), columns.provider), f"bold {accent(identity.provider)}")
    line.append(" ")
    line.append(_padded(visible(event_text(identity)), columns.event), "bold")
    if columns.size:
        line.append(f" {size_of(stored.size):>{columns.size}}", "dim")
    return line.append("  ").append_text(summary_text(stored))


def summary_text(stored: Stored) -> Text:
    """What a delivery is about, or at least its request line; what sets it apart stands before it."""
    delivery = stored.delivery
    text = _mark("repeat").append("  ", "default") if stored.repeats else Text()
    return text.append_text(_told(stored, f"{delivery.method} {_path(delivery)}"))


def _mark(word: str) -> Text:
    sign, style = MARKS[word]
    return Text().append(f"{sign} {word}", style)


def _told(stored: Stored, otherwise: str = "") -> Text:
    """The summary, or else this; the kind of the answer before it, unless the summary begins with the word itself."""
    text = stored.delivery.summary or otherwise
    if stored.answer == "plain":
        return Text(visible(text))
    rest = text.removeprefix(stored.answer) if text.startswith(stored.answer) else f"  {text}".rstrip()
    return _mark(stored.answer).append(visible(rest), "default")


def _path(delivery: Delivery) -> str:
    return mask_for(delivery.identity.provider).target(delivery.target)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - cell_len(text))


def message_head(message: Message, provider: str, *, reveal: bool = False) -> Iterator[Text]:
    """The request line and the headers, the provider's secrets masked."""
    mask = mask_for(provider, reveal=reveal)
    start = Text().append(visible(message.method), "bold")
    start.append(f" {visible(mask.target(message.target))}", "bold cyan").append(f" HTTP/{message.http_version}", "dim")
    yield start
    for name, value in masked_headers(message, mask):
        line = Text().append(visible(name), "cyan")
        line.append(": ", "dim").append(visible(value))
        yield line


def to_send(message: Message, *, reveal: bool = False) -> Iterator[Text]:
    """A message that would be sent: its head, the head of its body, and an empty line behind it."""
    provider = identify(Reading(message)).provider
    yield from message_head(message, provider, reveal=reveal)
    yield Text()
    yield from head(body_lines(Reading(message), mask_for(provider, reveal=reveal)), len(message.body), more="")
    yield Text()


def message_body(delivery: Delivery, *, reveal: bool = False, whole: bool = False) -> Iterator[Text]:
    """The body for reading; its head only, unless the whole is asked for."""
    if not delivery.body:
        return iter(())
    lines = body_lines(Reading(delivery), mask_for(delivery.identity.provider, reveal=reveal))
    return lines if whole else head(lines, len(delivery.body))


def facts(stored: Stored, now: datetime, first: Delivery | None = None) -> Iterator[Text]:
    """What is known of a delivery: who, what, when, and the verdict with its reason; `first` is the one it repeats."""
    delivery, identity = stored.delivery, stored.delivery.identity
    title = Text().append(f"{visible(identity.provider)} ", f"bold {accent(identity.provider)}")
    title.append(visible(event_text(identity)), "bold")
    if identity.is_ping:
        title.append("  ping", "dim")
    yield title
    if delivery.summary or stored.answer != "plain":
        yield _told(stored)
    yield verdict_line(delivery.verdict)
    if stored.repeats:
        yield _repeat_line(delivery, stored.repeats, first)
    local = delivery.received_at.astimezone().strftime("%Y-%m-%d %H:%M:%S %z")
    answered = f", answered {stored.status}" if stored.status is not None else ""
    yield Text(
        f"{delivery.id}  {ago(delivery.received_at, now)} ({local}) from {visible(delivery.remote)}{answered},"
        f" {size_of(stored.size)}",
        "dim",
    )
    names = {"delivery": identity.delivery_id, "hook": identity.hook_id, "attempt": identity.attempt}
    told = "  ".join(f"{name} {visible(str(value))}" for name, value in names.items() if value is not None)
    if told:
        yield Text(told, "dim")


def _repeat_line(delivery: Delivery, repeats: str, first: Delivery | None) -> Text:
    sign, style = MARKS["repeat"]
    line = Text().append(f"{sign} repeats", style).append(f" {visible(repeats)}")
    if first is None:
        return line
    details = [
        f"{span_of((delivery.received_at - first.received_at).total_seconds())} before",
        "same body" if first.body == delivery.body else "another body",
    ]
    if delivery.identity.attempt is not None and first.identity.attempt != delivery.identity.attempt:
        details.append(f"attempt {delivery.identity.attempt} after {first.identity.attempt or 'one without a number'}")
    return line.append(f" ({', '.join(details)})", "dim")


def verdict_line(verdict: Verdict) -> Text:
    """The verdict with scheme, header and reason."""
    line = verdict_text(verdict)
    if verdict.scheme and verdict.header:
        line.append(f"  {verdict.scheme} in {visible(verdict.header)}", "default")
    if verdict.detail:
        line.append(f": {visible(verdict.detail)}", "default")
    return line


def attempt_line(attempt: Attempt, *, kind: str | None = None, masked: bool = True) -> Text:
    """Where a delivery was sent, and what came of it; `kind` says so better than the attempt's own."""
    url = mask_for("unknown", reveal=not masked).target(attempt.url)
    line = Text().append("  → ", "dim")
    line.append(f"{kind or attempt.kind} ", "dim").append(visible(url)).append("  ")
    return line.append_text(outcome_text(attempt))


def answer_head(attempt: Attempt) -> Iterator[Text]:
    """The first lines of what the server answered."""
    rows = attempt.body.decode("utf-8", "replace").rstrip("\n").split("\n")
    for row in rows[:HEAD_OF_ANSWER]:
        line = Text().append(
            f"  {visible(row, lines=True)}", "default" if (attempt.status or 0) >= _FIRST_ERROR else "dim"
        )
        line.truncate(200)
        yield line
    if len(rows) > HEAD_OF_ANSWER:
        yield Text(f"  … {size_of(len(attempt.body))} in all", "dim")


def outcome_text(attempt: Attempt) -> Text:
    """What came of an attempt, and how long it took."""
    if attempt.status is None:
        text = Text().append(f"✗ {visible(attempt.error or 'failed')}", "bold red")
    else:
        text = status_text(attempt.status)
    return text.append(f"  {duration(attempt.elapsed)}", "dim")


def status_text(status: int) -> Text:
    """An HTTP status with its sign."""
    good = 200 <= status < 300  # noqa: PLR2004 (the 2xx class)
    return Text().append(f"{'✓' if good else '✗'} {status}", "green" if good else "bold red")


def full(  # noqa: PLR0913 (a delivery, what belongs to it, and how much is shown)
    stored: Stored,
    now: datetime,
    attempts: Sequence[Attempt] = (),
    *,
    first: Delivery | None = None,
    reveal: bool = False,
    whole: bool = False,
) -> Iterator[Text]:
    """Facts, headers, body and where it was sent, apart by empty lines; `first` is the delivery that it repeats."""
    yield from facts(stored, now, first)
    asked = _asked_at(stored.delivery)
    hint = callback_hint(stored.delivery)
    if hint and not any(one.url == asked for one in attempts):
        yield hint
    yield Text()
    yield from message_head(stored.delivery, stored.delivery.identity.provider, reveal=reveal)
    body = message_body(stored.delivery, reveal=reveal, whole=whole)
    top = next(body, None)
    if top is not None:
        yield Text()
        yield from chain([top], body)
    if attempts:
        yield Text()
        for one in attempts:
            yield attempt_line(one, kind="callback" if one.url == asked else None, masked=not reveal)


def _asked_at(delivery: Delivery) -> str | None:
    declared = providers().get(delivery.identity.provider)
    return callback_url(Reading(delivery), declared.callback) if declared else None


def callback_hint(delivery: Delivery) -> Text | None:
    """How its sender can be told what came of the delivery; None where it does not ask."""
    if not _asked_at(delivery):
        return None
    return Text(f"asks how it went: hookcli callback {delivery.id} success", "dim")
