"""Writing bytes to standard output or a file, without doing something to the terminal that nobody asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from hookcli.errors import Environment, WrongInput

if TYPE_CHECKING:
    from pathlib import Path


def write_bytes(data: bytes, stream: TextIO) -> None:
    """Write bytes as they are. Raises WrongInput where a terminal would act on them."""
    if stream.isatty() and not _harmless(data):
        what = "These bytes hold control characters, which a terminal would obey."
        raise WrongInput(what, "Send them to a file or a program: hookcli ... > file")
    stream.flush()
    stream.buffer.write(data)
    stream.buffer.flush()


def write_file(data: bytes, path: Path) -> None:
    """Write a file. Raises Environment where it can't be."""
    try:
        path.write_bytes(data)
    except OSError as error:
        what = f"{path} can't be written: {error.strerror}."
        raise Environment(what) from error


def _harmless(data: bytes) -> bool:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return False
    return all(line.isprintable() for line in text.replace("\t", " ").replace("\r\n", "\n").split("\n"))
