"""Institutions by code, and pages of them."""

from collections.abc import Sequence
from typing import NamedTuple

from resolvers.database import Reading
from resolvers.slots import many_a_slot, one_a_slot
from sql.rows import InstitutionRow


class InstitutionsKey(NamedTuple):
    """A page: at most ``first`` institutions after the code ``after``, which is empty for the first page.

    ``only`` is the code of the one institution that is listed, None where all are.
    """

    first: int
    after: str
    only: str | None


async def institutions_by_code(reading: Reading, keys: Sequence[str]) -> list[InstitutionRow | None]:
    """Return each code's institution, None where there is none."""
    rows = await reading.fetch(InstitutionRow._make, "institutions/by_code", keys)
    return one_a_slot(rows, len(keys))


async def institution_pages(reading: Reading, keys: Sequence[InstitutionsKey]) -> list[list[InstitutionRow]]:
    """Return each page by code, with one row more than asked where the list goes on."""
    columns = [key.after for key in keys], [key.first + 1 for key in keys], [key.only for key in keys]
    rows = await reading.fetch(InstitutionRow._make, "institutions/pages", *columns)
    return many_a_slot(rows, len(keys))
