"""Nothing of a delivery is obeyed by a terminal: what would not print is shown as what it is."""

from __future__ import annotations

import unicodedata

_JOINER = "\u200d"
_BYTE = range(0xDC80, 0xDD00)


def visible(text: str, *, lines: bool = False) -> str:
    """The text with every character that a terminal might act on made visible.

    Control characters become their pictures (ESC is ␛), those that turn the direction of writing, lone surrogates and
    the rest become \\u escapes, undecodable bytes \\x escapes. With `lines`, line ends and tabs stay.
    """
    if text.isprintable():
        return text
    return "".join(_shown(character, lines=lines) for character in text)


def _shown(character: str, *, lines: bool) -> str:
    if character.isprintable() or character == _JOINER or (lines and character in "\n\t"):
        return character
    code = ord(character)
    if code < ord(" "):
        return chr(0x2400 + code)
    if character == "\x7f":
        return "\u2421"
    if unicodedata.category(character) == "Zs":
        return " "
    if code in _BYTE:
        return f"\\x{code - 0xDC00:02x}"
    # What Python would write for it: \x9b, \u202e, \U000e0001.
    return character.encode("unicode_escape").decode()
