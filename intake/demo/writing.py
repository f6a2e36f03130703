"""The delivery folder: the demo's lines in their files, written aside and moved into place when they are whole."""

import os
import shutil
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from datetime import date
from gzip import GzipFile
from io import BufferedIOBase
from pathlib import Path
from typing import NamedTuple

from intake.demo import lines
from intake.demo.examples import SHORTEST
from intake.demo.portfolio import Portfolio

FILES = {
    "institutions.csv": lines.INSTITUTION_COLUMNS,
    "loans.csv.gz": lines.LOAN_COLUMNS,
    "repayments.csv.gz": lines.REPAYMENT_COLUMNS,
    "inquiries.csv.gz": lines.INQUIRY_COLUMNS,
}
LONGEST = 240
STEP = 100  # borrowers between two calls of progress, and between two writes


class Summary(NamedTuple):
    """How many rows were written to each file; every version of a row is one."""

    institutions: int
    loans: int
    repayments: int
    inquiries: int


def silent(_done: int, _total: int) -> None:
    """Say nothing about progress."""


def write(  # noqa: PLR0913 - what makes up a demo, each with a default
    folder: Path,
    *,
    borrowers: int = 20_000,
    seed: int = 1,
    months: int = 48,
    last_month: date = date(2026, 10, 1),
    progress: Callable[[int, int], None] = silent,
) -> Summary:
    """Write a made-up market as a delivery folder, whole or not at all, and count the rows.

    `months` (24 to 240) end with `last_month`, named by its first day. `progress` gets the borrowers done and their
    total, after every hundred and at the end. An earlier demo in the folder is replaced; a folder that holds anything
    else is left alone and is a FileExistsError, an argument out of range a ValueError.
    """
    _check_arguments(borrowers, months, last_month)
    folder = folder.absolute()
    _check_folder(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = folder.with_name(f".{folder.name}.{os.getpid()}.new")
    shutil.rmtree(aside, ignore_errors=True)  # of a process of the same number that was killed
    aside.mkdir()
    try:
        summary = _write_files(aside, Portfolio(seed, months, last_month), borrowers, progress)
        _replace(folder, aside)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return summary


def _write_files(folder: Path, portfolio: Portfolio, borrowers: int, progress: Callable[[int, int], None]) -> Summary:
    calendar = portfolio.calendar
    with ExitStack() as opened:
        members, loans, repayments, inquiries = sheets = [
            _Sheet(folder / name, columns, opened) for name, columns in FILES.items()
        ]
        members.add(lines.institution_lines())
        for done, borrower in enumerate(portfolio.borrowers(borrowers), 1):
            loans.add(lines.loan_lines(borrower, calendar))
            repayments.add(lines.repayment_lines(borrower, calendar))
            inquiries.add(lines.inquiry_lines(borrower, calendar))
            if done % STEP == 0 or done == borrowers:
                for sheet in sheets:
                    sheet.flush()
                progress(done, borrowers)
        return Summary(*(sheet.rows for sheet in sheets))


class _Sheet:
    """One file and its lines."""

    def __init__(self, path: Path, columns: str, opened: ExitStack) -> None:
        file: BufferedIOBase = opened.enter_context(path.open("wb"))
        if path.suffix == ".gz":
            # Without name and time of writing the same lines are the same bytes.
            file = opened.enter_context(GzipFile("", "wb", 4, file, mtime=0))
        self._file = file
        self._lines = [columns]
        self.rows = 0

    def add(self, text: Iterable[str]) -> None:
        held = len(self._lines)
        self._lines.extend(text)
        self.rows += len(self._lines) - held

    def flush(self) -> None:
        if self._lines:
            self._file.write(("\n".join(self._lines) + "\n").encode())
            self._lines.clear()


def _check_arguments(borrowers: int, months: int, last_month: date) -> None:
    if borrowers < 1:
        raise ValueError(f"borrowers: got {borrowers}, allowed is 1 or more")
    if not SHORTEST <= months <= LONGEST:
        raise ValueError(f"months: got {months}, allowed is {SHORTEST} to {LONGEST}")
    if last_month.day != 1:
        raise ValueError(f"last_month: got {last_month}, allowed is the first day of a month")


def _check_folder(folder: Path) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise FileExistsError(f"{folder} is not a folder; the demo needs a new one, an empty one or an earlier demo")
    strange = sorted(entry.name for entry in folder.iterdir() if entry.name not in FILES)
    if strange:
        raise FileExistsError(
            f"{folder} holds {strange[0]}, which is no part of a demo; "
            "the demo needs a new folder, an empty one or an earlier demo"
        )


def _replace(folder: Path, aside: Path) -> None:
    """Put the new folder in the place of the old, which is gone only once the new is there."""
    old = folder.with_name(f".{folder.name}.{os.getpid()}.old")
    if folder.exists():
        folder.rename(old)
    aside.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
