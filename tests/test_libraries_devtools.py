"""The signatures of issue trackers, CI, hosting, monitoring and registries, against what others say of them.

Two providers publish vectors: CircleCI (docs, outbound webhooks, "Validate outbound webhooks") and Jira (developer
documentation, "Webhooks", the test values for X-Hub-Signature). The others have no library of their own for Python that
checks webhooks; they are held against `openssl`, fed by the recipe of the provider's documentation or source.
"""

from __future__ import annotations

import base64
import subprocess
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

import pytest

from hookcli import fixtures
from hookcli.delivery import Headers, Message, Verdict
from hookcli.formats import http_file
from hookcli.identify import identify
from hookcli.providers.registry import provider
from hookcli.reading import Reading
from hookcli.signing.sign import Occasion, dressed, signed
from hookcli.signing.verify import verify

if TYPE_CHECKING:
    from pathlib import Path

KEY = "hookcli"
THEN = datetime(2025, 11, 24, 10, 15, 30, tzinfo=UTC)
"""When the fixtures were signed."""

SECRETS = {
    "azure-devops/git_push": "hookcli:hookcli",
    "travis-ci/push.passed": (
        "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA2sTt0BBm3TpGPDKy44Rd3hQMRbRA5anLDhSNhnZNgz/vTiHcPZWQaOBYxYRmbd4N"
        "motgFq3ThqTuRREUmiHj4i0A5h34INqAMay16rIe1LgePLnhMzG3XqN+MBnKLCsfuBZlpmUxm0J9iI+u9N4EGd/4oIJuc3e7QN3wg4NEAsVR"
        "uZwKTFq+cNJ2d0uxmk2sQh4iEJ/NDUeyLTKUA1e4IW6IFH72XPhhWmlIJGAXYxxKctBvE1GPnBNI7BEOD8/cikbNeeJ9rTjkaQIJS5XD68gj"
        "IM4DTKgK0zNoMSPI87qFNCHxv1WFIYct6msV9iwOxvKRmiFQAJ2GVZctaaNobQIDAQAB"
    ),
}
"""What the fixtures are signed with, where it is not `hookcli`: user and password, and a public key (DER, base64)."""

FAMILY = (
    "alertmanager",
    "azure-devops",
    "buildkite",
    "circleci",
    "docker-registry",
    "grafana",
    "harbor",
    "heroku",
    "jira",
    "linear",
    "netlify",
    "pagerduty",
    "phabricator",
    "quay",
    "sentry",
    "terraform-cloud",
    "travis-ci",
    "vercel",
)
"""Whose signature hookcli does not know."""

BODY = '{"shop":"demo","price":"3 €"}\n'.encode()


def a_delivery(body: bytes = BODY, target: str = "/", **headers: str) -> Message:
    named = ((name.replace("_", "-"), value) for name, value in headers.items())
    return Message(target=target, headers=Headers([("Host", "localhost"), *named]), body=body)


def judged(name: str, message: Message, secret: str = KEY, now: datetime = THEN) -> Verdict:
    return verify(Reading(message), provider(name).signatures, [secret], now=now)


def made(name: str, body: bytes, secret: str = KEY, scheme: str | None = None, event: str = "any") -> Message:
    """A delivery as hookcli makes it."""
    occasion = Occasion(timestamp=THEN.timestamp())
    bare = dressed(provider(name), body, event=event, occasion=occasion)
    return signed(bare, provider(name).signatures, secret, occasion=occasion, delivery_id="", scheme=scheme)


def openssl_hmac(digest: str, data: bytes, secret: str = KEY) -> bytes:
    command = ["openssl", "dgst", f"-{digest}", "-hmac", secret, "-binary"]
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout


