"""The words in which the report tells a person what codes mean, and how it writes amounts, days and instants."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

NOTHING = "–"  # noqa: RUF001 - the typographer's dash

STATES = {
    "ACTIVE": "Open",
    "SETTLED": "Paid off",
    "WRITTEN_OFF": "Written off",
    "TRANSFERRED": "Transferred",
}
# The others, digits and G, are in `status`.
CODES = {
    "N": "On time",
    "*": "Nothing due",
    "C": "Paid off",
    "#": "Not reported",
    "/": "Outside the loan's life",
}
PURPOSES = {
    "LOAN_APPLICATION": "You applied for a loan",
    "CARD_APPLICATION": "You applied for a card",
    "GUARANTEE_REVIEW": "A guarantee for you, or by you, was examined",
    "INSURANCE_UNDERWRITING": "A debt of yours was to be insured",
    "POST_LOAN_MANAGEMENT": "A lender watched over a loan that it gave you",
    "SUPERVISION": "The association supervised the industry",
    "MODELLING": "A statistical model was made or tested",
    "DISPUTE": "Something reported of you was disputed, and looked into",
    "OWN_REQUEST": "You asked to see what is held of you",
}
FIELDS = {
    "product": "Product",
    "principal": "Amount lent or limit",
    "opened_on": "Opened",
    "due_on": "To be paid back by",
    "closed_on": "Closed",
    "state": "State",
    "due": "Due",
    "paid": "Paid",
    "balance": "Still owed",
    "overdue_amount": "Overdue",
    "days_past_due": "Days overdue",
}
AMOUNTS = {"principal", "due", "paid", "balance", "overdue_amount"}


def amount(minor: int | None) -> str:
    """An amount of whole minor units, in the major unit: 1,234.50."""
    return NOTHING if minor is None else f"{minor // 100:,}.{minor % 100:02}"


def day(value: date | None) -> str:
    """15 March 2026."""
    return NOTHING if value is None else f"{value.day} {value:%B} {value.year}"


def month(value: date) -> str:
    """March 2026."""
    return f"{value:%B} {value.year}"


def clock(value: datetime, zone: ZoneInfo) -> str:
    """15 March 2026, 09:30, in the platform's time zone."""
    local = value.astimezone(zone)
    return f"{day(local.date())}, {local:%H:%M}"


def name(code: str) -> str:
    """A kind, product or purpose by its code: INTERNET_PLATFORM is Internet platform; what is no such code stays."""
    if code.replace("_", "").isalnum() and code.isascii() and code.isupper():
        return code.replace("_", " ").capitalize()
    return code


def purpose(code: str) -> str:
    """Why somebody asked, in words; a purpose that a lender named in its own is told in those."""
    return PURPOSES.get(code) or name(code)


def status(code: str, days: int | None, state: str) -> str:
    """What a month's code means, of a loan in this state."""
    overdue = many(days or 0, "day overdue", "days overdue")
    if code.isdigit():
        return overdue
    words = STATES[state] if code == "G" else CODES[code]
    return f"{words}, {overdue}" if days else words


def many(number: int, one: str, more: str = "") -> str:
    """1 loan, 2 loans."""
    return f"{number:,} {one if number == 1 else more or one + 's'}"


def value(field: str, of: object) -> str:
    """The value of a field that was corrected, as the report writes that field."""
    if field in AMOUNTS and isinstance(of, int):
        return amount(of)
    if field == "state":
        return STATES[str(of)]
    if isinstance(of, date):
        return day(of)
    return NOTHING if of is None else str(of) if field != "product" else name(str(of))
