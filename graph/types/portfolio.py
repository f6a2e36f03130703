"""The portfolio: the whole market's figures, each from what the loads keep, never from the rows."""

from typing import Annotated

import strawberry

from graph.context import Info
from graph.limits import LARGEST_INT, threshold
from graph.types.delinquency import POPULATION, SUPPRESSION, DelinquencySeries
from graph.types.market import LendersPerBorrower, RollRate, Vintage
from graph.types.portfolio_filter import ByArgument, EveryArgument, Period
from graph.types.window import Window, WindowArgument
from resolvers.delinquency import Series
from resolvers.lenders import LendersPerBorrower as LendersOfBorrowers
from resolvers.rolls import RollRate as Roll
from resolvers.selection import PortfolioKey, Selection
from resolvers.vintages import Vintage as Cohort
from resolvers.vintages import VintageKey

OpenedArgument = Annotated[
    Window, strawberry.argument(description="Loans opened on a day of this window: half-open, from <= day < to.")
]
DaysArgument = Annotated[
    int, strawberry.argument(description="A loan counts as gone bad once it has more days past due; 0 or more.")
]
LEFT_OUT = f"What is suppressed is left out. {SUPPRESSION}"


@strawberry.type(
    description=(
        "The market's figures, over the loans that pass the filter, in their newest versions. They are kept by the "
        f"loads and exact at every instant. {SUPPRESSION}"
    )
)
class Portfolio:
    """The output."""

    chosen: strawberry.Private[Selection]

    @strawberry.field(
        description=(
            f"The rates of overdue loans, period by period. {POPULATION} With `by`, a series for each group with a "
            "population in the window; without, one series. By INSTITUTION, series of institutions that the caller "
            "may not see are left out."
        ),
        graphql_type=list[DelinquencySeries],
    )
    async def delinquency(
        self, info: Info, window: WindowArgument, every: EveryArgument = Period.MONTH, by: ByArgument = None
    ) -> list[Series]:
        """Resolve the field."""
        span = await info.context.span(window, None)
        key = PortfolioKey(self.chosen, span, every.name, by and by.name)
        return await info.context.loaders.delinquency_by_question.load(key)

    @strawberry.field(
        description=(
            "Loans grouped by when they were opened, followed by months on book: how many of them ever went bad. By "
            f"group, then by period, oldest first; a period without a loan has no cohort. {LEFT_OUT} So is, for every "
            "caller but the association, a cohort of which the window holds only a part of a calendar month."
        ),
        graphql_type=list[Vintage],
    )
    async def vintages(
        self,
        info: Info,
        opened: OpenedArgument,
        every: EveryArgument = Period.QUARTER,
        days_past_due: DaysArgument = 30,
        by: ByArgument = None,
    ) -> list[Cohort]:
        """Resolve the field."""
        over = threshold(days_past_due, "daysPastDue", most=LARGEST_INT)
        span = await info.context.span(opened, None, "opened")
        key = VintageKey(PortfolioKey(self.chosen, span, every.name, by and by.name), over)
        return await info.context.loaders.vintages_by_question.load(key)

    @strawberry.field(
        description=(
            "How loans move between buckets from one month to the next, added up over every two consecutive months in "
            "the window: by `from`, then by `to`, not reported last. A move that no loan made is not listed. Empty "
            f"where a month of the window is suppressed. {SUPPRESSION}"
        ),
        graphql_type=list[RollRate],
    )
    async def roll_rates(self, info: Info, window: WindowArgument) -> list[Roll]:
        """Resolve the field."""
        span = await info.context.span(window, None)
        return await info.context.loaders.rolls_by_question.load(PortfolioKey(self.chosen, span))

    @strawberry.field(
        description=(
            "How many borrowers hold loans from 1, 2, 3 ... lenders on the last day of each period (of the window, "
            f"where that is earlier), by period, oldest first, then by lenders. {LEFT_OUT}"
        ),
        graphql_type=list[LendersPerBorrower],
    )
    async def lenders_per_borrower(
        self, info: Info, window: WindowArgument, every: EveryArgument = Period.MONTH
    ) -> list[LendersOfBorrowers]:
        """Resolve the field."""
        span = await info.context.span(window, None)
        return await info.context.loaders.lenders_by_question.load(PortfolioKey(self.chosen, span, every.name))
