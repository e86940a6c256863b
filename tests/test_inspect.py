"""`hookcli inspect`: the list, what is new, the filter, and moving about."""

from __future__ import annotations

import os
import re
import signal
from typing import TYPE_CHECKING

import pytest
from textual.events import AppBlur, AppFocus

from hookcli.store import query
from hookcli.store.database import opened
from hookcli.tui.session import Session
from hookcli.tui.window import MOST
from inspecting import inspecting, on_its_own_terminal, read_until, rest, run, some_deliveries, with_body
from support import SAFETY, a_delivery, a_message, fill, hookcli, listening, post

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "deliveries.db"


class TestList:
    def test_it_shows_the_newest_first_with_verdict_provider_event_and_summary(self, store: Path) -> None:
        fill(
            store,
            a_delivery(provider="gitlab", event="Push Hook", state="invalid", summary="old one"),
            a_delivery(provider="github", event="pull_request", action="opened", state="valid", summary="new one"),
        )

        async def script() -> None:
            async with inspecting(store) as screen:
                await screen.shows("2 deliveries", "● live")
                assert re.search(r"just now|\d+ s ago", screen.lines[1])
                assert re.search(r"✓ valid +github +pull_request\.opened .* new one", screen.lines[1])
                assert re.search(r"✗ invalid +gitlab +Push Hook .* old one", screen.lines[2])
                columns = [line.index(word) for line, word in zip(screen.lines[1:3], ("github", "gitlab"), strict=True)]
                assert columns[0] == columns[1]

        run(script())

    def test_an_empty_store_says_what_to_do(self, store: Path) -> None:
        async def script() -> None:
            async with inspecting(store) as screen:
                await screen.shows("No deliveries yet.", "hookcli listen", "0 deliveries")
                await screen.press("j", "G", "enter", "r")
                await screen.shows("There is no delivery selected.")

        run(script())

    def test_keys_move_the_selection(self, store: Path) -> None:
        ids = [one.id for one in some_deliveries(store, 100)][::-1]

        async def script() -> None:
            async with inspecting(store) as screen:
                for key, place in (("j", 1), ("down", 2), ("k", 1), ("up", 0), ("up", 0), ("G", 99), ("g", 0)):
                    await screen.press(key)
                    assert screen.selected == ids[place], key
                await screen.press("pagedown")
                page = ids.index(screen.selected or "")
                assert 5 < page < 40
                await screen.press("pagedown", "pageup", "end", "home")
                assert screen.selected == ids[0]

        run(script())

    def test_every_delivery_of_a_large_store_is_reached_and_few_are_at_hand(self, store: Path) -> None:
        ids = [one.id for one in some_deliveries(store, MOST * 3)][::-1]

        async def script() -> None:
            async with inspecting(store) as screen:
                window = screen.app.listing.window
                passed: list[str] = []
                while not passed or passed[-1] != ids[-1]:
                    await screen.until(lambda: not screen.app.listing.under_way)
                    passed += [
                        one.delivery.id for one in window.rows[len(passed) - ids.index(window.rows[0].delivery.id) :]
                    ]
                    assert len(window.rows) <= MOST + 200
                    window.move(len(window.rows))
                    screen.app.listing.action_move(0)
                assert passed == ids
                await screen.press("g")
                await screen.until(lambda: screen.selected == ids[0])
                await screen.press("G")
                await screen.until(lambda: screen.selected == ids[-1])
                await screen.press("k", "k")
                assert screen.selected == ids[-3]

        run(script())

    def test_a_place_in_the_middle_is_gone_to_by_the_bar(self, store: Path) -> None:
        ids = [one.id for one in some_deliveries(store, MOST * 3)]

        async def script() -> None:
            async with inspecting(store) as screen:
                listing = screen.app.listing
                before = screen.selected
                await screen.pilot.click(listing, offset=(listing.size.width - 1, listing.size.height // 2))
                await screen.until(lambda: screen.selected != before)
                assert abs(ids.index(screen.selected or "") - len(ids) // 2) < len(ids) / 8
                await screen.press("j", "k", "g")
                await screen.until(lambda: screen.selected == before)

        run(script())

    def test_the_mouse_selects_opens_and_scrolls(self, store: Path) -> None:
        ids = [one.id for one in some_deliveries(store, 100)][::-1]

        async def script() -> None:
            async with inspecting(store) as screen:
                listing = screen.app.listing
                await screen.pilot.click(listing, offset=(20, 3))
                assert screen.selected == ids[3]
                await screen.pilot.click(listing, offset=(20, 4), times=2)
                assert screen.selected == ids[4]
                await screen.until(lambda: screen.app.detail.query_one("#pane-summary").has_focus)

        run(script())


class TestNews:
    def test_a_delivery_of_another_process_appears_at_the_top_and_is_followed(self, store: Path) -> None:
        async def script() -> None:
            async with inspecting(store) as screen:
                with listening(store) as listener:
                    post(listener.port, a_message(b'{"a": 1}', target="/first", connection="close"))
                    await screen.shows("POST /first")
                    first = screen.selected
                    post(listener.port, a_message(b'{"a": 2}', target="/second", connection="close"))
                    await screen.shows("POST /second", "2 deliveries")
                    assert screen.selected != first
                    assert "/second" in screen.lines[1]

        run(script())

    def test_the_selection_stays_unless_it_is_the_newest(self, store: Path) -> None:
        ids = [one.id for one in some_deliveries(store, 10)][::-1]

        async def script() -> None:
            async with inspecting(store) as screen:
                await screen.press("j", "j")
                new = some_deliveries(store, 3, event="fork")
                await screen.until(lambda: screen.listed[0] == new[-1].id)
                assert screen.selected == ids[2]
                assert screen.listed == [one.id for one in new[::-1]] + ids

        run(script())

    def test_what_is_being_read_stays_also_if_it_is_the_newest(self, store: Path) -> None:
        ids = [one.id for one in some_deliveries(store, 2)][::-1]

        async def script() -> None:
            async with inspecting(store) as screen:
                await screen.press("enter")
                new = some_deliveries(store, 1)
                await screen.until(lambda: screen.listed[0] == new[0].id)
                assert screen.selected == ids[0]
                # Also where another window has the keys in the meantime.
                screen.app.post_message(AppBlur())
                new = some_deliveries(store, 1)
                await screen.until(lambda: screen.listed[0] == new[0].id)
                assert screen.selected == ids[0]
                screen.app.post_message(AppFocus())
                await screen.press("escape", "g")
                screen.app.post_message(AppBlur())
                new = some_deliveries(store, 1)
                await screen.until(lambda: screen.selected == new[0].id)

        run(script())

    def test_more_than_a_page_at_once_are_followed_by_the_newest(self, store: Path) -> None:
        some_deliveries(store, 5)

        async def script() -> None:
            async with inspecting(store) as screen:
                new = some_deliveries(store, 700)
                await screen.until(lambda: screen.selected == new[-1].id)
                await screen.until(lambda: screen.listed[:200] == [one.id for one in new[: -200 - 1 : -1]])

        run(script())

    def test_more_than_a_page_at_once_are_all_above_where_one_is(self, store: Path) -> None:
        old = some_deliveries(store, 60)

        async def script() -> None:
            async with inspecting(store) as screen:
                await screen.press("G")
                new = some_deliveries(store, 500)
                await screen.shows("560 deliveries")
                assert screen.selected == old[0].id
                for _ in range(15):
                    await screen.press("pageup")
                    await screen.until(lambda: not screen.app.listing.under_way)
                found = screen.listed
                order = [one.id for one in (*old, *new)][::-1]
                assert found == order[order.index(found[0]) :][: len(found)]

        run(script())

    def test_what_another_process_deletes_goes(self, store: Path) -> None:
        ids = [one.id for one in some_deliveries(store, 5)][::-1]

        async def script() -> None:
            async with inspecting(store) as screen:
                with opened(store) as connection:
                    query.delete(connection, [ids[0], ids[3]])
                await screen.until(lambda: screen.listed == [ids[1], ids[2], ids[4]])
                assert screen.selected == ids[1]
                # The place of the newest is given out again.
                new = some_deliveries(store, 1)
                await screen.until(lambda: screen.listed == [new[0].id, ids[1], ids[2], ids[4]])

        run(script())


class TestFilter:
    def test_the_list_follows_what_is_typed(self, store: Path) -> None:
        fill(
            store,
            a_delivery(provider="github", event="push", summary="by github"),
            a_delivery(provider="gitlab", event="Push Hook", summary="by gitlab"),
        )

        async def script() -> None:
            async with inspecting(store) as screen:
                await screen.press("slash")
                await screen.type("provider:gitlab")
                await screen.hides("by github")
                await screen.shows("by gitlab")
                await screen.press("enter")
                assert screen.app.listing.has_focus
                fill(store, a_delivery(provider="github", summary="again by github"), a_delivery(provider="gitlab"))
                await screen.until(lambda: len(screen.listed) == 2)
                await screen.press("slash", "escape")
                await screen.shows("by github", "by gitlab", "again by github")

        run(script())

    def test_a_mistake_is_told_and_leaves_the_list_alone(self, store: Path) -> None:
        some_deliveries(store, 3)

        async def script() -> None:
            async with inspecting(store) as screen:
                await screen.press("slash")
                await screen.type("verdit:x")
                await screen.shows("There is no field 'verdit'.", "Did you mean verdict:", "number 1", "number 3")
                await screen.press("enter")
                assert not screen.app.listing.has_focus

        run(script())

    def test_words_of_bodies_are_found_also_in_what_comes(self, store: Path) -> None:
        fill(
            store,
            a_delivery(with_body(b'{"of": "a basket"}'), summary="first one"),
            a_delivery(with_body(b'{"of": "a cart"}'), summary="other one"),
        )

        async def script() -> None:
            async with inspecting(store, session=Session(store=store, filter="basket")) as screen:
                await screen.shows("/ basket", "first one")
                await screen.hides("other one")
                fill(store, a_delivery(with_body(b'{"of": "one more basket"}'), summary="new one"))
                await screen.shows("new one", "first one")
                await screen.hides("other one")

        run(script())

    def test_where_nothing_is_like_it_it_says_so(self, store: Path) -> None:
        some_deliveries(store, 3)

        async def script() -> None:
            async with inspecting(store) as screen:
                await screen.press("slash")
                await screen.type("verdict:stale")
                await screen.shows("Nothing in the store is like this.")
                await screen.press("escape")
                await screen.shows("number 1", "number 3")

        run(script())

    def test_the_selected_one_is_kept_when_all_is_shown_again(self, store: Path) -> None:
        many = some_deliveries(store, 400)
        wanted = fill(store, a_delivery(provider="gitea"))[0]
        more = some_deliveries(store, 400)

        async def script() -> None:
            async with inspecting(store) as screen:
                await screen.press("slash")
                await screen.type("provider:gitea")
                await screen.until(lambda: screen.listed == [wanted.id])
                await screen.press("escape")
                await screen.until(lambda: more[0].id in screen.listed and many[-1].id in screen.listed)
                assert screen.selected == wanted.id
                await screen.press("k")
                assert screen.selected == more[0].id

        run(script())

    def test_few_among_many_are_found(self, store: Path) -> None:
        some_deliveries(store, 9_000)
        wanted = fill(store, a_delivery(provider="gitea"))[0]
        some_deliveries(store, 9_000)

        async def script() -> None:
            async with inspecting(store) as screen:
                await screen.press("slash")
                await screen.type("provider:gitea")
                await screen.until(lambda: screen.listed == [wanted.id])
                assert screen.app.listing.window.at_oldest

        run(script())


class TestScreen:
    @pytest.mark.parametrize("size", [(80, 24), (60, 20), (120, 40), (200, 50)])
    def test_list_and_delivery_are_both_there(self, store: Path, size: tuple[int, int]) -> None:
        some_deliveries(store, 50)

        async def script() -> None:
            async with inspecting(store, size=size) as screen:
                await screen.shows("hookcli", "github", "Summary", "Attempts", "received")
                assert all(len(line) <= size[0] for line in screen.lines)
                if size[0] >= 80:
                    await screen.shows("q Quit", "? Help")
                beside = any("✓ valid" in line and "received" in line for line in screen.lines)
                assert beside == (size[0] >= 150)

        run(script())

    def test_zoom_gives_all_to_one_part(self, store: Path) -> None:
        some_deliveries(store, 50)

        async def script() -> None:
            async with inspecting(store, size=(80, 24)) as screen:
                await screen.press("z")
                await screen.hides("received")
                await screen.press("enter")
                await screen.shows("received")
                await screen.hides("number 20")
                await screen.press("escape", "z")
                await screen.shows("received", "number 50")

        run(script())

    def test_help_tells_every_key_that_does_something(self, store: Path) -> None:
        async def script() -> None:
            async with inspecting(store, size=(100, 50)) as screen:
                await screen.press("question_mark")
                await screen.shows("Keys", "send it again", "copy it as a curl command")
                await screen.press("escape")
                await screen.hides("send it again")

        run(script())

    def test_light_and_dark_are_remembered(self, store: Path) -> None:
        async def script() -> None:
            async with inspecting(store) as screen:
                names = [screen.app.theme]
                await screen.press("t")
                names.append(screen.app.theme)
                assert names == ["hookcli-dark", "hookcli-light"]
                assert screen.app.session.memory.get("theme") == "light"

        run(script())


class TestProgram:
    def test_without_a_terminal_it_says_so(self, store: Path) -> None:
        done = hookcli("inspect", "--store", store)
        assert done.code == 2
        assert "There is no terminal to show it on." in done.err

    @pytest.mark.parametrize("end", ["q", "\x03", "SIGTERM"])
    def test_it_ends_and_leaves_the_terminal_as_it_was(self, store: Path, end: str) -> None:
        some_deliveries(store, 3)
        with on_its_own_terminal("inspect", store) as (process, ours):
            read_until(ours, b"3 deliveries")
            if end == "SIGTERM":
                process.send_signal(signal.SIGTERM)
            else:
                os.write(ours, end.encode())
            left = rest(ours)
            assert process.wait(SAFETY) == 0
            assert b"\x1b[?1049l" in left
            assert b"\x1b[?25h" in left

    def test_no_color_means_none(self, store: Path) -> None:
        some_deliveries(store, 3)
        with on_its_own_terminal("inspect", store, NO_COLOR="1") as (_, ours):
            shown = read_until(ours, b"3 deliveries")
            os.write(ours, b"jq")
            shown += rest(ours)
        styles = {code for found in re.findall(rb"\x1b\[([\d;]*)m", shown) for code in found.split(b";")}
        assert styles <= {b"", b"0", b"1", b"2", b"3", b"4", b"7", b"39", b"49"}

    def test_nothing_of_a_delivery_is_obeyed(self, store: Path) -> None:
        evil = "\x1b]52;c;ZXZpbA==\x07\x1b[2J[red]not markup[/red]\u202e"
        message = with_body(evil.encode(), "text/plain", x_evil="\x1b[31m[b]bold[/b]")
        fill(store, a_delivery(message, provider="github", event=evil, summary=evil))
        with on_its_own_terminal("inspect", store) as (_, ours):
            shown = read_until(ours, b"1 delivery")
            tabs = {
                "2": b"X-Evil",
                "3": b"[red]not",
                "4": b"text, ",
                "5": b"secret",
                "6": b"Not sent on yet",
                "1": b"from",
            }
            for key, word in tabs.items():
                os.write(ours, key.encode())
                shown += read_until(ours, word)
            os.write(ours, b"q")
            shown += rest(ours)
        assert b"\x1b]52" not in shown
        assert b"\x1b[2J" not in shown
        assert "\u202e".encode() not in shown
        assert b"[red]" in shown
