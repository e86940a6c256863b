"""The mistakes that people make with a secret, a body or a URL: each as what would then be signed, and in words.

Every function yields variants that differ from what it was given, the likelier ones first.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import json
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, unquote, urlencode, urlsplit

from hookcli.delivery import to_text, to_wire
from hookcli.reading import Reading, parse_json
from hookcli.signing.schemes import WEBHOOK_SECRET_PREFIX
from hookcli.signing.template import public_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hookcli.delivery import Message

RAW_BODY = (
    "Check the signature over the raw bytes of the body, before anything parses it: in Flask request.get_data(), in "
    "Django request.body, in FastAPI await request.body(), in aiohttp await request.read(), in Express express.raw(), "
    "in Rails request.raw_post, in Go io.ReadAll(r.Body)."
)
KEEP_BYTES = "Something on the way rewrites the body (a proxy, an editor, a copy and paste): let it keep every byte."
TRIM = "Take it off where it is: write a secret to a file with `printf %s`, not `echo`, and strip what you read."
SAME_FORM = "Write the secret in the same form on both sides."
PUBLIC_URL = "Give the receiver the URL that the provider was told, not the one that it sees behind its proxy (--url)."

_BOM = b"\xef\xbb\xbf"


class Mistake(NamedTuple):
    """What went wrong, as the rest of a sentence that begins with "The signature holds for", and what to do."""

    what: str
    fix: str


def secret_variants(secret: str) -> Iterator[tuple[Mistake, bytes]]:
    """The keys that people make of a secret by mistake."""
    seen = {to_wire(secret)}
    for key, mistake in _secrets(secret):
        if key and key not in seen:
            seen.add(key)
            yield mistake, key


def _secrets(secret: str) -> Iterator[tuple[bytes, Mistake]]:
    plain = to_wire(secret)
    yield plain.rstrip(b"\r\n"), Mistake("the secret without the line end behind it", TRIM)
    yield plain.strip(), Mistake("the secret without the blanks around it", TRIM)
    for end, name in ((b"\n", "a newline"), (b"\r\n", "a Windows line end"), (b" ", "a blank")):
        yield plain + end, Mistake(f"the secret with {name} behind it: the sender has one there", TRIM)
    yield b" " + plain, Mistake("the secret with a blank before it: the sender has one there", TRIM)
    yield plain.strip().strip(b"'\""), Mistake("the secret without the quotes around it", TRIM)
    for mark in (b'"', b"'"):
        yield mark + plain + mark, Mistake("the secret with quotes around it: the sender has them as part of it", TRIM)
    bare = secret.strip().removeprefix(WEBHOOK_SECRET_PREFIX)
    yield to_wire(bare), Mistake(f"the secret without {WEBHOOK_SECRET_PREFIX}, but not decoded", SAME_FORM)
    for key, form in _decoded(bare):
        yield key, Mistake(f"the secret decoded from {form}", SAME_FORM)
    yield base64.b64encode(plain), Mistake("the secret encoded in base64: the sender uses the encoded text", SAME_FORM)
    yield plain.hex().encode(), Mistake("the secret encoded in hex: the sender uses the encoded text", SAME_FORM)
    yield to_wire(unquote(secret)), Mistake("the secret with its percent-encoding undone", SAME_FORM)
    yield quote(plain, safe="").encode(), Mistake("the secret percent-encoded", SAME_FORM)
    yield to_wire(secret.partition("=")[2]), Mistake("the part of the secret behind the first `=`", SAME_FORM)
    yield to_wire(secret.lower()), Mistake("the secret in lower case", SAME_FORM)
    yield to_wire(secret.upper()), Mistake("the secret in upper case", SAME_FORM)


def _decoded(secret: str) -> Iterator[tuple[bytes, str]]:
    padded = secret + "=" * (-len(secret) % 4)
    for decode, text, form in (
        (base64.b64decode, padded, "base64"),
        (base64.urlsafe_b64decode, padded, "base64url"),
        (bytes.fromhex, secret, "hex"),
    ):
        with suppress(ValueError, binascii.Error):
            yield decode(text), form


def body_variants(message: Message) -> Iterator[tuple[Mistake, bytes]]:
    """The bodies that may have been signed where this one came."""
    seen = {message.body}
    for body, mistake in _bodies(message):
        if body not in seen:
            seen.add(body)
            yield mistake, body


def _bodies(message: Message) -> Iterator[tuple[bytes, Mistake]]:
    body, reading = message.body, Reading(message)
    yield from _line_ends(body)
    if body.startswith(_BOM):
        yield body.removeprefix(_BOM), Mistake("the body without the byte order mark before it", KEEP_BYTES)
    else:
        yield _BOM + body, Mistake("the body with a byte order mark before it, which got lost", KEEP_BYTES)
    if reading.content != body:
        yield reading.content, Mistake("the body unpacked: it was packed after it was signed", KEEP_BYTES)
    for name, value in reading.form.items():
        if name == "payload":
            yield to_wire(value), Mistake("the JSON in the form's `payload`, not the form itself", RAW_BODY)
    if reading.form:
        again = urlencode(reading.form)
        yield again.encode(), Mistake("the form encoded anew", RAW_BODY)
        yield again.replace("+", "%20").encode(), Mistake("the form encoded anew, with %20 for blanks", RAW_BODY)
        yield to_wire(unquote(to_text(body))), Mistake("the form with its percent-encoding undone", RAW_BODY)
    elif body[:1] == b"{":
        for packed in (urlencode({"payload": body}), f"payload={quote(body, safe='')}"):
            yield packed.encode(), Mistake("the body as a form's `payload`: only the JSON of it is here", RAW_BODY)
    value = parse_json(reading.content)
    if value is not None:
        yield from _serialised(value)
    yield from _recoded(body)
    yield gzip.compress(body, mtime=0), Mistake("the body packed by gzip: it was unpacked on its way", KEEP_BYTES)
    yield b"", Mistake("an empty body: whoever signed it had read the body before, or sent none", RAW_BODY)


def _line_ends(body: bytes) -> Iterator[tuple[bytes, Mistake]]:
    for end, name in ((b"\n", "newline"), (b"\r\n", "Windows line end")):
        yield body.removesuffix(end), Mistake(f"the body without its last {name}: it was added on the way", KEEP_BYTES)
        yield body + end, Mistake(f"the body with one more {name} at its end, which got lost on the way", KEEP_BYTES)
    yield body.strip(), Mistake("the body without the blanks around it, which were added on the way", KEEP_BYTES)
    yield body.replace(b"\r\n", b"\n"), Mistake("the body with Unix line ends; here it has Windows ones", KEEP_BYTES)
    unix = body.replace(b"\r\n", b"\n")
    yield unix.replace(b"\n", b"\r\n"), Mistake("the body with Windows line ends; here it has Unix ones", KEEP_BYTES)


_LAYOUTS: tuple[tuple[str, dict[str, object]], ...] = (
    ("without blanks, as JSON.stringify writes it", {"separators": (",", ":")}),
    ("with a blank after each comma and colon, as Python's json.dumps writes it", {"separators": (", ", ": ")}),
    ("indented by two spaces", {"indent": 2}),
    ("indented by four spaces", {"indent": 4}),
    ("indented by tabs", {"indent": "\t"}),
)


def _serialised(value: object) -> Iterator[tuple[bytes, Mistake]]:
    """The value written again by this and that library: the body was parsed, and is no longer what was signed."""
    for sort, order in ((False, ""), (True, ", keys sorted")):
        for layout, options in _LAYOUTS:
            for ascii_only, letters in ((False, ""), (True, ", other than ASCII letters escaped")):
                try:
                    text = json.dumps(value, sort_keys=sort, ensure_ascii=ascii_only, **options)  # type: ignore[arg-type]
                    data = text.encode("utf-8", "surrogatepass")
                except (TypeError, ValueError, RecursionError):
                    continue
                what = f"the JSON {layout}{order}{letters}: the body was parsed and serialised again"
                yield data, Mistake(what, RAW_BODY)
                yield data + b"\n", Mistake(f"{what}, with a newline behind it", RAW_BODY)
                yield data.replace(b"/", b"\\/"), Mistake(f"{what}, with slashes escaped, as PHP does", RAW_BODY)
                yield _as_go(data), Mistake(f"{what}, with <, > and & escaped, as Go does", RAW_BODY)


def _as_go(data: bytes) -> bytes:
    return data.replace(b"<", b"\\u003c").replace(b">", b"\\u003e").replace(b"&", b"\\u0026")


def _recoded(body: bytes) -> Iterator[tuple[bytes, Mistake]]:
    fix = "Read and write the body as bytes, or as UTF-8 on both ends."
    for wrong, name in (("latin-1", "Latin-1"), ("cp1252", "Windows-1252"), ("utf-16-le", "UTF-16")):
        with suppress(UnicodeError):
            before = body.decode().encode(wrong)
            was_utf8 = f"the body before it was read as {name} and written as UTF-8, which it was already"
            yield before, Mistake(was_utf8 if _is_utf8(before) else f"the body in {name}; here it is UTF-8", fix)
        with suppress(UnicodeError):
            yield body.decode(wrong).encode(), Mistake(f"the body read as {name} and written as UTF-8", fix)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def url_variants(message: Message, url: str | None) -> Iterator[tuple[Mistake, str]]:
    """The URLs that the provider may have been told, where a proxy stands before the receiver."""
    known = url or public_url(message)
    seen = {known}
    for other, what in _urls(known, message):
        if other not in seen:
            seen.add(other)
            yield Mistake(f"the URL {other} ({what}), not {known}", PUBLIC_URL), other


def _urls(url: str, message: Message) -> Iterator[tuple[str, str]]:
    parts = urlsplit(url)
    host = parts.hostname or ""
    hosts = [host, *(message.headers.get(name, "") for name in ("x-forwarded-host", "x-original-host", "host"))]
    for name in dict.fromkeys(filter(None, hosts)):
        bare = name.partition(":")[0] if name.count(":") == 1 else name
        for scheme, port in (("https", "443"), ("http", "80")):
            for netloc, what in (
                (name, scheme),
                (bare, f"{scheme}, without a port"),
                (f"{bare}:{port}", f"{scheme}, with the port"),
            ):
                whole = parts._replace(scheme=scheme, netloc=netloc)
                yield whole.geturl(), what
                yield whole._replace(path=parts.path.rstrip("/")).geturl(), f"{what}, without the last slash"
                yield whole._replace(path=parts.path.rstrip("/") + "/").geturl(), f"{what}, with a slash at its end"
                yield whole._replace(query="").geturl(), f"{what}, without its query"
                yield unquote(whole.geturl()), f"{what}, with its percent-encoding undone"
                yield quote(whole.geturl(), safe=":/?&=%#+,;@"), f"{what}, percent-encoded"
