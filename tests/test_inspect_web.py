"""`hookcli inspect --web`: who may come in, by raw requests; and all of it in a real browser."""

from __future__ import annotations

import base64
import json
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from hookcli.store import query
from hookcli.store.database import opened
from inspecting import some_deliveries
from support import SAFETY, a_message, environment, exchange, hookcli, listening, post, receiving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from selenium.webdriver import Chrome

CHROMIUM, CHROMEDRIVER = shutil.which("chromium"), shutil.which("chromedriver")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "deliveries.db"


class Served(NamedTuple):
    """The interface, served."""

    link: str
    port: int
    process: subprocess.Popen[bytes]

    @property
    def target(self) -> str:
        """Path and query of the link."""
        return "/" + self.link.partition("://")[2].partition("/")[2]

    def ask(self, target: str, method: str = "GET", *, host: str | None = None, **headers: str) -> str:
        """The whole answer to a request."""
        lines = [f"{method} {target} HTTP/1.1", f"Host: {host or f'127.0.0.1:{self.port}'}", "Connection: close"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        return exchange(self.port, ("\r\n".join(lines) + "\r\n\r\n").encode()).decode("utf-8", "replace")

    def arrive(self) -> tuple[str, str]:
        """Spend the token; the path and the cookie that it gives."""
        answer = self.ask(self.target)
        path, cookie = (re.search(rf"(?m)^{name}: ([^;\r]+)", answer) for name in ("Location", "Set-Cookie"))
        assert path, answer
        assert cookie, answer
        return path[1], cookie[1]


@contextmanager
def serving(store: Path, *options: str) -> Iterator[Served]:
    """`hookcli inspect --web` on a free port."""
    process = subprocess.Popen(
        [sys.executable, "-m", "hookcli", "inspect", "--web", "--port", "0", "--store", str(store), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(XDG_STATE_HOME=str(store.parent)),
    )
    net = threading.Timer(SAFETY * 4, process.kill)
    net.start()
    try:
        assert process.stderr is not None
        first = process.stderr.readline().decode()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/\?token=\S+", first)
        assert found, first + process.stderr.read().decode()
        yield Served(found[0], int(found[1]), process)
    finally:
        net.cancel()
        process.kill()
        process.communicate()


def status(answer: str) -> int:
    return int(answer.split(" ", 2)[1])


SOCKET = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec_WebSocket_Version": "13",
    "Sec_WebSocket_Key": base64.b64encode(b"0123456789abcdef").decode(),
}


class TestGate:
    def test_the_token_is_good_once_and_leads_to_a_path_of_its_own(self, store: Path) -> None:
        with serving(store) as served:
            answer = served.ask(served.target)
            assert status(answer) == 303
            cookie = re.search(r"(?m)^Set-Cookie: (.*)\r$", answer)
            location = re.search(r"(?m)^Location: (/[\w-]{20,}/)\r$", answer)
            assert cookie
            assert location
            assert "HttpOnly" in cookie[1]
            assert "SameSite=Strict" in cookie[1]
            assert f"Path={location[1]}" in cookie[1]
            assert served.link.partition("token=")[2] not in cookie[1] + location[1]
            again = served.ask(served.target)
            assert (status(again), "Set-Cookie" in again) == (403, False)

    @pytest.mark.parametrize(
        "change", ["", "?token=", "?token=wrong", "?token=%ff", "?other=1", "?token=wrong&token=wrong"]
    )
    def test_a_wrong_token_opens_nothing_and_spends_nothing(self, store: Path, change: str) -> None:
        with serving(store) as served:
            assert status(served.ask(f"/{change}")) == 403
            assert status(served.ask(served.target, "POST")) == 403
            assert status(served.ask(served.target, "HEAD")) == 403
            assert status(served.ask(served.target, Sec_Purpose="prefetch;prerender")) == 403
            assert status(served.ask(served.target, Sec_Fetch_Site="cross-site")) == 403
            assert status(served.ask(served.target)) == 303

    def test_nothing_is_had_without_the_cookie(self, store: Path) -> None:
        with serving(store) as served:
            path, cookie = served.arrive()
            targets = ["/", path, f"{path}ws", f"{path}static/js/textual.js", f"{path}download/x", "/elsewhere"]
            for target in targets:
                assert status(served.ask(target)) == 403, target
                assert status(served.ask(target, Cookie="hookcli=wrong")) == 403, target
            for target in (path, f"{path}static/js/textual.js", f"{path}static/css/xterm.css"):
                assert status(served.ask(target, Cookie=f"other=1; hookcli=x; {cookie}")) == 200, target

    def test_another_host_and_another_origin_get_nothing(self, store: Path) -> None:
        with serving(store) as served:
            path, cookie = served.arrive()
            own = f"http://127.0.0.1:{served.port}"
            for host in ("evil.example", f"evil.example:{served.port}", "127.0.0.1", f"localhost:{served.port}"):
                assert status(served.ask(path, host=host, Cookie=cookie)) == 421
                assert status(served.ask(served.target, host=host)) == 421
            for origin in ("http://evil.example", "null", f"https://127.0.0.1:{served.port}", "http://127.0.0.1:80"):
                assert status(served.ask(path, Cookie=cookie, Origin=origin)) == 403
                assert status(served.ask(f"{path}ws", Cookie=cookie, Origin=origin, **SOCKET)) == 403
            assert status(served.ask(f"{path}ws", Cookie=cookie, **SOCKET)) == 403
            assert status(served.ask(path, Cookie=cookie, Origin=own)) == 200
            assert status(served.ask(path, Cookie=cookie, Sec_Fetch_Site="same-site")) == 403

    def test_the_page_loads_nothing_from_elsewhere(self, store: Path) -> None:
        with serving(store) as served:
            path, cookie = served.arrive()
            answer = served.ask(path, Cookie=cookie)
            head, _, page = answer.partition("\r\n\r\n")
            assert "default-src 'none'" in head
            assert "frame-ancestors 'none'" in head
            assert "Referrer-Policy: no-referrer" in head
            for address in re.findall(r"(?:src|href)=\"([^\"]+)\"|url\(\"([^\"]+)\"\)", page):
                assert "".join(address).startswith((path, "data:", ".", "page.js")), address
            assert f"ws://127.0.0.1:{served.port}{path}ws" in page

    def test_it_listens_on_this_machine_alone_and_says_when_it_can_not(self, store: Path) -> None:
        with serving(store) as served:
            done = hookcli("inspect", "--web", "--port", str(served.port), "--store", store)
            assert (done.code, "is taken" in done.err) == (3, True)
            served.process.send_signal(signal.SIGINT)
            assert served.process.wait(SAFETY) == 0


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Chrome]:
    """A real Chromium with a profile of its own."""
    if not (CHROMIUM and CHROMEDRIVER):
        pytest.skip("there is no chromium with its chromedriver here")
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for word in (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--window-size=1200,800",
        f"--user-data-dir={tmp_path / 'profile'}",
    ):
        options.add_argument(word)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(CHROMEDRIVER))
    try:
        yield driver
    finally:
        driver.quit()


