"""Who asks about a borrower and when: lenders before a loan, others that were asked too, and lenders during it."""

from collections.abc import Iterator
from typing import NamedTuple

from intake.demo.dice import Dice, wheel
from intake.demo.loans import Loan
from intake.demo.market import LENDERS, Institution
from intake.demo.months import DAY, Calendar
from intake.demo.people import CALM, Life
from intake.demo.repayment_path import Path

# How often each hour of the day sees an application: little at night, most in the evening.
HOURS = wheel(enumerate((
    2.2, 1.3, 0.8, 0.6, 0.5, 0.7, 1.4, 2.6, 4.0, 5.6, 6.6, 6.2,
    5.2, 5.4, 6.0, 6.2, 6.0, 5.6, 5.8, 6.6, 7.2, 7.0, 5.6, 3.8,
)))  # fmt: skip
REVIEW = 0.022  # chance that a lender looks again, per month of a loan
REVIEW_IN_ARREARS = 0.12


class Inquiry(NamedTuple):
    """A question about a borrower; `at` is an instant."""

    institution: Institution
    at: int
    purpose: str


def asked(life: Life, paths: list[Path], calendar: Calendar, dice: Dice) -> Iterator[Inquiry]:
    """Yield the inquiries about a borrower, each once, loan by loan, then those that led to nothing."""
    seen: set[Inquiry] = set()
    for inquiry in _all(life, paths, calendar, dice):
        if inquiry not in seen:
            seen.add(inquiry)
            yield inquiry


def before(loan: Loan, others: int, tier: int, dice: Dice) -> Iterator[Inquiry]:
    """Yield the lender's inquiry, and those of other institutions in the week before."""
    yield Inquiry(loan.institution, _moment(loan.opened - dice.hits(0.35, 3), dice), loan.product.purpose)
    for _ in range(others):
        yield application(loan.opened - dice.between(0, 7), tier, dice)


def application(day: int, tier: int, dice: Dice) -> Inquiry:
    """Draw an institution that is asked for a loan on this day."""
    institution = LENDERS[tier].spin(dice)
    return Inquiry(institution, _moment(day, dice), institution.offers.spin(dice).purpose)


def _all(life: Life, paths: list[Path], calendar: Calendar, dice: Dice) -> Iterator[Inquiry]:
    tier = life.tier
    eager = (0.30, 0.42, 0.58)[tier]
    for loan, path in zip(life.loans, paths, strict=True):
        yield from before(loan, dice.hits(eager, 9), tier, dice)
        for standing in path.months[1:]:
            if dice.roll() < (REVIEW_IN_ARREARS if standing.days else REVIEW):
                end = calendar.last[standing.month]
                day = dice.between(calendar.first[standing.month], min(path.closed or end, end))
                yield Inquiry(loan.institution, day * DAY + dice.between(32_400, 64_800), "POST_LOAN_MANAGEMENT")
    for month in range(life.loans[0].month, calendar.months):
        searching = 0.03 + 0.02 * tier if life.mood[month] == CALM else 0.16
        if dice.roll() < searching:
            day = dice.between(calendar.first[month], calendar.last[month])
            for _ in range(1 + dice.hits(eager, 6)):
                yield application(min(day + dice.between(0, 3), calendar.last[calendar.months - 1]), tier, dice)


def _moment(day: int, dice: Dice) -> int:
    return day * DAY + HOURS.spin(dice) * 3_600 + int(dice.roll() * 3_600)
