"""`hookcli mcp`."""

from __future__ import annotations

import sys
from pathlib import Path  # noqa: TC003 (click's parameters are told early)
from typing import TYPE_CHECKING

import click
from rich.text import Text

from hookcli.cli.checking import given_secrets
from hookcli.cli.options import secret_options, store_option, store_path
from hookcli.errors import Environment
from hookcli.render.terminal import notes

if TYPE_CHECKING:
    from collections.abc import Sequence


@click.command("mcp")
@secret_options
@click.option(
    "--allow-target", "targets", multiple=True, metavar="HOST[:PORT]", help="Let it send there, too, not just here."
)
@click.option("--read-only", is_flag=True, help="Offer no tool that sends anything.")
@store_option
def command(
    secret_texts: Sequence[str],
    secret_files: Sequence[Path],
    targets: Sequence[str],
    read_only: bool,
    store: Path | None,
) -> None:
    """Serve coding agents over the Model Context Protocol.

    It speaks on standard input and output. Its tools list, show, verify, explain, sign and replay. Secrets are given
    here, best by reference, and never leave: no tool takes or answers one. Deliveries are sent to this machine alone,
    unless --allow-target names another host.

    \b
    Examples:
      hookcli mcp
      hookcli mcp --secret github=env:GITHUB_WEBHOOK_SECRET --read-only
    """
    try:
        from hookcli.agents.server import server  # an extra, and slow to import
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith(("mcp", "pydantic")):
            raise
        raise Environment("Serving agents needs the extra.", "pip install 'hookcli[mcp]'") from error
    from hookcli.agents.toolbox import Toolbox

    toolbox = Toolbox(
        store=store_path(store),
        secrets=given_secrets(secret_texts, secret_files),
        targets=frozenset(target.lower() for target in targets),
    )
    if sys.stdin.isatty():
        line = "An agent speaks here, in JSON: register `hookcli mcp` with yours. Ctrl-D stops."
        notes().lines([Text(line, "dim")])
    server(toolbox, read_only=read_only).run("stdio")
