"""One loan as it was agreed: who lends what to the borrower, from when, for how long and at what price."""

from typing import NamedTuple

from intake.demo.dice import Dice
from intake.demo.market import Institution
from intake.demo.months import Calendar
from intake.demo.products import Product

FEN = 100
# Principals below so many yuan are whole multiples of so many.
STEPS = ((10_000, 100), (50_000, 500), (10_000_000, 1_000))


class Loan(NamedTuple):
    """An agreement. Amounts are in fen, days are ordinals, months indices of the calendar."""

    institution: Institution
    product: Product
    principal: int
    monthly: int
    """Interest a month in hundred-thousandths."""
    term: int
    """Months to the last instalment; 0 where it revolves."""
    month: int
    opened: int
    pay_day: int
    """Day of the month on which something falls due."""

    def due(self, calendar: Calendar, month: int) -> int:
        """Name the day on which this month's instalment falls due."""
        return calendar.first[month] + self.pay_day - 1


def agree(institution: Institution, opened: int, month: int, dice: Dice, calendar: Calendar) -> Loan:
    """Settle product, size, price and term of a loan that is opened on this day of this month."""
    product = institution.offers.spin(dice)
    return Loan(
        institution,
        product,
        _round(dice.along(product.yuan)) * FEN,
        dice.between(*product.monthly),
        product.terms.spin(dice),
        month,
        opened,
        pay_day(opened, month, calendar),
    )


def pay_day(opened: int, month: int, calendar: Calendar) -> int:
    """Name the day of the month to pay on: that of the opening, kept away from the month's ends.

    A month unpaid at its end is then 1 to 28 days past due, two are 32 to 59, and every month has the day.
    """
    return min(max(opened - calendar.first[month] + 1, 4), 27)


def _round(yuan: int) -> int:
    step = next(step for limit, step in STEPS if yuan < limit)
    return yuan // step * step or step
