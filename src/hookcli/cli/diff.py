"""`hookcli diff`."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from hookcli.cli.exclusive import exclusive
from hookcli.cli.options import json_option, reveal_option, store_option, store_path
from hookcli.cli.sources import Payloads, load
from hookcli.compare.messages import compare, parse_ignore
from hookcli.compare.paths import path_text
from hookcli.compare.values import written
from hookcli.delivery import Delivery
from hookcli.errors import WrongInput
from hookcli.identify import identify
from hookcli.reading import Reading
from hookcli.render.delivery import accent, event_text
from hookcli.render.difference import difference_lines, masked
from hookcli.render.escape import visible
from hookcli.render.terminal import output
from hookcli.units import ago

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hookcli.compare.changes import Change
    from hookcli.replay import Parcel


@click.command("diff")
@click.argument("left", metavar="A")
@click.argument("right", metavar="B")
@click.option(
    "--ignore",
    "ignored",
    multiple=True,
    metavar="PATH",
    help="Leave out commits.*.id or **.updated_at of the body, header:NAME or query:NAME; as often as you like.",
)
@click.option("--headers", is_flag=True, help="Compare the request line and the headers alone.")
@click.option("--body", is_flag=True, help="Compare the body alone.")
@click.option("--strict", is_flag=True, help="Count what differs between any two deliveries too: ids, signatures.")
@click.option("--all", "whole", is_flag=True, help="Show long values in full.")
@json_option
@reveal_option
@store_option
@exclusive("headers", "body")
def command(
    left: str,
    right: str,
    ignored: Sequence[str],
    headers: bool,
    body: bool,
    strict: bool,
    whole: bool,
    as_json: bool,
    reveal: bool,
    store: Path | None,
) -> int:
    """Compare two deliveries: stored ones, files, fixtures. Exits with 1 where they differ.

    Headers are compared whatever their order and case, JSON and forms by their values: the order of keys says nothing,
    1.0 is 1, and the items of a list are held against those that they fit, so that an added one is told as added.
    Positions in a list count in A, those of added items in B. In PATH, * is one step or part of one, ** any number of
    steps. Text is compared by lines, anything else by size and hash. A bare payload is compared by its body alone.

    \b
    Examples:
      hookcli diff last~1 last
      hookcli diff last github/push --ignore '**.*_at' --ignore header:User-Agent
      hookcli diff before.json after.json --body --json | jq -r .path
    """
    patterns = [parse_ignore(text) for text in ignored]
    one, other = (_single(name, store_path(store)) for name in (left, right))
    # A bare payload has no head to compare.
    bare = not (one.message.headers and other.message.headers)
    found = compare(one.message, other.message, ignore=patterns, headers=not body and not bare, body=not headers)
    out = output()
    if as_json:
        for change in found.changes:
            lines = found.lines if change.part == "body" and not change.path else ()
            out.write(written(_record(masked(change, found, reveal=reveal), lines)) + "\n")
        out.flush()
    else:
        now = datetime.now(UTC)
        out.lines([_title("--- ", "red", one, now), _title("+++ ", "green", other, now)])
        out.lines(difference_lines(found, width=out.width, reveal=reveal, whole=whole, strict=strict))
    return 0 if found.same(strict=strict) else 1


def _single(name: str, store: Path) -> Parcel:
    parcels = load([name], store, Payloads(timestamp=time.time(), bare=True))
    if len(parcels) == 1:
        return parcels[0]
    what = f"{name} means {len(parcels)} deliveries; two are compared, one with one."
    raise WrongInput(what, f"Name one of them: {', '.join(parcel.label for parcel in parcels[:6])}.")


def _title(mark: str, color: str, parcel: Parcel, now: datetime) -> Text:
    message = parcel.message
    line = Text().append(mark, color).append(visible(parcel.label), "bold")
    if not message.headers:
        return line
    identity = message.identity if isinstance(message, Delivery) else identify(Reading(message))
    line.append(f"  {identity.provider}", f"bold {accent(identity.provider)}")
    line.append(f" {visible(event_text(identity))}")
    return line.append(f"  {ago(message.received_at, now)}", "dim") if isinstance(message, Delivery) else line


def _record(change: Change, lines: Sequence[str]) -> dict[str, Any]:
    record: dict[str, Any] = {"part": change.part, "kind": change.kind, "path": path_text(change.path)}
    if change.kind == "moved":
        record |= {"from": change.before, "to": change.after}
    if change.kind in {"changed", "removed"}:
        record["before"] = change.before
    if change.kind in {"changed", "added"}:
        record["after"] = change.after
    return {**record, "own": change.own} | ({"diff": list(lines)} if lines else {})
