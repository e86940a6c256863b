"""The message that a curl command sends: as people paste it from a provider's page, or a browser's "copy as cURL".

Source: curl's man page (curl.1). What curl adds by itself is added, but for its User-Agent, which names a version.
Options that only say how to send are passed over; one that is not known, or that can't be followed, is named.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus, urlsplit

from hookcli.delivery import to_text, to_wire
from hookcli.errors import WrongInput
from hookcli.formats.curl_options import SENDING, SENDING_WITH_VALUE, SHORT, SWITCHES, WITH_VALUE
from hookcli.formats.form import Found
from hookcli.formats.shell_reading import Command, Unreadable, ansi, commands
from hookcli.formats.told import framed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hookcli.delivery import Message
    from hookcli.formats.form import File

FIX = "Understood are -X -H -d --data-raw --data-binary --data-urlencode --json -u -A -e -b -G -I --url-query and more."
_NAME = re.compile(r"curl(\.exe)?")


def recognise(file: File) -> bool:
    """Whether the text begins with a curl command, or with a pipe into one."""
    text = re.sub(rb"(?m)\A(?:\s*(?:#[^\n]*)?\n)*\s*", b"", file.data[:4096].removeprefix(b"\xef\xbb\xbf"))
    return re.match(rb"\$?\s*(?:\S*/)?curl(?:\.exe)?[ \t\\]|printf %s \S* \| base64 -d \| curl ", text) is not None


def read(file: File) -> list[Found]:
    """The message of each curl command. Raises WrongInput where one can't be followed."""
    text = to_text(file.data)
    if re.search(r'\^"', text):
        what = f"{file.name} holds a command for Windows' cmd."
        raise WrongInput(what, "Copy it for bash: `Copy as cURL (bash)`.")
    try:
        found = [one for one in commands(re.sub(r"\A\s*\$\s+", "", text)) if _is_curl(one)]
        messages = [message for one in found for message in _messages(one, file.fetch)]
    except Unreadable as error:
        what = f"{file.name} can't be read as a curl command: {error}."
        raise WrongInput(what, "Put in what it stands for.") from error
    except _NotUnderstood as error:
        what = f"{file.name} can't be followed: {error}."
        raise WrongInput(what, FIX) from error
    except ValueError as error:
        what = f"{file.name} can't be read as a request: {error}."
        raise WrongInput(what) from error
    if not messages:
        what = f"There is no curl command with a URL in {file.name}."
        raise WrongInput(what, "It should look like: curl -X POST -H 'Name: value' -d 'payload' http://localhost:8080")
    return [Found(message=message) for message in messages]


class _NotUnderstood(Exception):
    """What of a command can't be followed."""


def _is_curl(command: Command | None) -> bool:
    """Whether this, or what pipes into it (as before `| jq`), is curl."""
    return command is not None and (_program(command) == "curl" or _is_curl(command.piped_from))


def _program(command: Command) -> str:
    word = next((word for word in command.words if not re.match(r"\w+=", word)), "")
    name = PurePath(word).name
    return "curl" if _NAME.fullmatch(name) else name


@dataclass(slots=True)
class _Asked:
    """What the options of one command ask for; `headers` and `data` in their order."""

    urls: list[str] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    data: list[bytes] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    switches: set[str] = field(default_factory=set)
    is_json: bool = False


def _messages(command: Command, fetch: Callable[[str], bytes]) -> Iterator[Message]:
    while _program(command) != "curl" and command.piped_from is not None:
        command = command.piped_from

    def contents(name: str) -> bytes:
        return _stdin(command, fetch) if name == "-" else fetch(name)

    asked = _Asked()
    words = iter(command.words[command.words.index(next(w for w in command.words if not re.match(r"\w+=", w))) + 1 :])
    for word in words:
        if word.startswith("--") and len(word) > len("--"):
            _option(asked, word[2:], word, words, contents)
        elif word.startswith("-") and len(word) > 1:
            _letters(asked, word, words, contents)
        else:
            asked.urls.append(word)
    for url in asked.urls:
        yield _message(asked, url)


