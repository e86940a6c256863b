"""A delivery in one of the forms, as bytes and as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hookcli.errors import Environment
from hookcli.formats.giving import Given, kept_of, without_secrets

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hookcli.delivery import Attempt
    from hookcli.formats.form import Form
    from hookcli.store.rows import Stored


def written(stored: Stored, attempts: Sequence[Attempt], form: Form, url: str, *, secrets: bool) -> tuple[bytes, bool]:
    """The delivery in this form, and whether something of it is masked: nothing is with `secrets`."""
    kept = kept_of(stored, attempts)
    given = Given(kept) if secrets else without_secrets(kept, form)
    return form.written([given.kept], url), bool(given.hidden) or given.answer_hidden


def write_file(data: bytes, path: Path) -> None:
    """Write a file. Raises Environment where it can't be."""
    try:
        path.write_bytes(data)
    except OSError as error:
        what = f"{path} can't be written: {error.strerror}."
        raise Environment(what) from error
