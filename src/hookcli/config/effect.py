"""The configuration in effect: the files that count, laid over one another.

Two files count: the one found in the folder (`files.in_folder`), and the person's own; the nearer wins key by key. A
file that is named on the command line, or by HOOKCLI_CONFIG, counts alone. The command line says which before anything
asks; a program that imports hookcli has none in effect.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from hookcli.config import files
from hookcli.config.mistakes import Located, WrongConfig, field_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from hookcli.config.files import File
    from hookcli.config.mistakes import Mistake
    from hookcli.config.positions import Key


@dataclass(frozen=True, eq=False)
class Config:
    """Files laid over one another, the nearest first."""

    files: tuple[File, ...] = ()

    @cached_property
    def tables(self) -> Mapping[str, Any]:
        """What all of them say: tables are laid over one another, of anything else the nearest file's counts."""
        laid: Mapping[str, Any] = {}
        for file in reversed(self.files):
            laid = _laid_over(file.tables, laid)
        return laid

    def file_of(self, key: Key) -> File:
        """The file whose value counts at a key that one of them has, or else at the nearest thing around it."""
        while key and not any(file.has(key) for file in self.files):
            key = key[:-1]
        return next(file for file in self.files if file.has(key))

    def located(self, mistake: Mistake) -> Located:
        """A mistake where a person finds it."""
        file, key = self.file_of(mistake.key), mistake.key
        is_above_tables = len(key) == 1 and not isinstance(file.tables.get(str(key[0])), dict)
        name = str(key[0]) if is_above_tables else field_of(key)
        return Located(file.path, file.line(key), name, mistake.what, mistake.fix, mistake.is_warning)

    def refuse(self, mistakes: Iterable[Mistake]) -> None:
        """Raise WrongConfig where there are mistakes among these, warnings aside."""
        grave = [self.located(mistake) for mistake in mistakes if not mistake.is_warning]
        if grave:
            raise WrongConfig(grave)


def _laid_over(upper: Mapping[str, Any], lower: Mapping[str, Any]) -> dict[str, Any]:
    laid = dict(lower)
    for name, value in upper.items():
        under = lower.get(name)
        laid[name] = _laid_over(value, under) if isinstance(value, dict) and isinstance(under, dict) else value
    return laid


@dataclass(frozen=True, slots=True)
class Choice:
    """Which files are to count: the one that is `named`, or none, or else those that there are."""

    named: Path | None = None
    none: bool = False


class _Chosen:
    choice = Choice(none=True)


@contextmanager
def chosen(choice: Choice) -> Iterator[None]:
    """Let these files count within a block, for all threads: the command line's to say, once."""
    before, _Chosen.choice = _Chosen.choice, choice
    in_effect.cache_clear()
    try:
        yield
    finally:
        _Chosen.choice = before
        in_effect.cache_clear()


def choice() -> Choice:
    """Which files count now, for another program of ours that is to go by the same."""
    return _Chosen.choice


@lru_cache(maxsize=1)
def in_effect() -> Config:
    """The files that count, read. Raises Environment where one can't be read, WrongConfig where it is no TOML."""
    return Config(tuple(files.read(path, is_found=is_found) for path, is_found in counting()))


def counting() -> list[tuple[Path, bool]]:
    """The files that count, the nearest first, each with whether it is found in the folder; a named one also unseen."""
    choice = _Chosen.choice
    if choice.none:
        return []
    if choice.named:
        return [(choice.named.expanduser(), False)]
    own, found = files.of_person(), files.in_folder()
    has_own = files.is_there(own)
    if found and has_own and found.samefile(own):
        found = None
    return ([(found, True)] if found else []) + ([(own, False)] if has_own else [])
