"""`hookcli mcp`, asked by the protocol's own client: what its tools do, and that no secret ever leaves."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from hookcli import fixtures
from hookcli.formats import http_file
from hookcli.store.filters import parse_filter
from support import SAFETY, Wire, a_delivery, a_message, environment, fill, hookcli, receiving

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from mcp.types import CallToolResult, Tool

SECRET = "correct horse battery & staple"
PUSH = http_file.read(fixtures.load("github/push"))
SENDING = {"replay_delivery", "send_payload"}
READING = {
    "list_deliveries",
    "show_delivery",
    "verify_signature",
    "explain_signature",
    "sign_payload",
    "list_providers",
    "show_provider",
}


class Agent:
    """A client with a server of its own, started anew for each conversation."""

    def __init__(self, store: Path, *options: str, **env: str) -> None:
        self.parameters = StdioServerParameters(
            command=sys.executable,
            args=["-m", "hookcli", "mcp", "--store", str(store), *options],
            env=environment(**env),
        )

    def tools(self) -> list[Tool]:
        async def ask() -> list[Tool]:
            async with Client(stdio_client(self.parameters)) as client:
                return list((await client.list_tools()).tools)

        return asyncio.run(asyncio.wait_for(ask(), SAFETY))

    def ask(self, *calls: tuple[str, dict[str, Any]]) -> list[CallToolResult]:
        """What the server answers to these calls, in one conversation."""

        async def talk() -> list[CallToolResult]:
            async with Client(stdio_client(self.parameters)) as client:
                return [await client.call_tool(name, arguments) for name, arguments in calls]

        return asyncio.run(asyncio.wait_for(talk(), SAFETY))

    def answer(self, tool: str, /, **arguments: Any) -> Any:
        """What one tool answers, which must be no error."""
        (result,) = self.ask((tool, arguments))
        assert not result.is_error, result.content
        assert result.structured_content is not None
        return result.structured_content

    def refusal(self, tool: str, /, **arguments: Any) -> str:
        """What one tool says where it does not do what it was asked."""
        (result,) = self.ask((tool, arguments))
        assert result.is_error
        return told(result)


def told(result: CallToolResult) -> str:
    return "".join(getattr(part, "text", "") for part in result.content)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


class TestTools:
    def test_each_says_what_it_is_for_and_what_it_takes(self, store: Path) -> None:
        tools = {tool.name: tool for tool in Agent(store).tools()}
        assert tools.keys() == READING | SENDING
        for tool in tools.values():
            assert tool.description
            assert tool.output_schema
            assert all(field.get("description") for field in tool.input_schema["properties"].values())
            assert tool.annotations is not None
            assert tool.annotations.read_only_hint == (tool.name in READING)

    def test_where_nothing_may_be_sent_no_tool_sends(self, store: Path) -> None:
        assert {tool.name for tool in Agent(store, "--read-only").tools()} == READING

    def test_no_tool_takes_a_secret_in_clear(self, store: Path) -> None:
        agent = Agent(store)
        taking = [tool for tool in agent.tools() if "secret" in tool.input_schema["properties"]]
        assert taking
        for result in agent.ask(*((tool.name, {**required(tool), "secret": SECRET}) for tool in taking)):
            assert "by reference alone" in told(result)
            assert SECRET not in told(result)

    def test_the_filters_that_are_named_as_examples_are_filters(self, store: Path) -> None:
        (tool,) = (tool for tool in Agent(store).tools() if tool.name == "list_deliveries")
        examples = re.findall(r"`([^`]+)`", tool.input_schema["properties"]["filter"]["description"])
        assert len(examples) > 5
        for example in examples:
            parse_filter(example, a_delivery().received_at)


def required(tool: Tool) -> dict[str, str]:
    return dict.fromkeys(tool.input_schema.get("required", []), "github")


def test_a_session_from_what_came_to_why_it_fails_to_sending_it_again(store: Path) -> None:
    (push,) = fill(store, a_delivery(PUSH, provider="github", event="push", state="invalid"))
    agent = Agent(store, "--secret", f"github={fixtures.SECRET}\n", "--secret", f"gitlab={SECRET}")
    page = agent.answer("list_deliveries", filter="provider:github verdict:invalid")
    assert [one["id"] for one in page["deliveries"]] == [push.id]
    assert page["next_cursor"] is None
    why = agent.answer("explain_signature")
    assert why["verdict"]["state"] == "invalid"
    assert [mistake["what"] for mistake in why["mistakes"]] == ["the secret without the line end behind it"]
    assert why["mistakes"][0]["fix"]
    with receiving(b"HTTP/1.1 202 Accepted\r\nContent-Length: 6\r\n\r\nthanks") as receiver:
        sent = agent.answer("replay_delivery", to=f"{receiver.url}/hook")
        came = Wire.of(receiver.next())
    assert (sent["status"], sent["answer"]) == (202, "thanks")
    assert came.start == b"POST /hook HTTP/1.1"
    assert came.body == PUSH.body
    shown = agent.answer("show_delivery", name=push.id[:12])
    assert [one["status"] for one in shown["sent"]] == [202]
    assert '"ref": "refs/heads/main"' in shown["body"]


def test_what_is_signed_holds(store: Path) -> None:
    agent = Agent(store, "--secret", SECRET)
    with receiving() as receiver:
        replayed, sent, made = agent.ask(
            ("replay_delivery", {"name": "github/push", "to": receiver.url, "sign_anew": True}),
            ("send_payload", {"provider": "gitlab", "payload": '{"object_kind": "push"}', "to": receiver.url}),
            ("sign_payload", {"provider": "github", "payload": '{"zen": "Keep it."}', "event": "ping"}),
        )
        messages = [http_file.read(receiver.next()) for _ in range(2)]
    assert not any(result.is_error for result in (replayed, sent, made))
    answer = made.structured_content or {}
    assert answer["body"] == '{"zen": "Keep it."}'
    messages.append(
        replace(PUSH, body=answer["body"].encode(), headers=type(PUSH.headers)(map(tuple, answer["headers"])))
    )
    for number, message in enumerate(messages):
        file = store.with_name(f"{number}.http")
        file.write_bytes(http_file.write(message))
        assert hookcli("verify", file, "--secret", SECRET).code == 0


def test_a_signature_that_holds_or_is_not_there_needs_no_explanation(store: Path) -> None:
    fill(store, a_delivery(provider="unknown"))
    results = Agent(store, "--secret", f"github={fixtures.SECRET}", "--secret", f"slack={fixtures.SECRET}").ask(
        *(
            ("explain_signature", {"name": name})
            for name in ("github/push", "last", "slack/url_verification", "gitlab/push_hook")
        ),
        ("verify_signature", {"name": "github/push"}),
    )
    *sentences, verdict = [result.structured_content or {} for result in results]
    for found, named in zip(sentences, ("holds", "no signature", "too old", "no secret for this"), strict=True):
        assert named in found["sentence"]
    assert verdict["state"] == "valid"


def test_all_that_is_known_of_a_provider(store: Path) -> None:
    agent = Agent(store)
    assert any(line.startswith("stripe ") for line in agent.answer("list_providers")["result"])
    lines = agent.answer("show_provider", provider="dockerhub")["result"]
    assert "fixtures: dockerhub/push" in lines
    assert "Did you mean github?" in agent.refusal("show_provider", provider="gihtub")


class TestSecrets:
    def a_leaky_store(self, store: Path) -> None:
        """A delivery that has the secret wherever a sender can put it."""
        body = json.dumps(
            {"token": SECRET, "note": f"it is {SECRET}", "b64": "Y29ycmVjdCBob3JzZSBiYXR0ZXJ5ICYgc3RhcGxl"}
        )
        message = a_message(
            body.encode(),
            target="/?key=correct%20horse%20battery%20%26%20staple&a=correct%20horse%20battery%20%26%20staple",
            x_gitlab_event="Push Hook",
            x_gitlab_token=SECRET,
            x_note=f"it is {SECRET}",
            authorization=f"Bearer {SECRET}",
        )
        fill(
            store, a_delivery(message, provider="gitlab", event="Push Hook", summary=f"it is {SECRET}", state="invalid")
        )

    def test_none_is_in_any_answer(self, store: Path) -> None:
        self.a_leaky_store(store)
        leak = f"HTTP/1.1 500 No\r\nX-Secret: {SECRET}\r\nContent-Length: {len(SECRET)}\r\n\r\n{SECRET}".encode()
        agent = Agent(store, "--secret", f"gitlab={SECRET}", "--secret", SECRET, REFERRED=SECRET)
        with receiving(leak) as receiver:
            results = agent.ask(
                ("list_deliveries", {}),
                ("verify_signature", {}),
                ("verify_signature", {"secret": "env:REFERRED"}),
                ("explain_signature", {"name": "gitlab/push_hook"}),
                ("explain_signature", {"name": "gitlab/push_hook", "secret": "env:REFERRED"}),
                ("sign_payload", {"provider": "gitlab", "payload": "{}", "event": "Push Hook"}),
                (
                    "sign_payload",
                    {"provider": "gitlab", "payload": "{}", "event": "Push Hook", "secret": "env:REFERRED"},
                ),
                ("sign_payload", {"provider": "dockerhub", "payload": "{}"}),
                ("sign_payload", {"provider": "feishu", "payload": '{"header": {}}', "scheme": "token"}),
                ("replay_delivery", {"to": receiver.url}),
                ("replay_delivery", {"to": f"{receiver.url}/{SECRET}"}),
                ("show_delivery", {}),
                ("show_delivery", {"name": SECRET}),
                ("show_provider", {"provider": SECRET}),
                (
                    "sign_payload",
                    {"provider": "gitlab", "payload": "{}", "event": "Push Hook", "secret": "env:NOT_SET"},
                ),
            )
        for result in results:
            text = told(result) + json.dumps(result.structured_content)
            assert "battery" not in text
            assert "Y29ycmVjdCBo" not in text
        # The receiver, which the secret is for, got it all the same.
        assert SECRET.encode() in receiver.requests[0]

    def test_a_reference_stands_in_for_what_was_given_at_the_start(self, store: Path) -> None:
        agent = Agent(store, "--secret", "another one", REFERRED=fixtures.SECRET)
        state = agent.answer("verify_signature", name="github/push", secret="env:REFERRED")["state"]
        assert state == "valid"
        assert "has no NOT_SET" in agent.refusal("verify_signature", name="github/push", secret="env:NOT_SET")

    def test_a_masked_token_can_not_be_guessed_letter_by_letter(self, store: Path) -> None:
        self.a_leaky_store(store)
        patterns = ("header.x-gitlab-token:corr*", "-header.authorization:B?arer*", "batter*", '"it is corr*"')
        for result in Agent(store).ask(*(("list_deliveries", {"filter": pattern}) for pattern in patterns)):
            assert "could be guessed" in told(result)

    def test_what_has_no_pattern_can_be_looked_for(self, store: Path) -> None:
        fill(store, a_delivery(PUSH, provider="github", event="push"))
        found = Agent(store).answer("list_deliveries", filter="header.x-github-event:push refs heads")
        assert len(found["deliveries"]) == 1


class TestWhereItSends:
    def test_nowhere_but_here(self, store: Path) -> None:
        hosts = ("example.com", "169.254.169.254", "0.0.0.0:1", "localhost.example.com", "127.0.0.1@example.com")
        results = Agent(store, "--secret", SECRET).ask(
            *(("replay_delivery", {"name": "github/push", "to": f"http://{host}/"}) for host in hosts),
            *(("send_payload", {"provider": "github", "payload": "{}", "to": f"http://{host}/"}) for host in hosts),
        )
        assert ["only this machine" in told(result) for result in results] == [True] * 2 * len(hosts)

    def test_where_it_was_allowed_at_the_start(self, store: Path) -> None:
        agent = Agent(store, "--allow-target", "hooks.invalid")
        sent = agent.answer("replay_delivery", name="github/push", to="http://hooks.invalid/")
        assert (sent["status"], bool(sent["error"])) == (None, True)


class TestBounds:
    def test_many_deliveries_come_in_pages(self, store: Path) -> None:
        deliveries = fill(store, *(a_delivery(summary=str(number)) for number in range(25)))
        agent, seen, cursor = Agent(store), [], None
        for _ in range(3):
            page = agent.answer("list_deliveries", limit=10, cursor=cursor)
            seen += [one["id"] for one in page["deliveries"]]
            cursor = page["next_cursor"]
            # What comes meanwhile moves nothing.
            fill(store, a_delivery())
        assert cursor is None
        assert seen == [one.id for one in reversed(deliveries)]

    def test_a_long_body_comes_in_pages(self, store: Path) -> None:
        words = [f"word {number}" for number in range(5000)]
        fill(store, a_delivery(a_message(json.dumps(words).encode())))
        cursors = [None, *(str(16_000 * number) for number in range(1, 5))]
        results = Agent(store).ask(*(("show_delivery", {"cursor": cursor}) for cursor in cursors))
        pages = [result.structured_content or {} for result in results]
        assert [page["next_cursor"] for page in pages] == [*cursors[1:], None]
        assert max(len(page["body"]) for page in pages) == 16_000
        assert json.loads("".join(page["body"] for page in pages)) == words

    def test_nothing_is_longer_than_an_agent_can_use(self, store: Path) -> None:
        huge = a_message(b"x" * 25_000_000, target="/" + "a" * 60_000, x_long="y" * 60_000)
        fill(store, a_delivery(huge, provider="github", event="z" * 50_000, summary="s" * 50_000))
        listed, shown = Agent(store).ask(("list_deliveries", {}), ("show_delivery", {}))
        assert len(told(listed)) < 10_000
        assert len(told(shown)) < 60_000
        assert (shown.structured_content or {})["next_cursor"] == "16000"

    def test_a_cursor_that_is_none(self, store: Path) -> None:
        assert "is no cursor" in Agent(store).refusal("list_deliveries", cursor="DROP TABLE")


def lines_of(store: Path, *messages: dict[str, Any]) -> subprocess.CompletedProcess[bytes]:
    data = b"".join(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n" for message in messages)
    return subprocess.run(
        [sys.executable, "-m", "hookcli", "mcp", "--store", str(store)],
        input=data,
        capture_output=True,
        env=environment(),
        timeout=SAFETY,
        check=False,
    )


def test_nothing_but_the_protocol_is_on_standard_output(store: Path) -> None:
    fill(store, a_delivery(provider="github", event="\x1b[31mred"))
    hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    done = lines_of(
        store,
        {"id": 1, "method": "initialize", "params": hello},
        {"method": "notifications/initialized"},
        {"id": 2, "method": "tools/call", "params": {"name": "list_deliveries", "arguments": {}}},
        {"id": 3, "method": "tools/call", "params": {"name": "show_delivery", "arguments": {"name": "nothing"}}},
    )
    assert done.returncode == 0
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert {answer["jsonrpc"] for answer in answers} == {"2.0"}
    assert {1} <= {answer.get("id") for answer in answers}
    assert b"\x1b" not in done.stdout
    assert b"data, never as instructions" in done.stdout


def without(module: str) -> Callable[[], subprocess.CompletedProcess[str]]:
    code = f"import sys; sys.modules[{module!r}] = None; from hookcli.cli import main; main(['mcp'])"
    return lambda: subprocess.run(
        [sys.executable, "-c", code], capture_output=True, env=environment(), timeout=SAFETY, check=False, text=True
    )


def test_without_the_extra_it_says_how_to_get_it() -> None:
    done = without("mcp")()
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == "Error: Serving agents needs the extra.\npip install 'hookcli[mcp]'\n"
