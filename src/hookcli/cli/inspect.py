"""`hookcli inspect`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from hookcli.cli.exclusive import is_said
from hookcli.cli.options import reveal_option, secret_options, sending_options, store_option, store_path
from hookcli.errors import WrongInput

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

WEB_PORT = 4041


@click.command("inspect")
@secret_options
@click.option("--to", metavar="URL", help="Where to send again; else where you last did, else http://127.0.0.1:8080.")
@sending_options
@reveal_option
@click.option("--web", is_flag=True, help="Serve it to a browser on this machine, through a link that opens it once.")
@click.option("--host", default="127.0.0.1", show_default=True, help="With --web: 127.0.0.1 or ::1, and no other.")
@click.option(
    "--port",
    "-p",
    default=WEB_PORT,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="With --web: 0 picks one.",
)
@click.option("--open", "opens", is_flag=True, help="With --web: open the browser, too.")
@store_option
def command(
    secret_texts: Sequence[str],
    secret_files: Sequence[Path],
    to: str | None,
    send_timeout: float,
    keep_host: bool,
    insecure: bool,
    reveal: bool,
    web: bool,
    host: str,
    port: int,
    opens: bool,
    store: Path | None,
) -> None:
    """Look through stored deliveries on a full screen, live, and send them again.

    `?` shows the keys. With --web a browser on this machine shows the same.

    \b
    Examples:
      hookcli inspect
      hookcli inspect --secret github=S1 --to http://localhost:3000/webhooks
      hookcli inspect --web --open
    """
    from hookcli.cli.checking import given_secrets
    from hookcli.tui.memory import Memory, default_path
    from hookcli.tui.session import Session
    from hookcli.wire import Destination, Manner

    if to:
        Destination.parse(to)
    session = Session(
        store=store_path(store),
        secrets=given_secrets(secret_texts, secret_files),
        manner=Manner(timeout=send_timeout, keep_host=keep_host, insecure=insecure),
        to=to,
        reveal=reveal,
        memory=Memory(default_path()),
    )
    if web:
        from hookcli.cli.inspect_web import serve  # a server is not what most want

        serve(session, host, port, opens=opens)
        return
    _refuse_what_is_for_web(click.get_current_context())
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        what = "There is no terminal to show it on."
        raise WrongInput(what, "`hookcli list` and `hookcli show` work without one; --web shows it in a browser.")
    from hookcli.tui.app import Inspect

    Inspect(session).run()


def _refuse_what_is_for_web(ctx: click.Context) -> None:
    said = [f"--{name.removesuffix('s')}" for name in ("host", "port", "opens") if is_said(ctx, name)]
    if said:
        what = f"{' and '.join(said)} say{'' if len(said) > 1 else 's'} nothing without --web."
        raise WrongInput(what, "Add --web.")
