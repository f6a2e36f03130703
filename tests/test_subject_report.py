"""`borrowgraph subject-report` as a person is given it: everything that is held, and nobody counts the asking."""

import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser

from tests.conftest import BORROWERS, CHECKOUT, SECRET, serving
from tests.graph.browsing import Visited, chromium
from tests.intake.delivering import BANK, INQUIRY, LOAN, REPAYMENT, deliver, loaded

NUMBER = "11010519491231002X"
HOLDER = {"subject_key": "", "document_kind": "ID_CARD", "document_number": NUMBER}
OTHER = HOLDER | {"document_number": "440524188001010014"}
FUND = {"code": "FND", "name": "A fund <of> many", "kind": "MICROLOAN"}
ODD = LOAN | OTHER | {"loan": "L9", "reported_at": "2024-04-01T09:00:00+08:00"}
DELIVERY = {
    "institutions": [BANK, FUND],
    "loans": [
        LOAN | HOLDER,
        # Its lender took the person's card for another's, and said so later.
        LOAN | HOLDER | {"institution": "FND", "loan": "F1", "opened_on": "2024-02-10", "product": "CREDIT_LINE"},
        LOAN | OTHER | {"institution": "FND", "loan": "F1", "opened_on": "2024-02-10", "product": "CREDIT_LINE",
                        "reported_at": "2024-03-05T09:00:00+08:00"},
        ODD,
        LOAN | HOLDER | {"principal": "1200.00", "reported_at": "2024-02-20T09:00:00+08:00"},
    ],
    "repayments": [
        REPAYMENT,
        REPAYMENT | {"paid": "100.00", "overdue_amount": "0.00", "days_past_due": "0", "balance": "800.00",
                     "reported_at": "2024-03-20T09:00:00+08:00"},
        REPAYMENT | {"month": "2024-04", "days_past_due": "44", "reported_at": "2024-05-02T09:00:00+08:00"},
    ],
    "inquiries": [INQUIRY | HOLDER, INQUIRY | OTHER],
}  # fmt: skip

TOLD = (
    "1 lender has reported 1 loan of yours. 1 is open.",
    "44 days overdue",
    "1,200.00",
    "2 May 2024, 09:00",
    "Loan approval",
    "A fund &lt;of&gt; many",
    "took that back in a report of 5 March 2024, 09:00",
)

Given = tuple[dict[str, Any], str, "subprocess.CompletedProcess[str]"]


@pytest.fixture
def held_url(database_url: str, tmp_path: Path) -> str:
    """Give the address of a database with the delivery."""
    loaded(database_url, deliver(tmp_path / "delivery", **DELIVERY), secret=SECRET.encode())
    return database_url


@pytest.fixture
def given(tmp_path: Path) -> Callable[..., Given]:
    """Give what runs the command on a database, and returns the record, the page and what was said."""

    def given(url: str, *words: str, number: str = NUMBER) -> Given:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("BORROWGRAPH_")}
        environment = inherited | {"DATABASE_URL": url, "BORROWGRAPH_SECRET": SECRET}
        words = words or ("--document-kind", "ID_CARD")
        command = [sys.executable, "-m", "cli", "subject-report", *words, "--out", str(tmp_path / "report.html")]
        done = subprocess.run(
            command, cwd=CHECKOUT, env=environment, input=f"{number}\n", capture_output=True, text=True, check=False
        )
        if done.returncode:
            return {}, "", done
        page, record = (tmp_path / f"report.{kind}" for kind in ("html", "json"))
        assert {stat.S_IMODE(file.stat().st_mode) for file in (page, record)} == {0o600}
        assert not list(tmp_path.glob(".report*"))
        return json.loads(record.read_text()), page.read_text(), done

    return given


def rows(url: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query.encode()).fetchall()


