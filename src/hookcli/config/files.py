"""The configuration files: where they lie, and reading one.

A file that is found in a folder comes with the folder, and may be anybody's: what it may not say stands in
`hookcli.cli.guarded`. The person's own file, and one that is named on the command line, may say everything.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hookcli.config.mistakes import Located, WrongConfig
from hookcli.errors import Environment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hookcli.config.positions import Key

NAME = "hookcli.toml"

ROOTS = (".git", ".hg", ".jj", ".svn")
"""What lies in the topmost folder of a project."""


@dataclass(frozen=True, eq=False)
class File:
    """One configuration file, read; `is_found` where nobody named it and it lies in the folder."""

    path: Path
    is_found: bool = False
    tables: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""

    @cached_property
    def lines(self) -> Mapping[Key, int]:
        """The line of everything in it."""
        from hookcli.config.positions import positions  # only a mistake asks for lines

        return positions(self.text)

    def line(self, key: Key) -> int | None:
        """The line of a key, or of the nearest thing around it that has one."""
        while key and key not in self.lines:
            key = key[:-1]
        return self.lines.get(key)

    def has(self, key: Key) -> bool:
        """Whether anything stands at a key."""
        value: Any = self.tables
        try:
            for part in key:
                value = value[part]
        except (KeyError, IndexError, TypeError):
            return False
        return True


def in_folder() -> Path | None:
    """The nearest file from this folder up to the root of its project; of no project, the folder's own alone.

    Beyond the root nothing is looked for: a folder that all may write to, such as /tmp, would speak for all below it.
    """
    try:
        here = Path.cwd()
    except OSError:
        # The folder is gone, and what lay in it.
        return None
    folders = (here, *here.parents)
    root = next((i for i, one in enumerate(folders) if any(_is(one / name) for name in ROOTS)), 0)
    return next((path for one in folders[: root + 1] if is_there(path := one / NAME)), None)


def is_there(path: Path) -> bool:
    """Whether there is a file; not in a folder that may not be looked into."""
    try:
        return path.is_file()
    except OSError:
        return False


def _is(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False


def of_person() -> Path:
    """Where the person's own file lies, if there is one."""
    from platformdirs import user_config_path

    return user_config_path("hookcli", appauthor=False) / NAME


def read(path: Path, *, is_found: bool = False) -> File:
    """Read a file. Raises Environment where that can't be done, WrongConfig where it is no TOML."""
    import tomllib  # who has no file needs no reader

    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        what = f"The configuration file {path} can't be read: {error.strerror}."
        raise Environment(what, "Name another one with --config FILE, or none with --no-config.") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise WrongConfig([Located(path, line, "", "this is no UTF-8.", "A TOML file is text in UTF-8.")]) from error
    try:
        return File(path, is_found, tomllib.loads(text), text)
    except ValueError as error:
        raise WrongConfig([_no_toml(path, text, str(error))]) from error
    except RecursionError as error:
        raise WrongConfig([Located(path, None, "", "its arrays are too deep.")]) from error


def _no_toml(path: Path, text: str, told: str) -> Located:
    what, _, where = told.rpartition(" (at ")
    words = where.removesuffix(")").replace(",", "").split()
    line = int(words[1]) if words[:1] == ["line"] else text.count("\n") + 1
    column = f" at column {words[3]}" if words[:1] == ["line"] else " at its end"
    return Located(path, line, "", f"this is no TOML: {(what or told)[:1].lower()}{(what or told)[1:]}{column}.")
