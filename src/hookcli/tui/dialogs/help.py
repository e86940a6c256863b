"""The keys, and what they do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from hookcli.tui.dialogs.reading import ReadingScreen

if TYPE_CHECKING:
    from collections.abc import Iterator

KEYS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "Move",
        (
            ("↑ ↓  j k", "one up or down"),
            ("PgUp PgDn", "a screen up or down"),
            ("g G", "the newest, the oldest (or the begin, the end)"),
            ("Tab", "from the list to the delivery, and on"),
            ("Enter", "read the delivery; Esc goes back to the list"),
            ("1 to 6  ← →", "its tabs; in a body ← → fold and unfold"),
            ("z", "all of the screen for the list, or the delivery"),
        ),
    ),
    (
        "Find",
        (
            ("/", "show some alone, as you type; Esc shows all again"),
            ("m  d", "mark a delivery; compare another one with it"),
        ),
    ),
    (
        "Do",
        (
            ("r", "send it again"),
            ("R", "edit it first, in $VISUAL or $EDITOR"),
            ("s", "sign it anew, and send it"),
            ("e", "explain its signature"),
            ("y", "copy it as a curl command, with its secrets"),
            ("x", "write it to a file"),
            ("Delete", "delete it"),
        ),
    ),
    (
        "Look",
        (
            ("v", "show secrets, or mask them"),
            ("h", "in Raw: hex or text"),
            ("t", "light or dark"),
            ("n", "what there was to notice"),
            ("q  Ctrl-C", "leave"),
        ),
    ),
)


class HelpScreen(ReadingScreen):
    """The table of keys."""

    def __init__(self) -> None:
        super().__init__("Keys", _lines())


def _lines() -> Iterator[Text]:
    for number, (title, keys) in enumerate(KEYS):
        if number:
            yield Text()
        yield Text(title, "dim")
        for key, what in keys:
            yield Text().append(f"  {key:<13}", "bold").append(what)
