"""`hookcli verify`: a file, a fixture, a stored delivery; its verdict in words, as JSON and as an exit code."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from hookcli import fixtures
from hookcli.delivery import Message
from hookcli.formats import http_file
from hookcli.formats.record import line
from hookcli.providers.registry import providers
from hookcli.signing.sign import Occasion, signed
from support import a_delivery, a_message, fill, hookcli

if TYPE_CHECKING:
    from pathlib import Path

SECRET = ("--secret", "hookcli")
WHSEC = "whsec_aG9va2NsaSBob29rY2xpIGhvb2tjbGkgaG9va2NsaSA="
SIGNED_AT = datetime(2026, 5, 21, 14, 20, 12, tzinfo=UTC)
"""When the fixture gitlab/push_hook.signed was."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with two deliveries: GitHub's push, and GitLab's as it came a minute after it was signed."""
    path = tmp_path_factory.mktemp("kept") / "deliveries.db"
    github = http_file.read(fixtures.load("github/push"))
    gitlab = http_file.read(fixtures.load("gitlab/push_hook.signed"))
    fill(
        path,
        a_delivery(github, id="01KG9Z3V5Q0000000000000001", received_at=SIGNED_AT),
        a_delivery(gitlab, id="01KG9Z3V5Q0000000000000002", received_at=SIGNED_AT + timedelta(minutes=1)),
    )
    return path


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """A delivery whose body was changed."""
    file = tmp_path / "changed.http"
    file.write_bytes(fixtures.load("github/push").replace(b'"refs/heads/main"', b'"refs/heads/evil"'))
    return file


class TestWhatIsVerified:
    def test_a_fixture(self) -> None:
        result = hookcli("verify", "github/push", *SECRET)
        assert (result.code, result.err) == (0, "")
        assert result.text == "github/push  github push  ✓ valid  sha256 in X-Hub-Signature-256\n"

    def test_a_file(self, tmp_path: Path) -> None:
        file = tmp_path / "push.http"
        file.write_bytes(fixtures.load("gitee/push_hook"))
        result = hookcli("verify", file, *SECRET)
        assert (result.code, result.err) == (0, "")
        assert result.text.split(maxsplit=1)[0] == str(file)
        assert "✓ valid  password in X-Gitee-Token: it does not cover the body" in " ".join(result.text.split(" "))

    @pytest.mark.parametrize("name", ["01KG9Z3V5Q0000000000000001", "last~1"])
    def test_a_stored_delivery(self, store: Path, name: str) -> None:
        result = hookcli("verify", name, *SECRET, "--store", store)
        assert (result.code, result.err) == (0, "")
        assert result.text.startswith("01KG9Z3V5Q0000000000000001  github push  ✓ valid")

    def test_every_delivery_of_a_file_of_them(self, tmp_path: Path) -> None:
        file = tmp_path / "all.ndjson"
        kept = [a_delivery(http_file.read(fixtures.load(name))) for name in ("gogs/push", "bitbucket/repo_push")]
        file.write_text("".join(line(one, 200) + "\n" for one in kept), encoding="utf-8")
        result = hookcli("verify", file, *SECRET, "--json")
        assert result.code == 0
        assert [one["provider"] for one in result.records] == ["gogs", "bitbucket"]
        assert {one["verdict"]["state"] for one in result.records} == {"valid"}

    def test_all_of_a_providers_fixtures_at_once(self) -> None:
        forges = [f"{name}/" for name in ("github", "gitea", "forgejo", "gogs", "bitbucket", "coding", "dtr")]
        result = hookcli("verify", *forges, *SECRET)
        lines = result.text.splitlines()
        assert (result.code, result.err) == (0, "")
        assert len(lines) == sum(name.startswith(tuple(forges)) for name in fixtures.names())
        assert all("✓ valid" in one for one in lines)


