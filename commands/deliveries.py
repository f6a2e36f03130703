"""What institutions send: `borrowgraph load`, and what became of it."""

from collections.abc import Sequence
from pathlib import Path

import click

from commands.wiring import BAD_DATA, CANNOT_WRITE, explained, fail, owner_url, secrets_given, settings
from graph.settings import Settings
from intake import listing
from intake.files import deliveries as found_in
from intake.load import load as load_deliveries
from intake.progress import Progress


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH…")
def load(paths: tuple[Path, ...]) -> None:
    """Load deliveries: each folder is one, and the single files given together are one more.

    A delivery holds institutions, loans, repayments and inquiries as CSV, plain or .gz, or Parquet. It becomes visible
    at one instant or not at all; the same delivery again changes nothing. Rows that break a rule are kept apart, and
    `borrowgraph rejects` lists them; too many of them (BORROWGRAPH_REJECT_SHARE), and nothing is loaded.
    """
    chosen, progress = settings(), Progress()
    with explained():
        found_in(paths)  # before a server is started for a path that was mistyped
        load_into(chosen, paths, progress)


def load_into(chosen: Settings, paths: Sequence[Path], progress: Progress) -> None:
    """Load deliveries, and say what became of them."""
    url, given = owner_url(chosen, progress.say), secrets_given(chosen)
    report = load_deliveries(
        url,
        paths,
        secret=given[-1] if given else None,
        previous=given[:-1],
        time_zone=chosen.time_zone,
        reject_share=chosen.reject_share,
        progress=progress,
    )
    progress.say(str(report))
    if any(counts.rejected for counts in report.kinds().values()):
        lists = ", ".join(f"`borrowgraph rejects {number} --csv`" for number in report.deliveries)
        progress.say(f"what was rejected, and why, to mend and send back: {lists}")
    if any(counts.warned for counts in report.kinds().values()):
        lists = ", ".join(f"`borrowgraph warnings {number}`" for number in report.deliveries)
        progress.say(f"what was loaded and seems wrong: {lists}")


@click.command()
@click.option("--last", default=20, show_default=True, type=click.IntRange(1), help="How many.")
def deliveries(last: int) -> None:
    """List the newest deliveries: what became of each, and of its rows."""
    with explained():
        for line in listing.deliveries(owner_url(settings(), Progress().say), last):
            click.echo(line)


DELIVERY = click.argument("delivery", type=click.IntRange(1), metavar="DELIVERY")


@click.command()
@DELIVERY
@click.option("--csv", "as_csv", is_flag=True, help="As CSV, to mend and send back.")
@click.option("--file", "name", help="Of several files with rejected rows, the one of this name.")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="A folder to write each such file into, as CSV."
)
def rejects(delivery: int, name: str | None, out: Path | None, *, as_csv: bool) -> None:
    """List the rejected rows of a DELIVERY, by the number that `borrowgraph deliveries` gives it.

    With --csv or --out they come as the file had them, each once, with what is to be mended in a last column
    `rejected`: mend the values and load the file; that column may stay. Numbers of identity documents are not kept and
    have to be put in again.
    """
    with explained():
        url = owner_url(settings(), Progress().say)
        files = listing.rejected_files(url, delivery)
        if files is None:
            fail(f"there is no delivery {delivery}; `borrowgraph deliveries` lists them", BAD_DATA)
        if name is not None and name not in files:
            fail(f"no rows of {name} were rejected; there are some of {', '.join(files) or 'no file'}", BAD_DATA)
        if out:
            _write(url, delivery, [name] if name else files, out)
        elif not as_csv:
            for line in listing.sentences(url, delivery, name):
                click.echo(line)
        elif name or len(files) == 1:
            for line in listing.mendable(url, delivery, name or files[0]):
                click.echo(line, nl=False)
        elif files:
            fail(f"rows of {', '.join(files)} were rejected; choose one with --file, or write all with --out", BAD_DATA)
        else:
            click.echo("no row was rejected; without --csv what is wrong with whole files is listed", err=True)


def _write(url: str, delivery: int, files: Sequence[str], out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name in files:
            path = out / listing.plain_name(name)
            with path.open("x", encoding="utf-8", newline="") as file:
                file.writelines(listing.mendable(url, delivery, name))
            click.echo(path)
    except OSError as error:
        fail(f"the rejected rows cannot be written: {error}", CANNOT_WRITE)


@click.command()
@DELIVERY
def warnings(delivery: int) -> None:
    """List what was loaded of a DELIVERY and seems wrong: for each warning its first 100 rows, then how many in all."""
    with explained():
        lines = listing.warnings(owner_url(settings(), Progress().say), delivery)
    if lines is None:
        fail(f"there is no delivery {delivery}; `borrowgraph deliveries` lists them", BAD_DATA)
    for line in lines:
        click.echo(line)


@click.command()
@click.option("--institution", metavar="CODE", help="Of this institution alone.")
@click.option("--from", "start", metavar="YYYY-MM", help="First month; by default a year before the last.")
@click.option("--to", "end", metavar="YYYY-MM", help="Last month; by default the last that is reported.")
@click.option("--csv", "as_csv", is_flag=True, help="As CSV.")
def quality(institution: str | None, start: str | None, end: str | None, *, as_csv: bool) -> None:
    """Show the quality of what institutions report: by institution and month completeness, timeliness, and one score.

    As `dataQuality` of the GraphQL schema, whose description gives each figure's definition.
    """
    with explained():
        url = owner_url(settings(), Progress().say)
        try:
            lines = listing.quality(url, institution, start, end, as_csv=as_csv)
        except listing.MonthError as error:
            raise click.UsageError(str(error)) from None
    for line in lines:
        click.echo(line)
