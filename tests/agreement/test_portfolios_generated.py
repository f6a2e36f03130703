"""Made-up portfolios as the association sees them: every figure of the portfolio is the oracle's, whatever is asked."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tests.agreement.bench import Bench
from tests.agreement.comparing import first_difference
from tests.agreement.effort import effort
from tests.agreement.portfolio_documents import cases, portfolio_answer, portfolio_document, portfolio_questions
from tests.oracle.oracle import Oracle
from tests.portfolios import SECRET, portfolios

ASSOCIATION = {"BORROWGRAPH_ROLE": "ASSOCIATION"}


def test_generated_portfolios_asked_by_the_association_answer_as_the_oracle(bench: Bench) -> None:
    seen: Counter[str] = Counter()

    @effort(120)
    @given(st.data())
    def agree(data: st.DataObject) -> None:
        portfolio = data.draw(portfolios())
        asked = data.draw(st.lists(portfolio_questions(portfolio), min_size=1, max_size=4))
        with bench.holding(portfolio) as folders:
            expected = portfolio_answer(Oracle(*folders, secret=SECRET), asked)
            difference = first_difference(bench.data(portfolio_document(asked), **ASSOCIATION), expected)
        assert difference is None, f"{difference}\nasked: {asked}"
        seen["rows"] += cases(expected)

    agree()

    assert seen["rows"] >= 2_000
