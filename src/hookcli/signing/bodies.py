"""The bodies that may have been signed where another one came: by one change on the way, or by two.

Every change is undone as a step from a body to those that it may have been. Two steps follow one another in the order
in which people and proxies make such changes; the steps that parse and write a body anew, which cost the most, come
last and are never taken twice.
"""

from __future__ import annotations

import json
import re
import struct
import zlib
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlencode

from hookcli.delivery import to_text, to_wire
from hookcli.reading import Reading, parse_json, unpacked
from hookcli.signing.mistakes import KEEP_BYTES, RAW_BODY, Mistake

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from hookcli.delivery import Message
    from hookcli.reading import Json

    Step = Callable[[Message], Iterator[tuple[bytes, Mistake]]]

LARGE = 4 * 1024 * 1024
"""Bytes of a body from which only quick changes are looked for: any other would take longer than a person waits."""

KEPT = 256 * 1024
"""Bytes of a body up to which its variants are kept, and not made again each time that they are asked for."""

_BOM = b"\xef\xbb\xbf"


class Variant(NamedTuple):
    """A body that may have been signed, and the mistakes that made another one of it."""

    body: bytes
    mistakes: tuple[Mistake, ...]


class Variants:
    """The bodies that may have been signed where this message came, each once however it comes about."""

    def __init__(self, message: Message) -> None:
        self._message = message
        self._singles: set[int] = set()
        self._kept: list[Variant] = []

    def once(self) -> Iterable[Variant]:
        """Those that one change makes, the likelier ones first.

        Among them are those that two changes of line ends and marks make: else a body that an editor saved would be
        taken for one that was parsed and written anew.
        """
        return self._kept or self._once()

    def _once(self) -> Iterator[Variant]:
        kept, self._singles = [], {hash(self._message.body)}
        large = len(self._message.body) > LARGE
        for variant in chain(
            self._steps(_SIMPLE),
            self._pairs([(step, _SIMPLE) for step in _SIMPLE], self._singles),
            self._steps((_unpacked,) if large else _OTHERS),
        ):
            if len(self._message.body) <= KEPT:
                kept.append(variant)
            yield variant
        self._kept = kept

    def _steps(self, steps: Iterable[Step]) -> Iterator[Variant]:
        for step in steps:
            yield from _fresh(step, self._message, (), self._singles)

    def twice(self) -> Iterator[Variant]:
        """Those that two changes make, but for those that `once` has yielded."""
        if len(self._message.body) <= LARGE:
            yield from self._pairs(_PAIRS, set(self._singles))

    def _pairs(self, pairs: Iterable[tuple[Step, tuple[Step, ...]]], seen: set[int]) -> Iterator[Variant]:
        for first, following in pairs:
            for body, mistake in first(self._message):
                changed = replace(self._message, body=body)
                for second in following:
                    yield from _fresh(second, changed, (mistake,), seen)


def _fresh(step: Step, message: Message, before: tuple[Mistake, ...], seen: set[int]) -> Iterator[Variant]:
    for body, mistake in step(message):
        # By their hash alone: many variants of a large body would fill the memory.
        mark = hash(body)
        if mark not in seen:
            seen.add(mark)
            yield Variant(body, (*before, mistake))


def _ends(message: Message) -> Iterator[tuple[bytes, Mistake]]:
    body = message.body
    for end, name in ((b"\n", "newline"), (b"\r\n", "Windows line end")):
        yield body.removesuffix(end), Mistake(f"the body without its last {name}: it was added on the way", KEEP_BYTES)
        yield body + end, Mistake(f"the body with one more {name} at its end, which got lost on the way", KEEP_BYTES)
    yield body.strip(), Mistake("the body without the blanks around it, which were added on the way", KEEP_BYTES)


def _lines(message: Message) -> Iterator[tuple[bytes, Mistake]]:
    unix = message.body.replace(b"\r\n", b"\n")
    yield unix, Mistake("the body with Unix line ends; here it has Windows ones", KEEP_BYTES)
    windows = unix.replace(b"\n", b"\r\n")
    yield windows, Mistake("the body with Windows line ends; here it has Unix ones", KEEP_BYTES)


