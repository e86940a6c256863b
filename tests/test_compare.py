"""Comparing: values by what they say, list items with those they fit, messages part by part."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hookcli.compare.changes import Change, differences
from hookcli.compare.messages import LONGEST_TEXT, Ignore, compare, parse_ignore
from hookcli.compare.paths import IGNORED, after, met, parse_pattern, path_text, without
from hookcli.compare.values import Number, parse, written
from hookcli.delivery import Headers, Message
from hookcli.errors import WrongInput
from support import a_delivery, a_message

if TYPE_CHECKING:
    from decimal import Decimal

SCALARS = st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from([0.5, 1e300]) | st.text("ab.*é", max_size=2)
NAMES = st.text("ab", min_size=1, max_size=2) | st.just("id")
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=20
)


def read(value: Any) -> Any:
    """A Python value as a message's JSON is read."""
    return parse(json.dumps(value))


def told(before: Any, behind: Any) -> list[tuple[Any, ...]]:
    """The changes between two Python values, each as kind, path and what belongs to the kind."""
    rows = []
    for change in differences(read(before), read(behind)):
        values = {"added": [change.after], "removed": [change.before]}.get(change.kind, [change.before, change.after])
        rows.append((change.kind, path_text(change.path), *(json.loads(written(value)) for value in values)))
    return rows


def patched(value: Any, changes: list[Change], depth: int = 0) -> Any:
    """The first value with the changes made to it, which must be the second one."""
    if not changes:
        return value
    if len(changes[0].path) == depth:
        (only,) = changes
        return only.after
    # Of an addition, the last step counts in the second value, and the others in the first as all steps do.
    ends = [one for one in changes if len(one.path) == depth + 1]
    placed: dict[Any, Any] = {one.path[depth]: one.after for one in ends if one.kind == "added"}
    gone = {one.path[depth] for one in ends if one.kind == "removed"}
    moves = {one.path[depth]: one.after for one in ends if one.kind == "moved"}
    inside: defaultdict[Any, list[Change]] = defaultdict(list)
    for one in changes:
        if one.kind == "changed" or len(one.path) > depth + 1:
            inside[one.path[depth]].append(one)
    kept: dict[Any, Any] = {}
    for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
        now = patched(inner, inside[step], depth + 1)
        if step in moves:
            placed[moves[step]] = now
        elif step not in gone:
            kept[step] = now
    if isinstance(value, dict):
        return {**kept, **placed}
    rest = iter(kept.values())
    return [placed[at] if at in placed else next(rest) for at in range(len(placed) + len(kept))]


