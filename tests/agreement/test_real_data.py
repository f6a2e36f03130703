"""30,000 real accounts, asked through the API: the source's control totals, one client, and the oracle on a sample."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest

from intake.load import load
from tests.agreement.comparing import assert_agrees
from tests.agreement.documents import Document, document
from tests.agreement.questions import Enquiry, Question, by_keys
from tests.conftest import UNBOUNDED, quiet
from tests.oracle.oracle import Oracle

DATA = Path(os.environ.get("REAL_DATA") or Path(__file__).parents[3] / "shared" / "data")
FOLDER = DATA / "taiwan-2005"
BATCH = 1_000
EVERY = 100  # the sample: each hundredth borrower

QUESTIONS = (
    Question({"last": "P6M"}, None),
    Question({"last": "P1M"}, {"states": ["ACTIVE"], "institutionKinds": ["BANK"]}),
    Question({"from": "2005-05-15", "to": "2005-08-02"}, {"opened": {"last": "P6M"}}),
    Question({"from": "2005-07-31", "to": "2005-08-01"}, {"institutionKinds": ["MICROLOAN"]}),
    Question({"last": "P3Y", "to": "2006-03-31"}, None),
)

TOTALS = """
query Totals($by: [BorrowerKey!]!) {
  borrowers(by: $by) {
    overdue(window: {last: "P6M"}) { overdueMonths }
    multiLoan(window: {last: "P6M"}) { loansActive principalOpened }
  }
}
"""
PATTERN = """
query Pattern($by: BorrowerKey!) {
  coverage { firstMonth lastMonth horizon borrowers loans repayments institutions }
  borrower(by: $by) { loans { nodes { overdue(window: {last: "P6M"}) {
    pattern maxDaysPastDue maxOverdueAmount currentRun months { daysPastDue }
  } } } }
}
"""

Serve = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no real data: REAL_DATA or {FOLDER} would have it")


@pytest.fixture(scope="session")
def real_url(create: Callable[[str], str], template: str) -> str:
    """Give the address of a database with the real accounts in it; tests only read it."""
    url = create(template)
    load(url, [FOLDER], secret=None, progress=quiet())
    return url


@pytest.fixture(scope="session")
def oracle() -> Oracle:
    return Oracle(FOLDER)


@pytest.fixture
async def client(real_url: str, serve: Serve) -> AsyncIterator[httpx.AsyncClient]:
    async with serve(real_url, **UNBOUNDED) as serving:
        yield serving


async def answered(client: httpx.AsyncClient, asked: Document) -> Any:
    body = (await client.post("/graphql", json=asked._asdict())).json()
    assert "errors" not in body, body["errors"]
    return body["data"]


async def test_real_data_asked_in_batches_of_a_thousand_meets_the_control_totals(
    client: httpx.AsyncClient, oracle: Oracle
) -> None:
    keys = sorted(oracle.archive.loans_by_subject)
    overdue = active = principal = 0
    for start in range(0, len(keys), BATCH):
        by = [named.by for named in by_keys(keys[start : start + BATCH])]
        for borrower in (await answered(client, Document(TOTALS, {"by": by})))["borrowers"]:
            overdue += borrower["overdue"]["overdueMonths"]
            active += borrower["multiLoan"]["loansActive"]
            principal += borrower["multiLoan"]["principalOpened"]

    assert (len(keys), active) == (30_000, 30_000)
    assert overdue == 25_026
    assert principal == 502_452_968_000


async def test_real_data_first_client_reads_as_the_source_has_it(client: httpx.AsyncClient, oracle: Oracle) -> None:
    key = oracle.archive.loans["TWB", "TW00001"][0].subject

    data = await answered(client, Document(PATTERN, {"by": {"subjectKey": key}}))

    assert data["coverage"] == {
        "firstMonth": "2005-04",
        "lastMonth": "2005-09",
        "horizon": "2005-10-01",
        "borrowers": 30_000,
        "loans": 30_000,
        "repayments": 180_000,
        "institutions": 1,
    }
    [loan] = data["borrower"]["loans"]["nodes"]
    # Two months late in August and September; nothing billed before July's statement fell due.
    assert loan["overdue"] == {
        "pattern": "****22",
        "maxDaysPastDue": 60,
        "maxOverdueAmount": 391_300,
        "currentRun": 2,
        "months": [{"daysPastDue": days} for days in (0, 0, 0, 0, 60, 60)],
    }


async def test_real_data_sample_over_several_windows_answers_as_the_oracle(
    client: httpx.AsyncClient, oracle: Oracle
) -> None:
    sample = by_keys(sorted(oracle.archive.loans_by_subject)[::EVERY])
    middle = sorted(
        {versions[0].reported_at for months in oracle.archive.months.values() for versions in months.values()}
    )
    asked = [Enquiry(sample, instant, QUESTIONS) for instant in (None, middle[len(middle) // 2])]

    data = await answered(client, document(asked))

    assert assert_agrees(oracle, asked, data) >= 300 * len(QUESTIONS)
