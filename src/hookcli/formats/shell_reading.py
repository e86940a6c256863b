"""Commands of a shell, read as bash would: quotes, line continuations, pipes, here-documents.

Nothing is run. Whatever only a shell could fill in (a variable, a substitution) can't be read, and is named. One
substitution is understood, that of `hookcli.formats.shell`: `"$(printf '\\101')"`.
Source: the Bash Reference Manual, "Quoting", "ANSI-C Quoting", "Redirections".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hookcli.delivery import to_text

if TYPE_CHECKING:
    from collections.abc import Iterator


class Unreadable(ValueError):
    """What a shell would have to fill in, or a quote that does not end."""


@dataclass(slots=True)
class Command:
    """A command's words and what goes into its standard input, where the text tells: a pipe, a file, or bytes."""

    words: list[str] = field(default_factory=list)
    piped_from: Command | None = None
    stdin_file: str | None = None
    stdin: bytes | None = None


_BLANK = re.compile(r"(?:[ \t\r]|\\\r?\n)+")
_COMMENT = re.compile(r"#[^\n]*")
_END = re.compile(r"\n|;|&&|\|\||&(?!>)")
_REDIRECTION = re.compile(r"(?P<number>\d*)(?P<sign><<<|<<-?|<|&?>>?(?:&\d)?)")
_PLAIN = re.compile(r"[^\s\\'\"$`;&|<>]+")
_ESCAPE = re.compile(
    r"\\(?:(?P<octal>[0-7]{1,3})|x(?P<byte>[0-9A-Fa-f]{1,2})|u(?P<short>[0-9A-Fa-f]{1,4})"
    r"|U(?P<long>[0-9A-Fa-f]{1,8})|c(?P<control>.)|(?P<letter>.))",
    re.DOTALL,
)
_LETTERS = {"a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_PRINTF = re.compile(r"""\$\(printf '((?:[A-Za-z0-9 :]|\\[0-7]{3})*)'\)""")
_HEX, _OCTAL = 16, 8


def commands(text: str) -> list[Command]:
    """The commands of a text, those that pipe into others as `piped_from` of these. Raises Unreadable."""
    return list(_Reader(text.removeprefix("\ufeff")).read())


class _Reader:
    """Goes through the text once; `at` is where it stands."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.documents: list[tuple[Command, str, bool, bool]] = []

    def read(self) -> Iterator[Command]:
        """Each command that does not pipe into another one."""
        current = Command()
        while self.at < len(self.text):
            if self._skip(_BLANK) or self._skip(_COMMENT):
                continue
            if end := self._skip(_END):
                if end == "\n":
                    self._take_documents()
                if current.words:
                    yield current
                current = Command()
            elif self._skip(re.compile(r"\|&?")):
                current = Command(piped_from=current)
            elif redirection := _REDIRECTION.match(self.text, self.at):
                self.at = redirection.end()
                self._redirect(current, redirection["sign"])
            else:
                current.words.append(self._word()[0])
        self._take_documents()
        if current.words:
            yield current

    def _skip(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.at)
        if match is None:
            return ""
        self.at = match.end()
        return match[0]

    def _redirect(self, current: Command, sign: str) -> None:
        if "&" in sign and sign[-1].isdigit():
            return
        self._skip(_BLANK)
        word, quoted = self._word()
        if sign == "<":
            current.stdin_file = word
        elif sign == "<<<":
            current.stdin = _bytes(word) + b"\n"
        elif sign.startswith("<<"):
            self.documents.append((current, word, quoted, sign == "<<-"))

    def _take_documents(self) -> None:
        for command, delimiter, quoted, tabs in self.documents:
            lines = []
            while self.at < len(self.text):
                end = self.text.find("\n", self.at)
                end = len(self.text) if end == -1 else end
                line, self.at = self.text[self.at : end], min(end + 1, len(self.text))
                line = line.lstrip("\t") if tabs else line
                if line == delimiter:
                    break
                lines.append(f"{line}\n")
            document = "".join(lines)
            command.stdin = _bytes(document if quoted else _unquoted_document(document))
        self.documents = []

    def _word(self) -> tuple[str, bool]:
        """The word that begins here, and whether any of it was quoted."""
        parts: list[bytes] = []
        begun, quoted = self.at, False
        while self.at < len(self.text):
            part, is_quoted = self._part()
            if part is None:
                break
            parts.append(part)
            quoted = quoted or is_quoted
        if self.at == begun:
            what = f"{self.text[self.at : self.at + 20]!r} is no word"
            raise Unreadable(what)
        return to_text(b"".join(parts)), quoted

    def _part(self) -> tuple[bytes | None, bool]:  # noqa: PLR0911 (one return a way of quoting)
        rest = self.text[self.at : self.at + 2]
        if rest[0] == "'":
            return _bytes(self._until("'", 1)), True
        if rest == "$'":
            return self._ansi(), True
        if rest[0] == '"' or rest == '$"':
            self.at += rest[0] == "$"
            return self._double(), True
        if continued := re.compile(r"\\\r?\n").match(self.text, self.at):
            self.at = continued.end()
            return b"", False
        if rest[0] == "\\":
            self.at += 2
            return _bytes(rest[1:]), True
        if rest[0] in "$`" and rest[1:] and (rest[0] == "`" or re.match(r"[\w({!?@*#-]", rest[1])):
            raise Unreadable(_named(self.text[self.at :]))
        if rest[0] == "$":
            self.at += 1
            return b"$", False
        match = _PLAIN.match(self.text, self.at)
        if match is None:
            return None, False
        self.at = match.end()
        return _bytes(match[0]), False

    def _until(self, end: str, opening: int) -> str:
        start = self.at + opening
        found = self.text.find(end, start)
        if found == -1:
            what = f"the quote that begins at {self.text[self.at : self.at + 20]!r} does not end"
            raise Unreadable(what)
        self.at = found + 1
        return self.text[start:found]

    def _ansi(self) -> bytes:
        match = re.compile(r"\$'((?:[^'\\]++|\\.)*+)'", re.DOTALL).match(self.text, self.at)
        if match is None:
            self._until("\0", 2)
            return b""
        self.at = match.end()
        return ansi(match[1])

    def _double(self) -> bytes:
        parts: list[bytes] = []
        begun = self.at
        self.at += 1
        while self.at < len(self.text):
            character, following = self.text[self.at], self.text[self.at + 1 : self.at + 2]
            if character == '"':
                self.at += 1
                return b"".join(parts)
            if printf := _PRINTF.match(self.text, self.at):
                parts.append(ansi(printf[1]).rstrip(b"\n"))
                self.at = printf.end()
            elif character == "\\" and following and following in '$`"\\\n':
                parts.append(b"" if following == "\n" else _bytes(following))
                self.at += 2
            elif character == "`" or (character == "$" and re.match(r"[\w({!?@*#-]", following)):
                raise Unreadable(_named(self.text[self.at :]))
            else:
                parts.append(_bytes(character))
                self.at += 1
        what = f"the quote that begins at {self.text[begun : begun + 20]!r} does not end"
        raise Unreadable(what)


def ansi(text: str) -> bytes:
    """The bytes that `$'...'` stands for."""
    parts: list[bytes] = []
    at = 0
    for match in _ESCAPE.finditer(text):
        parts.append(_bytes(text[at : match.start()]))
        parts.append(_escaped(match))
        at = match.end()
    parts.append(_bytes(text[at:]))
    # Who copies out of a browser writes what is beyond U+FFFF as two halves; put together they are a character.
    return re.sub(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]", _joined, b"".join(parts))


def _escaped(match: re.Match[str]) -> bytes:
    if match["octal"]:
        return bytes([int(match["octal"], _OCTAL) & 0xFF])
    if match["byte"]:
        return bytes([int(match["byte"], _HEX)])
    if code := match["short"] or match["long"]:
        number = int(code, _HEX)
        return chr(number).encode("utf-8", "surrogatepass") if number < 0x110000 else _bytes(match[0])  # noqa: PLR2004
    if match["control"]:
        return bytes([ord(match["control"].upper()) & 0x1F])
    letter = match["letter"]
    if letter in _LETTERS:
        return _bytes(_LETTERS[letter])
    return _bytes(letter) if letter in "\\'\"?" else _bytes(match[0])


def _joined(halves: re.Match[bytes]) -> bytes:
    text = halves[0].decode("utf-8", "surrogatepass")
    return text.encode("utf-16", "surrogatepass").decode("utf-16").encode()


def _unquoted_document(text: str) -> str:
    if found := re.search(r"(?<!\\)(?:`|\$[\w({])", text):
        raise Unreadable(_named(text[found.start() :]))
    return re.sub(r"\\([$`\\])", r"\1", text.replace("\\\n", ""))


def _named(text: str) -> str:
    found = re.match(r"\$\w+|\$\{[^}\n]*\}?|`[^`\n]*`?|\$\([^)\n]*\)?|.", text)
    return f"only a shell can tell what {found[0] if found else text[:1]} is"


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