CIRCLECI_VECTORS = (
    (b"hello world", "secret", "734cc62f32841568f45715aeb9f4d7891324e6d948e4c6c60c0621cdac48623a"),
    (b"lalala", "another-secret", "daa220016c8f29a8b214fbfc3671aeec2145cfb1e6790184ffb38b6d0425fa00"),
    (b"an-important-request-payload", "hunter123", "9be2242094a9a8c00c64306f382a7f9d691de910b4a266f67bd314ef18ac49fa"),
    (b"foo", "secret", "773ba44693c7553d6ee20f61ea5d2757a9a4f4a44d2841ae4e95b52e4cd62db4"),
)


@pytest.mark.parametrize(("body", "secret", "signature"), CIRCLECI_VECTORS)
def test_circleci_publishes_signatures_that_hold(body: bytes, secret: str, signature: str) -> None:
    claim = f"v1={signature}"
    assert judged("circleci", a_delivery(body, circleci_signature=claim), secret).state == "valid"
    assert judged("circleci", a_delivery(body + b" ", circleci_signature=claim), secret).state == "invalid"
    assert made("circleci", body, secret).headers.get("circleci-signature") == claim


def test_jira_publishes_a_signature_that_holds() -> None:
    secret = "It's a Secret to Everybody"
    claim = "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"
    assert judged("jira", a_delivery(b"Hello World!", X_Hub_Signature=claim), secret).state == "valid"
    assert judged("jira", a_delivery(b"Hello World?", X_Hub_Signature=claim), secret).state == "invalid"
    assert made("jira", b"Hello World!", secret).headers.get("X-Hub-Signature") == claim


RECIPES = (
    ("linear", "Linear-Signature", "sha256", "hex", ""),
    ("jira", "X-Hub-Signature", "sha256", "hex", "sha256="),
    ("sentry", "Sentry-Hook-Signature", "sha256", "hex", ""),
    ("pagerduty", "X-PagerDuty-Signature", "sha256", "hex", "v1="),
    ("vercel", "x-vercel-signature", "sha1", "hex", ""),
    ("heroku", "Heroku-Webhook-Hmac-SHA256", "sha256", "base64", ""),
    ("terraform-cloud", "X-TFE-Notification-Signature", "sha512", "hex", ""),
    ("phabricator", "X-Phabricator-Webhook-Signature", "sha256", "hex", ""),
    ("grafana", "X-Grafana-Alerting-Signature", "sha256", "hex", ""),
)


@pytest.mark.parametrize(("name", "header", "digest", "encoding", "prefix"), RECIPES)
def test_a_signature_is_the_one_that_openssl_makes_by_the_documented_recipe(
    name: str, header: str, digest: str, encoding: str, prefix: str
) -> None:
    signature = openssl_hmac(digest, BODY)
    claim = prefix + (signature.hex() if encoding == "hex" else base64.b64encode(signature).decode())
    theirs = Message(headers=Headers([(header, claim)]), body=BODY)
    assert made(name, BODY).headers.get(header) == claim
    assert judged(name, theirs).state == "valid"
    assert judged(name, theirs, "another secret").state == "invalid"
    assert judged(name, Message(headers=theirs.headers, body=BODY.replace(b"3", b"4"))).state == "invalid"


def test_sentrys_signature_may_stand_in_the_headers_other_name() -> None:
    message = a_delivery(Sentry_App_Signature=openssl_hmac("sha256", BODY).hex())
    assert judged("sentry", message) == Verdict(state="valid", scheme="app-signature", header="Sentry-App-Signature")


def test_sentry_signs_an_empty_body_too() -> None:
    assert judged("sentry", a_delivery(b"", Sentry_Hook_Signature=openssl_hmac("sha256", b"").hex())).state == "valid"


@pytest.mark.parametrize(
    ("name", "header"), [("pagerduty", "X-PagerDuty-Signature"), ("circleci", "circleci-signature")]
)
def test_one_v1_signature_of_several_is_enough_and_other_versions_do_not_count(name: str, header: str) -> None:
    right, wrong = openssl_hmac("sha256", BODY).hex(), openssl_hmac("sha256", BODY, "the next secret").hex()
    for claim, state in (
        (f"v1={wrong},v1={right}", "valid"),
        (f"v1={right},v2={wrong}", "valid"),
        (f"v1={wrong},v2={right}", "invalid"),
        (f"v2={right}", "invalid"),
    ):
        assert judged(name, Message(headers=Headers([(header, claim)]), body=BODY)).state == state


