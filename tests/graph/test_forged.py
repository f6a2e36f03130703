"""Forged ids, cursors and credentials over HTTP: a thousand of each, and none is another's, an answer or a fault."""

from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from hashlib import sha256
from random import Random
from typing import Any

import httpx
import psycopg

from graph.tokens import Tokens
from tests.issuing import issue

Serve = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]
MANY = 1_000
KEY = sha256(b"demo borrower 1").hexdigest()
CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
PAGE = """query ($by: BorrowerKey!, $after: String) {
    borrower(by: $by) { loans(first: 2, after: $after) { nodes { id } pageInfo { endCursor } } } }"""
PLACES = """query ($id: ID!, $after: String!, $by: BorrowerKey!) {
    node(id: $id) { id }
    named: borrower(by: { id: $id }) { id }
    institutions(after: $after) { nodes { code } }
    deliveries(after: $after) { nodes { number } }
    inquiryLog(window: { last: "P1Y" }, after: $after) { nodes { hash } }
    borrower(by: $by) { loans(after: $after) { nodes { id } } }
}"""


def forged(real: list[str], dice: Random) -> Iterator[str]:
    """Give texts that look like tokens: random ones, and real ones changed, cut, joined, or of another secret."""
    others = Tokens("x" * 32)
    for number in range(MANY):
        token, place = dice.choice(real), dice.randrange(20)
        changed = token[:place] + dice.choice(CHARACTERS.replace(token[place], "")) + token[place + 1 :]
        yield (
            urlsafe_b64encode(dice.randbytes(dice.randrange(16, 64))).rstrip(b"=").decode(),
            changed,
            token[: -1 - dice.randrange(8)],
            token + dice.choice(CHARACTERS),
            token[:24] + dice.choice(real)[24:] + "A",
            others.make("borrower", bytes.fromhex(KEY)),
            others.make("loan", number.to_bytes(8)),
        )[number % 7]


async def real_tokens(client: httpx.AsyncClient) -> list[str]:
    """Give ids and cursors that the service made."""
    body = {"query": PAGE, "variables": {"by": {"subjectKey": KEY}}}
    loans = (await client.post("/graphql", json=body)).json()["data"]["borrower"]["loans"]
    return [loans["pageInfo"]["endCursor"], *(loan["id"] for loan in loans["nodes"])]


async def test_thousand_forged_ids_and_cursors_are_each_refused(serve: Serve, demo_url: str) -> None:
    seen = Counter[str]()
    async with serve(demo_url) as client:
        real = await real_tokens(client)
        for token in forged(real, Random(7)):  # noqa: S311 - to repeat it
            variables = {"id": token, "after": token, "by": {"subjectKey": KEY}}
            body = (await client.post("/graphql", json={"query": PLACES, "variables": variables})).json()

            codes = [error["extensions"]["code"] for error in body["errors"]]
            seen.update(codes)
            assert not any((body["data"] or {}).get(name) for name in ("node", "named", "institutions", "deliveries"))

    assert set(seen) == {"ID_INVALID", "BORROWER_KEY_MALFORMED", "CURSOR_INVALID"}
    # A field that may not be null takes the whole answer with it, and ends what waits beside it.
    assert sum(seen.values()) >= MANY


async def test_cursor_of_one_list_is_refused_by_every_other(serve: Serve, demo_url: str) -> None:
    with psycopg.connect(demo_url) as connection:
        [(other,)] = connection.execute("select encode(subject_key, 'hex') from borrower where id = 2").fetchall()
    async with serve(demo_url) as client:
        cursor, *_ = await real_tokens(client)
        for by in ({"subjectKey": other},):
            body = {"query": PAGE, "variables": {"by": by, "after": cursor}}
            answer = (await client.post("/graphql", json=body)).json()
            assert answer["errors"][0]["extensions"]["code"] == "CURSOR_INVALID"
        for field in ("institutions", "deliveries"):
            query = f'{{ {field}(after: "{cursor}") {{ totalCount }} }}'
            answer = (await client.post("/graphql", json={"query": query})).json()
            assert answer["errors"][0]["extensions"]["code"] == "CURSOR_INVALID"


async def test_thousand_forged_credentials_are_each_refused_in_the_same_words(serve: Serve, database_url: str) -> None:
    real, dice = issue(database_url, "ASSOCIATION"), Random(7)  # noqa: S311 - to repeat it

    def credentials() -> Iterator[dict[str, str]]:
        prefix = real.split("_")[1]
        for number in range(MANY):
            chance = "".join(dice.choices(CHARACTERS, k=43))
            other = f"bgk_{dice.randbytes(6).hex()}_{chance}"
            key = (f"bgk_{prefix}_{chance}", other, real[:-1], f"{real}A")[number % 4]
            yield {"cookie": f"borrowgraph={chance}"} if number % 5 == 4 else {"authorization": f"Bearer {key}"}

    said = set[Any]()
    async with serve(database_url) as client:
        for headers in credentials():
            response = await client.post("/graphql", json={"query": "{ coverage { loans } }"}, headers=headers)
            said.add((*headers, response.status_code, response.text))
        kept = await client.post(
            "/graphql", json={"query": "{ coverage { loans } }"}, headers={"authorization": f"Bearer {real}"}
        )

    # Keys in the one way, cookies in the other; nothing tells how near one was.
    assert sorted((kind, status) for kind, status, _ in said) == [("authorization", 401), ("cookie", 401)]
    assert kept.status_code == 200
