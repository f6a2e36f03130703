"""The demo and 30,000 real accounts as the association sees them: every figure of the portfolio is the oracle's."""

import os
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import httpx
import pytest

from intake import demo
from intake.load import load
from tests.agreement.comparing import first_difference
from tests.agreement.portfolio_documents import PortfolioQuestion, cases, portfolio_answer, portfolio_document
from tests.conftest import BORROWERS, SECRET, quiet
from tests.oracle.oracle import Oracle

DATA = Path(os.environ.get("REAL_DATA") or Path(__file__).parents[3] / "shared" / "data")
FOLDER = DATA / "taiwan-2005"

OF_DEMO = (
    PortfolioQuestion(None, {"last": "P24M"}),
    PortfolioQuestion(None, {"last": "P4Y"}, "QUARTER", "INSTITUTION_KIND", 60),
    PortfolioQuestion({"institutionKinds": ["BANK", "MICROLOAN"]}, {"last": "P1Y"}, "MONTH", "INSTITUTION", 0),
    PortfolioQuestion({"products": ["CASH_LOAN", "NO SUCH PRODUCT"]}, {"last": "P3Y"}, "YEAR", "PRODUCT", 90),
    PortfolioQuestion({"products": []}, {"last": "P3Y"}, "YEAR"),
    PortfolioQuestion(None, {"from": "2025-02-15", "to": "2025-06-16"}, "QUARTER", "PRODUCT"),
    PortfolioQuestion(None, {"from": "2025-05-31", "to": "2025-06-01"}, "MONTH", "INSTITUTION_KIND"),
    PortfolioQuestion(None, {"from": "2025-05-02", "to": "2025-05-31"}, "YEAR"),
    PortfolioQuestion(None, {"from": "2026-08-01", "to": "2027-03-03"}, "QUARTER", "INSTITUTION_KIND", 30),
    PortfolioQuestion(None, {"from": "1999-01-01", "to": "1999-12-31"}, "MONTH", "INSTITUTION_KIND"),
)
OF_REAL = (
    PortfolioQuestion(None, {"last": "P6M"}, "MONTH", "INSTITUTION"),
    PortfolioQuestion(None, {"last": "P6M"}, "QUARTER", "PRODUCT", 60),
    PortfolioQuestion({"institutionKinds": ["MICROLOAN"]}, {"last": "P1Y"}),
    PortfolioQuestion(None, {"from": "2005-05-15", "to": "2005-08-02"}, "YEAR", "INSTITUTION_KIND", 0),
)

Serve = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


async def agreed(serve: Serve, url: str, oracle: Oracle, asked: tuple[PortfolioQuestion, ...]) -> int:
    """Ask everything in one document and compare; returns how many rows of figures there were."""
    async with serve(url, BORROWGRAPH_ROLE="ASSOCIATION") as client:
        body = (await client.post("/graphql", json=portfolio_document(asked)._asdict())).json()
    assert "errors" not in body, body["errors"]
    expected = portfolio_answer(oracle, asked)
    assert first_difference(body["data"], expected) is None
    return cases(expected)


async def test_demo_portfolio_over_windows_filters_and_groups_answers_as_the_oracle(
    serve: Serve, demo_url: str, tmp_path: Path
) -> None:
    demo.write(tmp_path / "delivery", borrowers=BORROWERS)

    assert await agreed(serve, demo_url, Oracle(tmp_path / "delivery", secret=SECRET), OF_DEMO) >= 1_000


@pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no real data: REAL_DATA or {FOLDER} would have it")
async def test_real_data_portfolio_answers_as_the_oracle(
    serve: Serve, create: Callable[[str], str], template: str
) -> None:
    url = create(template)
    load(url, [FOLDER], secret=None, progress=quiet())

    assert await agreed(serve, url, Oracle(FOLDER), OF_REAL) >= 50