class TestVerdicts:
    @pytest.mark.parametrize(
        ("arguments", "verdict"),
        [
            (
                ["github/push", *SECRET],
                {"state": "valid", "scheme": "sha256", "header": "X-Hub-Signature-256", "detail": None},
            ),
            (
                ["github/push", "--secret", "another"],
                {
                    "state": "invalid",
                    "scheme": "sha256",
                    "header": "X-Hub-Signature-256",
                    "detail": "another secret, or the body was changed on its way",
                },
            ),
            (
                ["github/push"],
                {
                    "state": "no secret",
                    "scheme": "sha256",
                    "header": "X-Hub-Signature-256",
                    "detail": "no secret is known to check it with",
                },
            ),
            (
                ["argo-events/calendar", *SECRET],
                {
                    "state": "unsigned",
                    "scheme": None,
                    "header": None,
                    "detail": "it carries no signature that this provider is known to make",
                },
            ),
            (
                ["gitlab/push_hook.signed", "--secret", WHSEC, "--at", "2026-05-21T14:30:12Z"],
                {
                    "state": "stale",
                    "scheme": "signing-token",
                    "header": "webhook-signature",
                    "detail": "signed 10 minutes before it arrived; 5 minutes are allowed",
                },
            ),
        ],
        ids=["valid", "invalid", "no secret", "unsigned", "stale"],
    )
    def test_as_json_and_exit_code(self, arguments: list[str], verdict: dict[str, str | None]) -> None:
        result = hookcli("verify", *arguments, "--json")
        assert (result.code, result.err) == (0 if verdict["state"] == "valid" else 1, "")
        assert result.records == [
            {"name": arguments[0], "provider": arguments[0].partition("/")[0], "verdict": verdict}
        ]

    def test_one_that_does_not_hold_is_enough_for_a_negative_result(self, changed: Path) -> None:
        result = hookcli("verify", "github/push", changed, "github/push.tag", *SECRET, "--json")
        assert result.code == 1
        assert [one["verdict"]["state"] for one in result.records] == ["valid", "invalid", "valid"]

    def test_in_words(self, changed: Path) -> None:
        result = hookcli("verify", changed, *SECRET, env={"COLUMNS": "200"})
        assert (result.code, result.err) == (1, "")
        assert "✗ invalid  sha256 in X-Hub-Signature-256: another secret, or the body was changed" in result.text


class TestTheMomentOfJudgement:
    SIGNED = ("gitlab/push_hook.signed", "--secret", WHSEC, "--json")

    def state(self, *arguments: str | Path) -> str:
        (record,) = hookcli("verify", *arguments).records
        state: str = record["verdict"]["state"]
        return state

    def test_a_stored_delivery_is_judged_by_when_it_came(self, store: Path) -> None:
        assert self.state("last", "--secret", WHSEC, "--json", "--store", store) == "valid"

    def test_a_file_is_judged_now(self, tmp_path: Path) -> None:
        declared = providers()["gitlab"]
        states = {}
        for name, age in (("fresh", 0), ("old", 3600)):
            occasion = Occasion(timestamp=datetime.now(UTC).timestamp() - age)
            message = signed(a_gitlab_push(), declared.signatures, WHSEC, occasion=occasion, delivery_id="1")
            file = tmp_path / f"{name}.http"
            file.write_bytes(http_file.write(message))
            states[name] = self.state(file, "--secret", WHSEC, "--json")
        assert states == {"fresh": "valid", "old": "stale"}

    @pytest.mark.parametrize(
        ("moment", "more", "state"),
        [
            ("2026-05-21T14:20:12Z", [], "valid"),
            ("2026-05-21T16:25:12+02:00", [], "valid"),
            ("2026-05-21T14:25:13Z", [], "stale"),
            ("2026-05-21T14:25:13Z", ["--tolerance", "10m"], "valid"),
            ("2026-05-21T14:20:14Z", ["--tolerance", "1s"], "stale"),
        ],
    )
    def test_another_moment_and_another_tolerance(self, moment: str, more: list[str], state: str) -> None:
        assert self.state(*self.SIGNED, "--at", moment, *more) == state


def a_gitlab_push() -> Message:
    return a_message(x_gitlab_event="Push Hook")


