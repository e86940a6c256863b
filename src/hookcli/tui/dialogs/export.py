"""In what form to write a delivery, and where to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import on
from textual.binding import Binding
from textual.widgets import Checkbox, Input, Label, OptionList
from textual.widgets.option_list import Option

from hookcli.errors import WrongInput
from hookcli.formats.known import WRITTEN
from hookcli.tui.dialogs.dialog import Dialog, field

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.binding import BindingType
    from textual.widget import Widget


class Export(NamedTuple):
    """A form by its name, the file, and whether secrets go into it."""

    form: str
    path: Path
    secrets: bool


class ExportDialog(Dialog[Export]):
    """Asks for a form and a path; a file that is there is written over only where the person says so."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "submit", "Write", show=False)]

    heading = "Write to a file"
    verb = "Write"

    def __init__(self, stem: str, form: str) -> None:
        super().__init__()
        self._stem = stem
        self._form = form if form in WRITTEN else next(iter(WRITTEN))

    def fields(self) -> Iterator[Widget]:
        """Form and path."""
        yield Label("form", classes="dialog-label")
        yield OptionList(
            *(Option(f"{name:<19} {form.title}", id=name) for name, form in WRITTEN.items()), markup=False, compact=True
        )
        yield from field("path", "file", f"{self._stem}{WRITTEN[self._form].suffixes[0]}")
        yield Checkbox("with its secrets: every byte as it came", id="secrets", compact=True)
        yield Checkbox("write over a file that is there", id="over", compact=True)

    def begin(self) -> None:
        """Begin at the forms."""
        options = self.query_one(OptionList)
        options.highlighted = list(WRITTEN).index(self._form)
        options.focus()

    @on(OptionList.OptionHighlighted)
    def choose(self, event: OptionList.OptionHighlighted) -> None:
        """The file's ending goes with the form."""
        event.stop()
        before, self._form = self._form, event.option_id or self._form
        path = self.query_one("#path", Input)
        if path.value.endswith(WRITTEN[before].suffixes[0]):
            path.value = path.value.removesuffix(WRITTEN[before].suffixes[0]) + WRITTEN[self._form].suffixes[0]

    @on(OptionList.OptionSelected)
    def chosen(self, event: OptionList.OptionSelected) -> None:
        """On to the file's name."""
        event.stop()
        self.query_one("#path", Input).focus()

    def action_submit(self) -> None:
        """Write it."""
        self.submit()

    def answer(self) -> Export:
        """A file that can be written."""
        if not self.value("path").strip():
            what = "The file has no name yet."
            raise WrongInput(what)
        path = Path(self.value("path")).expanduser()
        if path.exists() and not self.query_one("#over", Checkbox).value:
            what = f"There is a file {path} already."
            raise WrongInput(what, "Choose another name, or tick that it may be written over.")
        return Export(self._form, path, self.query_one("#secrets", Checkbox).value)
