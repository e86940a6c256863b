"""Work beside the screen: begun by a widget, its failure told to the person."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from textual.css.query import NoMatches

from hookcli.errors import HookcliError
from hookcli.render.escape import visible

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

    from textual.app import App
    from textual.dom import DOMNode


def start(node: DOMNode, work: Coroutine[Any, Any, None], *, group: str, exclusive: bool = False) -> None:
    """Begin some work; with `exclusive` whatever is under way in this group is broken off first."""
    node.run_worker(_told(node, node.app, work), group=group, exclusive=exclusive)


async def _told(node: DOMNode, app: App[Any], work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except (HookcliError, sqlite3.Error) as error:
        tell(app, error)
    except NoMatches:
        # What it was for may have been taken from the screen in the meantime; anything else is a mistake of ours.
        if app.is_running and node.is_attached:
            raise


def tell(app: App[Any], error: HookcliError | sqlite3.Error) -> None:
    """Show what went wrong and what to do about it."""
    if isinstance(error, HookcliError):
        app.notify(visible(f"{error.what} {error.fix}".strip()), severity="error", markup=False)
    else:
        app.notify(visible(f"The store can't be used: {error}."), severity="error", markup=False)
