"""A message as the curl command that sends it, byte for byte."""

from __future__ import annotations

import base64
import re
import shlex
from typing import TYPE_CHECKING

from hookcli.delivery import to_text, to_wire
from hookcli.wire import Destination, outgoing

if TYPE_CHECKING:
    from hookcli.delivery import Message

ARGUMENT_LIMIT = 128 * 1024
"""Bytes that one argument of a program must stay under. Source: Linux, MAX_ARG_STRLEN in linux/binfmts.h."""

_OWN = ("Accept", "User-Agent", "Content-Type", "Expect")
"""Headers that curl adds by itself where it is not told to leave them out."""

_LEFT_TO_CURL = frozenset({"host", "content-length"})

_KEPT_BY_CURL = re.compile(r"(?!.*/\.)/[\w.~%!$&'()*+,;=:@?/-]*", re.ASCII)
"""Targets that curl sends as they stand: it globs [] and {}, cuts at #, and walks along /./ and /../."""


def write(message: Message, url: str) -> str:
    """The command, for a POSIX shell; a body that is no plain text, or a long one, goes through base64."""
    to = Destination.parse(url)
    sent = outgoing(message, to)
    parts = [["curl", "-sS", *_method(sent)]]
    for name, value in sent.headers:
        if name.lower() not in _LEFT_TO_CURL:
            parts.append(["-H", f"{name}: {value}" if value else f"{name};"])
    parts += [["-H", f"{name}:"] for name in _OWN if name not in sent.headers]
    before = ""
    if _quotable(sent.body):
        if sent.body or _says_empty(sent):
            parts.append(["--data-raw", to_text(sent.body)])
    else:
        before = f"printf %s {base64.b64encode(sent.body).decode()} | base64 -d | "
        parts.append(["--data-binary", "@-"])
    if to.scheme == "https":
        # HTTP/2 would write the headers' names in lower case.
        parts.append(["--http1.1"])
    if _KEPT_BY_CURL.fullmatch(sent.target):
        parts.append([f"{to.scheme}://{to.authority}{sent.target}"])
    else:
        parts += [["--request-target", sent.target], [f"{to.scheme}://{to.authority}/"]]
    return before + " \\\n  ".join(" ".join(map(_word, part)) for part in parts)


def _method(sent: Message) -> list[str]:
    # With -X HEAD curl would wait for the body that the answer's Content-Length speaks of.
    return ["--head"] if sent.method == "HEAD" and not sent.body else ["-X", sent.method]


def _says_empty(sent: Message) -> bool:
    return "content-length" in sent.headers and sent.method != "HEAD"


def _quotable(body: bytes) -> bool:
    try:
        return len(body) < ARGUMENT_LIMIT and _plain(body.decode())
    except UnicodeDecodeError:
        return False


def _plain(text: str) -> bool:
    """Whether a terminal shows the text and does nothing else."""
    return text.replace("\n", "").replace("\t", "").isprintable()


def _word(text: str) -> str:
    """A word for the shell; where it is not plain, printf makes it of octal escapes."""
    if _plain(text):
        return shlex.quote(text)
    escaped = re.sub(rb"[^A-Za-z0-9 :]", lambda found: b"\\%03o" % found[0][0], to_wire(text))
    return f"\"$(printf '{escaped.decode()}')\""
