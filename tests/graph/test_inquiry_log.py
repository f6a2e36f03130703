"""The inquiry log through the API: for the association alone, by window, person and institution, page by page."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import psycopg
import pytest

from intake.load import load
from tests.conftest import SECRET, quiet
from tests.intake.delivering import BANK, LOAN, deliver

Serve = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]

KEYS = [sha256(f"person {number}".encode()).hexdigest() for number in range(5)]
READ = "query ($by: [BorrowerKey!]!, $p: Purpose, $c: String) { borrowers(by: $by, purpose: $p, consent: $c) { id } }"
LOG = """
query ($window: Window!, $borrower: BorrowerKey, $institution: String, $first: Int, $after: String) {
  inquiryLog(window: $window, borrower: $borrower, institution: $institution, first: $first, after: $after) {
    totalCount
    nodes { loggedAt requestId caller institution { code } purpose consent document subjectKey found }
    pageInfo { hasNextPage hasPreviousPage endCursor }
  }
}
"""
ALWAYS = {"last": "P7D"}


@pytest.fixture
def known_url(database_url: str, tmp_path: Path) -> str:
    """Give the address of a database that knows the first person and one institution."""
    loan = {**LOAN, "subject_key": KEYS[0]}
    load(database_url, [deliver(tmp_path, institutions=[BANK], loans=[loan])], secret=SECRET.encode(), progress=quiet())
    return database_url


@pytest.fixture
async def client(known_url: str, serve: Serve) -> AsyncIterator[httpx.AsyncClient]:
    """Give what asks it as the association."""
    async with serve(known_url) as client:
        yield client


async def posted(client: httpx.AsyncClient, query: str, request: str = "", **variables: Any) -> dict[str, Any]:
    """Return the body of the answer."""
    headers = {"x-request-id": request} if request else {}
    response = await client.post("/graphql", json={"query": query, "variables": variables}, headers=headers)
    body: dict[str, Any] = response.json()
    return body


async def read(client: httpx.AsyncClient, keys: list[str], **named: Any) -> None:
    """Read persons by their keys."""
    body = await posted(client, READ, by=[{"subjectKey": key} for key in keys], **named)
    assert "errors" not in body, body


async def listed(client: httpx.AsyncClient, **named: Any) -> Any:
    """Return a page of the log."""
    body = await posted(client, LOG, **({"window": ALWAYS} | named))
    assert "errors" not in body, body
    return body["data"]["inquiryLog"]


async def test_inquiry_log_has_what_was_read_newest_first(
    client: httpx.AsyncClient, known_url: str, serve: Serve
) -> None:
    own = {"BORROWGRAPH_ROLE": "INSTITUTION", "BORROWGRAPH_ASKING_INSTITUTION": BANK["code"]}
    async with serve(known_url, **own) as bank:
        await read(bank, KEYS[:1], p="LOAN_APPLICATION", c="consent 7", request="the-bank-asks")
    await read(client, KEYS[1:2], request="the-association-asks")

    page = await listed(client)

    shared = {"document": sha256(READ.encode()).hexdigest()}
    times = [datetime.fromisoformat(node.pop("loggedAt")) for node in page["nodes"]]
    assert page["totalCount"] == 2
    assert page["nodes"] == [
        shared
        | {"requestId": "the-association-asks", "caller": "local association", "institution": None}
        | {"purpose": "SUPERVISION", "consent": None, "subjectKey": KEYS[1], "found": False},
        shared
        | {"requestId": "the-bank-asks", "caller": "local institution", "institution": {"code": BANK["code"]}}
        | {"purpose": "LOAN_APPLICATION", "consent": "consent 7", "subjectKey": KEYS[0], "found": True},
    ]
    assert times == sorted(times, reverse=True)
    assert all(time.tzinfo for time in times)


async def test_inquiry_log_of_an_institution_leaves_the_others_out(
    client: httpx.AsyncClient, known_url: str, serve: Serve
) -> None:
    own = {"BORROWGRAPH_ROLE": "INSTITUTION", "BORROWGRAPH_ASKING_INSTITUTION": BANK["code"]}
    async with serve(known_url, **own) as bank:
        await read(bank, KEYS[:2])
    await read(client, KEYS[2:])

    counts = [(await listed(client, institution=code))["totalCount"] for code in (BANK["code"], "NO-SUCH", "\0", "")]

    assert counts == [2, 0, 0, 0]


async def test_inquiry_log_about_a_person_is_a_read_of_them_and_has_it(client: httpx.AsyncClient) -> None:
    await read(client, KEYS)

    page = await listed(client, borrower={"subjectKey": KEYS[3]})

    documents = [sha256(text.encode()).hexdigest() for text in (LOG, READ)]
    assert [(node["subjectKey"], node["document"]) for node in page["nodes"]] == [(KEYS[3], one) for one in documents]
    assert page["totalCount"] == 2
    assert (await listed(client))["totalCount"] == len(KEYS) + 1


async def test_inquiry_log_page_by_page_is_the_whole_whatever_is_logged_meanwhile(client: httpx.AsyncClient) -> None:
    for _ in range(2):
        await read(client, KEYS)
    whole = [(node["requestId"], node["subjectKey"]) for node in (await listed(client))["nodes"]]

    paged, page = [], await listed(client, first=3)
    while True:
        paged += [(node["requestId"], node["subjectKey"]) for node in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        await read(client, KEYS[:1])
        page = await listed(client, first=3, after=page["pageInfo"]["endCursor"])
        assert page["pageInfo"]["hasPreviousPage"]

    assert len(whole) == 10
    assert paged == whole


async def test_inquiry_log_window_is_of_the_platforms_days(client: httpx.AsyncClient, known_url: str) -> None:
    await read(client, KEYS[:1])
    with psycopg.connect(known_url) as connection:
        [logged_at] = connection.execute("select logged_at from inquiry_log").fetchone() or []
    day = logged_at.astimezone(ZoneInfo("Asia/Shanghai")).date()
    before, after = day - timedelta(days=1), day + timedelta(days=1)
    windows = [(before, day), (day, after), (after, after + timedelta(days=1))]

    counts = [
        (await listed(client, window={"from": str(start), "to": str(end)}))["totalCount"] for start, end in windows
    ]

    assert counts == [0, 1, 0]


async def test_inquiry_log_window_without_an_end_has_today_though_nothing_is_reported(
    database_url: str, serve: Serve
) -> None:
    start = (datetime.now(UTC) - timedelta(days=2)).date()
    async with serve(database_url) as client:
        await read(client, KEYS[:1])

        assert (await listed(client, window={"from": str(start)}))["totalCount"] == 1


@pytest.mark.parametrize("role", ["INSTITUTION", "ANALYST", "DASHBOARD"])
async def test_inquiry_log_is_for_the_association_alone(known_url: str, serve: Serve, role: str) -> None:
    own = {"BORROWGRAPH_ASKING_INSTITUTION": BANK["code"]} if role == "INSTITUTION" else {}
    async with serve(known_url, BORROWGRAPH_ROLE=role, **own) as client:
        body = await posted(client, LOG, window=ALWAYS)

    assert {error["extensions"]["code"] for error in body["errors"]} == {"FORBIDDEN"}
    assert "data" not in body


@pytest.mark.parametrize(
    ("named", "code"),
    [
        ({"after": "made up"}, "CURSOR_INVALID"),
        ({"first": 0}, "PAGE_SIZE_INVALID"),
        ({"window": {}}, "WINDOW_MALFORMED"),
        ({"borrower": {"subjectKey": "short"}}, "BORROWER_KEY_MALFORMED"),
    ],
)
async def test_inquiry_log_asked_wrongly_says_what_is_wrong(
    client: httpx.AsyncClient, named: dict[str, Any], code: str
) -> None:
    body = await posted(client, LOG, **({"window": ALWAYS} | named))

    assert [error["extensions"]["code"] for error in body["errors"]] == [code]
