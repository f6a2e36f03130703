"""What is kept of a delivery beside its rows: what became of it, and each rejected row as it was, with the reasons."""

from contextlib import nullcontext, suppress
from dataclasses import astuple, dataclass, field
from datetime import UTC, datetime
from hashlib import file_digest, sha256
from itertools import groupby
from time import monotonic

from intake import values
from intake.content import content
from intake.files import Delivery
from intake.findings import LINES, Findings
from intake.kinds import Kind
from intake.originals import originals, storable
from intake.problems import DeliveryError, Problem
from intake.report import Counts, Report
from intake.session import Session
from intake.verdicts import FileRefused
from sql.secret import Secrets

WARNINGS = 100  # rows kept for each warning of a delivery
UNREADABLE = bytes(32)  # instead of the digest of a delivery that is refused because its files are not there any more
BLOCK = 65_536  # characters of problems handed on at once


@dataclass(frozen=True)
class Attempt:
    """A delivery that is being loaded.

    The kinds of its files, how many rows of each were read, what is wrong with it, the secrets that its keys are made
    with, and when the load began.
    """

    delivery: Delivery
    known: dict[str, Kind]
    found: Findings
    secrets: Secrets | None = None
    read: dict[str, int] = field(default_factory=dict)
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    clock: float = field(default_factory=monotonic)

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return monotonic() - self.clock


def digest(delivery: Delivery) -> bytes:
    """SHA-256 of the delivery's files, kinds and contents; not of their names, nor of where they lie.

    DeliveryError where a file is not the one any more that was loaded.
    """
    parts = []
    for file in delivery.files:
        try:
            with content(file) as raw:
                parts.append(f"{file.kind} {file_digest(raw, 'sha256').hexdigest()}\n")
        except FileRefused as refused:
            problem = Problem(file.name, None, None, refused.rule, refused.got, refused.allowed)
            raise DeliveryError(delivery.name, [problem], 1) from refused
    return sha256("".join(sorted(parts)).encode()).digest()


def keep(session: Session, attempt: Attempt, report: Report | None) -> int:
    """Note what became of a delivery, within a transaction; ``report`` is None where it is refused.

    Returns the number under which it is noted.
    """
    state = "REFUSED"
    if report:
        changes = sum(count.added + count.corrected + count.older for count in report.kinds().values())
        state = "LOADED" if changes else "UNCHANGED"
    name, known_by = storable(attempt.delivery.name), UNREADABLE
    with suppress(DeliveryError) if report is None else nullcontext():
        known_by = digest(attempt.delivery)
    [number] = session.row("keep_delivery", name, known_by, state, attempt.started_at, attempt.seconds)
    for kind, counts in (report.kinds() if report else _refused(attempt)).items():
        if counts.read:
            session.run("keep_counts", number, kind, *astuple(counts))
    warned = report is not None and any(counts.warned for counts in report.kinds().values())
    if attempt.found.count or warned:
        _keep_files(session, attempt, number)
    if report:
        if attempt.found.count:
            session.run("count_rejected_months")
            session.run("keep_month_rejects", number)
        session.run("keep_months", number)
    if warned:
        session.run("keep_warnings", number, LINES, WARNINGS)
        session.run("keep_warning_rules", number)
        session.run("keep_month_warnings", number)
    return int(number)


def _refused(attempt: Attempt) -> dict[str, Counts]:
    rejected = attempt.found.rejected
    return {
        kind: Counts(read, rejected=rejected.get(kind, 0), withheld=read - rejected.get(kind, 0))
        for kind, read in attempt.read.items()
    }


def _keep_files(session: Session, attempt: Attempt, number: int) -> None:
    """Note the files of a delivery, with their headers and rejected rows."""
    headers = _stage_rejects(session, attempt)
    for at, file in enumerate(attempt.delivery.files):
        session.run("keep_file", number, at, storable(file.name), file.kind, headers[at])
    session.run("keep_rejects", number, LINES)
    session.run("keep_reject_rules", number)


def _stage_rejects(session: Session, attempt: Attempt) -> list[str]:
    delivery, found = attempt.delivery, attempt.found
    session.run("create_rejected_rows")
    session.run("create_rejected_problems")
    found.problems.seek(0)
    with session.copy("copy_rejected_problems") as copy:
        while block := found.problems.read(BLOCK):
            copy.write(block)
    headers = ["" for _ in delivery.files]
    with session.copy("copy_rejected_rows") as copy:
        for at, places in groupby(found.ordered(), key=lambda place: place // LINES):
            file = delivery.files[at]
            for place, raw in originals(file, at, attempt.known[file.kind], (place % LINES for place in places)):
                if place % LINES:
                    copy.write(f"{place}\t{raw.translate(values.ESCAPED)}\n")
                else:
                    headers[at] = raw
    return headers
