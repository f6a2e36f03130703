"""Overdue sequences: every code of the domain's table by hand, and what holds of any sequence whatever was reported."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import groupby, pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resolvers import sequence
from resolvers.months import numbers, packed
from resolvers.sequence import Episode, Month
from resolvers.table import Table
from resolvers.window import Span, add_months
from sql.portraits import KnownPortraitRow, PortraitRow
from sql.rows import RepaymentRow

FIXED = settings(deadline=None, derandomize=True, database=None)

JANUARY = date(2025, 1, 1)
YEAR = Span(JANUARY, date(2026, 1, 1))
REPORTED_AT = datetime(2026, 1, 5, 9, tzinfo=UTC)

Loan = PortraitRow


def month(number: int) -> date:
    """Name a month of 2025 by its number; 0 is December before, 13 January after."""
    return add_months(JANUARY, number - 1)


def loan(
    opened: str = "2024-06-15", closed: str = "", state: str = "ACTIVE", rows: Sequence[RepaymentRow] = ()
) -> PortraitRow:
    closed_on = date.fromisoformat(closed) if closed else None
    opened_on = date.fromisoformat(opened)
    borrower = 1, 1, bytes(32), date(2026, 11, 1), None, None, None, None
    terms = 1, 7, "BNK", "A bank", "BANK", "CASH", 100_000, opened_on, None, closed_on, state
    names = "month", "due", "paid", "balance", "overdue_amount", "days_past_due"
    months = ([getattr(row, name) for row in rows] for name in names)
    return packed(KnownPortraitRow._make([*borrower, *terms, *months]))


def report(number: int, days: int = 0, due: int = 500, amount: int | None = None) -> RepaymentRow:
    overdue = 100 * days if amount is None else amount
    return RepaymentRow(1, month(number), due, 400, 9_000, overdue, days, REPORTED_AT)


def reported(days: str) -> list[RepaymentRow]:
    """Read days past due from January on, a word a month, a dot where nothing is reported."""
    return [report(number, int(word)) for number, word in enumerate(days.split(), 1) if word != "."]


def months_of(days: str) -> Table[Month]:
    """Return a loan's sequence over as many months as there are words."""
    return sequence.of_loan(loan(rows=reported(days)), Span(JANUARY, month(len(days.split()) + 1)))


@pytest.mark.parametrize(
    ("days", "digit"),
    [
        *((0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4), (120, 4)),
        *((121, 5), (150, 5), (151, 6), (180, 6), (181, 7), (100_000, 7)),
    ],
)
def test_bucket_at_each_boundary_is_the_tables(days: int, digit: int) -> None:
    assert sequence.bucket_number(days) == digit
    assert sequence.bucket(days) == f"M{digit}"


@pytest.mark.parametrize(
    ("terms", "number", "found", "expected"),
    [
        pytest.param({"opened": "2025-03-31"}, 2, None, "/", id="before the month of opening"),
        pytest.param({"opened": "2025-03-31"}, 3, None, "#", id="in the month of opening, unreported"),
        pytest.param({"opened": "2025-03-31"}, 3, report(3), "N", id="in the month of opening, reported"),
        pytest.param({"closed": "2025-03-01", "state": "SETTLED"}, 2, report(2), "N", id="before the month of closing"),
        pytest.param({"closed": "2025-03-01", "state": "SETTLED"}, 3, report(3), "C", id="settled"),
        pytest.param({"closed": "2025-03-31", "state": "SETTLED"}, 3, None, "C", id="settled, unreported"),
        pytest.param({"closed": "2025-03-31", "state": "SETTLED"}, 3, report(3, 45), "C", id="settled, days past due"),
        pytest.param({"closed": "2025-03-31", "state": "WRITTEN_OFF"}, 3, report(3, 200), "G", id="written off"),
        pytest.param({"closed": "2025-03-31", "state": "TRANSFERRED"}, 3, None, "G", id="transferred, unreported"),
        pytest.param({"closed": "2025-03-31", "state": "SETTLED"}, 4, None, "/", id="after the month of closing"),
        pytest.param({"closed": "2025-03-31", "state": "SETTLED"}, 4, report(4, 9), "/", id="reported after closing"),
        pytest.param(
            {"opened": "2025-03-05", "closed": "2025-03-09", "state": "SETTLED"},
            3,
            None,
            "C",
            id="opened and settled in one month",
        ),
        pytest.param({}, 5, report(5, 1), "1", id="a day past due"),
        pytest.param({}, 5, report(5, 1, due=0), "1", id="a day past due, nothing due"),
        pytest.param({}, 5, report(5, 181), "7", id="181 days past due"),
        pytest.param({}, 5, report(5, 0, due=0), "*", id="nothing due"),
        pytest.param({}, 5, report(5, 0, due=1), "N", id="something due"),
        pytest.param({}, 5, report(5, 0, due=1, amount=1), "N", id="an overdue amount without days"),
        pytest.param({}, 5, None, "#", id="nothing reported"),
    ],
)
def test_code_of_a_loans_month_is_the_first_rule_that_fits(
    terms: dict[str, Any], number: int, found: RepaymentRow | None, expected: str
) -> None:
    row = loan(**terms, rows=[found] if found else [])

    [code] = sequence.codes(row, *numbers(Span(month(number), month(number + 1))))

    assert code == expected


