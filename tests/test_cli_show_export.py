"""`hookcli show` and `hookcli export`: one stored delivery, for eyes and for programs."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from hookcli.delivery import Headers, Message
from hookcli.formats import http_file
from support import Wire, hookcli, listening, on_a_terminal, post

if TYPE_CHECKING:
    from pathlib import Path

BINARY = b"\x00\xff\x1b]0;owned\x07\r\n\n"
LONG = json.dumps([f"{number:06} {'x' * 990}" for number in range(25_000)]).encode()
"""25 MB that lay out to as many lines."""

MESSAGES = {
    "push": Message(
        target="/hook?key=hunter2&a=1",
        headers=Headers(
            [
                ("Host", "localhost"),
                ("X-Gitlab-Event", "Push Hook"),
                ("X-Gitlab-Event-UUID", "uuid-of-push"),
                ("X-Gitlab-Token", "hunter2"),
                ("Authorization", "Bearer hunter2"),
                ("Content-Type", "application/json"),
                ("x-odd", "1"),
                ("X-Odd", "2"),
            ]
        ),
        body=b'{"object_kind":"push","user_name":"Ada","ref":"refs/heads/main","checkout_sha":"da1560886d4f094c","password":"hunter2"}',
    ),
    "binary": Message(target="/binary", headers=Headers([("Host", "a")]), body=BINARY),
    "empty": Message(method="GET", target="/empty", headers=Headers([("Host", "a")])),
    "long": Message(target="/long", headers=Headers([("Host", "a")]), body=LONG),
    "one string": Message(target="/string", headers=Headers([("Host", "a")]), body=b'{"a": "%s"}' % (b"y" * 3_000_000)),
    "text": Message(target="/text", headers=Headers([("Host", "a")]), body="Grüße\n\tund Küsse\n".encode()),
}


def framed(message: Message) -> Message:
    length = [("Content-Length", str(len(message.body)))] if message.body else []
    return Message(
        method=message.method, target=message.target, headers=Headers([*message.headers, *length]), body=message.body
    )


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the messages in their order; `text` is the last one."""
    path = tmp_path_factory.mktemp("store") / "deliveries.db"
    with listening(path, "--print", "none", "--count", str(len(MESSAGES))) as listener:
        for message in MESSAGES.values():
            assert post(listener.port, framed(message)).startswith(b"HTTP/1.1 200 ")
        assert listener.ended().code == 0
    return path


def named(name: str) -> str:
    """What the delivery is called on the command line."""
    back = list(reversed(MESSAGES)).index(name)
    return f"last~{back}" if back else "last"


