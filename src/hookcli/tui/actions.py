"""What can be done with the selected delivery: each is a short conversation, and then the deed."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from textual.app import App, SuspendNotSupported

from hookcli.compare.messages import compare
from hookcli.formats import curl, http_file
from hookcli.formats.known import WRITTEN
from hookcli.mask import mask_for
from hookcli.providers.registry import provider as declared
from hookcli.providers.registry import providers
from hookcli.render.delivery import event_text, outcome_text
from hookcli.render.difference import difference_lines
from hookcli.render.escape import visible
from hookcli.replay import good, signed_anew
from hookcli.store import query
from hookcli.tui import data, editor
from hookcli.tui.dialogs.confirm import DeleteDialog
from hookcli.tui.dialogs.edit import EditScreen
from hookcli.tui.dialogs.export import ExportDialog
from hookcli.tui.dialogs.reading import ReadingScreen
from hookcli.tui.dialogs.replay import ReplayDialog
from hookcli.tui.dialogs.secret import SecretDialog
from hookcli.tui.dialogs.sign import SignDialog
from hookcli.tui.exporting import write_file, written
from hookcli.tui.work import start
from hookcli.units import size_of
from hookcli.wire import Destination, attempt

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from hookcli.delivery import Delivery, Message
    from hookcli.tui.data import Reader, Whole
    from hookcli.tui.session import Session
    from hookcli.tui.widgets.delivery_list import DeliveryList
    from hookcli.tui.widgets.detail import Detail

CLIPBOARD = 64 * 1024
"""Characters that are copied at the most: terminals take no more through OSC 52, some of them less."""


class Actions(App[None]):
    """An app that has a session, a reader, a list and a detail pane.

    The parts are held here and not looked for on the screen: another screen may lie over theirs.
    """

    session: Session
    reader: Reader
    listing: DeliveryList
    detail: Detail

    def _begin(self, deed: Coroutine[Any, Any, None]) -> None:
        start(self, deed, group="deed", exclusive=True)

    async def _selected(self) -> Whole | None:
        row = self.listing.window.selected
        whole = await self.reader(data.whole, row.delivery.id) if row else None
        if whole is None:
            self.say("There is no delivery selected.")
        return whole

    def say(self, text: str, *, bad: bool = False) -> None:
        """A short message; nothing in it is markup."""
        self.notify(visible(text, lines=True), severity="warning" if bad else "information", markup=False)

    # Sending

    def action_replay(self) -> None:
        """Send it again."""
        self._begin(self._replay())

    async def _replay(self) -> None:
        whole = await self._selected()
        if whole:
            await self._ask_and_send(whole.stored.delivery, whole.stored.delivery)

    async def _ask_and_send(self, delivery: Delivery, message: Message) -> None:
        what = f"{name_of(delivery)}, {size_of(len(message.body))}, byte for byte"
        what = what if message is delivery else f"{name_of(delivery)}, edited, {size_of(len(message.body))}"
        url = await self.push_screen_wait(ReplayDialog(what, self.session.target))
        if url:
            await self._send(delivery, message, url)

    async def _send(self, delivery: Delivery, message: Message, url: str) -> None:
        self.session.sent_to(url)
        made = await attempt("replay", message, Destination.parse(url), self.session.manner)
        await self.reader(data.keep_attempt, delivery.id, made)
        where = mask_for("unknown").target(made.url)
        self.say(f"{outcome_text(made).plain}\n{where}", bad=not good(made))
        self.refresh_detail(delivery.id)

    def refresh_detail(self, delivery_id: str) -> None:
        """Read a delivery anew, if it is the one that is shown."""
        shown = self.detail.whole
        if shown and shown.stored.delivery.id == delivery_id:
            self.detail.select(delivery_id, at_once=True)

    def action_edit(self) -> None:
        """Edit it, and send it then."""
        self._begin(self._edit())

    async def _edit(self) -> None:
        whole = await self._selected()
        if whole is None:
            return
        delivery = whole.stored.delivery
        before = http_file.write(delivery)
        after = await self._edited(before)
        if after is None:
            return
        message = http_file.read(after, "what you have edited")
        await self._ask_and_send(delivery, message)

    async def _edited(self, before: bytes) -> bytes | None:
        try:
            with self.suspend():
                return editor.edited(before, editor.command())
        except SuspendNotSupported:
            text = before.decode("utf-8", "surrogateescape")
            if not text.replace("\r\n", "\n").replace("\t", "").replace("\n", "").isprintable():
                self.say("It holds bytes that can be edited in a terminal alone.", bad=True)
                return None
            after = await self.push_screen_wait(EditScreen(text.replace("\r\n", "\n")))
            return None if after is None else after.encode("utf-8", "surrogateescape")

    def action_sign(self) -> None:
        """Sign it anew, and send it."""
        self._begin(self._sign())

    async def _sign(self) -> None:
        whole = await self._selected()
        if whole is None:
            return
        delivery = whole.stored.delivery
        provider = delivery.identity.provider
        known = next(iter(self.session.secrets.of(provider)), "")
        signing = await self.push_screen_wait(SignDialog(provider, self.session.target, known))
        if signing is None:
            return
        message = signed_anew(
            delivery,
            signing.secret,
            timestamp=time.time(),
            taken_as=declared(signing.provider),
            scheme=signing.scheme,
        )
        await self._send(delivery, message, signing.target)

    # Looking closer

    def action_explain(self) -> None:
        """Check the signature, and say why it does not hold."""
        self._begin(self._explain())

    async def _explain(self) -> None:
        whole = await self._selected()
        if whole is None:
            return
        provider = whole.stored.delivery.identity.provider
        if not self.session.secrets.of(provider) and providers()[provider].signatures:
            secret = await self.push_screen_wait(SecretDialog(provider))
            if secret is None:
                return
            self.session.learn(provider, secret)
        self.detail.turn_to("signature")
        self.detail.refresh_all()

    def action_mark(self) -> None:
        """Mark it, or take the mark off."""
        row = self.listing.window.selected
        own = row.delivery.id if row else None
        self.listing.marked = None if own == self.listing.marked else own

    def action_compare(self) -> None:
        """Compare it with the marked one."""
        self._begin(self._compare())

    async def _compare(self) -> None:
        marked = self.listing.marked
        if marked is None:
            self.say("Mark another delivery first: m marks, d compares with it.")
            return
        whole, other = await self._selected(), await self.reader(data.whole, marked)
        if whole is None:
            return
        if other is None:
            self.listing.marked = None
            self.say("The marked delivery has been deleted.", bad=True)
            return
        reveal, width = self.detail.reveal, max(40, self.size.width - 12)
        found = await asyncio.to_thread(compare, other.stored.delivery, whole.stored.delivery)
        lines = await asyncio.to_thread(lambda: list(difference_lines(found, width=width, reveal=reveal)))
        heading = f"From {name_of(other.stored.delivery)}, marked, to {name_of(whole.stored.delivery)}"
        await self.push_screen_wait(ReadingScreen(heading, lines, wide=True))

    # Taking along

    def action_copy(self) -> None:
        """Copy it as a curl command."""
        self._begin(self._copy())

    async def _copy(self) -> None:
        whole = await self._selected()
        if whole is None:
            return
        command = await asyncio.to_thread(curl.write, whole.stored.delivery, self.session.target)
        if len(command) > CLIPBOARD:
            self.say(
                f"As curl it has {size_of(len(command))}: too much for a clipboard. x writes it to a file.", bad=True
            )
            return
        self.copy_to_clipboard(command)
        self.say(f"Copied as curl ({size_of(len(command))}), secrets and all.")

    def action_export(self) -> None:
        """Write it to a file."""
        self._begin(self._export())

    async def _export(self) -> None:
        whole = await self._selected()
        if whole is None:
            return
        stored = whole.stored
        name = f"{stored.delivery.identity.provider}-{stored.delivery.id}"
        chosen = await self.push_screen_wait(ExportDialog(name, self.session.memory.get("export_form") or ""))
        if chosen is None:
            return
        attempts = await self.reader(query.attempts, stored.delivery.id)
        form, url = WRITTEN[chosen.form], self.session.target
        made, hidden = await asyncio.to_thread(written, stored, attempts, form, url, secrets=chosen.secrets)
        await asyncio.to_thread(write_file, made, chosen.path)
        self.session.memory.set("export_form", chosen.form)
        self.say(f"Written: {chosen.path} ({size_of(len(made))}){', its secrets masked' if hidden else ''}.")

    def action_delete(self) -> None:
        """Delete it."""
        self._begin(self._delete())

    async def _delete(self) -> None:
        row = self.listing.window.selected
        if row is None:
            return
        delivery = row.delivery
        what = f"{name_of(delivery)}\n{visible(delivery.summary)}".strip()
        if await self.push_screen_wait(DeleteDialog(what)):
            await self.reader(query.delete, [delivery.id])
            await self.listing.catch_up()
            self.say("Deleted.")


def name_of(delivery: Delivery) -> str:
    """Which delivery, in a few words."""
    return visible(f"{delivery.identity.provider} {event_text(delivery.identity)}")
