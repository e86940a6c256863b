"""A body for reading: JSON laid out, a form by its fields, XML and text as they are, anything else in hex."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.text import Text

from hookcli.mask import MASK
from hookcli.render.escape import visible
from hookcli.render.json_text import laid_out
from hookcli.units import size_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hookcli.mask import Mask
    from hookcli.reading import Reading

HEAD_LINES = 400
HEAD_CHARACTERS = 64 * 1024
HEX_WIDTH = 16

_TAG = re.compile(r"</?[\w:.-]+|/?>|<!\[CDATA\[|\]\]>")


def body_lines(reading: Reading, mask: Mask) -> Iterator[Text]:
    """All the lines of a body, made as they are asked for."""
    content = reading.content
    if reading.form:
        yield from _form(reading, mask)
        return
    text = decoded(content)
    if text is None:
        yield from hex_lines(content)
    elif reading.payload is not None:
        yield from laid_out(text, mask.hides)
    elif text.lstrip()[:1] == "<":
        yield from _tagged(text)
    else:
        yield from (Text(visible(line, lines=True)) for line in _lines(text))


MORE = ": --all shows it, --raw gives the exact bytes"
"""What `show` can do about a body that is cut."""


def head(lines: Iterator[Text], length: int, more: str = MORE) -> Iterator[Text]:
    """As many lines as are good to read at once, and then what was left out of `length` bytes of body."""
    shown = 0
    for number, line in enumerate(lines):
        if number == HEAD_LINES or shown > HEAD_CHARACTERS:
            yield left_out(length, more)
            return
        shown += len(line)
        if len(line) > HEAD_CHARACTERS:
            line.truncate(HEAD_CHARACTERS)
        yield line
    if shown > HEAD_CHARACTERS:
        yield left_out(length, more)


def left_out(length: int, more: str) -> Text:
    """The line that stands where a long body is cut."""
    return Text(f"… the rest of {size_of(length)} is left out{more}", "dim italic")


def decoded(content: bytes) -> str | None:
    """The body as text; None where it is binary."""
    if b"\0" in content[:4096]:
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def _lines(text: str) -> list[str]:
    # A last line end ends the last line; it begins no empty one.
    return text.removesuffix("\n").split("\n")


def _form(reading: Reading, mask: Mask) -> Iterator[Text]:
    for name, value in reading.form.items():
        line = Text()
        line.append(visible(name), "json.key")
        line.append(" = ", "json.brace")
        if mask.hides_form_field(name):
            line.append(MASK)
        elif name == "payload" and reading.payload is not None:
            yield line
            yield from laid_out(value, mask.hides)
            continue
        else:
            line.append(visible(value), "json.str")
        yield line


def _tagged(text: str) -> Iterator[Text]:
    for raw in _lines(text):
        line = Text().append(visible(raw, lines=True))
        line.highlight_regex(_TAG, "json.key")
        yield line


def hex_lines(content: bytes, first: int = 0, width: int = HEX_WIDTH) -> Iterator[Text]:
    """Bytes in hex and as ASCII, so many a line, numbered from `first`."""
    for start in range(0, len(content), width):
        row = content[start : start + width]
        line = Text().append(f"{first + start:08x}  ", "dim")
        line.append(f"{row.hex(' '):<{width * 3}} ", "default")
        line.append("".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in row), "json.str")  # noqa: PLR2004 (ASCII)
        yield line
