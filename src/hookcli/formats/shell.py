"""Words of a shell: written for any POSIX shell, a terminal and a clipboard."""

from __future__ import annotations

import base64
import re
import shlex
from typing import TYPE_CHECKING

from hookcli.delivery import to_wire

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ARGUMENT_LIMIT = 128 * 1024
"""Bytes that one argument of a program must stay under. Source: Linux, MAX_ARG_STRLEN in linux/binfmts.h."""


def quotable(body: bytes) -> bool:
    """Whether a body can be one word of a command, and be read there."""
    try:
        return len(body) < ARGUMENT_LIMIT and plain(body.decode())
    except UnicodeDecodeError:
        return False


def plain(text: str) -> bool:
    """Whether a terminal shows the text and does nothing else."""
    return text.replace("\n", "").replace("\t", "").isprintable()


def word(text: str) -> str:
    """A word for the shell; where it is not plain, printf makes it of octal escapes."""
    if plain(text):
        return shlex.quote(text)
    escaped = re.sub(rb"[^A-Za-z0-9 :]", lambda found: b"\\%03o" % found[0][0], to_wire(text))
    return f"\"$(printf '{escaped.decode()}')\""


def command(parts: Iterable[Sequence[str]]) -> str:
    """A command, each part of it on a line."""
    return " \\\n  ".join(" ".join(map(word, part)) for part in parts)


def decoded(body: bytes) -> str:
    """The beginning of a pipe that puts out these bytes, whatever they are."""
    return f"printf %s {base64.b64encode(body).decode()} | base64 -d"
