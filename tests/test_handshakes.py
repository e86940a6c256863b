"""Handshakes are answered as each provider wants it, stored, and shown as such."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from nacl.signing import SigningKey

from hookcli import fixtures
from hookcli.delivery import Headers, Message
from hookcli.formats import http_file
from support import hookcli, listening, post

if TYPE_CHECKING:
    from pathlib import Path

ASKED = Message(
    method="OPTIONS",
    headers=Headers(
        [
            ("Host", "localhost"),
            ("WebHook-Request-Origin", "eventemitter.example.com"),
            ("WebHook-Request-Rate", "120"),
        ]
    ),
)


def head(answer: bytes) -> dict[str, str]:
    lines = answer.partition(b"\r\n\r\n")[0].decode().split("\r\n")[1:]
    return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


def test_cloudevents_leave_to_send_is_given(tmp_path: Path) -> None:
    with listening(tmp_path / "store.db", "--status", "500") as listener:
        answer = post(listener.port, ASKED)
        assert answer.startswith(b"HTTP/1.1 200")
        assert head(answer)["webhook-allowed-origin"] == "eventemitter.example.com"
        assert head(answer)["webhook-allowed-rate"] == "120"
        listener.stop()
    (record,) = hookcli("list", "--json", "--store", tmp_path / "store.db").records
    assert record["provider"] == "cloudevents"
    assert record["summary"] == "handshake answered"
    assert record["status"] == 200


def test_without_a_rate_none_is_promised(tmp_path: Path) -> None:
    asked = Message(method="OPTIONS", headers=Headers([*list(ASKED.headers)[:2]]))
    with listening(tmp_path / "store.db") as listener:
        answer = head(post(listener.port, asked))
    assert "webhook-allowed-rate" not in answer


def test_no_handshake_leaves_it_to_the_reply(tmp_path: Path) -> None:
    with listening(tmp_path / "store.db", "--no-handshake", "--status", "202") as listener:
        answer = post(listener.port, ASKED)
    assert answer.startswith(b"HTTP/1.1 202")
    assert "webhook-allowed-origin" not in head(answer)


def test_a_value_can_not_break_out_of_a_header(tmp_path: Path) -> None:
    with listening(tmp_path / "store.db") as listener:
        answer = post(listener.port, Message(method="OPTIONS", target="/?a=%0d%0aX-Evil:1", headers=ASKED.headers))
    assert not re.search(rb"(?im)^x-evil", answer)


def test_a_handshake_is_stored_like_any_delivery(tmp_path: Path) -> None:
    with listening(tmp_path / "store.db", "--json", "--count", "1") as listener:
        post(listener.port, ASKED)
        (line,) = listener.ended().out.splitlines()
    assert json.loads(line)["method"] == "OPTIONS"


DISCORD_KEY = SigningKey(hashlib.sha256(fixtures.SECRET.encode()).digest()).verify_key.encode().hex()
PINGS = {
    "interactions": http_file.read(fixtures.load("discord/1")),
    "webhook events": http_file.read(fixtures.load("discord/0")),
}
ANSWERS = {"interactions": (b"HTTP/1.1 200", {"type": 1}), "webhook events": (b"HTTP/1.1 204", None)}


def badly_signed(message: Message) -> Message:
    return replace(message, headers=message.headers.with_header("X-Signature-Timestamp", "1"))


@pytest.mark.parametrize("name", PINGS)
@pytest.mark.parametrize("secrets", [(), ("--secret", f"discord={DISCORD_KEY}")], ids=["no key", "the public key"])
def test_each_of_discords_pings_gets_its_own_answer(name: str, secrets: tuple[str, ...], tmp_path: Path) -> None:
    with listening(tmp_path / "store.db", *secrets) as listener:
        answer = post(listener.port, PINGS[name])
    status, body = ANSWERS[name]
    assert answer.startswith(status)
    assert head(answer)["content-type"] == "application/json"
    sent = answer.partition(b"\r\n\r\n")[2]
    assert (json.loads(sent) if sent else None) == body


@pytest.mark.parametrize("name", PINGS)
def test_discords_trial_with_a_wrong_signature_gets_401(name: str, tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    with listening(store, "--secret", f"discord={DISCORD_KEY}") as listener:
        answer = post(listener.port, badly_signed(PINGS[name]))
        assert answer.startswith(b"HTTP/1.1 401")
        assert answer.endswith(b"\r\n\r\n")
        listener.stop()
    (record,) = hookcli("list", "--json", "--store", store).records
    assert (record["status"], record["verdict"]["state"], record["is_ping"]) == (401, "invalid", True)
    assert record["summary"].startswith("handshake refused: its signature is invalid")


def test_a_signed_handshake_is_held_to_what_the_listener_requires(tmp_path: Path) -> None:
    """Without the key nobody can tell a PING from a forged one; an unsigned handshake is answered all the same."""
    with listening(tmp_path / "store.db", "--require-valid") as listener:
        assert post(listener.port, PINGS["interactions"]).startswith(b"HTTP/1.1 401")
        assert post(listener.port, ASKED).startswith(b"HTTP/1.1 200")


def test_a_wrong_signature_is_no_reason_to_refuse_what_is_no_handshake(tmp_path: Path) -> None:
    command = http_file.read(fixtures.load("discord/2.roll"))
    with listening(tmp_path / "store.db", "--secret", f"discord={DISCORD_KEY}") as listener:
        assert post(listener.port, badly_signed(command)).startswith(b"HTTP/1.1 200")
