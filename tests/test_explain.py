"""Why did my signature fail? Each mistake is made for real and has to be named; anything else is "not found"."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from hookcli import fixtures
from hookcli.examine import examine, explain_verdict
from hookcli.formats import http_file
from hookcli.providers.registry import provider
from hookcli.reading import Reading
from hookcli.signing.explain import Foreign, explain
from hookcli.signing.public_key import KeyPair
from hookcli.signing.schemes import Digest, Hmac
from hookcli.signing.secrets import Secrets
from hookcli.signing.sign import Occasion, signed
from support import SAFETY, a_message, hookcli, listening, post

if TYPE_CHECKING:
    from pathlib import Path

    from hookcli.delivery import Message
    from hookcli.providers.spec import Provider
    from hookcli.signing.explain import Explanation

SECRET = "hookcli"
PUSH = http_file.read(fixtures.load("github/push"))
FORM = http_file.read(fixtures.load("github/push.form"))
GITHUB = provider("github")


def signed_push(body: bytes, secret: str = SECRET, message: Message = PUSH) -> Message:
    """GitHub's push with this body, signed by the sender as GitHub does."""
    fresh = replace(message, body=body)
    return signed(fresh, GITHUB.signatures, secret, occasion=Occasion(timestamp=0), delivery_id="1")


def arrives_as(body: bytes, message: Message) -> Message:
    """The same delivery, its body changed after it was signed."""
    return replace(message, body=body)


def why(message: Message, *secrets: str | tuple[str, str], declared: Provider = GITHUB) -> Explanation:
    pairs = tuple((None, one) if isinstance(one, str) else one for one in secrets or (SECRET,))
    assert examine(message, Secrets(pairs), now=MOMENT, taken_as=declared).verdict.state == "invalid"
    return explain_verdict(message, declared, Secrets(pairs), seconds=SAFETY)


MOMENT = datetime(2026, 1, 31, tzinfo=UTC)
VALUE = json.loads(PUSH.body)
TEXT = {**VALUE, "note": "Grüße, <b>&</b> ключ / 鍵"}


