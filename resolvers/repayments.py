"""What was reported of loans, month by month."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from resolvers.database import Reading
from resolvers.slots import many_a_slot
from resolvers.window import Span
from sql.rows import RepaymentRow


class RepaymentsKey(NamedTuple):
    """A loan, a window, and an instant of knowledge (None for now)."""

    loan_id: int
    span: Span
    as_of: datetime | None


async def repayments_of_loans(reading: Reading, keys: Sequence[RepaymentsKey]) -> list[list[RepaymentRow]]:
    """Return the months reported of each key's loan in its window, as known at its instant, oldest first."""
    starts, ends = [key.span.start for key in keys], [key.span.end for key in keys]
    columns = [key.loan_id for key in keys], starts, ends, [key.as_of for key in keys]
    rows = await reading.fetch(RepaymentRow._make, "repayments/of_loans", *columns, min(starts), max(ends))
    return many_a_slot(rows, len(keys))
