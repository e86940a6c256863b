"""What tests of `hookcli inspect --web` share: a server, and a real browser that reads the terminal in its page."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from selenium import webdriver
from selenium.webdriver import ActionChains
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

from support import SAFETY, Result, environment, exchange

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from selenium.webdriver.chrome.webdriver import WebDriver


class Serving(NamedTuple):
    """A running `hookcli inspect --web`."""

    process: subprocess.Popen[str]
    link: str
    banner: str

    @property
    def authority(self) -> str:
        return self.link.split("/")[2]

    @property
    def origin(self) -> str:
        return f"http://{self.authority}"

    @property
    def port(self) -> int:
        return int(self.authority.rpartition(":")[2])

    @property
    def query(self) -> str:
        """The link without its origin."""
        return self.link.removeprefix(self.origin)

    def stop(self, number: signal.Signals = signal.SIGINT) -> Result:
        """End it as Ctrl-C does, and say how it ended."""
        self.process.send_signal(number)
        net = threading.Timer(SAFETY, self.process.kill)
        net.start()
        out, err = self.process.communicate()
        net.cancel()
        return Result(self.process.returncode, out.encode(), err)

    def get(self, target: str, method: str = "GET", *, host: str | None = None, **headers: str) -> Answer:
        """Ask for something with these headers, `sec_fetch_site="none"` is Sec-Fetch-Site, and no others."""
        pairs = {"Host": host or self.authority, "Connection": "close"}
        pairs |= {name.replace("_", "-").title(): value for name, value in headers.items()}
        lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in pairs.items())]
        return Answer.of(exchange(self.port, ("\r\n".join(lines) + "\r\n\r\n").encode()))

    def children(self) -> list[int]:
        """The programs behind tabs."""
        number = self.process.pid
        return [int(one) for one in Path(f"/proc/{number}/task/{number}/children").read_text().split()]

    def enter(self) -> str:
        """Use the link as a browser does; the cookie that it gives."""
        answer = self.get(self.query, **VISIT)
        assert answer.status == 303, answer
        return answer.headers["set-cookie"].partition(";")[0]


VISIT = {"sec_fetch_site": "none", "sec_fetch_mode": "navigate", "sec_fetch_dest": "document"}
"""What a browser says of itself where a person goes to a page."""


class Answer(NamedTuple):
    """An answer, taken apart."""

    status: int
    headers: dict[str, str]
    body: str

    @classmethod
    def of(cls, data: bytes) -> Answer:
        head, _, body = data.partition(b"\r\n\r\n")
        start, *lines = head.decode().split("\r\n")
        pairs = (line.partition(":") for line in lines)
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        return cls(int(start.split()[1]), headers, body.decode(errors="replace"))


@contextmanager
def serving(store: Path, *options: str, **env: str) -> Iterator[Serving]:
    """The interface served on a free port; ended for sure when the block is left."""
    # What it remembers is the test's, and not this machine's.
    env = {"XDG_STATE_HOME": str(store.parent / "state"), **env}
    process = subprocess.Popen(
        [sys.executable, "-m", "hookcli", "inspect", "--web", "--port", "0", "--store", str(store), *options],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(**env),
        text=True,
    )
    try:
        assert process.stderr is not None
        banner = process.stderr.readline()
        found = re.search(r"http://\S+/\?token=\S+", banner)
        assert found, banner + process.stderr.read()
        while line := process.stderr.readline().strip():
            banner += line + "\n"
        yield Serving(process, found[0], banner)
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


# The page keeps its terminal to itself: whoever becomes one is caught as it is made.
_CATCH = """
Object.defineProperty(Object.prototype, "_core", {
  configurable: true,
  set(core) {
    Object.defineProperty(this, "_core", { value: core, writable: true, configurable: true });
    (window.caught ??= []).push(this);
  },
});
"""
_READ = """
const terminal = (window.caught ?? []).find((one) => one.buffer && one.rows);
if (!terminal) return "";
const line = (number) => terminal.buffer.active.getLine(number)?.translateToString(true) ?? "";
return Array.from({ length: terminal.rows }, (_, number) => line(number)).join("\\n");
"""


class Browser:
    """A window of Chromium."""

    def __init__(self, driver: WebDriver) -> None:
        self.driver = driver

    def catch(self) -> None:
        """Let the terminals of this tab's pages be found."""
        self.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": _CATCH})

    def new_tab(self) -> None:
        self.driver.switch_to.new_window("tab")
        self.catch()

    def open(self, url: str) -> None:
        self.driver.get(url)

    def run(self, script: str) -> Any:
        """What a script in the page gives."""
        return self.driver.execute_script(script)

    @property
    def page(self) -> str:
        """The text of a page without a terminal."""
        return str(self.run("return document.body.innerText")).strip()

    @property
    def text(self) -> str:
        """What the terminal shows."""
        return str(self.run(_READ))

    def until(self, holds: Callable[[], object], what: str = "") -> None:
        """Wait until something is so."""
        WebDriverWait(self.driver, SAFETY, poll_frequency=0.05).until(lambda _: holds(), what)

    def shows(self, *words: str) -> None:
        """Wait until all of this is in the terminal."""
        try:
            self.until(lambda: all(word in self.text for word in words))
        except Exception as error:
            message = f"{words} not all in\n{self.text}\n{self.page}"
            raise AssertionError(message) from error

    def press(self, *keys: str) -> None:
        """Press keys, wherever the focus is; after Control the others are pressed with it."""
        chain = ActionChains(self.driver)
        if keys[0] == Keys.CONTROL:
            chain.key_down(keys[0]).send_keys(*keys[1:]).key_up(keys[0])
        else:
            chain.send_keys(*keys)
        chain.perform()

    def click(self, *, column: int, line: int) -> None:
        """Click on a cell of the terminal."""
        at = """
            const { left, top, width, height } = document.querySelector(".xterm-screen").getBoundingClientRect();
            const { cols, rows } = window.caught.find((one) => one.buffer && one.rows);
            return [left + (arguments[0] + 0.5) * width / cols, top + (arguments[1] + 0.5) * height / rows];
        """
        x, y = self.driver.execute_script(at, column, line)
        actions = ActionBuilder(self.driver)
        actions.pointer_action.move_to_location(int(x), int(y)).click()  # type: ignore[no-untyped-call]
        actions.perform()

    @property
    def complaints(self) -> list[str]:
        """What the browser had to complain of: errors of scripts, and what the page's policy forbids."""
        found = self.driver.get_log("browser")  # type: ignore[no-untyped-call]
        return [one["message"] for one in found if one["level"] == "SEVERE"]


CHROMIUM, CHROMEDRIVER = shutil.which("chromium"), shutil.which("chromedriver")

needs_browser = pytest.mark.skipif(
    not (CHROMIUM and CHROMEDRIVER), reason="no chromium and chromedriver: apt-get install chromium chromium-driver"
)


@contextmanager
def browsing(profile: Path, *options: str) -> Iterator[Browser]:
    """A browser with a profile of its own, which asks nobody for anything but the page."""
    assert CHROMIUM
    wanted = webdriver.ChromeOptions()
    wanted.binary_location = CHROMIUM
    wanted.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for option in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--window-size=1280,900",
        f"--user-data-dir={profile}",
        *options,
    ):
        wanted.add_argument(option)
    driver = webdriver.Chrome(options=wanted, service=Service(CHROMEDRIVER))
    try:
        browser = Browser(driver)
        browser.catch()
        yield browser
    finally:
        driver.quit()
