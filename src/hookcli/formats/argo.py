"""The argo-events envelope: a delivery as an event of a webhook event source.

Source: argoproj/argo-events, pkg/apis/events/events.go (the context) and eventsources/sources/webhook (the data);
Go's net/http and net/textproto for the headers: their names are rewritten, and Host is none of them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from hookcli.delivery import Headers, Message
from hookcli.errors import WrongInput
from hookcli.formats.form import Found
from hookcli.formats.record import timestamp
from hookcli.formats.told import moment_of
from hookcli.providers.argo_events import carried
from hookcli.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hookcli.delivery import Delivery
    from hookcli.formats.form import File, Kept


def envelope(delivery: Delivery) -> dict[str, Any]:
    """The envelope of a delivery: its id and time as the context's, headers and body as the data."""
    headers: dict[str, list[str]] = {}
    for name, value in delivery.headers.without(["host"]):
        headers.setdefault(_as_go_writes(name), []).append(value)
    return {
        "context": {
            "id": delivery.id,
            "source": "hookcli",
            "specversion": "1.0",
            "type": "webhook",
            "datacontenttype": "application/json",
            "subject": delivery.identity.provider,
            "time": timestamp(delivery.received_at),
        },
        "data": {"header": headers, "body": _body(Reading(delivery))},
    }


def _as_go_writes(name: str) -> str:
    return "-".join(part.capitalize() for part in name.split("-"))


def _body(reading: Reading) -> Any:  # noqa: ANN401 (JSON)
    """The JSON; a form, or the query of a GET, as lists of values; anything else as a string."""
    if reading.form:
        return parse_qs(reading.content.decode("utf-8", "replace"), keep_blank_values=True)
    if reading.message.method == "GET":
        return parse_qs(reading.message.target.partition("?")[2], keep_blank_values=True)
    payload = reading.payload
    return payload if payload is not None else reading.content.decode("utf-8", "replace")


def write(kept: Sequence[Kept]) -> bytes:
    """The envelope as JSON."""
    return json.dumps(envelope(kept[0].delivery), ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def looks_like(value: object) -> bool:
    """Whether a JSON value is such an envelope."""
    return (
        isinstance(value, dict)
        and isinstance(value.get("context"), dict)
        and isinstance(value.get("data"), dict)
        and "specversion" in value["context"]
        and isinstance(value["data"].get("header"), dict)
    )


def recognise(file: File) -> bool:
    """Whether it is an envelope, or some of them."""
    return bool(file.items) and all(looks_like(item) for item in file.items)


def read(file: File) -> list[Found]:
    """The deliveries inside. Raises WrongInput where there is none in one."""
    return [
        Found(message=_carried(item, file.name), received_at=moment_of(item["context"].get("time")))
        for item in file.items
    ]


def _carried(item: dict[str, Any], name: str) -> Message:
    body = json.dumps(item, ensure_ascii=False).encode("utf-8", "surrogatepass")
    inner = carried(Reading(Message(body=body, headers=Headers([("Content-Type", "application/json")]))))
    if inner is None:
        what = f"{name} is an argo-events envelope without a delivery in it."
        raise WrongInput(what, "Only events of a webhook source carry one; send this one with --provider argo-events.")
    return inner
