"""How the report writes numbers, months and names."""

from datetime import date

MINUS, NOTHING = "−", "–"  # noqa: RUF001 - the typographer's minus and dash

MILLION_FROM, BILLION_FROM = 10**9, 10**13  # minor units: ten million, a hundred thousand million
UNITS = {"thousand": 10**5, "million": 10**8, "billion": 10**11}


def count(number: int | None) -> str:
    """12,345."""
    return NOTHING if number is None else f"{number:,}"


def percent(share: float | None, places: int = 2) -> str:
    """A share as 3.83%."""
    return NOTHING if share is None else f"{share * 100:.{places}f}%"


def points(change: float | None) -> str:
    """A change of a share in percentage points, with its sign: +0.12."""
    if change is None:
        return NOTHING
    text = f"{abs(change) * 100:.2f}"
    return f"±{text}" if not text.strip("0.") else f"{'+' if change > 0 else MINUS}{text}"


def direction(change: float | None) -> str:
    """Where a change leads, as it is written: more, less, same or unknown."""
    return {"+": "more", MINUS: "less", "±": "same"}.get(points(change)[0], "unknown")


def unit(largest: int | None) -> str:
    """The unit in which amounts up to the largest (in minor units) read best."""
    if largest is None or largest < MILLION_FROM:
        return "thousand"
    return "million" if largest < BILLION_FROM else "billion"


def amount(minor: int | None, unit_name: str) -> str:
    """An amount in the unit, of the currency's major unit: 1,234.5."""
    return NOTHING if minor is None else f"{minor / UNITS[unit_name]:,.1f}"


def month(day: date) -> str:
    """Sep 2026."""
    return f"{day:%b} {day.year}"


def quarter(day: date) -> str:
    """Q3 2026."""
    return f"Q{(day.month + 2) // 3} {day.year}"


def name(key: str) -> str:
    """A kind or product by its code: INTERNET_PLATFORM is Internet platform, what is not such a code stays."""
    if key.replace("_", "").isalnum() and key.isascii() and key.isupper():
        return key.replace("_", " ").capitalize()
    return key


def long_month(day: date) -> str:
    """September 2026."""
    return f"{day:%B} {day.year}"


def compared(change: float) -> str:
    """A change in words: 0.12 percentage points more than."""
    if direction(change) == "same":
        return "as much as"
    return f"{abs(change) * 100:.2f} percentage points {direction(change)} than"


def lenders(number: int) -> str:
    """1 lender, 2 lenders."""
    return "1 lender" if number == 1 else f"{number} lenders"
