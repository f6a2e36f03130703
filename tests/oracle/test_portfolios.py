"""The generators: what they draw passes the door, splits as the oracle remembers, and hurts where it should."""

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from tests.oracle.errors import OracleError
from tests.oracle.oracle import Oracle
from tests.oracle.windows import month_of, resolve
from tests.portfolios import (
    SECRET,
    Loan,
    Portfolio,
    bad_windows,
    filters,
    horizon_of,
    instants,
    portfolios,
    split_by_report,
    windows,
    write,
)

SETTINGS = settings(
    max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
SEARCH = settings(SETTINGS, max_examples=400, phases=[Phase.generate])
WHOLE = {"from": "2015-01-01", "to": "2030-01-01"}


def oracle_of(portfolio: Portfolio) -> Oracle:
    with tempfile.TemporaryDirectory() as folder:
        return Oracle(*write(portfolio, Path(folder)), secret=SECRET, time_zone=portfolio.time_zone)


def refused(portfolio: Portfolio) -> list[str]:
    """What a door that knows only the deliveries so far would refuse, in words."""
    known: dict[tuple[str, str], Loan] = {}
    complaints: list[str] = []
    for delivery in portfolio.deliveries:
        for row in delivery.loans:
            complaints += [f"{row}: {rule}" for rule, kept in loan_rules(row).items() if not kept]
            newest = known.setdefault((row.institution, row.loan), row)
            if row.reported_at > newest.reported_at:
                known[row.institution, row.loan] = row
        for month in delivery.repayments:
            loan = known.get((month.institution, month.loan))
            if loan is None or month_of(month.month) < month_of(loan.opened_on):
                complaints.append(f"{month}: before {loan}")
            elif loan.closed_on is not None and month_of(month.month) > loan.closed_on:
                complaints.append(f"{month}: after {loan}")
            if month_of(month.month) > month.reported_at.astimezone(UTC).date():
                complaints.append(f"{month}: in the future of its report")
            if month.overdue_amount > 0 and month.days_past_due == 0:
                complaints.append(f"{month}: overdue amount without days")
    return complaints


def loan_rules(row: Loan) -> dict[str, bool]:
    reported_on = row.reported_at.astimezone(UTC).date()
    return {
        "opened before it was reported": row.opened_on <= reported_on,
        "closed after it was opened": row.closed_on is None or row.opened_on <= row.closed_on <= reported_on,
        "due after it was opened": row.due_on is None or row.due_on >= row.opened_on,
        "active without an end": (row.state == "ACTIVE") == (row.closed_on is None),
        "reported before today": row.reported_at < datetime(2026, 11, 1, tzinfo=UTC),
    }


def contradictions(portfolio: Portfolio) -> int:
    said: dict[Any, Any] = {}
    rows: list[Any] = [row for delivery in portfolio.deliveries for row in (*delivery.loans, *delivery.repayments)]
    keys = [(row.institution, row.loan, getattr(row, "month", None), row.reported_at) for row in rows]
    return sum(said.setdefault(key, row) != row for key, row in zip(keys, rows, strict=True))


@SETTINGS
@given(st.data())
def test_portfolio_whole_or_split_is_never_refused(data: st.DataObject) -> None:
    portfolio = data.draw(portfolios())
    split = split_by_report(portfolio, data.draw(instants(portfolio)))

    assert refused(portfolio) == []
    assert refused(split) == []
    assert contradictions(portfolio) == 0


@SETTINGS
@given(st.data())
def test_oracle_as_of_an_instant_answers_as_if_it_had_only_what_was_reported_by_then(data: st.DataObject) -> None:
    portfolio = data.draw(portfolios())
    as_of = data.draw(instants(portfolio))
    window, condition = data.draw(windows(portfolio, as_of)), data.draw(filters(portfolio, as_of))
    remembering, ignorant = oracle_of(portfolio), oracle_of(split_by_report(portfolio, as_of))

    assert remembering.coverage(as_of) == ignorant.coverage()
    for key in portfolio.subject_keys:
        before, now = remembering.borrower(key, as_of), ignorant.borrower(key)
        assert (before is None) == (now is None)
        if before is not None and now is not None:
            assert before.multi_loan(window, condition) == now.multi_loan(window, condition)
            assert before.overdue(window, condition) == now.overdue(window, condition)
            old, new = before.loans(condition), now.loans(condition)
            assert [loan.fields() for loan in old] == [loan.fields() for loan in new]
            assert [loan.repayments(window) for loan in old] == [loan.repayments(window) for loan in new]
            assert [loan.overdue(window) for loan in old] == [loan.overdue(window) for loan in new]


@SETTINGS
@given(st.data())
def test_windows_and_filters_are_good_or_bad_as_their_strategies_say(data: st.DataObject) -> None:
    portfolio = data.draw(portfolios())
    as_of = data.draw(st.none() | instants(portfolio))
    horizon = horizon_of(portfolio, as_of)

    span = resolve(data.draw(windows(portfolio, as_of, years=20)), horizon)

    assert horizon == oracle_of(portfolio).horizon(as_of)
    assert (span.end - span.start).days <= 20 * 366
    with pytest.raises(OracleError):
        resolve(data.draw(bad_windows(portfolio, as_of)), horizon)


@SETTINGS
@given(st.data())
def test_deliveries_in_any_order_make_the_same_answers(data: st.DataObject) -> None:
    portfolio = data.draw(portfolios())
    backwards = Portfolio(portfolio.deliveries[::-1], portfolio.subject_keys)
    first, second = oracle_of(portfolio), oracle_of(backwards)

    assert first.coverage() == second.coverage()
    for key in portfolio.subject_keys:
        one, other = first.borrower(key), second.borrower(key)
        assert (one is None) == (other is None)
        if one is not None and other is not None:
            assert one.multi_loan(WHOLE) == other.multi_loan(WHOLE)
            assert one.overdue(WHOLE) == other.overdue(WHOLE)


@SETTINGS
@given(portfolios(restatements=False))
def test_portfolio_without_restatements_has_none(portfolio: Portfolio) -> None:
    said: dict[Any, datetime] = {}
    for delivery in portfolio.deliveries:
        for row in delivery.repayments:
            figures = (row.due, row.paid, row.balance, row.overdue_amount, row.days_past_due)
            said_before = said.setdefault((row.institution, row.loan, month_of(row.month), figures), row.reported_at)
            assert said_before == row.reported_at


@SETTINGS
@given(st.data())
def test_peaks_are_the_most_of_all_days_taken_one_by_one(data: st.DataObject) -> None:
    portfolio = data.draw(portfolios())
    window = data.draw(windows(portfolio, years=4))
    span = resolve(window, horizon_of(portfolio, None))
    days = [span.start + timedelta(days=count) for count in range((span.end - span.start).days)]
    oracle = oracle_of(portfolio)

    for key in portfolio.subject_keys:
        loans = oracle.archive.loans_of(key, None)
        alive = [[loan for loan in loans if loan.alive_on(day)] for day in days]
        borrower = oracle.borrower(key)
        if borrower is not None:
            answer = borrower.multi_loan(window)
            assert answer["peakLoans"] == max(map(len, alive))
            assert answer["peakLenders"] == max(len({loan.row.institution for loan in some}) for some in alive)
            assert answer["loansActive"] == len({loan.row.key for some in alive for loan in some})


def pattern_codes(portfolio: Portfolio) -> set[tuple[str, bool]]:
    """Every code with whether it stands over a month that is reported overdue."""
    oracle = oracle_of(portfolio)
    borrowers = [borrower for key in portfolio.subject_keys if (borrower := oracle.borrower(key))]
    months = [month for who in borrowers for loan in who.loans() for month in loan.overdue(WHOLE)["months"]]
    return {(month["code"], bool(month["daysPastDue"])) for month in months}


def multi_loans(portfolio: Portfolio) -> list[dict[str, Any]]:
    oracle = oracle_of(portfolio)
    borrowers = [borrower for key in portfolio.subject_keys if (borrower := oracle.borrower(key))]
    return [borrower.multi_loan(WHOLE) for borrower in borrowers]


def loans(portfolio: Portfolio) -> list[Loan]:
    return [row for delivery in portfolio.deliveries for row in delivery.loans]


HURTS: dict[str, Callable[[Portfolio], bool]] = {
    "opened and closed on one day": lambda made: any(row.opened_on == row.closed_on for row in loans(made)),
    "overdue when settled": lambda made: ("C", True) in pattern_codes(made),
    "overdue when ended otherwise": lambda made: ("G", True) in pattern_codes(made),
    "overdue after a closing reported later": lambda made: ("/", True) in pattern_codes(made),
    "all codes": lambda made: {code for code, _ in pattern_codes(made)} >= set("/CG1234567*N#"),
    "leap day": lambda made: any(row.opened_on.strftime("%m-%d") == "02-29" for row in loans(made)),
    "version that arrives late": lambda made: any(
        late.reported_at < early.reported_at and (late.institution, late.loan) == (early.institution, early.loan)
        for number, delivery in enumerate(made.deliveries)
        for late in delivery.loans
        for before in made.deliveries[:number]
        for early in before.loans
    ),
    "borrower with inquiries alone": lambda made: any(
        one["inquiries"] and not one["loansActive"] for one in multi_loans(made)
    ),
    "two loans from one lender": lambda made: any(
        one["lendersActive"] < one["loansActive"] for one in multi_loans(made)
    ),
    "opened while overdue": lambda made: any(one["loansOpenedWhileOverdue"] for one in multi_loans(made)),
    "sums beyond 32 bits": lambda made: any(one["principalOpened"] > 2**40 for one in multi_loans(made)),
    "nothing at all": lambda made: not any(row.loans or row.inquiries for row in made.deliveries),
}


# What is found may be large; only that it is found matters.
@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@pytest.mark.parametrize("hurt", HURTS)
def test_portfolio_of_each_painful_kind_is_found(hurt: str) -> None:
    assert find(portfolios(), HURTS[hurt], settings=SEARCH)
