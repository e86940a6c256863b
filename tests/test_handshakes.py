"""Handshakes are answered as each provider wants it, stored, and shown as such."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from hookcli.delivery import Headers, Message
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
