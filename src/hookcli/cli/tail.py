"""`hookcli tail`."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Literal, get_args

import click
from rich.text import Text

from hookcli.cli.exclusive import exclusive
from hookcli.cli.hints import filter_hint, say_none_found
from hookcli.cli.options import (
    FilterCommand,
    filter_argument,
    filter_of,
    jq_option,
    json_option,
    reveal_option,
    store_option,
    store_path,
)
from hookcli.cli.searching import ready
from hookcli.formats import record
from hookcli.render.live import shown
from hookcli.render.terminal import Terminal, notes, output, reader_has_left
from hookcli.store.database import opened
from hookcli.store.follow import BATCH, Follower

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from hookcli.store.rows import Stored

Style = Literal["line", "headers", "full"]
Written = str | list[Text]

PAUSE = 0.05
"""Seconds between two looks at the store: too short to notice, and one look costs some microseconds."""


@click.command("tail", cls=FilterCommand)
@filter_argument
@click.option("-f", "--follow", is_flag=True, help="Go on with those that come, whichever hookcli receives them.")
@click.option("-n", "count", default=10, show_default=True, type=click.IntRange(min=0), help="How many to begin with.")
@click.option(
    "--print", "style", type=click.Choice(get_args(Style)), default="line", show_default=True, help="How much to show."
)
@jq_option
@json_option
@reveal_option
@store_option
@exclusive("json", "jq", "print")
def command(
    filter_words: Sequence[str],
    follow: bool,
    count: int,
    style: Style,
    program: str | None,
    as_json: bool,
    reveal: bool,
    store: Path | None,
) -> None:
    """Show the last deliveries, the oldest first; with -f also those that come, as they come.

    FILTER is as for `hookcli list`. With -f it goes on until Ctrl-C, or until the reader of its output has left;
    whatever listens on the same store may be started before or after.

    \b
    Examples:
      hookcli tail
      hookcli tail -f provider:github -is:ping
      hookcli tail -f -n 0 verdict:invalid --print full
      hookcli tail -f event:push --jq .repository.full_name
    """
    wanted = filter_of(filter_words, datetime.now(UTC), arguments=True)
    out = output()
    written = _writing(style, program, out, as_json=as_json, reveal=reveal)
    with opened(store_path(store)) as connection:
        ready(connection, wanted)
        follower = Follower(connection, wanted, contents=as_json or program is not None or style != "line")
        before = map(written, follower.last(min(count, BATCH)) if count else ())
        last = [*islice((one for one in before if one), count)]
        _write(reversed(last), out)
        if follow:
            if count and not last:
                notes().lines([Text("Nothing yet; what comes is shown here. Ctrl-C stops.", "dim")])
            _follow(follower, written, out)
        elif count and not last and not as_json and program is None:
            say_none_found(filter_hint(filter_words))


def _follow(follower: Follower, written: Callable[[Stored], Written], out: Terminal) -> None:
    """Show what comes until Ctrl-C, or until nobody reads it any more."""
    try:
        while not reader_has_left(sys.stdout):
            _write(map(written, follower.new()), out)
            time.sleep(PAUSE)
    except KeyboardInterrupt:
        # As with `listen`, this is how it is meant to end.
        return


def _writing(
    style: Style, program: str | None, out: Terminal, *, as_json: bool, reveal: bool
) -> Callable[[Stored], Written]:
    """What is written of a delivery: text for programs or lines for people; nothing where it is left out."""
    if program is not None:
        from hookcli.cli.jq_program import JqProgram

        compiled = JqProgram(program)
        return lambda stored: "".join(f"{line}\n" for line in compiled.outputs(stored.delivery))
    if as_json:
        return lambda stored: f"{record.stored_line(stored)}\n"

    def lines(stored: Stored) -> list[Text]:
        found = list(shown(stored, style, datetime.now(UTC), out.width, reveal=reveal))
        return found if style == "line" else [*found, Text()]

    return lines


def _write(deliveries: Iterable[Written], out: Terminal) -> None:
    for one in deliveries:
        if isinstance(one, str):
            out.write(one)
        else:
            for line in one:
                out.line(line)
    out.flush()
