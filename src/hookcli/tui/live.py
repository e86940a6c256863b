"""The interface over a listener: that one runs in a thread of its own, so that nothing on the screen holds it up.

Deliveries reach the screen by the store alone; of the listener itself come its notices.
"""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from hookcli.mask import mask_for
from hookcli.render.delivery import event_text, outcome_text
from hookcli.replay import good

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence
    from typing import Any

    from hookcli.delivery import Attempt, Delivery
    from hookcli.store.rows import Stored


class Behind:
    """A listener behind the interface; it is its view, too. `urls` are where it listens, `forward` where it sends on.

    `came` and `verdicts` count what it has shown.
    """

    def __init__(self, urls: Sequence[str], forward: str | None) -> None:
        self.urls = urls
        self.forward = forward
        self.came: Counter[str] = Counter()
        self.verdicts: Counter[str] = Counter()
        self._told: SimpleQueue[str] = SimpleQueue()
        self._begun = threading.Event()
        self._end: Callable[[], object] = lambda: None
        self._thread: threading.Thread | None = None
        self._received = 0
        self._error: BaseException | None = None

    # As the listener's view

    def arrived(self, stored: Stored) -> None:
        """Count a delivery."""
        self.came[stored.delivery.identity.provider] += 1
        self.verdicts[stored.delivery.verdict.state] += 1

    def forwarded(self, delivery: Delivery, attempt: Attempt) -> None:
        """Tell of a delivery that could not be passed on, or was not taken there."""
        if not good(attempt):
            what = f"{delivery.identity.provider} {event_text(delivery.identity)}"
            url = mask_for("unknown").target(attempt.url)
            self.notice(f"forwarding {what} to {url}: {outcome_text(attempt).plain}")

    def notice(self, text: str) -> None:
        """Tell of something that was not taken, or did not work."""
        self._told.put(text)

    # As the interface sees it

    def notices(self) -> list[str]:
        """What was told since the last call."""
        found: list[str] = []
        while True:
            try:
                found.append(self._told.get_nowait())
            except Empty:
                return found

    @property
    def running(self) -> bool:
        """Whether it takes deliveries, or finishes what is under way."""
        return self._thread is not None and self._thread.is_alive()

    def end(self) -> None:
        """Let it take no more."""
        # Where it has ended by itself, its loop is closed.
        with suppress(RuntimeError):
            self._end()

    # Its life

    def begin(self, listener: Callable[[], Coroutine[Any, Any, int]]) -> None:
        """Run a listener in a thread, and wait until it takes deliveries or has failed to."""
        self._thread = threading.Thread(target=self._run, args=[listener], name="hookcli-listener", daemon=True)
        self._thread.start()
        self._begun.wait()

    def ready(self) -> None:
        """Deliveries are taken now."""
        self._begun.set()

    def ending(self, end: Callable[[], object]) -> None:
        """Keep the call that ends the listener."""
        self._end = end

    def finished(self) -> int:
        """End it, wait for that, and say how many deliveries came. Raises what the listener ended with."""
        self.end()
        if self._thread:
            self._thread.join()
        if self._error:
            raise self._error
        return self._received

    def _run(self, listener: Callable[[], Coroutine[Any, Any, int]]) -> None:
        try:
            self._received = asyncio.run(listener())
        except BaseException as error:  # noqa: BLE001 (it belongs to whoever waits for the end)
            self._error = error
        finally:
            self._begun.set()
