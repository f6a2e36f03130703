"""Questions about the loans of borrowers: what changes an answer, and how many such keys are asked in one statement."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

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
    """A window, an instant of knowledge (None for now) and a filter, asked about any number of borrowers."""

    span: Span | None
    as_of: datetime | None
    filter: LoanFilter


class LoansKey(NamedTuple):
    """A question about one borrower."""

    borrower_id: int
    question: Question


def encoded(keys: Sequence[LoansKey]) -> tuple[str, list[int], list[int]]:
    """Return the parameters of ``asked_loan``: the distinct questions, and each key's question number and borrower."""
    numbers: dict[Question, int] = {}
    asked = [numbers.setdefault(key.question, len(numbers)) for key in keys]
    questions = [_question(number, question) for question, number in numbers.items()]
    return orjson.dumps(questions).decode(), asked, [key.borrower_id for key in keys]


def _question(number: int, question: Question) -> dict[str, object]:
    span, as_of, chosen = question
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
