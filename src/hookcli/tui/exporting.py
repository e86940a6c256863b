"""The forms that a delivery can be written in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hookcli.errors import Environment
from hookcli.formats import argo, http_file, record

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hookcli.store.rows import Stored


class Form(NamedTuple):
    """A form: what it is, how its files end, and how it is written."""

    title: str
    suffix: str
    write: Callable[[Stored], bytes]


FORMS: dict[str, Form] = {
    "http": Form("a plain HTTP message", ".http", lambda stored: http_file.write(stored.delivery)),
    "json": Form(
        "hookcli's JSON", ".json", lambda stored: record.line(stored.delivery, stored.status).encode() + b"\n"
    ),
    "argo-events": Form("the envelope of argo-events", ".argo.json", lambda s: argo.write(s.delivery) + b"\n"),
}


def write_file(data: bytes, path: Path) -> None:
    """Write a file. Raises Environment where it can't be."""
    try:
        path.write_bytes(data)
    except OSError as error:
        what = f"{path} can't be written: {error.strerror}."
        raise Environment(what) from error
