"""Overdue sequences: pattern, months, runs and episodes of a loan or of a borrower."""

from enum import Enum
from typing import Annotated

import strawberry

from graph.limits import MOST, threshold
from graph.types import window
from graph.types.scalars import Money, Month
from resolvers import sequence
from resolvers.table import Table
from resolvers.window import Span


@strawberry.enum(description="Days past due, in steps of 30.")
class Bucket(Enum):
    """From none to the worst."""

    M0 = strawberry.enum_value("M0", description="Not overdue.")
    M1 = strawberry.enum_value("M1", description="1-30 days past due.")
    M2 = strawberry.enum_value("M2", description="31-60 days past due.")
    M3 = strawberry.enum_value("M3", description="61-90 days past due.")
    M4 = strawberry.enum_value("M4", description="91-120 days past due.")
    M5 = strawberry.enum_value("M5", description="121-150 days past due.")
    M6 = strawberry.enum_value("M6", description="151-180 days past due.")
    M7 = strawberry.enum_value("M7", description="More than 180 days past due.")


OverDays = Annotated[
    int, strawberry.argument(description=f"A month counts if it has more days past due than this: 0 to {MOST}.")
]

CODES = (
    "After the monthly status of the credit report of the People's Bank of China; the first that fits: `/` the loan "
    "does not exist in this month (before the month it was opened in, or after the month it was closed in), `C` "
    "settled in this month, `G` ended in this month otherwise (written off, transferred), `1`-`7` reported overdue, "
    "the digit is the bucket (1: 1-30 days past due ... 7: over 180), `*` reported, nothing overdue and nothing due, "
    "`N` reported, something due and nothing overdue, `#` the loan exists and nothing is reported for this month."
)


@strawberry.type(description="A month of an overdue sequence.")
class OverdueMonth:
    """Taken from ``resolvers.sequence.Month`` as it is."""

    month: Month = strawberry.field(description="The month.")
    code: str = strawberry.field(description="The month's character in the pattern.")
    bucket: Bucket | None = strawberry.field(description="Bucket of the days past due; null where nothing is reported.")
    days_past_due: int | None = strawberry.field(
        description="Days past due; of a borrower, the most of any loan. Null where nothing is reported."
    )
    overdue_amount: Money | None = strawberry.field(
        description="Amount overdue; of a borrower, the sum over the loans. Null where nothing is reported."
    )


@strawberry.type(description="A maximal run of consecutive months with more days past due than `overDays`.")
class OverdueEpisode:
    """Taken from ``resolvers.sequence.Episode`` as it is."""

    first: Month = strawberry.field(name="from", description="First month of the run.")
    last: Month = strawberry.field(name="to", description="Last month of the run, itself included.")
    months: int = strawberry.field(description="How many months the run has.")
    max_days_past_due: int = strawberry.field(description="The most days past due of its months.")
    max_overdue_amount: Money = strawberry.field(description="The highest overdue amount of its months.")
    cured: bool = strawberry.field(
        description="Whether any later month of the window is reported with 0 days past due."
    )


