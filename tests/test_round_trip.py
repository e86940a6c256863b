"""What came in goes out again byte for byte: from the wire to the store, to a file, and back to the wire."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hookcli import fixtures
from hookcli.cli.export import command as export
from hookcli.delivery import Delivery, Headers, Message, UlidMaker, to_text
from hookcli.formats import http_file, record
from hookcli.store import query
from hookcli.store.database import opened
from hookcli.store.rows import Stored, insert
from hookcli.wire import Destination, Manner, request_bytes, send
from support import Receiver, Wire, corpus, exchange, hookcli, listening, receiving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOKEN = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

tokens = st.text(TOKEN, min_size=1, max_size=12)
methods = st.sampled_from(["POST", "GET", "PUT", "DELETE", "HEAD", "OPTIONS", "CONNECT", "post", "M-SEARCH"]) | tokens
targets = (
    st.binary(max_size=40).map(lambda data: "/" + to_text(bytes(byte for byte in data if byte > 0x20 and byte != 0x7F)))
    | st.sampled_from(
        ["/?a=1&a=2&b", "//x/../y/./", "/go/http://example.com/a?b=http://c", "/%2F%zz?%", "/a#b", "/[1-9]{x}"]
    )
    | st.sampled_from(["*"])
)
values = st.binary(max_size=40).map(lambda data: data.translate(None, b"\r\n\0").strip(b" \t"))
headers = st.lists(
    st.tuples(tokens.map(str.encode), values)
    | st.tuples(st.sampled_from([b"X-Twice", b"x-twice", b"X-TWICE", b"cOOKIE", b"Expect"]), values)
    | st.sampled_from(
        [
            (b"Host", b"hooks.example.com"),
            (b"hOST", b"other.example.com:8443"),
            (b"Connection", b"keep-alive, X-Mine"),
            (b"x-mine", b"1"),
            (b"Transfer-Encoding", b"chunked"),
            (b"TE", b"trailers"),
            (b"Keep-Alive", b"timeout=5"),
        ]
    ),
    max_size=12,
)
bodies = st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass"))


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with receiving() as one:
        yield one


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("store") / "deliveries.db"


new_id = UlidMaker()


@st.composite
def deliveries(draw: st.DrawFn) -> Delivery:
    pairs, body = draw(headers), draw(bodies)
    if draw(st.booleans()):
        pairs.insert(draw(st.integers(0, len(pairs))), (b"content-LENGTH", str(len(body)).encode()))
    return Delivery(
        id=new_id(),
        received_at=datetime(2026, 1, 31, 12, tzinfo=UTC),
        method=draw(methods),
        target=draw(targets),
        headers=Headers(pairs),
        body=body,
    )


def kept(delivery: Delivery, store: Path) -> Delivery:
    """The delivery as it comes out of the store."""
    with opened(store) as connection:
        connection.execute("BEGIN")
        insert(connection, [Stored(delivery, len(delivery.body), 200)])
        connection.execute("COMMIT")
        return query.find(connection, delivery.id).delivery


def through_http(delivery: Delivery) -> Message:
    return http_file.read(http_file.write(delivery))


def through_json(delivery: Delivery) -> Message:
    return record.read(json.loads(record.line(delivery, 200)))


def as_sent(message: Message, receiver: Receiver) -> Wire:
    """What a server gets when the message is replayed."""
    asyncio.run(send(message, Destination.parse(receiver.url), Manner()))
    return Wire.of(receiver.next())


@settings(max_examples=150, deadline=None)
@given(deliveries())
def test_any_delivery_survives_store_file_and_wire(store: Path, receiver: Receiver, delivery: Delivery) -> None:
    came = Wire.of(request_bytes(delivery))
    stored = kept(delivery, store)
    assert stored == delivery
    for message in (through_http(stored), through_json(stored)):
        arrived = as_sent(message, receiver)
        assert arrived.as_sent() == came.end_to_end()
        assert arrived.all(b"host") == [f"127.0.0.1:{receiver.port}".encode()]
        if delivery.body:
            assert arrived.all(b"content-length") == [str(len(delivery.body)).encode()]


@settings(max_examples=100, deadline=None)
@given(deliveries(), st.sampled_from(["1.0", "1.1"]))
def test_http_file_holds_all_of_a_message(delivery: Delivery, version: str) -> None:
    read = through_http(replace(delivery, http_version=version))
    assert (read.method, read.target, read.http_version) == (delivery.method, delivery.target, version)
    assert (read.headers, read.body) == (delivery.headers, delivery.body)


@settings(max_examples=100, deadline=None)
@given(deliveries())
def test_json_holds_all_of_a_delivery(delivery: Delivery) -> None:
    assert through_json(delivery) == delivery


def all_fixtures() -> list[Message]:
    return [http_file.read(fixtures.load(name), name) for name in fixtures.names()]


def all_recorded() -> list[Message]:
    return [parameter.values[0].message for parameter in corpus() if parameter.values[0] is not None]


@pytest.mark.parametrize("source", [all_fixtures, all_recorded])
def test_deliveries_survive_listener_export_and_replay(source: Any, tmp_path: Path) -> None:
    messages = source()
    if not messages:
        pytest.skip("no corpus beside this checkout")
    posted = [request_bytes(framed(message)) for message in messages]
    store, folder = tmp_path / "deliveries.db", tmp_path / "exported"
    with listening(store, "--print", "none") as listener:
        for data in posted:
            assert exchange(listener.port, data).startswith(b"HTTP/1.1 200 ")
        assert listener.stop().code == 0

    listed = hookcli("list", "--json", "-n", "1000", "--store", store)
    folder.mkdir()
    (folder / "all.ndjson").write_bytes(b"".join(reversed(listed.out.splitlines(keepends=True))))
    for number, one in enumerate(reversed(listed.records)):
        file = folder / f"one{number:04}.http"
        export.main([one["id"], "--reveal", "-o", str(file), "--store", str(store)], standalone_mode=False)

    with receiving() as receiver:
        replayed = hookcli("replay", folder, "--to", receiver.url, "--json")
        arrived = [Wire.of(data).as_sent() for data in receiver.requests]
    assert (replayed.code, replayed.err) == (0, "")
    came = [Wire.of(data).end_to_end() for data in posted]
    assert arrived[: len(posted)] == came, "from NDJSON"
    assert arrived[len(posted) :] == came, "from .http"


def framed(message: Message) -> Message:
    """The message as a client sends it: with a Host, and with its length where it has a body."""
    headers = message.headers
    if "host" not in headers:
        headers = headers.with_header("Host", "localhost")
    if message.body or "content-length" in headers:
        headers = headers.with_header("Content-Length", str(len(message.body)))
    return replace(message, headers=headers)
