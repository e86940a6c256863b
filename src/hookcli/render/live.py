"""Showing deliveries as they come, from a thread of its own: a terminal that stands still holds up no delivery."""

from __future__ import annotations

import threading
import time
from collections import Counter
from datetime import UTC, datetime
from queue import SimpleQueue
from typing import TYPE_CHECKING, Literal

from rich.text import Text

from hookcli.formats import record
from hookcli.mask import mask_for
from hookcli.render.delivery import attempt_line, callback_hint, delivery_line, facts, full, message_head
from hookcli.render.escape import visible
from hookcli.render.terminal import stdout_is_gone

if TYPE_CHECKING:
    from collections.abc import Callable

    from hookcli.delivery import Attempt, Delivery
    from hookcli.render.terminal import Terminal
    from hookcli.signing.explain import Explanation
    from hookcli.store.rows import Stored

BREATH = 0.02
"""Seconds between two looks for what to show: too short to see."""

EXPLAINED_AT_ONCE = 10
"""Deliveries that may wait to be shown while one is explained: under load the verdict has to do."""

Style = Literal["line", "headers", "full", "none"]


class LiveView:
    """Shows what a listener does: deliveries on `out`, everything else on `notes`."""

    def __init__(  # noqa: PLR0913 (two streams, and what goes where)
        self,
        out: Terminal,
        notes: Terminal,
        style: Style,
        *,
        as_json: bool = False,
        reader_left: Callable[[], None],
        explain: Callable[[Delivery], Explanation],
    ) -> None:
        self.came: Counter[str] = Counter()
        self.verdicts: Counter[str] = Counter()
        self._out = out
        self._notes = notes
        self._style = style
        self._as_json = as_json
        self._reader_left = reader_left
        self._explain = explain
        self._hinted: set[str] = set()
        self._waiting: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="hookcli-view", daemon=True)
        self._thread.start()

    def arrived(self, stored: Stored) -> None:
        """Show a delivery."""
        self.came[stored.delivery.identity.provider] += 1
        self.verdicts[stored.delivery.verdict.state] += 1
        if self._as_json or self._style != "none":
            self._waiting.put(lambda: self._show(stored))

    def forwarded(self, delivery: Delivery, attempt: Attempt) -> None:  # noqa: ARG002 (the listener's view)
        """Show where a delivery went."""
        if self._as_json:
            if attempt.error:
                url = mask_for("unknown").target(attempt.url)
                self.notice(f"forwarding to {url}: {attempt.error}")
        elif self._style != "none":
            self._waiting.put(lambda: self._out.line(attempt_line(attempt)))

    def notice(self, text: str) -> None:
        """Show what was not taken, or did not work."""
        self._waiting.put(lambda: self._notes.line(Text(f"! {visible(text)}", "yellow")))

    def close(self) -> None:
        """Show what is still waiting."""
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        try:
            while (job := self._waiting.get()) is not None:
                job()
                if self._waiting.empty():
                    self._out.flush()
                    self._notes.flush()
                    # Under load, many lines at once: waking for each would slow the taking down.
                    time.sleep(BREATH)
        except BrokenPipeError:
            stdout_is_gone()
            self._reader_left()
        except OSError:
            # The terminal is gone; deliveries are still taken and stored.
            return

    def _show(self, stored: Stored) -> None:
        delivery = stored.delivery
        if self._as_json:
            self._out.write(record.stored_line(stored) + "\n")
            return
        if self._style == "line":
            when = delivery.received_at.astimezone().strftime("%H:%M:%S")
            self._out.line(delivery_line(stored, when, width=self._out.width))
        else:
            now = datetime.now(UTC)
            if self._style == "full":
                lines = full(stored, now)
            else:
                lines = (
                    line
                    for part in (facts(stored, now), message_head(delivery, delivery.identity.provider))
                    for line in part
                )
            for line in lines:
                self._out.line(line)
        if delivery.verdict.state == "invalid" and self._waiting.qsize() < EXPLAINED_AT_ONCE:
            found = self._explain(delivery)
            if found.mistakes:
                self._out.line(Text().append("  ↳ ", "dim").append(f"{visible(found.sentence)}"))
        if self._style != "line":
            self._out.line(Text())
        elif delivery.identity.provider not in self._hinted and (hint := callback_hint(delivery)):
            # Once for each provider: who has read it need not read it again.
            self._hinted.add(delivery.identity.provider)
            self._out.line(Text().append("  ↳ ", "dim").append_text(hint))
