"""What a borrower does about a loan each month: pays, falls behind, catches up, or is given up on."""

from collections.abc import Callable, Sequence

from intake.demo.dice import Dice
from intake.demo.economy import Economy
from intake.demo.loans import Loan
from intake.demo.people import CALM, RUINED, STRAINED, Life

# A decision is how many of the unpaid instalments are paid, oldest first, or one of these.
EVERYTHING, SETTLE, WRITE_OFF, TRANSFER = 1_000, -1, -2, -3
Conduct = Callable[[int, int], int]
"""Month, and the months behind at its beginning, to a decision about it."""

# Chance to fall one month further behind, by the months behind already.
MISS = {CALM: 0.004, STRAINED: 0.55, RUINED: 0.86}
WORSEN = {
    CALM: (0.0, 0.10, 0.22, 0.40, 0.60, 0.75, 0.85),
    STRAINED: (0.0, 0.52, 0.62, 0.72, 0.80, 0.86, 0.90),
    RUINED: (0.0, 0.90, 0.92, 0.94, 0.96, 0.97, 0.98),
}
PART = 0.3  # of those who pay while behind, the share that pays a part only
SOLD = 0.045  # chance a month that a loan some months behind is sold to somebody who collects
SOLD_FROM = 3
# Months behind: from LATE on it is more than 180 days, and the loan may be written off; at ABANDONED it is.
LATE, ABANDONED = 7, 10
GIVEN_UP = 0.75
# Chance a month to repay everything early, of a loan with a term and of one that revolves.
EARLY, CLOSES = 0.013, 0.006


def drawn(loan: Loan, life: Life, economy: Economy, dice: Dice) -> Conduct:
    """Decide as the borrower's mood, the times and chance have it."""
    early = EARLY if loan.term else CLOSES

    def decide(month: int, behind: int) -> int:
        mood = life.mood[month]
        if not behind:
            slip = MISS[mood] * (life.risk * economy.hardship[month] if mood == CALM else 1.0)
            draw = dice.roll()
            if draw < slip:
                return 0
            return SETTLE if mood == CALM and draw > 1.0 - early else 1
        if behind >= LATE and (behind >= ABANDONED or dice.roll() < GIVEN_UP):
            return WRITE_OFF
        if SOLD_FROM <= behind < LATE and dice.roll() < SOLD:
            return TRANSFER
        worse = WORSEN[mood]
        if dice.roll() < worse[min(behind, len(worse) - 1)]:
            return 0
        return dice.between(1, behind) if dice.roll() < PART else EVERYTHING

    return decide


def scripted(decisions: Sequence[int], first_month: int) -> Conduct:
    """Decide as listed from the first month on, and pay in full in every month beyond the list."""

    def decide(month: int, _behind: int) -> int:
        place = month - first_month
        return decisions[place] if place < len(decisions) else EVERYTHING

    return decide
