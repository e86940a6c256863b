"""What a form is: a way to write deliveries down for other programs, or to read them as those write them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from hookcli.delivery import Headers, Message, to_wire
from hookcli.errors import WrongInput
from hookcli.formats.record import is_header, is_target, is_token
from hookcli.reading import parse_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from hookcli.delivery import Attempt, Delivery


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


def framed(method: str, target: str, pairs: Iterable[tuple[str, str]], body: bytes) -> Message:
    """A message from another program's account of it: what can't stand in one is left out, its length is told anew.

    Left out are HTTP/2's pseudo-headers and how the body was transferred. Raises ValueError where the method or the
    target can't stand in a request line.
    """
    if not is_token(method) or not is_target(target):
        what = f"{method!r} {target!r} is no request line"
        raise ValueError(what)
    headers = Headers((to_wire(name), to_wire(value)) for name, value in pairs if is_header(name, value))
    headers = headers.without(["transfer-encoding"])
    if body or "content-length" in headers:
        name = next((name for name, _ in headers if name.lower() == "content-length"), "Content-Length")
        headers = headers.with_header(name, str(len(body)))
    return Message(method=method, target=target, headers=headers, body=body)


def body_of(value: Any, content_type: str) -> bytes:  # noqa: ANN401 (JSON)
    """The body of which another program kept what it parsed: a form's fields again as a form, else compact JSON.

    These are the sender's own bytes where it writes JSON as compactly; a signature tells.
    """
    if value is None:
        return b""
    if isinstance(value, str):
        return to_wire(value)
    if content_type.lower().startswith("application/x-www-form-urlencoded") and isinstance(value, dict):
        fields = {
            name: one if isinstance(one, str | list) else json.dumps(one, separators=(",", ":"), ensure_ascii=False)
            for name, one in value.items()
        }
        return urlencode(fields, doseq=True).encode()
    return to_wire(json.dumps(value, separators=(",", ":"), ensure_ascii=False))


def header_pairs(headers: dict[str, Any]) -> list[tuple[str, str]]:
    """The headers of which another program kept values, or lists of values, by name."""
    return [
        (name, one if isinstance(one, str) else json.dumps(one))
        for name, many in headers.items()
        for one in (many if isinstance(many, list) else [many])
        if one is not None
    ]


def header_of(headers: dict[str, Any], name: str) -> str:
    """The first value of a header; empty where there is none."""
    return next((value for key, value in header_pairs(headers) if key.lower() == name), "")


def target_of(url: object) -> str:
    """The path and query of a URL; `/` where there is none."""
    path = re.sub(r"^[^:/?#]+://[^/?#]*", "", url).partition("#")[0] if isinstance(url, str) else ""
    return path if path.startswith("/") else f"/{path}"


def moment_of(value: object) -> datetime | None:
    """A moment as other programs tell it: RFC 3339, UTC where it names no zone, or milliseconds since 1970."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / 1000, UTC)
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except (ValueError, OverflowError, OSError):
        return None
    if moment is None:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