class TestShow:
    def test_the_last_one_in_full(self, store: Path) -> None:
        done = hookcli("show", "--store", store)
        assert (done.code, done.err) == (0, "")
        facts, head, body = done.text.split("\n\n")
        assert facts.startswith("unknown -\n– unsigned: ")
        moment = r"(just now|\d+ s ago) \(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}\)"
        assert re.fullmatch(rf"[0-9A-Z]{{26}}  {moment} from 127.0.0.1, answered 200, 20 B", facts.splitlines()[2])
        assert head == "POST /text HTTP/1.1\nHost: a\nContent-Length: 20"
        assert body == "Grüße\n\tund Küsse\n"

    def test_what_is_known_of_it(self, store: Path) -> None:
        facts = hookcli("show", named("push"), "--store", store).text.split("\n\n")[0].splitlines()
        assert facts[0] == "gitlab Push Hook"
        assert facts[1] == "Ada pushed main at da15608"
        assert facts[2] == "? no secret  token in X-Gitlab-Token: no secret is known to check it with"
        assert facts[4] == "delivery uuid-of-push"

    @pytest.mark.parametrize("name", ["uuid-of-push", "uuid-of", "UUID-OF"])
    def test_by_the_providers_id(self, name: str, store: Path) -> None:
        assert hookcli("show", name, "--store", store).text.startswith("gitlab Push Hook\n")

    def test_headers_alone_with_secrets_masked(self, store: Path) -> None:
        assert hookcli("show", named("push"), "--headers", "--store", store).text == (
            "POST /hook?key=••••••&a=1 HTTP/1.1\n"
            "Host: localhost\n"
            "X-Gitlab-Event: Push Hook\n"
            "X-Gitlab-Event-UUID: uuid-of-push\n"
            "X-Gitlab-Token: ••••••\n"
            "Authorization: Bearer ••••••\n"
            "Content-Type: application/json\n"
            "x-odd: 1\n"
            "X-Odd: 2\n"
            f"Content-Length: {len(MESSAGES['push'].body)}\n"
        )

    def test_the_body_alone_with_secrets_masked(self, store: Path) -> None:
        assert hookcli("show", named("push"), "--body", "--store", store).text == (
            "{\n"
            '  "object_kind": "push",\n'
            '  "user_name": "Ada",\n'
            '  "ref": "refs/heads/main",\n'
            '  "checkout_sha": "da1560886d4f094c",\n'
            '  "password": "••••••"\n'
            "}\n"
        )

    def test_secrets_are_shown_to_who_asks(self, store: Path) -> None:
        assert "hunter2" not in hookcli("show", named("push"), "--store", store).text
        assert hookcli("show", named("push"), "--reveal", "--store", store).text.count("hunter2") == 4

    @pytest.mark.parametrize("name", ["binary", "empty", "long"])
    def test_raw_is_the_exact_bytes_of_the_body(self, name: str, store: Path) -> None:
        assert hookcli("show", named(name), "--raw", "--store", store).out == MESSAGES[name].body

    def test_binary_is_shown_in_hex(self, store: Path) -> None:
        assert hookcli("show", named("binary"), "--body", "--store", store).text == (
            "00000000  00 ff 1b 5d 30 3b 6f 77 6e 65 64 07 0d 0a 0a     ...]0;owned....\n"
        )

    def test_no_body_is_no_line(self, store: Path) -> None:
        assert hookcli("show", named("empty"), "--body", "--store", store).out == b""
        assert hookcli("show", named("empty"), "--store", store).text.endswith("\n\nGET /empty HTTP/1.1\nHost: a\n")

    def test_of_a_long_body_the_head(self, store: Path) -> None:
        lines = hookcli("show", named("long"), "--body", "--store", store).text.splitlines()
        assert lines[:2] == ["[", f'  "000000 {"x" * 990}",']
        assert lines[-1] == "… the rest of 25.0 MB is left out: --all shows it, --raw gives the exact bytes"
        assert sum(map(len, lines)) < 100_000

    def test_all_of_a_long_body(self, store: Path) -> None:
        done = hookcli("show", named("long"), "--body", "--all", "--store", store)
        assert json.loads(done.out) == json.loads(LONG)

    def test_a_string_of_megabytes_is_shortened(self, store: Path) -> None:
        shown = hookcli("show", named("one string"), "--body", "--store", store).text
        assert shown == '{\n  "a": "' + "y" * 1999 + '" … 2,998,002 characters more\n}\n'

    def test_json_is_the_same_from_every_command(self, tmp_path: Path) -> None:
        with listening(tmp_path / "deliveries.db", "--json", "--count", "1") as listener:
            post(listener.port, framed(MESSAGES["binary"]))
            told = listener.record()
            assert listener.ended().code == 0
        assert hookcli("list", "--json", "--store", listener.store).records == [told]
        assert hookcli("show", "--json", "--store", listener.store).records == [told]
        assert hookcli("export", "last", "--format", "json", "--store", listener.store).records == [told]
        assert (told["body_base64"], told["size"], told["status"]) == ("AP8bXTA7b3duZWQHDQoK", 15, 200)

    def test_json_hides_nothing(self, store: Path) -> None:
        (record,) = hookcli("show", named("push"), "--json", "--store", store).records
        assert record["target"] == "/hook?key=hunter2&a=1"
        assert ["X-Gitlab-Token", "hunter2"] in record["headers"]

    def test_the_rule_that_told_its_provider(self, store: Path) -> None:
        told = hookcli("show", named("push"), "--explain", "--store", store).text
        assert told.split() == ["gitlab", "decided", "header:X-Gitlab-Event"]

    @pytest.mark.parametrize(
        ("arguments", "what"),
        [
            (["--raw", "--json"], "--raw and --json exclude each other."),
            (["--headers", "--body"], "--headers and --body exclude each other."),
            (["nothing"], "No delivery is called nothing."),
            (["last~6"], "There is no delivery last~6: the store has 6."),
            (["01"], "01 is the beginning of more than one delivery's id: "),
        ],
    )
    def test_what_makes_no_sense(self, arguments: list[str], what: str, store: Path) -> None:
        done = hookcli("show", *arguments, "--store", store)
        assert (done.code, done.out) == (2, b"")
        assert done.err.startswith(f"Error: {what}")

    def test_an_empty_store(self, tmp_path: Path) -> None:
        done = hookcli("show", "--store", tmp_path / "deliveries.db")
        assert done.code == 2
        assert done.err == "Error: There is no delivery last: the store has 0.\n`hookcli listen` receives some.\n"


class TestExport:
    @pytest.mark.parametrize("name", ["push", "binary", "empty"])
    def test_the_message_as_it_came(self, name: str, store: Path) -> None:
        done = hookcli("export", named(name), "--reveal", "--store", store)
        assert (done.code, done.err) == (0, "")
        out = done.out
        assert out.startswith(f"{MESSAGES[name].method} {MESSAGES[name].target} HTTP/1.1\r\n".encode())
        assert Wire.of(out).headers == [(key.encode(), value.encode()) for key, value in framed(MESSAGES[name]).headers]
        assert Wire.of(out).body == MESSAGES[name].body
        assert http_file.read(out) == framed(MESSAGES[name])

    @pytest.mark.parametrize("form", ["http", "json", "argo-events"])
    def test_a_file_holds_what_standard_output_gets(self, form: str, store: Path, tmp_path: Path) -> None:
        file = tmp_path / "exported"
        done = hookcli("export", "last", "--format", form, "-o", file, "--store", store)
        assert (done.code, done.out, done.err) == (0, b"", "")
        assert file.read_bytes() == hookcli("export", "last", "--format", form, "--store", store).out

    def test_a_file_that_can_not_be_written(self, store: Path, tmp_path: Path) -> None:
        done = hookcli("export", "last", "-o", tmp_path / "no" / "such.http", "--store", store)
        assert done.code == 3
        assert done.err == f"Error: {tmp_path}/no/such.http can't be written: No such file or directory.\n"

    def test_a_delivery_that_there_is_none_of(self, store: Path, tmp_path: Path) -> None:
        file = tmp_path / "exported"
        assert hookcli("export", "nothing", "-o", file, "--store", store).code == 2
        assert not file.exists()


class TestTerminal:
    @pytest.mark.parametrize("arguments", [["export", named("binary")], ["show", named("binary"), "--raw"]])
    def test_control_bytes_are_kept_from_it(self, arguments: list[str], store: Path) -> None:
        code, shown = on_a_terminal(*arguments, "--store", store)
        assert code == 2
        assert b"These bytes hold control characters, which a terminal would obey." in shown
        assert b"hookcli ... > file" in shown
        assert b"owned" not in shown

    def test_text_may_go_there(self, store: Path) -> None:
        code, shown = on_a_terminal("export", "last", "--store", store)
        assert code == 0
        assert shown.decode().endswith("\r\nGrüße\r\n\tund Küsse\r\n")
