"""Hypothesis strategies for questions that touch the edges of a portfolio: windows, filters, instants."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from tests.oracle.deliveries import Portfolio
from tests.oracle.multiloan import KINDS
from tests.oracle.scenes import ZONES
from tests.oracle.windows import month_of, months_before, next_month

Window = dict[str, str]

FAR = [date(1990, 1, 1), date(1999, 12, 31), date(2040, 2, 29), date(2049, 12, 31)]
LENGTHS = ["P1D", "P2D", "P7D", "P28D", "P29D", "P30D", "P31D", "P366D", "P1M", "P2M", "P3M", "P6M", "P11M", "P12M"]
LENGTHS += ["P13M", "P24M", "P1Y", "P2Y"]
BAD_LENGTHS = ["P0D", "P0M", "P1W", "P1W2D3", "P", "", "24M", "-P1M", "P-1M", "P1.5M", "p1m", " P1M", "P1MT1H"]


def horizon_of(portfolio: Portfolio, as_of: datetime | None) -> date | None:
    """The horizon at the instant, or None."""
    rows = [row for delivery in portfolio.deliveries for row in delivery.repayments]
    months = [month_of(row.month) for row in rows if as_of is None or row.reported_at <= as_of]
    return next_month(max(months)) if months else None


def windows(portfolio: Portfolio, as_of: datetime | None = None, *, years: int = 30) -> st.SearchStrategy[Window]:
    """Windows that have an answer at the instant: of days, months, up to so many years, near or far from all."""
    days = edge_days(portfolio)
    forms = [
        st.lists(st.sampled_from(days + FAR), min_size=2, max_size=2, unique=True).map(
            lambda ends: between(ends, years)
        ),
        st.lists(st.sampled_from(days), min_size=2, max_size=2, unique=True).map(lambda ends: between(ends, years)),
        st.builds(lambda last, to: {"last": last, "to": to.isoformat()}, lengths(years), st.sampled_from(days + FAR)),
    ]
    horizon = horizon_of(portfolio, as_of)
    if horizon is not None:
        starts = [day for day in days if months_before(horizon, 12 * years) <= day < horizon]
        forms.append(lengths(years).map(lambda last: {"last": last}))
        forms.append(st.sampled_from(starts or [month_of(horizon - timedelta(days=1))]).map(since))
    return st.one_of(forms)


def bad_windows(portfolio: Portfolio, as_of: datetime | None = None) -> st.SearchStrategy[dict[str, Any]]:
    """Windows that are errors at the instant: of a form that there is not, empty, reversed, without a horizon."""
    days = st.sampled_from(edge_days(portfolio)).map(date.isoformat)
    length, horizon = st.sampled_from(LENGTHS), horizon_of(portfolio, as_of)
    forms: list[st.SearchStrategy[dict[str, Any]]] = [
        st.just({}),
        days.map(lambda day: {"to": day}),
        days.map(lambda day: {"from": day, "to": day}),
        st.lists(days, min_size=2, max_size=2, unique=True).map(lambda ends: {"from": max(ends), "to": min(ends)}),
        st.builds(lambda day, last: {"from": day, "last": last}, days, length),
        st.builds(lambda day, last: {"from": day, "last": last, "to": day}, days, length),
        st.builds(lambda last, to: {"last": last, "to": to}, st.sampled_from(BAD_LENGTHS), days),
        st.just({"from": (horizon or FAR[-1]).isoformat()}),
    ]
    if horizon is None:
        forms.append(length.map(lambda last: {"last": last}))
    return st.one_of(forms)


def filters(portfolio: Portfolio, as_of: datetime | None = None, *, years: int = 30) -> st.SearchStrategy[Any]:
    """None, or any of the filter's conditions together; lists are not empty, windows have an answer."""
    rows = [row for delivery in portfolio.deliveries for row in delivery.loans]
    kinds = sorted({row.kind for delivery in portfolio.deliveries for row in delivery.institutions})
    conditions = {
        "institutionKinds": some_of(kinds) | some_of(list(KINDS)),
        "products": some_of(sorted({row.product for row in rows} | {"NO SUCH PRODUCT"})),
        "states": some_of(["ACTIVE", "SETTLED", "WRITTEN_OFF", "TRANSFERRED"]),
        "opened": windows(portfolio, as_of, years=years),
        "active": windows(portfolio, as_of, years=years),
    }
    return st.none() | st.fixed_dictionaries({}, optional=conditions)


def instants(portfolio: Portfolio) -> st.SearchStrategy[datetime]:
    """Instants just before, at and just after each report and inquiry, before everything, and after everything."""
    reports = sorted(set(_reports(portfolio)))
    edges = [datetime(2000, 1, 1, tzinfo=UTC), *reports, max(reports, default=datetime(2026, 1, 1, tzinfo=UTC))]
    steps = [timedelta(microseconds=count) for count in (-1, 0, 0, 1)]
    return st.builds(
        lambda edge, step, zone: (edge + step).astimezone(zone),
        st.sampled_from(edges),
        st.sampled_from(steps),
        st.sampled_from(ZONES),
    )


def edge_days(portfolio: Portfolio) -> list[date]:
    """The days on which something begins or ends, and their neighbours, in order; at least a month's two ends."""
    edges = {date(2024, 2, 1), date(2024, 3, 1)}
    here = ZoneInfo(portfolio.time_zone)
    for delivery in portfolio.deliveries:
        edges.update(day for row in delivery.loans for day in (row.opened_on, row.closed_on or row.opened_on))
        edges.update(edge for row in delivery.repayments for edge in (month_of(row.month), next_month(row.month)))
        edges.update(row.inquired_at.astimezone(here).date() for row in delivery.inquiries)
    return sorted({edge + timedelta(days=step) for edge in edges for step in (-1, 0, 1)})


def between(ends: list[date], years: int) -> Window:
    """The window between two days, cut to so many years before its end."""
    start = max(min(ends), months_before(max(ends), 12 * years))
    return {"from": start.isoformat(), "to": max(ends).isoformat()}


def since(day: date) -> Window:
    """The window from the day to the horizon."""
    return {"from": day.isoformat()}


def lengths(years: int) -> st.SearchStrategy[str]:
    """Lengths in days, months and years, up to so many years (at least 2)."""
    return st.sampled_from([*LENGTHS, f"P{years}Y", f"P{12 * years}M", f"P{365 * years}D"])


def some_of(values: list[str]) -> st.SearchStrategy[list[str]]:
    """One to three of the values."""
    return st.lists(st.sampled_from(values), min_size=1, max_size=3, unique=True)


def _reports(portfolio: Portfolio) -> Iterator[datetime]:
    for delivery in portfolio.deliveries:
        yield from (row.reported_at for row in delivery.loans)
        yield from (row.reported_at for row in delivery.repayments)
        yield from (row.inquired_at for row in delivery.inquiries)
