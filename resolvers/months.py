"""A loan's months, packed: columns with a place a calendar month, read by the months' numbers."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from itertools import repeat
from typing import TypeVar

from resolvers.window import Span
from sql.portraits import KnownPortraitRow, PortraitRow

Value = TypeVar("Value")

COLUMNS = ("due", "paid", "balance", "overdue_amount", "days_past_due")


def number(day: date) -> int:
    """Return the number of a day's month: the next month has the next number."""
    return day.year * 12 + day.month - 1


@lru_cache(maxsize=256)
def numbers(span: Span) -> tuple[int, int]:
    """Return the number of the first month whose first day lies in the span, and that behind the last one."""
    start, end = (number(day) + (day.day > 1) for day in span)
    return start, max(start, end)


@lru_cache(maxsize=1_024)
def days(start: int, stop: int) -> tuple[date, ...]:
    """Return the first days of the months with these numbers."""
    return tuple(date(at // 12, at % 12 + 1, 1) for at in range(start, stop))


def cut(loan: PortraitRow, column: Sequence[Value | None], start: int, stop: int) -> list[Value | None]:
    """Return a column's values in the months with these numbers, None where nothing is reported."""
    if loan.first_month is None:
        return [None] * (stop - start)
    first = number(loan.first_month)
    past = max(stop - first, 0)
    if start >= first:
        found = list(column[start - first : past])
    else:
        found = [*repeat(None, min(first, stop) - start), *column[:past]]
    missing = stop - start - len(found)
    return [*found, *repeat(None, missing)] if missing else found


def newest(loan: PortraitRow, column: Sequence[Value | None], stop: int) -> Value | None:
    """Return the value of the newest month that is reported before the month with this number; None where none is."""
    if loan.first_month is None:
        return None
    last = min(stop - number(loan.first_month), len(column)) - 1
    while last >= 0:
        held = column[last]
        if held is not None:
            return held
        last -= 1
    return None


def value(loan: PortraitRow, column: Sequence[Value | None], month: int) -> Value | None:
    """Return the value of the month with this number; None where it is not reported."""
    place = month - number(loan.first_month) if loan.first_month is not None else -1
    return column[place] if 0 <= place < len(column) else None


def packed(row: KnownPortraitRow) -> PortraitRow:
    """Return a row whose columns have a place for every calendar month from the first reported one on."""
    months, shared = row.months, row[: row._fields.index("months")]
    if not months:
        return PortraitRow._make([*shared, None, *row[-len(COLUMNS) :]])
    first = number(months[0])
    places = [number(month) - first for month in months]
    columns = (row.due, row.paid, row.balance, row.overdue_amount, row.days_past_due)
    return PortraitRow._make([*shared, months[0], *(_spread(column, places) for column in columns)])


def _spread(column: Sequence[int], places: Sequence[int]) -> Sequence[int | None]:
    if places[-1] + 1 == len(places):
        return column
    spread: list[int | None] = [None] * (places[-1] + 1)
    for place, held in zip(places, column, strict=True):
        spread[place] = held
    return spread
