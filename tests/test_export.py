"""`hookcli export`: secrets masked unless asked for, several at once, nothing written over."""

from __future__ import annotations

import http.server
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import h11
import pytest

from hookcli.delivery import Headers, Message
from hookcli.formats import http_file
from hookcli.formats.known import WRITTEN
from support import Wire, a_delivery, a_message, fill, hookcli, on_a_terminal, receiving

if TYPE_CHECKING:
    from pathlib import Path

    from support import Result

MOMENT = datetime(2026, 1, 31, 12, 30, 15, tzinfo=UTC)
SECRETIVE = Message(
    target="/hook?key=hunter2&a=1",
    headers=Headers(
        [
            ("Host", "localhost"),
            ("X-Gitlab-Event", "Push Hook"),
            ("X-Gitlab-Token", "hunter2"),
            ("Authorization", "Bearer hunter2"),
            ("Content-Type", "application/json"),
            ("content-LENGTH", "42"),
        ]
    ),
    body=b'{ "n": 1.0e+9, "password" : "hunter2" }\r\n\n',
)
HARMLESS = a_message(b'{ "n": 1.0e+9 }\n', x_github_event="push", x_github_delivery="d-1")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with three deliveries: `last` has no secret, `last~1` many, `last~2` came in chunks."""
    path = tmp_path_factory.mktemp("store") / "deliveries.db"
    chunked = Message(headers=Headers([("Host", "a"), ("Transfer-Encoding", "chunked")]), body=b"hello\r\nworld")
    fill(
        path,
        a_delivery(chunked, received_at=MOMENT),
        a_delivery(SECRETIVE, received_at=MOMENT + timedelta(seconds=1), provider="gitlab", event="Push Hook"),
        a_delivery(
            HARMLESS,
            received_at=MOMENT + timedelta(seconds=2),
            provider="github",
            event="push",
            action="../../etc",
            delivery_id="d-1",
        ),
    )
    return path


def export(store: Path, *arguments: str | Path) -> Result:
    return hookcli("export", *arguments, "--store", store)


class TestMasking:
    def test_secrets_are_masked_and_it_says_which(self, store: Path) -> None:
        done = export(store, "last~1")
        assert done.code == 0
        message = http_file.read(done.out)
        assert message.target == "/hook?key=******&a=1"
        assert list(message.headers)[2:] == [
            ("X-Gitlab-Token", "******"),
            ("Authorization", "Bearer ******"),
            ("Content-Type", "application/json"),
            ("content-LENGTH", str(len(message.body))),
        ]
        assert message.body == b'{ "n": 1.0e+9, "password" : "******" }\r\n\n'
        assert done.err == (
            "Masked: X-Gitlab-Token, Authorization, the query, the body. --reveal writes all as it came.\n"
            "A signature over a masked body no longer holds.\n"
        )

    def test_revealed_every_byte_is_as_it_came_and_nothing_is_said(self, store: Path) -> None:
        done = export(store, "last~1", "--reveal")
        assert (done.code, done.err) == (0, "")
        assert http_file.read(done.out) == SECRETIVE

    def test_with_nothing_to_mask_every_byte_is_as_it_came_and_nothing_is_said(self, store: Path) -> None:
        done = export(store, "last")
        assert (done.code, done.err) == (0, "")
        assert http_file.read(done.out) == HARMLESS

    @pytest.mark.parametrize("form", WRITTEN)
    def test_no_form_gives_a_secret_away(self, form: str, store: Path) -> None:
        masked, revealed = (export(store, "last~1", "--format", form, *more) for more in ([], ["--reveal"]))
        assert (masked.code, revealed.code) == (0, 0)
        assert b"hunter2" not in masked.out
        assert "Masked: " in masked.err
        assert b"hunter2" in revealed.out
        assert "Masked" not in revealed.err

    def test_what_is_not_in_the_form_is_not_spoken_of(self, store: Path) -> None:
        done = export(store, "last~1", "--format", "cloudevents")
        assert done.err.startswith("Masked: the body. ")

    def test_of_several_it_says_how_many(self, store: Path) -> None:
        done = export(store, "last", "last~1", "--format", "ndjson")
        assert done.err.startswith("Masked in 1 of 2 deliveries: X-Gitlab-Token, ")

    def test_the_json_of_list_and_show_holds_all(self, store: Path) -> None:
        shown = hookcli("show", "last~1", "--json", "--store", store)
        assert shown.records == export(store, "last~1", "--format", "json", "--reveal").records
        (masked,) = export(store, "last~1", "--format", "json").records
        assert masked["size"] == len(masked["body"])
        assert {**masked, "target": 0, "headers": 0, "body": 0, "size": 0} == {
            **shown.records[0],
            "target": 0,
            "headers": 0,
            "body": 0,
            "size": 0,
        }


class TestMessage:
    """The .http form, read by others."""

    @pytest.mark.parametrize("name", ["last", "last~1", "last~2"])
    def test_h11_reads_it(self, name: str, store: Path) -> None:
        data = export(store, name, "--reveal").out
        (record,) = hookcli("show", name, "--json", "--store", store).records
        connection = h11.Connection(h11.SERVER)
        connection.receive_data(data)
        events: list[Any] = []
        while not events or not isinstance(events[-1], h11.EndOfMessage):
            events.append(connection.next_event())
            assert events[-1] is not h11.NEED_DATA
        assert (events[0].method.decode(), events[0].target.decode()) == (record["method"], record["target"])
        assert [[key.decode(), value.decode()] for key, value in events[0].headers.raw_items()] == record["headers"]
        assert b"".join(event.data for event in events[1:-1]).decode() == record["body"]

    def test_pythons_own_server_reads_it(self, store: Path) -> None:
        took: dict[str, Any] = {}

        class Handler(http.server.BaseHTTPRequestHandler):
            def setup(self) -> None:
                self.rfile = io.BufferedReader(io.BytesIO(export(store, "last~1").out))
                self.wfile = io.BytesIO()

            def finish(self) -> None:
                pass

            def do_POST(self) -> None:
                took["body"] = self.rfile.read(int(self.headers["content-length"]))
                took["rest"] = self.rfile.read()
                took["token"] = self.headers["x-gitlab-token"]

        Handler(None, ("127.0.0.1", 1), None)  # type: ignore[arg-type]
        assert took == {"body": b'{ "n": 1.0e+9, "password" : "******" }\r\n\n', "rest": b"", "token": "******"}

    def test_a_delivery_that_came_in_chunks_stays_one_and_replays(self, store: Path, tmp_path: Path) -> None:
        file = tmp_path / "chunked.http"
        export(store, "last~2", "-o", file)
        assert file.read_bytes().endswith(b"Transfer-Encoding: chunked\r\n\r\nc\r\nhello\r\nworld\r\n0\r\n\r\n")
        with receiving() as receiver:
            assert hookcli("replay", file, "--to", receiver.url).code == 0
            assert Wire.of(receiver.next()).body == b"hello\r\nworld"


class TestFiles:
    def test_several_go_into_a_folder_named_by_what_they_are(self, store: Path, tmp_path: Path) -> None:
        done = export(store, "last", "last~1", "last", "-o", f"{tmp_path}/new/captured/")
        assert (done.code, done.out) == (0, b"")
        assert f"2 files written to {tmp_path}/new/captured/.\n" in done.err
        names = sorted(file.name for file in (tmp_path / "new" / "captured").iterdir())
        assert [name.rpartition("-")[0] for name in names] == [
            "20260131T123016Z-gitlab-Push_Hook",
            "20260131T123017Z-github-push..._.._etc",
        ]
        assert all(name.endswith(".http") for name in names)

    def test_a_folder_is_replayed_as_it_came(self, store: Path, tmp_path: Path) -> None:
        for form in ("http", "json", "curl", "har", "ndjson"):
            folder = tmp_path / form
            assert export(store, "last", "last~1", "--format", form, "--reveal", "-o", f"{folder}/").code == 0
            with receiving() as receiver:
                assert hookcli("replay", folder, "--to", receiver.url).code == 0
                arrived = [Wire.of(data).as_sent() for data in receiver.requests]
            assert [wire.body for wire in arrived] == [SECRETIVE.body, HARMLESS.body], form
            assert arrived[0].all(b"x-gitlab-token") == [b"hunter2"], form

    @pytest.mark.parametrize("form", ["ndjson", "har"])
    def test_or_into_one_file_where_the_form_holds_several(self, form: str, store: Path, tmp_path: Path) -> None:
        file = tmp_path / "all"
        assert export(store, "last", "last~1", "--format", form, "--reveal", "-o", file).code == 0
        with receiving() as receiver:
            assert hookcli("replay", file, "--to", receiver.url).code == 0
            assert [Wire.of(data).body for data in receiver.requests] == [HARMLESS.body, SECRETIVE.body]

    def test_several_of_another_form_do_not_go_to_standard_output(self, store: Path) -> None:
        done = export(store, "last", "last~1", "--format", "curl")
        assert (done.code, done.out) == (2, b"")
        assert done.err.startswith("Error: 2 deliveries do not go into one file of the form curl.\n")
        assert "-o captured/" in done.err

    def test_a_file_is_not_written_over_unless_asked(self, store: Path, tmp_path: Path) -> None:
        file = tmp_path / "push.http"
        file.write_text("mine")
        done = export(store, "last", "-o", file)
        assert (done.code, file.read_text()) == (2, "mine")
        assert done.err == f"Error: {file} is there already.\nName another file; --force writes over it.\n"
        assert export(store, "last", "-o", file, "--force").code == 0
        assert http_file.read(file.read_bytes()) == HARMLESS

    def test_what_is_there_already_is_no_reason_to_stop(self, store: Path, tmp_path: Path) -> None:
        assert export(store, "last", "-o", f"{tmp_path}/").code == 0
        assert export(store, "last", "last~2", "-o", f"{tmp_path}/").code == 0
        assert len(list(tmp_path.iterdir())) == 2

    def test_a_dash_is_standard_output(self, store: Path) -> None:
        assert export(store, "last", "-o", "-").out == export(store, "last").out

    def test_a_folder_that_can_not_be_made(self, store: Path, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        done = export(store, "last", "-o", f"{tmp_path}/file/captured/")
        assert done.code == 3
        assert done.err.startswith(f"Error: The folder {tmp_path}/file/captured can't be made: ")


class TestForms:
    @pytest.mark.parametrize(
        ("word", "stated"),
        [
            ("crul", "There is no form 'crul'. Did you mean 'curl'?"),
            ("cloudevent", "Did you mean 'cloudevents'?"),
            ("smee", "There is no form 'smee'."),
            ("xyz", "There are: http, json, ndjson, har, curl, "),
        ],
    )
    def test_a_form_that_there_is_none_of(self, word: str, stated: str, store: Path) -> None:
        done = export(store, "last", "--format", word)
        assert done.code == 2
        assert stated in " ".join(done.err.split())

    def test_a_word_of_sign_is_guessed_too(self, tmp_path: Path) -> None:
        (tmp_path / "a.json").write_text("{}")
        done = hookcli(
            "sign", tmp_path / "a.json", "--provider", "github", "--secret", "S", "--event", "push", "--format", "htttp"
        )
        assert done.code == 2
        assert "Did you mean 'http'?" in done.err

    def test_a_command_sends_where_it_is_told(self, store: Path) -> None:
        for form in ("curl", "httpie", "wget", "python", "aiohttp"):
            text = export(store, "last", "--format", form, "--to", "https://example.com/in").text
            assert "https://example.com/in" in text
            assert "http://127.0.0.1:8080/" in export(store, "last", "--format", form).text
        assert export(store, "last", "--format", "curl", "--to", "ftp://h").code == 2

    def test_what_a_program_does_otherwise_is_said(self, tmp_path: Path) -> None:
        store = tmp_path / "deliveries.db"
        twice = replace(HARMLESS, headers=Headers([*HARMLESS.headers, ("X-A", "1"), ("x-a", "2")]))
        fill(store, a_delivery(twice))
        assert export(store, "last", "--format", "curl").err == ""
        done = export(store, "last", "--format", "wget")
        assert done.err == "wget sends one header of a name: those called X-A are joined by commas.\n"

    def test_they_complete_in_a_shell(self) -> None:
        done = hookcli(
            env={"_HOOKCLI_COMPLETE": "bash_complete", "COMP_WORDS": "hookcli export --format cl", "COMP_CWORD": "3"}
        )
        assert done.text.split() == ["plain,cloudevents", "plain,cloudevents-binary"]

    def test_sign_prints_them_too(self, tmp_path: Path) -> None:
        (tmp_path / "a.json").write_text('{"a": 1}')
        done = hookcli("sign", tmp_path / "a.json", "--provider", "stripe", "--secret", "S", "--format", "python")
        assert (done.code, done.err) == (0, "")
        assert "Stripe-Signature" in done.text
        compile(done.text, "script", "exec")


class TestTerminal:
    def test_what_was_masked_begins_a_line_of_its_own(self, tmp_path: Path) -> None:
        own = tmp_path / "deliveries.db"
        fill(own, a_delivery(a_message(b'{"password": "hunter2"}')))
        code, shown = on_a_terminal("export", "last", "--store", own, columns=200, env={"NO_COLOR": "1"})
        assert code == 0
        assert shown.decode().endswith(
            '{"password": "******"}\r\n'
            "Masked: the body. --reveal writes all as it came.\r\n"
            "A signature over a masked body no longer holds.\r\n"
        )

    def test_the_names_of_headers_are_shown_not_obeyed(self, tmp_path: Path) -> None:
        store = tmp_path / "deliveries.db"
        fill(store, a_delivery(Message(headers=Headers([(b"X-\x1b[31m-token", b"hunter2")]))))
        done = export(store, "last", "--format", "json")
        assert done.err.startswith("Masked: X-␛[31m-token. ")
        assert json.loads(done.out)["headers"] == [["X-\x1b[31m-token", "******"]]
