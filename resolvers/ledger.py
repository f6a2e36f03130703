"""Ledgers: a borrower's loans in the order of their days, in which bisection finds those of a window."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date
from itertools import accumulate
from typing import NamedTuple

from resolvers.inquiries import Inquiries
from resolvers.months import newest, number
from resolvers.window import DAY
from sql.portraits import PortraitRow


class Ledger(NamedTuple):
    """A borrower's loans that passed a filter, oldest first, beside ``everything``, the loans that passed or not.

    ``opened`` has a day for each of them, in their order, ``lent`` the principal of all before it, and of itself none;
    ``closed`` has the days on which loans were closed, in the days' order. ``shared`` tells whether a lender has
    several. What is owed at the ends of windows is kept in ``owed``.
    """

    loans: Sequence[PortraitRow]
    everything: Sequence[PortraitRow]
    inquiries: Inquiries
    opened: Sequence[date]
    closed: Sequence[date]
    lent: Sequence[int]
    shared: bool
    owed: dict[date, int]

    @classmethod
    def of(cls, chosen: Sequence[PortraitRow], everything: Sequence[PortraitRow], inquiries: Inquiries) -> "Ledger":
        """Return the ledger of loans that passed, newest first, of all the borrower's."""
        loans = chosen[::-1]
        return cls(
            loans,
            everything,
            inquiries,
            [loan.opened_on for loan in loans],
            sorted([loan.closed_on for loan in loans if loan.closed_on is not None]),
            list(accumulate([loan.principal for loan in loans], initial=0)),
            len({loan.institution_id for loan in loans}) < len(loans),
            {},
        )

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

    def balance_at(self, end: date) -> int:
        """Return the newest balances of the loans alive on the day before ``end``."""
        owed = self.owed.get(end)
        if owed is None:
            owed = self.owed[end] = balances(self.alive(end - DAY, end), end)
        return owed


def balances(loans: Sequence[PortraitRow], end: date) -> int:
    """Return what is owed of loans: the balances of their newest months before ``end``, the principal where none is."""
    stop = number(end - DAY) + 1
    found = ((loan.principal, newest(loan, loan.balance, stop)) for loan in loans)
    return sum(principal if balance is None else balance for principal, balance in found)


def lenders(loans: Sequence[PortraitRow]) -> int:
    """Return how many lenders loans have."""
    return len({loan.institution_id for loan in loans})
