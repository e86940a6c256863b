"""`hookcli list`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from hookcli.cli.exclusive import exclusive
from hookcli.cli.hints import event_hint, filter_hint, say_none_found
from hookcli.cli.options import (
    FilterCommand,
    filter_argument,
    filter_of,
    jq_option,
    json_option,
    store_option,
    store_path,
)
from hookcli.cli.searching import ready
from hookcli.formats import record
from hookcli.render.delivery import delivery_line
from hookcli.render.terminal import Terminal, output
from hookcli.store.database import opened
from hookcli.store.filters import Filter, term
from hookcli.store.query import newest, shortest_prefixes
from hookcli.units import ago

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from pathlib import Path


@click.command("list", cls=FilterCommand)
@filter_argument
@click.option("-n", "limit", default=20, show_default=True, type=click.IntRange(min=1), help="How many at the most.")
@click.option("--provider", metavar="NAME", help="The same as provider:NAME.")
@click.option("--event", metavar="GLOB", help="The same as event:GLOB, as in 'pull_request*'.")
@click.option("--since", metavar="TIME", help="The same as since:TIME: 2h, 7d, 2026-01-31T12:00.")
@click.option("--invalid", is_flag=True, help="The same as verdict:invalid,stale.")
@jq_option
@json_option
@store_option
@exclusive("json", "jq")
def command(
    filter_words: Sequence[str],
    limit: int,
    provider: str | None,
    event: str | None,
    since: str | None,
    invalid: bool,
    program: str | None,
    as_json: bool,
    store: Path | None,
) -> None:
    """List stored deliveries, the newest first: those that meet every FILTER.

    \b
    A FILTER is one of
      provider: event: action: verdict: status: forward: since: before: size:
      method: path: id: hook: attempt: remote: header.NAME:
      is:ping|handshake|refused|duplicate|forwarded|failed|replayed
      word, word*, "a phrase"      in the body or a header
    A comma is an "or", * and ? stand for anything, - or not before a term
    excludes what it asks for.

    \b
    Examples:
      hookcli list
      hookcli list provider:github,gitlab 'event:pull_request*' since:2h
      hookcli list verdict:invalid status:4xx -is:ping
      hookcli list basket header.x-github-hook-id:581204417
      hookcli list --invalid --json | jq .id
      hookcli list event:push -n 5 --jq '.commits[] | .message'
    """
    now = datetime.now(UTC)
    wanted = filter_of(filter_words, now, arguments=True)
    given = {"provider": provider, "event": event, "since": since, "verdict": "invalid,stale" if invalid else None}
    for field, value in given.items():
        if value:
            wanted &= term(field, value, now)
    most = min(limit, sys.maxsize)
    out = output()
    with opened(store_path(store)) as connection:
        ready(connection, wanted)
        if as_json:
            for stored in newest(connection, wanted, most, contents=True):
                out.write(record.stored_line(stored) + "\n")
            out.flush()
        elif program is not None:
            _projected(connection, wanted, most, program, out)
        else:
            _listed(connection, wanted, most, now, out, event_hint(event) if event else filter_hint(filter_words))


def _projected(connection: sqlite3.Connection, wanted: Filter, most: int, program: str, out: Terminal) -> None:
    from hookcli.cli.jq_program import JqProgram

    compiled = JqProgram(program)
    left = most
    for stored in newest(connection, wanted, sys.maxsize, contents=True):
        outputs = compiled.outputs(stored.delivery)
        out.write("".join(f"{line}\n" for line in outputs))
        left -= bool(outputs)
        if not left:
            break
    out.flush()


def _listed(connection: sqlite3.Connection, wanted: Filter, most: int, now: datetime, out: Terminal, hint: str) -> None:
    found = list(newest(connection, wanted, most))
    ids = shortest_prefixes(connection, [stored.delivery.id for stored in found])
    if not found:
        say_none_found(hint)
        return
    times = [ago(stored.delivery.received_at, now) for stored in found]
    widest_id, widest_time = max(map(len, ids)), max(map(len, times))
    out.lines(
        delivery_line(stored, f"{when:>{widest_time}}", width=out.width, label=f"{name:<{widest_id}}")
        for stored, when, name in zip(found, times, ids, strict=True)
    )
