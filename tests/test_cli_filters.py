"""Filters and jq programs on the command line: list, show, listen, replay and delete."""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING, Any

import pytest

from hookcli.cli import main
from support import Result, Wire, a_delivery, a_message, fill, hookcli, listening, post, receiving

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hookcli.delivery import Delivery, Message


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@pytest.fixture
def run(store: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Result]:
    """A command on the store, without a process for each."""

    def run_it(*arguments: str) -> Result:
        with pytest.raises(SystemExit) as left:
            main([arguments[0], "--store", str(store), *arguments[1:]])
        printed = capsys.readouterr()
        assert isinstance(left.value.code, int)
        return Result(left.value.code, printed.out.encode(), printed.err)

    return run_it


def saying(value: object, **of: Any) -> Delivery:
    return a_delivery(a_message(json.dumps(value).encode()), **of)


@pytest.fixture
def four(store: Path) -> list[Delivery]:
    return fill(
        store,
        saying({"action": "opened", "n": 1, "title": "Read the basket"}, provider="github", event="issues"),
        saying({"commits": ["a", "b"], "n": 2}, provider="gitlab", event="Push Hook", state="invalid"),
        saying([1, 2], provider="gitea", event="push", delivery_id="same"),
        saying({"n": 12345678901234567890}, provider="gitea", event="push", delivery_id="same"),
    )


def events(result: Result) -> list[str]:
    assert (result.code, result.err) == (0, "")
    return [record["event"] for record in result.records[::-1]]


# list.


@pytest.mark.parametrize(
    ("terms", "kept"),
    [
        ([], ["issues", "Push Hook", "push", "push"]),
        (["provider:github"], ["issues"]),
        (["provider:github,gitlab"], ["issues", "Push Hook"]),
        (["provider:github", "event:push"], []),
        (["provider:gitea is:duplicate"], ["push"]),
        (["event:Push Hook"], ["Push Hook"]),
        (['event:"Push Hook"'], ["Push Hook"]),
        (["-event:Push Hook", "-provider:gitea"], ["issues"]),
        (["not", "provider:gitea"], ["issues", "Push Hook"]),
        (["--", "-provider:gitea", "-event:issues"], ["Push Hook"]),
        (["-provider:gitea", "--", "-event:issues"], ["Push Hook"]),
        (["-n1", "-event:issues"], ["push"]),
        (["read the basket"], ["issues"]),
        (["the read"], []),
        (["the", "read"], ["issues"]),
        (["bask*", "not", "gitlab"], ["issues"]),
        (["--", "-basket"], ["Push Hook", "push", "push"]),
        (["--provider", "gitea", "--invalid"], []),
        (["--provider", "github,gitlab", "--invalid"], ["Push Hook"]),
        (["provider:gitlab", "--event", "push hook", "--since", "1h"], ["Push Hook"]),
    ],
)
@pytest.mark.usefixtures("four")
def test_what_is_listed(run: Callable[..., Result], terms: list[str], kept: list[str]) -> None:
    assert events(run("list", "--json", *terms)) == kept


@pytest.mark.usefixtures("four")
def test_a_mistake_is_shown_where_it_is(run: Callable[..., Result]) -> None:
    listed = run("list", "event:push", "provder:github")
    assert (listed.code, listed.out) == (2, b"")
    assert listed.err == (
        "Error: There is no field 'provder'.\n"
        "  event:push provder:github\n"
        "             ^^^^^^^\n"
        'Did you mean provider:? To look for the words, quote them: "provder:github".\n'
    )
    evil = run("list", "provder:\x1b[2J")
    assert "\x1b" not in evil.err


