"""Mistakes with key pairs, timestamps, tokens and the writing of a signature: each made for real, and named."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from hookcli import fixtures
from hookcli.delivery import Headers, Message
from hookcli.examine import examine, explain_verdict
from hookcli.formats import http_file
from hookcli.providers.registry import provider
from hookcli.reading import Reading
from hookcli.render.explanation import side_by_side
from hookcli.signing.explain import Explanation, explain
from hookcli.signing.schemes import Hmac, Token
from hookcli.signing.secrets import Secrets
from hookcli.signing.sign import Occasion, signed
from support import a_delivery, hookcli

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
SECONDS = str(int(NOW.timestamp()))
VALUE = {"id": "1", "note": "Grüße / <b>"}
SPACED = json.dumps(VALUE, ensure_ascii=False).encode()
COMPACT = json.dumps(VALUE, ensure_ascii=False, separators=(",", ":")).encode()

ED25519 = ed25519.Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"hookcli").digest())
ECDSA = ec.derive_private_key(0x686F6F6B636C69, ec.SECP256R1())
RSA = rsa.generate_private_key(65537, 1024)


def why(message: Message, whose: str, *secrets: str, others: tuple[tuple[str, str], ...] = ()) -> Explanation:
    known = Secrets((*((None, one) for one in secrets), *others))
    declared = provider(whose)
    assert examine(message, known, now=NOW, taken_as=declared).verdict.state in {"invalid", "no secret"}
    found = explain_verdict(message, declared, known, seconds=20)
    assert found.complete
    return found


def of_discord(body: bytes, over: bytes | None = None) -> Message:
    """Signed with Ed25519, by `cryptography` and not by hookcli."""
    signature = ED25519.sign(SECONDS.encode() + (body if over is None else over))
    headers = [("X-Signature-Ed25519", signature.hex()), ("X-Signature-Timestamp", SECONDS)]
    return Message(headers=Headers([*headers, ("Content-Type", "application/json")]), body=body)


def of_sendgrid(body: bytes, signature: bytes) -> Message:
    name = "X-Twilio-Email-Event-Webhook"
    pairs = [(f"{name}-Signature", base64.b64encode(signature).decode()), (f"{name}-Timestamp", SECONDS)]
    return Message(headers=Headers([*pairs, ("Content-Type", "application/json")]), body=body)


def pem(key: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


RAW_KEY = ED25519.public_key().public_bytes_raw()


class TestKeyPairs:
    def test_a_body_that_was_written_anew(self) -> None:
        assert "JSON.stringify" in why(of_discord(SPACED, over=COMPACT), "discord", RAW_KEY.hex()).sentence

    def test_a_body_that_was_changed_twice(self) -> None:
        found = why(of_discord(SPACED, over=b"\xef\xbb\xbf" + COMPACT), "discord", RAW_KEY.hex())
        assert ["JSON.stringify" in found.mistakes[0].what, "byte order mark" in found.mistakes[1].what] == [True, True]

    def test_a_line_end_that_belongs_to_the_body(self) -> None:
        signature = ECDSA.sign(SECONDS.encode() + COMPACT + b"\r\n", ec.ECDSA(hashes.SHA256()))
        found = why(of_sendgrid(COMPACT, signature), "sendgrid", pem(ECDSA))
        assert "one more Windows line end" in found.sentence
        assert found.expected is None

    @pytest.mark.parametrize(
        ("given", "named"),
        [
            (pem(ED25519).replace("\n", "\\n"), "the line ends that its PEM has lost"),
            (base64.b64encode(pem(ED25519).encode()).decode(), "the key in the base64"),
            (ED25519.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode(), "OpenSSH's form"),
            ("0x" + RAW_KEY.hex(), "without 0x before it"),
            (base64.urlsafe_b64encode(bytes.fromhex(RAW_KEY.hex())).decode().rstrip("="), "base64url was given"),
            (f'"{RAW_KEY.hex()}"', "without the quotes around it"),
        ],
    )
    def test_a_key_in_another_form(self, given: str, named: str) -> None:
        assert named in why(of_discord(SPACED), "discord", given).sentence

    def test_the_key_of_another_provider(self) -> None:
        other = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes_raw().hex()
        found = why(of_discord(SPACED), "discord", other, others=(("standard-webhooks", RAW_KEY.hex()),))
        assert found.sentence == "the signature holds for the secret for standard-webhooks"

    def test_a_signature_that_is_no_der(self) -> None:
        r, s = decode_dss_signature(ECDSA.sign(SECONDS.encode() + COMPACT, ec.ECDSA(hashes.SHA256())))
        raw = r.to_bytes(32, "big") + s.to_bytes(32, "big")
        assert "r and s alone" in why(of_sendgrid(COMPACT, raw), "sendgrid", pem(ECDSA)).sentence

    def test_another_hash(self) -> None:
        form = http_file.read(fixtures.load("travis-ci/push.passed"))
        payload = Reading(form).form["payload"].encode()
        signature = RSA.sign(payload, padding.PKCS1v15(), hashes.SHA256())
        headers = form.headers.with_header("Signature", base64.b64encode(signature).decode())
        found = why(replace(form, headers=headers), "travis-ci", pem(RSA))
        assert "the hash sha256, where sha1 belongs" in found.sentence

    @given(st.binary(min_size=1, max_size=40).filter(lambda noise: noise.strip() != b""))
    def test_any_other_body_is_not_found(self, noise: bytes) -> None:
        message = of_discord(SPACED[:5] + noise + SPACED[5:], over=SPACED)
        known = Secrets(((None, RAW_KEY.hex()),))
        if examine(message, known, now=NOW).verdict.state == "invalid":
            assert not explain_verdict(message, provider("discord"), known).mistakes


def test_a_plain_hash_that_has_the_secret_in_it() -> None:
    nonce = "n0nce"
    digest = hashlib.sha256(f"{SECONDS}{nonce}hookcli".encode() + COMPACT).hexdigest()
    pairs = [("X-Lark-Request-Timestamp", SECONDS), ("X-Lark-Request-Nonce", nonce), ("X-Lark-Signature", digest)]
    message = Message(headers=Headers([*pairs, ("Content-Type", "application/json")]), body=SPACED)
    found = why(message, "feishu", "hookcli\n")
    assert ["JSON.stringify" in found.mistakes[0].what, "line end" in found.mistakes[1].what] == [True, True]


DATED = Hmac(name="dated", at="header:X-Sig", signed="{timestamp}.{body}", timestamp="header:X-Time", tolerance=300)


def signed_at(told: str, moment: str, *more: tuple[str, str], scheme: Hmac = DATED) -> Message:
    """A message that says one moment and is signed with another; an empty one is not told."""
    digest = scheme.made(f"{moment}.".encode() + SPACED, b"hookcli")
    pairs = [("X-Time", told)] if told else []
    return Message(headers=Headers([("X-Sig", digest.hex()), *pairs, *more]), body=SPACED)


class TestTimestamps:
    @pytest.mark.parametrize(
        ("told", "moment", "named"),
        [
            (SECONDS, f"{SECONDS}000", "in milliseconds; X-Time has"),
            (f"{SECONDS}123", SECONDS, "in seconds; X-Time has"),
            (SECONDS, "2026-01-31T12:00:00Z", "as a date and time; X-Time has"),
            ("2026-01-31T12:00:00.123456789Z", SECONDS, "in seconds since 1970; X-Time has"),
        ],
    )
    def test_another_unit_or_form(self, told: str, moment: str, named: str) -> None:
        found = explain(Reading(signed_at(told, moment)), [DATED], ["hookcli"])
        assert [named in mistake.what for mistake in found.mistakes] == [True]

    def test_another_header(self) -> None:
        date = format_datetime(NOW, usegmt=True)
        later = str(int(SECONDS) + 7)
        for moment, header, named in (
            (date, ("Date", date), "the header Date"),
            (SECONDS, ("Date", date), "the moment in the header Date"),
            (SECONDS, ("X-Sent", SECONDS), "which the header X-Sent tells"),
        ):
            found = explain(Reading(signed_at(later, moment, header)), [DATED], ["hookcli"])
            assert [named in mistake.what for mistake in found.mistakes] == [True]

    @pytest.mark.parametrize(("told", "named"), [("", "which X-Time has lost"), ("1", "where X-Time has 1")])
    def test_one_that_was_lost_or_changed_is_found_around_the_arrival(self, told: str, named: str) -> None:
        message = signed_at(told, SECONDS)
        came = a_delivery(message, received_at=NOW + timedelta(seconds=42))
        assert named in explain(Reading(came), [DATED], ["hookcli"]).sentence
        # Without an arrival there is nothing to look around.
        assert not explain(Reading(message), [DATED], ["hookcli"]).mistakes

    def test_an_old_one_is_no_riddle(self, tmp_path: Path) -> None:
        file = tmp_path / "old.http"
        file.write_bytes(http_file.write(http_file.read(fixtures.load("slack/url_verification"))))
        result = hookcli("explain", file, "--secret", "hookcli")
        assert result.code == 1
        assert "! stale" in result.text
        assert "`hookcli replay ID --secret SECRET` signs it anew" in result.text


STRIPE = provider("stripe")
EVENT = http_file.read(fixtures.load("stripe/checkout_session_completed"))


class TestWriting:
    def claim(self, form: str, now: float | None = None) -> Message:
        """Stripe's event with the signature written in another form; {t} and {v1} are its parts."""
        now = int(time.time() if now is None else now)
        fresh = signed(EVENT, STRIPE.signatures, "hookcli", occasion=Occasion(timestamp=now), delivery_id="1")
        value = fresh.headers.get("Stripe-Signature", "")
        parts = dict(part.split("=") for part in value.split(","))
        return replace(fresh, headers=fresh.headers.with_header("Stripe-Signature", form.format_map(parts)))

    @pytest.mark.parametrize(
        ("form", "named"),
        [
            ("t={t},v0={v1}", ["a signature under `v0=`"]),
            ("t={t};v1={v1}", ["which t= tells, but not", "not apart from the rest by `,`"]),
            ("t={t},v1=sha256={v1}", ["a signature that begins with sha256="]),
            ("t={t},v1={v1:.40}", ["cut off: 40 of its 64 characters"]),
            ('t={t},v1="{v1}"', ["quotes"]),
        ],
    )
    def test_a_signature_that_is_written_otherwise(self, form: str, named: list[str]) -> None:
        found = explain(Reading(self.claim(form)), STRIPE.signatures, ["hookcli"])
        assert [part in mistake.what for part, mistake in zip(named, found.mistakes, strict=True)] == [True] * len(
            named
        )

    def test_a_pair_that_is_missing(self) -> None:
        found = explain(Reading(a_delivery(self.claim("{v1}"))), STRIPE.signatures, ["hookcli"])
        assert "a signature alone, where it should be written v1=..." in found.sentence
        assert "which t= has lost" in found.sentence

    def test_the_expected_one_is_written_as_the_one_that_came(self) -> None:
        now = time.time()
        found = explain(Reading(self.claim("t={t},v1=00", now)), STRIPE.signatures, ["hookcli"])
        assert found.expected == self.claim("t={t},v1={v1}", now).headers.get("Stripe-Signature")

    def test_what_differs_is_marked(self) -> None:
        lines = [line.plain for line in side_by_side("sha256=AB0123456789cd", "sha256=ab0123456789")]
        assert lines == [
            "  received",
            "    sha256=AB0123456789cd",
            "           ^^          ^^",
            "  expected",
            "    sha256=ab0123456789",
            "           ^^",
        ]

    def test_what_has_nothing_in_common_is_not(self) -> None:
        left, right = (hashlib.sha256(word).hexdigest() for word in (b"a", b"b"))
        lines = [line.plain for line in side_by_side(f"sha256={left}", f"sha256={right}")]
        assert lines == ["  received", f"    sha256={left}", "  expected", f"    sha256={right}"]
        assert all(len(line) < 80 for line in lines)


