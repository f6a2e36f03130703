"""From a file's records to COPY's text format: checks each, and collects what is wrong."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from intake.blocks import Plain
from intake.columns import Columns, Plan
from intake.files import DeliveryFile
from intake.findings import LINES, NOWHERE, Findings, Origin
from intake.header import header_findings, type_findings
from intake.kinds import Kind
from intake.problems import CONCEALED, NOTHING, Problem, shown
from intake.records import Record, Records, plain_records, records
from intake.rules import Rule
from intake.values import Remembered
from intake.verdicts import FileRefused, Finding, RowRefused, ValueRefused

Part = Plain | Iterator[Record]

BATCH = 2_000  # rows handed on at once
PART = 100  # of them, that are checked row by row because of one
WEIGHT = 4_194_304  # characters of them, about


@dataclass(frozen=True)
class Batch:
    """Rows in COPY's text format; how many rows and bytes of the file have been read by its end."""

    text: str
    rows: int
    bytes: int


def batches(file: DeliveryFile, number: int, kind: Kind, found: Findings) -> Iterator[Batch]:
    """The rows of a delivery's file, the ``number``-th from 0; a row that breaks a rule is left out and added to found.

    After a fault of a file no rows are handed on, only counts: the delivery is refused anyway.
    """
    try:
        with records(file) as found_records:
            yield from _batches(found_records, Checker(file, number, kind, found))
    except FileRefused as refused:
        problem = Problem(file.name, refused.line, None, refused.rule, refused.got, refused.allowed)
        found.fault(number * LINES + (refused.line or 0), problem)


def _batches(found: Records, checker: "Checker") -> Iterator[Batch]:
    head, parts = _head(found.parts)
    if head is None:
        allowed = f"a header line: {', '.join(column.name for column in checker.kind.columns)}"
        raise FileRefused(Rule.HEADER_MISSING, None, "an empty file", allowed)
    plan = checker.plan(*head, found.types)
    if plan is None:
        return
    width = len(head[1])
    columns = Columns(checker.kind, plan, width)
    read = 0
    for part in parts:
        for text, rows in _checked(part, checker, columns, plan, width):
            read += rows
            yield Batch(text, read, found.tell())


def _head(parts: Iterator[Part]) -> tuple[Record | None, Iterator[Part]]:
    """The header, and what follows it."""
    for part in parts:
        rows = plain_records(part) if isinstance(part, Plain) else part
        head = next(rows, None)
        if head:
            return head, chain([rows], parts)
    return None, parts


def _checked(part: Part, checker: "Checker", columns: Columns, plan: Plan, width: int) -> Iterator[tuple[str, int]]:
    """The rows as lines for COPY, and how many there were."""
    if isinstance(part, Plain):
        text = checker.plain(columns, part)
        if text is not None:
            yield text, part.rows
            return
        if part.rows > PART:
            for smaller in part.parts(PART):
                yield from _checked(smaller, checker, columns, plan, width)
            return
        part = plain_records(part)
    for block in _blocks(part):
        yield checker.block(columns, plan, width, block), len(block)


def _blocks(rows: Iterator[Record]) -> Iterator[list[Record]]:
    """The records some at a time; those before a fault of the file come before it is raised."""
    block: list[Record] = []
    weight = 0
    try:
        for record in rows:
            block.append(record)
            weight += sum(map(len, record[1]))
            if len(block) == BATCH or weight > WEIGHT:
                yield block
                block = []
                weight = 0
    except FileRefused:
        yield block
        raise
    yield block


class Checker:
    """Checks the header and the rows of one file."""

    def __init__(self, file: DeliveryFile, number: int, kind: Kind, found: Findings) -> None:
        self.file = file
        self.kind = kind
        self.found = found
        self._base = number * LINES

    def plan(self, line: int, header: list[str], types: Sequence[str]) -> Plan | None:
        """Where each of the kind's columns is in a record, with its parser; None if the header is refused.

        A column that was left out is at -1, where ``row`` puts an empty value.
        """
        columns = self.kind.columns
        findings = list(header_findings(header, columns))
        if types and not findings:
            findings = list(type_findings(header, types, columns))
        for finding in findings:
            self.found.fault(self._base + line, self._problem(line, finding))
        if findings:
            return None
        places = {name: at for at, name in enumerate(header)}
        return [
            (places.get(column.name, -1), column.parse if column.concealed else Remembered(column.parse).__getitem__)
            for column in columns
        ]

    def block(self, columns: Columns, plan: Plan, width: int, block: Sequence[Record]) -> str:
        """Records as lines for COPY, without those that break a rule; empty once a file of the delivery has a fault."""
        text = self._quick(columns, block)
        if text is None:
            texts = []
            for at in range(0, len(block), PART):
                part = block[at : at + PART]
                text = self._quick(columns, part)
                if text is None:
                    text = "".join(filter(None, (self.row(plan, width, *record) for record in part)))
                texts.append(text)
            text = "".join(texts)
        return "" if self.found.faulty else text

    def plain(self, columns: Columns, block: Plain) -> str | None:
        """Lines of a file as lines for COPY; None unless all are plainly well-formed."""
        first = self._base + block.line
        given = block.columns(columns.width)
        text = None if given is None else columns.lines(range(first, first + block.rows), given)
        return "" if text and self.found.faulty else text

    def _quick(self, columns: Columns, block: Sequence[Record]) -> str | None:
        return columns.text([self._base + line for line, _ in block], [record for _, record in block])

    def row(self, plan: Plan, width: int, line: int, record: list[str]) -> str | None:
        """A record as a line for COPY, or None if it breaks a rule."""
        if len(record) != width:
            got, allowed = f"{len(record)} fields", f"{width}, as the header has"
            self._reject(line, [Finding(Rule.FIELD_COUNT, None, got, allowed)])
            return None
        record.append("")
        try:
            fields = "\t".join(self.kind.stage([parse(record[at]) for at, parse in plan]))
        except ValueRefused:
            self._reject(line, self._values(plan, record), self._origin(plan, record))
        except RowRefused as refused:
            self._reject(line, refused.findings, self._origin(plan, record))
        except FileRefused as refused:
            refused.line = line
            raise
        else:
            return f"{self._base + line}\t{fields}\n"
        return None

    def _values(self, plan: Plan, record: list[str]) -> Iterator[Finding]:
        for column, (at, parse) in zip(self.kind.columns, plan, strict=True):
            try:
                parse(record[at])
            except ValueRefused as refused:
                got = CONCEALED if column.concealed else shown(record[at]) if record[at] else NOTHING
                yield Finding(refused.rule, column.name, got, refused.allowed)

    def _origin(self, plan: Plan, record: list[str]) -> Origin:
        return self._parsed("institution", plan, record), self._month(plan, record)

    def _month(self, plan: Plan, record: list[str]) -> str | None:
        day = self._parsed(self.kind.month, plan, record)
        return day and f"{day[:7]}-01"

    def _parsed(self, name: str | None, plan: Plan, record: list[str]) -> str | None:
        for column, (at, parse) in zip(self.kind.columns, plan, strict=True):
            if column.name == name:
                try:
                    return parse(record[at])
                except ValueRefused:
                    return None
        return None

    def _reject(self, line: int, findings: Iterable[Finding], origin: Origin = NOWHERE) -> None:
        problems = [self._problem(line, finding) for finding in findings]
        self.found.reject(self.file.kind, self._base + line, problems, origin)

    def _problem(self, line: int, finding: Finding) -> Problem:
        return Problem(self.file.name, line or None, finding.column, finding.rule, finding.got, finding.allowed)
