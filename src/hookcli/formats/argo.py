"""The argo-events envelope: a delivery as an event of a webhook event source.

Source: argoproj/argo-events, pkg/apis/events/events.go (the context) and eventsources/sources/webhook (the data);
Go's net/http and net/textproto for the headers: their names are rewritten, and Host is none of them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from hookcli.formats.record import timestamp
from hookcli.reading import Reading

if TYPE_CHECKING:
    from hookcli.delivery import Delivery


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


def write(delivery: Delivery) -> bytes:
    """The envelope as JSON."""
    return json.dumps(envelope(delivery), ensure_ascii=False).encode("utf-8", "replace")


def looks_like(value: object) -> bool:
    """Whether a JSON value is such an envelope."""
    return (
        isinstance(value, dict)
        and isinstance(value.get("context"), dict)
        and isinstance(value.get("data"), dict)
        and "specversion" in value["context"]
        and isinstance(value["data"].get("header"), dict)
    )
