"""Made-up portfolios that hurt: the API answers every field as the oracle does, and refuses what the oracle refuses."""

from collections import Counter
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.agreement.bench import Bench
from tests.agreement.comparing import assert_agrees
from tests.agreement.documents import Document, document
from tests.agreement.effort import effort
from tests.agreement.questions import enquiries
from tests.oracle.oracle import Oracle
from tests.portfolios import SECRET, Portfolio, bad_windows, instants, portfolios

ZONES = ["Asia/Shanghai", "Asia/Shanghai", "America/New_York", "Asia/Kathmandu"]
ASKERS = [("ASSOCIATION", None), ("ASSOCIATION", "I1"), ("INSTITUTION", "I1"), ("INSTITUTION", "I2")]
REFUSED = {"WINDOW_MALFORMED", "WINDOW_EMPTY", "VALUE_MALFORMED"}

WINDOWS = [
    f"query ($by: BorrowerKey!, $asOf: DateTime, $window: Window!) {{ borrower(by: $by, asOf: $asOf) {{ {field} }} }}"
    for field in (
        "multiLoan(window: $window) { loansOpened }",
        "overdue(window: $window) { pattern }",
        "loans(filter: {opened: $window}) { totalCount }",
        'multiLoan(window: {last: "P1M", to: "2024-03-01"}, filter: {active: $window}) { loansOpened }',
    )
]


def test_generated_portfolios_whatever_is_asked_answer_as_the_oracle(bench: Bench) -> None:
    seen: Counter[str] = Counter()

    @effort(110)
    @given(st.data())
    def agree(data: st.DataObject) -> None:
        # Drawn first: who asks is not to depend on how much the rest takes.
        role, asking = data.draw(st.sampled_from(ASKERS))
        portfolio = data.draw(corrected(data.draw(portfolios())))
        asked = data.draw(enquiries(portfolio))
        # What bounds a statement's chunks is the hull of all its windows: a window alone has no other to hide behind.
        alone = [one._replace(questions=(data.draw(st.sampled_from(one.questions)),)) for one in asked[:1]]
        zone = data.draw(st.sampled_from(ZONES))
        settings = {"BORROWGRAPH_TIME_ZONE": zone, "BORROWGRAPH_ROLE": role}
        settings |= {"BORROWGRAPH_ASKING_INSTITUTION": asking} if asking else {}
        with bench.holding(portfolio) as folders:
            oracle = Oracle(*folders, secret=SECRET, time_zone=zone, asking=asking)
            for enquiry in (asked, alone):
                found = bench.data(document(enquiry), **settings)
                seen[role] += assert_agrees(oracle, enquiry, found, alone=asking if role == "INSTITUTION" else None)

    agree()

    # A case is one known borrower's answer over one window and filter, at one instant.
    assert seen.total() >= 2_000
    assert seen["INSTITUTION"] >= 300


def test_generated_windows_that_the_oracle_refuses_are_refused_with_a_code(bench: Bench) -> None:
    seen: Counter[str] = Counter()

    @effort(30)
    @given(st.data())
    def refuse(data: st.DataObject) -> None:
        portfolio = data.draw(portfolios(deliveries=1))
        as_of = data.draw(st.none() | instants(portfolio))
        windows = data.draw(st.lists(bad_windows(portfolio, as_of), min_size=3, max_size=3))
        with bench.holding(portfolio) as folders:
            oracle = Oracle(*folders, secret=SECRET)
            known = [key for key in portfolio.subject_keys if oracle.borrower(key, as_of)]
            for key, window in zip(known, windows, strict=False):
                at = {"by": {"subjectKey": key}, "asOf": as_of and as_of.isoformat(), "window": window}
                seen.update(code(bench.post(Document(query, at))) for query in WINDOWS)

    refuse()

    assert seen.keys() - {"HORIZON_UNKNOWN"} == REFUSED


@st.composite
def corrected(draw: st.DrawFn, portfolio: Portfolio) -> Portfolio:
    """Draw the portfolio with its first institution under another name in the last delivery."""
    *earlier, last = portfolio.deliveries
    first, *others = last.institutions
    renamed = replace(first, name=draw(st.sampled_from([first.name, "Renamed"])))
    return replace(portfolio, deliveries=(*earlier, replace(last, institutions=(renamed, *others))))


def code(body: dict[str, Any]) -> str:
    """The code of a body's one error."""
    [error] = body["errors"]
    assert not (body.get("data") or {}).get("borrower"), body
    found: str = error["extensions"]["code"]
    return found
