"""What the portfolio's figures add up, kept current: what a delivery touches is taken out and put in again."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from intake.progress import Progress
from intake.session import Session

# Of what is read of the touched borrowers, what is noted; and what is added up of that by block.
NOTED = ("month", "move", "borrower", "cohort", "opener", "turn", "state")
SPREAD = ("month", "move", "cohort", "aging", "fact", "holder", "share")
# Tables that a sum is added to, and what is left of it removed where that is nothing.
SUMMED = ("month", "move", "cohort", "aging", "fact", "borrower", "opener")
ROLLUPS = (*SUMMED, "opening", "turn", "holder", "share", "presence")
ADD, TAKE_AWAY = 1, -1
SLICE = 50_000  # ids of borrowers
# A load of at least this share of what the database holds changes what the planner should know of it.
MANY = 0.1


@contextmanager
def kept(session: Session, progress: Progress, *, rows: int, recast: bool) -> Iterator[None]:
    """Keep the rollups current over a merge of the ``rows`` that are staged; their borrowers must be known already.

    ``recast`` says that the delivery has given institutions another kind.
    """
    create(session)
    if recast:
        with progress.task("moving institutions to their kinds"):
            _recast(session)
    (held,) = session.row("rollups/count_rows")
    if held:
        _touch(session)
        read(session, TAKE_AWAY)
    yield
    with progress.task("adding up the portfolio"):
        # Without it the planner thinks of a first delivery as nothing, and joins row by row.
        if rows >= MANY * held:
            session.run("rollups/analyze_rows")
        if held:
            _add(session)
        else:
            # There was nothing to touch, and nothing of it to look for: what is sorted stays in memory.
            for _ in everybody(session):
                _add(session)
        settle(session)


def _add(session: Session) -> None:
    add_cells(session)
    read(session, ADD)
    note(session)


def _touch(session: Session) -> None:
    span = session.row("span_of_repayments")
    session.run("rollups/touch_borrowers", *span)
    session.run("rollups/touch_months", *span)
    session.run("rollups/analyze_touched")


def everybody(session: Session) -> Iterator[int]:
    """Take all borrowers as touched, and all their months, slice by slice; gives the last id of each."""
    first, last = session.row("rollups/span_of_borrowers")
    if first is None:
        return
    months = session.row("rollups/span_of_reports")
    for start in range(first, last + 1, SLICE):
        end = min(start + SLICE - 1, last)
        for name in ("touched_borrowers", "touched_spans", "touched_reports"):
            session.run(f"rollups/forget_{name}")
        session.run("rollups/touch_all_borrowers", start, end)
        session.run("rollups/touch_all_months", *months)
        session.run("rollups/analyze_touched")
        yield end


def create(session: Session) -> None:
    """Make the temporary tables: of what is touched, of what is read of it, and of what changes."""
    for name in (
        *(f"touched_{name}" for name in ("borrowers", "spans", "loans", "reports", "arrears")),
        *(f"{name}_changes" for name in (*NOTED, "opening")),
        *(f"{name}_sums" for name in SPREAD),
        "cell_sets",
        "set_blocks",
    ):
        session.run(f"rollups/create_{name}")


def add_cells(session: Session) -> None:
    """Add the cells of the touched borrowers' loans, and the blocks to which these belong."""
    for name in ("cells", "blocks", "members"):
        session.run(f"rollups/add_{name}")


def read(session: Session, sign: int) -> None:
    """Read the touched borrowers and their months as they are now, to be added or taken away."""
    session.run("rollups/read_touched_loans", sign)
    session.run("rollups/read_touched_reports", sign)
    session.run("rollups/read_touched_arrears", sign)


def note(session: Session) -> None:
    """Note what follows from all that was read; it may be called again after reading something else."""
    session.run("rollups/analyze_touched_reports")
    for name in (*NOTED, "age", "rise"):
        session.run(f"rollups/note_{name}s")


def add_up(session: Session) -> None:
    """Add what was noted up by block."""
    session.run("rollups/number_sets")
    session.run("rollups/analyze_sets")
    session.run("rollups/spread_sets")
    session.run("rollups/analyze_changes")
    for name in SPREAD:
        session.run(f"rollups/spread_{name}s")


def settle(session: Session) -> None:
    """Add what was noted to the rollups."""
    add_up(session)
    for name in SUMMED:
        if session.run(f"rollups/keep_{name}s"):
            session.run(f"rollups/drop_{name}s")
    session.run("rollups/keep_openings")
    session.run("rollups/keep_turns")
    first, last = session.row("rollups/span_of_holders")
    if first is not None:
        _hold(session, first, last)
    for basis, months in session.rows("rollups/months_of_presences", False):
        if months:
            session.run("rollups/drop_presences", basis, months)
            session.run("rollups/keep_presences", basis, months)


def _hold(session: Session, first: date, last: date) -> None:
    """Let the lenders of borrowers stand, from the first month that changes to the last one kept."""
    session.run("rollups/extend_shares", last)
    session.run("rollups/extend_holders", last)
    session.run("rollups/mark_holders", first, last)
    (final,) = session.row("rollups/last_of_holders")
    for name in ("shares", "holders"):
        session.run(f"rollups/keep_{name}", final)
        session.run(f"rollups/drop_{name}", first)
    session.run("rollups/count_holders", first)


def _recast(session: Session) -> None:
    """Move the sums of institutions whose kind changed from the blocks of the old kind to those of the new."""
    session.run("rollups/touch_recast_borrowers")
    session.run("rollups/touch_all_months", *session.row("rollups/span_of_reports"))
    session.run("rollups/analyze_touched")
    for sign in (TAKE_AWAY, ADD):
        read(session, sign)
        note(session)
        settle(session)
        for name in ("touched_reports", "changes"):
            session.run(f"rollups/forget_{name}")
        if sign == TAKE_AWAY:
            for name in ("recast_cells", "drop_members", "add_blocks", "add_members"):
                session.run(f"rollups/{name}")
    for name in ("borrowers", "spans"):
        session.run(f"rollups/forget_touched_{name}")
