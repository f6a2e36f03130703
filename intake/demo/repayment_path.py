"""What becomes of one loan: its standing at each month's end, and how it ends."""

from typing import NamedTuple

from intake.demo.conduct import EVERYTHING, SETTLE, TRANSFER, WRITE_OFF, Conduct
from intake.demo.dice import Dice
from intake.demo.loans import FEN, Loan
from intake.demo.months import Calendar

PER = 100_000
LEAST_DUE = 100 * FEN
CLEARS = 0.45  # share of revolving loans whose bill is paid whole whenever possible
ENDED = {WRITE_OFF: "WRITTEN_OFF", TRANSFER: "TRANSFERRED"}


class Standing(NamedTuple):
    """A loan in a month, as of its end or of the closing. Amounts in fen; `month` is an index."""

    month: int
    due: int
    paid: int
    balance: int
    overdue: int
    days: int


class Path(NamedTuple):
    """All months of a loan, oldest first, and its end: `closed` is a day, None while it runs."""

    months: list[Standing]
    closed: int | None
    state: str


def walk(loan: Loan, calendar: Calendar, conduct: Conduct, dice: Dice) -> Path:
    """Follow a loan from its opening to its end or to the last month."""
    return _instalments(loan, calendar, conduct, dice) if loan.term else _revolving(loan, calendar, conduct, dice)


def schedule(principal: int, monthly: int, term: int) -> tuple[list[int], list[int]]:
    """Amortise by equal instalments: what has fallen due, and what principal is left, after 0, 1 … term of them."""
    growth = 1.0
    for _ in range(term):
        growth *= 1 + monthly / PER
    instalment = int(principal * (monthly / PER) * growth / (growth - 1)) + 1
    owed, left = [0], [principal]
    for number in range(1, term + 1):
        interest = left[-1] * monthly // PER
        part = left[-1] if number == term else instalment - interest
        owed.append(owed[-1] + interest + part)
        left.append(left[-1] - part)
    return owed, left


def _instalments(loan: Loan, calendar: Calendar, conduct: Conduct, dice: Dice) -> Path:
    owed, left = schedule(loan.principal, loan.monthly, loan.term)
    months = [Standing(loan.month, 0, 0, loan.principal, 0, 0)]
    paid = 0  # instalments
    for month in range(loan.month + 1, calendar.months):
        age = month - loan.month
        fallen = min(age, loan.term)
        due = owed[fallen] - owed[min(age - 1, loan.term)]
        decision = conduct(month, age - 1 - paid)
        if decision == SETTLE:
            months.append(Standing(month, due, owed[fallen] - owed[paid] + left[fallen], 0, 0, 0))
            return Path(months, dice.between(calendar.first[month], calendar.last[month]), "SETTLED")
        was, paid = paid, min(paid + max(decision, 0), fallen)
        received = owed[paid] - owed[was]
        if paid == loan.term:
            months.append(Standing(month, due, received, 0, 0, 0))
            return Path(months, _last_payment(loan, calendar, month, age, dice), "SETTLED")
        # The oldest unpaid instalment fell due in the month that many months after the opening.
        days = calendar.last[month] - loan.due(calendar, loan.month + paid + 1) if paid < age else 0
        months.append(Standing(month, due, received, left[paid], owed[fallen] - owed[paid], days))
        if decision in ENDED:
            return Path(months, calendar.last[month], ENDED[decision])
    return Path(months, None, "ACTIVE")


def _last_payment(loan: Loan, calendar: Calendar, month: int, age: int, dice: Dice) -> int:
    """Name the day of the final payment: the due day or shortly before, any day where it was late already."""
    if age > loan.term:
        return dice.between(calendar.first[month], calendar.last[month])
    return loan.due(calendar, month) - dice.between(0, 3)


def _revolving(loan: Loan, calendar: Calendar, conduct: Conduct, dice: Dice) -> Path:
    use = dice.roll() * dice.roll()  # share of the limit that is spent a month
    clears = dice.roll() < CLEARS
    balance = int(loan.principal * use)
    months = [Standing(loan.month, 0, 0, balance, 0, 0)]
    unpaid: list[tuple[int, int]] = []  # month and amount of each bill's least payment
    arrears = 0
    for month in range(loan.month + 1, calendar.months):
        decision = conduct(month, month - unpaid[0][0] if unpaid else 0)
        if decision == SETTLE:
            months.append(Standing(month, min(balance, _least(balance)), balance, 0, 0, 0))
            return Path(months, dice.between(calendar.first[month], calendar.last[month]), "SETTLED")
        due = min(_least(balance), balance - arrears)
        if due:
            unpaid.append((month, due))
            arrears += due
        paid = 0
        for _ in range(min(max(decision, 0), len(unpaid))):
            paid += unpaid.pop(0)[1]
        arrears -= paid
        if not unpaid and balance > paid and decision > 0:
            paid += int((balance - paid) * (1.0 if clears and decision in (1, EVERYTHING) else dice.roll() * 0.5))
        balance -= paid
        if unpaid:  # blocked until it is paid
            balance += balance * loan.monthly // PER
        elif decision not in ENDED:
            spent = int(loan.principal * use * (0.4 + 1.2 * dice.roll()))
            balance += min(spent, max(loan.principal - balance, 0))
        days = calendar.last[month] - loan.due(calendar, unpaid[0][0]) if unpaid else 0
        months.append(Standing(month, due, paid, balance, arrears, days))
        if decision in ENDED:
            return Path(months, calendar.last[month], ENDED[decision])
    return Path(months, None, "ACTIVE")


def _least(balance: int) -> int:
    """Name the least payment of a bill: a tenth, at least 100 yuan, at most everything."""
    return min(max(balance // 10, LEAST_DUE), balance)
