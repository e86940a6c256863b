"""Which delivery was likely meant by a name that none has."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

LOOKED_AT = 500
"""Of the newest deliveries: the ones that people name."""

NEWEST, NEWEST_ALIKE = "last", 0.7

LEAST = 4
"""Characters of an id that tell enough to guess by."""

ALIKE = 0.8


def near(connection: sqlite3.Connection, name: str) -> str | None:
    """The beginning of an id of hookcli's or a provider's that is nearly this one, or `last`; None where none is."""
    rows = connection.execute(
        "SELECT id, delivery_id FROM deliveries ORDER BY seq DESC LIMIT ?", [LOOKED_AT]
    ).fetchall()
    word, length = name.lower(), len(name)
    if rows and get_close_matches(word, [NEWEST], cutoff=NEWEST_ALIKE):
        return NEWEST
    if length < LEAST:
        return None
    known: dict[str, str] = {}
    for own, theirs in reversed(rows):
        known.update({one.lower()[:length]: one[: max(length, _SHOWN)] for one in (theirs, own) if one})
    found = get_close_matches(word, known, n=1, cutoff=ALIKE)
    return known[found[0]] if found else None


_SHOWN = 10
