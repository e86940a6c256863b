"""Sizes, times and durations as people read and write them."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from hookcli.errors import WrongInput

_KILO = 1000
_UNITS = {"": 1, "b": 1, "k": 1024, "m": 1024**2, "g": 1024**3}
_SPANS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
_SECONDS = {"": 1.0, "ms": 0.001, **_SPANS}
_PART = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|[smhdw]|)", re.ASCII)
_SPAN = re.compile(r"\d+(?:\.\d+)?|(?:\d+(?:\.\d+)?\s*(?:ms|[smhdw])\s*)+", re.ASCII)

STEPS = tuple(
    timedelta(seconds=count * _SPANS[unit])
    for unit, counts in {
        "s": (1, 5, 10, 30),
        "m": (1, 5, 10, 30),
        "h": (1, 2, 3, 6, 12),
        "d": (1, 2, 7, 14, 28, 91, 182, 364, 728, 3640, 36400),
    }.items()
    for count in counts
)
"""Into what times are divided when they are counted or drawn."""


def size_of(count: int) -> str:
    """Bytes as `812 B`, `7.1 kB`, `25.0 MB`, `812 MB`."""
    number = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if round(number) < _KILO or unit == "GB":
            break
        number /= _KILO
    return f"{count} B" if unit == "B" else f"{number:.0f} {unit}" if number >= 100 else f"{number:.1f} {unit}"  # noqa: PLR2004


def parse_size(text: str) -> int:
    """Bytes of `25MiB`, `512k`, `1000`: units are powers of 1024. Raises WrongInput."""
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([kmg]?)(?:i?b)?\s*", text, re.IGNORECASE)
    if match is None:
        what = f"{text!r} is no size."
        raise WrongInput(what, "Write it like 512k, 25MiB or 1000000.")
    try:
        return int(float(match[1]) * _UNITS[match[2].lower()])
    except OverflowError as error:
        what = f"{text!r} is too large a size."
        raise WrongInput(what) from error


def parse_span(text: str) -> timedelta:
    """A span like `90`, `30s`, `2h`, `7d`, `1h30m`: bare numbers are seconds. Raises WrongInput."""
    if not _SPAN.fullmatch(text.lower().strip()):
        what = f"{text!r} is no span of time."
        raise WrongInput(what, "Write it like 30s, 15m, 2h or 7d.")
    try:
        return timedelta(seconds=sum(float(number) * _SECONDS[unit] for number, unit in _PART.findall(text.lower())))
    except OverflowError as error:
        what = f"{text!r} is too long a time."
        raise WrongInput(what) from error


def parse_moment(text: str, now: datetime) -> datetime:
    """A moment: a span before now (`2h`), or a date and time in ISO 8601, local where it names no zone.

    Raises WrongInput.
    """
    with suppress(ValueError, OverflowError):
        return datetime.fromisoformat(text).astimezone(UTC)
    try:
        return now - parse_span(text)
    except (WrongInput, OverflowError):
        what = f"{text!r} is no time."
        raise WrongInput(what, "Write it like 2h, 7d or 2026-01-31T12:00.") from None


def ago(moment: datetime, now: datetime) -> str:
    """How long ago, under a day; else local date and time."""
    seconds = (now - moment).total_seconds()
    if 0 <= seconds < _SPANS["d"]:
        if seconds < 1:
            return "just now"
        for unit, word in (("h", "h"), ("m", "min"), ("s", "s")):
            if seconds >= _SPANS[unit]:
                return f"{seconds // _SPANS[unit]:.0f} {word} ago"
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")


def span_of(seconds: float) -> str:
    """A span of time in its largest unit: `400 ms`, `12 s`, `3 min`, `2 h`, `5 d`."""
    for unit, word in (("d", "d"), ("h", "h"), ("m", "min"), ("s", "s")):
        if seconds >= _SPANS[unit]:
            return f"{seconds // _SPANS[unit]:.0f} {word}"
    return duration(seconds)


def duration(seconds: float) -> str:
    """A duration as `12 ms` or `3.4 s`."""
    return f"{seconds * _KILO:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def step_text(step: timedelta) -> str:
    """A round time as `30 s`, `5 min`, `3 h` or `7 d`."""
    seconds = step.total_seconds()
    unit = next((one for one in ("d", "h", "m") if seconds % _SPANS[one] == 0), "s")
    return f"{seconds / _SPANS[unit]:g} {'min' if unit == 'm' else unit}"
