"""The rows at hand: a run of the list without gaps, the newest first, of which the screen shows some."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from hookcli.store.rows import Stored

MOST = 1_000
"""Rows that are kept at hand."""

MARGIN = 100
"""Rows that should be at hand beyond what is shown."""

Side = Literal["newer", "older"]


class Window:
    """Rows, the one that is selected, and the first that is shown.

    `at_newest` and `at_oldest` say that the list has nothing beyond that end. `selected` stays when its row is no
    longer at hand; `cursor` is None then.
    """

    def __init__(self) -> None:
        self.rows: list[Stored] = []
        self.at_newest = self.at_oldest = False
        self.selected: Stored | None = None
        self.cursor: int | None = None
        self.top = 0
        self.height = 1

    def replace(self, rows: Sequence[Stored], *, at_newest: bool, at_oldest: bool, select: str | None = None) -> None:
        """Begin anew with these rows, and select the one with this id, or the first."""
        self.rows = list(rows)
        self.at_newest, self.at_oldest = at_newest, at_oldest
        self.top = 0
        self._select(next((i for i, row in enumerate(self.rows) if row.delivery.id == select), 0))

    def add(self, side: Side, rows: Sequence[Stored], *, ended: bool) -> None:
        """Put rows, the newest first, at one end; the other end gives rows up where that makes too many."""
        if side == "older":
            self.rows += rows
            self.at_oldest = ended
            self._give_up_newest(len(self.rows) - MOST)
        else:
            self.rows[:0] = rows
            self.at_newest = ended
            # Where the first row is shown and more come above it, they are shown: the list follows.
            stay = self.top
            self._shift(len(rows))
            if stay == 0 and self.cursor == len(rows):
                self.top = 0
            self._give_up_oldest(min(len(self.rows) - MOST, len(self.rows) - self.top - self.height))
            self._give_up_newest(len(self.rows) - MOST)
        if self.selected is None and self.rows:
            self._select(0)
        self._clamp()

    def _give_up_newest(self, count: int) -> None:
        """Keep so many fewer, of those above what is shown."""
        count = min(count, self.top)
        if count > 0:
            del self.rows[:count]
            self.at_newest = False
            self._shift(-count)

    def _give_up_oldest(self, count: int) -> None:
        if count > 0:
            del self.rows[-count:]
            self.at_oldest = False
            if self.cursor is not None and self.cursor >= len(self.rows):
                self.cursor = None

    def drop(self, gone: Container[int]) -> None:
        """Take out the rows at these places; the selection goes to what moves up."""
        if self.cursor is not None and self.rows[self.cursor].seq in gone:
            kept_before = sum(row.seq not in gone for row in self.rows[: self.cursor])
            self.rows = [row for row in self.rows if row.seq not in gone]
            self._select(kept_before)
        else:
            own = None if self.cursor is None else self.rows[self.cursor].seq
            self.rows = [row for row in self.rows if row.seq not in gone]
            self.cursor = next((i for i, row in enumerate(self.rows) if row.seq == own), None)
            if self.cursor is None and self.selected is not None and self.selected.seq in gone:
                self._select(self.top)
        self._clamp()

    def move_to(self, index: int) -> None:
        """Select the row at an index, as near as there is one, and show it."""
        self._select(index)
        if self.cursor is not None:
            self.top = min(self.top, self.cursor)
            self.top = max(self.top, self.cursor - self.height + 1)
        self._clamp()

    def move(self, steps: int) -> None:
        """Select the row so many steps down; from where the screen is, if the selected one is not at hand."""
        self.move_to(self.top if self.cursor is None else self.cursor + steps)

    def scroll(self, lines: int) -> None:
        """Show what is so many lines further down; the selection stays."""
        self.top += lines
        self._clamp()

    def resize(self, height: int) -> None:
        """So many rows are shown; the selected one stays among them."""
        shown = self.cursor is not None and self.top <= self.cursor < self.top + self.height
        self.height = max(1, height)
        if shown and self.cursor is not None:
            self.move_to(self.cursor)
        self._clamp()

    @property
    def newest_is_selected(self) -> bool:
        """Whether the selection is at the very top of the list."""
        return self.at_newest and (self.cursor == 0 or not self.rows)

    def wants(self) -> Side | None:
        """At which end rows run short."""
        if not self.at_oldest and len(self.rows) - (self.top + self.height) < MARGIN:
            return "older"
        if not self.at_newest and self.top < MARGIN:
            return "newer"
        return None

    def _select(self, index: int) -> None:
        self.cursor = min(max(index, 0), len(self.rows) - 1) if self.rows else None
        self.selected = None if self.cursor is None else self.rows[self.cursor]

    def _shift(self, by: int) -> None:
        self.top += by
        if self.cursor is not None:
            self.cursor = self.cursor + by if self.cursor + by >= 0 else None

    def _clamp(self) -> None:
        self.top = max(0, min(self.top, len(self.rows) - self.height))
