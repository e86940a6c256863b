"""`hookcli replay`."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from statistics import median
from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from hookcli.cli.exclusive import exclusive
from hookcli.cli.hints import say_if_unknown
from hookcli.cli.options import (
    HEADER,
    filter_of,
    filter_option,
    json_option,
    provider_of,
    reveal_option,
    sending_options,
    store_option,
    store_path,
)
from hookcli.cli.sources import Payloads, kept, load
from hookcli.errors import WrongInput
from hookcli.formats.record import attempt_record
from hookcli.mask import mask_for
from hookcli.render.delivery import answer_head, outcome_text, to_send
from hookcli.render.escape import visible
from hookcli.render.terminal import Terminal, notes, output
from hookcli.replay import Pace, Parcel, good, replay, signed_anew
from hookcli.signing.secrets import resolve
from hookcli.store.writer import AttemptOf, write_now
from hookcli.units import duration
from hookcli.wire import Destination, Manner, outgoing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from hookcli.delivery import Attempt, Message
    from hookcli.providers.spec import Provider

DEFAULT_TARGET = "http://127.0.0.1:8080"
MANY = 10
"""So many deliveries get a progress bar, and only failures a line of their own."""


@click.command("replay")
@click.argument("names", metavar="FILE|ID|FIXTURE|DIR...", nargs=-1)
@filter_option("Send the stored deliveries that meet this, in the order in which they came.")
@click.option(
    "--to", default=DEFAULT_TARGET, show_default=True, metavar="URL", help="Where to send; a path replaces theirs."
)
@click.option("--provider", metavar="NAME", help="The provider of a bare payload, or to sign anew as.")
@click.option("--event", help="The event of a bare payload.")
@click.option("--secret", help="Sign anew with this secret.")
@click.option("--set-header", "set_headers", multiple=True, type=HEADER, help="Set a header; without value, drop it.")
@click.option("--repeat", default=1, show_default=True, type=click.IntRange(min=1), help="Send it all so many times.")
@click.option("--rate", metavar="N/s", help="At most so many a second (or 60/m a minute).")
@click.option("--concurrency", default=1, show_default=True, type=click.IntRange(1, 1000), help="So many at a time.")
@click.option("--keep-going", is_flag=True, help="Go on after an answer that is not 2xx.")
@click.option("--dry-run", is_flag=True, help="Show what would be sent, and send nothing.")
@sending_options
@json_option
@reveal_option
@store_option
@exclusive("json", "dry-run")
def command(
    names: Sequence[str],
    filters: Sequence[str],
    to: str,
    provider: str | None,
    event: str | None,
    secret: str | None,
    set_headers: Sequence[tuple[str, str]],
    repeat: int,
    rate: str | None,
    concurrency: int,
    keep_going: bool,
    dry_run: bool,
    send_timeout: float,
    keep_host: bool,
    insecure: bool,
    as_json: bool,
    reveal: bool,
    store: Path | None,
) -> int:
    """Send deliveries again, byte for byte.

    A name is a file (.http, HAR, a curl command, hookcli's JSON or NDJSON and more, or a bare payload), a folder of
    such, - for standard input, a fixture (github/push), or a delivery in the store. Exits with 1 if any answer was not
    2xx.

    \b
    Examples:
      hookcli replay last
      hookcli replay github/push --to http://localhost:3000/webhooks --secret S
      hookcli replay payload.json --provider gitlab --event "Push Hook"
      hookcli replay copied_as_curl.sh recorded.har --dry-run
      hookcli replay deliveries/ --repeat 10 --rate 20/s --keep-going
      hookcli replay --filter 'provider:stripe is:failed since:1d' --to http://localhost:3000
    """
    if not (names or filters):
        raise WrongInput("Say what to send: names, or a --filter.", "As in `hookcli replay last`.")
    declared, where, target = provider_of(provider), store_path(store), Destination.parse(to)
    pace = Pace(repeat=repeat, rate=_rate(rate), concurrency=concurrency, keep_going=keep_going)
    keep_host = keep_host or any(name.lower() == "host" for name, _ in set_headers)
    manner = Manner(timeout=send_timeout, keep_host=keep_host, insecure=insecure)
    payloads = Payloads(provider=declared, event=event, timestamp=time.time(), by_itself=True)
    parcels = [
        replace(parcel, message=_prepared(parcel.message, declared, secret, set_headers))
        for parcel in [*load(names, where, payloads), *_kept(filters, where)]
    ]
    say_if_unknown(event, declared)
    out = output()
    if dry_run:
        for parcel in parcels:
            out.lines(to_send(outgoing(parcel.message, target, keep_host=keep_host), reveal=reveal))
        return 0
    made: list[tuple[Parcel, Attempt]] = []
    try:
        asyncio.run(_send(parcels, target, pace, manner, out, made, as_json=as_json))
    finally:
        # Also after Ctrl-C: what was sent was sent.
        write_now(where, [AttemptOf(parcel.delivery_id, attempt) for parcel, attempt in made if parcel.delivery_id])
        if len(made) > 1 and not as_json:
            notes().lines([_summary([attempt for _, attempt in made], len(parcels) * repeat)])
    return 0 if made and all(good(attempt) for _, attempt in made) else 1


def _kept(filters: Sequence[str], store: Path) -> list[Parcel]:
    if not filters:
        return []
    found = kept(filter_of(filters, datetime.now(UTC)), store)
    return [Parcel(stored.delivery.id, stored.delivery, stored.delivery.id) for stored in found]


def _rate(text: str | None) -> float | None:
    if text is None:
        return None
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(?:/(s|sec|m|min|h))?", text)
    if match is None or not float(match[1]):
        what = f"{text!r} is no rate."
        raise WrongInput(what, "Write it like 20/s or 90/m.")
    return float(match[1]) / {"m": 60, "h": 3600}.get((match[2] or "s")[0], 1)


def _prepared(
    message: Message, declared: Provider | None, secret: str | None, set_headers: Sequence[tuple[str, str]]
) -> Message:
    for name, value in set_headers:
        message = replace(message, headers=message.headers.with_header(name, value or None))
    if secret is None:
        return message
    return signed_anew(message, resolve(secret), timestamp=time.time(), taken_as=declared)


async def _send(
    parcels: list[Parcel],
    target: Destination,
    pace: Pace,
    manner: Manner,
    out: Terminal,
    made: list[tuple[Parcel, Attempt]],
    *,
    as_json: bool,
) -> None:
    """Send the parcels, show each outcome and add it to `made`."""
    total = len(parcels) * pace.repeat
    with ExitStack() as stack:
        bar = _progress(stack, total) if total >= MANY else None
        async for parcel, attempt in replay(parcels, target, pace, manner):
            made.append((parcel, attempt))
            if as_json:
                record = {"name": parcel.label, "delivery": parcel.delivery_id, **attempt_record(attempt)}
                out.write(json.dumps(record) + "\n")
                out.flush()
            elif bar is None or not good(attempt):
                out.lines(_outcome(parcel, attempt))
            if bar:
                bar()


def _progress(stack: ExitStack, total: int) -> Any:  # noqa: ANN401 (a call that moves the bar on by one)
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = notes().console
    bar = stack.enter_context(
        Progress(
            TextColumn("replaying"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
    )
    task = bar.add_task("", total=total)
    return lambda: bar.advance(task)


def _outcome(parcel: Parcel, attempt: Attempt) -> Iterator[Text]:
    line = Text().append(visible(parcel.label), "bold")
    line.append(" → ", "dim").append(visible(mask_for("unknown").target(attempt.url))).append("  ")
    yield line.append_text(outcome_text(attempt))
    if attempt.body:
        yield from answer_head(attempt)


def _summary(attempts: list[Attempt], planned: int) -> Text:
    counts = Counter(str(attempt.status or "failed") for attempt in attempts)
    times = sorted(attempt.elapsed for attempt in attempts)
    of = "" if len(attempts) == planned else f" of {planned}"
    told = ", ".join(f"{count} × {status}" for status, count in sorted(counts.items()))
    bad = sum(not good(attempt) for attempt in attempts)
    line = Text().append(f"{len(attempts)}{of} sent: {told}", "bold red" if bad else "bold green")
    return line.append(f"; median {duration(median(times))}, longest {duration(times[-1])}", "dim")
