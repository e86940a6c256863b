"""Providers out of the configuration file: the same declarations as hookcli's own, in TOML."""

from __future__ import annotations

import tomllib
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

import pytest
import tomli_w

from hookcli.providers.declared import SCHEMES, read
from hookcli.providers.registry import known_by_code
from hookcli.providers.sound import all_mistakes
from support import a_message, hookcli, listening, post

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hookcli.providers.spec import Provider

KNOWN = known_by_code()

ACME = """\
[secrets]
acme = "k"
[provider.acme]
title = "Acme & Co"
identify = "header:X-Acme-Event"
event = "header:X-Acme-Event"
action = "body:action"
delivery_id = ["header:X-Acme-Id"]
sends = {Content-Type = "application/json", X-Acme-Event = "{event}", X-Acme-Id = "{id}"}
infer = [["body:order", "order.created"]]
sensitive = ["body:order.pin"]
networks = ["127.0.0.0/8"]
events = ["ping", {name = "order.created", title = "An order was placed"}]
ping = "header:X-Acme-Event=ping"
summary = {"order.created" = "order {order.id} placed", "*" = ["{nowhere}", "{@event!words}"]}
handshake = {when = "query:challenge", body = "{query:challenge}"}
[[provider.acme.signatures]]
scheme = "hmac"
at = "header:X-Acme-Signature"
signed = "{timestamp}.{body}"
timestamp = "header:X-Acme-Time"
tolerance = 300
[[provider.acme.signatures]]
scheme = "token"
at = "header:X-Acme-Key"
default = false
"""


@pytest.fixture
def acme(tmp_path: Path) -> dict[str, str]:
    """An environment whose configuration declares Acme."""
    return saying(tmp_path, ACME)


def saying(folder: Path, text: str) -> dict[str, str]:
    path = folder / "acme.toml"
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    return {"HOOKCLI_CONFIG": str(path)}


def as_data(value: Any) -> Any:
    """A declaration as what TOML can hold: all of its fields but code, and those that are empty."""
    if is_dataclass(value):
        words = {one.name: as_data(getattr(value, one.name)) for one in fields(value) if one.init}
        kept = {name: part for name, part in words.items() if part is not None and name != "carries"}
        for word, (kind, preset) in SCHEMES.items():
            if type(value) is kind and all(kept[name] == told for name, told in preset.items()):
                return {"scheme": word, **{name: part for name, part in kept.items() if name not in preset}}
        return kept
    if isinstance(value, tuple):
        return [as_data(part) for part in value]
    return {name: as_data(part) for name, part in value.items()} if isinstance(value, dict) else value


def content(provider: Provider) -> Mapping[str, Any]:
    return {one.name: getattr(provider, one.name) for one in fields(provider) if one.name != "carries"}


class TestForm:
    @pytest.mark.parametrize("name", KNOWN)
    def test_every_own_declaration_can_be_written_in_toml(self, name: str) -> None:
        table = {key: value for key, value in as_data(KNOWN[name]).items() if key != "id"}
        tables = tomllib.loads(tomli_w.dumps({"provider": {name: table}}))
        found, mistakes = read(tables, {}, KNOWN.keys())
        assert mistakes == []
        assert content(found[name]) == content(KNOWN[name])

    @pytest.mark.parametrize("name", KNOWN)
    def test_every_own_declaration_is_sound(self, name: str) -> None:
        assert all_mistakes(KNOWN[name], KNOWN.keys()) == []

    def test_what_is_left_out_has_a_default(self) -> None:
        found, mistakes = read({"provider": {"acme": {}}}, KNOWN)
        assert mistakes == []
        assert (found["acme"].title, found["acme"].docs, found["acme"].signatures) == ("acme", "", ())
        assert found["acme"].color.startswith("#")

    def test_a_known_one_is_amended(self) -> None:
        found, mistakes = read({"provider": {"gitlab": {"networks": ["192.0.2.0/24"]}}}, KNOWN)
        assert mistakes == []
        assert content(found["gitlab"]) == {**content(KNOWN["gitlab"]), "networks": ("192.0.2.0/24",)}

    @pytest.mark.parametrize("scheme", SCHEMES)
    def test_every_primitive_has_a_word(self, scheme: str) -> None:
        at = {} if scheme == "standard-webhooks" else {"at": "header:S"}
        found, mistakes = read({"provider": {"acme": {"signatures": [{"scheme": scheme, **at}]}}}, KNOWN)
        assert mistakes == []
        assert found["acme"].signatures[0].name == scheme

    def test_two_of_one_name_are_told_apart(self) -> None:
        signatures = [{"scheme": "hmac", "at": "header:A"}, {"scheme": "hmac", "at": "header:B"}]
        _, (mistake,) = read({"provider": {"acme": {"signatures": signatures}}}, KNOWN)
        assert mistake.key == ("provider", "acme", "signatures", 1)
        signatures[1]["name"] = "older"
        assert read({"provider": {"acme": {"signatures": signatures}}}, KNOWN)[1] == []


