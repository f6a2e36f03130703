"""Overdue sequences: from a loan's months, or those of a borrower's loans, to pattern, runs and episodes."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from itertools import chain, compress, groupby, islice, repeat
from operator import attrgetter
from typing import Any, NamedTuple

from resolvers.months import COLUMNS, cut, number, numbers
from resolvers.months import days as month_days
from resolvers.table import Lists, Table
from resolvers.window import Span
from sql.portraits import PortraitRow

ABSENT, SETTLED, ENDED, NOTHING_DUE, PAID, UNREPORTED = "/", "C", "G", "*", "N", "#"

# What a borrower's month is called where no loan of it is overdue: the first of these that any loan has.
MILDER = (ENDED, PAID, NOTHING_DUE, SETTLED, UNREPORTED, ABSENT)

LAST_BUCKET = 7
DIGITS = tuple(map(str, range(LAST_BUCKET + 1)))
BUCKETS = tuple(f"M{digit}" for digit in DIGITS)


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
    """A reported month as clients see it; None for what nobody asked."""

    month: date
    due: int | None
    paid: int | None
    balance: int | None
    overdue_amount: int | None
    days_past_due: int
    bucket: str | None
    code: str | None
    reported_at: datetime | None


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


def codes(loan: PortraitRow, start: int, stop: int) -> list[str]:
    """Return the character of each month with these numbers; the first rule that fits decides."""
    return _codes(loan, start, cut(loan, loan.days_past_due, start, stop), cut(loan, loan.due, start, stop))


def _codes(loan: PortraitRow, start: int, days: Sequence[int | None], dues: Sequence[int | None]) -> list[str]:
    """Return the characters of months, of which the first has this number, with these days past due and amounts due."""
    stop = start + len(days)
    opened, closed = number(loan.opened_on), None if loan.closed_on is None else number(loan.closed_on)
    past = stop if closed is None else min(closed, stop)
    begins, ends = min(max(opened, start), stop), max(min(past, stop), start)
    found = [ABSENT] * (begins - start)
    if ends > begins:
        alive = slice(begins - start, ends - start)
        found += [
            UNREPORTED if day is None else DIGITS[bucket_number(day)] if day else PAID if owed else NOTHING_DUE
            for day, owed in zip(days[alive], dues[alive], strict=True)
        ]
    if closed is not None and start <= closed < stop:
        found.append(SETTLED if loan.state == "SETTLED" else ENDED)
    found.extend(repeat(ABSENT, stop - start - len(found)))
    return found


def reports(loans: Sequence[PortraitRow], span: Span, *, coded: bool) -> Lists[Report]:
    """Return each loan's months of the span that are reported, oldest first; bucket and code where they are asked."""
    start, stop = numbers(span)
    lengths, held, spans = [0] * len(loans), list[tuple[PortraitRow, slice | None]](), list[tuple[int, int]]()
    for place, loan in enumerate(loans):
        if loan.first_month is None:
            continue
        begin, many = number(loan.first_month), len(loan.days_past_due)
        first, past = max(start - begin, 0), min(stop - begin, many)
        if first < past:
            lengths[place] = past - first
            held.append((loan, None if past - first == many else slice(first, past)))
            spans.append((begin + first, begin + past))
    columns: dict[str, Sequence[Any]] = {"month": _end_to_end([month_days(*months) for months in spans])}
    for name in COLUMNS:
        read = attrgetter(name)
        # What was not asked is None.
        if held and read(held[0][0]) is not None:
            columns[name] = _end_to_end([read(loan) if part is None else read(loan)[part] for loan, part in held])
    days = columns.get("days_past_due", ())
    if coded:
        columns["bucket"] = [None if day is None else bucket(day) for day in days]
        columns["code"] = _end_to_end([codes(loan, *months) for (loan, _), months in zip(held, spans, strict=True)])
    if None in days:
        known = [day is not None for day in days]
        columns = {name: list(compress(column, known)) for name, column in columns.items()}
        rest = iter(known)
        lengths = [sum(islice(rest, length)) for length in lengths]
    return Lists(Table(Report, sum(lengths), columns), lengths)


def _end_to_end(parts: Iterable[Sequence[Any]]) -> list[Any]:
    return list(chain.from_iterable(parts))


def of_loan(loan: PortraitRow, span: Span) -> Table[Month]:
    """Return every month of the span, oldest first, for one loan."""
    start, stop = numbers(span)
    days = cut(loan, loan.days_past_due, start, stop)
    columns: dict[str, Sequence[object] | Callable[[], Sequence[object]]] = {
        "month": month_days(start, stop),
        "code": _codes(loan, start, days, cut(loan, loan.due, start, stop)),
        "bucket": lambda: [None if day is None else bucket(day) for day in days],
        "days_past_due": days,
        "overdue_amount": cut(loan, loan.overdue_amount, start, stop),
    }
    return Table(Month, stop - start, columns)


def of_borrower(span: Span, loans: Sequence[PortraitRow]) -> Table[Month]:
    """Return every month of the span, oldest first, each the worst of the borrower's loans."""
    sequences = [list(of_loan(loan, span)) for loan in loans]
    worst = [_worst(month, [sequence[place] for sequence in sequences]) for place, month in enumerate(span.months())]
    return Table.of(Month, worst)


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


def current_run(months: Iterable[Month], over_days: int) -> int:
    """Return the length of the run that ends in the last reported month, 0 where that month is in none."""
    run = current = 0
    for month in months:
        run = run + 1 if _over(month, over_days) else 0
        if month.days_past_due is not None:
            current = run
    return current


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


def series(loan: PortraitRow, span: Span) -> Series:
    """Return the months of the span as parallel lists."""
    start, stop = numbers(span)
    dues, days = cut(loan, loan.due, start, stop), cut(loan, loan.days_past_due, start, stop)
    return Series(
        months=list(month_days(start, stop)),
        pattern="".join(_codes(loan, start, days, dues)),
        due=dues,
        paid=cut(loan, loan.paid, start, stop),
        balance=cut(loan, loan.balance, start, stop),
        overdue_amount=cut(loan, loan.overdue_amount, start, stop),
        days_past_due=days,
    )


def pattern(months: Table[Month]) -> str:
    """Return one character a month, oldest first."""
    return "".join(months.column("code"))


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
