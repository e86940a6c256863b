"""A message as the curl command that sends it, byte for byte."""

from __future__ import annotations

import base64
import shlex
from typing import TYPE_CHECKING

from hookcli.delivery import to_text
from hookcli.wire import Destination, outgoing

if TYPE_CHECKING:
    from hookcli.delivery import Message

_OWN = ("Accept", "User-Agent", "Content-Type", "Expect")
"""Headers that curl adds by itself where it is not told to leave them out."""

_LEFT_TO_CURL = frozenset({"host", "content-length"})


def write(message: Message, url: str) -> str:
    """The command, for a POSIX shell; a body that is no plain text goes through base64."""
    to = Destination.parse(url)
    sent = outgoing(message, to)
    parts = [["curl", "-sS", "-X", sent.method]]
    for name, value in sent.headers:
        if name.lower() not in _LEFT_TO_CURL:
            parts.append(["-H", f"{name}: {value}" if value else f"{name};"])
    parts += [["-H", f"{name}:"] for name in _OWN if name not in sent.headers]
    before = ""
    if sent.body and _quotable(sent.body):
        parts.append(["--data-raw", to_text(sent.body)])
    elif sent.body:
        before = f"printf %s {base64.b64encode(sent.body).decode()} | base64 -d | "
        parts.append(["--data-binary", "@-"])
    parts.append([to.url_for(message)])
    return before + " \\\n  ".join(shlex.join(part) for part in parts)


def _quotable(body: bytes) -> bool:
    try:
        return b"\0" not in body and bool(body.decode())
    except UnicodeDecodeError:
        return False
