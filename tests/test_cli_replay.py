"""`hookcli replay`: what it takes, where it sends, how it paces, what it shows."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import socket
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from hookcli import fixtures
from hookcli.cli import main
from hookcli.delivery import Message
from hookcli.replay import Pace, Parcel, replay
from hookcli.store import query
from hookcli.store.database import opened
from hookcli.wire import Destination, Manner
from support import (
    OK,
    SAFETY,
    Receiver,
    Wire,
    a_message,
    environment,
    hookcli,
    listening,
    on_a_terminal,
    post,
    receiving,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hookcli.delivery import Attempt

SERVER_ERROR = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 5\r\n\r\nbroke"
PUSH = (
    b"POST /hook?a=1 HTTP/1.1\r\n"
    b"Host: a\r\n"
    b"X-GitHub-Event: push\r\n"
    b"x-odd: 1\r\n"
    b"X-Odd: 2\r\n"
    b"Content-Length: 4\r\n"
    b"\r\n"
    b"\xff{}\n"
)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as one:
        yield one


@pytest.fixture
def push(tmp_path: Path) -> Path:
    """A delivery in a file."""
    file = tmp_path / "push.http"
    file.write_bytes(PUSH)
    return file


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with two deliveries, `/first` and `/last`."""
    store = tmp_path_factory.mktemp("kept") / "deliveries.db"
    with listening(store, "--count", "2") as listener:
        for number, target in enumerate(("/first", "/last")):
            post(listener.port, a_message(b"{}", target, x_github_event="push", x_github_delivery=f"d-{number}"))
        listener.ended()
    return store


def refused(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    """What is said to a command that makes no sense; without a process of its own, for there are many."""
    with pytest.raises(SystemExit) as ended:
        main(["replay", *map(str, arguments)])
    out, err = capsys.readouterr()
    assert (ended.value.code, out) == (2, "")
    return err


def arrived(receiver: Receiver) -> list[str]:
    """The targets of what came, in order."""
    return [data.split(b" ")[1].decode() for data in receiver.requests]


def a_record(target: str, body: str = "") -> str:
    """A delivery in hookcli's JSON."""
    return json.dumps(
        {"method": "POST", "target": target, "headers": [["Host", "a"]], "body": body}, ensure_ascii=False
    )


def numbered(folder: Path, count: int) -> Path:
    """A folder of so many deliveries to /0, /1 and so on."""
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:03}.http").write_text(f"POST /{number} HTTP/1.1\n\n")
    return folder