def test_buildkites_signature_is_of_timestamp_dot_body_by_the_documented_recipe() -> None:
    seconds = int(THEN.timestamp())
    signature = openssl_hmac("sha256", f"{seconds}.".encode() + BODY).hex()
    claim = f"timestamp={seconds},signature={signature}"
    theirs = a_delivery(X_Buildkite_Signature=claim)
    assert made("buildkite", BODY, scheme="signature").headers.get("X-Buildkite-Signature") == claim
    assert judged("buildkite", theirs).state == "valid"
    assert judged("buildkite", theirs, now=THEN + timedelta(minutes=6)).state == "stale"
    assert judged("buildkite", a_delivery(BODY[:-1], X_Buildkite_Signature=claim)).state == "invalid"
    later = a_delivery(X_Buildkite_Signature=f"timestamp={seconds + 1},signature={signature}")
    assert judged("buildkite", later).state == "invalid"


def test_buildkite_sends_a_signature_or_else_the_token() -> None:
    assert "X-Buildkite-Token" not in made("buildkite", BODY).headers
    token = made("buildkite", BODY, scheme="token")
    assert token.headers.get("X-Buildkite-Token") == KEY
    assert "X-Buildkite-Signature" not in token.headers
    assert judged("buildkite", token).state == "valid"
    assert judged("buildkite", token, "another").state == "invalid"


def test_terraforms_empty_signature_header_is_no_signature() -> None:
    message = a_delivery(b'{"payload_version":1}', X_TFE_Notification_Signature="")
    assert identify(Reading(message)).provider == "terraform-cloud"
    assert judged("terraform-cloud", message).state == "unsigned"


