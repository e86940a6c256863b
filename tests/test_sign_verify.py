"""What hookcli signs it verifies: every provider, every scheme; and what a verdict says when it does not hold."""

from __future__ import annotations

import base64
import hmac
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from hookcli import fixtures
from hookcli.delivery import Headers, Message, Verdict
from hookcli.errors import WrongInput
from hookcli.formats import http_file
from hookcli.identify import identify
from hookcli.providers.registry import providers
from hookcli.reading import Reading
from hookcli.signing.public_key import KeyPair
from hookcli.signing.schemes import Signature, Token, where_it_stands
from hookcli.signing.sign import Occasion, dressed, inferred_event, new_id, signed, unsigned
from hookcli.signing.verify import verify
from support import a_message, a_payload

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hookcli.providers.spec import Provider
    from hookcli.signing.schemes import Scheme

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
FORM = "application/x-www-form-urlencoded"
WHSEC = "whsec_aG9va2NsaSBob29rY2xpIGhvb2tjbGkgaG9va2NsaSA="
BODY = b'{"ref": "refs/heads/main"}'
JSON = '{"ref": "refs/heads/main", "text": "é & +"}'


def schemes_of(one: Provider, name: str) -> list[Scheme]:
    """The schemes of one name, which are one scheme to a person."""
    return [scheme for scheme in one.signatures if scheme.name == name]


DECLARED = [
    (one, name) for one in providers().values() for name in dict.fromkeys(scheme.name for scheme in one.signatures)
]
"""Every provider with each of its schemes."""

SIGNATURES = [
    (one, name, scheme) for one, name in DECLARED for scheme in schemes_of(one, name) if isinstance(scheme, Signature)
]


SHARED_SECRET = [pair for pair in DECLARED if not isinstance(schemes_of(*pair)[0], KeyPair)]
KEY_PAIRS = [pair for pair in DECLARED if pair not in SHARED_SECRET]


def with_ids(pairs: Iterable[tuple[Provider, str]]) -> list[Any]:
    return [pytest.param(one, name, id=f"{one.id}:{name}") for one, name in dict.fromkeys(pairs)]


@cache
def a_private_key(algorithm: str) -> str:
    key: Any
    if algorithm == "rsa":
        key = rsa.generate_private_key(65537, 2048)
    else:
        key = (
            ed25519.Ed25519PrivateKey.generate() if algorithm == "ed25519" else ec.generate_private_key(ec.SECP256R1())
        )
    return str(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode())


def form_of(scheme: Scheme) -> str:
    if isinstance(scheme, Token):
        return "user:password" if scheme.style == "basic" else scheme.secret
    return scheme.secret if isinstance(scheme, Signature) else "plain"


def a_secret(scheme: Scheme, word: str = "hookcli") -> str:
    """A secret of the form that the scheme wants."""
    if isinstance(scheme, KeyPair):
        key = a_private_key(scheme.algorithm)
        return f"{word}\n{key}" if "{secret}" in scheme.signed else key
    in_base64 = base64.b64encode(word.encode()).decode()
    return {
        "hex": word.encode().hex(),
        "base64": in_base64,
        "whsec": f"whsec_{in_base64}",
        "whsec or base64": f"whsec_{in_base64}",
        "user:password": f"user:{word}",
    }.get(form_of(scheme), word)


# A header's value can begin and end with no blank, and hold no control character.
PLAIN = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40).filter(
    lambda text: text == text.strip() and not text.startswith("whsec_")
)
KEYS = st.binary(min_size=1, max_size=64)
IN_BASE64 = KEYS.map(lambda key: base64.b64encode(key).decode())


def secrets_for(scheme: Scheme) -> st.SearchStrategy[str]:
    """Any secrets of the form that the scheme wants."""
    return {
        "hex": KEYS.map(bytes.hex),
        "base64": IN_BASE64,
        "whsec": IN_BASE64.map("whsec_".__add__),
        "whsec or base64": IN_BASE64 | IN_BASE64.map("whsec_".__add__),
        "user:password": st.tuples(PLAIN, PLAIN).map(":".join),
    }.get(form_of(scheme), PLAIN)


