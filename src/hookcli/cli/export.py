"""`hookcli export`."""

from __future__ import annotations

import os
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.text import Text

from hookcli.cli.options import FORM, filter_of, filter_option, reveal_option, store_option, store_path
from hookcli.cli.output import make_folder, write_bytes, write_new_file
from hookcli.cli.sources import kept as kept_by
from hookcli.errors import WrongInput
from hookcli.formats.giving import Given, kept_of, without_secrets
from hookcli.formats.known import WRITTEN
from hookcli.render.escape import visible
from hookcli.render.terminal import notes
from hookcli.store import query
from hookcli.store.database import opened

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence

    from hookcli.formats.form import Form, Kept
    from hookcli.store.rows import Stored

DEFAULT_TARGET = "http://127.0.0.1:8080"
STANDARD_OUTPUT = "-"
LONGEST_NAME = 60
"""Characters that event and action have in the name of a file."""


@click.command("export")
@click.argument("names", metavar="ID...", nargs=-1)
@filter_option("All that meet this, the oldest first; `hookcli list` shows them with the same words.")
@click.option(
    "--format",
    "form",
    type=FORM,
    default="http",
    show_default=True,
    help=f"What to write: {', '.join(WRITTEN)}.",
)
@click.option(
    "--output",
    "-o",
    metavar="FILE|DIR",
    help="The file to write, or a folder (DIR/) for one file a delivery; else standard output.",
)
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@click.option("--to", default=DEFAULT_TARGET, show_default=True, metavar="URL", help="Where a command or script sends.")
@reveal_option
@store_option
def command(
    names: Sequence[str],
    filters: Sequence[str],
    form: Form,
    output: str | None,
    force: bool,
    to: str,
    reveal: bool,
    store: Path | None,
) -> None:
    """Write stored deliveries for other programs: as messages, archives, commands, events.

    Tokens and passwords in headers, query and body are masked, and it says so; --reveal writes every byte as it came.

    \b
    Examples:
      hookcli export last > push.http
      hookcli export last --reveal --format curl --to http://localhost:3000
      hookcli export last last~1 last~2 --format har -o deliveries.har
      hookcli export 01JD8Z 01JD90 --reveal -o captured/
      hookcli export --filter 'provider:github since:1d' --format ndjson -o github.ndjson
    """
    if not (names or filters):
        raise WrongInput("Say what to export: ids, or a --filter.", "As in `hookcli export last`.")
    where = store_path(store)
    met = kept_by(filter_of(filters, datetime.now(UTC)), where) if filters else []
    with opened(where) as connection:
        kept = gathered(connection, [*(query.find(connection, name) for name in names), *met])
    given = [Given(one) for one in kept] if reveal else [without_secrets(one, form) for one in kept]
    if output is not None and _is_folder(output, given, form):
        _write_folder(given, form, Path(output), to, force=force)
    else:
        _write_one(given, form, output, to, force=force)
    notes().lines(_told(given, form, to))


def gathered(connection: sqlite3.Connection, stored: Iterable[Stored]) -> list[Kept]:
    """The deliveries to export, each once, in their order, with where each was sent."""
    found = {one.delivery.id: one for one in stored}
    return [kept_of(one, query.attempts(connection, name)) for name, one in found.items()]


def _is_folder(output: str, given: Sequence[Given], form: Form) -> bool:
    named_so = output.endswith(("/", os.sep)) or Path(output).is_dir()
    return named_so or (output != STANDARD_OUTPUT and len(given) > 1 and not form.several)


def _write_one(given: Sequence[Given], form: Form, output: str | None, to: str, *, force: bool) -> None:
    if len(given) > 1 and not form.several:
        what = f"{len(given)} deliveries do not go into one file of the form {form.id}."
        raise WrongInput(what, "Name a folder, as in -o captured/, or take --format ndjson or har.")
    data = form.written([one.kept for one in given], to)
    if output is None or output == STANDARD_OUTPUT:
        write_bytes(data, sys.stdout)
        if sys.stdout.isatty() and not data.endswith(b"\n"):
            # Of no message, but what comes next on the terminal begins a line.
            notes().write("\n")
    else:
        write_new_file(data, Path(output), force=force)


def _write_folder(given: Sequence[Given], form: Form, folder: Path, to: str, *, force: bool) -> None:
    files = {folder / _file_name(one.kept, form): form.written([one.kept], to) for one in given}
    make_folder(folder)
    for path, data in files.items():
        write_new_file(data, path, force=force)
    count = f"{len(files)} {'file' if len(files) == 1 else 'files'}"
    notes().lines([Text(f"{count} written to {visible(str(folder))}/.", "dim")])


def _file_name(kept: Kept, form: Form) -> str:
    """Time, provider, event and id: sorts by time, tells what it is, and is no other delivery's."""
    delivery, identity = kept.delivery, kept.delivery.identity
    event = ".".join(word for word in (identity.event, identity.action) if word) or "delivery"
    slug = re.sub(r"[^A-Za-z0-9_.-]+", "_", event)[:LONGEST_NAME].strip("._") or "delivery"
    moment = delivery.received_at.strftime("%Y%m%dT%H%M%SZ")
    return f"{moment}-{identity.provider}-{slug}-{delivery.id}{form.suffixes[0]}"


def _told(given: Sequence[Given], form: Form, to: str) -> Iterator[Text]:
    """What was masked, and what the program that a command is for will do otherwise."""
    hidden = [one for one in given if one.hidden or one.answer_hidden]
    if hidden:
        of = "" if len(given) == 1 else f" in {len(hidden)} of {len(given)} deliveries"
        yield Text(f"Masked{of}: {visible(', '.join(_places(hidden)))}. --reveal writes all as it came.", "yellow")
        if any(one.hidden.body for one in hidden):
            yield Text("A signature over a masked body no longer holds.", "yellow")
    if form.alters:
        changes = dict.fromkeys(change for one in given for change in form.alters(one.kept.delivery, to))
        for change in changes:
            yield Text(f"{visible(change)}.", "yellow")


def _places(given: Sequence[Given]) -> Iterator[str]:
    yield from dict.fromkeys(name for one in given for name in one.hidden.headers)
    if any(one.hidden.query for one in given):
        yield "the query"
    if any(one.hidden.body for one in given):
        yield "the body"
    if any(one.answer_hidden for one in given):
        yield "the answer"
