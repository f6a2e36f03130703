"""What is asked of portfolios: filters, windows, periods, dimensions; the document, and the oracle's answer."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from hypothesis import strategies as st

from tests.agreement.documents import Document
from tests.oracle.deliveries import Portfolio
from tests.oracle.multiloan import KINDS
from tests.oracle.oracle import Oracle
from tests.oracle.portfolio import OraclePortfolio
from tests.portfolios import windows

Answer = dict[str, Any]

EVERY = ["MONTH", "QUARTER", "YEAR"]
BY = [None, "INSTITUTION_KIND", "INSTITUTION", "PRODUCT"]
DAYS = [0, 1, 29, 30, 31, 60, 90, 180, 181, 99_999]

FRAGMENTS = """
fragment Series on DelinquencySeries {
  key
  points {
    period suppressed loans borrowers balance overdueBalance
    overdueRate over30Rate over60Rate over90Rate overdueLoanRate over30LoanRate
    buckets { bucket loans balance share }
    grades { grade loans overdueAmount loanRate amountRate }
  }
}
fragment Cohort on Vintage { key opened loans principal curve { monthOnBook loans everRate } }
fragment Roll on RollRate { from to loans share }
fragment Lenders on LendersPerBorrower { period lenders borrowers share over30Rate }
"""

QUESTION = """
  portfolio{n}: portfolio(filter: $filter{n}) {{
    delinquency(window: $window{n}, every: $every{n}, by: $by{n}) {{ ...Series }}
    vintages(opened: $window{n}, every: $every{n}, daysPastDue: $days{n}, by: $by{n}) {{ ...Cohort }}
    rollRates(window: $window{n}) {{ ...Roll }}
    lendersPerBorrower(window: $window{n}, every: $every{n}) {{ ...Lenders }}
  }}"""


class PortfolioQuestion(NamedTuple):
    """A filter, and the arguments of every figure that takes them."""

    filter: dict[str, Any] | None
    window: dict[str, str]
    every: str = "MONTH"
    by: str | None = None
    days: int = 30


def portfolio_document(questions: Sequence[PortfolioQuestion]) -> Document:
    """The document that asks every question of every figure."""
    variables = {f"{name}{n}": value for n, one in enumerate(questions) for name, value in one._asdict().items()}
    declared = ", ".join(
        f"$filter{n}: PortfolioFilter, $window{n}: Window!, $every{n}: Period!, "
        f"$by{n}: PortfolioDimension, $days{n}: Int!"
        for n in range(len(questions))
    )
    fields = "".join(QUESTION.format(n=n) for n in range(len(questions)))
    return Document(f"query Portfolios({declared}) {{{fields}\n}}\n{FRAGMENTS}", variables)


def portfolio_answer(oracle: Oracle, questions: Sequence[PortfolioQuestion]) -> Answer:
    """The whole answer, nothing suppressed: what the association sees."""
    return {f"portfolio{n}": figures(oracle.portfolio(one.filter), one) for n, one in enumerate(questions)}


def figures(portfolio: OraclePortfolio, asked: PortfolioQuestion) -> Answer:
    """The answer to one question."""
    _, window, every, by, days = asked
    return {
        "delinquency": portfolio.delinquency(window, every, by),
        "vintages": portfolio.vintages(window, every, days, by),
        "rollRates": portfolio.roll_rates(window),
        "lendersPerBorrower": portfolio.lenders_per_borrower(window, every),
    }


def cases(answer: Answer) -> int:
    """How many rows of figures an answer has."""
    return sum(
        sum(len(series["points"]) for series in one["delinquency"])
        + sum(len(cohort["curve"]) for cohort in one["vintages"])
        + len(one["rollRates"])
        + len(one["lendersPerBorrower"])
        for one in answer.values()
    )


@st.composite
def portfolio_questions(draw: st.DrawFn, portfolio: Portfolio, *, years: int = 4) -> PortfolioQuestion:
    """Draw a question that has an answer: windows of any days, and every filter, period, dimension and threshold."""
    return PortfolioQuestion(
        draw(portfolio_filters(portfolio)),
        draw(windows(portfolio, years=years)),
        draw(st.sampled_from(EVERY)),
        draw(st.sampled_from(BY)),
        draw(st.sampled_from(DAYS)),
    )


def portfolio_filters(portfolio: Portfolio) -> st.SearchStrategy[dict[str, Any] | None]:
    """None, or any of the filter's conditions together; lists may be empty or name what is not there."""
    institutions = {row for delivery in portfolio.deliveries for row in delivery.institutions}
    conditions = {
        "institutionKinds": some_or_none(sorted({row.kind for row in institutions}), list(KINDS)),
        "institutions": some_or_none(sorted({row.code for row in institutions}), ["NOBODY"]),
        "products": some_or_none(
            sorted({row.product for delivery in portfolio.deliveries for row in delivery.loans}), ["NO SUCH PRODUCT"]
        ),
    }
    return st.none() | st.fixed_dictionaries({}, optional=conditions)


def some_or_none(there: list[str], others: list[str]) -> st.SearchStrategy[list[str] | None]:
    """A few of the values, mostly of those that are there; seldom a null or an empty list."""
    known = st.lists(st.sampled_from(there or others), min_size=1, max_size=3, unique=True)
    return st.one_of(known, known, known, st.lists(st.sampled_from(there + others), max_size=4), st.none())
