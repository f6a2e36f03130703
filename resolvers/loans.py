"""Loans: of borrowers, and by id."""

from collections.abc import Sequence

from resolvers.database import Reading
from resolvers.questions import LoansKey, encoded
from resolvers.slots import many_a_slot, one_a_slot
from sql.rows import LoanRow


async def loans_of_borrowers(reading: Reading, keys: Sequence[LoansKey]) -> list[list[LoanRow]]:
    """Return the loans of each key's borrower that pass its filter, as known at its instant, newest opened first."""
    rows = await reading.fetch(LoanRow._make, "loans/of_borrowers", *encoded(keys))
    return many_a_slot(rows, len(keys))


async def loans_by_id(reading: Reading, keys: Sequence[int]) -> list[LoanRow | None]:
    """Return the newest version of each loan, None where there is none."""
    rows = await reading.fetch(LoanRow._make, "loans/by_id", keys)
    return one_a_slot(rows, len(keys))
