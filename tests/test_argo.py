"""The argo-events envelope: written as its webhook event source does, read back, and replayed as what it carries."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote_plus

import pytest

from hookcli import fixtures
from hookcli.delivery import Delivery, Headers, Message
from hookcli.formats import argo, http_file
from hookcli.formats.form import Kept
from hookcli.identify import identify
from hookcli.reading import Reading
from support import Wire, exchange, hookcli, listening, receiving

if TYPE_CHECKING:
    from pathlib import Path

KNOWN_INSIDE = {
    "github",
    "gitlab",
    "bitbucket",
    "bitbucket-server",
    "gitee",
    "gitea",
    "forgejo",
    "gogs",
    "coding",
    "dockerhub",
    "dtr",
    "cloudevents",
}
"""Providers that are known by what an envelope keeps: headers and body, not the query."""


def delivered(message: Message) -> Delivery:
    """The message as a delivery."""
    return Delivery(
        id="01KG9Z3V5Q0000000000000000",
        received_at=datetime(2026, 1, 31, 12, tzinfo=UTC),
        method=message.method,
        target=message.target,
        headers=message.headers,
        body=message.body,
        identity=identify(Reading(message)),
    )


def test_an_envelope_is_written_as_the_event_source_does() -> None:
    headers = Headers([("Host", "localhost"), ("X-GitHub-Event", "push"), ("x-twice", "a"), ("X-TWICE", "b")])
    assert argo.envelope(delivered(Message(headers=headers, body=b'{"ref": "refs/heads/main"}'))) == {
        "context": {
            "id": "01KG9Z3V5Q0000000000000000",
            "source": "hookcli",
            "specversion": "1.0",
            "type": "webhook",
            "datacontenttype": "application/json",
            "subject": "github",
            "time": "2026-01-31T12:00:00.000000Z",
        },
        "data": {
            "header": {"X-Github-Event": ["push"], "X-Twice": ["a", "b"]},
            "body": {"ref": "refs/heads/main"},
        },
    }


@pytest.mark.parametrize(
    ("message", "body"),
    [
        (Message(body=b"[1, null]"), [1, None]),
        (Message(body=b"plain text"), "plain text"),
        (Message(body="Grüße".encode()), "Grüße"),
        (Message(body=b""), ""),
        (
            Message(
                headers=Headers([("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")]),
                body=b"payload=%7B%22a%22%3A1%7D&b=1&b=2&c=",
            ),
            {"payload": ['{"a":1}'], "b": ["1", "2"], "c": [""]},
        ),
        (Message(method="GET", target="/?payload=%7B%7D&b=1"), {"payload": ["{}"], "b": ["1"]}),
    ],
)
def test_a_body_is_json_lists_of_a_form_or_a_string(message: Message, body: Any) -> None:
    assert argo.envelope(delivered(message))["data"]["body"] == body


@pytest.mark.parametrize("name", [name for name in fixtures.names() if name.partition("/")[0] in KNOWN_INSIDE])
def test_every_fixture_is_known_again_inside_its_envelope(name: str) -> None:
    delivery = delivered(http_file.read(fixtures.load(name)))
    envelope = argo.write([Kept(delivery=delivery)])
    assert argo.looks_like(json.loads(envelope))
    found = identify(Reading(Message(body=envelope)))
    assert (found.provider, found.event, found.delivery_id) == ("argo-events", "webhook", delivery.id)
    own, inside = delivery.identity, found.carries
    assert inside is not None
    assert (inside.provider, inside.event, inside.action) == (own.provider, own.event, own.action)


@pytest.mark.parametrize(
    "value",
    [{"context": {}, "data": {}}, {"context": {"specversion": "1.0"}, "data": []}, {"data": {"header": {}}}, [], None],
)
def test_other_json_is_no_envelope(value: object) -> None:
    assert not argo.looks_like(value)


def test_export_and_replay_send_the_delivery_inside(tmp_path: Path) -> None:
    store, file = tmp_path / "deliveries.db", tmp_path / "event.json"
    payload = {"ref": "refs/heads/main", "note": "Grüße", "big": 12345678901234567890}
    bodies = {
        b"application/json": json.dumps(payload).encode(),
        b"application/x-www-form-urlencoded": b"payload=" + quote_plus(json.dumps(payload)).encode(),
    }
    for content_type, body in bodies.items():
        with listening(store) as listener:
            exchange(
                listener.port,
                b"POST /hook HTTP/1.1\r\nHost: a\r\nX-GitHub-Event: push\r\nX-GitHub-Delivery: d-1\r\n"
                b"Content-Type: %s\r\nContent-Length: %d\r\n\r\n%s" % (content_type, len(body), body),
            )
            listener.stop()
        assert hookcli("export", "last", "--format", "argo-events", "--force", "-o", file, "--store", store).code == 0
        assert json.loads(file.read_bytes())["context"]["subject"] == "github"
        with receiving() as receiver:
            assert hookcli("replay", file, "--to", receiver.url).code == 0
            arrived = Wire.of(receiver.next())
        assert arrived.start == b"POST / HTTP/1.1"
        assert arrived.as_sent().headers == [
            (b"X-Github-Event", b"push"),
            (b"X-Github-Delivery", b"d-1"),
            (b"Content-Type", content_type),
        ]
        if content_type == b"application/json":
            assert json.loads(arrived.body) == payload
        else:
            assert json.loads(parse_qs(arrived.body.decode())["payload"][0]) == payload


def test_an_envelope_without_a_delivery_is_told(tmp_path: Path) -> None:
    file = tmp_path / "calendar.json"
    file.write_text(json.dumps({"context": {"specversion": "1.0"}, "data": {"header": {}, "eventTime": "now"}}))
    done = hookcli("replay", file, "--dry-run")
    assert done.code == 2
    assert f"{file} is an argo-events envelope without a delivery in it." in done.err
    assert "--provider argo-events" in done.err
