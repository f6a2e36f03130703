"""Hypothesis strategies for the lives of loans: what is reported of a loan, corrected, closed and reopened."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from hypothesis import strategies as st

from tests.oracle.deliveries import Loan
from tests.oracle.scenes import CLOCKS, ZONES, Scene, day_of_month, days, instant
from tests.oracle.windows import month_of, months_before

AMOUNTS = [0, 1, 10, 99, 100, 150, 12_345, 100_000, 5_000_000, 10**12, 3 * 10**14]  # 24 of the last are below 2^53
PRODUCTS = ["CARD", "CASH", 'INSTALMENT, "0 %"']
ENDINGS = ["SETTLED", "WRITTEN_OFF", "TRANSFERRED"]
CHANGES = ["close", "close", "reopen", "principal", "product", "subject", "due", "earlier", "restore"]
WEEK_TO_QUARTER = [timedelta(days=count) for count in (1, 1, 2, 15, 31, 60)]


class PlacedLoan(NamedTuple):
    """A version of a loan, and the delivery that brings it, counted from 0."""

    delivery: int
    row: Loan


@st.composite
def lives(draw: st.DrawFn, scene: Scene, person: int, institution: str, number: str) -> list[PlacedLoan]:
    """Draw a loan's versions, in the order of their reports; they may arrive in any other."""
    first = replace(draw(beginnings(scene, person)), institution=institution, loan=number)
    versions = [first]
    if first.closed_on is None and draw(st.booleans()):
        versions.append(draw(closings(scene, first)))
    for change in draw(st.lists(st.sampled_from(CHANGES), max_size=2)):
        versions.append(draw(corrections(scene, versions, change)))
    last = scene.deliveries - 1
    arrivals = [draw(st.sampled_from([0, 0, 0, last])), *(draw(st.integers(0, last)) for _ in versions[1:])]
    return [PlacedLoan(arrival, version) for arrival, version in zip(arrivals, versions, strict=True)]


@st.composite
def beginnings(draw: st.DrawFn, scene: Scene, person: int) -> Loan:
    """Draw what is reported first of a loan yet to be named: alive, or over already."""
    opened_on = draw(days(scene.first, scene.length))
    closed_on = draw(closing_days(scene, opened_on)) if draw(st.sampled_from([False, False, True])) else None
    return Loan(
        institution="",
        loan="",
        subject=draw(st.sampled_from(scene.people[person])),
        product=draw(st.sampled_from(PRODUCTS)),
        principal=draw(st.sampled_from(AMOUNTS)),
        opened_on=opened_on,
        due_on=draw(st.none() | st.integers(0, 900).map(lambda count: opened_on + timedelta(days=count))),
        closed_on=closed_on,
        state=draw(st.sampled_from(ENDINGS)) if closed_on else "ACTIVE",
        reported_at=draw(reports_after(scene, closed_on or opened_on, None)),
    )


def closing_days(scene: Scene, opened_on: date) -> st.SearchStrategy[date]:
    """Days on which a loan may be closed: its first, the month's last, the next, and any until the scene is over."""
    ends = [opened_on, day_of_month(opened_on, 31), opened_on + timedelta(days=1), months_before(opened_on, -1)]
    later = days(scene.first, scene.length).map(lambda day: max(day, opened_on))
    return st.sampled_from(ends) | later


@st.composite
def closings(draw: st.DrawFn, scene: Scene, loan: Loan) -> Loan:
    """Draw the report of the loan's end."""
    closed_on = draw(closing_days(scene, loan.opened_on))
    reported_at = draw(reports_after(scene, closed_on, loan.reported_at))
    return replace(loan, closed_on=closed_on, state=draw(st.sampled_from(ENDINGS)), reported_at=reported_at)


@st.composite
def corrections(draw: st.DrawFn, scene: Scene, versions: list[Loan], change: str) -> Loan:
    """Draw a later version of the loan, changed as named."""
    loan = versions[-1]
    if change == "close":
        return draw(closings(scene, loan))
    changed = {
        "reopen": lambda: replace(loan, closed_on=None, state="ACTIVE"),
        "principal": lambda: replace(loan, principal=draw(st.sampled_from(AMOUNTS))),
        "product": lambda: replace(loan, product=draw(st.sampled_from(PRODUCTS))),
        "subject": lambda: replace(loan, subject=draw(st.sampled_from([name for who in scene.people for name in who]))),
        "due": lambda: replace(loan, due_on=loan.opened_on),
        "earlier": lambda: replace(loan, opened_on=month_of(loan.opened_on) - timedelta(days=draw(st.integers(0, 1)))),
        "restore": lambda: versions[0],
    }[change]()
    latest = max(loan.closed_on or loan.opened_on, changed.closed_on or changed.opened_on)
    return replace(changed, reported_at=draw(reports_after(scene, latest, loan.reported_at)))


@st.composite
def reports_after(draw: st.DrawFn, scene: Scene, day: date, previous: datetime | None) -> datetime:
    """Draw an instant at least a day after the day and after the report before: soon, or when others report too."""
    delay = draw(st.sampled_from(WEEK_TO_QUARTER))
    report = instant(day + delay, draw(st.sampled_from(CLOCKS)), draw(st.sampled_from(ZONES)))
    if previous is not None and report <= previous:
        report = previous + draw(st.sampled_from([timedelta(microseconds=1), delay]))
    return scene.common_report(report) if draw(st.booleans()) else report
