"""How it looks: the two themes, a provider's colour made readable on each, and a delivery as a row of the list."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.terminal_theme import TerminalTheme
from rich.text import Text
from rich.theme import Theme as RichTheme
from textual.color import Color
from textual.theme import Theme

from hookcli.render.delivery import accent, event_text, summary_text, verdict_text
from hookcli.render.escape import visible
from hookcli.units import ago, size_of

if TYPE_CHECKING:
    from datetime import datetime

    from rich.color import Color as RichColor

    from hookcli.store.rows import Stored

DARK = Theme(
    name="hookcli-dark",
    dark=True,
    background="#14161b",
    surface="#191c22",
    panel="#22262e",
    foreground="#d5d9e0",
    primary="#82aaff",
    secondary="#5c7cbf",
    accent="#82aaff",
    success="#8ccf7e",
    warning="#e5c07b",
    error="#f07178",
    variables={
        "border": "#3a404c",
        "footer-background": "#191c22",
        "footer-key-foreground": "#82aaff",
        "footer-description-foreground": "#9aa2b1",
        "block-cursor-text-style": "none",
        "input-selection-background": "#82aaff 30%",
        "scrollbar": "#3a404c",
        "scrollbar-hover": "#5a6272",
        "scrollbar-active": "#82aaff",
        "scrollbar-background": "#14161b",
        "scrollbar-background-hover": "#14161b",
        "scrollbar-background-active": "#14161b",
        "scrollbar-corner-color": "#14161b",
    },
)
LIGHT = Theme(
    name="hookcli-light",
    dark=False,
    background="#fcfcfa",
    surface="#f4f4f1",
    panel="#e9e9e5",
    foreground="#2c3038",
    primary="#2f5fd0",
    secondary="#5c7cbf",
    accent="#2f5fd0",
    success="#2e7d32",
    warning="#8a5a00",
    error="#c62828",
    variables={
        "border": "#c9c9c3",
        "footer-background": "#f0f0ec",
        "footer-key-foreground": "#2f5fd0",
        "footer-description-foreground": "#5a606b",
        "block-cursor-text-style": "none",
        "input-selection-background": "#2f5fd0 25%",
        "scrollbar": "#c9c9c3",
        "scrollbar-hover": "#a9a9a3",
        "scrollbar-active": "#2f5fd0",
        "scrollbar-background": "#fcfcfa",
        "scrollbar-background-hover": "#fcfcfa",
        "scrollbar-background-active": "#fcfcfa",
        "scrollbar-corner-color": "#fcfcfa",
    },
)


def _palette(background: str, foreground: str, *colors: str) -> TerminalTheme:
    def rgb(color: str) -> tuple[int, int, int]:
        return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)

    return TerminalTheme(rgb(background), rgb(foreground), [rgb(color) for color in colors])


DARK_ANSI = _palette(
    "#14161b", "#d5d9e0", "#3a404c", "#f07178", "#8ccf7e", "#e5c07b", "#82aaff", "#c792ea", "#7fd1d8", "#d5d9e0"
)
LIGHT_ANSI = _palette(
    "#fcfcfa", "#2c3038", "#2c3038", "#c62828", "#2e7d32", "#8a5a00", "#2f5fd0", "#8e3fa8", "#0f6f78", "#5a606b"
)
"""What the colour names of the terminal renderables (green, cyan) are on our backgrounds."""

JSON_STYLES = RichTheme(
    {
        "json.key": "blue",
        "json.str": "green",
        "json.number": "cyan",
        "json.bool_true": "magenta",
        "json.bool_false": "magenta",
        "json.null": "dim italic",
    }
)
"""Values of a body: quiet, since there are many, and none of them is an error."""

_CONTRAST = 4.0
"""The least contrast of a word with its background. Source: between WCAG 2.1's 3.0 for bold text and 4.5 for any."""


def hex_of(color: RichColor | None) -> str:
    """A colour as `#rrggbb`; black where a terminal decides."""
    return color.get_truecolor().hex if color else "#000000"


@cache
def readable(color: str, background: str) -> str:
    """The colour, lighter or darker by as much as it takes to be read on this background."""
    if color == "default":
        return color
    own, behind = Color.parse(color), Color.parse(background)
    towards = Color(255, 255, 255) if behind.brightness < 0.5 else Color(0, 0, 0)  # noqa: PLR2004 (the middle)
    for step in range(21):
        mixed = own.blend(towards, step / 20)
        if _contrast(mixed, behind) >= _CONTRAST:
            return mixed.hex
    return towards.hex


def _contrast(one: Color, other: Color) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: Color) -> float:
    """Source: WCAG 2.1, relative luminance."""
    parts = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in color.normalized]  # noqa: PLR2004 (see there)
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


class Columns(NamedTuple):
    """Cells of a row for each part; 0 leaves it out. The summary has what is left."""

    when: int
    verdict: int
    provider: int
    event: int
    size: int


_COLUMNS = (
    (130, Columns(when=11, verdict=11, provider=16, event=30, size=8)),
    (96, Columns(when=11, verdict=11, provider=14, event=24, size=8)),
    (70, Columns(when=6, verdict=11, provider=9, event=18, size=0)),
    (0, Columns(when=6, verdict=1, provider=9, event=0, size=0)),
)


def columns_for(width: int) -> Columns:
    """The columns that fit a list so wide."""
    return next(columns for least, columns in _COLUMNS if width >= least)


def when(moment: datetime, now: datetime, room: int) -> str:
    """How long ago under a day, else the day, in eleven cells or in six."""
    text, local = ago(moment, now), moment.astimezone()
    this_year = local.year == now.astimezone().year
    if (now - moment).days == 0:
        return text if room >= len(text) else text.removeprefix("just ").removesuffix(" ago")
    if room < 11:  # noqa: PLR2004 (2026-01-31)
        return local.strftime("%b %d" if this_year else "%Y")
    return local.strftime("%m-%d %H:%M" if this_year else "%Y-%m-%d")


def row_text(stored: Stored, now: datetime, width: int, background: str) -> Text:
    """One row: when, the verdict, who, what, the size, and the summary; the columns stand under each other."""
    delivery, identity = stored.delivery, stored.delivery.identity
    columns = columns_for(width)
    text = Text(no_wrap=True, end="")
    text.append(f"{when(delivery.received_at, now, columns.when):>{columns.when}}  ", "dim")
    verdict = verdict_text(delivery.verdict)
    verdict.truncate(columns.verdict, pad=True)
    text.append_text(verdict).append("  ")
    color = readable(accent(identity.provider), background)
    text.append(_cell(visible(identity.provider), columns.provider), f"bold {color}").append("  ")
    if columns.event:
        text.append(_cell(visible(event_text(identity)), columns.event), "bold").append("  ")
    if columns.size:
        text.append(f"{size_of(stored.size):>{columns.size}}  ", "dim")
    text.append_text(summary_text(stored))
    text.truncate(width, overflow="ellipsis", pad=True)
    return text


def _cell(text: str, width: int) -> str:
    return set_cell_size(text, width) if cell_len(text) <= width else set_cell_size(text, width - 1) + "…"
