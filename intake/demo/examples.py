"""The four borrowers that the documentation speaks of: the same lives in every demo, told back from its last month."""

from collections.abc import Iterator
from typing import NamedTuple

from intake.demo.conduct import EVERYTHING, WRITE_OFF, Conduct, scripted
from intake.demo.inquiries import Inquiry
from intake.demo.loans import FEN, Loan, pay_day
from intake.demo.market import BY_CODE
from intake.demo.months import DAY, Calendar
from intake.demo.people import CALM, Life
from intake.demo.products import (
    CASH_LOAN,
    CREDIT_CARD,
    CREDIT_LINE,
    EDUCATION_LOAN,
    GUARANTEED_LOAN,
    INSTALMENT,
    INSURANCE_PREMIUM_LOAN,
    Product,
)

SHORTEST = 24
"""Months that a demo must have for the examples to fit in."""


class Script(NamedTuple):
    """A loan, opened so many months before the last one, on this day of the month, and what is decided about it."""

    ago: int
    day: int
    lender: str
    product: Product
    yuan: int
    term: int
    decisions: tuple[int, ...] = ()


PAID, MISSED, CURED = 1, 0, EVERYTHING

MANY_LENDERS = (
    Script(21, 9, "IP01", CASH_LOAN, 12_000, 12, (PAID, PAID, PAID, MISSED, CURED)),
    Script(20, 16, "BK01", CREDIT_CARD, 20_000, 0),
    Script(18, 12, "CF01", INSTALMENT, 6_800, 24, (*[PAID] * 5, MISSED, MISSED, MISSED, CURED)),
    Script(12, 22, "ML01", CASH_LOAN, 5_000, 6, (PAID, MISSED, CURED)),
    Script(9, 5, "CF02", EDUCATION_LOAN, 15_000, 24, (*[PAID] * 7, MISSED, MISSED)),
    Script(5, 4, "IP02", CASH_LOAN, 8_000, 12),
    Script(5, 10, "IP03", CREDIT_LINE, 10_000, 0),
    Script(5, 17, "ML02", CASH_LOAN, 6_000, 6, (PAID, PAID, PAID, MISSED, CURED)),
    Script(3, 11, "GU01", GUARANTEED_LOAN, 50_000, 24),
    Script(1, 6, "IP01", CASH_LOAN, 3_000, 12),
    Script(1, 20, "ML03", CASH_LOAN, 2_000, 3),
)
NEVER_LATE = (
    Script(19, 14, "IP01", CASH_LOAN, 6_000, 12),
    Script(16, 7, "BK01", CREDIT_CARD, 30_000, 0),
    Script(6, 21, "CF01", INSTALMENT, 4_800, 12),
)
WRITTEN_OFF = (
    Script(20, 11, "IP02", CASH_LOAN, 4_000, 3),
    Script(15, 8, "ML02", CASH_LOAN, 10_000, 12, (PAID, PAID, PAID, *[MISSED] * 7, WRITE_OFF)),
)
BY_DOCUMENT = (
    Script(17, 19, "IP03", CASH_LOAN, 5_000, 12, (PAID, PAID, MISSED, MISSED, CURED)),
    Script(14, 6, "BK02", CREDIT_CARD, 20_000, 0),
    Script(9, 25, "CF03", INSTALMENT, 3_600, 6),
    Script(4, 13, "IN01", INSURANCE_PREMIUM_LOAN, 2_600, 12),
)
EXAMPLES = {1: MANY_LENDERS, 2: NEVER_LATE, 3: WRITTEN_OFF, 4: BY_DOCUMENT}

# Months before the last one, day, hour, institution: whom the first borrower asked in vain.
REFUSED = (
    (2, 8, 21, "IP04"), (2, 9, 10, "ML04"), (1, 4, 23, "IP05"), (1, 5, 2, "IP06"),
    (0, 13, 20, "CF03"), (0, 14, 14, "CF04"), (0, 27, 9, "IP08"),
)  # fmt: skip


def life_of(number: int, calendar: Calendar) -> tuple[Life, list[Conduct]]:
    """Tell an example's life, and how each of the loans is repaid."""
    scripts = EXAMPLES[number]
    loans = [_agreed(script, calendar) for script in scripts]
    conducts = [scripted(script.decisions, loan.month + 1) for script, loan in zip(scripts, loans, strict=True)]
    return Life(1.0, loans, [CALM] * calendar.months), conducts


def refused(number: int, calendar: Calendar) -> Iterator[Inquiry]:
    """Yield the inquiries that led to nothing: the first borrower's, in the last three months."""
    for ago, day, hour, code in REFUSED if number == 1 else ():
        at = (calendar.first[calendar.months - 1 - ago] + day - 1) * DAY + hour * 3_600
        yield Inquiry(BY_CODE[code], at, "LOAN_APPLICATION")


def _agreed(script: Script, calendar: Calendar) -> Loan:
    month = calendar.months - 1 - script.ago
    opened = calendar.first[month] + script.day - 1
    rate = (script.product.monthly[0] + script.product.monthly[1]) // 2
    return Loan(
        BY_CODE[script.lender], script.product, script.yuan * FEN, rate, script.term, month, opened,
        pay_day(opened, month, calendar),
    )  # fmt: skip
