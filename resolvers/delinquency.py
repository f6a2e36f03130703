"""The delinquency of the portfolio: points of series, from what the loads keep by month, cell and bucket."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import NamedTuple

from resolvers.database import Reading
from resolvers.disclosure import REPORTED, Gate, Market
from resolvers.selection import Group, PortfolioKey
from resolvers.slots import many_a_slot
from resolvers.targets import targets
from sql.rows import DelinquencyRow

BUCKETS = range(8)
# The buckets of each grade: 1-90, 91-180 and over 180 days.
GRADES = {"UP_TO_90": range(1, 4), "FROM_91_TO_180": range(4, 7), "OVER_180": range(7, 8)}


class BucketShare(NamedTuple):
    """The population's loans of one bucket."""

    bucket: str
    loans: int
    balance: int
    share: float | None


class GradeShare(NamedTuple):
    """The population's loans of one grade."""

    grade: str
    loans: int
    overdue_amount: int
    loan_rate: float | None
    amount_rate: float | None


class Point(NamedTuple):
    """A period's figures; None and empty where suppressed."""

    period: date
    suppressed: bool = True
    loans: int | None = None
    borrowers: int | None = None
    balance: int | None = None
    overdue_balance: int | None = None
    overdue_rate: float | None = None
    over30_rate: float | None = None
    over60_rate: float | None = None
    over90_rate: float | None = None
    overdue_loan_rate: float | None = None
    over30_loan_rate: float | None = None
    buckets: tuple[BucketShare, ...] = ()
    grades: tuple[GradeShare, ...] = ()


class Series(NamedTuple):
    """A group's points, oldest first."""

    key: str | None
    points: list[Point]


async def delinquencies(
    reading: Reading, keys: Sequence[PortfolioKey], *, market: Market, gate: Gate
) -> list[list[Series]]:
    """Return each key's series, a series without a point left out unless it is the one for everything."""
    asked = await targets(market, gate, keys)
    columns = *asked.columns(), *asked.cells(several=True)
    rows = await reading.fetch(DelinquencyRow._make, "portfolio/delinquency", *columns)
    await gate.learn(REPORTED, {row.month for row in rows})
    answers: list[list[Series]] = [[] for _ in keys]
    for target, found in zip(asked.targets, many_a_slot(rows, len(asked.targets)), strict=True):
        if found or target.group.key is None:
            answers[target.place].append(_series(target.group, found, gate))
    return answers


def _series(group: Group, rows: list[DelinquencyRow], gate: Gate) -> Series:
    points = [
        point(period, of_period) if gate.shows(group, REPORTED, of_period[0].month) else Point(period)
        for period, of_period in ((period, list(found)) for period, found in groupby(rows, lambda row: row.period))
    ]
    return Series(group.key, points)


def point(period: date, rows: list[DelinquencyRow]) -> Point:
    """Work out a point from its buckets."""
    loans, balance = sum(row.loans for row in rows), sum(row.balance for row in rows)
    over = [sum(row.balance for row in rows if row.bucket > bucket) for bucket in range(4)]
    return Point(
        period=period,
        suppressed=False,
        loans=loans,
        borrowers=rows[0].borrowers,
        balance=balance,
        overdue_balance=over[0],
        overdue_rate=share(over[0], balance),
        over30_rate=share(over[1], balance),
        over60_rate=share(over[2], balance),
        over90_rate=share(over[3], balance),
        overdue_loan_rate=share(sum(row.loans for row in rows if row.bucket > 0), loans),
        over30_loan_rate=share(sum(row.loans for row in rows if row.bucket > 1), loans),
        buckets=tuple(_bucket(bucket, rows, balance) for bucket in BUCKETS),
        grades=tuple(_grade(grade, rows, loans, balance) for grade in GRADES),
    )


def share(part: int, whole: int) -> float | None:
    """Return the part of a whole, None where the whole is nothing."""
    return part / whole if whole else None


def _bucket(bucket: int, rows: Iterable[DelinquencyRow], balance: int) -> BucketShare:
    row = next((row for row in rows if row.bucket == bucket), None)
    held = row.balance if row else 0
    return BucketShare(f"M{bucket}", row.loans if row else 0, held, share(held, balance))


def _grade(grade: str, rows: Iterable[DelinquencyRow], loans: int, balance: int) -> GradeShare:
    of_grade = [row for row in rows if row.bucket in GRADES[grade]]
    number, overdue = sum(row.loans for row in of_grade), sum(row.overdue_amount for row in of_grade)
    return GradeShare(grade, number, overdue, share(number, loans), share(overdue, balance))
