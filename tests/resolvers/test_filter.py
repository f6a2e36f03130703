"""Filters: which of a borrower's loans pass."""

from datetime import date
from typing import NamedTuple

import pytest

from resolvers.filter import LoanFilter, passing
from resolvers.window import Span


class Lent(NamedTuple):
    """A loan, as far as a filter looks at it."""

    institution_kind: str = "BANK"
    product: str = "CASH"
    state: str = "SETTLED"
    opened_on: date = date(2025, 3, 1)
    closed_on: date | None = date(2025, 5, 31)


@pytest.mark.parametrize(
    ("chosen", "passes"),
    [
        (LoanFilter(), True),
        (LoanFilter(kinds=("BANK", "OTHER")), True),
        (LoanFilter(kinds=("OTHER",)), False),
        (LoanFilter(kinds=()), False),
        (LoanFilter(products=("CASH",), states=("SETTLED",)), True),
        (LoanFilter(products=("CASH",), states=("ACTIVE",)), False),
        (LoanFilter(opened=Span(date(2025, 3, 1), date(2025, 3, 2))), True),
        (LoanFilter(opened=Span(date(2025, 2, 1), date(2025, 3, 1))), False),
        (LoanFilter(active=Span(date(2025, 5, 31), date(2025, 6, 1))), True),
        (LoanFilter(active=Span(date(2025, 6, 1), date(2025, 7, 1))), False),
        (LoanFilter(active=Span(date(2025, 2, 1), date(2025, 3, 1))), False),
    ],
)
def test_loan_passes_a_filter_or_does_not(chosen: LoanFilter, passes: bool) -> None:  # noqa: FBT001 - a case
    assert passing(chosen, Lent()) is passes


def test_loan_that_goes_on_passes_a_window_after_its_opening() -> None:
    far = LoanFilter(active=Span(date(2030, 1, 1), date(2030, 1, 2)))

    assert passing(far, Lent(closed_on=None))
