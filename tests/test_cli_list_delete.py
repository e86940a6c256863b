"""`hookcli list` and `hookcli delete`, on stores filled beforehand."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from hookcli.cli import main
from support import SAFETY, Result, a_delivery, a_message, environment, fill, hookcli, on_a_terminal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hookcli.delivery import Delivery


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@pytest.fixture
def run(store: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Result]:
    """A command on the store, without a process for each."""

    def run_it(*arguments: str) -> Result:
        with pytest.raises(SystemExit) as left:
            main([*arguments, "--store", str(store)])
        printed = capsys.readouterr()
        assert isinstance(left.value.code, int)
        return Result(left.value.code, printed.out.encode(), printed.err)

    return run_it


def hours_ago(hours: float) -> datetime:
    return datetime.now(UTC) - timedelta(hours=hours)


@pytest.fixture
def four(store: Path) -> list[Delivery]:
    """Four deliveries of three days, the oldest first."""
    return fill(
        store,
        a_delivery(a_message(b"1"), provider="github", event="push", received_at=hours_ago(72), state="valid"),
        a_delivery(
            a_message(b"\xff2"),
            provider="github",
            event="pull_request",
            action="opened",
            delivery_id="72d3162e-cc78-11e3-81ab-4c9367dc0958",
            received_at=hours_ago(3),
            state="invalid",
            summary="octocat opened #1: Add a thing",
        ),
        a_delivery(
            a_message(b"3"), provider="gitlab", event="Push Hook", received_at=hours_ago(6.5 / 60), state="stale"
        ),
        a_delivery(a_message(b"4", "/odd?key=hidden", "PUT")),
    )


def events(result: Result) -> list[str | None]:
    assert (result.code, result.err) == (0, "")
    return [record["event"] for record in result.records]


def test_the_newest_stand_first_one_a_line(four: list[Delivery], run: Callable[..., Result]) -> None:
    listed = run("list")
    lines = listed.text.splitlines()
    assert (listed.code, listed.err) == (0, "")
    assert len(lines) == 4
    for line, delivery in zip(lines, four[::-1], strict=True):
        # What stands first is enough to call it by.
        assert run("show", line.split()[0], "--json").records[0]["id"] == delivery.id
    assert re.search(r"  – unsigned +unknown +- +1 B  PUT /odd\?key=••••••$", lines[0])
    assert re.search(r"  6 min ago  ! stale +gitlab +Push Hook +1 B  POST /$", lines[1])
    assert re.search(
        r"  3 h ago  ✗ invalid +github +pull_request\.opened +2 B  octocat opened #1: Add a thing$", lines[2]
    )
    local = four[0].received_at.astimezone().strftime("%Y-%m-%d %H:%M")
    assert re.search(rf"  {local}  ✓ valid +github +push +1 B  POST /$", lines[3])
    assert "hidden" not in listed.text


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ([], [None, "Push Hook", "pull_request", "push"]),
        (["-n", "2"], [None, "Push Hook"]),
        (["-n", "9" * 30], [None, "Push Hook", "pull_request", "push"]),
        (["--provider", "github"], ["pull_request", "push"]),
        (["--provider", "GitHub"], ["pull_request", "push"]),
        (["--event", "push"], ["push"]),
        (["--event", "pu*"], ["Push Hook", "pull_request", "push"]),
        (["--event", "pull_request.*"], ["pull_request"]),
        (["--event", "*.opened"], ["pull_request"]),
        (["--event", "p[ou]sh"], ["push"]),
        (["--event", "["], []),
        (["--event", "\udcff"], []),
        (["--since", "2h"], [None, "Push Hook"]),
        (["--since", "5h"], [None, "Push Hook", "pull_request"]),
        (["--since", "7d"], [None, "Push Hook", "pull_request", "push"]),
        (["--since", hours_ago(4).isoformat()], [None, "Push Hook", "pull_request"]),
        (["--since", f"{hours_ago(4).astimezone():%Y-%m-%dT%H:%M}"], [None, "Push Hook", "pull_request"]),
        (["--since", "2999-01-01"], []),
        (["--invalid"], ["Push Hook", "pull_request"]),
        (["--invalid", "--provider", "github", "--event", "pull*", "--since", "1d", "-n", "1"], ["pull_request"]),
    ],
)
@pytest.mark.usefixtures("four")
def test_which_are_listed(run: Callable[..., Result], options: list[str], wanted: list[str | None]) -> None:
    assert events(run("list", "--json", *options)) == wanted


def test_twenty_unless_more_are_asked_for(store: Path, run: Callable[..., Result]) -> None:
    fill(store, *(a_delivery(event=str(number)) for number in range(25)))
    assert events(run("list", "--json")) == [str(number) for number in range(24, 4, -1)]
    assert len(run("list").text.splitlines()) == 20
    assert len(run("list", "-n", "25").text.splitlines()) == 25


def test_the_json_is_that_of_show(four: list[Delivery], run: Callable[..., Result]) -> None:
    listed = run("list", "--json").records
    assert [record["id"] for record in listed] == [delivery.id for delivery in four[::-1]]
    assert listed == [run("show", delivery.id, "--json").records[0] for delivery in four[::-1]]
    assert listed[2]["body_base64"] == "/zI="
    assert "body" not in listed[2]


def test_an_empty_store(run: Callable[..., Result]) -> None:
    listed = run("list")
    assert (listed.code, listed.out) == (0, b"")
    assert listed.err == "No such deliveries yet: `hookcli listen` receives them.\n"
    as_json = run("list", "--json")
    assert (as_json.code, as_json.out, as_json.err) == (0, b"", "")


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--provider", "githob"], "There is no provider 'githob'."),
        (["--since", "soon"], "'soon' is no time."),
        (["-n", "0"], "0 is not in the range x>=1."),
        (["-n", "many"], "'many' is not a valid integer"),
    ],
)
def test_what_can_not_be_listed(run: Callable[..., Result], options: list[str], complaint: str) -> None:
    listed = run("list", *options)
    assert (listed.code, listed.out) == (2, b"")
    assert complaint in listed.err


def test_a_line_fits_the_terminal_and_is_coloured(store: Path) -> None:
    fill(store, a_delivery(provider="github", event="push", summary="long " * 100, received_at=hours_ago(1)))
    for columns in (60, 120):
        code, shown = on_a_terminal("list", "--store", store, columns=columns)
        assert code == 0
        assert b"\x1b[" in shown
        (line,) = re.sub(r"\x1b\[[0-9;]*m", "", shown.decode()).splitlines()
        assert len(line) <= columns
        assert "github" in line
        assert line.rstrip().endswith("…")


def test_nothing_of_a_delivery_is_obeyed(store: Path, run: Callable[..., Result]) -> None:
    nasty = "evil\x1b[2J\n[bold]\r\u202e"
    fill(store, a_delivery(a_message(target="/\x1b[31m"), event=nasty, action=nasty), a_delivery(summary=nasty))
    text = run("list").text
    assert len(text.splitlines()) == 2
    assert all(line.isprintable() for line in text.splitlines())
    assert text.count("evil␛[2J␊[bold]␍\\u202e") == 3


def test_a_reader_may_leave_early(store: Path) -> None:
    """As in `hookcli list --json | head -1`."""
    fill(store, *(a_delivery(a_message(b"x" * 10_000)) for _ in range(50)))
    with subprocess.Popen(
        [sys.executable, "-m", "hookcli", "list", "-n", "50", "--json", "--store", str(store)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    ) as process:
        assert process.stdout
        assert process.stderr
        assert json.loads(process.stdout.readline())["size"] == 10_000
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(SAFETY) == 0


# Deleting.


def left(run: Callable[..., Result]) -> list[str]:
    """The ids in the store, the oldest first."""
    return [record["id"] for record in run("list", "--json").records[::-1]]


def test_one_is_deleted_by_any_name(four: list[Delivery], run: Callable[..., Result]) -> None:
    for name, gone in (("last", four[3]), (four[0].id.lower(), four[0]), ("72d3162e", four[1])):
        before = left(run)
        deleted = run("delete", name)
        assert (deleted.code, deleted.out, deleted.err) == (0, b"", "1 delivery deleted.\n")
        assert left(run) == [one for one in before if one != gone.id]
    assert left(run) == [four[2].id]


def test_several_are_named_as_they_were_called_before(four: list[Delivery], run: Callable[..., Result]) -> None:
    deleted = run("delete", "last", "last~1", four[0].id, "last~3")
    assert (deleted.code, deleted.err) == (0, "3 deliveries deleted.\n")
    assert left(run) == [four[1].id]


def test_none_is_deleted_where_one_is_not_there(four: list[Delivery], run: Callable[..., Result]) -> None:
    for name, complaint in {
        "nope": "No delivery is called nope.",
        "last~4": "There is no delivery last~4: the store has 4.",
        four[0].id[:2]: "is the beginning of more than one delivery's id",
        "\udcff": "No delivery is called \\xff.",
        "": "No delivery is called .",
    }.items():
        deleted = run("delete", "last", name)
        assert deleted.code == 2
        assert complaint in deleted.err
    assert left(run) == [delivery.id for delivery in four]


@pytest.mark.parametrize(
    ("before", "gone"),
    [
        ("7d", 0),
        ("2d", 1),
        ("1h", 2),
        (hours_ago(2).isoformat(), 2),
        (f"{hours_ago(2).astimezone():%Y-%m-%dT%H:%M}", 2),
        ("0s", 4),
        ("2999-01-01", 4),
    ],
    # The moments differ in each process that collects these tests; their names must not.
    ids=["week", "days", "hour", "moment", "local minute", "now", "future"],
)
def test_what_came_before_a_moment(four: list[Delivery], run: Callable[..., Result], before: str, gone: int) -> None:
    deleted = run("delete", "--before", before)
    assert (deleted.code, deleted.out) == (0, b"")
    assert deleted.err == f"{gone} {'delivery' if gone == 1 else 'deliveries'} deleted.\n"
    assert left(run) == [delivery.id for delivery in four[gone:]]


@pytest.mark.usefixtures("four")
@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "Say which deliveries to delete: by their ids, with --before, or with --filter."),
        (["last", "--before", "7d"], "Say which deliveries to delete: by their ids, with --before, or with --filter."),
        (["--before", "yesterday"], "'yesterday' is no time."),
        (["--before", ""], "Say which deliveries to delete"),
    ],
)
def test_what_can_not_be_deleted(run: Callable[..., Result], arguments: list[str], complaint: str) -> None:
    deleted = run("delete", *arguments)
    assert (deleted.code, deleted.out) == (2, b"")
    assert complaint in deleted.err
    assert len(left(run)) == 4


def test_in_a_process_of_its_own(four: list[Delivery], store: Path) -> None:
    env = {"HOOKCLI_STORE": str(store)}
    assert hookcli("delete", "last", env=env) == Result(0, b"", "1 delivery deleted.\n")
    assert [record["id"] for record in hookcli("list", "--json", env=env).records] == [
        delivery.id for delivery in four[2::-1]
    ]
    assert hookcli("delete", "nope", env=env).code == 2
    assert hookcli("list", "--store", store / "nowhere").code == 3