def _letters(asked: _Asked, word: str, words: Iterator[str], contents: Callable[[str], bytes]) -> None:
    """Short options run together, the last of them with its value: -sSXPOST."""
    for at, letter in enumerate(word[1:], 1):
        name = SHORT.get(letter, "")
        if name in WITH_VALUE | SENDING_WITH_VALUE:
            _valued(asked, name, word[at + 1 :] or _next(words, f"-{letter}"), contents)
            return
        _option(asked, name, f"-{letter}", words, contents)


def _option(asked: _Asked, name: str, written: str, words: Iterator[str], contents: Callable[[str], bytes]) -> None:
    if name in WITH_VALUE | SENDING_WITH_VALUE:
        _valued(asked, name, _next(words, written), contents)
    elif name in SWITCHES:
        asked.switches.add(name)
    elif name not in SENDING and name.removeprefix("no-") not in SENDING:
        what = f"curl's option {written} is not understood here"
        raise _NotUnderstood(what)


def _next(words: Iterator[str], written: str) -> str:
    value = next(words, None)
    if value is None:
        what = f"curl's option {written} has no value"
        raise _NotUnderstood(what)
    return value


def _valued(asked: _Asked, name: str, value: str, contents: Callable[[str], bytes]) -> None:
    if name == "url":
        asked.urls.append(value)
    elif name == "header":
        asked.headers += to_text(contents(value[1:])).splitlines() if value.startswith("@") else [value]
    elif name in {"data", "data-ascii"} and value.startswith("@"):
        asked.data.append(contents(value[1:]).translate(None, b"\r\n\0"))
    elif name in {"data-binary", "json"} and value.startswith("@"):
        _add_json(asked, contents(value[1:]), is_json=name == "json")
    elif name == "data-urlencode":
        asked.data.append(to_wire(_urlencoded(value, contents)))
    elif name in {"data", "data-ascii", "data-raw", "data-binary", "json"}:
        _add_json(asked, to_wire(value), is_json=name == "json")
    elif name == "url-query":
        asked.queries.append(value[1:] if value.startswith("+") else _urlencoded(value, contents))
    elif name == "cookie" and "=" not in value:
        what = f"curl would read the cookies from the file {value}"
        raise _NotUnderstood(what)
    elif name in WITH_VALUE:
        asked.values[name] = value


def _add_json(asked: _Asked, data: bytes, *, is_json: bool) -> None:
    """Data goes behind what there is with an `&`, JSON without one."""
    if is_json and asked.data:
        asked.data[-1] += data
    else:
        asked.data.append(data)
    asked.is_json = asked.is_json or is_json


def _urlencoded(value: str, contents: Callable[[str], bytes]) -> str:
    """`content`, `=content`, `name=content`, `@file` or `name@file`, what stands behind the sign encoded."""
    found = re.match(r"(?P<name>[^=@]*)(?P<sign>[=@])(?P<rest>.*)", value, re.DOTALL)
    if found is None:
        return quote_plus(to_wire(value))
    data = to_wire(found["rest"]) if found["sign"] == "=" else contents(found["rest"])
    return (f"{found['name']}=" if found["name"] else "") + quote_plus(data)


def _stdin(command: Command, fetch: Callable[[str], bytes]) -> bytes:
    """What goes into a command, where it can be told without running anything."""
    if command.stdin is not None:
        return command.stdin
    if command.stdin_file is not None:
        return fetch(command.stdin_file)
    if command.piped_from is None:
        what = "its body comes from standard input"
        raise _NotUnderstood(what)
    return _put_out(command.piped_from, fetch)


def _put_out(command: Command, fetch: Callable[[str], bytes]) -> bytes:
    match command.words:
        case ["printf", "%s", text]:
            data = to_wire(text)
        case ["printf", text] if "%" not in text:
            data = ansi(text)
        case ["echo", "-n", *texts]:
            data = to_wire(" ".join(texts))
        case ["echo", *texts] if not texts or not texts[0].startswith("-"):
            data = to_wire(" ".join(texts)) + b"\n"
        case ["cat", name] if not name.startswith("-"):
            data = fetch(name)
        case ["cat"]:
            data = _stdin(command, fetch)
        case ["base64", "-d" | "-D" | "--decode"]:
            data = base64.b64decode(_stdin(command, fetch))
        case words:
            what = f"only running it would tell what {' '.join(words[:3])} puts out"
            raise _NotUnderstood(what)
    return data


