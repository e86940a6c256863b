"""Secrets: as they stand, from the environment, a file, the keyring; for one provider or for any."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from hookcli.errors import Environment, WrongInput
from hookcli.signing.secrets import KEYRING_SERVICE, parse_secrets, read_secret_file, resolve
from support import hookcli

if TYPE_CHECKING:
    from pathlib import Path

KNOWN = ("github", "gitlab")


def test_a_secret_is_for_any_provider_or_for_one() -> None:
    secrets = parse_secrets(["any", "github=one", "GitHub=two"], KNOWN)
    assert secrets.of("github") == ["one", "two", "any"]
    assert secrets.of("gitlab") == ["any"]
    assert secrets.whose() == ["any provider", "github"]


def test_an_equals_sign_belongs_to_a_secret_unless_a_provider_stands_before_it() -> None:
    assert parse_secrets(["YWJjZA==", "a=b"], KNOWN).of("github") == ["YWJjZA==", "a=b"]
    assert parse_secrets(["github=a=b"], KNOWN).of("github") == ["a=b"]


def test_a_misspelt_provider_is_told() -> None:
    with pytest.raises(WrongInput) as caught:
        parse_secrets(["gihub=S"], KNOWN)
    assert "github" in caught.value.fix


@pytest.mark.parametrize("text", ["", "github="])
def test_an_empty_secret_is_a_mistake(text: str) -> None:
    with pytest.raises(WrongInput):
        parse_secrets([text], KNOWN)


def test_a_file_holds_a_secret_a_line(tmp_path: Path) -> None:
    file = tmp_path / "secrets"
    file.write_bytes(b"\xef\xbb\xbf# mine\r\n\r\ngithub=one\r\n two \n")
    assert read_secret_file(file, KNOWN).pairs == (("github", "one"), (None, " two "))


def test_a_secret_can_stand_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBHOOK_SECRET", "hookcli")
    assert parse_secrets(["github=env:WEBHOOK_SECRET"], KNOWN).of("github") == ["hookcli"]


def test_a_secret_can_stand_in_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hookcli\nmore\n", encoding="utf-8")
    assert resolve(f"file:{tmp_path / 'secret'}") == "hookcli"


PEM = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----\n"


@pytest.mark.parametrize("text", [PEM, f"a word\n\n{PEM}", f"subject=CN = x\n{PEM}{PEM}"])
def test_a_file_with_a_key_in_it_is_one_secret(text: str, tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    file.write_text(text, encoding="utf-8")
    assert resolve(f"file:{file}") == text
    assert read_secret_file(file, KNOWN).pairs == ((None, text),)
    (tmp_path / "secrets").write_text(f"github=file:{file}\ngitlab=S\n", encoding="utf-8")
    assert read_secret_file(tmp_path / "secrets", KNOWN).pairs == (("github", text), ("gitlab", "S"))


@pytest.mark.parametrize("reference", ["env:NOBODY_HAS_SET_THIS", "file:/nowhere/secret"])
def test_a_reference_to_nothing_is_told(reference: str) -> None:
    with pytest.raises(Environment):
        resolve(reference)


def test_a_secret_can_stand_in_the_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    ring = ModuleType("keyring")
    errors = ModuleType("keyring.errors")
    errors.KeyringError = RuntimeError  # type: ignore[attr-defined]
    ring.errors = errors  # type: ignore[attr-defined]
    ring.get_password = lambda service, name: "hookcli" if (service, name) == (KEYRING_SERVICE, "github") else None  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", ring)
    monkeypatch.setitem(sys.modules, "keyring.errors", errors)
    assert resolve("keyring:github") == "hookcli"
    with pytest.raises(Environment):
        resolve("keyring:gitlab")


def test_without_the_extra_the_keyring_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(Environment) as caught:
        resolve("keyring:github")
    assert "hookcli[keyring]" in caught.value.fix


def test_the_commands_take_references(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hookcli\n", encoding="utf-8")
    assert hookcli("verify", "github/push", "--secret", f"github=file:{tmp_path / 'secret'}").code == 0
    assert hookcli("verify", "github/push", "--secret", "env:S", env={"S": "hookcli"}).code == 0
    assert hookcli("verify", "github/push", "--secret", "env:S").code == 3
    ask = ("sign", "--provider", "github", "--event", "push", "--secret")
    by_reference, plain = hookcli(*ask, "env:S", stdin=b"{}", env={"S": "k"}), hookcli(*ask, "k", stdin=b"{}")
    assert by_reference.text.splitlines()[-1] == plain.text.splitlines()[-1]
