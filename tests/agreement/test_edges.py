"""Edges that made-up portfolios never reach, each written by hand: the API answers as the oracle does."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.agreement.bench import Bench
from tests.agreement.comparing import assert_agrees
from tests.agreement.documents import Document, document
from tests.agreement.questions import Enquiry, Question, by_keys
from tests.oracle.deliveries import Delivery, Inquiry, Institution, Loan, Portfolio, Repayment, Subject
from tests.oracle.oracle import Oracle
from tests.portfolios import SECRET

KEY = "ab" * 32
SOMEBODY = Subject(KEY, KEY)
TICK = timedelta(microseconds=1)
MEMBERS = Institution("I1", "One", "BANK"), Institution("I2", "Two", "MICROLOAN")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2023, 11, day, hour, minute, tzinfo=UTC)


def loan(number: str, reported_at: datetime, principal: int = 100) -> Loan:
    return Loan("I1", number, SOMEBODY, "CARD", principal, date(2023, 3, 5), None, None, "ACTIVE", reported_at)


def delivered(loans: list[Loan], months: list[Repayment], inquiries: list[Inquiry]) -> Portfolio:
    return Portfolio((Delivery(MEMBERS, tuple(loans), tuple(months), tuple(inquiries)),), (KEY,))


def agrees(bench: Bench, portfolio: Portfolio, asked: list[Enquiry], zone: str = "Asia/Shanghai") -> int:
    with bench.holding(portfolio) as folders:
        data = bench.data(document(asked), BORROWGRAPH_TIME_ZONE=zone)
        return assert_agrees(Oracle(*folders, secret=SECRET, time_zone=zone), asked, data)


def test_month_reported_before_its_loan_moves_the_horizon_and_nothing_else(bench: Bench) -> None:
    early = Repayment("I1", "late", date(2023, 8, 1), 5, 5, 5, 0, 0, at(2, 0))
    portfolio = delivered([loan("known", at(1, 0)), loan("late", at(9, 0))], [early], [])
    questions = Question({"last": "P6M", "to": "2023-12-01"}, None), Question({"last": "P6M"}, None)

    assert agrees(bench, portfolio, [Enquiry(by_keys([KEY]), instant, questions) for instant in (None, at(5, 0))]) == 4


@pytest.mark.parametrize(
    ("zone", "instants"),
    [
        # Midnight comes twice on the 5th: 04:30 and 05:30 UTC are both half past it.
        ("America/Havana", [at(5, 3, 59), at(5, 4), at(5, 4, 30), at(5, 5), at(5, 5, 30), at(6, 4, 59), at(6, 5)]),
        # The day is 23 hours, or 25, somewhere else than at midnight.
        ("America/New_York", [at(5, 3, 59), at(5, 4), at(5, 5, 30), at(6, 4, 59), at(6, 5)]),
        ("Pacific/Kiritimati", [at(4, 9, 59), at(4, 10), at(5, 9, 59), at(5, 10)]),
        # The first and last instant of a night, and of a weekend: 6 November 2023 is a Monday.
        ("Asia/Shanghai", [at(3, 14) - TICK, at(3, 14), at(3, 22) - TICK, at(3, 22)]),
        ("Asia/Shanghai", [at(3, 16) - TICK, at(3, 16), at(5, 16) - TICK, at(5, 16)]),
    ],
)
def test_inquiries_at_the_edges_of_days_and_nights_fall_where_the_platforms_clock_has_them(
    bench: Bench, zone: str, instants: list[datetime]
) -> None:
    inquiries = [Inquiry("I2", SOMEBODY, instant, "LOAN_APPROVAL") for instant in instants]
    days = ["2023-11-03", "2023-11-04", "2023-11-05", "2023-11-06", "2023-11-07"]
    questions = tuple(Question({"last": "P1D", "to": day}, None) for day in days)

    assert agrees(bench, delivered([], [], inquiries), [Enquiry(by_keys([KEY]), None, questions)], zone) == len(days)


def test_trailing_window_while_nothing_is_reported_is_refused(bench: Bench) -> None:
    query = """query ($by: BorrowerKey!, $asOf: DateTime) {
        borrower(by: $by, asOf: $asOf) { multiLoan(window: {last: "P1M"}) { loansOpened } }
    }"""
    month = Repayment("I1", "1", date(2023, 8, 1), 5, 5, 5, 0, 0, at(20, 0))
    portfolio = delivered([loan("1", at(1, 0))], [month], [])

    with bench.holding(portfolio):
        before, after = (
            bench.post(Document(query, {"by": {"subjectKey": KEY}, "asOf": instant.isoformat()}))
            for instant in (at(19, 0), at(21, 0))
        )

    assert [error["extensions"]["code"] for error in before["errors"]] == ["HORIZON_UNKNOWN"]
    assert "errors" not in after
