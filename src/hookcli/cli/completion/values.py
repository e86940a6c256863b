"""What is offered for a word that was begun: names that are known, and ids that are in the store."""

from __future__ import annotations

import os
import re
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from click.shell_completion import CompletionItem

from hookcli.render.escape import visible
from hookcli.units import ago

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import click

    from hookcli.cli.completion.table import Table

MOST_IDS = 50
PART = "part"
"""The type of what the person goes on typing behind: no blank is put there."""

BUSY_SECONDS = 0.1


class Asked(NamedTuple):
    """What is completed: the word as far as it was typed, and what stands before it."""

    ctx: click.Context
    begun: str
    table: Table

    @property
    def provider(self) -> str | None:
        """The provider that was chosen, if one was."""
        chosen = self.ctx.params.get("provider")
        return chosen.lower() if isinstance(chosen, str) else None


def offered(kinds: list[str], ctx: click.Context, begun: str, table: Table) -> list[CompletionItem[str]]:
    """All that is offered; the shell itself completes files."""
    asked = Asked(ctx, begun, table)
    return [item for kind in kinds for item in KINDS[kind](asked)]


def _fitting(asked: Asked, pairs: Iterator[tuple[str, str]]) -> Iterator[CompletionItem[str]]:
    begun = asked.begun.lower()
    return (CompletionItem(value, help=told or None) for value, told in pairs if value.lower().startswith(begun))


def _providers(asked: Asked) -> Iterator[CompletionItem[str]]:
    return _fitting(asked, ((name, one["title"]) for name, one in asked.table["providers"].items()))


def _owners(asked: Asked) -> Iterator[CompletionItem[str]]:
    """The providers as they stand before a secret; behind the sign nothing is offered."""
    return iter([CompletionItem(f"{one.value}=", type=PART, help=one.help) for one in _providers(asked)])


def _of_providers(asked: Asked, what: str, provider: str | None = None) -> Iterator[tuple[str, str]]:
    """The names and titles of the chosen provider's events or schemes, or of every provider's."""
    known = asked.table["providers"]
    chosen = provider or asked.provider
    seen: dict[str, str] = {}
    for one in [known[chosen]] if chosen in known else known.values():
        for name, title in one[what]:
            seen.setdefault(name, title)
    return iter(seen.items())


def _events(asked: Asked) -> Iterator[CompletionItem[str]]:
    return _fitting(asked, _of_providers(asked, "events"))


def _schemes(asked: Asked) -> Iterator[CompletionItem[str]]:
    return _fitting(asked, _of_providers(asked, "schemes"))


def _fixtures(asked: Asked) -> Iterator[CompletionItem[str]]:
    """The providers that have some, and behind the slash their fixtures."""
    names = [name for name in asked.table["fixtures"] if name.startswith(asked.begun.lower())]
    if "/" in asked.begun:
        return iter([CompletionItem(name) for name in names])
    titles = {one: known["title"] for one, known in asked.table["providers"].items()}
    folders = dict.fromkeys(name.partition("/")[0] for name in names)
    return iter([CompletionItem(f"{one}/", type=PART, help=f"fixtures of {titles.get(one, one)}") for one in folders])


def _files(asked: Asked) -> Iterator[CompletionItem[str]]:
    return iter([CompletionItem(asked.begun, type="file")])


def _folders(asked: Asked) -> Iterator[CompletionItem[str]]:
    return iter([CompletionItem(asked.begun, type="dir")])


def _ids(asked: Asked) -> Iterator[CompletionItem[str]]:
    """`last`, and the newest deliveries whose id, or whose provider's id, begins so; with what they are."""
    now = datetime.now(UTC)
    with suppress(sqlite3.Error, OSError), closing(_store(asked.ctx)) as connection:
        if _LAST.startswith(asked.begun):
            for _, told, came in _recent(connection, "", 1):
                yield CompletionItem(_LAST, help=f"{told}, {ago(came, now)}")
        for name, told, came in _recent(connection, asked.begun, MOST_IDS):
            yield CompletionItem(name, help=f"{told}, {ago(came, now)}")


_LAST = "last"


def _store(ctx: click.Context) -> sqlite3.Connection:
    """The store, for reading alone: completing makes none."""
    from hookcli.cli.options import store_path

    given = ctx.params.get("store") or os.environ.get("HOOKCLI_STORE")
    path = store_path(Path(given) if given else None).absolute()
    return sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS)


_RECENT = """
    SELECT id, delivery_id, provider, event, action, received_at FROM deliveries
    WHERE ? = '' OR (id >= ? AND id < ?) OR (delivery_id >= ? COLLATE NOCASE AND delivery_id < ? COLLATE NOCASE)
    ORDER BY seq DESC LIMIT ?
"""


_HARMLESS = re.compile(r"[\w.:@+-]+", re.ASCII)


def _recent(connection: sqlite3.Connection, begun: str, most: int) -> Iterator[tuple[str, str, datetime]]:
    from hookcli.store.query import shortest_prefixes
    from hookcli.store.rows import moment

    end = f"{begun}\U0010ffff"
    rows = connection.execute(_RECENT, [begun, begun.upper(), end.upper(), begun, end, most]).fetchall()
    shortest = shortest_prefixes(connection, [row[0] for row in rows])
    for (own, theirs, provider, event, action, came), short in zip(rows, shortest, strict=True):
        told = visible(f"{provider} {event or '-'}" + (f".{action}" if action else ""))
        if not own.startswith(begun.upper()):
            # What a sender calls its delivery may be anything; it is offered where no shell reads more into it.
            if _HARMLESS.fullmatch(theirs):
                yield theirs, told, moment(came)
        else:
            name = short if len(begun) <= len(short) else own
            yield name.lower() if begun.islower() else name, told, moment(came)


FIXED = {
    "verdict": ("valid", "invalid", "stale", "unsigned", "no-secret"),
    "status": ("2xx", "3xx", "4xx", "5xx"),
    "forward": ("2xx", "3xx", "4xx", "5xx", "error"),
}


def _filters(asked: Asked) -> Iterator[CompletionItem[str]]:
    """The fields, and behind the colon what they can be; behind a comma another one."""
    minus = "-" if asked.begun.startswith("-") else ""
    field, colon, rest = asked.begun.removeprefix("-").partition(":")
    if not colon:
        for name, form in asked.table["fields"].items():
            if name.startswith(field.lower()):
                yield CompletionItem(f"{minus}{name}:", type=PART, help=form)
        return
    done, comma, begun = rest.rpartition(",")
    before = f"{minus}{field}:{done}{comma}"
    for item in _field_values(asked._replace(begun=begun), field.lower()):
        yield CompletionItem(before + item.value, help=item.help)


def _field_values(asked: Asked, field: str) -> Iterator[CompletionItem[str]]:
    if field == "provider":
        return _providers(asked)
    if field == "event":
        words = asked.ctx.params.get("filter_words") or ()
        chosen = next((word.partition(":")[2] for word in words if word.startswith("provider:")), None)
        return _fitting(asked, _of_providers(asked, "events", chosen))
    if field == "id":
        return _ids(asked)
    values = FIXED.get(field) or (asked.table["fields"].get(field, "").split(", ") if field == "is" else ())
    return _fitting(asked, ((value, "") for value in values))


KINDS: dict[str, Callable[[Asked], Iterator[CompletionItem[str]]]] = {
    "ids": _ids,
    "fixtures": _fixtures,
    "files": _files,
    "folders": _folders,
    "owners": _owners,
    "providers": _providers,
    "events": _events,
    "schemes": _schemes,
    "filters": _filters,
}