class Watched:
    """What a browser got and asked for."""

    def __init__(self, driver: Chrome) -> None:
        self.driver = driver
        self.shown = ""
        self.asked: list[str] = []

    def look(self) -> None:
        """Take in what is new."""
        for entry in self.driver.get_log("performance"):  # type: ignore[no-untyped-call]
            message: dict[str, Any] = json.loads(entry["message"])["message"]
            if message["method"] == "Network.webSocketFrameReceived":
                data = message["params"]["response"]["payloadData"]
                self.shown += base64.b64decode(data).decode("utf-8", "replace") if _is_base64(data) else data
            elif message["method"] == "Network.requestWillBeSent":
                self.asked.append(message["params"]["request"]["url"])
            elif message["method"] == "Network.webSocketCreated":
                self.asked.append(message["params"]["url"])

    def until(self, word: str) -> None:
        """Wait until the terminal in the page has got this."""
        deadline = time.monotonic() + SAFETY * 2
        while word not in self.shown:
            assert time.monotonic() < deadline, self.shown[-3000:]
            self.look()

    def press(self, keys: str) -> None:
        """Press keys in the page."""
        from selenium.webdriver import ActionChains

        ActionChains(self.driver).send_keys(keys).perform()


def _is_base64(data: str) -> bool:
    return re.fullmatch(r"[A-Za-z0-9+/]*={0,2}", data) is not None


