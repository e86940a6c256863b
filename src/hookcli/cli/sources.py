"""Where deliveries come from on the command line: files, folders, standard input, fixtures, the store."""

from __future__ import annotations

import hashlib
import re
import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hookcli import fixtures
from hookcli.cli.searching import ready
from hookcli.delivery import Delivery, Headers, Message, UlidMaker, to_unicode
from hookcli.errors import Environment, WrongInput
from hookcli.formats import http_file
from hookcli.formats.form import File, Found
from hookcli.formats.known import SUFFIXES, form_of, read
from hookcli.identify import identify
from hookcli.providers.registry import providers
from hookcli.reading import Reading
from hookcli.replay import Parcel
from hookcli.signing.sign import Occasion, dressed, new_id
from hookcli.store import query
from hookcli.store.database import opened
from hookcli.wire import request_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hookcli.providers.spec import Provider
    from hookcli.store.filters import Filter
    from hookcli.store.rows import Stored

STANDARD_INPUT = "-"
_ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Payloads:
    """What a bare payload is to be taken for; `timestamp` in seconds since 1970, `fix` what to do about one if not.

    With `by_itself` a payload that tells whose it is (as Stripe's events do) is taken for that provider's. With `bare`
    it is taken for a message that is a body alone.
    """

    provider: Provider | None = None
    event: str | None = None
    timestamp: float
    by_itself: bool = False
    bare: bool = False
    fix: str = "Name them with --provider and --event, as in --provider github --event push."


class Read(NamedTuple):
    """A message of a file, what it is called, and when the file was written."""

    label: str
    found: Found
    written_at: datetime


def load(names: Sequence[str], store: Path, payloads: Payloads) -> list[Parcel]:
    """The deliveries that some words mean: a file, a folder, `-`, a fixture, or a delivery in the store, in this order.

    Raises WrongInput where one means nothing, or a file is of no known form; Environment where it can't be read.
    """
    return [parcel for name in names for parcel in _load(name, store, payloads)]


MOST = 10_000
"""Deliveries that a filter may bring to be sent or written at once: they are held in memory."""


def kept(wanted: Filter, store: Path) -> list[Stored]:
    """The deliveries in the store that a filter keeps, whole, in the order in which they came.

    Raises WrongInput where there are none, or more than MOST.
    """
    with opened(store) as connection:
        ready(connection, wanted)
        count = query.count(connection, wanted, MOST + 1)
        if not count:
            raise WrongInput(
                "No delivery meets the filter.", "`hookcli list` takes the same words and shows what does."
            )
        if count > MOST:
            raise WrongInput(f"The filter keeps more than {MOST:,} deliveries.", "Narrow it, as with since:2h.")
        return list(query.newest(connection, wanted, count, contents=True))[::-1]


def _load(name: str, store: Path, payloads: Payloads) -> Iterator[Parcel]:
    if (files := read_named(name, payloads)) is not None:
        yield from (Parcel(one.label, _as_told(one.found)) for one in files)
    elif found := fixtures.matching(name):
        for fixture in found:
            yield Parcel(fixture, http_file.read(fixtures.load(fixture), fixture))
    elif Path(name).suffix in SUFFIXES or "/" in name or "\\" in name:
        told = "A fixture is named like github/push: `hookcli providers github` lists them."
        raise _no_such_file(name, fixtures.meant(name) or told)
    else:
        with opened(store) as connection:
            delivery = query.find(connection, name).delivery
        yield Parcel(delivery.id, delivery, delivery.id)


def _as_told(found: Found) -> Message:
    """A delivery where the file tells when it came: a timestamp is judged by that."""
    return found.message if found.received_at is None else delivered(found, found.received_at)


