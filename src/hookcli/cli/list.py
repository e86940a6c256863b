"""`hookcli list`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click
from rich.text import Text

from hookcli.cli.options import json_option, store_option, store_path
from hookcli.formats import record
from hookcli.render.delivery import delivery_line
from hookcli.render.terminal import notes, output
from hookcli.store.database import opened
from hookcli.store.filters import Filter, term
from hookcli.store.query import newest, shortest_prefixes
from hookcli.units import ago

if TYPE_CHECKING:
    from pathlib import Path


@click.command("list")
@click.option("-n", "limit", default=20, show_default=True, type=click.IntRange(min=1), help="How many at the most.")
@click.option("--provider", metavar="NAME", help="Those of this provider.")
@click.option("--event", metavar="GLOB", help="Those whose event, or event.action, is like this: 'pull_request*'.")
@click.option("--since", metavar="TIME", help="Those that came in the last 2h, 7d, or since 2026-01-31T12:00.")
@click.option("--invalid", is_flag=True, help="Those whose signature is invalid or stale.")
@json_option
@store_option
def command(
    limit: int,
    provider: str | None,
    event: str | None,
    since: str | None,
    invalid: bool,
    as_json: bool,
    store: Path | None,
) -> None:
    """List stored deliveries, the newest first.

    \b
    Examples:
      hookcli list
      hookcli list --provider github --event 'pull_request*' --since 2h
      hookcli list --invalid --json | jq .id
    """
    now = datetime.now(UTC)
    given = {
        "provider": provider,
        "event": event,
        "since": since,
        "verdict": "invalid,stale" if invalid else None,
    }
    wanted = Filter()
    for field, value in given.items():
        if value:
            wanted &= term(field, value, now)
    most = min(limit, sys.maxsize)
    out = output()
    with opened(store_path(store)) as connection:
        if as_json:
            for stored in newest(connection, wanted, most, contents=True):
                out.write(record.stored_line(stored) + "\n")
            out.flush()
            return
        found = list(newest(connection, wanted, most))
        ids = shortest_prefixes(connection, [stored.delivery.id for stored in found])
    if not found:
        notes().lines([Text("No such deliveries yet: `hookcli listen` receives them.", "dim")])
        return
    times = [ago(stored.delivery.received_at, now) for stored in found]
    widest_id, widest_time = max(map(len, ids)), max(map(len, times))
    out.lines(
        delivery_line(stored, f"{when:>{widest_time}}", width=out.width, label=f"{name:<{widest_id}}")
        for stored, when, name in zip(found, times, ids, strict=True)
    )
