"""How many SQL statements a document runs: a constant, whatever number of borrowers, windows, filters it names."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from hashlib import sha256
from itertools import cycle
from typing import Any, Self

import pytest

from graph import service
from graph.tokens import Tokens
from graph.types.loan import loan_id
from resolvers.database import Database
from sql.statements import names, statement
from tests.conftest import BORROWERS, SECRET, UNBOUNDED, serving

Run = Callable[..., Awaitable[list[str]]]

KEYS = [sha256(f"demo borrower {number}".encode()).hexdigest() for number in range(1, BORROWERS + 1)]
WINDOWS = [f'{{last: "P{months}M"}}' for months in range(1, 25)]

FILTERS = [
    "null",
    "{states: [ACTIVE]}",
    "{institutionKinds: [BANK, MICROLOAN], products: []}",
    '{opened: {last: "P1Y"}}',
    '{active: {from: "2025-03-03", to: "2025-03-04"}}',
]
ONCE = [
    "begin isolation level repeatable read read only",
    "coverage/of_platform",
    "borrowers/portraits",
    "rollback",
]
INSTANTS = ["null", '"2026-01-15T09:00:00+08:00"', '"2025-01-15T09:00:00Z"', '"2024-02-29T00:00:00Z"']


class Recorded(Database):
    """The service's own database, whose only connection tells every statement that it sends."""

    sent: list[str]

    @classmethod
    @asynccontextmanager
    async def connect(cls, url: str, **limits: Any) -> AsyncIterator[Self]:
        async with super().connect(url, **limits) as database:
            connection = await database._pool.connections.take()
            connection.add_query_logger(lambda logged: cls.sent.append(named(logged.query)))
            await database._pool.connections.give(connection, well=True)
            yield database


def named(query: str) -> str:
    """The name of a statement of ours; the text of any other."""
    return next((name for name in names() if statement(name).text == query), query)


