"""The upkeep of what loads keep beside the rows: made anew from them, or compared with them, slice by slice."""

from collections.abc import Iterator
from typing import NamedTuple

from intake import series
from intake.load import LOCK
from intake.progress import Progress
from intake.rollups import ADD, ROLLUPS, create, derive, note, settle
from intake.session import Session, connected

SLICE = 50_000  # ids of borrowers
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
        with session.transaction():
            if not session.row("try_lock_deliveries", LOCK)[0]:
                with progress.task("waiting for another load"):
                    session.run("lock_deliveries", LOCK)
            for rollup in (*ROLLUPS, "fact"):
                session.run(f"rollups/clear_{rollup}s")
            _note_everybody(session, progress, "add_cells")
            with progress.task("adding up"):
                settle(session, every_fact=True)
            series.pack(session, progress)
        session.run("rollups/analyze_rollups")


def check(url: str, progress: Progress) -> list[Difference]:
    """Compare all rollups and series with the rows, as of one instant; loads and readers go on, nothing is changed."""
    found: list[Difference] = []
    with connected(url, snapshot=True) as session, session.transaction():
        missing = _note_everybody(session, progress, "missing_cells")
        if missing:
            found.append(Difference("cell", "cells of loans", f"{missing} are missing", 1))
        with progress.task("comparing"):
            derive(session)
            for rollup in ROLLUPS:
                session.run(f"rollups/miss_{rollup}s")
            found += [
                Difference(rollup, *row)
                for rollup in (*ROLLUPS, "fact")
                for row in session.rows(f"rollups/differing_{rollup}s", SHOWN)
            ]
        found += [Difference("series", *row) for row in series.differing(session, progress, SHOWN)]
    return found


def _note_everybody(session: Session, progress: Progress, cells: str) -> int:
    """Note what everybody contributes; returns how many cells the statement ``cells`` found missing."""
    session.run("configure_load")
    create(session)
    months, missing = session.row("rollups/span_of_reports"), 0
    first, last = session.row("rollups/span_of_borrowers")
    if first is None:
        return 0
    with progress.task("borrowers", last) as task:
        for start, end in _slices(first, last):
            for name in ("borrowers", "spans"):
                session.run(f"rollups/forget_touched_{name}")
            session.run("rollups/touch_all_borrowers", start, end)
            session.run("rollups/touch_all_months", *months)
            session.run("rollups/analyze_touched")
            missing += session.run(f"rollups/{cells}")
            note(session, ADD)
            task.at(end, end)
    return missing


def _slices(first: int, last: int) -> Iterator[tuple[int, int]]:
    for start in range(first, last + 1, SLICE):
        yield start, min(start + SLICE - 1, last)
