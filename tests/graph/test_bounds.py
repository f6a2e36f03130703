"""Documents and variables as large as is allowed are answered; one larger is refused, and no SQL has run."""

import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from typing import Any

import httpx
import pytest
from graphql import get_introspection_query

from bench.requests.workloads import WORKLOADS, ours
from graph.bounds import INTROSPECTION_DEPTH, ON_ONE_FIELD
from graph.execution.documents import _prepared
from graph.limits import Bounds
from graph.schema import executed_by, schema
from resolvers import database
from resolvers.database import Reading
from tests.conftest import CHECKOUT

Serve = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]
BOUNDS = Bounds()
KEY = "0" * 64


def characters(number: int) -> str:
    return "{ coverage { loans } }".ljust(number, "#")


def tokens(number: int) -> str:
    """Numbers in a list that nobody reads, among the 19 other tokens that the document has."""
    head = "query Tokens($unread: [Int] = [%s]) { coverage { loans } }"
    return head % " ".join("1" * (number - 19))


def depth(number: int) -> str:
    """Types within types, as no data of ours goes so deep: what is not valid is found out after it is measured."""
    return "{ coverage " + "{ loans " * (number - 1) + "}" * number


def introspection(number: int) -> str:
    return f"{{ __schema {{ queryType {'{ ofType ' * (number - 2)} {{ name }} {'}' * (number - 2)} }} }}"


def breadth(number: int) -> str:
    plain = "firstMonth lastMonth horizon borrowers loans repayments institutions __typename"
    return f"{{ coverage {{ {plain} {' '.join(f'a{place}: loans' for place in range(number - 8))} }} }}"


def root_fields(number: int) -> str:
    return f"{{ {' '.join(f'a{place}: __typename' for place in range(number))} }}"


