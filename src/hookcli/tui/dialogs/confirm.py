"""Whether to do what can't be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.widgets import Button, Static

from hookcli.tui.dialogs.dialog import Dialog

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.binding import BindingType
    from textual.widget import Widget


class DeleteDialog(Dialog[bool]):
    """Asks before a delivery is deleted; Enter alone does not do it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "yes", "Delete", show=False),
        Binding("n", "cancel", "Keep", show=False),
        Binding("left,right", "app.focus_next", "Other button", show=False),
    ]

    heading = "Delete this delivery?"
    verb = "Delete (y)"
    danger = True

    def __init__(self, what: str) -> None:
        super().__init__()
        self._what = what

    def fields(self) -> Iterator[Widget]:
        """What is deleted."""
        yield Static(self._what, markup=False, classes="dialog-note")
        yield Static("With where it was sent and what was answered. There is no way back.", classes="dialog-note")

    def begin(self) -> None:
        """Begin at the button that does nothing."""
        self.query_one("#cancel", Button).focus()

    def action_yes(self) -> None:
        """Do it."""
        self.dismiss(result=True)

    def answer(self) -> bool:
        """Yes."""
        return True
