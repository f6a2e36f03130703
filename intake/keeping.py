"""What is kept of a delivery beside its rows: what became of it, and each rejected row as it was, with the reasons."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import file_digest, sha256
from itertools import groupby
from time import monotonic

from intake import values
from intake.content import content
from intake.files import Delivery, DeliveryFile
from intake.findings import LINES, Findings
from intake.kinds import Column, Kind
from intake.problems import LONG_NUMBER, DeliveryError, Problem
from intake.records import records
from intake.report import Report
from intake.session import Session
from intake.verdicts import FileRefused, ValueRefused

RAW_LENGTH = 10_000  # characters of a rejected row that are kept
# What may be the number of a document, in a row whose fields are not where they belong.
NUMBER = re.compile(r"[A-Za-z]*\d{5,}[0-9A-Za-z]*")
UNREADABLE = bytes(32)  # instead of the digest of a delivery that is refused because its files are not there any more
BLOCK = 65_536  # characters of problems handed on at once


@dataclass(frozen=True)
class Attempt:
    """A delivery that is being loaded: the kinds of its files, what is wrong with it, and when the load began."""

    delivery: Delivery
    known: dict[str, Kind]
    found: Findings
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
    for kind, counts in report.kinds().items() if report else ():
        if counts.read:
            parts = (counts.read, counts.added, counts.corrected, counts.older, counts.unchanged, counts.rejected)
            session.run("keep_counts", number, kind, *parts)
    if attempt.found.count:
        _keep_rejects(session, attempt, number)
    return int(number)


def _keep_rejects(session: Session, attempt: Attempt, number: int) -> None:
    delivery, found = attempt.delivery, attempt.found
    session.run("create_rejected_rows")
    session.run("create_rejected_problems")
    found.problems.seek(0)
    with session.copy("copy_rejected_problems") as copy:
        while block := found.problems.read(BLOCK):
            copy.write(block)
    headers = ["" for _ in delivery.files]
    with session.copy("copy_rejected_rows") as copy:
        for at, places in groupby(sorted(found.places), key=lambda place: place // LINES):
            file = delivery.files[at]
            for place, raw in _raw(file, at, attempt.known[file.kind], [place % LINES for place in places]):
                if place % LINES:
                    copy.write(f"{place}\t{raw.translate(values.ESCAPED)}\n")
                else:
                    headers[at] = raw
    for at, file in enumerate(delivery.files):
        session.run("keep_file", number, at, storable(file.name), file.kind, headers[at])
    session.run("keep_rejects", number, LINES)


def _raw(file: DeliveryFile, at: int, kind: Kind, wanted: Sequence[int]) -> Iterator[tuple[int, str]]:
    """The file's header, at line 0, and the records on the wanted lines, which ascend; as far as it can be read.

    Nothing where the header is none: a person's row may stand there.
    """
    base = at * LINES
    lines = iter(wanted)
    line = next(lines, None)
    try:
        with records(file) as (rows, *_):
            _, header = next(rows)
            names = {column.name for column in kind.columns}
            if not names.issuperset(header):
                return
            yield base, written(header)
            for here, record in rows:
                if here == line:
                    yield base + here, written(blanked(header, record, kind))[:RAW_LENGTH]
                    line = next(lines, None)
                if line is None:
                    return
    except FileRefused:
        return


def blanked(header: list[str], record: list[str], kind: Kind) -> list[str]:
    """A record without anything that may be the number of an identity document.

    Institutions number loans as they like; in a file that has no documents those numbers stay.
    """
    columns = {column.name: column for column in kind.columns}
    private = "document_number" in columns
    if len(header) != len(record):
        return [NUMBER.sub("…", value) if private else LONG_NUMBER.sub("…", value) for value in record]
    return [_kept(columns[name], value, private=private) for name, value in zip(header, record, strict=True)]


def _kept(column: Column, value: str, *, private: bool) -> str:
    if column.name == "document_kind":
        return NUMBER.sub("…", value)
    if column.concealed:
        return value if column.name == "subject_key" and _parses(column.parse, value) else ""
    if _parses(column.parse, value):
        return LONG_NUMBER.sub("…", value) if column.text and private else value
    return (NUMBER if private else LONG_NUMBER).sub("…", value)


def _parses(parse: values.Parser, value: str) -> bool:
    try:
        parse(value)
    except ValueRefused:
        return False
    return True


def written(record: list[str]) -> str:
    """A record as CSV, without its line's end."""
    text = io.StringIO(newline="")
    # Python before 3.13 quotes only those line ends within a value that end its own lines.
    csv.writer(text, lineterminator="\r\n").writerow(record)
    return storable(text.getvalue().removesuffix("\r\n"))


def storable(text: str) -> str:
    """A text that PostgreSQL can hold; what it cannot becomes U+FFFD."""
    return values.UNREADABLE.sub("\ufffd", text)
