"""The signatures of further forges, registries, builders and forums.

Launchpad publishes a vector (canonical/launchpad, `lib/lp/services/webhooks/tests/test_job.py`). The others bring no
library that checks webhooks; they are held against `openssl`, fed by the recipe of the sender's documentation or
source.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from hookcli import fixtures
from hookcli.delivery import Headers, Message
from hookcli.examine import examine
from hookcli.formats import http_file
from hookcli.identify import identify, matches
from hookcli.providers.registry import provider, providers
from hookcli.reading import Reading
from hookcli.signing.secrets import Secrets
from hookcli.signing.sign import Occasion, dressed, signed
from hookcli.signing.verify import verify

if TYPE_CHECKING:
    from pathlib import Path

KEY = "hookcli"
THEN = datetime(2025, 11, 24, 10, 35, 35, tzinfo=UTC)
SOURCEHUT_KEY = "EVe0IU1it+D4VnjjisbnUtkkTcx8g/kh0O2JIocqoJY="
SECRETS = {"jenkins": "hookcli:hookcli", "sourcehut": SOURCEHUT_KEY}
"""What fixtures are signed with, where it is not `hookcli`."""

FAMILY = (
    "appveyor",
    "azure-container-registry",
    "bitrise",
    "cloudsmith",
    "discourse",
    "flux",
    "gerrit",
    "gitbucket",
    "jenkins",
    "jfrog",
    "launchpad",
    "mattermost",
    "nexus",
    "onedev",
    "pagure",
    "readthedocs",
    "semaphore",
    "snyk",
    "sonarqube",
    "sourcehut",
    "transifex",
)
FIXTURES = [name for name in fixtures.names() if name.partition("/")[0] in FAMILY]
BODY = '{"shop":"demo","price":"3 €"}\n'.encode()


def fixture(name: str) -> Message:
    return http_file.read(fixtures.load(name), name)


def state(name: str, message: Message, secret: str = KEY) -> str:
    return verify(Reading(message), provider(name).signatures, [secret], now=THEN).state


def made(name: str, body: bytes = BODY, secret: str = KEY, scheme: str | None = None, event: str = "any") -> Message:
    occasion = Occasion(timestamp=THEN.timestamp())
    bare = dressed(provider(name), body, event=event, occasion=occasion)
    return signed(bare, provider(name).signatures, secret, occasion=occasion, delivery_id="", scheme=scheme)


def openssl_hmac(digest: str, data: bytes, secret: str = KEY) -> bytes:
    command = ["openssl", "dgst", f"-{digest}", "-hmac", secret, "-binary"]
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout


def with_headers(*pairs: tuple[str, str], body: bytes = BODY, target: str = "/") -> Message:
    return Message(target=target, headers=Headers([("Host", "localhost"), *pairs]), body=body)


class TestFixtures:
    @pytest.mark.parametrize("name", FIXTURES)
    def test_it_is_its_senders_and_holds(self, name: str) -> None:
        whose = name.partition("/")[0]
        told = examine(fixture(name), Secrets(((None, SECRETS.get(whose, KEY)),)), now=THEN)
        assert told.identity.provider == whose
        assert told.verdict.state == "valid"
        assert told.identity.event in {event.name for event in provider(whose).events}
        assert told.identity.is_ping == ("ping" in name)
        assert len(told.summary.split()) >= 2
        assert not re.search(r"[{}]|\s\s|None|null", told.summary)

    @pytest.mark.parametrize("name", FIXTURES)
    def test_it_is_nobody_elses_but_for_gitbuckets(self, name: str) -> None:
        held = {match.provider.id for match in matches(Reading(fixture(name)))}
        assert held == {name.partition("/")[0]} | ({"github"} if "gitbucket" in name else set())

    @pytest.mark.parametrize("name", FIXTURES)
    def test_its_payload_alone_tells_its_event_where_the_event_is_in_a_header(self, name: str) -> None:
        one = provider(name.partition("/")[0])
        if one.infer and not one.event[0].startswith("body:"):
            told = {event for rule, event in one.infer if Reading(fixture(name)).meets((rule,))}
            assert identify(Reading(fixture(name))).event in told or name.startswith(("sourcehut", "launchpad"))

    @pytest.mark.parametrize("name", FAMILY)
    def test_there_is_one(self, name: str) -> None:
        assert fixtures.matching(f"{name}/")


RECIPES = (
    ("jfrog", "X-JFrog-Event-Auth", "sha256", ""),
    ("nexus", "X-Nexus-Webhook-Signature", "sha1", ""),
    ("sonarqube", "X-Sonar-Webhook-HMAC-SHA256", "sha256", ""),
    ("snyk", "X-Hub-Signature", "sha256", "sha256="),
    ("cloudsmith", "X-Cloudsmith-Signature", "sha1", "sha1="),
    ("launchpad", "X-Hub-Signature", "sha1", "sha1="),
    ("pagure", "X-Pagure-Signature-256", "sha256", ""),
    ("pagure", "X-Pagure-Signature", "sha1", ""),
    ("gitbucket", "X-Hub-Signature-256", "sha256", "sha256="),
    ("gitbucket", "X-Hub-Signature", "sha1", "sha1="),
    ("semaphore", "X-Semaphore-Signature-256", "sha256", ""),
    ("flux", "X-Signature", "sha256", "sha256="),
    ("readthedocs", "X-Hub-Signature", "sha256", ""),
    ("discourse", "X-Discourse-Event-Signature", "sha256", "sha256="),
)


@pytest.mark.parametrize(("name", "header", "digest", "prefix"), RECIPES)
def test_a_signature_is_the_one_that_openssl_makes_by_the_documented_recipe(
    name: str, header: str, digest: str, prefix: str
) -> None:
    claim = prefix + openssl_hmac(digest, BODY).hex()
    theirs = with_headers((header, claim))
    assert made(name).headers.get(header) == claim
    assert state(name, theirs) == "valid"
    assert state(name, theirs, "another secret") == "invalid"
    assert state(name, replace(theirs, body=BODY.replace(b"3", b"4"))) == "invalid"


def test_launchpads_published_vector() -> None:
    claim = "sha1=de75f136c37d89f5eb24834468c1ecd602fa95dd"
    theirs = with_headers(("X-Launchpad-Event-Type", "test"), ("X-Hub-Signature", claim), body=b'{"foo": "bar"}')
    assert identify(Reading(theirs)).provider == "launchpad"
    assert state("launchpad", theirs, "sekrit") == "valid"
    assert made("launchpad", b'{"foo": "bar"}', "sekrit").headers.get("X-Hub-Signature") == claim


def test_cloudsmiths_signature_may_stand_without_its_prefix() -> None:
    digest = openssl_hmac("sha1", BODY).hex()
    assert state("cloudsmith", with_headers(("X-Cloudsmith-Signature", digest))) == "valid"
    assert state("cloudsmith", with_headers(("X-Cloudsmith-Signature", digest[:-1] + "x"))) == "invalid"


def test_jfrog_may_send_the_secret_itself() -> None:
    message = made("jfrog", scheme="token")
    assert message.headers.get("X-JFrog-Event-Auth") == KEY
    assert state("jfrog", message) == "valid"
    assert state("jfrog", message, "another") == "invalid"


def test_transifex_signs_the_url_the_date_and_the_md5_of_the_body() -> None:
    url, date = "https://hooks.example.com/tx", "Mon, 24 Nov 2025 10:35:30 GMT"
    text = "\n".join(("POST", url, date, hashlib.md5(BODY).hexdigest()))
    claim = base64.b64encode(openssl_hmac("sha256", text.encode())).decode()
    told = [("X-TX-Url", url), ("Date", date), ("X-TX-Signature-V2", claim)]
    assert state("transifex", with_headers(*told)) == "valid"
    assert state("transifex", with_headers(*told, body=BODY + b" ")) == "invalid"
    assert state("transifex", with_headers(("X-TX-Url", "https://other.example.com/"), *told[1:])) == "invalid"
    assert made("transifex").headers.get("Date") == "Mon, 24 Nov 2025 10:35:35 GMT"


@pytest.mark.parametrize("name", ["sonarqube", "jenkins", "azure-container-registry"])
def test_user_and_password_in_authorization(name: str) -> None:
    basic = "Basic " + base64.b64encode(b"ada:lovelace").decode()
    message = with_headers(("Authorization", basic))
    assert state(name, message, "ada:lovelace") == "valid"
    assert state(name, message, "ada:byron") == "invalid"
    assert made(name, secret="ada:lovelace", scheme="basic").headers.get("Authorization") == basic


@pytest.mark.parametrize("name", ["gerrit", "jenkins", "bitrise"])
def test_a_key_in_the_query(name: str) -> None:
    assert state(name, with_headers(target="/hook?key=hookcli")) == "valid"
    assert state(name, with_headers(target="/hook?key=other")) == "invalid"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A private and a public key, made by openssl."""
    private = tmp_path_factory.mktemp("sourcehut") / "private.pem"
    public = private.with_name("public.pem")
    make = ["openssl", "genpkey", "-algorithm", "ed25519", "-out", str(private)]
    subprocess.run(make, check=True, capture_output=True)
    tell = ["openssl", "pkey", "-in", str(private), "-pubout", "-out", str(public)]
    subprocess.run(tell, check=True, capture_output=True)
    return private, public


