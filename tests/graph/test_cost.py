"""The cost of a document: worked out on paper, never below what is answered, and refused at its edge before any SQL."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import date
from random import Random
from typing import Any

import httpx
import pytest
from graphql import (
    GraphQLObjectType,
    get_introspection_query,
    get_nullable_type,
    is_list_type,
    parse,
)

from graph.cost import lengths
from graph.cost.estimate import costs
from graph.cost.sizes import Asked, at
from graph.cost.table import LISTS, RULES
from graph.limits import Limits
from graph.schema import schema
from graph.tokens import Tokens
from intake.rules import RowWarning, Rule
from resolvers import database
from resolvers.database import Database, Reading
from resolvers.errors import Problem
from resolvers.standing import market
from resolvers.window import Window, parse_duration, resolve
from sql.rows import MarketRow
from tests.conftest import SECRET
from tests.graph.execution.comparing import STOCK
from tests.graph.execution.test_differential import KEYS, on, snapshot, values
from tests.graph.execution.writing import Writer

Serve = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]

DOCUMENTS = int(os.environ.get("DOCUMENTS", "250"))
MARKET = MarketRow(36, 6, date(2026, 11, 1))
LIMITS = Limits(600, 1_000)
KEY = "0" * 64
BY = f'by: {{subjectKey: "{KEY}"}}'


def cost(text: str, variables: dict[str, Any] | None = None, market: MarketRow = MARKET) -> int:
    return at(costs(schema._schema, parse(text), LIMITS)[None], Asked(variables or {}, market))


def counted(value: Any) -> int:
    """Count the values of an answer: every member of every object, every element of every list."""
    if isinstance(value, dict):
        return sum(1 + counted(inner) for inner in value.values())
    if isinstance(value, list):
        return sum(1 + counted(inner) for inner in value)
    return 0


def test_every_list_of_the_schema_is_in_the_table_and_no_other() -> None:
    lists = {
        (name, field)
        for name, kind in schema._schema.type_map.items()
        if isinstance(kind, GraphQLObjectType) and not name.startswith("__")
        for field, one in kind.fields.items()
        if is_list_type(get_nullable_type(one.type))
    }

    assert {(name, field) for name, fields in LISTS.items() for field in fields} == lists


def test_table_has_room_for_every_rule_and_warning() -> None:
    assert len(Rule) + len(RowWarning) <= RULES


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # One member.
        ("{ __typename }", 1),
        # The borrower, and its two members.
        (f"{{ borrower({BY}) {{ id subjectKey }} }}", 3),
        # borrowers, two elements of one member each.
        ('{ borrowers(by: [{id: "x"}, {id: "y"}]) { id } }', 1 + 2 * (1 + 1)),
        # borrower, loans and 20 loans read, nodes, 100 of them with one member.
        (f"{{ borrower({BY}) {{ loans {{ nodes {{ id }} }} }} }}", 1 + 1 + 20 + 1 + 100 * (1 + 1)),
        (f"{{ borrower({BY}) {{ loans(first: 7) {{ totalCount edges {{ cursor }} }} }} }}", 1 + 1 + 20 + 1 + 1 + 7 * 2),
        # In each of 2 loans: overdue, 24 months read, pattern, months and 24 of them with two members.
        (
            f'{{ borrower({BY}) {{ loans(first: 2) {{ nodes {{ overdue(window: {{last: "P2Y"}}) '
            "{ pattern months { month code } } } } } }",
            1 + 1 + 20 + 1 + 2 * (1 + 1 + 24 + 1 + 1 + 24 * (1 + 2)),
        ),
        # Of 5 months at most 3 begin a run.
        (
            f'{{ borrower({BY}) {{ overdue(window: {{last: "P5M"}}) {{ episodes {{ months }} entries }} }} }}',
            1 + 1 + 20 * 5 + 1 + 3 * 2 + 1 + 3,
        ),
        # Two windows of a borrower: for each 20 loans read, and a member; kinds have two members each.
        (
            f'{{ borrower({BY}) {{ a: multiLoan(window: {{last: "P1M"}}) {{ inquiries }} '
            'b: multiLoan(window: {last: "P1Y"}) { byInstitutionKind { kind loansOpened } } } }',
            1 + (1 + 20 + 1) + (1 + 20 + 1 + 7 * (1 + 2)),
        ),
        # A loan's columns: three months read, two lists of three.
        (
            'fragment L on Loan { series(window: {from: "2026-01-01", to: "2026-04-01"}) { due paid } } '
            'query { node(id: "x") { id ...L } }',
            1 + 1 + (1 + 3 + (1 + 3) + (1 + 3)),
        ),
        # Of the types that a node may be the one that costs most counts.
        ('{ node(id: "x") { ... on Loan { product } ... on Borrower { a: id b: id } } }', 1 + 2),
        # By kind there are seven series; a year of twelve months has at most three quarters more than it begins with.
        (
            '{ portfolio { delinquency(window: {last: "P1Y"}, every: QUARTER, by: INSTITUTION_KIND) '
            "{ key points { loans buckets { share } } } } }",
            1 + 1 + 12 * 36 + 7 * (1 + 1 + 1 + 6 * (1 + 1 + 1 + 8 * (1 + 1))),
        ),
        # Of a market of six products.
        (
            '{ portfolio { delinquency(window: {last: "P1M"}, by: PRODUCT) { key } } }',
            1 + 1 + 1 * 36 + 6 * (1 + 1),
        ),
        ('{ portfolio { rollRates(window: {last: "P2M"}) { loans } } }', 1 + 1 + 2 * 36 + 72 * (1 + 1)),
        # Three months for each of 36 institutions.
        ('{ dataQuality(window: {last: "P3M"}) { score } }', 1 + 36 * 3 * (1 + 1)),
        ('{ dataQuality(window: {last: "P3M"}, institution: "X") { score } }', 1 + 3 * (1 + 1)),
    ],
)
def test_cost_of_a_document_is_what_paper_says(text: str, expected: int) -> None:
    assert cost(text) == expected


def test_cost_counts_variables_and_their_defaults() -> None:
    text = (
        "query Some($by: [BorrowerKey!]!, $first: Int = 3, $last: Duration) { borrowers(by: $by) "
        "{ loans(first: $first) { nodes { repayments(window: {last: $last}) { due } } } } }"
    )

    def expected(keys: int, loans: int, months: int) -> int:
        return 1 + keys * (1 + 1 + 20 + 1 + loans * (1 + 1 + months + months * 2))

    by = [{"subjectKey": KEY}] * 5
    assert cost(text, {"by": by, "last": "P6M"}) == expected(5, 3, 6)
    assert cost(text, {"by": by[0], "first": 9, "last": "P1Y6M"}) == expected(1, 9, 18)
    assert cost(text, {"by": by, "first": None, "last": "P1M"}) == expected(5, 100, 1)
    assert cost(text, {"by": by * 1_000, "last": "P900Y"}) == expected(1_000, 3, 600)


def test_cost_of_several_operations_is_that_of_the_one_asked() -> None:
    found = costs(schema._schema, parse("query A { __typename } query B { a: __typename b: __typename }"), LIMITS)

    assert (found["A"], found["B"]) == (1, 2)


@pytest.mark.parametrize("horizon", [date(2026, 11, 1), date(2024, 3, 1)])
def test_months_of_a_window_are_never_fewer_than_it_has(horizon: date) -> None:
    random, checked = Random(7), 0  # noqa: S311

    def day() -> str:
        return date.fromordinal(date(2019, 1, 1).toordinal() + random.randrange(2_900)).isoformat()

    for _ in range(20_000):
        length = f"P{random.randrange(4)}Y{random.randrange(30)}M{random.choice((0, 0, random.randrange(200)))}D"
        window: dict[str, str] = random.choice(
            [{"last": length}, {"last": length, "to": day()}, {"from": day()}, {"from": day(), "to": day()}]
        )
        try:
            asked = Window(
                parse_duration(window["last"]) if "last" in window else None,
                date.fromisoformat(window["from"]) if "from" in window else None,
                date.fromisoformat(window["to"]) if "to" in window else None,
            )
            span = resolve(asked, horizon, "window", 600)
        except Problem:
            continue
        checked += 1
        assert lengths.months(window, horizon) >= len(span.months())
        assert lengths.months(window, horizon) <= len(span.months()) + 2
    assert checked > 10_000


@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_cost_of_documents_at_random_is_never_below_what_is_answered(demo_url: str) -> None:
    tokens, answered, largest = Tokens(SECRET), 0, 0
    async with Database.connect(demo_url, connections=2, statement_seconds=60) as opened, snapshot(opened) as one:
        given, size = await values(on(one, tokens)), await market(opened)
        for number in range(DOCUMENTS):
            document = Writer(STOCK._schema, given, Random(f"cost {number}")).document()  # noqa: S311
            result = await STOCK.execute(
                document.text, variable_values=document.variables, context_value=on(one, tokens)
            )
            if result.data is None:
                continue
            answered += 1
            found, estimate = counted(result.data), cost(document.text, document.variables, size)
            largest = max(largest, found)
            assert found <= estimate, f"{found} > {estimate}\n{document.text}\n{document.variables}"
    assert answered > DOCUMENTS * 0.4
    assert largest > 1_000


FULL = """
query Full($by: [BorrowerKey!]!, $window: Window!) {
  borrowers(by: $by) {
    loans { nodes { repayments(window: $window) { month due } series(window: $window) { due } } totalCount }
    overdue(window: $window) { months { month } episodes { from } entries(overDays: 0) }
    multiLoan(window: $window) { byInstitutionKind { kind } }
  }
  portfolio {
    delinquency(window: $window, by: PRODUCT) { key points { period buckets { loans } grades { loans } } }
    vintages(opened: $window, by: INSTITUTION) { key curve { monthOnBook } }
    rollRates(window: $window) { from }
    lendersPerBorrower(window: $window) { lenders }
  }
  dataQuality(window: $window) { month rejects { rule } warnings { rule } }
  deliveries { nodes { counts { kind } rejects { rule } } }
  institutions { nodes { code } }
}
"""


@pytest.mark.parametrize(
    "window",
    [
        {"last": "P4Y"},
        {"from": "2022-01-15"},
        {"from": "2024-01-01", "to": "2026-01-02"},
        {"last": "P40D"},
        {"last": "P24M", "to": "2025-05-05"},
    ],
)
async def test_cost_of_everything_over_a_window_is_never_below_what_is_answered(
    serve: Serve, demo_url: str, window: dict[str, str]
) -> None:
    by = [{"subjectKey": key} for key in KEYS[:40]]
    async with serve(demo_url) as client:
        body = (await client.post("/graphql", json={"query": FULL, "variables": {"by": by, "window": window}})).json()

    assert "errors" not in body
    assert 1_000 < counted(body["data"]) <= body["extensions"]["cost"]["estimate"]


async def test_cost_of_introspection_is_never_below_what_is_answered(serve: Serve, demo_url: str) -> None:
    query = get_introspection_query(input_value_deprecation=True, one_of=True, specified_by_url=True)
    async with serve(demo_url) as client:
        body = (await client.post("/graphql", json={"query": query})).json()

    assert 5_000 < counted(body["data"]) <= body["extensions"]["cost"]["estimate"]


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


# 1 + 20 + 1 + 1 + first * 2
LOANS = f"query Loans($first: Int) {{ borrower({BY}) {{ loans(first: $first) {{ nodes {{ id }} }} }} }}"


@pytest.fixture(params=["levels", "stock"])
async def client(request: pytest.FixtureRequest, serve: Serve, demo_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """Give a client to a service with either executor, which allows one request a cost of 43, and 100 in a minute."""
    settings = {"BORROWGRAPH_COST": "43", "BORROWGRAPH_COST_PER_MINUTE": "100"}
    async with serve(demo_url, BORROWGRAPH_EXECUTOR=request.param, **settings) as client:
        yield client


async def asked(client: httpx.AsyncClient, first: int) -> httpx.Response:
    return await client.post(
        "/graphql",
        json={"query": LOANS, "variables": {"first": first}},
        headers={"accept": "application/graphql-response+json"},
    )


async def test_cost_at_the_limit_passes_and_one_above_is_refused_without_sql(
    client: httpx.AsyncClient, readings: list[Reading]
) -> None:
    passed = await asked(client, 10)
    readings.clear()
    refused = await asked(client, 11)

    assert "errors" not in passed.json()
    assert passed.json()["extensions"]["cost"] == {"estimate": 43, "limit": 43, "remaining": 57}
    [error] = refused.json()["errors"]
    assert refused.status_code == 400
    assert error["extensions"] == {"code": "COST_TOO_HIGH", "got": 45, "allowed": "at most 43"}
    assert refused.json()["extensions"]["cost"] == {"estimate": 45, "limit": 43}
    assert "data" not in refused.json()
    assert [one for reading in readings for one in reading.statements] == []
