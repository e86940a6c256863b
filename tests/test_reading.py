"""Looking into a message: places, conditions, forms, packed bodies; and that no bytes can break it."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_from_bytes, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hookcli.delivery import Headers, Message, to_wire
from hookcli.examine import examine
from hookcli.identify import identify
from hookcli.providers.registry import providers
from hookcli.reading import (
    DECODED_LIMIT,
    Place,
    Reading,
    as_word,
    condition,
    dig,
    fields,
    parse_json,
    place,
    unpacked,
)
from hookcli.signing.secrets import Secrets
from support import a_message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hookcli.providers.spec import Provider

FORM = "application/x-www-form-urlencoded"
NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)

# Bounds keep the trees small: what matters is that any kind of value may stand anywhere.
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)


def json_values(keys: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    return st.recursive(
        SCALARS,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4),
        max_leaves=12,
    )


def a_reading(body: bytes = b"", target: str = "/", **headers: str) -> Reading:
    return Reading(a_message(body, target, **headers))


class TestPlaces:
    MESSAGE = a_reading(
        b'{"pull_request": {"number": 7, "labels": [{"name": "bug"}], "draft": false}, "note": null, "empty": ""}',
        "/hook?key=K%20Y&empty=",
        x_github_event="push",
        x_empty="",
    )

    @pytest.mark.parametrize(
        ("where", "word"),
        [
            ("header:X-GitHub-Event", "push"),
            ("header:x-github-EVENT", "push"),
            ("query:key", "K Y"),
            ("body:pull_request.number", "7"),
            ("body:pull_request.labels.0.name", "bug"),
            ("body:pull_request.draft", "false"),
            ("text:always", "always"),
        ],
    )
    def test_a_place_names_a_fact(self, where: str, word: str) -> None:
        assert self.MESSAGE.word(where) == word

    @pytest.mark.parametrize(
        "where",
        [
            "header:X-Gone",
            "header:X-Empty",
            "query:gone",
            "query:empty",
            "form:key",
            "body:gone",
            "body:note",
            "body:empty",
            "body:pull_request",
            "body:pull_request.number.digits",
            "body:pull_request.labels.1.name",
            "body:pull_request.labels.first",
        ],
    )
    def test_what_is_absent_empty_or_no_scalar_is_no_word(self, where: str) -> None:
        assert self.MESSAGE.word(where) is None

    def test_the_first_place_with_a_word_counts(self) -> None:
        assert self.MESSAGE.first(["body:gone", "header:X-Empty", "query:key", "header:X-GitHub-Event"]) == "K Y"
        assert self.MESSAGE.first(["body:gone", "header:X-Empty"]) is None
        assert self.MESSAGE.first([]) is None

    def test_the_first_value_of_a_name_counts(self) -> None:
        reading = Reading(Message(target="/?a=1&a=2", headers=Headers([("X", "1"), ("x", "2")])))
        assert reading.word("header:X") == "1"
        assert reading.word("query:a") == "1"

    def test_a_place_reads_and_writes_the_same(self) -> None:
        assert place("body:a.b") == Place("body", "a.b")
        assert str(place("header:X-A")) == "header:X-A"

    @pytest.mark.parametrize("text", ["", "header", "cookie:a", "Header:X-A", ":a"])
    def test_what_is_no_place_is_told(self, text: str) -> None:
        with pytest.raises(ValueError, match=r"is no place: write one of header, query, form, body, xml, text"):
            place(text)


class TestConditions:
    @pytest.mark.parametrize(
        ("text", "holds"),
        [
            ("header:X-Event-Key", True),
            ("!header:X-Event-Key", False),
            ("header:X-Hook-UUID", False),
            ("!header:X-Hook-UUID", True),
            ("header:X-Event-Key=pr:opened", True),
            ("header:X-Event-Key=pr:merged", False),
            ("header:X-Event-Key~^pr:", True),
            ("header:X-Event-Key~open", True),
            ("header:X-Event-Key~^open", False),
            ("header:X-Gone=", False),
            ("header:X-Gone~", False),
            ("body:test", True),
            ("body:test=true", True),
            ("body:test=True", False),
            ("body:count=3", True),
            ("body:list", True),
            ("body:list=a", False),
            ("body:nothing", False),
            ("!body:nothing", True),
            ("body:query=a=b~c", True),
            ("query:a=1", True),
        ],
    )
    def test_a_condition_holds_or_not(self, text: str, holds: bool) -> None:  # noqa: FBT001 (a row of the table)
        body = b'{"test": true, "count": 3, "list": ["a"], "nothing": null, "query": "a=b~c"}'
        reading = a_reading(body, "/?a=1", x_event_key="pr:opened")
        assert condition(text).holds(reading) is holds

    def test_a_rule_holds_where_all_its_conditions_do(self) -> None:
        reading = a_reading(x_a="1", x_b="2")
        assert reading.meets(("header:X-A", "header:X-B=2"))
        assert not reading.meets(("header:X-A", "header:X-B=1"))
        assert reading.meets(())

    @pytest.mark.parametrize("text", ["", "X-A", "cookie:a", "!", "=a"])
    def test_what_is_no_condition_is_told(self, text: str) -> None:
        with pytest.raises(ValueError, match=r"is no (condition|place)"):
            condition(text)

    def test_a_pattern_that_is_wrong_is_told(self) -> None:
        with pytest.raises(re.error):
            condition("header:A~(")


class TestPayload:
    def test_json_is_read_whatever_its_type_is_called(self) -> None:
        for content_type in ("application/json", "application/vnd.github+json; charset=utf-8", "text/plain", ""):
            assert a_reading(b'{"a": 1}', content_type=content_type).payload == {"a": 1}

    def test_a_form_carries_its_json_in_payload(self) -> None:
        body = urlencode({"payload": '{"zen": "é & =+"}', "other": "x"}).encode()
        reading = a_reading(body, content_type=FORM)
        assert reading.payload == {"zen": "é & =+"}
        assert reading.word("form:other") == "x"
        assert reading.word("body:zen") == "é & =+"
        assert reading.message.body == body

    def test_a_form_without_payload_is_the_payload_itself(self) -> None:
        reading = a_reading(b"token=t&text=&user_name=road+runner", content_type=f"{FORM}; charset=utf-8")
        assert reading.payload == {"token": "t", "text": "", "user_name": "road runner"}

    def test_a_form_whose_payload_is_no_json_has_none(self) -> None:
        assert a_reading(b"payload=%7Bbroken", content_type=FORM).payload is None

    def test_json_that_is_only_called_a_form_is_json(self) -> None:
        # What `curl -d '{"zen": "a=b&c"}'` sends.
        reading = a_reading(b'{"zen": "a=b&c"}', content_type=FORM)
        assert reading.form == {}
        assert reading.payload == {"zen": "a=b&c"}

    def test_a_form_is_only_what_is_called_a_form(self) -> None:
        assert a_reading(b"payload=%7B%7D", content_type="text/plain").form == {}
        assert a_reading(b"payload=%7B%7D", content_type="text/plain").payload is None

    def test_without_a_body_the_payload_stands_in_the_query(self) -> None:
        reading = a_reading(b"", "/?" + urlencode({"payload": '{"ref": "main"}'}), content_type=FORM)
        assert reading.payload == {"ref": "main"}
        assert a_reading(b"", "/?payload=oops").payload is None
        assert a_reading(b"", "/?key=K").payload is None

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
    def test_json_in_other_encodings_and_with_a_byte_order_mark_is_read(self, encoding: str) -> None:
        assert a_reading('{"a": "é"}'.encode(encoding)).payload == {"a": "é"}

    @pytest.mark.parametrize("body", [b"\n {}", b"\t[1]", b' "text"'])
    def test_blanks_before_json_do_not_hide_it(self, body: bytes) -> None:
        assert a_reading(body).payload == json.loads(body)

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"{",
            b'{"a": }',
            b'{"a": 1} trailing',
            b'{"a": "\xff"}',
            b"<xml/>",
            b"\xff\xfe",
            b"\xef\xbb\xbf",
            b"[" * 100_000,
            b'{"a":' * 100_000,
            b'{"number": ' + b"9" * 10_000 + b"}",
        ],
        ids=lambda body: repr(body[:12]),
    )
    def test_broken_json_is_no_payload(self, body: bytes) -> None:
        assert a_reading(body).payload is None

    def test_a_payload_is_decoded_for_looking_and_never_instead_of_the_body(self) -> None:
        packed = gzip.compress(b'{"a": 1}')
        reading = a_reading(packed, content_encoding="gzip")
        assert reading.payload == {"a": 1}
        assert reading.message.body == packed


class TestPacked:
    DATA = b'{"zen": "Keep it logically awesome."}'

    @pytest.mark.parametrize("coding", ["gzip", "x-gzip", "GZIP", " gzip "])
    def test_gzip_is_unpacked(self, coding: str) -> None:
        assert unpacked(gzip.compress(self.DATA), coding) == self.DATA

    def test_deflate_is_unpacked(self) -> None:
        assert unpacked(zlib.compress(self.DATA), "deflate") == self.DATA

    def test_a_packed_form_is_a_form(self) -> None:
        body = gzip.compress(urlencode({"payload": '{"a": 1}'}).encode())
        assert a_reading(body, content_type=FORM, content_encoding="gzip").payload == {"a": 1}

    @pytest.mark.parametrize("coding", ["", "identity", "br", "gzip, gzip"])
    def test_other_codings_stay_as_they_came(self, coding: str) -> None:
        packed = gzip.compress(self.DATA)
        assert unpacked(packed, coding) == packed

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"{}",
            b"\x1f\x8b",
            b"\x1f\x8b\x08\x00garbage that is none",
            gzip.compress(DATA, mtime=0)[:-9],
            gzip.compress(DATA, mtime=0) + b"more",
        ],
    )
    def test_what_is_not_packed_or_not_whole_stays_as_it_came(self, body: bytes) -> None:
        assert unpacked(body, "gzip") == body

    def test_a_bomb_is_not_unpacked(self) -> None:
        compressor = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
        block = bytes(1024 * 1024)
        parts = [compressor.compress(block) for _ in range(DECODED_LIMIT // len(block))]
        within = b"".join([*parts, compressor.copy().flush()])
        beyond = b"".join([*parts, compressor.compress(b"0"), compressor.flush()])
        assert len(unpacked(within, "gzip")) == DECODED_LIMIT
        assert unpacked(beyond, "gzip") == beyond


class TestWords:
    @pytest.mark.parametrize(
        ("value", "word"),
        [("a", "a"), (True, "true"), (False, "false"), (0, "0"), (1.5, "1.5"), (None, None), ([], None), ({}, None)],
    )
    def test_a_scalar_is_written_as_json_has_it(self, value: object, word: str | None) -> None:
        assert as_word(value) == word

    def test_half_of_a_surrogate_pair_is_shown_as_what_can_not_be_shown(self) -> None:
        # JSON can escape one, and UTF-8 can't hold it.
        reading = a_reading(b'{"token": "a\\ud83db\\udfffc", "whole": "\\ud83d\\ude00"}')
        assert reading.word("body:token") == "a\ufffdb\ufffdc"
        assert reading.word("body:whole") == "😀"

    def test_a_byte_of_a_header_that_is_no_text_stays_that_byte(self) -> None:
        reading = Reading(Message(headers=Headers([(b"X-A", b"a\xff")])))
        word = reading.word("header:X-A")
        assert word is not None
        assert to_wire(word) == b"a\xff"

    @settings(deadline=None)
    @given(st.text() | st.text(st.characters(categories=["Cs"])))
    def test_any_word_can_be_turned_to_bytes(self, text: str) -> None:
        word = as_word(json.loads(json.dumps(text)))
        assert word is not None
        assert isinstance(to_wire(word), bytes)

    def test_digging_follows_keys_and_positions(self) -> None:
        value = {"a": [{"b": 1}], "0": "zero"}
        assert dig(value, "a.0.b") == 1
        assert dig(value, "0") == "zero"
        assert dig(value, "") is value
        assert dig(value, "a.-1") is None
        assert dig(value, "a.0.b.c") is None

    def test_digging_follows_every_one_of_a_list(self) -> None:
        value = {"a": [{"b": 1}, {"c": 2}, 3, {"b": [{"d": 4}]}], "*": "star"}
        assert dig(value, "a.*.b") == [1, None, None, [{"d": 4}]]
        assert dig(value, "a.3.b.*.d") == [4]
        assert dig(value, "*") == "star"
        assert dig(value, "a.*") == value["a"]
        assert dig([], "*.b") == []
        assert dig("text", "*") is None


@settings(deadline=None)
@given(st.dictionaries(st.text(min_size=1), st.text()))
def test_fields_of_a_form_survive_the_way_there_and_back(pairs: dict[str, str]) -> None:
    assert fields(urlencode(pairs)) == pairs


@settings(deadline=None)
@given(st.binary())
def test_a_field_of_any_bytes_keeps_them(data: bytes) -> None:
    assert to_wire(fields("a=" + quote_from_bytes(data))["a"]) == data


@settings(deadline=None)
@given(json_values(st.text(max_size=4)).filter(lambda value: isinstance(value, dict | list | str)))
def test_any_json_is_read_as_it_was_written(value: object) -> None:
    text = json.dumps(value)
    assert json.dumps(a_reading(text.encode()).payload) == text
    assert json.dumps(parse_json(text)) == text
    form = urlencode({"payload": text}).encode()
    assert json.dumps(a_reading(form, content_type=FORM).payload) == text


CODINGS = st.sampled_from(["", "gzip", "deflate", "br"])
TYPES = st.sampled_from(["", "application/json", FORM, "application/cloudevents+json", "multipart/form-data"])
STARTS = st.sampled_from(
    [b"", b"{", b"[", b'"', b"\xef\xbb\xbf", b"\xff\xfe", b"payload=", b"payload=%7B", b"\x1f\x8b"]
)


@settings(deadline=None)
@given(STARTS, st.binary(), TYPES, CODINGS, st.text(st.characters(codec="ascii")))
def test_no_bytes_break_a_reading(start: bytes, rest: bytes, content_type: str, coding: str, query: str) -> None:
    headers = Headers([("Content-Type", content_type), ("Content-Encoding", coding), (b"X-\xff", rest)])
    reading = Reading(Message(target=f"/?{query}", headers=headers, body=start + rest))
    assert isinstance(reading.form, dict)
    assert isinstance(reading.query, dict)
    assert reading.payload is None or reading.content
    assert reading.word("body:a.b.0") is None or reading.payload


def places_of(one: Provider) -> Iterator[str]:
    """Every place that a declaration speaks of."""
    yield from (*one.event, *one.action, *one.delivery_id, *one.attempt, *one.hook_id)
    yield from (str(condition(part).place) for rule in (*one.identify, *one.ping) for part in rule)
    yield from (scheme.at for scheme in one.signatures)
    for lines in one.summary.values():
        for line in (lines,) if isinstance(lines, str) else lines:
            for spec in re.findall(r"\{([^{}]+)\}", line):
                yield from (path if ":" in path else f"body:{path}" for path in spec.partition("!")[0].split("/"))


PLACES = sorted({where for one in providers().values() for where in places_of(one)})
HEADERS = sorted({where.removeprefix("header:") for where in PLACES if where.startswith("header:")})
KEYS = sorted({step for where in PLACES if where.startswith("body:") for step in where[5:].split(".") if step})


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(HEADERS), st.text() | st.from_regex(r"\d+", fullmatch=True)), max_size=6),
    json_values(st.sampled_from(KEYS)),
    st.booleans(),
)
def test_whatever_a_payload_holds_it_can_be_examined(
    headers: list[tuple[str, str]],
    payload: object,
    as_form: bool,  # noqa: FBT001 (hypothesis gives it)
) -> None:
    text = json.dumps(payload)
    body = urlencode({"payload": text}) if as_form else text
    pairs = [(name, to_wire(as_word(value) or "")) for name, value in headers]
    message = Message(
        target="/?" + body[:20],
        headers=Headers([(name.encode(), value) for name, value in pairs] + [(b"Content-Type", FORM.encode())]),
        body=body.encode(),
    )
    found = examine(message, Secrets(((None, "hookcli"), (None, "whsec_aG9va2NsaQ=="))), now=NOW)
    assert found.identity == identify(Reading(message))
    assert found.verdict.state in {"valid", "invalid", "unsigned", "no secret", "stale"}
    found.summary.encode("utf-8", "surrogateescape")


def test_a_number_of_attempts_that_is_none_is_left_out() -> None:
    for number in ("9" * 5000, "99999999999999999999", "-1", "1.5", "٣", "two"):
        message = a_message(x_event_key="repo:push", x_hook_uuid="u")
        found = identify(Reading(Message(headers=message.headers.with_header("X-Attempt-Number", number))))
        assert (found.provider, found.attempt) == ("bitbucket", None)