class TestWhatItTakes:
    def test_an_http_file(self, push: Path, receiver: Receiver) -> None:
        done = hookcli("replay", push, "--to", receiver.url)
        assert (done.code, done.err) == (0, "")
        assert re.fullmatch(rf"{push} → {receiver.url}/hook\?a=1  ✓ 200  \d+ ms\n", done.text)
        assert receiver.next() == PUSH.replace(b"Host: a", f"Host: 127.0.0.1:{receiver.port}".encode())

    def test_json_and_ndjson(self, tmp_path: Path, receiver: Receiver) -> None:
        one, many = tmp_path / "one.json", tmp_path / "many.ndjson"
        one.write_text(json.dumps(json.loads(a_record("/json")), indent=2), encoding="utf-8")
        # Other programs write the line ends that JSON allows in a string as they are.
        lines = [a_record("/1", "a\u2028b\x85c"), "", a_record("/2") + "\r", a_record("/3")]
        many.write_text("\n".join(lines), encoding="utf-8")
        done = hookcli("replay", one, many, "--to", receiver.url, "--json")
        assert [record["name"] for record in done.records] == [str(one), f"{many}:1", f"{many}:2", f"{many}:3"]
        assert arrived(receiver) == ["/json", "/1", "/2", "/3"]
        assert Wire.of(receiver.requests[1]).body == "a\u2028b\x85c".encode()

    def test_a_bare_payload_gets_its_providers_headers(self, tmp_path: Path, receiver: Receiver) -> None:
        file = tmp_path / "payload.json"
        file.write_bytes(b'{\n  "zen": "Keep it logically awesome."\n}\n')
        assert hookcli("replay", file, "--to", receiver.url, "--provider", "github", "--event", "ping").code == 0
        came = Wire.of(receiver.next())
        assert came.body == file.read_bytes()
        assert came.all(b"x-github-event") == [b"ping"]
        assert came.all(b"content-type") == [b"application/json"]
        assert came.all(b"user-agent")[0].startswith(b"GitHub-Hookshot/")
        assert re.fullmatch(rb"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", came.all(b"x-github-delivery")[0])
        assert came.all(b"x-hub-signature-256") == []

    def test_the_event_of_a_bare_payload_is_inferred(self, tmp_path: Path, receiver: Receiver) -> None:
        file = tmp_path / "payload.json"
        file.write_bytes(b'{"object_kind": "push", "ref": "refs/heads/main"}')
        assert hookcli("replay", file, "--to", receiver.url, "--provider", "gitlab").code == 0
        assert Wire.of(receiver.next()).all(b"x-gitlab-event") == [b"Push Hook"]

    def test_a_folder_in_order_and_what_lies_below(self, tmp_path: Path, receiver: Receiver) -> None:
        folder = tmp_path / "deliveries"
        (folder / "b").mkdir(parents=True)
        (folder / "c.http").write_text("POST /c HTTP/1.1\n\n")
        (folder / "b" / "1.json").write_text(a_record("/b1"))
        (folder / "a.jsonl").write_text(f"{a_record('/a1')}\n{a_record('/a2')}\n")
        (folder / "README.md").write_text("not a delivery")
        assert hookcli("replay", folder, "--to", receiver.url).code == 0
        assert arrived(receiver) == ["/a1", "/a2", "/b1", "/c"]

    def test_fixtures_by_name(self, receiver: Receiver) -> None:
        names = ["github/push", "gitlab/Push Hook", "github/issues", "coding/*"]
        done = hookcli("replay", *names, "--to", receiver.url, "--json", "--keep-going")
        sent = [record["name"] for record in done.records]
        assert sent[:3] == ["github/push", "gitlab/push_hook", "github/issues.opened"]
        assert sent[3:] == [name for name in fixtures.names() if name.startswith("coding/")]
        assert Wire.of(receiver.requests[1]).all(b"x-gitlab-event") == [b"Push Hook"]

    def test_stored_deliveries_and_keeps_what_came_of_them(self, kept: Path, receiver: Receiver) -> None:
        listed = hookcli("list", "--json", "--store", kept).records
        done = hookcli("replay", "last", "last~1", "d-0", listed[1]["id"], "--to", receiver.url, "--store", kept)
        assert done.code == 0
        assert arrived(receiver) == ["/last", "/first", "/first", "/first"]
        assert [line.split()[0] for line in done.text.splitlines()] == [listed[0]["id"], *[listed[1]["id"]] * 3]
        made = attempts_of("last", kept)
        assert [(one.kind, one.url, one.status, one.error) for one in made] == [
            ("replay", f"{receiver.url}/last", 200, None)
        ]
        assert f"→ replay {receiver.url}/last  ✓ 200" in hookcli("show", "last", "--store", kept).text
        assert len(attempts_of("last~1", kept)) == 3

    def test_a_file_before_a_delivery_of_the_same_name(self, tmp_path: Path, kept: Path, receiver: Receiver) -> None:
        (tmp_path / "last").write_bytes(PUSH)
        done = subprocess.run(
            [sys.executable, "-m", "hookcli", "replay", "last", "--to", receiver.url, "--store", kept],
            cwd=tmp_path,
            env=environment(),
            capture_output=True,
            timeout=SAFETY,
            check=False,
        )
        assert done.returncode == 0
        assert arrived(receiver) == ["/hook?a=1"]


def attempts_of(name: str, store: Path) -> list[Attempt]:
    with opened(store) as connection:
        return query.attempts(connection, query.find(connection, name).delivery.id)


class TestWhereItSends:
    @pytest.mark.parametrize(
        ("path", "target"),
        [
            ("", "/hook?a=1"),
            ("/webhooks", "/webhooks?a=1"),
            ("/webhooks/", "/webhooks/?a=1"),
            ("/webhooks?b=2", "/webhooks?b=2"),
        ],
    )
    def test_a_path_replaces_the_deliverys_own(self, path: str, target: str, push: Path, receiver: Receiver) -> None:
        assert hookcli("replay", push, "--to", receiver.url + path).code == 0
        assert arrived(receiver) == [target]

    def test_a_host_and_port_will_do(self, push: Path, receiver: Receiver) -> None:
        assert hookcli("replay", push, "--to", f"127.0.0.1:{receiver.port}").code == 0
        assert Wire.of(receiver.next()).all(b"host") == [f"127.0.0.1:{receiver.port}".encode()]

    def test_the_deliverys_own_host_is_kept_where_asked_for(self, push: Path, receiver: Receiver) -> None:
        assert hookcli("replay", push, "--to", receiver.url, "--keep-host").code == 0
        assert receiver.next() == PUSH

    def test_the_default_is_the_listeners_own_default(self, push: Path) -> None:
        assert "Host: 127.0.0.1:8080" in hookcli("replay", push, "--dry-run").text
        told = " ".join(hookcli("listen", "--help").text.split())
        assert re.search(r"--host TEXT [^\[]*\[default: 127\.0\.0\.1\]", told)
        assert re.search(r"--port INTEGER RANGE [^\[]*\[default: 8080;", told)


