"""What the platform holds, and the horizon at which trailing windows end."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from resolvers.database import Reading
from resolvers.window import add_months
from sql.rows import CoverageRow, HorizonRow, VersionRow


class HorizonKey(NamedTuple):
    """An instant of knowledge, None for now."""

    as_of: datetime | None


async def coverage(reading: Reading, keys: Sequence[str]) -> list[CoverageRow]:
    """Return the same row for every key, whatever it is: the platform has one coverage."""
    rows = await reading.fetch(CoverageRow._make, "coverage/of_platform")
    return rows * len(keys)


async def version(reading: Reading) -> VersionRow | None:
    """Return the newest delivery that changed anything; None where nothing was ever loaded."""
    rows = await reading.fetch(VersionRow._make, "coverage/version")
    return rows[0] if rows else None


def horizon(row: CoverageRow) -> date | None:
    """Return the first day after the last month reported."""
    return None if row.last_month is None else add_months(row.last_month, 1)


async def horizons(reading: Reading, keys: Sequence[HorizonKey]) -> list[date | None]:
    """Return the horizon known at each instant; None where nothing was reported by then."""
    rows = await reading.fetch(HorizonRow._make, "coverage/horizons", [key.as_of for key in keys])
    return [row.horizon for row in rows]
