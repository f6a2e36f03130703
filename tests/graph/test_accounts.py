"""How much a caller may ask: in a minute, over all workers, and at once; how long; and what is ended with a client."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import orjson
import psycopg
import pytest
from starlette.types import Message, Scope

from graph import service
from graph.accounts import MINUTE, Accounts
from graph.settings import read
from resolvers import database
from resolvers.callers import Caller, Quota, Role
from resolvers.database import Reading
from resolvers.errors import CostTooHigh, RateLimited, TooManyRequests
from sql.rows import MarketRow
from tests.conftest import SECRET
from tests.issuing import issue

Serve = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]

PATIENCE = 20  # seconds
MARKET = MarketRow(0, 0, None)
SOMEBODY = Caller(7, "somebody", Role.ANALYST)
COVERAGE = {"query": "{ coverage { loans } }"}  # costs 2
OURS = "from pg_stat_activity where application_name = 'borrowgraph serve' and datname = current_database()"


class Clock:
    """Says the instant that it was set to."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def url(create: Callable[[str], str], demo_template: str) -> str:
    """Give the address of a database of the test's own with the demo in it."""
    return create(demo_template)


@asynccontextmanager
async def worker(url: str, clock: Clock, **environment: str) -> AsyncIterator[httpx.AsyncClient]:
    """Give a client to a worker whose accounts go by the clock."""
    given = {"DATABASE_URL": url, "BORROWGRAPH_SECRET": SECRET, "BORROWGRAPH_ROLE": "ASSOCIATION", **environment}
    app = service.configured(read(given, Path()), clock)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost", timeout=60) as client,
    ):
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


def charged(accounts: Accounts, cost: int, caller: Caller = SOMEBODY) -> str:
    with accounts.request(caller, MARKET) as allowance:
        problem = allowance.charge(cost)
    return problem.code if problem else ""


def test_account_is_full_at_first_and_fills_evenly_to_a_minutes_cost(clock: Clock) -> None:
    accounts = Accounts(Quota(600, 600, 0), clock)

    assert charged(accounts, 600) == ""
    assert charged(accounts, 1) == RateLimited.code
    clock.now += 1
    assert charged(accounts, 11) == RateLimited.code
    assert charged(accounts, 10) == ""
    clock.now += 10 * MINUTE
    assert charged(accounts, 600) == ""
    assert charged(accounts, 1) == RateLimited.code


def test_account_that_is_too_low_says_when_to_ask_again_and_is_high_enough_then(clock: Clock) -> None:
    accounts = Accounts(Quota(0, 600, 0), clock)
    charged(accounts, 595)

    with accounts.request(SOMEBODY, MARKET) as allowance:
        problem = allowance.charge(27)
    assert isinstance(problem, RateLimited)
    # 22 are missing, and ten come in a second.
    assert problem.after == 3
    assert problem.extensions == {"code": "RATE_LIMITED", "got": 27, "allowed": "600 a minute", "retryAfter": 3}
    clock.now += 2
    assert charged(accounts, 27) == RateLimited.code
    clock.now += 1
    assert charged(accounts, 27) == ""


def test_account_never_waits_for_what_it_can_never_hold(clock: Clock) -> None:
    assert charged(Accounts(Quota(0, 600, 0), clock), 601) == CostTooHigh.code
    assert charged(Accounts(Quota(1_000, 600, 0), clock), 601) == CostTooHigh.code
    assert charged(Accounts(Quota(500, 600, 0), clock), 501) == CostTooHigh.code


def test_account_of_one_caller_is_not_another_callers(clock: Clock) -> None:
    accounts = Accounts(Quota(0, 600, 0), clock)
    token = Caller(None, "somebody", Role.ANALYST)

    assert charged(accounts, 600) == ""
    assert charged(accounts, 600, replace(SOMEBODY, credential=8)) == ""
    assert charged(accounts, 600, token) == ""
    assert charged(accounts, 600, replace(token, name="credential 7")) == ""
    assert charged(accounts, 1, token) == RateLimited.code


def test_limits_of_a_caller_go_before_the_settings_and_0_is_none(clock: Clock) -> None:
    accounts = Accounts(Quota(100, 200, 1), clock)
    own = replace(SOMEBODY, quota=Quota(None, 0, 5))

    assert accounts.quota(own) == Quota(100, 0, 5)
    assert [charged(accounts, 100, own) for _ in range(9)] == [""] * 9
    assert charged(accounts, 101, own) == CostTooHigh.code
    assert charged(accounts, 10**15, replace(SOMEBODY, quota=Quota(0, 0, 0))) == ""


