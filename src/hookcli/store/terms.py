"""The fields of the filter language: what a value of each means, as SQL.

A value is compared in any case of ASCII letters, as SQLite's NOCASE and lower() have it. One with `*`, `?` or `[` is a
pattern, as SQLite's GLOB reads it; any other is the whole word.

Newest first is what people ask for. An index helps with that where it gives deliveries in their order, which it does
for one value of one column. Else all that it gives would have to be sorted, be it half a million, while a look through
the deliveries from the newest on has found a page of them by then, and where there are none takes half a second for a
million. So the SQL of everything else keeps SQLite from trying an index: by `IS TRUE`, or by a function.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, NamedTuple, get_args

from hookcli.delivery import VerdictState, to_wire
from hookcli.errors import WrongInput, did_you_mean
from hookcli.providers.registry import provider
from hookcli.store.rows import headers_from_blob, microseconds, storable
from hookcli.store.words import apart
from hookcli.units import parse_moment, parse_size

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable
    from datetime import datetime


ROWS = "{rows}"
"""In the SQL of a condition: the bounds on `rowid`, once it is known which deliveries are asked about."""


class Condition(NamedTuple):
    """A condition on a row of `query.FROM`, as SQL and its values."""

    sql: str
    values: tuple[object, ...] = ()

    @property
    def searches(self) -> bool:
        """Whether it looks into the index of words."""
        return ROWS in self.sql


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field: what one value of it asks, and how such a value is written.

    A field that is given again widens what is looked for, as a comma does; one that `narrows` must hold each time.
    """

    ask: Callable[[str, datetime], Condition]
    form: str
    narrows: bool = False


def any_of(conditions: Iterable[Condition]) -> Condition:
    """Holds where one of these does."""
    several = list(conditions)
    if len(several) == 1:
        return several[0]
    sql = " OR ".join(one.sql for one in several)
    return Condition(f"({sql}) IS TRUE", tuple(value for one in several for value in one.values))


def inverse(condition: Condition) -> Condition:
    """Holds where the condition does not, also where what it asks for is not there at all."""
    return Condition(f"({condition.sql}) IS NOT TRUE", condition.values)


_PATTERN = re.compile(r"[*?[]")


def _like(column: str, value: str) -> Condition:
    if _PATTERN.search(value):
        return Condition(f"lower({column}) GLOB lower(?)", (storable(value),))
    return Condition(f"{column} = ? COLLATE NOCASE", (storable(value),))


def _text(column: str) -> Callable[[str, datetime], Condition]:
    return lambda value, _: _like(column, value)


def _provider(value: str, _: datetime) -> Condition:
    if _PATTERN.search(value):
        return _like("provider", value)
    return Condition("provider = ?", (provider(value).id,))


def _event(value: str, _: datetime) -> Condition:
    if _PATTERN.search(value):
        name = "lower(event || '.' || action)"
        return Condition(f"(lower(event) GLOB lower(?) OR {name} GLOB lower(?))", (storable(value),) * 2)
    parts = [_like("event", value)]
    # `event.action`, wherever the dot between them is: each part alone can be looked up.
    for dot in re.finditer(r"\.", value):
        event, action = _like("event", value[: dot.start()]), _like("action", value[dot.end() :])
        parts.append(Condition(f"({event.sql} AND {action.sql})", event.values + action.values))
    return any_of(parts)


def _verdict(value: str, _: datetime) -> Condition:
    return Condition("state = ?", (_one_of(value.lower().replace("-", " "), get_args(VerdictState)),))


def _method(value: str, _: datetime) -> Condition:
    return _like("method", value)


def _path(value: str, _: datetime) -> Condition:
    path = "iif(instr(target, x'3f'), substr(target, 1, instr(target, x'3f') - 1), target)"
    if not value.startswith(("/", "*")):
        value = f"/{value}"
    if _PATTERN.search(value):
        return Condition(f"CAST({path} AS TEXT) GLOB CAST(? AS TEXT)", (_bytes(value),))
    return Condition(f"{path} = ?", (_bytes(value),))


def _bytes(value: str) -> bytes:
    try:
        return to_wire(value)
    except UnicodeEncodeError:
        return (storable(value) or "").encode()


def id_begins(value: str) -> Condition:
    """Holds where hookcli's id or the provider's begins so; an index serves each."""
    name = storable(value) or ""
    after = name + "\U0010ffff"
    return Condition(
        "(deliveries.id >= ? AND deliveries.id < ? OR delivery_id IS NOT NULL"
        " AND delivery_id >= ? COLLATE NOCASE AND delivery_id < ? COLLATE NOCASE)",
        (name.upper(), after.upper(), name, after),
    )


