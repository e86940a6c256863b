"""What is wrong in a configuration file, told by file, line and field."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hookcli.errors import WrongInput, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from hookcli.config.positions import Key

_BARE = re.compile(r"[\w-]+", re.ASCII)

SECRETS, PROVIDERS = "secrets", "provider"
"""The tables that are no command's."""

CHECK = "`hookcli config check` tells all that is wrong."


class Mistake(NamedTuple):
    """Something wrong with the value at a key, and what would be right there; a warning is something to look at."""

    key: Key
    what: str
    fix: str = ""
    is_warning: bool = False


class Located(NamedTuple):
    """A mistake where a person finds it: `line` from 1, `field` as in `[listen] port`."""

    path: Path
    line: int | None
    field: str
    what: str
    fix: str = ""
    is_warning: bool = False

    @property
    def where(self) -> str:
        """File and line, in the form that editors jump to."""
        path = short(self.path)
        return f"{path}:{self.line}" if self.line else path

    @property
    def sentence(self) -> str:
        """Place, field and what is wrong."""
        return f"{self.where}: {self.field}: {self.what}" if self.field else f"{self.where}: {self.what}"


class WrongConfig(WrongInput):
    """A configuration file with mistakes in it; says the first, and holds all that were found."""

    def __init__(self, mistakes: Sequence[Located]) -> None:
        first, *more = mistakes
        super().__init__(first.sentence, f"{first.fix} {CHECK}".strip())
        self.mistakes = (first, *more)


def short(path: Path) -> str:
    """A path as it is named from here: below this folder or in one above it, else below home."""
    with suppress(OSError, ValueError):
        here = Path.cwd()
        if path.parent in here.parents:
            return "../" * (here.parents.index(path.parent) + 1) + path.name
        return str(path.relative_to(here))
    with suppress(RuntimeError, ValueError):
        return f"~/{path.relative_to(Path.home())}"
    return str(path)


def near(word: str, known: Collection[str], otherwise: str = "") -> str:
    """`Did you mean ...?` for a word that is not among the known ones."""
    return did_you_mean(word, known) or otherwise


def field_of(key: Key) -> str:
    """A key as a person names it: `[listen] port`, `[provider.acme] identify[0][1]`."""
    depth = 2 if key[:1] == (PROVIDERS,) else 1
    table = f"[{'.'.join(map(_part, key[:depth]))}]" if key else ""
    rest = "".join(f"[{part}]" if isinstance(part, int) else f".{_part(part)}" for part in key[depth:])
    return f"{table} {rest.removeprefix('.')}".strip()


def _part(part: str | int) -> str:
    word = str(part)
    return word if _BARE.fullmatch(word) else f'"{word}"'
