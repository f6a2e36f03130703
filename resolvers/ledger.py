"""Ledgers: a borrower's loans in the order of their days, in which bisection finds those of a window."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from datetime import date
from itertools import accumulate
from operator import attrgetter
from typing import NamedTuple

from resolvers.inquiries import Inquiries, midnight
from resolvers.months import newest, number
from resolvers.window import DAY
from sql.portraits import PortraitRow

READ = attrgetter("institution_id", "principal", "opened_on", "closed_on")


class Ledger(NamedTuple):
    """A borrower's loans that passed a filter, oldest first, beside ``everything``, the loans that passed or not.

    ``opened`` has a day for each of them, in their order, ``lent`` the principal of all before it, and of itself none;
    ``held`` their lenders, each with the last day of the loan, ``closed`` these days in the days' order; it is the
    calendar's last where a loan is not closed. ``shared`` tells whether a lender has several.
    """

    loans: Sequence[PortraitRow]
    everything: Sequence[PortraitRow]
    inquiries: Inquiries
    opened: Sequence[date]
    closed: Sequence[date]
    lent: Sequence[int]
    held: Sequence[tuple[int, date]]
    shared: bool

    @classmethod
    def of(cls, chosen: Sequence[PortraitRow], everything: Sequence[PortraitRow], inquiries: Inquiries) -> "Ledger":
        """Return the ledger of loans that passed, newest first, of all the borrower's."""
        if not chosen:
            return cls((), everything, inquiries, (), (), (0,), (), shared=False)
        loans = chosen[::-1]
        lenders, principals, opened, closed = zip(*map(READ, loans), strict=True)
        ends = [day or date.max for day in closed]
        return cls(
            loans, everything, inquiries, opened, sorted(ends), list(accumulate(principals, initial=0)),
            list(zip(lenders, ends, strict=True)), len(set(lenders)) < len(lenders),
        )  # fmt: skip

    def of_kind(self, kind: str) -> "Ledger":
        """Return the ledger of one kind of institution's loans."""
        chosen = [loan for loan in reversed(self.loans) if loan.institution_kind == kind]
        return Ledger.of(chosen, self.everything, self.inquiries)

    def alive(self, start: date, end: date) -> list[PortraitRow]:
        """Return the loans alive on any day from ``start`` up to, and without, ``end``."""
        begun = self.loans[: bisect_left(self.opened, end)]
        return [loan for loan in begun if loan.closed_on is None or loan.closed_on >= start]

    def opened_in(self, start: date, end: date) -> Sequence[PortraitRow]:
        """Return the loans opened from ``start`` up to, and without, ``end``."""
        return self.loans[bisect_left(self.opened, start) : bisect_left(self.opened, end)]

    def lenders(self, start: date, begun: int) -> int:
        """Return how many lenders the first so many loans have that are alive on ``start`` or later."""
        return len({lender for lender, closed in self.held[:begun] if closed >= start})


class Before(dict[date, list[int]]):
    """What each of several borrowers has before a day, counted when it is first asked: for all windows once."""

    def __init__(self, count: Callable[[Sequence[Ledger], date], list[int]], ledgers: Sequence[Ledger]) -> None:
        super().__init__()
        self._count, self._ledgers = count, ledgers

    def __missing__(self, day: date) -> list[int]:
        """Count."""
        found = self[day] = self._count(self._ledgers, day)
        return found


class Ledgers(list[Ledger]):
    """Ledgers of borrowers that are asked together.

    ``opened`` has how many loans were opened before a day, ``inquired`` how many inquiries were made, by anybody,
    ``owed`` the newest balances of the loans that are alive on the day before it.
    """

    __slots__ = ("inquired", "opened", "owed")

    def __init__(self, each: Sequence[Ledger]) -> None:
        super().__init__(each)
        self.opened, self.inquired, self.owed = Before(_opened, each), Before(_inquired, each), Before(_owed, each)


def _opened(ledgers: Sequence[Ledger], day: date) -> list[int]:
    return [bisect_left(one.opened, day) for one in ledgers]


def _inquired(ledgers: Sequence[Ledger], day: date) -> list[int]:
    instant = midnight(day)
    return [bisect_left(one.inquiries.instants, instant) for one in ledgers]


def _owed(ledgers: Sequence[Ledger], end: date) -> list[int]:
    return [balances(one.alive(end - DAY, end), end) for one in ledgers]


def balances(loans: Sequence[PortraitRow], end: date) -> int:
    """Return what is owed of loans: the balances of their newest months before ``end``, the principal where none is."""
    stop = number(end - DAY) + 1
    found = ((loan.principal, newest(loan, loan.balance, stop)) for loan in loans)
    return sum(principal if balance is None else balance for principal, balance in found)


def lenders(loans: Sequence[PortraitRow]) -> int:
    """Return how many lenders loans have."""
    return len({loan.institution_id for loan in loans})
