"""What a signature scheme is, whatever it is made of, and which schemes stand for one another.

A scheme says where its claim stands (`at`), which bytes it speaks for and how it is written. Schemes that may stand in
one place, or stand for one another, are alternatives: they share a `group`, which is the place unless told otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Protocol

from hookcli.reading import place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from hookcli.delivery import Message
    from hookcli.reading import Reading
    from hookcli.signing.template import SigningFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one scheme said of one secret: whether the claim holds, when it was made, and what there is to add."""

    holds: bool
    signed_at: datetime | None = None
    detail: str = ""


class Scheme(Protocol):
    """What every primitive can do."""

    @property
    def name(self) -> str:
        """A short word for verdicts and `--scheme`."""

    @property
    def kind(self) -> str:
        """What it is, for a person."""

    @property
    def at(self) -> str:
        """The place of the claim."""

    @property
    def group(self) -> str:
        """What it is an alternative within; empty for its place alone."""

    @property
    def default(self) -> bool:
        """Whether `sign` makes it without being asked for it by name."""

    @property
    def covers_body(self) -> bool:
        """Whether a changed body breaks it."""

    @property
    def tolerance(self) -> float | None:
        """Seconds for which a claim is good; None for ever."""

    def key(self, secret: str) -> bytes | None:
        """The secret as key; None where it is not of this scheme's form."""

    def claim(self, reading: Reading) -> str | None:
        """What the message claims; None where it claims nothing."""

    def check(self, claim: str, reading: Reading, key: bytes, facts: SigningFacts) -> Outcome | None:
        """Whether the claim holds under this key; None where the message lacks what it would speak for."""

    def sign(self, message: Message, key: bytes, facts: SigningFacts) -> Message:
        """The message with this scheme's claim in its place."""


def where_it_stands(at: str) -> str:
    """A place as a person names it: the header's name, `?key` for the query, `body.password` for the body."""
    where = place(at)
    return {"header": where.name, "query": f"?{where.name}"}.get(where.kind, f"{where.kind}.{where.name}")


def group_of(scheme: Scheme) -> str:
    """What the scheme is an alternative within."""
    return scheme.group or scheme.at.lower()


def claimed(reading: Reading, schemes: Iterable[Scheme]) -> Iterator[list[tuple[Scheme, str]]]:
    """What the message claims, each with its scheme: the alternatives of one group together, the strongest first."""
    for _, group in groupby(schemes, key=group_of):
        present = [(scheme, claim) for scheme in group if (claim := scheme.claim(reading)) is not None]
        if present:
            yield present
