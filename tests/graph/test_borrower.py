"""Borrowers, loans and institutions by their names: what finds them, what finds nothing, and what is refused."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from hashlib import sha256
from typing import Any

import httpx
import pytest

from tests.conftest import Ask

Serve = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]

ONE = "query ($by: BorrowerKey!, $asOf: DateTime) { borrower(by: $by, asOf: $asOf) { id subjectKey } }"
MANY = "query ($by: [BorrowerKey!]!, $asOf: DateTime) { borrowers(by: $by, asOf: $asOf) { id subjectKey } }"
NODE = """
query ($id: ID!) {
  node(id: $id) {
    __typename
    id
    ... on Borrower { subjectKey }
    ... on Loan { openedOn institution { code } }
    ... on Institution { code }
  }
}
"""
COVERAGE = "{ coverage { firstMonth lastMonth horizon borrowers loans repayments institutions } }"

DEMO_NUMBER = "DEMO-0000-0004"
UNKNOWN = "0" * 64


def key(number: int) -> str:
    return sha256(f"demo borrower {number}".encode()).hexdigest()


def document(number: str, kind: str = "ID_CARD") -> dict[str, Any]:
    return {"document": {"kind": kind, "number": number}}


def refusal(answer: dict[str, Any], place: int = 0) -> dict[str, Any]:
    extensions: dict[str, Any] = answer["errors"][place]["extensions"]
    return extensions


async def test_borrower_by_subject_key_is_found_in_either_case(ask: Ask) -> None:
    lower, upper = await ask(ONE, by={"subjectKey": key(1)}), await ask(ONE, by={"subjectKey": key(1).upper()})

    assert lower["data"]["borrower"]["subjectKey"] == key(1)
    assert upper == lower


async def test_borrower_by_id_is_the_one_that_gave_it(ask: Ask) -> None:
    found = (await ask(ONE, by={"subjectKey": key(1)}))["data"]["borrower"]

    assert (await ask(ONE, by={"id": found["id"]}))["data"]["borrower"] == found


@pytest.mark.parametrize(
    "number",
    [
        DEMO_NUMBER,
        "demo-0000-0004",
        "DEMO00000004",
        "  DEMO 0000 0004  ",
        "\tdemo-00 00-00\u300004\n",
        "DEMO\u201000000004",
    ],
)
async def test_borrower_by_document_is_found_however_its_number_is_spelt(ask: Ask, number: str) -> None:
    expected = (await ask(ONE, by=document(DEMO_NUMBER)))["data"]["borrower"]

    found = (await ask(ONE, by=document(number)))["data"]["borrower"]

    assert found is not None
    assert found == expected


@pytest.mark.parametrize(
    "by",
    [
        {"subjectKey": UNKNOWN},
        document("DEMO-0000-0005"),
        document(DEMO_NUMBER, "PASSPORT"),
        document(DEMO_NUMBER, "id_card"),
    ],
)
async def test_borrower_whom_nobody_reported_is_null(ask: Ask, by: dict[str, Any]) -> None:
    assert await ask(ONE, by=by) == {"data": {"borrower": None}}


async def test_borrower_as_of_a_time_before_any_report_is_null(ask: Ask) -> None:
    before, after = "1990-01-01T00:00:00Z", "2090-01-01T00:00:00+08:00"

    assert (await ask(ONE, by={"subjectKey": key(1)}, asOf=before))["data"]["borrower"] is None
    assert (await ask(ONE, by={"subjectKey": key(1)}, asOf=after))["data"]["borrower"] is not None


@pytest.mark.parametrize(
    "text", ["0" * 63, "0" * 65, "g" * 64, "", " " + "0" * 63, "0" * 63 + "\n", "\u0660" * 64, "x" * 9_999]
)
async def test_borrower_by_a_malformed_subject_key_is_refused_with_what_is_allowed(ask: Ask, text: str) -> None:
    answer = await ask(ONE, by={"subjectKey": text})

    assert answer["data"] == {"borrower": None}
    assert answer["errors"][0]["path"] == ["borrower"]
    assert f"of {len(text)} characters" in answer["errors"][0]["message"]
    assert {"got": "", **refusal(answer)} == {
        "code": "BORROWER_KEY_MALFORMED",
        "argument": "by.subjectKey",
        "got": text[:100],
        "allowed": "64 hexadecimal digits",
    }


@pytest.mark.parametrize(("kind", "number"), [("", "X1"), ("ID_CARD", ""), ("ID_CARD", " - \u2011"), ("", "")])
async def test_borrower_by_an_empty_document_is_refused_without_repeating_it(ask: Ask, kind: str, number: str) -> None:
    answer = await ask(ONE, by=document(number, kind))

    assert refusal(answer) == {
        "code": "BORROWER_KEY_MALFORMED",
        "argument": "by.document",
        "allowed": "a kind and a number, neither empty",
    }


@pytest.mark.parametrize("text", ["", "1", "\0", "x" * 999])
async def test_borrower_by_a_text_that_is_no_id_is_refused(ask: Ask, text: str) -> None:
    answer = await ask(ONE, by={"id": text})

    assert {"got": "", **refusal(answer)} == {
        "code": "BORROWER_KEY_MALFORMED",
        "argument": "by.id",
        "got": text[:100],
        "allowed": "the id of a borrower, as this platform gave it",
    }


async def test_borrower_by_the_id_of_something_else_is_refused(ask: Ask) -> None:
    institution = (await ask('{ institution(code: "IP01") { id } }'))["data"]["institution"]

    answer = await ask(ONE, by={"id": institution["id"]})

    assert refusal(answer)["code"] == "BORROWER_KEY_MALFORMED"
    assert refusal(answer)["argument"] == "by.id"


@pytest.mark.parametrize("by", [{}, {"id": "x", "subjectKey": UNKNOWN}, {"subjectKey": UNKNOWN, "document": None}])
async def test_borrower_by_none_or_several_of_the_ways_is_refused_with_what_is_allowed(
    ask: Ask, by: dict[str, Any]
) -> None:
    answer = await ask(ONE, by=by)

    assert "data" not in answer
    assert refusal(answer)["code"] == "BAD_USER_INPUT"
    assert refusal(answer)["allowed"] == "exactly one of id, subjectKey, document"


@pytest.mark.parametrize(
    "by", [{"id": None}, {"subjectKey": 5}, {"document": {"kind": "ID_CARD"}}, {"name": "somebody"}, "somebody", None]
)
async def test_borrower_by_something_of_another_type_is_refused_before_any_field(ask: Ask, by: object) -> None:
    answer = await ask(ONE, by=by)

    assert "data" not in answer
    assert refusal(answer)["code"] == "BAD_USER_INPUT"


async def test_borrowers_come_in_the_order_of_their_keys_with_nulls_and_repeats(ask: Ask) -> None:
    by = [
        {"subjectKey": key(3)},
        {"subjectKey": UNKNOWN},
        document(DEMO_NUMBER),
        {"subjectKey": key(1)},
        {"subjectKey": key(3)},
    ]

    answer = await ask(MANY, by=by)

    third, nobody, fourth, first, again = answer["data"]["borrowers"]
    assert "errors" not in answer
    assert (third["subjectKey"], nobody, first["subjectKey"]) == (key(3), None, key(1))
    assert fourth == (await ask(ONE, by=document(DEMO_NUMBER)))["data"]["borrower"]
    assert again == third


async def test_borrowers_with_malformed_keys_have_errors_in_their_own_places(ask: Ask) -> None:
    by = [{"subjectKey": key(1)}, {"subjectKey": "1" * 63}, {"id": "forged"}, document("-"), {"subjectKey": key(2)}]

    answer = await ask(MANY, by=by)

    assert [found and found["subjectKey"] for found in answer["data"]["borrowers"]] == [
        key(1),
        None,
        None,
        None,
        key(2),
    ]
    errors = sorted(answer["errors"], key=lambda error: error["path"][1])
    assert [error["path"] for error in errors] == [["borrowers", place] for place in (1, 2, 3)]
    assert {error["extensions"]["code"] for error in errors} == {"BORROWER_KEY_MALFORMED"}
    arguments = ["by[1].subjectKey", "by[2].id", "by[3].document"]
    assert [error["extensions"]["argument"] for error in errors] == arguments


async def test_borrowers_of_no_keys_are_no_borrowers(ask: Ask) -> None:
    assert await ask(MANY, by=[]) == {"data": {"borrowers": []}}


async def test_borrowers_of_as_many_keys_as_allowed_are_answered(ask: Ask) -> None:
    answer = await ask(MANY, by=[{"subjectKey": key(number)} for number in range(1, 1_001)])

    found = answer["data"]["borrowers"]
    assert len(found) == 1_000
    assert [one["subjectKey"] for one in found if one] == [key(number + 1) for number, one in enumerate(found) if one]
    assert sum(one is not None for one in found) >= 299


async def test_borrowers_of_more_keys_than_allowed_are_refused(ask: Ask) -> None:
    answer = await ask(MANY, by=[{"subjectKey": UNKNOWN}] * 1_001)

    assert refusal(answer) == {
        "code": "TOO_MANY_KEYS",
        "argument": "by",
        "got": 1_001,
        "allowed": "at most 1000 keys",
    }


async def test_borrowers_of_more_keys_than_the_operator_allows_are_refused(demo_url: str, serve: Serve) -> None:
    async with serve(demo_url, BORROWGRAPH_BORROWER_KEYS="2") as client:
        variables = {"by": [{"subjectKey": key(number)} for number in (1, 2, 3)]}
        answer = (await client.post("/graphql", json={"query": MANY, "variables": variables})).json()

    assert refusal(answer)["allowed"] == "at most 2 keys"


async def test_node_of_every_kind_is_what_gave_its_id(ask: Ask) -> None:
    document = """
    query ($by: BorrowerKey!) {
      borrower(by: $by) { id loans(first: 3) { nodes { id openedOn institution { id code } } } }
    }
    """
    borrower = (await ask(document, by={"subjectKey": key(1)}))["data"]["borrower"]
    loan = borrower["loans"]["nodes"][1]

    nodes = [
        (await ask(NODE, id=identity))["data"]["node"]
        for identity in (borrower["id"], loan["id"], loan["institution"]["id"])
    ]

    assert nodes == [
        {"__typename": "Borrower", "id": borrower["id"], "subjectKey": key(1)},
        {
            "__typename": "Loan",
            "id": loan["id"],
            "openedOn": loan["openedOn"],
            "institution": {"code": loan["institution"]["code"]},
        },
        {"__typename": "Institution", "id": loan["institution"]["id"], "code": loan["institution"]["code"]},
    ]


async def test_node_of_a_loan_answers_as_the_loan_in_its_list(ask: Ask) -> None:
    fields = """
      id product principal openedOn dueOn closedOn state institutionKind
      repayments(window: {last: "P12M"}) { month due paid balance overdueAmount daysPastDue bucket code reportedAt }
      overdue(window: {last: "P12M"}) { pattern overdueMonths longestRun currentRun episodes { from to months cured } }
    """
    listed = f"query ($by: BorrowerKey!) {{ borrower(by: $by) {{ loans {{ nodes {{ {fields} }} }} }} }}"
    loans = (await ask(listed, by={"subjectKey": key(1)}))["data"]["borrower"]["loans"]["nodes"]

    nodes = [
        (await ask(f"query ($id: ID!) {{ node(id: $id) {{ ... on Loan {{ {fields} }} }} }}", id=loan["id"]))["data"][
            "node"
        ]
        for loan in loans
    ]

    assert len(loans) >= 11
    assert nodes == loans


@pytest.mark.parametrize("text", ["", "1", "\0", "Borrower:1", "A" * 40, "x" * 5_000])
async def test_node_by_a_text_that_is_no_id_is_refused(ask: Ask, text: str) -> None:
    answer = await ask(NODE, id=text)

    assert answer["data"] == {"node": None}
    assert {"got": "", **refusal(answer)} == {
        "code": "ID_INVALID",
        "argument": "id",
        "got": text[:100],
        "allowed": "an id that this platform gave",
    }


async def test_node_by_a_cursor_is_refused(ask: Ask) -> None:
    cursor = (await ask("{ institutions(first: 1) { edges { cursor } } }"))["data"]["institutions"]["edges"][0][
        "cursor"
    ]

    assert refusal(await ask(NODE, id=cursor))["code"] == "ID_INVALID"


async def test_ids_of_different_things_are_different_and_tell_nothing(ask: Ask) -> None:
    answer = await ask("{ institutions(first: 1000) { nodes { id code } } }")

    nodes = answer["data"]["institutions"]["nodes"]
    assert len({node["id"] for node in nodes}) == len(nodes)
    assert not any(node["code"] in node["id"] for node in nodes)


async def test_institution_by_its_code_is_found_to_the_letter(ask: Ask) -> None:
    document = "query ($code: String!) { institution(code: $code) { code name kind } }"

    found = {
        code: (await ask(document, code=code))["data"]["institution"] for code in ("BK01", "bk01", "BK01 ", "", "\0")
    }

    assert found["BK01"]["kind"] == "BANK"
    assert [found[code] for code in ("bk01", "BK01 ", "", "\0")] == [None] * 4


async def test_coverage_says_what_the_demo_holds(ask: Ask) -> None:
    coverage = (await ask(COVERAGE))["data"]["coverage"]

    assert (coverage["firstMonth"], coverage["lastMonth"]) == ("2022-11", "2026-10")
    assert coverage["horizon"] == "2026-11-01"
    assert coverage["borrowers"] >= 300
    assert coverage["loans"] > coverage["borrowers"]
    assert coverage["repayments"] > coverage["loans"]
    assert coverage["institutions"] == 36


async def test_coverage_counts_the_institutions_that_are_listed(ask: Ask) -> None:
    answer = await ask("{ coverage { institutions } institutions(first: 1000) { totalCount nodes { code } } }")

    counted = answer["data"]["coverage"]["institutions"]
    assert counted == answer["data"]["institutions"]["totalCount"] == len(answer["data"]["institutions"]["nodes"])


async def test_coverage_of_an_empty_platform_is_zeros_and_nulls(database_url: str, serve: Serve) -> None:
    async with serve(database_url) as client:
        answer = (await client.post("/graphql", json={"query": COVERAGE})).json()

    assert answer["data"]["coverage"] == {
        "firstMonth": None,
        "lastMonth": None,
        "horizon": None,
        "borrowers": 0,
        "loans": 0,
        "repayments": 0,
        "institutions": 0,
    }
