"""The month or quarter that a report is about, and the windows of the questions that it asks."""

import re
from calendar import month_name
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from resolvers.window import add_months

FORM = re.compile(r"([0-9]{4})-(?:(0[1-9]|1[0-2])|Q([1-4]))", re.ASCII)
ALLOWED = "a month such as 2026-09, or a quarter such as 2026-Q3"

# The trend reaches two years back, and a month more: so its first month stands exactly two years before the last.
TREND_MONTHS = 24
COHORT_QUARTERS = 8
QUARTER = 3


@dataclass(frozen=True)
class Period:
    """A calendar month or quarter: its first day, and the number of its months."""

    start: date
    months: int

    @classmethod
    def read(cls, text: str) -> Self:
        """Read 2026-09 or 2026-Q3. Raises ValueError, saying what is allowed."""
        match = FORM.fullmatch(text)
        if not match or not 1000 <= int(match[1]) < date.max.year:  # noqa: PLR2004 - years as windows may have them
            raise ValueError(f"got {text!r}; allowed: {ALLOWED}")
        year = int(match[1])
        return cls(date(year, int(match[2]), 1), 1) if match[2] else cls(date(year, int(match[3]) * 3 - 2, 1), QUARTER)

    @property
    def end(self) -> date:
        """The day after its last."""
        return add_months(self.start, self.months)

    @property
    def last_month(self) -> date:
        """Its last month, by the first day."""
        return add_months(self.end, -1)

    @property
    def name(self) -> str:
        """Its name in a heading."""
        if self.months == 1:
            return month(self.start)
        return f"{('First', 'Second', 'Third', 'Fourth')[self.start.month // QUARTER]} quarter {self.start.year}"

    def windows(self) -> dict[str, dict[str, str]]:
        """The windows that the report's document takes, by variable."""
        first_cohort = add_months(quarter(self.last_month), -QUARTER * (COHORT_QUARTERS - 1))
        return {
            "trend": _window(add_months(self.last_month, -TREND_MONTHS), self.end),
            "opened": _window(first_cohort, self.end),
            "rolls": _window(add_months(self.start, -1), self.end),
            "lastMonth": _window(self.last_month, self.end),
        }


def month(day: date) -> str:
    """The name of a day's month: September 2026."""
    return f"{month_name[day.month]} {day.year}"


def quarter(day: date) -> date:
    """The first day of a day's quarter."""
    return date(day.year, (day.month - 1) // QUARTER * QUARTER + 1, 1)


def last_day(month_or_end: date) -> date:
    """The day before."""
    return month_or_end - timedelta(days=1)


def _window(start: date, end: date) -> dict[str, str]:
    return {"from": start.isoformat(), "to": end.isoformat()}
