"""Signed tokens that speak of the body, the URL or their time, against PyJWT."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hookcli.reading import Reading
from hookcli.signing.explain import explain
from hookcli.signing.jws import Jws
from hookcli.signing.sign import Occasion, signed
from hookcli.signing.verify import verify
from support import SAFETY, a_message

if TYPE_CHECKING:
    from hookcli.delivery import Message, Verdict

SECRET = "a secret that is as long as PyJWT wants a secret to be, for SHA-512 too"
BODY = '{"note": "Grüße"}'.encode()
URL = "https://hooks.example.com/in?a=1"
NOW = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
SCHEME = Jws(
    name="jwt",
    at="header:Authorization",
    prefix="Bearer ",
    claims=(("iss", "Sender"), ("body", "sha256:{body}"), ("url", "sha256:{url}")),
    issued="iat",
    tolerance=300,
)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def claims(**more: Any) -> dict[str, Any]:
    told = {"iss": "Sender", "body": sha256(BODY), "url": sha256(URL.encode()), "iat": int(NOW.timestamp()), **more}
    return {name: value for name, value in told.items() if value is not None}


def carrying(token: str, prefix: str = "Bearer ") -> Message:
    return a_message(BODY, authorization=prefix + token)


def judged(message: Message, scheme: Jws = SCHEME, *, at: datetime = NOW, secret: str = SECRET) -> Verdict:
    return verify(Reading(message), [scheme], [secret], now=at, url=URL)


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
def test_what_pyjwt_signs_is_valid_and_what_is_signed_here_pyjwt_decodes(algorithm: Any) -> None:
    scheme = replace(SCHEME, algorithm=algorithm)
    assert judged(carrying(jwt.encode(claims(more=[1]), SECRET, algorithm=algorithm)), scheme).state == "valid"
    occasion = Occasion(timestamp=NOW.timestamp())
    message = signed(a_message(BODY), [scheme], SECRET, occasion=occasion, delivery_id="", url=URL)
    word, _, token = message.headers.get("Authorization", "").partition(" ")
    assert word == "Bearer"
    assert jwt.decode(token, SECRET, algorithms=[algorithm], options={"verify_iat": False}) == claims()


@pytest.mark.parametrize("prefix", ["bearer ", "BEARER ", "Bearer   "])
def test_the_word_before_it_may_be_written_in_any_case(prefix: str) -> None:
    assert judged(carrying(jwt.encode(claims(), SECRET, algorithm="HS256"), prefix)).state == "valid"


@pytest.mark.parametrize("prefix", ["", "Basic ", "Token "])
def test_behind_another_word_there_is_none(prefix: str) -> None:
    assert judged(carrying("a.b.c", prefix)).state == "unsigned"


@pytest.mark.parametrize(
    ("changed", "detail"),
    [
        ({"iss": "Somebody"}, "iss in it is not Sender"),
        ({"iss": None}, "iss in it is not Sender"),
        ({"body": sha256(b"")}, "the body is not the one that body in it tells of"),
        ({"body": None}, "the body is not the one that body in it tells of"),
        ({"url": sha256(b"")}, "url in it is not what it should be"),
        ({"iat": None}, "it does not say when it was made: iat"),
        ({"iat": "1700000000"}, "it does not say when it was made: iat"),
        ({"iat": True}, "it does not say when it was made: iat"),
        ({"iat": 10**400}, "it does not say when it was made: iat"),
    ],
)
def test_a_claim_that_does_not_hold_is_named(changed: dict[str, Any], detail: str) -> None:
    found = judged(carrying(jwt.encode(claims(**changed), SECRET, algorithm="HS256")))
    assert (found.state, found.detail) == ("invalid", detail)


def test_it_is_good_for_its_time() -> None:
    message = carrying(jwt.encode(claims(), SECRET, algorithm="HS256"))
    assert judged(message, at=NOW + timedelta(seconds=300)).state == "valid"
    assert judged(message, at=NOW + timedelta(seconds=301)).state == "stale"
    assert judged(message, at=NOW - timedelta(seconds=301)).state == "stale"


def test_explain_finds_the_url() -> None:
    message = carrying(jwt.encode(claims(), SECRET, algorithm="HS256"))
    found = explain(Reading(message), [SCHEME], [SECRET], url="http://hooks.example.com/in/?a=1", seconds=SAFETY)
    assert f"the URL {URL}" in found.sentence


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])) | st.lists(st.text("eyJ9IQ-_=.")).map(".".join))
def test_any_text_in_its_place_is_only_another_token(text: str) -> None:
    assert judged(carrying(text)).state in {"invalid", "unsigned"}