@strawberry.interface(
    description=(
        "Overdue behaviour over the months of a window, in calendar order, from what is reported. A month that is not "
        "reported is not overdue and ends a run. A month belongs to the window if its first day does."
    )
)
class OverdueSequence:
    """What a loan's and a borrower's sequence share."""

    resolved: strawberry.Private[Span]
    every_month: strawberry.Private[Table[sequence.Month]]

    @strawberry.field(description="The window as resolved.")
    def span(self) -> window.Span:
        """Resolve the field."""
        return window.Span.of(self.resolved)

    @strawberry.field(description=f"One character a month of the window, oldest first. {CODES}")
    def pattern(self) -> str:
        """Resolve the field."""
        return sequence.pattern(self.every_month)

    @strawberry.field(
        description="Every month of the window, oldest first, reported or not.", graphql_type=list[OverdueMonth]
    )
    def months(self) -> Table[sequence.Month]:
        """Resolve the field."""
        return self.every_month

    @strawberry.field(description="Months with more than `overDays` days past due.")
    def overdue_months(self, over_days: OverDays = 0) -> int:
        """Resolve the field."""
        return sequence.months_over(self.every_month, threshold(over_days))

    @strawberry.field(description="Months with more than 30 days past due (M2 or worse).")
    def months_over_30(self) -> int:
        """Resolve the field."""
        return sequence.months_over(self.every_month, 30)

    @strawberry.field(description="Months with more than 60 days past due (M3 or worse).")
    def months_over_60(self) -> int:
        """Resolve the field."""
        return sequence.months_over(self.every_month, 60)

    @strawberry.field(description="Months with more than 90 days past due (M4 or worse).")
    def months_over_90(self) -> int:
        """Resolve the field."""
        return sequence.months_over(self.every_month, 90)

    @strawberry.field(description="The most days past due of any month; 0 where none is reported.")
    def max_days_past_due(self) -> int:
        """Resolve the field."""
        return sequence.max_days_past_due(self.every_month)

    @strawberry.field(description="The highest overdue amount of any month; 0 where none is reported.")
    def max_overdue_amount(self) -> Money:
        """Resolve the field."""
        return Money(sequence.max_overdue_amount(self.every_month))

    @strawberry.field(description="The most consecutive calendar months with more than `overDays` days past due.")
    def longest_run(self, over_days: OverDays = 0) -> int:
        """Resolve the field."""
        return sequence.longest_run(self.every_month, threshold(over_days))

    @strawberry.field(
        description=(
            "Consecutive months with more than `overDays` days past due, up to and including the window's last "
            "reported month; 0 where that month is not among them, or none is reported."
        )
    )
    def current_run(self, over_days: OverDays = 0) -> int:
        """Resolve the field."""
        return sequence.current_run(self.every_month, threshold(over_days))

    @strawberry.field(
        description="The maximal runs of consecutive months with more than `overDays` days past due, oldest first.",
        graphql_type=list[OverdueEpisode],
    )
    def episodes(self, over_days: OverDays = 0) -> list[sequence.Episode]:
        """Resolve the field."""
        return sequence.episodes(self.every_month, threshold(over_days))

    @strawberry.field(
        description=(
            "The months in which the sequence went over `overDays` days past due: the first of each run of such "
            "months, oldest first. A window that begins over counts its first month."
        )
    )
    def entries(self, over_days: OverDays = 30) -> list[Month]:
        """Resolve the field."""
        return [Month(episode.first) for episode in sequence.episodes(self.every_month, threshold(over_days))]

    @strawberry.field(
        description=(
            "Calendar months from the last month with more than `overDays` days past due to the last month of the "
            "window: 0 where it is that month, null where there is none."
        )
    )
    def months_since_overdue(self, over_days: OverDays = 0) -> int | None:
        """Resolve the field."""
        return sequence.months_since(self.every_month, threshold(over_days))

    @strawberry.field(
        description=(
            "Whether the window has at least `months` consecutive calendar months that are reported at `bucket` or "
            "worse: `hasRun(months: 2, bucket: M2)` is true where two months in a row were more than 30 days past "
            "due."
        )
    )
    def has_run(
        self,
        months: Annotated[int, strawberry.argument(description="How many months in a row, 1 or more.")],
        bucket: Annotated[Bucket, strawberry.argument(description="The mildest bucket that counts.")] = Bucket.M1,
    ) -> bool:
        """Resolve the field."""
        return sequence.has_run(self.every_month, threshold(months, "months", least=1), bucket.name)


@strawberry.type(description="One loan's overdue behaviour over a window.")
class LoanOverdue(OverdueSequence):
    """The output."""


@strawberry.type(
    description=(
        "A borrower's overdue behaviour over a window: every month is the worst of the borrower's loans that pass the "
        "filter. Days past due are the most, the overdue amount the sum over the loans reported for the month; the "
        "code is the highest digit if any loan has one, else the first of `G N * C # /` that any loan has. A month is "
        "reported if any loan's is."
    )
)
class BorrowerOverdue(OverdueSequence):
    """The output."""

    overdue_loans: int = strawberry.field(description="Loans with at least one overdue month in the window.")
    overdue_lenders: int = strawberry.field(
        description="Distinct institutions of the loans with at least one overdue month in the window."
    )
