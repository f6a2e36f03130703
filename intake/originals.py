"""Rejected rows as they were: read from their file again, without the numbers of identity documents, ready to keep."""

import csv
import io
import re
from collections.abc import Iterable, Iterator

from intake import values
from intake.files import DeliveryFile
from intake.findings import LINES
from intake.header import REASONS
from intake.kinds import Column, Kind
from intake.problems import LONG_NUMBER
from intake.records import records
from intake.verdicts import FileRefused, ValueRefused

FIELD_LENGTH = 1_000  # characters of a field that are kept, more than any may have
FIELDS = 100  # fields of a row that are kept
# What may be the number of a document, in a row whose fields are not where they belong.
NUMBER = re.compile(r"[A-Za-z]*\d{5,}[0-9A-Za-z]*")


def originals(file: DeliveryFile, at: int, kind: Kind, wanted: Iterable[int]) -> Iterator[tuple[int, str]]:
    """The file's header, at line 0, and the records on the wanted lines, which ascend; as far as it can be read.

    Nothing where the header is none: a person's row may stand there.
    """
    base = at * LINES
    lines = iter(wanted)
    line = next(lines, None)
    try:
        with records(file) as (rows, *_):
            _, header = next(rows)
            names = {REASONS, *(column.name for column in kind.columns)}
            if not names.issuperset(header):
                return
            told = header.index(REASONS) if REASONS in header else None
            yield base, written(without(told, header, header))
            for here, record in rows:
                if here == line:
                    plain = without(told, header, record)
                    yield base + here, written(blanked(without(told, header, header), plain, kind))
                    line = next(lines, None)
                if line is None:
                    return
    except FileRefused:
        return


def without(told: int | None, header: list[str], record: list[str]) -> list[str]:
    """A record without the column that said why it was rejected the last time, if it has all columns."""
    if told is None or len(record) != len(header):
        return record
    return record[:told] + record[told + 1 :]


def blanked(header: list[str], record: list[str], kind: Kind) -> list[str]:
    """A record without anything that may be the number of an identity document.

    Institutions number loans as they like; in a file that has no documents those numbers stay.
    """
    columns = {column.name: column for column in kind.columns}
    record = [value if len(value) <= FIELD_LENGTH else value[:FIELD_LENGTH] + "…" for value in record[:FIELDS]]
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
