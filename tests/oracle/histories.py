"""Hypothesis strategies for a loan's reported months: which are missing, what they say, when and how they arrive."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from hypothesis import strategies as st

from tests.oracle.deliveries import Repayment
from tests.oracle.lives import AMOUNTS, PlacedLoan
from tests.oracle.scenes import Scene, instant
from tests.oracle.windows import month_of, months_before, next_month

DAYS_PAST_DUE = [
    0,
    0,
    0,
    0,
    0,
    1,
    29,
    30,
    31,
    59,
    60,
    61,
    89,
    90,
    91,
    119,
    120,
    121,
    149,
    150,
    151,
    179,
    180,
    181,
    3000,
]
LATER = [timedelta(microseconds=1), timedelta(days=1), timedelta(days=45)]
NINE = timedelta(hours=9)


class PlacedRepayment(NamedTuple):
    """A version of a loan's month, and the delivery that brings it, counted from 0."""

    delivery: int
    row: Repayment


@st.composite
def histories(draw: st.DrawFn, scene: Scene, life: list[PlacedLoan]) -> list[PlacedRepayment]:
    """Draw the months of a loan and their corrections; some may lie outside its life, for the caller to leave out."""
    first = max(month_of(version.row.opened_on) for version in life)
    months = months_from(first, scene.end)
    gaps, spread = draw(st.sampled_from(["none", "some", "some", "middle", "all"])), draw(st.integers(0, 2))
    dice = draw(st.binary(min_size=3 * len(months), max_size=3 * len(months)))
    rows = []
    for index, month in enumerate(months):
        shape, amounts, time = dice[3 * index : 3 * index + 3]
        if reports(gaps, shape, index, len(months)):
            delivery = (0, index * scene.deliveries // len(months), time % scene.deliveries)[spread]
            reported_at = max(report(scene, month, time), life[0].row.reported_at)
            rows.append(PlacedRepayment(delivery, say(life, month, shape, amounts, reported_at)))
    for _ in range(draw(st.integers(0, 3)) if rows else 0):
        rows.append(draw(corrections(scene, life, rows)))
    return rows


def months_from(first: date, end: date) -> list[date]:
    """The months from the first to the one before the end."""
    months = [first]
    while next_month(months[-1]) < end:
        months.append(next_month(months[-1]))
    return months


def reports(gaps: str, shape: int, index: int, count: int) -> bool:
    """Whether the month is reported, in a history with no, some, a middle, or only gaps."""
    missing = {"none": False, "some": shape % 3 == 0, "middle": count // 3 <= index < count - count // 3, "all": True}
    return not missing[gaps]


def say(life: Sequence[PlacedLoan], month: date, shape: int, amounts: int, reported_at: datetime) -> Repayment:
    """What two dice report for a month: days past due near every edge of a bucket, amounts from cents to billions."""
    due, paid, balance, late = (AMOUNTS[amounts // divisor % len(AMOUNTS)] for divisor in (1, 3, 7, 5))
    days_past_due = DAYS_PAST_DUE[shape % len(DAYS_PAST_DUE)]
    return Repayment(
        institution=life[0].row.institution,
        loan=life[0].row.loan,
        month=month if amounts % 8 else month.replace(day=15),
        due=due,
        paid=paid,
        balance=balance,
        overdue_amount=late if days_past_due else 0,
        days_past_due=days_past_due,
        reported_at=reported_at,
    )


def report(scene: Scene, month: date, time: int) -> datetime:
    """When one die reports a month: within it, just after it, much later, or together with other things."""
    after = next_month(month)
    soon = instant(after.replace(day=3), NINE, UTC)
    choices = [
        soon,
        instant(month.replace(day=20), NINE, UTC),
        instant(after, timedelta(0), UTC),
        instant(months_before(after, -2), NINE, UTC),
        scene.common_report(soon),
    ]
    return choices[time % len(choices)]


@st.composite
def corrections(draw: st.DrawFn, scene: Scene, life: list[PlacedLoan], rows: list[PlacedRepayment]) -> PlacedRepayment:
    """Draw another version of one of the months, reported later than it, arriving in any delivery."""
    old = draw(st.sampled_from(rows)).row
    shape, amounts = draw(st.binary(min_size=2, max_size=2))
    reported_at = old.reported_at + draw(st.sampled_from(LATER))
    if draw(st.booleans()):
        reported_at = scene.common_report(reported_at)
    return PlacedRepayment(
        draw(st.integers(0, scene.deliveries - 1)), say(life, old.month, shape, amounts, reported_at)
    )
