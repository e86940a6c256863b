"""`hookcli inspect`: all about one delivery, and what can be done with it."""

from __future__ import annotations

import hashlib
import hmac
import json
from contextlib import nullcontext
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from hookcli import fixtures
from hookcli.delivery import Attempt, Headers
from hookcli.formats import http_file
from hookcli.signing.secrets import Secrets
from hookcli.store import query
from hookcli.store.database import opened
from hookcli.store.rows import insert_attempt
from hookcli.tui.data import LATEST_ATTEMPTS
from hookcli.tui.memory import Memory
from hookcli.tui.session import Session
from hookcli.tui.widgets.json_tree import AT_ONCE, JsonTree
from inspecting import inspecting, run, some_deliveries, with_body
from support import Wire, a_delivery, fill, receiving

if TYPE_CHECKING:
    from pathlib import Path

    from hookcli.delivery import Delivery

SECRET = "It's a Secret to Everybody"
DOUBLED = b'{"a": 1, "a": 2.50, "deep": {"er": [1, [2, {"est": "\\u001b[31mred"}]]}, "password": "hunter2"}'


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "deliveries.db"


def a_push(store: Path, **of: object) -> Delivery:
    """GitHub's fixture, signed with the secret of all fixtures."""
    message = http_file.read(fixtures.load("github/push"))
    given = {"provider": "github", "event": "push", "delivery_id": "72d3162e", **of}
    return fill(store, a_delivery(message, **given))[0]  # type: ignore[arg-type]


def attempts(store: Path, delivery: Delivery) -> list[Attempt]:
    with opened(store) as connection:
        return query.attempts(connection, delivery.id)


