"""Editing a request on the screen, where there is no terminal for an editor of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Label, TextArea

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType


class EditScreen(ModalScreen[str | None]):
    """A text to change; the answer is the whole text, None where nothing is to be done with it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel", show=False),
        Binding("ctrl+s", "done", "Done", show=False),
    ]

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        """The text and two buttons."""
        with Vertical(classes="reading -wide"):
            yield Label("Edit the request", classes="dialog-heading")
            yield TextArea(self._text, show_line_numbers=False, compact=True, soft_wrap=True)
            with Horizontal(classes="dialog-buttons"):
                yield Button("Send … (Ctrl-S)", variant="primary", id="do", compact=True)
                yield Button("Cancel", id="cancel", compact=True)

    def on_mount(self) -> None:
        """Type at once."""
        self.query_one(TextArea).focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Done, or not."""
        event.stop()
        if event.button.id == "do":
            self.action_done()
        else:
            self.action_cancel()

    def action_done(self) -> None:
        """Take the text as it is."""
        self.dismiss(self.query_one(TextArea).text)

    def action_cancel(self) -> None:
        """Do nothing."""
        self.dismiss(None)