def _id(value: str, _: datetime) -> Condition:
    if not _PATTERN.search(value):
        return id_begins(value)
    return any_of([_like("deliveries.id", value), _like("delivery_id", value)])


def _remote(value: str, _: datetime) -> Condition:
    if "/" not in value:
        return _like("remote", value)
    try:
        network = ip_network(value, strict=False)
    except ValueError:
        raise WrongInput(f"{value!r} is no network.", "Write it like 192.0.2.0/24 or 2001:db8::/32.") from None
    return Condition("in_network(remote, ?)", (str(network),))


_RANGE = re.compile(r"(?P<low>.+?)(?:\.\.|-)(?P<high>.+)", re.DOTALL)
_COMPARED = re.compile(r"(?P<sign>>=|<=|>|<|=)(?P<right>.*)", re.DOTALL)
_LARGEST = 2**63 - 1


def _compared(column: str, value: str, read: Callable[[str], int]) -> Condition:
    """A number, `>N`, `>=N`, `<N`, `<=N`, or a range with both its ends, `N..M`."""
    if match := _COMPARED.fullmatch(value):
        return Condition(f"{column} {match['sign']} ?", (min(read(match["right"]), _LARGEST),))
    if match := _RANGE.fullmatch(value):
        low, high = (min(read(match[name]), _LARGEST) for name in ("low", "high"))
        return Condition(f"{column} BETWEEN ? AND ?", (low, high))
    return Condition(f"{column} = ?", (min(read(value), _LARGEST),))


def _size(value: str, _: datetime) -> Condition:
    return _compared("size", value, parse_size)


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < len(str(_LARGEST))):
        raise WrongInput(f"{text!r} is no number.", "Write it like 2, >1 or 2..5.")
    return int(text)


_STATUS_FIX = "Write it like 404, 5xx, >=400 or 400..499."


def _status_of(column: str, value: str) -> Condition:
    if match := re.fullmatch(r"([1-5])xx", value.lower()):
        return Condition(f"{column} BETWEEN ? AND ?", (int(match[1]) * 100, int(match[1]) * 100 + 99))
    try:
        return _compared(column, value, _whole)
    except WrongInput:
        raise WrongInput(f"{value!r} is no status.", _STATUS_FIX) from None


def _status(value: str, _: datetime) -> Condition:
    # IS TRUE keeps it a left join: else SQLite may begin with the responses.
    asked = _status_of("responses.status", value)
    return Condition(f"({asked.sql}) IS TRUE", asked.values)


def _forward(value: str, _: datetime) -> Condition:
    if value.lower() == "error":
        asked = Condition("attempts.status IS NULL")
    elif value == "*":
        asked = Condition("TRUE")
    else:
        try:
            asked = _status_of("attempts.status", value)
        except WrongInput as error:
            raise WrongInput(error.what, f"{_STATUS_FIX[:-1]}; `error` is no answer, `*` any outcome.") from None
    sent = f"SELECT 1 FROM attempts WHERE attempts.seq = deliveries.seq AND kind = 'forward' AND {asked.sql}"
    return Condition(f"EXISTS ({sent})", asked.values)


_LAST_FORWARD = "(SELECT max(number) FROM attempts WHERE attempts.seq = deliveries.seq AND kind = 'forward')"
_APART = "SELECT seq FROM responses WHERE answer <> 'plain'"
"""What the index of the few answers that are not plain has, in its own words: else it is not used."""

STATES = {
    "ping": "is_ping",
    "handshake": f"deliveries.seq IN ({_APART} AND answer = 'handshake')",
    "refused": f"deliveries.seq IN ({_APART} AND answer = 'refused')",
    "duplicate": "deliveries.seq IN (SELECT seq FROM repeats)",
    "forwarded": "EXISTS (SELECT 1 FROM attempts WHERE attempts.seq = deliveries.seq AND kind = 'forward')",
    "failed": f"EXISTS (SELECT 1 FROM attempts WHERE number = {_LAST_FORWARD}"
    " AND (attempts.status BETWEEN 200 AND 299) IS NOT TRUE)",
    "replayed": "EXISTS (SELECT 1 FROM attempts WHERE attempts.seq = deliveries.seq AND kind = 'replay')",
}
"""What a delivery can be. One that was forwarded more than once has failed if it did so the last time."""


def _is(value: str, _: datetime) -> Condition:
    return Condition(STATES[_one_of(value.lower(), tuple(STATES))])


def _since(value: str, now: datetime) -> Condition:
    return Condition("received_at >= ?", (microseconds(parse_moment(value, now)),))


