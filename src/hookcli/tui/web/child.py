"""The program behind one browser tab: it is told on standard input what to show, and then shows it there.

What it is told holds secrets: no command line and no environment does.
"""

from __future__ import annotations

import os
import pickle
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.drivers.web_driver import WebDriver
from textual.messages import ExitApp

from hookcli.config.effect import Choice, chosen
from hookcli.errors import HookcliError
from hookcli.render.escape import visible
from hookcli.tui.app import Inspect
from hookcli.tui.memory import Memory, default_path

if TYPE_CHECKING:
    from textual.events import AppBlur
    from textual.theme import Theme

    from hookcli.tui.session import Session

_SIZE = 8


def order(choice: Choice, session: Session) -> bytes:
    """What such a program is to be told: the configuration that counts, and the session."""
    told = pickle.dumps((choice, session))
    return len(told).to_bytes(_SIZE, "big") + told


def _told() -> tuple[Choice, Session]:
    # Read byte by byte as it stands: what follows belongs to the driver, and must not wait in a buffer of ours.
    size = int.from_bytes(_read(_SIZE), "big")
    choice, session = pickle.loads(_read(size))  # noqa: S301 (it comes from the hookcli that started this)
    # Tabs do not share what they remember: each reads what is kept, as it is now.
    return choice, replace(session, memory=Memory(default_path()))


def _read(size: int) -> bytes:
    data = b""
    while len(data) < size:
        part = os.read(0, size - len(data))
        if not part:
            sys.exit(0)
        data += part
    return data


class Driver(WebDriver):
    """textual's driver for a browser, which ends the interface when nobody is behind it any more."""

    def run_input_thread(self) -> None:
        """Take what is typed until it ends."""
        super().run_input_thread()
        self._app.post_message(ExitApp())


class InBrowser(Inspect):
    """The interface, with what a browser shows around it in the same colour."""

    def on_mount(self) -> None:
        """Colour the rest of the window now, and whenever the theme changes."""
        self.theme_changed_signal.subscribe(self, self._colour_window)
        self._colour_window(self.current_theme)

    def on_app_blur(self, event: AppBlur) -> None:
        """Stay as it is beside another window: textual's driver tells of none before the page can have had a say."""
        event.prevent_default()

    def _colour_window(self, theme: Theme) -> None:
        background = theme.background or ""
        if background.startswith("#") and self._driver:
            self._driver.write(f"\x1b]11;{background}\x07")


def main() -> None:
    """Show what is told until the person leaves, or the browser does."""
    choice, session = _told()
    with chosen(choice):
        try:
            InBrowser(session).run()
        except HookcliError as error:
            sys.exit(visible(f"{error.what} {error.fix}".strip()))


if __name__ == "__main__":
    main()
