"""`hookcli callback`."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import click
from rich.text import Text

from hookcli.cli.exclusive import exclusive
from hookcli.cli.options import SPAN, json_option, store_option, store_path
from hookcli.errors import WrongInput
from hookcli.formats.record import attempt_record
from hookcli.providers.callback import authority, callback_url, doubt, message
from hookcli.providers.registry import providers
from hookcli.reading import Reading
from hookcli.render.delivery import answer_head, attempt_line, to_send
from hookcli.render.escape import visible
from hookcli.render.terminal import notes, output
from hookcli.replay import good
from hookcli.store import query
from hookcli.store.database import opened
from hookcli.store.writer import AttemptOf, write_now
from hookcli.wire import Destination, Manner, attempt, outgoing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from hookcli.delivery import Attempt, Delivery, Message
    from hookcli.providers.spec import Callback


@click.command("callback")
@click.argument("name", metavar="ID")
@click.argument("state", metavar="STATE")
@click.option("--description", help="What there is to say about it.")
@click.option("--context", help="What it is about, such as the name of your CI.")
@click.option("--target-url", metavar="URL", help="Where the results can be seen.")
@click.option(
    "--allow-host",
    "allowed",
    multiple=True,
    metavar="HOST[:PORT]",
    help="Send it to this host as well; else only to the provider's own, over https.",
)
@click.option("--send-timeout", type=SPAN, default="30s", show_default=True, help="How long an answer may take.")
@click.option("--dry-run", is_flag=True, help="Show what would be sent, and send nothing.")
@json_option
@store_option
@exclusive("json", "dry-run")
def command(
    name: str,
    state: str,
    description: str | None,
    context: str | None,
    target_url: str | None,
    allowed: Sequence[str],
    send_timeout: float,
    dry_run: bool,
    as_json: bool,
    store: Path | None,
) -> int:
    """Tell the sender of a stored delivery how it went, where its provider has a callback (Docker Hub).

    STATE is success, failure or error. The URL stands in the payload, so nothing is sent unless it is the provider's
    own; redirects are not followed. Exits with 1 where the answer is not 2xx.

    \b
    Examples:
      hookcli callback last success
      hookcli callback 01JD8Z failure --description "3 of 387 tests failed" --context CI --dry-run
    """
    where = store_path(store)
    with opened(where) as connection:
        delivery = query.find(connection, name).delivery
    callback, url = _asked(delivery)
    why_not = doubt(url, callback.hosts, allowed)
    if why_not:
        what = f"Nothing is sent to {url}: {why_not}."
        raise WrongInput(what, _leave(url, callback))
    words = {"state": state, "description": description, "context": context, "target_url": target_url}
    told, to = message(callback, {key: word for key, word in words.items() if word is not None}), Destination.parse(url)
    out = output()
    if dry_run:
        out.lines(_would_send(url, outgoing(told, to)))
        return 0
    made = asyncio.run(attempt("replay", told, to, Manner(timeout=send_timeout)))
    write_now(where, [AttemptOf(delivery.id, made)])
    if as_json:
        out.write(json.dumps({"delivery": delivery.id, "state": state, **attempt_record(made)}) + "\n")
    else:
        out.lines(_outcome(made))
    if not good(made):
        notes().lines(Text(text, "dim") for text in _doubts(made, callback))
    return 0 if good(made) else 1


def _asked(delivery: Delivery) -> tuple[Callback, str]:
    """What the delivery's provider wants to be told, and where."""
    declared = providers()[delivery.identity.provider]
    url = callback_url(Reading(delivery), declared.callback)
    if declared.callback is None:
        what = f"{declared.title} has no callback to tell how it went."
        having = ", ".join(one.id for one in providers().values() if one.callback)
        raise WrongInput(what, f"Providers that have one: {having}.")
    if url is None:
        what = f"{delivery.id} names no URL to call back: nothing is at {declared.callback.at}."
        raise WrongInput(what, "`hookcli show ID --body` shows what it holds.")
    return declared.callback, url


def _leave(url: str, callback: Callback) -> str:
    """How the URL can be sent to all the same, where it can."""
    own = f"The provider's own are https URLs of {', '.join(callback.hosts)} and the hosts below."
    if doubt(url, callback.hosts, [authority(url)]):
        return own
    return f"{own} If you trust this one: --allow-host {authority(url)}"


def _would_send(url: str, sent: Message) -> Iterator[Text]:
    yield Text().append("→ ", "dim").append(visible(url), "bold")
    yield from to_send(sent)


def _outcome(made: Attempt) -> Iterator[Text]:
    yield attempt_line(made, kind="callback")
    if made.body:
        yield from answer_head(made)


def _doubts(made: Attempt, callback: Callback) -> Iterator[str]:
    """What there is to say about a callback that was not taken."""
    elsewhere = made.headers.get("location")
    if elsewhere:
        yield f"It points to {visible(elsewhere)}: redirects are not followed."
    if callback.note:
        yield callback.note
