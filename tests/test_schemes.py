"""The signature primitives, against published vectors and against what the openssl program makes."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hookcli.delivery import Headers, Message, Verdict, to_wire
from hookcli.errors import WrongInput
from hookcli.identify import identify
from hookcli.providers.registry import providers
from hookcli.reading import Reading
from hookcli.signing.public_key import KeyPair
from hookcli.signing.schemes import Digest, Hmac, Signature, Token, decode_secret, encode
from hookcli.signing.sign import Occasion, signed
from hookcli.signing.template import SigningFacts, signed_bytes
from hookcli.signing.verify import verify
from support import SAFETY, a_message, a_payload

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hookcli.providers.spec import Provider
    from hookcli.signing.schemes import Encoding, Scheme, SecretForm

SECRET = "s3cret & séchée"
BODY = b'{"ref": "refs/heads/main", "text": "\xc3\xa9"}\n'
NOW = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
SECONDS = "1700000000"
"""NOW, since 1970."""


def openssl(*arguments: str | Path, data: bytes = b"") -> bytes:
    """What the openssl program answers."""
    done = subprocess.run(
        ["openssl", *map(str, arguments)], input=data, capture_output=True, check=True, timeout=SAFETY
    )
    return done.stdout


def hmac_by_openssl(hash_name: str, key: bytes, data: bytes) -> bytes:
    return openssl("dgst", f"-{hash_name}", "-mac", "HMAC", "-macopt", f"hexkey:{key.hex()}", "-binary", data=data)


def judged(message: Message, schemes: Scheme | Sequence[Scheme], *secrets: str, **more: Any) -> Verdict:
    """The verdict on a message under these schemes and secrets."""
    many = schemes if isinstance(schemes, list | tuple) else [schemes]
    return verify(Reading(message), many, secrets, **{"now": NOW, **more})  # type: ignore[arg-type]


def made(message: Message, scheme: Scheme, secret: str = SECRET, url: str | None = None) -> Message:
    """The message with this scheme's signature, made NOW."""
    occasion = Occasion(timestamp=NOW.timestamp())
    return signed(message, [scheme], secret, occasion=occasion, delivery_id="id-1", scheme=scheme.name, url=url)