def a_body(scheme: Scheme, more: dict[str, Any] | None = None) -> bytes:
    """A body that the scheme can speak for: JSON that holds what it signs; in a form, where it signs one."""
    spoken_for = scheme.signed if isinstance(scheme, Signature) else ""
    needed = a_payload(re.findall(r"\{body:([^}?]+)\??\}", spoken_for))
    text = json.dumps({**(more or {}), **needed})
    return (urlencode({"payload": text}) if "{form" in spoken_for else text).encode()


def bodies_for(scheme: Scheme) -> st.SearchStrategy[bytes]:
    """Any bytes, unless the claim or a part of what is signed has its place in the body."""
    spoken_for = scheme.signed if isinstance(scheme, Signature) else ""
    in_json = (
        scheme.at.startswith("body:") or "{body:" in spoken_for or (isinstance(scheme, Signature) and scheme.body_hash)
    )
    if not (in_json or "{form" in spoken_for):
        return st.binary(max_size=64)
    payloads = st.dictionaries(st.text(max_size=4).map("x".__add__), st.integers() | st.text(), max_size=3)
    return payloads.map(lambda more: a_body(scheme, more))


def an_occasion(one: Provider, moment: datetime = NOW) -> Occasion:
    return Occasion(timestamp=moment.timestamp(), id=new_id(one))


def plain(one: Provider, body: bytes = BODY, moment: datetime = NOW) -> Message:
    """A delivery as the provider sends it without a secret."""
    event = one.events[0].name if one.events else "something"
    return dressed(one, body, event=event, occasion=an_occasion(one, moment))


def sign(one: Provider, message: Message, secret: str, scheme: str | None = None, moment: datetime = NOW) -> Message:
    return signed(message, one.signatures, secret, occasion=an_occasion(one, moment), delivery_id="id-1", scheme=scheme)


def judged(one: Provider | str, message: Message, *secrets: str, now: datetime = NOW) -> Verdict:
    schemes = (providers()[one] if isinstance(one, str) else one).signatures
    return verify(Reading(message), schemes, secrets, now=now)


def sends_its_event(one: Provider) -> bool:
    return any("{event}" in value for _, value in one.sends)


def with_header(message: Message, name: str, value: str | None) -> Message:
    return replace(message, headers=message.headers.with_header(name, value))


