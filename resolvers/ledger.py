"""Ledgers: a borrower's loans in the order of their days, in which bisection finds those of a window."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import accumulate
from typing import NamedTuple

from resolvers.inquiries import Inquiries, midnight
from resolvers.months import newest, number
from resolvers.window import DAY
from sql.portraits import PortraitRow


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
        loans = chosen[::-1]
        lenders, closed = [loan.institution_id for loan in loans], [loan.closed_on or date.max for loan in loans]
        return cls(
            loans,
            everything,
            inquiries,
            [loan.opened_on for loan in loans],
            sorted(closed),
            list(accumulate([loan.principal for loan in loans], initial=0)),
            list(zip(lenders, closed, strict=True)),
            len(set(lenders)) < len(lenders),
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

    def lenders(self, start: date, begun: int) -> int:
        """Return how many lenders the first so many loans have that are alive on ``start`` or later."""
        return len({lender for lender, closed in self.held[:begun] if closed >= start})


class Ledgers:
    """Ledgers of borrowers that are asked together; what they have before a day is counted once for all windows."""

    __slots__ = ("_each", "_kept")

    def __init__(self, each: Sequence[Ledger]) -> None:
        self._each = each
        self._kept: dict[tuple[Column, date], Sequence[int]] = {}

    def __len__(self) -> int:
        """Return how many borrowers there are."""
        return len(self._each)

    def __iter__(self) -> Iterator[Ledger]:
        """Give each borrower's."""
        return iter(self._each)

    def opened(self, day: date) -> Sequence[int]:
        """Return how many of each borrower's loans were opened before a day."""
        return self._once(_opened, day)

    def closed(self, day: date) -> Sequence[int]:
        """Return how many of each borrower's loans were closed before a day."""
        return self._once(_closed, day)

    def inquired(self, day: date) -> Sequence[int]:
        """Return how many inquiries, whoever made them, each borrower has before a day."""
        return self._once(_inquired, day)

    def owed(self, end: date) -> Sequence[int]:
        """Return the newest balances of each borrower's loans that are alive on the day before ``end``."""
        return self._once(_owed, end)

    def _once(self, count: "Column", day: date) -> Sequence[int]:
        found = self._kept.get((count, day))
        if found is None:
            found = self._kept[count, day] = count(self._each, day)
        return found


Column = Callable[[Sequence[Ledger], date], Sequence[int]]


def _opened(ledgers: Sequence[Ledger], day: date) -> list[int]:
    return [bisect_left(one.opened, day) for one in ledgers]


def _closed(ledgers: Sequence[Ledger], day: date) -> list[int]:
    return [bisect_left(one.closed, day) for one in ledgers]


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
