"""One line for a person, made from the payload by a template.

    "{sender.login} pushed {commits!count:commit} to {ref!branch}"

`{path}` is a value of the payload by dotted keys; `{a/b}` the first that is there; `{@event}`, `{@action}` come from
the identity and `{header:Name}` from a place. After `!` a filter: `branch` (refs/heads/main -> main), `line` (the first
line, shortened), `short` (seven characters of a hash), `last` (what is behind the last colon or slash), `count:WORD`
(3 commits), `more:WORD` (2 more commits, of a list; nothing where there is one), `words` (pull_request -> pull
request), `past` (create -> created, merge -> merged). Several filters follow one another.
A template with a value that is not there is skipped for the next of its tuple; what is in [brackets] is left out alone.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from hookcli.reading import Json, Reading, as_word, dig, place

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hookcli.delivery import Identity

LONGEST = 72
"""Characters of a free text (a title, a message) that a summary shows."""

_VALUE = re.compile(r"\{([^{}]+)\}")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")


def summarise(reading: Reading, identity: Identity, templates: Mapping[str, str | tuple[str, ...]]) -> str:
    """The first line that can be made: by event and action, by event, by `*`; else the event's own words."""
    event, action = identity.event or "", identity.action or ""
    for key in (f"{event}.{action}", event, "*"):
        choice = templates.get(key, ())
        for template in (choice,) if isinstance(choice, str) else choice:
            line = fill(template, reading, identity)
            if line is not None:
                return line
    return " ".join(part for part in (event.replace("_", " "), action.replace("_", " ")) if part)


def fill(template: str, reading: Reading, identity: Identity) -> str | None:
    """The template with its values; None where one is missing."""
    parts = [_filled(pieces, reading, identity) for pieces in _taken_apart(template)]
    required, optional = parts[::2], parts[1::2]
    if any(part is None for part in required):
        return None
    parts[1::2] = [part or "" for part in optional]
    return "".join(part for part in parts if part)


@cache
def _taken_apart(template: str) -> tuple[tuple[str, ...], ...]:
    """The required and the optional parts in turns, each as text and values in turns.

    This comes before any value is put in: a payload's own braces and brackets are text.
    """
    return tuple(tuple(_VALUE.split(part)) for part in _OPTIONAL.split(template))


def _filled(pieces: tuple[str, ...], reading: Reading, identity: Identity) -> str | None:
    filled = list(pieces)
    for i in range(1, len(pieces), 2):
        word = _value(pieces[i], reading, identity)
        if word is None:
            return None
        filled[i] = word
    return "".join(filled)


def check_template(template: str) -> None:
    """Raise ValueError where a template has a filter or a place that there is none of."""
    for spec in _VALUE.findall(template):
        paths, *filters = spec.split("!")
        for path in paths.split("/"):
            if path.startswith("@") and path not in {"@event", "@action"}:
                message = f"a summary knows no {{{path}}}: write {{@event}} or {{@action}}"
                raise ValueError(message)
            if ":" in path:
                place(path)
        for name in filters:
            if name.partition(":")[0] not in {*_FILTERS, "count", "more"}:
                known = ", ".join(("count:WORD", "more:WORD", *_FILTERS))
                message = f"a summary knows no filter {name!r}: write one of {known}"
                raise ValueError(message)
    if {"{", "}"} & set(_VALUE.sub("", template)):
        message = "a brace stands alone"
        raise ValueError(message)


def _value(spec: str, reading: Reading, identity: Identity) -> str | None:
    paths, *filters = spec.split("!")
    for path in paths.split("/"):
        if path == "@event":
            value: Json = identity.event
        elif path == "@action":
            value = identity.action
        elif ":" in path:
            value = reading.value(place(path))
        else:
            value = dig(reading.payload, path)
        if value is not None and value != "":
            break
    else:
        return None
    for name in filters:
        value = _filter(name, value)
    return as_word(value)


def _filter(name: str, value: Json) -> Json:
    name, _, argument = name.partition(":")
    if name == "more":
        more = len(value) - 1 if isinstance(value, list) else 0
        return f"{more} more {argument if more == 1 else _plural(argument)}" if more > 0 else None
    if name == "count":
        number = len(value) if isinstance(value, list | dict) else value
        if not isinstance(number, int):
            return None
        return f"{number} {argument}" if number == 1 else f"{number} {_plural(argument)}"
    word = as_word(value)
    if word is None:
        return None
    if name not in _FILTERS:
        raise ValueError(f"a summary knows no filter {name!r}")
    return _FILTERS[name](word)


def shortened(text: str) -> str:
    """The first line that says something, cut at `LONGEST` characters."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"


def _plural(word: str) -> str:
    return word[:-1] + "ies" if word.endswith("y") and word[-2:-1] not in "aeou" else word + "s"


def _past(word: str) -> str:
    verb, space, rest = word.partition(" ")
    irregular = {"open": "opened", "submit": "submitted", "tag": "tagged", "set": "set", "unset": "unset"}
    if verb in irregular:
        done = irregular[verb]
    elif verb.endswith("ed"):
        done = verb
    else:
        done = verb + ("d" if verb.endswith("e") else "ed")
    return done + space + rest


_FILTERS: dict[str, Callable[[str], str]] = {
    "branch": lambda word: re.sub(r"^refs/(heads|tags|remotes)/", "", word),
    "line": shortened,
    "short": lambda word: word[:7],
    "last": lambda word: re.split(r"[:/]", word)[-1],
    "words": lambda word: word.replace("_", " ").replace("-", " "),
    "past": lambda word: _past(word.replace("_", " ")),
}
