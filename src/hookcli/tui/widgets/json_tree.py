"""JSON as a tree that is folded and unfolded; its parts are read when they are unfolded, some at a time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding
from textual.message import Message
from textual.widgets import Tree

from hookcli.mask import MASK, can_hide
from hookcli.render.escape import visible
from hookcli.render.json_text import value_text
from hookcli.tui import json_parts
from hookcli.tui.json_parts import Part, Resume
from hookcli.tui.work import start

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.style import Style
    from textual.binding import BindingType
    from textual.widgets.tree import TreeNode

AT_ONCE = 100
"""Parts of one object or list that are read at once; a last line reads on."""

UNFOLDED_LINES = 120
"""So many lines are unfolded from the start."""

QUICK = 128 * 1024
"""Characters that are looked through without a thread: it takes no longer than to draw the screen."""


class JsonTree(Tree[Part | Resume]):
    """A JSON text; `hides` tells by dotted path which values are masked."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", "Down", show=False),
        Binding("k", "cursor_up", "Up", show=False),
        Binding("g", "scroll_home", "Begin", show=False),
        Binding("G", "scroll_end", "End", show=False),
        Binding("space", "page_down", "Page down", show=False),
        Binding("right,l", "unfold", "Unfold", show=False),
        Binding("left,h", "fold", "Fold", show=False),
        Binding("asterisk", "unfold_all", "Unfold all below", show=False),
    ]

    ICON_NODE = "▸ "
    ICON_NODE_EXPANDED = "▾ "

    class Opened(Message):
        """A value is to be read in full."""

        def __init__(self, part: Part) -> None:
            super().__init__()
            self.part = part

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (textual's name)
        super().__init__(Text(), id=id)
        self.guide_depth = 2
        self.show_root = False
        self._text = ""
        self._hides: Callable[[str], bool] = lambda _: False

    def load(self, text: str, hides: Callable[[str], bool]) -> None:
        """Show this text, unfolded as far as there is room."""
        self.workers.cancel_group(self, "parts")
        self._text, self._hides = text, hides
        whole = json_parts.root(text)
        self.clear()
        self.root.data = whole
        self.root.allow_expand = whole is not None and whole.opens
        if whole is not None and whole.opens:
            start(self, self._begin(), group="parts")

    async def _begin(self) -> None:
        """Unfold level by level while there is room."""
        self.root.expand()
        level, lines = [self.root], 0
        self.call_after_refresh(self.move_cursor_to_line, 0)
        while level and lines < UNFOLDED_LINES:
            for node in level:
                if lines >= UNFOLDED_LINES or (node is not self.root and len(self._text) > QUICK):
                    return
                await self._read(node)
                node.expand()
                lines += len(node.children)
            level = [child for node in level for child in node.children if child.allow_expand]

    async def _read(self, node: TreeNode[Part | Resume], resume: Resume | None = None) -> None:
        part = node.data
        if not isinstance(part, Part) or not part.opens or (node.children and resume is None):
            return
        if len(self._text) > QUICK:
            waiting = node.add_leaf(Text("reading …", "dim italic"))
            found = await asyncio.to_thread(json_parts.parts, self._text, part, AT_ONCE, resume)
            waiting.remove()
        else:
            found = json_parts.parts(self._text, part, AT_ONCE, resume)
        for one in found.parts:
            node.add(self._label(one), one, allow_expand=one.opens)
        if found.more:
            node.add_leaf(Text(f"… {AT_ONCE} more", "dim italic"), found.more)
        count = len(node.children) - 1
        node.set_label(self._label(part, f"{count:,}+" if found.more else f"{len(node.children):,}"))

    def on_tree_node_expanded(self, event: Tree.NodeExpanded[Part | Resume]) -> None:
        """Read the parts of what is unfolded."""
        event.stop()
        if not event.node.children:
            start(self, self._read(event.node), group="parts")

    def on_tree_node_selected(self, event: Tree.NodeSelected[Part | Resume]) -> None:
        """Read on where there are more; show a value that is longer than its line."""
        event.stop()
        node, data = event.node, event.node.data
        if isinstance(data, Resume) and node.parent is not None:
            holder = node.parent
            node.remove()
            start(self, self._read(holder, data), group="parts")
        elif isinstance(data, Part) and not data.opens and not self._hidden(data):
            self.post_message(self.Opened(data))

    def action_unfold(self) -> None:
        """Unfold, or go to the first part."""
        node = self.cursor_node
        if node is None:
            return
        if node.allow_expand and not node.is_expanded:
            node.expand()
        elif node.children:
            self.move_cursor(node.children[0])

    def action_fold(self) -> None:
        """Fold, or go to what this is a part of."""
        node = self.cursor_node
        if node is None:
            return
        if node.allow_expand and node.is_expanded:
            node.collapse()
        elif node.parent:
            self.move_cursor(node.parent)

    def action_unfold_all(self) -> None:
        """Unfold what is below, as far as it has been read, or fold it."""
        if self.cursor_node and self.cursor_node.allow_expand:
            self.cursor_node.toggle_all()

    def process_label(self, label: str | Text) -> Text:
        """The label as it is: nothing of it is markup."""
        return label if isinstance(label, Text) else Text(label)

    def render_label(self, node: TreeNode[Part | Resume], base_style: Style, style: Style) -> Text:
        """The label, the keys of what has no parts under those of what has."""
        label = super().render_label(node, base_style, style)
        return label if node.allow_expand else Text("  ", base_style).append_text(label)

    def _hidden(self, part: Part) -> bool:
        return can_hide(part.text) and self._hides(part.path)

    def _label(self, part: Part, count: str = "…") -> Text:
        text = Text(no_wrap=True)
        if isinstance(part.key, str):
            text.append(visible(part.key[1:-1]), "json.key").append(": ", "dim")
        elif part.key is not None:
            text.append(f"{part.key}: ", "dim")
        if part.opens:
            closing = "}" if part.text == "{" else "]"
            return text.append(f"{part.text}{count}{closing}", "dim")
        if self._hidden(part):
            return text.append(f'"{MASK}"', "json.str")
        return text.append(*value_text(part.text))
