"""The text of the demo's rows: one CSV line a version, in the column order of the headers here.

Nothing in a demo holds a comma, a quote or a line feed, so nothing is quoted.
"""

from collections.abc import Iterator

from intake.demo.market import INSTITUTIONS
from intake.demo.months import Calendar
from intake.demo.portfolio import Borrower

INSTITUTION_COLUMNS = "code,name,kind"
LOAN_COLUMNS = (
    "institution,loan,subject_key,document_kind,document_number,"
    "product,principal,opened_on,due_on,closed_on,state,reported_at"
)
REPAYMENT_COLUMNS = "institution,loan,month,due,paid,balance,overdue_amount,days_past_due,reported_at"
INQUIRY_COLUMNS = "institution,subject_key,document_kind,document_number,inquired_at,purpose"


def institution_lines() -> Iterator[str]:
    """Write every institution."""
    for institution in INSTITUTIONS:
        yield f"{institution.code},{institution.name},{institution.kind}"


def loan_lines(borrower: Borrower, calendar: Calendar) -> Iterator[str]:
    """Write every version of the borrower's loans."""
    for file in borrower.loans:
        name = f"{file.loan.institution.code},{file.number},{','.join(borrower.subject)}"
        opened = calendar.day(file.loan.opened)
        for version in file.versions:
            due = calendar.day(version.due) if version.due else ""
            closed = calendar.day(version.closed) if version.closed else ""
            yield (
                f"{name},{version.product},{_yuan(version.principal)},{opened},{due},{closed},"
                f"{version.state},{calendar.instant(version.reported)}"
            )


def repayment_lines(borrower: Borrower, calendar: Calendar) -> Iterator[str]:
    """Write every version of every month of the borrower's loans."""
    for file in borrower.loans:
        name = f"{file.loan.institution.code},{file.number}"
        for (month, due, paid, balance, overdue, days), reported in file.months:
            yield (
                f"{name},{calendar.label[month]},{_yuan(due)},{_yuan(paid)},{_yuan(balance)},{_yuan(overdue)},"
                f"{days},{calendar.instant(reported)}"
            )


def inquiry_lines(borrower: Borrower, calendar: Calendar) -> Iterator[str]:
    """Write the inquiries about the borrower."""
    subject = ",".join(borrower.subject)
    for inquiry in borrower.inquiries:
        yield f"{inquiry.institution.code},{subject},{calendar.instant(inquiry.at)},{inquiry.purpose}"


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"
