"""Overdue sequences: from the months reported of a loan, or of a borrower's loans, to pattern, runs and episodes."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from resolvers.window import Span, first_of_month
from sql.rows import LoanRow, RepaymentRow

ABSENT, SETTLED, ENDED, NOTHING_DUE, PAID, UNREPORTED = "/", "C", "G", "*", "N", "#"

# What a borrower's month is called where no loan of it is overdue: the first of these that any loan has.
MILDER = (ENDED, PAID, NOTHING_DUE, SETTLED, UNREPORTED, ABSENT)

LAST_BUCKET = 7


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


class Figures(NamedTuple):
    """What counts over a sequence's months."""

    overdue_months: int
    months_over_30: int
    months_over_60: int
    months_over_90: int
    max_days_past_due: int
    max_overdue_amount: int
    longest_run: int
    current_run: int


def bucket_number(days_past_due: int) -> int:
    """Return 0 for none, 1 for 1-30 days, … 6 for 151-180, 7 for more."""
    return min((days_past_due + 29) // 30, LAST_BUCKET)


def bucket(days_past_due: int) -> str:
    """Return the bucket's name, M0 to M7."""
    return f"M{bucket_number(days_past_due)}"


def code(loan: LoanRow, month: date, reported: RepaymentRow | None) -> str:
    """Return the character of a loan's month; the first rule that fits decides."""
    closed = loan.closed_on and first_of_month(loan.closed_on)
    if month < first_of_month(loan.opened_on) or (closed and month > closed):
        return ABSENT
    if month == closed:
        return SETTLED if loan.state == "SETTLED" else ENDED
    if reported is None:
        return UNREPORTED
    if reported.days_past_due:
        return str(bucket_number(reported.days_past_due))
    return PAID if reported.due else NOTHING_DUE


def reports(loan: LoanRow, rows: Iterable[RepaymentRow]) -> list[Report]:
    """Return reported months with their bucket and code."""
    return [
        Report(
            row.month, row.due, row.paid, row.balance, row.overdue_amount, row.days_past_due,
            bucket(row.days_past_due), code(loan, row.month, row), row.reported_at,
        )
        for row in rows
    ]  # fmt: skip


def of_loan(loan: LoanRow, span: Span, rows: Iterable[RepaymentRow]) -> list[Month]:
    """Return every month of the span, oldest first, for one loan with the rows reported in it."""
    reported = {row.month: row for row in rows}
    return [_month(month, code(loan, month, reported.get(month)), reported.get(month)) for month in span.months()]


def of_borrower(span: Span, loans: Sequence[tuple[LoanRow, Iterable[RepaymentRow]]]) -> list[Month]:
    """Return every month of the span, oldest first, each the worst of the borrower's loans."""
    sequences = [of_loan(loan, span, rows) for loan, rows in loans]
    return [_worst(month, [sequence[place] for sequence in sequences]) for place, month in enumerate(span.months())]


def figures(months: Sequence[Month]) -> Figures:
    """Count over a sequence."""
    days = [month.days_past_due or 0 for month in months]
    runs = [episode.months for episode in episodes(months)]
    return Figures(
        overdue_months=sum(day > 0 for day in days),
        months_over_30=sum(day > 30 for day in days),
        months_over_60=sum(day > 60 for day in days),
        months_over_90=sum(day > 90 for day in days),
        max_days_past_due=max(days, default=0),
        max_overdue_amount=max((month.overdue_amount or 0 for month in months), default=0),
        longest_run=max(runs, default=0),
        current_run=_current_run(months),
    )


def episodes(months: Sequence[Month]) -> list[Episode]:
    """Return the maximal runs of overdue months, oldest first; an unreported month ends a run."""
    last_on_time = max((month.month for month in months if month.days_past_due == 0), default=date.min)
    found: list[Episode] = []
    run: list[Month] = []
    for month in [*months, None]:
        if month is not None and month.days_past_due:
            run.append(month)
        elif run:
            found.append(_episode(run, last_on_time))
            run = []
    return found


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


def _episode(run: Sequence[Month], last_on_time: date) -> Episode:
    return Episode(
        first=run[0].month,
        last=run[-1].month,
        months=len(run),
        max_days_past_due=max(month.days_past_due or 0 for month in run),
        max_overdue_amount=max(month.overdue_amount or 0 for month in run),
        cured=last_on_time > run[-1].month,
    )


def _current_run(months: Sequence[Month]) -> int:
    run = at_last_report = 0
    for month in months:
        run = run + 1 if month.days_past_due else 0
        if month.days_past_due is not None:
            at_last_report = run
    return at_last_report
