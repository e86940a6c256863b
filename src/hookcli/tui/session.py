"""What one run of the interface works with: the store, the secrets that are known, and how things are sent."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from hookcli.signing.secrets import Secrets
from hookcli.tui.memory import Memory
from hookcli.wire import Manner

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

DEFAULT_TARGET = "http://127.0.0.1:8080"


class Listening(Protocol):
    """A listener that runs behind the interface."""

    urls: Sequence[str]

    @property
    def forward(self) -> str | None:
        """Where it passes deliveries on to."""

    @property
    def running(self) -> bool:
        """Whether it still takes deliveries, or finishes what is under way."""

    def notices(self) -> list[str]:
        """What it has told since the last call."""

    def end(self) -> None:
        """Let it take no more, and finish what is under way; returns at once."""


@dataclass(kw_only=True)
class Session:
    """One run. `secrets` grows by those that the person gives in it; they are kept nowhere else.

    `filter` is what stands in the filter's field at first. `to` is where replays go when the person has said so on the
    command line; else it is remembered.
    """

    store: Path
    secrets: Secrets = field(default_factory=Secrets)
    manner: Manner = field(default_factory=Manner)
    to: str | None = None
    reveal: bool = False
    filter: str = ""
    listening: Listening | None = None
    memory: Memory = field(default_factory=Memory)
    notices: list[str] = field(default_factory=list)

    @property
    def target(self) -> str:
        """Where a replay goes unless the person chooses otherwise."""
        forward = self.listening.forward if self.listening else None
        return self.to or forward or self.memory.get("replay_to") or DEFAULT_TARGET

    def sent_to(self, url: str) -> None:
        """Remember where a replay went."""
        self.to = url
        self.memory.set("replay_to", url)

    def learn(self, provider: str, secret: str) -> None:
        """Know a secret for a provider, before those that are known for it."""
        pair = (provider, secret)
        others = tuple(one for one in self.secrets.pairs if one != pair)
        self.secrets = replace(self.secrets, pairs=(pair, *others))
