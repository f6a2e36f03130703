"""The inquiry log: every person that is read is in it before the answer leaves, and its chain holds."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from hashlib import sha256
from typing import Any

import httpx
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake import demo
from intake.load import load
from resolvers.callers import Caller, Purpose, Role, local
from resolvers.errors import ConsentInvalid, ConsentRequired, Forbidden, PurposeRequired
from resolvers.logbook import Reason
from resolvers.trail import implied, reason
from tests.conftest import BORROWERS, SECRET, quiet, serving

KEYS = [sha256(f"demo borrower {number}".encode()).hexdigest() for number in range(1, BORROWERS + 1)]
NOBODY = sha256(b"nobody").hexdigest()
DOCUMENT = "query ($by: [BorrowerKey!]!) { borrowers(by: $by) { id } }"


@pytest.fixture
async def client(own_demo_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """Give what asks a demo that this test may write to."""
    async with serving(own_demo_url) as client:
        yield client


@pytest.fixture(scope="module")
def unread(create: Callable[[str], str], template: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give the name of a database with the demo, of which nobody has read a person."""
    folder = tmp_path_factory.mktemp("unread") / "delivery"
    demo.write(folder, borrowers=BORROWERS)
    url = create(template)
    load(url, [folder], secret=SECRET.encode(), progress=quiet())
    return url.partition("?")[0].rpartition("/")[2]


@pytest.fixture
def own_demo_url(create: Callable[[str], str], unread: str) -> str:
    """Give the address of a copy of it."""
    return create(unread)


def rows(url: str, query: str) -> list[tuple[Any, ...]]:
    """Run a query as the owner."""
    with psycopg.connect(url) as connection:
        return connection.execute(query.encode()).fetchall()


async def posted(client: httpx.AsyncClient, query: str, **variables: object) -> dict[str, Any]:
    """Return the body of the answer."""
    body: dict[str, Any] = (await client.post("/graphql", json={"query": query, "variables": variables})).json()
    return body


def codes(body: dict[str, Any]) -> list[str]:
    """Return the codes of an answer's errors."""
    return [error["extensions"]["code"] for error in body.get("errors", [])]


async def test_log_persons_found_and_not_are_entries_in_their_order(
    client: httpx.AsyncClient, own_demo_url: str
) -> None:
    asked = [KEYS[4], NOBODY, KEYS[2], KEYS[4].upper()]
    response = await client.post(
        "/graphql",
        json={"query": DOCUMENT, "variables": {"by": [{"subjectKey": key} for key in asked]}},
        headers={"x-request-id": "a-request-1"},
    )

    assert len(response.json()["data"]["borrowers"]) == 4
    found = rows(
        own_demo_url,
        "select request, purpose, encode(subject_key, 'hex'), borrower_id is not null, encode(document, 'hex'), "
        "institution, consent from inquiry_log order by place",
    )
    document = sha256(DOCUMENT.encode()).hexdigest()
    assert found == [
        ("a-request-1", "SUPERVISION", key, key != NOBODY, document, None, None) for key in (KEYS[4], NOBODY, KEYS[2])
    ]


