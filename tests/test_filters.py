"""The filter language: what each term keeps, what it says of a mistake, and that it is what a plain reading gives."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fnmatch import translate
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hookcli.delivery import Attempt, Delivery, Headers, Identity, Verdict, to_text
from hookcli.errors import WrongInput
from hookcli.store import query
from hookcli.store.database import opened
from hookcli.store.filters import LONGEST, MOST_VALUES, Filter, parse_filter, term
from hookcli.store.rows import Stored, insert, insert_attempt
from hookcli.store.terms import FIELDS, STATES
from support import a_delivery, a_message

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@pytest.fixture
def connection(store: Path) -> Iterator[sqlite3.Connection]:
    with opened(store) as opening:
        yield opening


def put(connection: sqlite3.Connection, stored: Sequence[Stored], attempts: dict[str, list[Attempt]]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    insert(connection, stored)
    for delivery_id, several in attempts.items():
        for one in several:
            insert_attempt(connection, delivery_id, one)
    connection.execute("COMMIT")


def sent(status: int | None, kind: str = "forward") -> Attempt:
    made = Attempt(kind="forward", url="http://localhost/", started_at=NOW, elapsed=0.1, status=status)
    return replace(made, kind="replay") if kind == "replay" else made


def events(connection: sqlite3.Connection, expression: str) -> str:
    """The events of the deliveries that an expression keeps, the oldest first, as one text."""
    wanted = parse_filter(expression, NOW)
    found = list(query.newest(connection, wanted, 100))[::-1]
    assert query.count(connection, wanted, 100) == len(found)
    return " ".join(str(one.delivery.identity.event) for one in found)


@pytest.fixture
def six(connection: sqlite3.Connection) -> sqlite3.Connection:
    """Six deliveries that differ in whatever can be asked for."""
    ago = [timedelta(days=3), timedelta(hours=3), timedelta(hours=2), timedelta(minutes=30), timedelta(0), timedelta(0)]
    push = a_message(b"x" * 2000, "/hooks/github?a=/hooks/gitlab", x_github_hook_id="581204417", x_foo="")
    times = iter(NOW - one for one in ago)
    a, b, c, d, e, f = (
        a_delivery(
            push,
            provider="github",
            event="a",
            action="opened",
            state="valid",
            delivery_id="72d3162e-cc78-11e3-81ab-4c9367dc0958",
            hook_id="581204417",
            attempt=1,
            received_at=next(times),
            id="01JD8ZAAAAAAAAAAAAAAAAAAAA",
        ),
        a_delivery(
            push,
            provider="github",
            event="b.c",
            action="d.e",
            state="invalid",
            delivery_id="72d3162e-cc78-11e3-81ab-4c9367dc0958",
            attempt=2,
            received_at=next(times),
            id="01JD8ZBBBBBBBBBBBBBBBBBBBB",
        ),
        a_delivery(
            a_message(b"{}", "/hooks", "PUT", x_foo="One"),
            provider="gitlab",
            event="Push Hook",
            state="stale",
            received_at=next(times),
        ),
        a_delivery(
            a_message(b"", "/", "OPTIONS", x_foo="one, two"), provider="cloudevents", event="d", received_at=next(times)
        ),
        replace(a_delivery(provider="gitea", event="e", is_ping=True, received_at=next(times)), remote="192.0.2.7"),
        a_delivery(
            a_message(b"\xff", to_text(b"/\xff/\xc3\xa9")),
            event="F",
            state="no secret",
            received_at=next(times),
        ),
    )
    stored = [
        Stored(a, 2000, 200),
        Stored(b, 2000, 401, "refused"),
        Stored(c, 2, 200),
        Stored(d, 0, 204, "handshake"),
        Stored(e, 2, 503),
        Stored(f, 1),
    ]
    put(
        connection,
        stored,
        {
            a.id: [sent(500), sent(200), sent(404, "replay")],
            c.id: [sent(200), sent(None)],
            e.id: [sent(404)],
            f.id: [sent(500, "replay")],
        },
    )
    return connection


ALL = "a b.c Push Hook d e F"


KEPT: list[tuple[str, str | None]] = [
    ("", ALL),
    ("  \t\n", ALL),
    ("provider:github", "a b.c"),
    ("PROVIDER:GitHub", "a b.c"),
    ("provider:git*", "a b.c Push Hook e"),
    ("provider:github,gitlab", "a b.c Push Hook"),
    ("provider:github provider:gitlab", "a b.c Push Hook"),
    ("provider:unknown", "F"),
    ("-provider:github,gitlab", "d e F"),
    ("not provider:github -provider:gitlab", "d e F"),
    ("NOT  provider:git*", "d F"),
    ("event:a", "a"),
    ("event:f", "F"),
    ("event:A,F", "a F"),
    ('event:"Push Hook"', "Push Hook"),
    ("event:'push hook'", "Push Hook"),
    ("event:push*", "Push Hook"),
    ('event:"push h*"', "Push Hook"),
    ("event:push", ""),
    ("event:[ab]*", "a b.c"),
    ("event:?", "a d e F"),
    ("event:a.opened", "a"),
    ("event:b.c", "b.c"),
    ("event:b.c.d.e", "b.c"),
    ("event:b.c.d", ""),
    ("event:*.opened", "a"),
    ("event:*.D.*", "b.c"),
    ("-event:a", "b.c Push Hook d e F"),
    ("action:opened", "a"),
    ("action:OPENED,d.?", "a b.c"),
    ("-action:opened", "b.c Push Hook d e F"),
    ("-action:*", "Push Hook d e F"),
    ("verdict:invalid", "b.c"),
    ("verdict:invalid,stale", "b.c Push Hook"),
    ('verdict:"no secret"', "F"),
    ("verdict:No-Secret", "F"),
    ("status:200", "a Push Hook"),
    ("status:2xx", "a Push Hook d"),
    ("status:5XX,401", "b.c e"),
    ("status:>=401", "b.c e"),
    ("status:>401", "e"),
    ("status:<204", "a Push Hook"),
    ("status:<=204", "a Push Hook d"),
    ("status:=204", "d"),
    ("status:204..401", "b.c d"),
    ("status:204-401", "b.c d"),
    ("-status:2xx", "b.c e F"),
    ("status:9999999999999", ""),
    ("forward:200", "a Push Hook"),
    ("forward:5xx", "a"),
    ("forward:404", "e"),
    ("forward:error", "Push Hook"),
    ("forward:*", "a Push Hook e"),
    ("forward:5xx,error", "a Push Hook"),
    ("-forward:*", "b.c d F"),
    ("is:ping", "e"),
    ("is:handshake", "d"),
    ("is:refused", "b.c"),
    ("is:duplicate", "b.c"),
    ("is:forwarded", "a Push Hook e"),
    ("is:failed", "Push Hook e"),
    ("is:replayed", "a F"),
    ("is:Ping,handshake", "d e"),
    ("is:ping is:failed", "e"),
    ("is:ping is:handshake", ""),
    ("-is:ping -is:handshake", "a b.c Push Hook F"),
    ("-is:duplicate", "a Push Hook d e F"),
    ("since:2h", "Push Hook d e F"),
    ("since:119m", "d e F"),
    ("since:2026-01-31T09:00+00:00", "b.c Push Hook d e F"),
    ("before:2h", "a b.c"),
    ("since:1d before:1h", "b.c Push Hook"),
    ("since:1d since:1h", "d e F"),
    ("size:2000", "a b.c"),
    ("size:>1k", "a b.c"),
    ("size:>=2 size:<2000", "Push Hook e"),
    ("size:0..1", "d F"),
    ("size:0,1", "d F"),
    ("size:0.0015k..1.5k", "Push Hook e F"),
    ("-size:>1", "d F"),
    ("size:>" + "9" * 500 + "mb", None),
    ("method:PUT", "Push Hook"),
    ("method:put,options", "Push Hook d"),
    ("method:P*", "a b.c Push Hook e F"),
    ("path:/hooks", "Push Hook"),
    ("path:hooks", "Push Hook"),
    ("path:/hooks/*", "a b.c"),
    ("path:/hooks*", "a b.c Push Hook"),
    ("path:/HOOKS", ""),
    ("path:*git*", "a b.c"),
    ("path:/", "d e"),
    ("path:*é", "F"),
    ("path:/\udcff/é", "F"),
    ("path:/\ud800", ""),
    ("id:01JD8ZA", "a"),
    ("id:01jd8z", "a b.c"),
    ("id:72D3162E", "a b.c"),
    ("id:*0958", "a b.c"),
    ("id:*BBB", "b.c"),
    ("-id:01jd8z", "Push Hook d e F"),
    ("hook:581204417", "a"),
    ("hook:58*", "a"),
    ("attempt:2", "b.c"),
    ("attempt:>0 attempt:<2", "a"),
    ("-attempt:1", "b.c Push Hook d e F"),
    ("remote:127.0.0.1", "a b.c Push Hook d F"),
    ("remote:192.0.*", "e"),
    ("remote:192.0.2.0/24", "e"),
    ("remote:2001:db8::/32", ""),
    ("-remote:0.0.0.0/0", ""),
    ("header.x-github-hook-id:581204417", "a b.c"),
    ("header.X-GitHub-Hook-ID:58*", "a b.c"),
    ("header.x-foo:*", "a b.c Push Hook d"),
    ('header.x-foo:""', "a b.c"),
    ("header.x-foo:one", "Push Hook"),
    ('header.x-foo:"one, two"', "d"),
    ("header.x-foo:one*", "Push Hook d"),
    ("header.x-foo:one header.x-github-hook-id:*", ""),
    ("-header.x-foo:*", "e F"),
    ("header.nothing:*", ""),
    ("provider:github verdict:valid since:7d", "a"),
]


@pytest.mark.parametrize(("expression", "kept"), KEPT)
def test_what_is_kept(six: sqlite3.Connection, expression: str, kept: str | None) -> None:
    if kept is None:
        with pytest.raises(WrongInput):
            events(six, expression)
    else:
        assert events(six, expression) == kept


def test_every_field_and_state_has_been_asked_for_above() -> None:
    asked = " ".join(expression.lower() for expression, _ in KEPT)
    for field in FIELDS:
        assert f"{field}:" in asked
    for state in STATES:
        assert f"is:{state}" in asked


def test_an_option_is_a_term(six: sqlite3.Connection) -> None:
    def kept(wanted: Filter) -> list[str | None]:
        return [one.delivery.identity.event for one in query.newest(six, wanted, 100)]

    assert kept(term("event", "push hook,a", NOW)) == ["Push Hook", "a"]
    assert kept(term("provider", "github", NOW) & term("verdict", "invalid,stale", NOW)) == ["b.c"]
    assert kept(Filter() & Filter()) == kept(Filter())
    with pytest.raises(WrongInput, match=r"^There is no provider 'githob'\.$"):
        term("provider", "githob", NOW)


# Mistakes.


@pytest.mark.parametrize(
    ("expression", "what", "under", "fix"),
    [
        ("provder:github event:push", "There is no field 'provder'.", "provder", "Did you mean provider:?"),
        ("event:push verdit:valid", "There is no field 'verdit'.", "verdit", "Did you mean verdict:?"),
        ("headers.x-foo:1", "There is no field 'headers.x-foo'.", "headers.x-foo", "header.NAME"),
        ("http://x", "There is no field 'http'.", "http", 'quote them: "http://x"'),
        ("event:push provider:githb", "There is no provider 'githb'.", "githb", "Did you mean github?"),
        ("verdict:valid,vlid", "'vlid' is none of valid", "vlid", "Did you mean valid?"),
        ("is:pin", "'pin' is none of ping", "pin", "Did you mean ping?"),
        ("is:blue", "'blue' is none of ping, handshake", "blue", ""),
        ("status:6xx", "'6xx' is no status.", "6xx", "5xx"),
        ("status:>", "'>' is no status.", ">", "5xx"),
        ("status:²", "'²' is no status.", "²", "5xx"),
        ("forward:no", "'no' is no status.", "no", "`error` is no answer"),
        ("attempt:many", "'many' is no number.", "many", ">1"),
        ("size:>big", "'big' is no size.", ">big", "25MiB"),
        ("event:a since:soon", "'soon' is no time.", "soon", "2h"),
        ("remote:1.2.3.4/99", "'1.2.3.4/99' is no network.", "1.2.3.4/99", "192.0.2.0/24"),
        ("header.é:1", "'é' is no header's name.", "1", "header.x-github-hook-id:123"),
        ("header.:1", "'' is no header's name.", "1", "header.x-github-hook-id:123"),
        ("event:", "A value of event is missing here.", "", "like event:push"),
        ("event: push", "A value of event is missing here.", "", "without a blank"),
        ("event:a, b", "A value of event is missing here.", "", "without a blank"),
        ("header.x-foo:", "A value of header.x-foo is missing here.", "", "header.x-foo:123"),
        ('event:"push', "This quote has no end.", '"', 'Close it with another "'),
        ("event:a 'b", "This quote has no end.", "'", "Close it with another '"),
        ('event:"a"b', "'b' stands behind a quote.", "b", "a blank between"),
        ("a:b or", "There is no field 'a'.", "a", ""),
        ("event:a or event:b", "There is no 'or' in a filter.", "or", "behind a comma"),
        ("event:a AND event:b", "There is no 'AND' in a filter.", "AND", "Terms all hold"),
        ("event:a not", "There is no 'not' in a filter.", "not", "Quote it"),
        ("event:a --", "There is no word in '-'.", "-", "letters and digits"),
    ],
)
def test_a_mistake_is_shown_where_it_is(expression: str, what: str, under: str, fix: str) -> None:
    with pytest.raises(WrongInput) as caught:
        parse_filter(expression, NOW)
    said, shown, carets = caught.value.what.split("\n")
    assert said.startswith(what)
    assert shown == f"  {expression}"
    assert carets.strip(" ") == "^" * max(1, len(under))
    assert shown[carets.index("^") :].startswith(under)
    assert fix in caught.value.fix


def test_carets_stand_under_wide_and_odd_characters() -> None:
    with pytest.raises(WrongInput) as caught:
        parse_filter('event:"合并\x1b\t请求" 文:1', NOW)
    _, shown, carets = caught.value.what.split("\n")
    assert shown == '  event:"合并\N{REPLACEMENT CHARACTER} 请求" 文:1'
    assert carets == " " * 21 + "^^"


def test_no_more_than_sqlite_can_take(connection: sqlite3.Connection) -> None:
    most = " ".join(f"-event:{number}" for number in range(MOST_VALUES))
    assert events(connection, most) == ""
    assert events(connection, "event:" + ",".join(map(str, range(MOST_VALUES)))) == ""
    assert events(connection, "event:*" + "a.*" * (LONGEST // 3 - 10)) == ""
    with pytest.raises(WrongInput, match="no more than 200 values"):
        parse_filter(f"{most} is:ping", NOW)
    with pytest.raises(WrongInput, match=r"longer than 10,000 characters"):
        parse_filter("event:" + "a" * LONGEST, NOW)


PIECES = st.sampled_from(
    [*(f"{name}:" for name in FIELDS), *STATES, "header.x:", "-", "not ", " ", ",", '"', "'", "\\", "*", ">", "..", "1"]
)


@given(st.text() | st.lists(PIECES | st.text(max_size=3), max_size=12).map("".join))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@example("since:0001-01-01 before:9999-12-31T23:59:59-23:59")
@example("size:1e9 since:" + "9" * 400 + "w")
@example("\ud800:\ud800 header.\udcff:\udcff event:\udcff\x00 \x00")
@example("header.a:\ud800* path:/\ud800* id:\ud800 remote:\ud800 provider:\ud800*")
def test_any_text_is_a_filter_or_a_mistake(connection: sqlite3.Connection, text: str) -> None:
    try:
        wanted = parse_filter(text, NOW)
    except WrongInput as error:
        assert error.what  # noqa: PT017 (either outcome is right)
        return
    assert list(query.newest(connection, wanted, 1)) == []


# Beside a plain reading of the same terms.

A_WORD = st.text("abAB.", min_size=1, max_size=3)
SOME = st.builds(
    lambda received, identity, **of: Delivery(received_at=NOW - timedelta(minutes=received), identity=identity, **of),
    st.integers(0, 5),
    st.builds(
        Identity,
        provider=st.sampled_from(["github", "gitlab", "unknown"]),
        event=st.none() | A_WORD,
        action=st.none() | A_WORD,
        delivery_id=st.none() | st.sampled_from(["a", "A", "ab"]),
        hook_id=st.none() | A_WORD,
        attempt=st.none() | st.integers(0, 3),
        is_ping=st.booleans(),
    ),
    id=st.uuids().map(lambda one: one.hex.upper()),
    method=st.sampled_from(["GET", "PUT", "put"]),
    target=st.sampled_from(["/", "/a", "/a/b?c=/a", "/A?", "*", "/a\udcff"]),
    remote=st.sampled_from(["", "127.0.0.1", "10.0.0.7", "::1", "fe80::1%eth0"]),
    headers=st.lists(
        st.tuples(st.sampled_from(["X-A", "x-a", "X-AB"]), st.sampled_from(["", "a", "A:b", "b\udcff"]))
    ).map(Headers),
    body=st.binary(max_size=4),
    verdict=st.builds(Verdict, state=st.sampled_from(["valid", "invalid", "no secret"])),
)


def like(value: str | None, pattern: str) -> bool:
    """A word in any case, or a pattern of `*` and `?`; what is not there is like nothing."""
    return value is not None and re.fullmatch(translate(pattern.lower()), value.lower()) is not None


def a_term(name: str, values: st.SearchStrategy[str], kept: Callable[[Stored, str], bool]) -> st.SearchStrategy[object]:
    return st.tuples(st.just(name), st.lists(values, min_size=1, max_size=2), st.just(kept), st.booleans())


PATTERN = A_WORD | st.sampled_from(["*", "a*", "?", "*b", "a.*", "??*"])
TERMS = st.one_of(
    a_term(
        "provider",
        st.sampled_from(["github", "git*", "unknown", "*b"]),
        lambda one, value: like(one.delivery.identity.provider, value),
    ),
    a_term(
        "event",
        PATTERN,
        lambda one, value: (
            like(one.delivery.identity.event, value)
            or (
                None not in {one.delivery.identity.event, one.delivery.identity.action}
                and like(f"{one.delivery.identity.event}.{one.delivery.identity.action}", value)
            )
        ),
    ),
    a_term("action", PATTERN, lambda one, value: like(one.delivery.identity.action, value)),
    a_term("hook", PATTERN, lambda one, value: like(one.delivery.identity.hook_id, value)),
    a_term(
        "verdict",
        st.sampled_from(["valid", "stale", "no-secret"]),
        lambda one, value: one.delivery.verdict.state == value.replace("-", " "),
    ),
    a_term("status", st.sampled_from(["2xx", "4xx"]), lambda one, value: str(one.status)[0] == value[0]),
    a_term("status", st.integers(199, 202).map(str), lambda one, value: one.status == int(value)),
    a_term(
        "size",
        st.integers(0, 4).map(lambda size: f">{size}"),
        lambda one, value: len(one.delivery.body) > int(value[1:]),
    ),
    a_term("size", st.sampled_from(["1..2", "0..0"]), lambda one, value: value[0] <= str(one.size) <= value[3]),
    a_term(
        "attempt",
        st.integers(0, 3).map(lambda number: f"<={number}"),
        lambda one, value: (
            one.delivery.identity.attempt is not None and one.delivery.identity.attempt <= int(value[2:])
        ),
    ),
    a_term("method", st.sampled_from(["put", "*T"]), lambda one, value: like(one.delivery.method, value)),
    a_term(
        "path",
        st.sampled_from(["/", "/a", "/a/*", "*", "/a\udcff"]),
        lambda one, value: re.fullmatch(translate(value), one.delivery.target.partition("?")[0]) is not None,
    ),
    a_term(
        "id",
        st.sampled_from(["a", "ab", "A", "0", "f"]),
        lambda one, value: (
            one.delivery.id.lower().startswith(value.lower())
            or (one.delivery.identity.delivery_id or "").lower().startswith(value.lower())
        ),
    ),
    a_term(
        "remote",
        st.sampled_from(["127.0.0.1", "10.*", "10.0.0.0/8", "fe80::/10"]),
        lambda one, value: one.delivery.remote.startswith({"1": value[:3], "f": "fe80:"}[value[0]]),
    ),
    a_term(
        "since",
        st.integers(0, 5).map(lambda minutes: f"{minutes}m"),
        lambda one, value: one.delivery.received_at >= NOW - timedelta(minutes=int(value[:-1])),
    ),
    a_term(
        "before",
        st.integers(0, 5).map(lambda minutes: f"{minutes}m"),
        lambda one, value: one.delivery.received_at < NOW - timedelta(minutes=int(value[:-1])),
    ),
    a_term(
        "header.x-a",
        st.sampled_from(["*", "a", "a:*", "b?"]),
        lambda one, value: any(like(each, value) for each in one.delivery.headers.get_all("x-a")),
    ),
    a_term("is", st.just("ping"), lambda one, _: one.delivery.identity.is_ping),
    a_term("is", st.just("handshake"), lambda one, _: one.answer == "handshake" and one.status is not None),
    a_term("is", st.just("duplicate"), lambda one, _: one.repeats is not None),
)
NARROW = {"is", "since", "before", "size", "attempt"}


@given(
    st.lists(
        st.builds(
            lambda delivery, status, answer: Stored(delivery, len(delivery.body), status, answer),
            SOME,
            st.sampled_from([None, 200, 404]),
            st.sampled_from(["plain", "handshake"]),
        ),
        max_size=6,
        unique_by=lambda one: one.delivery.id,
    ),
    st.lists(TERMS, max_size=3),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
def test_a_filter_keeps_what_a_plain_reading_of_its_terms_keeps(
    connection: sqlite3.Connection, some: list[Stored], terms: list[tuple[str, list[str], Callable[..., bool], bool]]
) -> None:
    connection.execute("DELETE FROM deliveries")
    connection.execute("BEGIN")
    written = insert(connection, some)
    connection.execute("COMMIT")

    def meets(one: Stored) -> bool:
        wide: dict[str, bool] = {}
        for name, values, kept, excludes in terms:
            held = any(kept(one, value) for value in values)
            if excludes:
                if held:
                    return False
            elif name in NARROW:
                if not held:
                    return False
            else:
                wide[name] = wide.get(name, False) or held
        return all(wide.values())

    expression = " ".join(f"{'-' if excludes else ''}{name}:{','.join(values)}" for name, values, _, excludes in terms)
    wanted = parse_filter(expression, NOW)
    expected = [one.delivery.id for one in written[::-1] if meets(one)]
    assert [one.delivery.id for one in query.newest(connection, wanted, 10)] == expected
    assert query.count(connection, wanted, 10) == len(expected)
    assert [one.delivery.id for one in written[::-1] if query.keeps(connection, wanted, one.seq)] == expected


# Pages.


def test_pages_go_by_position(connection: sqlite3.Connection) -> None:
    stored = [Stored(a_delivery(event="even" if number % 2 == 0 else "odd"), 2, 200) for number in range(20)]
    put(connection, stored, {})
    wanted = parse_filter("event:even", NOW)
    pages = [list(query.newest(connection, wanted, 3))]
    while pages[-1]:
        # What is stored or deleted meanwhile shifts no page.
        put(connection, [Stored(a_delivery(event="even"), 2, 200)], {})
        query.delete(connection, [pages[-1][0].delivery.id])
        pages.append(query.older_than(connection, wanted, pages[-1][-1].seq, 3))
    assert [one.delivery.id for page in pages for one in page] == [one.delivery.id for one in stored[::2]][::-1]
    assert query.older_than(connection, wanted, 6, 1, contents=True)[0].delivery.headers.get("host") == "localhost"


def test_a_store_is_followed_from_where_one_has_seen_it(connection: sqlite3.Connection) -> None:
    assert query.last_seq(connection) == 0
    put(connection, [Stored(a_delivery(event="old"), 2, 200)], {})
    seen = query.last_seq(connection)
    wanted = parse_filter("event:new", NOW)
    assert query.newer_than(connection, wanted, seen, 10) == []
    fresh = [a_delivery(event=event) for event in ("new", "other", "new", "new")]
    put(connection, [Stored(one, 2, 200) for one in fresh], {})
    found = query.newer_than(connection, wanted, seen, 2)
    assert [one.delivery.id for one in found] == [fresh[0].id, fresh[2].id]
    rest = query.newer_than(connection, wanted, found[-1].seq, 2, contents=True)
    assert [one.delivery for one in rest] == [fresh[3]]


def test_a_count_stops_where_it_is_told(connection: sqlite3.Connection) -> None:
    put(connection, [Stored(a_delivery(), 2, 200) for _ in range(10)], {})
    assert query.count(connection, Filter(), 7) == 7
    assert query.count(connection, Filter(), 100) == 10


def test_what_a_filter_keeps_is_deleted(six: sqlite3.Connection) -> None:
    assert query.delete_kept(six, parse_filter("provider:github verdict:valid", NOW)) == 1
    assert events(six, "") == "b.c Push Hook d e F"
    assert query.delete_kept(six, parse_filter("header.x-foo:one* -is:handshake", NOW)) == 1
    assert events(six, "") == "b.c d e F"