class TestSecrets:
    def test_several_of_which_one_holds(self) -> None:
        result = hookcli("verify", "github/push", "gitlab/push_hook", "--secret", "old", "--secret", "gitlab=hookcli")
        assert result.code == 1
        result = hookcli("verify", "github/push", "--secret", "old", "--secret", "github=older", *SECRET)
        assert result.code == 0

    def test_from_a_file_and_from_the_environment(self, tmp_path: Path) -> None:
        file = tmp_path / "secrets.txt"
        file.write_text(f"# mine\ngithub=hookcli\ngitlab={WHSEC}\n", encoding="utf-8")
        at = ("--at", SIGNED_AT.isoformat())
        assert hookcli("verify", "github/push", "gitlab/push_hook.signed", *at, "--secret-file", file).code == 0
        assert hookcli("verify", "github/push", env={"HOOKCLI_SECRET": "hookcli"}).code == 0
        assert hookcli("verify", "github/push", "--secret", "old", env={"HOOKCLI_SECRET": "hookcli"}).code == 1

    def test_the_secret_of_another_provider_is_not_tried(self) -> None:
        (record,) = hookcli("verify", "github/push", "--secret", "gitlab=hookcli", "--json").records
        assert record["verdict"]["state"] == "no secret"


def test_it_can_be_taken_for_another_providers(tmp_path: Path) -> None:
    # A relative of Gitea's that sends its signature alone.
    message = http_file.read(fixtures.load("gogs/push"))
    file = tmp_path / "own.http"
    bare = message.headers.without(["X-Gogs-Event", "X-Gogs-Delivery", "X-Github-Event", "X-Github-Delivery"])
    file.write_bytes(http_file.write(Message(headers=bare, body=message.body)))
    (record,) = hookcli("verify", file, *SECRET, "--json").records
    assert (record["provider"], record["verdict"]["state"]) == ("unknown", "unsigned")
    (record,) = hookcli("verify", file, *SECRET, "--provider", "Gogs", "--json").records
    assert (record["provider"], record["verdict"]["state"]) == ("gogs", "valid")


class TestMistakes:
    @pytest.mark.parametrize(
        ("arguments", "code", "told"),
        [
            ([], 2, "Missing argument 'FILE|ID...'"),
            (["github/pulling", *SECRET], 2, "There is no fixture 'github/pulling'."),
            (["nothing.http", *SECRET], 2, "There is no file nothing.http."),
            (["github/push", "--provider", "githup"], 2, "Did you mean github?"),
            (["github/push", "--secret", "githb=S"], 2, "Did you mean github=...?"),
            (["github/push", "--at", "tomorrow, at noon"], 2, "'tomorrow, at noon' is no time."),
            (["github/push", "--tolerance", "long"], 2, "'long' is no span of time."),
            (["github/push", "--secret-file", "/no/such/file"], 3, "/no/such/file can't be read"),
        ],
        ids=lambda value: " ".join(value) if isinstance(value, list) else "",
    )
    def test_it_says_what_to_do(self, tmp_path: Path, arguments: list[str], code: int, told: str) -> None:
        result = hookcli("verify", *arguments, "--store", tmp_path / "none.db")
        assert (result.code, result.text) == (code, "")
        assert told in result.err
        assert "Traceback" not in result.err

    def test_a_delivery_that_is_not_stored(self, store: Path) -> None:
        result = hookcli("verify", "01ZZZ", *SECRET, "--store", store)
        assert (result.code, result.text) == (2, "")
        assert "01ZZZ" in result.err

    @pytest.mark.parametrize("content", [b"POST / HTTP/1.1\nno header\n\n", b"\xff\xfe", b""])
    def test_a_file_that_is_no_delivery(self, tmp_path: Path, content: bytes) -> None:
        file = tmp_path / "broken.http"
        file.write_bytes(content)
        result = hookcli("verify", file, *SECRET)
        assert (result.code, result.text) == (2, "")
        assert str(file) in result.err

    def test_a_bare_payload_has_no_signature_to_check(self, tmp_path: Path) -> None:
        file = tmp_path / "payload.json"
        file.write_text(json.dumps({"ref": "refs/heads/main"}), encoding="utf-8")
        result = hookcli("verify", file, *SECRET)
        assert (result.code, result.text) == (2, "")
        assert "is a bare payload" in result.err
        assert "--event" not in result.err
