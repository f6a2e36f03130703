"""Who lends: the demo's institutions, their sizes, manners and customers, and what each offers.

The names are invented; any likeness to a company is chance.
"""

from typing import NamedTuple

from intake.demo.dice import Wheel, wheel
from intake.demo.products import (
    CASH_LOAN,
    CREDIT_CARD,
    CREDIT_LINE,
    EDUCATION_LOAN,
    GUARANTEED_LOAN,
    INSTALMENT,
    INSURANCE_PREMIUM_LOAN,
    SMALL_BUSINESS,
    VEHICLE_LEASE,
    Product,
)


class Institution(NamedTuple):
    """A member that lends, and how it reports."""

    code: str
    name: str
    kind: str
    share: float
    """Weight in the market, in loans."""
    days: int
    """Days from a month's end to its report, at least 2."""
    careless: bool
    """Whether months go missing, whole ones too, and overdue amounts are forgotten."""
    offers: Wheel[Product]


# For borrowers of low, middling and high risk: how much each kind likes to lend to them.
APPETITE = {
    "INTERNET_PLATFORM": (1.0, 1.2, 1.1),
    "CONSUMER_FINANCE": (0.9, 1.2, 0.8),
    "MICROLOAN": (0.3, 0.9, 1.9),
    "GUARANTEE": (0.7, 1.0, 0.9),
    "INSURANCE": (1.1, 0.9, 0.5),
    "BANK": (2.2, 0.9, 0.25),
    "OTHER": (0.7, 1.0, 1.3),
}
TIERS = 3

OFFERS = {
    "INTERNET_PLATFORM": wheel([(CASH_LOAN, 50), (INSTALMENT, 32), (CREDIT_LINE, 18)]),
    "CONSUMER_FINANCE": wheel([(CASH_LOAN, 48), (INSTALMENT, 40), (EDUCATION_LOAN, 12)]),
    "MICROLOAN": wheel([(CASH_LOAN, 84), (SMALL_BUSINESS, 16)]),
    "GUARANTEE": wheel([(GUARANTEED_LOAN, 100)]),
    "INSURANCE": wheel([(INSURANCE_PREMIUM_LOAN, 85), (CASH_LOAN, 15)]),
    "BANK": wheel([(CREDIT_CARD, 48), (CREDIT_LINE, 12), (INSTALMENT, 26), (SMALL_BUSINESS, 14)]),
    "OTHER": wheel([(VEHICLE_LEASE, 45), (INSTALMENT, 35), (CASH_LOAN, 20)]),
}

CARELESS = frozenset({"ML07", "OT03"})

# Code, name, share, days from a month's end to the report.
MEMBERS = (
    ("IP01", "Yunlu Wallet", 15.0, 2),
    ("IP02", "Jingque Pay", 9.5, 3),
    ("IP03", "Qiuniu Market Credit", 7.0, 2),
    ("IP04", "Paopao Instalments", 4.5, 4),
    ("IP05", "Tuoniao Rides Finance", 2.6, 3),
    ("IP06", "Kuaiyu Cash", 2.0, 5),
    ("IP07", "Shuiwa Lifestyle", 1.3, 3),
    ("IP08", "Mili Box Credit", 0.8, 7),
    ("IP09", "Fenghuo Student Mall", 0.4, 4),
    ("CF01", "Beihuai Consumer Finance", 7.5, 2),
    ("CF02", "Songjiang Ferry Consumer Finance", 5.0, 3),
    ("CF03", "Qingtan Consumer Finance", 3.2, 2),
    ("CF04", "Nanmu Consumer Finance", 1.9, 4),
    ("CF05", "Rising Kite Consumer Finance", 1.1, 3),
    ("CF06", "Jadegate Consumer Finance", 0.6, 6),
    ("ML01", "Luohe Bridge Microcredit", 4.2, 3),
    ("ML02", "Hundred Wells Microcredit", 3.1, 4),
    ("ML03", "Chunyan Microcredit", 2.4, 3),
    ("ML04", "Kuaiyin Lane Microcredit", 1.8, 5),
    ("ML05", "Ginkgo Street Microcredit", 1.2, 4),
    ("ML06", "Three Rivers Ding Microcredit", 0.8, 8),
    ("ML07", "Baihe Alley Microcredit", 0.5, 8),
    ("GU01", "Stone Lion Financing Guarantee", 2.2, 3),
    ("GU02", "Zhenhai Tower Guarantee", 1.4, 4),
    ("GU03", "Anlan Guarantee", 0.8, 5),
    ("GU04", "Old Granary Guarantee", 0.4, 7),
    ("IN01", "Hepu Pearl Property Insurance", 1.8, 3),
    ("IN02", "Sparrow Court Life", 1.0, 4),
    ("IN03", "Guanhai Surety Insurance", 0.6, 6),
    ("BK01", "Bank of Jianmen Pass", 6.5, 2),
    ("BK02", "Yanshui Commercial Bank", 3.6, 2),
    ("BK03", "Rural Bank of Liangtian", 2.0, 3),
    ("BK04", "Cloudharbour Direct Bank", 2.6, 2),
    ("OT01", "Two Herons Leasing", 1.3, 4),
    ("OT02", "Hongqiao Auto Leasing", 0.8, 5),
    ("OT03", "Xiangtu Farm Supply Credit", 0.4, 9),
)
KINDS = {
    "IP": "INTERNET_PLATFORM",
    "CF": "CONSUMER_FINANCE",
    "ML": "MICROLOAN",
    "GU": "GUARANTEE",
    "IN": "INSURANCE",
    "BK": "BANK",
    "OT": "OTHER",
}

INSTITUTIONS = tuple(
    Institution(code, name, KINDS[code[:2]], share, days, code in CARELESS, OFFERS[KINDS[code[:2]]])
    for code, name, share, days in MEMBERS
)
BY_CODE = {institution.code: institution for institution in INSTITUTIONS}
LENDERS = tuple(
    wheel((institution, institution.share * APPETITE[institution.kind][tier]) for institution in INSTITUTIONS)
    for tier in range(TIERS)
)
