"""Who sees what: the table has every field, and what is not for a role is refused as if it were not there."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import httpx
import psycopg
import pytest
from graphql import GraphQLInterfaceType, GraphQLObjectType, build_schema

from graph.access import LISTED, SELECTABLE, roles
from graph.schema import schema
from graph.tokens import Tokens
from tests.conftest import CHECKOUT, SECRET

Serve = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]

OWN, OTHER, UNKNOWN = "BK01", "CF01", "NO-SUCH"
KEY = f'{{subjectKey: "{"0" * 64}"}}'


def types() -> dict[str, GraphQLObjectType | GraphQLInterfaceType]:
    """Give the types with fields, by name, as the committed schema has them."""
    found = build_schema((CHECKOUT / "schema.graphql").read_text(encoding="utf-8")).type_map
    return {
        name: kind
        for name, kind in found.items()
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and not name.startswith("__")
    }


async def asked(serve: Serve, url: str, role: str, query: str, **variables: object) -> httpx.Response:
    """Ask as a role; an institution is BK01."""
    own = {"BORROWGRAPH_ASKING_INSTITUTION": OWN} if role == "INSTITUTION" else {}
    async with serve(url, BORROWGRAPH_ROLE=role, **own) as client:
        return await client.post("/graphql", json={"query": query, "variables": variables})


def code(response: httpx.Response) -> str:
    """Give the code of an answer's one error."""
    [error] = response.json()["errors"]
    found: str = error["extensions"]["code"]
    return found


def test_access_table_has_every_field_of_the_schema_once_and_no_other() -> None:
    listed = [
        (name, field)
        for name, by_roles in SELECTABLE.items()
        for fields in by_roles.values()
        for field in fields.split()
    ]

    assert sorted(listed) == sorted((name, field) for name, kind in types().items() for field in kind.fields)


def test_access_field_of_an_interface_opens_no_more_than_the_fields_of_its_types() -> None:
    # Whoever selects a field on Node reaches every node; `node` itself holds back what is not for the role.
    for name, kind in types().items():
        for interface in kind.interfaces:
            for field in interface.fields:
                if interface.name != "Node":
                    assert roles(interface.name, field) <= roles(name, field)


def test_access_field_that_is_not_listed_is_for_nobody() -> None:
    assert roles("Borrower", "diary") == frozenset()
    assert all(LISTED.values())


@pytest.mark.parametrize(
    ("role", "query"),
    [
        ("DASHBOARD", f"{{ borrower(by: {KEY}) {{ id }} }}"),
        ("DASHBOARD", f"{{ borrowers(by: [{KEY}]) {{ id }} }}"),
        ("DASHBOARD", '{ node(id: "x") { ... on Loan { principal } } }'),
        ("DASHBOARD", '{ node(id: "x") { ... on Loan { overdue(window: {last: "P1M"}) { pattern } } } }'),
        ("DASHBOARD", "{ institutions { totalCount } }"),
        ("ANALYST", "{ institutions { totalCount } }"),
        ("ANALYST", f'{{ institution(code: "{OWN}") {{ id }} }}'),
        ("ANALYST", "{ deliveries { totalCount } }"),
        ("DASHBOARD", '{ dataQuality(window: {last: "P1M"}) { score } }'),
        ("INSTITUTION", "{ deliveries { nodes { source } } }"),
    ],
)
async def test_access_field_not_for_the_role_is_403_before_anything_runs(
    serve: Serve, demo_url: str, role: str, query: str
) -> None:
    response = await asked(serve, demo_url, role, query)

    assert response.status_code == 403
    assert {error["extensions"]["code"] for error in response.json()["errors"]} == {"FORBIDDEN"}
    assert "data" not in response.json()


async def test_access_of_a_document_too_long_to_be_kept_is_refused_too(serve: Serve, demo_url: str) -> None:
    response = await asked(serve, demo_url, "DASHBOARD", f"{{ borrower(by: {KEY}) {{ id }} }}{' ' * 15_000}")

    assert response.status_code == 403


async def test_access_of_an_operation_that_is_not_run_is_refused_too(serve: Serve, demo_url: str) -> None:
    query = f"query One {{ coverage {{ loans }} }} query Two {{ borrower(by: {KEY}) {{ id }} }}"
    async with serve(demo_url, BORROWGRAPH_ROLE="DASHBOARD") as client:
        response = await client.post("/graphql", json={"query": query, "operationName": "One"})

    assert response.status_code == 403


async def test_access_without_a_caller_no_field_is_answered() -> None:
    result = await schema.execute("{ coverage { loans } __typename }", context_value=None)

    assert result.data is None
    assert {(error.extensions or {}).get("code") for error in result.errors or []} == {"FORBIDDEN"}


