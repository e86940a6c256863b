"""`hookcli delete`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click
from rich.text import Text

from hookcli.cli.options import filter_of, filter_option, store_option, store_path
from hookcli.cli.searching import ready
from hookcli.errors import WrongInput
from hookcli.render.terminal import notes
from hookcli.store import query
from hookcli.store.database import opened
from hookcli.units import parse_moment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@click.command("delete")
@click.argument("names", metavar="ID...", nargs=-1)
@click.option("--before", metavar="TIME", help="All that came longer ago than 7d, or before 2026-01-31.")
@filter_option("All that meet this; `hookcli list` shows them with the same words.")
@store_option
def command(names: Sequence[str], before: str | None, filters: Sequence[str], store: Path | None) -> None:
    """Delete stored deliveries, with where they were sent.

    \b
    Examples:
      hookcli delete last
      hookcli delete --before 7d
      hookcli delete --filter 'provider:unknown -is:forwarded before:1d'
    """
    now = datetime.now(UTC)
    wanted = filter_of(filters, now)
    if bool(names) + bool(before) + bool(wanted.conditions) != 1:
        what = "Say which deliveries to delete: by their ids, with --before, or with --filter."
        raise WrongInput(what, "As in `hookcli delete last` or `hookcli delete --before 7d`.")
    with opened(store_path(store)) as connection:
        if before:
            count = query.delete_before(connection, parse_moment(before, now))
        elif wanted.conditions:
            ready(connection, wanted)
            count = query.delete_kept(connection, wanted)
        else:
            # All are found before any goes: `last` and `last~1` mean what they meant when this was typed.
            ids = [query.find(connection, name).delivery.id for name in names]
            count = query.delete(connection, ids)
    notes().lines([Text(f"{count} {'delivery' if count == 1 else 'deliveries'} deleted.")])
