"""The mistakes that people make with a secret or a URL: each as what would then be signed, and in words.

Every function yields variants that differ from what it was given, the likelier ones first.
"""

from __future__ import annotations

import base64
import binascii
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, unquote, urlsplit

from hookcli.delivery import to_wire
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


class Mistake(NamedTuple):
    """What went wrong, as the rest of a sentence that begins with "The signature holds for", and what to do."""

    what: str
    fix: str


def secret_of(whose: str) -> Mistake:
    """The mistake of having another provider's secret."""
    return Mistake(
        f"the secret for {whose}", "Give that secret to this provider, or correct it where the hook is set up."
    )


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
