"""Registered documents are asked by id; those that are not, and questions about the schema, are for roles that may."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from graphql import get_introspection_query

from graph import service
from graph.pages import serving
from graph.settings import read
from resolvers import database
from resolvers.database import Reading
from tests.conftest import SECRET
from tests.graph.test_accounts import Clock

Lines = Callable[..., list[dict[str, Any]]]

TEXT = "query Loans($unused: Int = 1) { coverage { loans } ...Rest }\nfragment Rest on Query { __typename }\n"
VALID = "query Registered { coverage { loans } }"
OTHER = "{ coverage { borrowers } }"
GRAPHQL = {"accept": "application/graphql-response+json"}


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


@pytest.fixture
def url(create: Callable[[str], str], demo_template: str) -> str:
    """Give the address of a database of the test's own with the demo in it."""
    return create(demo_template)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def register(url: str, name: str, text: str) -> None:
    with psycopg.connect(url) as connection:
        query = "insert into trusted_document (id, text, digest) values (%s, %s, %s)"
        connection.execute(query, (name, text, sha256(text.encode()).digest()))


def forget(url: str, name: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("delete from trusted_document where id = %s", (name,))


@asynccontextmanager
async def worker(url: str, clock: Clock, **environment: str) -> AsyncIterator[httpx.AsyncClient]:
    """Give a client to a worker that reads what changes seldom by the clock."""
    given = {"DATABASE_URL": url, "BORROWGRAPH_SECRET": SECRET, "BORROWGRAPH_ROLE": "DASHBOARD", **environment}
    app = service.configured(read(given, Path()), clock)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost", timeout=60) as client,
    ):
        yield client


async def asked(client: httpx.AsyncClient, **members: object) -> httpx.Response:
    return await client.post("/graphql", json=members, headers=GRAPHQL)


def code(response: httpx.Response) -> str:
    """Give the code of an answer's one error, and nothing where there is none."""
    errors = response.json().get("errors", [])
    assert len(errors) <= 1
    return errors[0]["extensions"]["code"] if errors else ""


@pytest.mark.parametrize("mode", ["OFF", "LOG", "REFUSE"])
@pytest.mark.parametrize("name", ["screen-v3", "x-ours:12", f"sha256:{digest(VALID)}"])
async def test_document_is_asked_by_its_id_whatever_the_mode(url: str, clock: Clock, mode: str, name: str) -> None:
    register(url, name, VALID)
    async with worker(url, clock, BORROWGRAPH_TRUSTED_DOCUMENTS=mode) as client:
        by_id = await asked(client, documentId=name)
        by_digest = await asked(client, documentId=f"sha256:{digest(VALID)}")
        by_get = await client.get("/graphql", params={"documentId": name}, headers=GRAPHQL)
        by_text = await asked(client, query=VALID)

    assert [one.status_code for one in (by_id, by_digest, by_get, by_text)] == [200] * 4
    assert by_id.json()["data"]["coverage"]["loans"] > 0
    assert by_id.json()["data"] == by_digest.json()["data"] == by_get.json()["data"] == by_text.json()["data"]


async def test_document_by_its_id_takes_variables_and_the_name_of_an_operation(url: str, clock: Clock) -> None:
    register(url, "two", "query A($no: Boolean!) { coverage { loans @skip(if: $no) } } query B { __typename }")
    async with worker(url, clock) as client:
        first = await asked(client, documentId="two", operationName="A", variables={"no": True})
        second = await asked(client, documentId="two", operationName="B")
        neither = await asked(client, documentId="two")

    assert first.json()["data"] == {"coverage": {}}
    assert second.json()["data"] == {"__typename": "Query"}
    assert code(neither) == "OPERATION_RESOLUTION_FAILURE"


