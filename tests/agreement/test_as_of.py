"""An answer as of an instant is the answer of a database that has received only what was reported by then."""

from collections import Counter
from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from tests.agreement.answers import canonical
from tests.agreement.bench import Bench
from tests.agreement.comparing import asked_at, first_difference
from tests.agreement.documents import document
from tests.agreement.effort import effort
from tests.agreement.questions import Enquiry, by_all_names, questions
from tests.portfolios import Portfolio, instants, portfolios, split_by_report

LASTS = ["P6M", "P1M", "P45D", "P3Y"]


def test_as_of_any_instant_answers_as_a_database_that_has_only_what_was_reported_by_then(
    benches: tuple[Bench, Bench],
) -> None:
    remembering, ignorant = benches
    seen: Counter[str] = Counter()

    @effort(80)
    @given(st.data())
    def agree(data: st.DataObject) -> None:
        portfolio = data.draw(portfolios())
        instant = data.draw(instants(portfolio))
        asked = enquiry(data, portfolio, instant)
        then, now = document([asked], coverage=False), document([asked._replace(as_of=None)], coverage=False)
        with remembering.holding(portfolio), ignorant.holding(split_by_report(portfolio, instant)):
            remembered, known = remembering.data(then), ignorant.data(now)
            latest = remembering.data(now)

        difference = first_difference(canonical(remembered), canonical(known))
        assert difference is None, f"{difference}\n{asked_at(difference, [asked])}"
        answers = zip(remembered["enquiry0"], latest["enquiry0"], strict=True)
        seen.update("other than now" for old, new in answers if old and old != new)

    agree()

    # Were nothing reported after the instants, the test would show nothing. Which examples are drawn depends on what
    # other modules are loaded, whose constants Hypothesis tries too.
    assert seen["other than now"] >= 100


def enquiry(data: st.DataObject, portfolio: Portfolio, instant: datetime) -> Enquiry:
    asked = data.draw(questions(portfolio, instant, data.draw(st.sampled_from(LASTS))))
    return Enquiry(by_all_names(portfolio), instant, asked)
