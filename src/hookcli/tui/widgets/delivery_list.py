"""The list: as many deliveries as the store has, of which some pages are at hand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.message import Message

from hookcli.store.filters import Filter
from hookcli.tui import data
from hookcli.tui.widgets.drawn_list import DrawnList
from hookcli.tui.work import start

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events
    from textual.binding import BindingType

    from hookcli.store.rows import Stored
    from hookcli.tui.data import Reader
    from hookcli.tui.window import Side

WHEEL = 3
_SECOND = 1.0


class DeliveryList(DrawnList, can_focus=True):
    """Deliveries, the newest first, as many as `wanted` keeps."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("pagedown,ctrl+f,space", "page(1)", "Page down", show=False),
        Binding("pageup,ctrl+b", "page(-1)", "Page up", show=False),
        Binding("home,g", "newest", "Newest", show=False),
        Binding("end,G", "oldest", "Oldest", show=False),
        Binding("enter", "open", "Open", show=False),
    ]

    class Selected(Message):
        """Another delivery is selected, or none is there."""

        def __init__(self, row: Stored | None) -> None:
            super().__init__()
            self.row = row

    class Opened(Message):
        """The selected delivery is to be read."""

    class Looked(Message):
        """The list has changed, or is looked through: `at` is how far, None when that is done."""

        def __init__(self, at: int | None = None) -> None:
            super().__init__()
            self.at = at

    def __init__(
        self, reader: Reader, *, hint: str = "", clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        super().__init__(clock=clock)
        self.wanted = Filter()
        self.held = False
        """Whether the selection stays though newer ones come: the selected one is being read."""
        self._reader = reader
        self._hint = hint
        self._seen = 0
        self._loading: set[Side] = set()
        self._told: str | None = None

    def on_mount(self) -> None:
        """Show the newest, and keep "12 s ago" true."""
        self.set_interval(_SECOND, self.keep_time)
        self.show(Filter())

    def on_focus(self) -> None:
        """Nobody reads the delivery any more."""
        self.held = False

    # What is shown

    def show(self, wanted: Filter, *, around: Stored | None = None) -> None:
        """Show the deliveries that a filter keeps: from the newest on, or with this one selected."""
        self.wanted = wanted
        self._loading.clear()
        self.workers.cancel_group(self, "more")
        start(self, self._show(wanted, around), group="show", exclusive=True)

    async def _show(self, wanted: Filter, around: Stored | None) -> None:
        self.busy = True
        self.ends = await self._reader(data.bounds)
        below = around.seq + 1 if around else self.ends.newest + 1
        self._seen = below - 1
        fresh = True
        async for found in data.search(self._reader, wanted, below, data.PAGE):
            if fresh and (found.rows or found.ended):
                select = around.delivery.id if around else None
                self.window.replace(found.rows, at_newest=around is None, at_oldest=found.ended, select=select)
                fresh = False
            elif not fresh:
                self.window.add("older", found.rows, ended=found.ended)
            self._changed()
            self.post_message(self.Looked(found.at))
        self.busy = False
        self._changed()
        self._more()

    def _more(self) -> None:
        side = self.window.wants()
        if side and side not in self._loading and not self.busy:
            self._loading.add(side)
            start(self, self._load(side), group="more")

    async def _load(self, side: Side) -> None:
        rows = self.window.rows
        ends = (rows[-1].seq, rows[0].seq) if rows else (0, self._seen)
        place = ends[0] if side == "older" else ends[1] + 1
        async for found in data.search(self._reader, self.wanted, place, data.PAGE, older=side == "older"):
            self._take(side, found)
        self._loading.discard(side)
        self._changed()
        self._more()

    def _take(self, side: Side, found: data.Found) -> None:
        rows = list(found.rows)
        if side == "newer":
            rows.reverse()
            self._seen = max(self._seen, rows[0].seq if rows and not found.ended else found.at - 1)
        self.window.add(side, rows, ended=found.ended)
        self._changed()

    # What changes in the store

    async def catch_up(self) -> None:
        """Take in what has come into the store, and leave out what is no longer there."""
        if self.busy or "newer" in self._loading:
            return
        window = self.window
        ends = await self._reader(data.bounds)
        if window.rows:
            there = await self._reader(data.present, window.rows[-1].seq, window.rows[0].seq)
            gone = {row.seq for row in window.rows if there.get(row.seq) != row.delivery.id}
            if gone:
                window.drop(gone)
                # A place that was given up at the end is given to the next delivery.
                self._seen = min([self._seen, *(seq - 1 for seq in gone if seq in there)])
        self.ends = ends
        self._seen = min(self._seen, ends.newest)
        if window.at_newest and ends.newest > self._seen:
            await self._follow()
        self._changed()

    async def _follow(self) -> None:
        window, following = self.window, self.window.newest_is_selected and not self.held
        self._loading.add("newer")
        try:
            came: list[Stored] = []
            all_seen, seen = False, self._seen
            async for found in data.search(self._reader, self.wanted, self._seen + 1, data.PAGE, older=False):
                came += found.rows
                all_seen, seen = found.ended, found.at - 1
            if all_seen:
                self._seen = seen
                window.add("newer", came[::-1], ended=True)
            elif following:
                # More than a page at once: the newest are wanted, not those between.
                self.show(self.wanted)
                return
            else:
                window.at_newest = False
        finally:
            self._loading.discard("newer")
        if following:
            window.move_to(0)

    def _changed(self) -> None:
        selected = self.window.selected
        told = selected.delivery.id if selected else None
        if told != self._told:
            self._told = told
            self.post_message(self.Selected(selected))
        self.post_message(self.Looked())
        self.redraw()

    @property
    def following(self) -> bool:
        """Whether the list shows what comes as it comes."""
        return self.window.at_newest and self.window.top == 0

    @property
    def under_way(self) -> bool:
        """Whether rows are under way."""
        return self.busy or bool(self._loading)

    def words(self) -> str:
        """What to do where there is nothing."""
        if self.busy:
            return ""
        return self._hint if self.wanted == Filter() else "Nothing in the store is like this.\nEsc shows all again."

    # Moving

    def action_move(self, steps: int) -> None:
        """Select the next or the one before."""
        self.window.move(steps)
        self._moved()

    def action_page(self, pages: int) -> None:
        """Move by a screen."""
        self.window.move(pages * max(1, self.size.height - 1))
        self._moved()

    def action_newest(self) -> None:
        """Go to the newest."""
        if self.window.at_newest:
            self.window.move_to(0)
            self._moved()
        else:
            self.show(self.wanted)

    def action_oldest(self) -> None:
        """Go to the oldest."""
        if self.window.at_oldest:
            self.window.move_to(len(self.window.rows) - 1)
            self._moved()
        else:
            start(self, self._jump(0), group="show", exclusive=True)

    def action_open(self) -> None:
        """Read the selected one."""
        if self.window.selected:
            self.post_message(self.Opened())

    def _moved(self) -> None:
        self._more()
        self._changed()

    async def _jump(self, seq: int) -> None:
        """Go to a place in the store: what is there or, where the filter keeps nothing there, the next newer."""
        self._loading.clear()
        self.workers.cancel_group(self, "more")
        rows: list[Stored] = []
        async for found in data.search(self._reader, self.wanted, seq, data.PAGE, older=False):
            rows += found.rows
            self.post_message(self.Looked(found.at))
        older = await self._reader(data.bounds)
        if not rows:
            self.show(self.wanted)
            return
        self.window.replace(rows[::-1], at_newest=False, at_oldest=seq <= older.oldest)
        self.window.move_to(len(rows) - 1)
        self._moved()

    def on_resize(self, event: events.Resize) -> None:
        """Show as many rows as fit."""
        self.window.resize(event.size.height)
        self._more()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel moves what is shown, not the selection."""
        event.stop()
        self._scrolled(WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel moves what is shown, not the selection."""
        event.stop()
        self._scrolled(-WHEEL)

    def _scrolled(self, lines: int) -> None:
        self.window.scroll(lines)
        self._moved()

    def on_click(self, event: events.Click) -> None:
        """Select a row; twice opens it; on the bar at the right, go to that part of the list."""
        if event.x >= self.size.width - 1:
            self._seek(event.y)
            return
        index = self.window.top + event.y
        if index < len(self.window.rows):
            self.window.move_to(index)
            self._moved()
            if event.chain > 1:
                self.action_open()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Begin to drag the bar."""
        if event.x >= self.size.width - 1:
            self.capture_mouse()

    def on_mouse_up(self) -> None:
        """End to drag the bar."""
        self.release_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag the bar."""
        if self.app.mouse_captured is self:
            self._seek(event.y)

    def _seek(self, y: int) -> None:
        window, part = self.window, min(max(y / max(1, self.size.height - 1), 0.0), 1.0)
        if window.at_newest and window.at_oldest:
            window.move_to(round(part * (len(window.rows) - 1)))
            self._moved()
        elif part == 0:
            self.action_newest()
        else:
            seq = self.ends.newest - round(part * (self.ends.newest - self.ends.oldest))
            start(self, self._jump(seq), group="show", exclusive=True)