@pytest.mark.parametrize("name", ["nobodys", f"sha256:{'0' * 64}"])
async def test_document_of_an_id_that_nobody_registered_is_one_error(url: str, clock: Clock, name: str) -> None:
    async with worker(url, clock) as client:
        response = await asked(client, documentId=name)

    assert (response.status_code, code(response)) == (400, "DOCUMENT_NOT_FOUND")
    assert name in response.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"documentId": 7}, "documentId is a number"),
        ({"documentId": ""}, "documentId is not of its form"),
        ({"documentId": "md5:00"}, "documentId is not of its form"),
        ({"documentId": f"sha256:{'A' * 64}"}, "documentId is not of its form"),
        ({"documentId": "sha256:00"}, "documentId is not of its form"),
        ({"documentId": "a b"}, "documentId is not of its form"),
        ({"documentId": "a" * 201}, "documentId is not of its form"),
        ({"documentId": "a", "query": VALID}, "query and documentId are both given"),
    ],
)
async def test_id_of_a_document_that_cannot_be_one_is_refused(
    url: str, clock: Clock, members: dict[str, object], reason: str
) -> None:
    async with worker(url, clock) as client:
        response = await asked(client, **members)

    assert (response.status_code, code(response)) == (400, "BAD_REQUEST")
    assert reason in response.json()["errors"][0]["message"]


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[Reading]:
    """Give the readings of all requests: each says which statements it ran."""
    opened: list[Reading] = []

    class Remembered(Reading):
        def __init__(self, pool: Any) -> None:
            super().__init__(pool)
            opened.append(self)

    monkeypatch.setattr(database, "Reading", Remembered)
    return opened


@pytest.mark.parametrize("executor", ["levels", "stock"])
async def test_document_not_registered_is_refused_without_sql_where_the_role_may_ask_no_other(
    url: str, clock: Clock, lines: Lines, readings: list[Reading], executor: str
) -> None:
    settings = {"BORROWGRAPH_TRUSTED_DOCUMENTS": "DASHBOARD=REFUSE", "BORROWGRAPH_EXECUTOR": executor}
    async with worker(url, clock, **settings) as client:
        response = await asked(client, query=OTHER)
    async with worker(url, clock, BORROWGRAPH_ROLE="ASSOCIATION", **settings) as client:
        other_role = await asked(client, query=OTHER)

    [line] = lines("document_not_registered")
    assert (response.status_code, code(response)) == (403, "DOCUMENT_NOT_TRUSTED")
    assert (line["sha256"], line["role"], line["refused"]) == (digest(OTHER), "DASHBOARD", True)
    assert code(other_role) == ""
    assert [one for reading in readings for one in reading.statements] == ["coverage/of_platform"]


async def test_document_not_registered_is_logged_by_its_digest_and_answered(
    url: str, clock: Clock, lines: Lines
) -> None:
    register(url, "known", VALID)
    async with worker(url, clock, BORROWGRAPH_TRUSTED_DOCUMENTS="LOG") as client:
        known, other = await asked(client, query=VALID), await asked(client, query=OTHER)

    [line] = lines("document_not_registered")
    assert (code(known), code(other)) == ("", "")
    assert (line["sha256"], line["refused"]) == (digest(OTHER), False)
    assert OTHER not in str(lines())


async def test_registry_is_read_again_after_two_seconds_and_not_at_each_request(url: str, clock: Clock) -> None:
    async with worker(url, clock) as client:
        before = await asked(client, documentId="late")
        register(url, "late", VALID)
        at_once = await asked(client, documentId="late")
        clock.now += 2
        later = await asked(client, documentId="late")
        forget(url, "late")
        still = await asked(client, documentId="late")
        clock.now += 2
        gone = await asked(client, documentId="late")

    codes = [code(one) for one in (before, at_once, later, still, gone)]
    assert codes == ["DOCUMENT_NOT_FOUND", "DOCUMENT_NOT_FOUND", "", "", "DOCUMENT_NOT_FOUND"]


