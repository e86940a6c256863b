"""Making ready what a filter searches, and saying so where it takes long."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from rich.text import Text

from hookcli.render.terminal import notes
from hookcli.store import words

if TYPE_CHECKING:
    import sqlite3

    from hookcli.store.filters import Filter

LONG = 1.0
"""Seconds after which a person wants to know what is going on."""


def ready(connection: sqlite3.Connection, wanted: Filter) -> None:
    """Index the words that are missing, if the filter asks for words."""
    if not wanted.searches:
        return
    began, said = time.monotonic(), False

    def told(_: int) -> None:
        nonlocal said
        if not said and time.monotonic() - began > LONG:
            said = True
            count = words.missing(connection)
            if count:
                text = f"Indexing the words of {count:,} deliveries, once; Ctrl-C leaves off, and what is done stays."
                notes().lines([Text(text, "dim")])

    words.catch_up(connection, told)
