"""A store in numbers: when deliveries came, from whom, how they were judged and answered, and how sending them went."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from hookcli.delivery import Identity
from hookcli.mask import mask_for
from hookcli.render.chart import chart, room_for_bars
from hookcli.render.delivery import SIGNS, WIDE_FROM, accent, event_text
from hookcli.render.escape import visible
from hookcli.units import duration, size_of, step_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hookcli.store.stats import EventCount, Sent, Statistics

TOP = 10
"""Rows of a table; what is beyond is told as a number."""

PLAIN_BARS = 24
"""Lines of the list that stands for the chart in a pipe."""

NARROWEST = 60
"""Columns from which tables stand beside each other."""

_ANSWER_STYLES = {"2xx": "green", "4xx": "yellow", "5xx": "bold red"}
_BAR = 8
"""Columns of the bar that shows a share."""

_GAP = 3
_TARGET = 60
"""Columns of a target where there is no terminal to tell."""

Row = tuple[Text, int]


def bars_for(width: int | None) -> int:
    """How many bars there is room for."""
    return PLAIN_BARS if width is None else room_for_bars(width)


def statistics_lines(found: Statistics, width: int | None, *, colored: bool = True) -> Iterator[Text]:
    """All of it, in as many columns as there are; `width` is None in a pipe, where the chart is a list."""
    yield _title(found)
    yield Text()
    if width is None:
        yield from _listed(found)
    else:
        foot = ("  █", "red"), (" invalid or stale", "dim")
        bad = any(bucket.invalid for bucket in found.buckets)
        yield Text.assemble((f"per {step_text(found.step)}", "bold"), *(foot if bad and colored else ()))
        yield from chart(found.buckets, found.step, width, colored=colored)
    yield Text()
    providers = _table("providers", [(_provider(name), n) for name, n in found.providers().items()], found.count)
    events = _table("events", [(_event(one), one.count) for one in found.events], found.count)
    verdicts = _table("verdicts", [(_verdict(name), n) for name, n in found.verdicts.items()], found.count)
    answers = _table("answers", [(_answer(name), n) for name, n in found.answers.items()], found.count)
    yield from _laid_out(providers, events, verdicts, answers, width)
    yield Text()
    if found.sizes:
        sizes = found.sizes
        yield Text("sizes", "bold")
        line = Text(f"median {size_of(int(sizes.median))}, 95 % up to {size_of(int(sizes.p95))}, largest ")
        yield line.append(f"{size_of(int(sizes.largest))}, {size_of(found.total)} in all")
    yield from _sent(found.sent, width)


def _title(found: Statistics) -> Text:
    line = Text().append(f"{found.count:,} {'delivery' if found.count == 1 else 'deliveries'}", "bold")
    if found.first and found.last:
        first, last = (at.astimezone().strftime("%Y-%m-%d %H:%M") for at in (found.first, found.last))
        line.append(f"  {first}" + (f" to {last}" if last != first else ""), "dim")
    most = max(bucket.count for bucket in found.buckets)
    return line.append(f", {most:,} in {step_text(found.step)} at most", "dim")


def _listed(found: Statistics) -> Iterator[Text]:
    width = len(f"{max(bucket.count for bucket in found.buckets):,}")
    for bucket in found.buckets:
        bad = f"  {bucket.invalid:,} invalid" if bucket.invalid else ""
        yield Text(f"{bucket.start.astimezone():%Y-%m-%d %H:%M:%S}  {bucket.count:>{width},}{bad}")


def _provider(name: str) -> Text:
    return Text.assemble((visible(name), f"bold {accent(name)}"))


def _event(one: EventCount) -> Text:
    name = event_text(Identity(event=one.event, action=one.action))
    return Text.assemble((visible(one.provider), accent(one.provider)), " ", (visible(name), "bold"))


def _verdict(state: str) -> Text:
    sign, style = SIGNS[state]
    return Text.assemble((f"{sign} {state}", style))


def _answer(name: str) -> Text:
    return Text.assemble((name, _ANSWER_STYLES.get(name, "default")))


def _table(title: str, rows: Sequence[Row], total: int) -> list[Text]:
    """A line a row: what, how many, and the share of the total."""
    shown = [*rows[:TOP]]
    if len(rows) > TOP:
        shown.append((Text.assemble((f"{len(rows) - TOP:,} more", "dim")), sum(count for _, count in rows[TOP:])))
    widest = max(name.cell_len for name, _ in shown)
    number = max(len(f"{count:,}") for _, count in shown)
    lines = [Text.assemble((title, "bold"))]
    for name, count in shown:
        line = name.copy()
        line.append(" " * (widest - name.cell_len) + f"  {count:>{number},}")
        line.append(f" {_percent(count, total):>5}  ", "dim").append(_share(count, total), "cyan")
        lines.append(line)
    return lines


def _percent(count: int, total: int) -> str:
    share = 100 * count / total
    return "< 1 %" if share < 1 else f"{share:.0f} %"


def _share(count: int, total: int) -> str:
    eighths = round(count / total * _BAR * 8)
    return ("█" * (eighths // 8) + " ▏▎▍▌▋▊▉"[eighths % 8]).rstrip()


def _laid_out(
    providers: list[Text], events: list[Text], verdicts: list[Text], answers: list[Text], width: int | None
) -> Iterator[Text]:
    if width is None or width < NARROWEST:
        yield from (*providers, Text(), *events, Text(), *verdicts, Text(), *answers)
    elif width < WIDE_FROM:
        yield from _beside(providers, [*verdicts, Text(), *answers], width)
        yield Text()
        yield from events
    else:
        yield from _beside(providers, events, width)
        yield Text()
        yield from _beside(verdicts, answers, width)


def _beside(left: list[Text], right: list[Text], width: int) -> Iterator[Text]:
    """Two tables side by side, or one after the other where they do not fit."""
    half = max(width // 2, max(line.cell_len for line in left) + _GAP)
    if half + max(line.cell_len for line in right) > width:
        yield from (*left, Text(), *right)
        return
    for one, other in zip_longest(left, right, fillvalue=Text()):
        line = one.copy()
        yield line.append(" " * (half - one.cell_len)).append_text(other) if other else line


def _sent(sent: Sequence[Sent], width: int | None) -> Iterator[Text]:
    """How sending went: a line a target."""
    if not sent:
        return
    numbers: list[tuple[str, ...]] = [("", "count", "failed", "median", "95 %", "longest")]
    for one in sent[:TOP]:
        times = [one.times.median, one.times.p95, one.times.largest] if one.times else []
        told = [duration(time) for time in times] or ["-"] * 3
        numbers.append((one.kind, f"{one.count:,}", f"{one.failed:,}", *told))
    widths = [max(map(len, column)) for column in zip(*numbers, strict=True)]
    names = [mask_for("unknown").target(visible(one.target)) for one in sent[:TOP]]
    room = _TARGET if width is None else max(20, width - sum(widths) - 2 * len(widths))
    widest = min(room, max(map(cell_len, names)))
    yield Text()
    for name, row in zip(["", *names], numbers, strict=True):
        first = (f"{row[0]:<{widths[0]}}  ", "dim") if name else ("sent on".ljust(widths[0] + 2), "bold")
        line = Text.assemble(first)
        line.append(_fitted(name, widest))
        for column, (value, size) in enumerate(zip(row[1:], widths[1:], strict=True)):
            failed = name and column == 1 and value != "0"
            line.append(f"  {value:>{size}}", "bold red" if failed else "default" if name else "dim")
        yield line
    if len(sent) > TOP:
        yield Text(f"{len(sent) - TOP:,} targets more", "dim")


def _fitted(text: str, width: int) -> str:
    return set_cell_size(text if cell_len(text) <= width else set_cell_size(text, width - 1) + "…", width)
