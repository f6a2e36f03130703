"""`borrowgraph database …`: the embedded TimescaleDB."""

import os

import click

from commands.wiring import explained, settings
from intake.progress import Progress
from sql import embedded


@click.group()
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
