"""The answer to a document as the oracle gives it, and what is left open of an answer put into one form."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import orjson

from tests.agreement.questions import Enquiry, Question
from tests.oracle import beyond
from tests.oracle.oracle import Oracle, OracleBorrower, OracleLoan

Answer = dict[str, Any]


def answer(oracle: Oracle, enquiries: Sequence[Enquiry]) -> Answer:
    """The whole answer to `documents.document(enquiries)`, `coverage` included."""
    return {f"enquiry{n}": _enquiry(oracle, enquiry) for n, enquiry in enumerate(enquiries)} | {
        "coverage": oracle.coverage()
    }


def _enquiry(oracle: Oracle, enquiry: Enquiry) -> list[Answer | None]:
    known: dict[str, Answer | None] = {}
    for key in {named.subject_key for named in enquiry.named}:
        borrower = oracle.borrower(key, enquiry.as_of)
        known[key] = None if borrower is None else _borrower(key, borrower, enquiry.questions)
    return [known[named.subject_key] for named in enquiry.named]


def _borrower(key: str, borrower: OracleBorrower, questions: Sequence[Question]) -> Answer:
    answers: Answer = {"subjectKey": key}
    for m, question in enumerate(questions):
        window, chosen = question
        loans = borrower.loans(chosen)
        answers[f"loans{m}"] = {"totalCount": len(loans), "nodes": [_loan(loan, question) for loan in loans]}
        answers[f"multiLoan{m}"] = borrower.multi_loan(window, chosen) | beyond.figures(borrower, window, chosen)
        answers[f"overdue{m}"] = _overdue(borrower.overdue(window, chosen))
    return answers


def _loan(loan: OracleLoan, question: Question) -> Answer:
    window = question.window
    return loan.fields() | {
        "repayments": loan.repayments(window),
        "overdue": _overdue(loan.overdue(window)),
        "series": beyond.series(loan, window),
    }


def _overdue(contract: Answer) -> Answer:
    return contract | beyond.sequence(contract)


def canonical(data: Any) -> Any:
    """The same answer, with loans that follow each other and were opened on one day in an order of their contents."""
    if isinstance(data, dict):
        return {name: list(_in_order(value)) if name == "nodes" else canonical(value) for name, value in data.items()}
    if isinstance(data, list):
        return [canonical(value) for value in data]
    return data


def _in_order(loans: list[Answer]) -> Iterator[Answer]:
    for _, of_one_day in groupby(loans, lambda loan: loan["openedOn"]):
        yield from sorted(of_one_day, key=lambda loan: orjson.dumps(loan, option=orjson.OPT_SORT_KEYS))
