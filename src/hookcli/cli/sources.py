"""Where deliveries come from on the command line: files, folders, fixtures, the store."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hookcli import fixtures
from hookcli.delivery import Headers, Message
from hookcli.errors import Environment, WrongInput
from hookcli.formats import argo, http_file, record
from hookcli.reading import Reading, parse_json
from hookcli.replay import Parcel
from hookcli.signing.sign import Occasion, dressed, new_id
from hookcli.store import query
from hookcli.store.database import opened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hookcli.providers.spec import Provider

FILE_SUFFIXES = (".http", ".json", ".ndjson", ".jsonl")
"""The files of a folder that are taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payloads:
    """What a bare payload is to be taken for; `timestamp` in seconds since 1970, `fix` what to do about one if not.

    With `bare` it is taken for a message that is a body alone.
    """

    provider: Provider | None = None
    event: str | None = None
    timestamp: float
    bare: bool = False
    fix: str = "Name them with --provider and --event, as in --provider github --event push."


def load(names: Sequence[str], store: Path, payloads: Payloads) -> list[Parcel]:
    """The deliveries that some words mean: a file, a folder, a fixture, or a delivery in the store, in this order.

    Raises WrongInput where one means nothing, or a file is of no known form; Environment where it can't be read.
    """
    return [parcel for name in names for parcel in _load(name, store, payloads)]


def _load(name: str, store: Path, payloads: Payloads) -> Iterator[Parcel]:
    path = _existing(name)
    if path and path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.suffix in FILE_SUFFIXES and file.is_file())
        if not files:
            what = f"There is no delivery in the folder {name}."
            raise WrongInput(what, f"Files that end in {', '.join(FILE_SUFFIXES)} are taken.")
        for file in files:
            yield from read_file(file, payloads)
    elif path:
        yield from read_file(path, payloads)
    elif found := fixtures.matching(name):
        for fixture in found:
            yield Parcel(fixture, http_file.read(fixtures.load(fixture), fixture))
    elif Path(name).suffix in FILE_SUFFIXES or "/" in name or "\\" in name:
        what = f"There is no file {name}."
        raise WrongInput(what, "A fixture is named like github/push: `hookcli providers github` lists them.")
    else:
        with opened(store) as connection:
            delivery = query.find(connection, name).delivery
        yield Parcel(delivery.id, delivery, delivery.id)


def _existing(name: str) -> Path | None:
    """The file or folder of this name, if there is one."""
    try:
        path = Path(name).expanduser()
        return path if path.exists() else None
    except PermissionError as error:
        what = f"{name} can't be read: {error.strerror}."
        raise Environment(what) from error
    except (OSError, RuntimeError):
        # Longer than a file's name can be, or in the home of a user that there is none of.
        return None


def read_bytes(path: Path) -> bytes:
    """A file's bytes. Raises Environment where it can't be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        what = f"{path} can't be read: {error.strerror}."
        raise Environment(what) from error


def read_file(path: Path, payloads: Payloads) -> Iterator[Parcel]:
    """The deliveries in a file: `.http`, hookcli's JSON or NDJSON, an argo-events envelope, or a bare payload."""
    data, label = read_bytes(path), str(path)
    if path.suffix == ".http" or http_file.looks_like(data):
        yield Parcel(label, http_file.read(data, label))
        return
    values = _json_values(data)
    if values and all(record.looks_like(value) for value in values):
        for number, value in enumerate(values, 1):
            yield Parcel(label if len(values) == 1 else f"{label}:{number}", record.read(value, label))
    elif payloads.provider:
        occasion = Occasion(timestamp=payloads.timestamp, id=new_id(payloads.provider))
        yield Parcel(label, dressed(payloads.provider, data, event=payloads.event, occasion=occasion))
    elif len(values) == 1 and argo.looks_like(values[0]):
        yield Parcel(label, _carried(data, label))
    elif payloads.bare:
        yield Parcel(label, Message(body=data))
    else:
        what = f"{label} is a bare payload: nothing in it says which headers belong to it."
        raise WrongInput(what, payloads.fix)


def _json_values(data: bytes) -> list[Any]:
    """The JSON value of a file, or those of its lines; none where it is neither."""
    whole = parse_json(data)
    if whole is not None:
        return [whole]
    try:
        # Lines end in LF alone: JSON may hold the other line ends that splitlines knows, such as U+2028.
        return [json.loads(line) for line in data.decode("utf-8-sig").split("\n") if line.strip()]
    except (ValueError, RecursionError):
        return []


def _carried(envelope: bytes, label: str) -> Message:
    from hookcli.providers.argo_events import PROVIDER

    message = Message(body=envelope, headers=Headers([("Content-Type", "application/json")]))
    inner = PROVIDER.carries(Reading(message)) if PROVIDER.carries else None
    if inner is None:
        what = f"{label} is an argo-events envelope without a delivery in it."
        raise WrongInput(what, "Only events of a webhook source carry one; send this one with --provider argo-events.")
    return inner
