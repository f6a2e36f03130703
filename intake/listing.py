"""What the command line lists: deliveries, their rejected rows to mend and send back, their warnings, and quality."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from itertools import groupby

from intake.header import REASONS
from intake.originals import written
from intake.problems import located
from intake.session import Session, connected
from sql.rows import CoverageRow, QualityRow

# Not the calendar's first and last years: a window of months ends a month later, and a year before is looked for.
MONTH = re.compile(r"(?!000[01]|9999)[0-9]{4}-(0[1-9]|1[0-2])")
QUALITY = (
    "institution", "month", "loans_alive", "loans_reported", "completeness", "days_to_report", "added", "corrected",
    "older", "unchanged", "rejected", "warned", "score",
)  # fmt: skip


class MonthError(ValueError):
    """A month is not written as it should be, or the months are in the wrong order."""


def deliveries(url: str, most: int) -> Iterator[str]:
    """Lines of a table of the newest deliveries."""
    yield (
        f"{'id':>6} {'state':<9} {'loaded at':<20} {'seconds':>8} {'read':>11} {'added':>11} {'corrected':>10} "
        f"{'older':>8} {'unchanged':>11} {'rejected':>9} {'warned':>9}  source"
    )
    with connected(url) as session:
        for row in session.rows("list_deliveries", most):
            number, source, state, at, seconds, read, added, corrected, older, unchanged, rejected, warned = row
            yield (
                f"{number:>6} {state:<9} {at:%Y-%m-%d %H:%M:%S}  {seconds:>8.1f} {read:>11,} {added:>11,} "
                f"{corrected:>10,} {older:>8,} {unchanged:>11,} {rejected:>9,} {warned:>9,}  {source}"
            )


def rejected_files(url: str, delivery: int) -> list[str] | None:
    """The files of which rows were rejected, by name; None where there is no such delivery."""
    with connected(url) as session:
        if not _known(session, delivery):
            return None
        return [name for (name,) in session.rows("list_rejected_files", delivery)]


def sentences(url: str, delivery: int, name: str | None) -> Iterator[str]:
    """One line for each reason of a rejection, as a refusal has it, in the order of files and lines."""
    with connected(url) as session:
        for file, _, _, line, column, rule, got, allowed, _ in session.stream("list_rejects", delivery, name):
            yield f"{located(file, line)}: {_reason(column, rule, got, allowed)}"


def mendable(url: str, delivery: int, name: str) -> Iterator[str]:
    """Lines of CSV that the loader takes: a file's rejected rows, each once, the reasons in the last column."""
    with connected(url) as session:
        rows = session.stream("list_rejects", delivery, name)
        header = ""
        for _, of_line in groupby(rows, key=lambda row: row[3]):
            reasons = list(of_line)
            if not reasons[0][-1]:
                continue
            if not header:
                header = reasons[0][2]
                yield _line(header, REASONS)
            yield _line(reasons[0][-1], "; ".join(_reason(*row[4:8]) for row in reasons))


def plain_name(name: str) -> str:
    """The name of the CSV file that holds a delivered file's rejected rows: loans.csv for in/loans.csv.gz."""
    return name.rpartition("/")[2].partition(".")[0] + ".csv"


def warnings(url: str, delivery: int) -> list[str] | None:
    """Lines that name the kept rows with a warning, then how many there are; None where there is no such delivery."""
    with connected(url) as session:
        if not _known(session, delivery):
            return None
        rows = session.rows("list_warnings", delivery)
        counts = session.rows("list_warning_rules", delivery)
    named = [f"{located(file, line)}: got {got}, usual: {usual} [{rule}]" for file, line, rule, got, usual in rows]
    return [*named, *(f"{rows:>11,} {rule}" for rule, rows in counts)]


def quality(url: str, institution: str | None, first: str | None, last: str | None, *, as_csv: bool) -> list[str]:
    """Lines of a table of institutions' months; MonthError where the months are none."""
    months = [_month(text) if text else None for text in (first, last)]
    with connected(url) as session:
        coverage = CoverageRow._make(session.row("coverage/of_platform"))
        end = months[1] or coverage.last_month
        if end is None:
            return ["nothing is reported yet"]
        start = months[0] or end.replace(year=end.year - 1)
        if start > end:
            raise MonthError(f"--from {start:%Y-%m} is after --to {end:%Y-%m}")
        rows = [
            QualityRow._make(row) for row in session.rows("quality/of_months", [start], [_next(end)], [institution])
        ]
    return _as_csv(rows) if as_csv else _as_table(rows)


def _month(text: str) -> date:
    if not MONTH.fullmatch(text):
        raise MonthError(f"got {text!r} for a month, allowed: YYYY-MM, such as 2026-02")
    return date.fromisoformat(f"{text}-01")


def _next(month: date) -> date:
    return month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)


def _as_csv(rows: list[QualityRow]) -> list[str]:
    return [written(list(cells)) for cells in (QUALITY, *(_cells(row, "") for row in rows))]


def _as_table(rows: list[QualityRow]) -> list[str]:
    widths = (12, 7, 11, 14, 12, 14, 11, 10, 8, 11, 9, 9, 6)
    table = [QUALITY, *(_cells(row, "-") for row in rows)]
    return [
        "  ".join(cell.ljust(width) if at < 1 else cell.rjust(width) for at, (cell, width) in enumerate(pairs))
        for pairs in (list(zip(cells, widths, strict=True)) for cells in table)
    ]


def _cells(row: QualityRow, nothing: str) -> tuple[str, ...]:
    counts = (row.added, row.corrected, row.older, row.unchanged, row.rejected, row.warned)
    return (
        row.code,
        f"{row.month:%Y-%m}",
        str(row.alive),
        str(row.alive_reported),
        nothing if row.completeness is None else f"{row.completeness:.4f}",
        nothing if row.days_to_report is None else f"{row.days_to_report:.1f}",
        *map(str, counts),
        nothing if row.score is None else f"{row.score:.1f}",
    )


def _known(session: Session, delivery: int) -> bool:
    return bool(session.rows("state_of_delivery", delivery))


def _reason(column: str | None, rule: str, got: str, allowed: str) -> str:
    return f"{f'{column}: ' if column else ''}got {got}, allowed: {allowed} [{rule}]"


def _line(record: str, last: str) -> str:
    return f"{written([*next(csv.reader(io.StringIO(record, newline=''))), last])}\n"
