"""`hookcli inspect`."""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from hookcli.cli.options import (
    filter_of,
    filter_option,
    reveal_option,
    secret_options,
    sending_options,
    store_option,
    store_path,
)
from hookcli.errors import Environment, WrongInput

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence
    from pathlib import Path

    from hookcli.signing.secrets import Secrets
    from hookcli.tui.live import Behind
    from hookcli.tui.session import Session
    from hookcli.wire import Manner


@click.command("inspect")
@filter_option("Show what meets this alone, at first.")
@secret_options
@click.option("--to", metavar="URL", help="Where to send again; else where you last did, else http://127.0.0.1:8080.")
@sending_options
@click.option("--web", is_flag=True, help="Show it in a browser on this machine instead; prints the link, good once.")
@click.option("--port", type=click.IntRange(0, 65535), default=4041, show_default=True, help="Where --web is served.")
@reveal_option
@store_option
@click.pass_context
def command(
    ctx: click.Context,
    filters: Sequence[str],
    secret_texts: Sequence[str],
    secret_files: Sequence[Path],
    to: str | None,
    send_timeout: float,
    keep_host: bool,
    insecure: bool,
    web: bool,
    port: int,
    reveal: bool,
    store: Path | None,
) -> None:
    """Look through stored deliveries on a full screen, live, and send them again.

    `?` shows the keys.

    \b
    Examples:
      hookcli inspect
      hookcli inspect --filter 'provider:github verdict:invalid'
      hookcli inspect --secret github=S1 --to http://localhost:3000/webhooks
      hookcli inspect --web
    """
    from hookcli.cli.checking import given_secrets
    from hookcli.wire import Destination, Manner

    if to:
        Destination.parse(to)
    if web and not _in_a_browser():
        _serve(ctx, port)
        return
    _needs_a_terminal()
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
    _show(session)


def _serve(ctx: click.Context, port: int) -> None:
    """Serve the interface, begun with the same options, until Ctrl-C."""
    try:
        from hookcli.tui.web.server import serve  # an extra
    except ImportError as error:
        raise Environment("The interface in a browser needs the extra.", "pip install 'hookcli[web]'") from error
    from hookcli.cli.again import words_of
    from hookcli.listen.sockets import bind
    from hookcli.render.terminal import notes
    from hookcli.store.database import opened

    with opened(store_path(ctx.params["store"])):
        pass  # a store that can't be used says so here, not in a browser

    def ready(link: str) -> None:
        line = Text().append("Open ", "bold").append(link, "bold cyan")
        more = Text("  It is good for one visit; this browser may come back then. Ctrl-C stops.", "dim")
        notes().lines([line, more])

    sockets = bind("127.0.0.1", port)
    try:
        asyncio.run(serve([sys.executable, "-m", "hookcli", *words_of(ctx, without={"web", "port"})], sockets, ready))
    finally:
        for one in sockets:
            one.close()


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


def _in_a_browser() -> bool:
    # Whoever serves it there says so, as textual-serve does.
    return "TEXTUAL_DRIVER" in os.environ


def _needs_a_terminal() -> None:
    if not _in_a_browser() and not (sys.stdin.isatty() and sys.stderr.isatty()):
        what = "There is no terminal to show it on."
        raise WrongInput(what, "`hookcli list` and `hookcli show` work without one.")