def compact(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def as_go(data: bytes) -> bytes:
    return data.replace(b"<", b"\\u003c").replace(b">", b"\\u003e").replace(b"&", b"\\u0026")


@pytest.mark.parametrize(
    ("mine", "theirs", "named"),
    [
        ("hookcli\n", "hookcli", "without the line end behind it"),
        ("hookcli\r\n", "hookcli", "without the line end behind it"),
        (" hookcli ", "hookcli", "without the blanks around it"),
        ("hookcli", "hookcli\n", "a newline behind it"),
        ("hookcli", "hookcli ", "a blank behind it"),
        ('"hookcli"', "hookcli", "without the quotes around it"),
        ("hookcli", "'hookcli'", "with quotes around it"),
        (base64.b64encode(b"hookcli").decode(), "hookcli", "decoded from base64"),
        (b"hookcli".hex(), "hookcli", "decoded from hex"),
        ("hookcli", base64.b64encode(b"hookcli").decode(), "encoded in base64"),
        ("hookcli", b"hookcli".hex(), "encoded in hex"),
        ("whsec_aG9va2NsaQ==", "aG9va2NsaQ==", "without whsec_"),
        ("hook%26cli", "hook&cli", "percent-encoding undone"),
        ("hook&cli", "hook%26cli", "percent-encoded"),
        ("SECRET=hookcli", "hookcli", "behind the first `=`"),
        ("HookCLI", "hookcli", "lower case"),
    ],
)
def test_a_mistake_with_the_secret_is_named(mine: str, theirs: str, named: str) -> None:
    found = why(signed_push(PUSH.body, theirs), mine)
    assert len(found.mistakes) == 1
    assert named in found.sentence


@pytest.mark.parametrize(
    ("sent", "arrived", "named"),
    [
        (compact(TEXT), json.dumps(TEXT).encode(), "JSON.stringify"),
        (json.dumps(TEXT).encode(), compact(TEXT), "json.dumps"),
        (json.dumps(VALUE, indent=2).encode(), compact(VALUE), "indented by two spaces"),
        (json.dumps(VALUE, indent=4).encode(), compact(VALUE), "indented by four spaces"),
        (json.dumps(VALUE, indent="\t").encode(), compact(VALUE), "indented by tabs"),
        (json.dumps(TEXT, sort_keys=True).encode(), compact(TEXT), "keys sorted"),
        (json.dumps(TEXT, separators=(",", ":")).encode(), compact(TEXT), "letters escaped"),
        (compact(TEXT).replace(b"/", b"\\/"), compact(TEXT), "PHP"),
        (
            compact(TEXT).replace(b"<", b"\\u003c").replace(b">", b"\\u003e").replace(b"&", b"\\u0026"),
            compact(TEXT),
            "Go",
        ),
        (compact(VALUE), compact(VALUE) + b"\n", "without its last newline"),
        (compact(VALUE), compact(VALUE) + b"\r\n", "without its last Windows line end"),
        (compact(VALUE) + b"\n", compact(VALUE), "one more newline"),
        (b"a\nb\nc", b"a\r\nb\r\nc", "Unix line ends"),
        (b"a\r\nb\r\nc", b"a\nb\nc", "Windows line ends"),
        (b"plain", b"\xef\xbb\xbfplain", "without the byte order mark"),
        (b"\xef\xbb\xbfplain", b"plain", "with a byte order mark"),
        (b"  plain  ", b"plain", None),
        (b"plain", b"  plain  ", "without the blanks around it"),
        ("Grüße".encode("latin-1"), "Grüße".encode(), "Latin-1"),
        ("Grüße".encode(), "Grüße".encode().decode("latin-1").encode(), "which it was already"),
        (b"", b"{}", "an empty body"),
    ],
)
def test_a_mistake_with_the_body_is_named(sent: bytes, arrived: bytes, named: str | None) -> None:
    found = why(arrives_as(arrived, signed_push(sent)))
    if named is None:
        assert not found.mistakes
    else:
        assert len(found.mistakes) == 1
        assert named in found.sentence
        assert found.mistakes[0].fix


def test_a_body_that_was_unpacked_on_its_way_by_a_proxy_is_named() -> None:
    packed = gzip.compress(PUSH.body, mtime=0)
    assert "packed by gzip" in why(arrives_as(PUSH.body, signed_push(packed))).sentence


def test_a_body_that_was_packed_after_it_was_signed_is_named() -> None:
    message = signed_push(PUSH.body)
    message = replace(message, headers=message.headers.with_header("Content-Encoding", "gzip"))
    assert "unpacked" in why(arrives_as(gzip.compress(PUSH.body), message)).sentence


def test_a_form_checked_by_its_payload_is_named() -> None:
    payload = Reading(FORM).form["payload"].encode()
    assert "the JSON in the form's `payload`" in why(arrives_as(FORM.body, signed_push(payload, message=FORM))).sentence


def test_the_payload_of_a_form_that_was_signed_whole_is_named() -> None:
    payload = Reading(FORM).form["payload"].encode()
    whole = signed_push(FORM.body, message=FORM)
    bare = replace(whole, headers=whole.headers.with_header("Content-Type", "application/json"))
    assert "a form's `payload`" in why(arrives_as(payload, bare)).sentence


def test_two_mistakes_together_are_named() -> None:
    found = why(arrives_as(json.dumps(VALUE, indent=2).encode(), signed_push(compact(VALUE))), "hookcli\n")
    assert len(found.mistakes) == 2
    assert "serialised again" in found.sentence
    assert "line end behind it" in found.sentence


def test_the_secret_of_another_provider_is_named() -> None:
    found = why(signed_push(PUSH.body, "theirs"), "mine", ("gitlab", "theirs"))
    assert found.sentence == "the signature holds for the secret for gitlab"


def with_claim(value: str) -> Message:
    message = signed_push(PUSH.body)
    return replace(message, headers=message.headers.with_header("X-Hub-Signature-256", value))


CLAIM = signed_push(PUSH.body).headers.get("X-Hub-Signature-256", "")
DIGEST = bytes.fromhex(CLAIM.removeprefix("sha256="))


@pytest.mark.parametrize(
    ("claim", "named"),
    [
        ("sha256=" + base64.b64encode(DIGEST).decode(), "a digest in base64, where hex belongs"),
        ("sha256=" + DIGEST.hex().upper(), "a digest in hex with capital letters"),
        (DIGEST.hex(), "does not begin with sha256="),
        (signed_push(PUSH.body).headers.get("X-Hub-Signature", ""), "the hash sha1, where sha256 belongs"),
    ],
)
def test_a_digest_that_is_made_or_written_otherwise_is_named(claim: str, named: str) -> None:
    assert named in why(with_claim(claim)).sentence


URL_SIGNED = Hmac(name="url", at="header:X-Signature", signed="{url}{body}", encoding="base64")


@pytest.mark.parametrize(
    ("told", "named"),
    [
        ("https://hooks.example.com/in?a=1", "https://hooks.example.com/in?a=1"),
        ("https://hooks.example.com:443/in?a=1", "with the port"),
        ("http://hooks.example.com/in/?a=1", "slash at its end"),
        ("https://hooks.example.com/in", "without its query"),
    ],
)
def test_the_url_before_a_proxy_is_named(told: str, named: str) -> None:
    message = a_message(b"{}", target="/in?a=1")
    message = replace(message, headers=message.headers.with_header("Host", "hooks.example.com"))
    sent = signed(message, [URL_SIGNED], SECRET, occasion=Occasion(timestamp=0), delivery_id="", url=told)
    found = explain(Reading(sent), [URL_SIGNED], [SECRET])
    assert len(found.mistakes) == 1
    assert named in found.sentence


def test_the_scheme_of_another_provider_is_named() -> None:
    foreign = Hmac(name="dated", at="header:X-Signature", signed="{header:X-Time}.{body}", encoding="hex")
    own = Hmac(name="plain", at="header:X-Signature")
    message = a_message(b"{}", x_time="1700000000")
    sent = signed(message, [foreign], SECRET, occasion=Occasion(timestamp=0), delivery_id="")
    found = explain(Reading(sent), [own], [SECRET], foreign=[Foreign("Example", foreign)])
    assert "which is what Example signs" in found.sentence


def test_a_token_with_a_newline_is_named() -> None:
    gitlab = http_file.read(fixtures.load("gitlab/push_hook"))
    found = why(gitlab, "hookcli\n", declared=provider("gitlab"))
    assert "without the line end behind it" in found.sentence
    assert found.received is None
    assert found.expected is None


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=8, max_size=64), st.integers(0, len(PUSH.body)))
def test_any_other_break_is_not_found_and_never_guessed(noise: bytes, place: int) -> None:
    broken = PUSH.body[:place] + noise + PUSH.body[place:]
    message = arrives_as(broken, signed_push(PUSH.body))
    if examine(message, Secrets(((None, SECRET),)), now=MOMENT).verdict.state == "invalid":
        found = explain_verdict(message, GITHUB, Secrets(((None, SECRET),)))
        if noise.strip():
            assert not found.mistakes


