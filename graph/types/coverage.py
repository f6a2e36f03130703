"""What the platform holds."""

from datetime import date
from typing import Self

import strawberry

from graph.types.scalars import BigInt, Month
from resolvers.coverage import horizon
from sql.rows import CoverageRow


@strawberry.type(
    description=(
        "What the platform holds, newest versions only; kept by the loads, never counted when asked. "
        "Months and horizon are null while nothing is reported."
    )
)
class Coverage:
    """The output."""

    first_month: Month | None = strawberry.field(description="The first month for which anything is reported.")
    last_month: Month | None = strawberry.field(description="The last month for which anything is reported.")
    horizon: date | None = strawberry.field(
        description="The first day after the last month reported: where a window that names no end ends."
    )
    borrowers: BigInt = strawberry.field(description="Persons named by any loan or inquiry.")
    loans: BigInt = strawberry.field(description="Loans.")
    repayments: BigInt = strawberry.field(description="Reports of a loan for a month.")
    institutions: int = strawberry.field(description="Members.")

    @classmethod
    def of(cls, row: CoverageRow) -> Self:
        """Return the coverage as clients see it."""
        return cls(
            first_month=None if row.first_month is None else Month(row.first_month),
            last_month=None if row.last_month is None else Month(row.last_month),
            horizon=horizon(row),
            borrowers=BigInt(row.borrowers),
            loans=BigInt(row.loans),
            repayments=BigInt(row.repayments),
            institutions=row.institutions,
        )