class TestEveryScheme:
    @pytest.mark.parametrize(("one", "name"), with_ids(SHARED_SECRET))
    @settings(max_examples=15, deadline=None)
    @given(data=st.data())
    def test_what_is_signed_is_verified(self, one: Provider, name: str, data: st.DataObject) -> None:
        scheme = schemes_of(one, name)[0]
        secret = data.draw(secrets_for(scheme))
        found = judged(one, sign(one, plain(one, data.draw(bodies_for(scheme))), secret, name), secret)
        assert (found.state, found.scheme, found.header) == ("valid", name, where_it_stands(scheme.at))
        assert (found.detail == "it does not cover the body") is not scheme.covers_body

    @pytest.mark.parametrize(("one", "name"), with_ids(KEY_PAIRS))
    def test_what_a_private_key_signs_is_verified(self, one: Provider, name: str) -> None:
        scheme = schemes_of(one, name)[0]
        found = judged(one, sign(one, plain(one, a_body(scheme)), a_secret(scheme), name), a_secret(scheme))
        assert (found.state, found.scheme, found.header) == ("valid", name, where_it_stands(scheme.at))

    @pytest.mark.parametrize(("one", "name"), with_ids(SHARED_SECRET))
    @settings(max_examples=10, deadline=None)
    @given(data=st.data())
    def test_another_secret_is_told_and_among_several_the_right_one_is_found(
        self, one: Provider, name: str, data: st.DataObject
    ) -> None:
        scheme = schemes_of(one, name)[0]
        right, wrong = data.draw(st.lists(secrets_for(scheme), min_size=2, max_size=2, unique_by=scheme.key))
        message = sign(one, plain(one, a_body(scheme)), right, name)
        found = judged(one, message, wrong)
        assert (found.state, found.header) == ("invalid", where_it_stands(scheme.at))
        assert judged(one, message, wrong, right).state == judged(one, message, right, wrong).state == "valid"

    @pytest.mark.parametrize(
        ("one", "name"), with_ids((one, name) for one, name, scheme in SIGNATURES if "{body}" in scheme.signed)
    )
    @settings(max_examples=10, deadline=None)
    @given(body=st.binary(max_size=64), other=st.binary(max_size=64))
    def test_a_changed_body_is_told(self, one: Provider, name: str, body: bytes, other: bytes) -> None:
        secret = a_secret(schemes_of(one, name)[0])
        message = sign(one, plain(one, body), secret, name)
        found = judged(one, replace(message, body=other), secret)
        assert found.state == ("valid" if body == other else "invalid")

    @pytest.mark.parametrize(("one", "name"), with_ids(DECLARED))
    def test_without_a_secret_a_claim_is_left_unchecked(self, one: Provider, name: str) -> None:
        scheme = schemes_of(one, name)[0]
        found = judged(one, sign(one, plain(one, a_body(scheme)), a_secret(scheme), name))
        assert (found.state, found.header) == ("no secret", where_it_stands(scheme.at))
        assert found.detail == "no secret is known to check it with"

    @pytest.mark.parametrize(
        ("one", "name"),
        with_ids((one, name) for one, name, scheme in SIGNATURES if scheme.timestamp.startswith("header:")),
    )
    def test_a_changed_timestamp_is_told(self, one: Provider, name: str) -> None:
        scheme = schemes_of(one, name)[0]
        assert isinstance(scheme, Signature)
        secret, header = a_secret(scheme), scheme.timestamp.removeprefix("header:")
        message = sign(one, plain(one), secret, name)
        later = sign(one, plain(one), secret, name, NOW + timedelta(seconds=1)).headers.get(header)
        assert judged(one, with_header(message, header, later), secret).state == "invalid"
        found = judged(one, with_header(message, header, None), secret)
        assert (found.state, found.detail) == ("invalid", f"the timestamp is missing: {header}")

    @pytest.mark.parametrize(
        ("one", "name"), with_ids((one, name) for one, name, scheme in SIGNATURES if scheme.timestamp)
    )
    def test_an_old_timestamp_is_told(self, one: Provider, name: str) -> None:
        scheme = schemes_of(one, name)[0]
        secret = a_secret(scheme)
        message = sign(one, plain(one), secret, name)
        if scheme.tolerance is None:
            assert judged(one, message, secret, now=NOW + timedelta(days=365)).state == "valid"
            return
        within, beyond = (timedelta(seconds=scheme.tolerance + more) for more in (0, 1))
        assert judged(one, message, secret, now=NOW + within).state == "valid"
        found = judged(one, message, secret, now=NOW + beyond)
        assert (found.state, found.scheme) == ("stale", name)
        assert judged(one, message, secret, now=NOW - beyond).state == "stale"

    @pytest.mark.parametrize(
        ("one", "name"),
        with_ids(
            (one, name) for one, name in DECLARED if schemes_of(one, name)[0].at.startswith(("header:", "query:"))
        ),
    )
    def test_a_claim_can_be_taken_off(self, one: Provider, name: str) -> None:
        scheme = schemes_of(one, name)[0]
        message = sign(one, plain(one, a_body(scheme)), a_secret(scheme), name)
        bare = unsigned(message, one.signatures)
        assert judged(one, bare, a_secret(scheme)).state == "unsigned"
        assert bare.body == message.body


