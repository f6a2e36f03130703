"""The forms of single values: each parser takes a field as it was delivered and gives it as COPY's text format has it.

A parser raises ValueRefused. Nothing is repaired on the way: white space, signs, separators of thousands, exponents and
digits other than 0-9 are refused, not guessed at.
"""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, tzinfo

from intake.rules import Rule
from intake.verdicts import ValueRefused

Parser = Callable[[str], str]

NULL = "\\N"
MEMORY = 65_536  # distinct values that a column remembers
SHORT = 40  # characters of a value that is remembered, so that a hostile file's fill no memory
TEXT_LENGTH = 200  # characters; an index entry holds no more than some 2,700 bytes
LARGEST_AMOUNT = 2**53 - 1  # minor units: what a JSON number carries exactly
FIRST_DAY = date(1900, 1, 1)
DAYS_PAST_DUE = 99_999

AMOUNT = re.compile(r"(-?)([0-9]{1,30})(?:\.([0-9]{1,2}))?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MONTH = re.compile(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?")
INSTANT = re.compile(
    r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}[T ][0-9]{2}:?[0-9]{2}(:?[0-9]{2}([.,][0-9]{1,6})?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)"
)
COUNT = re.compile(r"[0-9]{1,5}")
SUBJECT_KEY = re.compile(r"[0-9a-fA-F]{64}")
# NUL, which PostgreSQL cannot hold, and the surrogates that stand for bytes which are not UTF-8.
UNREADABLE = re.compile("[\0\ud800-\udfff]")
ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})

ALLOWED_TEXT = f"1 to {TEXT_LENGTH} characters of UTF-8, not only white space, no NUL"
ALLOWED_AMOUNT = f"a decimal from 0 to {LARGEST_AMOUNT / 100:.2f} with at most two places, like 1234.50"
ALLOWED_DAY = f"a day from {FIRST_DAY} on, like 2024-03-31"
ALLOWED_MONTH = f"a month from {FIRST_DAY:%Y-%m} on, or any day of it, like 2024-03 or 2024-03-31"
LAST_INSTANT = datetime.max.replace(tzinfo=UTC)
ALLOWED_INSTANT = "an instant with its offset from UTC, like 2024-04-02T09:00:00+08:00 or 2024-04-02T01:00:00Z"
ALLOWED_COUNT = f"a whole number from 0 to {DAYS_PAST_DUE}"
ALLOWED_KEY = "64 hexadecimal digits"


class Remembered(dict[str, str]):
    """A parser that remembers what it parsed: a value seen before costs a lookup. Refused or long ones are not kept."""

    def __init__(self, parse: Parser) -> None:
        self.parse = parse

    def __missing__(self, value: str) -> str:
        """Parse a value that is not remembered."""
        parsed = self.parse(value)
        if len(value) <= SHORT:
            if len(self) >= MEMORY:
                self.clear()
            self[value] = parsed
        return parsed


def required(parse: Parser, allowed: str) -> Parser:
    """A parser to which an empty value is missing."""

    def parse_required(value: str) -> str:
        if not value:
            raise ValueRefused(Rule.VALUE_MISSING, allowed)
        return parse(value)

    return parse_required


def optional(parse: Parser) -> Parser:
    """A parser to which an empty value is null."""
    return lambda value: parse(value) if value else NULL


def text(value: str) -> str:
    """A text as it is written."""
    if len(value) > TEXT_LENGTH or value.isspace() or UNREADABLE.search(value):
        raise ValueRefused(Rule.VALUE_MALFORMED, ALLOWED_TEXT)
    return value.translate(ESCAPED)


def one_of(names: Iterable[str]) -> tuple[Parser, str]:
    """A parser of a fixed set of names, in the case they are written in, and what it allows."""
    known = list(names)
    allowed = f"one of {', '.join(known)}"

    def parse(value: str) -> str:
        if value not in known:
            raise ValueRefused(Rule.VALUE_MALFORMED, allowed)
        return value

    return parse, allowed


def amount(value: str) -> str:
    """A decimal in the major unit, in minor units."""
    match = AMOUNT.fullmatch(value)
    if not match:
        raise ValueRefused(Rule.VALUE_MALFORMED, ALLOWED_AMOUNT)
    sign, major, minor = match.groups(default="")
    if sign:
        raise ValueRefused(Rule.AMOUNT_NEGATIVE, ALLOWED_AMOUNT)
    units = int(major + minor.ljust(2, "0"))
    if units > LARGEST_AMOUNT:
        raise ValueRefused(Rule.VALUE_MALFORMED, ALLOWED_AMOUNT)
    return str(units)


def day(value: str) -> str:
    """A day, ``YYYY-MM-DD``."""
    return _day(value, value, DAY, ALLOWED_DAY)


def month(value: str) -> str:
    """A month, ``YYYY-MM`` or any day of it, as its first day."""
    whole = value if len(value) > len("YYYY-MM") else f"{value}-01"
    return _day(value, whole, MONTH, ALLOWED_MONTH)[:8] + "01"


def _day(value: str, whole: str, form: re.Pattern[str], allowed: str) -> str:
    try:
        if form.fullmatch(value) and date.fromisoformat(whole) >= FIRST_DAY:
            return whole
    except ValueError:
        pass
    raise ValueRefused(Rule.VALUE_MALFORMED, allowed)


def instant(zone: tzinfo, latest: datetime = LAST_INSTANT) -> Parser:
    """A parser of ISO 8601 instants with offset; it gives them in ``zone``, the first ten characters being the day.

    An instant after ``latest`` would stand above every true one, and is refused.
    """

    def parse(value: str) -> str:
        try:
            if INSTANT.fullmatch(value):
                there = datetime.fromisoformat(value).astimezone(UTC).astimezone(zone)
                if there > latest:
                    allowed = f"{latest.astimezone(zone):%Y-%m-%dT%H:%M%z} or earlier, a day after this load began"
                    raise ValueRefused(Rule.INSTANT_IN_FUTURE, allowed)
                if there.date() >= FIRST_DAY:
                    return there.isoformat()
        except (ValueError, OverflowError):
            pass
        raise ValueRefused(Rule.VALUE_MALFORMED, ALLOWED_INSTANT)

    return parse


def days_past_due(value: str) -> str:
    """A count of days."""
    if not COUNT.fullmatch(value):
        raise ValueRefused(Rule.VALUE_MALFORMED, ALLOWED_COUNT)
    return str(int(value))


def subject_key(value: str) -> str:
    """A subject key in lower case; its column makes bytes of it."""
    if not SUBJECT_KEY.fullmatch(value):
        raise ValueRefused(Rule.VALUE_MALFORMED, ALLOWED_KEY)
    return value.lower()


def unescaped(value: str) -> str:
    """A value that is not for COPY, as it was delivered."""
    return value
