"""The demo: all its borrowers over a dozen windows and filters, in one document, as the oracle answers them."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from intake import demo
from tests.agreement.comparing import assert_agrees, first_difference
from tests.agreement.documents import Document, document
from tests.agreement.questions import Enquiry, Question, by_keys
from tests.conftest import BORROWERS, SECRET, UNBOUNDED
from tests.oracle.oracle import Oracle

QUESTIONS = (
    Question({"last": "P24M"}, None),
    Question({"last": "P7D"}, {"institutionKinds": ["INTERNET_PLATFORM", "MICROLOAN"]}),
    Question({"last": "P1M"}, {"states": ["ACTIVE"]}),
    Question({"last": "P1Y"}, {"opened": {"last": "P6M"}, "active": {"last": "P1M"}}),
    Question({"last": "P90D", "to": "2026-02-14"}, None),
    Question({"last": "P1M", "to": "2024-03-31"}, {"states": ["SETTLED", "WRITTEN_OFF", "TRANSFERRED"]}),
    Question({"from": "2026-06-30"}, {"institutionKinds": ["BANK", "CONSUMER_FINANCE"]}),
    Question({"from": "2024-12-15", "to": "2025-01-16"}, {"active": {"from": "2025-01-01", "to": "2025-01-02"}}),
    Question({"from": "2025-02-28", "to": "2025-03-01"}, None),
    Question({"from": "1999-01-01", "to": "1999-12-31"}, None),
    Question({"from": "2030-01-01", "to": "2031-01-01"}, {"products": ["CREDIT_CARD", "NO SUCH PRODUCT"]}),
    Question({"from": "2020-01-01", "to": "2027-01-01"}, {"products": []}),
    Question({"from": "1000-01-01", "to": "1000-02-02"}, {"opened": {"from": "9999-10-10", "to": "9999-12-31"}}),
    Question({"last": "P2M", "to": "9999-12-01"}, {"active": {"last": "P1D", "to": "1000-01-02"}}),
)
EARLIER = datetime(2025, 3, 9, 12, 30, tzinfo=UTC)

Serve = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest.fixture(scope="session")
def oracle(tmp_path_factory: pytest.TempPathFactory) -> Oracle:
    """Give the oracle on the delivery that the demo's database was loaded from."""
    folder = tmp_path_factory.mktemp("demo") / "delivery"
    demo.write(folder, borrowers=BORROWERS)
    return Oracle(folder, secret=SECRET)


@pytest.fixture
async def client(demo_url: str, serve: Serve) -> AsyncIterator[httpx.AsyncClient]:
    """Give a client of the service on the demo."""
    async with serve(demo_url, **UNBOUNDED) as serving:
        yield serving


async def answered(client: httpx.AsyncClient, asked: Document) -> dict[str, Any]:
    body: dict[str, Any] = (await client.post("/graphql", json=asked._asdict())).json()
    assert "errors" not in body, body["errors"]
    data: dict[str, Any] = body["data"]
    return data


def keys(oracle: Oracle) -> list[str]:
    found = sorted(oracle.archive.subjects_known(None))
    assert len(found) == BORROWERS
    return found


async def test_demo_everybody_over_a_dozen_windows_and_filters_answers_as_the_oracle(
    client: httpx.AsyncClient, oracle: Oracle
) -> None:
    asked = [Enquiry(by_keys(keys(oracle)), None, QUESTIONS)]

    data = await answered(client, document(asked))

    assert assert_agrees(oracle, asked, data) == BORROWERS * len(QUESTIONS)


async def test_demo_at_several_instants_in_one_document_answers_as_the_oracle(
    client: httpx.AsyncClient, oracle: Oracle
) -> None:
    instants = [EARLIER, EARLIER.replace(year=2026), None, EARLIER.replace(year=2024), EARLIER.replace(year=9999)]
    asked = [Enquiry(by_keys(keys(oracle)[::5]), instant, QUESTIONS[:4]) for instant in instants]

    data = await answered(client, document(asked))

    assert assert_agrees(oracle, asked, data) > 0


async def test_demo_borrower_named_by_id_key_or_document_has_one_answer(client: httpx.AsyncClient) -> None:
    by_document = {"document": {"kind": "ID_CARD", "number": " demo 0000-0004\t"}}
    query = "query ($by: [BorrowerKey!]!) { borrowers(by: $by) { id subjectKey loans { nodes { id principal } } } }"
    [found] = (await answered(client, Document(query, {"by": [by_document]})))["borrowers"]

    ways = [{"id": found["id"]}, {"subjectKey": found["subjectKey"]}, by_document]
    answers = (await answered(client, Document(query, {"by": ways})))["borrowers"]

    assert found["loans"]["nodes"]
    assert answers == [found] * 3


async def test_demo_loans_page_by_page_are_the_whole_list(client: httpx.AsyncClient, oracle: Oracle) -> None:
    query = """query ($by: BorrowerKey!, $first: Int, $after: String) { borrower(by: $by) {
        loans(first: $first, after: $after) { nodes { id openedOn } totalCount pageInfo { hasNextPage endCursor } }
    } }"""
    most = max(keys(oracle), key=lambda key: len(oracle.archive.loans_by_subject.get(key, ())))
    named = {"by": {"subjectKey": most}}
    whole = (await answered(client, Document(query, {**named, "first": 1_000})))["borrower"]["loans"]

    pages: list[Any] = []
    after = None
    while not pages or pages[-1]["pageInfo"]["hasNextPage"]:
        asked = Document(query, {**named, "first": 3, "after": after})
        pages.append((await answered(client, asked))["borrower"]["loans"])
        after = pages[-1]["pageInfo"]["endCursor"]

    assert len(pages) >= 4
    assert first_difference([loan for page in pages for loan in page["nodes"]], whole["nodes"]) is None
    assert {page["totalCount"] for page in pages} == {len(whole["nodes"])}
