"""What is tried first against a GraphQL service, as graphql-cop, OWASP's cheat sheet and graphql-armor list it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from hashlib import sha256
from typing import Any

import httpx
import pytest

from resolvers.database import Reading
from tests.conftest import SECRET
from tests.issuing import issue

Serve = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]
KEY = sha256(b"demo borrower 1").hexdigest()
BORROWER = f'borrower(by: {{subjectKey: "{KEY}"}})'


@pytest.fixture
async def client(serve: Serve, demo_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """Give a client that may see everything."""
    async with serve(demo_url) as client:
        yield client


@pytest.fixture
def sql(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give the statements that requests' snapshots run."""
    ran: list[str] = []
    run = Reading._run

    async def recorded(self: Reading, text: str, arguments: tuple[object, ...]) -> list[Any]:
        ran.append(text)
        return await run(self, text, arguments)

    monkeypatch.setattr(Reading, "_run", recorded)
    return ran


async def refused(client: httpx.AsyncClient, document: str, sql: list[str]) -> set[str]:
    """Ask, and return the codes of the errors: there is no data, and nothing was read."""
    response = await client.post("/graphql", json={"query": document})
    assert "data" not in response.json()
    assert sql == []
    return {error["extensions"]["code"] for error in response.json()["errors"]}


# graphql-cop: its documents as they are, or nearly, and what it looks for in the answer.


async def test_cop_101_aliases_are_refused(client: httpx.AsyncClient, sql: list[str]) -> None:
    aliases = " ".join(f"alias{number}: __typename" for number in range(101))

    assert "TOO_MANY_ALIASES" in await refused(client, f"query cop {{ {aliases} }}", sql)


async def test_cop_batch_is_refused(client: httpx.AsyncClient) -> None:
    response = await client.post("/graphql", json=[{"query": "query cop { __typename }"}] * 10)

    assert response.status_code == 400
    assert "batches are not supported" in response.json()["errors"][0]["message"]


async def test_cop_ten_directives_on_a_field_are_one_error(client: httpx.AsyncClient, sql: list[str]) -> None:
    response = await client.post("/graphql", json={"query": f"query cop {{ __typename {'@aa' * 10} }}"})

    assert [error["extensions"]["code"] for error in response.json()["errors"]] == ["TOO_MANY_DIRECTIVES"]
    assert sql == []


async def test_cop_500_of_one_field_are_refused(client: httpx.AsyncClient, sql: list[str]) -> None:
    assert "TOO_MANY_REPEATS" in await refused(client, f"query cop {{ {'__typename ' * 500} }}", sql)


async def test_cop_circular_introspection_is_refused(client: httpx.AsyncClient, sql: list[str]) -> None:
    document = "query cop { __schema { types { %s { name } %s } } }"
    document %= "fields { type { " * 4 + "fields", " } }" * 4

    assert await refused(client, document, sql)


async def test_cop_circular_fragment_is_refused(client: httpx.AsyncClient, sql: list[str]) -> None:
    document = "query { __schema { ...A } } fragment A on __Schema { __typename ...B } fragment B on __Schema { ...A }"

    assert await refused(client, document, sql)


async def test_cop_mutation_by_get_is_refused(client: httpx.AsyncClient) -> None:
    response = await client.get("/graphql", params={"query": "mutation cop { __typename }"})

    assert response.status_code in {400, 405}
    assert "data" not in response.json()


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_cop_query_that_another_site_sends_is_refused_by_any_method(
    client: httpx.AsyncClient, method: str, site: str
) -> None:
    # graphql-cop counts any query by GET as a possible forgery; here it is the site that decides.
    asked = (
        {"params": {"query": "query cop { __typename }"}}
        if method == "GET"
        else {"json": {"query": "{ a: __typename }"}}
    )

    response = await client.request(method, "/graphql", headers={"sec-fetch-site": site}, **asked)  # type: ignore[arg-type]

    assert response.status_code == 403
    assert response.json()["errors"][0]["extensions"]["code"] == "CROSS_SITE"


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x"])
async def test_cop_post_that_is_no_json_is_refused(client: httpx.AsyncClient, kind: str) -> None:
    response = await client.post("/graphql", content=b"query=query+cop+{__typename}", headers={"content-type": kind})

    assert response.status_code == 415
    assert "data" not in response.json()


@pytest.mark.parametrize("document", ["query cop { __typename }", "qwerty cop { abc }", "query { nothing }"])
async def test_cop_no_trace_nor_exception_is_told(client: httpx.AsyncClient, document: str) -> None:
    response = await client.post("/graphql", json={"query": document})

    for word in ("tracing", "stacktrace", "traceback", "exception", ".py", "graphql-core"):
        assert word not in response.text.lower()


@pytest.mark.parametrize("path", ["/graphiql", "/graphql", "/playground", "/console", "/dashboard"])
async def test_cop_no_page_is_open_to_whoever_has_no_credential(serve: Serve, database_url: str, path: str) -> None:
    issue(database_url, "ASSOCIATION")
    async with serve(database_url) as client:
        response = await client.get(path, headers={"accept": "text/html"})

    assert response.status_code in {303, 307, 404}
    assert "graphiql" not in response.text.lower()


async def test_cop_introspection_and_suggestions_are_not_for_whoever_has_no_credential(
    serve: Serve, database_url: str
) -> None:
    issue(database_url, "ASSOCIATION")
    async with serve(database_url) as client:
        for document in ("query cop { __schema { types { name } } }", "query cop { __schema { directive } }"):
            response = await client.post("/graphql", json={"query": document})

            assert response.status_code == 401
            assert "Did you mean" not in response.text
            assert "data" not in response.json()


