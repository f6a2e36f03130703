"""The front door: `borrowgraph <command>`, the only place that wires everything together."""

import os
from importlib import import_module

import click

from commands.wiring import UNAVAILABLE, explained, fail, owner_url, reader_url, secret, settings
from graph.settings import read
from graph.variables import SETTINGS
from intake.progress import Progress
from sql.migrate import migrate as migrate_database

# The commands that are not written here, each with the module of `commands` that has it.
ELSEWHERE = {
    "access": "demo_keys",  # which adds one to it
    "audit": "audit",
    "database": "database",
    "deliveries": "deliveries",
    "demo": "demo",
    "documents": "documents",
    "load": "deliveries",
    "quality": "deliveries",
    "rejects": "deliveries",
    "report": "report",
    "rollups": "rollups",
    "secret": "secret",
    "subject-report": "subject_report",
    "warnings": "deliveries",
}


class Commands(click.Group):
    """Commands of which those from elsewhere are imported when they are asked for: each starts without the others."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name all commands, in order."""
        return sorted({*super().list_commands(ctx), *ELSEWHERE})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Find a command by its name; None if there is none."""
        if cmd_name in ELSEWHERE and cmd_name not in self.commands:
            module = import_module(f"commands.{ELSEWHERE[cmd_name]}")
            self.add_command(getattr(module, cmd_name.replace("-", "_")))
        return super().get_command(ctx, cmd_name)


def main() -> None:
    """Run the command that the command line names."""
    commands(prog_name="borrowgraph")


@click.group(
    cls=Commands,
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
def schema() -> None:
    """Print the GraphQL schema."""
    from graph.schema import printed  # noqa: PLC0415 - the other commands start faster without the schema

    click.echo(printed(), nl=False)


@commands.command("settings")
def list_settings() -> None:
    """List the environment variables that are read, with their defaults and meanings."""
    for setting in SETTINGS.values():
        click.echo(f"{setting.name}  [{setting.default or 'empty'}]\n    {setting.meaning}")


if __name__ == "__main__":
    main()