def test_loan_over_its_whole_life_reads_as_its_pattern() -> None:
    rows = [report(2, due=0), report(3), report(4, 12), report(5, 42), report(7), report(8, 75), report(9, 105)]

    months = sequence.of_loan(
        loan("2025-02-10", "2025-10-20", "WRITTEN_OFF", [*rows, report(10, 135), report(11, 165)]), YEAR
    )

    assert sequence.pattern(months) == "/*N12#N34G//"


def test_figures_of_a_closed_month_show_what_was_reported() -> None:
    row = loan(closed="2025-02-20", state="SETTLED", rows=[report(1), report(2, 10), report(3, 40)])

    months = sequence.of_loan(row, Span(JANUARY, month(4)))

    assert list(months) == [
        Month(month(1), "N", "M0", 0, 0),
        Month(month(2), "C", "M1", 10, 1_000),
        Month(month(3), "/", "M2", 40, 4_000),
    ]
    assert sequence.months_over(months, 30) == 1
    assert sequence.longest_run(months, 0) == 2


def test_month_without_a_report_has_no_figures() -> None:
    [found] = months_of(".")

    assert found == Month(JANUARY, "#", None, None, None)


@pytest.mark.parametrize(
    ("over", "count"), [(0, 7), (1, 6), (29, 6), (30, 5), (31, 4), (60, 3), (90, 2), (180, 1), (181, 0)]
)
def test_months_over_a_threshold_are_those_with_more_days(over: int, count: int) -> None:
    months = months_of("0 1 30 31 60 61 91 181 .")

    assert sequence.months_over(months, over) == count


def test_maxima_of_a_sequence_are_the_worst_month_of_each() -> None:
    rows = [report(1, 10, amount=900), report(2, 20, amount=100), report(3, 0, amount=0)]

    months = sequence.of_loan(loan(rows=rows), YEAR)

    assert sequence.max_days_past_due(months) == 20
    assert sequence.max_overdue_amount(months) == 900


@pytest.mark.parametrize("days", [".", ". . .", "0 0", "0 . 0"])
def test_figures_of_a_sequence_that_never_was_overdue_are_nothing(days: str) -> None:
    months = months_of(days)

    assert (sequence.months_over(months, 0), sequence.max_days_past_due(months)) == (0, 0)
    assert (sequence.max_overdue_amount(months), sequence.longest_run(months, 0)) == (0, 0)
    assert (sequence.current_run(months, 0), sequence.episodes(months, 0)) == (0, [])
    assert sequence.months_since(months, 0) is None


@pytest.mark.parametrize(
    ("days", "longest", "current"),
    [
        ("5 5 5", 3, 3),
        ("5 5 0", 2, 0),
        ("0 5 5 .", 2, 2),
        ("5 5 . 5", 2, 1),
        ("5 . 5 5 . .", 2, 2),
        ("5 5 5 . 0 .", 3, 0),
        ("0 0 5", 1, 1),
        (". . 5 .", 1, 1),
        ("5 0 5 5 0 5", 2, 1),
    ],
)
def test_runs_of_overdue_months_end_with_a_month_on_time_or_unreported(days: str, longest: int, current: int) -> None:
    months = months_of(days)

    assert sequence.longest_run(months, 0) == longest
    assert sequence.current_run(months, 0) == current


def test_runs_over_a_threshold_count_only_the_months_over_it() -> None:
    months = months_of("20 40 70 40 20 . 40")

    assert [sequence.longest_run(months, over) for over in (0, 30, 60, 90)] == [5, 3, 1, 0]
    assert [sequence.current_run(months, over) for over in (0, 30, 60, 90)] == [1, 1, 0, 0]


@pytest.mark.parametrize(
    ("days", "cured"),
    [
        ("5 0", [True]),
        ("5 .", [False]),
        ("5 5", [False]),
        ("5 . . 0", [True]),
        ("0 5", [False]),
        ("5 . 5 0", [True, True]),
        ("5 0 5", [True, False]),
        ("5 0 5 .", [True, False]),
    ],
)
def test_episode_is_cured_where_a_later_month_is_reported_on_time(days: str, cured: list[bool]) -> None:
    assert [episode.cured for episode in sequence.episodes(months_of(days), 0)] == cured


