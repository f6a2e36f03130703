"""The delinquency of the portfolio: shares overdue, by days and grades, period by period."""

from datetime import date
from enum import Enum

import strawberry

from graph.types.overdue import Bucket
from graph.types.scalars import Money

POPULATION = (
    "A month's population is the loans reported for it with balance > 0 or overdue amount > 0. A period's point is its "
    "last month within the window that has a population; a period without one has no point."
)
NONE = "null where there is none"
SUPPRESSION = (
    "A group of fewer than 10 borrowers or 3 institutions (the operator's settings) is suppressed for every caller but "
    "the association, and so is what would let such a group be worked out from published ones."
)


@strawberry.enum(description="How long overdue, after the association's disclosure standard T/NIFA 1-2016.")
class OverdueGrade(Enum):
    """From the mildest."""

    UP_TO_90 = strawberry.enum_value("UP_TO_90", description="1-90 days past due.")
    FROM_91_TO_180 = strawberry.enum_value("FROM_91_TO_180", description="91-180 days past due.")
    OVER_180 = strawberry.enum_value("OVER_180", description="More than 180 days past due.")


@strawberry.type(description="The population's loans of one bucket.")
class BucketShare:
    """Taken from ``resolvers.delinquency.BucketShare`` as it is."""

    bucket: Bucket = strawberry.field(description="Days past due at the month's end.")
    loans: int = strawberry.field(description="Loans of the bucket.")
    balance: Money = strawberry.field(description="Their balance at the month's end.")
    share: float | None = strawberry.field(
        description="Their balance over the population's, 0 to 1; null where the population has no balance."
    )


@strawberry.type(description="The population's loans of one grade.")
class OverdueGradeShare:
    """Taken from ``resolvers.delinquency.GradeShare`` as it is."""

    grade: OverdueGrade = strawberry.field(description="How long overdue.")
    loans: int = strawberry.field(description="Loans of the grade.")
    overdue_amount: Money = strawberry.field(description="Their overdue amount at the month's end.")
    loan_rate: float | None = strawberry.field(description="Loans of the grade over the population's loans, 0 to 1.")
    amount_rate: float | None = strawberry.field(
        description=(
            "Overdue amount of the grade over the population's balance, 0 or more; null where the population has no "
            "balance."
        )
    )


@strawberry.type(description=f"Delinquency at one point of time. {POPULATION}")
class DelinquencyPoint:
    """Taken from ``resolvers.delinquency.Point`` as it is."""

    period: date = strawberry.field(description="The period's first day.")
    suppressed: bool = strawberry.field(
        description=(
            "True where the group is too small to publish: every figure is then null, `buckets` and `grades` are "
            f"empty. {SUPPRESSION}"
        )
    )
    loans: int | None = strawberry.field(description="Loans of the population.")
    borrowers: int | None = strawberry.field(description="Distinct borrowers of those loans.")
    balance: Money | None = strawberry.field(description="Balance of those loans at the month's end.")
    overdue_balance: Money | None = strawberry.field(description="Balance of the loans with days past due > 0.")
    overdue_rate: float | None = strawberry.field(
        description=f"Balance of the loans with days past due > 0 over the balance, 0 to 1; {NONE}."
    )
    over30_rate: float | None = strawberry.field(
        name="over30Rate",
        description=f"Balance of the loans more than 30 days past due over the balance, 0 to 1; {NONE}.",
    )
    over60_rate: float | None = strawberry.field(
        name="over60Rate",
        description=f"Balance of the loans more than 60 days past due over the balance, 0 to 1; {NONE}.",
    )
    over90_rate: float | None = strawberry.field(
        name="over90Rate",
        description=f"Balance of the loans more than 90 days past due over the balance, 0 to 1; {NONE}.",
    )
    overdue_loan_rate: float | None = strawberry.field(
        description="Loans with days past due > 0 over the population's loans, 0 to 1."
    )
    over30_loan_rate: float | None = strawberry.field(
        name="over30LoanRate", description="Loans more than 30 days past due over the population's loans, 0 to 1."
    )
    buckets: list[BucketShare] = strawberry.field(
        description="All eight buckets, M0 to M7, those without a loan too; empty where suppressed."
    )
    grades: list[OverdueGradeShare] = strawberry.field(
        description="All three grades, the mildest first, those without a loan too; empty where suppressed."
    )


@strawberry.type(description="The delinquency of a group, or of everything.")
class DelinquencySeries:
    """Taken from ``resolvers.delinquency.Series`` as it is."""

    key: str | None = strawberry.field(
        description="The group: a kind, an institution's code or a product; null where `by` was left out."
    )
    points: list[DelinquencyPoint] = strawberry.field(
        description="One for each period with a population, oldest first."
    )