@settings(max_examples=30, deadline=None)
@given(st.text(min_size=12, max_size=40))
def test_another_secret_is_not_found_and_never_guessed(secret: str) -> None:
    assert not why(signed_push(PUSH.body, "a-secret-nobody-has-got"), secret.replace("\x00", "") or "x").mistakes


def test_the_search_is_bounded() -> None:
    """The time is handed in; what was not looked at by then is said not to have been."""
    message = arrives_as(PUSH.body + b"changed", signed_push(PUSH.body))
    found = explain(Reading(message), GITHUB.signatures, [SECRET], seconds=-1.0)
    assert not found.complete
    assert not found.mistakes


def test_the_command_names_the_mistake_and_the_fix(tmp_path: Path) -> None:
    file = tmp_path / "delivery.http"
    file.write_bytes(http_file.write(arrives_as(json.dumps(VALUE, indent=2).encode(), signed_push(compact(VALUE)))))
    result = hookcli("explain", file, "--secret", SECRET)
    assert result.code == 1
    assert "serialised again" in result.text
    assert "request.get_data()" in result.text
    assert CLAIM.split("=")[0] in result.text


def test_the_command_shows_the_signed_bytes_and_what_was_tried(tmp_path: Path) -> None:
    file = tmp_path / "delivery.http"
    file.write_bytes(http_file.write(arrives_as(b"x" * 2000, signed_push(PUSH.body))))
    result = hookcli("explain", file, "--secret", SECRET, "--show-bytes")
    assert result.code == 1
    assert "No known mistake" in result.text
    assert "Tried" in result.text
    assert "00000000  78 78" in result.text
    assert "000007c0  78 78" in result.text


