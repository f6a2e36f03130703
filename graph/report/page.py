"""The report as one HTML file: the templates filled in, from its arguments alone, so that it can be repeated."""

from datetime import date
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from graph.report import wording
from graph.report.contents import AGES, BUCKET_DAYS, GRADE_DAYS, Contents
from graph.report.figures import RATES, Figures
from graph.report.period import Period
from resolvers.window import add_months
from sql.rows import VersionRow

TEMPLATES = Path(__file__).parent / "templates"

# The darkest of the heat map, as red, green, blue: dark text stays readable on it.
HOTTEST = (240, 160, 110)


class Limits(NamedTuple):
    """The fewest borrowers and institutions whose figures are published."""

    borrowers: int
    institutions: int


def page(period: Period, figures: Figures, contents: Contents, version: VersionRow, limits: Limits) -> str:
    """Return the page."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "amount": wording.amount,
        "count": wording.count,
        "direction": wording.direction,
        "long_month": wording.long_month,
        "month": wording.month,
        "month_text": _month_text,
        "percent": wording.percent,
        "points": wording.points,
        "quarter": wording.quarter,
        "shade": shade,
    }
    return environment.get_template("report.html.jinja").render(
        period=period,
        figures=figures,
        all=contents,
        version=version,
        digest=version.digest.hex(),
        limits=limits,
        ages=AGES,
        bucket_days=BUCKET_DAYS,
        grade_days=GRADE_DAYS,
        rate_fields=list(RATES),
        rolls_from=add_months(period.start, -1),
        incomplete=date.fromisoformat(figures.coverage["horizon"]) < period.end,
    )


def shade(share: float) -> str:
    """The colour of a share from 0 to 1 in the heat map: from white, quick at first, to tell small ones apart."""
    red, green, blue = (round(255 - (255 - channel) * share**0.5) for channel in HOTTEST)
    return f"rgb({red},{green},{blue})"


def _month_text(text: str) -> str:
    return wording.long_month(date.fromisoformat(f"{text}-01"))
