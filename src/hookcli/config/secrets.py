"""The table [secrets]: names, each with a secret or several, as they stand or by reference."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hookcli.config.files import of_person
from hookcli.config.mistakes import SECRETS, Mistake, near, short
from hookcli.errors import WrongInput

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hookcli.config.effect import Config
    from hookcli.config.files import File

OPTIONS = frozenset({"secret", "verify-token", "ngrok-token"})
"""Options whose value is a secret."""

_REFERENCE = re.compile(r"(?:[\w-]+=)?(?:env|file|keyring|config):.", re.DOTALL)
_RELATIVE_FILE = re.compile(r"((?:[\w-]+=)?file:)(?![/~])(.+)", re.DOTALL)
_FILE = re.compile(r"(?:[\w-]+=)?file:(.+)", re.DOTALL)
_BY_OTHERS = 0o044

FORM = 'Write it like "env:NAME", "file:PATH", "keyring:NAME", the secret itself, or a list of these.'


def references(config: Config) -> dict[str, tuple[str, ...]]:
    """Each name with its secrets, not looked up yet, a file's path made whole. Raises WrongConfig."""
    table = config.tables.get(SECRETS, {})
    config.refuse(mistakes(config))
    return {
        name: tuple(from_folder(one, config.file_of((SECRETS, name)).path.parent) for one in _listed(value))
        for name, value in table.items()
    }


def reference(config: Config, name: str) -> tuple[str, ...]:
    """The secrets of a name, not looked up yet. Raises WrongInput where there is no such name."""
    known = references(config)
    if name not in known:
        what = f"No configuration file has a secret {name!r}."
        raise WrongInput(what, near(name, known, f"Add it there: [secrets] {name} = ..."))
    return known[name]


def mistakes(config: Config) -> Iterator[Mistake]:
    """What is wrong with the table."""
    table = config.tables.get(SECRETS, {})
    if not isinstance(table, dict):
        yield Mistake((SECRETS,), "this is a table.", 'Write [secrets], and below it lines like github = "env:NAME".')
        return
    for name, value in table.items():
        listed, file = _listed(value), config.file_of((SECRETS, name))
        if not listed:
            yield Mistake((SECRETS, name), "the list is empty.", FORM)
        for number, one in enumerate(listed):
            key = (SECRETS, name, number) if isinstance(value, list) else (SECRETS, name)
            if not isinstance(one, str) or not one:
                yield Mistake(key, "this is no secret." if one != "" else "the secret is empty.", FORM)
            elif one.startswith("config:"):
                yield Mistake(key, "one name can't stand for another.", FORM)
            elif file.is_found and leaves_folder(one, file.path.parent):
                what = "a file found in a folder may name a file below its own folder alone."
                yield Mistake(key, what, f"Say it in {short(of_person())}.")


def is_literal(text: str) -> bool:
    """Whether a text is the secret itself, and not where to find it."""
    return not _REFERENCE.match(text)


def from_folder(text: str, folder: Path) -> str:
    """A secret as it is told in a file of this folder, which is where its paths start."""
    match = _RELATIVE_FILE.fullmatch(text)
    return f"{match[1]}{folder / match[2]}" if match else text


def leaves_folder(text: str, folder: Path) -> bool:
    """Whether a secret is told to be in a file that does not lie below a folder."""
    match = _FILE.fullmatch(text)
    return match is not None and not (folder / Path(match[1]).expanduser()).resolve().is_relative_to(folder.resolve())


def lies_open(file: File) -> bool:
    """Whether a file has secrets in it as they are, and others than its owner may read it."""
    if os.name != "posix" or not any(_literals(file.tables)):
        return False
    try:
        return bool(file.path.stat().st_mode & _BY_OTHERS)
    except OSError:
        return False


def _literals(tables: Mapping[str, Any]) -> Iterator[str]:
    for name, table in tables.items():
        for key, value in table.items() if isinstance(table, dict) else ():
            if name == SECRETS or key in OPTIONS:
                yield from (one for one in _listed(value) if isinstance(one, str) and is_literal(one))


def _listed(value: Any) -> list[Any]:  # noqa: ANN401 (whatever stands in the file)
    return value if isinstance(value, list) else [value]
