"""How the list is drawn: the rows at hand, the selected one, the marked one, and the bar that tells where one is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.reactive import var
from textual.strip import Strip
from textual.widget import Widget

from hookcli.tui.data import Bounds
from hookcli.tui.look import hex_of, row_text
from hookcli.tui.window import Window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

GUTTER = 2
"""Cells before a row: the bar of the selected one, and the sign of the marked one."""

BAR, MARK = "▌", "◆"
_LATER = 20


class DrawnList(Widget, can_focus=True):
    """Draws `window`, a part of a store that lies between `ends`; `marked` is the id of the marked delivery."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"list--selected", "list--bar", "list--mark", "list--hint", "list--thumb"}

    marked: var[str | None] = var(None)

    def __init__(self, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        super().__init__()
        self.window = Window()
        self.ends = Bounds(0, 0)
        self.busy = True
        """Whether the first page is still looked for."""
        self.clock = clock
        self._drawn: tuple[tuple[int, int, int, bool], int | None] | None = None

    def words(self) -> str:
        """What stands there where there is no row."""
        return ""

    def redraw(self) -> None:
        """Draw what has changed: where only the selection moved, the two rows of it."""
        window, before = self.window, self._drawn
        after = (window.top, window.rows[window.top].seq if window.rows else 0, len(window.rows), self.busy)
        self._drawn = (after, window.cursor)
        if before is None or before[0] != after:
            self.refresh()
            return
        for cursor in {before[1], window.cursor} - {None}:
            self.refresh(Region(0, (cursor or 0) - window.top, self.size.width, 1))

    def keep_time(self) -> None:
        """Draw "12 s ago" anew where that is no longer true."""
        rows = self.window.rows
        newest = rows[self.window.top].delivery.received_at if rows else None
        if newest and ((self.clock() - newest).total_seconds() < 60 or self.clock().second % _LATER == 0):  # noqa: PLR2004 (a minute)
            self.refresh(Region(0, 0, self.size.width, min(self.size.height, len(rows) - self.window.top)))

    def watch_marked(self) -> None:
        """Draw the sign of the marked one."""
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """The row that stands in this line."""
        window, width = self.window, self.size.width
        index = window.top + y
        if index >= len(window.rows):
            return self._empty(y, width)
        row, chosen = window.rows[index], index == window.cursor
        base = self.get_component_rich_style("list--selected") if chosen else self.rich_style
        background = hex_of(base.bgcolor or self.rich_style.bgcolor)
        text = row_text(row, self.clock(), max(0, width - GUTTER - 2), background)
        segments: Iterable[Segment] = [
            Segment(BAR if chosen else " ", base + self.get_component_rich_style("list--bar", partial=True)),
            Segment(
                MARK if row.delivery.id == self.marked else " ",
                base + self.get_component_rich_style("list--mark", partial=True),
            ),
            *Segment.apply_style(text.render(self.app.console), base),
            Segment(" ", base),
            self._thumb(y),
        ]
        return Strip(segments).adjust_cell_length(width, base)

    def _empty(self, y: int, width: int) -> Strip:
        lines = self.words().split("\n")
        first = max(0, (self.size.height - len(lines)) // 2)
        if self.window.rows or not first <= y < first + len(lines):
            return Strip.blank(width, self.rich_style)
        style = self.rich_style + self.get_component_rich_style("list--hint", partial=True)
        return Strip([Segment(lines[y - first].center(width)[:width], style)])

    def _thumb(self, y: int) -> Segment:
        window, height = self.window, self.size.height
        if window.at_newest and window.at_oldest:
            total, first = len(window.rows), float(window.top)
        else:
            total = max(1, self.ends.newest - self.ends.oldest + 1)
            first = float(self.ends.newest - window.rows[window.top].seq)
        if total <= height:
            return Segment(" ", self.rich_style)
        size = max(1, round(height * height / total))
        begin = round(min(max(first / max(1, total - height), 0), 1) * (height - size))
        here = begin <= y < begin + size
        style = self.get_component_rich_style("list--thumb", partial=True) if here else Style()
        return Segment("█" if here else " ", self.rich_style + style)
