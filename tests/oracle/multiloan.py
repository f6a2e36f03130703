"""Multi-loan figures: what a borrower holds, opens, settles and asks for in a window."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from tests.oracle.held import HeldLoan
from tests.oracle.reader import InquiryRow
from tests.oracle.windows import Span, month_of

Answer = dict[str, Any]
KINDS = ("INTERNET_PLATFORM", "CONSUMER_FINANCE", "MICROLOAN", "GUARANTEE", "INSURANCE", "BANK", "OTHER")
BY_KIND = ("loansOpened", "loansActive", "loansAtEnd", "lendersActive", "inquiries", "principalOpened", "balanceAtEnd")


def multi_loan(span: Span, loans: list[HeldLoan], everything: list[HeldLoan], inquiries: list[InquiryRow]) -> Answer:
    """All figures but the groups, of the loans and inquiries that pass the filter; `everything` is not filtered."""
    opened = [loan for loan in loans if span.holds(loan.row.opened_on)]
    active = [loan for loan in loans if loan.alive_in(span)]
    at_end = [loan for loan in loans if loan.alive_on(span.last_day)]
    return {
        "span": span.answer(),
        "loansOpened": len(opened),
        "loansActive": len(active),
        "loansSettled": sum(settled_in(span, loan) for loan in loans),
        "loansAtEnd": len(at_end),
        "lendersOpened": len(lenders(opened)),
        "lendersActive": len(lenders(active)),
        "lendersAtEnd": len(lenders(at_end)),
        "inquiries": len(inquiries),
        "inquirers": len({inquiry.institution for inquiry in inquiries}),
        "peakLoans": max(len(alive) for alive in alive_by_day(span, loans)),
        "peakLenders": max(len(lenders(alive)) for alive in alive_by_day(span, loans)),
        "loansOpenedWhileOverdue": sum(opened_while_overdue(loan, everything) for loan in opened),
        "principalOpened": sum(loan.row.principal for loan in opened),
        "balanceAtEnd": sum(balance_before(span.end, loan) for loan in at_end),
        "dueInLastMonth": sum(loan.months[span.last_month].due for loan in loans if span.last_month in loan.months),
    }


def by_institution_kind(
    span: Span, loans: list[HeldLoan], inquiries: list[tuple[str, InquiryRow]]
) -> list[dict[str, Any]]:
    """The figures of each kind that has any, in the enum's order; inquiries come with their institution's kind."""
    groups = []
    for kind in KINDS:
        of_kind = [loan for loan in loans if loan.lender.kind == kind]
        figures = multi_loan(span, of_kind, of_kind, [row for inquirer, row in inquiries if inquirer == kind])
        if any(figures[name] for name in BY_KIND):
            groups.append({"kind": kind} | {name: figures[name] for name in BY_KIND})
    return groups


def lenders(loans: list[HeldLoan]) -> set[str]:
    """The distinct institutions of the loans."""
    return {loan.lender.code for loan in loans}


def settled_in(span: Span, loan: HeldLoan) -> bool:
    """Whether the loan was settled on a day of the span."""
    return loan.row.state == "SETTLED" and loan.row.closed_on is not None and span.holds(loan.row.closed_on)


def opened_while_overdue(loan: HeldLoan, everything: list[HeldLoan]) -> bool:
    """Whether another loan is reported overdue in the month in which this one was opened."""
    month = month_of(loan.row.opened_on)
    return any(other.row.key != loan.row.key and other.overdue_in(month) for other in everything)


def balance_before(end: date, loan: HeldLoan) -> int:
    """The balance of the newest month before `end`, in minor units; the principal where none is reported."""
    months = [month for month in loan.months if month < end]
    return loan.months[max(months)].balance if months else loan.row.principal


def alive_by_day(span: Span, loans: list[HeldLoan]) -> Iterator[list[HeldLoan]]:
    """The loans alive on the span's days: each day up to the last opening, after which loans only end."""
    openings = [loan.row.opened_on for loan in loans]
    # Before the first opening nothing is alive, and after the last one the loans alive are a shrinking set,
    # so that the first day, and the days from the first opening to the last, hold the peak.
    yield [loan for loan in loans if loan.alive_on(span.start)]
    day = max(span.start, min(openings, default=span.end))
    while day < span.end and day <= max(openings):
        yield [loan for loan in loans if loan.alive_on(day)]
        day += timedelta(days=1)