# jq.


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        (["list", "--jq", ".action"], ["null", "null", '"opened"']),
        (["list", "--jq", ".action // empty"], ['"opened"']),
        (["list", "--jq", 'select(.action == "opened") | .title'], ['"Read the basket"']),
        (["list", "event:push hook", "--jq", ".commits[]"], ['"a"', '"b"']),
        (["list", "-n", "1", "--jq", "select(.n == 1) | .n"], ["1"]),
        (["list", "-n", "2", "--jq", ".n?"], ["12345678901234567168", "2"]),
        (["show", "last~3", "--jq", ".title"], ['"Read the basket"']),
        (["show", "last~1", "--jq", ".[] | . + 1"], ["2", "3"]),
        (["show", "last", "--jq", "empty"], []),
    ],
)
@pytest.mark.usefixtures("four")
def test_a_program_selects_and_projects(run: Callable[..., Result], arguments: list[str], lines: list[str]) -> None:
    ended = run(*arguments)
    assert ended.code == 0
    assert ended.text.splitlines() == lines


def test_a_program_sees_what_a_delivery_is_about(store: Path, run: Callable[..., Result]) -> None:
    form = a_message(b"payload=%7B%22a%22%3A+%22%E5%90%88%22%7D", content_type="application/x-www-form-urlencoded")
    fill(
        store,
        a_delivery(form),
        a_delivery(a_message(b"a=1", content_type="application/x-www-form-urlencoded")),
        a_delivery(a_message(b"no JSON")),
        a_delivery(a_message(b"")),
        a_delivery(a_message(b'\xef\xbb\xbf{"a": "\\ud800\x7f"}')),
    )
    listed = run("list", "--jq", ".a")
    assert [json.loads(line) for line in listed.text.splitlines()] == ["?\x7f", "1", "合"]
    assert listed.out.isascii()
    assert listed.err == ""


def test_what_goes_wrong_with_one_delivery_is_told_once_and_ends_nothing(
    four: list[Delivery], store: Path, run: Callable[..., Result]
) -> None:
    fill(store, saying({"n": "odd\x1b"}), saying({"n": "odd\x1b"}), last := saying({"n": "even"}))
    program = 'if .n | type == "string" then error(.n) else .n end'
    listed = run("list", "provider:github,gitlab,unknown", "--jq", program)
    assert (listed.code, listed.text.splitlines()) == (0, ["2", "1"])
    assert [line.rpartition(": ")[2] for line in listed.err.splitlines()] == [
        f"even (in {last.id})",
        f"odd␛ (in {run('list', '--json', 'odd').records[0]['id']})",
    ]
    assert listed.err.startswith(f"! jq {program}: even")
    assert run("list", "provider:gitea", "--jq", ".n").text == "12345678901234567168\n"
    assert four[2].id in run("list", "provider:gitea", "--jq", ".n").err


@pytest.mark.usefixtures("four")
@pytest.mark.parametrize("command", [["list"], ["show", "last"]])
def test_a_wrong_program_is_named_with_what_jq_said(run: Callable[..., Result], command: list[str]) -> None:
    ended = run(*command, "--jq", ".[")
    assert (ended.code, ended.out) == (2, b"")
    assert ended.err.startswith("Error: The jq program '.[' is wrong.\njq: error: syntax error")
    assert "\n    .[\n" in ended.err


@pytest.mark.usefixtures("four")
def test_without_the_extra_it_says_what_to_install(run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jq", None)
    ended = run("list", "--jq", ".")
    assert (ended.code, ended.out) == (3, b"")
    assert "pip install 'hookcli[jq]'" in ended.err


@pytest.mark.usefixtures("four")
def test_one_form_of_output_at_a_time(run: Callable[..., Result]) -> None:
    assert run("list", "--jq", ".", "--json").code == 2
    assert run("show", "--jq", ".", "--raw").code == 2


# delete.


def test_what_a_filter_keeps_is_deleted(four: list[Delivery], run: Callable[..., Result]) -> None:
    deleted = run("delete", "--filter", "provider:gitea", "--filter", "is:duplicate")
    assert (deleted.code, deleted.out, deleted.err) == (0, b"", "1 delivery deleted.\n")
    assert [one["id"] for one in run("list", "--json").records] == [one.id for one in four[2::-1]]
    assert run("delete", "--filter", "basket").err == "1 delivery deleted.\n"
    assert run("delete", "--filter", "basket").err == "0 deliveries deleted.\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["--filter", ""],
        ["--filter", " "],
        ["last", "--filter", "event:push"],
        ["--before", "1d", "--filter", "is:ping"],
    ],
)
@pytest.mark.usefixtures("four")
def test_nothing_is_deleted_by_half_a_wish(run: Callable[..., Result], arguments: list[str]) -> None:
    deleted = run("delete", *arguments)
    assert deleted.code == 2
    assert "Say which deliveries to delete" in deleted.err
    assert len(run("list", "--json").records) == 4


