"""A delivery as a CloudEvent: structured (one JSON object) or binary (an HTTP message with ce- headers).

A delivery that is a CloudEvent already keeps its attributes; of any other they say: type `com.PROVIDER.EVENT.ACTION`,
source `/hookcli/PROVIDER`, the provider's id for it (else hookcli's), the moment it came, and its body as the data.
Sources, in cloudevents/spec: `spec.md` (attributes), `formats/json-format.md` (data, data_base64) and
`bindings/http-protocol-binding.md` (the modes, percent-encoding).
"""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from hookcli.delivery import Headers, Message, to_unicode
from hookcli.formats.form import Found
from hookcli.formats.http_file import write as http_message
from hookcli.formats.record import timestamp
from hookcli.formats.told import framed, moment_of
from hookcli.reading import Reading, parse_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hookcli.delivery import Delivery
    from hookcli.formats.form import File, Kept

STRUCTURED = "application/cloudevents+json"
_REQUIRED = ("specversion", "id", "source", "type")
_ATTRIBUTE = re.compile(r"ce-([a-z0-9]+)")
_IS_JSON = re.compile(r"[^/]+/([^;+]+\+)?json\b", re.IGNORECASE)
_ENCODED = re.compile(r"[^!#-$&-~]")
"""What a header's value has percent-encoded: blanks, quotes, percent signs, and what is no printable ASCII."""


def write_structured(kept: Sequence[Kept]) -> bytes:
    """The event as JSON; JSON data in it keep their own layout."""
    delivery = kept[0].delivery
    body = Reading(delivery).content
    if _is_event(parse_json(body)):
        return body if body.endswith(b"\n") else body + b"\n"
    attributes = _attributes(delivery)
    mime = str(attributes.get("datacontenttype") or "")
    written = json.dumps(attributes, ensure_ascii=False, indent=2).removesuffix("\n}")
    if body:
        written += f",\n  {_data(body, mime)}"
    return written.encode("utf-8", "replace") + b"\n}\n"


def write_binary(kept: Sequence[Kept]) -> bytes:
    """The event as an HTTP message."""
    delivery = kept[0].delivery
    if _is_event(parse_json(delivery.body)) or "ce-specversion" in delivery.headers:
        return http_message(delivery)
    attributes = _attributes(delivery)
    mime = attributes.pop("datacontenttype", None)
    kinds = [("Content-Encoding", coding) for coding in delivery.headers.get_all("content-encoding")]
    headers = [
        ("Host", delivery.headers.get("host", "localhost")),
        *((f"ce-{name}", _ENCODED.sub(lambda one: quote(one[0]), value)) for name, value in attributes.items()),
        *([("Content-Type", mime)] if mime else []),
        *kinds,
        ("Content-Length", str(len(delivery.body))),
    ]
    return http_message(Message(target=delivery.target, headers=Headers(headers), body=delivery.body))


def recognise(file: File) -> bool:
    """Whether it is an event, or some of them."""
    return bool(file.items) and all(_is_event(item) for item in file.items)


def read(file: File) -> list[Found]:
    """Each event as the message of structured mode that brings it."""
    alone = len(file.items) == 1 and file.items is file.values
    return [
        Found(
            message=framed(
                "POST",
                "/",
                [("Content-Type", f"{STRUCTURED}; charset=utf-8")],
                file.data if alone else json.dumps(item, ensure_ascii=False).encode("utf-8", "replace"),
            ),
            received_at=moment_of(item.get("time")),
        )
        for item in file.items
    ]


def _is_event(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(value.get(name), str) for name in _REQUIRED)


def _attributes(delivery: Delivery) -> dict[str, str]:
    """The attributes in the order of the specification; Content-Type says the type of the data."""
    mime = to_unicode(delivery.headers.get("content-type", ""))
    given = {
        match[1]: to_unicode(unquote(value))
        for name, value in delivery.headers
        if (match := _ATTRIBUTE.fullmatch(name.lower()))
    }
    if "specversion" in given:
        return {**given, **({"datacontenttype": mime} if mime else {})}
    identity = delivery.identity
    words = [identity.provider, identity.event or "delivery", *([identity.action] if identity.action else [])]
    return {
        "specversion": "1.0",
        "id": identity.delivery_id or delivery.id,
        "source": f"/hookcli/{identity.provider}",
        "type": ".".join(["com", *(re.sub(r"[^\w.-]+", "_", word) for word in words)]),
        "time": timestamp(delivery.received_at),
        **({"datacontenttype": mime or "application/octet-stream"} if mime or not _is_json(delivery) else {}),
    }


def _is_json(delivery: Delivery) -> bool:
    return parse_json(delivery.body) is not None


def _data(body: bytes, mime: str) -> str:
    """The member for the data. Without a type they are JSON; text that JSON is expected of stands as bytes."""
    json_expected = not mime or _IS_JSON.match(mime) is not None
    try:
        text = body.decode("utf-8-sig" if json_expected else "utf-8")
    except UnicodeDecodeError:
        text = ""
    if json_expected and _whole(text):
        return f'"data": {text.strip()}'
    if text and not json_expected:
        return f'"data": {json.dumps(text, ensure_ascii=False)}'
    return f'"data_base64": "{base64.b64encode(body).decode()}"'


def _whole(text: str) -> bool:
    """Whether it is JSON as every reader takes it: Python's also takes NaN."""

    def refuse(constant: str) -> Any:  # noqa: ANN401 (it never returns)
        raise ValueError(constant)

    try:
        json.loads(text, parse_constant=refuse)
    except (ValueError, RecursionError):
        return False
    return True
