"""`hookcli sign`: what it prints, what it sends, where its secret comes from, and what it refuses."""

from __future__ import annotations

import hmac
import json
import shlex
import subprocess
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from hookcli import fixtures
from hookcli.delivery import Headers, Message
from hookcli.formats import http_file
from support import SAFETY, Receiver, Wire, hookcli, listening, on_a_terminal, post, receiving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support import Listening, Result

SECRET = "hookcli"
WHSEC = "whsec_aG9va2NsaSBob29rY2xpIGhvb2tjbGkgaG9va2NsaSA="
PUSH = b'{"ref": "refs/heads/main", "commits": []}\n'
SIGNED = f"sha256={hmac.digest(SECRET.encode(), PUSH, 'sha256').hex()}"


@pytest.fixture(scope="module")
def listener(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listening]:
    """A listener that knows the secrets."""
    store = tmp_path_factory.mktemp("signed") / "deliveries.db"
    secrets = ("--secret", SECRET, "--secret", f"user:{SECRET}", "--secret", f"gitlab={WHSEC}")
    with listening(store, "--json", *secrets) as one:
        yield one


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as one:
        yield one


@pytest.fixture
def push(tmp_path: Path) -> Path:
    """A bare payload in a file."""
    file = tmp_path / "push.json"
    file.write_bytes(PUSH)
    return file


def sign(*arguments: str | Path, stdin: bytes = PUSH, env: dict[str, str] | None = None) -> Result:
    result = hookcli("sign", *arguments, stdin=stdin, env=env)
    assert (result.code, result.err) == (0, "")
    return result


def headers_of(result: Result) -> dict[str, str]:
    pairs = [line.partition(": ") for line in result.text.splitlines()]
    return {name: value for name, _, value in pairs}


class Case(NamedTuple):
    """A fixture whose body is the payload, the event, the scheme that a listener finds, a secret for it."""

    fixture: str
    event: str
    scheme: str
    secret: str = SECRET
    asked_for: bool = False
    """Whether event and scheme are asked for; else the payload tells the one and the provider's custom the other."""

    @property
    def provider(self) -> str:
        return self.fixture.partition("/")[0]

    @property
    def path(self) -> str:
        return f"/{self.fixture}/{self.scheme}"

    @property
    def payload(self) -> bytes:
        return http_file.read(fixtures.load(self.fixture)).body

    def send(self, url: str) -> Result:
        asked = ["--event", self.event, "--scheme", self.scheme] if self.asked_for else []
        options = ["--provider", self.provider, "--secret", self.secret, *asked]
        return hookcli("sign", *options, "--send", url.rstrip("/") + self.path, stdin=self.payload)


CASES = [
    Case("github/issues.opened", "issues", "sha256"),
    Case("gitlab/merge_request_hook.open", "Merge Request Hook", "token"),
    Case("gitlab/push_hook", "Push Hook", "signing-token", WHSEC),
    Case("bitbucket/repo_push", "repo:push", "sha256"),
    Case("bitbucket-server/repo_refs_changed", "repo:refs_changed", "sha256"),
    Case("gitee/push_hook", "Push Hook", "sign"),
    Case("gitea/pull_request.opened", "pull_request", "gitea"),
    Case("forgejo/release.published", "release", "forgejo"),
    Case("gogs/push", "push", "gogs"),
    Case("coding/push", "push", "sha1"),
    Case("dockerhub/push", "push", "query-key"),
    Case("dtr/scan_completed", "SCAN_COMPLETED", "query-key"),
    Case("argo-events/webhook", "webhook", "bearer"),
    Case("cloudevents/structured", "com.example.build.started", "bearer"),
    Case("argo-events/calendar", "calendar", "basic", f"user:{SECRET}", asked_for=True),
    Case("cloudevents/binary", "com.example.build", "query-access_token", asked_for=True),
    Case("gitee/push_hook", "Push Hook", "password", asked_for=True),
    Case("coding/push", "push", "body-token", asked_for=True),
]


@pytest.fixture(scope="module")
def arrived(listener: Listening) -> dict[str, dict[str, Any]]:
    """What the listener makes of each delivery that `sign --send` sends, by its path."""
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda case: case.send(listener.url), CASES))
    assert {(result.code, result.err) for result in results} == {(0, "")}
    records = [listener.record() for _ in results]
    return {record["target"].partition("?")[0]: record for record in records}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.provider}:{case.scheme}")
