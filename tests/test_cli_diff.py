"""`hookcli diff`: stored deliveries, files and fixtures held against each other."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from hookcli.delivery import Headers, Message
from hookcli.wire import request_bytes
from support import a_delivery, a_message, fill, hookcli, on_a_terminal

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


def github(body: Any, **headers: str) -> Message:
    return a_message(json.dumps(body).encode(), x_github_event="push", content_type="application/json", **headers)


def test_two_stored_deliveries(store: Path) -> None:
    came = datetime.now(UTC) - timedelta(minutes=5)
    fill(
        store,
        a_delivery(
            github({"ref": "main", "size": 1, "labels": [{"id": 1}, {"id": 2}]}, x_github_delivery="a", x_old="1"),
            provider="github",
            event="push",
            received_at=came,
        ),
        a_delivery(
            github({"size": 1.0, "ref": "dev", "labels": [{"id": 3}, {"id": 2}]}, x_github_delivery="b", x_new="2"),
            provider="github",
            event="push",
            received_at=came,
        ),
    )
    done = hookcli("diff", "last~1", "last", "--store", store)
    assert (done.code, done.err) == (1, "")
    lines = done.text.splitlines()
    assert re.fullmatch(r"--- [0-9A-Z]{26}  github push  5 min ago", lines[0])
    assert re.fullmatch(r"\+\+\+ [0-9A-Z]{26}  github push  5 min ago", lines[1])
    assert lines[2:] == [
        "headers",
        "  - X-Old: 1",
        "  + X-New: 2",
        "body",
        '  ~ ref: "main" → "dev"',
        '  - labels.0: {"id": 1}',
        '  + labels.0: {"id": 3}',
        "As between any two deliveries, these differ: X-Github-Delivery, Content-Length",
    ]


def test_those_that_are_the_same_but_for_their_ids(store: Path) -> None:
    fill(store, *(a_delivery(github({"a": 1}, x_github_delivery=word), provider="github") for word in "ab"))
    done = hookcli("diff", "last", "last~1", "--store", store)
    assert (done.code, done.err) == (0, "")
    assert done.text.splitlines()[2:] == [
        "No difference.",
        "As between any two deliveries, these differ: X-Github-Delivery",
    ]
    strict = hookcli("diff", "last", "last~1", "--strict", "--store", store)
    assert strict.code == 1
    assert strict.text.splitlines()[2:] == ["headers", "  ~ X-Github-Delivery: b → a"]
    ignored = hookcli("diff", "last", "last~1", "--strict", "--ignore", "header:X-*-Delivery", "--store", store)
    assert (ignored.code, ignored.text.splitlines()[2:]) == (0, ["No difference."])


def test_fixtures_and_files(tmp_path: Path, store: Path) -> None:
    file = tmp_path / "one.http"
    file.write_bytes(
        request_bytes(Message(target="/?page=1", headers=Headers([("X-GitHub-Event", "ping")]), body=b"{}"))
    )
    done = hookcli("diff", "github/ping", file, "--headers", "--json", "--store", store)
    assert done.code == 1
    assert {(one["part"], one["kind"], one["path"]) for one in done.records} >= {
        ("query", "added", "page"),
        ("header", "removed", "Content-Type"),
    }
    assert {one["part"] for one in done.records} <= {"request", "query", "header"}
    same = hookcli("diff", "github/push", "github/push", "--json")
    assert (same.code, same.out, same.err) == (0, b"", "")


def test_bare_payloads_by_their_body(tmp_path: Path) -> None:
    before, after = tmp_path / "before.json", tmp_path / "after.json"
    before.write_text('{"a": [1, 2], "at": 1, "n": 1.50}')
    after.write_text('{"n": 1.75, "at": 2, "a": [0, 1, 2]}')
    done = hookcli("diff", before, after)
    assert (done.code, done.err) == (1, "")
    assert done.text.splitlines() == [
        f"--- {before}",
        f"+++ {after}",
        "body",
        "  + a.0: 0",
        "  ~ at: 1 → 2",
        "  ~ n: 1.50 → 1.75",
    ]
    assert hookcli("diff", before, after, "--ignore", "a.*", "--ignore", "**.at", "--ignore", "n").code == 0
    after.write_text('{"n": 1.5, "at": 1, "a": [1.0, 2]}')
    relaid = hookcli("diff", before, after)
    assert relaid.code == 0
    assert relaid.text.splitlines()[2:] == [
        "No difference.",
        "The bodies say the same in other bytes (33 B and 34 B): a signature over one is not one over the other.",
    ]


def test_the_changes_for_programs(tmp_path: Path) -> None:
    before, after = tmp_path / "before.json", tmp_path / "after.json"
    before.write_text('{"a": 1e3, "b": null, "c": [1, 2, 3], "token": "T1", "d": {"password": "P"}, "e": "x"}')
    after.write_text('{"a": 2.50, "b": "\\ud83d", "c": [3, 1, 2], "token": "T2", "e": {"secret": "S", "f": 1}}')
    done = hookcli("diff", before, after, "--json")
    records = [
        {"part": "body", "kind": "changed", "path": "a", "before": 1000.0, "after": 2.5, "own": False},
        {"part": "body", "kind": "changed", "path": "b", "before": None, "after": "\ud83d", "own": False},
        {"part": "body", "kind": "moved", "path": "c.2", "from": 2, "to": 0, "own": False},
        {"part": "body", "kind": "changed", "path": "token", "before": "••••••", "after": "••••••", "own": False},
        {"part": "body", "kind": "removed", "path": "d", "before": {"password": "••••••"}, "own": False},
        {
            "part": "body",
            "kind": "changed",
            "path": "e",
            "before": "x",
            "after": {"secret": "••••••", "f": 1},
            "own": False,
        },
    ]
    assert done.records == records
    assert b'"before": 1e3, "after": 2.50' in done.out
    revealed = hookcli("diff", before, after, "--json", "--reveal").records
    assert (revealed[3]["before"], revealed[3]["after"]) == ("T1", "T2")
    assert revealed[4]["before"] == {"password": "P"}


def test_text_and_binary(tmp_path: Path) -> None:
    files = []
    for number, body in enumerate([b"<a>\n<b/>\n", b"<a>\n<c/>\n", b"\0\1\2", b"\0\1"]):
        files.append(tmp_path / f"{number}.http")
        files[-1].write_bytes(request_bytes(a_message(body, content_type="text/xml")))
    text = hookcli("diff", files[0], files[1]).text.splitlines()
    assert text[2] == "body"
    assert re.fullmatch(r"  ~ text, 9 B, sha256 [0-9a-f]{12} → text, 9 B, sha256 [0-9a-f]{12}", text[3])
    assert text[4:] == ["    @@ -1,3 +1,3 @@", "     <a>", "    -<b/>", "    +<c/>", "     "]
    (record,) = hookcli("diff", files[0], files[1], "--json").records
    assert record["diff"] == ["@@ -1,3 +1,3 @@", " <a>", "-<b/>", "+<c/>", " "]
    binary = hookcli("diff", files[2], files[3], "--body").text.splitlines()
    assert re.fullmatch(r"  ~ binary, 3 B, sha256 [0-9a-f]{12} → binary, 2 B, sha256 [0-9a-f]{12}", binary[3])


def test_secrets_are_masked(tmp_path: Path) -> None:
    files = []
    for name, word in (("a", "hidden1"), ("b", "hidden2")):
        files.append(tmp_path / f"{name}.http")
        message = a_message(
            f"token={word}&a=1".encode(),
            f"/?key={word}",
            authorization=f"Bearer {word}",
            x_gitlab_event="Push Hook",
            x_gitlab_token=word,
            content_type="application/x-www-form-urlencoded",
        )
        files[-1].write_bytes(request_bytes(message))
    for options in ([], ["--json"], ["--all"]):
        done = hookcli("diff", *files, *options)
        assert done.code == 1
        assert "hidden" not in done.text
    text = hookcli("diff", *files).text
    assert "  ~ Authorization: Bearer •••••• → Bearer •••••• (another secret)" in text
    assert text.count("(another secret)") == 4
    assert hookcli("diff", *files, "--reveal").text.count("hidden1") >= 4


def test_what_is_long_is_shown_where_it_differs(tmp_path: Path) -> None:
    before, after = tmp_path / "before.json", tmp_path / "after.json"
    before.write_text(json.dumps({"text": "a" * 500 + "ONE" + "b" * 500}))
    after.write_text(json.dumps({"text": "a" * 500 + "TWO" + "b" * 500}))
    for columns in (80, 120):
        code, shown = on_a_terminal("diff", before, after, columns=columns)
        assert code == 1
        lines = re.sub(r"\x1b\[[0-9;]*m", "", shown.decode()).splitlines()
        assert "  ~ text" in lines
        assert re.fullmatch(r" +- …a+ONEb+…", lines[-2])
        assert re.fullmatch(r" +\+ …a+TWOb+…", lines[-1])
        assert max(map(len, lines[2:])) <= columns
    assert "a" * 500 + "ONE" + "b" * 500 in hookcli("diff", before, after, "--all").text


def test_nothing_of_a_delivery_is_obeyed(tmp_path: Path) -> None:
    one, other = tmp_path / "one.http", tmp_path / "other.http"
    one.write_bytes(request_bytes(a_message(b'{"\\u001b[31m": "\\u202e", "x": "\\u0007"}', x_a="\x1b[2J")))
    other.write_bytes(request_bytes(a_message("a\x1b[2J\n\u202eb".encode(), x_a="b")))
    for pair in ((one, other), (other, one), (one, "github/push")):
        text = hookcli("diff", *pair).text
        assert all(line.isprintable() for line in text.splitlines())


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["github/push"], "Missing argument 'B'"),
        (["github/pull_request", "github/push"], "Error: github/pull_request means "),
        (["github/push", "github/push", "--headers", "--body"], "--headers and --body exclude each other."),
        (["github/push", "github/push", "--ignore", "a..b"], "'a..b' is no path."),
        (["github/push", "githup/push"], "There is no file githup/push."),
    ],
)
def test_what_can_not_be_compared(arguments: list[str], complaint: str) -> None:
    done = hookcli("diff", *arguments)
    assert (done.code, done.out) == (2, b"")
    assert complaint in done.err
