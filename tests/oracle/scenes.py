"""Hypothesis strategies for the stage of a portfolio: its months, institutions, people, and days that are edges."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from hypothesis import strategies as st

from tests.oracle.deliveries import Institution, Subject
from tests.oracle.multiloan import KINDS
from tests.oracle.windows import months_before

# With up to 30 months these hold 29 February 2020 and 2024; all reports come long before the tests are run.
FIRST_MONTHS = [date(2019, 12, 1), date(2020, 2, 1), date(2021, 3, 1), date(2022, 12, 1), date(2023, 3, 1)]
DAYS_OF_MONTH = [1, 1, 2, 15, 27, 28, 29, 30, 31]
CLOCKS = [timedelta(hours=9), timedelta(0), timedelta(hours=16), timedelta(hours=16) - timedelta(microseconds=1)]
CLOCKS += [timedelta(days=1) - timedelta(microseconds=1), timedelta(hours=12, microseconds=1)]
ZONES = [timezone(timedelta(minutes=minutes)) for minutes in (480, 0, -300, 345)]
NAMES = ["A bank", '“Quoted”, "with commas"', "信贷\nof two lines", "Zürich & Söhne"]


@dataclass(frozen=True)
class Scene:
    """Where a portfolio plays: months, deliveries, who lends, who borrows (as named in rows), common reports."""

    first: date
    length: int
    deliveries: int
    institutions: tuple[Institution, ...]
    people: tuple[tuple[Subject, ...], ...]
    reports: tuple[datetime, ...]

    @property
    def end(self) -> date:
        """The first day after the scene's months."""
        return months_before(self.first, -self.length)

    def common_report(self, earliest: datetime) -> datetime:
        """The first instant from the earliest on at which several things are reported, or the earliest itself."""
        return min((report for report in self.reports if report >= earliest), default=earliest)


def days(first: date, length: int) -> st.SearchStrategy[date]:
    """Days of the months, firsts and lasts most of all."""
    return st.builds(
        lambda months, day: day_of_month(months_before(first, -months), day),
        st.integers(0, length - 1),
        st.sampled_from(DAYS_OF_MONTH),
    )


def instants(first: date, length: int) -> st.SearchStrategy[datetime]:
    """Instants of the months, around midnight here and elsewhere, in several offsets."""
    return st.builds(instant, days(first, length), st.sampled_from(CLOCKS), st.sampled_from(ZONES))


def instant(day: date, clock: timedelta, zone: timezone) -> datetime:
    """The instant at which a clock shows that time on the day."""
    return datetime(day.year, day.month, day.day, tzinfo=zone) + clock


def day_of_month(month: date, day: int) -> date:
    """That day of the month, or the month's last."""
    return min(month.replace(day=1) + timedelta(days=day - 1), months_before(month, -1) - timedelta(days=1))


@st.composite
def scenes(draw: st.DrawFn, secret: str, deliveries: int) -> Scene:
    """Draw a stage with up to so many deliveries; documents become keys by the secret."""
    first, length = draw(st.sampled_from(FIRST_MONTHS)), draw(st.integers(1, 30))
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=4))
    names = enumerate(zip(kinds, NAMES, strict=False), 1)
    return Scene(
        first=first,
        length=length,
        deliveries=draw(st.integers(1, deliveries)),
        institutions=tuple(Institution(f"I{number}", name, kind) for number, (kind, name) in names),
        people=tuple(person(number, secret) for number in range(draw(st.integers(1, 4)))),
        reports=tuple(sorted(draw(st.lists(instants(first, length), max_size=4, unique=True)))),
    )


def person(number: int, secret: str) -> tuple[Subject, ...]:
    """The ways in which rows name a person: the first by key alone, the others by key and by document."""
    if number == 0:
        key = hashlib.sha256(b"a document that nobody has seen").hexdigest()
        return (Subject(key, key),)
    key = hmac.new(secret.encode(), f"ID_CARD\nAB12X{number}".encode(), hashlib.sha256).hexdigest()
    spellings = (f"AB12X{number}", f" ab-12 x{number} ")
    return Subject(key, key), *(Subject(key, "", "ID_CARD", spelling) for spelling in spellings)
