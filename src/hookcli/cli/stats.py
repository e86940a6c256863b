"""`hookcli stats`."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from hookcli.cli.hints import filter_hint, say_none_found
from hookcli.cli.options import FilterCommand, filter_argument, filter_of, json_option, store_option, store_path
from hookcli.formats.record import timestamp
from hookcli.render.stats import bars_for, statistics_lines
from hookcli.render.terminal import output
from hookcli.store.database import opened
from hookcli.store.filters import term
from hookcli.store.stats import statistics

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hookcli.store.stats import Spread, Statistics

JSON_BARS = 100


@click.command("stats", cls=FilterCommand)
@filter_argument
@click.option("--since", metavar="TIME", help="Those that came in the last 2h, 7d, or since 2026-01-31T12:00.")
@json_option
@store_option
def command(filter_words: Sequence[str], since: str | None, as_json: bool, store: Path | None) -> None:
    """Count stored deliveries: when they came, from whom, how they were judged and answered, how sending them went.

    Sizes are those of bodies. A sending counts as failed where the answer was not 2xx or did not come; times are those
    of the answers.

    \b
    Examples:
      hookcli stats
      hookcli stats provider:github verdict:invalid --since 24h
      hookcli stats --since 7d --json | jq .providers
    """
    now = datetime.now(UTC)
    wanted = filter_of(filter_words, now, arguments=True)
    if since:
        wanted &= term("since", since, now)
    out = output()
    with opened(store_path(store)) as connection:
        found = statistics(connection, wanted, JSON_BARS if as_json else bars_for(out.width))
    if as_json:
        out.write(json.dumps(_record(found)) + "\n")
    elif found.count:
        out.lines(statistics_lines(found, out.width, colored=out.colored))
    else:
        say_none_found(filter_hint(filter_words))


def _record(found: Statistics) -> dict[str, Any]:
    return {
        "count": found.count,
        "first": timestamp(found.first) if found.first else None,
        "last": timestamp(found.last) if found.last else None,
        "step": found.step.total_seconds(),
        "buckets": [
            {"start": timestamp(one.start), "count": one.count, "invalid": one.invalid} for one in found.buckets
        ],
        "providers": found.providers(),
        "events": [
            {"provider": one.provider, "event": one.event, "action": one.action, "count": one.count}
            for one in found.events
        ],
        "verdicts": dict(found.verdicts),
        "answers": dict(found.answers),
        "sizes": {"total": found.total, **_spread(found.sizes)},
        "sent": [
            {
                "kind": one.kind,
                "target": one.target,
                "count": one.count,
                "failed": one.failed,
                "times": _spread(one.times),
            }
            for one in found.sent
        ],
    }


def _spread(spread: Spread | None) -> dict[str, float | None]:
    return {
        "median": spread.median if spread else None,
        "p95": spread.p95 if spread else None,
        "largest": spread.largest if spread else None,
    }