class TestPanes:
    def test_summary_headers_and_what_is_masked(self, store: Path) -> None:
        message = with_body(b"{}", authorization="Bearer s3cr3t", x_github_event="push")
        fill(store, a_delivery(message, provider="github", event="push", delivery_id="72d3162e", state="invalid"))

        async def script() -> None:
            async with inspecting(store) as screen:
                await screen.shows(
                    "received", "from      127.0.0.1", "POST /hook", "72d3162e", "✗ invalid", "answered  200"
                )
                await screen.press("2")
                await screen.shows("X-Github-Event", "Bearer ••••••")
                await screen.hides("s3cr3t")
                await screen.press("v")
                await screen.shows("Bearer s3cr3t")
                await screen.press("v")
                await screen.hides("s3cr3t")

        run(script())

    def test_json_is_a_tree_from_its_own_tokens(self, store: Path) -> None:
        fill(store, a_delivery(with_body(DOUBLED)))

        async def script() -> None:
            async with inspecting(store) as screen:
                await screen.press("3")
                await screen.shows("a: 1", "a: 2.50", "▾ deep: {1}", r'est: "\u001b[31mred"', 'password: "••••••"')
                await screen.hides("hunter2")
                await screen.press("enter", "j", "j", "left")
                await screen.shows("▸ deep: {1}")
                await screen.hides("31mred")
                await screen.press("right")
                await screen.shows("31mred")
                await screen.press("j", "j", "j", "j", "j", "j", "enter")
                await screen.shows("deep.er.1.1.est", "Esc closes")
                await screen.press("escape", "v")
                await screen.shows("hunter2")

        run(script())

    def test_a_long_list_is_read_some_at_a_time(self, store: Path) -> None:
        fill(store, a_delivery(with_body(json.dumps(list(range(AT_ONCE * 2 + 5))).encode())))

        async def script() -> None:
            async with inspecting(store) as screen:
                await screen.press("3", "enter")
                tree = screen.app.detail.query_one(JsonTree)
                await screen.until(lambda: len(tree.root.children) == AT_ONCE + 1)
                for count in (2 * AT_ONCE + 1, 2 * AT_ONCE + 5):
                    await screen.press("G", "enter")
                    await screen.until(lambda count=count: len(tree.root.children) == count)  # type: ignore[misc]
                await screen.press("G")
                await screen.shows(f"{2 * AT_ONCE + 4}: {2 * AT_ONCE + 4}")

        run(script())

    def test_twenty_five_megabytes_are_a_tree_and_rows_and_keys_still_do_something(self, store: Path) -> None:
        items = ",".join(f'{{"id": {number}, "name": "item {number}"}}' for number in range(700_000))
        body = f'{{"items": [{items}], "end": true}}'.encode()
        assert len(body) > 25_000_000
        fill(store, a_delivery(summary="small one"), a_delivery(with_body(body), summary="large one"))

        async def script() -> None:
            async with inspecting(store) as screen:
                await screen.press("3")
                await screen.shows("items: [", "end: true")
                tree = screen.app.detail.query_one(JsonTree)
                await screen.press("enter", "right")
                await screen.until(lambda: len(tree.root.children[0].children) == AT_ONCE + 1)
                assert sum(1 for _ in tree.root.children[0].children) < 1000
                await screen.press("4")
                await screen.shows("text, ", '"item 1"')
                await screen.press("G")
                await screen.shows('"end": true')
                await screen.press("h")
                await screen.shows("hex, ", "01927")
                await screen.press("escape", "j", "1")
                await screen.shows("small one", "received")

        run(script())

    @pytest.mark.parametrize(
        ("body", "kind", "told"),
        [
            (b"a=1&payload=%7B%22x%22%3A+7%7D", "application/x-www-form-urlencoded", ["a = 1", '"x": 7']),
            (b"payload=%7B%22x%22%3A+7%7D", "application/x-www-form-urlencoded", ["x: 7"]),
            (b"<a><b>c</b></a>", "application/xml", ["<a><b>c</b></a>"]),
            (b"\x00\x01\xffbinary", "application/octet-stream", ["00 01 ff 62", "...binary"]),
            (b"", "text/plain", ["no body"]),
            (b"[]", "application/json", ["[]"]),
        ],
    )
    def test_other_bodies_are_laid_out(self, store: Path, body: bytes, kind: str, told: list[str]) -> None:
        fill(store, a_delivery(with_body(body, kind)))

        async def script() -> None:
            async with inspecting(store) as screen:
                await screen.press("3")
                await screen.shows(*told)

        run(script())

    def test_attempts_with_their_answers_the_latest_first(self, store: Path) -> None:
        delivery = a_push(store)
        with opened(store) as connection:
            for number in range(LATEST_ATTEMPTS + 5):
                insert_attempt(
                    connection,
                    delivery.id,
                    Attempt(
                        kind="forward",
                        url=f"http://localhost/{number}?token=s3cr3t",
                        started_at=delivery.received_at,
                        elapsed=0.012,
                        status=500,
                        headers=Headers([("Content-Type", "application/json"), ("Set-Cookie", "s3cr3t")]),
                        body=b'{"error": "\x1b[31mno"}',
                    ),
                )

        async def script() -> None:
            async with inspecting(store) as screen:
                await screen.press("6")
                last = LATEST_ATTEMPTS + 4
                await screen.shows(
                    f"Attempts {last + 1}", f"/{last}?token=••••••", "✗ 500", "12 ms", '"error"', "␛[31mno"
                )
                await screen.hides("s3cr3t")
                await screen.press("enter", "G")
                await screen.shows("… and 5 earlier ones")

        run(script())


class TestSignature:
    def test_a_known_secret_explains_at_once(self, store: Path) -> None:
        a_push(store, state="invalid")
        session = Session(store=store, secrets=Secrets((("github", "hookcli\n"),)))

        async def script() -> None:
            async with inspecting(store, session=session) as screen:
                await screen.press("5")
                await screen.shows("✗ invalid", "The signature holds for", "line end", "signed bytes")

        run(script())

    def test_e_asks_for_the_secret_hides_it_and_checks_with_it(self, store: Path) -> None:
        a_push(store, state="no secret")

        async def script() -> None:
            async with inspecting(store) as screen:
                await screen.press("5")
                await screen.shows("e asks for the secret")
                await screen.press("e")
                await screen.shows("The secret to check it with")
                await screen.press("enter")
                await screen.shows("There is no secret yet.")
                await screen.type(fixtures.SECRET)
                assert screen.app.screen.query_one("#secret", Input).password
                assert fixtures.SECRET not in "\n".join(line for line in screen.lines if "•" in line)
                await screen.press("enter")
                await screen.shows("✓ valid", "when it came: ? no secret", "1 secret known for github")

        run(script())


