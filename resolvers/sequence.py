"""Overdue sequences: from the months reported of a loan, or of a borrower's loans, to pattern, runs and episodes."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple

from resolvers.window import Span, first_of_month
from sql.rows import LoanRow, RepaymentRow

ABSENT, SETTLED, ENDED, NOTHING_DUE, PAID, UNREPORTED = "/", "C", "G", "*", "N", "#"

# What a borrower's month is called where no loan of it is overdue: the first of these that any loan has.
MILDER = (ENDED, PAID, NOTHING_DUE, SETTLED, UNREPORTED, ABSENT)

LAST_BUCKET = 7
BUCKETS = tuple(f"M{number}" for number in range(LAST_BUCKET + 1))


class Month(NamedTuple):
    """A month of a sequence; the figures are None where nothing was reported. Amounts are minor units."""

    month: date
    code: str
    bucket: str | None = None
    days_past_due: int | None = None
    overdue_amount: int | None = None


class Episode(NamedTuple):
    """A maximal run of overdue months, from its first month to its last."""

    first: date
    last: date
    months: int
    max_days_past_due: int
    max_overdue_amount: int
    cured: bool


class Report(NamedTuple):
    """A reported month as clients see it."""

    month: date
    due: int
    paid: int
    balance: int
    overdue_amount: int
    days_past_due: int
    bucket: str
    code: str
    reported_at: datetime


class Series(NamedTuple):
    """Every month of a window as parallel lists, oldest first; None where nothing was reported."""

    months: list[date]
    pattern: str
    due: list[int | None]
    paid: list[int | None]
    balance: list[int | None]
    overdue_amount: list[int | None]
    days_past_due: list[int | None]


def bucket_number(days_past_due: int) -> int:
    """Return 0 for none, 1 for 1-30 days, … 6 for 151-180, 7 for more."""
    return min((days_past_due + 29) // 30, LAST_BUCKET)


def bucket(days_past_due: int) -> str:
    """Return the bucket's name, M0 to M7."""
    return BUCKETS[bucket_number(days_past_due)]


def coding(loan: LoanRow) -> Callable[[date, RepaymentRow | None], str]:
    """Return what gives the character of a month of the loan with its report; the first rule that fits decides."""
    opened, closed = first_of_month(loan.opened_on), loan.closed_on and first_of_month(loan.closed_on)
    ended = SETTLED if loan.state == "SETTLED" else ENDED

    def code(month: date, reported: RepaymentRow | None) -> str:
        if month < opened or (closed and month > closed):
            return ABSENT
        if month == closed:
            return ended
        if reported is None:
            return UNREPORTED
        if reported.days_past_due:
            return str(bucket_number(reported.days_past_due))
        return PAID if reported.due else NOTHING_DUE

    return code


def reports(loan: LoanRow, rows: Iterable[RepaymentRow]) -> list[Report]:
    """Return reported months with their bucket and code."""
    code = coding(loan)
    return [
        Report(
            row.month, row.due, row.paid, row.balance, row.overdue_amount, row.days_past_due,
            bucket(row.days_past_due), code(row.month, row), row.reported_at,
        )
        for row in rows
    ]  # fmt: skip


def of_loan(loan: LoanRow, span: Span, rows: Iterable[RepaymentRow]) -> list[Month]:
    """Return every month of the span, oldest first, for one loan with the rows reported in it."""
    code, reported = coding(loan), {row.month: row for row in rows}
    found = ((month, reported.get(month)) for month in span.months())
    return [_month(month, code(month, row), row) for month, row in found]


def of_borrower(span: Span, loans: Sequence[tuple[LoanRow, Iterable[RepaymentRow]]]) -> list[Month]:
    """Return every month of the span, oldest first, each the worst of the borrower's loans."""
    sequences = [of_loan(loan, span, rows) for loan, rows in loans]
    return [_worst(month, [sequence[place] for sequence in sequences]) for place, month in enumerate(span.months())]


