"""The field in which one types what the list is to show, with what is wrong about it below."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Label, Static

from hookcli.errors import WrongInput
from hookcli.render.escape import visible
from hookcli.store.filters import Filter, parse_filter

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.timer import Timer

EXAMPLE = "provider:github,gitlab event:pull_request* verdict:invalid since:2h -is:duplicate"

PAUSE = 0.12
"""Seconds without a key after which the list follows what was typed."""


class FilterBar(Vertical):
    """Typed text becomes a filter; a mistake in it leaves the list as it is."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "leave", "To the list", key_display="Enter"),
        Binding("escape", "clear", "Show all", key_display="Esc"),
        Binding("down", "leave", "To the list", show=False),
    ]

    class Wanted(Message):
        """The list is to show this."""

        def __init__(self, wanted: Filter) -> None:
            super().__init__()
            self.wanted = wanted

    class Left(Message):
        """The list is to have the focus."""

    def __init__(self, text: str = "", clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        super().__init__(id="filter", classes="-open" if text else "")
        self._first = text
        self._clock = clock
        self._pause: Timer | None = None

    def compose(self) -> ComposeResult:
        """The field and its message."""
        with Horizontal():
            yield Label("/ ")
            yield Input(self._first, placeholder=EXAMPLE, compact=True, select_on_focus=False)
        yield Static(markup=False)

    def on_mount(self) -> None:
        """Show what is asked for from the start."""
        if self._first:
            self._apply()

    def open(self) -> None:
        """Show the field and type in it."""
        self.add_class("-open")
        self.query_one(Input).focus()

    @property
    def text(self) -> str:
        """What is typed."""
        return self.query_one(Input).value

    def on_input_changed(self, event: Input.Changed) -> None:
        """Wait for a pause in typing."""
        event.stop()
        if self._pause:
            self._pause.stop()
        self._pause = self.set_timer(PAUSE, self._apply)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go to the list, where what was typed is right."""
        event.stop()
        if self._pause:
            self._pause.stop()
        if self._apply():
            self.action_leave()

    def _apply(self) -> bool:
        note = self.query_one(Static)
        try:
            wanted = parse_filter(self.text, self._clock())
        except WrongInput as error:
            # The place of the mistake, in further lines, is seen in the field.
            what = error.what.partition("\n")[0]
            note.update(Text.assemble((visible(what), "red"), "  ", (visible(error.fix), "dim")))
            note.add_class("-told")
            return False
        note.update("")
        note.remove_class("-told")
        self.post_message(self.Wanted(wanted))
        return True

    def action_clear(self) -> None:
        """Show all again, and the field no more."""
        field = self.query_one(Input)
        with field.prevent(Input.Changed):
            field.value = ""
        if self._pause:
            self._pause.stop()
        self._apply()
        self.action_leave()

    def action_leave(self) -> None:
        """Go to the list; the field stays while there is something in it."""
        if not self.text:
            self.remove_class("-open")
        self.post_message(self.Left())