class TestValues:
    @given(VALUES, VALUES)
    def test_the_changes_lead_from_one_to_the_other(self, before: Any, behind: Any) -> None:
        one, other = read(before), read(behind)
        changes = differences(one, other)
        assert json.loads(written(patched(one, changes))) == json.loads(written(other))
        assert (changes == []) == (one == other)

    @given(st.permutations(range(6)), st.lists(st.integers(6, 9), max_size=3), st.booleans())
    def test_the_changes_lead_there_also_where_items_have_names(
        self,
        order: list[int],
        more: list[int],
        named: bool,  # noqa: FBT001
    ) -> None:
        assume(len({*more}) == len(more))
        before, behind = ([{"id" if named else "x": n, "v": n % 2} for n in ns] for ns in (range(5), [*order, *more]))
        one, other = read(before), read(behind)
        changes = differences(one, other)
        assert patched(one, changes) == other
        if named and not {*order} & {*more}:
            # What has a name is found again, wherever it stands.
            assert not [change for change in changes if change.kind in {"removed", "changed"}]

    @given(VALUES)
    def test_the_order_of_keys_says_nothing(self, value: Any) -> None:
        text = json.dumps(value)
        turned = json.loads(text, object_pairs_hook=lambda pairs: dict(reversed(pairs)))
        assert differences(read(value), read(turned)) == []

    @given(VALUES)
    def test_what_is_read_is_written_again(self, value: Any) -> None:
        assert json.loads(written(read(value))) == value

    @pytest.mark.parametrize(
        ("before", "behind", "changes"),
        [
            ({"a": {"b": 1}}, {"a": {"b": 2}}, [("changed", "a.b", 1, 2)]),
            ({"a": 1}, {"a": None}, [("changed", "a", 1, None)]),
            ({"a": None}, {}, [("removed", "a", None)]),
            ({}, {"a": None}, [("added", "a", None)]),
            ({"a": True}, {"a": 1}, [("changed", "a", True, 1)]),
            ({"a": "1"}, {"a": 1}, [("changed", "a", "1", 1)]),
            ({"a": []}, {"a": {}}, [("changed", "a", [], {})]),
            ([1, 2], {"a": 1}, [("changed", "", [1, 2], {"a": 1})]),
            ({"a.b": 1, 'q"': 1}, {"a.b": 2, 'q"': 2}, [("changed", '["a.b"]', 1, 2), ("changed", '["q\\""]', 1, 2)]),
        ],
    )
    def test_what_is_told_of_objects(self, before: Any, behind: Any, changes: list[Any]) -> None:
        assert told(before, behind) == changes

    @pytest.mark.parametrize(
        ("before", "behind", "changes"),
        [
            ([1, 2, 3], [2, 3], [("removed", "0", 1)]),
            ([1, 2, 3], [0, 1, 2, 3], [("added", "0", 0)]),
            ([1, 2, 3], [1, 9, 3], [("changed", "1", 2, 9)]),
            (["a", "b"], ["a", "c", "d"], [("removed", "1", "b"), ("added", "1", "c"), ("added", "2", "d")]),
            ([1, 2, 3], [3, 1, 2], [("moved", "2", 2, 0)]),
            # Commits are found again by their id, whatever else of them changed.
            (
                [{"id": "a", "m": 1}, {"id": "b", "m": 2}],
                [{"id": "x", "m": 1}, {"id": "a", "m": 1}, {"id": "b", "m": 3}],
                [("added", "0", {"id": "x", "m": 1}), ("changed", "1.m", 2, 3)],
            ),
            (
                [{"name": "bug", "n": 1}, {"name": "ui", "n": 2}],
                [{"name": "ui", "n": 3}, {"name": "bug", "n": 1}],
                [("moved", "0", 0, 1), ("changed", "1.n", 2, 3)],
            ),
            # Without a name of their own: the likest.
            (
                [{"a": 1, "b": 2}, {"a": 5, "b": 6}],
                [{"z": 1}, {"a": 5, "b": 7}],
                [("removed", "0", {"a": 1, "b": 2}), ("added", "0", {"z": 1}), ("changed", "1.b", 6, 7)],
            ),
            # A name that two items share tells nothing apart.
            ([{"id": 1, "x": 1}, {"id": 1, "x": 2}], [{"id": 1, "x": 2}], [("removed", "0", {"id": 1, "x": 1})]),
            ([[1, 2], [3, 4]], [[1, 2], [3, 5]], [("changed", "1.1", 4, 5)]),
        ],
    )
    def test_what_is_told_of_lists(self, before: Any, behind: Any, changes: list[Any]) -> None:
        assert sorted(told(before, behind), key=str) == sorted(changes, key=str)

    def test_long_lists_are_held_against_each_other_too(self) -> None:
        before, behind = ([{"n": n, "even": n % 2 == 0} for n in range(start, 3000)] for start in (0, 1))
        assert told(before, behind) == [("removed", "0", {"n": 0, "even": True})]
        assert told([0, 1] * 3000, [1, *([0, 1] * 3000)]) != []

    def test_a_nesting_beyond_measure_is_told_and_not_run_into(self) -> None:
        deep = Message(body=b"[" * 600 + b"1" + b"]" * 600), Message(body=b"[" * 600 + b"2" + b"]" * 600)
        (change,) = compare(*deep).changes
        assert (change.kind, change.path, change.before["kind"]) == ("changed", (), "JSON")


class TestNumbers:
    @pytest.mark.parametrize(
        ("one", "other"), [("1", "1.0"), ("100", "1e2"), ("0.10", "1E-1"), ("-0", "0"), ("1200e-1", "1.2e+2")]
    )
    def test_of_one_value_they_are_equal(self, one: str, other: str) -> None:
        assert Number(one) == Number(other)
        assert hash(Number(one)) == hash(Number(other))

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("9007199254740993", "9007199254740992"),
            ("1e400", "1e401"),
            ("0.1", "0.10000000000000000001"),
            ("1", "-1"),
            ("9" * 5000, "9" * 5001),
            ("1e9999999999999999999", "1"),
        ],
    )
    def test_of_other_values_they_are_not(self, one: str, other: str) -> None:
        assert Number(one) != Number(other)

    @given(st.decimals(allow_nan=False, allow_infinity=False), st.decimals(allow_nan=False, allow_infinity=False))
    def test_as_exact_decimals_are(self, one: Decimal, other: Decimal) -> None:
        assert (Number(str(one)) == Number(str(other))) == (one == other)
        assert Number(str(one)) == Number(f"{one:f}")

    def test_they_are_shown_as_they_came(self) -> None:
        text = '{"a": [1.0, 1E2, -0, 12345678901234567890]}'
        assert written(parse(text)) == text


