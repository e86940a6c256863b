"""A message that may be given away: its secrets masked, and else the same bytes."""

from __future__ import annotations

import gzip
import json
import zlib
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hookcli import fixtures
from hookcli.delivery import Headers, Message
from hookcli.formats import http_file
from hookcli.identify import identify
from hookcli.mask import PLAIN_MASK, Masked, mask_for, masked, masked_json
from hookcli.providers.registry import providers
from hookcli.reading import Reading, place
from hookcli.signing.schemes import Token
from support import a_message

if TYPE_CHECKING:
    from collections.abc import Callable

FORM = "application/x-www-form-urlencoded"

keys = st.sampled_from(["password", "Token", "key", "a", "ä", 'quo"te', "b\\c"])
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just("hunter2"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=10,
)


def hidden(value: Any, *, secret: bool = False) -> Any:
    """What a JSON value is to be when it is masked, worked out on the value instead of the text."""
    if isinstance(value, dict):
        return {key: hidden(inner, secret=key.lower() in {"password", "token"}) for key, inner in value.items()}
    if isinstance(value, list):
        # The key above a list of values speaks for each of them, not for what stands in objects inside.
        return [hidden(inner, secret=secret) for inner in value]
    is_word = isinstance(value, str) and value.strip('"').strip("*•") not in {"", "null", "true", "false"}
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return PLAIN_MASK if secret and (is_word or is_number) else value


@given(values, st.sampled_from([None, 1]), st.booleans())
def test_json_keeps_its_layout_and_all_but_its_secrets(value: Any, indent: int | None, ascii_only: bool) -> None:  # noqa: FBT001
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    mask = mask_for("unknown", sign=PLAIN_MASK)
    assert masked_json(text, mask) == json.dumps(hidden(value), indent=indent, ensure_ascii=ascii_only)


def test_json_keeps_digits_escapes_blanks_and_double_keys() -> None:
    body = b'\xef\xbb\xbf{ "n" : 1.0e+400,\r\n "s":"\\u0041\\/", "token" : "hunter2" , "token":17, "n":-0.0}\n'
    found, where = masked(a_message(body), "unknown")
    assert found.body == body.replace(b'"hunter2"', b'"******"').replace(b"17", b'"******"')
    assert found.headers.get("content-length") == str(len(found.body))
    assert where == Masked(body=True)


@pytest.mark.parametrize(
    ("body", "after"),
    [
        (r'{"pass\u0077ord": "hunter2"}', r'{"pass\u0077ord": "******"}'),
        ('{"tokens": ["hunter2"]}', '{"tokens": ["hunter2"]}'),
        ('{"token": ["a", ["b"], {"c": "d"}]}', '{"token": ["******", ["******"], {"c": "d"}]}'),
    ],
)
def test_a_key_tells_of_a_secret(body: str, after: str) -> None:
    assert masked(a_message(body.encode()), "unknown")[0].body.decode() == after


@pytest.mark.parametrize(
    "body",
    [
        '{"password": "********", "token": null, "secret": "", "api_key": true}',
        '{"secret": "••••"}',
        "[1, 2",
        "password=hunter2",
    ],
)
def test_what_is_no_secret_stays(body: str) -> None:
    message = a_message(body.encode())
    assert masked(message, "unknown") == (message, Masked())


@pytest.mark.parametrize("coding", ["utf-8", "utf-16", "utf-32"])
def test_json_stays_in_its_own_encoding(coding: str) -> None:
    found, _ = masked(a_message('{"password": "hünter2", "ä": 1}'.encode(coding)), "unknown")
    assert found.body == '{"password": "******", "ä": 1}'.encode(coding)


@pytest.mark.parametrize(("coding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_a_coded_body_stays_coded(coding: str, pack: Callable[[bytes], bytes]) -> None:
    message = a_message(pack(b'{"password": "hunter2"}'), content_encoding=coding)
    found, where = masked(message, "unknown")
    assert Reading(found).content == b'{"password": "******"}'
    assert found.headers.get("content-length") == str(len(found.body))
    assert where.body
    harmless = a_message(pack(b'{"a": 1}'), content_encoding=coding)
    assert masked(harmless, "unknown")[0] is harmless


def test_a_form_keeps_its_escapes() -> None:
    body = b"token=hunter2&text=a+b%0a%0A&x&response_url=https%3A%2F%2Fh&payload=%7B%22password%22%3A%22hunter2%22%7D"
    found, _ = masked(a_message(body, content_type=FORM), "slack")
    assert found.body == (
        b"token=******&text=a+b%0a%0A&x&response_url=******&payload=%7B%22password%22%3A%22%2A%2A%2A%2A%2A%2A%22%7D"
    )
    untouched = a_message(b"payload=%7b%7D&a=%zz+", content_type=FORM)
    assert masked(untouched, "slack") == (untouched, Masked())


def test_headers_and_query_are_masked_and_named() -> None:
    message = Message(
        target="/hook?key=hunter2&a=%20",
        headers=Headers([("X-Gitlab-Token", "hunter2"), ("x-odd", "1"), ("Authorization", "Bearer hunter2")]),
    )
    found, where = masked(message, "gitlab")
    assert found.target == "/hook?key=******&a=%20"
    assert list(found.headers) == [("X-Gitlab-Token", "******"), ("x-odd", "1"), ("Authorization", "Bearer ******")]
    assert where == Masked(("X-Gitlab-Token", "Authorization"), query=True)


@pytest.mark.parametrize("name", ["X-Gitlab-Token", "x-my-secret", "X-API-Key", "Apikey", "X_Password"])
def test_a_header_that_is_called_a_secret_is_one_with_any_sender(name: str) -> None:
    found, where = masked(Message(headers=Headers([(name, "hunter2")])), "unknown")
    assert list(found.headers) == [(name, "******")]
    assert where == Masked((name,))


@pytest.mark.parametrize("name", ["X-Tokens-Left", "X-Hub-Signature-256", "X-Secretary", "Idempotency-Key"])
def test_any_other_header_stays(name: str) -> None:
    message = Message(headers=Headers([(name, "hunter2")]))
    assert masked(message, "unknown") == (message, Masked())


def test_an_envelope_hides_the_tokens_of_what_it_carries() -> None:
    inside = {"header": {"X-Gitlab-Token": ["hunter2"], "X-Gitlab-Event": ["Push Hook"]}, "body": {}}
    body = json.dumps({"context": {"type": "webhook"}, "data": inside}).encode()
    found, _ = masked(a_message(body), "argo-events")
    assert json.loads(found.body)["data"]["header"] == {"X-Gitlab-Token": ["******"], "X-Gitlab-Event": ["Push Hook"]}


@pytest.mark.parametrize("name", fixtures.names())
def test_a_signature_is_no_secret(name: str) -> None:
    message = http_file.read(fixtures.load(name), name)
    declared = providers()[identify(Reading(message)).provider]
    tokens = {place(one.at).name.lower() for one in declared.signatures if isinstance(one, Token)}
    found, where = masked(message, declared.id)
    assert [one for one, _ in found.headers] == [one for one, _ in message.headers]
    # Some call a shared token a signature.
    assert not any("signature" in one.lower() for one in where.headers if one.lower() not in tokens)
    if not where:
        assert found is message
