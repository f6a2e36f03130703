"""A loan as it was known at an instant: its life, its months and what each month's code is."""

from dataclasses import dataclass
from datetime import date

from tests.oracle.reader import InstitutionRow, LoanRow, RepaymentRow
from tests.oracle.windows import Span, month_of

BUCKET_LIMITS = (0, 30, 60, 90, 120, 150, 180)


@dataclass(frozen=True)
class MonthState:
    """A month of a loan or a borrower; the figures are None where nothing is reported. Amounts in minor units."""

    month: date
    code: str
    days_past_due: int | None
    overdue_amount: int | None

    @property
    def reported(self) -> bool:
        """Whether anything is reported for the month."""
        return self.days_past_due is not None

    @property
    def overdue(self) -> bool:
        """Whether the month is reported with days past due."""
        return (self.days_past_due or 0) > 0


@dataclass(frozen=True)
class HeldLoan:
    """One version of a loan, its lender, and the newest version of each of its reported months."""

    row: LoanRow
    lender: InstitutionRow
    months: dict[date, RepaymentRow]

    def alive_on(self, day: date) -> bool:
        """Whether the loan lives on that day: from the day it is opened to the day it is closed."""
        return self.row.opened_on <= day and (self.row.closed_on is None or day <= self.row.closed_on)

    def alive_in(self, span: Span) -> bool:
        """Whether the loan lives on any day of the span: then on the first of them that is not before its life."""
        first = max(span.start, self.row.opened_on)
        return span.holds(first) and self.alive_on(first)

    def overdue_in(self, month: date) -> bool:
        """Whether the loan is reported with days past due for the month."""
        return month in self.months and self.months[month].days_past_due > 0

    def month(self, month: date) -> MonthState:
        """The month as reported, or unreported."""
        reported = self.months.get(month)
        if reported is None:
            return MonthState(month, self.code(month), None, None)
        return MonthState(month, self.code(month), reported.days_past_due, reported.overdue_amount)

    def code(self, month: date) -> str:
        """The month's character: the first of the domain's table that fits."""
        reported, closed_on = self.months.get(month), self.row.closed_on
        if month < month_of(self.row.opened_on) or (closed_on is not None and month > month_of(closed_on)):
            return "/"
        if closed_on is not None and month == month_of(closed_on):
            return "C" if self.row.state == "SETTLED" else "G"
        if reported is None:
            return "#"
        if reported.days_past_due > 0:
            return str(bucket(reported.days_past_due))
        return "N" if reported.due > 0 else "*"


def bucket(days_past_due: int) -> int:
    """The bucket's digit: 0 for on time, 7 for more than 180 days."""
    for digit, limit in enumerate(BUCKET_LIMITS):
        if days_past_due <= limit:
            return digit
    return len(BUCKET_LIMITS)


def worst(month: date, loans: list[MonthState]) -> MonthState:
    """The borrower's month out of the same month of each loan; `/` where there is no loan at all."""
    reported = [loan for loan in loans if loan.reported]
    return MonthState(
        month=month,
        code=worst_code({loan.code for loan in loans}),
        days_past_due=max((loan.days_past_due or 0 for loan in reported), default=None),
        overdue_amount=sum(loan.overdue_amount or 0 for loan in reported) if reported else None,
    )


def worst_code(codes: set[str]) -> str:
    """The highest digit if there is one, else the first of `G N * C # /` that there is."""
    return next((code for code in "7654321GN*C#/" if code in codes), "/")
