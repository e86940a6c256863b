"""`hookcli export`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hookcli.cli.options import store_option, store_path
from hookcli.cli.output import write_bytes, write_file
from hookcli.formats import argo, http_file, record
from hookcli.store import query
from hookcli.store.database import opened

if TYPE_CHECKING:
    from hookcli.store.rows import Stored


@click.command("export")
@click.argument("name", metavar="ID")
@click.option(
    "--format",
    "form",
    type=click.Choice(["http", "json", "argo-events"]),
    default="http",
    show_default=True,
    help="An HTTP message, hookcli's JSON, or the envelope of argo-events.",
)
@click.option("--output", "-o", type=click.Path(path_type=Path), help="The file to write; else standard output.")
@store_option
def command(name: str, form: str, output: Path | None, store: Path | None) -> None:
    """Write a stored delivery as a file, byte for byte, secrets and all.

    \b
    Examples:
      hookcli export last > push.http
      hookcli export 01JD8Z --format argo-events -o event.json
    """
    with opened(store_path(store)) as connection:
        stored = query.find(connection, name)
    data = _written(stored, form)
    if output:
        write_file(data, output)
    else:
        write_bytes(data, sys.stdout)


def _written(stored: Stored, form: str) -> bytes:
    if form == "json":
        return record.stored_line(stored).encode() + b"\n"
    if form == "argo-events":
        return argo.write(stored.delivery) + b"\n"
    return http_file.write(stored.delivery)
