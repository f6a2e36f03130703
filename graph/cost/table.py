"""The one table of lists: how many elements each can have, what its field reads besides, and what it tells those below.

A list that is not in it would be taken for a full page; a test holds it to the schema.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

from graph.cost import lengths
from graph.cost.arguments import NOTHING, Fixed, Given, applied
from graph.cost.sizes import Size, times, total
from graph.limits import LARGEST_PAGE, Limits
from resolvers.selection import KINDS
from sql.rows import MarketRow

# Rules and warnings that one row of a list of them stands for; a test counts those of `intake`.
RULES = 80
FILES = 4
BUCKETS = 8
GRADES = 3
# From each bucket to each, or to no report.
MOVES = BUCKETS * (BUCKETS + 1)
# A borrower's loans that a figure is worked out from, where nothing says how many: few have more.
LOANS = 20


class Place(NamedTuple):
    """Where a field stands: its arguments, and what the fields above told."""

    given: Mapping[str, Given]
    above: Mapping[str, Size]
    limits: Limits


Rule = Callable[[Place], Size]


def _market(read: Callable[[MarketRow], int]) -> Size:
    return lambda now: read(now.market)


INSTITUTIONS = _market(lambda market: market.institutions)
PRODUCTS = _market(lambda market: market.products)


def _months(argument: str, place: Place) -> Size:
    window, most = place.given.get(argument, NOTHING), place.limits.window_months
    if isinstance(window, Fixed) and not lengths.needs_horizon(window.value):
        return min(lengths.months(window.value), most)
    read = window if not isinstance(window, Fixed) else (lambda _: window.value)
    return lambda now: min(lengths.months(read(now), now.market.horizon), most)


def _touched(argument: str, place: Place) -> Size:
    return total([_months(argument, place), 1])


def _since(argument: str, place: Place) -> Size:
    window = place.given.get(argument, NOTHING)
    read = window if not isinstance(window, Fixed) else (lambda _: window.value)
    return lambda now: lengths.months_since(read(now), now.market.horizon)


def _page(place: Place) -> Size:
    return applied(lengths.rows, place.given.get("first", NOTHING))


def _keys(place: Place) -> Size:
    most = place.limits.borrower_keys
    return applied(lambda by: min(lengths.elements(by), most), place.given.get("by", NOTHING))


def _periods(touched: Rule, place: Place) -> Size:
    months, every = touched(place), place.given.get("every", NOTHING)
    if isinstance(months, int):
        return applied(partial(lengths.periods, months), every)
    read = every if not isinstance(every, Fixed) else (lambda _: every.value)
    return lambda now: lengths.periods(months(now), read(now))


def _groups(place: Place) -> Size:
    def of(by: object, market: MarketRow) -> int:
        groups = {"INSTITUTION_KIND": len(KINDS), "INSTITUTION": market.institutions, "PRODUCT": market.products}
        return groups.get(by, 1) if isinstance(by, str) else 1

    by = place.given.get("by", NOTHING)
    if isinstance(by, Fixed):
        return _market(partial(of, by.value)) if by.value is not None else 1
    return lambda now: of(by(now), now.market)


def _reporting(place: Place) -> Size:
    named = applied(lambda institution: int(institution is not None), place.given.get("institution", NOTHING))
    return 1 if named == 1 else INSTITUTIONS


def _told(name: str, place: Place) -> Size:
    return place.above.get(name, LARGEST_PAGE)


def _half(name: str, place: Place) -> Size:
    """Runs of months: between two of them is a month that is in none."""
    whole = _told(name, place)
    return (whole + 1) // 2 if isinstance(whole, int) else (lambda now: (whole(now) + 1) // 2)


def _product(*rules: Rule) -> Rule:
    def product(place: Place) -> Size:
        found: Size = 1
        for rule in rules:
            found = times(found, rule(place))
        return found

    return product


def _always(number: int) -> Rule:
    return lambda _: number


WINDOW, OPENED = partial(_months, "window"), partial(_touched, "opened")
OF_MARKET: Rule = lambda _: INSTITUTIONS  # noqa: E731 - a rule like the others
MONTHS, PAGE = partial(_told, "months"), partial(_told, "page")
RUNS = partial(_half, "months")

# How many elements a list has.
LISTS: Mapping[str, Mapping[str, Rule]] = {
    "Query": {"borrowers": _keys, "dataQuality": _product(_reporting, WINDOW)},
    "LoanConnection": {"nodes": PAGE, "edges": PAGE},
    "InstitutionConnection": {"nodes": PAGE, "edges": PAGE},
    "DeliveryConnection": {"nodes": PAGE, "edges": PAGE},
    "InquiryLogConnection": {"nodes": PAGE, "edges": PAGE},
    "Loan": {"repayments": WINDOW},
    "LoanOverdue": {"months": MONTHS, "episodes": RUNS, "entries": RUNS},
    "BorrowerOverdue": {"months": MONTHS, "episodes": RUNS, "entries": RUNS},
    "LoanSeries": dict.fromkeys(("months", "due", "paid", "balance", "overdueAmount", "daysPastDue"), MONTHS),
    "MultiLoan": {"byInstitutionKind": _always(len(KINDS))},
    "DataQuality": {"rejects": _always(RULES), "warnings": _always(RULES)},
    "Delivery": {"counts": _always(FILES), "rejects": _always(RULES), "warnings": _always(RULES)},
    "Portfolio": {
        "delinquency": _groups,
        "vintages": _product(_groups, partial(_periods, OPENED)),
        "rollRates": _always(MOVES),
        "lendersPerBorrower": _product(partial(_periods, partial(_touched, "window")), OF_MARKET),
    },
    "DelinquencySeries": {"points": partial(_told, "points")},
    "DelinquencyPoint": {"buckets": _always(BUCKETS), "grades": _always(GRADES)},
    "Vintage": {"curve": partial(_told, "curve")},
}

# What a field reads that its answer need not show.
READS: Mapping[str, Mapping[str, Rule]] = {
    "Borrower": {
        "loans": _always(LOANS),
        "multiLoan": _always(LOANS),
        "overdue": _product(_always(LOANS), WINDOW),
    },
    "Loan": {"repayments": WINDOW, "overdue": WINDOW, "series": WINDOW},
    "Portfolio": {
        "delinquency": _product(WINDOW, OF_MARKET),
        "vintages": _product(OPENED, OF_MARKET),
        "rollRates": _product(WINDOW, OF_MARKET),
        "lendersPerBorrower": _product(WINDOW, OF_MARKET),
    },
}

# What a field tells the fields below it.
TELLS: Mapping[str, Mapping[str, Mapping[str, Rule]]] = {
    "Query": {key: {"page": _page} for key in ("institutions", "deliveries", "inquiryLog")},
    "Borrower": {"loans": {"page": _page}, "overdue": {"months": WINDOW}},
    "Loan": {key: {"months": WINDOW} for key in ("overdue", "series")},
    "Portfolio": {
        "delinquency": {"points": partial(_periods, WINDOW)},
        "vintages": {"curve": partial(_since, "opened")},
    },
}