class TestWhatItChanges:
    def test_a_new_signature_is_valid_to_a_listener(self, tmp_path: Path) -> None:
        names = [
            "github/push",
            "gitlab/push_hook",
            "bitbucket/repo_push",
            "gitea/push",
            "gitee/push_hook",
            "dockerhub/push",
        ]
        with listening(tmp_path / "deliveries.db", "--json", "--secret", "fresh") as listener:
            sent = hookcli("replay", *names, "--to", listener.url, "--secret", "fresh")
            records = [listener.record() for _ in names]
        assert sent.code == 0
        assert [record["provider"] for record in records] == [name.partition("/")[0] for name in names]
        assert [record["verdict"]["state"] for record in records] == ["valid"] * len(names)

    def test_without_a_secret_the_old_signature_stays(self, tmp_path: Path) -> None:
        with listening(tmp_path / "deliveries.db", "--json", "--secret", fixtures.SECRET) as listener:
            assert hookcli("replay", "github/push", "--to", listener.url).code == 0
            assert listener.record()["verdict"]["state"] == "valid"
            assert hookcli("replay", "github/push", "--to", listener.url, "--secret", "other").code == 0
            assert listener.record()["verdict"]["state"] == "invalid"

    def test_a_payload_is_signed_as_its_provider_would(self, tmp_path: Path) -> None:
        file = tmp_path / "payload.json"
        file.write_bytes(b'{"ref": "refs/heads/main"}')
        with listening(tmp_path / "deliveries.db", "--json", "--secret", "S") as listener:
            sent = hookcli(
                "replay", file, "--to", listener.url, "--provider", "gitea", "--event", "push", "--secret", "S"
            )
            assert sent.code == 0
            record = listener.record()
        assert (record["provider"], record["event"], record["verdict"]["state"]) == ("gitea", "push", "valid")

    def test_headers_are_set_replaced_and_dropped(self, push: Path, receiver: Receiver) -> None:
        changes = ["X-New: a: b", "X-ODD:3", "x-github-event:"]
        options = [part for change in changes for part in ("--set-header", change)]
        assert hookcli("replay", push, "--to", receiver.url, *options).code == 0
        assert Wire.of(receiver.next()).as_sent().headers == [(b"X-ODD", b"3"), (b"X-New", b"a: b")]

    @pytest.mark.parametrize("header", ["no colon", ": no name", "X: a\r\nY: b"])
    def test_what_is_no_header_is_told(self, header: str, push: Path, capsys: pytest.CaptureFixture[str]) -> None:
        said = refused(capsys, push, "--dry-run", "--set-header", header)
        assert f"{header!r} is no header: write it as Name:value." in said


