"""Windows of time: from what a client writes to a half-open span of days, refused before any SQL runs."""

import re
from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from resolvers.errors import (
    HorizonUnknown,
    ValueMalformed,
    WindowEmpty,
    WindowMalformed,
    WindowOutOfRange,
    WindowTooLong,
)

DAY = timedelta(days=1)
DURATION = re.compile(r"P(?:([0-9]{1,4})Y)?(?:([0-9]{1,5})M)?(?:([0-9]{1,6})D)?", re.ASCII)
DURATION_FORM = "years, months or days in ISO 8601, above zero: P7D, P3M, P2Y, P1Y6M"
WINDOW_FORM = "last alone, last with to, or from with or without to"


class Duration(NamedTuple):
    """A length of calendar time."""

    months: int
    days: int

    def __str__(self) -> str:
        """ISO 8601, in months and days."""
        return f"P{f'{self.months}M' if self.months else ''}{f'{self.days}D' if self.days or not self.months else ''}"


class Window(NamedTuple):
    """A window as asked: ``last`` a length, ``start`` its first day, ``end`` the day after its last."""

    last: Duration | None = None
    start: date | None = None
    end: date | None = None


class Span(NamedTuple):
    """A window once resolved: from ``start`` up to, and without, ``end``."""

    start: date
    end: date

    @property
    def from_(self) -> date:
        """The first day, as clients call it."""
        return self.start

    @property
    def to(self) -> date:
        """The day after the last, as clients call it."""
        return self.end

    def months(self) -> tuple[date, ...]:
        """The first day of every month whose first day lies in the span, oldest first."""
        return _months(self.start, self.end)

    @property
    def last_month(self) -> date:
        """The month of the last day."""
        return first_of_month(self.end - timedelta(days=1))


@lru_cache(maxsize=64)
def _months(start: date, end: date) -> tuple[date, ...]:
    """Return the months of a span; every loan of a request asks for the same few."""
    first, past = (day.year * 12 + day.month - 1 + (day.day > 1) for day in (start, end))
    return tuple(date(number // 12, number % 12 + 1, 1) for number in range(first, past))


def parse_duration(text: str) -> Duration:
    """Read P7D, P3M, P2Y or a combination; ValueMalformed for weeks, times, fractions, signs and lengths of zero."""
    match = DURATION.fullmatch(text)
    years, months, days = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    duration = Duration(12 * years + months, days)
    if duration == (0, 0):
        raise ValueMalformed(f"Not a length of time: {text!r}", got=text, allowed=DURATION_FORM)
    return duration


def first_of_month(day: date) -> date:
    """Return the month's first day."""
    return day.replace(day=1)


def add_months(day: date, months: int) -> date:
    """Calendar arithmetic: the same day of another month, or that month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@lru_cache(maxsize=1_024)
def check(window: Window, argument: str, most_months: int) -> None:
    """Refuse what is wrong whatever the horizon is: the shape, a reversed span, a length over ``most_months``."""
    last, start, end = window
    if (last is None) == (start is None):
        got = [name for name, value in (("last", last), ("from", start), ("to", end)) if value is not None]
        message = f"A window takes {WINDOW_FORM}; got {', '.join(got) or 'nothing'}."
        raise WindowMalformed(message, argument=argument, got=got, allowed=WINDOW_FORM)
    if last is not None and _longer(last, most_months):
        raise _too_long(argument, str(last), most_months)
    if end is not None:
        resolve(window, end, argument, most_months)


@lru_cache(maxsize=1_024)
def resolved(window: Window, horizon: date | None, argument: str, most_months: int) -> Span:
    """Check a window and turn it into its span."""
    check(window, argument, most_months)
    return resolve(window, horizon, argument, most_months)


def resolve(window: Window, horizon: date | None, argument: str, most_months: int) -> Span:
    """Turn a checked window into its span, with ``horizon`` for its end where it names none."""
    end = window.end or horizon
    if end is None:
        allowed = "from and to, or last with to"
        message = f"Nothing is reported yet, so there is no horizon for the window to end at; allowed are {allowed}."
        raise HorizonUnknown(message, argument=argument, allowed=allowed)
    start = window.start or _before(end, window.last or Duration(0, 0), argument)
    if start >= end:
        message = f"The window is empty: it begins on {start} and ends before {end}."
        raise WindowEmpty(
            message, argument=argument, got={"from": str(start), "to": str(end)}, allowed="from before to"
        )
    if _begins_before(start, end, most_months):
        raise _too_long(argument, f"{start} to {end}", most_months)
    return Span(start, end)


def _before(end: date, last: Duration, argument: str) -> date:
    try:
        return add_months(end, -last.months) - timedelta(days=last.days)
    except (ValueError, OverflowError):
        message = f"{last} before {end} lies before the calendar's first day."
        raise WindowOutOfRange(message, argument=argument, got=str(last), allowed=f"days from {date.min} on") from None


def _longer(last: Duration, most_months: int) -> bool:
    return last.months + last.days / 31 > most_months


def _begins_before(start: date, end: date, most_months: int) -> bool:
    try:
        return start < add_months(end, -most_months)
    except ValueError:  # so many months before the end there is no calendar
        return False


def _too_long(argument: str, got: str, most_months: int) -> WindowTooLong:
    allowed = f"at most {most_months} months"
    return WindowTooLong(
        f"The window is too long: {got}, allowed are {allowed}.", argument=argument, got=got, allowed=allowed
    )