def test_report_holds_what_lenders_reported_and_what_they_corrected(held_url: str, given: Callable[..., Given]) -> None:
    record, page, done = given(held_url)

    assert done.stdout == ""
    assert done.stderr.endswith("report.html, report.json: 2 loans, 1 inquiry, 0 reads\n")
    mistaken, kept = record["loans"]
    assert (mistaken["institution"], mistaken["withdrawnAt"], mistaken["months"]) == (
        "A fund <of> many", "2024-03-05T01:00:00Z", []
    )  # fmt: skip
    assert kept["withdrawnAt"] is None
    assert (kept["institution"], kept["number"], kept["principal"], kept["state"]) == (
        "A bank",
        "L1",
        120_000,
        "ACTIVE",
    )
    months = [(one["month"], one["code"], one["daysPastDue"], one["balance"]) for one in kept["months"]]
    assert months == [
        ("2024-01", "#", None, None), ("2024-02", "N", 0, 80_000), ("2024-03", "#", None, None),
        ("2024-04", "2", 44, 90_000),
    ]  # fmt: skip
    corrected = [(one["month"], one["field"], one["before"], one["after"]) for one in kept["corrections"]]
    assert corrected == [
        (None, "principal", 100_000, 120_000),
        ("2024-02", "paid", 0, 10_000),
        ("2024-02", "balance", 90_000, 80_000),
        ("2024-02", "overdueAmount", 10_000, 0),
        ("2024-02", "daysPastDue", 14, 0),
    ]
    assert [(one["institution"], one["purpose"]) for one in record["inquiries"]] == [("A bank", "LOAN_APPROVAL")]
    for text in TOLD:
        assert text in page


def test_report_is_logged_as_the_persons_own_request_and_counted_by_nobody(
    held_url: str, given: Callable[..., Given]
) -> None:
    inquiries = rows(held_url, "select * from inquiry order by 1, 2")

    first, _, _ = given(held_url)
    second, page, _ = given(held_url)

    assert first["reads"] == []
    assert [(one["purpose"], one["institution"], one["counted"], one["found"]) for one in second["reads"]] == [
        ("OWN_REQUEST", None, False, True)
    ]
    assert second["reads"][0]["requestId"] == first["requestId"]
    logged = "select purpose, caller, request, borrower_id is not null from inquiry_log order by id"
    assert rows(held_url, logged) == [
        ("OWN_REQUEST", "subject-report", one["requestId"], True) for one in (first, second)
    ]
    assert rows(held_url, "select * from inquiry order by 1, 2") == inquiries
    assert "You asked to see what is held of you" in page


def test_report_is_the_same_but_for_the_request(held_url: str, given: Callable[..., Given]) -> None:
    reports = []
    for _ in range(2):
        record, page, _ = given(held_url)
        made = record["madeAt"]
        # The second has one look-up more: the first.
        reports.append(page.partition("Every time your record was looked up here")[0].replace(record["requestId"], ""))
        record |= {"madeAt": "", "requestId": "", "reads": []}
        reports.append(json.dumps(record))
        assert made

    instant = re.compile(r"\d+ November 2026, \d\d:\d\d|\d+ \w+ \d{4}, \d\d:\d\d")
    assert instant.sub("", reports[0]) == instant.sub("", reports[2])
    assert reports[1] == reports[3]


async def test_report_tells_who_looked_why_and_with_what_consent(held_url: str, given: Callable[..., Given]) -> None:
    by = {"by": {"document": {"kind": "ID_CARD", "number": NUMBER}}}
    asked = 'query ($by: BorrowerKey!) { borrower(by: $by, purpose: LOAN_APPLICATION, consent: "C <1>") { id } }'
    role = {"BORROWGRAPH_ROLE": "INSTITUTION", "BORROWGRAPH_ASKING_INSTITUTION": "FND"}
    async with serving(held_url, **role) as client:
        response = await client.post(
            "/graphql", json={"query": asked, "variables": by}, headers={"x-request-id": "the-request-1"}
        )
        assert "errors" not in response.json()

    record, page, _ = given(held_url)

    [read] = record["reads"]
    assert (read["institution"], read["purpose"], read["consent"], read["counted"], read["requestId"]) == (
        "A fund <of> many", "LOAN_APPLICATION", "C <1>", True, "the-request-1"
    )  # fmt: skip
    assert [one["institution"] for one in record["inquiries"]] == ["A fund <of> many", "A bank"]
    assert "C &lt;1&gt;" in page


def test_report_of_somebody_unknown_says_so_and_who_asked_for_them(held_url: str, given: Callable[..., Given]) -> None:
    first, page, done = given(held_url, number="nobody has this")
    second, _, _ = given(held_url, number="nobody has this")

    assert done.returncode == 0
    assert "Nothing is held of you here" in page
    assert (first["known"], first["loans"], first["inquiries"]) == (False, [], [])
    assert [one["found"] for one in second["reads"]] == [False]