def aliases(number: int) -> str:
    half = " ".join(f"a{place}: loans" for place in range(number // 2))
    rest = " ".join(f"b{place}: loans" for place in range(number - number // 2))
    return f"{{ coverage {{ {half} }} ...Rest }} fragment Rest on Query {{ coverage {{ {rest} }} }}"


def repeats(number: int) -> str:
    return f"{{ coverage {{ loans {'loans ' * number} }} }}"


def directives(number: int) -> str:
    return f"{{ coverage {{ {'loans @include(if: true) ' * number} }} }}"


def on_one_field(number: int) -> str:
    return f"{{ coverage {{ loans {'@include(if: true) ' * number} }} }}"


EDGES: list[tuple[Callable[[int], str], int, str]] = [
    (characters, BOUNDS.characters, "DOCUMENT_TOO_LONG"),
    (tokens, BOUNDS.tokens, "TOO_MANY_TOKENS"),
    (depth, BOUNDS.depth, "DOCUMENT_TOO_DEEP"),
    (introspection, INTROSPECTION_DEPTH, "INTROSPECTION_TOO_DEEP"),
    (breadth, BOUNDS.breadth, "SELECTION_TOO_BROAD"),
    (root_fields, BOUNDS.root_fields, "TOO_MANY_ROOT_FIELDS"),
    (aliases, BOUNDS.aliases, "TOO_MANY_ALIASES"),
    (repeats, BOUNDS.repeats, "TOO_MANY_REPEATS"),
    (directives, BOUNDS.directives, "TOO_MANY_DIRECTIVES"),
    (on_one_field, ON_ONE_FIELD, "TOO_MANY_DIRECTIVES"),
]


@pytest.fixture(params=["levels", "stock"])
async def client(request: pytest.FixtureRequest, serve: Serve, demo_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """Give a client to a service with either executor."""
    async with serve(demo_url, BORROWGRAPH_EXECUTOR=request.param) as client:
        yield client


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


async def codes(client: httpx.AsyncClient, document: str, **variables: object) -> list[str]:
    response = await client.post("/graphql", json={"query": document, "variables": variables})
    return [error["extensions"]["code"] for error in response.json().get("errors", [])]


@pytest.mark.parametrize(("document", "most", "code"), EDGES, ids=[edge[0].__name__ for edge in EDGES])
async def test_document_at_a_bound_passes_and_one_above_is_refused_without_sql(
    client: httpx.AsyncClient, readings: list[Reading], document: Callable[[int], str], most: int, code: str
) -> None:
    assert code not in await codes(client, document(most))
    readings.clear()

    response = await client.post(
        "/graphql",
        json={"query": document(most + 1)},
        headers={"accept": "application/graphql-response+json"},
    )

    [error] = [one for one in response.json()["errors"] if one["extensions"]["code"] == code]
    assert response.status_code == 400
    assert error["extensions"]["got"] == most + 1
    assert error["extensions"]["allowed"] == f"at most {most}"
    assert str(most + 1) in error["message"]
    assert "data" not in response.json()
    assert [one for reading in readings for one in reading.statements] == []


async def test_document_of_many_fields_by_fragments_is_refused_at_its_bound(client: httpx.AsyncClient) -> None:
    many = " ".join(f"f{place}: loans" for place in range(96))
    text = f"{{ %s }} fragment Many on Coverage {{ {many} }}"
    spread = " ".join(f"a{place}: coverage {{ ...Many }}" for place in range(20))

    # 20 times (coverage, ...Many, 96 fields) are 1,960.
    async def asked(more: int) -> list[str]:
        return await codes(client, text % f"{spread} {'__typename ' * more}")

    assert "TOO_MANY_FIELDS" not in await asked(BOUNDS.fields - 1_960)
    assert await asked(BOUNDS.fields - 1_959) == ["TOO_MANY_FIELDS"]


async def test_values_in_variables_at_their_bound_pass_and_one_more_is_refused_without_sql(
    client: httpx.AsyncClient, readings: list[Reading]
) -> None:
    document = "query Values($products: [String!]) { portfolio(filter: {products: $products}) { __typename } }"
    most = BOUNDS.values - 1  # the list itself is one

    assert await codes(client, document, products=["x"] * most) == []
    assert await codes(client, document, products=["x"] * (most + 1)) == ["TOO_MANY_VALUES"]
    assert [one for reading in readings for one in reading.statements] == []


@pytest.mark.parametrize(
    "text",
    [
        "{ ...A0 } "
        + " ".join(f"fragment A{place} on Query {{ ...A{place + 1} ...A{place + 1} }}" for place in range(50))
        + " fragment A50 on Query { __typename }",
        "{ ...A0 } "
        + " ".join(
            f"fragment A{place} on Query {{ ...A{(place + 1) % 50} ...A{(place + 1) % 50} }}" for place in range(50)
        ),
        "{ ...A } fragment A on Query { ...A }",
        "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
        "{ __typename } fragment A on Query { ...A ...A }",
        "{ a(b: " + "[" * 900 + "]" * 900 + ") }",
        "{ a" * 900 + " }" * 900,
        "{ ... on Query" * 400 + "{ a }" + " }" * 400,
        "{ ...A0 } "
        + " ".join(f"fragment A{place} on Query {{ ...A{place + 1} }}" for place in range(300))
        + " fragment A300 on Query { __typename }",
        "{ " + "coverage { " + "loans " * 900 + "} }",
        "{ " + ("coverage { " + "loans " * 30 + "} ") * 30 + "}",
        "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }",
        "{ " + "__typename " * 500 + "}",
    ],
)
def test_document_that_is_made_to_keep_us_busy_is_refused_at_once(text: str) -> None:
    started = time.process_time()

    found = _prepared(schema, text)

    assert found.errors
    # Some milliseconds; without bounds the first two would take for ever.
    assert time.process_time() - started < 5


def documents() -> Iterator[tuple[str, str]]:
    """Give every document of ours that somebody asks: tests, examples, dashboard, report, measurements, GraphiQL."""
    for folder in ("tests/documents", "graph/pages/graphiql/examples", "graph/report"):
        for path in sorted((CHECKOUT / folder).glob("*.graphql")):
            yield str(path.relative_to(CHECKOUT)), path.read_text(encoding="utf-8")
    for name, workload in WORKLOADS.items():
        yield f"workload {name}", ours(workload, [b"\0" * 32] * workload.borrowers)["query"]
    yield "GraphiQL's introspection", get_introspection_query(input_value_deprecation=True, one_of=True)


def halved(bounds: Bounds) -> Bounds:
    """Return bounds of half the size: what is within them has as much room again."""
    return Bounds(**{name: most // 2 for name, most in vars(bounds).items()} | {"depth": bounds.depth - 2})


@pytest.mark.parametrize(("name", "text"), [pytest.param(*one, id=one[0]) for one in documents()])
def test_document_of_ours_is_within_the_default_bounds_with_room(name: str, text: str) -> None:
    found = _prepared(executed_by("stock", halved(BOUNDS)), text)

    if "mistakes-in-the-text" not in name:
        assert found.errors == []
    assert not [error for error in found.errors if "at most" in error.message]


async def test_bounds_are_settings(serve: Serve, demo_url: str) -> None:
    async with serve(demo_url, BORROWGRAPH_DOCUMENT_ALIASES="1") as client:
        assert await codes(client, "{ a: __typename }") == []
        assert await codes(client, "{ a: __typename b: __typename }") == ["TOO_MANY_ALIASES"]


async def test_document_of_several_operations_and_no_name_is_refused_however_long(serve: Serve, demo_url: str) -> None:
    query = f"query A {{ __typename }} query B {{ __typename }}{' ' * 15_000}"
    async with serve(demo_url) as client:
        assert await codes(client, query) == ["OPERATION_RESOLUTION_FAILURE"]
