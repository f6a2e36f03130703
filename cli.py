"""The front door: `borrowgraph <command>`, the only place that wires everything together."""

import os
from pathlib import Path

import click
import psycopg

from commands.access import access
from commands.audit import audit
from commands.database import database
from commands.deliveries import deliveries, load, load_into, quality, rejects, warnings
from commands.demo_keys import demo_keys
from commands.documents import documents
from commands.report import report
from commands.rollups import rollups
from commands.secret import secret as rotation
from commands.subject_report import subject_report
from commands.wiring import CANNOT_WRITE, UNAVAILABLE, explained, fail, owner_url, reader_url, secret, settings
from graph.settings import read
from graph.variables import SETTINGS
from intake import demo as market
from intake.progress import Progress, Task
from sql.migrate import migrate as migrate_database
from sql.rows import CoverageRow
from sql.statements import statement


def main() -> None:
    """Run the command that the command line names."""
    commands(prog_name="borrowgraph")


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=(
        "Exit status: 0 done, 2 wrong command line, 65 bad delivery, 69 database unavailable, 73 cannot write, 78 bad "
        "settings."
    ),
)
@click.version_option(package_name="borrowgraph")
def commands() -> None:
    """Every loan a borrower has, month by month, over any window, in one GraphQL query.

    Without DATABASE_URL a TimescaleDB of our own is started where it is needed, and goes on until `borrowgraph database
    stop`. All settings come from the environment; `borrowgraph settings` lists them.
    """


@commands.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Worker processes.")
def serve(host: str, port: int, workers: int) -> None:
    """Answer GraphQL at /graphql, with GraphiQL and the dashboard for a browser.

    The database must be migrated. While nobody has a credential (`borrowgraph access issue`), only this machine is
    listened to, and whoever calls has the role BORROWGRAPH_ROLE; from the first credential on everybody needs one.
    """
    from graph import service  # noqa: PLC0415 - the other commands start faster without the schema

    chosen, progress = settings(), Progress()
    with explained():
        os.environ["DATABASE_READER_URL"] = reader_url(chosen)
        os.environ["BORROWGRAPH_SECRET"] = secret(chosen) or ""
        try:
            service.serve(read(os.environ, chosen.home), host, port, workers, progress.say)
        except service.ServeError as error:
            fail(str(error), UNAVAILABLE)


@commands.command()
def migrate() -> None:
    """Bring the database's schema to this version; safe to run again, and on a database with data in it."""
    chosen, progress = settings(), Progress()
    with explained():
        applied = migrate_database(owner_url(chosen, progress.say), progress.say)
    progress.say(f"{applied} migrations applied" if applied else "the schema is current")


@commands.command()
@click.option("--borrowers", default=20_000, show_default=True, type=click.IntRange(1), help="How many people.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same portfolio.")
@click.option(
    "--folder", type=click.Path(path_type=Path), help="Where to write it; the state folder's demo by default."
)
@click.option("--load", "then_load", is_flag=True, help="Load it too, if the database holds no loan yet.")
def demo(borrowers: int, seed: int, folder: Path | None, *, then_load: bool) -> None:
    """Make a portfolio that looks like this market, and write it as a delivery folder for `borrowgraph load`."""
    chosen, progress = settings(), Progress()
    with explained():
        if then_load and _loans(owner_url(chosen, progress.say)):
            progress.say("the database holds loans already; the demo is left out")
            return
        folder = folder or chosen.home / "demo"
        progress.say(f"making a demo of {borrowers:,} borrowers in {folder}")
        with progress.task("borrowers", borrowers) as task:
            _write_demo(folder, borrowers, seed, task)
        if then_load:
            load_into(chosen, [folder], progress)


def _write_demo(folder: Path, borrowers: int, seed: int, task: Task) -> None:
    try:
        market.write(folder, borrowers=borrowers, seed=seed, progress=lambda done, _: task.at(done, done))
    except OSError as error:
        fail(f"the demo cannot be written: {error}", CANNOT_WRITE)


def _loans(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute(statement("coverage/of_platform").text).fetchone()
    return CoverageRow._make(row).loans if row else 0


@commands.command()
def schema() -> None:
    """Print the GraphQL schema."""
    from graph.schema import printed  # noqa: PLC0415 - the other commands start faster without the schema

    click.echo(printed(), nl=False)


@commands.command("settings")
def list_settings() -> None:
    """List the environment variables that are read, with their defaults and meanings."""
    for setting in SETTINGS.values():
        click.echo(f"{setting.name}  [{setting.default or 'empty'}]\n    {setting.meaning}")


access.add_command(demo_keys)
for command in (
    load,
    deliveries,
    rejects,
    warnings,
    quality,
    rollups,
    report,
    database,
    access,
    audit,
    documents,
    rotation,
    subject_report,
):
    commands.add_command(command)


if __name__ == "__main__":
    main()
