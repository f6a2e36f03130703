"""Made-up markets with enough people to publish something: whole in few groups, thin in others."""

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from random import Random

from hypothesis import strategies as st

from tests.oracle.deliveries import Delivery, Institution, Loan, Portfolio, Repayment, Subject
from tests.oracle.multiloan import KINDS
from tests.oracle.windows import months_before

FIRST = date(2024, 1, 1)
PRODUCTS = ["CARD", "CASH", "LEASE"]
OVERDUE = [0, 0, 0, 0, 10, 30, 31, 61, 95, 130, 170, 200]
REPORTED = datetime(2025, 1, 1, tzinfo=UTC)


@st.composite
def crowds(draw: st.DrawFn, *, people: int = 60) -> Portfolio:
    """Draw a market of up to so many people over 4 months; how many each group has differs from nobody to most."""
    random = Random(draw(st.integers(0, 2**32)))  # noqa: S311 - a draw of thousands of small ones would be slow
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=2, max_size=4, unique=True))
    lenders = [
        Institution(f"I{number}", f"Lender {number}", random.choice(kinds)) for number in range(draw(st.integers(3, 9)))
    ]
    # Some lenders and products have most of the loans, and some hardly any.
    liked = [random.random() ** 3 + 0.01 for _ in lenders]
    wanted = [random.random() ** 3 + 0.01 for _ in PRODUCTS]
    loans: list[Loan] = []
    months: list[Repayment] = []
    for person in range(draw(st.integers(5, people))):
        key = sha256(str(person).encode()).hexdigest()
        for _ in range(random.choice([1, 1, 1, 2, 3])):
            lender = random.choices(lenders, liked)[0]
            loan = Loan(
                institution=lender.code,
                loan=str(len(loans)),
                subject=Subject(key, key),
                product=random.choices(PRODUCTS, wanted)[0],
                principal=random.randrange(1, 10**6),
                opened_on=FIRST + timedelta(days=random.randrange(100)),
                due_on=None,
                closed_on=None,
                state="ACTIVE",
                reported_at=REPORTED,
            )
            loans.append(loan)
            months += reported(random, loan)
    return Portfolio((Delivery(tuple(lenders), tuple(loans), tuple(months)),), ())


def reported(random: Random, loan: Loan) -> list[Repayment]:
    """The loan's months, most of them reported, some without a balance."""
    opened = loan.opened_on.replace(day=1)
    months = [months_before(FIRST, -number) for number in range(4)]
    return [
        Repayment(
            institution=loan.institution,
            loan=loan.loan,
            month=month,
            due=0,
            paid=0,
            balance=random.choice([0, *[random.randrange(1, 10**6)] * 5]),
            overdue_amount=random.randrange(1, 1_000) if overdue else 0,
            days_past_due=overdue,
            reported_at=REPORTED,
        )
        for month in months
        if month >= opened and random.random() < 0.9
        for overdue in [random.choice(OVERDUE)]
    ]