def test_report_never_holds_the_number(held_url: str, given: Callable[..., Given]) -> None:
    record, page, done = given(held_url)

    for text in (json.dumps(record), page, done.stdout, done.stderr, repr(rows(held_url, "select * from inquiry_log"))):
        assert NUMBER not in text


@pytest.mark.parametrize(
    ("words", "number", "status", "said"),
    [
        (("--document-kind", "ID_CARD"), "", 65, "a subject key needs a secret, a kind of document and a number"),
        (("--subject-key", "12"), "", 65, "allowed are 64 hexadecimal digits"),
        (("--subject-key", "ab" * 32, "--document-kind", "ID_CARD"), "", 2, "got both or neither"),
    ],
)
def test_person_who_is_not_named_rightly_is_refused_and_not_logged(
    held_url: str, given: Callable[..., Given], words: tuple[str, ...], number: str, status: int, said: str
) -> None:
    _, _, done = given(held_url, *words, number=number)

    assert done.returncode == status
    assert said in " ".join(done.stderr.split())
    assert rows(held_url, "select count(*) from inquiry_log") == [(0,)]


def test_report_that_cannot_be_logged_is_not_made(held_url: str, given: Callable[..., Given]) -> None:
    with psycopg.connect(held_url) as connection:
        connection.execute("revoke execute on all functions in schema public from borrowgraph_reader")

    _, page, done = given(held_url)

    assert done.returncode == 69
    assert done.stderr.count("\n") == 1
    assert "could not be logged" in done.stderr
    assert page == ""


LOANS = """query ($by: BorrowerKey!) {
    borrower(by: $by) { loans(first: 100) { nodes {
        institution { name } product principal openedOn closedOn state
        repayments(window: { from: "2000-01-01", to: "2030-01-01" }) {
            month due paid balance overdueAmount daysPastDue code reportedAt } } } } }"""


async def test_report_agrees_with_the_api(
    demo_url: str, create: Callable[[str], str], demo_template: str, given: Callable[..., Given]
) -> None:
    url = create(demo_template)
    many = rows(demo_url, "select encode(subject_key, 'hex') from borrower order by id")[:: BORROWERS // 4]
    async with serving(url) as client:
        for (key,) in many:
            body = {"query": LOANS, "variables": {"by": {"subjectKey": key}}}
            answer = (await client.post("/graphql", json=body)).json()["data"]["borrower"]["loans"]["nodes"]
            record, page, _ = given(url, "--subject-key", key)

            told = [
                {name: loan[name] for name in ("product", "principal", "openedOn", "closedOn", "state")}
                | {"institution": {"name": loan["institution"]}}
                | {"repayments": [month for month in loan["months"] if month["due"] is not None]}
                for loan in record["loans"]
            ]
            for loan in answer:
                for month in loan["repayments"]:
                    month["reportedAt"] = month["reportedAt"].replace("+00:00", "Z")
            assert plain(told) == plain(answer)
            assert all(loan["number"] in unescape(page) for loan in record["loans"])


def plain(loans: list[dict[str, Any]]) -> list[str]:
    """Give loans without their order and that of their members."""
    return sorted(json.dumps(loan, sort_keys=True) for loan in loans)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give a Chromium."""
    with chromium() as browser:
        yield browser


@pytest.mark.parametrize(("width", "height"), [(794, 1123), (390, 844)])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_needs_nothing_else_and_fits(
    held_url: str, given: Callable[..., Given], browser: Browser, tmp_path: Path, width: int, height: int, scheme: Any
) -> None:
    given(held_url)
    file = tmp_path / "report.html"

    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    visited = Visited(context.new_page())
    visited.page.goto(file.as_uri())

    assert visited.asked == [file.as_uri()]
    assert visited.complaints == []
    assert visited.page.evaluate("document.documentElement.scrollWidth") <= width
    assert visited.page.locator("script").count() == 0
    for link in visited.page.locator("a").all():
        assert visited.page.locator(link.get_attribute("href") or "").count() == 1
    visited.page.emulate_media(media="print")
    assert visited.page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    context.close()
