"""What all dialogs share: a frame, fields, what is wrong, two buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from textual import on
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.suggester import SuggestFromList
from textual.widgets import Button, Input, Label, Static

from hookcli.errors import HookcliError
from hookcli.render.escape import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.widget import Widget

T = TypeVar("T")


class Dialog(ModalScreen[T | None], Generic[T]):
    """Asks for something; its result is what `answer` makes of the fields, None where the person leaves it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Cancel", show=False)]

    heading: ClassVar[str] = ""
    verb: ClassVar[str] = "OK"
    danger: ClassVar[bool] = False

    def compose(self) -> ComposeResult:
        """The frame, with what a dialog of this kind asks."""
        with Vertical(classes="dialog"):
            yield Label(self.heading, classes="dialog-heading", markup=False)
            yield from self.fields()
            yield Static(classes="dialog-error", markup=False)
            with Horizontal(classes="dialog-buttons"):
                yield Button(self.verb, variant="error" if self.danger else "primary", id="do", compact=True)
                yield Button("Cancel", id="cancel", compact=True)

    def fields(self) -> Iterable[Widget]:
        """What is asked."""
        return ()

    def answer(self) -> T:
        """What the fields say. Raises HookcliError where they say nothing that can be done."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Begin."""
        self.begin()

    def begin(self) -> None:
        """Begin at the first field that is empty, or at the last one."""
        inputs = list(self.query(Input))
        if inputs:
            next((one for one in inputs if not one.value and not one.has_class("optional")), inputs[-1]).focus()

    @on(Button.Pressed, "#do")
    @on(Input.Submitted)
    def submit(self) -> None:
        """Take the answer, or say what is wrong with it."""
        try:
            self.dismiss(self.answer())
        except HookcliError as error:
            note = self.query_one(".dialog-error", Static)
            note.update(visible(f"{error.what} {error.fix}".strip()))
            note.add_class("-told")

    @on(Button.Pressed, "#cancel")
    def action_cancel(self) -> None:
        """Do nothing."""
        self.dismiss(None)

    def value(self, name: str) -> str:
        """What a field holds."""
        return self.query_one(f"#{name}", Input).value


def field(  # noqa: PLR0913 (what a field is)
    name: str,
    label: str,
    value: str = "",
    *,
    secret: bool = False,
    placeholder: str = "",
    suggest: Iterable[str] = (),
    optional: bool = False,
) -> Iterator[Widget]:
    """A labelled field; a secret one shows no letter of what is typed."""
    yield Label(label, classes="dialog-label", markup=False)
    words = list(suggest)
    yield Input(
        value,
        id=name,
        password=secret,
        placeholder=placeholder,
        compact=True,
        classes="optional" if optional else "",
        suggester=SuggestFromList(words, case_sensitive=False) if words else None,
    )
