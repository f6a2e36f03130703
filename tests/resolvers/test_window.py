"""Windows: what is a length of time, how months are counted, and which spans are refused before any SQL runs."""

from calendar import monthrange
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from resolvers.errors import (
    HorizonUnknown,
    Problem,
    ValueMalformed,
    WindowEmpty,
    WindowMalformed,
    WindowOutOfRange,
    WindowTooLong,
)
from resolvers.window import (
    Duration,
    Span,
    Window,
    add_months,
    check,
    first_of_month,
    parse_duration,
    resolve,
)

FIXED = settings(deadline=None, derandomize=True, database=None)

MOST = 600
HORIZON = date(2026, 11, 1)

days = st.dates(date(1, 1, 1), date(9999, 12, 31))
ordinary_days = st.dates(date(1900, 1, 1), date(2200, 12, 31))


def walked(day: date, months: int) -> date:
    """Add months by turning the calendar's leaves one at a time, and then looking for the day."""
    year, month = day.year, day.month
    for _ in range(abs(months)):
        month += 1 if months > 0 else -1
        if month in (0, 13):
            year, month = (year - 1, 12) if month == 0 else (year + 1, 1)
    wanted = day.day
    while wanted > monthrange(year, month)[1]:
        wanted -= 1
    return date(year, month, wanted)


def asked(window: Window, horizon: date | None = HORIZON, most_months: int = MOST) -> Span:
    """Resolve a window the way a request does."""
    check(window, "window", most_months)
    return resolve(window, horizon, "window", most_months)


@pytest.mark.parametrize(
    ("text", "months", "length"),
    [
        ("P7D", 0, 7),
        ("P3M", 3, 0),
        ("P2Y", 24, 0),
        ("P1Y6M", 18, 0),
        ("P1Y6M10D", 18, 10),
        ("P0Y0M1D", 0, 1),
        ("P007M", 7, 0),
        ("P9999Y99999M999999D", 219_987, 999_999),
    ],
)
def test_duration_in_years_months_or_days_is_read(text: str, months: int, length: int) -> None:
    assert parse_duration(text) == Duration(months, length)


@pytest.mark.parametrize(
    "text",
    [
        *("", "P", "PT", "7D", "p7d", "P7d", "-P7D", "P-7D", "+P7D", "P7", "P7W", "P1.5M", "P1,5M", "PT24H", "P1DT1H"),
        *("P0D", "P0Y0M0D", "P1D1M", "P1M1Y", "P1M1M", " P7D", "P7D ", "P7D\n", "P7D\0", "P٣M", "P３M", "P²M"),  # noqa: RUF001 - digits, but not ASCII's
        *("P10000Y", "P100000M", "P1000000D"),
    ],
)
def test_duration_of_another_form_is_refused_with_what_was_got(text: str) -> None:
    with pytest.raises(ValueMalformed) as caught:
        parse_duration(text)

    assert caught.value.extensions["code"] == "VALUE_MALFORMED"
    assert caught.value.got == text
    assert "P7D" in caught.value.allowed
    assert repr(text) in str(caught.value)


