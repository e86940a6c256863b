"""HAR 1.2: valid by its published schema, opened by a reader that is not ours, and read back."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from haralyzer import HarParser  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft6Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT6

from hookcli import __version__, fixtures
from hookcli.delivery import Attempt, Delivery, Headers, Message
from hookcli.formats import har, http_file
from hookcli.formats.form import File, Kept
from hookcli.formats.known import form_of, read
from support import Wire, a_delivery, a_message, exchange, hookcli, listening, receiving

SCHEMA = Path(os.environ.get("HOOKCLI_HAR_SCHEMA", "/usr/share/nodejs/har-schema/lib"))
"""The JSON Schema of HAR: Debian's package node-har-schema."""

MOMENT = datetime(2026, 1, 31, 12, 30, 15, 42, tzinfo=UTC)


def validator() -> Draft6Validator:
    if not SCHEMA.is_dir():
        pytest.skip("no HAR schema: Debian's package node-har-schema has it")
    schemas = [json.loads(file.read_text()) for file in sorted(SCHEMA.glob("*.json"))]
    found = Registry().with_resources(
        (schema["$id"].removesuffix("#"), Resource.from_contents(schema, default_specification=DRAFT6))
        for schema in schemas
    )
    whole = next(schema for schema in schemas if schema["$id"] == "har.json#")
    return Draft6Validator(whole, registry=found)


def archive(*kept: Kept) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(har.write(kept))
    return found


def kept(message: Message, **of: Any) -> Kept:
    return Kept(delivery=a_delivery(message, received_at=MOMENT), **of)


def an_attempt(**of: Any) -> Attempt:
    return Attempt(
        **{"kind": "forward", "url": "http://h/", "started_at": MOMENT, "elapsed": 0.0125, "status": 202, **of}
    )


EVERY = [
    kept(
        Message(
            target="/hook?a=1&b=%20x&c",
            headers=Headers(
                [
                    ("Host", "hooks.example.com"),
                    ("X-Forwarded-Proto", "https"),
                    ("Content-Type", "application/json"),
                    ("Cookie", "a=1; b=x=y"),
                    ("X-Twice", "a"),
                    ("x-twice", "b"),
                    ("Content-Length", "12"),
                ]
            ),
            body='{"a": "ü"}\n'.encode(),
        ),
        status=200,
        attempts=[
            an_attempt(status=500, elapsed=1),
            an_attempt(
                headers=Headers([("Content-Type", "text/plain"), ("Location", "/b")]), body=b"accepted", elapsed=0.0125
            ),
            an_attempt(kind="replay", status=404),
            an_attempt(status=None, error="connection refused"),
        ],
    ),
    kept(a_message(bytes(range(256))), status=503),
    kept(Message(method="GET", target="/empty", headers=Headers([("Host", "[::1]:8080")]))),
    kept(Message(method="OPTIONS", target="*", headers=Headers([(b"X-Latin", b"\xff")]))),
    kept(Message(http_version="1.0"), attempts=[an_attempt(status=599, body=b"\xff" * 65536)]),
]


def test_it_is_valid_by_the_published_schema() -> None:
    assert list(validator().iter_errors(archive(*EVERY))) == []


def test_the_schema_would_refuse_what_is_wrong() -> None:
    wrong = archive(*EVERY)
    del wrong["log"]["entries"][0]["request"]["headersSize"]
    wrong["log"]["entries"][1]["startedDateTime"] = "yesterday"
    assert len(list(validator().iter_errors(wrong))) == 2


@pytest.mark.parametrize("name", fixtures.names())
def test_every_fixture_is_valid_and_read_back(name: str) -> None:
    message = http_file.read(fixtures.load(name), name)
    written = archive(kept(message, status=200))
    assert list(validator().iter_errors(written)) == []
    (found,) = har.read(File(json.dumps(written).encode()))
    assert (found.message.method, found.message.target, found.message.body) == (
        message.method,
        message.target,
        message.body,
    )
    assert Wire.of(http_file.write(found.message)).as_sent() == Wire.of(http_file.write(message)).as_sent()


