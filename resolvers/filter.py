"""Which of a borrower's loans a question is about."""

from datetime import date
from typing import NamedTuple, Protocol

from resolvers.window import Span


class LoanFilter(NamedTuple):
    """Which of a borrower's loans count; None does not restrict, an empty tuple lets nothing through."""

    kinds: tuple[str, ...] | None = None
    products: tuple[str, ...] | None = None
    states: tuple[str, ...] | None = None
    opened: Span | None = None
    active: Span | None = None


class Loan(Protocol):
    """What of a loan decides whether it passes a filter."""

    @property
    def institution_kind(self) -> str:
        """The kind of the lender."""

    @property
    def product(self) -> str:
        """The product."""

    @property
    def state(self) -> str:
        """Its state."""

    @property
    def opened_on(self) -> date:
        """First day of its life."""

    @property
    def closed_on(self) -> date | None:
        """Last day of its life."""


def passing(chosen: LoanFilter, loan: Loan) -> bool:
    """Tell whether a loan passes a filter."""
    kinds, products, states, opened, active = chosen
    return (
        (kinds is None or loan.institution_kind in kinds)
        and (products is None or loan.product in products)
        and (states is None or loan.state in states)
        and (opened is None or opened.start <= loan.opened_on < opened.end)
        and (
            active is None
            or (loan.opened_on < active.end and (loan.closed_on is None or active.start <= loan.closed_on))
        )
    )
