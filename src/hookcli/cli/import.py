"""`hookcli import`."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

import click
from rich.text import Text

from hookcli.cli.options import json_option, secret_options, secrets_of, store_option, store_path
from hookcli.cli.sources import Payloads, Read, delivered, read_named
from hookcli.delivery import Identity, Verdict
from hookcli.errors import WrongInput
from hookcli.examine import examine
from hookcli.formats import record
from hookcli.render.delivery import delivery_line
from hookcli.render.terminal import notes, output
from hookcli.store import query
from hookcli.store.database import opened
from hookcli.store.rows import Stored, insert
from hookcli.units import ago

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from hookcli.signing.secrets import Secrets

_FIX = "`hookcli sign --format http` makes a delivery of one."


class _Imported(NamedTuple):
    """What came of the files: deliveries that are new, the oldest first, and how many were there already."""

    new: list[Stored]
    known: int


@click.command("import")
@click.argument("names", metavar="FILE|DIR|-...", nargs=-1, required=True)
@secret_options
@json_option
@store_option
def command(
    names: Sequence[str],
    secret_texts: Sequence[str],
    secret_files: Sequence[Path],
    as_json: bool,
    store: Path | None,
) -> None:
    """Put the deliveries of files into the store: of HAR, .http, hookcli's JSON and every other form that is read.

    Ids and times stay where a file tells them; what is there already is passed over. With --secret signatures are
    checked, as of when the deliveries came.

    \b
    Examples:
      hookcli import captured/ from_a_colleague.ndjson
      hookcli import recorded.har --secret github=S
    """
    secrets = secrets_of(secret_texts, secret_files)
    made = _store(list(_deliveries(names, secrets, anew=bool(secrets.pairs))), store_path(store))
    out = output()
    if as_json:
        for stored in made.new:
            out.write(record.stored_line(stored) + "\n")
        out.flush()
    else:
        now = datetime.now(UTC)
        times = [ago(stored.delivery.received_at, now) for stored in made.new]
        widest = max(map(len, times), default=0)
        out.lines(
            delivery_line(stored, f"{when:>{widest}}", width=out.width)
            for stored, when in zip(made.new, times, strict=True)
        )
    known = f"; {made.known} {'was' if made.known == 1 else 'were'} there already" if made.known else ""
    count = f"{len(made.new)} {'delivery' if len(made.new) == 1 else 'deliveries'}"
    notes().lines([Text(f"{count} imported{known}.", "dim")])


def _deliveries(names: Sequence[str], secrets: Secrets, *, anew: bool) -> Iterator[Stored]:
    """The deliveries of the files, as they were found there or looked at `anew`."""
    payloads = Payloads(timestamp=time.time(), fix=_FIX)
    for name in names:
        found = read_named(name, payloads)
        if found is None:
            what = f"There is no file {name}."
            raise WrongInput(what, "`import` reads files, folders, and standard input as -.")
        for one in found:
            yield _stored(one, secrets, anew=anew)


def _stored(read: Read, secrets: Secrets, *, anew: bool) -> Stored:
    # When a file was written is when its deliveries came, as far as one can tell where it does not say.
    delivery = delivered(read.found, read.written_at)
    not_looked_at = (delivery.identity, delivery.verdict, delivery.summary) == (Identity(), Verdict(), "")
    if anew or not_looked_at:
        findings = examine(delivery, secrets, now=delivery.received_at)
        delivery = replace(delivery, identity=findings.identity, verdict=findings.verdict, summary=findings.summary)
    return Stored(delivery, len(delivery.body), read.found.status)


def _store(deliveries: Sequence[Stored], path: Path) -> _Imported:
    by_id = {stored.delivery.id: stored for stored in deliveries}
    with opened(path) as connection:
        connection.execute("BEGIN IMMEDIATE")
        known = query.known(connection, list(by_id))
        new = [stored for name, stored in by_id.items() if name not in known]
        new.sort(key=lambda stored: (stored.delivery.received_at, stored.delivery.id))
        new = insert(connection, new)
        connection.execute("COMMIT")
    return _Imported(new, len(deliveries) - len(new))
