"""The records of a Parquet file, which a process of its own reads: no file can take this one's memory or life."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from intake.content import content
from intake.files import DeliveryFile
from intake.problems import LoadError, shown
from intake.rules import Rule
from intake.unpacked import Meter
from intake.verdicts import FileRefused

READER = Path(__file__).with_name("parquet_text.py")
DAMAGED, TOO_LARGE = 3, 4  # the reader's exit statuses
HEAD = 1 << 20  # characters of the reader's first line
# It gets nothing that a hostile file could be after.
ENVIRONMENT = {"LD_LIBRARY_PATH", "LC_ALL", "LANG"}

ALLOWED = "a whole Parquet file, as the name says"
ALLOWED_SIZE = "pages of some megabytes, as most programs write them; smaller row groups help"

# What columns' types are called here, and what Arrow calls them.
TYPES = {
    "text": re.compile(r"(large_)?string(_view)?"),
    "whole number": re.compile(r"u?int\d+"),
    "decimal": re.compile(r"decimal\d+\(.+\)"),
    "date": re.compile(r"date\d+\[\w+\]"),
    "timestamp with time zone": re.compile(r"timestamp\[\w+, tz=.+\]"),
    "nothing": re.compile(r"null"),  # a column in which every value is missing
}


@dataclass
class Table:
    """A Parquet file that is read: its columns' names and types, in Arrow's words, and how many rows it says it has."""

    names: list[str]
    types: list[str]
    rows: int
    lines: Iterator[list[str]]
    size: int
    read: int = field(default=0)

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """The names at place 0, then each row at its number."""
        yield 0, self.names
        for record in self.lines:
            self.read += 1
            yield self.read, record

    def tell(self) -> int:
        """How many bytes of the file that is."""
        return self.size * min(self.read, self.rows) // max(self.rows, 1)


@contextmanager
def table(file: DeliveryFile) -> Iterator[Table]:
    """The file, its rows to be read; FileRefused, here or from the rows, where it cannot be."""
    with content(file) as raw:
        if not file.size:
            raise FileRefused(Rule.HEADER_MISSING, None, "an empty file", ALLOWED)
        if os.pread(raw.fileno(), 4, 0) != b"PAR1":
            raise FileRefused(Rule.FILE_UNREADABLE, None, "no Parquet file", ALLOWED)
        environment = {name: value for name, value in os.environ.items() if name in ENVIRONMENT}
        with subprocess.Popen(
            [sys.executable, "-I", READER], stdin=raw, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
        ) as reader:
            try:
                yield _opened(file, reader)
            finally:
                reader.kill()


def _opened(file: DeliveryFile, reader: "subprocess.Popen[bytes]") -> Table:
    assert isinstance(reader.stdout, io.BufferedReader)  # noqa: S101 - mypy does not know
    line = reader.stdout.readline(HEAD)
    if not line.endswith(b"\n"):
        _ended(reader)
        raise FileRefused(Rule.FILE_TOO_LARGE, None, "columns without end", ALLOWED)
    head = json.loads(line)
    names, types = ([column[part] for column in head["columns"]] for part in (0, 1))
    meter = Meter(reader.stdout, lambda: file.size)
    return Table(names, types, head["rows"], _lines(meter, lambda: _ended(reader)), file.size)


def _lines(meter: Meter, ended: Callable[[], None]) -> Iterator[list[str]]:
    text = io.TextIOWrapper(meter, encoding="utf-8", errors="surrogateescape", newline="")
    number = 0
    try:
        for record in csv.reader(text, strict=True):
            meter.since = 0
            number += 1
            yield record
    except csv.Error as error:
        most = f"{csv.field_size_limit():,} characters"
        raise FileRefused(Rule.FILE_TOO_LARGE, number + 1, f"a value of more than {most}", most) from error
    except FileRefused as refused:
        refused.line = number + 1
        raise
    ended()


def _ended(reader: "subprocess.Popen[bytes]") -> None:
    _, said = reader.communicate()
    if reader.returncode == TOO_LARGE:
        raise FileRefused(Rule.FILE_TOO_LARGE, None, "pages that take more memory than there is for them", ALLOWED_SIZE)
    words = said.decode(errors="replace").strip().rpartition("\n")[2]
    if reader.returncode == DAMAGED:
        raise FileRefused(Rule.FILE_UNREADABLE, None, f"a damaged Parquet file: {shown(words)}", ALLOWED)
    if reader.returncode < 0:
        raise FileRefused(Rule.FILE_UNREADABLE, None, "a Parquet file that its reader does not survive", ALLOWED)
    if reader.returncode:
        raise LoadError(f"the program that reads Parquet files does not run here: {words}")


def is_type(kind: str, allowed: Iterable[str]) -> bool:
    """Whether a column's type, in Arrow's words, is one of these, in ours; a column without any value always is."""
    return any(TYPES[name].fullmatch(kind) for name in (*allowed, "nothing"))
