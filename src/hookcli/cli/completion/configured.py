"""What the configuration in effect says that completing needs: where the store lies, and providers of the person's own.

It is read as it stands, and where it is wrong it says nothing.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hookcli.config.effect import Choice, chosen, in_effect
from hookcli.config.mistakes import PROVIDERS
from hookcli.errors import HookcliError

if TYPE_CHECKING:
    import click

_STORE = "store"


class Configured(NamedTuple):
    """The store's file, and providers by id with their titles."""

    store: Path | None = None
    providers: tuple[tuple[str, str], ...] = ()


def configured(ctx: click.Context) -> Configured:
    """What the files say that count for this command line."""
    said = ctx.find_root().params
    named = said.get("config")
    choice = Choice(named=Path(named) if named else None, none=bool(said.get("no_config")))
    with suppress(HookcliError, OSError), chosen(choice):
        config = in_effect()
        store, declared = config.tables.get(_STORE), config.tables.get(PROVIDERS, {})
        where = config.file_of((_STORE,)).path.parent / Path(store).expanduser() if isinstance(store, str) else None
        pairs = declared.items() if isinstance(declared, dict) else ()
        titles = ((name, one.get("title", "")) for name, one in pairs if isinstance(one, dict))
        return Configured(where, tuple((name, title if isinstance(title, str) else "") for name, title in titles))
    return Configured()
