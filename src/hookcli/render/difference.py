"""What differs between two messages, a line a place; what is long is shown where it differs."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from hookcli.compare.paths import Path, path_text
from hookcli.compare.values import Json, written
from hookcli.mask import MASK, mask_for
from hookcli.render.escape import visible
from hookcli.units import size_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from hookcli.compare.changes import Change
    from hookcli.compare.messages import Difference
    from hookcli.mask import Mask

SIGNS = {
    "added": ("+", "green"),
    "removed": ("-", "red"),
    "changed": ("~", "yellow"),
    "moved": ("↕", "cyan"),
}
TITLES = {"request": "request", "query": "query", "header": "headers", "body": "body"}
LINE = 120
"""Columns of a line where there is no terminal to tell."""

LEAD = 24
"""Characters that are shown of a long value before the place where it differs."""


def difference_lines(
    found: Difference, *, width: int | None = None, reveal: bool = False, whole: bool = False, strict: bool = False
) -> Iterator[Text]:
    """All of a difference, by parts; `whole` shows long values in full, `strict` what always differs as any other."""
    changes = [masked(change, found, reveal=reveal) for change in found.changes]
    shown = [change for change in changes if strict or not change.own]
    for part, group in groupby(shown, key=lambda change: change.part):
        yield Text(TITLES[part], "bold")
        for change in group:
            yield from _change_lines(change, None if whole else width or LINE)
        if part == "body":
            yield from map(_diff_line, found.lines)
    if not shown:
        yield Text("No difference.", "green")
    if found.relaid:
        left, right = found.bodies
        told = f"{size_of(left.size)} and {size_of(right.size)}" if left.size != right.size else size_of(left.size)
        yield Text(f"The bodies say the same in other bytes ({told}): a signature over one is not one over the other.")
    own = [change for change in changes if change.own and not strict]
    if own:
        names = ", ".join(dict.fromkeys(visible(path_text(change.path)) for change in own))
        yield Text(f"As between any two deliveries, these differ: {names}", "dim")


def masked(change: Change, found: Difference, *, reveal: bool = False) -> Change:
    """The change without the secrets of either provider; as it is with `reveal`."""
    masks = [mask_for(provider, reveal=reveal) for provider in found.providers]
    if reveal or change.kind == "moved" or change.part == "request" or not change.path:
        return change
    name = str(change.path[0])
    if change.part == "header":
        return _with_values(change, lambda value: _masked_header(masks, name, value))
    hidden = any(mask.hides_field(name) for mask in masks) and (
        change.part == "query" or "form" in (found.bodies[0].kind, found.bodies[1].kind)
    )
    if hidden:
        return _with_values(change, lambda _: MASK)

    def hides(path: Path) -> bool:
        return any(mask.hides(".".join(map(str, path))) for mask in masks)

    return _with_values(change, lambda value: _masked_value(value, change.path, hides))


def _with_values(change: Change, shown: Callable[[Json], Json]) -> Change:
    return replace(
        change,
        before=shown(change.before) if change.kind != "added" else None,
        after=shown(change.after) if change.kind != "removed" else None,
    )


def _masked_header(masks: Iterable[Mask], name: str, value: str) -> str:
    for mask in masks:
        value = mask.header(name, value)
    return value


def _masked_value(value: Json, path: Path, hides: Callable[[Path], bool]) -> Json:
    """The value with what is secret in it masked; all of it, where it stands in or under a secret place."""
    if value not in ("", None) and any(hides(path[:length]) for length in range(1, len(path) + 1)):
        return MASK
    return _masked_inside(value, path, hides)


def _masked_inside(value: Json, path: Path, hides: Callable[[Path], bool]) -> Json:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if items is None:
        return value
    pairs = [
        (key, MASK if inner not in ("", None) and hides((*path, key)) else _masked_inside(inner, (*path, key), hides))
        for key, inner in items
    ]
    return dict(pairs) if isinstance(value, dict) else [inner for _, inner in pairs]


def _change_lines(change: Change, room: int | None) -> Iterator[Text]:
    sign, style = SIGNS[change.kind]
    path = visible(path_text(change.path)) if change.path else ""
    head = Text("  ").append(f"{sign} ", style).append(path, "bold")
    if change.kind == "moved":
        yield head.append(" moved to ").append(str(change.after), "bold")
        return
    line = head.copy().append(": ", "dim") if path else head.copy()
    texts = [_text(change, value) for value in (change.before, change.after)]
    if change.kind != "changed":
        value = texts[change.kind == "added"]
        yield line.append(value if room is None else _window(value, 0, room - line.cell_len), style)
        return
    before, after = texts
    told = " (another secret)" if before == after and MASK in before else ""
    if room is None or line.cell_len + cell_len(before) + cell_len(after) + len(" → ") <= room:
        yield line.append(before, "red").append(" → ", "dim").append(after, "green").append(told, "dim")
        return
    yield head
    pairs = enumerate(zip(before, after, strict=False))
    shared = next((i for i, (one, other) in pairs if one != other), min(len(before), len(after)))
    start = max(0, shared - LEAD)
    for mark, value, color in (("-", before, "red"), ("+", after, "green")):
        yield Text("      ").append(f"{mark} ", color).append(_window(value, start, room - 8), color)


def _window(text: str, start: int, room: int) -> str:
    """As much of a text as there is room for, from a place on."""
    room = max(LEAD, room)
    if len(text) <= room:
        return text
    kept = text[start : start + room - 2]
    return ("…" if start else "") + kept + ("…" if start + len(kept) < len(text) else "")


def _text(change: Change, value: Json) -> str:
    if change.part != "body":
        return visible(value or "")
    if not change.path and isinstance(value, dict) and value.keys() == {"kind", "size", "sha256"}:
        told = str(value["kind"])
        return told if not value["size"] else f"{told}, {size_of(value['size'])}, sha256 {value['sha256'][:12]}"
    return visible(written(value))


def _diff_line(line: str) -> Text:
    style = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1], "default")
    return Text("    ").append(visible(line, lines=True), style)