class TestPace:
    def test_it_sends_it_all_so_many_times(self, tmp_path: Path, receiver: Receiver) -> None:
        done = hookcli("replay", numbered(tmp_path / "two", 2), "--to", receiver.url, "--repeat", "3")
        assert arrived(receiver) == ["/0", "/1"] * 3
        assert re.fullmatch(r"6 sent: 6 × 200; median \d+ ms, longest \d+ ms\n", done.err)

    def test_a_rate_spaces_the_attempts(self, push: Path, receiver: Receiver) -> None:
        done = hookcli("replay", push, "--to", receiver.url, "--repeat", "5", "--rate", "3000/m", "--json")
        started = [datetime.fromisoformat(record["started_at"]) for record in done.records]
        assert len(started) == len(receiver.requests) == 5
        assert started == sorted(started)

    @pytest.mark.parametrize("concurrency", [1, 4])
    def test_no_attempt_starts_before_its_turn(self, concurrency: int, receiver: Receiver) -> None:
        async def started() -> list[datetime]:
            pace = Pace(repeat=11, rate=50, concurrency=concurrency)
            sent = replay([Parcel("one", Message())], Destination.parse(receiver.url), pace, Manner())
            return [attempt.started_at async for _, attempt in sent]

        before = datetime.now(UTC)
        for number, moment in enumerate(sorted(asyncio.run(started()))):
            assert moment - before >= number * timedelta(milliseconds=20)

    @pytest.mark.parametrize("rate", ["0", "0/s", "fast", "-1/s", "5/year", "1/"])
    def test_what_is_no_rate_is_told(self, rate: str, push: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert f"{rate!r} is no rate." in refused(capsys, push, "--dry-run", "--rate", rate)

    def test_so_many_are_under_way_at_a_time(self, push: Path) -> None:
        together = threading.Barrier(4)

        def when_four_are_in(_number: int) -> bytes:
            together.wait(SAFETY)
            return OK

        with receiving(when_four_are_in) as receiver:
            options = ("--repeat", "8", "--concurrency", "4", "--send-timeout", "20s")
            done = hookcli("replay", push, "--to", receiver.url, *options)
        assert done.code == 0
        assert "8 sent: 8 × 200" in done.err

    def test_the_first_failure_ends_it(self, tmp_path: Path) -> None:
        with receiving(lambda number: SERVER_ERROR if number == 1 else OK) as receiver:
            done = hookcli("replay", numbered(tmp_path / "three", 3), "--to", receiver.url)
            assert arrived(receiver) == ["/0", "/1"]
        assert done.code == 1
        assert "✗ 500" in done.text.splitlines()[1]
        assert done.err.startswith("2 of 3 sent: 1 × 200, 1 × 500; ")

    def test_it_keeps_going_where_asked_to(self, tmp_path: Path) -> None:
        with receiving(lambda number: SERVER_ERROR if number == 1 else OK) as receiver:
            done = hookcli("replay", numbered(tmp_path / "three", 3), "--to", receiver.url, "--keep-going")
            assert arrived(receiver) == ["/0", "/1", "/2"]
        assert done.code == 1
        assert done.err.startswith("3 sent: 2 × 200, 1 × 500; ")

    @pytest.mark.parametrize("status", [b"301 Moved", b"304 Not Modified", b"404 Not Found"])
    def test_what_is_not_2xx_is_a_failure_and_not_followed(self, status: bytes, push: Path) -> None:
        with receiving(b"HTTP/1.1 " + status + b"\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n") as receiver:
            assert hookcli("replay", push, "--to", receiver.url).code == 1
            assert arrived(receiver) == ["/hook?a=1"]

    def test_no_answer_in_time_is_a_failure(self, push: Path) -> None:
        over = threading.Event()

        def never(_number: int) -> bytes:
            over.wait(SAFETY)
            return b""

        with receiving(never) as receiver:
            done = hookcli("replay", push, "--to", receiver.url, "--send-timeout", "200ms")
            over.set()
        assert done.code == 1
        assert "✗ no answer within 0.2 s" in done.text

    def test_ctrl_c_keeps_what_was_sent(self, kept: Path) -> None:
        over = threading.Event()

        def only_the_first(number: int) -> bytes:
            if number:
                over.wait(SAFETY)
            return OK

        before = len(attempts_of("last", kept))
        with receiving(only_the_first) as receiver:
            process = subprocess.Popen(
                [sys.executable, "-m", "hookcli", "replay", *["last"] * 3, "--to", receiver.url, "--store", str(kept)],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=environment(),
            )
            receiver.next()
            receiver.next()
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=SAFETY)
            over.set()
        assert process.returncode == 130
        assert b"Traceback" not in err
        assert len(attempts_of("last", kept)) == before + 1


