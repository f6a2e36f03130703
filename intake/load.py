"""`borrowgraph load`: takes deliveries into the portfolio, each whole and at one instant, or not at all."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from functools import reduce
from operator import add
from pathlib import Path
from zoneinfo import ZoneInfo

from intake import rollups
from intake.checks import Again, Checks
from intake.files import deliveries
from intake.findings import Findings
from intake.keeping import Attempt, keep
from intake.kinds import kinds
from intake.merging import (
    merge_borrowers,
    merge_inquiries,
    merge_institutions,
    merge_loans,
    merge_repayments,
    warn_loans,
)
from intake.problems import DeliveryError
from intake.progress import Progress
from intake.rekeying import in_database, name_as_stored
from intake.report import Report
from intake.rows import batches
from intake.session import Session, connected

__all__ = ["DeliveryError", "Report", "load"]

# Serialises the merging of deliveries into one database, whoever loads them; the number means nothing else.
LOCK = 4_721_063_390_513
REJECT_SHARE = 0.05  # of the rows of a delivery


def load(  # noqa: PLR0913 - what callers may choose, each with its own default
    url: str,
    paths: Sequence[Path],
    *,
    secret: bytes | None,
    previous: Sequence[bytes] = (),
    time_zone: str = "Asia/Shanghai",
    reject_share: float = REJECT_SHARE,
    progress: Progress,
) -> Report:
    """Load deliveries, one after the other: each folder is one, and the single files together are one more.

    ``url`` is a libpq address of the database's owner. ``secret`` derives subject keys from documents; it may be None
    as long as no row has a document, and ``previous`` are the secrets before it, oldest first. ``time_zone`` is the
    platform's, in which an instant has its day. Each delivery is one transaction, and readers go on meanwhile; the same
    delivery again changes nothing. Rows that break a rule are kept apart and the others loaded, unless more than
    ``reject_share`` of the delivery's rows, from 0 to 1, are rejected or a file cannot be read: then DeliveryError is
    raised, with nothing of that delivery loaded; deliveries before it stay loaded. What became of each delivery is
    noted, also where it is refused. Raises SecretError where the secrets are not the database's.
    """
    found = deliveries(paths)
    with connected(url) as session:
        session.run("configure_session", time_zone)
        secrets = in_database(session, (*previous, secret) if secret else ())
        known = kinds(secrets, ZoneInfo(time_zone), datetime.now(UTC))
        return reduce(
            add,
            [
                _load(session, Attempt(delivery, known, Findings(delivery.name, reject_share), secrets), progress)
                for delivery in found
            ],
            Report(),
        )


def _load(session: Session, attempt: Attempt, progress: Progress) -> Report:
    with attempt.found.problems:
        try:
            with session.transaction():
                report, many = _staged(session, attempt, progress)
                number = keep(session, attempt, report)
        except DeliveryError as error:
            with session.transaction():
                error.number = keep(session, attempt, None)
            raise
    if many:
        session.run("rollups/analyze_rollups")
    return report + Report(seconds=attempt.seconds, deliveries=(number,))


def _staged(session: Session, attempt: Attempt, progress: Progress) -> tuple[Report, bool]:
    _stage(session, attempt, progress)
    attempt.found.refuse()
    # Before anything shared is written: what follows sees all that the other loads did, and can never deadlock.
    if not session.row("try_lock_deliveries", LOCK)[0]:
        with progress.task("waiting for another load"):
            session.run("lock_deliveries", LOCK)
    name_as_stored(session, attempt.secrets)
    return _merge_accepted(session, Checks(session, attempt.delivery, attempt.found), attempt.read, progress)


def _merge_accepted(session: Session, checks: Checks, read: dict[str, int], progress: Progress) -> tuple[Report, bool]:
    """Merge, as often as a check rejects rows: each time without them, as if they had never been delivered."""
    while True:
        try:
            with session.transaction():
                report, many = _merge(session, checks, read, progress)
        except Again as again:
            session.run(f"drop_rejected_{again.kind}", again.places())
        else:
            return report.marking(checks.found.rejected, dict(session.rows("count_warned"))), many


def _stage(session: Session, attempt: Attempt, progress: Progress) -> None:
    known, found = attempt.known, attempt.found
    session.run("configure_load")
    for name in (*known, "months", "warnings"):
        session.run(f"create_delivered_{name}")
    session.run("create_rejected_origins")
    for number, file in enumerate(attempt.delivery.files):
        kind = known[file.kind]
        rows = 0
        with progress.task(file.name, file.size) as task, session.copy(kind.copy) as copy:
            for batch in batches(file, number, kind, found):
                copy.write(batch.text)
                rows = batch.rows
                task.at(rows, batch.bytes)
        attempt.read[file.kind] = attempt.read.get(file.kind, 0) + rows
        found.read += rows


def _merge(session: Session, checks: Checks, read: dict[str, int], progress: Progress) -> tuple[Report, bool]:
    session.run("analyze_deliveries")
    institutions = merge_institutions(session, checks, read.get("institutions", 0))
    borrowers = merge_borrowers(session)
    staged = read.get("loans", 0) + read.get("repayments", 0)
    with rollups.kept(session, progress, rows=staged, recast=institutions.corrected > 0) as merged:
        with _merging("loans", read.get("loans", 0), progress):
            loans = merge_loans(session, checks, read.get("loans", 0))
        with _merging("repayments", read.get("repayments", 0), progress):
            repayments = merge_repayments(session, checks, read.get("repayments", 0))
        merged()
        if read.get("loans"):
            warn_loans(session)
        with _merging("inquiries", read.get("inquiries", 0), progress):
            inquiries = merge_inquiries(session, read.get("inquiries", 0))
        added = (borrowers, loans.added, repayments.added, institutions.added)
        (held,) = session.row("raise_coverage", *added)
        if many := sum(added) >= rollups.MANY * held:
            session.run("configure_statistics")
            session.run("analyze_portfolio")
    return Report(institutions, loans, repayments, inquiries), many


def _merging(what: str, rows: int, progress: Progress) -> AbstractContextManager[object]:
    return progress.task(f"merging {what}") if rows else nullcontext()
