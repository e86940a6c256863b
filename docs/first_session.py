"""Draw docs/first_session.svg: a first session with hookcli, from what the real commands print on a real terminal.

python docs/first_session.py
"""

from __future__ import annotations

import fcntl
import io
import os
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios
from pathlib import Path

from rich.console import Console
from rich.text import Text

COLUMNS, ROWS = 116, 40
PICTURE = Path(__file__).with_name("first_session.svg")
SECRETS = ["--secret", "github=hookcli", "--secret", "gitlab=typo"]
HOOKCLI = [sys.executable, "-m", "hookcli"]


class Screen:
    """A terminal of its own for a command, whose output is kept."""

    def __init__(self, *arguments: str, store: Path) -> None:
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        kept = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "COLUMNS"}}
        self._process = subprocess.Popen(
            [*HOOKCLI, *arguments],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**kept, "TERM": "xterm-256color", "COLORTERM": "truecolor", "HOOKCLI_STORE": str(store)},
        )
        os.close(theirs)
        self.shown = ""

    def until(self, mark: str) -> None:
        """Read until it shows this."""
        while mark not in self.shown:
            self.shown += os.read(self._ours, 65536).decode()

    def ended(self) -> str:
        """Read to the end."""
        try:
            while part := os.read(self._ours, 65536):
                self.shown += part.decode()
        except OSError:  # Linux tells the end of a terminal so
            pass
        self._process.wait()
        return self.shown

    def interrupt(self) -> str:
        """Ctrl-C, and what it shows then."""
        os.write(self._ours, b"\x03")
        self._process.send_signal(2)
        return self.ended()


def main() -> None:
    """Run the session and draw it."""
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "deliveries.db"
        listener = Screen("listen", *SECRETS, store=store)
        listener.until("Ctrl-C stops.")
        for fixtures in (
            ["github/push", "github/pull_request.opened", "gitlab/merge_request_hook.merge"],
            ["gitea/issues.opened", "bitbucket/pullrequest_created", "dockerhub/push", "argo-events/webhook"],
        ):
            Screen("replay", *fixtures, store=store).ended()
        listener.until("argo-events")
        shown = [
            (f"hookcli listen {' '.join(SECRETS)}", listener.interrupt()),
            ("hookcli show last~5 --headers", Screen("show", "last~5", "--headers", store=store).ended()),
            (
                "hookcli verify last~5 --secret hookcli",
                Screen("verify", "last~5", "--secret", "hookcli", store=store).ended(),
            ),
        ]
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    for command, output in shown:
        console.print(Text.assemble(("$ ", "bold green"), (command, "bold")))
        text = (
            output.replace("\r\n", "\n").replace("^C", "").replace(str(store), "~/.local/share/hookcli/deliveries.db")
        )
        console.print(Text.from_ansi(text.rstrip("\n")))
        console.print()
    # A picture in a README loads nothing: the viewer's own monospace font will do.
    svg = re.sub(r"\s*@font-face \{.*?\}", "", console.export_svg(title="hookcli"), flags=re.DOTALL)
    PICTURE.write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
