"""What a load reads beside its own session: an error there, or here, ends both, and refuses the delivery whole."""

from pathlib import Path

import duckdb
import psycopg
import pytest

from intake import beside, upkeep
from intake.problems import LoadError
from intake.session import connected
from tests.conftest import quiet
from tests.intake.delivering import BANK, LOAN, REPAYMENT, deliver, held, loaded

LOANS = [LOAN, LOAN | {"loan": "L2"}]
REPAYMENTS = [REPAYMENT, REPAYMENT | {"loan": "L2"}]
MARCH = REPAYMENT | {"month": "2024-03", "days_past_due": "45", "reported_at": "2024-04-02T09:00:00+08:00"}
SESSIONS = """
    select from pg_stat_activity where application_name = 'borrowgraph load' and datname = current_database()
"""
SECOND_SERIES = "update loan_series set first_month = %s where loan_id = (select id from loan where number = 'L2')"


@pytest.fixture
def month(database_url: str, tmp_path: Path) -> Path:
    """Give a month of one of two loans of a borrower who is held already."""
    loaded(database_url, deliver(tmp_path / "first", institutions=[BANK], loans=LOANS, repayments=REPAYMENTS))
    return deliver(tmp_path / "month", repayments=[MARCH])


def run(url: str, query: str, *values: object) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(query.encode(), values)


def sessions(url: str) -> int:
    """How many sessions of loads there are."""
    with psycopg.connect(url) as connection:
        return connection.execute(SESSIONS).rowcount


def test_error_of_what_is_read_beside_refuses_the_delivery_and_says_why(database_url: str, month: Path) -> None:
    before = held(database_url)
    # Only the loan that the delivery does not name: the merge itself has no use for its series.
    run(database_url, SECOND_SERIES, "infinity")

    with pytest.raises(psycopg.Error, match="cannot convert infinity to integer"):
        loaded(database_url, month)

    run(database_url, SECOND_SERIES, "2024-02-01")
    assert held(database_url) == before
    assert sessions(database_url) == 0
    assert loaded(database_url, month).repayments.added == 1
    assert upkeep.check(database_url, quiet()) == []


def test_error_of_the_engine_refuses_the_delivery_and_says_why(database_url: str, month: Path) -> None:
    before = held(database_url)
    # Only a loan that the delivery does not name, again.
    run(database_url, "update loan set opened_on = '0044-03-15 BC' where number = 'L2'")

    with pytest.raises(duckdb.ConversionException, match="0044-03-15 BC"):
        loaded(database_url, month)

    run(database_url, "update loan set opened_on = %s where number = 'L2'", LOAN["opened_on"])
    assert held(database_url) == before
    assert sessions(database_url) == 0
    assert loaded(database_url, month).repayments.added == 1
    assert upkeep.check(database_url, quiet()) == []


def test_load_beside_a_migration_that_keeps_the_series_is_refused_instead_of_waiting(
    database_url: str, month: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside, "PATIENCE", "100ms")
    before = held(database_url)

    with psycopg.connect(database_url) as migration:
        migration.execute("lock table loan_series in access exclusive mode")
        with pytest.raises(LoadError, match="someone else changes the tables of loans, or waits to"):
            loaded(database_url, month)

    assert held(database_url) == before
    assert loaded(database_url, month).repayments.added == 1


def test_error_of_the_load_breaks_off_what_is_read_beside(database_url: str) -> None:
    with connected(database_url) as session:
        with (
            pytest.raises(KeyboardInterrupt),
            beside.beside(session) as other,
            beside.meanwhile(lambda: other._connection.execute("select pg_sleep(3600)"), other),
        ):
            raise KeyboardInterrupt
        assert sessions(database_url) == 1
    assert sessions(database_url) == 0


@pytest.mark.usefixtures("month")
def test_session_beside_sees_what_is_committed_alone(database_url: str) -> None:
    with connected(database_url) as session, session.transaction():
        session._connection.execute("delete from loan_series")
        with beside.beside(session) as other:
            [[count]] = other._connection.execute("select count(*) from loan_series")

    assert count == len(LOANS)
