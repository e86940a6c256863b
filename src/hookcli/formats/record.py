"""hookcli's JSON: one object a delivery, on one line. What the keys mean stands in the README; they are kept stable.

A body that is UTF-8 is `body`, any other is `body_base64`. Bytes in a header or a target that are no UTF-8 become
lone surrogates (`\\udc80` to `\\udcff`), which reading turns back.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, get_args

from hookcli.delivery import Delivery, Headers, Identity, Message, Verdict, VerdictState, to_unicode, to_wire
from hookcli.errors import WrongInput

if TYPE_CHECKING:
    from hookcli.delivery import Attempt
    from hookcli.store.rows import Stored

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_TARGET = re.compile(r"[^\0-\x20\x7f]+")
_VERSION = re.compile(r"\d(?:\.\d)?")
_VALUE = re.compile(r"[^\0\r\n]*")
"""What can stand in a request line and in a header: anything else would be another message on the wire."""


def record(
    delivery: Delivery, status: int | None, *, answer: str | None = None, repeats: str | None = None
) -> dict[str, Any]:
    """The object for a delivery; `status` is what was answered, `answer` of what kind, `repeats` as in Stored."""
    identity = delivery.identity
    return {
        "id": delivery.id,
        "received_at": timestamp(delivery.received_at),
        "method": delivery.method,
        "target": delivery.target,
        "http_version": delivery.http_version,
        "remote": delivery.remote,
        "headers": [[name, value] for name, value in delivery.headers],
        **body_field(delivery.body),
        "size": len(delivery.body),
        "provider": identity.provider,
        "event": identity.event,
        "action": identity.action,
        "delivery_id": identity.delivery_id,
        "attempt": identity.attempt,
        "hook_id": identity.hook_id,
        "is_ping": identity.is_ping,
        "carries": asdict(identity.carries) if identity.carries else None,
        "summary": delivery.summary,
        "verdict": verdict_record(delivery.verdict),
        "status": status,
        "answer": answer,
        "repeats": repeats,
    }


def verdict_record(verdict: Verdict) -> dict[str, str | None]:
    """The object for a verdict."""
    return {
        "state": verdict.state,
        "scheme": verdict.scheme,
        "header": verdict.header,
        "detail": verdict.detail,
    }


def attempt_record(attempt: Attempt) -> dict[str, Any]:
    """The object for an attempt; `elapsed` in seconds."""
    return {
        "url": attempt.url,
        "started_at": timestamp(attempt.started_at),
        "elapsed": round(attempt.elapsed, 6),
        "status": attempt.status,
        "error": attempt.error,
        "headers": [[name, value] for name, value in attempt.headers],
        **body_field(attempt.body),
    }


def body_field(body: bytes) -> dict[str, str]:
    """`body` or `body_base64`."""
    try:
        return {"body": body.decode()}
    except UnicodeDecodeError:
        return {"body_base64": base64.b64encode(body).decode()}


def line(delivery: Delivery, status: int | None, *, answer: str | None = None, repeats: str | None = None) -> str:
    """The object as one line of NDJSON, in ASCII."""
    return json.dumps(record(delivery, status, answer=answer, repeats=repeats))


def stored_line(stored: Stored) -> str:
    """The object of a delivery in the store as one line of NDJSON, in ASCII."""
    answer = None if stored.status is None else stored.answer
    return line(stored.delivery, stored.status, answer=answer, repeats=stored.repeats)


def timestamp(moment: datetime) -> str:
    """A moment in RFC 3339, UTC, with microseconds."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def looks_like(value: object) -> bool:
    """Whether a JSON value is such an object."""
    return isinstance(value, dict) and {"method", "target", "headers"} <= value.keys()


def read(value: dict[str, Any], name: str = "the file") -> Message:
    """The message in such an object; a Delivery where it has an id. Raises WrongInput where a field is not right."""
    try:
        parts: dict[str, Any] = {
            "method": _fitting(_TOKEN, "method", value["method"]),
            "target": _fitting(_TARGET, "target", value["target"]),
            "http_version": _fitting(_VERSION, "http_version", value.get("http_version", "1.1")),
            "headers": Headers(map(_header, value["headers"])),
            "body": _body(value),
        }
        if "id" not in value or "received_at" not in value:
            return Message(**parts)
        return Delivery(
            **parts,
            id=str(value["id"]),
            received_at=_moment(value["received_at"]),
            remote=to_unicode(str(value.get("remote", ""))),
            summary=str(value.get("summary", "")),
            identity=_identity(value),
            verdict=_verdict(value.get("verdict", {})),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        what = f"{name} looks like hookcli's JSON, but a field is not as it should be: {error}."
        raise WrongInput(what, "`hookcli show ID --json` prints the form.") from error


def status_of(value: object) -> int | None:
    """An HTTP status as JSON tells it, as a number or in digits; None where it is none."""
    text = str(value)
    return int(text) if re.fullmatch(r"[1-9]\d\d", text, re.ASCII) else None


def is_token(text: str) -> bool:
    """Whether a method or a header's name can be this."""
    return _TOKEN.fullmatch(text) is not None


def is_target(text: str) -> bool:
    """Whether a request target can be this."""
    return _TARGET.fullmatch(text) is not None


def is_header(name: str, value: str) -> bool:
    """Whether this can be a line of a head."""
    return is_token(name) and _VALUE.fullmatch(value) is not None


def _fitting(form: re.Pattern[str], field: str, text: object) -> str:
    if not isinstance(text, str) or form.fullmatch(text) is None:
        what = f"{field} is {text!r}"
        raise ValueError(what)
    to_wire(text)
    return text


def _header(pair: object) -> tuple[str, str]:
    match pair:
        case [name, text]:
            return _fitting(_TOKEN, "a header's name", name), _fitting(_VALUE, f"the header {name}", text)
    what = f"a header is {pair!r}, not [name, value]"
    raise ValueError(what)


def _body(value: dict[str, Any]) -> bytes:
    if "body_base64" not in value:
        return str.encode(value.get("body", ""))
    try:
        return base64.b64decode(value["body_base64"], validate=True)
    except ValueError as error:
        what = f"body_base64 is no base64 ({error})"
        raise ValueError(what) from error


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _verdict(value: dict[str, Any]) -> Verdict:
    verdict = Verdict(**value)
    if verdict.state not in get_args(VerdictState):
        what = f"the verdict's state is {verdict.state!r}"
        raise ValueError(what)
    for name in ("scheme", "header", "detail"):
        _word(name, value.get(name))
    return verdict


def _identity(value: dict[str, Any]) -> Identity:
    inner = value.get("carries")
    attempt = value.get("attempt")
    if attempt is not None and not isinstance(attempt, int):
        what = f"attempt is {attempt!r}"
        raise ValueError(what)
    return Identity(
        provider=_word("provider", value.get("provider")) or "unknown",
        is_ping=bool(value.get("is_ping")),
        attempt=attempt,
        carries=_identity(inner) if inner else None,
        **{name: _word(name, value.get(name)) for name in ("event", "action", "delivery_id", "hook_id")},
    )


def _word(name: str, value: object) -> str | None:
    if value is not None and not isinstance(value, str):
        what = f"{name} is {value!r}"
        raise ValueError(what)
    return value