@pytest.mark.parametrize("one", providers().values(), ids=lambda one: one.id)
def test_a_delivery_without_signature_is_unsigned(one: Provider) -> None:
    for secrets in ([], ["hookcli"]):
        found = judged(one, plain(one), *secrets)
        assert (found.state, found.scheme, found.header) == ("unsigned", None, None)
        assert found.detail == "it carries no signature that this provider is known to make"


def default_of(one: Provider) -> Scheme:
    """The first scheme that is used without being asked for."""
    return next(scheme for scheme in one.signatures if scheme.default)


NOTHING_TO_SIGN = {"aws-sns/notification.raw", "microsoft-graph/validation"}
"""Fixtures without the fields that a signature or token stands in."""


@pytest.mark.parametrize("name", fixtures.names())
def test_every_fixture_can_be_signed_anew(name: str) -> None:
    one = providers()[name.partition("/")[0]]
    if not one.signatures:
        pytest.skip(f"{one.title} signs nothing")
    secret = a_secret(default_of(one), "another")
    message = http_file.read(fixtures.load(name))
    assert judged(one, message, secret).state != "valid"
    if name in NOTHING_TO_SIGN:
        with pytest.raises(WrongInput, match="has not all that is signed"):
            sign(one, message, secret)
        return
    assert judged(one, sign(one, message, secret), secret).state == "valid"


def digest(data: str | bytes, secret: str = "S", hash_name: str = "sha256") -> str:
    return hmac.digest(secret.encode(), data.encode() if isinstance(data, str) else data, hash_name).hex()


WRONG = "0" * 64


class TestTheStrongestComesFirst:
    """And a weaker one that holds never makes up for it."""

    SHA256, SHA1 = f"sha256={digest(BODY)}", f"sha1={digest(BODY, hash_name='sha1')}"

    @pytest.mark.parametrize(
        ("strong", "weak", "state", "scheme"),
        [
            (SHA256, SHA1, "valid", "sha256"),
            (SHA256, "sha1=00", "valid", "sha256"),
            (f"sha256={WRONG}", SHA1, "invalid", "sha256"),
            ("garbage", SHA1, "invalid", "sha256"),
            ("", SHA1, "valid", "sha1"),
            ("sha256=", SHA1, "valid", "sha1"),
        ],
    )
    def test_of_githubs_two(self, strong: str, weak: str, state: str, scheme: str) -> None:
        message = a_message(BODY, x_github_event="push", x_hub_signature_256=strong, x_hub_signature=weak)
        found = judged("github", message, "S")
        assert (found.state, found.scheme) == (state, scheme)

    @pytest.mark.parametrize(
        "wrong", ["x_forgejo_signature", "x_gitea_signature", "x_gogs_signature", "x_hub_signature_256"]
    )
    def test_of_forgejos_five(self, wrong: str) -> None:
        right = digest(BODY)
        headers = {
            "x_forgejo_signature": right,
            "x_gitea_signature": right,
            "x_gogs_signature": right,
            "x_hub_signature_256": f"sha256={right}",
            "x_hub_signature": self.SHA1,
        }
        stronger = list(headers)[: list(headers).index(wrong)]
        for name in stronger:
            assert judged("forgejo", a_message(BODY, **{**headers, wrong: WRONG}), "S").state == "valid"
            del headers[name]
        found = judged("forgejo", a_message(BODY, **{**headers, wrong: WRONG}), "S")
        assert (found.state, (found.header or "").lower().replace("-", "_")) == ("invalid", wrong)

    def test_gitlabs_signature_before_its_token(self) -> None:
        one = providers()["gitlab"]
        message = with_header(sign(one, plain(one), WHSEC), "X-Gitlab-Token", "T")
        assert judged(one, message, WHSEC, "T").scheme == "signing-token"
        changed = replace(message, body=b"changed")
        found = judged(one, changed, WHSEC, "T")
        assert (found.state, found.scheme) == ("invalid", "signing-token")

    def test_a_signature_that_no_secret_is_fit_for_is_passed_over(self) -> None:
        one = providers()["gitlab"]
        message = with_header(sign(one, plain(one), WHSEC), "X-Gitlab-Token", "T")
        found = judged(one, message, "T")
        assert (found.state, found.scheme, found.detail) == ("valid", "token", "it does not cover the body")
        assert judged(one, message, "U").state == "invalid"

    def test_a_whsec_secret_is_never_taken_for_gitlabs_token(self) -> None:
        found = judged("gitlab", a_message(x_gitlab_event="Push Hook", x_gitlab_token=WHSEC), WHSEC)
        assert (found.state, found.detail) == ("no secret", "no secret of the form it needs is known")

    def test_gitlab_is_signed_by_what_the_secret_is_fit_for(self) -> None:
        one = providers()["gitlab"]
        by_token, by_signature = sign(one, plain(one), "T"), sign(one, plain(one), WHSEC)
        assert by_token.headers.get("X-Gitlab-Token") == "T"
        assert "webhook-signature" not in by_token.headers
        assert (by_signature.headers.get("webhook-signature") or "").startswith("v1,")
        assert "X-Gitlab-Token" not in by_signature.headers