class TestWhatItShows:
    def test_the_head_of_the_answer_with_nothing_in_it_obeyed(self, push: Path) -> None:
        body = b"one\x1b[31m [bold]two[/]\nthree\n4\n5\n6\n7\n"
        with receiving(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)) as receiver:
            lines = hookcli("replay", push, "--to", receiver.url).text.splitlines()
        assert lines[1:] == ["  one␛[31m [bold]two[/]", "  three", "  4", "  5", "  6", f"  … {len(body)} B in all"]

    def test_a_key_in_the_url_is_masked(self, tmp_path: Path, receiver: Receiver) -> None:
        file = tmp_path / "key.http"
        file.write_text("POST /?token=hunter2 HTTP/1.1\n\n")
        done = hookcli("replay", file, "--to", receiver.url)
        assert f"{receiver.url}/?token=••••••" in done.text
        assert arrived(receiver) == ["/?token=hunter2"]

    def test_one_json_object_an_attempt(self, push: Path) -> None:
        with receiving(SERVER_ERROR) as receiver:
            done = hookcli("replay", push, "--to", receiver.url, "--json", "--repeat", "2", "--keep-going")
        assert (done.code, done.err) == (1, "")
        for record in done.records:
            elapsed, started_at = record.pop("elapsed"), datetime.fromisoformat(record.pop("started_at"))
            assert 0 < elapsed < SAFETY
            assert abs(datetime.now(UTC) - started_at) < timedelta(minutes=5)
            assert record == {
                "name": str(push),
                "delivery": None,
                "url": f"{receiver.url}/hook?a=1",
                "status": 500,
                "error": None,
                "headers": [["Content-Length", "5"]],
                "body": "broke",
            }
        assert len(done.records) == 2

    def test_the_json_of_a_stored_delivery_names_it(self, kept: Path, receiver: Receiver) -> None:
        (record,) = hookcli("replay", "d-1", "--to", receiver.url, "--json", "--store", kept).records
        assert record["delivery"] == record["name"] == hookcli("list", "--json", "--store", kept).records[0]["id"]

    def test_of_many_only_the_failures_have_a_line(self, tmp_path: Path) -> None:
        with receiving(lambda number: SERVER_ERROR if number == 7 else OK) as receiver:
            done = hookcli("replay", numbered(tmp_path / "many", 12), "--to", receiver.url, "--keep-going")
        assert re.fullmatch(r"\S+/007\.http → \S+/7  ✗ 500  \d+ ms\n  broke\n", done.text)
        assert done.err.startswith("12 sent: 11 × 200, 1 × 500; ")
        assert len(done.err.splitlines()) == 1

    def test_many_have_a_progress_bar_on_a_terminal(self, tmp_path: Path, receiver: Receiver) -> None:
        code, shown = on_a_terminal("replay", numbered(tmp_path / "many", 12), "--to", receiver.url)
        assert code == 0
        assert b"replaying" in shown
        assert b"12 sent: 12" in shown


class TestDryRun:
    def test_it_shows_what_would_be_sent_and_sends_nothing(self, push: Path, receiver: Receiver) -> None:
        done = hookcli(
            "replay", push, "github/push", "--dry-run", "--to", f"{receiver.url}/to", "--set-header", "X-New: 1"
        )
        assert done.code == 0
        assert receiver.requests == []
        assert done.text.startswith(
            f"POST /to?a=1 HTTP/1.1\nHost: 127.0.0.1:{receiver.port}\nX-GitHub-Event: push\nx-odd: 1\nX-Odd: 2\n"
            "Content-Length: 4\nX-New: 1\n\n00000000  ff 7b 7d 0a"
        )
        assert '"full_name": "hookcli/demo"' in done.text

    def test_secrets_are_masked_unless_revealed(self, tmp_path: Path) -> None:
        file = tmp_path / "secrets.http"
        file.write_text(
            "POST /?access_token=hunter2 HTTP/1.1\nAuthorization: Bearer hunter2\nX-Gitlab-Event: Push Hook\n"
            'X-Gitlab-Token: hunter2\nContent-Type: application/json\n\n{"password": "hunter2"}'
        )
        masked = hookcli("replay", file, "--dry-run").text
        assert "hunter2" not in masked
        assert "Authorization: Bearer ••••••\n" in masked
        assert hookcli("replay", file, "--dry-run", "--reveal").text.count("hunter2") == 4

    def test_a_long_body_is_cut(self, tmp_path: Path) -> None:
        file = tmp_path / "long.http"
        file.write_text("POST / HTTP/1.1\n\n" + "line\n" * 1000)
        shown = hookcli("replay", file, "--dry-run").text
        assert shown.count("line\n") == 400
        assert shown.endswith("… the rest of 5.0 kB is left out\n\n")