def _mark(message: Message) -> Iterator[tuple[bytes, Mistake]]:
    body = message.body
    if body.startswith(_BOM):
        yield body.removeprefix(_BOM), Mistake("the body without the byte order mark before it", KEEP_BYTES)
    else:
        yield _BOM + body, Mistake("the body with a byte order mark before it, which got lost", KEEP_BYTES)


def _unpacked(message: Message) -> Iterator[tuple[bytes, Mistake]]:
    content = Reading(message).content
    if content == message.body and message.body[:2] in _PACKED:
        # A proxy may have dropped the header that tells of it.
        content = unpacked(message.body, "gzip")
    if content != message.body:
        yield content, Mistake("the body unpacked: it was packed after it was signed", KEEP_BYTES)


_PACKED = (b"\x1f\x8b", b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
"""How a gzip or zlib stream begins. Sources: RFC 1952, section 2.3.1; RFC 1950, section 2.2."""

_LEVELS = {6: b"\x78\x9c", 9: b"\x78\xda", 1: b"\x78\x01"}
"""How hard programs pack (zlib's own default, Python's, the fastest), with the first bytes of such a zlib stream."""

_GZIP_HEADERS = tuple(
    (level, b"\x1f\x8b\x08\0\0\0\0\0" + bytes((flags, system)))
    for level, speeds in ((6, (0,)), (9, (2, 0)), (1, (4, 0)))
    for flags in speeds
    for system in (3, 255, 0)
)
"""The ten bytes before a gzip stream without a time: how hard it was packed, and on which system (Unix, unknown, none).

Sources: RFC 1952, section 2.3.1; which systems are written by zlib's deflate.c, CPython's gzip.py and OpenJDK's
GZIPOutputStream.
"""


def _packed(message: Message) -> Iterator[tuple[bytes, Mistake]]:
    body = message.body
    if not body or body[:2] in _PACKED:
        return
    gzip = Mistake("the body packed by gzip: it was unpacked on its way", KEEP_BYTES)
    deflate = Mistake("the body packed by deflate: it was unpacked on its way", KEEP_BYTES)
    streams = {level: zlib.compress(body, level, wbits=-zlib.MAX_WBITS) for level in _LEVELS}
    tail = struct.pack("<LL", zlib.crc32(body), len(body) & 0xFFFFFFFF)
    for level, head in _GZIP_HEADERS:
        yield head + streams[level] + tail, gzip
    for level, head in _LEVELS.items():
        yield head + streams[level] + struct.pack(">L", zlib.adler32(body)), deflate


def _form(message: Message) -> Iterator[tuple[bytes, Mistake]]:
    body, reading = message.body, Reading(message)
    if "payload" in reading.form:
        payload = to_wire(reading.form["payload"])
        yield payload, Mistake("the JSON in the form's `payload`, not the form itself", RAW_BODY)
    if reading.form:
        again = urlencode(reading.form_pairs, errors="surrogateescape")
        yield again.encode(), Mistake("the form encoded anew", RAW_BODY)
        yield again.replace("+", "%20").encode(), Mistake("the form encoded anew, with %20 for blanks", RAW_BODY)
        yield to_wire(unquote(to_text(body))), Mistake("the form with its percent-encoding undone", RAW_BODY)
    elif body[:1] == b"{":
        packed, mistake = (
            b"payload=" + _quoted(body),
            Mistake("the body as a form's `payload`: only the JSON of it is here", RAW_BODY),
        )
        yield packed.replace(b"%20", b"+"), mistake
        yield packed, mistake


def _quoted(data: bytes) -> bytes:
    """The data percent-encoded, a byte value at a time: much quicker than `quote`, which goes byte by byte."""
    for byte in sorted(set(data) - _UNRESERVED, key=lambda byte: byte != ord("%")):
        data = data.replace(bytes((byte,)), b"%%%02X" % byte)
    return data


_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
"""What is never encoded. Source: RFC 3986, section 2.3."""


_MARGIN = re.compile(r"(?m)^(?:  )+")


def _written(message: Message, *, plainly: bool = False) -> Iterator[tuple[bytes, Mistake]]:
    """The value written again by this and that library: the body was parsed, and is no longer what was signed."""
    value = parse_json(Reading(message).content)
    if value is None:
        return
    for sort, order in ((False, ""), (True, ", keys sorted")):
        for ascii_only, letters in ((False, ""), (True, ", other than ASCII letters escaped")):
            for layout, text in _laid_out(value, sort=sort, ascii_only=ascii_only):
                what = f"the JSON {layout}{order}{letters}: the body was parsed and serialised again"
                data = text.encode("utf-8", "surrogatepass")
                for manner, rewrite in _MANNERS[:1] if plainly else _MANNERS:
                    yield rewrite(data), Mistake(what + manner, RAW_BODY)


def _written_plainly(message: Message) -> Iterator[tuple[bytes, Mistake]]:
    """The same without the manners of single libraries, before steps that take long."""
    return _written(message, plainly=True)


def _laid_out(value: Json, *, sort: bool, ascii_only: bool) -> Iterator[tuple[str, str]]:
    """The value in each layout."""
    write = partial(json.dumps, value, sort_keys=sort, ensure_ascii=ascii_only)
    try:
        yield "without blanks, as JSON.stringify writes it", write(separators=(",", ":"))
        yield "with a blank after each comma and colon, as Python's json.dumps writes it", write()
        indented = write(indent=2)
    except (TypeError, ValueError, RecursionError):
        return
    yield "indented by two spaces", indented
    # A text in JSON has no line ends, so what a line begins with is always its margin.
    yield "indented by four spaces", _MARGIN.sub(lambda margin: margin[0] * 2, indented)
    yield "indented by tabs", _MARGIN.sub(lambda margin: "\t" * (len(margin[0]) // 2), indented)


def _as_go(data: bytes) -> bytes:
    for character in ("<", ">", "&", "\u2028", "\u2029"):
        data = data.replace(character.encode(), b"\\u%04x" % ord(character))
    return data


_MANNERS: tuple[tuple[str, Callable[[bytes], bytes]], ...] = (
    ("", lambda data: data),
    (", with a newline behind it", lambda data: data + b"\n"),
    (", with slashes escaped, as PHP does", lambda data: data.replace(b"/", b"\\/")),
    (", with <, > and & escaped, as Go does", _as_go),
    (", with <, > and & escaped and a newline behind it, as Go's Encoder does", lambda data: _as_go(data) + b"\n"),
    (
        ", with <, >, &, = and ' escaped, as Gson does",
        lambda data: _as_go(data).replace(b"=", b"\\u003d").replace(b"'", b"\\u0027"),
    ),
)
"""How else a serialiser writes. Sources: PHP's json_encode without flags, Go's encoding/json, Gson's JsonWriter."""


def _recoded(message: Message) -> Iterator[tuple[bytes, Mistake]]:
    body = message.body
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


def _none(_message: Message) -> Iterator[tuple[bytes, Mistake]]:
    yield b"", Mistake("an empty body: whoever signed it had read the body before, or sent none", RAW_BODY)


_SIMPLE: tuple[Step, ...] = (_ends, _lines, _mark)
_OTHERS: tuple[Step, ...] = (_unpacked, _form, _written, _recoded, _packed, _none)
_PAIRS: tuple[tuple[Step, tuple[Step, ...]], ...] = (
    (_unpacked, (*_SIMPLE, _recoded, _form, _written)),
    *((step, (_recoded, _form, _packed)) for step in _SIMPLE),
    (_form, (*_SIMPLE, _recoded, _written, _form, _packed)),
    (_recoded, (*_SIMPLE, _form, _written, _packed)),
    (_written, (_lines, _mark, _form)),
    (_written_plainly, (_recoded, _packed)),
)
"""A step, and those that may follow it. A mark and the last line end do not change a body's value, so nothing is
written anew behind them: that would come to the same as writing it anew alone."""
