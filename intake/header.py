"""What a header line may be: each column of the kind once, in any order; what may be empty may be left out.

The column ``rejected``, in which `borrowgraph rejects` says what is to be mended, may be there and is not read.
"""

from collections.abc import Iterator, Sequence

from intake.kinds import Column
from intake.parquet import is_type
from intake.problems import shown
from intake.rules import Rule
from intake.values import UNREADABLE
from intake.verdicts import FileRefused, Finding

REASONS = "rejected"
MOST = 1_000  # columns of a header that are looked at one by one
SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}


def header_findings(header: list[str], columns: tuple[Column, ...]) -> Iterator[Finding]:
    """What is wrong with the names of a header; FileRefused where it is no text."""
    allowed = ", ".join(f"{column.name}?" if column.may_be_empty else column.name for column in columns)
    if any(UNREADABLE.search(name) for name in header):
        got = "a header that is not UTF-8 text"
        raise FileRefused(Rule.FILE_UNREADABLE, 1, got, f"UTF-8 text with the columns {allowed}")
    if len(header) > MOST:
        yield Finding(Rule.COLUMN_UNKNOWN, None, f"{len(header):,} columns", f"the columns {allowed}, in any order")
        return
    separator = next((word for mark, word in SEPARATORS.items() if len(header) == 1 and mark in header[0]), None)
    if separator:
        yield Finding(Rule.RECORD_MALFORMED, None, f"{separator} between the columns", f"commas: {allowed}")
        return
    known = {REASONS, *(column.name for column in columns)}
    if known.isdisjoint(header):
        yield Finding(Rule.HEADER_MISSING, None, "no name of a column", f"a header line: {allowed}")
        return
    seen: set[str] = set()
    for name in header:
        if name not in known:
            yield Finding(Rule.COLUMN_UNKNOWN, None, shown_name(name), f"the columns {allowed}, in any order")
        elif name in seen:
            yield Finding(Rule.COLUMN_REPEATED, name, "the column twice", "each column once")
        seen.add(name)
    for column in columns:
        if not column.may_be_empty and column.name not in seen:
            yield Finding(Rule.COLUMN_MISSING, column.name, "no such column", f"the columns {allowed}, in any order")


def type_findings(header: list[str], types: Sequence[str], columns: tuple[Column, ...]) -> Iterator[Finding]:
    """What is wrong with the types of a header's columns, which are those of the kind, in a format that has types."""
    known = {column.name: column for column in columns}
    for name, found in zip(header, types, strict=True):
        allowed = known[name].types if name in known else ("text",)
        if not is_type(found, allowed):
            *most, last = allowed
            words = f"{', '.join(most)} or {last}" if most else last
            yield Finding(Rule.COLUMN_TYPE, name, shown(found), words)


def shown_name(name: str) -> str:
    """A column's name as a message shows it: without digits, since a file without a header has a person's row there."""
    return shown("".join("…" if character.isdigit() else character for character in name))
