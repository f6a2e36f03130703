"""The front door: `borrowgraph <command>`, the only place that wires everything together."""

import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

import click
import psycopg

from graph.report import command as report
from graph.settings import SETTINGS, Settings, SettingsError, read
from intake import demo as market
from intake import listing, upkeep_commands
from intake.load import DeliveryError
from intake.load import load as load_deliveries
from intake.progress import Progress, Task
from sql import embedded
from sql.migrate import migrate as migrate_database
from sql.migration import MigrationError
from sql.rows import CoverageRow
from sql.statements import statement

# What the exit status says, as sysexits.h has it; click itself exits with 2 for a wrong command line.
BAD_DATA, UNAVAILABLE, CANNOT_WRITE, BAD_SETTINGS = 65, 69, 73, 78

CHECKOUT = Path(__file__).parent


def main() -> None:
    """Run the command that the command line names."""
    commands(prog_name="borrowgraph")


@contextmanager
def explained() -> Iterator[None]:
    """Turn what a person can mend into one message and an exit status that means something."""
    try:
        yield
    except SettingsError as error:
        _fail(f"these settings cannot be used:\n{error}", BAD_SETTINGS)
    except DeliveryError as error:
        _fail(str(error), BAD_DATA)
    except psycopg.errors.UndefinedTable:
        _fail("the database has no schema of ours; `borrowgraph migrate` makes it", UNAVAILABLE)
    except psycopg.Error as error:
        # The primary message alone: details of an error quote rows.
        _fail(error.diag.message_primary or str(error).strip(), UNAVAILABLE)
    except (embedded.EmbeddedError, MigrationError) as error:
        _fail(str(error), UNAVAILABLE)


def _fail(message: str, status: int) -> NoReturn:
    click.echo(f"borrowgraph: {message}", err=True)
    raise SystemExit(status)


def settings() -> Settings:
    """Read the settings; the state folder is the checkout's, or the user's where Borrowgraph is installed."""
    with explained():
        checkout = (CHECKOUT / "pyproject.toml").exists()
        home = CHECKOUT / ".borrowgraph" if checkout else Path.home() / ".local" / "state" / "borrowgraph"
        return read(os.environ, home)


def owner_url(chosen: Settings, say: Callable[[str], None]) -> str:
    """Return the address of the database's owner, starting the embedded server where the settings name none."""
    return chosen.database_url or embedded.start(chosen.home, say=say).url()


def reader_url(chosen: Settings) -> str:
    """Return the address of a login that only reads, starting the embedded server where the settings name none."""
    return chosen.reader_url or chosen.database_url or embedded.start(chosen.home, say=Progress().say).reader_url()


def secret(chosen: Settings) -> str | None:
    """Return the platform's secret: the environment's, or one made once and kept beside the embedded server."""
    if chosen.secret or chosen.database_url:
        return chosen.secret
    kept = chosen.home / "secret"
    chosen.home.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        handle = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        os.write(handle, secrets.token_urlsafe(48).encode())
        os.close(handle)
    return kept.read_text().strip()


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
@click.option("--host", default="127.0.0.1", show_default=True, help="Loopback address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Worker processes.")
def serve(host: str, port: int, workers: int) -> None:
    """Answer GraphQL at /graphql, with GraphiQL and the dashboard for a browser.

    The database must be migrated. Callers have no identities yet, so only this machine is listened to.
    """
    from graph import service  # noqa: PLC0415 - the other commands start faster without the schema

    chosen, progress = settings(), Progress()
    with explained():
        os.environ["DATABASE_READER_URL"] = reader_url(chosen)
        os.environ["BORROWGRAPH_SECRET"] = secret(chosen) or ""
        try:
            service.serve(read(os.environ, chosen.home), host, port, workers, progress.say)
        except service.ServeError as error:
            _fail(str(error), UNAVAILABLE)


@commands.command()
def migrate() -> None:
    """Bring the database's schema to this version; safe to run again, and on a database with data in it."""
    chosen, progress = settings(), Progress()
    with explained():
        applied = migrate_database(owner_url(chosen, progress.say), progress.say)
    progress.say(f"{applied} migrations applied" if applied else "the schema is current")


