"""What is given away of a delivery: its tokens and passwords masked, unless the person wants it as it came."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from hookcli.delivery import Message
from hookcli.formats.form import Kept
from hookcli.mask import Masked, masked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hookcli.delivery import Attempt
    from hookcli.formats.form import Form
    from hookcli.store.rows import Stored


class Given(NamedTuple):
    """A delivery as it is given away, and what was masked of it and of what was answered to it."""

    kept: Kept
    hidden: Masked = Masked()
    answer_hidden: bool = False

    @property
    def places(self) -> Iterator[str]:
        """What was masked: headers by their names, and which parts."""
        yield from self.hidden.headers
        if self.hidden.query:
            yield "the query"
        if self.hidden.body:
            yield "the body"
        if self.answer_hidden:
            yield "the answer"


def given(stored: Stored, attempts: Sequence[Attempt], form: Form, *, reveal: bool) -> Given:
    """A stored delivery, and where it was sent, to be written in this form."""
    kept = Kept(
        delivery=stored.delivery,
        status=stored.status,
        answer=None if stored.status is None else stored.answer,
        repeats=stored.repeats,
        attempts=attempts,
    )
    return Given(kept) if reveal else _masked(kept, form)


def _masked(kept: Kept, form: Form) -> Given:
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
