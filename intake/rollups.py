"""What the portfolio's figures add up, kept current: what a delivery touches is taken out and put in again."""

from collections.abc import Iterator
from contextlib import contextmanager

from intake.progress import Progress
from intake.session import Session

# Each is a table, and what is noted of it: by the reports of the touched borrowers' months, by all that the borrowers
# ever had, or by what was noted of another.
BY_REPORT = ("month", "borrower", "age", "move")
BY_LIFE = ("cohort", "opener", "rise", "lender")
DERIVED = ("holder",)
ROLLUPS = (*BY_REPORT, *BY_LIFE, *DERIVED)
ADD, TAKE_AWAY = 1, -1
# A load of at least this share of what the database holds changes what the planner should know of it.
MANY = 0.1


@contextmanager
def kept(session: Session, progress: Progress, *, rows: int, every_fact: bool) -> Iterator[None]:
    """Keep the rollups current over a merge of the ``rows`` that are staged; their borrowers must be known already.

    ``every_fact`` says that the delivery changed what all months' facts depend on: an institution's kind.
    """
    create(session)
    span = session.row("span_of_repayments")
    session.run("rollups/touch_borrowers", *span)
    session.run("rollups/touch_months", *span)
    session.run("rollups/analyze_touched")
    note(session, TAKE_AWAY)
    yield
    with progress.task("adding up the portfolio"):
        # Without it the planner thinks of a first delivery as nothing, and joins row by row.
        if rows >= MANY * session.row("rollups/count_rows")[0]:
            session.run("rollups/analyze_rows")
        session.run("rollups/add_cells")
        note(session, ADD)
        settle(session, every_fact=every_fact)


def create(session: Session) -> None:
    """Make the temporary tables: of what is touched, and of what changes."""
    for name in (
        "touched_borrowers",
        "touched_spans",
        "touched_reports",
        *(f"{rollup}_changes" for rollup in ROLLUPS),
    ):
        session.run(f"rollups/create_{name}")


def note(session: Session, sign: int) -> None:
    """Note what the touched borrowers and their months contribute now."""
    first, last = session.row("rollups/span_of_touched")
    if first is not None:
        session.run("rollups/forget_touched_reports")
        session.run("rollups/read_touched_reports", first, last)
        session.run("rollups/analyze_touched_reports")
        for rollup in BY_REPORT:
            session.run(f"rollups/note_{rollup}s", sign)
    for rollup in BY_LIFE:
        session.run(f"rollups/note_{rollup}s", sign)


def derive(session: Session) -> None:
    """Note, once, what follows from all that was noted before."""
    session.run("rollups/create_lender_sums")
    for rollup in DERIVED:
        session.run(f"rollups/note_{rollup}s")


def settle(session: Session, *, every_fact: bool = False) -> None:
    """Add what was noted to the rollups, and count the facts of the months that it changes."""
    derive(session)
    for rollup in ROLLUPS:
        if session.run(f"rollups/keep_{rollup}s"):
            session.run(f"rollups/drop_{rollup}s")
    for basis, months in session.rows("rollups/months_of_facts", every_fact):
        if months:
            session.run("rollups/drop_facts", basis, months)
            session.run("rollups/keep_facts", basis, months)
