"""Windows and calendar arithmetic against days read off a calendar."""

from datetime import date

import pytest

from tests.oracle.errors import OracleError
from tests.oracle.windows import Span, months_before, resolve

HORIZON = date(2025, 1, 1)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2025, 3, 31), 1, date(2025, 2, 28)),
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2024, 2, 29), 48, date(2020, 2, 29)),
        (date(2025, 1, 15), 1, date(2024, 12, 15)),
        (date(2025, 12, 31), 6, date(2025, 6, 30)),
        (date(2025, 1, 1), 24, date(2023, 1, 1)),
    ],
)
def test_months_before_a_day_keep_the_day_or_the_months_last(day: date, months: int, expected: date) -> None:
    assert months_before(day, months) == expected


@pytest.mark.parametrize(
    ("window", "start", "end"),
    [
        ({"last": "P24M"}, date(2023, 1, 1), date(2025, 1, 1)),
        ({"last": "P2Y"}, date(2023, 1, 1), date(2025, 1, 1)),
        ({"last": "P7D"}, date(2024, 12, 25), date(2025, 1, 1)),
        ({"last": "P1M", "to": "2024-03-31"}, date(2024, 2, 29), date(2024, 3, 31)),
        ({"from": "2024-12-31"}, date(2024, 12, 31), date(2025, 1, 1)),
        ({"from": "2030-01-01", "to": "2030-01-02", "last": None}, date(2030, 1, 1), date(2030, 1, 2)),
    ],
)
def test_window_of_each_form_becomes_its_span(window: dict[str, str | None], start: date, end: date) -> None:
    assert resolve(window, HORIZON) == Span(start, end)


@pytest.mark.parametrize(
    "window",
    [
        {},
        {"to": "2025-01-01"},
        {"last": "P1M", "from": "2024-01-01"},
        {"last": "P1M", "from": "2024-01-01", "to": "2025-01-01"},
        {"from": "2024-01-01", "to": "2024-01-01"},
        {"from": "2024-01-02", "to": "2024-01-01"},
        {"from": "2025-01-01"},
        {"last": "P0M"},
        {"last": "P1W"},
        {"last": "P1W2D3"},
        {"last": "-P1M"},
        {"last": "P1M\n"},
        {"last": "P٣M"},
        {"last": ""},
        {"last": "P99999Y"},
        {"last": "P9999999999999D"},
        {"from": "2025-02-29", "to": "2025-03-01"},
        {"from": "20240101", "to": "2025-03-01"},
    ],
)
def test_window_that_the_contract_refuses_is_an_error(window: dict[str, str | None]) -> None:
    with pytest.raises(OracleError):
        resolve(window, HORIZON)


@pytest.mark.parametrize("window", [{"last": "P1M"}, {"from": "2024-01-01"}])
def test_window_that_needs_a_horizon_is_an_error_that_says_so_while_nothing_is_reported(window: dict[str, str]) -> None:
    with pytest.raises(OracleError, match="horizon"):
        resolve(window, None)


def test_window_with_its_own_end_needs_no_horizon() -> None:
    assert resolve({"last": "P1M", "to": "2024-02-01"}, None) == Span(date(2024, 1, 1), date(2024, 2, 1))


def test_span_that_cuts_months_holds_those_whose_first_day_it_holds() -> None:
    span = Span(date(2024, 1, 2), date(2024, 3, 2))

    assert span.months() == [date(2024, 2, 1), date(2024, 3, 1)]


def test_span_within_a_month_holds_no_month_but_has_a_last_one() -> None:
    span = Span(date(2024, 1, 10), date(2024, 1, 20))

    assert span.months() == []
    assert span.last_month == date(2024, 1, 1)


def test_span_that_ends_on_a_first_day_ends_with_the_month_before() -> None:
    assert Span(date(2024, 1, 1), date(2024, 3, 1)).last_month == date(2024, 2, 1)
