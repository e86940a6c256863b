"""The timestamps that may have been signed where another one is told, or none."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from hookcli.delivery import Delivery
from hookcli.signing.mistakes import Mistake
from hookcli.signing.schemes import where_it_stands_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hookcli.reading import Reading
    from hookcli.signing.schemes import Signature

AROUND_ARRIVAL = 300
"""Seconds before and after the arrival within which a timestamp that was lost or changed is looked for."""

UNCHANGED = "Let the proxy pass on the headers that it does not know, unchanged."
AS_SENT = "Sign the timestamp letter for letter as it is sent."

_SECONDS = re.compile(r"\d{9,11}", re.ASCII)
_MILLISECONDS = re.compile(r"\d{12,14}", re.ASCII)
_DATED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S*", re.ASCII)


def moment_variants(scheme: Signature, claim: str, reading: Reading) -> Iterator[tuple[Mistake, str]]:
    """Other forms of the timestamp, and the timestamps that stand elsewhere in the message."""
    if not scheme.timestamp:
        return
    told = scheme.claimed_timestamp(claim, reading)
    where = where_it_stands_in(scheme.timestamp)
    seen = {told}
    for other, what, fix in _others(scheme, claim, reading, told, where):
        if other not in seen:
            seen.add(other)
            yield Mistake(f"the timestamp {other}, {what}", fix), other


def around_arrival(scheme: Signature, claim: str, reading: Reading) -> Iterator[tuple[Mistake, str]]:
    """The timestamps that a sender may have had just then, the nearest first; none where the arrival is not known."""
    if not scheme.timestamp or scheme.milliseconds or not isinstance(reading.message, Delivery):
        return
    told = scheme.claimed_timestamp(claim, reading)
    where = where_it_stands_in(scheme.timestamp)
    what = f"which {where} has lost on its way" if told is None else f"where {where} has {told}"
    arrived = reading.message.received_at
    for apart in sorted(range(-AROUND_ARRIVAL, AROUND_ARRIVAL + 1), key=abs):
        moment = _written(arrived + timedelta(seconds=apart), rfc3339=scheme.rfc3339)
        if moment != told:
            yield Mistake(f"the timestamp {moment}, {what}", UNCHANGED), moment


def _written(moment: datetime, *, rfc3339: bool) -> str:
    if rfc3339:
        return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return str(int(moment.timestamp()))


def _others(
    scheme: Signature, claim: str, reading: Reading, told: str | None, where: str
) -> Iterator[tuple[str, str, str]]:
    if told:
        yield from ((other, f"{what}; {where} has {told}", AS_SENT) for other, what in _forms(told))
    if scheme.timestamp.startswith("pair:"):
        apart = re.search(rf"(?<!\w){re.escape(where)}([^,;&\s]+)", claim)
        if apart:
            yield apart[1], f"which {where} tells, but not as {scheme.pair}= and {where} are written", AS_SENT
    instead = f"not that of {where}"
    for name, value in reading.message.headers:
        found = value.strip()
        if name.lower() == "date":
            yield found, f"the header Date, {instead}", AS_SENT
            try:
                moment = parsedate_to_datetime(found)
            except ValueError:
                continue
            yield _written(moment, rfc3339=scheme.rfc3339), f"the moment in the header Date, {instead}", AS_SENT
        elif any(form.fullmatch(found) for form in (_SECONDS, _MILLISECONDS, _DATED)):
            yield found, f"which the header {name} tells, {instead}", AS_SENT


def _forms(told: str) -> Iterator[tuple[str, str]]:
    """The same moment in another unit or form."""
    if _SECONDS.fullmatch(told):
        yield f"{told}000", "in milliseconds"
        yield f"{told}.0", "with a decimal point"
        yield _written(datetime.fromtimestamp(int(told), UTC), rfc3339=True), "as a date and time"
    elif _MILLISECONDS.fullmatch(told):
        yield told[:-3], "in seconds"
    elif _DATED.fullmatch(told):
        try:
            moment = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", told))
        except ValueError:
            return
        yield _written(moment, rfc3339=False), "in seconds since 1970"
        yield _written(moment, rfc3339=True), "without parts of a second"
