"""Which items of two lists belong together: by what they are called, else by what is equal and what is alike."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, NamedTuple

from hookcli.compare.values import Json, Labels, Number

if TYPE_CHECKING:
    from collections.abc import Sequence

KEYS = ("id", "node_id", "uuid", "guid", "sha", "number", "iid", "key", "slug", "full_name", "login", "name")
"""What tells the objects of a list apart, by which they are found again: the first that every one has for itself."""

ALIKE = 0.5
"""From this likeness on, an object in a list is taken for another one changed, and not for a new one."""

MOST_COMPARED = 10_000
"""Pairs of list items that are looked at for likeness; beyond, they are paired in their order."""

LONG_LIST = 2000
"""Items from which what stands in a list often is no longer looked for everywhere: it would take too long."""


class Pair(NamedTuple):
    """Positions of what belongs together; None where an item has no counterpart."""

    left: int | None
    right: int | None
    moved: bool = False


def aligned(before: list[Json], after: list[Json], labels: Labels) -> list[Pair]:
    """The items of both lists, in the order of the first, with those that are new where they stand in the second."""
    names = _names(before, after, labels)
    partner = _by_name(*names) if names else _by_content(before, after, labels)
    taken, steady = {*partner.values()}, _longest_growing(list(partner.values()))
    pairs: list[Pair] = []
    added = (position for position in range(len(after)) if position not in taken)
    new = next(added, None)
    for left in range(len(before)):
        right = partner.get(left)
        while new is not None and right in steady and new < right:
            pairs.append(Pair(None, new))
            new = next(added, None)
        pairs.append(Pair(left, right, moved=right is not None and right not in steady))
    if new is not None:
        pairs += [Pair(None, position) for position in (new, *added)]
    return pairs


def _names(before: list[Json], after: list[Json], labels: Labels) -> tuple[list[int], list[int]] | None:
    items = before + after
    if not all(isinstance(item, dict) for item in items):
        return None
    for key in KEYS:
        if all(_is_name(item.get(key)) for item in items):
            left, right = ([labels[item[key]] for item in one] for one in (before, after))
            if len({*left}) == len(left) and len({*right}) == len(right):
                return left, right
    return None


def _is_name(value: Json) -> bool:
    return isinstance(value, Number) or (isinstance(value, str) and value != "")


def _by_name(left: list[int], right: list[int]) -> dict[int, int]:
    where = {name: position for position, name in enumerate(right)}
    return {position: where[name] for position, name in enumerate(left) if name in where}


def _by_content(before: list[Json], after: list[Json], labels: Labels) -> dict[int, int]:
    """Equal items in order, between them those that are alike, and then equal ones that stand elsewhere."""
    left, right = [labels[item] for item in before], [labels[item] for item in after]
    partner: dict[int, int] = {}
    matcher = SequenceMatcher(None, left, right, autojunk=len(right) > LONG_LIST)
    for kind, start, end, other_start, other_end in matcher.get_opcodes():
        if kind == "equal":
            partner.update(zip(range(start, end), range(other_start, other_end), strict=True))
        elif kind == "replace":
            block = _alike(before[start:end], after[other_start:other_end], labels)
            partner.update((start + one, other_start + other) for one, other in block)
    taken = {*partner.values()}
    free: dict[int, list[int]] = {}
    for position in reversed(range(len(right))):
        if position not in taken:
            free.setdefault(right[position], []).append(position)
    for position, label in enumerate(left):
        if position not in partner and free.get(label):
            partner[position] = free[label].pop()
    return dict(sorted(partner.items()))


def _alike(before: list[Json], after: list[Json], labels: Labels) -> list[tuple[int, int]]:
    """The pairs of a block without equal items: as like each other as can be, none crossing another."""
    rows, columns = len(before), len(after)
    if rows * columns > MOST_COMPARED:
        return [(position, position) for position in range(min(rows, columns))]
    if not any(isinstance(item, dict | list) for item in before + after):
        # Plain values are alike by their place alone, as in a pair of coordinates.
        return [(position, position) for position in range(rows)] if rows == columns else []
    scores = [[_likeness(one, other, labels) for other in after] for one in before]
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for i in reversed(range(rows)):
        for j in reversed(range(columns)):
            paired = scores[i][j] + best[i + 1][j + 1] if scores[i][j] >= ALIKE else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    pairs, i, j = [], 0, 0
    while i < rows and j < columns:
        if scores[i][j] >= ALIKE and best[i][j] == scores[i][j] + best[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _likeness(one: Json, other: Json, labels: Labels) -> float:
    """From 0 to 1: of objects, the fields that are equal and by half those that share a key; of lists, equal items."""
    if isinstance(one, dict) and isinstance(other, dict):
        shared = one.keys() & other.keys()
        equal = sum(labels[one[key]] == labels[other[key]] for key in shared)
        return (equal + len(shared)) / 2 / max(1, len(one.keys() | other.keys()))
    if isinstance(one, list) and isinstance(other, list):
        left, right = (Counter(labels[item] for item in items) for items in (one, other))
        return 2 * (left & right).total() / max(1, len(one) + len(other))
    return 0.0


def _longest_growing(positions: Sequence[int]) -> set[int]:
    """The longest run of positions that grows: whatever is not in it has moved."""
    tails: list[int] = []
    ends: list[int] = []
    earlier: list[int] = []
    for number, position in enumerate(positions):
        length = bisect_left(tails, position)
        earlier.append(ends[length - 1] if length else -1)
        if length == len(tails):
            tails.append(position)
            ends.append(number)
        else:
            tails[length], ends[length] = position, number
    kept, number = set(), ends[-1] if ends else -1
    while number >= 0:
        kept.add(positions[number])
        number = earlier[number]
    return kept
