"""A message as the wget command that sends it.

Source: GNU Wget's manual, "HTTP Options"; src/http.c for what it does with headers of one name.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hookcli.delivery import to_text
from hookcli.formats.curl import LEFT_TO_SENDER
from hookcli.formats.shell import command, decoded, quotable, word
from hookcli.formats.snippet import joined, repeated
from hookcli.wire import Destination, outgoing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hookcli.delivery import Message

_KEPT_BY_WGET = re.compile(r"(?!.*/\.)(?!.*%(?![0-9A-Fa-f]{2}))/[\w.~%!$&'()*+,;:=@?/\[\]-]*", re.ASCII)
"""Targets that wget sends as they stand: it cuts at #, walks along /./ and /../, and escapes what is no ASCII."""


def write(message: Message, url: str) -> str:
    """The command, for a POSIX shell; a body that is no plain text, or a long one, goes through a file."""
    to = Destination.parse(url)
    sent = outgoing(message, to)
    # One try and no redirect: a delivery that is sent again by itself would be another one.
    parts = [
        ["wget", "-q", "-O", "-", "--content-on-error", "--tries=1", "--max-redirect=0", f"--method={sent.method}"]
    ]
    for name, value in joined(sent.headers):
        if name.lower() not in LEFT_TO_SENDER:
            parts.append([f"--header={name}: {value}"])
    if "user-agent" not in sent.headers:
        parts.append(["--user-agent="])
    where = [to.url_for(sent)]
    if quotable(sent.body):
        says_empty = "content-length" in sent.headers and sent.method != "HEAD"
        return command([*parts, *([[f"--body-data={to_text(sent.body)}"]] if sent.body or says_empty else []), where])
    # wget reads a body from a file alone, one whose length it can ask for.
    file = word("--body-file=") + '"$body"'
    return (
        f'body=$(mktemp) && {decoded(sent.body)} > "$body" &&\n'
        f'{command(parts)} \\\n  {file} \\\n  {command([where])}; rm -f "$body"'
    )


def alters(message: Message, url: str) -> Iterable[str]:
    """What wget does otherwise."""
    sent = outgoing(message, Destination.parse(url))
    for name in repeated(sent.headers):
        yield f"wget sends one header of a name: those called {name} are joined by commas"
    if sent.method != sent.method.upper():
        yield f"wget sends the method {sent.method} in upper case"
    if not _KEPT_BY_WGET.fullmatch(sent.target):
        yield "wget tidies the path and query"