@commands.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="PATH…")
def load(paths: tuple[Path, ...]) -> None:
    """Load deliveries: each folder is one, and the single files given together are one more.

    A delivery holds institutions, loans, repayments and inquiries as CSV, plain or .gz. It becomes visible at one
    instant or not at all; the same delivery again changes nothing. Rows that break a rule are kept apart, and
    `borrowgraph rejects` lists them; too many of them (BORROWGRAPH_REJECT_SHARE), and nothing is loaded.
    """
    chosen, progress = settings(), Progress()
    with explained():
        _load(chosen, paths, progress)


def _load(chosen: Settings, paths: Sequence[Path], progress: Progress) -> None:
    url, key = owner_url(chosen, progress.say), secret(chosen)
    report = load_deliveries(
        url,
        paths,
        secret=key.encode() if key else None,
        time_zone=chosen.time_zone,
        reject_share=chosen.reject_share,
        progress=progress,
    )
    progress.say(str(report))
    if any(counts.rejected for counts in report.kinds().values()):
        lists = ", ".join(f"`borrowgraph rejects {number} --csv`" for number in report.deliveries)
        progress.say(f"what was rejected, and why, to mend and send back: {lists}")


@commands.command()
@click.option("--last", default=20, show_default=True, type=click.IntRange(1), help="How many.")
def deliveries(last: int) -> None:
    """List the newest deliveries: what became of each, and of its rows."""
    with explained():
        for line in listing.deliveries(owner_url(settings(), Progress().say), last):
            click.echo(line)


@commands.command()
@click.argument("delivery", type=click.IntRange(1), metavar="DELIVERY")
@click.option("--csv", "as_csv", is_flag=True, help="As CSV, the rejected rows beside the reasons.")
def rejects(delivery: int, *, as_csv: bool) -> None:
    """List the rejected rows of a DELIVERY, by the number that `borrowgraph deliveries` gives it."""
    with explained():
        rows = listing.rejects(owner_url(settings(), Progress().say), delivery)
    if rows is None:
        _fail(f"there is no delivery {delivery}; `borrowgraph deliveries` lists them", BAD_DATA)
    click.echo(listing.table(rows) if as_csv else "\n".join(listing.sentences(rows)), nl=not as_csv)


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
            _load(chosen, [folder], progress)


def _write_demo(folder: Path, borrowers: int, seed: int, task: Task) -> None:
    try:
        market.write(folder, borrowers=borrowers, seed=seed, progress=lambda done, _: task.at(done, done))
    except OSError as error:
        _fail(f"the demo cannot be written: {error}", CANNOT_WRITE)


def _loans(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute(statement("coverage/of_platform").text).fetchone()
    return CoverageRow._make(row).loans if row else 0


@commands.group()
def database() -> None:
    """Run the embedded TimescaleDB, which is used where DATABASE_URL names no other."""


@database.command()
def start() -> None:
    """Start it, setting it up first if it never ran; print its address."""
    chosen, progress = settings(), Progress()
    with explained():
        click.echo(embedded.start(chosen.home, say=progress.say).url())


@database.command()
def stop() -> None:
    """Stop it; what was committed stays."""
    with explained():
        stopped = embedded.stop(settings().home)
    click.echo("stopped" if stopped else "was not running")


@database.command()
def status() -> None:
    """Say whether it runs, its version, and where its data and log lie. Exit status 1 where it does not run."""
    with explained():
        found = embedded.status(settings().home)
    for name, value in found._asdict().items():
        click.echo(f"{name:<8} {value}")
    if not found.running:
        raise SystemExit(1)


@database.command()
def url() -> None:
    """Print its address for libpq and other drivers."""
    with explained():
        click.echo(_running().url())


@database.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[PSQL ARGUMENT]…")
def shell(arguments: tuple[str, ...]) -> None:
    """Open psql on it."""
    with explained():
        server = _running()
    os.execv(server.psql, [str(server.psql), server.url(), *arguments])  # noqa: S606 - psql itself, no shell between


def _running() -> embedded.Server:
    server = embedded.running(settings().home)
    if server is None:
        raise embedded.EmbeddedError("the embedded server does not run; `borrowgraph database start` starts it")
    return server


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


commands.add_command(upkeep_commands.group(lambda progress: owner_url(settings(), progress.say), explained))
commands.add_command(report.command(report.FrontDoor(settings, reader_url, explained, _fail)))


if __name__ == "__main__":
    main()
