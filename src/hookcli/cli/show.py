"""`hookcli show`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click
from rich.text import Text

from hookcli.cli.exclusive import exclusive
from hookcli.cli.options import jq_option, json_option, reveal_option, store_option, store_path
from hookcli.cli.output import write_bytes
from hookcli.formats import record
from hookcli.identify import matches
from hookcli.reading import Reading
from hookcli.render.delivery import accent, full, message_body, message_head
from hookcli.render.terminal import output
from hookcli.store import query
from hookcli.store.database import opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hookcli.delivery import Delivery


@click.command("show")
@click.argument("name", metavar="ID", default="last")
@click.option("--headers", is_flag=True, help="The request line and the headers alone.")
@click.option("--body", is_flag=True, help="The body alone, laid out for reading.")
@click.option("--raw", is_flag=True, help="The exact bytes of the body.")
@json_option
@jq_option
@click.option("--explain", is_flag=True, help="Which rule told its provider, and which others hold.")
@click.option("--all", "whole", is_flag=True, help="All of a long body.")
@reveal_option
@store_option
@exclusive("headers", "body", "raw", "json", "explain", "jq")
def command(
    name: str,
    headers: bool,
    body: bool,
    raw: bool,
    as_json: bool,
    program: str | None,
    explain: bool,
    whole: bool,
    reveal: bool,
    store: Path | None,
) -> None:
    """Show one stored delivery: ID is a beginning of its id, of the provider's id, `last`, or `last~2`.

    \b
    Examples:
      hookcli show
      hookcli show last~2 --headers
      hookcli show 01JD8Z --raw > body.json
      hookcli show --jq '.commits | length'
    """
    with opened(store_path(store)) as connection:
        stored = query.find(connection, name)
        attempts = query.attempts(connection, stored.delivery.id)
        first = query.with_id(connection, stored.repeats) if stored.repeats else None
    delivery, out = stored.delivery, output()
    if raw:
        write_bytes(delivery.body, sys.stdout)
    elif as_json:
        out.write(record.stored_line(stored) + "\n")
    elif program is not None:
        from hookcli.cli.jq_program import JqProgram

        out.write("".join(f"{line}\n" for line in JqProgram(program).outputs(delivery)))
    elif headers:
        out.lines(message_head(delivery, delivery.identity.provider, reveal=reveal))
    elif body:
        out.lines(message_body(delivery, reveal=reveal, whole=whole))
    elif explain:
        out.lines(_explained(delivery))
    else:
        repeated = first.delivery if first else None
        out.lines(full(stored, datetime.now(UTC), attempts, first=repeated, reveal=reveal, whole=whole))


def _explained(delivery: Delivery) -> Iterator[Text]:
    held = matches(Reading(delivery), every=True)
    if not held:
        yield Text("unknown: no provider's rule holds", "bold")
    for number, match in enumerate(held):
        line = Text().append(f"{match.provider.id:<18}", f"bold {accent(match.provider.id)}")
        line.append("decided  " if number == 0 else "gives way  ", "default" if number == 0 else "dim")
        line.append(" and ".join(match.rule))
        if number and match.provider.id in held[0].provider.supersedes:
            line.append(f"  ({held[0].provider.title} sends these headers too)", "dim")
        yield line