class TestBrowser:
    def test_deliveries_come_in_live_and_are_sent_again(self, store: Path, browser: Chrome) -> None:
        some_deliveries(store, 3)
        watched = Watched(browser)
        with receiving() as receiver, serving(store, "--to", receiver.url) as served, listening(store) as listener:
            browser.get(served.link)
            watched.until("number 3.")
            assert "token" not in browser.current_url
            post(listener.port, a_message(b"{}", target="/live-one", connection="close"))
            watched.until("POST /live-one")
            watched.press("r")
            watched.until("Send again")
            watched.press("\ue007")
            assert receiver.next().startswith(b"POST /live-one ")
            watched.until("✓ 200")
            with opened(store) as connection:
                newest = query.find(connection, "last")
                assert [one.kind for one in query.attempts(connection, newest.delivery.id)] == ["replay"]
            # The page comes back in this browser, without the token.
            browser.refresh()
            watched.shown = ""
            watched.until("POST /live-one")
            watched.look()
            own = (f"http://127.0.0.1:{served.port}/", f"ws://127.0.0.1:{served.port}/", "data:", "chrome:")
            assert [url for url in watched.asked if not url.startswith(own)] == []
            errors = [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]  # type: ignore[no-untyped-call]
            assert errors == []

    def test_a_wrong_token_and_a_used_one_are_refused(self, store: Path, browser: Chrome) -> None:
        with serving(store) as served:
            browser.get(f"http://127.0.0.1:{served.port}/?token=wrong")
            assert "This link is not good" in browser.page_source
            served.arrive()
            browser.get(served.link)
            assert "This link is not good" in browser.page_source

    def test_a_page_of_another_port_gets_nothing(self, store: Path, browser: Chrome) -> None:
        page = b"<!DOCTYPE html><title>other</title>"
        answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s" % (len(page), page)
        watched = Watched(browser)
        with receiving(answer) as other, serving(store) as served:
            browser.get(served.link)
            watched.until("No deliveries yet.")
            path = "/" + browser.current_url.split("/")[3] + "/"
            browser.get(other.url)
            # Same host, so that this browser would take it for the same site; and it even knows the path.
            found = browser.execute_async_script(
                """
                const [url, done] = arguments;
                const socket = new WebSocket(url.replace("http", "ws") + "ws");
                const outcome = {};
                socket.onopen = () => { outcome.socket = "open"; };
                socket.onerror = () => {
                    outcome.socket = outcome.socket || "refused";
                    fetch(url, {credentials: "include"})
                        .then(answer => answer.text()).then(text => { outcome.fetch = text; })
                        .catch(() => { outcome.fetch = "refused"; })
                        .finally(() => {
                            const frame = document.createElement("iframe");
                            frame.onload = () => { outcome.cookie = document.cookie; done(outcome); };
                            frame.src = url;
                            document.body.append(frame);
                        });
                };
                """,
                f"http://127.0.0.1:{served.port}{path}",
            )
            assert found == {"socket": "refused", "fetch": "refused", "cookie": ""}
            # No other server of this host is handed the cookie.
            assert not any(b"hookcli=" in request for request in other.requests)
