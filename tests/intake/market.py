"""Two deliveries of a small market for tests that disturb loads: a first one, and a second that corrects it."""

import csv
import gzip
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from intake import demo
from tests.intake.delivering import deliver

BORROWERS = 200
CUT = "2025-09"  # what is reported from this month on is in the second delivery
LATER = "2026-11-01T00:00:00+08:00"

Row = dict[str, str]


class Market(NamedTuple):
    """The folders of both deliveries; each has rows of every kind, and a few that are rejected."""

    first: Path
    second: Path


def write(folder: Path) -> Market:
    """Write both deliveries under a folder."""
    demo.write(folder / "whole", borrowers=BORROWERS)
    whole = read(folder / "whole")
    loans = _split(whole["loans"], "reported_at", _other_loan)
    repayments = _split(whole["repayments"], "reported_at", _other_repayment)
    inquiries = _split(whole["inquiries"], "inquired_at", None)
    renamed = [{**row, "name": f"{row['name']} again"} for row in whole["institutions"][::5]]
    names = whole["institutions"], renamed
    return Market(
        *(
            deliver(
                folder / str(at),
                institutions=names[at],
                loans=[*loans[at], {**loans[at][0], "loan": "of nobody", "institution": "XX"}],
                repayments=[*repayments[at], *_bad(repayments[at])],
                inquiries=inquiries[at],
            )
            for at in range(2)
        )
    )


def read(folder: Path) -> dict[str, list[Row]]:
    """The rows of a delivery by kind of file."""
    return {path.name.partition(".")[0]: _read(path) for path in folder.iterdir()}


def _read(path: Path) -> list[Row]:
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return list(csv.DictReader(data.decode().splitlines()))


def _split(rows: list[Row], instant: str, other: Callable[[Row], Row] | None) -> tuple[list[Row], list[Row]]:
    """Rows before and after the cut; the later ones with corrections, repeats and late older versions of the others."""
    before = [row for row in rows if row[instant] < CUT]
    after = [row for row in rows if row[instant] >= CUT]
    if other:
        after += [{**other(row), instant: LATER} for row in before[::10]]
        after += [{**row, instant: LATER} for row in before[1::10]]
        after += [{**other(row), instant: _earlier(row[instant])} for row in before[2::10]]
    return before, after + before[3::10]


def _earlier(instant: str) -> str:
    return (datetime.fromisoformat(instant) - timedelta(seconds=1)).isoformat()


def _other_loan(row: Mapping[str, str]) -> Row:
    return {**row, "principal": f"{float(row['principal']) + 1:.2f}"}


def _other_repayment(row: Mapping[str, str]) -> Row:
    return {**row, "paid": f"{float(row['paid']) + 1:.2f}"}


def _bad(rows: list[Row]) -> list[Row]:
    return [{**rows[0], "days_past_due": "many"}, {**rows[1], "loan": "of nobody"}]
