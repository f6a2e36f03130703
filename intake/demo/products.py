"""What is lent: the demo's products, with their terms, sizes, prices and what an inquiry for one is called."""

from typing import NamedTuple

from intake.demo.dice import Wheel, wheel


class Product(NamedTuple):
    """A kind of loan. A revolving one has no term: its principal is a limit and its balance comes and goes."""

    name: str
    purpose: str
    terms: Wheel[int]
    yuan: tuple[int, ...]
    """Quantiles of the principal, evenly spaced, in yuan."""
    monthly: tuple[int, int]
    """Lowest and highest interest a month, in hundred-thousandths."""

    @property
    def revolving(self) -> bool:
        """Whether it is drawn and repaid at will, without an end."""
        return self.terms is REVOLVING


REVOLVING = wheel([(0, 1)])

CASH_LOAN = Product(
    "CASH_LOAN",
    "LOAN_APPLICATION",
    wheel([(1, 4), (3, 12), (6, 24), (9, 6), (12, 42), (18, 6), (24, 14)]),
    (500, 2_000, 4_000, 6_000, 9_000, 14_000, 24_000, 60_000),
    (1_000, 1_950),
)
INSTALMENT = Product(
    "INSTALMENT",
    "LOAN_APPLICATION",
    wheel([(3, 10), (6, 20), (9, 8), (12, 44), (18, 8), (24, 10)]),
    (300, 900, 1_600, 2_600, 4_000, 6_500, 15_000),
    (700, 1_500),
)
EDUCATION_LOAN = Product(
    "EDUCATION_LOAN",
    "LOAN_APPLICATION",
    wheel([(12, 40), (18, 20), (24, 40)]),
    (4_000, 8_000, 12_000, 18_000, 32_000),
    (600, 1_100),
)
CREDIT_LINE = Product(
    "CREDIT_LINE",
    "LOAN_APPLICATION",
    REVOLVING,
    (1_000, 3_000, 6_000, 10_000, 18_000, 30_000, 80_000),
    (1_000, 1_800),
)
CREDIT_CARD = Product(
    "CREDIT_CARD",
    "CARD_APPLICATION",
    REVOLVING,
    (3_000, 8_000, 12_000, 20_000, 35_000, 60_000, 150_000),
    (1_200, 1_500),
)
GUARANTEED_LOAN = Product(
    "GUARANTEED_LOAN",
    "GUARANTEE_REVIEW",
    wheel([(12, 45), (24, 30), (36, 25)]),
    (8_000, 20_000, 35_000, 60_000, 100_000, 200_000),
    (600, 1_200),
)
SMALL_BUSINESS = Product(
    "SMALL_BUSINESS",
    "LOAN_APPLICATION",
    wheel([(6, 12), (12, 46), (24, 24), (36, 18)]),
    (10_000, 30_000, 50_000, 90_000, 160_000, 400_000),
    (500, 1_300),
)
INSURANCE_PREMIUM_LOAN = Product(
    "INSURANCE_PREMIUM_LOAN",
    "INSURANCE_UNDERWRITING",
    wheel([(3, 10), (6, 20), (10, 30), (12, 40)]),
    (600, 1_500, 2_600, 4_200, 7_000, 18_000),
    (400, 900),
)
VEHICLE_LEASE = Product(
    "VEHICLE_LEASE",
    "LOAN_APPLICATION",
    wheel([(12, 15), (24, 35), (36, 50)]),
    (18_000, 40_000, 60_000, 90_000, 160_000),
    (500, 1_100),
)
