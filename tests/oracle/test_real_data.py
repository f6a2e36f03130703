"""The oracle on 30,000 real accounts: the source's control totals, and one client as the source has them."""

import os
from functools import cache
from pathlib import Path

import pytest

from tests.oracle.oracle import Oracle

DATA = Path(os.environ.get("REAL_DATA") or Path(__file__).parents[3] / "shared" / "data")
FOLDER = DATA / "taiwan-2005"

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no real data: REAL_DATA or {FOLDER} would have it")


@cache
def real() -> Oracle:
    return Oracle(FOLDER)


def test_real_data_overdue_months_and_principal_meet_the_control_totals() -> None:
    borrowers = [borrower for borrower in map(real().borrower, real().archive.loans_by_subject) if borrower]
    window = {"last": "P6M"}

    assert len(borrowers) == 30_000
    assert sum(borrower.overdue(window)["overdueMonths"] for borrower in borrowers) == 25_026
    assert sum(borrower.multi_loan(window)["principalOpened"] for borrower in borrowers) == 502_452_968_000


def test_real_data_coverage_is_six_months_of_one_bank() -> None:
    assert real().coverage() == {
        "firstMonth": "2005-04",
        "lastMonth": "2005-09",
        "horizon": "2005-10-01",
        "borrowers": 30_000,
        "loans": 30_000,
        "repayments": 180_000,
        "institutions": 1,
    }


def test_real_data_first_client_reads_as_the_source_has_it() -> None:
    borrower = real().borrower(real().archive.loans["TWB", "TW00001"][0].subject)
    assert borrower is not None

    answer = borrower.overdue({"last": "P6M"})

    # Two months late in August and September; nothing billed before July's statement fell due.
    assert answer["pattern"] == "****22"
    assert (answer["maxDaysPastDue"], answer["maxOverdueAmount"], answer["currentRun"]) == (60, 391_300, 2)
