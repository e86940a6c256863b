"""All about the selected delivery, in tabs; a tab is filled when it is looked at."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding
from textual.containers import Vertical
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import ContentSwitcher, Tab, Tabs

from hookcli.render.delivery import accent
from hookcli.tui import data, telling
from hookcli.tui.look import readable
from hookcli.tui.widgets.body_pane import BodyPane
from hookcli.tui.widgets.raw_pane import RawPane
from hookcli.tui.widgets.text_pane import TextPane
from hookcli.tui.work import start

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from hookcli.tui.data import Reader, Whole
    from hookcli.tui.session import Session

TABS = ("Summary", "Headers", "Body", "Raw", "Signature", "Attempts")
PAUSE = 0.04
"""Seconds that a selection must last to be loaded: a held key passes over the others."""


class Detail(Vertical):
    """`whole` is the delivery that is shown; None where there is none, or it is still being read."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "To the list", show=False)]

    class Entered(Message):
        """The delivery is being read."""

    class Left(Message):
        """The list is to have the focus."""

    reveal: reactive[bool] = reactive(default=False, init=False)

    def __init__(
        self, reader: Reader, session: Session, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        super().__init__(id="detail")
        self.whole: Whole | None = None
        self._reader = reader
        self._session = session
        self._clock = clock
        self._filled: set[str] = set()
        self.set_reactive(Detail.reveal, session.reveal)

    def compose(self) -> ComposeResult:
        """The tabs and their panes."""
        yield Tabs(*(Tab(name, id=name.lower()) for name in TABS))
        with ContentSwitcher(initial="pane-summary"):
            yield TextPane(id="pane-summary")
            yield TextPane(id="pane-headers")
            yield BodyPane(id="pane-body")
            yield RawPane(id="pane-raw")
            yield TextPane(id="pane-signature")
            yield TextPane(id="pane-attempts")

    # What is shown

    def select(self, delivery_id: str | None, *, at_once: bool = False) -> None:
        """Show this delivery, when the selection has come to rest."""
        start(self, self._load(delivery_id, 0 if at_once else PAUSE), group="detail", exclusive=True)

    async def _load(self, delivery_id: str | None, pause: float) -> None:
        if pause:
            await asyncio.sleep(pause)
        whole = await self._reader(data.whole, delivery_id) if delivery_id else None
        same = self.whole and whole and self.whole.stored.delivery.id == whole.stored.delivery.id
        if same and self.whole and whole and self.whole.sent == whole.sent:
            return
        self.whole = whole
        # Of a delivery that stays only what may have changed is drawn anew: a tree keeps its folds.
        self._filled = self._filled - {"summary", "attempts"} if same else set()
        self.set_class(whole is None, "-empty")
        self._count_attempts()
        self._fill(stay=bool(same))

    async def catch_up(self) -> None:
        """Show where the delivery has been sent on since; its bytes are not read again for nothing."""
        whole = self.whole
        if whole and await self._reader(data.sent, whole.stored.delivery.id) != whole.sent:
            self.select(whole.stored.delivery.id, at_once=True)

    def _count_attempts(self) -> None:
        sent = self.whole.sent if self.whole else 0
        self.query_one("#attempts", Tab).label = f"Attempts {sent:,}" if sent else "Attempts"

    @property
    def current(self) -> str:
        """The tab that is shown."""
        active = self.query_one(Tabs).active
        return active or "summary"

    def _fill(self, *, stay: bool = False) -> None:
        name, whole = self.current, self.whole
        if name in self._filled:
            return
        self._filled.add(name)
        if whole is None:
            self._text(name, [])
            return
        delivery, reveal = whole.stored.delivery, self.reveal
        if name == "body":
            self.query_one(BodyPane).show(delivery, reveal=reveal)
        elif name == "raw":
            self.query_one(RawPane).show(delivery.body)
        elif name == "signature":
            start(self, self._check(whole), group="check", exclusive=True)
        elif name == "headers":
            self._text(name, list(telling.headers(delivery, reveal=reveal)))
        elif name == "attempts":
            self._text(name, list(telling.attempts(whole, reveal=reveal)), stay=stay)
        else:
            color = readable(accent(delivery.identity.provider), self.background_colors[1].hex)
            self._text(name, list(telling.summary(whole, self._clock(), color, reveal=reveal)), stay=stay)

    def _text(self, name: str, lines: list[Text], *, stay: bool = False) -> None:
        if name == "body":
            self.query_one(BodyPane).query_one(TextPane).show(lines)
        elif name == "raw":
            self.query_one(RawPane).show(b"")
        else:
            pane = self.query_one(f"#pane-{name}", TextPane)
            pane.show(lines)
            if not stay:
                pane.scroll_home(animate=False)

    async def _check(self, whole: Whole) -> None:
        delivery, secrets = whole.stored.delivery, self._session.secrets
        provider = delivery.identity.provider
        if secrets.of(provider):
            self._text("signature", [Text("looking into it …", "dim italic")])
        checked = await asyncio.to_thread(telling.check, delivery, provider, secrets)
        self._text("signature", list(telling.signature(delivery, checked, secrets, reveal=self.reveal)))

    def refresh_all(self) -> None:
        """Draw everything anew: secrets are shown or masked, others are known, or the colours have changed."""
        self._filled.clear()
        self._fill()

    def watch_reveal(self) -> None:
        """Show or mask secrets."""
        self.refresh_all()

    def on_descendant_focus(self) -> None:
        """Tell that one is reading."""
        self.post_message(self.Entered())

    # Moving

    def turn_to(self, name: str) -> None:
        """Show a tab."""
        self.query_one(Tabs).active = name

    def turn(self, steps: int) -> None:
        """Show the next tab, or the one before."""
        names = [name.lower() for name in TABS]
        self.turn_to(names[(names.index(self.current) + steps) % len(names)])

    def on_tabs_tab_activated(self, event: Tabs.TabActivated) -> None:
        """Fill the tab that is looked at."""
        event.stop()
        inside = self.query_one(ContentSwitcher).has_focus_within
        self.query_one("#detail > ContentSwitcher", ContentSwitcher).current = f"pane-{event.tab.id}"
        self._fill()
        if inside:
            self.take_focus()

    def take_focus(self) -> None:
        """Give the focus to what is shown."""
        pane = self.query_one(f"#pane-{self.current}")
        if isinstance(pane, BodyPane):
            pane.take_focus()
        elif isinstance(pane, RawPane):
            pane.query("RowsView").first().focus()
        elif isinstance(pane, TextPane):
            pane.focus()

    def action_leave(self) -> None:
        """Go to the list."""
        self.post_message(self.Left())
