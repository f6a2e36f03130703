"""Progress: a live line on a terminal, plain lines now and then elsewhere."""

import csv
import gzip
import io
import os
import pty
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from intake.progress import Progress, duration
from tests.conftest import CHECKOUT
from tests.intake.delivering import INQUIRY, REPAYMENT

ROWS = 600_000
STATE = re.compile(r"([\w.]+): \[#*\.*\] ([\d,]+) rows(?:, ([\d,]+) rows/s)?, (\d+)%(?:, (.+) left)?")


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_progress_in_a_pipe_says_plain_lines_now_and_then(clock: Clock) -> None:
    stream = io.StringIO()

    with Progress(stream, clock).task("loans.csv", 1000) as task:
        for clock.time in range(1, 26):
            task.at(clock.time * 100, clock.time * 20)

    assert stream.getvalue().splitlines() == [
        "loans.csv: 1,000 rows, 100 rows/s, 20%, 40 s left",
        "loans.csv: 2,000 rows, 100 rows/s, 40%, 30 s left",
        "loans.csv: 2,500 rows, 25 s",
    ]


def test_progress_on_a_terminal_redraws_one_line(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "60")
    stream = Terminal()

    with Progress(stream, clock).task("loans.csv", 1000) as task:
        clock.time = 2.0
        task.at(500, 250)
        clock.time = 2.01
        task.at(501, 250)

    drawn = stream.getvalue().split("\r\x1b[K")
    assert drawn[1:] == [
        "loans.csv: ",
        "loans.csv: [#####...............] 500 rows, 250 rows/s, 25%",
        "loans.csv: 501 rows, 2.0 s\n",
    ]


def test_progress_of_work_that_fails_leaves_no_line(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    stream = Terminal()

    with pytest.raises(ValueError, match="no"), Progress(stream, clock).task("loans.csv"):
        raise ValueError("no")

    assert stream.getvalue().endswith("\r\x1b[K")


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.04, "0.0 s"), (9.94, "9.9 s"), (59.6, "1 min 0 s"), (42.4, "42 s"), (200, "3 min 20 s")]
)
def test_duration_is_said_as_a_person_would(seconds: float, said: str) -> None:
    assert duration(seconds) == said


def on_a_terminal(*arguments: str, **environment: str) -> Iterator[str]:
    """Run the command line on a terminal of its own; yields all that its lines ever showed."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "cli", *arguments]
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "120", **environment}
    with subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdin=theirs, stderr=theirs) as process:
        os.close(theirs)
        shown = b""
        try:
            while more := os.read(ours, 65_536):
                shown += more
        except OSError:  # on Linux a terminal whose other side is closed ends so
            pass
        process.wait(timeout=60)
    os.close(ours)
    yield from re.split(r"\r\x1b\[K|\r\n", shown.decode())


def many_inquiries(path: Path) -> None:
    chance = random.Random(3)  # noqa: S311
    with gzip.open(path, "wt", compresslevel=1, encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(INQUIRY))
        writer.writeheader()
        writer.writerows({**INQUIRY, "subject_key": chance.randbytes(32).hex()} for _ in range(ROWS))


def many_repayments(path: Path) -> None:
    columns = {name: pa.DictionaryArray.from_arrays(pa.repeat(0, ROWS), [value]) for name, value in REPAYMENT.items()}
    pq.write_table(pa.table(columns), path)


def test_progress_of_a_load_on_a_terminal_tells_rows_rate_share_and_time_left(
    database_url: str, tmp_path: Path
) -> None:
    # After a fault rows are only read, which is what is looked at here.
    (tmp_path / "institutions.csv").write_text("code,name\n")
    many_inquiries(tmp_path / "inquiries.csv.gz")
    many_repayments(tmp_path / "repayments.parquet")

    shown = list(on_a_terminal("load", str(tmp_path), DATABASE_URL=database_url))

    for name in ("inquiries.csv.gz", "repayments.parquet"):
        states = [match.groups() for match in map(STATE.fullmatch, shown) if match and match[1] == name]
        rows = [int(state[1].replace(",", "")) for state in states]
        shares = [int(state[3]) for state in states]
        assert rows == sorted(rows)
        assert all(abs(share - 100 * row / ROWS) < 3 for row, share in zip(rows, shares, strict=True))
        assert [share for share in shares if 0 < share < 100]
        [took] = [
            match[1] for match in (re.fullmatch(f"{name}: {ROWS:,} rows, ([0-9.]+) s", line) for line in shown) if match
        ]
        # Rate and time left are told after a second, which a fast machine may not need.
        assert any(state[2] and state[4] for state in states) or float(took) < 2
