"""Who calls: keys, cookies and nobody; what stops at once, what never shows, and what another site cannot do."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Any

import httpx
import psycopg
import pytest

from graph.hosts import loopback, on_this_machine
from graph.identity import cross_site
from tests.issuing import issue, revoke

Serve = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]

QUESTION = {"query": "{ coverage { institutions } }"}
DEADLINE = 5  # seconds; a revoked key has two


@pytest.fixture
async def client(serve: Serve, database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """Give a client to an empty database's service."""
    async with serve(database_url) as client:
        yield client


def bearer(key: str) -> dict[str, str]:
    """Give the header that carries a key."""
    return {"authorization": f"Bearer {key}"}


async def ask(client: httpx.AsyncClient, **headers: str) -> httpx.Response:
    """Ask something that every role may."""
    return await client.post("/graphql", json=QUESTION, headers=headers)


def code(response: httpx.Response) -> str:
    """Give the code of an answer's one error."""
    [error] = response.json()["errors"]
    found: str = error["extensions"]["code"]
    return found


async def until(happens: Callable[[], Any]) -> None:
    """Try until it happens, and fail where it does not in time."""
    end = time.monotonic() + DEADLINE
    while not await happens():
        assert time.monotonic() < end
        await asyncio.sleep(0.02)


async def test_caller_without_a_credential_is_taken_for_the_local_one_until_the_first_is_issued(
    client: httpx.AsyncClient, database_url: str
) -> None:
    before = await ask(client)
    key = issue(database_url, "DASHBOARD")

    async def refused() -> bool:
        return (await ask(client)).status_code == 401

    await until(refused)
    assert before.status_code == 200
    assert (await ask(client, **bearer(key))).status_code == 200
    revoke(database_url, key)

    async def key_refused() -> bool:
        return (await ask(client, **bearer(key))).status_code == 401

    # Once a credential was issued, nobody gets in without one, whatever became of it.
    await until(key_refused)
    assert (await ask(client)).status_code == 401


async def test_caller_without_a_credential_who_names_another_host_is_refused(client: httpx.AsyncClient) -> None:
    # A name that somebody lets point at this machine is another site's, though its requests come from here.
    response = await ask(client, host="rebound.example")

    assert (response.status_code, code(response)) == (401, "UNAUTHENTICATED")


async def test_caller_without_a_credential_where_nobody_may_is_refused(serve: Serve, database_url: str) -> None:
    async with serve(database_url, BORROWGRAPH_ROLE="NONE") as client:
        assert (await ask(client)).status_code == 401


async def test_key_that_does_not_count_is_401_as_graphql_says_it(client: httpx.AsyncClient, database_url: str) -> None:
    key = issue(database_url, "ASSOCIATION")
    other = issue(database_url, "ASSOCIATION", lasting=timedelta(seconds=1))
    wrong = [key[:-1] + ("A" if key[-1] != "A" else "B"), f"bgk_{'0' * 12}_{'A' * 43}", "bgk_", "x.y.z", "", key + "A"]
    asked = [await ask(client, **bearer(text)) for text in wrong]
    asked.append(await ask(client, authorization=f"Basic {key}"))

    async def expired() -> bool:
        return (await ask(client, **bearer(other))).status_code == 401

    await until(expired)
    assert {(response.status_code, code(response)) for response in asked} == {(401, "UNAUTHENTICATED")}
    assert {response.headers["www-authenticate"] for response in asked} == {'Bearer realm="borrowgraph"'}
    assert len({response.text for response in asked}) == 1
    assert all("data" not in response.json() for response in asked)


async def test_key_that_is_issued_counts_at_once_and_stops_within_seconds(
    client: httpx.AsyncClient, database_url: str
) -> None:
    await ask(client)
    key = issue(database_url, "ASSOCIATION")
    first = await ask(client, **bearer(key))
    revoke(database_url, key)

    async def stopped() -> bool:
        return (await ask(client, **bearer(key))).status_code == 401

    await until(stopped)
    assert first.status_code == 200


