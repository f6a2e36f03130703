"""The command `borrowgraph report`: from a period to a file."""

import asyncio
import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple, NoReturn

import click

from graph.report.period import ALLOWED, Period
from graph.settings import Settings
from resolvers.errors import Problem

# As the front door has them: the period has no data, the database does not answer, the file cannot be written.
BAD_DATA, UNAVAILABLE, CANNOT_WRITE = 65, 69, 73


class FrontDoor(NamedTuple):
    """What the front door lends its commands: settings, the reader's address, and how a failure is told."""

    settings: Callable[[], Settings]
    reader_url: Callable[[Settings], str]
    explained: Callable[[], AbstractContextManager[None]]
    fail: Callable[[str, int], NoReturn]


class PeriodType(click.ParamType[Period]):
    """A month or a quarter on the command line."""

    name = "period"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Period:
        """Read it; a usage error where it is none."""
        if isinstance(value, Period):
            return value
        try:
            return Period.read(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


def command(door: FrontDoor) -> click.Command:
    """Return the command."""

    @click.command("report")
    @click.option("--window", "period", required=True, type=PeriodType(), metavar="PERIOD", help=f"{ALLOWED}.")
    @click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
    def report(period: Period, out: Path) -> None:
        """Write what the association publishes for a month or a quarter: one HTML file that needs nothing else.

        Its charts are drawings within it; it has no scripts and prints on A4. What is too small to publish is left
        out, whatever role the settings give callers. The same data gives the same file, byte for byte.
        """
        chosen = door.settings()
        with door.explained():
            text = _written(chosen, door.reader_url(chosen), period, door.fail)
        try:
            _replace(out, text)
        except OSError as error:
            door.fail(f"the report cannot be written: {error.strerror or error}", CANNOT_WRITE)
        click.echo(f"{period.name}: {out}", err=True)

    return report


def _written(chosen: Settings, url: str, period: Period, fail: Callable[[str, int], NoReturn]) -> str:
    from graph.report.asking import Refused, ask  # noqa: PLC0415 - the other commands start faster without the schema
    from graph.report.contents import contents  # noqa: PLC0415 - likewise
    from graph.report.page import Limits, page  # noqa: PLC0415 - likewise

    try:
        asked = asyncio.run(ask(chosen, url, period))
    except (Problem, Refused) as error:
        fail(str(error), UNAVAILABLE)
    shown = contents(period, asked.figures)
    if shown is None or asked.version is None:
        coverage = asked.figures.coverage
        known = f"{coverage['firstMonth']} to {coverage['lastMonth']}" if coverage["firstMonth"] else "no month"
        fail(f"nothing is reported for {period.name}; reported: {known}", BAD_DATA)
    least = Limits(chosen.suppress_borrowers, chosen.suppress_institutions)
    return page(period, asked.figures, shown, asked.version, least)


def _replace(out: Path, text: str) -> None:
    """Write the file whole or not at all."""
    new = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        new.write_text(text, encoding="utf-8", newline="\n")
        new.replace(out)
    finally:
        new.unlink(missing_ok=True)
