"""GraphQL over HTTP on a small schema of its own: the transport knows nothing of borrowers."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date
from typing import Any, NewType

import httpx
import orjson
import pytest
import strawberry
from graphql import GraphQLError
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.types import Message
from strawberry.schema.config import StrawberryConfig
from strawberry.types.info import Info

from graph.app import application
from graph.errors import MASK
from resolvers.errors import Problem, Unavailable, ValueMalformed

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
NUMBER = "110101199003074477"
LIMIT = 4_096

Lines = Callable[..., list[dict[str, Any]]]
Day = NewType("Day", date)


def _day(text: object) -> date:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        raise ValueMalformed("Not a day.", argument="on", allowed="YYYY-MM-DD") from None


DAY = strawberry.scalar(name="Day", parse_value=_day, serialize=date.isoformat)


class Room:
    """What the resolvers of one request share, and what becomes of it."""

    def __init__(self) -> None:
        self.opened = 0
        self.closed = 0
        self.entered = asyncio.Event()
        self.ended = ""
        self.fault: Exception | None = None

    @asynccontextmanager
    async def __call__(self, _: Request) -> AsyncIterator["Room"]:
        if self.fault:
            raise self.fault
        self.opened += 1
        try:
            yield self
        finally:
            await asyncio.sleep(0)
            self.closed += 1


@strawberry.type
class Item:
    number: int

    @strawberry.field
    def broken(self) -> int:
        raise LookupError(NUMBER)


@strawberry.type
class Query:
    @strawberry.field
    def hello(self, name: str = "world") -> str:
        return f"hello {name}"

    @strawberry.field
    def double(self, number: int) -> int:
        return number * 2

    @strawberry.field
    def day(self, on: Day) -> Day:
        return on

    @strawberry.field
    def items(self, count: int = 100) -> list[Item | None]:
        return [Item(number=number) for number in range(count)]

    @strawberry.field
    def refused(self) -> str | None:
        raise Problem("Not this way.", argument="window.last", got="P0D", allowed="P1D or more")

    @strawberry.field
    def broken(self) -> str | None:
        raise LookupError(NUMBER)

    @strawberry.field
    def plain(self) -> str | None:
        raise GraphQLError(f"quotes {NUMBER}")

    @strawberry.field
    async def waiting(self, info: Info[Room, None]) -> str:
        info.context.entered.set()
        try:
            await asyncio.Event().wait()
        finally:
            info.context.ended = "cancelled"
        return "never"


@strawberry.type
class Mutation:
    @strawberry.mutation
    def rename(self, name: str) -> str:
        return name


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def ticks(self) -> AsyncIterator[int]:
        yield 1


SCHEMA = strawberry.Schema(Query, Mutation, Subscription, config=StrawberryConfig(scalar_map={Day: DAY}))


async def _ready() -> tuple[bool, dict[str, object]]:
    return True, {}


@pytest.fixture
def room() -> Room:
    return Room()


@pytest.fixture
def app(room: Room) -> Starlette:
    return application(SCHEMA, room, _ready, limit=LIMIT)


async def ask(app: Starlette, method: str = "POST", address: str = "/graphql", **options: Any) -> httpx.Response:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers={"accept": "*/*"}) as client:
        return await client.request(method, address, **options)


def post(app: Starlette, query: object, accept: str = GRAPHQL, **members: object) -> httpx.Response:
    return asyncio.run(ask(app, json={"query": query, **members}, headers={"accept": accept}))


def get(app: Starlette, accept: str = GRAPHQL, **parameters: str) -> httpx.Response:
    return asyncio.run(ask(app, "GET", params=parameters, headers={"accept": accept}))


def code(response: httpx.Response, place: int = 0) -> str:
    return str(response.json()["errors"][place]["extensions"]["code"])


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        ("application/json; charset=utf-8", JSON),
        ("APPLICATION/JSON", JSON),
        (GRAPHQL, GRAPHQL),
        (f"{GRAPHQL}, {JSON}", GRAPHQL),
        (f"{JSON}, {GRAPHQL}", GRAPHQL),
        (f"{JSON}, */*", JSON),
        (f"{GRAPHQL}, */*;q=0.1", GRAPHQL),
        (f"{GRAPHQL};q=0.5, {JSON}", JSON),
        (f"{GRAPHQL};q=0, */*", JSON),
        (f"{JSON};q=0, */*", GRAPHQL),
        ("text/html, application/xhtml+xml, */*;q=0.8", JSON),
        ("", JSON),
    ],
)
def test_response_for_each_accept_header_is_of_the_best_type_it_allows(
    app: Starlette, accept: str, expected: str
) -> None:
    response = post(app, "{ hello }", accept)

    assert response.status_code == 200
    assert response.headers["content-type"] == f"{expected}; charset=utf-8"
    assert "accept" in response.headers["vary"]


@pytest.mark.parametrize(
    "accept", ["text/html", "image/*", f"{JSON};q=0", "application/json; charset=latin-1", f"{JSON};q=x"]
)
def test_response_for_an_accept_header_without_our_types_is_406(app: Starlette, accept: str) -> None:
    response = post(app, "{ hello }", accept)

    assert (response.status_code, code(response)) == (406, "NOT_ACCEPTABLE")


def test_query_by_get_with_variables_and_operation_name_is_answered(app: Starlette) -> None:
    query = "query A($name: String) { hello(name: $name) } query B { double(number: 2) }"

    response = get(app, query=query, variables='{"name": "石"}', operationName="A", extensions="{}")

    assert response.json() == {"data": {"hello": "hello 石"}}


def test_query_by_get_with_empty_parameters_reads_them_as_absent(app: Starlette) -> None:
    response = get(app, query="{ hello }", variables="", operationName="", extensions="")

    assert response.json() == {"data": {"hello": "hello world"}}


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("", "query is missing"),
        ("query=", "query is empty"),
        ("query=%FF", "not UTF-8"),
        ("query={hello}&query={hello}", "query is given more than once"),
        ("query={hello}&variables={", "variables is not JSON"),
        ("query={hello}&variables=[]", "variables is a list"),
        ("query={hello}&extensions=1", "extensions is a number"),
    ],
)
def test_query_by_get_with_a_bad_query_string_is_400(app: Starlette, query: str, reason: str) -> None:
    response = asyncio.run(ask(app, "GET", f"/graphql?{query}"))

    assert (response.status_code, code(response)) == (400, "BAD_REQUEST")
    assert reason in response.json()["errors"][0]["message"]


@pytest.mark.parametrize("accept", [JSON, GRAPHQL])
def test_mutation_by_get_is_405_and_says_post(app: Starlette, accept: str) -> None:
    response = get(app, accept, query='mutation { rename(name: "a") }')

    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert code(response) == "METHOD_NOT_ALLOWED"


def test_mutation_by_post_is_executed(app: Starlette) -> None:
    assert post(app, 'mutation { rename(name: "a") }').json() == {"data": {"rename": "a"}}


def test_subscription_by_post_is_400(app: Starlette) -> None:
    response = post(app, "subscription { ticks }")

    assert (response.status_code, code(response)) == (400, "BAD_REQUEST")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_405_and_say_what_is_allowed(app: Starlette, method: str) -> None:
    response = asyncio.run(ask(app, method, content=b'{"query": "{ hello }"}'))

    assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD, POST")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"content-type": "text/plain"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "multipart/form-data; boundary=x"},
        {"content-type": "application/graphql"},
        {"content-type": "application/json; charset=latin-1"},
        {"content-type": JSON, "content-encoding": "gzip"},
    ],
)
def test_post_of_another_content_type_is_415(app: Starlette, headers: dict[str, str]) -> None:
    response = asyncio.run(ask(app, content=b'{"query": "{ hello }"}', headers=headers))

    assert (response.status_code, code(response)) == (415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize("kind", [JSON, "application/json;charset=UTF-8", 'Application/JSON; charset="utf-8"'])
def test_post_of_json_in_utf8_however_spelt_is_answered(app: Starlette, kind: str) -> None:
    response = asyncio.run(ask(app, content=b'{"query": "{ hello }"}', headers={"content-type": kind}))

    assert response.json() == {"data": {"hello": "hello world"}}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "it is empty"),
        (b"  ", "it is empty"),
        (b'{"query', "line 1 column"),
        (b'{"query": "\xff"}', "byte 12 is not UTF-8"),
        (b"[" * 2_000, "depth limit"),
        (b'[{"query": "{ hello }"}]', "batches are not supported"),
        (b'"{ hello }"', "The body is a string"),
        (b"null", "The body is null"),
        (b"{}", "query is missing"),
        (b'{"query": null}', "query is missing"),
        (b'{"query": 1}', "query is a number"),
        (b'{"query": ""}', "query is empty"),
        (b'{"query": "{ hello }", "variables": "{}"}', "variables is a string"),
        (b'{"query": "{ hello }", "variables": [1]}', "variables is a list"),
        (b'{"query": "{ hello }", "operationName": {}}', "operationName is an object"),
        (b'{"query": "{ hello }", "extensions": false}', "extensions is a boolean"),
    ],
)
@pytest.mark.parametrize("accept", [JSON, GRAPHQL])
def test_post_of_a_bad_body_is_400_and_says_what_is_wrong(
    app: Starlette, body: bytes, reason: str, accept: str
) -> None:
    response = asyncio.run(ask(app, content=body, headers={"content-type": JSON, "accept": accept}))

    assert (response.status_code, code(response)) == (400, "BAD_REQUEST")
    assert reason in response.json()["errors"][0]["message"]


def test_post_of_any_bytes_is_never_our_fault() -> None:
    app = application(SCHEMA, Room(), _ready, limit=LIMIT)

    @given(st.binary(max_size=200) | st.recursive(st.none() | st.text(), st.lists).map(orjson.dumps))
    def check(body: bytes) -> None:
        response = asyncio.run(ask(app, content=body, headers={"content-type": JSON}))
        assert response.status_code == 400

    check()


def test_post_that_announces_too_large_a_body_is_413_before_any_of_it_is_read(app: Starlette) -> None:
    read, status = _drive(app, [], {"content-type": JSON, "content-length": str(LIMIT + 1)})

    assert (read, status) == (0, 413)


def test_post_of_too_large_a_body_in_chunks_is_413_at_the_first_chunk_over_the_limit(app: Starlette) -> None:
    chunks = [b" " * 1_024] * 100

    read, status = _drive(app, chunks, {"content-type": JSON})

    assert (read, status) == (LIMIT // 1_024 + 1, 413)


def test_post_of_a_body_of_just_the_limit_is_answered(app: Starlette) -> None:
    body = b'{"query": "{ hello }"}'.ljust(LIMIT)

    response = asyncio.run(ask(app, content=body, headers={"content-type": JSON}))

    assert response.status_code == 200


@pytest.mark.parametrize(
    ("query", "variables", "expected"),
    [
        ("{", None, "GRAPHQL_PARSE_FAILED"),
        ("# nothing", None, "GRAPHQL_PARSE_FAILED"),
        ("{" * 1_000, None, "GRAPHQL_PARSE_FAILED"),
        ("{ nowhere }", None, "GRAPHQL_VALIDATION_FAILED"),
        ("{ double }", None, "GRAPHQL_VALIDATION_FAILED"),
        ('{ double(number: "2") }', None, "BAD_USER_INPUT"),
        ('{ day(on: "2026-02-30") }', None, "VALUE_MALFORMED"),
        ("query ($number: Int!) { double(number: $number) }", {"number": "2"}, "BAD_USER_INPUT"),
        ("query ($number: Int!) { double(number: $number) }", None, "BAD_USER_INPUT"),
        ("query ($on: Day!) { day(on: $on) }", {"on": "30 February"}, "VALUE_MALFORMED"),
        ("fragment F on Query { hello }", None, "OPERATION_RESOLUTION_FAILURE"),
        ("query A { hello } query B { hello }", None, "OPERATION_RESOLUTION_FAILURE"),
    ],
)
def test_document_refused_before_execution_has_a_code_and_no_data(
    app: Starlette, lines: Lines, query: str, variables: object, expected: str
) -> None:
    modern, legacy = post(app, query, variables=variables), post(app, query, JSON, variables=variables)

    assert (modern.status_code, legacy.status_code) == (400, 200)
    assert code(modern) == code(legacy) == expected
    assert "data" not in modern.json()
    assert "data" not in legacy.json()
    assert lines("unexpected_error") == []


def test_document_of_two_operations_with_a_name_runs_the_one_named(app: Starlette) -> None:
    query = "query A { hello } query B { double(number: 2) }"

    assert post(app, query, operationName="B").json() == {"data": {"double": 4}}


def test_document_of_two_operations_with_a_name_of_neither_is_refused(app: Starlette) -> None:
    response = post(app, "query A { hello } query B { hello }", operationName="C")

    assert (response.status_code, code(response)) == (400, "OPERATION_RESOLUTION_FAILURE")


def test_document_of_one_operation_whose_comment_says_query_runs(app: Starlette) -> None:
    assert post(app, "# a query, no mutation\nquery A { hello }").json() == {"data": {"hello": "hello world"}}


def test_problem_in_a_field_keeps_code_and_details_beside_the_data(app: Starlette, lines: Lines) -> None:
    response = post(app, "{ hello refused }")

    assert response.status_code == 200
    assert list(response.json()) == ["errors", "data"]
    assert response.json()["data"] == {"hello": "hello world", "refused": None}
    assert response.json()["errors"] == [
        {
            "message": "Not this way.",
            "locations": [{"line": 1, "column": 9}],
            "path": ["refused"],
            "extensions": {"code": "BAD_INPUT", "argument": "window.last", "got": "P0D", "allowed": "P1D or more"},
        }
    ]
    assert lines("unexpected_error") == []


def test_null_for_a_required_argument_is_bad_user_input(app: Starlette, lines: Lines) -> None:
    # Valid by the rules of variables with defaults, and null only when the field runs.
    query = "query ($number: Int = 1) { hello double(number: $number) }"

    response = post(app, query, variables={"number": None})

    assert (response.status_code, code(response)) == (200, "BAD_USER_INPUT")
    assert lines("unexpected_error") == []


@pytest.mark.parametrize("field", ["broken", "plain", "double(number: 2000000000)"])
def test_error_that_nobody_foresaw_is_masked_and_logged_without_its_message(
    app: Starlette, lines: Lines, field: str
) -> None:
    response = post(app, f"{{ name{NUMBER}: {field} }}")

    (error,) = response.json()["errors"]
    request_id = response.headers["x-request-id"]
    (line,) = lines("unexpected_error")
    assert error["message"] == MASK
    assert error["extensions"] == {"code": "INTERNAL", "requestId": request_id}
    assert line["requestId"] == request_id
    assert line["frames"]
    assert NUMBER not in str(lines())
    assert "4000000000" not in str(lines())


def test_error_that_nobody_foresaw_is_logged_with_its_type_and_place(app: Starlette, lines: Lines) -> None:
    post(app, "{ broken }")

    (line,) = lines("unexpected_error")
    assert (line["level"], line["exception"], line["times"]) == ("ERROR", "builtins.LookupError", 1)
    assert line["frames"][-1].partition(":")[0].endswith("test_transport.Query.broken")


def test_same_error_in_every_row_is_logged_once(app: Starlette, lines: Lines) -> None:
    response = post(app, "{ items(count: 50) { number broken } }")

    assert len(response.json()["errors"]) == 50
    assert [line["times"] for line in lines("unexpected_error")] == [50]


def test_context_is_closed_once_for_each_request(app: Starlette, room: Room) -> None:
    for query in ("{ hello }", "{ broken }", "{ nowhere }", "{"):
        post(app, query)

    assert (room.opened, room.closed) == (4, 4)


def test_context_is_not_opened_for_a_request_that_is_refused(app: Starlette, room: Room) -> None:
    post(app, None)

    assert room.opened == 0


@pytest.mark.parametrize("accept", [JSON, GRAPHQL])
def test_context_that_the_database_does_not_give_is_503(app: Starlette, room: Room, lines: Lines, accept: str) -> None:
    room.fault = Unavailable("The database does not answer.")

    response = post(app, "{ hello }", accept)

    assert (response.status_code, code(response)) == (503, "UNAVAILABLE")
    assert "data" not in response.json()
    assert lines("unexpected_error") == []


@pytest.mark.parametrize("accept", [JSON, GRAPHQL])
def test_context_that_fails_unforeseen_is_500_and_masked(app: Starlette, room: Room, lines: Lines, accept: str) -> None:
    room.fault = LookupError(NUMBER)

    response = post(app, "{ hello }", accept)

    assert (response.status_code, code(response)) == (500, "INTERNAL")
    assert "data" not in response.json()
    assert len(lines("unexpected_error")) == 1
    assert NUMBER not in response.text + str(lines())


def test_client_that_goes_away_ends_the_execution_and_closes_the_context(lines: Lines) -> None:
    async def leave() -> tuple[Room, list[Message]]:
        room, sent = Room(), []
        messages = [{"type": "http.request", "body": b'{"query": "{ waiting }"}', "more_body": False}]

        async def receive() -> Message:
            if messages:
                return messages.pop()
            await room.entered.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            sent.append(message)

        app = application(SCHEMA, room, _ready)
        await asyncio.wait_for(app(_scope({"content-type": JSON}), receive, send), 10)
        return room, sent

    room, sent = asyncio.run(leave())

    assert (room.ended, room.closed) == ("cancelled", 1)
    assert sent[0]["status"] == 499
    assert [line["status"] for line in lines("request")] == [499]
    assert lines("unexpected_error") == []


def test_server_that_stops_cancels_the_execution_and_closes_the_context() -> None:
    async def stop() -> Room:
        room = Room()
        task = asyncio.create_task(ask(application(SCHEMA, room, _ready), json={"query": "{ waiting }"}))
        await asyncio.wait_for(room.entered.wait(), 10)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return room

    room = asyncio.run(stop())

    assert (room.ended, room.closed) == ("cancelled", 1)


def _scope(headers: dict[str, str]) -> dict[str, Any]:
    return {
        "type": "http",
        "method": "POST",
        "path": "/graphql",
        "raw_path": b"/graphql",
        "root_path": "",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }


def _drive(app: Starlette, chunks: list[bytes], headers: dict[str, str]) -> tuple[int, int]:
    """Post chunks, and return how many of them were taken and the status."""
    read, sent = 0, []

    async def receive() -> Message:
        nonlocal read
        read += 1
        return {"type": "http.request", "body": chunks[read - 1], "more_body": read < len(chunks)}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(app(_scope(headers), receive, send))
    return read, sent[0]["status"]
