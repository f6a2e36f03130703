"""What the API says of deliveries and of the quality of reports: rejects by rule and month, pages, ids."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest

from intake.load import DeliveryError, load
from tests.conftest import quiet
from tests.intake.delivering import BANK, INQUIRY, LOAN, REPAYMENT, deliver

Serve = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]

LOANS = [{**LOAN, "loan": f"L{number}"} for number in range(1, 7)]
MONTHS = [{**REPAYMENT, "loan": f"L{number}"} for number in range(1, 7)]
QUALITY = """
query ($window: Window!, $institution: String) {
  dataQuality(window: $window, institution: $institution) {
    month added rejected rejectedShare acceptedShare rejects { rule rows share } warnings { rule }
  }
}
"""
PAGES = """
query ($after: String) {
  deliveries(first: 2, after: $after) {
    totalCount
    nodes { id number state rejects { rule rows } counts { kind read rejected withheld } }
    pageInfo { hasNextPage hasPreviousPage endCursor }
  }
}
"""


async def asked(client: httpx.AsyncClient, query: str, **variables: object) -> Any:
    body = (await client.post("/graphql", json={"query": query, "variables": variables})).json()
    assert "errors" not in body, body["errors"]
    return body["data"]


def taken(url: str, folder: Path, share: float = 1, **kinds: list[dict[str, str]]) -> None:
    load(url, [deliver(folder, **kinds)], secret=b"made up", reject_share=share, progress=quiet())


async def test_rejected_rows_count_in_the_month_of_their_institution(
    serve: Serve, database_url: str, tmp_path: Path
) -> None:
    months = [
        *MONTHS,
        {**MONTHS[0], "month": "2024-03", "due": "x", "paid": "-1"},  # by its values, for two reasons
        {**MONTHS[1], "month": "2024-03", "loan": "none"},  # by what is stored
        {**MONTHS[0], "institution": "NO"},  # of nobody known
        {**MONTHS[0], "month": "never"},  # of no month
    ]
    inquiry = {**INQUIRY, "inquired_at": "2024-01-31T16:30:00Z", "purpose": ""}
    taken(database_url, tmp_path, institutions=[BANK], loans=LOANS, repayments=months, inquiries=[inquiry])

    async with serve(database_url) as client:
        window = {"from": "2024-01-01", "to": "2024-04-01"}
        answer = await asked(client, QUALITY, window=window)
        nobody = await asked(client, QUALITY, window=window, institution="NO")

    january, february = answer["dataQuality"]
    assert nobody == {"dataQuality": []}
    assert january == {
        "month": "2024-01",
        "added": 0,
        "rejected": 0,
        "rejectedShare": None,
        "acceptedShare": None,
        "rejects": [],
        "warnings": [],
    }
    # In Shanghai the inquiry was made on 1 February; six loans and six months were added in February too.
    assert (february["added"], february["rejected"]) == (12, 1)
    assert (february["acceptedShare"], february["rejectedShare"]) == (12 / 13, 1 / 13)
    assert february["rejects"] == [{"rule": "VALUE_MISSING", "rows": 1, "share": 1 / 13}]


async def test_rejected_rows_of_a_month_with_other_reports_have_their_shares(
    serve: Serve, database_url: str, tmp_path: Path
) -> None:
    march = {"month": "2024-03", "reported_at": "2024-04-02T09:00:00+08:00"}
    months = [
        *MONTHS,
        {**MONTHS[2], **march, "paid": "1"},
        {**MONTHS[0], **march, "due": "x", "paid": "-1"},
        {**MONTHS[1], **march, "loan": "none"},
    ]
    taken(database_url, tmp_path, institutions=[BANK], loans=LOANS, repayments=months)

    async with serve(database_url) as client:
        answer = await asked(client, QUALITY, window={"from": "2024-03-01", "to": "2024-04-01"})

    [month] = answer["dataQuality"]
    assert (month["added"], month["rejected"], month["rejectedShare"]) == (1, 2, 2 / 3)
    assert {row["rule"]: (row["rows"], row["share"]) for row in month["rejects"]} == {
        "AMOUNT_NEGATIVE": (1, 1 / 3),
        "LOAN_UNKNOWN": (1, 1 / 3),
        "VALUE_MALFORMED": (1, 1 / 3),
    }


async def test_deliveries_come_newest_first_page_by_page_with_what_was_refused(
    serve: Serve, database_url: str, tmp_path: Path
) -> None:
    taken(database_url, tmp_path / "1", institutions=[BANK], loans=LOANS)
    taken(database_url, tmp_path / "1")
    with pytest.raises(DeliveryError):
        taken(database_url, tmp_path / "2", share=0, repayments=[*MONTHS, {**MONTHS[0], "month": ""}])

    async with serve(database_url) as client:
        first = (await asked(client, PAGES))["deliveries"]
        last = (await asked(client, PAGES, after=first["pageInfo"]["endCursor"]))["deliveries"]
        number = "query ($id: ID!) { node(id: $id) { ... on Delivery { number } } }"
        node = await asked(client, number, id=first["nodes"][1]["id"])

    assert [node["state"] for node in (*first["nodes"], *last["nodes"])] == ["REFUSED", "UNCHANGED", "LOADED"]
    assert first["nodes"][0]["rejects"] == [{"rule": "VALUE_MISSING", "rows": 1}]
    assert first["nodes"][0]["counts"] == [{"kind": "REPAYMENTS", "read": 7, "rejected": 1, "withheld": 6}]
    assert (first["totalCount"], last["totalCount"]) == (3, 3)
    assert (first["pageInfo"]["hasNextPage"], first["pageInfo"]["hasPreviousPage"]) == (True, False)
    assert (last["pageInfo"]["hasNextPage"], last["pageInfo"]["hasPreviousPage"]) == (False, True)
    assert node == {"node": {"number": first["nodes"][1]["number"]}}