def months_over(months: Iterable[Month], over_days: int) -> int:
    """Count the months with more than ``over_days`` days past due."""
    return sum(_over(month, over_days) for month in months)


def max_days_past_due(months: Iterable[Month]) -> int:
    """Return the most days past due of any month, 0 where none is reported."""
    return max((month.days_past_due or 0 for month in months), default=0)


def max_overdue_amount(months: Iterable[Month]) -> int:
    """Return the highest overdue amount of any month, 0 where none is reported."""
    return max((month.overdue_amount or 0 for month in months), default=0)


def longest_run(months: Sequence[Month], over_days: int) -> int:
    """Return the most consecutive months over so many days; an unreported month ends a run."""
    return max((len(run) for run in _runs(months, over_days)), default=0)


def current_run(months: Sequence[Month], over_days: int) -> int:
    """Return the length of the run that ends in the last reported month, 0 where that month is in none."""
    last = next((month for month in reversed(months) if month.days_past_due is not None), None)
    return next((len(run) for run in _runs(months, over_days) if run[-1] is last), 0)


def episodes(months: Sequence[Month], over_days: int) -> list[Episode]:
    """Return the maximal runs of months over so many days, oldest first; an unreported month ends a run."""
    last_on_time = max((month.month for month in months if month.days_past_due == 0), default=date.min)
    return [
        Episode(
            first=run[0].month,
            last=run[-1].month,
            months=len(run),
            max_days_past_due=max_days_past_due(run),
            max_overdue_amount=max_overdue_amount(run),
            cured=last_on_time > run[-1].month,
        )
        for run in _runs(months, over_days)
    ]


def months_since(months: Sequence[Month], over_days: int) -> int | None:
    """Return how many months before the last one the last month over so many days is; None where none was."""
    return next((ago for ago, month in enumerate(reversed(months)) if _over(month, over_days)), None)


def has_run(months: Sequence[Month], at_least: int, worst_from: str) -> bool:
    """Tell whether so many consecutive months are reported at a bucket or worse."""
    run = 0
    for month in months:
        run = run + 1 if month.bucket is not None and month.bucket >= worst_from else 0
        if run == at_least:
            return True
    return False


def series(loan: LoanRow, span: Span, rows: Iterable[RepaymentRow]) -> Series:
    """Return the months of the span as parallel lists."""
    reported = {row.month: row for row in rows}
    months = of_loan(loan, span, reported.values())
    found = [reported.get(month.month) for month in months]
    return Series(
        months=[month.month for month in months],
        pattern=pattern(months),
        due=[row and row.due for row in found],
        paid=[row and row.paid for row in found],
        balance=[row and row.balance for row in found],
        overdue_amount=[row and row.overdue_amount for row in found],
        days_past_due=[row and row.days_past_due for row in found],
    )


def pattern(months: Iterable[Month]) -> str:
    """Return one character a month, oldest first."""
    return "".join(month.code for month in months)


def _month(month: date, character: str, reported: RepaymentRow | None) -> Month:
    if reported is None:
        return Month(month, character)
    return Month(month, character, bucket(reported.days_past_due), reported.days_past_due, reported.overdue_amount)


def _worst(month: date, loans: Sequence[Month]) -> Month:
    codes = {loan.code for loan in loans}
    digits = [character for character in codes if character.isdigit()]
    character = max(digits) if digits else next((mild for mild in MILDER if mild in codes), ABSENT)
    days = [loan.days_past_due for loan in loans if loan.days_past_due is not None]
    if not days:
        return Month(month, character)
    amount = sum(loan.overdue_amount or 0 for loan in loans)
    return Month(month, character, bucket(max(days)), max(days), amount)


def _runs(months: Iterable[Month], over_days: int) -> list[list[Month]]:
    return [list(run) for over, run in groupby(months, lambda month: _over(month, over_days)) if over]


def _over(month: Month, over_days: int) -> bool:
    return month.days_past_due is not None and month.days_past_due > over_days