@FIXED
@given(st.text() | st.from_regex(r"P[0-9YMWDTHS.,+-]*"))
def test_duration_of_any_text_is_a_length_above_zero_or_refused(text: str) -> None:
    try:
        duration = parse_duration(text)
    except ValueMalformed:
        return

    assert duration.months + duration.days > 0
    assert parse_duration(str(duration) if duration.months < 100_000 else text) == duration


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2024, 3, 31), -1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2025, 12, 1), 1, date(2026, 1, 1)),
        (date(2026, 5, 5), 0, date(2026, 5, 5)),
        (date(1, 2, 1), -1, date(1, 1, 1)),
        (date(9999, 11, 30), 1, date(9999, 12, 30)),
    ],
)
def test_months_added_to_a_day_clamp_to_the_months_end(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


@FIXED
@given(ordinary_days, st.integers(-700, 700))
def test_months_added_to_a_day_are_leaves_of_the_calendar(day: date, months: int) -> None:
    assert add_months(day, months) == walked(day, months)


@FIXED
@given(ordinary_days, st.integers(-700, 700))
def test_months_added_and_taken_back_give_the_day_or_an_earlier_one_of_its_month(day: date, months: int) -> None:
    there_and_back = add_months(add_months(day, months), -months)

    assert there_and_back <= day
    assert first_of_month(there_and_back) == first_of_month(day)
    assert there_and_back == day or day.day > 28


@FIXED
@given(ordinary_days, ordinary_days, st.integers(-700, 700))
def test_months_added_to_two_days_keep_their_order(one: date, other: date, months: int) -> None:
    earlier, later = sorted((one, other))

    assert add_months(earlier, months) <= add_months(later, months)


@pytest.mark.parametrize(
    ("window", "span"),
    [
        (Window(last=Duration(24, 0)), Span(date(2024, 11, 1), HORIZON)),
        (Window(last=Duration(0, 7)), Span(date(2026, 10, 25), HORIZON)),
        (Window(last=Duration(1, 1), end=date(2026, 3, 31)), Span(date(2026, 2, 27), date(2026, 3, 31))),
        (Window(last=Duration(1, 0), end=date(2026, 3, 31)), Span(date(2026, 2, 28), date(2026, 3, 31))),
        (Window(start=date(2026, 1, 5)), Span(date(2026, 1, 5), HORIZON)),
        (Window(start=date(2026, 1, 5), end=date(2026, 1, 6)), Span(date(2026, 1, 5), date(2026, 1, 6))),
        (Window(start=date(2030, 1, 1), end=date(2031, 1, 1)), Span(date(2030, 1, 1), date(2031, 1, 1))),
    ],
)
def test_window_of_an_allowed_form_is_resolved_to_its_span(window: Window, span: Span) -> None:
    assert asked(window) == span


@pytest.mark.parametrize(
    ("window", "got"),
    [
        (Window(), []),
        (Window(end=date(2026, 1, 1)), ["to"]),
        (Window(Duration(1, 0), date(2026, 1, 1)), ["last", "from"]),
        (Window(Duration(1, 0), date(2026, 1, 1), date(2026, 2, 1)), ["last", "from", "to"]),
    ],
)
def test_window_of_another_form_is_refused_naming_what_was_given(window: Window, got: list[str]) -> None:
    with pytest.raises(WindowMalformed) as caught:
        check(window, "filter.opened", MOST)

    assert caught.value.extensions == {
        "code": "WINDOW_MALFORMED",
        "argument": "filter.opened",
        "got": got,
        "allowed": "last alone, last with to, or from with or without to",
    }


@pytest.mark.parametrize(("start", "end"), [("2026-01-01", "2026-01-01"), ("2026-01-02", "2026-01-01")])
def test_window_without_a_day_is_refused_before_the_horizon_is_known(start: str, end: str) -> None:
    with pytest.raises(WindowEmpty) as caught:
        check(Window(start=date.fromisoformat(start), end=date.fromisoformat(end)), "window", MOST)

    assert caught.value.extensions == {
        "code": "WINDOW_EMPTY",
        "argument": "window",
        "got": {"from": start, "to": end},
        "allowed": "from before to",
    }


@pytest.mark.parametrize("start", [HORIZON, date(2027, 1, 1)])
def test_window_that_begins_at_or_after_the_horizon_is_refused(start: date) -> None:
    with pytest.raises(WindowEmpty):
        asked(Window(start=start))


@pytest.mark.parametrize("window", [Window(last=Duration(1, 0)), Window(start=date(2026, 1, 1))])
def test_window_to_the_horizon_is_refused_while_nothing_is_reported(window: Window) -> None:
    check(window, "window", MOST)

    with pytest.raises(HorizonUnknown) as caught:
        resolve(window, None, "window", MOST)

    assert caught.value.extensions == {
        "code": "HORIZON_UNKNOWN",
        "argument": "window",
        "allowed": "from and to, or last with to",
    }


@pytest.mark.parametrize("last", [Duration(1, 0), Duration(0, 1), Duration(600, 0)])
def test_window_that_begins_before_the_calendar_is_refused(last: Duration) -> None:
    with pytest.raises(WindowOutOfRange) as caught:
        check(Window(last=last, end=date(1, 1, 1)), "window", MOST)

    assert caught.value.extensions["got"] == str(last)


@pytest.mark.parametrize(
    "window",
    [
        Window(last=Duration(MOST, 0)),
        Window(last=Duration(MOST, 0), end=date(2026, 3, 31)),
        Window(last=Duration(MOST, 0), end=date(2024, 2, 29)),
        Window(last=Duration(0, 18_262)),
        Window(start=date(1976, 11, 1)),
        Window(start=date(1976, 5, 17), end=date(2026, 5, 17)),
        Window(start=date(1974, 2, 28), end=date(2024, 2, 29)),
        Window(start=date(1, 1, 1), end=date(51, 1, 1)),
        Window(start=date(1, 1, 1), end=date(1, 1, 2)),
    ],
)
def test_window_of_exactly_the_longest_length_is_resolved(window: Window) -> None:
    span = asked(window)

    assert span.start < span.end


@pytest.mark.parametrize(
    "window",
    [
        Window(last=Duration(MOST + 1, 0)),
        Window(last=Duration(MOST, 1)),
        Window(last=Duration(MOST, 1), end=date(2026, 3, 31)),
        Window(last=Duration(0, 18_263)),
        Window(last=Duration(0, 18_630)),
        Window(last=Duration(219_987, 999_999)),
        Window(start=date(1976, 10, 31)),
        Window(start=date(1976, 5, 16), end=date(2026, 5, 17)),
        Window(start=date(1974, 2, 28), end=date(2024, 3, 1)),
        Window(start=date(1, 1, 1), end=date(9999, 12, 31)),
    ],
)
def test_window_longer_than_allowed_is_refused(window: Window) -> None:
    with pytest.raises(WindowTooLong) as caught:
        asked(window)

    assert caught.value.extensions["code"] == "WINDOW_TOO_LONG"
    assert caught.value.extensions["argument"] == "window"
    assert caught.value.extensions["allowed"] == "at most 600 months"
    assert str(caught.value.extensions["got"]) in str(caught.value)


@pytest.mark.parametrize("window", [Window(last=Duration(MOST + 1, 0)), Window(last=Duration(0, 31 * MOST + 1))])
def test_window_that_is_too_long_whatever_the_horizon_is_refused_before_it_is_asked(window: Window) -> None:
    with pytest.raises(WindowTooLong):
        check(window, "window", MOST)


@FIXED
@given(
    st.builds(
        Window,
        last=st.none() | st.builds(Duration, st.integers(0, 219_987), st.integers(0, 999_999)).filter(any),
        start=st.none() | days,
        end=st.none() | days,
    ),
    st.none() | days,
    st.integers(1, 6_000),
)
@example(Window(last=Duration(1, 0), end=date(2023, 3, 31)), None, 1)
@example(Window(start=date(9999, 12, 15), end=date(9999, 12, 31)), None, 1)
def test_window_of_any_kind_is_a_span_within_bounds_or_refused(
    window: Window, horizon: date | None, most_months: int
) -> None:
    try:
        span = asked(window, horizon, most_months)
    except Problem:
        return

    assert span.start < span.end
    assert span.end == (window.end or horizon)
    assert span.start == (window.start or span.start)
    assert len(span.months()) <= most_months
    assert all(first_of_month(month) == month for month in span.months())


@FIXED
@given(ordinary_days, st.integers(1, 20_000))
def test_months_of_a_span_are_those_whose_first_day_lies_in_it(start: date, length: int) -> None:
    span = Span(start, start + timedelta(days=length))

    every_day = (start + timedelta(days=number) for number in range(length))
    assert list(span.months()) == [day for day in every_day if day.day == 1]


@FIXED
@given(ordinary_days, st.integers(1, 20_000))
def test_last_month_of_a_span_is_the_month_of_its_last_day(start: date, length: int) -> None:
    span = Span(start, start + timedelta(days=length))
    last_day = start + timedelta(days=length - 1)

    assert span.last_month == date(last_day.year, last_day.month, 1)
    assert span.months()[-1:] in ((), (span.last_month,))


@FIXED
@given(ordinary_days, st.integers(1, MOST))
def test_months_of_a_window_that_ends_with_a_month_are_as_many_as_asked(day: date, months: int) -> None:
    end = first_of_month(day)

    found = list(asked(Window(last=Duration(months, 0)), end).months())

    assert len(found) == months
    assert all(add_months(one, 1) == other for one, other in pairwise(found))


@pytest.mark.parametrize(
    ("span", "months"),
    [
        (Span(date(2026, 1, 2), date(2026, 1, 31)), []),
        (Span(date(2026, 1, 2), date(2026, 2, 1)), []),
        (Span(date(2026, 1, 2), date(2026, 2, 2)), [date(2026, 2, 1)]),
        (Span(date(2026, 1, 1), date(2026, 1, 2)), [date(2026, 1, 1)]),
        (Span(date(9999, 11, 2), date(9999, 12, 31)), [date(9999, 12, 1)]),
        (Span(date(9999, 12, 15), date(9999, 12, 31)), []),
    ],
)
def test_months_of_a_span_at_the_edges_are_exact(span: Span, months: list[date]) -> None:
    assert list(span.months()) == months
