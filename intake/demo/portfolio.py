"""The whole market: every borrower's loans and what became of them, each drawn from a sequence of their own."""

from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from typing import NamedTuple

from intake.demo.conduct import drawn
from intake.demo.dice import Dice
from intake.demo.examples import EXAMPLES, life_of, refused
from intake.demo.inquiries import Inquiry, asked
from intake.demo.loans import Loan
from intake.demo.months import Calendar
from intake.demo.people import Society
from intake.demo.repayment_path import Path, walk
from intake.demo.reports import LoanReport, MonthReport, Reports

DOCUMENTED = 4


class Subject(NamedTuple):
    """How a borrower is named in a delivery: by key or by document, the other empty."""

    key: str = ""
    document_kind: str = ""
    document_number: str = ""


class LoanFile(NamedTuple):
    """All that a lender reports of one loan; versions of one row oldest first."""

    number: str
    """The lender's own name for it."""
    loan: Loan
    versions: list[LoanReport]
    months: list[MonthReport]


class Borrower(NamedTuple):
    """All that is reported of one borrower."""

    subject: Subject
    loans: list[LoanFile]
    inquiries: list[Inquiry]


class Portfolio:
    """A market with a seed. A borrower's history does not depend on how many others there are."""

    def __init__(self, seed: int, months: int, last_month: date) -> None:
        """Prepare the months and the institutions' habits."""
        self.seed = seed
        self.calendar = Calendar(last_month, months)
        self._society = Society(self.calendar)
        self._reports = Reports(self.calendar, f"{seed} reports")

    def borrowers(self, count: int) -> Iterator[Borrower]:
        """Yield the borrowers numbered 1 to count."""
        return (self.borrower(number) for number in range(1, count + 1))

    def borrower(self, number: int) -> Borrower:
        """Draw the borrower of this number."""
        dice = Dice(f"{self.seed} borrower {number}")
        calendar, example = self.calendar, number in EXAMPLES
        if example:
            life, conducts = life_of(number, calendar)
        else:
            life = self._society.live(dice)
            conducts = [drawn(loan, life, self._society.economy, dice) for loan in life.loans]
        paths = [walk(loan, calendar, conduct, dice) for loan, conduct in zip(life.loans, conducts, strict=True)]
        files = [
            self._file(f"{number:05d}{place:02d}", loan, path, dice, spotless=example)
            for place, (loan, path) in enumerate(zip(life.loans, paths, strict=True), 1)
        ]
        inquiries = [*asked(life, paths, calendar, dice), *refused(number, calendar)]
        return Borrower(subject(number), files, inquiries)

    def _file(self, serial: str, loan: Loan, path: Path, dice: Dice, *, spotless: bool) -> LoanFile:
        return LoanFile(
            self.calendar.label[loan.month].replace("-", "") + serial,
            loan,
            list(self._reports.of_loan(loan, path, dice, spotless=spotless)),
            list(self._reports.of_months(loan, path, dice, spotless=spotless)),
        )


def subject(number: int) -> Subject:
    """Name the borrower of this number: by the hash of "demo borrower <number>", the fourth by a document."""
    if number == DOCUMENTED:
        return Subject("", "ID_CARD", f"DEMO-0000-{number:04d}")
    return Subject(sha256(f"demo borrower {number}".encode()).hexdigest())
