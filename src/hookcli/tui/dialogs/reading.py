"""A screen to read and leave: help, notices, the comparison of two deliveries."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Label

from hookcli.tui.widgets.text_pane import TextPane

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.text import Text
    from textual.app import ComposeResult
    from textual.binding import BindingType


class ReadingScreen(ModalScreen[None]):
    """A heading and lines to read."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,question_mark,enter", "leave", "Close", show=False)]

    def __init__(self, heading: str, lines: Iterable[Text], *, wide: bool = False) -> None:
        super().__init__()
        self._heading = heading
        self._lines = list(lines)
        self._wide = wide

    def compose(self) -> ComposeResult:
        """The frame and the lines."""
        with Vertical(classes="reading -wide" if self._wide else "reading"):
            yield Label(self._heading, classes="dialog-heading", markup=False)
            yield TextPane()
            yield Label("Esc closes", classes="dialog-foot")

    def on_mount(self) -> None:
        """Show the lines."""
        pane = self.query_one(TextPane)
        pane.show(self._lines)
        pane.focus()

    @property
    def plain(self) -> str:
        """What is to be read, without styles."""
        return "\n".join(line.plain for line in self._lines)

    def action_leave(self) -> None:
        """Close it."""
        self.dismiss()
