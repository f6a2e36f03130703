"""What nobody learns: who the lender of another's loan is, through any field, filter, cursor, order, count or error.

Two databases are asked the same documents, at random over all that a role may select. They differ in one thing: within
every kind the other institutions have exchanged their codes and names. An answer from which something about a lender
could be learnt would be another one in the second; so every byte of all of them must be the same.
"""

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from random import Random
from typing import Any, NamedTuple

import httpx
import orjson
import psycopg
import pytest
from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema, build_schema

from graph.access import roles
from graph.tokens import Tokens
from resolvers.callers import Role
from tests.conftest import CHECKOUT, SECRET
from tests.graph.execution.writing import Document, Values, Writer

Serve = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]

# graphql-core cancels the siblings of a field whose error takes their parent, some of them before they began.
pytestmark = [
    pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

DOCUMENTS = int(os.environ.get("DOCUMENTS", "250"))
SEED = int(os.environ.get("SEED", "1"))
OWN = "THE-CODE-OF-BK01"
TOKENS = Tokens(SECRET)

# Names that stand in no answer by chance, in both databases.
CLEAR = "update institution set code = 'THE-CODE-OF-' || code, name = 'The name of ' || name || ', in full'"
EXCHANGE = """
with ordered as (
    select id, kind, code, name, row_number() over kinds as place, count(*) over (partition by kind) as members
    from institution
    where code <> 'THE-CODE-OF-BK01'
    window kinds as (partition by kind order by code)
),
exchanged as (
    select one.id, other.code, other.name
    from ordered as one
    join ordered as other on other.kind = one.kind and other.place = one.place % one.members + 1
)
update institution set code = 'NEW-' || exchanged.code, name = exchanged.name
from exchanged where exchanged.id = institution.id
"""
# A code is unique at every moment.
RENAME = "update institution set code = substr(code, 5) where code like 'NEW-%'"
OTHERS = "select code, name from institution where code <> 'THE-CODE-OF-BK01' order by code"


class Markets(NamedTuple):
    """The two databases' addresses, the codes and names of all institutions but one, and things that exist in both."""

    one: str
    other: str
    others: list[tuple[str, str]]
    keys: list[bytes]
    loans: list[int]


@pytest.fixture(scope="module")
def markets(create: Callable[[str], str], demo_template: str) -> Markets:
    """Give the demo twice, with the other institutions exchanged in the second."""
    one, other = (create(demo_template) for _ in range(2))
    for url, changes in ((one, [CLEAR]), (other, [CLEAR, EXCHANGE, RENAME])):
        with psycopg.connect(url) as connection:
            for change in changes:
                connection.execute(change)
    with psycopg.connect(one) as connection, psycopg.connect(other) as exchanged:
        others: list[Any] = connection.execute(OTHERS).fetchall()
        assert exchanged.execute(OTHERS).fetchall() == others
        keys = connection.execute("select subject_key from borrower order by id limit 12").fetchall()
        loans = connection.execute("select id from loan order by id limit 30").fetchall()
    return Markets(one, other, others, [key for (key,) in keys], [number for (number,) in loans])


def pruned(role: Role) -> GraphQLSchema:
    """Give the schema without what a role may not select: a document with any of it is refused whole."""
    schema = build_schema((CHECKOUT / "schema.graphql").read_text(encoding="utf-8"))
    for name, kind in schema.type_map.items():
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and not name.startswith("__"):
            for field in [field for field in kind.fields if role not in roles(name, field)]:
                del kind.fields[field]
    for kind in list(schema.type_map.values()):
        if isinstance(kind, GraphQLObjectType) and not kind.fields:
            for implementations in schema._implementations_map.values():
                implementations.objects[:] = [one for one in implementations.objects if one is not kind]
    return schema


def values(markets: Markets, institutions: list[str]) -> Values:
    """Give what arguments are given: what the demo holds, the caller's own, and these institutions' codes and ids."""
    subjects = [key.hex() for key in markets.keys]
    borrowers = [TOKENS.make("borrower", key) for key in markets.keys]
    loans = [TOKENS.make("loan", number.to_bytes(8)) for number in markets.loans]
    members = [TOKENS.make("institution", code.encode()) for code in [OWN, *institutions]]
    deliveries = [TOKENS.make("delivery", (1).to_bytes(8)), TOKENS.make("delivery", (9).to_bytes(8))]
    cursors = [TOKENS.make("institutions", code.encode()) for code in institutions]
    windows = [{"last": "P24M"}, {"last": "P6M"}, {"last": "P1Y"}, {"from": "2024-05-05", "to": "2025-05-05"}]
    dates = ["2024-02-29", "2025-01-01", "2026-02-01"]
    return {
        "id": [*borrowers, *loans, *members, *deliveries],
        "BorrowerKey": [{"subjectKey": key} for key in subjects] + [{"id": one} for one in [*borrowers, members[-1]]],
        "Window": windows,
        "PortfolioFilter": [
            {},
            {"products": ["CASH_LOAN"]},
            *({"institutions": [code]} for code in [OWN, *institutions]),
        ],
        "after": [*cursors, TOKENS.make("deliveries", (9).to_bytes(8)), "beef"],
        "code": [OWN, *institutions],
        "institution": [OWN, *institutions],
        "institutions": [OWN, OWN, OWN, *institutions],
        "first": [1, 2, 3, 100],
        "overDays": [0, 1, 30, 60, 90],
        "daysPastDue": [0, 30, 90],
        "months": [1, 2, 3, 12],
        "products": ["CASH_LOAN", "CREDIT_CARD", "nothing"],
        "kind": ["ID_CARD"],
        "number": ["11010519491231002X"],
        "subjectKey": subjects,
        "Boolean": [True, False],
        "Int": [1, 12],
        "Float": [0.5],
        "Money": [0],
        "BigInt": [0],
        "String": ["text"],
        "ID": [*borrowers, *members],
        "Date": dates,
        "DateTime": ["2026-01-15T09:00:00+08:00", "2024-02-29T00:00:00Z"],
        "Month": ["2025-01"],
        "Duration": ["P1M", "P1Y"],
    }


def documents(markets: Markets, role: str) -> Iterator[Document]:
    """Give documents at random, the same in every run."""
    schema, given = pruned(Role(role)), values(markets, [code for code, _ in markets.others[:3]])
    for number in range(DOCUMENTS):
        yield Writer(schema, given, Random(f"{SEED} {role} {number}")).document()  # noqa: S311


async def answered(client: httpx.AsyncClient, document: Document) -> httpx.Response:
    """Ask, under an id of our own: an answer may repeat it."""
    body = {"query": document.text, "variables": document.variables}
    return await client.post("/graphql", json=body, headers={"x-request-id": "the-same-each-time"})


def kind(response: httpx.Response) -> str:
    """Say how a document was answered."""
    body = response.json()
    codes = {error["extensions"]["code"] for error in body.get("errors", ())}
    assert "INTERNAL" not in codes, body
    if "FORBIDDEN" in codes:
        return "forbidden"
    return "answered" if body.get("data") else "refused"


def settings(role: str) -> dict[str, str]:
    """Give the settings of a service that takes whoever asks for one of this role."""
    # What is left of a minute's cost is another from moment to moment.
    given = {"BORROWGRAPH_ROLE": role, "BORROWGRAPH_COST_PER_MINUTE": "0"}
    return given | ({"BORROWGRAPH_ASKING_INSTITUTION": OWN} if role == "INSTITUTION" else {})


WORD = re.compile(r"\w+")
ROLES = ["INSTITUTION", "ANALYST", "DASHBOARD"]


@pytest.mark.parametrize("role", ROLES)
async def test_answers_are_the_same_whoever_the_other_lenders_are_and_never_name_one(
    serve: Serve, markets: Markets, role: str
) -> None:
    hidden = [text for pair in markets.others for text in pair]
    hidden += [TOKENS.make("institution", code.encode()) for code, _ in markets.others]
    seen, reached, asked = Counter[str](), set[str](), set[str]()
    async with serve(markets.one, **settings(role)) as one, serve(markets.other, **settings(role)) as other:
        for document in documents(markets, role):
            first, second = await answered(one, document), await answered(other, document)

            assert (first.status_code, first.headers, first.text) == (
                second.status_code, second.headers, second.text
            ), document  # fmt: skip
            sent = orjson.dumps([document.text, document.variables]).decode()
            # What was sent may come back in an error; what was not, nobody may read.
            assert [text for text in hidden if text in first.text and text not in sent] == [], document
            seen[kind(first)] += 1
            asked |= {*WORD.findall(document.text)}
            if kind(first) == "answered":
                reached |= {*WORD.findall(document.text)}

    assert seen["answered"] > DOCUMENTS * 0.3
    # Every door was gone through and answered, lists were counted and gone through by cursors, filters were set.
    query = pruned(Role(role)).query_type
    assert query is not None
    assert set(query.fields) - reached == set()
    ways = (
        {"filter", "by"} if role == "DASHBOARD" else {"filter", "by", "first", "after", "totalCount", "cursor", "asOf"}
    )
    assert ways - asked == set()
    assert seen["forbidden"] > 0


@pytest.mark.parametrize("role", ROLES)
async def test_log_is_refused_alike_whoever_it_is_asked_about(serve: Serve, markets: Markets, role: str) -> None:
    """Not even that there is an entry, or a person, or a member, can be learnt from how the log is refused."""
    log = """query ($by: BorrowerKey, $institution: String, $after: String) {
        inquiryLog(window: { last: "P1Y" }, borrower: $by, institution: $institution, after: $after) {
            totalCount nodes { caller institution { code } } } }"""
    asked: list[dict[str, Any]] = [
        {},
        {"institution": markets.others[0][0]},
        {"institution": "NOBODY"},
        {"after": "beef"},
    ]
    asked += [{"by": {"subjectKey": key}} for key in (markets.keys[0].hex(), "ab" * 32)]
    async with serve(markets.one, **settings(role)) as client:
        answers = {(await answered(client, Document(log, variables))).text for variables in asked}

    assert len(answers) == 1
    assert "FORBIDDEN" in answers.pop()


@pytest.mark.parametrize("role", ROLES)
async def test_institution_that_is_not_ones_own_is_answered_as_one_that_is_not_there(
    serve: Serve, markets: Markets, role: str
) -> None:
    swaps = dict[str, str]()
    for number, (code, _) in enumerate(markets.others[:3]):
        unknown = f"NOBODY-{number}".ljust(len(code), "X")
        swaps[code] = unknown
        swaps[TOKENS.make("institution", code.encode())] = TOKENS.make("institution", unknown.encode())
    asked = 0
    async with serve(markets.one, **settings(role)) as client:
        for document in documents(markets, role):
            swapped = Document(
                swap(document.text, swaps), orjson.loads(swap(orjson.dumps(document.variables).decode(), swaps))
            )
            if swapped != document:
                there, nowhere = await answered(client, document), await answered(client, swapped)
                assert (there.status_code, swap(there.text, swaps)) == (nowhere.status_code, nowhere.text), document
                asked += 1

    assert asked > DOCUMENTS * 0.05


def swap(text: str, swaps: dict[str, str]) -> str:
    """Put unknown names where known ones stand."""
    for known, unknown in swaps.items():
        text = text.replace(known, unknown)
    return text


async def test_association_sees_the_exchange(serve: Serve, markets: Markets) -> None:
    # Were the two databases the same, the tests above would show nothing.
    query = Document("query ($id: ID!) { node(id: $id) { ... on Loan { institution { code name } } } }", {})
    differing = 0
    async with serve(markets.one) as one, serve(markets.other) as other:
        for number in markets.loans:
            document = query._replace(variables={"id": TOKENS.make("loan", number.to_bytes(8))})
            differing += (await answered(one, document)).text != (await answered(other, document)).text

    assert differing > len(markets.loans) / 3
