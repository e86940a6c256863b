"""What people see: nothing that a terminal obeys, secrets masked, bodies laid out, colour on a terminal alone."""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from hookcli.delivery import Headers, Message
from hookcli.mask import MASK, mask_for
from hookcli.reading import Reading
from hookcli.render.body import HEAD_CHARACTERS, HEAD_LINES, body_lines, head
from hookcli.render.delivery import message_head
from hookcli.render.escape import visible
from hookcli.render.json_text import LONGEST_STRING, laid_out
from support import a_message, hookcli, listening, on_a_terminal, post

if TYPE_CHECKING:
    from pathlib import Path

ESCAPE = re.compile(rb"\x1b\[[0-9;]*m")
"""What sets colours and weights."""


class TestVisible:
    @given(st.text(), st.booleans())
    def test_nothing_is_left_that_a_terminal_acts_on(self, text: str, lines: bool) -> None:  # noqa: FBT001
        kept = "\n\t\u200d" if lines else "\u200d"
        shown = visible(text, lines=lines)
        for character in shown:
            assert character in kept or unicodedata.category(character) not in {
                "Cc",
                "Cf",
                "Cs",
                "Co",
                "Cn",
                "Zl",
                "Zp",
            }
            assert unicodedata.bidirectional(character) not in {
                "LRE",
                "RLE",
                "LRO",
                "RLO",
                "PDF",
                "LRI",
                "RLI",
                "FSI",
                "PDI",
            }
        shown.encode()

    @given(st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" ")))
    def test_text_for_reading_stays_as_it_is(self, text: str) -> None:
        assert visible(text) == text

    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("\x1b[31mred\x07", "␛[31mred␇"),
            ("a\r\n\tb\x7f", "a␍␊␉b␡"),
            ("\x9b31m", r"\x9b31m"),
            ("abc\u202edef\u2066", r"abc\u202edef\u2066"),
            ("zero\u200bwidth\ufeff", r"zero\u200bwidth\ufeff"),
            ("no\u00a0break\u3000", "no break "),
            ("\udcff\udc80", r"\xff\x80"),
            ("\ud800", r"\ud800"),
            ("\U000e0001", r"\U000e0001"),
            ("\N{FAMILY}, \N{MAN}\u200d\N{ROCKET}", "\N{FAMILY}, \N{MAN}\u200d\N{ROCKET}"),
        ],
    )
    def test_what_is_no_text_is_shown_as_what_it_is(self, text: str, shown: str) -> None:
        assert visible(text) == shown

    def test_line_ends_and_tabs_may_stay(self) -> None:
        assert visible("a\n\tb\r\x1b", lines=True) == "a\n\tb␍␛"


def body_of(message: Message, provider: str = "unknown", *, reveal: bool = False) -> str:
    return "\n".join(line.plain for line in body_lines(Reading(message), mask_for(provider, reveal=reveal)))


def head_of(message: Message, provider: str = "unknown", *, reveal: bool = False) -> list[str]:
    return [line.plain for line in message_head(message, provider, reveal=reveal)]


