"""`borrowgraph demo`: a portfolio that is made up, as a delivery."""

from pathlib import Path

import click
import psycopg

from commands.deliveries import load_into
from commands.wiring import CANNOT_WRITE, explained, fail, owner_url, settings
from intake import demo as market
from intake.progress import Progress, Task
from sql.rows import CoverageRow
from sql.statements import statement


@click.command()
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
