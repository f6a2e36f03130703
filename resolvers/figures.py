"""Multi-loan figures: what a window counts of borrowers' loans and inquiries, each figure of all borrowers at once."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from itertools import groupby
from operator import itemgetter, sub
from typing import Any

from resolvers.inquiries import midnight
from resolvers.ledger import Ledger, Ledgers, balances, lenders
from resolvers.months import number, value
from resolvers.table import Columns
from resolvers.window import DAY, Span
from sql.portraits import PortraitRow

NIGHT_BEGINS, NIGHT_ENDS = time(22), time(6)
SATURDAY = 6
# Figures that count loans, lenders or inquiries of one borrower.
COUNTS = frozenset(
    {
        "loans_opened", "loans_active", "loans_settled", "loans_at_end", "lenders_opened", "lenders_active",
        "lenders_at_end", "inquiries", "inquirers", "inquiries_at_night", "inquiries_at_weekend", "peak_loans",
        "peak_lenders", "loans_opened_while_overdue",
    }
)  # fmt: skip


class Counted:
    """What a window counts of one borrower: each figure of ``Figures`` by its name, counted when it is asked for."""

    __slots__ = ("_figures", "_place")

    def __init__(self, figures: "Figures", place: int) -> None:
        self._figures, self._place = figures, place

    def __getattr__(self, name: str) -> Any:
        """Return a figure."""
        if name.startswith("_"):
            raise AttributeError(name)
        return self._figures.column(name)[self._place]


class Figures(Columns[Counted]):
    """What a window counts of borrowers, of each over the loans that are in its ledger.

    A figure is a column, with a value a borrower, and is counted when it is first asked for. ``kinds`` restricts the
    inquiries, None to none; what is the asking institution's own is None where ``asks`` says that none asks.
    """

    counts = COUNTS

    def __init__(self, span: Span, ledgers: Ledgers, kinds: tuple[str, ...] | None, *, asks: bool) -> None:
        self._span, self._ledgers, self._kinds, self._asks = span, ledgers, kinds, asks
        self._last = span.end - DAY
        self._found: dict[str, Sequence[Any]] = {}

    def __len__(self) -> int:
        """Return how many borrowers there are."""
        return len(self._ledgers)

    def __iter__(self) -> Iterator[Counted]:
        """Give each borrower's figures."""
        return (Counted(self, place) for place in range(len(self)))

    def column(self, name: str) -> Sequence[Any]:
        """Return a figure of each borrower."""
        found = self._found.get(name)
        if found is None:
            found = self._found[name] = getattr(self, name)()
        return found

    def span(self) -> list[Span]:
        """Return the window."""
        return [self._span] * len(self)

    def kind(self) -> list[str | None]:
        """Return the kind of institution of which alone these figures are."""
        return [self._kinds[0] if self._kinds else None] * len(self)

    def loans_opened(self) -> list[int]:
        """Return how many loans were opened."""
        start, end = self._span
        return list(map(sub, self._ledgers.opened[end], self._ledgers.opened[start]))

    def loans_active(self) -> list[int]:
        """Return how many loans were alive on any day."""
        start, end = self._span
        return self._alive(start, end)

    def loans_settled(self) -> list[int]:
        """Return how many loans were settled."""
        start, end = self._span
        return [
            sum(
                loan.state == "SETTLED" and loan.closed_on is not None and start <= loan.closed_on < end
                for loan in one.loans
            )
            for one in self._ledgers
        ]

    def loans_at_end(self) -> list[int]:
        """Return how many loans were alive on the last day."""
        return self._alive(self._last, self._span.end)

    def lenders_opened(self) -> list[int]:
        """Return the distinct lenders of the loans opened."""
        return [lenders(one.opened_in(*self._span)) for one in self._ledgers]

    def lenders_active(self) -> list[int]:
        """Return the distinct lenders of the loans alive on any day."""
        start, end = self._span
        return self._lenders(self.column("loans_active"), start, end)

    def lenders_at_end(self) -> list[int]:
        """Return the distinct lenders of the loans alive on the last day."""
        return self._lenders(self.column("loans_at_end"), self._last, self._span.end)

    def inquiries(self) -> Sequence[int]:
        """Return how often others inquired."""
        if self._asks or self._kinds is not None:
            return list(map(len, self._others()))
        start, end = self._span
        first = midnight(start)
        return [
            made - bisect_left(one.inquiries.instants, first)
            for one, made in zip(self._ledgers, self._ledgers.inquired[end], strict=True)
        ]

    def inquirers(self) -> list[int]:
        """Return how many others inquired."""
        return [len(one.inquiries.inquirers(self._span, self._kinds)) for one in self._ledgers]

    def inquiries_at_night(self) -> list[int]:
        """Return how often others inquired at night."""
        return [sum(not NIGHT_ENDS <= instant.time() < NIGHT_BEGINS for instant in made) for made in self._others()]

    def inquiries_at_weekend(self) -> list[int]:
        """Return how often others inquired on a Saturday or Sunday."""
        return [sum(instant.isoweekday() >= SATURDAY for instant in made) for made in self._others()]

    def own_inquiries(self) -> Sequence[int | None]:
        """Return how often the asking institution inquired."""
        return self._own(one.inquiries.count_own(self._span, self._kinds) for one in self._ledgers)

    def peak_loans(self) -> list[int]:
        """Return the most loans alive on one day."""
        return [loans for loans, _ in self.column("_peaks")]

    def peak_lenders(self) -> list[int]:
        """Return the most lenders with a loan alive on one day."""
        return [peak for _, peak in self.column("_peaks")]

    def loans_opened_while_overdue(self) -> list[int]:
        """Return how many loans were opened in a month in which another loan is overdue."""
        return [sum(_burdened(loan, one.everything) for loan in one.opened_in(*self._span)) for one in self._ledgers]

    def principal_opened(self) -> list[int]:
        """Return the principal of the loans opened."""
        start, end = self._span
        before, opened = self._ledgers.opened[start], self._ledgers.opened[end]
        return [
            one.lent[stop] - one.lent[first] for one, first, stop in zip(self._ledgers, before, opened, strict=True)
        ]

    def balance_at_end(self) -> Sequence[int]:
        """Return the newest balances of the loans alive on the last day."""
        return self._ledgers.owed[self._span.end]

    def due_in_last_month(self) -> list[int]:
        """Return what is due in the last day's month."""
        month = number(self._last)
        return [sum(value(loan, loan.due, month) or 0 for loan in one.loans) for one in self._ledgers]

    def own_loans_at_end(self) -> Sequence[int | None]:
        """Return how many loans alive on the last day are the asking institution's."""
        return self._own(len(self._own_at_end(one)) for one in self._ledgers)

    def own_balance_at_end(self) -> Sequence[int | None]:
        """Return the newest balances of the asking institution's loans."""
        return self._own(balances(self._own_at_end(one), self._span.end) for one in self._ledgers)

    def days_since_first_loan(self) -> list[int | None]:
        """Return the days since the first opening."""
        return [self._days_since([loan.opened_on for loan in one.opened_in(*self._span)][:1]) for one in self._ledgers]

    def days_since_last_loan(self) -> list[int | None]:
        """Return the days since the last opening."""
        return [self._days_since([loan.opened_on for loan in one.opened_in(*self._span)][-1:]) for one in self._ledgers]

    def days_since_first_inquiry(self) -> list[int | None]:
        """Return the days since the first inquiry of others."""
        return [self._days_since([instant.date() for instant in made[:1]]) for made in self._others()]

    def days_since_last_inquiry(self) -> list[int | None]:
        """Return the days since the last inquiry of others."""
        return [self._days_since([instant.date() for instant in made[-1:]]) for made in self._others()]

    def by_kind(self) -> list[dict[str, Counted]]:
        """Return the figures of each kind of institution that has a loan alive in the window, or inquired in it."""
        kinds = [
            {loan.institution_kind for loan in one.alive(*self._span)} | one.inquiries.kinds(self._span, self._kinds)
            for one in self._ledgers
        ]
        figures = {
            kind: Figures(self._span, Ledgers([one.of_kind(kind) for one in self._ledgers]), (kind,), asks=self._asks)
            for kind in set[str]().union(*kinds)
        }
        return [{kind: Counted(figures[kind], place) for kind in found} for place, found in enumerate(kinds)]

    def _alive(self, start: date, end: date) -> list[int]:
        """Count the loans alive on any day: those opened before the end, but for those closed before the start."""
        return [
            begun - bisect_left(one.closed, start)
            for one, begun in zip(self._ledgers, self._ledgers.opened[end], strict=True)
        ]

    def _lenders(self, loans: Iterable[int], start: date, end: date) -> list[int]:
        """Count the lenders of so many loans, which are alive on any day: where none has several, as many as loans."""
        return [
            one.lenders(start, begun) if one.shared and count > 1 else count
            for one, count, begun in zip(self._ledgers, loans, self._ledgers.opened[end], strict=True)
        ]

    def _others(self) -> Sequence[Sequence[datetime]]:
        return [one.inquiries.others(self._span, self._kinds) for one in self._ledgers]

    def _own(self, counts: Iterable[int]) -> Sequence[int | None]:
        return list(counts) if self._asks else [None] * len(self)

    def _own_at_end(self, ledger: Ledger) -> list[PortraitRow]:
        alive = ledger.alive(self._last, self._span.end)
        return [loan for loan in alive if loan.asking is not None and loan.institution_id == loan.asking]

    def _peaks(self) -> list[tuple[int, int]]:
        return [_peak(one.alive(*self._span), self._span) for one in self._ledgers]

    def _days_since(self, days: Sequence[date]) -> int | None:
        return (self._last - days[0]).days if days else None


def _peak(active: Iterable[PortraitRow], span: Span) -> tuple[int, int]:
    """Return the most loans, and the most lenders, alive on any one day."""
    last, changes = span.end - DAY, list[tuple[date, int, int]]()
    for loan in active:
        changes.append((max(loan.opened_on, span.start), 1, loan.institution_id))
        if loan.closed_on is not None and loan.closed_on < last:
            changes.append((loan.closed_on + DAY, -1, loan.institution_id))
    alive, loans, peaks = Counter[int](), 0, (0, 0)
    for _, of_day in groupby(sorted(changes), key=itemgetter(0)):
        for _, change, lender in of_day:
            loans += change
            alive[lender] += change
            if not alive[lender]:
                del alive[lender]
        peaks = max(peaks[0], loans), max(peaks[1], len(alive))
    return peaks


def _burdened(loan: PortraitRow, everything: Iterable[PortraitRow]) -> bool:
    month = number(loan.opened_on)
    return any(other.id != loan.id and value(other, other.days_past_due, month) for other in everything)