class TestMasks:
    @pytest.mark.parametrize(
        ("header", "shown"),
        [
            (("Authorization", "Bearer hunter2"), f"Authorization: Bearer {MASK}"),
            (("AUTHORIZATION", "basic aHVudGVyMg=="), f"AUTHORIZATION: basic {MASK}"),
            (("Authorization", "hunter2"), f"Authorization: {MASK}"),
            (("Authorization", "hunter2 and more"), f"Authorization: {MASK}"),
            (("Proxy-Authorization", "Basic hunter2"), f"Proxy-Authorization: Basic {MASK}"),
            (("Cookie", "session=hunter2"), f"Cookie: {MASK}"),
            (("x-api-key", "hunter2"), f"x-api-key: {MASK}"),
            (("Authorization", ""), "Authorization: "),
            (("X-Hub-Signature-256", "sha256=00"), "X-Hub-Signature-256: sha256=00"),
        ],
    )
    def test_headers(self, header: tuple[str, str], shown: str) -> None:
        message = Message(headers=Headers([header]))
        assert head_of(message)[1:] == [shown]
        assert head_of(message, reveal=True)[1:] == [": ".join(header)]

    @pytest.mark.parametrize(
        ("provider", "name"), [("gitlab", "X-Gitlab-Token"), ("gitee", "X-Gitee-Token"), ("gitee", "x-gitee-token")]
    )
    def test_headers_that_hold_a_providers_token(self, provider: str, name: str) -> None:
        message = Message(headers=Headers([(name, "hunter2")]))
        assert head_of(message, provider)[1:] == [f"{name}: {MASK}"]
        assert head_of(message, provider, reveal=True)[1:] == [f"{name}: hunter2"]

    @pytest.mark.parametrize(
        ("target", "shown"),
        [
            ("/?key=hunter2&a=1", f"/?key={MASK}&a=1"),
            ("/?a=1&TOKEN=hunter2", f"/?a=1&TOKEN={MASK}"),
            ("/?access%5Ftoken=hunter2", f"/?access%5Ftoken={MASK}"),
            ("/?secret=hunter2?key=hunter2", f"/?secret={MASK}"),
            ("/?key=", "/?key="),
            ("/?key", "/?key"),
            ("/key=1/a", "/key=1/a"),
        ],
    )
    def test_the_query(self, target: str, shown: str) -> None:
        message = Message(target=target)
        assert head_of(message)[0] == f"POST {shown} HTTP/1.1"
        assert head_of(message, reveal=True)[0] == f"POST {target} HTTP/1.1"

    @pytest.mark.parametrize(
        ("provider", "body", "shown"),
        [
            ("gitee", {"password": "hunter2", "sign": "hunter2"}, {"password": MASK, "sign": MASK}),
            ("unknown", {"sign": "plus"}, {"sign": "plus"}),
            ("unknown", {"a": [{"token": "hunter2"}]}, {"a": [{"token": MASK}]}),
            ("unknown", {"Client_Secret": "hunter2"}, {"Client_Secret": MASK}),
            ("unknown", {"password": 12345}, {"password": MASK}),
            ("unknown", {"password": "", "token": None}, {"password": "", "token": None}),
            ("unknown", {"key": "ID-1", "keys": ["a"]}, {"key": "ID-1", "keys": ["a"]}),
        ],
    )
    def test_the_body(self, provider: str, body: Any, shown: Any) -> None:
        message = Message(body=json.dumps(body).encode())
        assert json.loads(body_of(message, provider)) == shown
        assert json.loads(body_of(message, provider, reveal=True)) == body

    def test_a_form(self) -> None:
        form = Headers([("Content-Type", "application/x-www-form-urlencoded")])
        message = Message(headers=form, body=b"token=hunter2&text=a+b%0A&payload=%7B%22password%22%3A%22hunter2%22%7D")
        assert body_of(message) == f'token = {MASK}\ntext = a b␊\npayload = \n{{\n  "password": "{MASK}"\n}}'
        assert body_of(message, reveal=True).count("hunter2") == 2


numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
json_values = st.recursive(
    st.none() | st.booleans() | numbers | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
printable_values = st.recursive(
    st.none() | st.booleans() | numbers | st.text(st.characters(exclude_categories=["C", "Z"]), max_size=20),
    lambda inner: st.lists(inner, max_size=4),
    max_leaves=12,
)


def lines_of(text: str) -> list[str]:
    return [line.plain for line in laid_out(text)]


class TestJson:
    @given(json_values, st.sampled_from([None, 0, 7]), st.sampled_from([(",", ":"), (" ,\r\n", "\t: ")]))
    def test_it_says_the_same_laid_out(self, value: Any, indent: int | None, separators: tuple[str, str]) -> None:
        text = json.dumps(value, indent=indent, separators=separators)
        assert "\n".join(lines_of(text)) == json.dumps(value, indent=2)

    @given(printable_values)
    def test_also_beyond_ascii(self, value: Any) -> None:
        assert json.loads("".join(lines_of(json.dumps(value, ensure_ascii=False)))) == value

    def test_numbers_escapes_and_double_keys_stay_as_they_came(self) -> None:
        text = r'{"n":1.0e+400,"big":12345678901234567890123,"n":-0.0,"s":"\u0041\/\"\\","e":{},"l":[ ],"o":[[]]}'
        assert lines_of(text) == [
            "{",
            '  "n": 1.0e+400,',
            '  "big": 12345678901234567890123,',
            '  "n": -0.0,',
            r'  "s": "\u0041\/\"\\",',
            '  "e": {},',
            '  "l": [],',
            '  "o": [',
            "    []",
            "  ]",
            "}",
        ]

    def test_values_are_masked_by_their_dotted_path(self) -> None:
        asked: list[str] = []
        text = '{"a": {"b": 1, "c": [2, [3, 4], {"d": 5}]}, "e": {}, "f.g": 6}'

        def hidden(path: str) -> bool:
            asked.append(path)
            return path == "a.b"

        assert '    "b": "••••••",' in [line.plain for line in laid_out(text, hidden)]
        assert asked == ["a.b", "a.c.0", "a.c.1.0", "a.c.1.1", "a.c.2.d", "f.g"]

    def test_a_long_string_is_shortened(self) -> None:
        longest = LONGEST_STRING - len('""')
        assert lines_of(f'"{"x" * longest}"') == [f'"{"x" * longest}"']
        assert lines_of(f'"{"x" * (longest + 1000)}"') == [f'"{"x" * (longest + 1)}" … 1,000 characters more']

    @pytest.mark.parametrize("text", ["{", "]", "}}}", '{"a":}', '{"a"', ",,,", '{"a":1}}{"b":2}', "[1 2", ":"])
    def test_of_what_only_looks_like_json_nothing_is_lost(self, text: str) -> None:
        assert "".join(lines_of(text)).replace(" ", "") == text.replace(" ", "")

    @given(st.text('{}[],:"\\ a1\n'))
    def test_any_text_can_be_laid_out(self, text: str) -> None:
        assert all("\n" not in line for line in lines_of(text))


class TestBodies:
    def test_xml_and_text_as_they_are(self) -> None:
        assert body_of(Message(body=b"<a>\n  <b/>\n</a>\n")) == "<a>\n  <b/>\n</a>"
        assert body_of(Message(body="Grüße,\r\n\tAda\n".encode())) == "Grüße,␍\n\tAda"

    def test_binary_in_hex(self) -> None:
        assert body_of(Message(body=b"\x00PNG\xff" + b"a" * 12)) == (
            "00000000  00 50 4e 47 ff 61 61 61 61 61 61 61 61 61 61 61  .PNG.aaaaaaaaaaa\n"
            "00000010  61                                               a"
        )

    def test_a_compressed_body_is_unpacked_for_looking_at(self) -> None:
        message = Message(headers=Headers([("Content-Encoding", "gzip")]), body=gzip.compress(b'{"a":1}'))
        assert body_of(message) == '{\n  "a": 1\n}'

    def test_a_byte_order_mark_is_not_shown(self) -> None:
        assert body_of(Message(body=b'\xef\xbb\xbf{"a":1}')) == '{\n  "a": 1\n}'

    @pytest.mark.parametrize(
        "body", [b"plain\x1b[31m\x9b", b'{"a":"\xc2\x9b\xe2\x80\xae"}', b"<a>\x1b]0;x\x07</a>", b"\x00\x1b[31m"]
    )
    def test_nothing_in_them_is_obeyed(self, body: bytes) -> None:
        assert body_of(Message(body=body)).replace("\n", "").isprintable()

    @pytest.mark.parametrize("lines", [HEAD_LINES - 1, HEAD_LINES, HEAD_LINES + 1])
    def test_so_many_lines_are_good_to_read_at_once(self, lines: int) -> None:
        message = Message(body=b"line\n" * lines)
        shown = [line.plain for line in head(body_lines(Reading(message), mask_for("unknown")), len(message.body))]
        if lines <= HEAD_LINES:
            assert shown == ["line"] * lines
        else:
            assert shown[:-1] == ["line"] * HEAD_LINES
            assert shown[-1] == "… the rest of 2.0 kB is left out: --all shows it, --raw gives the exact bytes"

    def test_so_many_characters_are_good_to_read_at_once(self) -> None:
        body = b"x" * (HEAD_CHARACTERS + 1)
        shown = [line.plain for line in head(body_lines(Reading(Message(body=body)), mask_for("unknown")), len(body))]
        assert shown[0] == "x" * HEAD_CHARACTERS
        assert shown[1].startswith("… the rest of 65.5 kB is left out")


MARKUP = "[bold red]stop[/] [link=http://a]b[/link] :smile: \x1b[31m"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with deliveries that are hard to show."""
    path = tmp_path_factory.mktemp("store") / "deliveries.db"
    names = ["main", MARKUP, "分支" * 60, "e\u0301" * 100, "\N{FAMILY}" * 50]
    pushes = [
        json.dumps({"ref": f"refs/heads/{name}", "commits": [{"message": name}], "pusher": {"name": name}}).encode()
        for name in names
    ]
    with listening(path, "--print", "none", "--count", str(len(pushes) + 2)) as listener:
        for number, body in enumerate(pushes):
            event = "push" if number else "pull_request_review_comment"
            post(listener.port, a_message(body, x_github_event=event, content_type="application/json"))
        post(listener.port, a_message(MARKUP.encode(), "/[bold]x[/]?key=hunter2"))
        post(listener.port, a_message(b'{"a": 1, "b": null, "c": [true, "text"]}', "/" + "long/" * 60))
        assert listener.ended().code == 0
    return path


class TestTerminal:
    @pytest.mark.parametrize("columns", [40, 80, 130])
    def test_a_line_a_delivery_and_none_wraps(self, columns: int, store: Path) -> None:
        code, shown = on_a_terminal("list", "--store", store, columns=columns)
        lines = ESCAPE.sub(b"", shown).decode().split("\r\n")
        assert code == 0
        assert len(lines) == 8
        assert lines.pop() == ""
        assert max(map(cell_len, lines)) <= columns
        assert "…" in lines[0]

    def test_in_a_pipe_lines_are_as_long_as_they_are(self, store: Path) -> None:
        lines = hookcli("list", "--store", store).text.splitlines()
        assert lines[0].endswith("POST /" + "long/" * 60)
        assert lines[4].endswith(f"pushed 1 commit to {'分支' * 60}: {'分支' * 35}分…")

    @pytest.mark.parametrize(
        ("arguments", "code"),
        [(["list"], 0), (["show"], 0), (["show", "nothing"], 2)],
        ids=["list", "show", "an error"],
    )
    def test_colour_is_for_terminals(self, arguments: list[str], code: int, store: Path) -> None:
        env = {"HOOKCLI_STORE": str(store)}
        styled = on_a_terminal(*arguments, env=env)
        assert styled[0] == code
        assert ESCAPE.search(styled[1])
        for plain in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
            shown = on_a_terminal(*arguments, env={**env, **plain})
            assert shown[0] == code
            assert shown[1]
            assert b"\x1b" not in shown[1]
        piped = hookcli(*arguments, env=env)
        assert piped.out + piped.err.encode()
        assert b"\x1b" not in piped.out + piped.err.encode()

    def test_an_empty_no_color_says_nothing(self, store: Path) -> None:
        assert ESCAPE.search(on_a_terminal("list", env={"NO_COLOR": "", "HOOKCLI_STORE": str(store)})[1])

    def test_markup_is_not_obeyed(self, store: Path) -> None:
        for name in ("last~1", "last~5"):
            code, shown = on_a_terminal("show", name, "--store", store, columns=500)
            assert code == 0
            text = ESCAPE.sub(b"", shown).decode()
            assert "[bold red]stop[/] [link=http://a]b[/link] :smile: " in text
            assert "\x1b" not in text
            assert ("␛[31m" if name == "last~1" else r"\u001b[31m") in text

    def test_secrets_are_masked_in_lists(self, store: Path) -> None:
        listed = hookcli("list", "--store", store).text
        assert f"POST /[bold]x[/]?key={MASK}\n" in listed
        assert "hunter2" not in listed


@settings(max_examples=30)
@given(
    st.binary(max_size=200), st.sampled_from(["", "application/json", "application/x-www-form-urlencoded", "text/xml"])
)
def test_any_body_can_be_shown(body: bytes, content_type: str) -> None:
    message = Message(headers=Headers([("Content-Type", content_type)]), body=body)
    assert body_of(message, "gitee").replace("\n", "").replace("\t", "").replace("\u200d", "").isprintable()
