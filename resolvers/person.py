"""Everything that is held of one person: all versions of their loans and months, and everybody who asked."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from resolvers.coverage import coverage
from resolvers.database import Reading
from resolvers.inquiry_log import Entries, LogKey, Place, log_pages
from resolvers.institutions import institutions_by_code
from resolvers.months import number, packed
from resolvers.sequence import codes
from resolvers.window import Span
from sql.journal import LogRow
from sql.person import InquiryRow, LoanVersionRow, MonthVersionRow
from sql.portraits import KnownPortraitRow
from sql.rows import BorrowerRow, CoverageRow, InstitutionRow
from sql.secret import Keys

__all__ = ["Held", "InquiryRow", "LoanVersionRow", "MonthVersionRow", "coded", "held"]

# Entries of the log that one statement reads.
PAGE = 1_000
EVER = Span(date(1900, 1, 1), date(3000, 1, 1))


class Held(NamedTuple):
    """What is held of a person; ``borrower`` is None where the platform knows no such person.

    ``reads`` are the log's entries, newest first, and ``readers`` the members that they name, by code.
    """

    borrower: BorrowerRow | None
    loans: list[LoanVersionRow]
    months: list[MonthVersionRow]
    inquiries: list[InquiryRow]
    reads: list[LogRow]
    readers: dict[str, InstitutionRow]
    coverage: CoverageRow


async def held(  # noqa: PLR0913 - whom, under which keys, and when
    reading: Reading, person: Keys, ever: Sequence[bytes], instant: datetime, *, but: str, time_zone: str
) -> Held:
    """Return what one snapshot holds of a person at an instant, without the read of the request ``but`` itself.

    ``ever`` are all subject keys that the person may have been logged under.
    """
    named = await reading.fetch(BorrowerRow._make, "borrowers/by_either_key", [person.key], [person.other], [None])
    known = named[0] if named else None
    [covered] = await coverage(reading, [""])
    loans, months, inquiries = list[LoanVersionRow](), list[MonthVersionRow](), list[InquiryRow]()
    if known is not None:
        loans = await reading.fetch(LoanVersionRow._make, "person/loans", known.id)
        ids = sorted({row.loan_id for row in loans if row.superseded_at is None})
        span = covered.first_month, covered.last_month
        months = await reading.fetch(MonthVersionRow._make, "person/months", ids, *span)
        inquiries = await reading.fetch(InquiryRow._make, "person/inquiries", known.id, instant)
    keys = dict.fromkeys([*ever, person.key, *filter(None, [person.other])])
    reads = [row for row in await _reads(reading, tuple(keys), time_zone) if row.request != but]
    codes = sorted({row.institution for row in reads if row.institution})
    found = await institutions_by_code(reading, codes)
    return Held(known, loans, months, inquiries, reads, {row.code: row for row in found if row}, covered)


async def _reads(reading: Reading, keys: tuple[bytes, ...], time_zone: str) -> list[LogRow]:
    found, behind = list[LogRow](), None
    while True:
        [page] = await log_pages(reading, [LogKey(PAGE, behind, Entries(EVER, keys))], time_zone=time_zone)
        found += page[:PAGE]
        if len(page) <= PAGE:
            return found
        behind = Place(found[-1].logged_at, found[-1].id)


def coded(loan: LoanVersionRow, reported: Sequence[MonthVersionRow], months: Sequence[date]) -> list[str]:
    """Return the character of each month of a loan, of which these are reported, each once, oldest first."""
    row = packed(
        KnownPortraitRow(
            0, 0, b"", None, None, None, None, None, loan.loan_id, 0, loan.institution, loan.institution_name,
            loan.institution_kind, loan.product, loan.principal, loan.opened_on, loan.due_on, loan.closed_on,
            loan.state, [one.month for one in reported], [one.due for one in reported], [one.paid for one in reported],
            [one.balance for one in reported], [one.overdue_amount for one in reported],
            [one.days_past_due for one in reported],
        )
    )  # fmt: skip
    return [code for month in months for code in codes(row, number(month), number(month) + 1)]
