"""A request in the person's own editor, as an .http file, and back."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from hookcli.errors import Environment

if TYPE_CHECKING:
    from collections.abc import Mapping

FALLBACK = "vi"


def command(environment: Mapping[str, str] = os.environ) -> list[str]:
    """The editor and its arguments: $VISUAL, else $EDITOR, else vi."""
    return shlex.split(environment.get("VISUAL") or environment.get("EDITOR") or FALLBACK)


def edited(data: bytes, editor: list[str]) -> bytes:
    """The data as the editor leaves it; it lies in a file that its owner alone can read, for as long as it is edited.

    Raises Environment where the editor can't be run or ends with an error.
    """
    with tempfile.TemporaryDirectory(prefix="hookcli-") as folder:
        file = Path(folder) / "request.http"
        file.write_bytes(data)
        file.chmod(0o600)
        try:
            done = subprocess.run([*editor, str(file)], check=False)  # noqa: S603 (the person's own editor)
        except OSError as error:
            what = f"The editor {editor[0]} can't be run: {error.strerror}."
            raise Environment(what, "Set VISUAL or EDITOR to one that can.") from error
        if done.returncode:
            what = f"The editor {editor[0]} ended with {done.returncode}; nothing was sent."
            raise Environment(what)
        return file.read_bytes()
