"""Questions about the loans of borrowers: what changes an answer, and how many such keys are asked in one statement."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple, Protocol

import orjson

from resolvers.window import Span


class LoanFilter(NamedTuple):
    """Which of a borrower's loans count; None does not restrict, an empty tuple lets nothing through."""

    kinds: tuple[str, ...] | None = None
    products: tuple[str, ...] | None = None
    states: tuple[str, ...] | None = None
    opened: Span | None = None
    active: Span | None = None


class Question(NamedTuple):
    """A window, an instant of knowledge (None for now) and a filter, asked about any number of borrowers.

    ``burden`` is whether it is asked which loans were opened while another was overdue.
    """

    span: Span | None
    as_of: datetime | None
    filter: LoanFilter
    burden: bool = True


class LoansKey(NamedTuple):
    """A question about one borrower."""

    borrower_id: int
    question: Question


class Loan(Protocol):
    """What of a loan decides whether it passes a filter."""

    @property
    def institution_kind(self) -> str:
        """The kind of the lender."""

    @property
    def product(self) -> str:
        """The product."""

    @property
    def state(self) -> str:
        """Its state."""

    @property
    def opened_on(self) -> date:
        """First day of its life."""

    @property
    def closed_on(self) -> date | None:
        """Last day of its life."""


def passing(chosen: LoanFilter, loan: Loan) -> bool:
    """Tell whether a loan passes a filter, as ``asked_loan`` does in the database."""
    kinds, products, states, opened, active = chosen
    return (
        (kinds is None or loan.institution_kind in kinds)
        and (products is None or loan.product in products)
        and (states is None or loan.state in states)
        and (opened is None or opened.start <= loan.opened_on < opened.end)
        and (
            active is None
            or (loan.opened_on < active.end and (loan.closed_on is None or active.start <= loan.closed_on))
        )
    )


def encoded(keys: Sequence[LoansKey]) -> tuple[str, list[int], list[int]]:
    """Return the parameters of ``asked_loan``: the distinct questions, and each key's question number and borrower."""
    numbers: dict[Question, int] = {}
    asked = [numbers.setdefault(key.question, len(numbers)) for key in keys]
    questions = [_question(number, question) for question, number in numbers.items()]
    return orjson.dumps(questions).decode(), asked, [key.borrower_id for key in keys]


def _question(number: int, question: Question) -> dict[str, object]:
    span, as_of, chosen, _ = question
    return {
        "number": number,
        **_days("start_on", "end_on", span),
        "as_of": as_of,
        "kinds": chosen.kinds,
        "products": chosen.products,
        "states": chosen.states,
        **_days("opened_from", "opened_to", chosen.opened),
        **_days("active_from", "active_to", chosen.active),
    }


def _days(start: str, end: str, span: Span | None) -> dict[str, date | None]:
    return {start: span.start if span else None, end: span.end if span else None}
