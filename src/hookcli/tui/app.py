"""The interface as a whole: its parts on the screen, its keys, and the look at what is new in the store."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import rich
import textual
from rich.segment import Segments
from rich.text import Text
from rich.traceback import Traceback
from textual.binding import Binding
from textual.containers import Container, Vertical
from textual.filter import LineFilter, Monochrome, NoColor
from textual.widgets import Footer

from hookcli.render.escape import visible
from hookcli.store.filters import Filter
from hookcli.tui import data
from hookcli.tui.actions import Actions
from hookcli.tui.data import Reader
from hookcli.tui.dialogs.help import HelpScreen
from hookcli.tui.dialogs.reading import ReadingScreen
from hookcli.tui.look import DARK, DARK_ANSI, JSON_STYLES, LIGHT, LIGHT_ANSI
from hookcli.tui.widgets.delivery_list import DeliveryList
from hookcli.tui.widgets.detail import TABS, Detail
from hookcli.tui.widgets.filter_bar import FilterBar
from hookcli.tui.widgets.title_bar import TitleBar
from hookcli.tui.work import start

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from hookcli.tui.session import Session
    from hookcli.tui.widgets.json_tree import JsonTree

LOOK_SECONDS = 0.2
"""How often the store is asked whether something is new; asking costs next to nothing."""

WIDE_FROM = 150
"""Columns from which the delivery stands beside the list, not below it."""

NOTICES_SHOWN = 3
"""Notices that come up at once; more are counted."""

NOTICES_KEPT = 1000

LONGEST_VALUE = 64 * 1024
"""Characters of one value of a body that are shown at once."""


class Inspect(Actions):
    """The interface on one store."""

    TITLE = "hookcli"
    CSS_PATH = Path(__file__).with_name("style.tcss")
    AUTO_FOCUS = "DeliveryList"
    ENABLE_COMMAND_PALETTE = False
    ESCAPE_TO_MINIMIZE = False

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", key_display="/"),
        Binding("r", "replay", "Replay"),
        Binding("R", "edit", "Edit"),
        Binding("s", "sign", "Sign"),
        Binding("e", "explain", "Explain"),
        Binding("m", "mark", "Mark", show=False),
        Binding("d", "compare", "Diff"),
        Binding("y", "copy", "Curl"),
        Binding("x", "export", "Export"),
        Binding("delete,backspace", "delete", "Delete", show=False),
        Binding("v", "reveal", "Reveal", show=False),
        Binding("z", "zoom", "Zoom", show=False),
        Binding("t", "theme", "Light or dark", show=False),
        Binding("n", "notices", "Notices", show=False),
        Binding("question_mark", "help", "Help", key_display="?"),
        Binding("q", "leave", "Quit"),
        Binding("ctrl+c,ctrl+q", "leave", "Quit", show=False, priority=True),
        *(Binding(str(number), f"turn_to('{name.lower()}')", name, show=False) for number, name in enumerate(TABS, 1)),
        Binding("left", "turn(-1)", "Tab before", show=False),
        Binding("right", "turn(1)", "Next tab", show=False),
    ]

    def __init__(self, session: Session, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._without_color = bool(os.environ.get("NO_COLOR"))
        super().__init__()
        self.session = session
        self.reader = Reader(session.store)
        self._list_reader = Reader(session.store)
        self._bar = TitleBar()
        self._filter = FilterBar(session.filter, clock)
        self.listing = DeliveryList(self._list_reader, hint=self._hint(), clock=clock)
        self.detail = Detail(self.reader, session, clock=clock)
        self._version = -1
        self._counted = False
        self._count_from = 0.0
        self._leaving = False
        self.ansi_theme_dark, self.ansi_theme_light = DARK_ANSI, LIGHT_ANSI
        self.console.push_theme(JSON_STYLES)
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        if self._without_color:
            self.theme = "ansi-dark"
        else:
            self.theme = LIGHT.name if self._light_at_first() else DARK.name

    def _light_at_first(self) -> bool:
        remembered = self.session.memory.get("theme")
        # Some terminals tell their colours so: foreground;background, where 7 and 15 are white.
        behind = os.environ.get("COLORFGBG", "").rpartition(";")[2]
        return remembered == "light" if remembered else behind in {"7", "15"}

    def compose(self) -> ComposeResult:
        """The title, the list with its filter, the delivery, the keys."""
        yield self._bar
        with Container(id="panes"):
            with Vertical(id="side"):
                yield self._filter
                yield self.listing
            yield self.detail
        yield Footer(compact=True, show_command_palette=False)

    def _hint(self) -> str:
        listening = self.session.listening
        if listening:
            return f'No deliveries yet.\n\ncurl -d \'{{"hello": "world"}}\' {listening.urls[0]}'
        return "No deliveries yet.\n\nhookcli listen receives them,\nhookcli replay github/push sends one to it."

    def on_mount(self) -> None:
        """Look at the store from now on."""
        listening = self.session.listening
        forward = f"  →  {listening.forward}" if listening and listening.forward else ""
        self._bar.place = "  ".join(listening.urls) + forward if listening else short(self.session.store)
        known, self.session.notices = self.session.notices, []
        self._tell(known)
        self.set_interval(LOOK_SECONDS, self._look)
        with suppress(NotImplementedError, RuntimeError, ValueError):
            for number in (signal.SIGTERM, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(number, self.action_leave)

    def on_unmount(self) -> None:
        """Close the store."""
        self.reader.close()
        self._list_reader.close()

    # What is new

    def _look(self) -> None:
        if self.session.listening:
            self._tell(self.session.listening.notices())
            if not self.session.listening.running:
                self.exit()
                return
        if not any(worker.group == "look" and not worker.is_finished for worker in self.workers):
            start(self, self._look_at_store(), group="look")

    async def _look_at_store(self) -> None:
        version = await self.reader(data.version)
        if version != self._version:
            self._version = version
            self._counted = False
            await self.listing.catch_up()
            await self.detail.catch_up()
        now = time.monotonic()
        if not self._counted and now >= self._count_from:
            self._counted = True
            count = await self.reader(data.count)
            # To count a large store takes a while: it is done for a tenth of the time at the most.
            self._count_from = time.monotonic() + 9 * (time.monotonic() - now)
            self._bar.count = f"{count:,} {'delivery' if count == 1 else 'deliveries'}"

    def _tell(self, notices: list[str]) -> None:
        self.session.notices.extend(notices)
        del self.session.notices[:-NOTICES_KEPT]
        for text in notices[:NOTICES_SHOWN]:
            self.say(text, bad=True)
        if len(notices) > NOTICES_SHOWN:
            self.say(f"{len(notices) - NOTICES_SHOWN} more notices: n shows them.", bad=True)

    def on_delivery_list_looked(self, event: DeliveryList.Looked) -> None:
        """Say what the list shows."""
        bar, listing = self._bar, self.listing
        if event.at is not None and listing.busy:
            bar.state, bar.live = "looking …", False
        else:
            bar.live = listing.following
            bar.state = "live" if listing.following else "newer above"

    def on_delivery_list_selected(self, event: DeliveryList.Selected) -> None:
        """Show the selected delivery."""
        self.detail.select(event.row.delivery.id if event.row else None)

    def on_delivery_list_opened(self) -> None:
        """Read the selected delivery."""
        if self.has_class("-zoomed"):
            self._zoom("detail")
        self.detail.take_focus()

    def on_json_tree_opened(self, event: JsonTree.Opened) -> None:
        """Read a value that is longer than its line."""
        text = event.part.text
        lines = [Text(visible(text[:LONGEST_VALUE]))]
        if len(text) > LONGEST_VALUE:
            lines.append(Text(f"… {len(text) - LONGEST_VALUE:,} characters more: Raw has them", "dim italic"))
        self.push_screen(ReadingScreen(visible(event.part.path), lines, wide=True))

    # The filter

    def action_filter(self) -> None:
        """Type a filter."""
        self._filter.open()

    def on_filter_bar_wanted(self, event: FilterBar.Wanted) -> None:
        """Show what is wanted; all again with the same one selected."""
        listing = self.listing
        if event.wanted != listing.wanted:
            listing.show(event.wanted, around=listing.window.selected if event.wanted == Filter() else None)

    def on_filter_bar_left(self) -> None:
        """Back to the list."""
        self.listing.focus()

    def on_detail_entered(self) -> None:
        """Keep what is read, whatever comes."""
        self.listing.held = True

    def on_detail_left(self) -> None:
        """Back to the list."""
        if self.has_class("-zoomed"):
            self._zoom("list")
        self.listing.focus()

    # The screen

    def on_resize(self, event: events.Resize) -> None:
        """Side by side where there is room."""
        self.set_class(event.size.width >= WIDE_FROM, "-wide")

    def action_zoom(self) -> None:
        """Give all of the screen to the part in which one is, or share it again."""
        if self.has_class("-zoomed"):
            self.remove_class("-zoomed", "-zoom-list", "-zoom-detail")
        else:
            self._zoom("detail" if self.detail.has_focus_within else "list")

    def _zoom(self, part: str) -> None:
        self.remove_class("-zoom-list", "-zoom-detail")
        self.add_class("-zoomed", f"-zoom-{part}")

    def action_turn_to(self, name: str) -> None:
        """Show a tab."""
        if self.has_class("-zoom-list"):
            self._zoom("detail")
        self.detail.turn_to(name)

    def action_turn(self, steps: int) -> None:
        """Show the next tab, or the one before."""
        self.detail.turn(steps)

    def action_reveal(self) -> None:
        """Show secrets, or mask them."""
        self.detail.reveal = not self.detail.reveal
        self.say("Secrets are shown." if self.detail.reveal else "Secrets are masked.")

    def action_theme(self) -> None:
        """Light or dark."""
        if not self._without_color:
            light = self.theme == DARK.name
            self.theme = LIGHT.name if light else DARK.name
            self.session.memory.set("theme", "light" if light else "dark")
            self.call_after_refresh(self.detail.refresh_all)

    def action_help(self) -> None:
        """The keys."""
        self.push_screen(HelpScreen())

    def action_notices(self) -> None:
        """What the listener has told."""
        lines = [Text(visible(text)) for text in reversed(self.session.notices)]
        self.push_screen(ReadingScreen("Notices, the latest first", lines or [Text("None so far.", "dim")], wide=True))

    def action_leave(self) -> None:
        """End; with a listener behind it, when that has finished what is under way. A second time: at once."""
        listening = self.session.listening
        if listening and listening.running and not self._leaving:
            self._leaving = True
            self.say("Finishing what is coming in …")
            listening.end()
        else:
            self.exit()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Under NO_COLOR no colour at all, where textual would make grey ones."""
        filters = super().get_line_filters()
        if not self._without_color:
            return filters
        return [*(one for one in filters if not isinstance(one, Monochrome)), NoColor()]

    def _fatal_error(self) -> None:
        """Tell where a mistake of ours is, as textual does, but without values: they may be secrets, or be obeyed."""
        self.bell()
        shown = Traceback(show_locals=False, suppress=[rich, textual])
        self._exit_renderables.append(Segments(self.console.render(shown, self.console.options)))
        self._close_messages_no_wait()


def short(path: Path) -> str:
    """A path, from the home directory on."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)
