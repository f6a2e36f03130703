"""The records of a file, whatever its format, each with the line on which it starts."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from intake.blocks import Plain, blocks
from intake.files import DeliveryFile
from intake.parquet import table
from intake.rules import Rule
from intake.unpacked import Meter, unpacked
from intake.verdicts import FileRefused

Record = tuple[int, list[str]]

ALLOWED_CSV = "RFC 4180: fields with quotes or line feeds are quoted, quotes within them doubled"
# What csv says, and what that is to the person who has to mend it.
MALFORMED = {
    "unexpected end of data": "a quote that is never closed",
    "',' expected after '\"'": "something between a closing quote and the next comma",
}


class Records(NamedTuple):
    """The header and the rows of a file; ``tell`` says how many of its bytes were read by now.

    ``parts`` are the same rows, in blocks of text as far as they can be: either these are read or the rows. ``types``
    are the types of its columns, where the format has any, in the words of Arrow.
    """

    rows: Iterator[Record]
    parts: Iterator[Plain | Iterator[Record]]
    tell: Callable[[], int]
    types: Sequence[str] = ()


@contextmanager
def records(file: DeliveryFile) -> Iterator[Records]:
    """The records of a file, the header first; FileRefused, here or from the rows, where it cannot be read.

    The rows of a Parquet file are numbered from 1, its columns' names are at 0.
    """
    if file.path.name.lower().endswith(".parquet"):
        with table(file) as found:
            rows = found.records()
            yield Records(rows, iter([rows]), found.tell, found.types)
        return
    with unpacked(file) as (text, meter, tell):
        yield Records(csv_records(text, meter), _parts(meter), tell)


def plain_records(block: Plain) -> Iterator[Record]:
    """The records of a block."""
    return csv_records(io.StringIO(block.text, newline=""), first=block.line)


def _parts(meter: Meter) -> Iterator[Plain | Iterator[Record]]:
    for block in blocks(meter):
        yield block if isinstance(block, Plain) else csv_records(block.lines, meter, block.line)


def csv_records(lines: Iterable[str], meter: Meter | None = None, first: int = 1) -> Iterator[Record]:
    """CSV records, each with the physical line, from ``first`` on, on which it starts; an empty line is none."""
    reader = csv.reader(lines, strict=True)
    start = first
    try:
        for record in reader:
            if meter:
                meter.since = 0
            if record:
                yield start, record
            start = first + reader.line_num
    except csv.Error as error:
        raise _malformed(start, str(error)) from error
    except FileRefused as refused:
        refused.line = start
        raise


def _malformed(line: int, error: str) -> FileRefused:
    if error.startswith("field larger than"):
        most = f"{csv.field_size_limit():,} characters"
        return FileRefused(Rule.FILE_TOO_LARGE, line, f"a value of more than {most}", f"{most}, each quote closed")
    return FileRefused(Rule.RECORD_MALFORMED, line, MALFORMED.get(error, error), ALLOWED_CSV)
