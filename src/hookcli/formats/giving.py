"""A delivery as it is given away: with what was masked of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from hookcli.delivery import Message
from hookcli.mask import Masked, masked

if TYPE_CHECKING:
    from hookcli.formats.form import Form, Kept


class Given(NamedTuple):
    """A delivery as it is given away, and what was masked of it and of what was answered to it."""

    kept: Kept
    hidden: Masked = Masked()
    answer_hidden: bool = False


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
