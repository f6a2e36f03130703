"""JSON Web Tokens of the issuer: what counts, and every way in which one does not."""

import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

Serve = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]

ISSUER, AUDIENCE = "https://login.example", "borrowgraph"
RSA, OTHER_RSA = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
CURVE = ec.generate_private_key(ec.SECP256R1())
# Tokens are made when tests are collected, and must outlive all tests before theirs; the service takes up to a day.
LIFE = 12 * 3600
QUESTION = {"query": "{ institutions { nodes { code } } }"}


def published(key: Any, name: str, algorithm: str) -> dict[str, Any]:
    """Give a key as its issuer publishes it."""
    kind: Any = jwt.algorithms.RSAAlgorithm if algorithm.startswith("RS") else jwt.algorithms.ECAlgorithm
    found: dict[str, Any] = json.loads(kind.to_jwk(key.public_key()))
    return found | {"kid": name, "alg": algorithm, "use": "sig"}


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """Give the file of the issuer's keys."""
    file = tmp_path / "jwks.json"
    file.write_text(json.dumps({"keys": [published(RSA, "one", "RS256"), published(CURVE, "two", "ES256")]}))
    return file


@pytest.fixture
async def client(serve: Serve, demo_url: str, keys: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Give a client to a service that trusts the issuer."""
    trust = {"BORROWGRAPH_JWT_ISSUER": ISSUER, "BORROWGRAPH_JWT_AUDIENCE": AUDIENCE, "BORROWGRAPH_JWT_KEYS": str(keys)}
    async with serve(demo_url, **trust) as client:
        yield client


def claims(**changed: Any) -> dict[str, Any]:
    """Give the claims of a good token, some of them changed; None leaves one out."""
    now = int(time.time())
    good = {
        "iss": ISSUER, "aud": AUDIENCE, "sub": "scoring", "iat": now, "exp": now + LIFE,
        "borrowgraph_role": "INSTITUTION", "borrowgraph_institution": "BK01",
        "borrowgraph_purposes": ["LOAN_APPLICATION"], "borrowgraph_default_purpose": "LOAN_APPLICATION",
    }  # fmt: skip
    return {name: value for name, value in (good | changed).items() if value is not None}


def token(key: Any = RSA, algorithm: str = "RS256", name: str | None = "one", **changed: Any) -> str:
    """Sign a token."""
    return jwt.encode(claims(**changed), key, algorithm, headers={"kid": name} if name else {})


async def ask(client: httpx.AsyncClient, text: str) -> httpx.Response:
    """Ask with a token."""
    return await client.post("/graphql", json=QUESTION, headers={"authorization": f"Bearer {text}"})


@pytest.mark.parametrize("text", [token(), token(CURVE, "ES256", "two"), token(aud=[AUDIENCE, "another"])])
async def test_token_of_the_issuer_is_the_caller_that_it_says(client: httpx.AsyncClient, text: str) -> None:
    response = await ask(client, text)

    assert response.json()["data"] == {"institutions": {"nodes": [{"code": "BK01"}]}}


NOW = int(time.time())


@pytest.mark.parametrize(
    "text",
    [
        token(OTHER_RSA),
        token(name="three"),
        token(name=None),
        token(CURVE, "ES256", "one"),
        token(RSA, "RS512"),
        jwt.encode(claims(), "", "none", headers={"kid": "one"}),
        jwt.encode(claims(), "x" * 32, "HS256", headers={"kid": "one"}),
        token(iss="https://other.example"),
        token(aud="another"),
        token(aud=None),
        token(iss=None),
        token(sub=None),
        token(exp=None),
        token(iat=None),
        token(iat=NOW - 7200, exp=NOW - 3600),
        token(iat=NOW + 3600, exp=NOW + 7200),
        token(nbf=NOW + 3600),
        token(exp=NOW + 10**6),
        token(borrowgraph_role=None),
        token(borrowgraph_role="ADMIN"),
        token(borrowgraph_institution=None),
        token(borrowgraph_institution=7),
        token(borrowgraph_purposes=["MODELLING"]),
        token(borrowgraph_purposes=["SPYING"]),
        token(borrowgraph_purposes="LOAN_APPLICATION"),
        token(borrowgraph_default_purpose="DISPUTE"),
        token(borrowgraph_role="ASSOCIATION"),
        token(padding="x" * 10_000),
        token()[:-4] + "AAAA",
        token().rpartition(".")[0] + ".",
        "a.b.c",
        "..",
    ],
)
async def test_token_that_does_not_count_is_401_and_never_says_why(client: httpx.AsyncClient, text: str) -> None:
    response = await ask(client, text)

    assert response.status_code == 401
    assert response.json()["errors"][0]["extensions"] == {"code": "UNAUTHENTICATED"}
    assert "The credential is not known, revoked or expired" in response.text


async def test_caller_without_a_token_is_refused_where_there_is_an_issuer(client: httpx.AsyncClient) -> None:
    assert (await client.post("/graphql", json=QUESTION)).status_code == 401


async def test_token_is_asked_for_while_the_keys_cannot_be_read_and_is_503(
    client: httpx.AsyncClient, keys: Path
) -> None:
    keys.write_text("no keys")  # noqa: ASYNC240 - a small file
    broken = await ask(client, token())
    keys.write_text(json.dumps({"keys": [published(RSA, "one", "RS256")]}))  # noqa: ASYNC240 - likewise
    mended = await ask(client, token())

    assert (broken.status_code, mended.status_code) == (503, 200)