async def test_key_has_the_rights_that_it_was_issued_with(client: httpx.AsyncClient, database_url: str) -> None:
    key = issue(database_url, "DASHBOARD")
    query = {"query": "{ institutions { __typename } }"}

    refused = await client.post("/graphql", json=query, headers=bearer(key))

    assert (refused.status_code, code(refused)) == (403, "FORBIDDEN")


async def test_key_that_was_used_has_that_noted_when_the_service_ends(serve: Serve, database_url: str) -> None:
    async with serve(database_url) as client:
        key = issue(database_url, "ASSOCIATION")
        await ask(client, **bearer(key))

    with psycopg.connect(database_url) as connection:
        [(recent,)] = connection.execute("select now() - last_used_at < interval '1 minute' from credential")
    assert recent


async def test_key_whose_use_cannot_be_noted_counts_all_the_same(serve: Serve, database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("revoke execute on function note_use from borrowgraph_reader")
    async with serve(database_url) as client:
        key = issue(database_url, "ASSOCIATION")
        assert (await ask(client, **bearer(key))).status_code == 200


async def test_keys_nobody_knows_tried_at_once_are_all_refused(client: httpx.AsyncClient, database_url: str) -> None:
    key = issue(database_url, "ASSOCIATION")
    wrong = [f"bgk_{number:012x}_{'A' * 43}" for number in range(50)]

    answers = await asyncio.gather(*(ask(client, **bearer(one)) for one in [*wrong, key]))

    assert [answer.status_code for answer in answers] == [401] * 50 + [200]


async def test_service_may_write_nothing_about_callers_but_through_its_functions(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        issue(database_url, "ASSOCIATION", lasting=timedelta(seconds=1))
        connection.execute("set role borrowgraph_reader")
        for attempt in ("update credential set role = 'ASSOCIATION'", "delete from credential", "delete from session"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(attempt)

        async def expired() -> bool:
            [(over,)] = connection.execute("select expires_at < clock_timestamp() from credential")
            return bool(over)

        await until(expired)
        connection.commit()
        # Nobody signs in with a credential that does not count.
        connection.execute("set role borrowgraph_reader")
        assert connection.execute("select open_session(sha256('a'), id) from credential").fetchall() == []


async def test_key_that_was_used_is_in_the_log_by_its_number(
    client: httpx.AsyncClient, database_url: str, lines: Callable[..., list[dict[str, Any]]]
) -> None:
    key = issue(database_url, "ASSOCIATION")

    await ask(client, **bearer(key))
    await ask(client)

    assert [line.get("credential") for line in lines("request")] == [1, None]


async def test_key_never_shows_in_answers_log_or_database(
    client: httpx.AsyncClient, database_url: str, lines: Callable[..., list[dict[str, Any]]]
) -> None:
    key = issue(database_url, "ASSOCIATION")
    prefix, secret = key.split("_")[1], key.split("_", 2)[2]
    answers = [await ask(client, **bearer(key)), await ask(client, **bearer(key[:-1] + "!"))]
    answers.append(await client.post("/sign-in", data={"key": key}))
    answers.append(await client.post("/sign-in", data={"key": key[:-1]}))

    with psycopg.connect(database_url) as connection:
        [(kept,)] = connection.execute("select credential::text from credential")
    shown = "".join(answer.text + str(answer.headers) for answer in answers) + str(lines()) + kept
    assert secret not in shown
    assert prefix in kept


async def test_browser_that_signs_in_asks_with_its_cookie_until_it_signs_out(
    client: httpx.AsyncClient, database_url: str
) -> None:
    key = issue(database_url, "ASSOCIATION")
    page = await client.get("/dashboard?last=P1Y", follow_redirects=False)
    signed_in = await client.post("/sign-in", data={"key": key, "next": "/dashboard?last=P1Y"})
    cookie = signed_in.headers["set-cookie"]
    asked, standing = await ask(client), await client.get("/sign-in")
    token = client.cookies["borrowgraph"]
    signed_out = await client.post("/sign-out")
    client.cookies.set("borrowgraph", token)

    assert (page.status_code, page.headers["location"]) == (303, "/sign-in?next=%2Fdashboard%3Flast%3DP1Y")
    assert (signed_in.status_code, signed_in.headers["location"]) == (303, "/dashboard?last=P1Y")
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert asked.status_code == 200
    assert "test association" in standing.text
    assert signed_out.status_code == 303
    # The cookie that somebody kept is worth nothing any more.
    assert (await ask(client)).status_code == 401


async def test_browser_of_a_revoked_key_is_signed_out(client: httpx.AsyncClient, database_url: str) -> None:
    key = issue(database_url, "ASSOCIATION")
    await client.post("/sign-in", data={"key": key})
    first = await ask(client)
    revoke(database_url, key)

    async def stopped() -> bool:
        return (await ask(client)).status_code == 401

    await until(stopped)
    assert first.status_code == 200


async def test_browser_with_a_wrong_key_is_told_so_and_gets_no_cookie(client: httpx.AsyncClient) -> None:
    response = await client.post("/sign-in", data={"key": "<script>", "next": "/graphiql"})

    assert response.status_code == 401
    assert "set-cookie" not in response.headers
    assert "<script>" not in response.text
    assert 'value="/graphiql"' in response.text


@pytest.mark.parametrize(
    "place", ["https://evil.example/", "//evil.example", "/\\evil.example", "/graphiql\r\nx: y", ""]
)
async def test_browser_is_sent_to_pages_of_this_server_alone(
    client: httpx.AsyncClient, database_url: str, place: str
) -> None:
    key = issue(database_url, "DASHBOARD")

    response = await client.post("/sign-in", data={"key": key, "next": place})

    assert response.headers["location"] == "/dashboard"


async def test_browser_beyond_this_machine_gets_a_cookie_for_tls_and_this_host_alone(
    client: httpx.AsyncClient, database_url: str
) -> None:
    key = issue(database_url, "DASHBOARD")

    response = await client.post("/sign-in", data={"key": key}, headers={"host": "graph.example"})

    assert response.headers["set-cookie"].startswith("__Host-borrowgraph=")
    assert "Secure" in response.headers["set-cookie"].split("; ")


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost:9999"},
    ],
)
@pytest.mark.parametrize("path", ["/graphql", "/sign-in", "/sign-out"])
async def test_request_that_another_site_made_a_browser_send_is_refused(
    client: httpx.AsyncClient, path: str, headers: dict[str, str]
) -> None:
    response = await client.post(path, headers=headers | {"content-type": "application/json"}, content=b"{}")

    assert response.status_code == 403


@pytest.mark.parametrize(
    ("headers", "crosses"),
    [
        ({}, False),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"origin": "http://here:8000", "host": "here:8000"}, False),
        ({"origin": "https://here", "host": "here"}, False),
        ({"origin": "https://here", "host": "here:8000"}, True),
        ({"origin": "https://here.evil", "host": "here"}, True),
        ({"origin": "here", "host": ""}, False),
    ],
)
def test_cross_site_requests_are_told_by_what_browsers_say(headers: dict[str, str], crosses: bool) -> None:  # noqa: FBT001
    assert cross_site(headers) is crosses


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("localhost:8000", True), ("127.0.0.1", True), ("[::1]:8000", True), ("127.8.8.8:1", True),
        ("localhost.evil.example", False), ("example.org", False), ("10.0.0.1", False), ("", False), (None, False),
        ("[", False), ("user@localhost", False), ("localhost:8000:9", False),
    ],
)  # fmt: skip
def test_host_names_this_machine_or_another(host: str | None, here: bool) -> None:  # noqa: FBT001
    assert on_this_machine(host) is here


def test_address_is_this_machines_alone_or_not() -> None:
    assert [loopback(name) for name in ("::1", "127.0.0.1", "localhost")] == [True] * 3
    assert [loopback(name) for name in ("::", "0.0.0.0", "", "192.0.2.1")] == [False] * 4  # noqa: S104