def test_episodes_are_the_maximal_runs_with_their_worst_figures() -> None:
    months = months_of("0 10 40 . 5 5 0 .")

    assert sequence.episodes(months, 0) == [
        Episode(month(2), month(3), 2, 40, 4_000, cured=True),
        Episode(month(5), month(6), 2, 5, 500, cured=True),
    ]
    assert sequence.episodes(months, 30) == [Episode(month(3), month(3), 1, 40, 4_000, cured=True)]


@pytest.mark.parametrize(("days", "since"), [("0 5", 0), ("5 0 .", 2), (". 40 5", 0), ("0 . 0", None)])
def test_months_since_overdue_count_back_from_the_windows_last_month(days: str, since: int | None) -> None:
    assert sequence.months_since(months_of(days), 0) == since


@pytest.mark.parametrize(
    ("days", "at_least", "bucket", "expected"),
    [
        ("40 40", 2, "M2", True),
        ("40 20 40", 2, "M2", False),
        ("40 . 40", 2, "M1", False),
        ("5 40 70", 3, "M1", True),
        ("5 40 70", 3, "M2", False),
        ("0 0 0", 3, "M0", True),
        ("0 . 0", 2, "M0", False),
        ("200", 1, "M7", True),
    ],
)
def test_run_of_a_bucket_or_worse_needs_consecutive_reported_months(
    days: str, at_least: int, bucket: str, *, expected: bool
) -> None:
    assert sequence.has_run(months_of(days), at_least, bucket) is expected


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ("1N", "1"),
        ("13", "3"),
        ("C2", "2"),
        ("G1", "1"),
        ("GN", "G"),
        ("N*", "N"),
        ("*C", "*"),
        ("C#", "C"),
        ("#/", "#"),
        ("//", "/"),
        ("NG*C#/", "G"),
        ("", "/"),
    ],
)
def test_code_of_a_borrowers_month_is_the_worst_of_its_loans(codes: str, expected: str) -> None:
    loans = {
        "/": loan("2025-02-01", rows=[]),
        "C": loan(closed="2025-01-31", state="SETTLED", rows=[]),
        "G": loan(closed="2025-01-31", state="TRANSFERRED", rows=[]),
        "*": loan(rows=[report(1, due=0)]),
        "N": loan(rows=[report(1)]),
        "#": loan(rows=[]),
        "1": loan(rows=[report(1, 7)]),
        "2": loan(rows=[report(1, 33)]),
        "3": loan(rows=[report(1, 66)]),
    }

    [found] = sequence.of_borrower(Span(JANUARY, month(2)), [loans[code] for code in codes])

    assert found.code == expected


def test_figures_of_a_borrowers_month_are_the_most_days_and_the_sum_of_amounts() -> None:
    loans: list[Loan] = [
        loan(rows=[report(1, 5, amount=100), report(2)]),
        loan(closed="2025-01-31", state="SETTLED", rows=[report(1, 70, amount=2_000)]),
        loan("2025-02-01", rows=[]),
    ]

    months = sequence.of_borrower(Span(JANUARY, month(4)), loans)

    assert list(months) == [
        Month(month(1), "1", "M3", 70, 2_100),
        Month(month(2), "N", "M0", 0, 0),
        Month(month(3), "#", None, None, None),
    ]


def test_reports_of_a_loan_carry_bucket_and_code() -> None:
    [[found]] = sequence.reports([loan(rows=[report(1, 42, due=1)])], YEAR, coded=True)

    assert found == (month(1), 1, 400, 9_000, 4_200, 42, "M2", "2", None)


def test_series_of_a_loan_are_lists_as_long_as_the_window() -> None:
    found = sequence.series(loan("2025-02-01", rows=[report(2), report(4, 9, due=0)]), Span(JANUARY, month(5)))

    assert found.months == [month(1), month(2), month(3), month(4)]
    assert found.pattern == "/N#1"
    assert (found.due, found.paid) == ([None, 500, None, 0], [None, 400, None, 400])
    assert (found.balance, found.overdue_amount) == ([None, 9_000, None, 9_000], [None, 0, None, 900])
    assert found.days_past_due == [None, 0, None, 9]