class TestPublishedVectors:
    GITHUB = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    SLACK = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    SLACK_BODY = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    SLACK_SCHEME = Hmac(
        name="v0",
        at="header:X-Slack-Signature",
        prefix="v0=",
        signed="v0:{timestamp}:{body}",
        timestamp="header:X-Slack-Request-Timestamp",
        tolerance=300,
    )
    STANDARD_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    STANDARD = a_message(
        b'{"test": 2432232314}',
        webhook_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        webhook_timestamp="1614265330",
        webhook_signature="v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    )
    STANDARD_MOMENT = datetime.fromtimestamp(1614265330, UTC)

    def test_github(self) -> None:
        secret = "It's a Secret to Everybody"
        message = a_message(b"Hello, World!", x_github_event="push", x_hub_signature_256=self.GITHUB)
        schemes = providers()["github"].signatures
        assert judged(message, schemes, secret) == Verdict(state="valid", scheme="sha256", header="X-Hub-Signature-256")
        assert judged(replace(message, body=b"Hello, World"), schemes, secret).state == "invalid"
        again = made(a_message(b"Hello, World!"), schemes[0], secret)
        assert again.headers.get("X-Hub-Signature-256") == self.GITHUB

    @pytest.mark.parametrize("provider", ["gitlab", "unknown"])
    def test_standard_webhooks(self, provider: str) -> None:
        scheme = providers()[provider].signatures[0]
        assert judged(self.STANDARD, scheme, self.STANDARD_SECRET, now=self.STANDARD_MOMENT).state == "valid"
        again = signed(
            a_message(self.STANDARD.body),
            [scheme],
            self.STANDARD_SECRET,
            occasion=Occasion(timestamp=1614265330),
            delivery_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
            scheme=scheme.name,
        )
        for name in ("webhook-id", "webhook-timestamp", "webhook-signature"):
            assert again.headers.get(name) == self.STANDARD.headers.get(name)

    @pytest.mark.parametrize(
        ("name", "value"),
        [("webhook-id", "msg_other"), ("webhook-timestamp", "1614265331"), ("webhook-signature", "v1,AAAA")],
    )
    def test_standard_webhooks_signs_id_and_timestamp_too(self, name: str, value: str) -> None:
        message = replace(self.STANDARD, headers=self.STANDARD.headers.with_header(name, value))
        scheme = providers()["gitlab"].signatures[0]
        assert judged(message, scheme, self.STANDARD_SECRET, now=self.STANDARD_MOMENT).state == "invalid"

    def test_slack_through_a_declared_hmac(self) -> None:
        message = a_message(self.SLACK_BODY, x_slack_signature=self.SLACK, x_slack_request_timestamp="1531420618")
        secret, moment = "8f742231b10e8888abcd99yyyzzz85a5", datetime.fromtimestamp(1531420618, UTC)
        assert judged(message, self.SLACK_SCHEME, secret, now=moment).state == "valid"
        assert judged(message, self.SLACK_SCHEME, secret, now=moment + timedelta(seconds=301)).state == "stale"
        assert judged(message, self.SLACK_SCHEME, secret[1:], now=moment).state == "invalid"
        again = signed(
            a_message(self.SLACK_BODY),
            [self.SLACK_SCHEME],
            secret,
            occasion=Occasion(timestamp=1531420618),
            delivery_id="",
        )
        assert again.headers.get("X-Slack-Signature") == self.SLACK


WHSEC_KEY = b"\xff made of bytes that are no text"
WHSEC = "whsec_" + base64.b64encode(WHSEC_KEY).decode()


@dataclass(frozen=True)
class Documented:
    """A scheme as its provider documents it, written down without hookcli's declarations."""

    provider: str
    scheme: str
    header: str
    hash: str
    signed: bytes = BODY
    prefix: bytes = b""
    base64: bool = False
    secret: str = SECRET
    key: bytes = SECRET.encode()
    more: tuple[tuple[str, str], ...] = ()

    def message(self) -> Message:
        digest = hmac_by_openssl(self.hash, self.key, self.signed)
        claim = self.prefix + (base64.b64encode(digest) if self.base64 else digest.hex().encode())
        event = dict.fromkeys(EVENT_HEADERS[self.provider], "push")
        return Message(headers=Headers([*event.items(), *self.more, (self.header, claim.decode())]), body=BODY)


EVENT_HEADERS = {
    "github": ["X-GitHub-Event"],
    "gitlab": ["X-Gitlab-Event"],
    "bitbucket": ["X-Event-Key", "X-Hook-UUID"],
    "bitbucket-server": ["X-Event-Key", "X-Request-Id"],
    "gitee": ["X-Gitee-Event"],
    "gitea": ["X-Gitea-Event", "X-Gogs-Event", "X-GitHub-Event"],
    "forgejo": ["X-Forgejo-Event", "X-Gitea-Event", "X-Gogs-Event", "X-GitHub-Event"],
    "gogs": ["X-Gogs-Event", "X-Github-Event"],
    "coding": ["X-Coding-Event"],
    "unknown": [],
}
STANDARD_HEADERS = (("webhook-id", "msg_1"), ("webhook-timestamp", SECONDS))
GITEAS = [
    ("gogs", "X-Gogs-Signature", "sha256", b""),
    ("sha256", "X-Hub-Signature-256", "sha256", b"sha256="),
    ("sha1", "X-Hub-Signature", "sha1", b"sha1="),
]
DOCUMENTED = [
    Documented("github", "sha256", "X-Hub-Signature-256", "sha256", prefix=b"sha256="),
    Documented("github", "sha1", "X-Hub-Signature", "sha1", prefix=b"sha1="),
    Documented(
        "gitlab",
        "signing-token",
        "webhook-signature",
        "sha256",
        signed=b"msg_1." + SECONDS.encode() + b"." + BODY,
        prefix=b"v1,",
        base64=True,
        secret=WHSEC,
        key=WHSEC_KEY,
        more=STANDARD_HEADERS,
    ),
    Documented("bitbucket", "sha256", "X-Hub-Signature", "sha256", prefix=b"sha256="),
    Documented("bitbucket-server", "sha256", "X-Hub-Signature", "sha256", prefix=b"sha256="),
    Documented(
        "gitee",
        "sign",
        "X-Gitee-Token",
        "sha256",
        signed=f"{SECONDS}417\n{SECRET}".encode(),
        base64=True,
        more=(("X-Gitee-Timestamp", f"{SECONDS}417"),),
    ),
    Documented("gitea", "gitea", "X-Gitea-Signature", "sha256"),
    *(Documented("gitea", scheme, header, digest, prefix=prefix) for scheme, header, digest, prefix in GITEAS),
    Documented("forgejo", "forgejo", "X-Forgejo-Signature", "sha256"),
    Documented("forgejo", "gitea", "X-Gitea-Signature", "sha256"),
    *(Documented("forgejo", scheme, header, digest, prefix=prefix) for scheme, header, digest, prefix in GITEAS),
    Documented("gogs", "gogs", "X-Gogs-Signature", "sha256"),
    Documented("coding", "sha1", "X-Coding-Signature", "sha1", prefix=b"sha1="),
    Documented("unknown", "sha256", "X-Hub-Signature-256", "sha256", prefix=b"sha256="),
    Documented("unknown", "sha1", "X-Hub-Signature", "sha1", prefix=b"sha1="),
    Documented(
        "unknown",
        "standard-webhooks",
        "webhook-signature",
        "sha256",
        signed=b"msg_1." + SECONDS.encode() + b"." + BODY,
        prefix=b"v1,",
        base64=True,
        secret=WHSEC,
        key=WHSEC_KEY,
        more=STANDARD_HEADERS,
    ),
]


@pytest.mark.parametrize("one", DOCUMENTED, ids=lambda one: f"{one.provider}:{one.scheme}")
def test_what_openssl_signs_as_the_provider_documents_is_valid(one: Documented) -> None:
    message = one.message()
    whose = providers()[one.provider]
    found = judged(message, whose.signatures, one.secret)
    assert (found.state, found.scheme, (found.header or "").lower()) == ("valid", one.scheme, one.header.lower())
    assert judged(message, whose.signatures, one.secret + "x").state in {"invalid", "no secret"}
    assert identify(Reading(message)).provider == one.provider or one.provider == "unknown"


def test_every_scheme_of_the_documented_providers_stands_in_the_table() -> None:
    declared = {
        (provider, scheme.name)
        for provider in EVENT_HEADERS
        for scheme in providers()[provider].signatures
        if isinstance(scheme, Signature)
    }
    assert declared == {(one.provider, one.scheme) for one in DOCUMENTED}


DECLARED = [
    pytest.param(one, scheme, id=f"{one.id}:{scheme.name}:{scheme.signed[:16]}")
    for one in providers().values()
    for scheme in one.signatures
    if isinstance(scheme, Hmac | Digest)
]
URL = "https://hooks.example.com/in?a=1"


def secret_and_key(form: SecretForm) -> tuple[str, bytes]:
    """A secret of a form, and the key that it stands for."""
    encoded = base64.b64encode(WHSEC_KEY).decode()
    return {
        "hex": (WHSEC_KEY.hex(), WHSEC_KEY),
        "base64": (encoded, WHSEC_KEY),
        "whsec": (WHSEC, WHSEC_KEY),
        "whsec or base64": (WHSEC, WHSEC_KEY),
    }.get(form, (SECRET, SECRET.encode()))


def a_message_for(scheme: Signature) -> Message:
    """A message that has all that the scheme speaks for."""
    text = json.dumps(a_payload([*re.findall(r"\{body:([^}?]+)\??\}", scheme.signed), "ref"]))
    packed = urlencode({"payload": text})
    in_form = "{form" in scheme.signed
    return Message(
        method="PUT",
        target=f"/in?{packed}" if "{query:" in scheme.signed else "/in?a=1",
        headers=Headers(
            [
                ("Host", "localhost"),
                *((name, f"value of {name}") for name in re.findall(r"\{header:([^}?]+)\??\}", scheme.signed)),
                ("Content-Type", "application/x-www-form-urlencoded" if in_form else "application/json"),
            ]
        ),
        body=(packed if in_form else text).encode(),
    )


def written_out(scheme: Signature, message: Message, key: bytes, timestamp: str, url: str) -> bytes:
    """The bytes that the scheme's template means, without hookcli's own reading of it."""
    reading = Reading(message)

    def part(found: re.Match[bytes]) -> bytes:
        name = found[1].decode()
        plain = {
            "body": message.body,
            "body_md5": hashlib.md5(message.body).hexdigest().encode(),
            "secret": key,
            "timestamp": timestamp.encode(),
            "id": b"id-1",
            "url": url.encode(),
            "method": message.method.encode(),
            "target": message.target.encode(),
            "form": "".join(name + value for name, value in sorted(reading.form.items())).encode(),
        }
        return plain[name] if name in plain else to_wire(reading.word(name.rstrip("?")) or "")

    return re.sub(rb"\{([^{}]+)\}", part, scheme.signed.encode())


@pytest.mark.parametrize(("provider", "scheme"), DECLARED)
def test_what_is_signed_is_what_openssl_makes_of_it(provider: Provider, scheme: Hmac | Digest) -> None:
    secret, key = secret_and_key(scheme.secret)
    message = made(a_message_for(scheme), scheme, secret, url=URL)
    claim = Reading(message).word(scheme.at)
    assert claim
    # The hash of a body that stands in the query is a part of the URL.
    url = URL + message.target.removeprefix("/in?a=1")
    timestamp = {
        (False, False): SECONDS,
        (True, False): f"{SECONDS}000",
        (False, True): "2023-11-14T22:13:20Z",
    }[scheme.milliseconds, scheme.rfc3339]
    data = written_out(scheme, message, key, timestamp, url)
    if isinstance(scheme, Hmac):
        digest = hmac_by_openssl(scheme.hash, key, data)
    else:
        digest = openssl("dgst", f"-{scheme.hash}", "-binary", data=data)
    written = digest.hex() if scheme.encoding == "hex" else base64.b64encode(digest).decode()
    assert claim.endswith(scheme.prefix + written)
    found = judged(message, provider.signatures, secret, url=url)
    assert (found.state, found.scheme) == ("valid", scheme.name)


class TestLayouts:
    PAIRS = Hmac(
        name="v1",
        at="header:Stripe-Signature",
        signed="{timestamp}.{body}",
        layout="pairs",
        timestamp="pair:t",
        tolerance=300,
    )

    def claim(self, text: str) -> Message:
        digest = hmac_by_openssl("sha256", SECRET.encode(), SECONDS.encode() + b"." + BODY).hex()
        return a_message(BODY, stripe_signature=text.format(good=digest, bad="0" * 64))

    @pytest.mark.parametrize(
        "text",
        [
            "t=1700000000,v1={good}",
            "v1={good},t=1700000000",
            "t=1700000000, v1={good}",
            "t=1700000000,v1={bad},v1={good}",
            "t=1700000000,v1={good},v0={bad}",
        ],
    )
    def test_any_of_the_signatures_among_pairs_is_enough(self, text: str) -> None:
        assert judged(self.claim(text), self.PAIRS, SECRET).state == "valid"

    @pytest.mark.parametrize(
        ("text", "detail"),
        [
            ("t=1700000000,v1={bad}", "another secret, or the body was changed on its way"),
            ("t=1700000000,v0={good}", "there is no v1= in it"),
            ("t=1700000001,v1={good}", "another secret, or the body was changed on its way"),
            ("v1={good}", "the timestamp is missing: t="),
            ("{good}", "the timestamp is missing: t="),
            ("t=1700000000", "there is no v1= in it"),
        ],
    )
    def test_pairs_that_do_not_hold_say_why(self, text: str, detail: str) -> None:
        found = judged(self.claim(text), self.PAIRS, SECRET)
        assert (found.state, found.detail) == ("invalid", detail)

    def test_pairs_may_stand_apart_by_another_sign(self) -> None:
        scheme = replace(self.PAIRS, separator=";", pair="h1", timestamp="pair:ts")
        message = made(a_message(BODY), scheme)
        assert (message.headers.get("Stripe-Signature") or "").startswith("ts=1700000000;h1=")
        assert judged(message, scheme, SECRET).state == "valid"

    LIST = Hmac(name="l", at="header:Sig", prefix="v1,", layout="list", encoding="base64")

    @pytest.mark.parametrize("text", ["v1,{good}", "v1,AAAA v1,{good}", "v1a,AAAA v1,{good} v2,AAAA"])
    def test_any_of_a_list_is_enough(self, text: str) -> None:
        good = base64.b64encode(hmac_by_openssl("sha256", SECRET.encode(), BODY)).decode()
        assert judged(a_message(BODY, sig=text.format(good=good)), self.LIST, SECRET).state == "valid"

    @pytest.mark.parametrize(
        ("text", "detail"),
        [
            ("v1,AAAA", "another secret, or the body was changed on its way"),
            ("v2,AAAA", "it does not start with v1,"),
            ("garbage", "it does not start with v1,"),
        ],
    )
    def test_a_list_that_does_not_hold_says_why(self, text: str, detail: str) -> None:
        found = judged(a_message(BODY, sig=text), self.LIST, SECRET)
        assert (found.state, found.detail) == ("invalid", detail)

    def test_a_prefix_that_is_not_there_is_told(self) -> None:
        scheme = Hmac(name="s", at="header:Sig", prefix="sha256=")
        digest = hmac_by_openssl("sha256", SECRET.encode(), BODY).hex()
        assert judged(a_message(BODY, sig=f"sha256={digest}"), scheme, SECRET).state == "valid"
        found = judged(a_message(BODY, sig=digest), scheme, SECRET)
        assert (found.state, found.detail) == ("invalid", "it does not start with sha256=")

    @pytest.mark.parametrize(
        ("encoding", "written"),
        [
            ("hex", lambda digest: digest.hex()),
            ("base64", lambda digest: base64.b64encode(digest).decode()),
            ("base64url", lambda digest: base64.urlsafe_b64encode(digest).decode().rstrip("=")),
        ],
    )
    @pytest.mark.parametrize("hash_name", ["md5", "sha1", "sha256", "sha384", "sha512"])
    def test_every_hash_in_every_encoding(self, hash_name: Any, encoding: Encoding, written: Any) -> None:
        scheme = Hmac(name="s", at="header:Sig", hash=hash_name, encoding=encoding)
        digest = hmac_by_openssl(hash_name, SECRET.encode(), BODY)
        assert encode(digest, encoding) == written(digest)
        assert judged(a_message(BODY, sig=written(digest)), scheme, SECRET).state == "valid"
        assert made(a_message(BODY), scheme).headers.get("Sig") == written(digest)

    def test_hex_in_capitals_is_another_signature(self) -> None:
        scheme = Hmac(name="s", at="header:Sig")
        digest = hmac_by_openssl("sha256", SECRET.encode(), BODY).hex()
        assert judged(a_message(BODY, sig=digest.upper()), scheme, SECRET).state == "invalid"

    def test_a_percent_encoded_claim_counts_where_the_scheme_says_so(self) -> None:
        # A body whose signature has all that is escaped: + / =
        body = next(
            body
            for body in (b"%d" % number for number in range(1000))
            if {"+", "/"} <= set(encode(hashlib.sha256(body).digest(), "base64"))
        )
        scheme = Digest(name="s", at="header:Sig", encoding="base64", urlencoded_too=True)
        message = made(a_message(body), scheme)
        claim = message.headers.get("Sig") or ""
        escaped = replace(message, headers=message.headers.with_header("Sig", quote(claim, safe="")))
        assert "%2B" in (escaped.headers.get("Sig") or "")
        assert judged(escaped, scheme, SECRET).state == "valid"
        assert judged(escaped, replace(scheme, urlencoded_too=False), SECRET).state == "invalid"


class TestTimestamps:
    SCHEME = Hmac(name="s", at="header:Sig", signed="{timestamp}.{body}", timestamp="header:When", tolerance=300)

    @pytest.mark.parametrize(
        ("seconds", "state", "detail"),
        [
            (0, "valid", None),
            (300, "valid", None),
            (-300, "valid", None),
            (301, "stale", "signed 5 minutes before it arrived; 5 minutes are allowed"),
            (-301, "stale", "signed 5 minutes after it arrived; 5 minutes are allowed"),
            (86400 * 3, "stale", "signed 3 days before it arrived; 5 minutes are allowed"),
        ],
    )
    def test_a_signature_is_good_for_its_tolerance(self, seconds: int, state: str, detail: str | None) -> None:
        found = judged(made(a_message(BODY), self.SCHEME), self.SCHEME, SECRET, now=NOW + timedelta(seconds=seconds))
        assert (found.state, found.detail) == (state, detail)

    def test_another_tolerance_may_be_given(self) -> None:
        message, later = made(a_message(BODY), self.SCHEME), NOW + timedelta(hours=1)
        assert judged(message, self.SCHEME, SECRET, now=later, tolerance=3600.0).state == "valid"
        assert judged(message, self.SCHEME, SECRET, now=later, tolerance=3599.0).state == "stale"
        assert judged(message, self.SCHEME, SECRET, now=NOW, tolerance=0.0).state == "valid"

    def test_a_scheme_without_tolerance_is_good_for_ever(self) -> None:
        for_ever = replace(self.SCHEME, tolerance=None)
        later = NOW + timedelta(days=3650)
        assert judged(made(a_message(BODY), for_ever), for_ever, SECRET, now=later).state == "valid"
        assert judged(made(a_message(BODY), for_ever), for_ever, SECRET, now=later, tolerance=1.0).state == "valid"

    def test_a_wrong_signature_is_wrong_before_it_is_old(self) -> None:
        message = made(a_message(BODY), self.SCHEME, "another")
        assert judged(message, self.SCHEME, SECRET, now=NOW + timedelta(days=1)).state == "invalid"

    def test_a_timestamp_that_is_missing_is_told(self) -> None:
        message = made(a_message(BODY), self.SCHEME)
        for value in (None, ""):
            bare = replace(message, headers=message.headers.with_header("When", value))
            found = judged(bare, self.SCHEME, SECRET)
            assert (found.state, found.detail) == ("invalid", "the timestamp is missing: When")

    @pytest.mark.parametrize(
        ("options", "written"),
        [
            ({}, "1700000000"),
            ({"milliseconds": True}, "1700000000000"),
            ({"rfc3339": True}, "2023-11-14T22:13:20Z"),
        ],
    )
    def test_a_timestamp_is_written_as_the_scheme_says(self, options: Any, written: str) -> None:
        scheme = replace(self.SCHEME, **options)
        message = made(a_message(BODY), scheme)
        assert message.headers.get("When") == written
        assert judged(message, scheme, SECRET, now=NOW + timedelta(seconds=300)).state == "valid"
        assert judged(message, scheme, SECRET, now=NOW + timedelta(seconds=301)).state == "stale"

    @pytest.mark.parametrize(
        "when", ["2023-11-14T22:13:20.123456789Z", "2023-11-14T22:13:20.5Z", "2023-11-15T00:13:20+02:00"]
    )
    def test_rfc_3339_is_read_with_any_fraction_and_zone(self, when: str) -> None:
        scheme = replace(self.SCHEME, rfc3339=True)
        digest = hmac_by_openssl("sha256", SECRET.encode(), when.encode() + b"." + BODY).hex()
        message = a_message(BODY, when=when, sig=digest)
        assert judged(message, scheme, SECRET).state == "valid"
        assert judged(message, scheme, SECRET, now=NOW + timedelta(seconds=302)).state == "stale"

    @pytest.mark.parametrize("when", ["soon", "nan", "inf", "9" * 400, "-1e300", "\u0663"])
    @pytest.mark.parametrize("options", [{}, {"milliseconds": True}, {"rfc3339": True}])
    def test_a_timestamp_that_is_none_breaks_nothing(self, when: str, options: Any) -> None:
        scheme = replace(self.SCHEME, **options)
        assert judged(a_message(BODY, when=when, sig="00"), scheme, SECRET).state == "invalid"


class TestTemplates:
    FACTS = SigningFacts(timestamp=NOW.timestamp(), id="id-1")

    def bytes_of(self, template: str, message: Message, **more: Any) -> bytes | None:
        return signed_bytes(template, Reading(message), b"key", replace(self.FACTS, **more), SECONDS)

    def test_a_template_is_text_with_facts_in_it(self) -> None:
        message = a_message(b"\xff{body}", "/in?b=2&a=%7B", "PUT", x_nonce="n")
        template = "v0:{timestamp}:{id}:{method}:{target}:{query:a}:{header:X-Nonce}:{secret}:{body}"
        assert self.bytes_of(template, message) == b"v0:1700000000:id-1:PUT:/in?b=2&a=%7B:{:n:key:\xff{body}"

    def test_without_the_body_nothing_of_it_is_read(self) -> None:
        assert self.bytes_of("{timestamp}", a_message(b"\xff")) == b"1700000000"
        assert self.bytes_of("{body}", a_message(b"\xff\x00")) == b"\xff\x00"

    def test_form_fields_are_sorted_and_run_together(self) -> None:
        # Twilio's way: the URL, and then every field's name and value.
        message = a_message(b"To=%2B1&From=a+b&A=%C3%A9", content_type="application/x-www-form-urlencoded")
        assert self.bytes_of("{url}{form}", message, url="https://e.org/x") == "https://e.org/xAéFroma bTo+1".encode()

    @pytest.mark.parametrize(
        ("headers", "url"),
        [
            ({}, "http://localhost/in?a=1"),
            ({"x_forwarded_proto": "https", "x_forwarded_host": "e.org"}, "https://e.org/in?a=1"),
            ({"x_forwarded_proto": "https, http"}, "https://localhost/in?a=1"),
        ],
    )
    def test_the_url_is_the_one_that_was_called_as_far_as_the_message_tells(
        self, headers: dict[str, str], url: str
    ) -> None:
        assert self.bytes_of("{url}", a_message(b"", "/in?a=1", **headers)) == url.encode()
        assert self.bytes_of("{url}", a_message(b"", "/in?a=1", **headers), url="https://told") == b"https://told"

    def test_a_body_that_is_no_form_has_no_form_to_sign(self) -> None:
        assert self.bytes_of("{url}{form}", a_message(b'{"a": 1}'), url="https://e.org/x") is None
        assert self.bytes_of("{url}{form}", a_message(b""), url="https://e.org/x") == b"https://e.org/x"

    def test_what_is_not_there_is_not_signed_unless_it_may_be_absent(self) -> None:
        assert self.bytes_of("{header:X-Gone}{body}", a_message(b"a")) is None
        assert self.bytes_of("{header:X-Gone?}{body}", a_message(b"a")) == b"a"

    def test_what_is_in_brackets_is_left_out_alone(self) -> None:
        template = "a\n{body:a}\n[b\n{body:b}\n][c{body:c}d{body:a}]e"
        assert self.bytes_of(template, a_message(b'{"a": "1", "b": "2"}')) == b"a\n1\nb\n2\ne"
        assert self.bytes_of(template, a_message(b'{"a": "1", "c": ""}')) == b"a\n1\ncd1e"
        assert self.bytes_of(template, a_message(b'{"b": "2"}')) is None

    def test_brackets_and_braces_of_a_value_are_text(self) -> None:
        template = "[{body:a}]{body:b}"
        assert self.bytes_of(template, a_message(b'{"a": "]{body:b}[", "b": "[x]"}')) == b"]{body:b}[[x]"

    @pytest.mark.parametrize(("body", "sum_of_it"), [(b"", b"0"), (b"123456789", b"3421780262"), (b"a", b"3904355907")])
    def test_a_body_may_be_signed_by_its_crc_32_in_decimal(self, body: bytes, sum_of_it: bytes) -> None:
        # 0xCBF43926 is the check value of CRC-32 (ISO-HDLC) for the nine digits.
        assert self.bytes_of("{id}|{crc32}", a_message(body)) == b"id-1|" + sum_of_it
        assert Hmac(name="s", at="header:Sig", signed="{crc32}").covers_body

    def test_a_word_that_no_template_knows_is_told(self) -> None:
        with pytest.raises(ValueError, match=r"knows no \{colour\}"):
            self.bytes_of("{colour}", a_message())

    def test_a_body_may_be_signed_by_its_hash(self) -> None:
        scheme = Hmac(name="s", at="header:Sig", signed="{target}", body_hash="header:Content-Sha256")
        message = made(a_message(BODY, "/in"), scheme)
        digest = openssl("dgst", "-sha256", "-binary", data=BODY).hex()
        assert message.headers.get("Content-Sha256") == digest
        assert scheme.covers_body
        assert judged(message, scheme, SECRET).state == "valid"
        found = judged(replace(message, body=b"changed"), scheme, SECRET)
        assert (found.state, found.detail) == ("invalid", "the body is not the one that Content-Sha256 tells of")
        claimed = message.headers.with_header("Content-Sha256", None)
        assert judged(replace(message, headers=claimed), scheme, SECRET).state == "invalid"

    @pytest.mark.parametrize(
        ("signed_template", "covers"),
        [
            ("{body}", True),
            ("{id}.{timestamp}.{body}", True),
            ("{form:payload}", True),
            ("{query:payload}", True),
            ("{timestamp}\n{secret}", False),
            ("{url}", False),
        ],
    )
    def test_a_scheme_knows_whether_it_covers_the_body(self, signed_template: str, covers: bool) -> None:  # noqa: FBT001
        assert Hmac(name="s", at="header:Sig", signed=signed_template).covers_body is covers


class TestPutting:
    """A claim is put into a header, the query or a JSON body."""

    SCHEME = Token(name="t", at="body:auth.token")

    def test_a_body_is_written_anew_with_its_length(self) -> None:
        message = made(a_message('{"text": "é", "n": 1}'.encode()), self.SCHEME, "S")
        assert message.body == '{"text":"é","n":1,"auth":{"token":"S"}}'.encode()
        assert message.headers.get("Content-Length") == str(len(message.body))
        assert judged(message, self.SCHEME, "S").state == "valid"

    def test_half_of_a_surrogate_pair_in_it_stays_the_escape_that_it_was(self) -> None:
        message = made(a_message(b'{"half":"\\ud83d"}'), self.SCHEME, "S")
        assert message.body == b'{"half":"\\ud83d","auth":{"token":"S"}}'

    def test_a_field_of_the_query_is_replaced(self) -> None:
        scheme = Token(name="t", at="query:key")
        for target in ("/in", "/in?key=old", "/in?key=old&key=older"):
            assert made(a_message(target=target), scheme, "a&b=c é").target == "/in?key=a%26b%3Dc%20%C3%A9"
        assert made(a_message(target="/in?a=1&monkey=2"), scheme, "S").target == "/in?a=1&monkey=2&key=S"


class TestWhen:
    """A scheme may be for those deliveries alone that say so."""

    ONE = Hmac(name="one", at="header:Sig", hash="sha1", when="header:Version=1")
    TWO = Hmac(name="two", at="header:Sig", when="header:Version=2")

    def test_a_claim_is_of_the_scheme_that_the_message_says(self) -> None:
        for version, scheme, hash_name in (("1", "one", "sha1"), ("2", "two", "sha256")):
            digest = hmac_by_openssl(hash_name, SECRET.encode(), BODY).hex()
            message = a_message(BODY, version=version, sig=digest)
            found = judged(message, [self.TWO, self.ONE], SECRET)
            assert (found.state, found.scheme) == ("valid", scheme)
            other = replace(message, headers=message.headers.with_header("Version", "12"[version == "1"]))
            assert judged(other, [self.TWO, self.ONE], SECRET).state == "invalid"

    def test_one_that_says_another_or_nothing_claims_nothing(self) -> None:
        digest = hmac_by_openssl("sha1", SECRET.encode(), BODY).hex()
        for more in ({}, {"version": "3"}):
            assert judged(a_message(BODY, sig=digest, **more), [self.TWO, self.ONE], SECRET).state == "unsigned"

    @pytest.mark.parametrize(("version", "signed_by"), [("1", "one"), ("2", "two"), (None, "two")])
    def test_signing_goes_by_what_it_says_and_says_it_where_it_does_not(
        self, version: str | None, signed_by: str
    ) -> None:
        bare = a_message(BODY, **({"version": version} if version else {}))
        message = signed(
            bare, [self.TWO, self.ONE], SECRET, occasion=Occasion(timestamp=NOW.timestamp()), delivery_id=""
        )
        assert message.headers.get("Version") == {"one": "1", "two": "2"}[signed_by]
        assert judged(message, [self.TWO, self.ONE], SECRET).scheme == signed_by

    def test_a_scheme_that_is_named_says_itself(self) -> None:
        message = made(a_message(BODY, version="2"), self.ONE)
        assert message.headers.get("Version") == "1"


class TestSecrets:
    @pytest.mark.parametrize(
        ("secret", "form", "key"),
        [
            ("plain é", "plain", "plain é".encode()),
            (" kept ", "plain", b" kept "),
            ("00ff", "hex", b"\x00\xff"),
            ("00FF\n", "hex", b"\x00\xff"),
            ("zz", "hex", None),
            ("AP8=", "base64", b"\x00\xff"),
            ("A*8=", "base64", None),
            ("", "base64", None),
            ("whsec_AP8=", "whsec", b"\x00\xff"),
            (" whsec_AP8= ", "whsec", b"\x00\xff"),
            ("AP8=", "whsec", None),
            ("whsec_", "whsec", None),
            ("whsec_***", "whsec", None),
            ("AP8=", "whsec or base64", b"\x00\xff"),
            ("whsec_AP8=", "whsec or base64", b"\x00\xff"),
            ("whsec_AP8=", "not whsec", None),
            ("password", "not whsec", b"password"),
            ("user:pass:word", "user:password", b"user:pass:word"),
            ("password", "user:password", None),
        ],
    )
    def test_a_secret_is_decoded_by_its_form(self, secret: str, form: SecretForm, key: bytes | None) -> None:
        assert decode_secret(secret, form) == key


class TestTokens:
    @pytest.mark.parametrize("at", ["header:X-Gitlab-Token", "query:key", "body:token"])
    def test_a_token_is_the_secret_itself(self, at: str) -> None:
        scheme = Token(name="t", at=at)
        message = made(a_message(b"{}"), scheme)
        assert Reading(message).word(at) == SECRET
        found = judged(message, scheme, SECRET)
        assert (found.state, found.detail) == ("valid", "it does not cover the body")
        found = judged(message, scheme, SECRET + "x")
        assert (found.state, found.detail) == ("invalid", "the token is another one")

    @pytest.mark.parametrize("value", ["Bearer S", "bearer S", "BEARER  S"])
    def test_a_bearer_token_is_found_in_any_case(self, value: str) -> None:
        scheme = Token(name="b", at="header:Authorization", style="bearer")
        assert judged(a_message(authorization=value), scheme, "S").state == "valid"

    @pytest.mark.parametrize(
        ("value", "state"),
        [
            ("Basic dXNlcjpwYXNz", "valid"),
            ("basic dXNlcjpwYXNz", "valid"),
            ("Basic dXNlcjpvdGhlcg==", "invalid"),
            ("Basic ***", "invalid"),
            ("Basic user:pass", "invalid"),
            ("Bearer dXNlcjpwYXNz", "unsigned"),
            ("Basic", "unsigned"),
            ("", "unsigned"),
        ],
    )
    def test_basic_is_user_and_password_in_base64(self, value: str, state: str) -> None:
        scheme = Token(name="b", at="header:Authorization", style="basic")
        assert judged(a_message(authorization=value), scheme, "user:pass").state == state

    @pytest.mark.parametrize("value", ["Basic ***", "Basic user:pass", "Basic dXNlcjpw-YXNz", "Basic dXNlcjpwYXN"])
    def test_basic_credentials_that_are_no_base64_are_told(self, value: str) -> None:
        scheme = Token(name="b", at="header:Authorization", style="basic")
        found = judged(a_message(authorization=value), scheme, "user:pass")
        assert (found.state, found.detail) == ("invalid", "the credentials are not base64")

    @pytest.mark.parametrize(
        ("body", "state"),
        [
            (b'{"all": [{"key": "S"}]}', "valid"),
            (b'{"all": [{"key": "S"}, {"key": "S"}]}', "valid"),
            (b'{"all": [{"key": "S"}, {"key": "T"}]}', "invalid"),
            (b'{"all": [{"key": "S"}, {}]}', "invalid"),
            (b'{"all": [{"key": "S"}, null, 1]}', "invalid"),
            (b'{"all": [{"key": ["S"]}]}', "unsigned"),
            (b'{"all": []}', "unsigned"),
            (b'{"all": {"*": {"key": "S"}}}', "valid"),
            (b"[]", "unsigned"),
        ],
    )
    def test_each_one_of_a_list_has_to_have_it(self, body: bytes, state: str) -> None:
        assert judged(a_message(body), Token(name="t", at="body:all.*.key"), "S").state == state

    def test_it_is_put_into_each_one_of_a_list(self) -> None:
        scheme = Token(name="t", at="body:all.*.key")
        assert made(a_message(b'{"all":[{"n":1},{"key":"T"}]}'), scheme, "S").body == (
            b'{"all":[{"n":1,"key":"S"},{"key":"S"}]}'
        )
        assert made(a_message(b"{}"), scheme, "S").body == b'{"all":[{"key":"S"}]}'
        with pytest.raises(WrongInput, match="has not all that is signed"):
            made(a_message(b'{"all":[]}'), scheme, "S")

    def test_a_list_in_the_place_of_one_word_is_no_token(self) -> None:
        assert judged(a_message(b'{"token": ["S"]}'), Token(name="t", at="body:token"), "S").state == "unsigned"

    def test_basic_needs_user_and_password(self) -> None:
        scheme = Token(name="b", at="header:Authorization", style="basic")
        found = judged(a_message(authorization="Basic dXNlcjpwYXNz"), scheme, "pass")
        assert (found.state, found.detail) == ("no secret", "no secret of the form it needs is known")

    @settings(deadline=None)
    @given(st.binary(max_size=20), st.text(max_size=20))
    def test_any_bytes_in_its_place_are_only_another_token(self, value: bytes, secret: str) -> None:
        message = Message(headers=Headers([(b"Authorization", b"Bearer " + value)]))
        scheme = Token(name="b", at="header:Authorization", style="bearer")
        found = judged(message, scheme, secret)
        assert (found.state == "valid") == (value.strip() == to_wire(secret))


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Private and public keys of each algorithm, made by openssl."""
    folder = tmp_path_factory.mktemp("keys")
    for name, options in {
        "ed25519": ["-algorithm", "ed25519"],
        "ecdsa": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
        "rsa": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
    }.items():
        openssl("genpkey", *options, "-out", folder / f"{name}.private.pem")
        openssl("pkey", "-in", folder / f"{name}.private.pem", "-pubout", "-out", folder / f"{name}.public.pem")
    return folder


PAIRS = [
    KeyPair(name="ed25519", at="header:Sig", algorithm="ed25519"),
    KeyPair(name="ecdsa", at="header:Sig", algorithm="ecdsa", encoding="base64"),
    KeyPair(name="rsa", at="header:Sig", algorithm="rsa", encoding="base64"),
    KeyPair(name="rsa", at="header:Sig", algorithm="rsa", hash="sha512"),
]


@pytest.mark.parametrize("scheme", PAIRS, ids=lambda scheme: f"{scheme.kind} {scheme.encoding}")
class TestKeyPairs:
    def by_openssl(self, scheme: KeyPair, keys: Path) -> bytes:
        file = keys / "body"
        file.write_bytes(BODY)
        private = keys / f"{scheme.algorithm}.private.pem"
        # Ed25519 signs what it is given; the others sign its hash.
        digest = [] if scheme.algorithm == "ed25519" else ["-digest", scheme.hash]
        return openssl("pkeyutl", "-sign", "-rawin", *digest, "-inkey", private, "-in", file)

    def test_what_openssl_signs_is_valid(self, scheme: KeyPair, keys: Path) -> None:
        signature = self.by_openssl(scheme, keys)
        written = signature.hex() if scheme.encoding == "hex" else base64.b64encode(signature).decode()
        public = (keys / f"{scheme.algorithm}.public.pem").read_text()
        assert judged(a_message(BODY, sig=written), scheme, public).state == "valid"
        assert judged(a_message(BODY + b" ", sig=written), scheme, public).state == "invalid"
        assert judged(a_message(BODY, sig=written[:-4] + "0000"), scheme, public).state == "invalid"
        assert judged(a_message(BODY, sig="no signature"), scheme, public).state == "invalid"

    def test_what_hookcli_signs_openssl_finds_valid(self, scheme: KeyPair, keys: Path) -> None:
        message = made(a_message(BODY), scheme, (keys / f"{scheme.algorithm}.private.pem").read_text())
        claim = message.headers.get("Sig") or ""
        signature, body = keys / "signature", keys / "body"
        signature.write_bytes(bytes.fromhex(claim) if scheme.encoding == "hex" else base64.b64decode(claim))
        body.write_bytes(BODY)
        digest = [] if scheme.algorithm == "ed25519" else ["-digest", scheme.hash]
        public = keys / f"{scheme.algorithm}.public.pem"
        told = openssl(
            "pkeyutl", "-verify", "-rawin", *digest, "-pubin", "-inkey", public, "-in", body, "-sigfile", signature
        )
        assert b"Signature Verified Successfully" in told

    def test_a_key_may_be_pem_or_der_in_base64(self, scheme: KeyPair, keys: Path) -> None:
        private, public = (keys / f"{scheme.algorithm}.{kind}.pem" for kind in ("private", "public"))
        private_der = openssl("pkey", "-in", private, "-outform", "DER")
        public_der = openssl("pkey", "-pubin", "-in", public, "-pubout", "-outform", "DER")
        message = made(a_message(BODY), scheme, base64.b64encode(private_der).decode())
        for key in (
            public.read_text(),
            private.read_text(),
            base64.b64encode(public_der).decode(),
            public_der.hex(),
            f"\n{base64.b64encode(public_der).decode()}\n",
        ):
            assert judged(message, scheme, key).state == "valid"

    def test_a_certificate_holds_the_public_key(self, scheme: KeyPair, keys: Path) -> None:
        private = keys / f"{scheme.algorithm}.private.pem"
        certificate = openssl("req", "-x509", "-key", private, "-subj", "/CN=localhost", "-days", "2").decode()
        message = made(a_message(BODY), scheme, private.read_text())
        for written in (certificate, f"subject=CN = localhost\n\n{certificate}\n"):
            assert judged(message, scheme, written).state == "valid"
            assert judged(replace(message, body=b"changed"), scheme, written).state == "invalid"

    def test_a_word_that_both_sides_sign_may_stand_before_the_key(self, scheme: KeyPair, keys: Path) -> None:
        private, public = ((keys / f"{scheme.algorithm}.{kind}.pem").read_text() for kind in ("private", "public"))
        shared = replace(scheme, signed="{secret}:{body}")
        message = made(a_message(BODY), shared, f"word\n{private}")
        assert judged(message, shared, f"word\n{public}").state == "valid"
        assert judged(message, shared, f"other\n{public}").state == "invalid"
        assert judged(message, shared, public).state == "no secret"
        # The word is a part of what is signed, and nothing else of the secret is.
        assert judged(replace(message, body=b"word:" + BODY), scheme, public).state == "valid"

    def test_a_public_key_can_not_sign(self, scheme: KeyPair, keys: Path) -> None:
        with pytest.raises(WrongInput, match="the key is a public one"):
            made(a_message(BODY), scheme, (keys / f"{scheme.algorithm}.public.pem").read_text())

    @pytest.mark.parametrize(
        "secret", ["", "no key", "00" * 31, "whpk_", "-----BEGIN PUBLIC KEY-----\n", "é", "\udcff"]
    )
    def test_what_is_no_key_is_passed_over(self, scheme: KeyPair, keys: Path, secret: str) -> None:
        assert scheme.key(secret) is None
        public = (keys / f"{scheme.algorithm}.public.pem").read_text()
        message = made(a_message(BODY), scheme, (keys / f"{scheme.algorithm}.private.pem").read_text())
        assert judged(message, scheme, secret).state == "no secret"
        assert judged(message, scheme, secret, public).state == "valid"

    def test_a_key_of_another_algorithm_is_passed_over(self, scheme: KeyPair, keys: Path) -> None:
        other = "rsa" if scheme.algorithm != "rsa" else "ecdsa"
        assert scheme.key((keys / f"{other}.public.pem").read_text()) is None


def test_an_ed25519_key_may_be_its_bare_bytes(keys: Path) -> None:
    scheme = PAIRS[0]
    # The bytes stand at the end of the DER form. Source: RFC 8410, sections 4 and 7.
    seed = openssl("pkey", "-in", keys / "ed25519.private.pem", "-outform", "DER")[-32:]
    public = openssl("pkey", "-pubin", "-in", keys / "ed25519.public.pem", "-pubout", "-outform", "DER")[-32:]
    message = made(a_message(BODY), scheme, "whsk_" + base64.b64encode(seed + public).decode())
    for key in (public.hex(), base64.b64encode(public).decode(), "whpk_" + base64.b64encode(public).decode()):
        assert judged(message, scheme, key).state == "valid"
        assert judged(replace(message, body=b"changed"), scheme, key).state == "invalid"


def test_a_plain_hash_has_the_secret_in_it() -> None:
    scheme = Digest(name="d", at="header:Sig", hash="sha1", signed="{secret}{body}")
    digest = openssl("dgst", "-sha1", "-binary", data=SECRET.encode() + BODY).hex()
    assert made(a_message(BODY), scheme).headers.get("Sig") == digest
    assert judged(a_message(BODY, sig=digest), scheme, SECRET).state == "valid"
    assert judged(a_message(BODY, sig=digest), scheme, "other").state == "invalid"
