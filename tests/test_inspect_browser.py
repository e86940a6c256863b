"""`hookcli inspect --web` in a real browser: what a person sees there, what keys do, and what other pages get."""

from __future__ import annotations

import re
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from selenium.webdriver.common.keys import Keys

from browsing import browsing, needs_browser, serving
from inspecting import some_deliveries, with_body
from support import Wire, a_delivery, a_message, fill, listening, post, receiving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from browsing import Browser, Serving

pytestmark = needs_browser

OTHER_PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browsing(tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.fixture
def browser(chromium: Browser) -> Iterator[Browser]:
    """The browser on an empty page, in one tab, with nothing to complain of at the end."""
    chromium.open("about:blank")
    assert chromium.complaints is not None
    yield chromium
    first, *others = chromium.driver.window_handles
    for one in others:
        chromium.driver.switch_to.window(one)
        chromium.driver.close()
    chromium.driver.switch_to.window(first)
    chromium.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "deliveries.db"


def another_page(script: str) -> bytes:
    """A page of another site."""
    page = f"<!doctype html><title>waiting</title><body><script>{script}</script>".encode()
    return OTHER_PAGE % (len(page), page)


class TestPage:
    def test_a_delivery_comes_in_live_and_is_replayed_by_keys(self, browser: Browser, store: Path) -> None:
        body = '{"zen": "Bär 讓"}'.encode()
        with listening(store) as listener, receiving() as receiver, serving(store, "--to", receiver.url) as served:
            browser.open(served.link)
            browser.shows("No deliveries yet.", "0 deliveries", "● live", "/ Filter", "q Quit")
            assert browser.driver.current_url == served.origin + "/"
            assert browser.driver.title == "hookcli"

            post(listener.port, a_message(body, target="/hook?a=1", x_github_event="ping", x_github_delivery="d-1"))
            browser.shows("1 delivery", "github", "ping", "d-1")

            browser.press("r")
            browser.shows("Send again", receiver.url)
            browser.press(Keys.ENTER)
            sent = Wire.of(receiver.next())
            assert (sent.start, sent.body) == (b"POST /hook?a=1 HTTP/1.1", body)
            assert sent.all(b"x-github-delivery") == [b"d-1"]
            browser.shows("200")
            browser.press("6")
            browser.shows("replay", "200")
            assert browser.complaints == []

    def test_nothing_is_asked_of_another_host_and_the_typeface_is_there(self, browser: Browser, store: Path) -> None:
        some_deliveries(store, 3)
        with serving(store) as served:
            browser.open(served.link)
            browser.shows("number 3.")
            asked = browser.run("return performance.getEntriesByType('resource').map((one) => one.name)")
            assert {one.rpartition("/")[2] for one in asked} >= {"textual.js", "page.js", "xterm.css", "page.css"}
            assert [one for one in asked if not one.startswith(served.origin + "/static/")] == []
            loaded = browser.run(
                "return [...document.fonts].filter((one) => one.status === 'loaded').map((one) => one.style)"
            )
            assert sorted(loaded) == ["italic", "normal"]
            assert browser.complaints == []

    def test_it_fills_the_window_without_scroll_bars(self, browser: Browser, store: Path) -> None:
        with serving(store) as served:
            browser.open(served.link)
            browser.shows("No deliveries yet.")
            page = "const { scrollWidth, scrollHeight } = document.documentElement;"
            assert browser.run(page + "return [scrollWidth, scrollHeight].join() === [innerWidth, innerHeight].join()")
            screen = "const { width, height } = document.querySelector('.xterm-screen').getBoundingClientRect();"
            assert browser.run(screen + "return innerWidth - width < 12 && innerHeight - height < 24")
            before = browser.text
            browser.driver.set_window_size(900, 700)
            browser.until(lambda: len(browser.text.split("\n")) < len(before.split("\n")))
            browser.shows("No deliveries yet.", "q Quit")
            browser.driver.set_window_size(1280, 900)

    @pytest.mark.parametrize(("scheme", "color"), [("dark", "rgb(20, 22, 27)"), ("light", "rgb(252, 252, 250)")])
    def test_it_is_light_or_dark_as_the_browser_is(
        self, browser: Browser, store: Path, scheme: str, color: str
    ) -> None:
        media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
        browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
        around = "return getComputedStyle(document.querySelector('.xterm-viewport')).backgroundColor"
        with serving(store) as served:
            browser.open(served.link)
            browser.shows("No deliveries yet.")
            browser.until(lambda: browser.run(around) == color)
            browser.press("t")
            browser.until(lambda: browser.run(around) != color)


class TestComingAndGoing:
    def test_a_wrong_link_and_a_used_one_are_refused_in_words(
        self, browser: Browser, store: Path, tmp_path: Path
    ) -> None:
        with serving(store) as served:
            browser.open(served.origin + "/?token=wrong")
            assert browser.page == "This link does not open anything: it is not the one that hookcli printed."
            browser.open(served.origin + "/")
            assert browser.page == "Open the link that hookcli printed, in this browser."
            browser.open(served.link)
            browser.shows("No deliveries yet.")
            with browsing(tmp_path / "other") as other:
                other.open(served.link)
                assert other.page == "This link has been used. Start hookcli again for another one."

    def test_it_can_be_loaded_again_and_in_a_second_tab(self, browser: Browser, store: Path) -> None:
        some_deliveries(store, 1)
        with serving(store) as served:
            browser.open(served.link)
            browser.shows("number 1.")
            browser.driver.refresh()
            browser.shows("number 1.")
            browser.open(served.link)
            browser.shows("number 1.")
            browser.until(lambda: len(served.children()) == 1)
            browser.new_tab()
            browser.open(served.origin)
            browser.shows("number 1.")
            browser.until(lambda: len(served.children()) == 2)
            browser.driver.close()
            browser.driver.switch_to.window(browser.driver.window_handles[0])
            browser.until(lambda: len(served.children()) == 1)
            browser.shows("number 1.")

    def test_a_link_that_is_followed_from_another_site_opens_it(
        self, browser: Browser, store: Path, tmp_path: Path
    ) -> None:
        with serving(store) as served:
            page = tmp_path / "page.html"
            page.write_text(f'<a href="{served.link}">here</a>')
            browser.open(page.as_uri())
            browser.run("document.querySelector('a').click()")
            browser.shows("No deliveries yet.")
            assert browser.driver.current_url == served.origin + "/"

    def test_leaving_ends_it_and_enter_opens_it_again(self, browser: Browser, store: Path) -> None:
        with serving(store) as served:
            browser.open(served.link)
            browser.shows("No deliveries yet.")
            browser.press("q")
            browser.until(lambda: "This interface has ended." in browser.page)
            browser.until(lambda: served.children() == [])
            browser.press(Keys.ENTER)
            browser.until(lambda: "This interface has ended." not in browser.page)
            browser.shows("No deliveries yet.")

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
    def test_the_end_of_the_server_ends_the_programs_behind_tabs(
        self, browser: Browser, store: Path, number: signal.Signals
    ) -> None:
        with serving(store) as served:
            browser.open(served.link)
            browser.shows("No deliveries yet.")
            children = served.children()
            assert len(children) == 1
            ended = served.stop(number)
            if number is not signal.SIGKILL:
                assert (ended.code, ended.err) == (0, "")
            browser.until(lambda: not any(_runs(one) for one in children))
            browser.until(lambda: "This interface has ended." in browser.page)

    def test_the_tabs_that_are_open_at_once_are_limited(self, browser: Browser, store: Path) -> None:
        with serving(store) as served:
            browser.open(served.link)
            browser.shows("No deliveries yet.")
            opened = "new WebSocket(`ws://${location.host}/screen/dark`).onopen = () => (window.opened ??= []).push(1);"
            browser.run(f"for (let number = 0; number < 7; number++) {{ {opened} }}")
            browser.until(lambda: browser.run("return (window.opened ?? []).length") == 7)
            browser.run("new WebSocket(`ws://${location.host}/screen/dark`).onerror = () => (window.refused = true)")
            browser.until(lambda: browser.run("return window.refused"))
            assert served.process.stderr is not None
            assert "8 tabs are open: close one of them." in served.process.stderr.readline()


class TestWhatDiffers:
    def test_secrets_get_there_and_stand_on_no_command_line_and_in_no_environment(
        self, browser: Browser, store: Path
    ) -> None:
        token = "s3cr3t-of-gitlab"
        with listening(store) as listener, serving(store, "--secret", f"gitlab={token}") as served:
            post(listener.port, a_message(x_gitlab_event="Push Hook", x_gitlab_token=token))
            browser.open(served.link)
            browser.shows("gitlab", "no secret")
            browser.press("5")
            browser.shows("✓ valid")
            assert token not in browser.text
            (child,) = served.children()
            for name in ("cmdline", "environ"):
                assert token.encode() not in Path(f"/proc/{child}/{name}").read_bytes()

    def test_it_goes_by_the_same_configuration(self, browser: Browser, store: Path, tmp_path: Path) -> None:
        config = tmp_path / "hookcli.toml"
        config.write_text(
            '[secrets]\ngitlab = "one"\n\n[provider.acme]\ntitle = "Acme"\n'
            'docs = "https://acme.example/hooks"\nidentify = "header:X-Acme"\n'
        )
        config.chmod(0o600)
        fill(
            store,
            a_delivery(a_message(x_acme="1"), provider="acme"),
            a_delivery(a_message(x_gitlab_event="Push Hook", x_gitlab_token="one"), provider="gitlab"),
        )
        with serving(store, HOOKCLI_CONFIG=str(config)) as served:
            browser.open(served.link)
            browser.shows("gitlab", "acme")
            browser.press("5")
            browser.shows("✓ valid")
            browser.press("j", "1")
            browser.shows("https://acme.example/hooks")

    def test_curl_is_copied_to_the_clipboard_of_the_browser(self, browser: Browser, store: Path) -> None:
        fill(store, a_delivery(with_body('{"name": "Bär 讓"}'.encode()), provider="github", event="push"))
        with serving(store, "--to", "http://localhost:3000") as served:
            browser.open(served.link)
            browser.shows("push")
            allowed = {"origin": served.origin, "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
            browser.driver.execute_cdp_cmd("Browser.grantPermissions", allowed)
            browser.press("y")
            browser.shows("Copied as curl")
            read = "navigator.clipboard.readText().then(arguments[0], (why) => arguments[0](String(why)))"
            copied = browser.driver.execute_async_script(read)
            assert copied.startswith("curl -sS")
            assert "Bär 讓" in copied

    def test_a_request_is_edited_on_the_page_and_sent(self, browser: Browser, store: Path) -> None:
        fill(store, a_delivery(with_body(b'{"a": 1}'), provider="github", event="push"))
        with receiving() as receiver, serving(store, "--to", receiver.url, VISUAL="false") as served:
            browser.open(served.link)
            browser.shows("push")
            browser.press("R")
            browser.shows("Edit the request", "POST /hook HTTP/1.1")
            browser.press(*[Keys.DELETE] * 4, "PATCH")
            browser.shows("PATCH /hook HTTP/1.1")
            browser.press(Keys.CONTROL, "s")
            browser.shows("Send again")
            browser.press(Keys.ENTER)
            assert receiver.next().startswith(b"PATCH /hook HTTP/1.1\r\n")

    def test_a_file_is_written_on_the_machine_that_serves_it(
        self, browser: Browser, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        (delivery,) = fill(store, a_delivery(with_body(b'{"a": 1}'), provider="github", event="push"))
        with serving(store) as served:
            browser.open(served.link)
            browser.shows("push")
            browser.press("x")
            browser.shows("Write to a file")
            # Not by Enter: that goes on by a message, which a next key can overtake.
            browser.press(Keys.TAB)
            browser.press(Keys.ENTER)
            browser.shows("Written:")
            assert b'{"a": 1}' in (tmp_path / f"github-{delivery.id}.http").read_bytes()

    def test_the_mouse_selects(self, browser: Browser, store: Path) -> None:
        some_deliveries(store, 5)
        with serving(store) as served:
            browser.open(served.link)
            browser.shows("number 5.", "Summary")
            browser.click(column=30, line=4)
            browser.until(lambda: re.search(r"(?m)^▌.*number 2\.", browser.text))


class TestOtherPages:
    """Pages of another port of this machine: browsers send them along the cookie, which must get them nothing."""

    @pytest.fixture
    def served(self, browser: Browser, store: Path) -> Iterator[Serving]:
        with serving(store) as running:
            browser.open(running.link)
            browser.shows("No deliveries yet.")
            yield running

    def test_its_socket_is_refused(self, browser: Browser, served: Serving) -> None:
        children = served.children()
        script = f"""
            const socket = new WebSocket("ws://{served.authority}/screen/dark");
            socket.onopen = () => (document.title = "opened");
            socket.onerror = () => (document.title = "refused");
        """
        with receiving(another_page(script)) as other:
            browser.new_tab()
            browser.open(other.url)
            browser.until(lambda: browser.driver.title != "waiting")
            assert browser.driver.title == "refused"
        assert served.children() == children

    @pytest.mark.parametrize("path", ["/", "/static/page.css"])
    def test_what_it_fetches_is_refused(self, browser: Browser, served: Serving, path: str) -> None:
        url = served.origin + path
        script = f"""
            fetch("{url}", {{ mode: "no-cors", credentials: "include" }}).then(
                () => (document.title = "got"), () => (document.title = "refused"));
        """
        with receiving(another_page(script)) as other:
            browser.new_tab()
            browser.open(other.url)
            browser.until(lambda: browser.driver.title != "waiting")
            assert browser.driver.title == "refused"

    def test_it_cannot_frame_it(self, browser: Browser, served: Serving) -> None:
        children = served.children()
        script = f"""
            const frame = document.createElement("iframe");
            frame.onload = () => (document.title = "loaded");
            frame.src = "{served.origin}/";
            document.body.append(frame);
        """
        with receiving(another_page(script)) as other:
            browser.new_tab()
            browser.open(other.url)
            browser.until(lambda: browser.driver.title == "loaded")
            browser.driver.switch_to.frame(0)
            assert "hookcli" not in browser.page
            assert browser.run("return document.querySelector('#terminal')") is None
        assert served.children() == children


def _runs(number: int) -> bool:
    """Whether a process is there, and is not just waiting to be told as ended."""
    try:
        return ") Z " not in Path(f"/proc/{number}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