class TestGitee:
    """A password or a signature of the time, both in X-Gitee-Token; neither of the body."""

    MILLISECONDS = str(round(NOW.timestamp() * 1000))

    @property
    def claim(self) -> str:
        return base64.b64encode(hmac.digest(b"S", f"{self.MILLISECONDS}\nS".encode(), "sha256")).decode()

    def a_push(self, token: str, body: bytes = BODY) -> Message:
        return a_message(body, x_gitee_event="Push Hook", x_gitee_token=token, x_gitee_timestamp=self.MILLISECONDS)

    @pytest.mark.parametrize("percent_encoded", [False, True])
    def test_the_signature_arrives_plain_or_percent_encoded(self, percent_encoded: bool) -> None:  # noqa: FBT001
        token = quote(self.claim, safe="") if percent_encoded else self.claim
        assert token.endswith("%3D" if percent_encoded else "=")
        assert judged("gitee", self.a_push(token), "S") == Verdict(
            state="valid", scheme="sign", header="X-Gitee-Token", detail="it does not cover the body"
        )
        assert judged("gitee", self.a_push(token), "T").state == "invalid"

    def test_the_password_is_the_secret(self) -> None:
        assert judged("gitee", self.a_push("S"), "S") == Verdict(
            state="valid", scheme="password", header="X-Gitee-Token", detail="it does not cover the body"
        )
        found = judged("gitee", self.a_push("T"), "S")
        assert (found.state, found.detail) == ("invalid", "another secret")

    def test_another_body_makes_no_difference(self) -> None:
        for token in (self.claim, "S"):
            assert judged("gitee", self.a_push(token, b"changed"), "S").state == "valid"

    def test_the_signature_is_good_for_an_hour_and_the_password_for_ever(self) -> None:
        later = NOW + timedelta(hours=1, seconds=1)
        found = judged("gitee", self.a_push(self.claim), "S", now=later)
        assert (found.state, found.detail) == ("stale", "signed 60 minutes before it arrived; 60 minutes are allowed")
        assert judged("gitee", self.a_push("S"), "S", now=later).state == "valid"