def test_another_reader_finds_request_and_answer() -> None:
    parsed = HarParser(archive(*EVERY))
    assert parsed.creator == {"name": "hookcli", "version": __version__}
    first, binary, *_ = parsed.har_data["entries"]
    (page,) = parsed.pages
    entry = page.entries[0]
    assert (entry.request.method, entry.request.url) == ("POST", "https://hooks.example.com/hook?a=1&b=%20x&c")
    assert entry.request.text == '{"a": "ü"}\n'
    assert entry.request.headers[4:6] == [{"name": "X-Twice", "value": "a"}, {"name": "x-twice", "value": "b"}]
    assert entry.request.cookies == [{"name": "a", "value": "1"}, {"name": "b", "value": "x=y"}]
    assert entry.request.queryString == [
        {"name": "a", "value": "1"},
        {"name": "b", "value": " x"},
        {"name": "c", "value": ""},
    ]
    assert (entry.response.status, entry.response.text, entry.response.redirectURL) == (202, "accepted", "/b")
    assert entry.startTime == MOMENT
    assert (entry.time, first["timings"]["wait"]) == (12.5, 12.5)
    assert (binary["response"]["status"], binary["response"]["statusText"]) == (503, "Service Unavailable")
    assert binary["request"]["postData"]["encoding"] == "base64"


def test_an_answer_that_is_not_whole_says_so() -> None:
    response = archive(EVERY[-1])["log"]["entries"][0]["response"]
    assert (response["status"], response["statusText"], response["bodySize"]) == (599, "", -1)
    assert response["content"]["encoding"] == "base64"


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\0"), max_size=20).map(str.strip)
tokens = st.text("!#$%&'*+-.^_`|~09azAZ", min_size=1, max_size=8)


@given(
    tokens,
    st.text("azAZ09/._~%!$&'()*+,;=:@?#[]{}|^ü世", max_size=20).map(lambda text: f"/{text}") | st.just("*"),
    st.lists(st.tuples(tokens, texts.map(lambda text: text.strip(" \t"))), max_size=5),
    st.binary(max_size=60) | st.text().map(lambda text: text.encode("utf-8", "replace")),
)
def test_what_is_written_is_read_back(method: str, target: str, headers: list[tuple[str, str]], body: bytes) -> None:
    delivery = a_delivery(
        Message(method=method, target=target, headers=Headers([("Host", "h"), *headers]), body=body), received_at=MOMENT
    )
    (found,) = har.read(File(har.write([Kept(delivery=delivery, status=201)])))
    without = ["content-length", "transfer-encoding"]
    assert found.message.headers.without(without) == delivery.headers.without(without)
    assert (found.message.method, found.message.target, found.message.body) == (method, target, body)
    assert (found.id, found.received_at, found.remote, found.status) == (delivery.id, MOMENT, "127.0.0.1", 201)


BROWSER: dict[str, Any] = {
    "log": {
        "version": "1.2",
        "creator": {"name": "WebInspector", "version": "537.36"},
        "pages": [],
        "entries": [
            {
                "startedDateTime": "2026-01-31T12:30:15.042+02:00",
                "time": 12.5,
                "request": {
                    "method": method,
                    "url": "https://example.com/graphql?a=1#top",
                    "httpVersion": "h2",
                    "headers": [
                        {"name": ":authority", "value": "example.com"},
                        {"name": ":method", "value": method},
                        {"name": "content-type", "value": "application/x-www-form-urlencoded"},
                        {"name": "content-length", "value": "3"},
                    ],
                    "queryString": [],
                    "cookies": [],
                    "headersSize": -1,
                    "bodySize": 0,
                    **({"postData": post} if post else {}),
                },
                "response": {"status": 200, "statusText": ""},
                "cache": {},
                "timings": {},
            }
            for method, post in [
                ("GET", None),
                ("POST", {"mimeType": "application/x-www-form-urlencoded", "text": "a=ü"}),
                (
                    "PUT",
                    {
                        "mimeType": "application/x-www-form-urlencoded; charset=utf-8",
                        "params": [{"name": "a", "value": "1 2"}, {"name": "b"}],
                    },
                ),
                ("OPTIONS", None),
            ]
        ],
    }
}