class TestSourceHut:
    """Ed25519 over the body and the nonce."""

    def test_hookcli_accepts_what_openssl_signs(self, keys: tuple[Path, Path], tmp_path: Path) -> None:
        private, public = keys
        nonce, data = "5e8e2bc9867f4b3f", tmp_path / "data"
        data.write_bytes(BODY + nonce.encode())
        command = ["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", str(private), "-in", str(data)]
        signature = subprocess.run(command, capture_output=True, check=True).stdout
        claim = [("X-Payload-Nonce", nonce), ("X-Payload-Signature", base64.b64encode(signature).decode())]
        message = with_headers(*claim)
        assert identify(Reading(message)).provider == "sourcehut"
        assert state("sourcehut", message, public.read_text()) == "valid"
        assert state("sourcehut", with_headers(("X-Payload-Nonce", "00"), claim[1]), public.read_text()) == "invalid"
        assert state("sourcehut", replace(message, body=BODY + b" "), public.read_text()) == "invalid"

    def test_openssl_accepts_what_hookcli_signs(self, keys: tuple[Path, Path], tmp_path: Path) -> None:
        private, public = keys
        message = made("sourcehut", secret=private.read_text())
        nonce = message.headers.get("X-Payload-Nonce") or ""
        assert re.fullmatch("[0-9a-f]{16}", nonce)
        data, signature = tmp_path / "data", tmp_path / "signature"
        data.write_bytes(message.body + nonce.encode())
        signature.write_bytes(base64.b64decode(message.headers.get("X-Payload-Signature") or "", validate=True))
        command = ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", str(public), "-in", str(data)]
        done = subprocess.run([*command, "-sigfile", str(signature)], capture_output=True, check=False)
        assert done.returncode == 0, done.stderr

    def test_the_public_key_of_sr_ht_is_told_and_is_a_key(self) -> None:
        told = re.search(r"[A-Za-z0-9+/]{43}=", " ".join(provider("sourcehut").notes))
        assert told
        assert provider("sourcehut").signatures[0].key(told[0]) is not None


