"""Made-up portfolios that hurt: the API answers every field as the oracle does, through HTTP."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tests.agreement.bench import Bench
from tests.agreement.comparing import assert_agrees
from tests.agreement.documents import document
from tests.agreement.effort import effort
from tests.agreement.questions import enquiries
from tests.oracle.oracle import Oracle
from tests.portfolios import SECRET, portfolios

ZONES = ["Asia/Shanghai", "Asia/Shanghai", "America/New_York", "Asia/Kathmandu"]
ASKING = [None, "I1", "I2"]


def test_generated_portfolios_whatever_is_asked_answer_as_the_oracle(bench: Bench) -> None:
    answered: Counter[str] = Counter()

    @effort(100)
    @given(st.data())
    def agree(data: st.DataObject) -> None:
        portfolio = data.draw(portfolios())
        asked = data.draw(enquiries(portfolio))
        zone, asking = data.draw(st.sampled_from(ZONES)), data.draw(st.sampled_from(ASKING))
        settings = {"BORROWGRAPH_TIME_ZONE": zone} | ({"BORROWGRAPH_ASKING_INSTITUTION": asking} if asking else {})
        with bench.holding(portfolio) as folders:
            oracle = Oracle(*folders, secret=SECRET, time_zone=zone, asking=asking)
            answered["cases"] += assert_agrees(oracle, asked, bench.data(document(asked), **settings))

    agree()

    assert answered["cases"] >= 2_000
    print(answered)