def test_of_a_browsers_archive_the_look_ups_and_pseudo_headers_are_left_out() -> None:
    form = form_of(File(json.dumps(BROWSER).encode()))
    assert form is not None
    assert form.id == "har"
    post, put = read(File(json.dumps(BROWSER).encode()), form)
    assert list(post.message.headers) == [
        ("Host", "example.com"),
        ("content-type", "application/x-www-form-urlencoded"),
        ("content-length", "4"),
    ]
    assert (post.message.target, post.message.body) == ("/graphql?a=1", "a=ü".encode())
    assert post.received_at == datetime(2026, 1, 31, 10, 30, 15, 42000, tzinfo=UTC)
    assert (put.message.method, put.message.body) == ("PUT", b"a=1+2&b=")
    only = {"log": {**BROWSER["log"], "entries": BROWSER["log"]["entries"][:1]}}
    assert [found.message.method for found in har.read(File(json.dumps(only).encode()))] == ["GET"]


@pytest.mark.parametrize(
    ("change", "stated"),
    [
        ({"method": "PO ST"}, "'PO ST' '/graphql?a=1' is no request line"),
        ({"headers": None}, "NoneType"),
        ({"postData": {"text": "%", "encoding": "base64"}}, "base64"),
        ({"url": None}, ""),
    ],
)
def test_what_is_not_right_in_one_is_told(change: dict[str, Any], stated: str, tmp_path: Path) -> None:
    entry = BROWSER["log"]["entries"][1]
    file = tmp_path / "bad.har"
    file.write_text(json.dumps({"log": {"entries": [{**entry, "request": {**entry["request"], **change}}]}}))
    done = hookcli("replay", file, "--dry-run")
    assert done.code == 2
    assert f"{file} looks like a HAR 1.2 archive" in done.err
    assert stated in done.err


def test_any_other_har_file_is_told(tmp_path: Path) -> None:
    file = tmp_path / "bad.har"
    file.write_text("{}")
    done = hookcli("replay", file, "--dry-run")
    assert done.code == 2
    assert f"{file} looks like a HAR 1.2 archive" in done.err


def test_what_a_forward_target_answered_stands_in_it_and_replays(tmp_path: Path) -> None:
    answer = b'HTTP/1.1 418 Teapot\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{"token": "hunter2"}'
    store, file = tmp_path / "deliveries.db", tmp_path / "all.har"
    with receiving(answer) as target, listening(store, "--forward", target.url, "--count", "2") as listener:
        for number in (b"1", b"2"):
            exchange(
                listener.port,
                b"POST /hook/%s HTTP/1.1\r\nHost: a\r\nX-Gitlab-Token: hunter2\r\nContent-Length: 2\r\n\r\n{}" % number,
            )
        assert listener.ended().code == 0
    done = hookcli("export", "last~1", "last", "--format", "har", "-o", file, "--store", store)
    assert (done.code, done.out) == (0, b"")
    assert "Masked in 2 of 2 deliveries: X-Gitlab-Token, the answer." in done.err
    written = json.loads(file.read_bytes())
    assert list(validator().iter_errors(written)) == []
    for entry in written["log"]["entries"]:
        assert entry["response"]["status"] == 418
        assert entry["response"]["content"]["text"] == '{"token": "******"}'
        assert timedelta(0) < timedelta(milliseconds=entry["time"])
    with receiving() as receiver:
        assert hookcli("replay", file, "--to", receiver.url).code == 0
        assert [Wire.of(data).start for data in receiver.requests] == [
            b"POST /hook/1 HTTP/1.1",
            b"POST /hook/2 HTTP/1.1",
        ]


def test_a_delivery_is_told_from_a_message() -> None:
    assert not isinstance(har.read(File(har.write(EVERY)))[0].message, Delivery)
