"""What other programs give out about a delivery, in the shapes of their documentation: read, verified, replayed."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64encode
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hookcli.delivery import Headers, Message
from hookcli.errors import WrongInput
from hookcli.formats.form import File, Found
from hookcli.formats.known import FORMS, form_of, read
from hookcli.wire import request_bytes
from support import hookcli

if TYPE_CHECKING:
    from pathlib import Path

MOMENT = datetime(2026, 1, 31, 12, 30, 15, tzinfo=UTC)
PAYLOAD = {"action": "opened", "issue": {"title": "Grüße", "n": 1}, "list": []}
BODY = json.dumps(PAYLOAD, separators=(",", ":"), ensure_ascii=False).encode()
SIGNATURE = "sha256=" + hmac.new(b"S", BODY, hashlib.sha256).hexdigest()

GITHUB: dict[str, Any] = {
    "id": 12345678,
    "guid": "0b989ba4-242f-11e5-81e1-c7b6966d2516",
    "delivered_at": "2026-01-31T12:30:15Z",
    "redelivery": False,
    "duration": 0.27,
    "status": "OK",
    "status_code": 200,
    "event": "issues",
    "action": "opened",
    "installation_id": None,
    "repository_id": 1,
    "url": "https://www.example.com/hooks?a=1",
    "request": {
        "headers": {
            "X-GitHub-Delivery": "0b989ba4-242f-11e5-81e1-c7b6966d2516",
            "X-Hub-Signature-256": SIGNATURE,
            "Accept": "*/*",
            "User-Agent": "GitHub-Hookshot/b8c71d8",
            "X-GitHub-Event": "issues",
            "content-type": "application/json",
        },
        "payload": PAYLOAD,
    },
    "response": {"headers": {"Content-Type": "text/html"}, "payload": "ok"},
}
GITLAB: dict[str, Any] = {
    "id": 1,
    "url": "https://example.net/hook",
    "trigger": "push_hooks",
    "request_headers": {
        "Content-Type": "application/json",
        "X-Gitlab-Event": "Push Hook",
        "X-Gitlab-Event-UUID": "9cebe914-4827-408f-b014-cfa23a47a35f",
        "X-Gitlab-Token": "[REDACTED]",
    },
    "request_data": PAYLOAD,
    "response_headers": {},
    "response_body": "{}",
    "execution_duration": 1.09,
    "response_status": "200",
}
RAW = (
    b"POST /hook?a=1 HTTP/1.1\r\nHost: d95211d2.ngrok.app\r\nX-Twice: a\r\nx-twice: b\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
)
NGROK: dict[str, Any] = {
    "uri": "/api/requests/http/548fb5c700000002",
    "id": "548fb5c700000002",
    "tunnel_name": "command_line (http)",
    "remote_addr": "192.0.2.25",
    "start": "2026-01-31T04:30:15-08:00",
    "duration": 3893202,
    "request": {
        "method": "POST",
        "proto": "HTTP/1.1",
        "headers": {"Host": ["d95211d2.ngrok.app"], "X-Twice": ["a", "b"]},
        "uri": "/hook?a=1",
        "raw": b64encode(RAW).decode(),
    },
    "response": {"status": "502 Bad Gateway", "status_code": 502, "proto": "HTTP/1.1", "headers": {}, "raw": ""},
}
SMEE: dict[str, Any] = {
    "host": "smee.io",
    "user-agent": "GitHub-Hookshot/b8c71d8",
    "content-length": "9",
    "content-type": "application/json",
    "x-github-event": "issues",
    "x-hub-signature-256": SIGNATURE,
    "body": PAYLOAD,
    "query": {"a": "1"},
    "timestamp": 1769862615000,
}
WEBHOOK_SITE: dict[str, Any] = {
    "uuid": "5f1c0a7e",
    "token_id": "9f8e",
    "ip": "192.0.2.25",
    "hostname": "webhook.site",
    "method": "PUT",
    "user_agent": "curl",
    "content": '{ "a": "ü" }\n',
    "query": {"a": "1"},
    "headers": {"host": ["webhook.site"], "content-type": ["application/json"], "x-twice": ["a", "b"]},
    "url": "https://webhook.site/9f8e?a=1",
    "created_at": "2026-01-31 12:30:15.000",
    "updated_at": "2026-01-31 12:30:15.000",
}
HOOKDECK: dict[str, Any] = {
    "id": "evt_1",
    "team_id": "tm_1",
    "source_id": "src_1",
    "status": "SUCCESSFUL",
    "response_status": 200,
    "created_at": "2026-01-31T12:30:15.000Z",
    "data": {
        "headers": {"content-type": "application/json", "x-github-event": "issues", "x-hub-signature-256": SIGNATURE},
        "body": PAYLOAD,
        "path": "/hook",
        "parsed_query": {"a": "1"},
    },
}

SHAPES: dict[str, list[Any]] = {
    "github-delivery": [GITHUB],
    "gitlab-event": [GITLAB],
    "ngrok": [NGROK, {"uri": "/api/requests/http", "requests": [NGROK]}],
    "smee": [SMEE],
    "webhook-site": [WEBHOOK_SITE, {"data": [WEBHOOK_SITE], "total": 1, "per_page": 50, "is_last_page": True}],
    "hookdeck": [HOOKDECK, {"models": [HOOKDECK], "pagination": {}, "count": 1}],
}


def found_in(value: Any) -> tuple[str, list[Found]]:
    """The form that a JSON file of this value is taken for, and what is read from it."""
    file = File(json.dumps(value, indent=2).encode(), "given.json")
    form = form_of(file, ".json")
    assert form is not None
    return form.id, read(file, form)


@pytest.mark.parametrize(
    ("form", "value"), [pytest.param(form, value, id=form) for form, values in SHAPES.items() for value in values]
)
def test_each_is_known_alone_in_a_list_and_by_lines(form: str, value: Any) -> None:
    assert found_in(value)[0] == form
    assert found_in([value])[0] == form
    lines = File(f"{json.dumps(value)}\n{json.dumps(value)}\n".encode())
    found = form_of(lines)
    if "requests" not in value and "models" not in value and value is not SHAPES["webhook-site"][1]:
        assert found is not None
        assert len(read(lines, found)) == 2


def test_githubs_delivery_is_the_signed_message() -> None:
    _, (found,) = found_in(GITHUB)
    assert (found.message.target, found.message.body) == ("/hooks?a=1", BODY)
    assert found.message.headers.get("content-length") == str(len(BODY))
    assert (found.received_at, found.status) == (MOMENT, 200)


def test_githubs_form_is_a_form_again() -> None:
    request = {**GITHUB["request"], "headers": {"Content-Type": "application/x-www-form-urlencoded"}}
    _, (found,) = found_in({**GITHUB, "request": request})
    assert found.message.body.startswith(b"payload=%7B%22action%22%3A%22opened%22%2C")


def test_gitlabs_events_are_messages() -> None:
    _, (found,) = found_in([GITLAB])
    assert (found.message.target, found.message.body, found.status) == ("/hook", BODY, 200)
    assert found.message.headers.get("x-gitlab-event") == "Push Hook"


def test_ngroks_raw_bytes_are_read() -> None:
    _, (found,) = found_in({"requests": [NGROK]})
    assert list(found.message.headers)[:3] == [("Host", "d95211d2.ngrok.app"), ("X-Twice", "a"), ("x-twice", "b")]
    assert (found.message.target, found.message.body) == ("/hook?a=1", b"hello")
    assert (found.received_at, found.remote, found.status) == (MOMENT, "192.0.2.25", 502)


def test_ngroks_requests_come_the_oldest_first() -> None:
    newest = {**NGROK, "start": "2026-01-31T04:31:00-08:00"}
    _, found = found_in({"requests": [newest, NGROK]})
    assert found[0].received_at == MOMENT


def test_smees_event_is_the_signed_message() -> None:
    _, (found,) = found_in(SMEE)
    assert (found.message.target, found.message.body, found.received_at) == ("/?a=1", BODY, MOMENT)
    assert ("x-github-event", "issues") in list(found.message.headers)
    assert not {"body", "query", "timestamp"} & set(found.message.headers.names())


def test_webhook_sites_content_is_the_body() -> None:
    _, (found,) = found_in(WEBHOOK_SITE)
    assert (found.message.method, found.message.target) == ("PUT", "/9f8e?a=1")
    assert found.message.body == '{ "a": "ü" }\n'.encode()
    assert found.message.headers.get_all("x-twice") == ["a", "b"]
    assert (found.received_at, found.remote) == (MOMENT, "192.0.2.25")


def test_hookdecks_event_is_the_signed_message() -> None:
    _, (found,) = found_in(HOOKDECK)
    assert (found.message.target, found.message.body, found.status) == ("/hook?a=1", BODY, 200)


@pytest.mark.parametrize("value", [GITHUB, SMEE, HOOKDECK], ids=["github", "smee", "hookdeck"])
def test_its_signature_is_verified(value: Any, tmp_path: Path) -> None:
    file = tmp_path / "delivery.json"
    file.write_text(json.dumps(value))
    (told,) = hookcli("verify", file, "--secret", "S", "--json").records
    assert (told["provider"], told["verdict"]["state"]) == ("github", "valid")


@pytest.mark.parametrize(
    ("value", "stated"),
    [
        ({**GITHUB, "request": {"headers": ["a"], "payload": {}}}, "list"),
        ({**NGROK, "request": {**NGROK["request"], "raw": "%"}}, "given.json looks like captured requests of ngrok's"),
        ({**WEBHOOK_SITE, "method": "PO ST"}, "is no request line"),
        ({**WEBHOOK_SITE, "content": {"a": 1}}, "dict"),
    ],
)
def test_what_is_not_right_is_told(value: Any, stated: str) -> None:
    with pytest.raises(WrongInput) as raised:
        found_in(value)
    assert "given.json" in raised.value.what
    assert stated in raised.value.what


def test_headers_that_can_not_stand_in_a_message_are_left_out() -> None:
    headers = {"x-good": "1", "x bad": "2", "x-two": "a\r\nx-smuggled: 1", ":path": "/", "x-none": None, "x-n": 5}
    _, (found,) = found_in({**HOOKDECK, "data": {**HOOKDECK["data"], "headers": headers, "body": None}})
    assert list(found.message.headers) == [("x-good", "1"), ("x-n", "5")]


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.data())
def test_whatever_stands_in_a_field_is_a_message_or_a_clear_error(data: st.DataObject) -> None:
    shape = data.draw(st.sampled_from([GITHUB, GITLAB, NGROK, SMEE, WEBHOOK_SITE, HOOKDECK]))
    changed = {**shape, data.draw(st.sampled_from(sorted(shape))): data.draw(anything)}
    inner = next((name for name in ("request", "data") if isinstance(changed.get(name), dict)), None)
    if inner:
        name = data.draw(st.sampled_from(sorted(changed[inner], key=str) or ["a"]))
        changed[inner] = {**changed[inner], name: data.draw(anything)}
    file = File(json.dumps(changed).encode(), "given.json")
    form = form_of(file, ".json")
    try:
        found = read(file, form) if form else []
    except WrongInput as error:
        assert "given.json" in error.what  # noqa: PT017 (either outcome is right)
    else:
        for one in found:
            assert isinstance(one.message, Message)
            assert Headers(one.message.headers.raw) == one.message.headers
            assert request_bytes(one.message)
            assert one.status is None or 0 < one.status < 1000


@given(anything)
def test_other_json_is_of_no_form(value: Any) -> None:
    assert form_of(File(json.dumps(value).encode()), ".json") is None


def test_forms_are_named_once_and_each_can_do_something() -> None:
    names = [form.id for form in FORMS]
    assert len(set(names)) == len(names)
    for form in FORMS:
        assert form.is_written or form.read
        assert all(suffix.startswith(".") for suffix in form.suffixes)


class TestPayloads:
    def test_a_payload_that_tells_whose_it_is_needs_no_provider(self, tmp_path: Path) -> None:
        file = tmp_path / "event.json"
        event = {"id": "evt_1", "object": "event", "type": "invoice.paid", "data": {"object": {}}}
        file.write_text(json.dumps(event))
        told = hookcli("replay", file, "--secret", "S", "--dry-run").text
        assert "Stripe-Signature: t=" in told

    def test_it_says_what_it_took_it_for(self, tmp_path: Path) -> None:
        file = tmp_path / "event.json"
        file.write_text(json.dumps({"id": "evt_1", "object": "event", "type": "invoice.paid", "data": {"object": {}}}))
        done = hookcli("replay", file, "--to", "http://127.0.0.1:9", "--send-timeout", "5s")
        assert done.text.startswith(f"{file} as stripe → ")

    def test_verifying_needs_the_headers_all_the_same(self, tmp_path: Path) -> None:
        file = tmp_path / "event.json"
        file.write_text(json.dumps({"id": "evt_1", "object": "event", "type": "invoice.paid", "data": {"object": {}}}))
        done = hookcli("verify", file, "--secret", "S")
        assert done.code == 2
        assert "is a bare payload" in done.err
