"""The upkeep of what loads keep beside the rows: made anew from them, or compared with them, slice by slice."""

from collections.abc import Callable
from typing import NamedTuple

from intake import series
from intake.adding import Adder, engine
from intake.load import LOCK
from intake.progress import Progress
from intake.rollups import ADD, ROLLUPS, add_cells, begin, create, everybody, settle, write_sums
from intake.session import Session, connected

SHOWN = 20  # differences that are told of each rollup


class Difference(NamedTuple):
    """Where a rollup is not what the rows add up to, and by how much; ``total`` is how many its rollup has.

    The packed series of loans count as one, whose difference says in what it is not as the rows.
    """

    rollup: str
    place: str
    difference: str
    total: int


def rebuild(url: str, progress: Progress) -> None:
    """Make all rollups and series anew, in one transaction; loads wait for it, readers see the old ones meanwhile."""
    with connected(url) as session:
        with engine() as adder, session.transaction():
            if not session.row("try_lock_deliveries", LOCK)[0]:
                with progress.task("waiting for another load"):
                    session.run("lock_deliveries", LOCK)
            session.run("rollups/clear")
            _note_everybody(session, adder, progress, add_cells)
            with progress.task("adding up"):
                begin(session, adder)
                settle(session, adder, anew=True)
            series.pack(session, progress)
        session.run("rollups/analyze_rollups")


def check(url: str, progress: Progress) -> list[Difference]:
    """Compare all rollups and series with the rows, as of one instant; loads and readers go on, nothing is changed."""
    found: list[Difference] = []
    with connected(url, snapshot=True) as session, engine() as adder, session.transaction():
        missing = 0

        def look_for_missing(session: Session) -> None:
            nonlocal missing
            missing += session.run("rollups/missing_cells")

        _note_everybody(session, adder, progress, look_for_missing)
        if missing:
            found.append(Difference("cell", "cells of loans", f"{missing} are missing", 1))
        with progress.task("comparing"):
            begin(session, adder)
            write_sums(session, adder)
            found += [
                Difference(rollup, *row)
                for rollup in ROLLUPS
                for row in session.rows(f"rollups/differing_{rollup}s", SHOWN)
            ]
        found += [Difference("series", *row) for row in series.differing(session, progress, SHOWN)]
    return found


def _note_everybody(session: Session, adder: Adder, progress: Progress, before: Callable[[Session], None]) -> None:
    """Note what everybody contributes, of each slice after ``before`` was done with it."""
    session.run("configure_load")
    create(session)
    _, last = session.row("rollups/span_of_borrowers")
    with progress.task("borrowers", last) as task:
        for end in everybody(session):
            before(session)
            # From the rows, not from the series that loads read: these may be wrong, too.
            with session.copied("rollups/read_rows") as rows:
                adder.take(rows, ADD)
            adder.note()
            task.at(end, end)
