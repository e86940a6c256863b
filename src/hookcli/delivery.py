"""The record: an HTTP message as it came in, and what was found out about it.

Bytes stay bytes until someone looks at them: header pairs and the body are kept as they were on the wire. The text
views decode UTF-8 with `surrogateescape`, so that any byte survives the way there and back.
"""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, overload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

VerdictState = Literal["valid", "invalid", "unsigned", "no secret", "stale"]


def to_text(data: bytes) -> str:
    """Wire bytes as text; undecodable bytes become lone surrogates that `to_wire` turns back."""
    return data.decode("utf-8", "surrogateescape")


def to_wire(text: str) -> bytes:
    """Text as wire bytes: the inverse of `to_text`."""
    return text.encode("utf-8", "surrogateescape")


def to_unicode(text: str) -> str:
    """The text without lone surrogates (undecodable bytes, broken JSON escapes), as UTF-8 proper can hold it."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


class Headers:
    """Header pairs in their order, with case and duplicates kept; look-ups ignore case."""

    __slots__ = ("_first", "raw")

    def __init__(self, pairs: Iterable[tuple[str, str] | tuple[bytes, bytes]] = ()) -> None:
        self.raw: tuple[tuple[bytes, bytes], ...] = tuple(
            (
                name if isinstance(name, bytes) else to_wire(name),
                value if isinstance(value, bytes) else to_wire(value),
            )
            for name, value in pairs
        )
        self._first: dict[str, str] | None = None

    def _index(self) -> dict[str, str]:
        if self._first is None:
            first: dict[str, str] = {}
            for name, value in self.raw:
                first.setdefault(to_text(name).lower(), to_text(value))
            self._first = first
        return self._first

    @overload
    def get(self, name: str) -> str | None: ...
    @overload
    def get(self, name: str, default: str) -> str: ...
    def get(self, name: str, default: str | None = None) -> str | None:
        """The first value of a header, or `default` where there is none."""
        return self._index().get(name.lower(), default)

    def get_all(self, name: str) -> list[str]:
        """Every value of a header, in order."""
        wanted = name.lower()
        return [value for key, value in self if key.lower() == wanted]

    def names(self) -> Iterable[str]:
        """The distinct names in lower case."""
        return self._index().keys()

    def with_header(self, name: str, value: str | None) -> Headers:
        """A copy with this header set once, in the place of the first of its name, or dropped where value is None."""
        wanted = name.lower()
        pairs: list[tuple[str, str]] = []
        placed = value is None
        for key, old in self:
            if key.lower() != wanted:
                pairs.append((key, old))
            elif not placed and value is not None:
                pairs.append((name, value))
                placed = True
        if not placed and value is not None:
            pairs.append((name, value))
        return Headers(pairs)

    def without(self, names: Iterable[str]) -> Headers:
        """A copy without the headers of these names."""
        dropped = {name.lower() for name in names}
        return Headers((n, v) for n, v in self.raw if to_text(n).lower() not in dropped)

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._index()

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return ((to_text(name), to_text(value)) for name, value in self.raw)

    def __len__(self) -> int:
        return len(self.raw)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Headers) and self.raw == other.raw

    def __hash__(self) -> int:
        return hash(self.raw)

    def __repr__(self) -> str:
        return f"Headers({list(self)!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """An HTTP request as it is on the wire: what a fixture holds and a replay sends.

    `target` is the request target as sent (path and query, never decoded); `body` is without transfer coding.
    """

    method: str = "POST"
    target: str = "/"
    http_version: str = "1.1"
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who sent it and what it is about; `carries` is the identity of a delivery inside an envelope."""

    provider: str = "unknown"
    event: str | None = None
    action: str | None = None
    delivery_id: str | None = None
    attempt: int | None = None
    hook_id: str | None = None
    is_ping: bool = False
    carries: Identity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What checking the signature said: by which scheme, in which header, and a sentence of detail."""

    state: VerdictState = "unsigned"
    scheme: str | None = None
    header: str | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery(Message):
    """A message that arrived: `received_at` is UTC to the microsecond, `remote` the sender's address."""

    id: str
    received_at: datetime
    remote: str = ""
    identity: Identity = Identity()
    verdict: Verdict = Verdict()
    summary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One sending of a delivery: by forwarding or by replay; `elapsed` in seconds, `status` None where it failed."""

    kind: Literal["forward", "replay"]
    url: str
    started_at: datetime
    elapsed: float
    status: int | None = None
    error: str | None = None
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""


_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = tuple(left + right for left in _CROCKFORD for right in _CROCKFORD)


class UlidMaker:
    """Makes ULIDs (48 bits of milliseconds, 80 random ones) that sort in the order they were made.

    Source: the ULID specification (ulid/spec), canonical form and monotonicity.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.time,
        random: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._clock = clock
        self._random = random
        self._last = 0
        self._lock = threading.Lock()

    def __call__(self) -> str:
        """A new identifier, greater than every earlier one of this maker even if the clock steps back."""
        fresh = int(self._clock() * 1000) << 80 | int.from_bytes(self._random(10), "big")
        with self._lock:
            if fresh >> 80 <= self._last >> 80:
                fresh = self._last + 1
            self._last = fresh
        return "".join([_PAIRS[fresh >> shift & 1023] for shift in range(120, -1, -10)])
