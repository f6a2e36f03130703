"""The report as one HTML page, from its arguments alone, so that it can be repeated."""

from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from graph.subject_report import wording
from graph.subject_report.contents import Contents

TEMPLATES = Path(__file__).parent / "templates"


def page(contents: Contents, time_zone: str) -> str:
    """Return the page, with instants in the time zone."""
    zone = ZoneInfo(time_zone)
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
        "clock": lambda value: wording.clock(value, zone),
        "day": wording.day,
        "month": wording.month,
        "name": wording.name,
        "purpose": wording.purpose,
    }
    environment.globals |= {"many": wording.many, "status": wording.status, "value": wording.value}
    return environment.get_template("page.html.jinja").render(
        all=contents,
        answer=contents.answer,
        fields=wording.FIELDS,
        states=wording.STATES,
        zone=zone.key,
    )
