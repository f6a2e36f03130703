"""Who borrows: each borrower's loans and hard times, drawn month by month, the two feeding on each other."""

from typing import NamedTuple

from intake.demo.dice import Dice, Wheel, wheel
from intake.demo.economy import day_of_opening, economy
from intake.demo.loans import Loan, agree
from intake.demo.market import LENDERS, Institution
from intake.demo.months import Calendar

CALM, STRAINED, RUINED = 0, 1, 2
MOST_LOANS = 60
NEWCOMERS = 0.35  # share of borrowers whose first loan depends on how lax lending is
RETURNS = 0.4  # share of later loans from a lender that the borrower has
# Chances in a month: to get into difficulty, for that to be ruin, to recover from difficulty, and from ruin.
FALL, RUIN, RELIEF, RESCUE = 0.0036, 0.26, 0.24, 0.03


class Habit(NamedTuple):
    """How a borrower borrows."""

    again: float
    """Chance in a month to take a further loan."""
    stacks: float
    """Chance that a loan brings another elsewhere within weeks, and that one another."""
    risk: float
    """What it does to the chance of getting into difficulty."""


HABITS = wheel(
    [
        (Habit(0.015, 0.03, 0.55), 46),
        (Habit(0.065, 0.08, 0.80), 30),
        (Habit(0.145, 0.20, 1.25), 16),
        (Habit(0.250, 0.42, 2.10), 6),
        (Habit(0.400, 0.62, 3.20), 2),
    ]
)
# Quantiles of what sets people apart whom the same habits describe.
LUCK = (10, 18, 28, 42, 60, 85, 120, 180, 300, 520)
LUCK_UNIT = 100
TIER_ENDS = (0.55, 1.3)


class Life(NamedTuple):
    """A borrower's loans, oldest first, and the state they were in each month (CALM, STRAINED or RUINED)."""

    risk: float
    loans: list[Loan]
    mood: list[int]

    @property
    def tier(self) -> int:
        """How lenders class the borrower: 0 for low risk, 1 for middling, 2 for high."""
        return (self.risk > TIER_ENDS[0]) + (self.risk > TIER_ENDS[1])


class Society:
    """The rules that all borrowers live by."""

    def __init__(self, calendar: Calendar) -> None:
        """Take the months to be lived through."""
        self.calendar = calendar
        self.economy = economy(calendar)
        self.arrivals: Wheel[int] = wheel(enumerate(self.economy.arrivals))

    def live(self, dice: Dice) -> Life:
        """Draw a borrower's life, from the first loan to the last month."""
        arrival = self.arrivals.spin(dice)
        habit = HABITS.spin(dice)
        risk = habit.risk * dice.along(LUCK) / LUCK_UNIT
        if dice.roll() < NEWCOMERS:
            risk *= self.economy.laxity[arrival]
        life = Life(risk, [], [CALM] * self.calendar.months)
        alive: list[tuple[int, Institution]] = []  # the last month by contract, and with whom
        mood = CALM
        for month in range(arrival, self.calendar.months):
            lenders = len({lender.code for end, lender in alive if end >= month}) if alive else 0
            danger = risk * (0.6 + 0.42 * min(lenders, 9))
            was, mood = mood, _next_mood(mood, danger, self.economy.hardship[month], dice)
            life.mood[month] = mood
            chance = habit.again * self.economy.lending[month]
            if mood != CALM:  # at first one borrows to repay, then nobody lends any more
                chance *= 1.7 if was == CALM else 0.3 if mood == STRAINED else 0.04
            if month == arrival or dice.roll() < chance:
                self._borrow(life, habit, month, dice)
                alive += [
                    (loan.month + (loan.term or self.calendar.months), loan.institution)
                    for loan in life.loans[len(alive) :]
                ]
        life.loans.sort(key=lambda loan: loan.opened)
        return life

    def _borrow(self, life: Life, habit: Habit, month: int, dice: Dice) -> None:
        """Take a loan, and perhaps more of others within weeks: joint debt."""
        lenders = LENDERS[life.tier]
        opened = day_of_opening(self.calendar, month, dice)
        used = {loan.institution.code for loan in life.loans}
        for more in range(1 + dice.hits(habit.stacks, 8)):
            if more:
                opened += dice.between(1, 16)
                while month < self.calendar.months and opened > self.calendar.last[month]:
                    month += 1
            if month == self.calendar.months or len(life.loans) == MOST_LOANS:
                return
            if life.loans and not more and dice.roll() < RETURNS:
                institution = dice.pick(life.loans).institution  # a customer who comes back
            else:
                institution = lenders.spin(dice)
                if institution.code in used:
                    institution = lenders.spin(dice)
            used.add(institution.code)
            life.loans.append(agree(institution, opened, month, dice, self.calendar))


def _next_mood(mood: int, danger: float, hardship: float, dice: Dice) -> int:
    """Move between calm and difficulty: into it sooner for the endangered and in hard times, and out of it later."""
    if mood == CALM:
        if dice.roll() >= min(FALL * danger * hardship, 0.3):
            return CALM
        return RUINED if dice.roll() < RUIN else STRAINED
    if mood == STRAINED:
        return CALM if dice.roll() < RELIEF / hardship + 0.05 else STRAINED
    return CALM if dice.roll() < RESCUE else RUINED
