"""The report's small parts: periods and their windows, the writing of numbers, scales and curves."""

from datetime import date

import pytest

from graph.report import charts, scale, wording
from graph.report.page import shade
from graph.report.period import Period


@pytest.mark.parametrize(
    ("text", "name", "start", "end"),
    [
        ("2026-09", "September 2026", date(2026, 9, 1), date(2026, 10, 1)),
        ("2025-12", "December 2025", date(2025, 12, 1), date(2026, 1, 1)),
        ("2026-Q1", "First quarter 2026", date(2026, 1, 1), date(2026, 4, 1)),
        ("2025-Q4", "Fourth quarter 2025", date(2025, 10, 1), date(2026, 1, 1)),
    ],
)
def test_period_of_a_month_or_quarter_has_its_name_and_days(text: str, name: str, start: date, end: date) -> None:
    period = Period.read(text)

    assert (period.name, period.start, period.end) == (name, start, end)


@pytest.mark.parametrize(
    "text", ["2026", "2026-13", "2026-0", "2026-Q5", "2026-q1", "0999-01", "9999-12", " 2026-01", ""]
)
def test_period_of_another_form_is_refused_with_what_is_allowed(text: str) -> None:
    with pytest.raises(ValueError, match="allowed: a month such as 2026-09, or a quarter such as 2026-Q3"):
        Period.read(text)


def test_period_asks_for_two_years_of_trend_and_eight_quarters_of_cohorts() -> None:
    assert Period.read("2026-Q3").windows() == {
        "trend": {"from": "2024-09-01", "to": "2026-10-01"},
        "opened": {"from": "2024-10-01", "to": "2026-10-01"},
        "rolls": {"from": "2026-06-01", "to": "2026-10-01"},
        "lastMonth": {"from": "2026-09-01", "to": "2026-10-01"},
    }


@pytest.mark.parametrize(
    ("change", "text", "direction"),
    [
        (0.00364, "+0.36", "more"),
        (-0.0236, "−2.36", "less"),  # noqa: RUF001 - a minus
        (-0.00004, "±0.00", "same"),
        (None, "–", "unknown"),  # noqa: RUF001 - a dash
    ],
)
def test_change_is_written_in_points_with_its_sign(change: float | None, text: str, direction: str) -> None:
    assert (wording.points(change), wording.direction(change)) == (text, direction)


def test_amount_is_written_in_the_unit_that_suits_the_whole() -> None:
    assert wording.amount(5_524_692_215, wording.unit(5_524_692_215)) == "55.2"
    assert (wording.unit(999_999_999), wording.unit(10**9), wording.unit(10**13)) == ("thousand", "million", "billion")


@pytest.mark.parametrize(
    ("key", "name"), [("INTERNET_PLATFORM", "Internet platform"), ("OTHER", "Other"), ("Cash 贷", "Cash 贷")]
)
def test_name_of_a_code_reads_as_words_and_another_stays(key: str, name: str) -> None:
    assert wording.name(key) == name


@pytest.mark.parametrize(
    ("largest", "expected"),
    [
        (0.077, [0, 0.02, 0.04, 0.06, 0.08]),
        (0.1, [0, 0.02, 0.04, 0.06, 0.08, 0.1]),
        (0.0, [0, 0.01]),
        (1.0, [0, 0.2, 0.4, 0.6, 0.8, 1]),
    ],
)
def test_ticks_are_round_and_reach_the_largest_value(largest: float, expected: list[float]) -> None:
    assert scale.ticks(largest) == pytest.approx(expected)


def test_labels_too_near_to_each_other_are_moved_apart_in_their_order() -> None:
    assert scale.apart([100, 10, 101], 14, 110) == [96, 10, 110]


def test_curve_with_a_gap_is_broken_there_and_a_month_alone_is_a_dot() -> None:
    [line] = charts.lines([("rate", [0.01, 0.02, None, 0.03, None])], ["a", "", "", "", "e"]).lines

    assert line.path.count("M") == 2
    assert len(line.dots) == 1
    assert line.end == line.dots[0]


def test_stack_leaves_out_a_month_of_which_a_layer_is_unknown() -> None:
    whole = charts.stacked([("low", [0.1, 0.1, 0.1, 0.1]), ("high", [0.1, 0.1, None, 0.1])], [""] * 4)

    assert [band.path.count("L") for band in whole.bands] == [3, 3]


def test_shade_of_the_heat_map_goes_from_white_to_its_hottest() -> None:
    assert (shade(0), shade(1)) == ("rgb(255,255,255)", "rgb(240,160,110)")
