"""The oracle's portfolio on a market small enough to work out on paper."""

from pathlib import Path

import pytest

from tests.oracle.folders import SOMEBODY, SOMEBODY_ELSE, deliver
from tests.oracle.oracle import Oracle
from tests.oracle.portfolio import OraclePortfolio

LOANS = f"""
BNK, 1, {SOMEBODY},      CARD, 1000, 2024-01-10, , , ACTIVE, 2024-01-11T00:00:00+00:00
BNK, 2, {SOMEBODY_ELSE}, CASH, 500,  2024-02-29, , , ACTIVE, 2024-03-01T00:00:00+00:00
MIC, 1, {SOMEBODY},      CASH, 300,  2024-02-01, , 2024-03-20, SETTLED, 2024-03-21T00:00:00+00:00
"""
REPAYMENTS = """
BNK, 1, 2024-01, 0, 0, 1000, 0,  0,   2024-02-01T00:00:00+00:00
BNK, 1, 2024-02, 0, 0, 900,  50, 20,  2024-03-01T00:00:00+00:00
BNK, 1, 2024-03, 0, 0, 800,  80, 95,  2024-04-01T00:00:00+00:00
BNK, 2, 2024-03, 0, 0, 500,  0,  0,   2024-04-01T00:00:00+00:00
MIC, 1, 2024-02, 0, 0, 100,  30, 31,  2024-03-01T00:00:00+00:00
MIC, 1, 2024-03, 0, 0, 0,    0,  0,   2024-04-01T00:00:00+00:00
"""
QUARTER = {"from": "2024-01-01", "to": "2024-04-01"}


@pytest.fixture
def oracle(tmp_path: Path) -> Oracle:
    return Oracle(deliver(tmp_path / "1", loans=LOANS, repayments=REPAYMENTS))


@pytest.fixture
def market(oracle: Oracle) -> OraclePortfolio:
    return oracle.portfolio()


def test_delinquency_of_a_month_counts_its_population(market: OraclePortfolio) -> None:
    [series] = market.delinquency({"from": "2024-02-01", "to": "2024-03-01"})

    [point] = series["points"]
    assert (series["key"], point["period"]) == (None, "2024-02-01")
    assert (point["loans"], point["borrowers"]) == (2, 1)
    assert (point["balance"], point["overdueBalance"]) == (100_000, 100_000)
    assert (point["overdueRate"], point["over30Rate"], point["over60Rate"]) == (1.0, 0.1, 0.0)
    assert (point["overdueLoanRate"], point["over30LoanRate"]) == (1.0, 0.5)
    assert [bucket["loans"] for bucket in point["buckets"]] == [0, 1, 1, 0, 0, 0, 0, 0]
    assert point["grades"][0] == {
        "grade": "UP_TO_90", "loans": 2, "overdueAmount": 8_000, "loanRate": 1.0, "amountRate": 0.08,
    }  # fmt: skip


def test_delinquency_of_a_period_is_that_of_its_last_month_with_a_population(market: OraclePortfolio) -> None:
    series = market.delinquency(QUARTER, "QUARTER", "INSTITUTION_KIND")

    # The microlender's loan has neither balance nor overdue amount in March: its quarter is February.
    figures = [(one["key"], one["points"][0]["period"], one["points"][0]["balance"]) for one in series]
    assert figures == [("MICROLOAN", "2024-01-01", 10_000), ("BANK", "2024-01-01", 130_000)]


def test_delinquency_of_nobody_is_one_series_without_points_and_no_group(market: OraclePortfolio) -> None:
    later = {"from": "2025-01-01", "to": "2026-01-01"}

    assert market.delinquency(later) == [{"key": None, "points": []}]
    assert market.delinquency(later, "MONTH", "PRODUCT") == []


@pytest.mark.parametrize(
    ("filter", "loans"),
    [
        ({"institutions": ["BNK"]}, 2),
        ({"institutionKinds": ["MICROLOAN"], "products": ["CASH"]}, 0),
        ({"products": ["CASH"], "institutions": None}, 1),
        ({"products": []}, 0),
    ],
)
def test_filter_leaves_the_loans_that_meet_all_of_it(oracle: Oracle, filter: dict[str, list[str]], loans: int) -> None:  # noqa: A002 - the contract's name
    [series] = oracle.portfolio(filter).delinquency({"from": "2024-03-01", "to": "2024-04-01"})

    assert sum(point["loans"] for point in series["points"]) == loans


def test_vintages_follow_each_cohort_as_far_as_its_youngest_loan(market: OraclePortfolio) -> None:
    [quarter] = market.vintages(QUARTER)

    assert (quarter["opened"], quarter["loans"], quarter["principal"]) == ("2024-01-01", 3, 180_000)
    # Opened in January and February: all have reached month 1 by March, where two of the three are reported over 30.
    assert quarter["curve"] == [
        {"monthOnBook": 0, "loans": 2, "everRate": 1 / 3},
        {"monthOnBook": 1, "loans": 3, "everRate": 1 / 3},
    ]


def test_vintages_ever_over_keeps_a_loan_that_has_cured(market: OraclePortfolio) -> None:
    months = market.vintages({"from": "2024-02-01", "to": "2024-02-02"}, "MONTH", 30)

    assert [point["everRate"] for point in months[0]["curve"]] == [1.0, 1.0]
    assert market.vintages(QUARTER, "MONTH", 31)[1]["curve"][1]["everRate"] == 0.0


def test_roll_rates_count_every_two_months_and_what_is_not_reported(market: OraclePortfolio) -> None:
    beyond = {"from": "2024-01-01", "to": "2024-05-01"}

    assert market.roll_rates(QUARTER) == [
        {"from": "M0", "to": "M1", "loans": 1, "share": 1.0},
        {"from": "M1", "to": "M4", "loans": 1, "share": 1.0},
        {"from": "M2", "to": "M0", "loans": 1, "share": 1.0},
    ]
    assert market.roll_rates(beyond)[1] == {"from": "M0", "to": None, "loans": 2, "share": 2 / 3}


def test_lenders_per_borrower_are_those_of_the_periods_last_day(market: OraclePortfolio) -> None:
    ragged = {"from": "2024-02-15", "to": "2024-03-16"}

    # On 29 February one has two lenders and the other one; by the 15th of March nothing has closed yet.
    assert market.lenders_per_borrower(ragged) == [
        {"period": "2024-02-01", "lenders": 1, "borrowers": 1, "share": 0.5, "over30Rate": 0.0},
        {"period": "2024-02-01", "lenders": 2, "borrowers": 1, "share": 0.5, "over30Rate": 1.0},
        {"period": "2024-03-01", "lenders": 1, "borrowers": 1, "share": 0.5, "over30Rate": 0.0},
        {"period": "2024-03-01", "lenders": 2, "borrowers": 1, "share": 0.5, "over30Rate": 1.0},
    ]
    assert [row["lenders"] for row in market.lenders_per_borrower(QUARTER, "YEAR")] == [1]
