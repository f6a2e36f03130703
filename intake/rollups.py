"""What the portfolio's figures add up, kept current: what a delivery touches is taken out and put in again."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date

from intake.adding import PART, Adder, engine
from intake.beside import beside, meanwhile
from intake.progress import Progress
from intake.session import Session

# Tables that a sum is added to, and what is left of it removed where that is nothing.
SUMMED = ("month", "move", "cohort", "aging", "fact", "borrower", "opener")
# Those whose days are taken out and put in again, and those that stand from month to month.
PACKED, STANDING = ("opening", "turn"), ("holder", "share")
CHANGED = (*SUMMED, *PACKED, *STANDING)
ROLLUPS = (*CHANGED, "presence")
ADD, TAKE_AWAY = 1, -1
# A load of at least this share of what the database holds changes what the planner should know of it.
MANY = 0.1


@contextmanager
def kept(session: Session, progress: Progress, *, rows: int, recast: bool) -> Iterator[Callable[[], None]]:
    """Keep the rollups current over a merge of the ``rows`` that are staged; their borrowers must be known already.

    It gives what is to be called once loans and their series are merged: from then on it is added up beside the rest of
    the block. ``recast`` says that the delivery has given institutions another kind.
    """
    create(session)
    if recast:
        with progress.task("moving institutions to their kinds"):
            _recast(session)
    (held,) = session.row("rollups/count_rows")
    touched = _touch(session) if held else 0
    if held and not touched:
        yield lambda: None
        return
    with engine() as adder, ExitStack() as beside_merging:
        if held:
            beside_merging.enter_context(_taking_away(session, adder))

        def merged() -> None:
            # Without it the planner thinks of a first delivery as nothing, and joins row by row.
            if rows >= MANY * held:
                session.run("rollups/analyze_rows")
            with progress.task("adding up the portfolio"):
                if held:
                    add_cells(session, "delivered_cells")
                    # All others are as they were.
                    session.run("rollups/touch_new_loans")
                    _take(session, adder, "touched_series", ADD)
                    beside_merging.close()
                    adder.note(touched)
                else:
                    # There was nothing to touch, and nothing of it to look for.
                    for _ in everybody(session):
                        add_cells(session)
                        _take(session, adder, "series", ADD)
                        adder.note()
                begin(session, adder)

        yield merged
        with progress.task("writing the portfolio's sums"):
            settle(session, adder, anew=not held)


def _touch(session: Session) -> int:
    """Find the borrowers and loans that the delivery touches, and return how many borrowers these are."""
    touched = session.run("rollups/touch", *session.row("span_of_stored"))
    session.run("rollups/analyze_touched")
    return touched


@contextmanager
def _taking_away(session: Session, adder: Adder) -> Iterator[None]:
    """Take in what is touched, to be taken away: as it is committed, while the session merges what changes it."""
    with beside(session) as other:
        create_touched(other)
        other.run("rollups/know_touched", *session.row("rollups/tell_touched"))
        other.run("rollups/analyze_touched")
        with meanwhile(lambda: _take(other, adder, "series", TAKE_AWAY), other):
            yield


def _take(session: Session, adder: Adder, what: str, sign: int) -> None:
    """Take in the touched borrowers' loans and their months as they are now, to be added or taken away."""
    with session.copied(f"rollups/read_{what}") as rows:
        adder.take(rows, sign)


def everybody(session: Session) -> Iterator[int]:
    """Take all borrowers as touched, and all their months, slice by slice; gives the last id of each."""
    first, last = session.row("rollups/span_of_borrowers")
    if first is None:
        return
    months = session.row("rollups/span_of_reports")
    for start in range(first, last + 1, PART):
        end = min(start + PART - 1, last)
        forget_touched(session)
        session.run("rollups/touch_all_borrowers", start, end, *months)
        session.run("rollups/analyze_touched")
        yield end


def create(session: Session) -> None:
    """Make the temporary tables: of what is touched, and of what changes."""
    create_touched(session)
    for name in CHANGED:
        session.run(f"rollups/create_{name}_sums")


def create_touched(session: Session) -> None:
    """Make the temporary tables of what is touched."""
    for name in ("borrowers", "loans"):
        session.run(f"rollups/create_touched_{name}")


def forget_touched(session: Session) -> None:
    """Touch nothing any more."""
    for name in ("borrowers", "loans"):
        session.run(f"rollups/forget_touched_{name}")


def add_cells(session: Session, cells: str = "cells") -> None:
    """Add the cells of the touched borrowers' loans, or only those delivered, and the blocks to which these belong."""
    for name in (cells, "blocks", "members"):
        session.run(f"rollups/add_{name}")


def begin(session: Session, adder: Adder) -> None:
    """Let what was noted be added up by block, beside whatever the session does then."""
    adder.add_up(session.rows("rollups/cells"), session.rows("rollups/members"), CHANGED)


def write_sums(session: Session, adder: Adder, *, anew: bool = False) -> None:
    """Write what was added up into temporary tables; ``anew`` as far as can be into the rollups themselves."""
    for name in CHANGED:
        with session.copy(f"rollups/copy_{name}{'s' if anew and name not in STANDING else '_sums'}") as copy:
            for lines in adder.sums(name):
                copy.write(lines)


def settle(session: Session, adder: Adder, *, anew: bool = False) -> None:
    """Add what was added up to the rollups; ``anew`` says that they are empty."""
    write_sums(session, adder, anew=anew)
    if not anew:
        for name in SUMMED:
            if session.run(f"rollups/keep_{name}s"):
                session.run(f"rollups/drop_{name}s")
        for name in PACKED:
            session.run(f"rollups/keep_{name}s")
    first, last = session.row("rollups/span_of_holders")
    if first is not None:
        _hold(session, first, last)
    for basis, months in session.rows("rollups/months_of_presences", anew):
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
    touched = session.run("rollups/touch_recast_borrowers", *session.row("rollups/span_of_reports"))
    session.run("rollups/touch_all_loans")
    session.run("rollups/analyze_touched")
    for sign in (TAKE_AWAY, ADD):
        with engine() as adder:
            _take(session, adder, "series", sign)
            adder.note(touched)
            begin(session, adder)
            settle(session, adder)
        session.run("rollups/forget_sums")
        if sign == TAKE_AWAY:
            for name in ("recast_cells", "drop_members", "add_blocks", "add_members"):
                session.run(f"rollups/{name}")
    forget_touched(session)
