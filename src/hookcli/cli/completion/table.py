"""What completing needs to know of hookcli, kept in a file: commands and options, providers, fixtures, fields."""

from __future__ import annotations

import json
import os
import re
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hookcli import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator

    import click

PACKAGE = Path(__file__).resolve().parents[2]

Table = dict[str, Any]


def table() -> Table:
    """The table: out of the file where it is of this very hookcli, else made anew and kept, where it can be."""
    state = _state()
    with suppress(OSError, ValueError):
        kept = json.loads(file().read_bytes())
        if isinstance(kept, dict) and kept.get("state") == state:
            return kept
    made = {"state": state, **_made()}
    with suppress(OSError):
        _keep(made)
    return made


def file() -> Path:
    """Where the table lies: in the user's cache directory."""
    from platformdirs import user_cache_path

    return user_cache_path("hookcli", appauthor=False) / "completion.json"


def _state() -> list[str | int]:
    """What a table is good for: this version, as it was changed last, among the packages that are there."""
    folders = (PACKAGE / "cli", PACKAGE / "providers", *PACKAGE.parent.glob("../fixtures"), *map(Path, sys.path))
    return [__version__, sys.executable, max(_changed(folder) for folder in folders)]


def _changed(folder: Path) -> int:
    """When a folder, or a file in it, was changed last."""
    with suppress(OSError), os.scandir(folder) as entries:
        own = folder.stat().st_mtime_ns
        inside = (entry.stat().st_mtime_ns for entry in entries if entry.name.endswith(".py"))
        return max(own, *inside) if folder.is_relative_to(PACKAGE) else own
    return 0


def _keep(made: Table) -> None:
    path = file()
    path.parent.mkdir(parents=True, exist_ok=True)
    # Two shells may ask at once: each writes its own file, and one of them stays.
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.write_text(json.dumps(made), encoding="utf-8")
    fresh.replace(path)


def _made() -> Table:
    import click

    from hookcli import fixtures
    from hookcli.cli import cli
    from hookcli.providers.registry import providers
    from hookcli.store.terms import FIELDS

    with click.Context(cli, info_name="hookcli", resilient_parsing=True) as ctx:
        return {
            "command": _command(cli, ctx),
            "providers": {
                one.id: {
                    "title": one.title,
                    "events": [[event.name, event.title] for event in one.events],
                    "schemes": [[scheme.name, scheme.kind] for scheme in one.signatures],
                }
                for one in providers().values()
            },
            "fixtures": fixtures.names(),
            "fields": {name: field.form for name, field in FIELDS.items()},
        }


def _command(command: click.Command, ctx: click.Context) -> Table:
    """A command with its options and arguments, and those below it."""
    import click

    below: Table = {}
    if isinstance(command, click.Group):
        for name in command.list_commands(ctx):
            inner = command.get_command(ctx, name)
            if inner is not None and not inner.hidden:
                below[name] = _command(inner, ctx)
    params = [_param(param, ctx) for param in command.get_params(ctx)]
    told = re.split(r"[.:] ", command.get_short_help_str(200))[0].rstrip(".")
    return {"help": told, "params": params, **({"commands": below} if below else {})}


def _param(param: click.Parameter, ctx: click.Context) -> Table:
    import click

    kept: Table = {
        "name": param.name,
        "opts": [*param.opts, *param.secondary_opts],
        "nargs": param.nargs,
        "offers": [*offers(param)],
        "choices": [str(one) for one in param.type.choices] if isinstance(param.type, click.Choice) else None,
    }
    if isinstance(param, click.Option):
        record = param.get_help_record(ctx)
        kept |= {
            "flag": param.is_flag or param.count,
            "multiple": param.multiple,
            "hidden": param.hidden,
            "help": record[1].partition("  [")[0] if record else None,
        }
    return kept


OFFERED = {
    "ID": "ids",
    "FIXTURE": "fixtures",
    "FILE": "files",
    "DIR": "folders",
    "PROVIDER": "providers",
    "PROVIDER=": "owners",
    "FILTER": "filters",
    "EVENT": "events",
}
"""What a word in an option's or argument's metavar means can be offered."""

NAMED = {
    "provider": ("providers",),
    "event": ("events",),
    "scheme": ("schemes",),
    "left": ("files", "ids", "fixtures"),
    "right": ("files", "ids", "fixtures"),
}
"""What is offered for a parameter of such a name, whatever its metavar."""


def offers(param: click.Parameter) -> Iterator[str]:
    """The kinds of values that a parameter is completed with, as its help names them: FILE|ID|FIXTURE."""
    import click

    if param.name in NAMED:
        yield from NAMED[param.name]
        return
    words = re.findall(r"[A-Z]+=?", param.metavar or (param.name or "").upper())
    yield from dict.fromkeys(OFFERED[word] for word in words if word in OFFERED)
    if isinstance(param.type, click.Path) and "FILE" not in words and "DIR" not in words:
        yield "files"
