"""The answer to the report's document, read into rows: what was asked for, by month, group and cohort."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

Answer = Mapping[str, Any]

# What a rate counts, in the order of the report: the field, how the page calls it, and what it says in a sentence.
RATES = {
    "overdueRate": "Overdue at all",
    "over30Rate": "Over 30 days",
    "over60Rate": "Over 60 days",
    "over90Rate": "Over 90 days",
}


class Point(NamedTuple):
    """A month's figures of a group; amounts in minor units; nothing but the month where it is suppressed."""

    month: date
    suppressed: bool
    figures: Answer

    def figure(self, name: str) -> Any:
        """A figure by its field; None where there is none."""
        return self.figures.get(name)

    def bucket(self, name: str) -> Answer | None:
        """The share of a bucket, M0 to M7; None where nothing is published."""
        return next((one for one in self.figures["buckets"] if one["bucket"] == name), None)


class Series(NamedTuple):
    """A group (None: everything) and its months."""

    key: str | None
    points: Mapping[date, Point]

    def at(self, month: date) -> Point | None:
        """The month's point; None where the group has no population in it."""
        return self.points.get(month)

    def rate(self, month: date, name: str) -> float | None:
        """A rate of the month; None where there is none or it is not published."""
        point = self.at(month)
        found: float | None = point.figure(name) if point else None
        return found


class Cohort(NamedTuple):
    """The loans opened in a quarter, and the share of them ever over 30 days by months on book, from 0."""

    opened: date
    loans: int
    principal: int
    ever: Sequence[float | None]


class Figures(NamedTuple):
    """Everything that the report shows, as one caller was answered it at one instant."""

    coverage: Answer
    everything: Series
    kinds: Sequence[Series]
    products: Sequence[Series]
    cohorts: Sequence[Cohort]
    rolls: Sequence[Answer]
    lenders: Sequence[Answer]


def figures(data: Answer) -> Figures:
    """Read the answer's data."""
    portfolio = data["portfolio"]
    return Figures(
        coverage=data["coverage"],
        everything=next(_series(portfolio["everything"]), Series(None, {})),
        kinds=list(_series(portfolio["kinds"])),
        products=list(_series(portfolio["products"])),
        cohorts=[_cohort(one) for one in portfolio["vintages"]],
        rolls=portfolio["rollRates"],
        lenders=portfolio["lendersPerBorrower"],
    )


def _series(answered: Iterable[Answer]) -> Iterator[Series]:
    for one in answered:
        points = (Point(date.fromisoformat(each["period"]), each["suppressed"], each) for each in one["points"])
        yield Series(one["key"], {point.month: point for point in points})


def _cohort(answered: Answer) -> Cohort:
    ever = [point["everRate"] for point in answered["curve"]]
    return Cohort(date.fromisoformat(answered["opened"]), answered["loans"], answered["principal"], ever)
