"""`hookcli inspect`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from hookcli.cli.options import reveal_option, secret_options, sending_options, store_option, store_path
from hookcli.errors import WrongInput

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@click.command("inspect")
@secret_options
@click.option("--to", metavar="URL", help="Where to send again; else where you last did, else http://127.0.0.1:8080.")
@sending_options
@reveal_option
@store_option
def command(
    secret_texts: Sequence[str],
    secret_files: Sequence[Path],
    to: str | None,
    send_timeout: float,
    keep_host: bool,
    insecure: bool,
    reveal: bool,
    store: Path | None,
) -> None:
    """Look through stored deliveries on a full screen, live, and send them again.

    `?` shows the keys.

    \b
    Examples:
      hookcli inspect
      hookcli inspect --secret github=S1 --to http://localhost:3000/webhooks
    """
    from hookcli.cli.checking import given_secrets
    from hookcli.tui.app import Inspect
    from hookcli.tui.memory import Memory, default_path
    from hookcli.tui.session import Session
    from hookcli.wire import Destination, Manner

    if to:
        Destination.parse(to)
    secrets, missing = given_secrets(secret_texts, secret_files).at_hand()
    session = Session(
        store=store_path(store),
        secrets=secrets,
        notices=missing,
        manner=Manner(timeout=send_timeout, keep_host=keep_host, insecure=insecure),
        to=to,
        reveal=reveal,
        memory=Memory(default_path()),
    )
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        what = "There is no terminal to show it on."
        raise WrongInput(what, "`hookcli list` and `hookcli show` work without one.")
    Inspect(session).run()