def test_what_it_sends_as_any_provider_is_valid(arrived: dict[str, dict[str, Any]], case: Case) -> None:
    record = arrived[case.path]
    assert (record["provider"], record["event"]) == (case.provider, case.event)
    assert (record["verdict"]["state"], record["verdict"]["scheme"]) == ("valid", case.scheme)
    assert (record["body"].encode() == case.payload) == (case.scheme != "body-token")


class TestFormats:
    def test_headers(self, push: Path) -> None:
        found = headers_of(sign("--provider", "github", "--event", "push", "--secret", SECRET, push))
        assert found["X-GitHub-Event"] == "push"
        assert found["X-Hub-Signature-256"] == SIGNED
        assert found["X-Hub-Signature"].startswith("sha1=")
        assert found["User-Agent"].startswith("GitHub-Hookshot/")
        assert found["Content-Type"] == "application/json"
        assert found.keys().isdisjoint({"Host", "Content-Length"})

    def test_json(self, listener: Listening, push: Path) -> None:
        result = sign("--provider", "forgejo", "--event", "push", "--secret", SECRET, "--format", "json", push)
        (told,) = result.records
        assert told.keys() == {"headers"}
        message = Message(
            headers=Headers([("Host", "a"), *told["headers"].items(), ("Content-Length", str(len(PUSH)))]), body=PUSH
        )
        post(listener.port, message)
        assert listener.record()["verdict"]["state"] == "valid"

    def test_json_of_a_key_in_the_query_has_the_target(self) -> None:
        result = sign("--provider", "dockerhub", "--secret", "a b", "--format", "json")
        assert result.records[0]["target"] == "/?key=a%20b"

    def test_json_of_a_secret_in_the_body_has_the_body(self) -> None:
        options = ("--provider", "coding", "--event", "ping", "--scheme", "body-token")
        (told,) = sign(*options, "--secret", "S", "--format", "json", stdin=b'{"zen": "\xc3\xa9"}').records
        assert json.loads(told["body"]) == {"zen": "é", "token": "S"}
        printed = hookcli("sign", *options, "--secret", "S", stdin=b"{}")
        assert (printed.code, printed.err) == (
            0,
            "The body changes, too: --format http prints it, --send sends it.\n",
        )

    def test_headers_of_a_key_in_the_query_say_where_it_goes(self) -> None:
        result = hookcli("sign", "--provider", "dtr", "--secret", "S", stdin=PUSH)
        assert (result.code, result.err) == (0, "The key goes into the URL: POST /?key=S\n")

    def test_http_is_a_whole_message(self, tmp_path: Path, push: Path) -> None:
        result = sign("--provider", "gogs", "--event", "push", "--secret", SECRET, "--format", "http", push)
        message = http_file.read(result.out)
        assert message.body == PUSH
        assert message.headers.get("Content-Length") == str(len(PUSH))
        file = tmp_path / "push.http"
        file.write_bytes(result.out)
        verified = hookcli("verify", file, "--secret", SECRET)
        assert (verified.code, verified.text.split()[1:4]) == (0, ["gogs", "push", "✓"])

    @pytest.mark.parametrize(
        "body",
        [b'{"it\'s": "$HOME `id` \\\\ \xc3\xa9", "n":\t1}\n', b"\x00\xff\r\n not text", b""],
        ids=["text", "bytes", "empty"],
    )
    def test_curl_sends_it_to_the_byte(self, receiver: Receiver, body: bytes) -> None:
        options = ("--provider", "gitlab", "--event", "Push Hook", "--secret", WHSEC, "--id", "1", "--timestamp", "1")
        written = sign(*options, "--format", "curl", "--url", f"{receiver.url}/hook?a=1", stdin=body)
        as_http = Wire.of(sign(*options, "--format", "http", stdin=body).out).end_to_end()
        done = subprocess.run(["sh", "-c", written.text], capture_output=True, timeout=SAFETY, check=False)
        assert (done.returncode, done.stderr) == (0, b"")
        arrived = Wire.of(receiver.next()).end_to_end()
        assert arrived.start == b"POST /hook?a=1 HTTP/1.1"
        assert arrived.body == body

        def lasting(wire: Wire) -> dict[bytes, bytes]:
            # Made by chance, for each delivery anew.
            return {name.lower(): value for name, value in wire.headers if name != b"X-Gitlab-Webhook-Uuid"}

        assert lasting(arrived) == lasting(as_http)

    def test_curl_goes_to_the_listeners_own_address_by_default(self) -> None:
        written = sign("--provider", "dockerhub", "--secret", "S", "--format", "curl")
        assert shlex.split(written.text)[-1] == "http://127.0.0.1:8080/?key=S"


