"""What is asked: each workload as a document of ours, as one of PostGraphile's, and as what the handlers are sent."""

from base64 import b64encode
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from bench.requests import dashboard

FIGURES = "loansOpened loansActive lendersActive inquiries principalOpened balanceAtEnd"
MONTHS = 24


class Workload(NamedTuple):
    """A name, what a person would call it, how many borrowers a request asks about, and over which windows.

    A measurement takes so many times ``longer``, and ``most`` connections ask at once.
    """

    name: str
    meaning: str
    borrowers: int
    windows: Sequence[int]
    as_of: datetime | None = None
    longer: int = 1
    most: int = 64


AS_OF = datetime.fromisoformat("2026-09-15T16:00:00+00:00")
WORKLOADS = {
    one.name: one
    for one in (
        Workload("A", "one borrower, four windows, loans with pattern and 24 months of three fields", 1, (1, 3, 6, 12)),
        Workload("B", "100 borrowers, their loans, 24 months of six fields", 100, ()),
        Workload(
            "C", "1,000 borrowers, eight windows, no months", 1_000, (1, 2, 3, 6, 9, 12, 18, 24), longer=5, most=8
        ),
        Workload("D", "the dashboard's document", 0, (), longer=3, most=8),
        Workload("E", "A as of an instant six weeks before the horizon", 1, (1, 3, 6, 12), AS_OF),
    )
}

LOANS_OF_ONE = (
    f'loans {{ nodes {{ id product openedOn state overdue(window: {{last: "P{MONTHS}M"}}) '
    "{ pattern months { month code overdueAmount } } } }"
)
NEWEST = "orderBy: [OPENED_ON_DESC, PRIMARY_KEY_DESC]"
LOANS_OF_MANY = (
    f'loans {{ nodes {{ product openedOn state repayments(window: {{last: "P{MONTHS}M"}}) '
    "{ month due paid balance overdueAmount daysPastDue } } }"
)


def ours(workload: Workload, keys: Sequence[bytes]) -> dict[str, Any]:
    """Return the body that Borrowgraph is sent."""
    if not workload.borrowers:
        return dashboard.body()
    windows = " ".join(
        f'last{length}: multiLoan(window: {{last: "P{length}M"}}) {{ {FIGURES} }}' for length in workload.windows
    )
    by: list[dict[str, str]] = [{"subjectKey": key.hex()} for key in keys]
    if workload.borrowers > 1:
        fields = windows or LOANS_OF_MANY
        text = f"query {workload.name}($by: [BorrowerKey!]!) {{ borrowers(by: $by) {{ subjectKey {fields} }} }}"
        return {"query": text, "variables": {"by": by}}
    fields = f"id subjectKey {windows} {LOANS_OF_ONE}"
    if workload.as_of is None:
        text = f"query A($by: BorrowerKey!) {{ borrower(by: $by) {{ {fields} }} }}"
        return {"query": text, "variables": {"by": by[0]}}
    text = f"query E($by: BorrowerKey!, $asOf: DateTime!) {{ borrower(by: $by, asOf: $asOf) {{ {fields} }} }}"
    return {"query": text, "variables": {"by": by[0], "asOf": workload.as_of.isoformat()}}


def floor(workload: Workload, keys: Sequence[bytes]) -> dict[str, Any]:
    """Return the body that the handlers are sent."""
    return {"keys": [key.hex() for key in keys]} | ({"asOf": workload.as_of} if workload.as_of else {})


def before(end: date, months: int) -> date:
    """Return the first of a month so many months before another."""
    year, month = divmod(end.year * 12 + end.month - 1 - months, 12)
    return date(year, month + 1, 1)


def postgraphile(workload: Workload, keys: Sequence[bytes], horizon: date) -> dict[str, Any]:
    """Return the body that PostGraphile is sent; it is told the windows' days, and need not look for the horizon."""
    known = "Known" if workload.as_of else ""
    named = ", asOf: $asOf" if workload.as_of else ""
    windows = " ".join(
        f'last{length}: multiLoan{known}(fromDay: "{before(horizon, length)}", toDay: $to{named}) {{ {FIGURES} }}'
        for length in workload.windows
    )
    variables: dict[str, Any] = {"to": str(horizon)}
    if workload.borrowers == 1:
        months = f"(fromMonth: $from, toMonth: $to{named}) {{ pattern months {{ month code overdueAmount }} }}"
        loans = f"versions(asOf: $asOf) {{ nodes {{ product openedOn state overdue{months} }} }}" if known else (
            f"loans({NEWEST}) {{ nodes {{ id product openedOn state overdue{months} }} }}"
        )  # fmt: skip
        text = (
            f"query {workload.name}($by: Base64EncodedBinary!, $from: Date!, $to: Date!"
            f"{', $asOf: Datetime!' if known else ''}) "
            f"{{ borrowerBySubjectKey(subjectKey: $by) {{ subjectKey {windows} {loans} }} }}"
        )
        by: object = b64encode(keys[0]).decode()
        variables |= {"from": str(before(horizon, MONTHS))} | ({"asOf": workload.as_of} if known else {})
    else:
        months = "repayments(filter: {month: {greaterThanOrEqualTo: $from, lessThan: $to}}, orderBy: [MONTH_ASC])"
        fields = "{ nodes { month due paid balance overdueAmount daysPastDue } }"
        loans = f"loans({NEWEST}) {{ nodes {{ product openedOn state {months} {fields} }} }}"
        text = (
            f"query {workload.name}($by: [String!]!, {'' if windows else '$from: Date!, '}$to: Date!) "
            f"{{ requestsKnownBorrowers(keys: $by) {{ nodes {{ subjectKey {windows or loans} }} }} }}"
        )
        by = [key.hex() for key in keys]
        variables |= {} if windows else {"from": str(before(horizon, MONTHS))}
    return {"query": text, "variables": variables | {"by": by}}
