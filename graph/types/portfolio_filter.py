"""Which loans of the whole market a figure is about, and how it is grouped."""

from enum import Enum
from typing import Annotated

import strawberry

from graph.types.institution import InstitutionKind
from resolvers.callers import Caller
from resolvers.errors import Forbidden
from resolvers.selection import Selection

# The one character that PostgreSQL's text cannot hold: no code and no product has it.
NUL = "\0"


@strawberry.enum(description="The periods that a window is cut into, by the calendar.")
class Period(Enum):
    """From the shortest."""

    MONTH = strawberry.enum_value("MONTH", description="Calendar months.")
    QUARTER = strawberry.enum_value("QUARTER", description="Quarters that begin in January, April, July, October.")
    YEAR = strawberry.enum_value("YEAR", description="Calendar years.")


@strawberry.enum(description="What a figure of the portfolio can be grouped by.")
class PortfolioDimension(Enum):
    """In the contract's order."""

    INSTITUTION_KIND = strawberry.enum_value(
        "INSTITUTION_KIND", description="Kind of the lender; groups in the order of InstitutionKind."
    )
    INSTITUTION = strawberry.enum_value(
        "INSTITUTION",
        description=(
            "The lender, by its code; groups in the codes' order. The association sees all institutions, an "
            "institution itself, and everybody else none."
        ),
    )
    PRODUCT = strawberry.enum_value("PRODUCT", description="Product, as reported; groups in the names' order.")


@strawberry.input(
    description=(
        "Which loans count; what is left out or null does not restrict, an empty list lets nothing through. For "
        "callers other than the association a filter whose loans cannot be put together from published groups is "
        "suppressed."
    )
)
class PortfolioFilter:
    """The input."""

    institution_kinds: list[InstitutionKind] | None = strawberry.field(default=None, description="Kinds of the lender.")
    institutions: list[str] | None = strawberry.field(
        default=None,
        description=(
            "Codes of the lenders, to the letter. For the association; an institution may give its own. Any other, "
            "whether there is such a member or not, is FORBIDDEN."
        ),
    )
    products: list[str] | None = strawberry.field(default=None, description="Products, as reported, to the letter.")


PortfolioFilterArgument = Annotated[
    PortfolioFilter | None, strawberry.argument(description="Which loans count; left out, all loans of all members.")
]
ByArgument = Annotated[
    PortfolioDimension | None,
    strawberry.argument(description="Give a figure for each group; left out, one for everything, its `key` null."),
]
EveryArgument = Annotated[Period, strawberry.argument(description="The periods that the window is cut into.")]


def selection(chosen: PortfolioFilter | None, caller: Caller) -> Selection:
    """Return the filter as the resolvers take it; Forbidden where it names institutions that are not the caller's.

    It makes no difference whether there are any of that name.
    """
    if chosen is None:
        return Selection()
    kinds, institutions = chosen.institution_kinds, _texts(chosen.institutions)
    if not all(map(caller.knows, chosen.institutions or ())):
        allowed = "your own institution's code" if caller.own else "no institution's code"
        message = f"Figures of single institutions are not for the role {caller.role}; allowed: {allowed}."
        raise Forbidden(message, argument="filter.institutions", allowed=allowed)
    return Selection(
        kinds=None if kinds is None else frozenset(kind.name for kind in kinds),
        institutions=institutions,
        products=_texts(chosen.products),
    )


def _texts(given: list[str] | None) -> frozenset[str] | None:
    return None if given is None else frozenset(text for text in given if NUL not in text)