# replay.


def test_what_a_filter_keeps_is_sent_in_the_order_in_which_it_came(
    four: list[Delivery], run: Callable[..., Result]
) -> None:
    with receiving() as receiver:
        sent = run("replay", "--filter", "-event:'Push Hook'", "--to", receiver.url, "--json")
        bodies = [Wire.of(receiver.next()).body for _ in range(3)]
    assert sent.code == 0
    assert bodies == [four[0].body, four[2].body, four[3].body]
    assert [one["delivery"] for one in sent.records] == [four[0].id, four[2].id, four[3].id]
    assert events(run("list", "is:replayed", "--json")) == ["issues", "push", "push"]


@pytest.mark.usefixtures("four")
def test_what_can_not_be_sent(run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    none = run("replay", "--filter", "event:nothing")
    assert (none.code, none.err.splitlines()[0]) == (2, "Error: No delivery meets the filter.")
    nothing = run("replay")
    assert (nothing.code, nothing.err.splitlines()[0]) == (2, "Error: Say what to send: names, or a --filter.")
    monkeypatch.setattr("hookcli.cli.sources.MOST", 3)
    many = run("replay", "--filter", "")
    assert (many.code, many.err.splitlines()[0]) == (2, "Error: The filter keeps more than 3 deliveries.")


# listen.


def a_push(event: str, body: bytes = b"{}") -> Message:
    return a_message(body, x_github_event=event)


def test_a_listener_shows_and_forwards_what_its_filter_keeps_and_stores_everything(store: Path) -> None:
    with (
        receiving() as target,
        listening(store, "--json", "--filter", "event:push not banana", "--forward", target.url) as listener,
    ):
        for message in (a_push("ping"), a_push("push", b"banana"), a_push("push", b"apple"), a_push("issues")):
            assert b"HTTP/1.1 200" in post(listener.port, message)
        assert listener.record()["body"] == "apple"
        assert Wire.of(target.next()).body == b"apple"
        ended = listener.stop()
        assert ended.out == b""
        assert len(target.requests) == 1
    assert "4 deliveries (4 github) received and stored, 3 not shown for the filter." in ended.err
    assert [one["event"] for one in hookcli("list", "--json", "--store", store).records] == [
        "issues",
        "push",
        "push",
        "ping",
    ]
    assert len(hookcli("list", "--json", "is:forwarded", "--store", store).records) == 1


def test_the_count_is_of_what_the_filter_keeps(store: Path) -> None:
    with listening(store, "--json", "--count", "2", "--filter", "event:push", "--filter", "is:duplicate") as listener:
        for number in range(3):
            message = a_message(b"%d" % number, x_github_event="push", x_github_delivery="same")
            post(listener.port, message)
        ended = listener.ended()
    assert ended.code == 0
    assert [one["body"] for one in ended.records] == ["1", "2"]


def test_a_listener_says_at_once_what_is_wrong_with_its_filter(store: Path) -> None:
    ended = hookcli("listen", "--port", "0", "--filter", "evnt:push", "--store", store)
    assert ended.code == 2
    assert re.search(r"(?m)^  evnt:push\n  \^{4}$", ended.err)
    assert not store.exists()


def test_a_listener_names_its_filter(store: Path) -> None:
    with listening(store, "--filter", "provider:github", "--filter", "-is:ping") as listener:
        assert any("filter  provider:github -is:ping" in listener.note() for _ in range(4))
