"""Deliveries as CloudEvents, read by the cloudevents package, and structured events read for replay."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_http_event
from hypothesis import given
from hypothesis import strategies as st

from hookcli import fixtures
from hookcli.delivery import Headers, Message
from hookcli.formats import cloudevent, http_file
from hookcli.formats.form import File, Kept
from hookcli.identify import identify
from hookcli.reading import Reading
from support import Wire, a_delivery, a_message, fill, hookcli, receiving

if TYPE_CHECKING:
    from pathlib import Path

    from cloudevents.core.base import BaseCloudEvent

    from hookcli.delivery import Delivery

MOMENT = datetime(2026, 1, 31, 12, 30, 15, 42, tzinfo=UTC)


def delivered(message: Message) -> Delivery:
    of = identify(Reading(message))
    return a_delivery(
        message,
        received_at=MOMENT,
        provider=of.provider,
        event=of.event,
        action=of.action,
        delivery_id=of.delivery_id,
    )


def structured(delivery: Delivery) -> BaseCloudEvent:
    """The event as the package reads the structured form."""
    written = cloudevent.write_structured([Kept(delivery=delivery)])
    return from_http_event(HTTPMessage({"content-type": cloudevent.STRUCTURED}, written))


def binary(delivery: Delivery) -> BaseCloudEvent:
    """The event as the package reads the binary form."""
    message = http_file.read(cloudevent.write_binary([Kept(delivery=delivery)]))
    return from_http_event(HTTPMessage(dict(message.headers), message.body))


JSON_TYPE = {"content_type": "application/json"}


def test_the_attributes_say_what_it_is() -> None:
    delivery = delivered(a_message(b'{"action": "opened"}', x_github_event="pull_request", x_github_delivery="d-1"))
    for event in (structured(delivery), binary(delivery)):
        assert event.get_type() == "com.github.pull_request.opened"
        assert (event.get_id(), event.get_source()) == ("d-1", "/hookcli/github")
        assert event.get_time() == MOMENT
        assert event.get_data() == {"action": "opened"}


def test_an_event_of_words_becomes_a_type_and_hookclis_id_stands_in() -> None:
    delivery = delivered(a_message(b"{}", x_gitlab_event="Push Hook"))
    event = structured(delivery)
    assert (event.get_type(), event.get_id()) == ("com.gitlab.Push_Hook", delivery.id)
    assert structured(delivered(a_message(b"{}"))).get_type() == "com.unknown.delivery"


@pytest.mark.parametrize(
    ("body", "headers", "data"),
    [
        (b'{"a": 1.50, "b": "\\u00fc"}', JSON_TYPE, {"a": 1.5, "b": "ü"}),
        (b"[1, null]", {}, [1, None]),
        (b"a=1&b=%20", {"content_type": "application/x-www-form-urlencoded"}, "a=1&b=%20"),
        ("Grüße\n".encode(), {"content_type": "text/plain; charset=utf-8"}, "Grüße\n"),
        (b"\x00\xff", {"content_type": "application/octet-stream"}, b"\x00\xff"),
        (b"not json", JSON_TYPE, b"not json"),
        (b"NaN", JSON_TYPE, b"NaN"),
        (b"\x00\xff", {}, b"\x00\xff"),
    ],
)
def test_the_body_is_the_data(body: bytes, headers: dict[str, str], data: Any) -> None:
    event = structured(delivered(a_message(body, **headers)))
    assert event.get_data() == data
    mime = headers.get("content_type")
    if mime or body[:1] != b"[":
        assert event.get_datacontenttype() == (mime or "application/octet-stream")


def test_json_data_keep_their_layout() -> None:
    body = b'{ "big": 12345678901234567890.10, "a":1, "a":2 }'
    assert body in cloudevent.write_structured([Kept(delivery=delivered(a_message(body, **JSON_TYPE)))])


def test_no_body_is_no_data() -> None:
    delivery = delivered(Message(method="GET", headers=Headers([("Host", "h")])))
    assert "data" not in json.loads(cloudevent.write_structured([Kept(delivery=delivery)]))


@pytest.mark.parametrize("name", fixtures.names())
def test_every_fixture_is_an_event(name: str) -> None:
    delivery = delivered(http_file.read(fixtures.load(name), name))
    events = [structured(delivery), *([binary(delivery)] if "batch" not in name else [])]
    for event in events:
        assert event.get_specversion() == "1.0"
        assert event.get_id()
        assert event.get_type()


def test_an_event_stays_the_event_that_it_is() -> None:
    attributes = {"specversion": "1.0", "id": "1", "source": "/a", "type": "b"}
    own = delivered(a_message(json.dumps({**attributes, "data": 1}).encode()))
    assert json.loads(cloudevent.write_structured([Kept(delivery=own)])) == {**attributes, "data": 1}
    headers = {f"ce_{name}": value for name, value in attributes.items()}
    message = a_message(b'{"x": 1}', **headers, ce_subject="a%20b", **JSON_TYPE)
    event = structured(delivered(message))
    assert (event.get_id(), event.get_source(), event.get_type()) == ("1", "/a", "b")
    assert (event.get_subject(), event.get_data()) == ("a b", {"x": 1})
    assert http_file.read(cloudevent.write_binary([Kept(delivery=delivered(message))])) == message


@given(st.text(min_size=1), st.binary(max_size=40))
def test_any_event_name_and_body_make_an_event(name: str, body: bytes) -> None:
    delivery = a_delivery(a_message(body, content_type="application/octet-stream"), received_at=MOMENT, event=name)
    for event in (structured(delivery), binary(delivery)):
        assert event.get_type().startswith("com.unknown.")
    written = json.loads(cloudevent.write_structured([Kept(delivery=delivery)]))
    assert ("data" in written or "data_base64" in written) == bool(body)


class TestReading:
    EVENT = b'{\n "specversion": "1.0", "id": "1", "source": "/a", "type": "b", "data": {"x": 1.0}\n}\n'

    def test_a_file_of_one_is_the_message_that_brings_it(self, tmp_path: Path) -> None:
        file = tmp_path / "event.json"
        file.write_bytes(self.EVENT)
        with receiving() as receiver:
            assert hookcli("replay", file, "--to", receiver.url).code == 0
            arrived = Wire.of(receiver.next())
        assert (arrived.start, arrived.body) == (b"POST / HTTP/1.1", self.EVENT)
        assert arrived.all(b"content-type") == [b"application/cloudevents+json; charset=utf-8"]

    def test_several_are_several_messages(self) -> None:
        lines = b"\n".join(self.EVENT.replace(b"\n", b"") for _ in range(2))
        for data in (lines, b"[" + lines.replace(b"\n", b",") + b"]"):
            found = cloudevent.read(File(data))
            assert [json.loads(one.message.body) for one in found] == [json.loads(self.EVENT)] * 2

    def test_its_time_is_when_it_came(self) -> None:
        event = {**json.loads(self.EVENT), "time": "2026-01-31T12:30:15.000042Z"}
        (found,) = cloudevent.read(File(json.dumps(event).encode()))
        assert found.received_at == MOMENT

    @pytest.mark.parametrize("form", ["cloudevents", "cloudevents-binary"])
    def test_what_is_exported_is_replayed_as_an_event(self, form: str, tmp_path: Path) -> None:
        store, file = tmp_path / "deliveries.db", tmp_path / "event"
        fill(store, delivered(a_message(b'{"a": 1}', x_github_event="push", **JSON_TYPE)))
        assert hookcli("export", "last", "--format", form, "-o", file, "--store", store).code == 0
        with receiving() as receiver:
            assert hookcli("replay", file, "--to", receiver.url).code == 0
            arrived = Wire.of(receiver.next())
        headers = {name.decode().lower(): value.decode() for name, value in arrived.headers}
        event = from_http_event(HTTPMessage(headers, arrived.body))
        assert (event.get_type(), event.get_data()) == ("com.github.push", {"a": 1})
