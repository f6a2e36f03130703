"""Lists by pages: every row once whatever the page's size, cursors that hold, and page sizes that are refused."""

from hashlib import sha256
from itertools import groupby
from typing import Any

import pytest

from tests.conftest import BORROWERS, Ask

FIRST_BORROWER = {"subjectKey": sha256(b"demo borrower 1").hexdigest()}

LOANS = """
query ($by: BorrowerKey!, $filter: LoanFilter, $first: Int, $after: String) {
  list: borrower(by: $by) {
    page: loans(filter: $filter, first: $first, after: $after) {
      edges { cursor node { id } }
      nodes { id openedOn product }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      totalCount
    }
  }
}
"""
INSTITUTIONS = """
query ($first: Int, $after: String) {
  page: institutions(first: $first, after: $after) {
    edges { cursor node { id } }
    nodes { id code }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    totalCount
  }
}
"""
LISTS = {"loans": LOANS, "institutions": INSTITUTIONS}


async def page(ask: Ask, name: str, first: int | None = None, after: str | None = None) -> dict[str, Any]:
    """Ask for a page of a list of the demo's."""
    return taken(await asked(ask, name, first, after))


async def asked(ask: Ask, name: str, first: int | None = None, after: str | None = None) -> dict[str, Any]:
    by = {"by": FIRST_BORROWER} if name == "loans" else {}
    return await ask(LISTS[name], first=first, after=after, **by)


def taken(answer: dict[str, Any]) -> dict[str, Any]:
    assert "errors" not in answer, answer["errors"]
    found: dict[str, Any] = answer["data"]["list"]["page"] if "list" in answer["data"] else answer["data"]["page"]
    return found


def refusal(answer: dict[str, Any]) -> dict[str, Any]:
    """Return the extensions of the one error there is."""
    [error] = answer["errors"]
    extensions: dict[str, Any] = error["extensions"]
    return extensions


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("first", [*range(1, 13), 50, 1_000])
async def test_pages_of_a_list_hold_every_row_once_in_its_order(ask: Ask, name: str, first: int) -> None:
    whole = await page(ask, name, 1_000)

    walked, after, before = [], None, False
    while True:
        found = await page(ask, name, first, after)
        walked += found["nodes"]
        assert found["pageInfo"]["hasPreviousPage"] is before
        assert found["totalCount"] == whole["totalCount"]
        after, before = found["pageInfo"]["endCursor"], True
        if not found["pageInfo"]["hasNextPage"]:
            break
        assert len(found["nodes"]) == first

    assert walked == whole["nodes"]
    assert len({row["id"] for row in walked}) == len(walked) == whole["totalCount"] > 10


@pytest.mark.parametrize("name", LISTS)
async def test_page_has_edges_nodes_and_cursors_of_the_same_rows(ask: Ask, name: str) -> None:
    found = await page(ask, name, 3)

    assert [edge["node"]["id"] for edge in found["edges"]] == [node["id"] for node in found["nodes"]]
    assert len({edge["cursor"] for edge in found["edges"]}) == 3
    assert found["pageInfo"] == {
        "hasNextPage": True,
        "hasPreviousPage": False,
        "startCursor": found["edges"][0]["cursor"],
        "endCursor": found["edges"][2]["cursor"],
    }


@pytest.mark.parametrize("name", LISTS)
async def test_page_after_any_cursor_begins_behind_its_row(ask: Ask, name: str) -> None:
    whole = await page(ask, name, 1_000)

    for place, edge in enumerate(whole["edges"]):
        found = await page(ask, name, 2, edge["cursor"])
        assert found["nodes"] == whole["nodes"][place + 1 : place + 3]
        assert found["pageInfo"]["hasNextPage"] is (place + 3 < len(whole["nodes"]))


@pytest.mark.parametrize("name", LISTS)
async def test_page_after_the_last_row_is_empty(ask: Ask, name: str) -> None:
    whole = await page(ask, name, 1_000)

    found = await page(ask, name, 5, whole["pageInfo"]["endCursor"])

    assert (found["edges"], found["nodes"]) == ([], [])
    assert found["totalCount"] == whole["totalCount"]
    assert found["pageInfo"] == {
        "hasNextPage": False,
        "hasPreviousPage": True,
        "startCursor": None,
        "endCursor": None,
    }


@pytest.mark.parametrize("name", LISTS)
async def test_page_without_a_size_has_a_hundred_rows_at_the_most(ask: Ask, name: str) -> None:
    found, null = await page(ask, name), await page(ask, name, None)

    assert len(found["nodes"]) == min(100, found["totalCount"])
    assert found == null


async def test_page_of_loans_comes_newest_opened_first(ask: Ask) -> None:
    found = await page(ask, "loans", 1_000)

    days = [node["openedOn"] for node in found["nodes"]]
    assert days == sorted(days, reverse=True)


async def test_page_of_institutions_comes_by_code(ask: Ask) -> None:
    found = await page(ask, "institutions", 1_000)

    codes = [node["code"] for node in found["nodes"]]
    assert codes == sorted(codes)


