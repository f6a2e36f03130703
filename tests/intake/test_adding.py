"""The engine that adds up: what goes in comes out to the last digit, in however many parts, and it sees no more."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import CancelledError
from pathlib import Path
from threading import Event, Thread

import duckdb
import psycopg
import pytest

from intake import adding
from intake.adding import Adder, engine
from intake.problems import LoadError
from sql.statements import FOLDER, statement
from tests.conftest import CHECKOUT
from tests.intake.killing import until

SUMS = sorted(path.stem.removeprefix("sum_").removesuffix("s") for path in (FOLDER / "adding").glob("sum_*.sql"))
MOST = 2**63 - 1
ENDLESS = "select sum(a.range * b.range) from range(1_000_000_000) a, range(1_000_000_000) b"
CELLS, MEMBERS = [(1, 7), (2, 8)], [(1, 10), (1, 11), (2, 10), (2, 12)]

# Borrower, loan, cell, institution, opened, closed, principal, whether all of it is touched, its first month (January
# 2024), the touched months, and days past due, balance and overdue amount by month. The first says nothing of February.
LOANS = (
    "5\t1\t1\t7\t2024-01-10\t\\N\t{principal}\tt\t24289\t1\t3\t{{0,NULL,31}}\t{{{balance},NULL,1}}\t{{0,NULL,1}}\t{changes}\n",
    "5\t2\t2\t8\t2024-01-31\t2024-02-29\t{principal}\tt\t24289\t1\t2\t{{0,0}}\t{{{balance},0}}\t{{0,0}}\t{changes}\n",
    "6\t3\t1\t7\t2024-01-10\t\\N\t{principal}\tt\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t{changes}\n",
)


class Recording(Adder):
    """An engine that remembers what it was asked to run."""

    def __init__(self) -> None:
        self.ran = set[str]()
        super().__init__()

    def _run(self, name: str, *values: object) -> None:
        self.ran.add(name)
        super()._run(name, *values)


@pytest.fixture
def adder() -> Iterator[Adder]:
    with Adder() as adder:
        adder._ask(lambda: None).result()  # until it has started
        yield adder


def lines(principal: int = 100, balance: int = 50, changes: str = "t") -> list[bytes]:
    return [line.format(principal=principal, balance=balance, changes=changes).encode() for line in LOANS]


def noted(adder: Adder, rows: list[bytes], sign: int, borrowers: int = 1) -> None:
    adder.take(rows, sign)
    adder.note(borrowers)


def given(adder: Adder) -> dict[str, str]:
    """What the engine gives of each rollup."""
    adder.add_up(CELLS, MEMBERS, SUMS)
    return {name: b"".join(adder.sums(name)).decode() for name in SUMS}


def test_loans_add_up_to_what_they_say(adder: Adder) -> None:
    noted(adder, lines(), 1)

    sums = given(adder)

    assert sums["month"].splitlines() == [
        "10\t2024-01-01\t0\t2\t100\t0",
        "10\t2024-03-01\t2\t1\t1\t1",
        "11\t2024-01-01\t0\t1\t50\t0",
        "11\t2024-03-01\t2\t1\t1\t1",
        "12\t2024-01-01\t0\t1\t50\t0",
    ]
    # Not reported in the next month is \N.
    assert sums["move"].splitlines()[:3] == [
        "10\t2024-01-01\t0\t0\t1",
        "10\t2024-01-01\t0\t\\N\t1",
        "10\t2024-02-01\t0\t\\N\t1",
    ]
    assert sums["borrower"].splitlines() == ["2024-01-01\t{1, 2}\t1", "2024-03-01\t{1}\t1"]
    assert sums["opener"].splitlines() == ["2024-01-01\t{1}\t1", "2024-01-01\t{1, 2}\t1"]
    assert sums["opening"].splitlines() == [
        "1\t2024-01-10\t2\t200\t{0, 1, 2, 2, 3}\t{-1, -1, -1, 31, -1}\t{1, -1, 1, 1, -1}",
        "2\t2024-01-31\t1\t100\t{0, 2}\t{-1, -1}\t{1, -1}",
    ]
    # One lender from 10 January, of two borrowers; of one of them two from 31 January to 29 February; late in March.
    assert sums["turn"].splitlines()[0] == "2024-01-10\t{1, 1}\t{0, 7}\t{2, 2}\t{0, 0}"
    assert sums["holder"].splitlines()[:4] == [
        "10\t2024-01-01\t1\t1\t0\t0",
        "10\t2024-01-01\t2\t1\t0\t0",
        "10\t2024-03-01\t1\t1\t1\t0",
        "10\t2024-03-01\t2\t-1\t0\t0",
    ]


def test_loans_taken_away_again_leave_nothing(adder: Adder) -> None:
    noted(adder, lines(), 1)
    noted(adder, lines()[::-1], -1)

    assert given(adder) == dict.fromkeys(SUMS, "")


def test_loans_that_do_not_change_are_there_before_and_after(adder: Adder) -> None:
    before = lines()
    after = [line.replace(b"{0,NULL,31}", b"{0,NULL,61}") for line in before]
    with Adder() as other:
        noted(other, before, -1)
        noted(other, after, 1)
        expected = given(other)

    adder.take([before[0], *lines(changes="f")[1:]], -1)
    adder.take(after[:1], 1)
    adder.note()

    assert given(adder) == expected
    assert expected["month"] == (
        "10\t2024-03-01\t2\t-1\t-1\t-1\n10\t2024-03-01\t3\t1\t1\t1\n11\t2024-03-01\t2\t-1\t-1\t-1\n11\t2024-03-01\t3\t1\t1\t1\n"
    )


def test_loans_noted_in_parts_add_up_to_the_same(adder: Adder) -> None:
    noted(adder, lines(), 1)
    with Adder() as parted:
        noted(parted, lines(), 1, borrowers=5 * adding.PART)

        assert given(parted) == given(adder)


def test_amounts_are_added_up_to_the_last_digit(adder: Adder) -> None:
    for _ in range(3):
        noted(adder, lines(principal=MOST, balance=MOST), 1)

    sums = given(adder)

    assert sums["month"].splitlines()[0] == f"10\t2024-01-01\t0\t6\t{6 * MOST}\t0"
    assert sums["cohort"].splitlines()[0] == f"10\t2024-01-01\t9\t{9 * MOST}"
    assert sums["opening"].startswith(f"1\t2024-01-10\t6\t{6 * MOST}\t")


def test_months_and_buckets_are_those_of_the_database(adder: Adder, database_url: str) -> None:
    days = [*range(400), MOST >> 32]
    months = [f"{year}-{month:02}-28" for year in (1900, 1999, 2000, 2024) for month in range(1, 13)]
    with psycopg.connect(database_url) as connection:
        buckets = connection.execute(
            "select array_agg(portfolio_bucket(d) order by n) from unnest(%s::int[]) with ordinality u (d, n)", [days]
        ).fetchall()
        slots = connection.execute(
            "select array_agg(series_slot(d) order by n) from unnest(%s::date[]) with ordinality u (d, n)", [months]
        ).fetchall()

    engine = adder._engine
    assert engine.execute("select list_transform($1::integer[], lambda d: bucket_of(d))", [days]).fetchall() == buckets
    assert engine.execute("select list_transform($1::date[], lambda d: slot_of(d))", [months]).fetchall() == slots
    assert engine.execute("select bucket_of(null)").fetchall() == [(None,)]
    back = engine.execute("select list_transform($1::date[], lambda d: month_of(slot_of(d))::varchar)", [months])
    assert back.fetchall() == [([f"{month[:-2]}01" for month in months],)]


def test_engine_runs_every_statement_of_its_folder() -> None:
    with Recording() as adder:
        noted(adder, lines(), 1)
        given(adder)
        adder.forget()

    run = adder.ran | {f"sum_{name}s" for name in SUMS}
    assert run == {path.stem for path in (FOLDER / "adding").glob("*.sql")}
    assert all(statement(f"adding/{name}").text.startswith("-- ") for name in run)


def test_engine_that_took_nothing_in_notes_nothing() -> None:
    with Recording() as adder:
        noted(adder, [], -1)
        adder._ask(lambda: None).result()
        before = set(adder.ran)
        noted(adder, lines(), 1)
        sums = given(adder)

    assert before == {"shut_off", "create"}
    with Adder() as other:
        noted(other, lines(), 1)
        assert given(other) == sums


@pytest.mark.parametrize(
    "asked",
    [
        "select * from read_csv('/etc/passwd')",
        "copy (select 1) to '/tmp/out.csv'",
        "attach '/tmp/other.db'",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "set memory_limit = '10GB'",
    ],
)
def test_engine_has_neither_files_nor_extensions_nor_other_settings(adder: Adder, asked: str) -> None:
    with pytest.raises(duckdb.Error, match=r"disabled|locked|Cannot"):
        adder._engine.execute(asked)


def test_engine_is_given_again_once_it_has_forgotten_everything() -> None:
    with engine() as adder:
        noted(adder, lines(), 1)
        given(adder)
    with engine() as again:
        sums = given(again)

    assert again is adder
    assert sums == dict.fromkeys(SUMS, "")


def test_engine_that_failed_is_not_given_again() -> None:
    with pytest.raises(duckdb.Error, match="nothing"), engine() as adder:
        adder._ask(lambda: adder._engine.execute("select nothing")).result()
    with engine() as other:
        assert other is not adder


def test_engine_that_took_in_much_is_not_given_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adding, "LINES", 2)

    with engine() as adder:
        noted(adder, lines(), 1)
    with engine() as other:
        assert other is not adder


def test_engine_that_fails_says_so_whatever_it_is_asked_next(adder: Adder) -> None:
    noted(adder, [b"no number" + lines()[0]], 1)
    with pytest.raises(duckdb.ConversionException, match="no number"):
        adder._ask(list).result()

    for ask in (lambda: adder.take(lines(), 1), adder.note, lambda: given(adder), adder.forget):
        with pytest.raises(duckdb.ConversionException, match="no number"):
            ask()


def test_whoever_gives_more_than_the_engine_takes_in_waits(monkeypatch: pytest.MonkeyPatch, adder: Adder) -> None:
    monkeypatch.setattr(adding, "LINES", 1)
    begin, taken = Event(), list[bytes]()

    def rows() -> Iterator[bytes]:
        for line in lines() * adding.AHEAD:
            taken.append(line)
            yield line

    adder._ask(begin.wait)
    giver = Thread(target=adder.take, args=(rows(), 1))
    giver.start()
    until(lambda: len(taken) > adding.AHEAD)
    giver.join(0.5)
    waiting = giver.is_alive(), len(taken)
    begin.set()
    giver.join()

    assert waiting == (True, adding.AHEAD + 1)
    assert len(taken) == len(LOANS) * adding.AHEAD
    adder.note()
    assert given(adder)["cohort"].splitlines()[0] == f"10\t2024-01-01\t{3 * adding.AHEAD}\t{300 * adding.AHEAD}"


def test_engine_that_is_closed_breaks_off_what_it_does() -> None:
    with Adder() as adder:
        endless, after = adder._ask(lambda: adder._engine.execute(ENDLESS)), adder._ask(lambda: None)

    for broken_off in (endless, after):
        with pytest.raises((duckdb.InterruptException, CancelledError)):
            broken_off.result()


def test_engine_draws_nothing_on_the_terminal(adder: Adder) -> None:
    assert adder._engine.execute("select current_setting('enable_progress_bar')").fetchall() == [(False,)]


def test_engine_is_imported_by_nobody_before_it_adds_up() -> None:
    asked = "import sys, cli, graph.service, intake.load; print('duckdb' in sys.modules)"

    said = subprocess.run([sys.executable, "-c", asked], cwd=CHECKOUT, capture_output=True, text=True, check=True)

    assert said.stdout == "False\n"


def test_engine_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    with Adder() as adder:
        noted(adder, lines(), 1)

    assert list(tmp_path.iterdir()) == []


def test_engine_without_room_says_where_it_looked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))

    with pytest.raises(LoadError, match=f"does not fit into 256MB of memory and {tmp_path}/gone; nothing was changed"):
        Adder()