GITHUBS = [("X-GitHub-Event", "push"), ("X-GitHub-Delivery", "1"), ("X-Hub-Signature-256", "sha256=00")]


@pytest.mark.parametrize(
    ("headers", "body", "whose"),
    [
        ([*GITHUBS, ("User-Agent", "Apache-HttpClient/4.5.13 (Java/11)")], {}, "gitbucket"),
        ([*GITHUBS, ("User-Agent", "GitHub-Hookshot/0a1b2c3")], {}, "github"),
        ([*GITHUBS, ("User-Agent", "Apache-HttpClient/5"), ("X-GitHub-Hook-ID", "1")], {}, "github"),
        ([*GITHUBS, ("User-Agent", "Apache-HttpClient/5"), ("X-Gitea-Event", "push")], {}, "gitea"),
        ([("X-Hub-Signature", "sha256=00")], {"newIssues": []}, "unknown"),
        ([("X-Hub-Signature", "00")], {"build": {"success": True}}, "unknown"),
        ([("X-Payload-Signature", "00")], {}, "unknown"),
        ([("X-Signature", "sha256=00")], {}, "unknown"),
        ([("X-SonarQube-Project", "shop")], {}, "sonarqube"),
        ([("User-Agent", "Semaphore-Webhook")], {}, "semaphore"),
        ([("User-Agent", "Read-the-Docs/15.7.0 (app.readthedocs.org)")], {}, "readthedocs"),
        ([], {"type": "push", "eventCreatedOn": 1}, "unknown"),
        ([], {"type": "ref-updated"}, "unknown"),
        ([], {"domain": "artifact", "event_type": "deployed", "data": {}}, "unknown"),
        (
            [],
            {"action": "push", "id": "1", "target": {"repository": "a"}, "request": {"host": "r.example.com"}},
            "unknown",
        ),
        ([], {"name": "a", "url": "b", "build": {"number": 1, "phase": "DONE"}}, "unknown"),
        ([], {"token": "t", "team_id": "a", "team_domain": "b", "user_name": "c", "text": "d"}, "unknown"),
        ([], {"eventName": "build_success", "eventData": {}}, "unknown"),
        ([], {"event": "translation_completed", "project": "a"}, "unknown"),
        ([], {"meta": {"event_id": "package.synced"}}, "unknown"),
    ],
)
def test_who_sent_it_is_said_only_where_it_is_clear(headers: list[tuple[str, str]], body: Any, whose: str) -> None:
    message = with_headers(*headers, body=json.dumps(body).encode())
    assert identify(Reading(message)).provider == whose


def test_discourses_kind_stands_before_the_events_first_underscore() -> None:
    message = made("discourse", b'{"post":{}}', event="post_created")
    assert message.headers.get("X-Discourse-Event-Type") == "post"
    assert message.headers.get("X-Discourse-Event") == "post_created"


def test_no_two_providers_have_one_id_or_title() -> None:
    known = providers().values()
    assert len({one.title for one in known}) == len(known)