class TestDoing:
    def test_replay_goes_byte_for_byte_where_it_is_told_and_that_is_remembered(
        self, store: Path, tmp_path: Path
    ) -> None:
        delivery = a_push(store)
        session = Session(store=store, memory=Memory(tmp_path / "memory.json"))

        async def script(receiver_url: str) -> None:
            async with inspecting(store, session=session) as screen:
                await screen.press("r")
                await screen.shows("Send again", "byte for byte", "http://127.0.0.1:8080")
                screen.app.screen.query_one("#target", Input).value = "ftp://nowhere"
                await screen.press("enter")
                await screen.shows("is no http or https URL")
                screen.app.screen.query_one("#target", Input).value = receiver_url
                await screen.press("enter")
                await screen.shows("✓ 204", "Attempts 1")
                await screen.press("6")
                await screen.shows("replay", receiver_url)

        with receiving(b"HTTP/1.1 204 No Content\r\n\r\n") as receiver:
            run(script(receiver.url))
            sent = Wire.of(receiver.next()).as_sent()
        pairs = [
            (name, value) for name, value in delivery.headers.raw if name.lower() not in {b"host", b"content-length"}
        ]
        assert sent.headers == pairs
        assert sent.body == delivery.body
        assert [(one.kind, one.status) for one in attempts(store, delivery)] == [("replay", 204)]
        assert Session(store=store, memory=Memory(tmp_path / "memory.json")).target == receiver.url

    def test_a_replay_that_fails_is_told_and_kept(self, store: Path) -> None:
        delivery = a_push(store)
        with receiving() as receiver:
            url = receiver.url

        async def script() -> None:
            async with inspecting(store, session=Session(store=store, to=url)) as screen:
                await screen.press("r", "enter")
                await screen.shows("connection refused")

        run(script())
        assert attempts(store, delivery)[0].error

    def test_a_request_is_edited_in_ones_editor_and_sent(self, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        delivery = a_push(store)
        monkeypatch.setattr("hookcli.tui.app.Inspect.suspend", lambda _: nullcontext())
        monkeypatch.setenv("VISUAL", "sed -i 's/^X-GitHub-Event: push/X-GitHub-Event: ping/'")

        async def script(url: str) -> None:
            async with inspecting(store, session=Session(store=store, to=url)) as screen:
                await screen.press("R")
                await screen.shows("Send again", "edited")
                await screen.press("enter")
                await screen.shows("✓ 200")
                monkeypatch.setenv("VISUAL", "false")
                await screen.press("R")
                await screen.shows("ended with 1")

        with receiving() as receiver:
            run(script(receiver.url))
            sent = Wire.of(receiver.next())
        assert sent.all(b"x-github-event") == [b"ping"]
        assert sent.body == delivery.body

    def test_without_a_terminal_of_its_own_it_is_edited_on_the_screen(self, store: Path) -> None:
        a_push(store)

        async def script(url: str) -> None:
            async with inspecting(store, session=Session(store=store, to=url)) as screen:
                await screen.press("R")
                await screen.shows("Edit the request", "POST / HTTP/1.1")
                await screen.press("delete", "delete", "delete", "delete")
                await screen.type("PATCH")
                await screen.press("ctrl+s")
                await screen.shows("Send again")
                await screen.press("enter")
                await screen.shows("✓ 200")

        with receiving() as receiver:
            run(script(receiver.url))
            assert Wire.of(receiver.next()).start.startswith(b"PATCH / ")

    def test_it_is_signed_anew_and_sent(self, store: Path) -> None:
        a_push(store)

        async def script(url: str) -> None:
            async with inspecting(store, session=Session(store=store, to=url)) as screen:
                await screen.press("s")
                await screen.shows("Sign anew and send", "provider", "github")
                await screen.type(SECRET)
                await screen.hides(SECRET)
                await screen.press("enter")
                await screen.shows("✓ 200")

        with receiving() as receiver:
            run(script(receiver.url))
            sent = Wire.of(receiver.next())
        assert len(sent.all(b"x-hub-signature-256")) == 1
        mine = hmac.new(SECRET.encode(), sent.body, hashlib.sha256).hexdigest()
        assert sent.all(b"x-hub-signature-256") == [f"sha256={mine}".encode()]

    def test_two_are_compared(self, store: Path) -> None:
        fill(store, a_delivery(with_body(b'{"a": 1}')), a_delivery(with_body(b'{"a": 2}')))

        async def script() -> None:
            async with inspecting(store) as screen:
                await screen.press("d")
                await screen.shows("Mark another delivery first")
                await screen.press("m", "j")
                assert any(line.startswith(" ◆") for line in screen.lines)
                await screen.press("d")
                await screen.shows("marked", "~ a", "2", "1")
                await screen.press("escape")

        run(script())

    def test_it_is_copied_as_curl(self, store: Path) -> None:
        fill(
            store,
            a_delivery(with_body(b"x" * 100_000)),
            a_delivery(with_body(b'{"a": 1}', authorization="Bearer s3cr3t")),
        )

        async def script() -> None:
            async with inspecting(store, session=Session(store=store, to="http://localhost:3000")) as screen:
                await screen.press("y")
                await screen.shows("Copied as curl")
                assert screen.app.clipboard.startswith("curl -sS")
                assert "Bearer s3cr3t" in screen.app.clipboard
                assert "http://localhost:3000/hook" in screen.app.clipboard
                await screen.press("j", "y")
                await screen.shows("too much for a clipboard")

        run(script())

    def test_it_is_written_to_a_file_and_never_over_one_unasked(
        self, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        delivery = a_push(store)
        monkeypatch.chdir(tmp_path)

        async def script() -> None:
            async with inspecting(store) as screen:
                await screen.press("x")
                await screen.shows("Write to a file", f"github-{delivery.id}.http")
                await screen.press("enter", "enter")
                await screen.shows("Written:")
                await screen.press("x")
                await screen.shows("Write to a file")
                await screen.press("down")
                await screen.shows(f"github-{delivery.id}.json")
                await screen.press("up", "enter", "enter")
                await screen.shows("already")
                await screen.press("escape")

        run(script())
        written = (tmp_path / f"github-{delivery.id}.http").read_bytes()
        assert http_file.read(written).body == delivery.body
        assert [path.name for path in tmp_path.glob("github-*")] == [f"github-{delivery.id}.http"]

    def test_it_is_deleted_when_that_is_confirmed(self, store: Path) -> None:
        ids = [one.id for one in some_deliveries(store, 3)][::-1]

        async def script() -> None:
            async with inspecting(store) as screen:
                await screen.press("delete")
                await screen.shows("Delete this delivery?", "number 3")
                await screen.press("enter")
                await screen.hides("Delete this delivery?")
                assert screen.listed == ids
                await screen.press("delete", "y")
                await screen.until(lambda: screen.listed == ids[1:])
                assert screen.selected == ids[1]

        run(script())

    def test_news_come_while_a_dialog_is_open(self, store: Path) -> None:
        a_push(store)

        async def script() -> None:
            async with inspecting(store) as screen:
                await screen.press("r")
                await screen.shows("Send again")
                new = some_deliveries(store, 2)
                await screen.until(lambda: screen.listed[0] == new[-1].id)
                await screen.press("escape")
                await screen.shows("number 2")

        run(script())