class TestTokens:
    def found(self, scheme: Token, value: str, *secrets: str) -> list[str]:
        message = Message(headers=Headers([("X-Token", value)]), target=f"/?token={value}")
        return [mistake.what for mistake in explain(Reading(message), [scheme], secrets).mistakes]

    @pytest.mark.parametrize(
        ("style", "value", "secret", "named"),
        [
            ("plain", "Bearer hookcli", "hookcli", ["behind the word Bearer"]),
            ("plain", "Bearer hookcli", "hookcli\n", ["behind the word Bearer", "line end behind it"]),
            ("plain", "aG9va2NsaQ==", "hookcli", ["the secret encoded in base64"]),
            ("plain", "hook%26cli", "hook&cli", ["the secret percent-encoded"]),
            ("plain", '"hookcli"', "hookcli", ["quotes around it"]),
            ("plain", "\thookcli ", "hookcli", ["blanks around the token"]),
            ("plain", "another", "hookcli", []),
            ("basic", "Basic " + base64.b64encode(b"me:hookcli").decode(), "hookcli", ["the user name me"]),
            ("basic", "Basic !", "hookcli", []),
        ],
    )
    def test_a_token_that_is_another_one(self, style: str, value: str, secret: str, named: list[str]) -> None:
        scheme = Token(name="token", at="header:X-Token", style="basic" if style == "basic" else "plain")
        told = self.found(scheme, value, secret)
        assert [part in what for part, what in zip(named, told, strict=True)] == [True] * len(named)

    def test_a_plus_in_a_query(self) -> None:
        scheme = Token(name="key", at="query:token")
        assert "+ for each blank" in self.found(scheme, "hook+cli", "hook+cli")[0]