def test_requests_at_once_are_refused_from_one_too_many_on_and_free_again_when_one_ends(clock: Clock) -> None:
    accounts = Accounts(Quota(0, 0, 2), clock)

    with accounts.request(SOMEBODY, MARKET):
        with accounts.request(SOMEBODY, MARKET):
            with (
                pytest.raises(TooManyRequests, match="at once: 3, allowed are at most 2"),
                accounts.request(SOMEBODY, MARKET),
            ):
                pass
            with accounts.request(replace(SOMEBODY, credential=8), MARKET):
                pass
        with accounts.request(SOMEBODY, MARKET):
            pass


async def test_account_that_cannot_be_shared_goes_on_by_itself(clock: Clock) -> None:
    accounts, told = Accounts(Quota(0, 600, 0), clock), list[Any]()

    async def broken(*columns: Any) -> dict[str, float]:
        told.append(columns)
        raise ConnectionError

    charged(accounts, 500)
    await accounts.settle(broken)
    charged(accounts, 100)
    await accounts.settle(broken)

    # What could not be told is told again.
    assert told == [(["credential 7"], [500], [600]), (["credential 7"], [600], [600])]
    assert charged(accounts, 1) == RateLimited.code


async def post(client: httpx.AsyncClient, **headers: str) -> httpx.Response:
    return await client.post("/graphql", json=COVERAGE, headers=headers)


@pytest.mark.parametrize("executor", ["levels", "stock"])
@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json"])
async def test_request_past_the_minutes_cost_is_429_with_retry_after_and_no_sql(
    url: str, clock: Clock, readings: list[Reading], executor: str, accept: str
) -> None:
    settings = {"BORROWGRAPH_COST_PER_MINUTE": "90", "BORROWGRAPH_EXECUTOR": executor}
    many = {"query": f"{{ coverage {{ {' '.join(f'a{place}: loans' for place in range(86))} }} }}"}
    async with worker(url, clock, **settings) as client:
        passed = [await client.post("/graphql", json=many), await post(client, accept=accept)]
        readings.clear()
        refused = await post(client, accept=accept)
        clock.now += 1
        again = await post(client, accept=accept)

    assert [one.json()["extensions"]["cost"]["remaining"] for one in passed] == [3, 1]
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "1"
    assert refused.headers["content-type"].startswith(accept)
    [error] = refused.json()["errors"]
    assert error["extensions"] == {"code": "RATE_LIMITED", "got": 2, "allowed": "90 a minute", "retryAfter": 1}
    assert "data" not in refused.json()
    # That of the last request alone.
    assert [one for reading in readings for one in reading.statements] == ["coverage/of_platform"]
    assert "errors" not in again.json()


async def test_cost_that_another_worker_spent_is_known_two_seconds_later(url: str, clock: Clock) -> None:
    settings = {"BORROWGRAPH_COST_PER_MINUTE": "7"}
    async with worker(url, clock, **settings) as one, worker(url, clock, **settings) as other:
        for client in (one, one, one, other):
            assert (await post(client)).status_code == 200
        # Neither knows of the other yet: each tells what it spent when it next reads what changes seldom.
        clock.now += 2.5
        told = await post(one)
        learnt = await post(other)

    # By itself the other would have 5 of 7 left.
    assert (told.status_code, learnt.status_code) == (429, 429)
    assert learnt.json()["extensions"]["cost"]["remaining"] == 0


async def test_limits_of_a_credential_are_its_own(url: str, clock: Clock) -> None:
    large, small = issue(url, "ANALYST"), issue(url, "ANALYST", quota=Quota(cost=1))
    async with worker(url, clock) as client:
        passed = await post(client, authorization=f"Bearer {large}")
        refused = await post(client, authorization=f"Bearer {small}")

    assert "errors" not in passed.json()
    assert refused.json()["errors"][0]["extensions"] == {"code": "COST_TOO_HIGH", "got": 2, "allowed": "at most 1"}


@contextmanager
def locked(url: str) -> Iterator[psycopg.Connection[Any]]:
    """Hold what answers need, and the log does not, so that a statement waits as long as the test likes."""
    with psycopg.connect(url) as connection, psycopg.connect(url, autocommit=True) as watching:
        connection.execute("lock table coverage, loan_series in access exclusive mode")
        yield watching


def number(watching: psycopg.Connection[Any], condition: str) -> int:
    row = watching.execute(f"select count(*) {OURS} and {condition}".encode()).fetchone()
    return int(row[0]) if row else 0


