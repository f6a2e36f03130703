"""Multi-loan figures of borrowers over windows."""

from collections.abc import Sequence
from datetime import datetime

from resolvers.database import Reading
from resolvers.figures import Figures, Inquiries
from resolvers.questions import LoanFilter, LoansKey, passing
from resolvers.slots import many_a_slot
from resolvers.window import first_of_month
from sql.rows import HoldingRow


async def multi_loans(
    reading: Reading, keys: Sequence[LoansKey], *, time_zone: str, asking: str | None
) -> list[Figures]:
    """Return the figures of each key's borrower over its question's window, which must not be None.

    ``time_zone`` is the platform's, in which inquiries fall on days; inquiries of the institution ``asking`` (a code)
    are not counted. What a borrower has is read once for all windows and filters.
    """
    held = await _held(reading, keys, time_zone, asking)
    chosen: dict[tuple[int, datetime | None, LoanFilter], list[HoldingRow]] = {}
    figures = []
    for borrower, question in keys:
        span, as_of, only = question.span, question.as_of, question.filter
        if span is None:
            raise TypeError("a multi-loan question has a window")
        everything, inquiries = held[borrower, as_of]
        loans = chosen.get((borrower, as_of, only))
        if loans is None:
            loans = chosen[borrower, as_of, only] = [loan for loan in everything if passing(only, loan)]
        figures.append(Figures(span, loans, everything, inquiries, only.kinds, asking is not None))
    return figures


async def _held(
    reading: Reading, keys: Sequence[LoansKey], time_zone: str, asking: str | None
) -> dict[tuple[int, datetime | None], tuple[list[HoldingRow], Inquiries]]:
    spans = [key.question.span for key in keys if key.question.span is not None]
    holders = list(dict.fromkeys((key.borrower_id, key.question.as_of) for key in keys))
    ends = sorted({span.end for span in spans})
    bounds = first_of_month(min(span.start for span in spans)), ends[-1]
    burden = any(key.question.burden for key in keys)
    instants = [as_of for _, as_of in holders]
    borrowers = [borrower for borrower, _ in holders]
    rows = await reading.fetch(
        HoldingRow._make, "multiloan/of_borrowers", borrowers, instants, ends, *bounds, time_zone, asking, burden
    )
    slots = many_a_slot(rows, len(holders))
    return {holder: (_loans(slot), _inquiries(slot[0])) for holder, slot in zip(holders, slots, strict=True)}


def _loans(slot: list[HoldingRow]) -> list[HoldingRow]:
    return slot if slot[0].id is not None else []


def _inquiries(row: HoldingRow) -> Inquiries:
    return Inquiries(row.instants or (), row.inquirers or (), row.kinds or (), row.asking)
