"""The JSON contract: one object a delivery, both ways."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from hookcli.delivery import Delivery, Headers, Identity, Message, Verdict
from hookcli.errors import WrongInput
from hookcli.formats import record

DELIVERY = Delivery(
    id="01KG9Z3V5Q0000000000000000",
    received_at=datetime(2026, 1, 31, 12, 30, 15, 42, UTC),
    method="POST",
    target="/hooks?key=1",
    http_version="1.1",
    remote="127.0.0.1",
    headers=Headers([("Host", "localhost"), ("X-Twice", "a"), ("x-twice", "b")]),
    body='{"name": "Grüße"}'.encode(),
    identity=Identity(
        provider="argo-events",
        event="webhook",
        action="created",
        delivery_id="d-1",
        attempt=2,
        hook_id="h-1",
        carries=Identity(provider="github", event="push", is_ping=False),
    ),
    verdict=Verdict(state="valid", scheme="bearer", header="Authorization", detail="it does not cover the body"),
    summary="octocat pushed 3 commits to main",
)
PLAIN = {"method": "PUT", "target": "/a", "headers": [["X-A", "1"]], "body": "text"}


def test_every_field_has_its_place() -> None:
    assert record.record(DELIVERY, 202, answer="plain") == {
        "id": "01KG9Z3V5Q0000000000000000",
        "received_at": "2026-01-31T12:30:15.000042Z",
        "method": "POST",
        "target": "/hooks?key=1",
        "http_version": "1.1",
        "remote": "127.0.0.1",
        "headers": [["Host", "localhost"], ["X-Twice", "a"], ["x-twice", "b"]],
        "body": '{"name": "Grüße"}',
        "size": 19,
        "provider": "argo-events",
        "event": "webhook",
        "action": "created",
        "delivery_id": "d-1",
        "attempt": 2,
        "hook_id": "h-1",
        "is_ping": False,
        "carries": {
            "provider": "github",
            "event": "push",
            "action": None,
            "delivery_id": None,
            "attempt": None,
            "hook_id": None,
            "is_ping": False,
            "carries": None,
        },
        "summary": "octocat pushed 3 commits to main",
        "verdict": {
            "state": "valid",
            "scheme": "bearer",
            "header": "Authorization",
            "detail": "it does not cover the body",
        },
        "status": 202,
        "answer": "plain",
        "repeats": None,
    }


def test_a_line_is_one_line_of_ascii() -> None:
    line = record.line(replace(DELIVERY, body="\u2028\x85 new\nline".encode()), None)
    assert line.isascii()
    assert len(line.splitlines()) == 1
    assert json.loads(line)["body"] == "\u2028\x85 new\nline"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", {"body": ""}),
        (b"text", {"body": "text"}),
        ("\ufeffä\0".encode(), {"body": "\ufeffä\0"}),
        ("ä".encode("latin-1"), {"body_base64": "5A=="}),
        (b"\xff\x00", {"body_base64": "/wA="}),
        (b"\xed\xa0\x80", {"body_base64": "7aCA"}),
    ],
)
def test_a_body_is_text_or_else_base64(body: bytes, field: dict[str, str]) -> None:
    written = record.record(replace(DELIVERY, body=body), 200)
    assert {name: value for name, value in written.items() if name.startswith("body")} == field
    assert record.read(written).body == body


def test_what_is_written_is_read_back() -> None:
    written = json.loads(record.line(DELIVERY, 200))
    assert record.looks_like(written)
    assert record.read(written) == DELIVERY


def test_times_are_utc_whatever_their_zone() -> None:
    moment = datetime(2026, 1, 31, 14, 0, tzinfo=timezone(timedelta(hours=2)))
    assert record.timestamp(moment) == "2026-01-31T12:00:00.000000Z"


def test_a_message_without_an_id_is_enough_to_read() -> None:
    assert record.read(PLAIN) == Message(method="PUT", target="/a", headers=Headers([("X-A", "1")]), body=b"text")
    assert record.read({"method": "GET", "target": "/", "headers": []}) == Message(method="GET")


@pytest.mark.parametrize("value", [{"method": "GET", "target": "/"}, {"a": 1}, [1], "text", None])
def test_other_json_does_not_look_like_it(value: object) -> None:
    assert not record.looks_like(value)


BAD: list[tuple[str, dict[str, Any], str]] = [
    ("a method of two words", {"method": "PO ST"}, "method is 'PO ST'"),
    ("a method that is no text", {"method": 1}, "method is 1"),
    ("a target with a blank", {"target": "/a b"}, "target is '/a b'"),
    ("a target that ends the line", {"target": "/a\r\nX: 1"}, r"target is '/a\r\nX: 1'"),
    ("a target that is no bytes", {"target": "/\ud800"}, "surrogates not allowed"),
    ("a version that is none", {"http_version": "two"}, "http_version is 'two'"),
    ("headers by name", {"headers": {"TE": "x"}}, "a header is 'TE', not [name, value]"),
    ("no headers", {"headers": None}, "NoneType"),
    ("a header of one", {"headers": [["X"]]}, "a header is ['X'], not [name, value]"),
    ("a header's name with a blank", {"headers": [["X A", "1"]]}, "a header's name is 'X A'"),
    ("a value that is no text", {"headers": [["X-A", None]]}, "the header X-A is None"),
    ("a value of two lines", {"headers": [["X-A", "1\r\nX-B: 2"]]}, r"the header X-A is '1\r\nX-B: 2'"),
    ("a body that is no text", {"body": {"a": 1}}, "dict"),
    ("a body that is no bytes", {"body": "\ud800"}, "surrogates not allowed"),
    ("base64 that is none", {"body_base64": "YWJj YWJj"}, "body_base64 is no base64"),
    ("base64 cut short", {"body_base64": "YWI"}, "body_base64 is no base64"),
    ("a time that is none", {"id": "1", "received_at": "yesterday"}, "yesterday"),
    (
        "a verdict that there is none of",
        {"id": "1", "received_at": "2026-01-31", "verdict": {"state": "fine"}},
        "'fine'",
    ),
]


@pytest.mark.parametrize(("field", "said"), [one[1:] for one in BAD], ids=[one[0] for one in BAD])
def test_a_field_that_is_not_right_is_named(field: dict[str, Any], said: str) -> None:
    with pytest.raises(WrongInput) as raised:
        record.read({**PLAIN, **field}, "old.json")
    assert raised.value.what.startswith("old.json looks like hookcli's JSON, but a field is not as it should be: ")
    assert said in raised.value.what
