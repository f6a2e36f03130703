"""Multi-loan figures of borrowers over windows."""

from collections.abc import Sequence
from typing import NamedTuple

from resolvers.database import Reading
from resolvers.questions import LoansKey, encoded
from resolvers.slots import many_a_slot
from resolvers.window import first_of_month
from sql.rows import MultiLoanRow


class MultiLoan(NamedTuple):
    """The figures over all kinds of institution, and over each kind with anything to count, by the kind's name."""

    total: MultiLoanRow
    by_kind: dict[str, MultiLoanRow]


async def multi_loans(
    reading: Reading, keys: Sequence[LoansKey], *, time_zone: str, asking: str | None
) -> list[MultiLoan]:
    """Return the figures of each key's borrower over its question's window, which must not be None.

    ``time_zone`` is the platform's, in which inquiries fall on days; inquiries of the institution ``asking`` (a code)
    are not counted.
    """
    spans = [key.question.span for key in keys if key.question.span is not None]
    bounds = first_of_month(min(span.start for span in spans)), max(span.end for span in spans)
    rows = await reading.fetch(MultiLoanRow._make, "multiloan/of_borrowers", *encoded(keys), *bounds, time_zone, asking)
    return [_assembled(slot) for slot in many_a_slot(rows, len(keys))]


def _assembled(rows: list[MultiLoanRow]) -> MultiLoan:
    total, *kinds = rows
    return MultiLoan(total, {row.kind: row for row in kinds if row.kind is not None})
