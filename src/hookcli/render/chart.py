"""A chart of bars over time, as wide as there is room and in eighths of a line high."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from rich.text import Text

from hookcli.units import STEPS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hookcli.store.stats import Bucket

HEIGHT = 6
WIDEST_BAR = 6
SEPARATED = 3
"""Columns of a bar from which an empty one stands between two."""

ALL, BAD = "cyan", "red"
_EIGHTHS = " ▁▂▃▄▅▆▇█"
_FULL = len(_EIGHTHS) - 1
_AXIS = 3
"""Columns between the number and the first bar."""


def room_for_bars(width: int) -> int:
    """How many bars fit into so many columns, whatever their number's length."""
    return max(10, width - len("1,000,000") - _AXIS)


def chart(buckets: Sequence[Bucket], step: timedelta, width: int, *, colored: bool = True) -> Iterator[Text]:
    """The bars, with the times below; `colored` shows those of an invalid signature at the foot of each."""
    most = max(bucket.count for bucket in buckets)
    label = f"{most:,}"
    bar = max(1, min(WIDEST_BAR, (width - len(label) - _AXIS) // len(buckets)))
    gap = int(bar >= SEPARATED)
    heights = [(_eighths(bucket.count, most), _eighths(bucket.invalid, most) if colored else 0) for bucket in buckets]
    for row in reversed(range(HEIGHT)):
        text = label if row == HEIGHT - 1 else "0" if row == 0 else ""
        line = Text(no_wrap=True).append(f"{text:>{len(label)}} ┤" if text else f"{'':>{len(label)}} │", "dim")
        for (sign, style), same in groupby(_cell(_part(high, row), _part(bad, row)) for high, bad in heights):
            many = sum(1 for _ in same)
            if gap:
                for _ in range(many):
                    line.append(sign * (bar - gap), style).append(" " * gap)
            else:
                line.append(sign * bar * many, style)
        yield line
    ticks = _ticks(buckets, step, bar)
    axis = "".join("┬" if place in ticks else "─" for place in range(len(buckets) * bar))
    yield Text(f"{'':>{len(label)}} └{axis}", "dim", no_wrap=True)
    times = ""
    for place, text in ticks.items():
        times = f"{times:<{place}}{text}"
    yield Text(f"{'':>{len(label)}}  {times}", "dim", no_wrap=True)


def _eighths(count: int, most: int) -> int:
    """How high a bar is, never so low that it can't be seen."""
    return max(int(count > 0), round(count / most * HEIGHT * _FULL)) if most else 0


def _part(height: int, row: int) -> int:
    return max(0, min(_FULL, height - row * _FULL))


def _cell(high: int, bad: int) -> tuple[str, str]:
    if high == _FULL and 0 < bad < _FULL:
        return _EIGHTHS[bad], f"{BAD} on {ALL}"
    return _EIGHTHS[high], BAD if bad * 2 >= high > 0 else ALL


def _ticks(buckets: Sequence[Bucket], step: timedelta, bar: int) -> dict[int, str]:
    """Columns and times of the bars that are labelled: those at round times, as many as there is room for."""
    form = "%Y-%m-%d" if step >= timedelta(days=1) else "%H:%M" if step >= timedelta(minutes=1) else "%H:%M:%S"
    length = len(buckets[0].start.strftime(form)) + 2
    apart = next((one for one in STEPS if one % step == timedelta() and one // step * bar >= length), STEPS[-1])
    if timedelta(days=1) <= apart and step < timedelta(days=1):
        form = "%m-%d"
    local = [bucket.start.astimezone() for bucket in buckets]
    epoch = datetime(1970, 1, 1)  # noqa: DTZ001 (held against local times)
    round_ones = [number for number, at in enumerate(local) if (at.replace(tzinfo=None) - epoch) % apart < step]
    end = len(buckets) * bar
    places = {number * bar: local[number].strftime(form) for number in round_ones or [0]}
    return {place: text for place, text in places.items() if place + len(text) <= end or place == 0}
