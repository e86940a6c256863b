"""The argo-events envelope: a delivery as an event of a webhook event source.

Source: argoproj/argo-events, pkg/apis/events/events.go (the context) and eventsources/sources/webhook (the data).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hookcli.formats.record import timestamp
from hookcli.reading import Reading

if TYPE_CHECKING:
    from hookcli.delivery import Delivery


def envelope(delivery: Delivery) -> dict[str, Any]:
    """The envelope of a delivery: its id and time as the context's, headers and body as the data.

    A body that is not JSON stands in it as a string.
    """
    headers: dict[str, list[str]] = {}
    for name, value in delivery.headers:
        headers.setdefault(name, []).append(value)
    payload = Reading(delivery).payload
    body = payload if payload is not None else delivery.body.decode("utf-8", "replace")
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
        "data": {"header": headers, "body": body},
    }


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
