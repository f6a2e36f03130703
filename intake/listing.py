"""What the command line lists: the deliveries, and the rejected rows of one, to read or to mend and send back."""

import csv
import io
from collections.abc import Iterator
from itertools import groupby

from intake.keeping import written
from intake.problems import located
from intake.session import Row, connected

REASONS = ("file", "line", "rule", "column", "got", "allowed")


def deliveries(url: str, most: int) -> Iterator[str]:
    """Lines of a table of the newest deliveries."""
    yield (
        f"{'id':>6} {'state':<9} {'loaded at':<20} {'seconds':>8} {'read':>11} {'added':>11} {'corrected':>10} "
        f"{'older':>8} {'unchanged':>11} {'rejected':>9}  source"
    )
    with connected(url) as session:
        for row in session.rows("list_deliveries", most):
            number, source, state, at, seconds, read, added, corrected, older, unchanged, rejected = row
            yield (
                f"{number:>6} {state:<9} {at:%Y-%m-%d %H:%M:%S}  {seconds:>8.1f} {read:>11,} {added:>11,} "
                f"{corrected:>10,} {older:>8,} {unchanged:>11,} {rejected:>9,}  {source}"
            )


def rejects(url: str, delivery: int) -> list[Row] | None:
    """Why rows of a delivery were rejected, in the order of files and lines; None where there is no such delivery."""
    with connected(url) as session:
        return session.rows("list_rejects", delivery) if session.rows("state_of_delivery", delivery) else None


def sentences(rows: list[Row]) -> Iterator[str]:
    """One line for each reason, as a refusal has it."""
    for name, _, _, line, column, rule, got, allowed, _ in rows:
        yield f"{located(name, line)}: {f'{column}: ' if column else ''}got {got}, allowed: {allowed} [{rule}]"


def table(rows: list[Row]) -> str:
    """CSV of each file's rejected rows under its header, with the reasons in six columns before them.

    Each file begins with its header; a row with several reasons stands once for each.
    """
    lines = []
    for _, of_file in groupby(rows, key=lambda row: row[0]):
        reasons = list(of_file)
        lines.append([*REASONS, *next(csv.reader([reasons[0][2]]), [])])
        for name, _, _, line, column, rule, got, allowed, raw in reasons:
            values = next(csv.reader(io.StringIO(raw, newline="")), [])
            lines.append([name, line or "", rule, column or "", got, allowed, *values])
    return "".join(f"{written(line)}\n" for line in lines)