@pytest.fixture(scope="module")
def travis_keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A private and a public key, made by openssl."""
    private = tmp_path_factory.mktemp("travis") / "private.pem"
    public = private.with_name("public.pem")
    algorithm = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]
    subprocess.run(["openssl", "genpkey", *algorithm, "-out", private], check=True, capture_output=True)
    subprocess.run(["openssl", "pkey", "-in", private, "-pubout", "-out", public], check=True, capture_output=True)
    return private, public


PAYLOAD = '{"state":"passed","message":"prices: 3 € & up"}'
FORM = b"payload=" + quote_plus(PAYLOAD).encode()


def a_travis_delivery(body: bytes, signature: str) -> Message:
    return a_delivery(body, Content_Type="application/x-www-form-urlencoded", Signature=signature)


def test_travis_signature_by_openssl_is_accepted_over_the_decoded_payload(travis_keys: tuple[Path, Path]) -> None:
    private, public = travis_keys
    command = ["openssl", "dgst", "-sha1", "-sign", str(private)]
    signature = subprocess.run(command, input=PAYLOAD.encode(), capture_output=True, check=True).stdout
    claim, key = base64.b64encode(signature).decode(), public.read_text()
    assert judged("travis-ci", a_travis_delivery(FORM, claim), key).state == "valid"
    otherwise_encoded = b"payload=" + quote(PAYLOAD, safe="").encode()
    assert judged("travis-ci", a_travis_delivery(otherwise_encoded, claim), key).state == "valid"
    assert judged("travis-ci", a_travis_delivery(FORM.replace(b"3", b"4"), claim), key).state == "invalid"


def test_openssl_accepts_a_travis_signature_made_here(travis_keys: tuple[Path, Path], tmp_path: Path) -> None:
    private, public = travis_keys
    signature = tmp_path / "signature"
    claim = made("travis-ci", FORM, private.read_text()).headers.get("Signature")
    signature.write_bytes(base64.b64decode(claim or "", validate=True))
    command = ["openssl", "dgst", "-sha1", "-verify", str(public), "-signature", str(signature)]
    assert b"Verified OK" in subprocess.run(command, input=PAYLOAD.encode(), capture_output=True, check=True).stdout
    changed = subprocess.run(command, input=PAYLOAD.encode() + b" ", capture_output=True, check=False)
    assert changed.returncode != 0


BASIC = "Basic " + base64.b64encode(b"ada:lovelace").decode()


@pytest.mark.parametrize("name", ["azure-devops", "alertmanager", "docker-registry", "grafana"])
def test_user_and_password_in_authorization(name: str) -> None:
    message = a_delivery(Authorization=BASIC)
    assert judged(name, message, "ada:lovelace").state == "valid"
    assert judged(name, message, "ada:byron").state == "invalid"
    assert made(name, BODY, "ada:lovelace", scheme="basic").headers.get("Authorization") == BASIC


@pytest.mark.parametrize("name", ["alertmanager", "docker-registry", "grafana"])
def test_a_bearer_token_in_authorization(name: str) -> None:
    message = a_delivery(Authorization="Bearer hookcli")
    assert judged(name, message).state == "valid"
    assert judged(name, message, "another").state == "invalid"
    assert made(name, BODY, scheme="bearer").headers.get("Authorization") == "Bearer hookcli"


@pytest.mark.parametrize(("name", "scheme"), [("harbor", "auth-header"), ("heroku", "authorization")])
def test_a_free_authorization_is_the_secret_as_a_whole(name: str, scheme: str) -> None:
    message = a_delivery(Authorization="Bearer abc")
    assert judged(name, message, "Bearer abc").state == "valid"
    assert judged(name, message, "abc").state == "invalid"
    assert made(name, BODY, "Bearer abc", scheme=scheme).headers.get("Authorization") == "Bearer abc"


@pytest.mark.parametrize("name", ["grafana", "heroku"])
def test_a_signing_secret_is_not_sent_along(name: str) -> None:
    assert "Authorization" not in made(name, BODY, "ada:lovelace").headers


def test_quay_has_its_key_in_the_query() -> None:
    assert judged("quay", a_delivery(target="/hook?key=hookcli")).state == "valid"
    assert judged("quay", a_delivery(target="/hook?key=other")).state == "invalid"


@pytest.mark.parametrize("name", [name for name in fixtures.names() if name.partition("/")[0] in FAMILY])
def test_a_fixture_is_its_providers_and_its_signature_holds(name: str) -> None:
    provider_id = name.partition("/")[0]
    message = http_file.read(fixtures.load(name), name)
    assert identify(Reading(message)).provider == provider_id
    verdict = judged(provider_id, message, SECRETS.get(name, KEY))
    assert verdict.state == "valid"


@pytest.mark.parametrize("name", FAMILY)
def test_every_provider_has_a_fixture(name: str) -> None:
    assert fixtures.matching(f"{name}/")


def test_a_hub_signature_is_jiras_only_with_jiras_body() -> None:
    signature = "sha256=" + "0" * 64
    jira = a_delivery(b'{"webhookEvent":"jira:issue_created"}', X_Hub_Signature=signature)
    assert identify(Reading(jira)).provider == "jira"
    github = a_delivery(b'{"webhookEvent":"?","timestamp":1}', X_Hub_Signature=signature, X_GitHub_Event="push")
    assert identify(Reading(github)).provider == "github"
    assert identify(Reading(a_delivery(b"{}", X_Hub_Signature=signature))).provider == "unknown"


def test_grafana_and_alertmanager_are_told_apart_by_the_payload_alone() -> None:
    for name in ("grafana/firing.alerting", "alertmanager/firing"):
        body = http_file.read(fixtures.load(name), name).body
        assert identify(Reading(a_delivery(body))).provider == name.partition("/")[0]
