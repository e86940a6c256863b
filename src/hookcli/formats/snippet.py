"""A message as a few lines of Python that send it, with requests or with aiohttp.

Sources: requests' sessions.py and models.py, urllib3's util/request.py and http.client for what is sent unasked;
aiohttp's client reference (skip_auto_headers) and yarl's (encoded).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hookcli.delivery import Headers, to_wire
from hookcli.errors import WrongInput
from hookcli.formats.curl import LEFT_TO_SENDER
from hookcli.formats.shell import plain
from hookcli.wire import Destination, outgoing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hookcli.delivery import Message

_KEPT_BY_REQUESTS = re.compile(r"(?!.*/\.)(?!.*%(?![0-9A-F]{2}))/[\w.~%!$&'()*+,;:=@?/-]*", re.ASCII)
"""Targets that requests sends as they stand: it cuts at #, and writes every escape anew."""


def write_requests(message: Message, url: str) -> str:
    """A script with requests. Raises WrongInput where requests can't send such a message."""
    to = Destination.parse(url)
    sent = outgoing(message, to)
    check_is_text("requests", "the path and query", sent.target)
    headers = [(name, value) for name, value in joined(sent.headers) if name.lower() not in LEFT_TO_SENDER]
    lines = [f"        {_source(name)}: {_literal(value)}," for name, value in headers]
    own = [name for name in ("Accept", "Connection") if name not in sent.headers]
    skipped = [name for name in ("Accept-Encoding", "User-Agent") if name not in sent.headers]
    lines += [f'        "{name}": None,' for name in own]
    lines += [f'        "{name}": SKIP_HEADER,' for name in skipped]
    return "\n".join(
        [
            "import requests",
            *(["from urllib3.util import SKIP_HEADER"] if skipped else []),
            "",
            "response = requests.request(",
            f"    {_source(sent.method)},",
            f"    {_source(to.url_for(sent))},",
            "    headers={",
            *lines,
            "    },",
            *([f"    data={_body(sent.body)},"] if sent.body else []),
            "    allow_redirects=False,",
            "    timeout=30,",
            ")",
            "print(response.status_code, response.reason)",
            "print(response.text)",
        ]
    )


def write_aiohttp(message: Message, url: str) -> str:
    """A script with aiohttp. Raises WrongInput where aiohttp can't send such a message."""
    to = Destination.parse(url)
    sent = outgoing(message, to)
    headers = [(name, value) for name, value in sent.headers if name.lower() not in LEFT_TO_SENDER]
    check_is_text("aiohttp", "the path and query", sent.target)
    for name, value in headers:
        check_is_text("aiohttp", f"the header {name}", value)
    return "\n".join(
        [
            "import asyncio",
            "",
            "import aiohttp",
            "from yarl import URL",
            "",
            'OWN = ["Accept", "Accept-Encoding", "Content-Type", "User-Agent"]  # headers that aiohttp adds by itself',
            "",
            "",
            "async def main():",
            "    async with aiohttp.ClientSession(skip_auto_headers=OWN) as session:",
            "        async with session.request(",
            f"            {_source(sent.method)},",
            f"            URL({_source(to.url_for(sent))}, encoded=True),",
            "            headers=[",
            *(f"                ({_source(name)}, {_source(value)})," for name, value in headers),
            "            ],",
            *([f"            data={_body(sent.body)},"] if sent.body else []),
            "            allow_redirects=False,",
            "        ) as response:",
            "            print(response.status, response.reason)",
            "            print(await response.text())",
            "",
            "",
            "asyncio.run(main())",
        ]
    )


def requests_alters(message: Message, url: str) -> Iterable[str]:
    """What requests does otherwise."""
    yield from sent_by_requests(message, url, "requests")
    for name in repeated(outgoing(message, Destination.parse(url)).headers):
        yield f"requests sends one header of a name: those called {name} are joined by commas"


def aiohttp_alters(message: Message, url: str) -> Iterable[str]:
    """What aiohttp does otherwise."""
    sent = outgoing(message, Destination.parse(url))
    if sent.method != sent.method.upper():
        yield f"aiohttp sends the method {sent.method} in upper case"
    if "#" in sent.target:
        yield "aiohttp cuts the path and query at #"


def sent_by_requests(message: Message, url: str, program: str) -> Iterator[str]:
    """What whoever sends through requests does otherwise."""
    sent = outgoing(message, Destination.parse(url))
    if sent.method != sent.method.upper():
        yield f"{program} sends the method {sent.method} in upper case"
    if not _KEPT_BY_REQUESTS.fullmatch(sent.target):
        yield f"{program} escapes the path and query anew"


def joined(headers: Headers) -> Iterator[tuple[str, str]]:
    """The headers, those of one name joined by commas. Source: RFC 9110, section 5.3."""
    seen: set[str] = set()
    for name, value in headers:
        if name.lower() not in seen:
            yield name, ", ".join(headers.get_all(name)) if name in repeated(headers) else value
            seen.add(name.lower())


def repeated(headers: Headers) -> list[str]:
    """Names that more than one header has, as the first of each writes it."""
    first: dict[str, str] = {}
    for name, _ in headers:
        first.setdefault(name.lower(), name)
    return [name for lower, name in first.items() if len(headers.get_all(lower)) > 1]


def _body(body: bytes) -> str:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return repr(body)
    return f"{_source(text)}.encode()" if plain(text) else repr(body)


def _source(text: str) -> str:
    """A string as Python writes it, between double quotes where it can stand there as it is."""
    return f'"{text}"' if text.isprintable() and '"' not in text and "\\" not in text else repr(text)


def _literal(text: str) -> str:
    """A header's value as source; bytes where http.client would not write it as it came."""
    return _source(text) if text.isascii() else repr(to_wire(text))


def check_is_text(program: str, what: str, text: str) -> None:
    """Raise WrongInput where a program that takes text can't be given this."""
    if any("\udc80" <= character <= "\udcff" for character in text):
        told = f"{program} can't send {what}: it is no UTF-8."
        raise WrongInput(told, "--format curl sends any bytes.")
