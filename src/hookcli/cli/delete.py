"""`hookcli delete`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click
from rich.text import Text

from hookcli.cli.options import store_option, store_path
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
@store_option
def command(names: Sequence[str], before: str | None, store: Path | None) -> None:
    """Delete stored deliveries, with where they were sent.

    \b
    Examples:
      hookcli delete last
      hookcli delete --before 7d
    """
    if bool(names) == bool(before):
        what = "Say which deliveries to delete: by their ids, or with --before."
        raise WrongInput(what, "As in `hookcli delete last` or `hookcli delete --before 7d`.")
    with opened(store_path(store)) as connection:
        if before:
            count = query.delete_before(connection, parse_moment(before, datetime.now(UTC)))
        else:
            # All are found before any goes: `last` and `last~1` mean what they meant when this was typed.
            ids = [query.find(connection, name).delivery.id for name in names]
            count = query.delete(connection, ids)
    notes().lines([Text(f"{count} {'delivery' if count == 1 else 'deliveries'} deleted.")])