async def test_log_a_person_by_id_and_by_loan_is_an_entry_each_request(
    client: httpx.AsyncClient, own_demo_url: str
) -> None:
    first = await posted(
        client, "query ($k: String!) { borrower(by: {subjectKey: $k}) { id loans { nodes { id } } } }", k=KEYS[0]
    )
    borrower = first["data"]["borrower"]
    await posted(client, "query ($id: ID!) { node(id: $id) { id } }", id=borrower["id"])
    loan = borrower["loans"]["nodes"][0]["id"]
    await posted(client, "query ($a: ID!, $b: ID!) { a: node(id: $a) { id } b: node(id: $b) { id } }",
                 a=loan, b=borrower["id"])  # fmt: skip

    found = rows(own_demo_url, "select encode(subject_key, 'hex'), loan_id from inquiry_log order by id")
    assert found == [(KEYS[0], None)] * 3


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fields=st.lists(st.lists(st.sampled_from([*KEYS[:6], NOBODY]), min_size=0, max_size=5), min_size=1, max_size=4))
async def test_log_any_document_leaves_one_entry_a_person(
    client: httpx.AsyncClient, own_demo_url: str, fields: list[list[str]]
) -> None:
    one = 'a{}: borrower(by: {{subjectKey: "{}"}}) {{ id loans {{ totalCount }} }}'
    many = "a{}: borrowers(by: [{}]) {{ id }}"
    document = " ".join(
        one.format(place, keys[0])
        if len(keys) == 1
        else many.format(place, " ".join(f'{{subjectKey: "{key}"}}' for key in keys))
        for place, keys in enumerate(fields)
    )
    [(before,)] = rows(own_demo_url, "select coalesce(max(id), 0) from inquiry_log")

    body = await posted(client, f"{{ {document} }}")

    assert codes(body) == []
    entries = rows(own_demo_url, "select id, encode(subject_key, 'hex') from inquiry_log order by id")
    assert [key for number, key in entries if number > before] == list(
        dict.fromkeys(key for keys in fields for key in keys)
    )


async def test_log_its_chain_is_what_plain_hashing_makes_of_the_columns(
    client: httpx.AsyncClient, own_demo_url: str
) -> None:
    for number in range(12):
        await posted(client, DOCUMENT, by=[{"subjectKey": key} for key in KEYS[number : number + 3]])

    ends: dict[int, tuple[int, bytes]] = {}
    for lane, place, at, *rest, document, key, loan, borrower, previous, hashed in rows(
        own_demo_url,
        "select lane, place, logged_at at time zone 'UTC', request, credential_id, caller, institution, purpose, "
        "consent, document, subject_key, loan_id, borrower_id, previous, hash from inquiry_log order by lane, place",
    ):
        covered = [lane, place, f"{at:%Y-%m-%dT%H:%M:%S.%fZ}", *rest, document.hex(), key.hex(), loan, borrower]
        last = ends.get(lane, (0, bytes(32)))
        assert (place, previous) == (last[0] + 1, last[1])
        assert hashed == sha256(previous + json.dumps(covered, ensure_ascii=False).encode()).digest()
        ends[lane] = place, hashed
    heads = rows(own_demo_url, "select lane, entries, hash from inquiry_chain where entries > 0")
    assert {lane: (entries, head) for lane, entries, head in heads} == ends
    assert sum(place for place, _ in ends.values()) == 36


async def test_log_that_cannot_be_written_leaves_no_answer(client: httpx.AsyncClient, own_demo_url: str) -> None:
    with psycopg.connect(own_demo_url) as connection:
        connection.execute("revoke execute on all functions in schema public from borrowgraph_reader")

    response = await client.post("/graphql", json={"query": DOCUMENT, "variables": {"by": [{"subjectKey": KEYS[0]}]}})

    assert response.status_code >= 500
    assert "data" not in response.json()
    assert KEYS[0] not in response.text
    other = await posted(client, "{ coverage { borrowers } }")
    assert other["data"]["coverage"]["borrowers"] == BORROWERS