@pytest.fixture
async def run(demo_url: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> AsyncIterator[Run]:
    """Give what asks the demo a document and returns all that its connection sent, in order."""
    monkeypatch.setattr(Recorded, "sent", [], raising=False)
    monkeypatch.setattr(service, "Database", Recorded)
    async with serving(demo_url, BORROWGRAPH_CONNECTIONS="1", **UNBOUNDED, **getattr(request, "param", {})) as client:

        async def run(query: str, code: str | None = None) -> list[str]:
            Recorded.sent.clear()
            body = (await client.post("/graphql", json={"query": query})).json()
            # The driver tells of a statement in the loop's next turn.
            await asyncio.sleep(0)
            assert {error["extensions"]["code"] for error in body.get("errors", [])} == {code} - {None}
            # Who asks, and which secrets are in force, is read every other second, over a connection of its own.
            # The log is written over another, once for all persons that were named.
            persons = {"borrowers/portraits", "borrowers/portraits_as_of", "loans/by_id"} & {*Recorded.sent}
            assert Recorded.sent.count("trail/append") == bool(persons)
            return [
                one for one in Recorded.sent if not one.startswith(("credentials/", "secret/", "standing/", "trail/"))
            ]

        yield run


def everything(
    keys: Sequence[str] = KEYS[:1],
    windows: Sequence[str] = ('{last: "P6M"}',),
    filters: Sequence[str] = ("null",),
    instants: Sequence[str] = ("null",),
) -> str:
    """A document with every kind of field of a borrower, for every key at every instant, each window and filter."""
    pairs = zip(cycle(windows), cycle(filters), range(max(len(windows), len(filters))), strict=False)
    fields = " ".join(fields_of(number, window, chosen) for window, chosen, number in pairs)
    by = ", ".join(f'{{subjectKey: "{key}"}}' for key in keys)
    asked = (
        f"at{place}: borrowers(by: [{by}], asOf: {instant}) {{ id {fields} }}" for place, instant in enumerate(instants)
    )
    return f"{{ coverage {{ horizon }} {' '.join(asked)} }}"


def fields_of(number: int, window: str, chosen: str) -> str:
    return f"""
      loans{number}: loans(filter: {chosen}) {{
        totalCount
        nodes {{
          institution {{ code }}
          repayments(window: {window}) {{ month }}
          overdue(window: {window}) {{ pattern }}
          series(window: {window}) {{ due }}
        }}
      }}
      multiLoan{number}: multiLoan(window: {window}, filter: {chosen}) {{ loansActive byInstitutionKind {{ kind }} }}
      overdue{number}: overdue(window: {window}, filter: {chosen}) {{ longestRun overdueLenders }}
    """


# What is read of a person, more and less; an unknown one is among those asked.
SHORT = "query ($key: String!) { borrower(by: {subjectKey: $key}) { subjectKey loans { nodes { product openedOn } } } }"
LONG = """query ($key: String!) { borrower(by: {subjectKey: $key}) {
  id multiLoan(window: {last: "P1Y"}) { loansActive inquiries balanceAtEnd }
  loans { nodes { id overdue(window: {last: "P6M"}) { pattern months { month code overdueAmount } } } }
} }"""


async def test_requests_at_once_share_statements_and_each_gets_its_own_answer(
    demo_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Recorded, "sent", [], raising=False)
    monkeypatch.setattr(service, "Database", Recorded)
    bodies = [
        {"query": document, "variables": {"key": key}} for key in [*KEYS[:15], "0" * 64] for document in (SHORT, LONG)
    ]
    async with serving(demo_url, BORROWGRAPH_CONNECTIONS="1") as client:

        async def asked(body: dict[str, Any]) -> Any:
            return (await client.post("/graphql", json=body)).json()["data"]

        alone = [await asked(body) for body in bodies]
        Recorded.sent.clear()
        together = await asyncio.gather(*map(asked, bodies))

    assert together == alone
    assert Recorded.sent.count("borrowers/portraits") < len(bodies) / 2


SHAPES = {
    "1 of everything": everything(),
    "50 borrowers": everything(KEYS[:50]),
    "200 borrowers": everything(KEYS[:200]),
    "24 windows": everything(windows=WINDOWS),
    "trailing and fixed windows": everything(windows=[WINDOWS[0], '{from: "2025-01-01", to: "2026-01-01"}']),
    "5 filters": everything(filters=FILTERS),
    "4 instants": everything(instants=INSTANTS),
    "many of all": everything(KEYS[:30], WINDOWS, FILTERS, INSTANTS),
}


@pytest.mark.parametrize("shape", SHAPES)
async def test_statements_of_a_document_whatever_its_size_run_once_each(run: Run, shape: str) -> None:
    known_then = ["borrowers/portraits_as_of"] if "2024-02-29T" in SHAPES[shape] else []

    assert sorted(await run(SHAPES[shape])) == sorted(ONCE + known_then)


@pytest.mark.parametrize("instant", INSTANTS)
async def test_statement_of_a_document_with_one_field_at_the_root_runs_without_a_transaction(
    run: Run, instant: str
) -> None:
    document = everything(KEYS[:30], WINDOWS, FILTERS, [instant]).replace("coverage { horizon }", "")

    then = "" if instant == "null" else "_as_of"
    assert await run(document) == [f"borrowers/portraits{then}"]


async def test_statements_of_a_document_that_asks_when_months_were_reported_read_their_rows_too(run: Run) -> None:
    document = everything().replace("{ month }", "{ month reportedAt }")

    assert sorted(await run(document)) == sorted([*ONCE, "repayments/of_loans"])


async def test_statements_of_separate_fields_at_the_root_run_once_each(run: Run) -> None:
    fields = fields_of(0, WINDOWS[0], "null")
    separate = " ".join(
        f'b{place}: borrower(by: {{subjectKey: "{key}"}}) {{ id {fields} }}' for place, key in enumerate(KEYS[:50])
    )

    assert sorted(await run(f"{{ coverage {{ horizon }} {separate} }}")) == sorted(ONCE)


@pytest.mark.parametrize("loans", [1, 50])
async def test_statements_of_loans_by_id_run_once_each(run: Run, loans: int) -> None:
    tokens = Tokens(SECRET)
    fields = (
        f"... on Loan {{ repayments(window: {WINDOWS[5]}) {{ month }} overdue(window: {WINDOWS[3]}) {{ pattern }} }}"
    )
    nodes = " ".join(
        f'n{number}: node(id: "{loan_id(tokens, number)}") {{ id {fields} }}' for number in range(1, loans + 1)
    )

    assert await run(f"{{ {nodes} }}") == [ONCE[0], "loans/by_id", ONCE[-1]]


async def test_statements_of_a_document_that_is_refused_are_none(run: Run) -> None:
    by = ", ".join(f'{{subjectKey: "{number:064}"}}' for number in range(1_001))

    assert await run(f"{{ borrowers(by: [{by}]) {{ id }} }}", code="TOO_MANY_KEYS") == []


MARKET = ["portfolio/cells", *(f"portfolio/{name}" for name in ("delinquency", "cohorts", "ages", "moves", "holders"))]
DIMENSIONS = ["null", "INSTITUTION_KIND", "INSTITUTION", "PRODUCT"]
MARKETS = ["null", "{institutionKinds: [BANK, MICROLOAN]}", '{products: ["CASH_LOAN"]}', '{institutions: ["BK01"]}']


def market(windows: Sequence[str], dimensions: Sequence[str] = ("null",), filters: Sequence[str] = ("null",)) -> str:
    """A document with every figure of the portfolio, for each filter, window and dimension."""
    figures = " ".join(
        f"""
        delinquency{place}{by}: delinquency(window: {window}, by: {by}) {{ key points {{ loans }} }}
        vintages{place}{by}: vintages(opened: {window}, by: {by}, daysPastDue: {place}) {{ loans }}
        rollRates{place}: rollRates(window: {window}) {{ loans }}
        lendersPerBorrower{place}: lendersPerBorrower(window: {window}) {{ borrowers }}
        """
        for place, window in enumerate(windows)
        for by in dimensions
    )
    asked = (f"f{place}: portfolio(filter: {chosen}) {{ {figures} }}" for place, chosen in enumerate(filters))
    return f"{{ {' '.join(asked)} }}"


@pytest.mark.parametrize(
    "run", [{"BORROWGRAPH_ROLE": "INSTITUTION", "BORROWGRAPH_ASKING_INSTITUTION": "BK01"}], indirect=True, ids=[""]
)
@pytest.mark.parametrize(
    ("document", "more"),
    [
        (market(WINDOWS[5:6]), []),
        (market(WINDOWS), []),
        (market(WINDOWS[11:13], DIMENSIONS, MARKETS), []),
        # Of some of the market they are kept at months' ends alone.
        (market(['{from: "2026-01-01", to: "2026-03-15"}'], DIMENSIONS, MARKETS), ["portfolio/lenders"]),
    ],
    ids=["one window", "24 windows", "windows, dimensions and filters", "a month that is cut"],
)
async def test_statements_of_the_portfolio_whatever_is_asked_run_once_each(
    run: Run, document: str, more: list[str]
) -> None:
    sent = await run(document)

    assert sorted(set(sent)) == sorted([ONCE[0], ONCE[-1], "coverage/horizons", "portfolio/facts", *MARKET, *more])
    # What is published is looked up for each figure that needs it.
    assert sent.count("portfolio/facts") <= 3
    assert len(sent) - sent.count("portfolio/facts") == len(set(sent)) - 1
