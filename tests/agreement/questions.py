"""What is asked about borrowers: under which names, as of when, over which windows and filters; and drawn questions."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from hypothesis import strategies as st

from tests.oracle.deliveries import Portfolio, Subject
from tests.portfolios import filters, horizon_of, instants, windows

Window = dict[str, str]
Filter = dict[str, Any] | None

# Decades cost their months; a few of them are enough.
YEARS = [2, 2, 2, 4, 30]
LISTS = ["institutionKinds", "products", "states"]
CONDITIONS = {*LISTS, "opened", "active"}


class Named(NamedTuple):
    """A borrower as a client names it (a BorrowerKey), and the subject key that is meant."""

    subject_key: str
    by: dict[str, Any]


class Question(NamedTuple):
    """A window and a filter, to be asked of everything that takes them."""

    window: Window
    filter: Filter


class Enquiry(NamedTuple):
    """Questions about all the borrowers named, with what was known at an instant; None is now."""

    named: tuple[Named, ...]
    as_of: datetime | None
    questions: tuple[Question, ...]


def by_keys(subject_keys: Iterable[str]) -> tuple[Named, ...]:
    """The borrowers, each named by its key."""
    return tuple(Named(key, {"subjectKey": key}) for key in subject_keys)


def by_all_names(portfolio: Portfolio) -> tuple[Named, ...]:
    """The subjects of a portfolio, in every way in which rows may name them, and a person that nobody ever named."""
    subjects = sorted(
        {_subject(row) for delivery in portfolio.deliveries for row in (*delivery.loans, *delivery.inquiries)}
    )
    documents = tuple(
        Named(key, {"document": {"kind": kind, "number": number}}) for key, kind, number in subjects if kind
    )
    loud = tuple(Named(key, {"subjectKey": key.upper()}) for key in portfolio.subject_keys[:1])
    return by_keys((*portfolio.subject_keys, "0" * 64)) + loud + documents


def _subject(row: Any) -> tuple[str, str, str]:
    subject: Subject = row.subject
    return subject.key, subject.document_kind, subject.document_number


@st.composite
def enquiries(draw: st.DrawFn, portfolio: Portfolio) -> list[Enquiry]:
    """Draw questions about everybody, now and at two instants; the same `last` is asked at each of them."""
    named, last = by_all_names(portfolio), draw(st.sampled_from(["P6M", "P31D", "P2Y"]))
    moments = [None, draw(instants(portfolio)), draw(instants(portfolio))]
    return [Enquiry(named, moment, draw(questions(portfolio, moment, last))) for moment in moments]


@st.composite
def questions(draw: st.DrawFn, portfolio: Portfolio, as_of: datetime | None, last: str) -> tuple[Question, ...]:
    """Draw one to three questions that have an answer at the instant, and one up to the horizon if there is any."""
    shared = (Question({"last": last}, None),) if horizon_of(portfolio, as_of) else ()
    return shared + tuple(draw(question(portfolio, as_of)) for _ in range(draw(st.integers(1, 3))))


@st.composite
def question(draw: st.DrawFn, portfolio: Portfolio, as_of: datetime | None) -> Question:
    """Draw one question that has an answer at the instant."""
    window = draw(windows(portfolio, as_of, years=draw(st.sampled_from(YEARS))))
    chosen = draw(filters(portfolio, as_of))
    if chosen and draw(st.sampled_from([False, False, False, True])):
        # A null is as good as nothing; an empty list lets nothing pass.
        chosen |= draw(st.sampled_from([dict.fromkeys(CONDITIONS - chosen.keys()), {draw(st.sampled_from(LISTS)): []}]))
    return Question(window, chosen)