async def test_analyst_naming_somebody_by_a_document_is_refused(serve: Serve, demo_url: str) -> None:
    query = '{ borrower(by: {document: {kind: "ID_CARD", number: "1"}}) { id } }'

    assert code(await asked(serve, demo_url, "ANALYST", query)) == "FORBIDDEN"


@pytest.mark.parametrize("role", ["DASHBOARD", "ANALYST", "INSTITUTION"])
async def test_figures_of_an_institution_not_theirs_are_refused_alike_whether_there_is_one(
    serve: Serve, demo_url: str, role: str
) -> None:
    query = '{ portfolio(filter: {institutions: ["%s"]}) { delinquency(window: {last: "P1M"}) { key } } }'

    there = await asked(serve, demo_url, role, query % OTHER)
    nowhere = await asked(serve, demo_url, role, query % UNKNOWN)

    assert code(there) == "FORBIDDEN"
    assert there.json() == nowhere.json()


async def test_institution_sees_itself_among_the_members_and_no_other(serve: Serve, demo_url: str) -> None:
    members = "{ institutions { totalCount nodes { code } edges { node { code } } pageInfo { hasNextPage } } }"

    found = (await asked(serve, demo_url, "INSTITUTION", members)).json()["data"]["institutions"]

    assert [node["code"] for node in found["nodes"]] == [OWN]
    assert [edge["node"]["code"] for edge in found["edges"]] == [OWN]
    assert (found["totalCount"], found["pageInfo"]["hasNextPage"]) == (1, False)


async def test_institution_asking_for_another_is_answered_as_for_one_that_is_not_there(
    serve: Serve, demo_url: str
) -> None:
    query = '{ institution(code: "%s") { id code name kind } }'
    every = (await asked(serve, demo_url, "ASSOCIATION", query % OTHER)).json()["data"]["institution"]

    there = await asked(serve, demo_url, "INSTITUTION", query % OTHER)
    nowhere = await asked(serve, demo_url, "INSTITUTION", query % UNKNOWN)
    by_id = await asked(serve, demo_url, "INSTITUTION", f'{{ node(id: "{every["id"]}") {{ id }} }}')

    assert every["code"] == OTHER
    assert there.json() == nowhere.json()
    assert nowhere.json()["data"] == {"institution": None}
    assert by_id.json()["data"] == {"node": None}


async def test_institution_sees_the_quality_of_its_own_reports_alone(serve: Serve, demo_url: str) -> None:
    query = '{ dataQuality(window: {last: "P3M"}%s) { institution { code } month } }'

    own = (await asked(serve, demo_url, "INSTITUTION", query % "")).json()["data"]["dataQuality"]
    there = await asked(serve, demo_url, "INSTITUTION", query % f', institution: "{OTHER}"')
    nowhere = await asked(serve, demo_url, "INSTITUTION", query % f', institution: "{UNKNOWN}"')

    assert {row["institution"]["code"] for row in own} == {OWN}
    assert len(own) == 3
    assert code(there) == "FORBIDDEN"
    assert there.json() == nowhere.json()


@pytest.mark.parametrize("role", ["DASHBOARD", "INSTITUTION"])
async def test_id_of_what_is_not_for_the_caller_is_answered_as_one_of_nothing(
    serve: Serve, demo_url: str, role: str
) -> None:
    # The demo's one delivery holds every institution's rows, so it is nobody's own.
    hidden = ["delivery", "institution"] if role == "INSTITUTION" else ["borrower", "loan", "delivery", "institution"]
    tokens = Tokens(SECRET)
    for kind in hidden:
        there, nowhere = (tokens.make(kind, payload) for payload in payloads(demo_url)[kind])
        answers = [
            await asked(serve, demo_url, role, f'{{ node(id: "{one}") {{ id __typename }} }}')
            for one in (there, nowhere)
        ]
        everything = await asked(serve, demo_url, "ASSOCIATION", f'{{ node(id: "{there}") {{ id }} }}')

        assert everything.json()["data"] == {"node": {"id": there}}
        assert answers[0].json() == answers[1].json()
        assert answers[0].json()["data"] == {"node": None}


def payloads(url: str) -> dict[str, tuple[bytes, bytes]]:
    """Give what is in the id of something that is there, and of something that is not, by kind."""
    with psycopg.connect(url) as connection:
        [(key, loan, delivery)] = connection.execute(
            "select (select subject_key from borrower limit 1), loan.id, delivery.id from loan, delivery limit 1"
        )
    return {
        "borrower": (key, bytes(32)),
        "loan": (loan.to_bytes(8), (10**12).to_bytes(8)),
        "delivery": (delivery.to_bytes(8), (10**12).to_bytes(8)),
        "institution": (OTHER.encode(), UNKNOWN.encode()),
    }
