"""Hypothesis strategies for portfolios that hurt, as successive deliveries, and for questions at their edges.

>>> portfolio = data.draw(portfolios())
>>> folders = write(portfolio, tmp_path)                      # one folder for each delivery, in their order
>>> as_of = data.draw(st.none() | instants(portfolio))
>>> window, filter = data.draw(windows(portfolio, as_of)), data.draw(filters(portfolio, as_of))
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple, TypeVar

from hypothesis import strategies as st

from tests.oracle.deliveries import Delivery, Inquiry, Institution, Loan, Portfolio, Repayment, Subject, split_by_report
from tests.oracle.edges import bad_windows, edge_days, filters, horizon_of, instants, windows
from tests.oracle.histories import PlacedRepayment, histories
from tests.oracle.lives import PlacedLoan, lives
from tests.oracle.scenes import Scene, scenes
from tests.oracle.scenes import instants as scene_instants
from tests.oracle.settling import within_life, without_contradictions, without_restatements
from tests.oracle.windows import months_before
from tests.oracle.writing import write

__all__ = [
    "SECRET",
    "Delivery",
    "Inquiry",
    "Institution",
    "Loan",
    "Portfolio",
    "Repayment",
    "Subject",
    "bad_windows",
    "edge_days",
    "filters",
    "horizon_of",
    "instants",
    "portfolios",
    "split_by_report",
    "windows",
    "write",
]

SECRET = "a secret for made-up people, 32+ long"
PURPOSES = ["LOAN_APPROVAL", "CARD_APPROVAL", "POST_LOAN"]

Placed = TypeVar("Placed", PlacedLoan, PlacedRepayment)


class PlacedInquiry(NamedTuple):
    """An inquiry, and the delivery that brings it, counted from 0."""

    delivery: int
    row: Inquiry


@st.composite
def portfolios(draw: st.DrawFn, *, secret: str = SECRET, deliveries: int = 3, restatements: bool = True) -> Portfolio:
    """Draw 1 to 4 institutions and people with up to 6 loans each over up to 30 months, in 1 to `deliveries` folders.

    No row is one that the door refuses. Documents stand for keys by `secret`. Without `restatements` no row says
    the same as another version of its key under another report: see README.md, "Choices".
    """
    scene = draw(scenes(secret, deliveries))
    loans: list[PlacedLoan] = []
    months: list[PlacedRepayment] = []
    held: Counter[str] = Counter()
    for person in range(len(scene.people)):
        for _ in range(draw(st.integers(0, 6))):
            lender = draw(st.sampled_from(scene.institutions)).code
            held[lender] += 1
            life = draw(lives(scene, person, lender, str(held[lender])))
            loans += life
            months += draw(histories(scene, life))
    loans = without_contradictions(loans + draw(repeats(scene, loans)))
    months = without_contradictions(months + draw(repeats(scene, months)))
    if not restatements:
        loans, months = without_restatements(loans), without_restatements(months)
    return put_together(draw, scene, loans, within_life(months, loans))


def put_together(draw: st.DrawFn, scene: Scene, loans: list[PlacedLoan], months: list[PlacedRepayment]) -> Portfolio:
    """The placed rows as deliveries, some of them written backwards."""
    inquiries = draw(st.lists(asked(scene), max_size=8))
    step = draw(st.sampled_from([1, -1]))
    folders = [
        Delivery(
            institutions=scene.institutions,
            loans=tuple(version.row for version in loans if version.delivery == number)[::step],
            repayments=tuple(version.row for version in months if version.delivery == number)[::step],
            inquiries=tuple(inquiry.row for inquiry in inquiries if inquiry.delivery == number)[::step],
        )
        for number in range(scene.deliveries)
    ]
    return Portfolio(tuple(folders), tuple(person[0].key for person in scene.people))


@st.composite
def repeats(draw: st.DrawFn, scene: Scene, placed: Sequence[Placed]) -> list[Placed]:
    """Draw up to 3 rows that come again in any delivery, some of them under a later report that changes nothing."""
    again: list[Placed] = []
    for _ in range(draw(st.integers(0, 3)) if placed else 0):
        version = draw(st.sampled_from(placed))
        delay = draw(st.sampled_from([timedelta(0), timedelta(0), timedelta(days=20)]))
        row = replace(version.row, reported_at=version.row.reported_at + delay)
        again.append(version._replace(delivery=draw(st.integers(0, scene.deliveries - 1)), row=row))
    return again


@st.composite
def asked(draw: st.DrawFn, scene: Scene) -> PlacedInquiry:
    """Draw an inquiry about anybody, from a quarter before the scene to its end."""
    first = months_before(scene.first, 3)
    inquiry = Inquiry(
        institution=draw(st.sampled_from(scene.institutions)).code,
        subject=draw(st.sampled_from([name for person in scene.people for name in person])),
        inquired_at=draw(scene_instants(first, scene.length + 3)),
        purpose=draw(st.sampled_from(PURPOSES)),
    )
    return PlacedInquiry(draw(st.integers(0, scene.deliveries - 1)), inquiry)
