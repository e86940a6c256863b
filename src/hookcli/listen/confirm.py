"""Confirming subscriptions: fetching the URL that a provider sends for it, after the delivery was answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hookcli import __version__
from hookcli.delivery import Headers, Message
from hookcli.listen.forward import Sender
from hookcli.providers.confirmation import asked
from hookcli.providers.registry import providers
from hookcli.reading import Reading
from hookcli.wire import Destination

if TYPE_CHECKING:
    from collections.abc import Callable

    from hookcli.delivery import Attempt, Delivery
    from hookcli.listen.guard import Guard
    from hookcli.store.writer import Writer
    from hookcli.wire import Manner

GET = Message(method="GET", headers=Headers([("User-Agent", f"hookcli/{__version__}"), ("Accept", "*/*")]))


class Confirmer(Sender):
    """Fetches what deliveries ask to have fetched; no redirect is followed. `doubt` says why a URL is left alone."""

    def __init__(  # noqa: PLR0913 (what it goes by, and who is told)
        self,
        guard: Guard,
        writer: Writer,
        told: Callable[[Delivery, Attempt], None],
        notice: Callable[[str], None],
        manner: Manner,
        doubt: Callable[[str, str], str | None],
    ) -> None:
        super().__init__(writer, told, notice, manner)
        self._guard = guard
        self._doubt = doubt

    def confirm(self, delivery: Delivery) -> None:
        """Fetch what this one asks for, unless there is a doubt; returns at once."""
        provider = providers()[delivery.identity.provider]
        url = asked(Reading(delivery), provider)
        if url is None or provider.confirmation is None:
            return
        why_not = self._refusal(delivery) or self._doubt(url, provider.confirmation.host)
        if why_not:
            self.notice(f"{provider.title} is not confirmed: {why_not}")
        else:
            self.send(delivery, GET, Destination.parse(url))

    def _refusal(self, delivery: Delivery) -> str | None:
        refusal = self._guard.refusal(delivery.remote, delivery.verdict)
        if refusal:
            return refusal.reason
        return "its signature is invalid" if delivery.verdict.state == "invalid" else None
