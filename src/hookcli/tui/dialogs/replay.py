"""Where to send a delivery again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Static

from hookcli.tui.dialogs.dialog import Dialog, field
from hookcli.wire import Destination

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.widget import Widget


class ReplayDialog(Dialog[str]):
    """Asks for a target; the answer is its URL as it was typed."""

    heading = "Send again"
    verb = "Send"

    def __init__(self, what: str, target: str) -> None:
        super().__init__()
        self._what = what
        self._target = target

    def fields(self) -> Iterator[Widget]:
        """The target."""
        yield Static(self._what, markup=False, classes="dialog-note")
        yield from field("target", "to", self._target, placeholder="http://localhost:3000/webhooks")

    def answer(self) -> str:
        """A URL that can be sent to."""
        Destination.parse(self.value("target"))
        return self.value("target")
