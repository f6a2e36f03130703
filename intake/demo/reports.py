"""What institutions say about loans and when: first versions, corrections, closings, and what they leave out."""

from collections.abc import Iterator
from typing import NamedTuple

from intake.demo.dice import Dice
from intake.demo.loans import Loan
from intake.demo.market import INSTITUTIONS
from intake.demo.months import DAY, Calendar
from intake.demo.repayment_path import Path, Standing

HOUR = 3_600
SOONEST = 2  # days from a month's end to the first reports of it; new loans are told of before
EARLY = 0.3  # chance that an institution reports a day earlier than is its habit
# Shares of months that are reported wrong first, a month late, or never.
CORRECTED, LATE_ROW, MISSING = 0.007, 0.004, 0.004
BY_NEXT_REPORT = 0.6  # share of corrections that come with the next month's report
# Shares of loans that are reported wrong first, and of closings that are reported weeks late.
LOAN_CORRECTED, LATE_CLOSING = 0.006, 0.03
EVEN = 0.5
SMALL = 30  # days past due
FORGOTTEN = 0.06  # share of a careless institution's small arrears that are reported without their amount


class LoanReport(NamedTuple):
    """A version of a loan's row. Days are ordinals, `reported` is an instant."""

    product: str
    principal: int
    due: int | None
    closed: int | None
    state: str
    reported: int


class MonthReport(NamedTuple):
    """A version of a month's row."""

    standing: Standing
    reported: int


class Reports:
    """When each institution reports each month, and the versions that it reports of a loan and its months."""

    def __init__(self, calendar: Calendar, seed: str) -> None:
        """Draw the instant of every institution's monthly report."""
        self.calendar = calendar
        self.batches: dict[str, list[int]] = {}
        self.outages: dict[str, frozenset[int]] = {}
        dice = Dice(seed)
        for institution in INSTITUTIONS:
            self.batches[institution.code] = [
                (calendar.last[month] + max(institution.days - dice.hits(EARLY, 1), SOONEST)) * DAY
                + dice.between(8 * HOUR, 19 * HOUR)
                for month in range(calendar.months)
            ]
            holes = [dice.between(4, calendar.months - 3) for _ in range(2)]
            self.outages[institution.code] = frozenset(holes if institution.careless else ())

    def of_loan(self, loan: Loan, path: Path, dice: Dice, *, spotless: bool) -> Iterator[LoanReport]:
        """Yield the versions of a loan's row, oldest first."""
        calendar = self.calendar
        due = calendar.first[loan.month + loan.term] + loan.pay_day - 1 if loan.term else None
        told = (loan.opened + 1) * DAY + dice.between(2 * HOUR, 7 * HOUR)
        closing = (path.closed + dice.between(1, 3)) * DAY + dice.between(8 * HOUR, 20 * HOUR) if path.closed else None
        if closing and not spotless and dice.roll() < LATE_CLOSING:
            closing = min(closing + dice.between(8, 45) * DAY, calendar.deadline)
        right = LoanReport(loan.product.name, loan.principal, due, None, "ACTIVE", told)
        mended = told + dice.between(3, 25) * DAY
        if not spotless and dice.roll() < LOAN_CORRECTED and mended < min(closing or mended + 1, calendar.deadline):
            slip = {"due": None} if due and dice.hits(EVEN, 1) else {"principal": 2 * loan.principal}
            yield right._replace(**slip)
            yield right._replace(reported=mended)
        else:
            yield right
        if closing:
            yield right._replace(closed=path.closed, state=path.state, reported=closing)

    def of_months(self, loan: Loan, path: Path, dice: Dice, *, spotless: bool) -> Iterator[MonthReport]:
        """Yield the versions of all the months of a loan, each month's oldest first."""
        batches = self.batches[loan.institution.code]
        if spotless:
            for standing in path.months:
                yield MonthReport(standing, batches[standing.month])
            return
        outages, careless = self.outages[loan.institution.code], loan.institution.careless
        missing, late = MISSING * (5 if careless else 1), MISSING + LATE_ROW
        before = path.months[0]
        for standing in path.months:
            reported = batches[standing.month]
            draw = dice.roll()
            if draw < missing or standing.month in outages:
                before = standing
                continue
            if draw < late and standing.month + 1 < self.calendar.months:
                reported = batches[standing.month + 1]
            if careless and 0 < standing.days <= SMALL and dice.roll() < FORGOTTEN:
                yield MonthReport(standing._replace(overdue=0), reported)
            elif draw > 1.0 - CORRECTED:
                yield from self._corrected(loan, standing, before, reported, dice)
            else:
                yield MonthReport(standing, reported)
            before = standing

    def _corrected(
        self, loan: Loan, right: Standing, before: Standing, reported: int, dice: Dice
    ) -> Iterator[MonthReport]:
        """Yield a wrong first version, then the right one: the next month's report brings it, or a letter any day."""
        batches = self.batches[loan.institution.code]
        if right.month + 1 < self.calendar.months and dice.roll() < BY_NEXT_REPORT:
            mended = batches[right.month + 1]
        else:
            mended = reported + dice.between(1, 80) * DAY + dice.between(1, HOUR)
        if reported < mended <= self.calendar.deadline:
            yield MonthReport(mistaken(loan, right, before, self.calendar, dice), reported)
            yield MonthReport(right, mended)
        else:
            yield MonthReport(right, reported)


def mistaken(loan: Loan, right: Standing, before: Standing, calendar: Calendar, dice: Dice) -> Standing:
    """Misreport a month as institutions do: a payment booked late, one that was returned, days miscounted."""
    if right.days > 1 and dice.roll() < EVEN:
        return right._replace(days=right.days - 1)
    if right.days:
        return right._replace(paid=right.paid + right.overdue, overdue=0, days=0)
    if right.due and right.paid and right.balance:
        days = calendar.last[right.month] - loan.due(calendar, right.month)
        return right._replace(paid=0, balance=before.balance, overdue=min(right.due, before.balance), days=days)
    return right._replace(due=right.due + 100)
