"""Writing bytes to standard output or a file, without doing to the terminal what nobody asked for; and Notes."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from rich.text import Text

from hookcli.errors import Environment, Note, WrongInput
from hookcli.render.escape import visible

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def write_bytes(data: bytes, stream: TextIO) -> None:
    """Write bytes as they are. Raises WrongInput where a terminal would act on them."""
    if stream.isatty() and not _harmless(data):
        what = "These bytes hold control characters, which a terminal would obey."
        raise WrongInput(what, "Send them to a file or a program: hookcli ... > file")
    stream.flush()
    stream.buffer.write(data)
    stream.buffer.flush()


def write_new_file(data: bytes, path: Path, *, force: bool = False) -> None:
    """Write a file; one that holds the very same bytes already is left as it is.

    Raises WrongInput where another file is there already, unless with `force`; Environment where it can't be written.
    """
    try:
        if path.is_file() and not force:
            if path.read_bytes() == data:
                return
            what = f"{path} is there already."
            raise WrongInput(what, "Name another file; --force writes over it.")
        path.write_bytes(data)
    except OSError as error:
        what = f"{path} can't be written: {error.strerror}."
        raise Environment(what) from error


def make_folder(path: Path) -> None:
    """Make a folder and those that lead to it. Raises Environment where it can't be."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what = f"The folder {path} can't be made: {error.strerror}."
        raise Environment(what) from error


def _harmless(data: bytes) -> bool:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return False
    return all(line.isprintable() for line in text.replace("\t", " ").replace("\r\n", "\n").split("\n"))


def note(text: str) -> Text:
    """What a person should know, as a line."""
    return Text(f"! {visible(text)}", "yellow")


@contextmanager
def notes_kept() -> Iterator[list[str]]:
    """The Notes of a block in a list, once it has ended, for whoever wants to tell them later."""
    found: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", Note)
        yield found
    found += [str(one.message) for one in caught if issubclass(one.category, Note)]
