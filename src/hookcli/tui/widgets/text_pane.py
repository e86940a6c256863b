"""A text that is short enough to be laid out as a whole, where words can be marked by mouse and copied."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.containers import VerticalScroll
from textual.widgets import Static

from hookcli.tui.widgets.rows_view import READING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import ComposeResult
    from textual.binding import BindingType


class TextPane(VerticalScroll, can_focus=True):
    """Lines to read."""

    BINDINGS: ClassVar[list[BindingType]] = list(READING)

    def compose(self) -> ComposeResult:
        """One text."""
        yield Static(markup=False)

    def show(self, lines: Iterable[Text]) -> None:
        """Show these lines."""
        self.query_one(Static).update(Text("\n").join(lines))

    @property
    def plain(self) -> str:
        """What is shown, without styles."""
        content = self.query_one(Static).content
        return content.plain if isinstance(content, Text) else str(content)