class TestInUse:
    def test_it_is_told_of_as_hookclis_own_are(self, acme: dict[str, str]) -> None:
        assert any("Acme & Co" in line for line in hookcli("providers", env=acme).text.splitlines())
        told = hookcli("providers", "acme", env=acme).text
        assert "An order was placed" in told
        assert "documented" not in told
        (record,) = hookcli("providers", "acme", "--json", env=acme).records
        assert record["signatures"][0]["signed"] == "{timestamp}.{body}"

    def test_what_it_signs_it_verifies_and_explains(self, acme: dict[str, str], tmp_path: Path) -> None:
        ask = ("sign", "--provider", "acme", "--format", "http")
        made = hookcli(*ask, stdin=b'{"order": {"id": 7}}', env=acme)
        assert b"X-Acme-Event: order.created\n" in made.out.replace(b"\r\n", b"\n")
        (tmp_path / "made.http").write_bytes(made.out)
        assert hookcli("verify", tmp_path / "made.http", env=acme).code == 0
        explained = hookcli("explain", tmp_path / "made.http", "--secret", "k ", env=acme)
        assert explained.code == 1
        assert "secret" in explained.text
        with_token = hookcli(
            "sign", "--provider", "acme", "--scheme", "token", "--event", "ping", stdin=b"{}", env=acme
        )
        assert "X-Acme-Key: k" in with_token.text

    def test_a_listener_knows_it_and_the_lists_mask_it(self, acme: dict[str, str], tmp_path: Path) -> None:
        store = tmp_path / "store"
        body = b'{"action": "x", "order": {"id": 7, "pin": "1234"}}'
        with listening(store, "--json", "--allow-from", "acme", env=acme) as listener:
            message = a_message(body, x_acme_event="order.created", x_acme_id="d1", x_acme_key="t0ken")
            assert post(listener.port, message).startswith(b"HTTP/1.1 200")
            came = listener.record()
            answer = post(listener.port, a_message(b"", target="/?challenge=c1", x_acme_event="ping"))
            assert answer.endswith(b"c1")
        assert (came["provider"], came["event"], came["action"], came["delivery_id"]) == (
            "acme",
            "order.created",
            "x",
            "d1",
        )
        assert (came["summary"], came["verdict"]["state"]) == ("order 7 placed", "invalid")
        listed = hookcli("list", "--provider", "acme", "--store", store, env=acme).text
        assert "order 7 placed" in listed
        shown = hookcli("show", "d1", "--store", store, env=acme).text
        assert "1234" not in shown
        assert "t0ken" not in shown

    def test_it_can_come_before_one_of_hookclis_own(self, tmp_path: Path) -> None:
        env = saying(tmp_path, '[provider.acme]\nidentify = "body:acme"\nsupersedes = ["github"]\n')
        with listening(tmp_path / "store", "--json", env=env) as listener:
            for body, whose in ((b'{"acme": 1}', "acme"), (b"{}", "github")):
                post(listener.port, a_message(body, x_github_event="push", content_type="application/json"))
                assert listener.record()["provider"] == whose

    def test_one_of_the_same_id_wins_over_hookclis_own(self, tmp_path: Path) -> None:
        text = '[[provider.github.signatures]]\nscheme = "token"\nat = "header:X-My-Token"\n'
        made = hookcli("sign", "--provider", "github", "--event", "push", "--secret", "S", env=saying(tmp_path, text))
        assert "X-My-Token: S" in made.text
        assert "X-GitHub-Event: push" in made.text
        assert "X-Hub-Signature" not in made.text

    def test_a_wrong_one_stops_what_would_ask_for_it(self, tmp_path: Path) -> None:
        env = saying(tmp_path, '[provider.acme]\nevnt = "header:A"\n[provider.b]\ntitle = 1\n')
        for words in (["providers"], ["verify", "github/push", "--secret", "hookcli"]):
            done = hookcli(*words, env=env)
            assert done.code == 2
            assert f"{env['HOOKCLI_CONFIG']}:2: [provider.acme] evnt: there is no such field." in done.err
            assert done.err.splitlines()[1] == "Did you mean event? `hookcli config check` tells all that is wrong."
