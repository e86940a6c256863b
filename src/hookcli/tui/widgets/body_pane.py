"""A body for reading: JSON as a tree, anything else laid out."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.widgets import ContentSwitcher

from hookcli.mask import mask_for
from hookcli.tui import telling
from hookcli.tui.widgets.json_tree import JsonTree
from hookcli.tui.widgets.text_pane import TextPane
from hookcli.tui.work import start

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from hookcli.delivery import Delivery


class BodyPane(Vertical):
    """The body of one delivery."""

    def compose(self) -> ComposeResult:
        """The two ways, of which one is shown."""
        with ContentSwitcher(initial="body-lines"):
            yield TextPane(id="body-lines")
            yield JsonTree(id="body-tree")

    def show(self, delivery: Delivery, *, reveal: bool) -> None:
        """Show this one's; it is laid out beside the screen."""
        start(self, self._show(delivery, reveal=reveal), group="body", exclusive=True)

    async def _show(self, delivery: Delivery, *, reveal: bool) -> None:
        laid_out = await asyncio.to_thread(telling.body, delivery, reveal=reveal)
        switcher = self.query_one(ContentSwitcher)
        had_focus = self.has_focus_within
        if laid_out.json is None:
            pane = self.query_one("#body-lines", TextPane)
            pane.show(laid_out.lines)
            pane.scroll_home(animate=False)
        else:
            tree = self.query_one(JsonTree)
            tree.load(laid_out.json, mask_for(delivery.identity.provider, reveal=reveal).hides)
        switcher.current = "body-lines" if laid_out.json is None else "body-tree"
        if had_focus:
            self.take_focus()

    def take_focus(self) -> None:
        """Give the focus to what is shown."""
        shown = self.query_one(ContentSwitcher).visible_content
        if shown:
            shown.focus()