@st.composite
def histories(draw: st.DrawFn) -> Loan:
    """Draw a loan that begins and ends anywhere around 2025, with any months of that year reported."""
    opened = draw(st.dates(date(2024, 6, 1), date(2026, 3, 1)))
    state = draw(st.sampled_from(["ACTIVE", "SETTLED", "WRITTEN_OFF", "TRANSFERRED"]))
    closed = None if state == "ACTIVE" else draw(st.dates(opened, date(2026, 6, 1)))
    numbers = draw(st.sets(st.integers(1, 12)))
    days = st.sampled_from([0, 0, 1, 30, 31, 60, 61, 90, 91, 150, 151, 180, 181, 999])
    amounts = st.integers(0, 2**50)
    rows = [report(number, draw(days), draw(st.integers(0, 1)), draw(amounts)) for number in sorted(numbers)]
    return loan(opened.isoformat(), closed.isoformat() if closed else "", state, rows)


spans = st.builds(
    lambda start, length: Span(start, date.fromordinal(start.toordinal() + length)),
    st.dates(date(2024, 10, 1), date(2025, 12, 31)),
    st.integers(1, 500),
)
thresholds = st.sampled_from([0, 1, 29, 30, 60, 90, 180])


@FIXED
@given(spans, st.lists(histories(), max_size=5))
def test_reports_of_any_loans_are_the_reported_months_of_their_sequences(span: Span, loans: list[Loan]) -> None:
    found = sequence.reports(loans, span, coded=True)

    assert [
        [(one.month, one.code, one.bucket, one.days_past_due, one.overdue_amount) for one in reports]
        for reports in found
    ] == [[one for one in sequence.of_loan(loan, span) if one.days_past_due is not None] for loan in loans]
    assert len(found) == len(loans)
    plain = [one._replace(code=None, bucket=None) for reports in found for one in reports]
    assert plain == [one for reports in sequence.reports(loans, span, coded=False) for one in reports]


@FIXED
@given(spans, st.lists(histories(), max_size=5))
def test_pattern_of_any_borrower_has_one_character_of_the_table_a_month(span: Span, loans: list[Loan]) -> None:
    months = sequence.of_borrower(span, loans)

    assert [found.month for found in months] == list(span.months())
    assert len(sequence.pattern(months)) == len(months)
    assert set(sequence.pattern(months)) <= set("/CG1234567*N#")


@FIXED
@given(spans, histories(), thresholds)
def test_episodes_of_any_loan_hold_every_overdue_month_once(span: Span, drawn: Loan, over: int) -> None:
    months = sequence.of_loan(drawn, span)

    found = sequence.episodes(months, over)

    assert sum(episode.months for episode in found) == sequence.months_over(months, over)
    assert sequence.longest_run(months, over) == max((episode.months for episode in found), default=0)
    assert 0 <= sequence.current_run(months, over) <= sequence.longest_run(months, over)
    assert all(add_months(episode.first, episode.months - 1) == episode.last for episode in found)
    assert all(add_months(one.last, 1) < other.first for one, other in pairwise(found))


@FIXED
@given(spans, histories(), thresholds)
def test_runs_of_any_loan_are_those_of_a_string_of_letters(span: Span, drawn: Loan, over: int) -> None:
    months = sequence.of_loan(drawn, span)
    letters = "".join(
        "." if found.days_past_due is None else "x" if found.days_past_due > over else "0" for found in months
    )

    runs = [len(list(run)) for letter, run in groupby(letters) if letter == "x"]

    assert [episode.months for episode in sequence.episodes(months, over)] == runs
    assert sequence.current_run(months, over) == len(letters.rstrip(".")) - len(letters.rstrip(".").rstrip("x"))


@FIXED
@given(spans, histories())
def test_figures_of_any_loan_shrink_as_the_threshold_grows(span: Span, drawn: Loan) -> None:
    months = sequence.of_loan(drawn, span)

    over = [sequence.months_over(months, days) for days in (0, 30, 60, 90, 180)]
    longest = [sequence.longest_run(months, days) for days in (0, 30, 60, 90, 180)]

    assert over == sorted(over, reverse=True)
    assert longest == sorted(longest, reverse=True)


@FIXED
@given(spans, st.lists(histories(), max_size=5), st.randoms(use_true_random=False))
def test_sequence_of_any_borrower_does_not_depend_on_the_order_of_loans(
    span: Span, loans: list[Loan], chance: Random
) -> None:
    shuffled = loans.copy()
    chance.shuffle(shuffled)

    assert list(sequence.of_borrower(span, shuffled)) == list(sequence.of_borrower(span, loans))


@FIXED
@given(spans, histories())
def test_sequence_of_a_borrower_with_one_loan_is_the_loans(span: Span, drawn: Loan) -> None:
    assert list(sequence.of_borrower(span, [drawn])) == list(sequence.of_loan(drawn, span))
