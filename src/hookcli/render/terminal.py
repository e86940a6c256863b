"""The one place that knows about terminals: colour, width, and writing lines to a stream."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.text import Text


class Terminal:
    """A stream for people: styled on a terminal, plain text in a pipe or under NO_COLOR."""

    def __init__(self, stream: TextIO, *, color: bool | None = None) -> None:
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            # A terminal that lacks a sign shows another one; it is no reason to stop.
            reconfigure(errors="replace")
        self._stream = stream
        self.interactive = color if color is not None else stream.isatty()
        self.console = Console(
            file=stream,
            force_terminal=True if color else None,
            no_color=True if color is False else None,
            # rich's own reading of NO_COLOR keeps bold and dim.
            color_system=None if color is None and os.environ.get("NO_COLOR") else "auto",
            highlight=False,
            markup=False,
            emoji=False,
            soft_wrap=not self.interactive,
        )

    @property
    def width(self) -> int | None:
        """Columns of a terminal; None in a pipe, where lines are as long as they are."""
        return self.console.width if self.interactive else None

    @property
    def colored(self) -> bool:
        """Whether colours are shown."""
        return self.console.color_system is not None

    def line(self, text: Text) -> None:
        """Write a line."""
        if not self.interactive:
            self._stream.write(text.plain + "\n")
        elif text.no_wrap:
            self.console.print(text, no_wrap=True, overflow="ellipsis", crop=True)
        else:
            self.console.print(text, soft_wrap=True)

    def lines(self, texts: Iterable[Text]) -> None:
        """Write lines and flush."""
        for text in texts:
            self.line(text)
        self.flush()

    def labelled(self, rows: Iterable[tuple[str, Text]]) -> None:
        """Write texts with a label before each, so that long ones wrap behind it; plain lines in a pipe."""
        rows = list(rows)
        width = max((len(label) for label, _ in rows), default=0)
        if not self.interactive:
            for label, text in rows:
                self._stream.write(f"{label:<{width}}  {text.plain}\n")
            return
        table = Table.grid(padding=(0, 2))
        table.add_column(style="dim", no_wrap=True)
        table.add_column()
        for label, text in rows:
            table.add_row(label, text)
        self.console.print(table, soft_wrap=False)

    def write(self, text: str) -> None:
        """Write text as it is."""
        self._stream.write(text)

    def flush(self) -> None:
        """Bring everything out."""
        self._stream.flush()


def output() -> Terminal:
    """Standard output."""
    return Terminal(sys.stdout)


def notes() -> Terminal:
    """Standard error: whatever is not the result."""
    return Terminal(sys.stderr)


def stdout_is_gone() -> None:
    """Let the interpreter end in peace after whoever read standard output has left."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
