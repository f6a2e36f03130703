"""Deliveries, what became of their rows, and the quality of what institutions report."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from resolvers.database import Reading
from resolvers.slots import many_a_slot
from resolvers.window import Span
from sql.rows import DeliveryCountRow, DeliveryRow, QualityRow, RuleRow, TotalRow


class DeliveriesKey(NamedTuple):
    """A page: at most ``first`` deliveries with numbers below ``before``."""

    first: int
    before: int


class QualityKey(NamedTuple):
    """The months of a window, of the institution with this code, or of all."""

    span: Span
    code: str | None


class MonthKey(NamedTuple):
    """An institution's month."""

    institution_id: int
    month: date


async def delivery_pages(reading: Reading, keys: Sequence[DeliveriesKey]) -> list[list[DeliveryRow]]:
    """Return each page newest first, with one row more than asked where the list goes on."""
    columns = [key.before for key in keys], [key.first + 1 for key in keys]
    rows = await reading.fetch(DeliveryRow._make, "quality/delivery_pages", *columns)
    return many_a_slot(rows, len(keys))


async def deliveries_counted(reading: Reading, keys: Sequence[str]) -> list[int]:
    """Return for every key, whatever it is, how many deliveries are noted."""
    rows = await reading.fetch(TotalRow._make, "quality/deliveries_counted", list(range(1, len(keys) + 1)))
    return [row.total for row in rows]


async def counts_of_deliveries(reading: Reading, keys: Sequence[int]) -> list[list[DeliveryCountRow]]:
    """Return what became of each delivery's rows, by kind of file."""
    rows = await reading.fetch(DeliveryCountRow._make, "quality/counts_of_deliveries", keys)
    return many_a_slot(rows, len(keys))


async def rules_of_deliveries(reading: Reading, keys: Sequence[int]) -> list[list[RuleRow]]:
    """Return each delivery's rejected and warned rows by rule, the most first."""
    rows = await reading.fetch(RuleRow._make, "quality/rules_of_deliveries", keys)
    return many_a_slot(rows, len(keys))


async def qualities(reading: Reading, keys: Sequence[QualityKey]) -> list[list[QualityRow]]:
    """Return for each key the months by institution's code and month."""
    # Without a first day of a month in its span a window has no month.
    starts = [next(iter(key.span.months()), key.span.end) for key in keys]
    columns = starts, [key.span.end for key in keys], [key.code for key in keys]
    rows = await reading.fetch(QualityRow._make, "quality/of_months", *columns)
    return many_a_slot(rows, len(keys))


async def rules_of_months(reading: Reading, keys: Sequence[MonthKey]) -> list[list[RuleRow]]:
    """Return each month's rejected and warned rows by rule, the most first."""
    columns = [key.institution_id for key in keys], [key.month for key in keys]
    rows = await reading.fetch(RuleRow._make, "quality/rules_of_months", *columns)
    return many_a_slot(rows, len(keys))
