"""The schema's scalars: how days, months, instants, lengths of time and amounts are written, both ways."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import NewType

import strawberry
from strawberry.types.scalar import ScalarDefinition

from resolvers.errors import AmountTooLarge, ValueMalformed
from resolvers.window import Duration, parse_duration

# What a JSON number carries exactly in every language (RFC 8259, section 6).
LARGEST = 2**53 - 1

DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})", re.ASCII)

Month = NewType("Month", date)
Money = NewType("Money", int)
BigInt = NewType("BigInt", int)


def parse_day(value: object) -> date:
    """Read YYYY-MM-DD."""
    if isinstance(value, str) and DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise _malformed("a calendar day", value, "a day of the calendar as YYYY-MM-DD, such as 2026-02-28")


def parse_instant(value: object) -> datetime:
    """Read an ISO 8601 instant with offset; it is returned in UTC."""
    if isinstance(value, str) and INSTANT.fullmatch(value):
        try:
            return datetime.fromisoformat(value).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
    raise _malformed("an instant", value, "ISO 8601 with offset, such as 2026-02-28T09:00:00+08:00")


def parse_length(value: object) -> Duration:
    """Read an ISO 8601 length of time in years, months and days."""
    if not isinstance(value, str):
        raise _malformed("a length of time", value, "years, months or days in ISO 8601: P7D, P3M, P2Y")
    return parse_duration(value)


def parse_month(value: object) -> date:
    """Read YYYY-MM."""
    return parse_day(f"{value}-01" if isinstance(value, str) else value)


def write_month(value: date) -> str:
    """Write YYYY-MM."""
    return value.isoformat()[:7]


def exact(value: int) -> int:
    """Refuse an integer that JSON cannot carry exactly."""
    if not -LARGEST <= value <= LARGEST:
        raise AmountTooLarge("The amount is past 2^53 - 1, the largest integer that JSON carries exactly.")
    return value


def parse_whole(value: object) -> int:
    """Read an integer that JSON carries exactly."""
    if isinstance(value, int) and not isinstance(value, bool) and -LARGEST <= value <= LARGEST:
        return value
    raise _malformed("a whole number", value, f"an integer from {-LARGEST} to {LARGEST}")


def _malformed(what: str, got: object, allowed: str) -> ValueMalformed:
    return ValueMalformed(f"Not {what}: {got!r}; allowed: {allowed}.", got=got, allowed=allowed)


SCALARS: Mapping[object, ScalarDefinition] = {
    date: strawberry.scalar(
        name="Date",
        description="A calendar day, YYYY-MM-DD.",
        serialize=date.isoformat,
        parse_value=parse_day,
    ),
    datetime: strawberry.scalar(
        name="DateTime",
        description="An instant, ISO 8601 with offset: 2026-02-28T09:00:00+08:00. Answers are in UTC.",
        serialize=datetime.isoformat,
        parse_value=parse_instant,
    ),
    Month: strawberry.scalar(
        name="Month",
        description="A calendar month, YYYY-MM.",
        serialize=write_month,
        parse_value=parse_month,
    ),
    Duration: strawberry.scalar(
        name="Duration",
        description=(
            "A length of time in ISO 8601, in years, months or days: P7D, P3M, P2Y. Weeks, hours, fractions and zero "
            "are refused. Months and years are calendar arithmetic: 31 March less P1M is 28 or 29 February."
        ),
        serialize=str,
        parse_value=parse_length,
    ),
    Money: strawberry.scalar(
        name="Money",
        description="An amount in the currency's minor unit (fen, cents), as a JSON integer. Exact up to 2^53 - 1.",
        serialize=exact,
        parse_value=parse_whole,
    ),
    BigInt: strawberry.scalar(
        name="BigInt",
        description="A count that may pass 2^31, as a JSON integer. Exact up to 2^53 - 1.",
        serialize=exact,
        parse_value=parse_whole,
    ),
}
