"""Questions: many keys become the three parameters of one statement, each distinct question written once."""

from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import orjson
import pytest

from resolvers.questions import LoanFilter, LoansKey, Question, encoded, passing
from resolvers.window import Span

SPAN = Span(date(2025, 1, 1), date(2026, 1, 1))
OTHER_SPAN = Span(date(2024, 1, 1), date(2025, 1, 1))
AS_OF = datetime(2026, 1, 5, 9, 30, 15, 123_456, tzinfo=UTC)
ALL = Question(SPAN, None, LoanFilter())


def written(question: Question) -> dict[str, Any]:
    [found] = orjson.loads(encoded([LoansKey(1, question)])[0])
    assert isinstance(found, dict)
    return found


def test_questions_that_are_equal_are_written_once() -> None:
    keys = [
        LoansKey(5, ALL),
        LoansKey(3, ALL._replace(span=OTHER_SPAN)),
        LoansKey(5, Question(SPAN, None, LoanFilter())),
    ]

    questions, numbers, borrowers = encoded(keys)

    assert [question["number"] for question in orjson.loads(questions)] == [0, 1]
    assert numbers == [0, 1, 0]
    assert borrowers == [5, 3, 5]


@pytest.mark.parametrize(
    "other",
    [
        ALL._replace(span=OTHER_SPAN),
        ALL._replace(span=None),
        ALL._replace(as_of=AS_OF),
        ALL._replace(filter=LoanFilter(kinds=("BANK",))),
        ALL._replace(filter=LoanFilter(products=("CASH",))),
        ALL._replace(filter=LoanFilter(states=("ACTIVE",))),
        ALL._replace(filter=LoanFilter(opened=SPAN)),
        ALL._replace(filter=LoanFilter(active=SPAN)),
    ],
)
def test_questions_that_differ_in_anything_are_two(other: Question) -> None:
    questions, numbers, _ = encoded([LoansKey(1, ALL), LoansKey(1, other)])

    assert numbers == [0, 1]
    assert len(orjson.loads(questions)) == 2


def test_question_without_restrictions_is_written_as_nulls() -> None:
    found = written(Question(None, None, LoanFilter()))

    assert found.pop("number") == 0
    assert set(found) == {
        *("start_on", "end_on", "as_of", "kinds", "products", "states"),
        *("opened_from", "opened_to", "active_from", "active_to"),
    }
    assert not any(found.values())


def test_question_with_every_restriction_is_written_in_full() -> None:
    chosen = LoanFilter(("BANK",), ('C"ASH', "微粒贷"), ("ACTIVE", "SETTLED"), OTHER_SPAN, SPAN)

    assert written(Question(SPAN, AS_OF, chosen)) == {
        "number": 0,
        "start_on": "2025-01-01",
        "end_on": "2026-01-01",
        "as_of": "2026-01-05T09:30:15.123456+00:00",
        "kinds": ["BANK"],
        "products": ['C"ASH', "微粒贷"],
        "states": ["ACTIVE", "SETTLED"],
        "opened_from": "2024-01-01",
        "opened_to": "2025-01-01",
        "active_from": "2025-01-01",
        "active_to": "2026-01-01",
    }


def test_filter_of_empty_lists_is_not_the_filter_of_none() -> None:
    found = written(Question(None, None, LoanFilter(kinds=(), products=(), states=())))

    assert (found["kinds"], found["products"], found["states"]) == ([], [], [])


class Lent(NamedTuple):
    """A loan, as far as a filter looks at it."""

    institution_kind: str = "BANK"
    product: str = "CASH"
    state: str = "SETTLED"
    opened_on: date = date(2025, 3, 1)
    closed_on: date | None = date(2025, 5, 31)


@pytest.mark.parametrize(
    ("chosen", "passes"),
    [
        (LoanFilter(), True),
        (LoanFilter(kinds=("BANK", "OTHER")), True),
        (LoanFilter(kinds=("OTHER",)), False),
        (LoanFilter(kinds=()), False),
        (LoanFilter(products=("CASH",), states=("SETTLED",)), True),
        (LoanFilter(products=("CASH",), states=("ACTIVE",)), False),
        (LoanFilter(opened=Span(date(2025, 3, 1), date(2025, 3, 2))), True),
        (LoanFilter(opened=Span(date(2025, 2, 1), date(2025, 3, 1))), False),
        (LoanFilter(active=Span(date(2025, 5, 31), date(2025, 6, 1))), True),
        (LoanFilter(active=Span(date(2025, 6, 1), date(2025, 7, 1))), False),
        (LoanFilter(active=Span(date(2025, 2, 1), date(2025, 3, 1))), False),
    ],
)
def test_loan_passes_a_filter_or_does_not(chosen: LoanFilter, passes: bool) -> None:  # noqa: FBT001 - a case
    assert passing(chosen, Lent()) is passes


def test_loan_that_goes_on_passes_a_window_after_its_opening() -> None:
    far = LoanFilter(active=Span(date(2030, 1, 1), date(2030, 1, 2)))

    assert passing(far, Lent(closed_on=None))