class TestGiteaAndItsKin:
    """What they sign is the JSON, wherever it travels."""

    KIN = pytest.mark.parametrize(
        ("provider", "header"),
        [("gogs", "X-Gogs-Signature"), ("gitea", "X-Gitea-Signature"), ("forgejo", "X-Forgejo-Signature")],
    )

    @KIN
    def test_in_a_form_the_payload_is_signed(self, provider: str, header: str) -> None:
        form = urlencode({"payload": JSON}).encode()
        message = with_header(a_message(form, content_type=FORM), header, digest(JSON))
        found = judged(provider, message, "S")
        assert (found.state, found.scheme, found.detail) == ("valid", provider, None)
        other = urlencode({"payload": JSON + " "}).encode()
        assert judged(provider, replace(message, body=other), "S").state == "invalid"

    @KIN
    def test_a_form_signed_as_it_is_holds_too(self, provider: str, header: str) -> None:
        form = urlencode({"payload": JSON}).encode()
        message = with_header(a_message(form, content_type=FORM), header, digest(form))
        assert judged(provider, message, "S").state == "valid"

    @KIN
    def test_without_a_body_the_querys_payload_is_signed(self, provider: str, header: str) -> None:
        query = urlencode({"payload": JSON})
        message = with_header(a_message(b"", f"/?{query}", "GET"), header, digest(JSON))
        assert judged(provider, message, "S").state == "valid"
        assert judged(provider, replace(message, target="/?payload=%7B%7D"), "S").state == "invalid"

    @KIN
    def test_hookcli_signs_the_json_too(self, provider: str, header: str) -> None:
        one = providers()[provider]
        form = a_message(urlencode({"payload": JSON}).encode(), content_type=FORM)
        for message in (form, a_message(b"", "/?" + urlencode({"payload": JSON}), "GET"), a_message(JSON.encode())):
            assert sign(one, message, "S").headers.get(header) == digest(JSON)

    def test_github_signs_the_form_as_it_is(self) -> None:
        form = urlencode({"payload": JSON}).encode()
        for signed_part, state in ((form, "valid"), (JSON.encode(), "invalid")):
            message = a_message(form, content_type=FORM, x_hub_signature_256=f"sha256={digest(signed_part)}")
            assert judged("github", message, "S").state == state

    def test_gitea_without_a_secret_sends_empty_signatures(self) -> None:
        message = a_message(
            BODY,
            x_gitea_event="push",
            x_gitea_signature="",
            x_gogs_signature="",
            x_hub_signature="sha1=",
            x_hub_signature_256="sha256=",
        )
        for secrets in ([], ["S"]):
            assert judged("gitea", message, *secrets).state == "unsigned"


@pytest.mark.parametrize(
    ("provider", "header", "value"),
    [
        ("github", "X-Hub-Signature-256", "sha256="),
        ("github", "X-Hub-Signature-256", ""),
        ("github", "X-Hub-Signature", "sha1="),
        ("gitlab", "webhook-signature", "v1,"),
        ("gitlab", "X-Gitlab-Token", ""),
        ("bitbucket", "X-Hub-Signature", "sha256="),
        ("bitbucket-server", "X-Hub-Signature", "sha256="),
        ("bitbucket-server", "Authorization", "Basic"),
        ("gitee", "X-Gitee-Token", ""),
        ("gogs", "X-Gogs-Signature", ""),
        ("forgejo", "X-Forgejo-Signature", ""),
        ("coding", "X-Coding-Signature", "sha1="),
        ("argo-events", "Authorization", "Bearer"),
        ("cloudevents", "Authorization", ""),
    ],
)
def test_an_empty_claim_is_none(provider: str, header: str, value: str) -> None:
    assert judged(provider, with_header(a_message(BODY), header, value), "S", WHSEC).state == "unsigned"


