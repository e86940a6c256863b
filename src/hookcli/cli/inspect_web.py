"""`hookcli inspect --web`: what it takes, what it prints, and the browser."""

from __future__ import annotations

import asyncio
import webbrowser
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from rich.text import Text

from hookcli.cli.output import note
from hookcli.config.effect import choice, in_effect
from hookcli.errors import Environment, WrongInput
from hookcli.listen.sockets import bind, urls
from hookcli.render.config import in_short
from hookcli.render.terminal import notes
from hookcli.store.database import opened
from hookcli.tui.app import short

if TYPE_CHECKING:
    from hookcli.tui.session import Session

HERE = ("127.0.0.1", "::1")
"""Addresses that it may be served on."""


def serve(session: Session, host: str, port: int, *, opens: bool) -> None:
    """Serve the interface until a signal comes.

    Raises WrongInput for an address that others reach, Environment where the extra is missing, the store can't be
    opened, or the port is taken.
    """
    if host not in HERE:
        what = f"--web is served on this machine alone, at 127.0.0.1 or ::1, not on {host}."
        raise WrongInput(what, f"To reach it from another one: ssh -L {port}:127.0.0.1:{port} THIS_MACHINE")
    try:
        from hookcli.tui.web.server import Site
        from hookcli.tui.web.server import serve as run
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "textual_serve":
            raise
        raise Environment("Serving a browser needs the extra.", "pip install 'hookcli[web]'") from error
    from hookcli.tui.web.child import order
    from hookcli.tui.web.gate import Gate

    # Opened here so that a store that can't be used says so before anything is served.
    with opened(session.store):
        pass
    sockets = bind(host, port)
    gate = Gate(authority=urls(sockets, "")[0].removeprefix("http://"))
    err = notes()

    async def ready() -> None:
        _banner(gate.link, session)
        if opens and not await _open(gate.link, Path(folder)):
            err.lines([note("No browser could be opened: open the link yourself.")])

    with TemporaryDirectory(prefix="hookcli-") as folder:
        site = Site(gate, order(choice(), session), told=lambda text: err.lines([note(text)]))
        asyncio.run(run(site, sockets, ready))


def _banner(link: str, session: Session) -> None:
    first = Text().append("Serving on ", "bold").append(link, "bold cyan")
    rows = [
        ("store", short(session.store)),
        ("config", in_short(in_effect())),
        ("secrets", ", ".join(session.secrets.whose())),
    ]
    lines = [first, *(Text().append(f"  {name:<8}", "dim").append(value) for name, value in rows if value)]
    lines.append(Text("  The link opens it once, in one browser on this machine. Ctrl-C stops.", "dim"))
    notes().lines([*lines, Text()])


async def _open(link: str, folder: Path) -> bool:
    """Open a browser, with a file that leads to the link: a command line would show the token to everybody here."""
    file = folder / "open.html"
    file.write_text(f'<!doctype html><meta http-equiv="refresh" content="0; url={escape(link)}">', encoding="utf-8")
    file.chmod(0o600)
    return await asyncio.to_thread(webbrowser.open, file.as_uri())
