"""What only the database can tell about a delivery: unknown keys, contradictions, months outside a loan's life."""

from array import array
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import chain

from intake.files import Delivery
from intake.findings import LINES, Findings
from intake.problems import Problem, located, quoted, shown
from intake.rules import Rule
from intake.session import Session

KNOWN_INSTITUTION = "the code of an institution that is known, or in the delivery's institutions file"
KNOWN_LOAN = "a loan of this institution that is known, or in the delivery's loans file"
SLICE = 10_000  # places that become text at once
ONE_ROW = {
    "institutions": "one row for each code",
    "loans": "one row for each institution, loan and reported_at",
    "repayments": "one row for each institution, loan, month and reported_at",
}


class Again(Exception):
    """Rows were rejected after the merge began: take their places out of what is staged, and merge again."""

    def __init__(self, kind: str, places: "array[int]") -> None:
        self.kind = kind
        self._places = places
        super().__init__(kind)

    def places(self) -> str:
        """The places as PostgreSQL writes an array: a list of a million would be held several times over."""
        slices = (self._places[start : start + SLICE] for start in range(0, len(self._places), SLICE))
        return f"{{{','.join(','.join(map(str, some)) for some in slices)}}}"


@dataclass(frozen=True)
class Checks:
    """The checks of one delivery that is staged; each adds what it finds to ``found``, and then raises Again.

    Each statement gives its first rows in the delivery's order, the place first and the count of all last.
    """

    session: Session
    delivery: Delivery
    found: Findings

    def institutions_known(self, kind: str) -> None:
        """Every row of a kind of file names a known institution."""

        def word(place: int, code: str) -> Problem:
            return self._problem(place, "institution", Rule.INSTITUTION_UNKNOWN, shown(code), KNOWN_INSTITUTION)

        self._check(kind, f"unknown_institutions_of_{kind}", word)

    def loans_known(self) -> None:
        """Every repayment names a known loan of its institution."""

        def word(place: int, loan: str) -> Problem:
            return self._problem(place, "loan", Rule.LOAN_UNKNOWN, quoted(loan), KNOWN_LOAN)

        self._check("repayments", "unknown_loans", word)

    def consistent(self, kind: str) -> None:
        """No two different rows have one key and one instant, in the delivery or with what is stored."""
        # A file of loans has documents, so that a key may be a number that belongs into another column.
        show = shown if kind == "loans" else quoted

        def word(place: int, columns: str, key: str, other: int | None) -> Problem:
            there = "the row that is stored" if other is None else located(*self._at(other))
            got = f"{show(key)} different from {there}"
            return self._problem(place, columns, Rule.CONTRADICTION, got, ONE_ROW[kind])

        self._check(kind, f"contradicting_{kind}", word)

    def months_alive(self, first: date, last: date) -> None:
        """Every month that is not stored yet is within the life of its loan; both months bound those delivered."""

        def word(place: int, month: date, opened_on: date, closed_on: date | None) -> Problem:
            got = shown(f"{month:%Y-%m}")
            if closed_on is None or month < opened_on:
                allowed = f"{opened_on:%Y-%m} or later, the loan was opened on {opened_on}"
                return self._problem(place, "month", Rule.MONTH_BEFORE_OPENING, got, allowed)
            allowed = f"{closed_on:%Y-%m} or earlier, the loan was closed on {closed_on}"
            return self._problem(place, "month", Rule.MONTH_AFTER_CLOSING, got, allowed)

        self._check("repayments", "repayments_outside_life", word, first, last)

    def _check(self, kind: str, statement: str, word: Callable[..., Problem], *values: object) -> None:
        rows = self.session.stream(statement, *values, self.found.room)
        first = next(rows, None)
        if first is None:
            return
        places = array("q")
        for row in chain([first], rows):
            places.append(row[0])
            self.found.reject(kind, row[0], [word(*row[:-1])])
        self.found.reject_unseen(kind, first[-1] - len(places))
        self.found.refuse()
        raise Again(kind, places)

    def _problem(self, place: int, column: str, rule: Rule, got: str, allowed: str) -> Problem:
        return Problem(*self._at(place), column, rule, got, allowed)

    def _at(self, place: int) -> tuple[str, int]:
        number, line = divmod(place, LINES)
        return self.delivery.files[number].name, line
