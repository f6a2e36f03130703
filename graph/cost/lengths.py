"""How many of something a value asks for: rows of a page, keys, months of a window, periods of them."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from graph.limits import LARGEST_PAGE, PAGE
from graph.types.scalars import parse_day, parse_length
from resolvers.errors import Problem
from resolvers.selection import MONTHS
from resolvers.window import Window, resolve

# No window is longer, whatever the settings.
LONGEST = 6_000


def rows(first: Any) -> int:
    """Return how many rows a page can have."""
    return PAGE if not isinstance(first, int | float) else int(min(max(first, 1), LARGEST_PAGE))


def elements(value: Any) -> int:
    """Return how many elements a list has; a value that is none is taken for a list of one."""
    return len(value) if isinstance(value, list) else int(value is not None)


def months(window: Any, horizon: date | None = None) -> int:
    """Return how many months can belong to a window; 0 for one that is refused."""
    return _found(window, horizon, _months)


def needs_horizon(window: Any) -> bool:
    """Tell whether it takes the horizon to say how many months a window has."""
    return isinstance(window, Mapping) and window.get("last") is None and window.get("to") is None


def months_since(window: Any, horizon: date | None) -> int:
    """Return how many months lie between a window's first day and the horizon, both of them counted."""
    return _found(window, horizon, _months_since)


def periods(touched: int, every: Any) -> int:
    """Return how many periods so many consecutive months lie in at most."""
    length = MONTHS.get(every, 1) if isinstance(every, str) else 1
    return touched if length == 1 else min(touched, touched // length + 2)


def _found(window: Any, horizon: date | None, count: Any) -> int:
    if not isinstance(window, Mapping):
        return 0
    try:
        return int(count(window.get("last"), window.get("from"), window.get("to"), horizon))
    except (Problem, TypeError):  # such a window is refused, of whatever type its members are
        return 0


@lru_cache(maxsize=1_024)
def _months(last: Any, start: Any, end: Any, horizon: date | None) -> int:
    if last is not None:
        length = parse_length(last)
        # So many months have as many first days; so many days, one more than whole Februaries fit into them.
        return length.months + (length.days // 28 + 1 if length.days else 0)
    opened, closed = parse_day(start), parse_day(end) if end is not None else horizon
    if closed is None:
        return 0
    # Without an end the window goes on to the horizon, which a load may just have moved by a month.
    return max(0, _between(opened, closed) + (closed.day > 1) - (opened.day > 1) + (end is None))


@lru_cache(maxsize=1_024)
def _months_since(last: Any, start: Any, end: Any, horizon: date | None) -> int:
    if horizon is None:
        return 0
    asked = Window(
        None if last is None else parse_length(last),
        None if start is None else parse_day(start),
        None if end is None else parse_day(end),
    )
    return max(0, _between(resolve(asked, horizon, "opened", LONGEST).start, horizon) + 2)


def _between(start: date, end: date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month