def _message(asked: _Asked, url: str) -> Message:
    full = url if "://" in url else f"http://{url}"
    parts = urlsplit(full)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        what = f"{url} is no http or https URL"
        raise _NotUnderstood(what)
    own_target = re.sub(r"^[^:]+://[^/?#]*", "", full).partition("#")[0]
    path, mark, query = own_target.partition("?")
    path = path or "/"
    if "path-as-is" not in asked.switches:
        path = _without_dots(path)
    if "get" in asked.switches:
        asked.queries[:0] = map(to_text, asked.data)
    query = "&".join([*([query] if query else []), *asked.queries])
    target = path + (f"?{query}" if query or mark else "")
    target = asked.values.get("request-target", re.sub(r"[\0-\x20\x7f]", lambda one: quote(one[0]), target))
    sends_data = bool(asked.data) and "get" not in asked.switches
    method = "HEAD" if "head" in asked.switches else "POST" if sends_data else "GET"
    body = b"&".join(asked.data) if sends_data else b""
    return framed(
        asked.values.get("request", method), target, _headers(asked, parts.netloc, sends_data=sends_data), body
    )


def _without_dots(path: str) -> str:
    """The path without its /./ and /../. Source: RFC 3986, section 5.2.4, which curl follows."""
    kept: list[str] = []
    steps = path.split("/")[1:]
    for number, step in enumerate(steps):
        last = number == len(steps) - 1
        if step == "..":
            kept = kept[:-1]
        elif step != ".":
            kept.append(step)
        if step in {".", ".."} and last:
            kept.append("")
    return "/" + "/".join(kept)


def _headers(asked: _Asked, netloc: str, *, sends_data: bool) -> Iterator[tuple[str, str]]:
    """The head as curl writes it: its own headers first, the given ones, and then what speaks of the body."""
    given: list[tuple[str, str]] = []
    named: set[str] = set()
    for line in asked.headers:
        name, sign, value = line.partition(":")
        if sign and value.strip():
            given.append((name.strip(), value.strip(" \t")))
        elif not sign and line.rstrip().endswith(";"):
            given.append((line.rstrip()[:-1], ""))
        named.add((name if sign else name.rstrip().removesuffix(";")).strip().lower())
    if asked.is_json:
        own = [("Content-Type", "application/json"), ("Accept", "application/json")]
        given += [pair for pair in own if pair[0].lower() not in named]
        named |= {"content-type", "accept"}
    credentials, _, host = netloc.rpartition("@")
    yield "Host", next((value for name, value in given if name.lower() == "host"), host)
    yield from (pair for pair in _own(asked, credentials) if pair[0].lower() not in named)
    yield from (pair for pair in given if pair[0].lower() != "host")
    if sends_data:
        # What it says is made to fit by whoever frames the message.
        yield from [("Content-Length", "0")] if "content-length" not in named else []
        yield from [("Content-Type", "application/x-www-form-urlencoded")] if "content-type" not in named else []


def _own(asked: _Asked, credentials: str) -> Iterator[tuple[str, str]]:
    values = asked.values
    user = values.get("user", credentials)
    if "oauth2-bearer" in values:
        yield "Authorization", f"Bearer {values['oauth2-bearer']}"
    elif user:
        whole = user if ":" in user else f"{user}:"
        yield "Authorization", f"Basic {base64.b64encode(to_wire(whole)).decode()}"
    for name, option in (("Range", "range"), ("User-Agent", "user-agent")):
        if values.get(option):
            yield name, f"bytes={values[option]}" if option == "range" else values[option]
    yield "Accept", "*/*"
    if "compressed" in asked.switches:
        yield "Accept-Encoding", "deflate, gzip"
    for name, option in (("Referer", "referer"), ("Cookie", "cookie")):
        if values.get(option):
            yield name, values[option]
