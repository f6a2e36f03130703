"""The figures of the portfolio: the whole market's loans, or those that a filter leaves, by brute force."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from tests.oracle.held import BUCKET_LIMITS, HeldLoan, bucket
from tests.oracle.multiloan import KINDS
from tests.oracle.reader import RepaymentRow
from tests.oracle.windows import (
    ONE_DAY,
    Span,
    Window,
    months_between,
    next_month,
    period_end,
    period_of,
    resolve,
)

Answer = dict[str, Any]
Filter = Mapping[str, Any]

GRADES = {"UP_TO_90": range(1, 91), "FROM_91_TO_180": range(91, 181), "OVER_180": range(181, 10**9)}
KEYS: dict[str, Callable[[HeldLoan], str]] = {
    "INSTITUTION_KIND": lambda loan: loan.lender.kind,
    "INSTITUTION": lambda loan: loan.lender.code,
    "PRODUCT": lambda loan: loan.row.product,
}


class Reported(NamedTuple):
    """A loan in a month for which it is reported."""

    loan: HeldLoan
    row: RepaymentRow


class Group(NamedTuple):
    """Loans that a figure is about, under their key (None: everything) and period."""

    key: str | None
    period: date
    loans: list[HeldLoan]

    @property
    def borrowers(self) -> set[str]:
        """The distinct subjects of the loans."""
        return {loan.row.subject for loan in self.loans}

    @property
    def institutions(self) -> set[str]:
        """The distinct lenders of the loans."""
        return {loan.lender.code for loan in self.loans}


class OraclePortfolio:
    """The loans that pass a filter, in their newest versions, and what is asked about them together."""

    def __init__(self, loans: Iterable[HeldLoan], given: Filter | None, horizon: date | None) -> None:
        self.loans = [loan for loan in loans if passes(loan, given or {})]
        self.horizon = horizon

    def delinquency(self, window: Window, every: str = "MONTH", by: str | None = None) -> list[Answer]:
        """The contract's DelinquencySeries, nothing suppressed."""
        series: dict[str | None, list[Answer]] = {} if by else {None: []}
        for population in self.populations(window, every, by):
            series.setdefault(population[0].key, []).append(point(*population))
        return [{"key": key, "points": points} for key, points in series.items()]

    def populations(self, window: Window, every: str, by: str | None) -> list[tuple[Group, list[Reported]]]:
        """The population of each point, by key and period."""
        span = resolve(window, self.horizon)
        found = []
        for key, loans in grouped(self.loans, by):
            months: dict[date, list[Reported]] = defaultdict(list)
            for loan in loans:
                for month, row in loan.months.items():
                    if span.holds(month) and (row.balance > 0 or row.overdue_amount > 0):
                        months[month].append(Reported(loan, row))
            last = {period_of(month, every): month for month in sorted(months)}
            for period, month in last.items():
                found.append((Group(key, period, [one.loan for one in months[month]]), months[month]))
        return found

    def vintages(
        self, opened: Window, every: str = "QUARTER", days_past_due: int = 30, by: str | None = None
    ) -> list[Answer]:
        """The contract's Vintages, nothing suppressed."""
        return [self.vintage(cohort, days_past_due) for cohort in self.cohorts(opened, every, by)]

    def cohorts(self, opened: Window, every: str, by: str | None) -> list[Group]:
        """The loans opened in each period, by key and period."""
        span = resolve(opened, self.horizon)
        found = []
        for key, loans in grouped(self.loans, by):
            periods: dict[date, list[HeldLoan]] = defaultdict(list)
            for loan in loans:
                if span.holds(loan.row.opened_on):
                    periods[period_of(loan.row.opened_on, every)].append(loan)
            found += [Group(key, period, periods[period]) for period in sorted(periods)]
        return found

    def vintage(self, cohort: Group, days_past_due: int) -> Answer:
        """The contract's Vintage of one cohort."""
        latest = max(loan.row.opened_on for loan in cohort.loans)
        reached = -1 if self.horizon is None else months_between(latest, self.horizon - ONE_DAY)
        first_over: Counter[int] = Counter()
        reported: Counter[int] = Counter()
        for loan in cohort.loans:
            ages = {months_between(loan.row.opened_on, month): row for month, row in loan.months.items()}
            reported.update(ages.keys())
            over = [age for age, row in ages.items() if row.days_past_due > days_past_due]
            first_over.update([min(over)] if over else [])
        return {
            "key": cohort.key,
            "opened": cohort.period.isoformat(),
            "loans": len(cohort.loans),
            "principal": sum(loan.row.principal for loan in cohort.loans),
            "curve": [
                {
                    "monthOnBook": age,
                    "loans": reported[age],
                    "everRate": sum(count for first, count in first_over.items() if first <= age) / len(cohort.loans),
                }
                for age in range(reached + 1)
            ],
        }

    def roll_rates(self, window: Window) -> list[Answer]:
        """The contract's RollRates, nothing suppressed."""
        counted = self.moves(resolve(window, self.horizon))
        leaving: Counter[int] = Counter()
        for (start, _), loans in counted.items():
            leaving[start] += len(loans)
        return [
            {
                "from": f"M{start}",
                "to": None if end is None else f"M{end}",
                "loans": len(loans),
                "share": len(loans) / leaving[start],
            }
            for (start, end), loans in sorted(counted.items(), key=lambda move: in_order(*move[0]))
        ]

    def moves(self, span: Span) -> dict[tuple[int, int | None], list[HeldLoan]]:
        """The loans that moved between two buckets, once for every two months; None: not reported in the second."""
        counted: dict[tuple[int, int | None], list[HeldLoan]] = defaultdict(list)
        for loan in self.loans:
            for month, row in loan.months.items():
                if span.holds(month) and span.holds(next_month(month)):
                    then = loan.months.get(next_month(month))
                    end = None if then is None else bucket(then.days_past_due)
                    counted[bucket(row.days_past_due), end].append(loan)
        return counted

    def lenders_per_borrower(self, window: Window, every: str = "MONTH") -> list[Answer]:
        """The contract's LendersPerBorrower, nothing suppressed."""
        return [row for day in last_days(resolve(window, self.horizon), every) for row in self.lenders_on(day, every)]

    def lenders_on(self, day: date, every: str) -> list[Answer]:
        """The borrowers by how many lenders they have on a day."""
        over_30 = {
            loan.row.subject
            for loan in self.loans
            if (row := loan.months.get(day.replace(day=1))) and row.days_past_due > 30
        }
        holders = self.holders(day)
        borrowers = sum(map(len, holders.values()))
        return [
            {
                "period": period_of(day, every).isoformat(),
                "lenders": lenders,
                "borrowers": len(held),
                "share": len(held) / borrowers,
                "over30Rate": len(held & over_30) / len(held),
            }
            for lenders, held in sorted(holders.items())
        ]

    def holders(self, day: date) -> dict[int, set[str]]:
        """The borrowers by the number of distinct lenders with a loan alive on the day."""
        lenders: dict[str, set[str]] = defaultdict(set)
        for loan in self.loans:
            if loan.alive_on(day):
                lenders[loan.row.subject].add(loan.lender.code)
        holders: dict[int, set[str]] = defaultdict(set)
        for subject, codes in lenders.items():
            holders[len(codes)].add(subject)
        return holders


