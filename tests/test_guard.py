"""Guards: what is not valid, or comes from elsewhere, is refused and stored all the same."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hookcli import fixtures
from hookcli.delivery import Headers, Verdict
from hookcli.errors import WrongInput
from hookcli.formats import http_file
from hookcli.listen.guard import Guard, networks
from hookcli.providers.registry import providers
from support import a_message, hookcli, listening, post

if TYPE_CHECKING:
    from pathlib import Path

PUSH = http_file.read(fixtures.load("github/push"))
VALID, UNSIGNED = Verdict(state="valid"), Verdict(state="unsigned")


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def test_what_is_not_valid_is_answered_401_and_stored(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    with listening(store, "--secret", "hookcli", "--require-valid") as listener:
        assert status(post(listener.port, PUSH)) == 200
        assert status(post(listener.port, replace(PUSH, body=PUSH.body.replace(b"main", b"mian")))) == 401
        assert status(post(listener.port, a_message())) == 401
        listener.stop()
    unsigned, invalid, valid = hookcli("list", "--json", "--store", store).records
    assert (valid["status"], invalid["status"], unsigned["status"]) == (200, 401, 401)
    assert invalid["summary"].startswith("refused, invalid: ada pushed")
    assert unsigned["verdict"]["state"] == "unsigned"


def test_a_handshake_is_answered_before_there_is_a_signature(tmp_path: Path) -> None:
    asked = a_message(method="OPTIONS", webhook_request_origin="example.com")
    with listening(tmp_path / "store.db", "--require-valid") as listener:
        assert status(post(listener.port, asked)) == 200


def test_what_comes_from_elsewhere_is_answered_403_and_stored(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    with listening(store, "--allow-from", "192.0.2.0/24") as listener:
        assert status(post(listener.port, PUSH)) == 403
        listener.stop()
    (record,) = hookcli("list", "--json", "--store", store).records
    assert record["status"] == 403
    assert record["summary"].startswith("refused, it came from 127.0.0.1")


def test_the_sender_is_the_one_that_the_trusted_proxy_saw(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    with listening(store, "--allow-from", "192.0.2.7", "--trust-proxy", "1") as listener:
        assert status(post(listener.port, a_message(x_forwarded_for="198.51.100.1, 192.0.2.7"))) == 200
        # Whatever stands before what the proxy added is the sender's own word.
        assert status(post(listener.port, a_message(x_forwarded_for="192.0.2.7, 198.51.100.1"))) == 403
        listener.stop()
    refused, taken = hookcli("list", "--json", "--store", store).records
    assert (taken["remote"], refused["remote"]) == ("192.0.2.7", "198.51.100.1")


@pytest.mark.parametrize(
    ("proxies", "expected"), [(0, "203.0.113.9"), (1, "10.0.0.2"), (2, "10.0.0.1"), (3, "203.0.113.9")]
)
def test_as_many_proxies_are_trusted_as_are_said(proxies: int, expected: str) -> None:
    headers = Headers([("X-Forwarded-For", "10.0.0.1"), ("x-forwarded-for", "10.0.0.2")])
    assert Guard(proxies=proxies).sender(headers, "203.0.113.9") == expected


@pytest.mark.parametrize(
    ("sender", "taken"),
    [("192.0.2.8", True), ("::ffff:192.0.2.8", True), ("192.0.3.1", False), ("2001:db8::1%eth0", True), ("x", False)],
)
def test_addresses_of_both_kinds_are_compared(sender: str, taken: bool) -> None:  # noqa: FBT001 (a parameter)
    guard = Guard(networks=networks(["192.0.2.0/24", "2001:db8::/32"], {}))
    assert (guard.refusal(sender, UNSIGNED) is None) == taken


def test_a_provider_stands_for_its_networks() -> None:
    guard = Guard(networks=networks(["coding"], providers()))
    assert guard.refusal("81.69.101.5", VALID) is None
    assert guard.refusal("127.0.0.1", VALID) is not None


@pytest.mark.parametrize("word", ["github", "nobody", "192.0.2.0/99"])
def test_a_word_that_is_no_network_is_a_mistake(word: str) -> None:
    with pytest.raises(WrongInput):
        networks([word], providers())


def test_the_command_says_so_too() -> None:
    result = hookcli("listen", "--allow-from", "nobody")
    assert result.code == 2
    assert "nobody" in result.err
