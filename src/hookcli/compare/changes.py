"""What differs between two JSON values: the order of keys says nothing, list items are held against those they fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from hookcli.compare.alignment import aligned
from hookcli.compare.paths import IGNORED, Path
from hookcli.compare.values import Json, Labels

if TYPE_CHECKING:
    from collections.abc import Iterator

Part = Literal["request", "query", "header", "body"]
ChangeKind = Literal["added", "removed", "changed", "moved"]


@dataclass(frozen=True, slots=True)
class Change:
    """What is different at one place.

    `path` counts list positions in the first value, those of added items in the second. A value that is not there is
    None, as null is: `kind` tells. For an item that moved, `before` and `after` are its positions. `own` marks what
    differs between any two deliveries: ids, signatures, times.
    """

    kind: ChangeKind
    path: Path
    before: Json = None
    after: Json = None
    part: Part = "body"
    own: bool = False


def differences(before: Json, after: Json) -> list[Change]:
    """What differs between two values, in the order of the first. Raises RecursionError for deep nesting."""
    return list(_differences((), before, after, Labels()))


def _differences(path: Path, before: Json, after: Json, labels: Labels) -> Iterator[Change]:
    if labels[before] == labels[after]:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key in before | after:
            if key not in after:
                yield Change("removed", (*path, key), before[key])
            elif key not in before:
                yield Change("added", (*path, key), after=after[key])
            else:
                yield from _differences((*path, key), before[key], after[key], labels)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _in_lists(path, before, after, labels)
    else:
        yield Change("changed", path, before, after)


def _in_lists(path: Path, before: list[Json], after: list[Json], labels: Labels) -> Iterator[Change]:
    for left, right, moved in aligned(before, after, labels):
        if left is None and right is not None and after[right] is not IGNORED:
            yield Change("added", (*path, right), after=after[right])
        elif right is None and left is not None and before[left] is not IGNORED:
            yield Change("removed", (*path, left), before[left])
        elif left is not None and right is not None:
            if moved and before[left] is not IGNORED:
                yield Change("moved", (*path, left), left, right)
            yield from _differences((*path, left), before[left], after[right], labels)