class TestVectors:
    def test_githubs(self) -> None:
        options = ("--provider", "github", "--event", "push", "--secret", "It's a Secret to Everybody")
        assert (
            headers_of(sign(*options, stdin=b"Hello, World!"))["X-Hub-Signature-256"]
            == "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
        )

    @pytest.mark.parametrize(
        "options",
        [
            ["--provider", "gitlab", "--event", "Push Hook"],
            ["--provider", "unknown", "--scheme", "standard-webhooks"],
        ],
    )
    def test_standard_webhooks(self, options: list[str]) -> None:
        occasion = ("--id", "msg_p5jXN8AQM9LWM0D4loKWxJek", "--timestamp", "1614265330")
        secret = ("--secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        found = headers_of(sign(*options, *occasion, *secret, stdin=b'{"test": 2432232314}'))
        assert {name.lower(): value for name, value in found.items() if name.lower().startswith("webhook-")} == {
            "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "webhook-timestamp": "1614265330",
            "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        }

    def test_gitees_is_of_its_milliseconds(self) -> None:
        options = ("--provider", "gitee", "--event", "Push Hook", "--secret", "S", "--timestamp", "1700000000.123")
        found = headers_of(sign(*options))
        assert found["X-Gitee-Timestamp"] == "1700000000123"
        digest = subprocess.run(
            ["sh", "-c", "printf '1700000000123\\nS' | openssl dgst -sha256 -hmac S -binary | openssl base64 -A"],
            capture_output=True,
            check=True,
            timeout=SAFETY,
        )
        assert found["X-Gitee-Token"] == digest.stdout.decode()


class TestSecrets:
    OPTIONS = ("--provider", "github", "--event", "push")

    def signature(self, *arguments: str | Path, stdin: bytes = PUSH, env: dict[str, str] | None = None) -> str:
        return headers_of(sign(*self.OPTIONS, *arguments, stdin=stdin, env=env))["X-Hub-Signature-256"]

    def test_from_the_environment(self) -> None:
        assert self.signature(env={"HOOKCLI_SECRET": SECRET}) == SIGNED

    def test_an_option_counts_more_than_the_environment(self) -> None:
        assert self.signature("--secret", SECRET, env={"HOOKCLI_SECRET": "another"}) == SIGNED

    @pytest.mark.parametrize("line", [b"hookcli", b"hookcli\n", b"hookcli\r\n"])
    def test_from_standard_input_without_its_line_end(self, push: Path, line: bytes) -> None:
        assert self.signature("--secret-file", "-", push, stdin=line) == SIGNED

    def test_from_a_file_its_own_before_any(self, tmp_path: Path) -> None:
        file = tmp_path / "secrets.txt"
        file.write_text(f"# mine\nany\ngitlab=other\ngithub={SECRET}\n", encoding="utf-8")
        assert self.signature("--secret-file", file) == SIGNED

    @pytest.mark.parametrize("payload", [(), ("-",)])
    def test_not_both_from_standard_input(self, payload: tuple[str, ...]) -> None:
        result = hookcli("sign", *self.OPTIONS, "--secret-file", "-", *payload, stdin=PUSH)
        assert (result.code, result.text) == (2, "")
        assert "The secret and the payload can't both be read from standard input." in result.err

    def test_the_payload_from_standard_input_by_its_sign(self) -> None:
        assert self.signature("--secret", SECRET, "-") == SIGNED


def test_an_http_message_is_signed_anew(tmp_path: Path) -> None:
    file = tmp_path / "delivery.http"
    file.write_bytes(fixtures.load("gitea/push.form"))
    before = http_file.read(fixtures.load("gitea/push.form"))
    result = sign("--provider", "gitea", "--secret", "another", "--format", "http", file)
    after = http_file.read(result.out)
    signatures = {"x-gitea-signature", "x-gogs-signature", "x-hub-signature", "x-hub-signature-256"}
    assert after.headers.without(signatures) == before.headers.without(signatures)
    assert after.body == before.body
    file.write_bytes(result.out)
    assert hookcli("verify", file, "--secret", "another").code == 0
    assert hookcli("verify", file, "--secret", SECRET).code == 1


class TestSending:
    OPTIONS = ("--provider", "github", "--event", "push", "--secret", SECRET)

    def test_it_says_what_was_answered(self, receiver: Receiver) -> None:
        result = hookcli("sign", *self.OPTIONS, "--send", f"{receiver.url}/hook", stdin=PUSH)
        assert (result.code, result.err) == (0, "")
        assert "200" in result.text
        wire = Wire.of(receiver.next())
        assert (wire.start, wire.body) == (b"POST /hook HTTP/1.1", PUSH)
        assert wire.all(b"x-hub-signature-256") == [SIGNED.encode()]
        assert wire.all(b"host") == [f"127.0.0.1:{receiver.port}".encode()]

    def test_an_answer_that_is_not_2xx_is_a_negative_result(self) -> None:
        with receiving(b"HTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n") as receiver:
            result = hookcli("sign", *self.OPTIONS, "--send", receiver.url, stdin=PUSH)
        assert result.code == 1
        assert "500" in result.text

    def test_nobody_there_is_a_negative_result(self) -> None:
        with receiving() as receiver:
            url = receiver.url
        result = hookcli("sign", *self.OPTIONS, "--send", url, stdin=PUSH)
        assert (result.code, result.err) == (1, "")
        assert "connection refused" in result.text


class TestMistakes:
    @pytest.mark.parametrize(
        ("arguments", "code", "told"),
        [
            (["--provider", "githup", "--secret", "S"], 2, "Did you mean github?"),
            (["--provider", "github"], 2, "There is no secret to sign with."),
            (["--provider", "github", "--secret", ""], 2, "There is no secret to sign with."),
            (["--provider", "github", "--secret", "S", "--secret-file", "f"], 2, "exclude each other"),
            (["--provider", "github", "--secret", "S"], 2, "Name it with --event (push, "),
            (["--provider", "github", "--secret", "S", "--event", "a\nb"], 2, "can't hold a line break"),
            (
                ["--provider", "coding", "--secret", "S", "--scheme", "md5", "--event", "ping"],
                2,
                "There is no scheme 'md5' here.",
            ),
            (["--provider", "argo-events", "--secret", "S", "--scheme", "basic"], 2, "a basic one is user:password"),
            (["--provider", "github", "--secret", "S", "--timestamp", "nan"], 2, "nan is no moment"),
            (["--provider", "github", "--secret", "S", "--timestamp", "1e300"], 2, "1e+300 is no moment"),
            (["--provider", "unknown", "--secret", "S", "--send", "ftp://e.org"], 2, "is no http or https URL"),
            (["--provider", "github", "--secret", "S", "/no/such/file"], 3, "/no/such/file can't be read"),
            (["--provider", "github", "--secret-file", "/no/such/file"], 3, "/no/such/file can't be read"),
        ],
        ids=lambda value: " ".join(value) if isinstance(value, list) else "",
    )
    def test_it_says_what_to_do(self, arguments: list[str], code: int, told: str) -> None:
        result = hookcli("sign", *arguments, stdin=b"{}")
        assert (result.code, result.text) == (code, "")
        assert told in result.err
        assert "Traceback" not in result.err

    def test_a_file_without_a_secret_for_the_provider(self, tmp_path: Path) -> None:
        file = tmp_path / "secrets.txt"
        file.write_text("gitlab=other\n", encoding="utf-8")
        result = hookcli("sign", "--provider", "github", "--secret-file", file, stdin=PUSH)
        assert (result.code, result.text) == (3, "")
        assert "Add a line github=SECRET." in result.err

    def test_a_terminal_is_no_payload(self) -> None:
        code, shown = on_a_terminal("sign", "--provider", "github", "--secret", "S")
        assert code == 2
        assert b"There is no payload." in shown


def test_the_body_is_signed_as_it_came_and_not_the_json_in_it() -> None:
    spaced = b'{ "ref" : "refs/heads/main" }'
    found = headers_of(sign("--provider", "bitbucket", "--event", "repo:push", "--secret", "S", stdin=spaced))
    assert found["X-Hub-Signature"] == f"sha256={hmac.digest(b'S', spaced, 'sha256').hex()}"
