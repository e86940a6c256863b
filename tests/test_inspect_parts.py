"""What the interface is made of, without a screen: the rows at hand, JSON by its parts, raw bytes as rows, memory."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from rich.cells import cell_len

from hookcli.errors import Environment
from hookcli.store.rows import Stored
from hookcli.tui import editor, json_parts
from hookcli.tui.look import readable
from hookcli.tui.memory import Memory
from hookcli.tui.text_rows import HexRows, TextRows
from hookcli.tui.window import MOST, Window
from support import a_delivery

if TYPE_CHECKING:
    from pathlib import Path

json_values = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False, allow_infinity=False) | some.text(),
    lambda inner: some.lists(inner, max_size=5) | some.dictionaries(some.text(), inner, max_size=5),
    max_leaves=30,
)


def rows(*numbers: int) -> list[Stored]:
    return [Stored(a_delivery(id=f"id{number}"), 0, seq=number) for number in numbers]


def numbers(window: Window) -> list[int]:
    return [row.seq for row in window.rows]


def a_window(*of: int, height: int = 5, at_newest: bool = True, at_oldest: bool = True) -> Window:
    window = Window()
    window.resize(height)
    window.replace(rows(*of), at_newest=at_newest, at_oldest=at_oldest)
    return window


class TestWindow:
    def test_the_first_is_selected_and_moving_stops_at_the_ends(self) -> None:
        window = a_window(3, 2, 1)
        assert window.selected
        assert window.selected.seq == 3
        window.move(10)
        assert window.selected.seq == 1
        window.move(-10)
        assert window.selected.seq == 3

    def test_what_is_new_comes_above_and_the_selection_stays(self) -> None:
        window = a_window(3, 2, 1)
        window.move(1)
        window.add("newer", rows(5, 4), ended=True)
        assert numbers(window) == [5, 4, 3, 2, 1]
        assert window.selected
        assert window.selected.seq == 2
        assert window.cursor == 3

    def test_what_is_dropped_gives_the_selection_to_the_next(self) -> None:
        window = a_window(4, 3, 2, 1)
        window.move(1)
        window.drop({3})
        assert window.selected
        assert window.selected.seq == 2
        window.drop({2, 1})
        assert window.selected.seq == 4
        window.drop({4})
        assert window.selected is None

    def test_only_so_many_rows_are_kept(self) -> None:
        window = a_window(*range(10 * MOST, 9 * MOST, -1), at_oldest=False)
        window.move(MOST)
        window.add("older", rows(*range(9 * MOST, 9 * MOST - 300, -1)), ended=False)
        assert len(window.rows) == MOST
        assert not window.at_newest
        assert window.wants() is None or window.wants() == "older"
        window.scroll(-10 * MOST)
        assert window.wants() == "newer"

    @given(
        some.lists(
            some.one_of(
                some.tuples(some.just("older"), some.integers(0, 400)),
                some.tuples(some.just("newer"), some.integers(0, 400)),
                some.tuples(some.just("move"), some.integers(-500, 500)),
                some.tuples(some.just("scroll"), some.integers(-500, 500)),
                some.tuples(some.just("drop"), some.integers(0, 7)),
                some.tuples(some.just("resize"), some.integers(1, 60)),
            ),
            max_size=25,
        )
    )
    def test_whatever_happens_it_is_one_run_of_rows_around_the_selected_one(self, steps: list[tuple[str, int]]) -> None:
        window = a_window(*range(10_000, 9_900, -1), at_newest=False, at_oldest=False)
        for what, amount in steps:
            seqs = numbers(window) or [10_000]
            if what == "older" and window.wants() == "older":
                window.add("older", rows(*range(seqs[-1] - 1, seqs[-1] - 1 - amount, -1)), ended=False)
            elif what == "newer":
                window.add("newer", rows(*range(seqs[0] + amount, seqs[0], -1)), ended=False)
            elif what == "move":
                window.move(amount)
            elif what == "scroll":
                window.scroll(amount)
            elif what == "drop":
                window.drop({seq for seq in seqs if seq % 8 == amount})
            elif what == "resize":
                window.resize(amount)
            seqs = numbers(window)
            assert seqs == sorted(set(seqs), reverse=True)
            assert len(seqs) <= MOST + window.height
            assert 0 <= window.top <= max(0, len(seqs) - window.height)
            assert (window.selected is None) <= (not seqs)
            if window.cursor is not None:
                assert window.selected is window.rows[window.cursor]


def value_of(text: str, part: json_parts.Part, at_once: int) -> Any:
    """The value that the parts make, read by so many at once."""
    if not part.opens:
        return json.loads(part.text)
    found, resume = json_parts.parts(text, part, at_once)
    while resume:
        more, resume = json_parts.parts(text, part, at_once, resume)
        found += more
    if part.text == "{":
        return {json.loads(str(one.key)): value_of(text, one, at_once) for one in found}
    assert [one.key for one in found] == list(range(len(found)))
    return [value_of(text, one, at_once) for one in found]


class TestJsonParts:
    @given(json_values, some.integers(1, 4), some.sampled_from([None, 2]))
    def test_the_parts_make_the_value_again(self, value: Any, at_once: int, indent: int | None) -> None:
        text = json.dumps(value, indent=indent, ensure_ascii=indent is None)
        whole = json_parts.root(text)
        assert whole
        assert value_of(text, whole, at_once) == value
        assert json_parts.looks_like(text) == isinstance(value, dict | list)

    @given(some.text(alphabet='{}[],:"\\1a \n', max_size=60))
    def test_what_is_no_json_ends_all_the_same(self, text: str) -> None:
        whole = json_parts.root(text)
        if whole is not None and whole.opens:
            for part in json_parts.parts(text, whole, 10).parts:
                assert part.text in text

    def test_paths_are_those_that_masks_know(self) -> None:
        text = '{"a": [{"b.c": 1}], "d": {}}'
        whole = json_parts.root(text)
        assert whole
        first, second = json_parts.parts(text, whole, 10).parts
        item = json_parts.parts(text, first, 10).parts[0]
        leaf = json_parts.parts(text, item, 10).parts[0]
        assert [first.path, item.path, leaf.path, second.path] == ["a", "a.0", "a.0.b.c", "d"]

    @pytest.mark.parametrize("text", ["[2026-01-31] a log line", "{not json}", "", "  ", '"words"', "12", "[abc]"])
    def test_other_texts_do_not_look_like_it(self, text: str) -> None:
        assert not json_parts.looks_like(text)


class TestRows:
    @given(some.text(max_size=400), some.integers(8, 40))
    def test_all_of_a_text_is_in_its_rows_and_none_is_too_wide(self, text: str, width: int) -> None:
        found = TextRows(text, width)
        shown = [found[number].plain for number in range(len(found))]
        assert all(cell_len(row) <= width or len(row) <= 10 for row in shown)
        if text.isascii() and text.isprintable():
            assert "".join(shown) == text

    def test_lines_begin_anew(self) -> None:
        found = TextRows("one\r\ntwo\n\nthree", 8)
        assert [found[number].plain for number in range(len(found))] == ["one", "two", "", "three"]

    def test_a_terminal_obeys_nothing_of_it(self) -> None:
        assert TextRows("\x1b[31mred", 20)[0].plain == "␛[31mred"

    @given(some.binary(max_size=200), some.sampled_from([30, 50, 80]))
    def test_all_bytes_are_in_hex_rows(self, content: bytes, width: int) -> None:
        found = HexRows(content, width)
        shown = [found[number].plain for number in range(len(found))]
        each = {30: 4, 50: 8, 80: 16}[width]
        assert b"".join(bytes.fromhex(row[10 : 10 + 3 * each]) for row in shown) == content
        assert all(len(row) <= width for row in shown)


class TestColors:
    @pytest.mark.parametrize("background", ["#14161b", "#fcfcfa"])
    @pytest.mark.parametrize("color", ["#000000", "#343434", "#430098", "#fddd35", "#ffffff"])
    def test_a_word_stands_out_from_its_background(self, color: str, background: str) -> None:
        def luminance(text: str) -> float:
            parts = [int(text[i : i + 2], 16) / 255 for i in (1, 3, 5)]
            red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
            return 0.2126 * red + 0.7152 * green + 0.0722 * blue

        low, high = sorted([luminance(readable(color, background)), luminance(background)])
        assert (high + 0.05) / (low + 0.05) >= 3.9

    def test_a_color_that_can_be_read_stays_as_it_is(self) -> None:
        assert readable("#fc6d26", "#14161b").lower() == "#fc6d26"


class TestMemory:
    def test_it_lasts_from_run_to_run_and_is_private(self, tmp_path: Path) -> None:
        path = tmp_path / "state" / "inspect.json"
        Memory(path).set("replay_to", "http://localhost:3000")
        assert Memory(path).get("replay_to") == "http://localhost:3000"
        assert path.stat().st_mode & 0o777 == 0o600

    @pytest.mark.parametrize("content", ["", "[]", "nonsense", '{"replay_to": 7}'])
    def test_a_file_that_makes_no_sense_is_no_trouble(self, tmp_path: Path, content: str) -> None:
        path = tmp_path / "inspect.json"
        path.write_text(content)
        assert Memory(path).get("replay_to") is None


class TestEditor:
    def test_visual_comes_before_editor_and_may_have_arguments(self) -> None:
        assert editor.command({"VISUAL": "code --wait", "EDITOR": "nano"}) == ["code", "--wait"]
        assert editor.command({"EDITOR": "nano"}) == ["nano"]
        assert editor.command({}) == ["vi"]

    def test_what_the_editor_leaves_comes_back(self) -> None:
        assert editor.edited(b"POST / HTTP/1.1\r\n\r\nold", ["sed", "-i", "s/old/new/"]).endswith(b"new")

    @pytest.mark.parametrize(("words", "told"), [(["/no/such/editor"], "can't be run"), (["false"], "ended with 1")])
    def test_an_editor_that_fails_says_so(self, words: list[str], told: str) -> None:
        with pytest.raises(Environment, match=told):
            editor.edited(b"", words)
