"""Multi-loan figures: from a borrower's loans, their newest balances and the inquiries to what a window counts."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from resolvers.inquiries import Inquiries
from resolvers.months import newest, number, value
from resolvers.window import Span
from sql.portraits import PortraitRow

DAY = timedelta(days=1)
NIGHT_BEGINS, NIGHT_ENDS = time(22), time(6)
SATURDAY = 6


class Figures:
    """What a window counts over loans that passed a filter; each figure is counted when it is asked for.

    ``everything`` are the borrower's loans, filter or not; ``kinds`` restricts the inquiries, None to none;
    ``kind`` is its first. What is its own of the asking institution is None where ``asks`` says that none asks.
    ``owed`` is what the borrower's windows share: by the month before which they end, what is owed of a loan by its id.
    """

    __slots__ = (
        "_active", "_asks", "_at_end", "_everything", "_inquiries", "_kinds", "_loans", "_opened", "_owed", "kind",
        "span",
    )  # fmt: skip

    def __init__(  # noqa: PLR0913, PLR0917 - what the figures are counted from, each once
        self,
        span: Span,
        loans: Sequence[PortraitRow],
        everything: Sequence[PortraitRow],
        inquiries: Inquiries,
        kinds: tuple[str, ...] | None,
        asks: bool,  # noqa: FBT001 - one of what they are counted from
        owed: dict[int, dict[int, int]],
    ) -> None:
        self.span = span
        self.kind = kinds[0] if kinds else None
        self._loans, self._everything = loans, everything
        self._inquiries, self._kinds, self._asks, self._owed = inquiries, kinds, asks, owed
        start, end = span
        last = _day_before(end)
        self._active = active = list[PortraitRow]()
        self._opened = begun = list[PortraitRow]()
        self._at_end = at_end = list[PortraitRow]()
        for loan in loans:
            opened, closed = loan.opened_on, loan.closed_on
            if opened < end and (closed is None or closed >= start):
                active.append(loan)
                if opened >= start:
                    begun.append(loan)
                if closed is None or closed >= last:
                    at_end.append(loan)

    def _others(self) -> Sequence[datetime]:
        return self._inquiries.others(self.span, self._kinds)

    @property
    def loans_opened(self) -> int:
        """Return how many loans were opened."""
        return len(self._opened)

    @property
    def loans_active(self) -> int:
        """Return how many were alive on any day."""
        return len(self._active)

    @property
    def loans_settled(self) -> int:
        """Return how many were settled."""
        start, end = self.span
        return sum(
            loan.state == "SETTLED" and loan.closed_on is not None and start <= loan.closed_on < end
            for loan in self._active
        )

    @property
    def loans_at_end(self) -> int:
        """Return how many were alive on the last day."""
        return len(self._at_end)

    @property
    def lenders_opened(self) -> int:
        """Return the distinct lenders of the loans opened."""
        return _lenders(self._opened)

    @property
    def lenders_active(self) -> int:
        """Return the distinct lenders of the loans alive on any day."""
        return _lenders(self._active)

    @property
    def lenders_at_end(self) -> int:
        """Return the distinct lenders of the loans alive on the last day."""
        return _lenders(self._at_end)

    @property
    def inquiries(self) -> int:
        """Return how often others inquired."""
        return self._inquiries.count(self.span, self._kinds)

    @property
    def inquirers(self) -> int:
        """Return how many others inquired."""
        return len(self._inquiries.inquirers(self.span, self._kinds))

    @property
    def inquiries_at_night(self) -> int:
        """Return how often others inquired at night."""
        return sum(not NIGHT_ENDS <= instant.time() < NIGHT_BEGINS for instant in self._others())

    @property
    def inquiries_at_weekend(self) -> int:
        """Return how often others inquired on a Saturday or Sunday."""
        return sum(instant.isoweekday() >= SATURDAY for instant in self._others())

    @property
    def own_inquiries(self) -> int | None:
        """Return how often the asking institution inquired."""
        return self._inquiries.count_own(self.span, self._kinds) if self._asks else None

    @property
    def peak_loans(self) -> int:
        """Return the most loans alive on one day."""
        return self._peaks()[0]

    @property
    def peak_lenders(self) -> int:
        """Return the most lenders with a loan alive on one day."""
        return self._peaks()[1]

    @property
    def loans_opened_while_overdue(self) -> int:
        """Return how many were opened in a month in which another loan is overdue."""
        return sum(self._burdened(loan) for loan in self._opened)

    @property
    def principal_opened(self) -> int:
        """Return the principal of the loans opened."""
        return sum(loan.principal or 0 for loan in self._opened)

    @property
    def balance_at_end(self) -> int:
        """Return the newest balances of the loans alive on the last day."""
        return self._balances(self._at_end)

    @property
    def due_in_last_month(self) -> int:
        """Return what is due in the last day's month."""
        return sum(map(self._due, self._loans))

    @property
    def own_loans_at_end(self) -> int | None:
        """Return how many loans alive on the last day are the asking institution's."""
        return len(self._own_at_end()) if self._asks else None

    @property
    def own_balance_at_end(self) -> int | None:
        """Return the newest balances of the asking institution's loans."""
        return self._balances(self._own_at_end()) if self._asks else None

    @property
    def days_since_first_loan(self) -> int | None:
        """Return the days since the first opening."""
        return self._days_since(min((loan.opened_on for loan in self._opened), default=None))

    @property
    def days_since_last_loan(self) -> int | None:
        """Return the days since the last opening."""
        return self._days_since(max((loan.opened_on for loan in self._opened), default=None))

    @property
    def days_since_first_inquiry(self) -> int | None:
        """Return the days since the first inquiry of others."""
        return self._days_since(min((instant.date() for instant in self._others()), default=None))

    @property
    def days_since_last_inquiry(self) -> int | None:
        """Return the days since the last inquiry of others."""
        return self._days_since(max((instant.date() for instant in self._others()), default=None))

    def by_kind(self) -> dict[str, "Figures"]:
        """Return the figures of each kind of institution that has a loan alive in the window, or inquired in it."""
        kinds = {loan.institution_kind for loan in self._active} | self._inquiries.kinds(self.span, self._kinds)
        return {
            kind: Figures(
                self.span,
                [loan for loan in self._loans if loan.institution_kind == kind],
                self._everything,
                self._inquiries,
                (kind,),
                self._asks,
                self._owed,
            )
            for kind in kinds
        }

    def _own_at_end(self) -> list[PortraitRow]:
        return [loan for loan in self._at_end if loan.asking is not None and loan.institution_id == loan.asking]

    def _peaks(self) -> tuple[int, int]:
        """Return the most loans, and the most lenders, alive on any one day."""
        start, end = self.span
        last, changes = end - DAY, list[tuple[date, int, int]]()
        for loan in self._active:
            changes.append((max(loan.opened_on, start), 1, loan.institution_id))
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

    def _burdened(self, loan: PortraitRow) -> bool:
        month = number(loan.opened_on)
        return any(other.id != loan.id and value(other, other.days_past_due, month) for other in self._everything)

    def _balances(self, loans: Sequence[PortraitRow]) -> int:
        stop = _month_behind(self.span.end)
        known, total = self._owed.setdefault(stop, {}), 0
        for loan in loans:
            owed = known.get(loan.id)
            if owed is None:
                balance = newest(loan, loan.balance, stop)
                owed = known[loan.id] = loan.principal if balance is None else balance
            total += owed
        return total

    def _due(self, loan: PortraitRow) -> int:
        return value(loan, loan.due, number(_day_before(self.span.end))) or 0

    def _days_since(self, day: date | None) -> int | None:
        return None if day is None else (self.span.end - DAY - day).days


def _lenders(loans: Sequence[PortraitRow]) -> int:
    return len({loan.institution_id for loan in loans})


@lru_cache(maxsize=256)
def _month_behind(end: date) -> int:
    """Return the number of the month behind that of the last day of a span that ends so."""
    return number(_day_before(end)) + 1


@lru_cache(maxsize=256)
def _day_before(day: date) -> date:
    return day - DAY