async def test_page_of_a_filtered_list_counts_and_walks_what_passes(ask: Ask) -> None:
    whole = await page(ask, "loans", 1_000)
    cash = [node for node in whole["nodes"] if node["product"] == "CASH_LOAN"]
    assert 2 < len(cash) < whole["totalCount"]

    walked: list[dict[str, Any]] = []
    after = None
    for _ in cash:
        answer = await ask(LOANS, by=FIRST_BORROWER, filter={"products": ["CASH_LOAN"]}, first=1, after=after)
        found = taken(answer)
        assert found["totalCount"] == len(cash)
        walked, after = walked + found["nodes"], found["pageInfo"]["endCursor"]

    assert walked == cash


async def test_page_behind_a_row_that_the_filter_hides_goes_on_from_its_place(ask: Ask) -> None:
    whole = await page(ask, "loans", 1_000)
    place = next(place for place, node in enumerate(whole["nodes"]) if node["product"] != "CASH_LOAN")
    behind = [node for node in whole["nodes"][place + 1 :] if node["product"] == "CASH_LOAN"]

    answer = await ask(
        LOANS, by=FIRST_BORROWER, filter={"products": ["CASH_LOAN"]}, after=whole["edges"][place]["cursor"]
    )

    assert taken(answer)["nodes"] == behind


async def test_page_of_an_empty_list_has_no_cursors(ask: Ask) -> None:
    answer = await ask(LOANS, by=FIRST_BORROWER, filter={"products": []})

    found = taken(answer)
    assert (found["nodes"], found["totalCount"]) == ([], 0)
    assert found["pageInfo"] == {
        "hasNextPage": False,
        "hasPreviousPage": False,
        "startCursor": None,
        "endCursor": None,
    }


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("first", [0, -1, 1_001, 2**31 - 1, -(2**31)])
async def test_page_size_out_of_range_is_refused_with_what_is_allowed(ask: Ask, name: str, first: int) -> None:
    answer = await asked(ask, name, first)

    assert refusal(answer) == {"code": "PAGE_SIZE_INVALID", "argument": "first", "got": first, "allowed": "1 to 1000"}


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("first", ["10", 1.5, 2**31, True])
async def test_page_size_that_is_no_whole_number_is_refused_before_any_field(ask: Ask, name: str, first: Any) -> None:
    answer = await asked(ask, name, first)

    assert refusal(answer)["code"] == "BAD_USER_INPUT"
    assert refusal(answer)["argument"] == "$first"


@pytest.mark.parametrize("name", LISTS)
async def test_cursor_with_a_character_changed_is_refused(ask: Ask, name: str) -> None:
    cursor = (await page(ask, name, 1))["pageInfo"]["endCursor"]
    changed = cursor[:-1] + ("A" if cursor[-1] != "A" else "Q")

    answer = await asked(ask, name, 1, changed)

    assert refusal(answer) == {
        "code": "CURSOR_INVALID",
        "argument": "after",
        "got": changed,
        "allowed": "endCursor or a cursor of this list",
    }


@pytest.mark.parametrize(("name", "other"), [("loans", "institutions"), ("institutions", "loans")])
async def test_cursor_of_another_list_is_refused(ask: Ask, name: str, other: str) -> None:
    cursor = (await page(ask, other, 1))["pageInfo"]["endCursor"]

    answer = await asked(ask, name, 1, cursor)

    assert refusal(answer)["code"] == "CURSOR_INVALID"


@pytest.mark.parametrize("name", LISTS)
async def test_cursor_that_is_an_id_is_refused(ask: Ask, name: str) -> None:
    identity = (await page(ask, name, 1))["nodes"][0]["id"]

    answer = await asked(ask, name, 1, identity)

    assert refusal(answer)["code"] == "CURSOR_INVALID"


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("after", ["", "0", "null", "\0", "x" * 5_000, "é"])
async def test_cursor_that_is_any_text_is_refused_and_repeated_in_part(ask: Ask, name: str, after: str) -> None:
    answer = await asked(ask, name, 1, after)

    assert refusal(answer)["code"] == "CURSOR_INVALID"
    assert refusal(answer).get("got", "") == after[:100]


async def test_loans_opened_on_one_day_stand_by_their_ids_and_not_as_they_were_loaded(ask: Ask) -> None:
    query = "query ($by: [BorrowerKey!]!) { borrowers(by: $by) { loans(first: 1000) { nodes { id openedOn } } } }"
    by = [{"subjectKey": sha256(f"demo borrower {number}".encode()).hexdigest()} for number in range(1, BORROWERS + 1)]

    data = (await ask(query, by=by))["data"]

    found = [
        [loan["id"] for loan in of_day]
        for borrower in data["borrowers"]
        if borrower
        for _, of_day in groupby(borrower["loans"]["nodes"], lambda loan: loan["openedOn"])
    ]
    assert all(ids == sorted(ids) for ids in found)
    assert sum(len(ids) > 1 for ids in found) > 2