def test_it_looks_at_the_signature_that_was_judged() -> None:
    """A signature that no secret can be a key for is passed over, in the verdict and here."""
    standard = Hmac(name="v1", at="header:X-Standard", secret="whsec")
    plain = Hmac(name="sha256", at="header:X-Plain")
    headers = Headers([("X-Standard", "00"), ("X-Plain", plain.made(SPACED, b"hookcli").hex())])
    found = explain(Reading(Message(headers=headers, body=SPACED + b"\n")), [standard, plain], ["hookcli"])
    assert found.header == "X-Plain"
    assert "without its last newline" in found.sentence


def test_a_secret_of_the_wrong_form_is_explained_too(tmp_path: Path) -> None:
    file = tmp_path / "ping.http"
    file.write_bytes(http_file.write(of_discord(SPACED)))
    escaped = pem(ED25519).replace("\n", "\\n")
    result = hookcli("explain", file, "--secret", escaped)
    assert result.code == 1
    assert "? no secret" in result.text
    assert "The signature holds for the key with the line ends that its PEM has lost" in result.text
    assert "its PEM has lost" in hookcli("verify", file, "--secret", escaped).text
    (record,) = hookcli("explain", file, "--secret", escaped, "--json").records
    assert record["mistakes"][0]["fix"]


def test_a_large_body_takes_no_longer() -> None:
    """The quick changes are still found; what was left out is said to have been."""
    body = b'{"a": "' + b"x" * 5_000_000 + b'"}'
    message = Message(headers=Headers([("X-Sig", Hmac(name="s", at="header:X-Sig").made(body, b"k").hex())]), body=body)
    plain = [Hmac(name="s", at="header:X-Sig")]
    late = explain(Reading(replace(message, body=body + b"\n")), plain, ["k"], seconds=20)
    assert "without its last newline" in late.sentence
    other = explain(Reading(replace(message, body=b"?" + body)), plain, ["k"], seconds=20)
    assert not other.mistakes
    assert not other.complete