async def test_dashboards_documents_and_introspection_are_trusted_without_being_registered(
    url: str, clock: Clock
) -> None:
    documents = serving.documents()
    variables = {
        "window": {"last": "P24M"}, "year": {"last": "P13M"}, "every": "MONTH", "cohorts": "QUARTER", "over": 30,
    }  # fmt: skip
    async with worker(url, clock, BORROWGRAPH_TRUSTED_DOCUMENTS="REFUSE") as client:
        answers = [await asked(client, query=text, variables=variables) for text in documents]
        schema = await asked(client, query=get_introspection_query())
        mixed = await asked(client, query="{ __schema { queryType { name } } coverage { loans } }")

    assert len(documents) == 8, "`make pages` builds the pages, and writes down what they ask"
    assert [one.json().get("errors") for one in answers] == [None] * 8
    assert code(schema) == ""
    assert code(mixed) == "DOCUMENT_NOT_TRUSTED"


@pytest.mark.parametrize("executor", ["levels", "stock"])
@pytest.mark.parametrize(
    "query",
    [
        "{ __schema { queryType { name } } }",
        '{ coverage { loans } ... { ...T } } fragment T on Query { a: __type(name: "Loan") { name } }',
    ],
)
async def test_introspection_is_for_the_roles_that_may_and_403_for_others(
    url: str, clock: Clock, executor: str, query: str
) -> None:
    settings = {"BORROWGRAPH_INTROSPECTION": "ANALYST", "BORROWGRAPH_EXECUTOR": executor}
    async with worker(url, clock, **settings) as client:
        refused, typename = await asked(client, query=query), await asked(client, query="{ __typename }")
    async with worker(url, clock, BORROWGRAPH_ROLE="ANALYST", **settings) as client:
        answered = await asked(client, query=query)

    assert (refused.status_code, code(refused)) == (403, "FORBIDDEN")
    assert "data" not in refused.json()
    assert typename.json()["data"] == {"__typename": "Query"}
    assert code(answered) == ""


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("{ coverag { loans } }", {}),
        ("{ coverage { lons } }", {}),
        ("{ coverage(x: 1) { loans } }", {}),
        ('{ portfolio { delinquency(window: {last: "P1M"}, every: MONTHS) { key } } }', {}),
        ("query Q($f: PortfolioFiltr) { portfolio(filter: $f) { __typename } }", {}),
        ("query Q($f: PortfolioFilter) { portfolio(filter: $f) { __typename } }", {"f": {"product": []}}),
        (
            "query Q($w: Window!, $e: Period!) { portfolio { delinquency(window: $w, every: $e) { key } } }",
            {"w": {"last": "P1M"}, "e": "MONTHS"},
        ),
    ],
)
async def test_what_could_have_been_meant_is_said_to_the_roles_that_may_know(
    url: str, clock: Clock, query: str, variables: dict[str, object]
) -> None:
    async with worker(url, clock) as client:
        told = await asked(client, query=query, variables=variables)
    async with worker(url, clock, BORROWGRAPH_SUGGESTIONS="NONE") as client:
        untold = await asked(client, query=query, variables=variables)

    assert told.status_code == untold.status_code == 400
    assert code(told) == code(untold)
    assert "Did you mean" not in untold.text
    assert "allowed" not in untold.json()["errors"][0]["extensions"]
    if "x: 1" not in query:
        assert "Did you mean" in told.text


async def test_registry_that_cannot_be_read_is_503_and_not_an_open_door(url: str, clock: Clock) -> None:
    async with worker(url, clock, BORROWGRAPH_TRUSTED_DOCUMENTS="REFUSE") as client:
        assert code(await asked(client, query=VALID)) == "DOCUMENT_NOT_TRUSTED"
        with psycopg.connect(url) as connection:
            connection.execute("alter table trusted_document rename to elsewhere")
        clock.now += 2
        by_text, by_id = await asked(client, query=VALID), await asked(client, documentId="known")

    assert [(one.status_code, code(one)) for one in (by_text, by_id)] == [(503, "UNAVAILABLE")] * 2
