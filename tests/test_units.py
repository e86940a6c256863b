"""Sizes, spans and moments as people read and write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hookcli.errors import WrongInput
from hookcli.units import ago, duration, parse_moment, parse_size, parse_span, size_of

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (8847, "8.8 kB"),
        (99_900, "99.9 kB"),
        (100_000, "100 kB"),
        (999_499, "999 kB"),
        (999_999, "1.0 MB"),
        (25_000_000, "25.0 MB"),
        (26_214_400, "26.2 MB"),
        (3_000_000_000, "3.0 GB"),
        (5_000_000_000_000, "5000 GB"),
    ],
)
def test_a_size_is_written_short(count: int, text: str) -> None:
    assert size_of(count) == text


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("0", 0),
        ("1000", 1000),
        ("512k", 524_288),
        ("25MiB", 26_214_400),
        ("1 GB", 1_073_741_824),
        ("1.5m", 1_572_864),
        (" 7b ", 7),
    ],
)
def test_a_size_is_read(text: str, count: int) -> None:
    assert parse_size(text) == count


@pytest.mark.parametrize("text", ["", "k", "-1", "1t", "1 2", "1e3", "0x10", "many"])
def test_what_is_no_size_is_told(text: str) -> None:
    with pytest.raises(WrongInput, match="is no size") as raised:
        parse_size(text)
    assert "25MiB" in raised.value.fix


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90", 90),
        ("0", 0),
        ("1.5", 1.5),
        ("250ms", 0.25),
        ("30s", 30),
        ("15m", 900),
        ("2h", 7200),
        ("7d", 604_800),
        ("2w", 1_209_600),
        ("1h30m", 5400),
        ("1 H 30 M", 5400),
        (" 2h ", 7200),
        ("1m500ms", 60.5),
    ],
)
def test_a_span_is_read(text: str, seconds: float) -> None:
    assert parse_span(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "h", "h5", "m5h", "-2h", "2y", "1.2.3", "5 5", "1h30", "2 hours", "٣h"])
def test_what_is_no_span_is_told(text: str) -> None:
    with pytest.raises(WrongInput, match="is no span of time") as raised:
        parse_span(text)
    assert "2h" in raised.value.fix


@pytest.mark.parametrize("text", ["999999999999d", "9" * 400 + "s"])
def test_a_span_can_be_too_long(text: str) -> None:
    with pytest.raises(WrongInput, match="too long a time"):
        parse_span(text)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2h", NOW - timedelta(hours=2)),
        ("90", NOW - timedelta(seconds=90)),
        ("2026-01-31T12:00:00Z", NOW),
        ("2026-01-31T12:00+02:00", NOW - timedelta(hours=2)),
        ("2026-01-31 11:30:00.000042+00:00", NOW - timedelta(minutes=30) + timedelta(microseconds=42)),
        ("2026-01-30T08:00", datetime(2026, 1, 30, 8).astimezone(UTC)),
        ("2026-01-30", datetime(2026, 1, 30).astimezone(UTC)),
    ],
)
def test_a_moment_is_a_span_before_now_or_a_date(text: str, moment: datetime) -> None:
    found = parse_moment(text, NOW)
    assert found == moment
    assert found.tzinfo == UTC


@pytest.mark.parametrize("text", ["", "yesterday", "2026-02-30", "12:00", "99999999d", "0001-01-01T00:00+23:00"])
def test_what_is_no_moment_is_told(text: str) -> None:
    with pytest.raises(WrongInput, match="is no time") as raised:
        parse_moment(text, NOW)
    assert "2026-01-31T12:00" in raised.value.fix


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "just now"),
        (0.999, "just now"),
        (1, "1 s ago"),
        (59.9, "59 s ago"),
        (60, "1 min ago"),
        (3599, "59 min ago"),
        (3600, "1 h ago"),
        (86_399, "23 h ago"),
    ],
)
def test_under_a_day_a_moment_is_told_by_its_age(seconds: float, text: str) -> None:
    assert ago(NOW - timedelta(seconds=seconds), NOW) == text


@pytest.mark.parametrize("seconds", [86_400, 10_000_000, -1])
def test_else_by_local_date_and_time(seconds: float) -> None:
    moment = NOW - timedelta(seconds=seconds)
    assert ago(moment.astimezone(timezone(timedelta(hours=5))), NOW) == moment.astimezone().strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0 ms"), (0.0124, "12 ms"), (0.9, "900 ms"), (1, "1.0 s"), (75.25, "75.2 s")]
)
def test_a_duration_is_written_short(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@given(st.text(max_size=12) | st.text("0123456789.hmsdw kib", max_size=10))
def test_any_text_is_read_or_told(text: str) -> None:
    for read in (parse_size, parse_span, lambda words: parse_moment(words, NOW)):
        try:
            read(text)
        except WrongInput as error:
            assert repr(text) in error.what  # noqa: PT017 (either outcome is right)
