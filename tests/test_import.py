"""`hookcli import`: deliveries of files into the store, each once, as they were."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from hookcli import fixtures
from hookcli.delivery import Message
from hookcli.formats import http_file
from support import a_delivery, a_message, fill, hookcli

if TYPE_CHECKING:
    from pathlib import Path

    from support import Result

MOMENT = datetime(2026, 1, 31, 12, 30, 15, 42, tzinfo=UTC)


def import_(store: Path, *arguments: str | Path, stdin: bytes = b"") -> Result:
    return hookcli("import", *arguments, "--store", store, stdin=stdin)


def listed(store: Path) -> list[dict[str, object]]:
    """What the store has, the oldest first."""
    return hookcli("list", "--json", "--store", store).records[::-1]


@pytest.fixture
def full(tmp_path: Path) -> Path:
    """A store with two deliveries."""
    store = tmp_path / "full.db"
    fill(
        store,
        a_delivery(
            a_message(b'{"password": "hunter2"}'), received_at=MOMENT, provider="acme", event="e", state="stale"
        ),
        a_delivery(a_message(b"\xff"), received_at=MOMENT + timedelta(seconds=1), summary="a line"),
    )
    return store


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    return tmp_path / "empty.db"


@pytest.mark.parametrize("form", ["ndjson", "json"])
def test_another_store_comes_over_whole(form: str, full: Path, empty: Path, tmp_path: Path) -> None:
    assert hookcli("export", "last~1", "last", "--format", form, "--reveal", "-o", f"{tmp_path}/out/", "--store", full)
    done = import_(empty, tmp_path / "out")
    assert (done.code, done.err) == (0, "2 deliveries imported.\n")
    assert done.text.splitlines()[0].split()[2:6] == ["!", "stale", "acme", "e"]
    assert listed(empty) == listed(full)


def test_what_is_there_already_is_passed_over_and_counted(full: Path, empty: Path, tmp_path: Path) -> None:
    file = tmp_path / "all.ndjson"
    file.write_bytes(hookcli("list", "--json", "--store", full).out)
    assert import_(full, file).err == "0 deliveries imported; 2 were there already.\n"
    hookcli("delete", "last", "--store", full)
    assert import_(full, file, file).err == "1 delivery imported; 3 were there already.\n"
    assert import_(empty, file, "--json").records == listed(empty)


def test_a_har_keeps_ids_times_and_answers(full: Path, empty: Path, tmp_path: Path) -> None:
    file = tmp_path / "all.har"
    hookcli("export", "last~1", "last", "--format", "har", "--reveal", "-o", file, "--store", full)
    assert import_(empty, file).code == 0
    kept = ["id", "received_at", "remote", "status", "method", "target", "headers", "size"]
    assert [[one[key] for key in kept] for one in listed(empty)] == [[one[key] for key in kept] for one in listed(full)]


def test_what_has_no_id_gets_the_same_one_every_time(empty: Path, tmp_path: Path) -> None:
    file = tmp_path / "push.http"
    file.write_bytes(fixtures.load("github/push"))
    os.utime(file, (MOMENT.timestamp(), MOMENT.timestamp()))
    assert import_(empty, file).err == "1 delivery imported.\n"
    assert import_(empty, file).err == "0 deliveries imported; 1 was there already.\n"
    (record,) = listed(empty)
    assert (record["provider"], record["event"], record["status"]) == ("github", "push", None)
    assert str(record["received_at"]).startswith("2026-01-31T12:30:15.0000")
    assert record["verdict"]["state"] == "no secret"  # type: ignore[index]
    assert hookcli("show", str(record["id"])[:12].lower(), "--store", empty).code == 0


def test_signatures_are_checked_as_of_when_they_came(empty: Path, tmp_path: Path) -> None:
    file = tmp_path / "slack.http"
    message = http_file.read(fixtures.load("slack/command"))
    file.write_bytes(http_file.write(message))
    came = int(message.headers.get("x-slack-request-timestamp", ""))
    os.utime(file, (came, came))
    (record,) = import_(empty, file, "--secret", "slack=hookcli", "--json").records
    assert (record["verdict"]["state"], record["provider"]) == ("valid", "slack")


def test_secrets_look_anew_at_what_a_record_says(empty: Path, tmp_path: Path) -> None:
    file = tmp_path / "push.json"
    delivery = a_delivery(
        http_file.read(fixtures.load("github/push")), provider="github", event="push", state="invalid"
    )
    store = tmp_path / "full.db"
    fill(store, delivery)
    file.write_bytes(hookcli("show", "--json", "--store", store).out)
    (record,) = import_(empty, file, "--secret", "hookcli", "--json").records
    assert (record["id"], record["verdict"]["state"]) == (delivery.id, "valid")


def test_standard_input_and_a_pasted_command(empty: Path) -> None:
    done = import_(
        empty, "-", stdin=b"curl https://example.com/hook -H 'X-GitHub-Event: ping' --json '{\"zen\": \"x\"}'"
    )
    assert done.err == "1 delivery imported.\n"
    (record,) = listed(empty)
    assert (record["target"], record["provider"], record["event"], record["is_ping"]) == (
        "/hook",
        "github",
        "ping",
        True,
    )
    assert ["Host", "example.com"] in record["headers"]  # type: ignore[operator]


def test_the_newest_of_a_file_is_last_whatever_its_place(empty: Path, tmp_path: Path) -> None:
    file = tmp_path / "all.ndjson"
    times = ["2026-01-31T12:00:02Z", "2026-01-31T12:00:03Z", "2026-01-31T12:00:01"]
    lines = [
        {"id": f"no ulid {number}", "received_at": time, "method": "POST", "target": f"/{number}", "headers": []}
        for number, time in enumerate(times)
    ]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert import_(empty, file).code == 0
    assert [one["target"] for one in listed(empty)] == ["/2", "/0", "/1"]
    assert all(len(str(one["id"])) == 26 for one in listed(empty))
    assert import_(empty, file).err == "0 deliveries imported; 3 were there already.\n"


A_RECORD = {"id": "1", "received_at": "2026-01-31", "method": "GET", "target": "/", "headers": []}


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("payload.json", {"a": 1}, "payload.json is a bare payload"),
        ("odd.json", {**A_RECORD, "event": 5}, "event is 5"),
        ("odd.json", {**A_RECORD, "attempt": "x"}, "attempt is 'x'"),
        ("odd.json", {**A_RECORD, "verdict": {"state": "valid", "scheme": []}}, "scheme is []"),
    ],
)
def test_what_can_not_be_imported_leaves_the_store_as_it_is(
    name: str, content: dict[str, object], what: str, empty: Path, tmp_path: Path
) -> None:
    good, bad = tmp_path / "a.http", tmp_path / name
    good.write_bytes(http_file.write(Message()))
    bad.write_text(json.dumps(content))
    done = import_(empty, good, bad)
    assert done.code == 2
    assert what in done.err
    assert listed(empty) == []


def test_a_file_that_is_not_there(empty: Path, tmp_path: Path) -> None:
    done = import_(empty, tmp_path / "no.har")
    assert done.code == 2
    assert done.err.startswith(f"Error: There is no file {tmp_path}/no.har.\n")
