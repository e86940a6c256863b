"""What is remembered from one run to the next: small choices, never a secret."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def default_path() -> Path:
    """`inspect.json` in the user's state directory."""
    from platformdirs import user_state_path

    return user_state_path("hookcli", appauthor=False) / "inspect.json"


class Memory:
    """Words by name, in a file that its owner alone can read; where there can be none, they last for the run."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._words: dict[str, str] = {}
        if path:
            with suppress(OSError, ValueError):
                found = json.loads(path.read_text(encoding="utf-8"))
                if isinstance(found, dict):
                    self._words = {key: word for key, word in found.items() if isinstance(word, str)}

    def get(self, name: str) -> str | None:
        """The word, if there is one."""
        return self._words.get(name)

    def set(self, name: str, word: str) -> None:
        """Remember a word."""
        if self._words.get(name) == word:
            return
        self._words[name] = word
        if self._path:
            with suppress(OSError):
                self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with os.fdopen(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                    json.dump(self._words, file)
