"""A message as the HTTPie command that sends it.

Source: HTTPie's manual, "Request items", "Raw request body", "HTTP headers"; httpie/cli/argtypes.py for its escapes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hookcli.delivery import to_text
from hookcli.errors import WrongInput
from hookcli.formats.curl import LEFT_TO_SENDER
from hookcli.formats.shell import command, decoded, quotable
from hookcli.formats.snippet import check_is_text, sent_by_requests
from hookcli.wire import Destination, outgoing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hookcli.delivery import Message

_OWN = ("Accept", "Accept-Encoding", "Connection", "Content-Type", "User-Agent")
"""Headers that HTTPie adds by itself where it is not told to leave them out."""

_ESCAPED = re.compile(r"[:;=@]")


def write(message: Message, url: str) -> str:
    """The command, for a POSIX shell. Raises WrongInput where HTTPie can't send such a message."""
    to = Destination.parse(url)
    sent = outgoing(message, to)
    if not re.fullmatch(r"[A-Za-z]+", sent.method):
        what = f"HTTPie knows no method {sent.method}."
        raise WrongInput(what, "--format curl sends any.")
    check_is_text("HTTPie", "the path and query", sent.target)
    binary = not quotable(sent.body)
    # Without --ignore-stdin HTTPie waits for a body wherever it is not started from a terminal.
    start = ["http", "--path-as-is", *([] if binary else ["--ignore-stdin"]), sent.method]
    parts = [start, [to.url_for(sent)]]
    for name, value in sent.headers:
        if name.lower() not in LEFT_TO_SENDER:
            check_is_text("HTTPie", f"the header {name}", value)
            if name.startswith("-"):
                what = f"HTTPie would take the header {name} for an option."
                raise WrongInput(what, "--format curl sends it.")
            parts.append([f"{name}:{_escaped(value)}" if value else f"{name};"])
    parts += [[f"{name}:"] for name in _OWN if name not in sent.headers]
    if binary:
        return f"{decoded(sent.body)} | {command(parts)}"
    return command([*parts, *([[f"--raw={to_text(sent.body)}"]] if sent.body else [])])


def alters(message: Message, url: str) -> Iterable[str]:
    """What HTTPie does otherwise."""
    yield from sent_by_requests(message, url, "HTTPie")
    for name, value in message.headers:
        if re.search(r"\\[:;=@]", value):
            yield f"HTTPie takes a backslash out of {name}"


def _escaped(value: str) -> str:
    # Only what stands right behind the colon could make another sign of it, as := or :@ do.
    return _ESCAPED.sub(lambda found: f"\\{found[0]}", value[:1]) + value[1:]
