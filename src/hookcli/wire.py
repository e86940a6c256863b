"""HTTP/1.1 on the wire, out of hookcli: a message sent byte for byte, and the answer to it.

A general HTTP client tidies what it sends (header names, order, duplicates, the path's encoding). A delivery must
arrive as it came, so the request is written here; only the answer is left to a parser (h11).
"""

from __future__ import annotations

import asyncio
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import urlsplit

import h11

from hookcli.delivery import Attempt, Headers, Message, to_text, to_wire
from hookcli.errors import WrongInput

HOP_BY_HOP = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    },
)
"""Headers that speak of one connection only. Source: RFC 9110, section 7.6.1, and RFC 2616, section 13.5.1."""

KEPT_BODY = 64 * 1024
"""Bytes of an answer's body that are kept; the rest is read and counted."""

ANSWER_HEAD = 256 * 1024
"""Bytes that the head of an answer may have."""

READ_BODY = 64 * 1024 * 1024
"""Bytes of an answer's body after which its sender is cut off."""

_EXPECT_BODY = frozenset({"POST", "PUT", "PATCH"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where a message is sent: a server, and a path there or the message's own."""

    scheme: str
    host: str
    port: int
    authority: str
    path: str = ""
    query: str = ""

    @classmethod
    def parse(cls, url: str) -> Destination:
        """Read an http or https URL; `localhost:3000` and `:3000` will do. Raises WrongInput for anything else."""
        full = url if "://" in url else f"http://localhost{url}" if url.startswith(":") else f"http://{url}"
        try:
            parts = urlsplit(full)
            port = parts.port
            # How a name is looked up: fails where it can't be one, as in a..b.
            (parts.hostname or "").encode("idna")
        except ValueError:
            parts, port = urlsplit(""), None
        if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0 or _blank(full):
            what = f"{url!r} is no http or https URL."
            raise WrongInput(what, "Write it like http://localhost:3000/webhooks.")
        return cls(
            scheme=parts.scheme,
            host=parts.hostname,
            port=port or (443 if parts.scheme == "https" else 80),
            authority=parts.netloc.rpartition("@")[2],
            path="" if parts.path == "/" else parts.path,
            query=parts.query,
        )

    def target_for(self, message: Message) -> str:
        """The request target: the message's own, or this URL's path with the query of whichever has one."""
        own = message.target
        if not own.startswith("/") and "://" in own.partition("?")[0]:
            own = "/" + own.partition("://")[2].partition("/")[2]
        if not self.path and not self.query:
            return own
        query = self.query or own.partition("?")[2]
        return (self.path or "/") + (f"?{query}" if query else "")

    def url_for(self, message: Message) -> str:
        """The whole URL that a message goes to."""
        return f"{self.scheme}://{self.authority}{self.target_for(message)}"


def _blank(url: str) -> bool:
    return any(character <= " " or character == "\x7f" for character in url)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server answered: `body` is its head, `size` all of it in bytes."""

    status: int
    reason: str
    headers: Headers
    body: bytes
    size: int


class SendFailed(Exception):
    """No answer could be had; the text says why in a few words."""


def outgoing(message: Message, to: Destination, *, keep_host: bool = False) -> Message:
    """The message as it is sent there: framed anew, without hop-by-hop headers, with the Host of the server."""
    named = {
        option.strip().lower()
        for value in message.headers.get_all("connection")
        for option in value.split(",")
        if option.strip().lower() not in {"host", "content-length", "content-type"}
    }
    headers = message.headers.without(HOP_BY_HOP | named)
    if not keep_host or "host" not in headers:
        # A request's Host stands first by custom; where the message has one, its place is kept.
        headers = (
            headers.with_header("Host", to.authority)
            if "host" in headers
            else Headers([("Host", to.authority), *headers])
        )
    if message.body or "content-length" in headers or message.method in _EXPECT_BODY:
        name = next((name for name, _ in headers if name.lower() == "content-length"), "Content-Length")
        headers = headers.with_header(name, str(len(message.body)))
    return Message(method=message.method, target=to.target_for(message), headers=headers, body=message.body)


def request_bytes(message: Message, newline: bytes = b"\r\n") -> bytes:
    """The request line, the headers, an empty line and the body."""
    start = f"{message.method} {message.target} HTTP/{message.http_version}"
    lines = [to_wire(start), *(name + b": " + value for name, value in message.headers.raw), b"", b""]
    return newline.join(lines) + message.body


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How to send: seconds for all of one exchange, whether the message's own Host stays, any certificate or not."""

    timeout: float = 30.0
    keep_host: bool = False
    insecure: bool = False


async def attempt(kind: Literal["forward", "replay"], message: Message, to: Destination, manner: Manner) -> Attempt:
    """Send the message once and say what came of it; a failure is an attempt without status."""
    started_at, began = datetime.now(UTC), time.perf_counter()
    answer: Answer | None = None
    error: str | None = None
    try:
        answer = await send(message, to, manner)
    except SendFailed as failure:
        error = str(failure)
    return Attempt(
        kind=kind,
        url=to.url_for(message),
        started_at=started_at,
        elapsed=time.perf_counter() - began,
        status=answer.status if answer else None,
        error=error,
        headers=answer.headers if answer else Headers(),
        body=answer.body if answer else b"",
    )


async def send(message: Message, to: Destination, manner: Manner) -> Answer:
    """Send the message over a connection of its own and read the answer. Raises SendFailed where none comes."""
    outbound = outgoing(message, to, keep_host=manner.keep_host)
    try:
        async with asyncio.timeout(manner.timeout):
            return await _exchange(outbound, to, _tls(to, insecure=manner.insecure))
    except TimeoutError as error:
        reason = f"no answer within {manner.timeout:g} s"
        raise SendFailed(reason) from error
    except ssl.SSLCertVerificationError as error:
        reason = f"its certificate is not trusted: {error.verify_message} (--insecure takes it)"
        raise SendFailed(reason) from error
    except ConnectionRefusedError as error:
        reason = f"connection refused: nothing listens on {to.authority}"
        raise SendFailed(reason) from error
    except h11.ProtocolError as error:
        reason = f"the answer is not HTTP: {error}"
        raise SendFailed(reason) from error
    except OSError as error:
        reason = error.strerror or str(error) or type(error).__name__
        raise SendFailed(reason) from error


def _tls(to: Destination, *, insecure: bool) -> ssl.SSLContext | None:
    if to.scheme != "https":
        return None
    context = ssl.create_default_context()
    if insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


async def _exchange(message: Message, to: Destination, tls: ssl.SSLContext | None) -> Answer:
    reader, writer = await asyncio.open_connection(to.host, to.port, ssl=tls)
    # A server may answer, and stop reading, before it has the whole body: so both directions go on at once.
    sending = asyncio.create_task(_write(writer, request_bytes(message)))
    try:
        return await _read_answer(reader, message.method)
    finally:
        sending.cancel()
        with suppress(asyncio.CancelledError, OSError):
            await sending
        writer.close()
        with suppress(OSError, asyncio.CancelledError):
            await writer.wait_closed()


async def _write(writer: asyncio.StreamWriter, data: bytes) -> None:
    with suppress(ConnectionError):
        writer.write(data)
        await writer.drain()


async def _read_answer(reader: asyncio.StreamReader, method: str) -> Answer:
    parser = h11.Connection(h11.CLIENT, max_incomplete_event_size=ANSWER_HEAD)
    # h11 needs to know the method alone: to HEAD and CONNECT there is an answer without a body.
    parser.send(h11.Request(method=method, target="/", headers=[("Host", "h"), ("Connection", "close")]))
    parser.send(h11.EndOfMessage())
    response: h11.Response | None = None
    body = bytearray()
    size = 0
    cut = False
    while True:
        event = parser.next_event()
        if event is h11.NEED_DATA:
            data = await _more(reader, answered=response is not None)
            cut = data is None
            parser.receive_data(data or b"")
        elif isinstance(event, h11.Response):
            response = event
        elif isinstance(event, h11.Data):
            size += len(event.data)
            body += event.data[: KEPT_BODY - len(body)]
        # PAUSED: behind this answer, to CONNECT, the connection speaks something else than HTTP.
        over = cut or event is h11.PAUSED or isinstance(event, h11.EndOfMessage | h11.ConnectionClosed)
        if response is not None and (over or size > READ_BODY):
            return Answer(
                status=response.status_code,
                reason=to_text(bytes(response.reason)),
                headers=Headers((bytes(name), bytes(value)) for name, value in response.headers.raw_items()),
                body=bytes(body),
                size=size,
            )


async def _more(reader: asyncio.StreamReader, *, answered: bool) -> bytes | None:
    """More of the answer; empty at its end, None where a server that would not read the whole body has cut it off."""
    try:
        data = await reader.read(65536)
    except ConnectionError:
        if not answered:
            raise
        return None
    if not data and not answered:
        reason = "the connection was closed without an answer"
        raise SendFailed(reason)
    return data
