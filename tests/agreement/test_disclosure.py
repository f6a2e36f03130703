"""What restricted callers are shown: right, of groups large enough, and nothing that tells what is hidden.

Every portfolio is asked in one document: by kind, by product, of every mix of both, of the caller's institution, over
single months, quarters and windows of any days.
"""

from collections import Counter
from itertools import combinations, pairwise, product
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.agreement.bench import Bench
from tests.agreement.disclosure import Thresholds, disclosed
from tests.agreement.effort import effort
from tests.agreement.portfolio_documents import PortfolioQuestion, portfolio_document
from tests.oracle.crowds import crowds
from tests.oracle.deliveries import Portfolio
from tests.oracle.oracle import Oracle

MONTHS = [{"from": f"2024-0{month}-01", "to": f"2024-0{month + 1}-01"} for month in range(1, 5)]
RAGGED = [
    {"from": "2024-01-01", "to": "2024-02-15"},
    {"from": "2024-01-01", "to": "2024-02-16"},
    {"from": "2024-01-02", "to": "2024-03-01"},
    {"from": "2024-02-15", "to": "2024-03-16"},
]
WHOLE = {"from": "2024-01-01", "to": "2024-05-01"}
SMALL = {"BORROWGRAPH_SUPPRESS_BORROWERS": "4", "BORROWGRAPH_SUPPRESS_INSTITUTIONS": "2"}


# Smaller portfolios seldom show more: a counterexample is reported as it was drawn.
quick = settings(effort(20), phases=[Phase.generate])


def some(values: list[str]) -> list[list[str] | None]:
    """None, and every mix of one or more of the values."""
    return [None, *(list(mix) for count in range(1, len(values) + 1) for mix in combinations(values, count))]


def everything(portfolio: Portfolio, asking: str | None) -> list[PortfolioQuestion]:
    """All that one caller would ask to find out what is hidden, of what is not refused outright."""
    [delivery] = portfolio.deliveries
    kinds = sorted({row.kind for row in delivery.institutions})
    products = sorted({row.product for row in delivery.loans})
    mixes: list[dict[str, Any]] = [
        {"institutionKinds": kind, "products": what} for kind, what in product(some(kinds), some(products))
    ]
    own: list[dict[str, Any]] = [{"institutions": [asking]}] if asking else []
    asked = [PortfolioQuestion(mix, WHOLE) for mix in [*mixes, *own]]
    for window, every in [(WHOLE, "MONTH"), (WHOLE, "QUARTER"), (WHOLE, "YEAR"), *((one, "MONTH") for one in RAGGED)]:
        asked += [
            PortfolioQuestion(None, window, every, by) for by in (None, "INSTITUTION_KIND", "PRODUCT", "INSTITUTION")
        ]
    asked += [PortfolioQuestion({"institutionKinds": [kind]}, WHOLE, "QUARTER", "PRODUCT") for kind in kinds]
    asked += [PortfolioQuestion(None, window, "MONTH", by) for window in MONTHS for by in (None, "INSTITUTION_KIND")]
    asked += [PortfolioQuestion(None, {"from": one["from"], "to": two["to"]}) for one, two in pairwise(MONTHS)]
    return asked


@pytest.mark.parametrize("role", ["DASHBOARD", "INSTITUTION"])
def test_restricted_caller_is_shown_what_is_right_and_large_and_can_work_out_nothing_else(
    bench: Bench, role: str
) -> None:
    seen: Counter[str] = Counter()
    asking = "I0" if role == "INSTITUTION" else None

    @quick
    @given(st.data())
    def agree(data: st.DataObject) -> None:
        portfolio = data.draw(crowds())
        chosen, thresholds = data.draw(st.sampled_from([({}, Thresholds(10, 3)), (SMALL, Thresholds(4, 2))]))
        asked = everything(portfolio, asking)
        environment = {"BORROWGRAPH_ROLE": role, "BORROWGRAPH_ASKING_INSTITUTION": "I0", **chosen}
        with bench.holding(portfolio) as folders:
            found = disclosed(Oracle(*folders), asked, bench.data(portfolio_document(asked), **environment))
        assert found.wrong == []
        assert found.too_small(thresholds, asking) == []
        assert found.leaks(thresholds, asking) == []
        seen["shown"] += found.shown()
        seen["hidden"] += found.hidden()

    agree()

    # Were nothing shown, or nothing hidden, the test would show nothing.
    assert seen["shown"] >= 500
    assert seen["hidden"] >= 500
