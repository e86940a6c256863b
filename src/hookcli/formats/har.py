"""HAR 1.2: what browsers, proxies and API tools keep their traffic in.

Source: the HTTP Archive format, version 1.2 (Jan Odvarko), and har-schema, its JSON Schema. A request's body that is no
text stands as base64 under `encoding`, as in a response; names of our own begin with an underscore, as the format
wants. What HAR can't hold is a byte in a header that is no UTF-8: U+FFFD stands for it.
"""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from hookcli import __version__
from hookcli.delivery import Headers, to_unicode
from hookcli.formats.form import Found
from hookcli.formats.record import body_field, status_of, timestamp
from hookcli.formats.told import framed, moment_of
from hookcli.reading import field_pairs
from hookcli.wire import KEPT_BODY

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hookcli.delivery import Delivery, Message
    from hookcli.formats.form import File, Kept

_FORM = "application/x-www-form-urlencoded"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "CONNECT"})
"""Methods of a browser's other traffic, which is left out where there is something else."""


def write(kept: Sequence[Kept]) -> bytes:
    """The deliveries as one archive."""
    log = {
        "version": "1.2",
        "creator": {"name": "hookcli", "version": __version__},
        "entries": [_entry(one) for one in kept],
    }
    return json.dumps({"log": log}, ensure_ascii=False, indent=2).encode("utf-8", "replace") + b"\n"


def recognise(file: File) -> bool:
    """Whether it is an archive."""
    return [isinstance(value, dict) and isinstance(_log(value).get("entries"), list) for value in file.values] == [True]


def read(file: File) -> list[Found]:
    """The requests of an archive; of a browser's those that are no mere look-ups, if there are any."""
    log = _log(file.values[0])
    entries = log["entries"]
    if (log.get("creator") or {}).get("name") != "hookcli":
        entries = [entry for entry in entries if entry["request"]["method"].upper() not in _SAFE] or entries
    return [_found(entry) for entry in entries]


def _log(value: dict[str, Any]) -> dict[str, Any]:
    log = value.get("log")
    return log if isinstance(log, dict) else {}


def _entry(kept: Kept) -> dict[str, Any]:
    delivery = kept.delivery
    sent_on = next((made for made in reversed(kept.attempts) if made.kind == "forward" and made.status), None)
    elapsed = round(sent_on.elapsed * 1000, 3) if sent_on else 0
    if sent_on is not None:
        whole = len(sent_on.body) < KEPT_BODY
        response = _response(sent_on.status or 0, sent_on.headers, sent_on.body, whole=whole)
    else:
        response = _response(kept.status or 0, Headers(), b"", whole=True)
    return {
        "startedDateTime": timestamp(delivery.received_at),
        "time": elapsed,
        "request": _request(delivery),
        "response": response,
        "cache": {},
        "timings": {"send": 0, "wait": elapsed, "receive": 0},
        "_hookcli": {
            "id": delivery.id,
            "remote": delivery.remote,
            "target": to_unicode(delivery.target),
            "provider": delivery.identity.provider,
            "event": delivery.identity.event,
            "status": kept.status,
        },
    }


def _request(delivery: Delivery) -> dict[str, Any]:
    mime = delivery.headers.get("content-type", "")
    post = {"postData": {"mimeType": to_unicode(mime), **_text(delivery.body)}} if delivery.body else {}
    return {
        "method": delivery.method,
        "url": _url(delivery),
        "httpVersion": f"HTTP/{delivery.http_version}",
        "cookies": [
            {"name": to_unicode(name.strip()), "value": to_unicode(value)}
            for line in delivery.headers.get_all("cookie")
            for name, sign, value in (part.partition("=") for part in line.split(";"))
            if sign
        ],
        "headers": _pairs(delivery.headers),
        "queryString": _pairs(field_pairs(delivery.target.partition("?")[2])),
        **post,
        "headersSize": -1,
        "bodySize": len(delivery.body),
    }


def _url(message: Message) -> str:
    """The URL that was called, as far as the message tells."""
    proto = message.headers.get("x-forwarded-proto", "").strip().lower()
    scheme = proto if proto in {"http", "https"} else "http"
    target = message.target if message.target.startswith("/") else "/"
    return to_unicode(f"{scheme}://{message.headers.get('host') or 'localhost'}{target}")


def _response(status: int, headers: Headers, body: bytes, *, whole: bool) -> dict[str, Any]:
    known = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else ""
    content = {"size": len(body), "mimeType": to_unicode(headers.get("content-type", "")), **_text(body)}
    return {
        "status": status,
        "statusText": known,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(headers),
        "content": content,
        "redirectURL": to_unicode(headers.get("location", "")),
        "headersSize": -1,
        "bodySize": len(body) if whole else -1,
    }


def _text(body: bytes) -> dict[str, str]:
    told = body_field(body)
    return {"text": told["body"]} if "body" in told else {"text": told["body_base64"], "encoding": "base64"}


def _pairs(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": to_unicode(name), "value": to_unicode(value)} for name, value in pairs]


def _found(entry: dict[str, Any]) -> Found:
    request, ours = entry["request"], dict(entry.get("_hookcli") or {})
    parts = urlsplit(request["url"])
    headers = [(str(pair["name"]), str(pair["value"])) for pair in request["headers"]]
    if not any(name.lower() == "host" for name, _ in headers):
        # HTTP/2 has `:authority` instead, which the URL says again.
        headers.insert(0, ("Host", parts.netloc.rpartition("@")[2]))
    target = ours.get("target") or (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    version = str(request.get("httpVersion")).removeprefix("HTTP/")
    message = framed(request["method"], target, headers, _body(request.get("postData") or {}))
    status = ours["status"] if "status" in ours else (entry.get("response") or {}).get("status")
    return Found(
        message=replace(message, http_version=version) if version in {"1.0", "1.1"} else message,
        received_at=moment_of(entry.get("startedDateTime")),
        remote=str(ours.get("remote", "")),
        status=status_of(status),
        id=str(ours["id"]) if "id" in ours else None,
    )


def _body(post: dict[str, Any]) -> bytes:
    text = post.get("text")
    if text:
        is_base64 = "base64" in (post.get("encoding"), post.get("_encoding"))
        return base64.b64decode(text, validate=True) if is_base64 else str.encode(text)
    if str(post.get("mimeType", "")).startswith(_FORM):
        return urlencode([(pair["name"], pair.get("value", "")) for pair in post.get("params") or []]).encode()
    return b""
