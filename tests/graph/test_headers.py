"""The headers of every kind of response, in one table, as a reviewer goes through them."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import httpx
import pytest

from tests.conftest import SECRET, Running
from tests.issuing import issue

Serve = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]

# What each must say; None is a header that must not be there.
EVERYWHERE = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "access-control-allow-origin": None,
    "access-control-allow-credentials": None,
    "server": None,
    "x-powered-by": None,
    "strict-transport-security": None,
}
# An address, whether a credential is given, the status, and what is otherwise than everywhere.
TABLE: list[tuple[str, str, bool, int, dict[str, str | None]]] = [
    ("POST", "/graphql", True, 200, {}),
    ("POST", "/graphql", False, 401, {"www-authenticate": "Bearer"}),
    ("GET", "/graphql?query={__typename}", True, 200, {}),
    ("DELETE", "/graphql", True, 405, {}),
    ("GET", "/graphiql", False, 303, {}),
    ("GET", "/sign-in", False, 200, {"referrer-policy": "same-origin"}),
    ("GET", "/health/live", False, 200, {}),
    ("GET", "/health/ready", False, 200, {}),
    ("GET", "/nowhere", False, 404, {}),
    ("GET", "/assets/nothing.js", False, 404, {}),
]


@pytest.mark.parametrize(("method", "address", "known", "status", "otherwise"), TABLE)
async def test_response_has_the_headers_of_the_table(
    serve: Serve,
    database_url: str,
    method: str,
    address: str,
    known: bool,  # noqa: FBT001
    status: int,
    otherwise: dict[str, str | None],
) -> None:
    key = issue(database_url, "ASSOCIATION")
    headers = {"authorization": f"Bearer {key}"} if known else {}
    async with serve(database_url) as client:
        body = {"query": "{ __typename }"} if method == "POST" else None
        response = await client.request(method, address, json=body, headers=headers)

    assert response.status_code == status
    found = {name: response.headers.get(name) for name in EVERYWHERE | otherwise}
    if "www-authenticate" in otherwise:
        assert (found.pop("www-authenticate") or "").startswith("Bearer")
    assert found == {name: value for name, value in (EVERYWHERE | otherwise).items() if name in found}
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy
    assert SECRET not in str(response.headers)


async def test_response_over_tls_says_to_come_by_tls_alone(serve: Serve, demo_url: str) -> None:
    async with serve(demo_url) as client:
        response = await client.post("https://localhost/graphql", json={"query": "{ __typename }"})

    assert response.headers["strict-transport-security"] == "max-age=63072000"


def test_server_behind_a_proxy_with_tls_says_so_too_and_never_what_it_is(server: Running) -> None:
    """As it really runs: the proxy of this machine says how a request came."""
    for scheme, expected in (("https", "max-age=63072000"), ("http", None)):
        response = httpx.post(
            f"{server.url}/graphql", json={"query": "{ __typename }"}, headers={"x-forwarded-proto": scheme}
        )
        assert response.headers.get("strict-transport-security") == expected
        assert "server" not in response.headers
        assert "uvicorn" not in str(response.headers).lower()
