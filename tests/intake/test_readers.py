"""Readers of a portfolio that is being loaded: they are never blocked, and see all of a delivery at one instant."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from tests.intake import market
from tests.intake.delivering import counted
from tests.intake.killing import completed, held_up, loading, until, waiting

Serve = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]

QUESTION = """
    query Reading($borrower: BorrowerKey!) {
      coverage { horizon borrowers loans repayments institutions }
      institutions(first: 100) { nodes { name } }
      borrower(by: $borrower) {
        loans(first: 50) {
          nodes { principal state overdue(window: { last: "P48M" }) { pattern months { code overdueAmount } } }
        }
        multiLoan(window: { last: "P48M" }) { inquiries loansOpened peakLoans }
      }
    }
"""
# What a load may hold of a relation that was there before it: none hinders reading or writing. The last is taken of
# what is analysed, and of a hypertable that gets a chunk; vacuum waits for it, and whoever makes another chunk.
MODES = {"AccessShareLock", "RowShareLock", "RowExclusiveLock", "ShareUpdateExclusiveLock"}
LOCKS = """
    select distinct c.oid::regclass::text, l.mode
    from pg_locks l
    join pg_stat_activity a on a.pid = l.pid and a.application_name = 'borrowgraph load'
    join pg_class c on c.oid = l.relation
    where l.database = (select oid from pg_database where datname = current_database())
        and c.relpersistence = 'p' and l.granted
"""
EXPECTED = {"institution", "borrower", "loan", "repayment", "inquiry", "reported_month", "coverage"}


async def asked(client: httpx.AsyncClient, borrower: str) -> dict[str, Any]:
    """The answer to the question, within the time that a reader has."""
    variables = {"borrower": {"subjectKey": borrower}}
    response = await client.post("/graphql", json={"query": QUESTION, "variables": variables}, timeout=30)
    body: dict[str, Any] = response.json()
    assert "errors" not in body, body
    data: dict[str, Any] = body["data"]
    return data


async def test_readers_during_a_load_get_the_old_state_at_once_and_then_the_new(
    database_url: str, serve: Serve, tmp_path: Path
) -> None:
    first, second = market.write(tmp_path)
    completed(database_url, first)
    borrower = market.read(second)["loans"][0]["subject_key"]
    async with serve(database_url) as client:
        before = await asked(client, borrower)
        with held_up(database_url, "delivery") as go, loading(database_url, second) as process:
            # All of the portfolio is written, and the note about the delivery waits.
            until(lambda: waiting(database_url) or process.poll() is not None)
            during = await asked(client, borrower)
            go()
            _, said = process.communicate(timeout=60)
        after = await asked(client, borrower)

    assert process.returncode == 0, said
    assert during == before
    assert after["institutions"] != before["institutions"]
    assert after["borrower"]["loans"] != before["borrower"]["loans"]
    assert after["coverage"]["horizon"] > before["coverage"]["horizon"]
    held = [int(after["coverage"][name]) for name in ("borrowers", "loans", "repayments", "institutions")]
    assert tuple(held) == counted(database_url)


def test_load_in_the_midst_holds_no_lock_that_readers_or_writers_wait_for(database_url: str, tmp_path: Path) -> None:
    first, second = market.write(tmp_path)
    completed(database_url, first)
    with psycopg.connect(database_url) as connection:
        there = {name for (name,) in connection.execute("select oid::regclass::text from pg_class")}
    with held_up(database_url, "delivery"), loading(database_url, second) as process:
        until(lambda: waiting(database_url) or process.poll() is not None)
        with psycopg.connect(database_url) as connection:
            locks = connection.execute(LOCKS).fetchall()

    held = {(name, mode) for name, mode in locks if name in there}
    assert held >= {(name, "RowExclusiveLock") for name in EXPECTED}
    assert {mode for _, mode in held} <= MODES, sorted(lock for lock in held if lock[1] not in MODES)


@pytest.mark.parametrize("table", ["institution", "loan", "loan_series"])
def test_load_waits_for_nobody_who_vacuums_a_table(database_url: str, tmp_path: Path, table: str) -> None:
    first, second = market.write(tmp_path)
    completed(database_url, first)

    # What vacuum takes of a table.
    with held_up(database_url, table, "share update exclusive"):
        said = completed(database_url, second)

    assert "repayments" in said
