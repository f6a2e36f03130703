"""Figures of the portfolio that follow loans or borrowers: vintages, roll rates, lenders per borrower."""

from datetime import date

import strawberry

from graph.types.overdue import Bucket
from graph.types.scalars import Money


@strawberry.type(description="A cohort at one month on book.")
class VintagePoint:
    """Taken from ``resolvers.vintages.VintagePoint`` as it is."""

    month_on_book: int = strawberry.field(description="Calendar months since the month of opening, which is 0.")
    loans: int = strawberry.field(description="Loans of the cohort that are reported at this month on book.")
    ever_rate: float | None = strawberry.field(
        description=(
            "Share of the cohort's loans, 0 to 1, that were more than `daysPastDue` days past due in any reported "
            "month up to this one."
        )
    )


@strawberry.type(description="A cohort: the loans opened in one period, within the window `opened`.")
class Vintage:
    """Taken from ``resolvers.vintages.Vintage`` as it is."""

    key: str | None = strawberry.field(
        description="The group: a kind, an institution's code or a product; null where `by` was left out."
    )
    opened: date = strawberry.field(description="First day of the period in which the loans were opened.")
    loans: int = strawberry.field(description="Loans of the cohort.")
    principal: Money = strawberry.field(description="Their principal.")
    curve: list[VintagePoint] = strawberry.field(
        description=(
            "From month on book 0 to the last one that every loan of the cohort has reached by the last reported "
            "month; empty where none is reached."
        )
    )


@strawberry.type(description="Loans that were in one bucket in a month, and in another one, or the same, in the next.")
class RollRate:
    """Taken from ``resolvers.rolls.RollRate`` as it is."""

    first: Bucket = strawberry.field(name="from", description="Bucket in the first of two consecutive months.")
    then: Bucket | None = strawberry.field(
        name="to", description="Bucket in the second; null for loans that are not reported in the second."
    )
    loans: int = strawberry.field(description="Loans that moved so, once for every two months of the window.")
    share: float | None = strawberry.field(description="Their share of the loans with the same `from`, 0 to 1.")


@strawberry.type(description="Borrowers with the same number of lenders on one day.")
class LendersPerBorrower:
    """Taken from ``resolvers.lenders.LendersPerBorrower`` as it is."""

    period: date = strawberry.field(description="The period's first day.")
    lenders: int = strawberry.field(
        description="Distinct institutions with a loan of the borrower alive on the period's last day, 1 or more."
    )
    borrowers: int = strawberry.field(description="Distinct borrowers with so many lenders.")
    share: float | None = strawberry.field(
        description="Their share of all borrowers with a lender on that day, 0 to 1."
    )
    over30_rate: float | None = strawberry.field(
        name="over30Rate",
        description="Share of them, 0 to 1, with any loan more than 30 days past due in that day's month.",
    )
