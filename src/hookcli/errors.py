"""What can go wrong, said to a person.

HookcliError        what happened and what to do about it
├── WrongInput      exit 2: what was asked for makes no sense (no such delivery, a file of no known form)
└── Environment     exit 3: the machine said no (port taken, store unreadable, tunnel refused)

Note                a warning: something to know that stops nothing (a plugin that can't be loaded)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable


class HookcliError(Exception):
    """An error with its remedy; the command line prints both and no traceback.

    `what` is one sentence on what happened; `fix` is what the person can do next, or empty.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, what: str, fix: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.fix = fix


class WrongInput(HookcliError):
    """What the person gave can't be used."""

    exit_code: ClassVar[int] = 2


class Environment(HookcliError):
    """The machine, the network or another program refused."""

    exit_code: ClassVar[int] = 3


class Note(UserWarning):
    """What a person should know and what stops nothing; the command line tells it on standard error."""


def did_you_mean(word: str, known: Iterable[str], *, least: float = 0.6) -> str:
    """`Did you mean X?` of the nearest known word, in any case; nothing where none is as alike as `least`."""
    from difflib import get_close_matches  # only a wrong word needs it

    by_word = {one.lower(): one for one in known}
    near = get_close_matches(word.lower(), by_word, n=1, cutoff=least)
    return f"Did you mean {by_word[near[0]]}?" if near else ""
