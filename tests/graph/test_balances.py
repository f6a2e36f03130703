"""What is owed at a window's end, asked alone: then months are read of those loans alone that may be owed on."""

from hashlib import sha256
from typing import Any

import pytest

from tests.conftest import BORROWERS, Ask

BY = [{"subjectKey": sha256(f"demo borrower {number}".encode()).hexdigest()} for number in range(1, BORROWERS + 1)]
ALONE = """
query ($by: [BorrowerKey!]!, $window: Window!, $to: Date) {
  borrowers(by: $by) {
    given: multiLoan(window: $window) { balanceAtEnd loansAtEnd }
    written: multiLoan(window: {last: "P3M", to: $to}) { balanceAtEnd loansAtEnd }
    %s
  }
}
"""
MONTHS = 'loans { nodes { series(window: {last: "P24M"}) { balance } } }'


@pytest.mark.parametrize(
    ("window", "to"),
    [
        ({"last": "P6M"}, None),
        ({"from": "2025-02-10"}, None),
        ({"last": "P6M"}, "2026-03-20"),
        ({"from": "2024-01-01", "to": "2025-08-01"}, None),
        ({"last": "P1M", "to": "2025-11-30"}, "2026-01-01"),
    ],
)
async def test_balance_asked_alone_is_the_one_asked_beside_all_months(
    ask: Ask, window: dict[str, Any], to: str | None
) -> None:
    alone = await ask(ALONE % "", by=BY, window=window, to=to)
    beside = await ask(ALONE % MONTHS, by=BY, window=window, to=to)

    figures = [(one["given"], one["written"]) for one in alone["data"]["borrowers"] if one]
    assert figures == [(one["given"], one["written"]) for one in beside["data"]["borrowers"] if one]
    assert all(any(one[place]["balanceAtEnd"] for one in figures) for place in (0, 1))
