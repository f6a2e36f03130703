"""Which of a borrower's loans count."""

from datetime import date
from enum import Enum
from typing import Annotated

import strawberry

from graph.context import Context
from graph.types.institution import InstitutionKind
from graph.types.window import Window
from resolvers.filter import LoanFilter as Filter


@strawberry.enum(description="Whether a loan goes on, and how it ended.")
class LoanState(Enum):
    """As reported."""

    ACTIVE = strawberry.enum_value("ACTIVE", description="It has no closing day.")
    SETTLED = strawberry.enum_value("SETTLED", description="Paid in full on its closing day.")
    WRITTEN_OFF = strawberry.enum_value("WRITTEN_OFF", description="Given up by the lender on its closing day.")
    TRANSFERRED = strawberry.enum_value("TRANSFERRED", description="Sold or handed on on its closing day.")


@strawberry.input(
    description="Which loans count; what is left out or null does not restrict, an empty list lets nothing through."
)
class LoanFilter:
    """The input."""

    institution_kinds: list[InstitutionKind] | None = strawberry.field(default=None, description="Kinds of the lender.")
    products: list[str] | None = strawberry.field(default=None, description="Products, as reported, to the letter.")
    states: list[LoanState] | None = strawberry.field(default=None, description="States of the loan.")
    opened: Window | None = strawberry.field(default=None, description="Loans opened in this window.")
    active: Window | None = strawberry.field(default=None, description="Loans alive on any day of this window.")


FilterArgument = Annotated[
    LoanFilter | None, strawberry.argument(description="Which loans count; left out, all of the borrower's.")
]


def resolved_filter(context: Context, chosen: LoanFilter | None, horizon: date | None) -> Filter:
    """Return the filter as the resolvers take it, its windows resolved."""
    if chosen is None:
        return Filter()
    kinds, products, states = chosen.institution_kinds, chosen.products, chosen.states
    if products is not None:
        # PostgreSQL's text cannot hold NUL, so no product has it.
        products = [product for product in products if "\0" not in product]
    return Filter(
        kinds=None if kinds is None else tuple(sorted({kind.name for kind in kinds})),
        products=None if products is None else tuple(sorted(set(products))),
        states=None if states is None else tuple(sorted({state.name for state in states})),
        opened=context.resolved(chosen.opened, horizon, "filter.opened") if chosen.opened else None,
        active=context.resolved(chosen.active, horizon, "filter.active") if chosen.active else None,
    )
