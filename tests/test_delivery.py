"""The record: headers as they were on the wire, and ids that sort."""

from __future__ import annotations

import dataclasses
import os
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hookcli.delivery import Headers, Message, UlidMaker, to_text, to_wire

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

NAMES = st.sampled_from(["X-A", "x-a", "X-B", "Host", "content-type"])
PAIRS = st.lists(st.tuples(st.one_of(NAMES.map(str.encode), st.binary(max_size=8)), st.binary(max_size=8)), max_size=8)


def number_of(ulid: str) -> int:
    """The 128 bits of a ULID, read by the specification's alphabet."""
    found = 0
    for character in ulid:
        found = found * 32 + CROCKFORD.index(character)
    return found


def milliseconds_of(ulid: str) -> int:
    return number_of(ulid[:10])


class TestHeaders:
    def test_a_name_is_found_in_any_case(self) -> None:
        headers = Headers([("X-GitHub-Event", "push")])
        assert headers.get("x-github-event") == headers.get("X-GITHUB-EVENT") == "push"
        assert "x-Github-Event" in headers

    def test_what_is_not_there_is_none_or_the_default(self) -> None:
        headers = Headers([("A", "")])
        assert headers.get("b") is None
        assert headers.get("b", "-") == "-"
        assert headers.get("a", "-") == ""

    def test_order_case_and_duplicates_are_kept(self) -> None:
        pairs = [("x-odd", "1"), ("Host", "a"), ("X-Odd", "2")]
        headers = Headers(pairs)
        assert list(headers) == pairs
        assert len(headers) == 3
        assert headers.get("X-ODD") == "1"
        assert headers.get_all("X-Odd") == ["1", "2"]
        assert list(headers.names()) == ["x-odd", "host"]

    def test_a_header_is_set_in_the_place_of_the_first_of_its_name(self) -> None:
        headers = Headers([("A", "1"), ("B", "2"), ("a", "3")])
        assert list(headers.with_header("a", "9")) == [("a", "9"), ("B", "2")]
        assert list(headers.with_header("C", "9")) == [("A", "1"), ("B", "2"), ("a", "3"), ("C", "9")]
        assert list(headers.with_header("A", None)) == [("B", "2")]
        assert list(headers.without(["a", "c"])) == [("B", "2")]
        assert list(headers) == [("A", "1"), ("B", "2"), ("a", "3")]

    def test_bytes_that_are_no_text_survive(self) -> None:
        headers = Headers([(b"X-Name", b"\xff\xc3\xa9")])
        assert Headers(list(headers)).raw == ((b"X-Name", b"\xff\xc3\xa9"),)

    def test_headers_are_compared_by_their_bytes(self) -> None:
        assert Headers([("A", "1")]) == Headers([(b"A", b"1")])
        assert Headers([("A", "1")]) != Headers([("a", "1")])
        assert len({Headers([("A", "1")]), Headers([(b"A", b"1")])}) == 1

    @settings(deadline=None)
    @given(PAIRS)
    def test_any_pairs_survive_the_way_through_text(self, pairs: list[tuple[bytes, bytes]]) -> None:
        headers = Headers(pairs)
        assert headers.raw == tuple(pairs)
        assert Headers(list(headers)) == headers

    @settings(deadline=None)
    @given(PAIRS, NAMES)
    def test_a_header_that_is_set_is_there_once_and_touches_no_other(
        self, pairs: list[tuple[bytes, bytes]], name: str
    ) -> None:
        before = Headers(pairs)
        after = before.with_header(name, "new")
        assert after.get_all(name) == ["new"]
        assert after.without([name]) == before.without([name])
        assert before.with_header(name, None) == before.without([name])

    @settings(deadline=None)
    @given(PAIRS, NAMES)
    def test_the_first_of_a_name_is_what_a_look_up_finds(self, pairs: list[tuple[bytes, bytes]], name: str) -> None:
        headers = Headers(pairs)
        found = headers.get_all(name)
        assert headers.get(name) == (found[0] if found else None)
        assert (name in headers) == bool(found)


@settings(deadline=None)
@given(st.binary())
def test_any_bytes_survive_as_text(data: bytes) -> None:
    assert to_wire(to_text(data)) == data


def test_a_record_can_not_be_changed() -> None:
    message = Message(body=b"a")
    with pytest.raises(dataclasses.FrozenInstanceError):
        message.body = b"b"  # type: ignore[misc]


class TestUlid:
    def test_an_id_has_26_characters_of_crockfords_alphabet(self) -> None:
        made = UlidMaker()()
        assert len(made) == 26
        assert set(made) <= set(CROCKFORD)

    def test_an_id_holds_its_milliseconds_and_its_random_bits(self) -> None:
        made = UlidMaker(clock=lambda: 1469918176.385, random=lambda count: bytes(range(count)))()
        assert milliseconds_of(made) == 1469918176385
        assert number_of(made) & (1 << 80) - 1 == int.from_bytes(bytes(range(10)), "big")
        assert made.startswith("01ARYZ6S41")  # the specification's example of this moment

    def test_within_a_millisecond_ids_count_on(self) -> None:
        # The example of the specification, "Monotonicity".
        first = number_of("01BX5ZZKBKACTAV9WEVGEMMVRY")
        moment, chance = (first >> 80) / 1000, (first & (1 << 80) - 1).to_bytes(10, "big")
        make = UlidMaker(clock=lambda: moment, random=lambda _: chance)
        assert [make() for _ in range(4)] == [
            "01BX5ZZKBKACTAV9WEVGEMMVRY",
            "01BX5ZZKBKACTAV9WEVGEMMVRZ",
            "01BX5ZZKBKACTAV9WEVGEMMVS0",
            "01BX5ZZKBKACTAV9WEVGEMMVS1",
        ]

    def test_where_the_random_bits_run_out_ids_still_grow(self) -> None:
        make = UlidMaker(clock=lambda: 1.0, random=lambda count: b"\xff" * count)
        assert make() < make()

    def test_the_greatest_moment_of_the_specification_fits(self) -> None:
        made = UlidMaker(clock=lambda: 281474976710.655, random=lambda count: b"\xff" * count)()
        assert made == "7ZZZZZZZZZZZZZZZZZZZZZZZZZ"

    @settings(deadline=None)
    @given(st.lists(st.tuples(st.integers(0, 2**45), st.binary(min_size=10, max_size=10)), min_size=2))
    def test_every_id_is_greater_than_the_one_before_whatever_the_clock_does(
        self, occasions: list[tuple[int, bytes]]
    ) -> None:
        moments = iter([moment / 1000 for moment, _ in occasions])
        chances = iter([chance for _, chance in occasions])
        make = UlidMaker(clock=lambda: next(moments), random=lambda _: next(chances))
        made = [make() for _ in occasions]
        assert all(earlier < later for earlier, later in pairwise(made))

    @settings(deadline=None)
    @given(st.lists(st.integers(1, 2**47), min_size=2, unique=True))
    def test_ids_sort_as_their_moments_do(self, moments: list[int]) -> None:
        clock = iter([moment / 1000 for moment in sorted(moments)])
        make = UlidMaker(clock=lambda: next(clock), random=os.urandom)
        made = [make() for _ in moments]
        assert made == sorted(made)
        assert [milliseconds_of(one) for one in made] == [int(moment / 1000 * 1000) for moment in sorted(moments)]

    def test_threads_never_get_the_same_id(self) -> None:
        make = UlidMaker(clock=lambda: 1.0, random=bytes)
        with ThreadPoolExecutor(8) as pool:
            made = list(pool.map(lambda _: make(), range(2000)))
        assert len(set(made)) == 2000