def point(group: Group, population: list[Reported]) -> Answer:
    """The contract's DelinquencyPoint."""
    rows = [one.row for one in population]
    balance = sum(row.balance for row in rows)

    def over(days: int) -> int:
        return sum(row.balance for row in rows if row.days_past_due > days)

    def loans_over(days: int) -> int:
        return sum(row.days_past_due > days for row in rows)

    return {
        "period": group.period.isoformat(),
        "suppressed": False,
        "loans": len(rows),
        "borrowers": len(group.borrowers),
        "balance": balance,
        "overdueBalance": over(0),
        "overdueRate": share(over(0), balance),
        "over30Rate": share(over(30), balance),
        "over60Rate": share(over(60), balance),
        "over90Rate": share(over(90), balance),
        "overdueLoanRate": share(loans_over(0), len(rows)),
        "over30LoanRate": share(loans_over(30), len(rows)),
        "buckets": [
            bucket_share(number, [row for row in rows if bucket(row.days_past_due) == number], balance)
            for number in range(8)
        ],
        "grades": [
            grade_share(grade, [row for row in rows if row.days_past_due in days], len(rows), balance)
            for grade, days in GRADES.items()
        ],
    }


def bucket_share(number: int, rows: list[RepaymentRow], balance: int) -> Answer:
    """The contract's BucketShare."""
    held = sum(row.balance for row in rows)
    return {"bucket": f"M{number}", "loans": len(rows), "balance": held, "share": share(held, balance)}


def grade_share(grade: str, rows: list[RepaymentRow], loans: int, balance: int) -> Answer:
    """The contract's OverdueGradeShare."""
    overdue = sum(row.overdue_amount for row in rows)
    return {
        "grade": grade,
        "loans": len(rows),
        "overdueAmount": overdue,
        "loanRate": share(len(rows), loans),
        "amountRate": share(overdue, balance),
    }


def share(part: int, whole: int) -> float | None:
    """The part of a whole; None where the whole is nothing."""
    return part / whole if whole else None


def passes(loan: HeldLoan, given: Filter) -> bool:
    """Whether a loan meets every condition that is given; a null counts as left out, an empty list passes nothing."""
    asked = {
        "institutionKinds": loan.lender.kind,
        "institutions": loan.lender.code,
        "products": loan.row.product,
    }
    return all(given.get(name) is None or value in given[name] for name, value in asked.items())


def grouped(loans: list[HeldLoan], by: str | None) -> list[tuple[str | None, list[HeldLoan]]]:
    """The loans by key: kinds in the enum's order, anything else by code point."""
    if by is None:
        return [(None, loans)]
    groups: dict[str, list[HeldLoan]] = defaultdict(list)
    for loan in loans:
        groups[KEYS[by](loan)].append(loan)
    order = KINDS.index if by == "INSTITUTION_KIND" else str
    return [(key, groups[key]) for key in sorted(groups, key=order)]


def in_order(start: int, end: int | None) -> tuple[int, int]:
    """Where a move between buckets stands: not reported comes last."""
    return start, len(BUCKET_LIMITS) + 1 if end is None else end


def last_days(span: Span, every: str) -> list[date]:
    """The last day of each period that has a day in the span; of the last one no later than the span's."""
    days = []
    day = span.start
    while day <= span.last_day:
        days.append(min(period_end(day, every), span.last_day))
        day = period_end(day, every) + ONE_DAY
    return days