class TestPaths:
    @pytest.mark.parametrize(
        ("pattern", "path", "meets"),
        [
            ("a.b", ("a", "b"), True),
            ("a.b", ("a",), False),
            ("a.b", ("a", "b", "c"), False),
            ("commits.*.id", ("commits", 3, "id"), True),
            ("commits.*.id", ("commits", "id"), False),
            (".commits[].id", ("commits", 3, "id"), True),
            (".commits[3].id", ("commits", 3, "id"), True),
            ("commits[*]", ("commits", 3), True),
            ("commits.0", ("commits", 1), False),
            ("**.id", ("id",), True),
            ("**.id", ("a", 0, "b", "id"), True),
            ("a.**.id", ("a", "id"), True),
            ("a.**", ("a",), True),
            ("a.**", ("a", 0, "b"), True),
            ("**.a.**.b", ("x", "a", "y", "a", "b"), True),
            ("*_url", ("html_url",), True),
            ("*_url", ("html_urls",), False),
            ('a["x.y"].b', ("a", "x.y", "b"), True),
            ('["a*"]', ("a*",), True),
            ('["a*"]', ("ab",), False),
            (r"a\*", ("ab",), False),
            ("Title", ("title",), False),
        ],
    )
    def test_a_pattern_and_a_path(self, pattern: str, path: tuple[str | int, ...], meets: bool) -> None:  # noqa: FBT001
        left: Any = [parse_pattern(pattern)]
        for step in path:
            left = after(left, step)
        assert met(left) is meets

    @pytest.mark.parametrize("text", ["", ".", "a..b", "a.", "[", "a[", 'a["x', r'a["\q"]'])
    def test_what_is_no_path(self, text: str) -> None:
        with pytest.raises(WrongInput, match="is no path"):
            parse_pattern(text)

    @given(st.lists(st.integers(0, 99) | st.text(min_size=1), min_size=1))
    def test_what_is_told_can_be_left_out(self, steps: list[str | int]) -> None:
        left: Any = [parse_pattern(path_text(tuple(steps)))]
        for step in steps:
            left = after(left, step)
        assert met(left)

    @given(VALUES, VALUES, st.sampled_from(["a", "**.a", "*.b", "**.id", "*", "**", "a.**.b", "a*", "*.0"]))
    def test_nothing_is_told_of_what_is_left_out(self, before: Any, behind: Any, text: str) -> None:
        pattern = parse_pattern(text)
        for change in differences(without(read(before), [pattern]), without(read(behind), [pattern])):
            left: Any = [pattern]
            for step in change.path:
                left = after(left, step)
                # Positions move where a list has grown, so that what is told may stand where a pattern points.
                assert not met(left) or text == "*.0"
            assert IGNORED not in (change.before, change.after)

    def test_a_list_keeps_its_positions(self) -> None:
        before, behind = {"a": [{"t": 1}, {"t": 2}]}, {"a": [{"t": 3}, {"t": 4}]}
        pattern = [parse_pattern("a.0")]
        assert [change.path for change in differences(without(before, pattern), without(behind, pattern))] == [
            ("a", 1, "t")
        ]

    @pytest.mark.parametrize(
        ("text", "wanted"),
        [
            ("header:X-Request-ID", Ignore("header", ("x-request-id",))),
            ("query:a[b].c", Ignore("query", ("a[b].c",))),
            ("body:header:x", Ignore("body", ("header:x",))),
            ("xs:title.0", Ignore("body", ("xs:title", "0"))),
        ],
    )
    def test_the_part_stands_before_it(self, text: str, wanted: Ignore) -> None:
        assert parse_ignore(text) == wanted


def rows(*messages: Message, **options: Any) -> list[tuple[str, str, str]]:
    return [(one.part, one.kind, path_text(one.path)) for one in compare(*messages, **options).changes]


