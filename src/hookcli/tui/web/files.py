"""The files that the page is made of: its own, and of textual-serve's the terminal and the typeface.

All of them are served from here: nothing is asked of another host.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class File(NamedTuple):
    """What a path answers."""

    content: bytes
    kind: str


PAGE = "page.html"
_HTML, _CSS, _JS, _SVG, _TTF = "text/html", "text/css", "text/javascript", "image/svg+xml", "font/ttf"
_OWN = {PAGE: _HTML, "page.css": _CSS, "page.js": _JS, "icon.svg": _SVG}
_TERMINAL = {
    "js/textual.js": _JS,
    "css/xterm.css": _CSS,
    "fonts/RobotoMono-VariableFont_wght.ttf": _TTF,
    "fonts/RobotoMono-Italic-VariableFont_wght.ttf": _TTF,
}


def served() -> Mapping[str, File]:
    """Each file by its name in the page."""
    found = {}
    for package, names in (("hookcli.tui.web", _OWN), ("textual_serve", _TERMINAL)):
        folder = files(package) / "static"
        for name, kind in names.items():
            found[name.rpartition("/")[2]] = File(folder.joinpath(*name.split("/")).read_bytes(), kind)
    return found
