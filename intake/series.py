"""The upkeep of the packed series of loans: made anew from the rows, or compared with them, slice by slice."""

from collections.abc import Iterator

from intake.progress import Progress
from intake.session import Row, Session

SLICE = 100_000  # ids of loans


def pack(session: Session, progress: Progress) -> None:
    """Make all series anew from the rows, within a transaction that keeps loads waiting."""
    session.run("rollups/clear_series")
    for slice_ in _slices(session, progress):
        session.run("rollups/pack_series", *slice_)


def differing(session: Session, progress: Progress, shown: int) -> list[Row]:
    """Say which loans' series are not what the rows say, in what, and how many there are; at most ``shown`` of them."""
    found, total = list[Row](), 0
    for slice_ in _slices(session, progress):
        rows = session.rows("rollups/differing_series", *slice_, shown)
        total += rows[0][-1] if rows else 0
        found += rows[: shown - len(found)]
    return [(place, difference, total) for place, difference, _ in found]


def _slices(session: Session, progress: Progress) -> Iterator[tuple[object, ...]]:
    first, last = session.row("rollups/span_of_loans")
    if first is None:
        return
    months = session.row("rollups/span_of_reports")
    with progress.task("loans", last) as task:
        for start in range(first, last + 1, SLICE):
            end = min(start + SLICE - 1, last)
            yield start, end, *months
            task.at(end, end)