# OWASP's cheat sheet, what is not above.


@pytest.mark.parametrize(
    "given",
    ["' or 1=1 --", "'; drop table borrower; --", "\\'; select pg_sleep(10) --", "%' or '1'='1", "$(reboot)", "`id`",
     "{{7*7}}", "../../etc/passwd", "\r\nset-cookie: a=b", "http://169.254.169.254/", "<!ENTITY x SYSTEM 'file:///'>"],
)  # fmt: skip
async def test_owasp_text_that_is_meant_for_an_interpreter_is_only_text(client: httpx.AsyncClient, given: str) -> None:
    document = """query ($text: String!) {
        institution(code: $text) { code }
        borrower(by: { document: { kind: $text, number: $text } }) {
            multiLoan(window: { last: "P3M" }, filter: { products: [$text] }) { loansActive } } }"""

    response = await client.post("/graphql", json={"query": document, "variables": {"text": given}})

    assert response.json() == {"data": {"institution": None, "borrower": None}} | (
        {"extensions": response.json()["extensions"]} if "extensions" in response.json() else {}
    )
    assert "set-cookie" not in response.headers


@pytest.mark.parametrize(
    "document",
    [
        "{ institutions(first: 99999999) { nodes { code } } }",
        f"{{ {BORROWER} {{ loans(first: 99999999) {{ totalCount }} }} }}",
        "{ deliveries(first: 99999999) { totalCount } }",
        '{ inquiryLog(window: {last: "P1Y"}, first: 99999999) { totalCount } }',
        f'{{ {BORROWER} {{ multiLoan(window: {{last: "P999Y"}}) {{ loansActive }} }} }}',
        "{ borrowers(by: [%s]) { id } }" % (f'{{subjectKey: "{KEY}"}}' * 1001),
    ],
)
async def test_owasp_amounts_beyond_the_bounds_are_refused(client: httpx.AsyncClient, document: str) -> None:
    response = await client.post("/graphql", json={"query": document})

    assert response.json()["errors"]
    assert not any((response.json().get("data") or {}).values())


async def test_owasp_object_of_another_is_not_had_by_its_id(serve: Serve, demo_url: str) -> None:
    """Edges and nodes, and `node` by id, all tell the same of a lender: its own institution, or nothing."""
    loans = """query ($by: BorrowerKey!) { borrower(by: $by) { loans(first: 100) {
        nodes { id institution { code } } edges { node { id institution { code } } } } } }"""
    by_id = "query ($id: ID!) { node(id: $id) { ... on Loan { institution { code } } } }"
    settings = {"BORROWGRAPH_ROLE": "INSTITUTION", "BORROWGRAPH_ASKING_INSTITUTION": "IP01"}
    async with serve(demo_url, **settings) as client:
        body = {"query": loans, "variables": {"by": {"subjectKey": KEY}}}
        found = (await client.post("/graphql", json=body)).json()["data"]["borrower"]["loans"]
        for loan in found["nodes"]:
            asked = await client.post("/graphql", json={"query": by_id, "variables": {"id": loan["id"]}})
            assert asked.json()["data"]["node"]["institution"] == loan["institution"]

    assert [edge["node"] for edge in found["edges"]] == found["nodes"]
    assert {loan["institution"]["code"] for loan in found["nodes"] if loan["institution"]} <= {"IP01"}
    assert None in {loan["institution"] and "own" for loan in found["nodes"]}


async def test_owasp_there_is_nothing_to_change(client: httpx.AsyncClient) -> None:
    response = await client.post("/graphql", json={"query": "mutation { revoke }"})

    assert response.json()["errors"]
    assert "data" not in response.json()
    schema = await client.post(
        "/graphql", json={"query": "{ __schema { mutationType { name } subscriptionType { name } } }"}
    )
    assert schema.json()["data"] == {"__schema": {"mutationType": None, "subscriptionType": None}}


async def test_owasp_guesses_of_a_key_are_no_cheaper_in_one_request(serve: Serve, database_url: str) -> None:
    """A credential is of the request, not of a field: no document can try two."""
    issue(database_url, "ASSOCIATION")
    headers = [("authorization", "Bearer bgk_000000000000_" + "A" * 43), ("authorization", "Bearer other")]
    async with serve(database_url) as client:
        response = await client.post("/graphql", json={"query": "{ coverage { loans } }"}, headers=headers)

    assert response.status_code == 401


async def test_error_never_holds_a_secret(serve: Serve, database_url: str) -> None:
    """Neither the key that was sent, nor the platform's secret, nor the database's address, whatever goes wrong."""
    key = issue(database_url, "ASSOCIATION")
    async with serve(database_url) as client:
        texts = []
        for sent in (key, key[:-1] + "!", key.upper(), f"{key} {key}"):
            for query in ("{ coverage { loans } }", f'{{ node(id: "{key}") {{ id }} }}', f"{{ {key} }}", f'"{key}'):
                answer = await client.post(
                    "/graphql", json={"query": query}, headers={"authorization": f"Bearer {sent}"}
                )
                if key not in query:
                    texts.append(answer.text + str(answer.headers))
                assert SECRET not in answer.text
                assert "postgresql://" not in answer.text

    assert not any(key in text for text in texts)
