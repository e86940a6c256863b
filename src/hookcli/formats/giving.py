"""A delivery as it is given away: with what was masked of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from hookcli.delivery import Message
from hookcli.formats.form import Kept
from hookcli.mask import Masked, masked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hookcli.delivery import Attempt
    from hookcli.formats.form import Form
    from hookcli.store.rows import Stored


class Given(NamedTuple):
    """A delivery as it is given away, and what was masked of it and of what was answered to it."""

    kept: Kept
    hidden: Masked = Masked()
    answer_hidden: bool = False


def kept_of(stored: Stored, attempts: Sequence[Attempt]) -> Kept:
    """A delivery of the store, and where it was sent, as it is written."""
    return Kept(
        delivery=stored.delivery,
        status=stored.status,
        answer=None if stored.status is None else stored.answer,
        repeats=stored.repeats,
        attempts=attempts,
    )


def without_secrets(kept: Kept, form: Form) -> Given:
    """The delivery with its secrets masked, and the answers' where the form tells of these."""
    delivery, hidden = masked(kept.delivery, kept.delivery.identity.provider)
    if form.body_alone:
        hidden = Masked(body=hidden.body)
    if not form.answers:
        return Given(replace(kept, delivery=delivery), hidden)
    answers = [masked(Message(headers=made.headers, body=made.body), "unknown") for made in kept.attempts]
    attempts = [
        replace(made, headers=answer.headers, body=answer.body)
        for made, (answer, _) in zip(kept.attempts, answers, strict=True)
    ]
    return Given(replace(kept, delivery=delivery, attempts=attempts), hidden, any(where for _, where in answers))