class TestTokens:
    @pytest.mark.parametrize("provider", ["argo-events", "cloudevents", "unknown", "gitea"])
    def test_a_bearer_token(self, provider: str) -> None:
        message = a_message(authorization="Bearer S")
        assert judged(provider, message, "T", "S") == Verdict(
            state="valid", scheme="bearer", header="Authorization", detail="it does not cover the body"
        )
        assert judged(provider, message, "T").state == "invalid"

    @pytest.mark.parametrize("provider", ["argo-events", "bitbucket-server", "unknown"])
    def test_basic_credentials(self, provider: str) -> None:
        message = a_message(authorization="Basic " + base64.b64encode("user:päss".encode()).decode())
        found = judged(provider, message, "user:päss")
        assert (found.state, found.scheme, found.header) == ("valid", "basic", "Authorization")
        assert judged(provider, message, "user:other").state == "invalid"
        assert judged(provider, message, "päss").state == "no secret"

    def test_a_free_text_as_gitea_has_it(self) -> None:
        found = judged("gitea", a_message(authorization="my own words"), "my own words")
        assert (found.state, found.scheme) == ("valid", "authorization")

    @pytest.mark.parametrize("provider", ["dockerhub", "dtr", "unknown"])
    @pytest.mark.parametrize("name", ["key", "token", "secret", "access_token"])
    def test_a_key_in_the_query(self, provider: str, name: str) -> None:
        key = "0a3b1e52-7d5d-4c57-9f0a-6a5f4a1c2b3d & more"
        message = a_message(BODY, f"/hook?a=1&{name}={quote(key)}")
        found = judged(provider, message, key)
        assert (found.state, found.scheme, found.header) == ("valid", f"query-{name}", f"?{name}")
        assert judged(provider, message, key[1:]).state == "invalid"

    def test_cloudevents_takes_its_token_from_the_query_too(self) -> None:
        found = judged("cloudevents", a_message(BODY, "/?access_token=S"), "S")
        assert (found.state, found.scheme) == ("valid", "query-access_token")

    def test_codings_oldest_webhooks_have_the_token_in_the_body(self) -> None:
        message = a_message(b'{"token": "S", "zen": "..."}', x_coding_event="ping")
        found = judged("coding", message, "S")
        assert (found.state, found.scheme, found.header) == ("valid", "body-token", "body.token")
        assert judged("coding", a_message(b'{"token": "\\ud800"}', x_coding_event="ping"), "S").state == "invalid"


