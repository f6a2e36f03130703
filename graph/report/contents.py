"""What the report says, in its order: sentences, rows of tables and charts, from figures and the period."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from graph.report import charts, wording
from graph.report.figures import RATES, Cohort, Figures, Point, Series
from graph.report.period import QUARTER, TREND_MONTHS, Period
from resolvers.window import add_months

YEAR = 12
AGES = (3, 6, 9, 12, 15, 18, 21)
OVERDUE_BUCKETS = ("M1", "M2", "M3", "M4", "M5", "M6", "M7")
BUCKET_DAYS = ("0", "1–30", "31–60", "61–90", "91–120", "121–150", "151–180", "over 180")  # noqa: RUF001 - a dash between days
GRADE_DAYS = {"UP_TO_90": "1–90 days", "FROM_91_TO_180": "91–180 days", "OVER_180": "Over 180 days"}  # noqa: RUF001
TREND_RATES = ("over30Rate", "over60Rate", "over90Rate")


class Headline(NamedTuple):
    """A rate of the month, and its change on earlier months; None where either is not published."""

    name: str
    rate: float | None
    on_month: float | None
    on_quarter: float | None
    on_year: float | None


class GroupRow(NamedTuple):
    """A group's month, and the change of its over-30 rate."""

    name: str
    point: Point
    on_month: float | None
    on_year: float | None


class RollRow(NamedTuple):
    """Where the loans of a bucket went: a share for each bucket, and for not reported; None where there is none."""

    bucket: str
    loans: int
    shares: Sequence[float | None]


class CohortRow(NamedTuple):
    """A cohort and its shares at the table's ages."""

    cohort: Cohort
    shares: Sequence[float | None]


class Contents(NamedTuple):
    """Everything that the page shows."""

    month: date
    now: Point
    sentence: str
    headlines: Sequence[Headline]
    unit: str
    trend: charts.Lines
    trend_rows: Sequence[tuple[date, Point | None]]
    kinds: Sequence[GroupRow]
    kinds_chart: charts.Bars
    products: Sequence[GroupRow]
    products_chart: charts.Bars
    buckets_chart: charts.Lines
    cohorts: Sequence[CohortRow]
    cohorts_chart: charts.Lines
    rolls: Sequence[RollRow]
    lenders_chart: charts.Bars


def contents(period: Period, figures: Figures) -> Contents | None:
    """Everything that the page shows; None where the period has no month with a population."""
    inside = [add_months(period.start, number) for number in range(period.months)]
    now = next((point for month in reversed(inside) if (point := figures.everything.at(month))), None)
    if now is None:
        return None
    months = [add_months(period.last_month, -number) for number in range(TREND_MONTHS, -1, -1)]
    headlines = [_headline(figures.everything, now.month, field) for field in RATES]
    kinds, products = (_groups(series, now.month) for series in (figures.kinds, figures.products))
    cohorts = [_until(cohort, now.month) for cohort in figures.cohorts]
    return Contents(
        month=now.month,
        now=now,
        sentence=_sentence(now.month, headlines[1]),
        headlines=headlines,
        unit=wording.unit(now.figure("balance")),
        trend=charts.lines(
            [(RATES[field], [figures.everything.rate(month, field) for month in months]) for field in TREND_RATES],
            _months_across(months),
        ),
        trend_rows=[(month, figures.everything.at(month)) for month in months[-YEAR - 1 :]],
        kinds=kinds,
        kinds_chart=_groups_chart(figures.kinds, now.month),
        products=products,
        products_chart=_groups_chart(figures.products, now.month),
        buckets_chart=charts.stacked(
            [
                (BUCKET_DAYS[number], [_bucket_share(figures.everything.at(month), bucket) for month in months])
                for number, bucket in enumerate(OVERDUE_BUCKETS, 1)
            ],
            _months_across(months),
        ),
        cohorts=[CohortRow(one, [_share_at(one, age) for age in AGES]) for one in cohorts],
        cohorts_chart=_cohorts_chart(cohorts),
        rolls=_rolls(figures),
        lenders_chart=charts.bars(
            [
                (wording.lenders(row["lenders"]), row["over30Rate"], None)
                for row in figures.lenders
                if row["over30Rate"] is not None
            ]
        ),
    )


def _headline(series: Series, month: date, field: str) -> Headline:
    rate = series.rate(month, field)

    def change(months: int) -> float | None:
        before = series.rate(add_months(month, -months), field)
        return None if rate is None or before is None else rate - before

    return Headline(RATES[field], rate, change(1), change(QUARTER), change(YEAR))


def _sentence(month: date, over_30: Headline) -> str:
    if over_30.rate is None:
        return f"The rates of {wording.long_month(month)} are not published: too few borrowers or institutions."
    said = (
        f"In {wording.long_month(month)}, {wording.percent(over_30.rate)} of the balance was more than 30 days overdue"
    )
    changes = [(over_30.on_month, "a month earlier"), (over_30.on_year, "a year earlier")]
    compared = [f"{wording.compared(change)} {when}" for change, when in changes if change is not None]
    return f"{', '.join([said, ' and '.join(compared)]) if compared else said}."


def _groups(series: Sequence[Series], month: date) -> list[GroupRow]:
    rows = []
    for one in series:
        point = one.at(month)
        if point is not None:
            headline = _headline(one, month, "over30Rate")
            rows.append(GroupRow(wording.name(one.key or ""), point, headline.on_month, headline.on_year))
    return rows


def _groups_chart(series: Sequence[Series], month: date) -> charts.Bars:
    return charts.bars(
        [
            (wording.name(one.key or ""), rate, one.rate(add_months(month, -YEAR), "over30Rate"))
            for one in series
            if (rate := one.rate(month, "over30Rate")) is not None
        ]
    )


def _bucket_share(point: Point | None, bucket: str) -> float | None:
    found = point and point.bucket(bucket)
    return found["share"] if found else None


def _until(cohort: Cohort, month: date) -> Cohort:
    """The cohort as far as its youngest loans have come by the report's month: the platform may know later ones."""
    youngest = min(add_months(cohort.opened, QUARTER - 1), month)
    ages = (month.year - youngest.year) * YEAR + month.month - youngest.month + 1
    return cohort._replace(ever=cohort.ever[: max(ages, 0)])


def _share_at(cohort: Cohort, age: int) -> float | None:
    return cohort.ever[age] if age < len(cohort.ever) else None


def _cohorts_chart(cohorts: Sequence[Cohort]) -> charts.Lines:
    ages = max((len(cohort.ever) for cohort in cohorts), default=1)
    drawn = [cohort for cohort in cohorts if len(cohort.ever) > 1]
    return charts.lines(
        [(wording.quarter(cohort.opened), [*cohort.ever, *[None] * (ages - len(cohort.ever))]) for cohort in drawn],
        [str(age) if age % QUARTER == 0 else "" for age in range(ages)],
        room=80,
    )


def _rolls(figures: Figures) -> list[RollRow]:
    to = [*(f"M{number}" for number in range(len(BUCKET_DAYS))), None]
    rows = []
    for number in range(len(BUCKET_DAYS)):
        found = {row["to"]: row for row in figures.rolls if row["from"] == f"M{number}"}
        if found:
            shares = [found[end]["share"] if end in found else None for end in to]
            rows.append(RollRow(BUCKET_DAYS[number], sum(row["loans"] for row in found.values()), shares))
    return rows


def _months_across(months: Sequence[date]) -> list[str]:
    return [wording.month(month) if (len(months) - 1 - place) % 4 == 0 else "" for place, month in enumerate(months)]