def test_the_command_speaks_json(tmp_path: Path) -> None:
    file = tmp_path / "delivery.http"
    file.write_bytes(http_file.write(signed_push(PUSH.body)))
    (record,) = hookcli("explain", file, "--secret", "hookcli\n", "--json").records
    assert record["verdict"]["state"] == "invalid"
    assert record["mistakes"][0]["what"] == "the secret without the line end behind it"
    assert record["received"] == CLAIM


def test_a_signature_that_holds_needs_no_explanation() -> None:
    result = hookcli("explain", "github/push", "--secret", SECRET)
    assert result.code == 0
    assert "valid" in result.text


def test_verify_explains_in_short() -> None:
    result = hookcli("verify", "github/push", "--secret", "hookcli ")
    assert result.code == 1
    assert "without the blanks around it" in result.text


def test_the_listener_explains_in_one_line(tmp_path: Path) -> None:
    with listening(tmp_path / "store.db", "--secret", "hookcli ", "--count", "1") as listener:
        post(listener.port, PUSH)
        shown = listener.ended().text
    assert "✗ invalid" in shown
    assert "without the blanks around it" in shown


ED25519 = ed25519.Ed25519PrivateKey.generate()
ECDSA = ec.generate_private_key(ec.SECP256R1())
RSA = rsa.generate_private_key(65537, 2048)
PAIRS = {"ed25519": ED25519, "ecdsa": ECDSA, "rsa": RSA}


def private(key: Any) -> str:
    return str(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode())


def public(key: Any) -> str:
    return str(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode())


@pytest.mark.parametrize("algorithm", PAIRS)
def test_of_a_key_pair_bodies_urls_and_other_keys_are_searched(algorithm: Any) -> None:
    scheme = KeyPair(name="k", at="header:Sig", algorithm=algorithm, signed="{url}{body}")
    key = PAIRS[algorithm]
    sent = signed(
        a_message(compact(TEXT)),
        [scheme],
        private(key),
        occasion=Occasion(timestamp=0),
        delivery_id="",
        url="https://hooks.example.com/in",
    )
    arrived = arrives_as(json.dumps(TEXT).encode(), sent)
    found = explain(Reading(arrived), [scheme], [public(key)], url="http://hooks.example.com/in", seconds=SAFETY)
    assert "as JSON.stringify writes it" in found.sentence
    assert "the URL https://hooks.example.com/in" in found.sentence
    found = explain(
        Reading(sent),
        [scheme],
        [],
        others=[("github", public(key))],
        url="https://hooks.example.com/in",
        seconds=SAFETY,
    )
    assert found.sentence == "the signature holds for the secret for github"


@pytest.mark.parametrize("algorithm", PAIRS)
def test_of_a_key_pair_that_nothing_explains_the_bytes_are_shown(algorithm: Any) -> None:
    scheme = KeyPair(name="k", at="header:Sig", algorithm=algorithm)
    message = a_message(b"unsigned", sig="00")
    found = explain(Reading(message), [scheme], [public(PAIRS[algorithm])], seconds=SAFETY)
    assert (found.mistakes, found.scheme, found.signed, found.expected) == ((), "k", b"unsigned", None)
    assert not any("blanks" in tried and "secret" in tried for tried in found.tried)


def test_of_a_plain_hash_the_secret_and_the_body_are_searched() -> None:
    scheme = Digest(name="d", at="header:Sig", signed="{secret}{body}")
    sent = signed(a_message(b"body"), [scheme], "hookcli", occasion=Occasion(timestamp=0), delivery_id="")
    found = explain(Reading(arrives_as(b"body\n", sent)), [scheme], ["hookcli\n"], seconds=SAFETY)
    assert "the secret without the line end behind it" in found.sentence
    assert "the body without its last newline" in found.sentence
    right = explain(Reading(arrives_as(b"other", sent)), [scheme], ["hookcli"])
    assert right.signed == b"hookcliother"
    assert right.expected == hashlib.sha256(b"hookcliother").hexdigest()
