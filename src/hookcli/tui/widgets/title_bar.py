"""The line at the top: what this is a view of, and how much there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from textual.reactive import reactive
from textual.widget import Widget

from hookcli.render.escape import visible

if TYPE_CHECKING:
    from textual.app import RenderResult


class TitleBar(Widget):
    """`place` is the store or the listener's URL; `state` and `count` say what the list shows."""

    place: reactive[str] = reactive("")
    state: reactive[str] = reactive("")
    live: reactive[bool] = reactive(default=True)
    count: reactive[str] = reactive("")

    def render(self) -> RenderResult:
        """Name and place at the left, state and count at the right."""
        right = Text()
        if self.state:
            right.append("● " if self.live else "○ ", "green" if self.live else "dim")
            right.append(f"{self.state}   ", "default" if self.live else "dim")
        right.append(self.count, "bold")
        left = Text(no_wrap=True, overflow="ellipsis")
        left.append("hookcli", "bold blue").append("  ").append(visible(self.place), "dim")
        left.truncate(max(0, self.content_size.width - right.cell_len - 2), overflow="ellipsis", pad=True)
        return left.append("  ").append_text(right)
