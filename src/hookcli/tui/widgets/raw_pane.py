"""The exact bytes of a body: as text where they are text, and in hex."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Static

from hookcli.render.body import decoded
from hookcli.tui.text_rows import HexRows, LineRows, TextRows
from hookcli.tui.widgets.rows_view import RowsView
from hookcli.tui.work import start
from hookcli.units import size_of

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from hookcli.tui.text_rows import Rows


class RawPane(Vertical):
    """A body, byte for byte."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("h", "turn", "Text or hex", show=False)]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (textual's name)
        super().__init__(id=id)
        self._body = b""
        self._text: str | None = None
        self._fresh = False
        self._hex = False

    def compose(self) -> ComposeResult:
        """What it is, and the rows."""
        yield Static(markup=False, classes="pane-note")
        yield RowsView()

    def show(self, body: bytes) -> None:
        """Show these bytes: as text, if they are."""
        self._body, self._hex, self._fresh = body, False, True
        start(self, self._draw(), group="raw", exclusive=True)

    async def _draw(self) -> None:
        fresh = self._fresh
        if fresh:
            self._text = await asyncio.to_thread(decoded, self._body) if self._body else None
        as_text = self._text is not None and not self._hex
        view = self.query_one(RowsView)
        width = view.scrollable_content_region.width or self.size.width
        rows: Rows = await asyncio.to_thread(self._rows, width, as_text=as_text)
        note = Text(f"{'text' if as_text else 'hex'}, {size_of(len(self._body))}", "dim")
        if self._text is not None:
            note.append("   h", "bold").append(f" shows it {'in hex' if as_text else 'as text'}", "dim")
        self.query_one(Static).update(note)
        view.show(rows if self._body else LineRows([Text("no body", "dim italic")]), stay=not fresh)
        self._fresh = False

    def _rows(self, width: int, *, as_text: bool) -> Rows:
        return TextRows(self._text or "", width) if as_text else HexRows(self._body, width)

    def action_turn(self) -> None:
        """From text to hex, and back."""
        self._hex = not self._hex
        start(self, self._draw(), group="raw", exclusive=True)

    def on_resize(self) -> None:
        """Break the lines anew."""
        start(self, self._draw(), group="raw", exclusive=True)