def delivered(found: Found, otherwise: datetime) -> Delivery:
    """The message as a delivery; it came `otherwise` where the file does not tell when.

    Where the file knows no ULID for it, one is made from what it tells, so that reading it again makes the same one.
    """
    message = found.message
    if isinstance(message, Delivery):
        known = _ULID.fullmatch(message.id)
        return message if known else replace(message, id=_made_id(message, message.received_at))
    moment = found.received_at or otherwise
    return Delivery(
        id=found.id if _ULID.fullmatch(found.id or "") and found.id else _made_id(message, moment),
        received_at=moment,
        remote=to_unicode(found.remote),
        method=message.method,
        target=message.target,
        http_version=message.http_version,
        headers=message.headers,
        body=message.body,
    )


def _made_id(message: Message, moment: datetime) -> str:
    content = hashlib.sha256(request_bytes(message)).digest()
    # ULIDs begin in 1970.
    return UlidMaker(clock=lambda: max(0.0, moment.timestamp()), random=lambda size: content[:size])()


def read_named(name: str, payloads: Payloads) -> list[Read] | None:
    """The messages in a file, in the files of a folder, or in standard input (`-`); None where there is no such file.

    Raises WrongInput where one is of no known form, Environment where it can't be read.
    """
    if name == STANDARD_INPUT:
        file = File(_standard_input(), "standard input", _fetch)
        return [Read(*one, datetime.now(UTC)) for one in _read(file, "", payloads)]
    path = _existing(name)
    if path is None:
        return None
    if not path.is_dir():
        return list(read_file(path, payloads))
    files = sorted(file for file in path.rglob("*") if file.suffix in SUFFIXES and file.is_file())
    found = [one for file in files if _is_meant(file) for one in read_file(file, payloads)]
    if not found:
        what = f"There is no delivery in the folder {name}."
        raise WrongInput(what, f"Files that end in {', '.join(SUFFIXES)} are taken.")
    return found


def _is_meant(file: Path) -> bool:
    """Whether a file of a folder is one of deliveries: a script may be any program's."""
    return file.suffix != ".sh" or form_of(File(read_bytes(file))) is not None


def _standard_input() -> bytes:
    if sys.stdin.isatty():
        what = "There is nothing to read on standard input."
        raise WrongInput(what, "Pipe something in, or name a file.")
    return sys.stdin.buffer.read()


def _no_such_file(name: str, fix: str = "") -> WrongInput:
    return WrongInput(f"There is no file {name}.", fix)


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


def _fetch(name: str) -> bytes:
    return read_bytes(Path(name).expanduser())


def read_file(path: Path, payloads: Payloads) -> Iterator[Read]:
    """The messages in a file of any form, or a bare payload. Raises WrongInput and Environment."""
    data = read_bytes(path)
    written_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    for label, found in _read(File(data, str(path), _fetch), path.suffix, payloads):
        yield Read(label, found, written_at)


def _read(file: File, suffix: str, payloads: Payloads) -> Iterator[tuple[str, Found]]:
    form = form_of(file, suffix)
    named = payloads.provider
    if form is not None and not (form.payload and named):
        found = read(file, form)
        for number, one in enumerate(found, 1):
            yield file.name if len(found) == 1 else f"{file.name}:{number}", one
    elif provider := named or (payloads.by_itself and _of(file)):
        occasion = Occasion(timestamp=payloads.timestamp, id=new_id(provider))
        label = file.name if named else f"{file.name} as {provider.id}"
        yield label, Found(message=dressed(provider, file.data, event=payloads.event, occasion=occasion))
    elif payloads.bare:
        yield file.name, Found(message=Message(body=file.data))
    else:
        what = f"{file.name} is a bare payload: nothing in it says which headers belong to it."
        raise WrongInput(what, payloads.fix)


def _of(file: File) -> Provider | None:
    """Whose payload it is, where the payload tells that and its event."""
    message = Message(headers=Headers([("Content-Type", "application/json")]), body=file.data)
    identity = identify(Reading(message))
    return providers()[identity.provider] if identity.provider != "unknown" and identity.event else None
