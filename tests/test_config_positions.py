"""Lines of a TOML text, held against the standard library's reader."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from hookcli.config.positions import positions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hookcli.config.positions import Key

EXAMPLE = """\
# a comment with [brackets] = and "quotes"
top = 1 # [no.table]
a.b . "c d" = { x = [1, 2], 'y' = "}" }

[listen] # = ]
port = 3000
text = \"\"\"
[not.a.table]
key = "value" \\\\\"\"\"
literal = '''
''' # after

  [ provider . "acme.io" ]
identify = [
    ["header:X-Acme", "body:[=]"], # one ] more
    # none
    ['body:type'],
]
when = 1979-05-27 07:32:00
[[provider."acme.io".signatures]]
scheme = "hmac"
[provider."acme.io".signatures.more]
x = 1
[[provider."acme.io".signatures]]
empty = []
none = {}
"""


def ways(value: Any, way: Key = ()) -> Iterator[Key]:
    """The way to everything in a value."""
    if way:
        yield way
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield from ways(part, (*way, key))


def test_each_value_is_found_on_its_line() -> None:
    found = positions(EXAMPLE)
    assert set(found) == set(ways(tomllib.loads(EXAMPLE)))
    expected: dict[Key, int] = {
        ("top",): 2,
        ("a", "b", "c d"): 3,
        ("a", "b", "c d", "x", 1): 3,
        ("listen",): 5,
        ("listen", "port"): 6,
        ("listen", "text"): 7,
        ("listen", "literal"): 10,
        ("provider", "acme.io"): 13,
        ("provider", "acme.io", "identify"): 14,
        ("provider", "acme.io", "identify", 0, 1): 15,
        ("provider", "acme.io", "identify", 1): 17,
        ("provider", "acme.io", "when"): 19,
        ("provider", "acme.io", "signatures"): 20,
        ("provider", "acme.io", "signatures", 0, "scheme"): 21,
        ("provider", "acme.io", "signatures", 0, "more", "x"): 23,
        ("provider", "acme.io", "signatures", 1): 24,
        ("provider", "acme.io", "signatures", 1, "none"): 26,
    }
    assert {way: found[way] for way in expected} == expected


def test_line_ends_of_windows_are_one_line_end_each() -> None:
    found = positions(EXAMPLE.replace("\n", "\r\n"))
    assert found == positions(EXAMPLE)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.text("[]{}#=,.\"'\\ \n\t", max_size=8)
SCALARS = st.booleans() | st.integers(-9, 9) | st.floats() | st.dates() | st.times() | st.datetimes() | TEXTS
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=8
)
TABLES = st.dictionaries(TEXTS, VALUES | st.lists(st.dictionaries(TEXTS, VALUES), min_size=1, max_size=3), max_size=4)


@given(tables=TABLES, multiline_strings=st.booleans())
def test_whatever_a_writer_writes_is_found_on_the_line_that_holds_it(
    *, tables: dict[str, Any], multiline_strings: bool
) -> None:
    text = tomli_w.dumps(tables, multiline_strings=multiline_strings)
    found = positions(text)
    assert set(found) == set(ways(tomllib.loads(text)))
    lines = text.split("\n")
    for way, line in found.items():
        key = way[-1]
        if isinstance(key, str) and key.isalnum() and key.isascii():
            assert key in lines[line - 1]


MARKS = st.sampled_from(["", " ", "\t", "# ] } = \" ' [x]\n", "\n", " \n\n "])
SPACES = st.sampled_from(["", " ", "\t "])
KEYS = st.sampled_from(["a", "b-1", '"q.k"', "'l k'", '"\\u00e9"', "a.b", 'x . "y"', "7"])
LITERALS = st.sampled_from(
    [
        "1",
        "-inf",
        "1979-05-27 07:32:00",
        '"a # ] b"',
        "'c:\\'",
        '"\\""',
        '""',
        "''",
        '"""a\n"" b""""',
        '""""""',
        "'''\n'a' ''b'''''",
        '"""\\""" \\\\"""',
    ]
)


@st.composite
def written(draw: st.DrawFn, depth: int = 2) -> str:
    """A value with blanks, comments and line ends wherever they may stand."""
    kind = draw(st.sampled_from(["literal", "array", "table"] if depth else ["literal"]))
    if kind == "literal":
        return draw(LITERALS)
    if kind == "table":
        names = draw(st.lists(st.sampled_from(["a", '"b c"', "d.e"]), unique=True))
        pairs = [f"{draw(SPACES)}{name} = {draw(written(depth=depth - 1))}{draw(SPACES)}" for name in names]
        return "{" + ",".join(pairs) + "}"
    parts = [draw(MARKS) + draw(written(depth=depth - 1)) + draw(MARKS) for _ in range(draw(st.integers(0, 3)))]
    comma = draw(st.sampled_from(["", ","])) if parts else ""
    return "[" + ",".join(parts) + comma + draw(MARKS) + "]"


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A text of tables and pairs, not always valid."""
    out = ""
    for _ in range(draw(st.integers(0, 6))):
        form = draw(st.sampled_from(["pair", "pair", "table", "element"]))
        key = draw(KEYS)
        if form == "pair":
            out += f"{draw(SPACES)}{key}{draw(SPACES)}={draw(SPACES)}{draw(written())}"
        else:
            opening, closing = ("[", "]") if form == "table" else ("[[", "]]")
            out += f"{draw(SPACES)}{opening}{draw(SPACES)}{key}{draw(SPACES)}{closing}"
        out += draw(SPACES) + draw(st.sampled_from(["\n", "# ] = [\n", "\n\n"]))
    return out


@given(documents())
def test_whatever_layout_a_person_chooses_everything_is_found(text: str) -> None:
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    assert set(positions(text)) == set(ways(tables))
