"""The commands `borrowgraph rollups check` and `rebuild`."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import click

from intake import upkeep
from intake.progress import Progress


def group(url: Callable[[Progress], str], explained: Callable[[], AbstractContextManager[None]]) -> click.Group:
    """Return the group of commands; ``url`` gives the address of the database's owner."""

    @click.group()
    def rollups() -> None:
        """Look after what the portfolio's figures are added up from.

        Every load keeps these sums current in its own transaction, so neither command is needed in ordinary work.
        `check` proves it; `rebuild` is for after rows were changed by hand.
        """

    @rollups.command()
    def check() -> None:
        """Add everything up again from the rows and compare; nothing is changed, loads and readers go on.

        Says where the sums differ, and by how much: `loans 1` means that one too few is kept. Exit status 1 where any
        differs.
        """
        progress = Progress()
        with explained():
            found = upkeep.check(url(progress), progress)
        for one in found:
            click.echo(f"{one.rollup}: {one.place}: {one.difference}")
        for rollup, total in {one.rollup: one.total for one in found}.items():
            progress.say(f"{rollup}: {total:,} in all differ; `borrowgraph rollups rebuild` makes them anew")
        if found:
            raise SystemExit(1)
        progress.say("every rollup is what the rows add up to")

    @rollups.command()
    def rebuild() -> None:
        """Make all sums anew from the rows, in one transaction: readers see the old ones until it ends, loads wait."""
        progress = Progress()
        with explained():
            upkeep.rebuild(url(progress), progress)
        progress.say("the rollups are made anew")

    return rollups
