"""How a staged delivery becomes part of the portfolio: each kind of row checked as a whole, then merged, in SQL."""

from datetime import date

from intake.checks import Again, Checks
from intake.report import Counts
from intake.session import Session


def merge_institutions(session: Session, checks: Checks, read: int) -> Counts:
    """Add and correct institutions; the name and kind that came last count. Checks every kind's institutions too."""
    checks.consistent("institutions")
    (staged,) = session.row("count_institutions")
    corrected = session.run("correct_institutions")
    added = session.run("add_institutions")
    for kind in ("loans", "repayments", "inquiries"):
        checks.institutions_known(kind)
    return Counts(read, added, corrected, unchanged=staged - added - corrected)


def merge_borrowers(session: Session) -> int:
    """Add the borrowers whom loans or inquiries name; returns how many were new."""
    session.run("lower_borrowers")
    return session.run("add_borrowers")


def merge_loans(session: Session, checks: Checks, read: int) -> Counts:
    """Add loans and place their versions in history."""
    if not read:
        return Counts()
    for statement in ("create_loan_reports", "create_loan_histories", "create_loan_versions", "resolve_loans"):
        session.run(statement)
    moving = session.run("recall_loan_histories")
    session.run("analyze_loan_reports")
    checks.consistent("loans")
    if moving:
        session.run("order_loan_versions")
        session.run("analyze_loan_versions")
        session.run("shift_lives")
    session.run("count_loan_months")
    session.run("add_loans")
    if moving:
        for statement in ("correct_loans", "drop_loan_history", "keep_loan_history"):
            session.run(statement)
        for statement in ("drop_loan_confirmations", "keep_loan_confirmations"):
            session.run(statement)
    return _counts(session, "loans", read)


def merge_repayments(session: Session, checks: Checks, read: int) -> Counts:
    """Merge the reports of loans' months into their series, and place their versions in history.

    The loans with nothing out of the ordinary are merged by one statement, what is left of the delivery by all others.
    """
    if not read:
        return Counts()
    span = session.row("span_of_repayments")
    for name in ("reports", "histories", "versions"):
        session.run(f"create_repayment_{name}")
    session.run("merge_plain_repayments", *session.row("span_of_stored"))
    moving = _recall(session, checks, *span)
    if moving:
        session.run("order_repayment_versions")
        session.run("analyze_repayment_versions")
        session.run("count_repayment_delays")
    session.run("count_repayment_months")
    session.run("warn_repayments")
    session.run("warn_sizes")
    session.run("add_repayments")
    if moving:
        session.run("add_versioned_repayments")
        session.run("correct_repayments", *span)
        session.run("drop_repayment_history", *span)
        session.run("keep_repayment_history")
        session.run("drop_repayment_confirmations", *span)
        session.run("keep_repayment_confirmations")
    session.run("keep_series")
    session.run("lower_months")
    session.run("raise_institution_months")
    return _counts(session, "repayments", read)


def _recall(session: Session, checks: Checks, first: date, last: date) -> int:
    """Check what was put aside and put it beside what is stored, if it moves versions; returns how many reports do.

    As often as rows are rejected: nothing of them was merged yet, so the other loans need not be merged again.
    """
    while True:
        session.run("analyze_repayment_reports")
        try:
            checks.loans_known()
            moving = session.run("recall_repayment_histories", first, last)
            session.run("analyze_repayment_histories")
            checks.months_alive(first, last)
            checks.consistent("repayments")
        except Again as again:
            for statement in ("drop_rejected_repayments", "drop_rejected_reports"):
                session.run(statement, again.places())
            session.run("clear_repayment_histories")
        else:
            return moving


def warn_loans(session: Session) -> None:
    """Find what is suspicious about loans that are corrected, once everything else is merged."""
    span = session.row("span_of_closings")
    if span[0]:
        session.run("warn_loans", *span)


def merge_inquiries(session: Session, read: int) -> Counts:
    """Add inquiries; the same one again changes nothing."""
    if not read:
        return Counts()
    session.run("add_inquiries")
    return _counts(session, "inquiries", read)


def _counts(session: Session, kind: str, read: int) -> Counts:
    return Counts(read, *session.row("count_delivered", kind))
