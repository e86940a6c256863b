"""A message as the curl command that sends it, byte for byte."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hookcli.delivery import to_text
from hookcli.formats.shell import command, decoded, quotable
from hookcli.wire import Destination, outgoing

if TYPE_CHECKING:
    from hookcli.delivery import Message

_OWN = ("Accept", "User-Agent", "Content-Type", "Expect")
"""Headers that curl adds by itself where it is not told to leave them out."""

LEFT_TO_SENDER = frozenset({"host", "content-length"})
"""Headers that a program that sends a message makes by itself."""

_KEPT_BY_CURL = re.compile(r"(?!.*/\.)/[\w.~%!$&'()*+,;=:@?/-]*", re.ASCII)
"""Targets that curl sends as they stand: it globs [] and {}, cuts at #, and walks along /./ and /../."""


def write(message: Message, url: str) -> str:
    """The command, for a POSIX shell; a body that is no plain text, or a long one, goes through base64."""
    to = Destination.parse(url)
    sent = outgoing(message, to)
    parts = [["curl", "-sS", *_method(sent)]]
    for name, value in sent.headers:
        if name.lower() not in LEFT_TO_SENDER:
            parts.append(["-H", f"{name}: {value}" if value else f"{name};"])
    parts += [["-H", f"{name}:"] for name in _OWN if name not in sent.headers]
    before = ""
    if quotable(sent.body):
        if sent.body or _says_empty(sent):
            parts.append(["--data-raw", to_text(sent.body)])
    else:
        before = f"{decoded(sent.body)} | "
        parts.append(["--data-binary", "@-"])
    if to.scheme == "https":
        # HTTP/2 would write the headers' names in lower case.
        parts.append(["--http1.1"])
    if _KEPT_BY_CURL.fullmatch(sent.target):
        parts.append([f"{to.scheme}://{to.authority}{sent.target}"])
    else:
        parts += [["--request-target", sent.target], [f"{to.scheme}://{to.authority}/"]]
    return before + command(parts)


def _method(sent: Message) -> list[str]:
    # With -X HEAD curl would wait for the body that the answer's Content-Length speaks of.
    return ["--head"] if sent.method == "HEAD" and not sent.body else ["-X", sent.method]


def _says_empty(sent: Message) -> bool:
    return "content-length" in sent.headers and sent.method != "HEAD"