class TestMaking:
    """A delivery is made with the headers of its provider, or it is said why not."""

    def test_the_same_occasion_makes_the_same_delivery(self) -> None:
        occasion = Occasion(timestamp=1700000000, random=lambda count: bytes(range(count)))
        one = providers()["github"]
        first, second = (dressed(one, BODY, event="push", occasion=occasion) for _ in range(2))
        assert first == second
        assert first.headers.get("X-GitHub-Delivery") == "00010203-0405-4607-8809-0a0b0c0d0e0f"
        assert first.headers.get("User-Agent") == "GitHub-Hookshot/0001020"
        assert first.headers.get("Content-Length") == str(len(BODY))

    def test_a_payload_tells_what_its_headers_need(self) -> None:
        body = b'{"zen": "Keep it logically awesome.", "repository": {"id": 1296269}}'
        message = dressed(providers()["github"], body, event=None, occasion=Occasion(timestamp=0))
        assert message.headers.get("X-GitHub-Event") == "ping"
        assert message.headers.get("X-GitHub-Hook-Installation-Target-ID") == "1296269"
        message = dressed(providers()["github"], b'{"zen": ""}', event=None, occasion=Occasion(timestamp=0))
        assert "X-GitHub-Hook-Installation-Target-ID" not in message.headers

    def test_an_event_that_can_not_be_told_is_asked_for(self) -> None:
        with pytest.raises(WrongInput, match="Which GitHub event this payload is") as raised:
            dressed(providers()["github"], b"{}", event=None, occasion=Occasion(timestamp=0))
        assert "--event (push, " in raised.value.fix

    @pytest.mark.parametrize(
        ("provider", "form"),
        [("github", r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), ("gitee", r"[0-9a-f]{32}")],
    )
    def test_a_delivery_id_has_the_providers_form(self, provider: str, form: str) -> None:
        made = {new_id(providers()[provider]) for _ in range(10)}
        assert len(made) == 10
        assert all(re.fullmatch(form, one) for one in made)

    @pytest.mark.parametrize("name", [one.id for one in providers().values() if sends_its_event(one)])
    def test_a_line_break_never_becomes_a_header(self, name: str) -> None:
        with pytest.raises(WrongInput, match="can't hold a line break"):
            dressed(providers()[name], b"{}", event="push\r\nX-Evil: 1", occasion=Occasion(timestamp=0))

    def test_nor_does_one_in_a_secret_an_id_or_a_payload(self) -> None:
        gitlab, coding = providers()["gitlab"], providers()["coding"]
        with pytest.raises(WrongInput, match="The header X-Gitlab-Token can't hold a line break"):
            sign(gitlab, plain(gitlab), "S\nX-Evil: 1")
        with pytest.raises(WrongInput, match="can't hold a line break"):
            dressed(gitlab, b"{}", event="Push Hook", occasion=Occasion(timestamp=0, id="1\n2"))
        message = dressed(coding, b'{"hook_id": "1\\r\\nX-Evil: 1"}', event="push", occasion=Occasion(timestamp=0))
        assert "X-Coding-Service-Hook-Id" not in message.headers

    def test_a_scheme_that_is_not_there_is_told(self) -> None:
        with pytest.raises(WrongInput, match="There is no scheme 'md5' here") as raised:
            sign(providers()["github"], a_message(BODY), "S", "md5")
        assert raised.value.fix == "There are: sha256, sha1."

    def test_a_secret_that_no_scheme_can_use_is_told(self) -> None:
        with pytest.raises(WrongInput, match="not of the form that signing-token needs"):
            sign(providers()["gitlab"], a_message(BODY), "plain", "signing-token")
        with pytest.raises(WrongInput, match="not of the form that basic needs"):
            sign(providers()["argo-events"], a_message(BODY), "plain", "basic")

    def test_a_weaker_scheme_is_made_alone_when_asked_for(self) -> None:
        message = sign(providers()["github"], a_message(BODY), "S", "sha1")
        assert message.headers.get("X-Hub-Signature") == f"sha1={digest(BODY, hash_name='sha1')}"
        assert "X-Hub-Signature-256" not in message.headers

    def test_by_default_a_provider_sends_all_that_it_sends(self) -> None:
        message = sign(providers()["forgejo"], a_message(BODY), "S")
        assert {name: value for name, value in message.headers if "Signature" in name} == {
            "X-Forgejo-Signature": digest(BODY),
            "X-Gitea-Signature": digest(BODY),
            "X-Gogs-Signature": digest(BODY),
            "X-Hub-Signature-256": f"sha256={digest(BODY)}",
            "X-Hub-Signature": f"sha1={digest(BODY, hash_name='sha1')}",
        }

    def test_the_other_fields_of_a_query_stay_when_a_key_is_taken_off(self) -> None:
        schemes = providers()["dockerhub"].signatures
        message = a_message(BODY, "/hook?a=1&key=old&b=%20&token=old")
        assert unsigned(message, schemes).target == "/hook?a=1&b=%20"
        assert unsigned(a_message(BODY, "/hook?key=old"), schemes).target == "/hook"
        assert unsigned(a_message(BODY, "/hook"), schemes).target == "/hook"
        assert sign(providers()["dockerhub"], message, "S").target == "/hook?a=1&b=%20&key=S"

    @pytest.mark.parametrize("name", fixtures.names())
    def test_the_event_that_a_bare_payload_tells_is_its_event(self, name: str) -> None:
        message = http_file.read(fixtures.load(name))
        one, content_type = providers()[name.partition("/")[0]], message.headers.get("content-type")
        bare = Message(headers=Headers([("Content-Type", content_type or "")]), body=message.body)
        told = inferred_event(one, Reading(bare))
        assert told in {identify(Reading(message)).event, None}
        assert told or not message.body or one.id not in FORGES


FORGES = {"github", "gitlab", "bitbucket", "bitbucket-server", "gitee", "gitea", "forgejo", "gogs", "coding"}
