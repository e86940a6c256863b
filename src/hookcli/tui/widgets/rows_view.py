"""A text of any length: only the rows on the screen are made."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.binding import Binding
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from hookcli.tui.text_rows import LineRows

if TYPE_CHECKING:
    from textual.binding import BindingType

    from hookcli.tui.text_rows import Rows

READING: tuple[BindingType, ...] = (
    Binding("down,j", "scroll_down", "Down", show=False),
    Binding("up,k", "scroll_up", "Up", show=False),
    Binding("pagedown,ctrl+f,space", "page_down", "Page down", show=False),
    Binding("pageup,ctrl+b", "page_up", "Page up", show=False),
    Binding("home,g", "scroll_home", "Begin", show=False),
    Binding("end,G", "scroll_end", "End", show=False),
)
"""The keys by which one reads, in every pane the same."""


class RowsView(ScrollView, can_focus=True):
    """Rows of text to scroll through."""

    BINDINGS: ClassVar[list[BindingType]] = list(READING)

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (textual's name)
        super().__init__(id=id)
        self._rows: Rows = LineRows([])

    def show(self, rows: Rows, *, stay: bool = False) -> None:
        """Show these rows, from the first on or, with `stay`, from about where it is."""
        part = self.scroll_y / max(1, len(self._rows)) if stay else 0
        self._rows = rows
        self.virtual_size = Size(0, len(rows))
        self.scroll_to(0, round(part * len(rows)), animate=False)
        self.refresh()

    @property
    def rows(self) -> Rows:
        """What is shown."""
        return self._rows

    def render_line(self, y: int) -> Strip:
        """One row."""
        index = self.scroll_offset.y + y
        width, style = self.size.width, self.rich_style
        if index >= len(self._rows):
            return Strip.blank(width, style)
        segments = Segment.apply_style(self._rows[index].render(self.app.console), style)
        return Strip([segment for segment in segments if segment.text != "\n"]).adjust_cell_length(width, style)
