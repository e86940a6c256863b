"""What a signature speaks for, as a template over the message; and putting a claim into the message."""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import quote

from hookcli.delivery import to_wire
from hookcli.reading import Json, Place, Reading, as_word, place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hookcli.delivery import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningFacts:
    """What a signature may speak for besides the message: seconds since 1970, the delivery id, the public URL."""

    timestamp: float = 0.0
    id: str = ""
    url: str | None = None


def public_url(message: Message) -> str:
    """The URL that the sender called, as far as the message itself tells (Host, X-Forwarded-Proto and -Host)."""
    headers = message.headers
    host = headers.get("x-forwarded-host") or headers.get("host") or "localhost"
    scheme = headers.get("x-forwarded-proto", "http").partition(",")[0].strip()
    return message.target if "://" in message.target else f"{scheme}://{host}{message.target}"


_PLACEHOLDER = re.compile(r"\{([\w.:*-]+)(\?)?\}")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_BRACES = re.compile(r"\{([^{}]*)\}")
WORDS = ("body", "body_md5", "crc32", "timestamp", "id", "url", "method", "target", "secret", "form")


def check_template(template: str) -> None:
    """Raise ValueError where a template of signed bytes has something in braces that it does not know."""
    for name in _BRACES.findall(template):
        if ":" in name and _PLACEHOLDER.fullmatch(f"{{{name}}}"):
            place(name.removesuffix("?"))
        elif name not in WORDS:
            message = f"what is signed knows no {{{name}}}: write one of {', '.join(WORDS)}, or a place"
            raise ValueError(message)
    if {"{", "}"} & set(_BRACES.sub("", template)):
        message = "a brace stands alone"
        raise ValueError(message)


def signed_bytes(template: str, reading: Reading, key: bytes, facts: SigningFacts, timestamp: str) -> bytes | None:
    """The bytes that a signature speaks for.

    A template is text with {body} {body_md5} (in hex) {crc32} (of the body, in decimal) {timestamp} {id} {url} {method}
    {target} {secret} {form} (names and values, sorted, each pair once, run together) and {KIND:NAME} for any place.
    None where a part of it is not there, as the form is where the body is none, unless it may be absent: {KIND:NAME?}
    is empty then, and what is in [brackets] is left out alone.
    """
    if template == "{body}":
        return reading.message.body
    out = bytearray()
    for number, part in enumerate(_parts(template)):
        data = _filled(part, reading, key, facts, timestamp)
        if data is not None:
            out += data
        elif number % 2 == 0:
            return None
    return bytes(out)


@cache
def _parts(template: str) -> tuple[str, ...]:
    """The required and the optional parts in turns."""
    return tuple(_OPTIONAL.split(template))


def _filled(template: str, reading: Reading, key: bytes, facts: SigningFacts, timestamp: str) -> bytes | None:
    message = reading.message
    out = bytearray()
    end = 0
    for match in _PLACEHOLDER.finditer(template):
        out += to_wire(template[end : match.start()])
        end = match.end()
        name = match[1]
        if name == "body":
            out += message.body
        elif name == "body_md5":
            out += hashlib.md5(message.body, usedforsecurity=False).hexdigest().encode()
        elif name == "crc32":
            out += str(zlib.crc32(message.body)).encode()
        elif name == "secret":
            out += key
        elif name == "form":
            if message.body and not reading.form:
                return None
            out += to_wire("".join(f"{k}{v}" for k, v in sorted(set(reading.form_pairs))))
        elif ":" in name:
            word = as_word(reading.value(place(name)))
            if word is None and not match[2]:
                return None
            out += to_wire(word or "")
        else:
            out += to_wire(_fact(name, message, facts, timestamp))
    return bytes(out + to_wire(template[end:]))


def _fact(name: str, message: Message, facts: SigningFacts, timestamp: str) -> str:
    words = {
        "timestamp": timestamp,
        "id": facts.id,
        "url": facts.url or public_url(message),
        "method": message.method,
        "target": message.target,
    }
    if name not in words:
        error = f"a signed template knows no {{{name}}}"
        raise ValueError(error)
    return words[name]


def put(message: Message, where: Place, value: str) -> Message:
    """The message with a header, a field of the query, or a value of a JSON body set (which is written anew)."""
    if where.kind == "header":
        return replace(message, headers=message.headers.with_header(where.name, value))
    if where.kind == "query":
        path, _, query = message.target.partition("?")
        kept = [part for part in query.split("&") if part and part.partition("=")[0] != where.name]
        query = "&".join([*kept, f"{where.name}={quote(value, safe='')}"])
        return replace(message, target=f"{path}?{query}")
    if where.kind == "body":
        payload = Reading(message).payload
        if _set(payload, where.name.split("."), value):
            text = json.dumps(payload, separators=(",", ":"), ensure_ascii=False)
            # Halves of surrogate pairs, which JSON can hold and UTF-8 can't, become the escapes that they came as.
            return with_body(message, text.encode("utf-8", "backslashreplace"))
    return message


def _set(holder: Json, steps: list[str], value: str) -> bool:
    """Set what stands at the end of the steps, in each of a list for `*`; whether there was a place for it."""
    step, *rest = steps
    if isinstance(holder, list):
        every: Iterable[Json] = holder if step == "*" else holder[int(step) :][:1] if step.isdecimal() else ()
        done = [_set(one, rest, value) for one in every if rest]
        return any(done)
    if not isinstance(holder, dict):
        return False
    if rest:
        return _set(holder.setdefault(step, [{}] if rest[0] == "*" else {}), rest, value)
    holder[step] = value
    return True


def with_body(message: Message, body: bytes) -> Message:
    """The message with another body, its length told."""
    headers = message.headers
    if "content-length" in headers:
        headers = headers.with_header("Content-Length", str(len(body)))
    return replace(message, body=body, headers=headers)
