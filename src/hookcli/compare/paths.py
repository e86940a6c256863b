"""Places in a JSON value, written as dotted words, and patterns of such places.

    pull_request.labels.0.name    keys and list positions
    a["x.y"].b                    a key that a dot or another sign stands in
    commits.*.id                  `*` is any one step, or any part of one: `*_url`
    **.updated_at                 `**` is any number of steps, none included

Patterns are read in jq's spelling too: `.commits[0].id`, `.commits[].id`.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from hookcli.errors import WrongInput

if TYPE_CHECKING:
    from collections.abc import Iterable

Step = str | int
Path = tuple[Step, ...]
Pattern = tuple[str, ...]
"""The steps of a pattern. What is literal in a quoted step is escaped, so that a `*` is always the sign."""

ANY = "**"
_PLAIN = re.compile(r'[^.\[\]*"\\\s]+')
_STEP = re.compile(
    r'\.?(?:\["(?P<quoted>(?:[^"\\]|\\.)*)"\]|\[(?P<position>\d+|\*|)\]|(?P<plain>[^.\[\]]+))', re.DOTALL
)


class Ignored:
    """What stands at a place that a pattern leaves out; in a list, so that its neighbours keep their positions."""

    def __repr__(self) -> str:
        return "IGNORED"


IGNORED = Ignored()


def path_text(path: Path) -> str:
    """The path in dotted words."""
    steps = (
        f".{step}" if isinstance(step, int) or _PLAIN.fullmatch(step) else f"[{json.dumps(step, ensure_ascii=False)}]"
        for step in path
    )
    return "".join(steps).removeprefix(".")


def parse_pattern(text: str) -> Pattern:
    """The pattern in some text. Raises WrongInput where it is none."""
    steps, position = [], 0
    while position < len(text):
        match = _STEP.match(text, position)
        quoted = _unquoted(match["quoted"]) if match and match["quoted"] is not None else None
        if match is None or (match["quoted"] is not None and quoted is None):
            break
        steps.append(_literal(quoted) if quoted is not None else match["plain"] or match["position"] or "*")
        position = match.end()
    if not steps or position < len(text):
        what = f"{text!r} is no path."
        raise WrongInput(what, "Write it like pull_request.title, commits.*.id or **.updated_at.")
    return tuple(steps)


def _unquoted(text: str) -> str | None:
    try:
        word: str = json.loads(f'"{text}"', strict=False)
    except ValueError:
        return None
    return word


def _literal(step: str) -> str:
    return step.replace("\\", "\\\\").replace("*", "\\*")


@cache
def _form(step: str) -> re.Pattern[str]:
    """A step of a pattern as a regular expression."""
    parts = re.findall(r"\\(.)|(\*)|([^*\\]+|\\$)", step, re.DOTALL)
    return re.compile(
        "".join(".*" if star else re.escape(escaped or plain) for escaped, star, plain in parts), re.DOTALL
    )


def after(patterns: Iterable[Pattern], step: Step) -> frozenset[Pattern]:
    """What is left of the patterns behind a step: those that it does not fit are gone."""
    left: set[Pattern] = set()
    for pattern in filter(None, patterns):
        first, rest = pattern[0], pattern[1:]
        if first == ANY:
            left.add(pattern)
            left |= after([rest], step) if rest else set()
        elif _form(first).fullmatch(str(step)):
            left.add(rest)
    return frozenset(left)


def met(patterns: Iterable[Pattern]) -> bool:
    """Whether a place is reached: nothing, or any number of steps, is left of a pattern."""
    return any(all(step == ANY for step in pattern) for pattern in patterns)


def without(value: Any, patterns: Iterable[Pattern]) -> Any:  # noqa: ANN401 (JSON)
    """The JSON value without what the patterns name: keys are left out, list items become IGNORED."""
    patterns = frozenset(patterns)
    if not patterns:
        return value
    if met(patterns):
        return IGNORED
    if isinstance(value, dict):
        kept = ((key, without(inner, after(patterns, key))) for key, inner in value.items())
        return {key: inner for key, inner in kept if inner is not IGNORED}
    if isinstance(value, list):
        return [without(inner, after(patterns, position)) for position, inner in enumerate(value)]
    return value
