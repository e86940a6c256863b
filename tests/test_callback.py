"""Telling a provider how it went: in its own words, at a URL of its own alone, and with the outcome on record."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hookcli import fixtures
from hookcli.errors import WrongInput
from hookcli.formats import http_file
from hookcli.providers.callback import doubt, message
from hookcli.providers.registry import provider
from support import Wire, a_delivery, fill, hookcli, listening, post, receiving

if TYPE_CHECKING:
    from pathlib import Path

    from hookcli.delivery import Delivery

PUSH = http_file.read(fixtures.load("dockerhub/push"))
OWN = "https://registry.hub.docker.com/u/hookcli/demo/hook/2ej1b4c0hf5ga3d9i8e27jb60cf4a1d35/"
CALLBACK = provider("dockerhub").callback
HOSTS = ("hub.docker.com",)


def a_push(url: str | None) -> Delivery:
    """A push on Docker Hub that wants to be told here how it went."""
    payload = json.loads(PUSH.body)
    del payload["callback_url"]
    body = json.dumps({**payload, "callback_url": url} if url is not None else payload).encode()
    return a_delivery(replace(PUSH, body=body), provider="dockerhub", event="push")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


class TestWhomItTrusts:
    @pytest.mark.parametrize("url", [OWN, "https://hub.docker.com/u/x", "https://HUB.docker.com:443/", OWN + "?a=1"])
    def test_the_providers_own_hosts_by_https(self, url: str) -> None:
        assert doubt(url, HOSTS) is None

    @pytest.mark.parametrize(
        ("url", "why"),
        [
            ("http://registry.hub.docker.com/u/x", "it is not https"),
            ("https://hub.docker.com:8443/", "it names the port 8443"),
            ("https://hub.docker.com.example.com/", "its host is hub.docker.com.example.com"),
            ("https://evilhub.docker.com/", "its host is evilhub.docker.com"),
            ("https://docker.com/", "its host is docker.com"),
            ("https://169.254.169.254/latest/meta-data", "its host is 169.254.169.254"),
            ("https://[::1]/", "its host is [::1]"),
            ("https://hub.docker.com./", "its host is hub.docker.com."),
            ("https://hub.docker.com@example.com/", "it has a user name in it"),
            ("https://example.com\\@hub.docker.com/", "it has a user name in it"),
            ("https://example.com\\.hub.docker.com/", "its host is example.com\\.hub.docker.com"),
            ("https://example.com%2f.hub.docker.com/", "its host is example.com%2f.hub.docker.com"),
            ("https://hub.docker.com/\r\nX-Evil: 1", "it is no http or https URL"),
            ("https://hub。docker.com/", "it is no http or https URL"),
            ("ftp://hub.docker.com/", "it is no http or https URL"),
            ("//hub.docker.com/", "it is no http or https URL"),
            ("file:///etc/passwd", "it is no http or https URL"),
            ("https://hub.docker.com:0x1bb/", "it is no URL"),
            ("https://[hub.docker.com/", "it is no URL"),
            ("", "it is no http or https URL"),
        ],
    )
    def test_nothing_else(self, url: str, why: str) -> None:
        assert doubt(url, HOSTS) == why

    @given(st.text(st.sampled_from("hub.docker.com@:/\\#?[]%ex.py \t"), max_size=30), st.text(max_size=10))
    def test_whatever_is_before_and_behind_the_host(self, before: str, behind: str) -> None:
        """A URL is trusted only where it is the host, or ends in it behind a dot, by any reading."""
        url = f"https://{before}hub.docker.com{behind}"
        if doubt(url, HOSTS) is None:
            assert set(before) <= set("hub.docker.comexpy-")
            assert before == "" or before.endswith(".")
            assert behind == "" or behind.startswith((":443", "/", "?", "#")) or behind == ":"

    def test_a_host_that_the_person_names_just_as_it_stands(self) -> None:
        url = "http://127.0.0.1:9000/hook"
        assert doubt(url, HOSTS, ["127.0.0.1:9000"]) is None
        assert doubt(url, HOSTS, ["127.0.0.1"]) == "its host is 127.0.0.1:9000"
        assert doubt("https://x.example.com/", HOSTS, ["example.com"]) == "its host is x.example.com"
        assert doubt("http://me@127.0.0.1:9000/", HOSTS, ["me@127.0.0.1:9000"]) == "it has a user name in it"


def test_the_words_are_the_providers_and_not_longer_than_it_takes() -> None:
    assert CALLBACK is not None
    assert json.loads(message(CALLBACK, {"state": "error"}).body) == {"state": "error"}
    with pytest.raises(WrongInput, match="'done' is no state"):
        message(CALLBACK, {"state": "done"})
    message(CALLBACK, {"state": "success", "description": "x" * 255, "context": "x" * 100})
    with pytest.raises(WrongInput, match="The context has 101 characters; 100 are allowed"):
        message(CALLBACK, {"state": "success", "context": "x" * 101})


def test_it_is_sent_answered_and_kept(store: Path) -> None:
    words = ("--description", "387 tests {state}", "--context", "CI", "--target-url", "https://ci.example.com/7")
    with receiving(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood") as receiver:
        (push,) = fill(store, a_push(f"{receiver.url}/u/x/hook/1/"))
        result = hookcli(
            "callback", "last", "success", *words, "--allow-host", f"127.0.0.1:{receiver.port}", "--store", store
        )
        came = Wire.of(receiver.next())
    assert (result.code, result.err) == (0, "")
    assert result.text.splitlines()[0].startswith(f"  → callback {receiver.url}/u/x/hook/1/  ✓ 200")
    assert result.text.splitlines()[1] == "  good"
    assert came.start == b"POST /u/x/hook/1/ HTTP/1.1"
    assert came.all(b"content-type") == [b"application/json"]
    assert json.loads(came.body) == {
        "state": "success",
        "description": "387 tests {state}",
        "context": "CI",
        "target_url": "https://ci.example.com/7",
    }
    shown = hookcli("show", push.id, "--store", store).text
    assert f"→ callback {receiver.url}/u/x/hook/1/  ✓ 200" in shown
    assert "asks how it went" not in shown


def test_what_is_not_taken_is_said_with_what_docker_says_of_it(store: Path) -> None:
    with receiving(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n") as receiver:
        fill(store, a_push(f"{receiver.url}/"))
        result = hookcli(
            "callback", "last", "error", "--json", "--allow-host", f"127.0.0.1:{receiver.port}", "--store", store
        )
    (record,) = result.records
    assert (result.code, record["status"], record["state"]) == (1, 404, "error")
    assert "a legacy field that Docker no longer supports" in result.err


def test_a_redirect_is_not_followed(store: Path) -> None:
    with receiving() as elsewhere:
        moved = f"HTTP/1.1 307 Moved\r\nLocation: {elsewhere.url}/\r\nContent-Length: 0\r\n\r\n".encode()
        with receiving(moved) as receiver:
            fill(store, a_push(f"{receiver.url}/"))
            result = hookcli(
                "callback", "last", "success", "--allow-host", f"127.0.0.1:{receiver.port}", "--store", store
            )
        assert result.code == 1
        assert f"It points to {elsewhere.url}/: redirects are not followed." in result.err
        assert not elsewhere.requests


def test_nothing_is_sent_elsewhere(store: Path) -> None:
    with receiving() as receiver:
        fill(store, a_push(f"{receiver.url}/"))
        result = hookcli("callback", "last", "success", "--store", store)
        assert not receiver.requests
    assert result.code == 2
    assert f"Nothing is sent to {receiver.url}/: its host is 127.0.0.1:{receiver.port}." in result.err
    assert f"If you trust this one: --allow-host 127.0.0.1:{receiver.port}" in result.err


def test_a_dry_run_shows_it_and_sends_nothing(store: Path) -> None:
    fill(store, a_push(OWN))
    result = hookcli("callback", "last", "failure", "--dry-run", "--store", store)
    assert result.code == 0
    assert result.text.splitlines()[0] == f"→ {OWN}"
    assert "Host: registry.hub.docker.com" in result.text
    assert '"state": "failure"' in result.text
    assert "→ callback" not in hookcli("show", "last", "--store", store).text


@pytest.mark.parametrize(
    ("delivery", "told"),
    [
        (a_push(None), "names no URL to call back"),
        (a_push("https://hub.docker.com\x1b[31m/"), "Nothing is sent to https://hub.docker.com␛[31m/"),
        (a_delivery(provider="github"), "GitHub has no callback to tell how it went."),
    ],
    ids=["no URL", "a URL that a terminal would obey", "no callback"],
)
def test_what_can_not_be_told(delivery: Delivery, told: str, store: Path) -> None:
    fill(store, delivery)
    result = hookcli("callback", "last", "success", "--store", store)
    assert result.code == 2
    assert told in result.err


def test_who_can_be_told_is_shown(store: Path) -> None:
    with listening(store, "--count", "2") as listener:
        post(listener.port, PUSH)
        post(listener.port, PUSH)
        shown = listener.ended().text
    hint = "asks how it went: hookcli callback "
    assert shown.count(hint) == 1
    assert hint in hookcli("show", "last", "--store", store).text
    detail = hookcli("providers", "dockerhub").text
    assert "success, failure, error can be told at body callback_url" in detail
    assert "only by https, to hub.docker.com and the hosts below" in detail
    (record,) = hookcli("providers", "dockerhub", "--json").records
    assert record["callback"]["hosts"] == ["hub.docker.com"]