async def until(reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < deadline, "it takes too long"
        await asyncio.sleep(0.02)


WAITING = "wait_event_type = 'Lock'"


async def test_requests_at_once_over_http_are_429_from_one_too_many_on(url: str, clock: Clock) -> None:
    async with worker(url, clock, BORROWGRAPH_CONCURRENT_REQUESTS="2") as client:
        with locked(url) as watching:
            first = [asyncio.create_task(post(client)) for _ in range(2)]
            await until(lambda: number(watching, WAITING) == 2)
            refused = await post(client)
        answered = [await one for one in first]
        again = await post(client)

    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "1"
    assert refused.json()["errors"][0]["extensions"]["code"] == "TOO_MANY_REQUESTS"
    assert [one.status_code for one in (*answered, again)] == [200] * 3


KEY = sha256(b"demo borrower 1").hexdigest()
LARGE = {
    "query": "query ($by: [BorrowerKey!]!) { borrowers(by: $by) { loans { nodes { state } } } }",
    "variables": {"by": [{"subjectKey": KEY}] * 1_000},
}


# One statement on its own, one in a snapshot, and both.
ONE = f'{{ borrower(by: {{subjectKey: "{KEY}"}}) {{ loans {{ totalCount }} }} }}'
QUERIES = pytest.mark.parametrize("query", [ONE, "{ coverage { loans } }", f"{{ coverage {{ loans }} {ONE[1:-1]} }}"])
EXECUTORS = pytest.mark.parametrize("executor", ["levels", "stock"])


@EXECUTORS
async def test_large_requests_take_turns_and_small_ones_wait_for_none(url: str, clock: Clock, executor: str) -> None:
    async with worker(url, clock, BORROWGRAPH_CONNECTIONS="5", BORROWGRAPH_EXECUTOR=executor) as client:
        with locked(url) as watching:
            running, leaving, waiting = (asyncio.create_task(client.post("/graphql", json=LARGE)) for _ in range(3))
            await until(lambda: number(watching, WAITING) == 1)
            # Sent after them, and answered before any.
            small = await client.post("/graphql", json={"query": '{ institution(code: "CF01") { name } }'})
            begun = number(watching, WAITING)
            leaving.cancel()
            await asyncio.wait([leaving])
        answered = [await running, await waiting]

    assert "errors" not in small.json()
    assert begun == 1
    assert all(len(one.json()["data"]["borrowers"]) == 1_000 for one in answered)
    assert answered[0].json()["extensions"]["cost"]["estimate"] >= 100_000


@QUERIES
@EXECUTORS
async def test_request_that_takes_too_long_is_ended_with_its_statement(
    url: str, clock: Clock, query: str, executor: str
) -> None:
    settings = {"BORROWGRAPH_REQUEST_SECONDS": "1", "BORROWGRAPH_EXECUTOR": executor}
    async with worker(url, clock, **settings) as client:
        with locked(url) as watching:
            response = await client.post("/graphql", json={"query": query})
            await until(lambda: number(watching, "state <> 'idle'") == 0)
        again = await client.post("/graphql", json={"query": query})

    assert "errors" not in again.json()
    assert response.status_code == 503
    [error] = response.json()["errors"]
    assert error["extensions"] == {"code": "TIMED_OUT", "allowed": "1 seconds"}


@QUERIES
@EXECUTORS
async def test_client_that_goes_away_ends_its_statement(url: str, query: str, executor: str) -> None:
    given = {
        "DATABASE_URL": url,
        "BORROWGRAPH_SECRET": SECRET,
        "BORROWGRAPH_ROLE": "ASSOCIATION",
        "BORROWGRAPH_EXECUTOR": executor,
    }
    app = service.configured(read(given, Path()))
    gone = asyncio.Event()
    sent: list[Message] = []
    body = iter([{"type": "http.request", "body": orjson.dumps({"query": query}), "more_body": False}])

    async def receive() -> Message:
        message = next(body, None)
        if message is None:
            await gone.wait()
            return {"type": "http.disconnect"}
        return message

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"host", b"localhost"), (b"content-type", b"application/json")]
    scope: Scope = {
        "type": "http", "method": "POST", "path": "/graphql", "raw_path": b"/graphql", "query_string": b"",
        "headers": headers, "http_version": "1.1", "scheme": "http", "server": ("localhost", 80), "asgi": {},
    }  # fmt: skip
    async with app.router.lifespan_context(app):
        with locked(url) as watching:
            request = asyncio.create_task(app(scope, receive, send))
            await until(lambda: number(watching, WAITING) > 0)
            gone.set()
            await request
            # The lock is still held: nothing but the cancelling has ended the statement.
            await until(lambda: number(watching, "state <> 'idle'") == 0)

    assert [message["status"] for message in sent if message["type"] == "http.response.start"] == [499]
