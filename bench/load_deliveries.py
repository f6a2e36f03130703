"""What is loaded: a market of about so many rows, and one institution's delivery of its last month, kept apart.

More than a million rows are the same market several times over, with other borrowers and other loans.
"""

import gzip
import shutil
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO, NamedTuple

from intake import demo

ROWS_PER_BORROWER = 42  # of the demo, all kinds of files together
MARKET = 1_000_000  # rows that are made up, at most
LAST_MONTH = "2026-10"  # the demo's
LOOKED_AT = 300_000  # rows, to find the institution that reports the most
# Which rows the month brings, by kind: those that are not before it in this column.
NEW = {"loans": "opened_on", "repayments": "month", "inquiries": "inquired_at"}


class Deliveries(NamedTuple):
    """The folders of the first load and of the month after it, each with how many rows it has."""

    first: Path
    first_rows: int
    month: Path
    month_rows: int
    institution: str


def write(folder: Path, rows: int) -> Deliveries:
    """Write both deliveries, as plain CSV."""
    shutil.rmtree(folder, ignore_errors=True)
    copies = max(rows // MARKET, 1)
    demo.write(folder / "demo", borrowers=max(rows // copies // ROWS_PER_BORROWER, 100))
    first, month = folder / "first", folder / "month"
    first.mkdir()
    month.mkdir()
    institution = _largest(folder / "demo" / "repayments.csv.gz")
    counted: Counter[Path] = Counter()
    for kind, column in NEW.items():
        whole = folder / "demo" / f"{kind}.csv.gz"
        with (
            (first / f"{kind}.csv").open("w", encoding="utf-8", newline="") as before,
            (month / f"{kind}.csv").open("w", encoding="utf-8", newline="") as after,
        ):
            kept, new = _split(_lines(whole, kind, copies), (before, after), institution, column)
            counted += Counter({first: kept, month: new})
    shutil.copy(folder / "demo" / "institutions.csv", first)
    counted[first] += len((first / "institutions.csv").read_text().splitlines()) - 1
    shutil.rmtree(folder / "demo")
    return Deliveries(first, counted[first], month, counted[month], institution)


def _lines(path: Path, kind: str, copies: int) -> Iterator[str]:
    """The header, and the lines of each copy, with other numbers of loans and keys of subjects; none has a quote."""
    for number in range(copies):
        with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
            header = next(lines)
            if not number:
                yield header
                yield from lines
                continue
            for line in lines:
                institution, second, rest = line.split(",", 2)
                # Who is named by a document instead of a key is the same person in every copy.
                if kind == "inquiries":
                    yield f"{institution},{second and f'{number:02x}{second[2:]}'},{rest}"
                elif kind == "loans":
                    key = "" if rest[0] == "," else f"{number:02x}"
                    yield f"{institution},{second}-{number},{key}{rest[len(key) :]}"
                else:
                    yield f"{institution},{second}-{number},{rest}"


def _largest(repayments: Path) -> str:
    with gzip.open(repayments, "rt", encoding="utf-8") as lines:
        reported = Counter(line.split(",", 1)[0] for line in islice(lines, LOOKED_AT) if f",{LAST_MONTH}," in line)
    return reported.most_common(1)[0][0]


def _split(lines: Iterator[str], parts: tuple[IO[str], IO[str]], code: str, column: str) -> tuple[int, int]:
    """Share out the lines and count them; both parts get the header."""
    header = next(lines)
    at = header.rstrip("\r\n").split(",").index(column)
    counts = [0, 0]
    for part in parts:
        part.write(header)
    for line in lines:
        new = line.startswith(f"{code},") and line.split(",")[at] >= LAST_MONTH
        parts[new].write(line)
        counts[new] += 1
    return counts[0], counts[1]