class TestErrors:
    @pytest.mark.parametrize(
        ("names", "what"),
        [
            (["missing.http"], "There is no file missing.http."),
            (["no/such"], "There is no file no/such."),
            (["github/nothing"], "There is no fixture 'github/nothing'."),
            (["nothing"], "No delivery is called nothing."),
            (["a" * 300], f"No delivery is called {'a' * 300}."),
            (["~nobody-of-this-name/x.http"], "There is no file ~nobody-of-this-name/x.http."),
            (["github/push", "missing.json"], "There is no file missing.json."),
        ],
    )
    def test_what_there_is_none_of(
        self, names: list[str], what: str, tmp_path: Path, receiver: Receiver, capsys: pytest.CaptureFixture[str]
    ) -> None:
        said = refused(capsys, *names, "--to", receiver.url, "--store", tmp_path / "deliveries.db")
        assert said.startswith(f"Error: {what}\n")
        assert receiver.requests == [], "nothing is sent before all is found"

    def test_an_unknown_fixture_names_those_there_are(self, capsys: pytest.CaptureFixture[str]) -> None:
        said = refused(capsys, "dtr/nothing")
        assert all(name.partition("/")[2] in said for name in fixtures.names() if name.startswith("dtr/"))

    @pytest.mark.parametrize(
        ("name", "data", "what"),
        [
            ("payload.json", b'{"a": 1}', "payload.json is a bare payload"),
            ("text.txt", b"hello", "text.txt is a bare payload"),
            ("empty.json", b"", "empty.json is a bare payload"),
            ("deep.json", b"[" * 100_000, "deep.json is a bare payload"),
            ("bad.http", b"POST / HTTP/1.1\nno header\n\n", "bad.http, line 2: this is no header: 'no header'"),
            ("bad.json", a_record("/a b").encode(), "target is '/a b'"),
        ],
    )
    def test_files_of_no_known_form(
        self, name: str, data: bytes, what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / name).write_bytes(data)
        assert what in refused(capsys, tmp_path / name)

    def test_a_bare_payload_says_what_it_lacks(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        file = tmp_path / "payload.json"
        file.write_bytes(b'{"a": 1}')
        assert "--provider github --event push" in refused(capsys, file)
        assert "--event" in refused(capsys, file, "--provider", "github")

    def test_a_folder_without_deliveries(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert f"There is no delivery in the folder {tmp_path}." in refused(capsys, tmp_path)

    @pytest.mark.parametrize(
        "url", ["ftp://a", "http://", "http://a:99999", "http://a b", "http://[::1", "http://a..b", ""]
    )
    def test_a_bad_url(self, url: str, push: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert f"{url!r} is no http or https URL." in refused(capsys, push, "--to", url)

    @pytest.mark.parametrize(
        ("options", "named"),
        [
            (["--dry-run", "--json"], "--json and --dry-run exclude each other."),
            (["--repeat", "0"], "'--repeat'"),
            (["--concurrency", "0"], "'--concurrency'"),
            (["--provider", "githup"], "There is no provider 'githup'.\nDid you mean github?"),
            (["--send-timeout", "x"], "'--send-timeout': 'x' is no span of time. Write it like 30s"),
        ],
    )
    def test_options_that_make_no_sense(
        self, options: list[str], named: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert named in refused(capsys, "github/push", *options)

    def test_nobody_listens(self, push: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
        reason = f"connection refused: nothing listens on 127.0.0.1:{port}"
        done = hookcli("replay", push, "--to", f"http://127.0.0.1:{port}")
        assert done.code == 1
        assert f"✗ {reason}" in done.text
        (record,) = hookcli("replay", push, "--to", f"http://127.0.0.1:{port}", "--json").records
        assert (record["status"], record["error"]) == (None, reason)

    def test_a_mistake_in_sending_is_not_taken_for_an_outcome(self, monkeypatch: pytest.MonkeyPatch) -> None:
        async def mistaken(*_: object) -> Attempt:
            raise ZeroDivisionError

        async def sent() -> None:
            async for _ in replay([Parcel("one", Message())], Destination.parse(":1"), Pace(), Manner()):
                pass

        monkeypatch.setattr("hookcli.replay.attempt", mistaken)
        with pytest.raises(ZeroDivisionError):
            asyncio.run(sent())

    @pytest.mark.parametrize(
        ("answer", "said"), [(b"", "the connection was closed without an answer"), (b"SSH-2.0\r\n\r\n", "is not HTTP")]
    )
    def test_what_is_no_answer(self, answer: bytes, said: str, push: Path) -> None:
        with receiving(answer) as receiver:
            done = hookcli("replay", push, "--to", receiver.url)
        assert done.code == 1
        assert said in done.text

    def test_an_answer_to_connect_ends(self, tmp_path: Path, receiver: Receiver) -> None:
        file = tmp_path / "connect.http"
        file.write_text("CONNECT a:1 HTTP/1.1\n\n")
        assert hookcli("replay", file, "--to", receiver.url, "--send-timeout", "10s").code == 0
