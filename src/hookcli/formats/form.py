"""What a form is: a way to write deliveries down for other programs, or to read them as those write them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from hookcli.errors import WrongInput
from hookcli.reading import parse_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from hookcli.delivery import Attempt, Delivery, Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A delivery to write, with what was answered and how, the one that it repeats, and where it was sent on."""

    delivery: Delivery
    status: int | None = None
    answer: str | None = None
    repeats: str | None = None
    attempts: Sequence[Attempt] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A message that was read: a Delivery where the form holds all of one; else its id here, its time and its sender.

    `status` is what was answered to it. None of these is known of a file that does not tell.
    """

    message: Message
    id: str | None = None
    received_at: datetime | None = None
    remote: str = ""
    status: int | None = None


def _no_other_file(name: str) -> bytes:
    what = f"{name} is another file, and none can be read here."
    raise WrongInput(what)


class File:
    """The bytes to read; `name` is what messages call it, `fetch` reads a file that these bytes name."""

    def __init__(self, data: bytes, name: str = "the file", fetch: Callable[[str], bytes] = _no_other_file) -> None:
        self.data = data
        self.name = name
        self.fetch = fetch

    @cached_property
    def values(self) -> list[Any]:
        """The JSON value of the file, or those of its lines; none where it is neither."""
        whole = parse_json(self.data)
        if whole is not None:
            return [whole]
        try:
            # Lines end in LF alone: JSON may hold the other line ends that splitlines knows, such as U+2028.
            return [json.loads(line) for line in self.data.decode("utf-8-sig").split("\n") if line.strip()]
        except (ValueError, RecursionError):
            return []

    @cached_property
    def items(self) -> list[Any]:
        """The same, a single list opened."""
        return self.values[0] if len(self.values) == 1 and isinstance(self.values[0], list) else self.values


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One form.

    id, title   the word for it on the command line, and what it is
    suffixes    how its files end; the first is what an export is called
    several     whether one file holds many deliveries; else each goes into a file of its own
    answers     whether it tells what was answered, headers and body
    body_alone  whether of the request nothing but the body is in it
    write       deliveries (one, unless `several`) as bytes
    of_message  instead of that: any message and the URL that a command sends it to, as bytes
    alters      what the program that a command is for does otherwise with this message, each a sentence
    recognise   whether a file is of this form
    read        the messages in it; what it raises besides WrongInput means that a field is not right
    payload     whether such a file may as well be a provider's payload: where the provider is named, it is
    """

    id: str
    title: str
    suffixes: tuple[str, ...]
    several: bool = False
    answers: bool = False
    body_alone: bool = False
    write: Callable[[Sequence[Kept]], bytes] | None = None
    of_message: Callable[[Message, str], bytes] | None = None
    alters: Callable[[Message, str], Iterable[str]] | None = None
    recognise: Callable[[File], bool] | None = None
    read: Callable[[File], list[Found]] | None = None
    payload: bool = False

    @property
    def is_written(self) -> bool:
        """Whether deliveries can be written so."""
        return self.write is not None or self.of_message is not None

    def written(self, kept: Sequence[Kept], url: str) -> bytes:
        """Deliveries in this form: one, unless it holds several. Raises WrongInput for a form that is only read."""
        if self.write is not None:
            return self.write(kept)
        if self.of_message is not None:
            return self.of_message(kept[0].delivery, url)
        what = f"{self.id} is read, not written."
        raise WrongInput(what)
