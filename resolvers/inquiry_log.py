"""The inquiry log as it is read: pages of its entries, newest first, and how many there are."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from resolvers import window
from resolvers.database import Reading
from resolvers.slots import many_a_slot
from resolvers.window import Span, Window
from sql.journal import LogRow
from sql.rows import TotalRow


class Entries(NamedTuple):
    """Which entries: of a window's days, about one person (None for all), asked by one institution (None for all).

    A person is named by all subject keys that they may have been logged under.
    """

    span: Span
    subject_keys: tuple[bytes, ...] | None = None
    institution: str | None = None


class Place(NamedTuple):
    """Where an entry stands in the list."""

    logged_at: datetime
    id: int


class LogKey(NamedTuple):
    """A page: at most ``first`` of the entries, behind a place; None for the first page."""

    first: int
    behind: Place | None
    among: Entries


def days(asked: Window, time_zone: str, argument: str, most_months: int) -> Span:
    """Return the days of a window over the log, which ends with today where it names no end: the log is no report.

    Raises what ``resolvers.window.resolved`` raises.
    """
    tomorrow = datetime.now(ZoneInfo(time_zone)).date() + timedelta(days=1)
    return window.resolved(asked, tomorrow, argument, most_months)


async def log_pages(reading: Reading, keys: Sequence[LogKey], *, time_zone: str) -> list[list[LogRow]]:
    """Return each page newest first, with one entry more than asked where the list goes on."""
    rows = await reading.fetch(
        LogRow._make, "trail/pages", *_columns([key.among for key in keys]),
        [key.behind and key.behind.logged_at for key in keys],
        [key.behind and key.behind.id for key in keys],
        [key.first + 1 for key in keys],
        time_zone,
    )  # fmt: skip
    return many_a_slot(rows, len(keys))


async def log_counted(reading: Reading, keys: Sequence[Entries], *, time_zone: str) -> list[int]:
    """Return how many entries there are of each."""
    rows = await reading.fetch(TotalRow._make, "trail/counted", *_columns(keys), time_zone)
    return [row.total for row in rows]


def _columns(among: Sequence[Entries]) -> tuple[list[object], ...]:
    return (
        [one.span.start for one in among],
        [one.span.end for one in among],
        [one.subject_keys and ",".join(key.hex() for key in one.subject_keys) for one in among],
        [one.institution for one in among],
    )
