"""`hookcli inspect`."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from hookcli.cli.exclusive import is_said
from hookcli.cli.options import (
    filter_of,
    filter_option,
    reveal_option,
    secret_options,
    sending_options,
    store_option,
    store_path,
)
from hookcli.errors import WrongInput

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence
    from pathlib import Path

    from hookcli.signing.secrets import Secrets
    from hookcli.tui.live import Behind
    from hookcli.tui.session import Session
    from hookcli.wire import Manner

WEB_PORT = 4041


@click.command("inspect")
@filter_option("Show what meets this alone, at first.")
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
    filters: Sequence[str],
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
    """Look through stored deliveries on a full screen, live.

    It filters, compares, explains, exports, signs and sends again: `?` shows the keys.
    With --web a browser on this machine shows the same.

    \b
    Examples:
      hookcli inspect
      hookcli inspect --filter 'provider:github verdict:invalid'
      hookcli inspect --secret github=S1 --to http://localhost:3000/webhooks
      hookcli inspect --web --open
    """
    from hookcli.cli.checking import given_secrets
    from hookcli.wire import Destination, Manner

    if to:
        Destination.parse(to)
    secrets, missing = given_secrets(secret_texts, secret_files).at_hand()
    session = _session(
        store_path(store),
        secrets=secrets,
        notices=missing,
        manner=Manner(timeout=send_timeout, keep_host=keep_host, insecure=insecure),
        to=to,
        reveal=reveal,
        filter=_checked_filter(filters),
    )
    if web:
        from hookcli.cli.inspect_web import serve  # a server is not what most want

        serve(session, host, port, opens=opens)
        return
    _refuse_what_is_for_web(click.get_current_context())
    _needs_a_terminal()
    _show(session)


def over(
    listener: Callable[..., Coroutine[Any, Any, int]],
    urls: Sequence[str],
    forward: str | None,
    store: Path,
    secrets: Secrets,
    manner: Manner,
    notices: list[str],
    wanted: str,
) -> tuple[Behind, int]:
    """Run a listener with the interface over it, until either ends; how many deliveries came."""
    from hookcli.tui.live import Behind

    _needs_a_terminal()
    behind = Behind(urls, forward)
    session = _session(
        store, secrets=secrets, manner=manner, notices=notices, listening=behind, filter=_checked_filter([wanted])
    )
    behind.begin(lambda: listener(behind, signals=False, ready=behind.ready, ending=behind.ending))
    try:
        if behind.running:
            _show(session)
    finally:
        came = behind.finished()
    return behind, came


def _session(store: Path, **of: Any) -> Session:  # noqa: ANN401 (the session's own fields)
    from hookcli.tui.memory import Memory, default_path
    from hookcli.tui.session import Session

    return Session(store=store, memory=Memory(default_path()), **of)


def _show(session: Session) -> None:
    from hookcli.tui.app import Inspect

    Inspect(session).run()


def _checked_filter(filters: Sequence[str]) -> str:
    text = " ".join(filters)
    filter_of([text], datetime.now(UTC))
    return text


def _needs_a_terminal() -> None:
    if os.environ.get("TEXTUAL_DRIVER"):
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        what = "There is no terminal to show it on."
        raise WrongInput(what, "`hookcli list` and `hookcli show` work without one; --web shows it in a browser.")


def _refuse_what_is_for_web(ctx: click.Context) -> None:
    said = [f"--{name.removesuffix('s')}" for name in ("host", "port", "opens") if is_said(ctx, name)]
    if said:
        what = f"{' and '.join(said)} say{'' if len(said) > 1 else 's'} nothing without --web."
        raise WrongInput(what, "Add --web.")
