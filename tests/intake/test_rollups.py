"""The rollups: whatever is delivered in whatever order, they are what the rows add up to; check says where not."""

import tempfile
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql

from intake import upkeep
from intake.load import load
from tests.conftest import quiet
from tests.intake.delivering import BANK, LOAN, REPAYMENT, WHOLE, deliver, emptied, loaded
from tests.portfolios import SECRET, portfolios, write

SETTINGS = settings(
    max_examples=25, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
KINDS = """
    select distinct b.institution_kind from portfolio_fact f join portfolio_block b on b.id = f.block_id
"""
COUNT = "select count(*) from {}"
# What a row of a rollup says nothing by; such rows are removed by the load that makes them.
NOTHING = {
    **dict.fromkeys(("month", "move", "cohort", "opening"), "loans = 0"),
    **dict.fromkeys(("borrower", "opener", "fact", "share"), "borrowers = 0"),
    "aging": "change = 0",
    # Who has one lender of the whole market has a row each month.
    "holder": "borrowers = 0 and over_30 = 0 and (block_id, lenders) <> (portfolio_market(), 1)",
    "turn": "cardinality(changes) = 0 or 0 = all (changes || over_30)",
}
# Everything, a kind, a product, a product of a kind, an institution, and a product of it.
BLOCKS = 6
TABLES = (*NOTHING, "presence")


def differing(url: str) -> list[upkeep.Difference]:
    return upkeep.check(url, quiet())


def sizes(url: str) -> dict[str, int]:
    """How many rows each rollup has."""
    with psycopg.connect(url) as connection:
        counts = {name: sql.SQL(COUNT).format(sql.Identifier(f"portfolio_{name}")) for name in TABLES}
        return {name: connection.execute(count).fetchall()[0][0] for name, count in counts.items()}


def left_over(url: str) -> set[str]:
    """The rollups with rows that say nothing."""
    with psycopg.connect(url) as connection:
        return {
            name
            for name, nothing in NOTHING.items()
            if connection.execute(f"select from portfolio_{name} where {nothing}".encode()).rowcount
        }


def run(url: str, statement: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(statement.encode())


def test_rollups_after_any_deliveries_are_what_the_rows_add_up_to(database_url: str) -> None:
    seen = 0

    @SETTINGS
    @given(st.data())
    def agree(data: st.DataObject) -> None:
        nonlocal seen
        portfolio = data.draw(portfolios())
        with tempfile.TemporaryDirectory() as name:
            folders = write(portfolio, Path(name))
            order = data.draw(st.permutations(folders[1:]))
            emptied(database_url)
            for folder in [folders[0], *order, folders[0]]:
                load_accepted(database_url, folder)
                assert (differing(database_url), left_over(database_url)) == ([], set())
        seen += sum(sizes(database_url).values())

    agree()

    assert seen >= 1_000


def load_accepted(url: str, folder: Path) -> None:
    """Load a delivery, less the rows that are rejected because it came out of its order."""
    load(url, [folder], secret=SECRET.encode(), reject_share=1.0, progress=quiet())


CORRECTIONS: dict[str, dict[str, Any]] = {
    "borrower": {"subject_key": "ef" * 32},
    "product": {"product": "CARD"},
    "principal": {"principal": "7.00"},
    "opening": {"opened_on": "2024-01-03"},
    "opening in another month": {"opened_on": "2023-11-30"},
    "closing": {"closed_on": "2024-03-31", "state": "SETTLED"},
    "nothing that counts": {"due_on": "2025-01-01"},
}


@pytest.mark.parametrize("what", CORRECTIONS)
def test_rollups_after_a_correction_of_a_loan_are_what_the_rows_add_up_to(
    database_url: str, tmp_path: Path, what: str
) -> None:
    loaded(database_url, deliver(tmp_path / "first", **WHOLE))
    later = LOAN | CORRECTIONS[what] | {"reported_at": "2024-05-01T00:00:00Z"}

    loaded(database_url, deliver(tmp_path / "second", loans=[later]))

    assert (differing(database_url), left_over(database_url)) == ([], set())


def test_rollups_after_a_loan_opened_count_reports_of_a_loan_that_had_ended_before(
    database_url: str, tmp_path: Path
) -> None:
    june = REPAYMENT | {"month": "2024-06", "days_past_due": "134", "reported_at": "2024-07-02T09:00:00+08:00"}
    loaded(database_url, deliver(tmp_path / "first", **WHOLE))
    loaded(database_url, deliver(tmp_path / "late", repayments=[june]))
    # The correction ends the loan before the month that it is late in: the report stays.
    ended = LOAN | {"closed_on": "2024-03-20", "state": "SETTLED", "reported_at": "2024-08-01T09:00:00+08:00"}
    loaded(database_url, deliver(tmp_path / "ended", loans=[ended]))
    other = LOAN | {"loan": "L2", "opened_on": "2024-06-10", "reported_at": "2024-09-01T09:00:00+08:00"}
    loaded(database_url, deliver(tmp_path / "other", loans=[other]))

    assert differing(database_url) == []


def test_rollups_after_a_first_report_of_a_loan_that_ended_before_another_opened_count_it_once(
    database_url: str, tmp_path: Path
) -> None:
    ended = LOAN | {"closed_on": "2024-02-20", "state": "SETTLED", "reported_at": "2024-03-01T09:00:00+08:00"}
    loaded(database_url, deliver(tmp_path / "first", institutions=[BANK], loans=[ended]))
    other = LOAN | {"loan": "L2", "opened_on": "2024-06-10", "reported_at": "2024-07-01T09:00:00+08:00"}
    loaded(database_url, deliver(tmp_path / "second", loans=[other], repayments=[REPAYMENT]))

    assert differing(database_url) == []


def test_rollups_after_an_institution_changed_its_kind_have_facts_of_the_new_kind(
    database_url: str, tmp_path: Path
) -> None:
    loaded(database_url, deliver(tmp_path / "first", **WHOLE))

    loaded(database_url, deliver(tmp_path / "second", institutions=[BANK | {"kind": "OTHER"}]))

    assert differing(database_url) == []
    with psycopg.connect(database_url) as connection:
        kinds = {kind for (kind,) in connection.execute(KINDS)}
    assert kinds == {None, "OTHER"}


def test_rollups_after_a_month_became_better_no_longer_have_what_it_was(database_url: str, tmp_path: Path) -> None:
    loaded(database_url, deliver(tmp_path / "first", **WHOLE))
    paid = REPAYMENT | {"balance": "0.00", "overdue_amount": "0.00", "days_past_due": "0"}

    loaded(database_url, deliver(tmp_path / "second", repayments=[paid | {"reported_at": "2024-05-01T00:00:00Z"}]))

    left = sizes(database_url)
    assert (left["month"], left["borrower"]) == (0, 0)
    assert left["move"] == BLOCKS
    with psycopg.connect(database_url) as connection:
        # It is reported, and after it no more.
        assert connection.execute("select ages, days, changes from portfolio_opening").fetchall() == [
            ([1, 2], [-1, -1], [1, -1])
        ]
    assert differing(database_url) == []


def test_check_after_rows_changed_by_hand_says_where_and_rebuild_mends_it(database_url: str, tmp_path: Path) -> None:
    loaded(database_url, deliver(tmp_path, **WHOLE))
    run(database_url, "update repayment set balance = 12300, days_past_due = 61 where month = '2024-02-01'")

    found = differing(database_url)

    assert {one.rollup for one in found} == {"month", "move", "aging", "opening", "turn", "holder", "series"}
    months = [one for one in found if one.rollup == "month"]
    assert [one.difference for one in months] == [
        "loans -1, balance -90000, overdue_amount -10000",
        "loans 1, balance 12300, overdue_amount 10000",
    ] * BLOCKS
    assert {one.place for one in months if "bucket 1" in one.place} == {
        f"month 2024-02-01, {block}, bucket 1"
        for block in (
            "everything",
            "kind BANK",
            "product CASH",
            "kind BANK, product CASH",
            "institution BNK",
            "product CASH, institution BNK",
        )
    }
    upkeep.rebuild(database_url, quiet())
    assert differing(database_url) == []


def test_check_changes_nothing(database_url: str, tmp_path: Path) -> None:
    loaded(database_url, deliver(tmp_path, **WHOLE))
    run(database_url, "delete from portfolio_fact; delete from portfolio_month")
    before = sizes(database_url)

    found = differing(database_url)

    assert {one.rollup for one in found} == {"month", "fact", "presence"}
    assert sizes(database_url) == before


def test_check_and_rebuild_of_an_empty_database_find_nothing(database_url: str) -> None:
    upkeep.rebuild(database_url, quiet())

    assert differing(database_url) == []