class TestMessages:
    def test_headers_whatever_their_order_and_case(self) -> None:
        one = Message(headers=Headers([("A", "1"), ("B", "2"), ("B", "3"), ("C", "4"), ("D", "5")]))
        other = Message(headers=Headers([("c", "9"), ("b", "3"), ("a", "1"), ("B", "2"), ("B", "2"), ("E", "6")]))
        assert rows(one, other) == [
            ("header", "added", "B"),
            ("header", "changed", "C"),
            ("header", "removed", "D"),
            ("header", "added", "E"),
        ]
        assert rows(one, other, headers=False) == []
        ignored = [parse_ignore("header:c"), parse_ignore("header:E*"), parse_ignore("header:b")]
        assert rows(one, other, ignore=ignored) == [("header", "removed", "D")]

    def test_the_request_line_and_the_query(self) -> None:
        one = a_message(target="/a?x=1&y=2&z=%20", method="POST")
        other = a_message(target="/b?y=2&x=3&z=+&w", method="PUT")
        assert rows(one, other) == [
            ("request", "changed", "method"),
            ("request", "changed", "path"),
            ("query", "changed", "x"),
            ("query", "added", "w"),
        ]
        assert rows(one, other, body=False, ignore=[parse_ignore("query:*")]) == [
            ("request", "changed", "method"),
            ("request", "changed", "path"),
        ]

    def test_ids_signatures_and_times_are_each_deliverys_own(self) -> None:
        one, other = (
            a_message(
                b'{"a": 1}',
                x_github_event="push",
                x_github_delivery=word,
                x_hub_signature_256=f"sha256={word}",
                date=word,
            )
            for word in ("1", "2")
        )
        found = compare(one, other)
        assert {path_text(change.path) for change in found.changes if change.own} == {
            "Date",
            "X-Github-Delivery",
            "X-Hub-Signature-256",
        }
        assert found.same()
        assert not found.same(strict=True)

    def test_also_where_they_stand_in_the_body(self) -> None:
        one, other = (
            a_delivery(a_message(json.dumps({"id": f"evt_{n}", "data": {"id": n}}).encode()), provider="stripe")
            for n in (1, 2)
        )
        assert [(path_text(change.path), change.own) for change in compare(one, other).changes] == [
            ("id", True),
            ("data.id", False),
        ]

    def test_a_token_is_no_mark_of_a_delivery(self) -> None:
        one, other = (a_message(x_gitlab_event="Push Hook", x_gitlab_token=word) for word in "ab")
        assert not compare(one, other).same()

    def test_forms_by_their_fields(self) -> None:
        form = "application/x-www-form-urlencoded"
        one = a_message(b"a=1&b=2&b=3&payload=%7B%22x%22:1%7D", content_type=form)
        other = a_message(b"b=2&b=4&payload=%7B%22x%22:2%7D&a=1", content_type=form)
        assert rows(one, other, headers=False) == [
            ("body", "changed", "b.1"),
            ("body", "changed", "payload.x"),
        ]

    def test_a_form_that_packs_json_beside_the_json(self) -> None:
        one = a_message(b"payload=%7B%22x%22:1,%22y%22:0%7D", content_type="application/x-www-form-urlencoded")
        other = a_message(b'{"x": 2, "y": 0}', content_type="application/json")
        found = compare(one, other, headers=False)
        assert [path_text(change.path) for change in found.changes] == ["", "x"]
        assert (found.bodies[0].kind, found.bodies[1].kind) == ("form", "JSON")
        assert [change.path for change in compare(other, a_message(b"x=1", content_type="text/plain")).changes][
            -1
        ] == ()

    def test_text_by_its_lines(self) -> None:
        found = compare(Message(body=b"one\ntwo\r\nthree"), Message(body=b"one\ntwo\nthree"))
        assert found.lines == ("@@ -1,3 +1,3 @@", " one", "-two\r", "+two", " three")
        assert [change.path for change in found.changes] == [()]
        long = b"x\n" * LONGEST_TEXT
        assert compare(Message(body=long), Message(body=long + b"y")).lines == ()

    def test_binary_by_size_and_hash(self) -> None:
        (change,) = compare(Message(body=b"\0\xff1"), Message(body=b"\0\xff22")).changes
        assert (change.before["kind"], change.before["size"], change.after["size"]) == ("binary", 3, 4)
        assert change.before["sha256"] != change.after["sha256"]

    def test_the_same_in_other_bytes(self) -> None:
        found = compare(Message(body=b'{"a":1,"b":1.0}'), Message(body=b'{"b": 1, "a": 1}'))
        assert (found.changes, found.relaid, found.same(strict=True)) == ((), True, True)
        assert not compare(Message(body=b"{}"), Message(body=b"{}")).relaid
        # With something left out, what remains being equal says nothing of the bytes.
        ignored = [parse_ignore("a")]
        assert not compare(Message(body=b'{"a":1}'), Message(body=b'{"a":2}'), ignore=ignored).relaid

    def test_an_empty_body_beside_a_full_one(self) -> None:
        (change,) = compare(Message(), Message(body=b"{}")).changes
        assert (change.before["kind"], change.after["kind"]) == ("empty", "JSON")

    @given(st.binary(max_size=60), st.binary(max_size=60), st.sampled_from(["application/json", "text/xml", ""]))
    def test_any_two_can_be_compared(self, one: bytes, other: bytes, kind: str) -> None:
        messages = [a_message(body, content_type=kind) for body in (one, other)]
        found = compare(messages[0], messages[1], headers=False)
        assert found.same() == (not found.changes)
        if one == other:
            assert found.same(strict=True)
        assert compare(messages[0], messages[0]).changes == ()