def _before(value: str, now: datetime) -> Condition:
    return received_before(parse_moment(value, now))


def received_before(moment: datetime) -> Condition:
    """Holds for what came before a moment."""
    return Condition("received_at < ?", (microseconds(moment),))


_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def header(name: str, value: str) -> Condition:
    """Holds where a header of this name has this value; `*` asks that there is one. Raises WrongInput for no name."""
    if not _HEADER_NAME.fullmatch(name):
        raise WrongInput(f"{name!r} is no header's name.", "Write it like header.x-github-hook-id:123.")
    # In the very bytes of `headers_to_blob`, each line between two line ends; only a pattern needs the values apart.
    start = f"\r\n{name}: ".encode().lower()
    line = start if _PATTERN.search(value) else start + _bytes(value).lower() + b"\r\n"
    asked = Condition("instr(lower(CAST(x'0d0a' || headers AS TEXT)), CAST(? AS TEXT))", (line,))
    if _PATTERN.search(value) and value != "*":
        like = _like("value", value)
        each = f"EXISTS (SELECT 1 FROM json_each(header_values(headers, ?)) WHERE {like.sql})"
        asked = Condition(f"{asked.sql} AND {each}", (*asked.values, name, *like.values))
    return Condition(
        f"EXISTS (SELECT 1 FROM contents WHERE contents.seq = deliveries.seq AND {asked.sql})", asked.values
    )


def phrase(text: str) -> str:
    """Words in a row, as FTS5 asks for them; with `*` behind them, the last one begins so. Raises WrongInput."""
    begins = text.endswith("*")
    inside = text.removesuffix("*")
    if not any(one.isalnum() for one in inside):
        raise WrongInput(f"There is no word in {text!r}.", "Words are letters and digits.")
    if "*" in inside:
        raise WrongInput(f"{text!r} has a * where it can't be.", "It stands behind a word or phrase: word*.")
    quoted = apart(inside).replace('"', '""')
    return f'"{quoted}" *' if begins else f'"{quoted}"'


def with_words(phrases: Iterable[str]) -> Condition:
    """Holds where the body and the headers have all of these phrases."""
    sql = f"deliveries.seq IN (SELECT rowid FROM words WHERE words MATCH ? AND {ROWS})"
    return Condition(sql, (" AND ".join(phrases),))


def _one_of(value: str, known: tuple[str, ...]) -> str:
    if value in known:
        return value
    words = ", ".join(f'"{word}"' if " " in word else word for word in known)
    raise WrongInput(f"{value!r} is none of {words}.", did_you_mean(value, known))


FIELDS = {
    "provider": Field(ask=_provider, form="github"),
    "event": Field(ask=_event, form="push, pull_request.opened, pull_request*"),
    "action": Field(ask=_text("action"), form="opened"),
    "verdict": Field(ask=_verdict, form='valid, invalid, stale, unsigned, "no secret"'),
    "status": Field(ask=_status, form="200, 5xx, >=400"),
    "forward": Field(ask=_forward, form="5xx, 404, error"),
    "is": Field(ask=_is, form=", ".join(STATES), narrows=True),
    "since": Field(ask=_since, form="2h, 7d, 2026-01-31T12:00", narrows=True),
    "before": Field(ask=_before, form="2h, 7d, 2026-01-31T12:00", narrows=True),
    "size": Field(ask=_size, form=">1MB, <10k, 1k..2k", narrows=True),
    "method": Field(ask=_method, form="PUT"),
    "path": Field(ask=_path, form="/hooks, /hooks/*"),
    "id": Field(ask=_id, form="01JD8Z, a beginning of hookcli's id or the provider's"),
    "hook": Field(ask=_text("hook_id"), form="581204417"),
    "attempt": Field(ask=lambda value, _: _compared("attempt", value, _whole), form=">1", narrows=True),
    "remote": Field(ask=_remote, form="127.0.0.1, 192.0.2.0/24"),
}
"""The fields by name. `header.NAME` is one, too: the name is a part of it."""


def teach(connection: sqlite3.Connection) -> None:
    """Give a connection the functions that conditions call."""
    connection.create_function("header_values", 2, _header_values, deterministic=True)
    connection.create_function("in_network", 2, _in_network, deterministic=True)


def _header_values(blob: bytes, name: str) -> str:
    """The values of a header as a JSON list, for json_each."""
    return json.dumps([storable(value) for value in headers_from_blob(blob).get_all(name)])


def _in_network(address: str, network: str) -> bool:
    try:
        return ip_address(address.partition("%")[0]) in ip_network(network)
    except ValueError:
        return False
