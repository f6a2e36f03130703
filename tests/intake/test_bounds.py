"""What a load takes of memory and disk: endless input is refused in little memory, a full disk leaves no trace."""

import gzip
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.conftest import CHECKOUT
from tests.intake.delivering import BANK, LOAN, REPAYMENT, WHOLE, deliver, held, loaded, table

MEGABYTE = 1 << 20

# The command line in a process of its own, which tells at its end how much memory it ever held.
MEASURED = """
import pathlib, resource, sys
from cli import main
limit = int(sys.argv.pop(1))
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    main()
finally:
    status = pathlib.Path("/proc/self/status").read_text()
    print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))
"""

linux = pytest.mark.skipif(sys.platform != "linux", reason="/proc tells the most memory that a process held")


class Loaded(NamedTuple):
    """How a load in a process of its own ended: exit status, words, and the most memory that it held, in bytes."""

    status: int
    said: str
    memory: int


def measured(url: str, *paths: Path, file_size: int = 0, **environment: str) -> Loaded:
    """Load in a process of its own, that may write files of so many bytes."""
    ended = subprocess.run(
        [sys.executable, "-c", MEASURED, str(file_size), "load", *map(str, paths)],
        cwd=CHECKOUT,
        env=os.environ | {"DATABASE_URL": url, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return Loaded(ended.returncode, ended.stderr, int(ended.stdout) * 1024)


def endless_value(path: Path) -> None:
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(table([LOAN]).encode() + b'"')
        for _ in range(100):
            file.write(b"x" * MEGABYTE)


def endless_record(path: Path) -> None:
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(table([LOAN]).encode() + b'"')
        for _ in range(100):
            file.write(b'a","\n' * (MEGABYTE // 5))


def wide_header(path: Path) -> None:
    path.with_suffix("").write_bytes(b"x," * (100 * MEGABYTE))


def repeated(path: Path, name: str, rows: int) -> None:
    """Write rows that are all the same as Parquet, which holds the name once."""
    values = {**BANK, "name": name}
    columns = {key: pa.DictionaryArray.from_arrays(pa.repeat(0, rows), [value]) for key, value in values.items()}
    pq.write_table(pa.table(columns), path.with_name("institutions.parquet"), compression="zstd")


def one_value(path: Path) -> None:
    """Some kilobytes, of which one value of 400 MB is made."""
    repeated(path, "x" * (400 * MEGABYTE), 1)


def one_value_again_and_again(path: Path) -> None:
    """A value of 1 MB, to which each of 2,000 rows refers."""
    repeated(path, "x" * MEGABYTE, 2_000)


def rows_without_end(path: Path) -> None:
    """Two million rows of 100 characters in some kilobytes."""
    repeated(path, "x" * 100, 2_000_000)


@linux
@pytest.mark.parametrize("endless", [one_value, one_value_again_and_again, rows_without_end])
def test_endless_parquet_is_refused_in_little_memory(
    database_url: str, tmp_path: Path, endless: Callable[[Path], None]
) -> None:
    (tmp_path / "endless").mkdir()
    endless(tmp_path / "endless" / "institutions.parquet")
    usual = measured(database_url, deliver(tmp_path / "usual", institutions=[BANK]))

    load = measured(database_url, tmp_path / "endless")

    assert load.status == 65
    assert "[FILE_TOO_LARGE]" in load.said
    assert load.memory < usual.memory + 60 * MEGABYTE


@linux
@pytest.mark.parametrize("endless", [endless_value, endless_record, wide_header])
def test_endless_input_is_refused_in_little_memory(
    database_url: str, tmp_path: Path, endless: Callable[[Path], None]
) -> None:
    (tmp_path / "endless").mkdir()
    endless(tmp_path / "endless" / "loans.csv.gz")
    usual = measured(database_url, deliver(tmp_path / "usual", institutions=[BANK]))

    load = measured(database_url, tmp_path / "endless")

    assert (usual.status, load.status) == (0, 65)
    assert "[FILE_TOO_LARGE]" in load.said
    assert load.memory < usual.memory + 30 * MEGABYTE


@linux
@pytest.mark.parametrize("wrong", [{"paid": "x"}, {"paid": "1.00"}])
def test_rejected_rows_by_the_hundred_thousand_take_no_more_memory(
    database_url: str, tmp_path: Path, wrong: dict[str, str]
) -> None:
    """Some are rejected as they are read, the others by the database, since nobody knows their loans."""
    memory = []
    for rows in (30_000, 120_000):
        months = [{**REPAYMENT, "loan": f"U{number % 999}", **wrong} for number in range(rows)]
        deliver(tmp_path / str(rows), institutions=[BANK], loans=[LOAN], repayments=months)

        load = measured(database_url, tmp_path / str(rows), BORROWGRAPH_REJECT_SHARE="1")

        assert load.status == 0, load.said
        assert f"{rows:,} REJECTED" in load.said
        memory.append(load.memory)
    # An object of a hundred bytes for each row that there are more would take as much.
    assert memory[1] < memory[0] + 9 * MEGABYTE


@linux
def test_list_of_problems_that_fills_the_disk_is_said_and_loads_nothing(database_url: str, tmp_path: Path) -> None:
    wrong = [{**REPAYMENT, "loan": f"L{number}", "paid": "x"} for number in range(2_000)]
    deliver(tmp_path / "delivery", institutions=[BANK], loans=[LOAN], repayments=wrong)
    (tmp_path / "room").mkdir()
    before = held(database_url)

    load = measured(database_url, tmp_path / "delivery", file_size=65_536, TMPDIR=str(tmp_path / "room"))

    assert load.status == 73
    assert load.said.splitlines()[-1] == (
        f"borrowgraph: the list of what is wrong with the delivery does not fit into {tmp_path / 'room'}: file too "
        "large; nothing of it was loaded. TMPDIR names another folder"
    )
    assert held(database_url) == before


@pytest.fixture
def small_disk(database_url: str) -> Iterator[str]:
    """Give the name of a tablespace on a disk of 16 MB, beside the server's data, where its user may go."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        [[data]] = connection.execute("show data_directory")
        folder = Path(data).with_name("disk")
        folder.mkdir()
        if subprocess.run(
            ["/bin/mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", folder], capture_output=True, check=False
        ).returncode:
            pytest.skip("only root can make a small disk")
        try:
            owner = Path(data).stat()
            os.chown(folder, owner.st_uid, owner.st_gid)
            connection.execute(f"create tablespace small location '{folder}'")
            yield "small"
            connection.execute("drop tablespace small")
        finally:
            subprocess.run(["/bin/umount", folder], check=True)
            folder.rmdir()


@linux
def test_database_whose_disk_fills_is_said_and_loads_nothing(
    database_url: str, tmp_path: Path, small_disk: str
) -> None:
    months = [{**REPAYMENT, "loan": f"L{number}"} for number in range(150_000)]
    deliver(tmp_path / "delivery", institutions=[BANK], loans=[LOAN], repayments=months)
    loaded(database_url, deliver(tmp_path / "before", **WHOLE))
    before = held(database_url)
    options = f"{database_url}&options=-c%20temp_tablespaces%3D{small_disk}"

    load = measured(options, tmp_path / "delivery")

    assert load.status == 69
    assert "borrowgraph: the database's disk is full, nothing was changed: could not " in load.said
    assert held(database_url) == before
