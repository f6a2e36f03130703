"""`borrowgraph rollups …`: what the portfolio's figures are added up from."""

import click

from commands.wiring import explained, owner_url, settings
from intake import upkeep
from intake.progress import Progress


@click.group()
def rollups() -> None:
    """Look after what the portfolio's figures are added up from.

    Every load keeps these sums current in its own transaction, and the packed series of each loan's months too, so
    neither command is needed in ordinary work. `check` proves it; `rebuild` is for after rows were changed by hand.
    """


@rollups.command()
def check() -> None:
    """Add everything up again from the rows and compare; nothing is changed, loads and readers go on.

    Says where the sums differ, and by how much: `loans 1` means that one too few is kept; and which loans' packed
    series are not as their rows, and in what. Exit status 1 where any differs.
    """
    progress = Progress()
    with explained():
        found = upkeep.check(owner_url(settings(), progress.say), progress)
    for one in found:
        click.echo(f"{one.rollup}: {one.place}: {one.difference}")
    for rollup, total in {one.rollup: one.total for one in found}.items():
        progress.say(f"{rollup}: {total:,} in all differ; `borrowgraph rollups rebuild` makes them anew")
    if found:
        raise SystemExit(1)
    progress.say("every rollup is what the rows add up to, every series as its rows")


@rollups.command()
def rebuild() -> None:
    """Make all sums and series anew from the rows, in one transaction: readers see the old meanwhile, loads wait."""
    progress = Progress()
    with explained():
        upkeep.rebuild(owner_url(settings(), progress.say), progress)
    progress.say("the rollups and series are made anew")