async def test_log_the_service_may_neither_change_nor_write_it_otherwise(own_demo_url: str) -> None:
    with psycopg.connect(own_demo_url, autocommit=True) as connection:
        connection.execute("set role borrowgraph_reader")
        for attempt in (
            "insert into inquiry_log default values",
            "update inquiry_log set purpose = 'DISPUTE'",
            "delete from inquiry_log",
            "truncate inquiry_log",
            "update inquiry_chain set entries = 0",
            "select 1 from inquiry_chain",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(attempt.encode())


async def test_log_its_owner_is_refused_too(own_demo_url: str) -> None:
    with psycopg.connect(own_demo_url, autocommit=True) as connection:
        for attempt in (
            "update inquiry_log set purpose = 'DISPUTE'",
            "delete from inquiry_log",
            "truncate inquiry_log",
            "delete from inquiry_chain",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="only added to"):
                connection.execute(attempt.encode())


MULTI = (
    "query ($k: String!, $p: Purpose, $c: String) { borrower(by: {subjectKey: $k}, purpose: $p, consent: $c) "
    '{ multiLoan(window: {from: "2026-01-01", to: "2036-01-01"}) { inquiries inquirers ownInquiries } } }'
)


def figures(body: dict[str, Any]) -> tuple[Any, ...]:
    """Return the three counts of inquiries."""
    return tuple(body["data"]["borrower"]["multiLoan"].values())


async def test_application_counts_for_others_from_the_next_request_on(
    serve: Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]], own_demo_url: str
) -> None:
    [(code,)] = rows(own_demo_url, "select min(code) from institution")
    mine = {"BORROWGRAPH_ROLE": "INSTITUTION", "BORROWGRAPH_ASKING_INSTITUTION": code}
    async with serve(own_demo_url) as association, serve(own_demo_url, **mine) as bank:
        before = figures(await posted(association, MULTI, k=KEYS[0]))
        # The application is written beside its own reads, so its own answer may count it already, or not.
        own = figures(await posted(bank, MULTI, k=KEYS[0], p="POST_LOAN_MANAGEMENT"))
        await posted(bank, MULTI, k=KEYS[0], p="LOAN_APPLICATION", c="consent 17")
        after = figures(await posted(association, MULTI, k=KEYS[0], p="DISPUTE"))
        own_after = figures(await posted(bank, MULTI, k=KEYS[0]))

    assert after[0] == before[0] + 1
    assert own_after == (own[0], own[1], own[2] + 1)


async def test_application_about_an_unknown_person_makes_it_known(
    serve: Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]], own_demo_url: str
) -> None:
    [(code,)] = rows(own_demo_url, "select min(code) from institution")
    mine = {"BORROWGRAPH_ROLE": "INSTITUTION", "BORROWGRAPH_ASKING_INSTITUTION": code}
    async with serve(own_demo_url) as association, serve(own_demo_url, **mine) as bank:
        asked = await posted(bank, MULTI, k=NOBODY, p="CARD_APPLICATION", c="consent 18")
        after = await posted(association, MULTI, k=NOBODY)
        coverage = await posted(association, "{ coverage { borrowers } }")

    assert asked["data"]["borrower"] is None
    assert after["data"]["borrower"]["multiLoan"] == {"inquiries": 1, "inquirers": 1, "ownInquiries": None}
    assert coverage["data"]["coverage"]["borrowers"] == BORROWERS + 1


BANK = local(Role.INSTITUTION, "B1")
LOAN = Purpose.LOAN_APPLICATION


def test_reason_none_asked_is_the_default() -> None:
    assert reason(BANK, None, None) == Reason(Purpose.POST_LOAN_MANAGEMENT, None)
    assert implied(BANK) == Reason(Purpose.POST_LOAN_MANAGEMENT, None)


def test_reason_neither_asked_nor_default_is_refused() -> None:
    bare = Caller(1, "bare", Role.INSTITUTION, "B1", frozenset({LOAN}))
    with pytest.raises(PurposeRequired):
        reason(bare, None, None)
    with pytest.raises(PurposeRequired):
        implied(bare)


def test_reason_of_another_role_is_forbidden() -> None:
    with pytest.raises(Forbidden):
        reason(BANK, Purpose.MODELLING, None)


def test_reason_that_others_count_needs_a_consent() -> None:
    with pytest.raises(ConsentRequired):
        reason(BANK, LOAN, None)
    assert reason(BANK, LOAN, "c-1") == Reason(LOAN, "c-1")


@pytest.mark.parametrize("consent", ["", "  ", "x" * 201, "a\0b"])
def test_reason_with_a_text_that_is_no_reference_is_refused(consent: str) -> None:
    with pytest.raises(ConsentInvalid):
        reason(BANK, LOAN, consent)


def test_reason_implied_by_a_default_that_needs_a_consent_is_refused() -> None:
    with pytest.raises(PurposeRequired):
        implied(Caller(1, "loans", Role.INSTITUTION, "B1", frozenset({LOAN}), LOAN))
