"""The embedded server as its users meet it: started, stopped, killed, and started again, in folders of all kinds."""

import itertools
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import asyncpg
import psycopg
import pytest

from sql import embedded, state_folder

CHECKOUT = Path(__file__).parents[2]
STATE = CHECKOUT / ".borrowgraph"
AS_ROOT = os.getuid() == 0
SECONDS = 30
MARK = "310101199001011234"

Start = Callable[..., embedded.Server]


def quiet(_: str) -> None:
    """Say nothing."""


def start(home: Path, *, durable: bool = False) -> embedded.Server:
    """Start a server on the programs that the checkout's state folder has, or gets."""
    return embedded.start(home, durable=durable, prefix=STATE, say=quiet)


def remove(home: Path) -> None:
    """Stop a home's server and leave nothing of it."""
    embedded.stop(home)
    running = embedded._server(home.resolve(), Path())
    for folder in {home.resolve(), running.socket}:
        shutil.rmtree(folder, ignore_errors=True)
    if home.is_symlink():
        home.unlink()


@pytest.fixture(scope="module")
def homes() -> Iterator[Iterator[Path]]:
    """Give folders that do not exist yet, where every user can reach them; what gets into them is removed."""
    folder = state_folder.settled(STATE) / f"tests-{os.getpid()}"
    folder.mkdir()
    yield (folder / str(number) for number in itertools.count(1))
    for home in folder.iterdir():
        remove(home)
    folder.rmdir()


@pytest.fixture
def home(homes: Iterator[Path]) -> Path:
    """Give a state folder that does not exist yet."""
    return next(homes)


@pytest.fixture
def unreachable(tmp_path: Path) -> Iterator[Path]:
    """Give a state folder that does not exist yet, where root alone can reach it."""
    tmp_path.chmod(0o700)
    home = tmp_path / "state"
    yield home
    remove(home)


@pytest.fixture(scope="module")
def server(homes: Iterator[Path]) -> embedded.Server:
    """Give a running server for tests that only ask it something."""
    return start(next(homes))


def ask(server: embedded.Server, question: str, database: str = "postgres") -> object:
    """Return the one value that a question is answered with."""
    with psycopg.connect(server.url(database), autocommit=True) as connection:
        answer = connection.execute(question.encode())
        row = answer.fetchone() if answer.description else None
    return row[0] if row else None


def pid(home: Path) -> int:
    """Return the number of the server's first process."""
    found = embedded.status(home).pid
    assert found is not None
    return found


def family(parent: int) -> list[int]:
    """Return a process and its children."""
    stats = (path.read_text() for path in Path("/proc").glob("[0-9]*/stat"))
    children = [int(stat.split(" ", 1)[0]) for stat in stats if int(stat.rpartition(")")[2].split()[1]) == parent]
    return [parent, *children]


def kill(home: Path, *, children: bool = True) -> None:
    """End a server as a power cut would, and wait until it is gone."""
    doomed = family(pid(home)) if children else [pid(home)]
    for number in doomed:
        os.kill(number, signal.SIGKILL)
    until(lambda: embedded.running(home) is None)


def until(reached: Callable[[], bool]) -> None:
    """Wait for something that happens by itself."""
    deadline = time.monotonic() + SECONDS
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def script(home: Path, rest: str = "") -> list[str]:
    """Return a command that starts a home's server in a process of its own, and then does the rest."""
    lines = ["import sys", "from pathlib import Path", "from sql import embedded"]
    lines += [f"server = embedded.start(Path({str(home)!r}), durable=False, prefix=Path({str(STATE)!r}))", rest]
    return [sys.executable, "-c", "\n".join(lines)]


def test_start_new_folder_answers_psycopg_with_timescaledb(server: embedded.Server) -> None:
    ask(server, "create extension if not exists timescaledb", "borrowgraph")
    found = ask(server, "select count(*) from pg_extension where extname = 'timescaledb'", "borrowgraph")

    assert found == 1


async def test_url_given_to_asyncpg_reaches_the_same_server(server: embedded.Server) -> None:
    connection = await asyncpg.connect(server.url("postgres"))
    folder = await connection.fetchval("show data_directory")
    await connection.close()

    assert folder == ask(server, "show data_directory")


def test_reader_url_logs_in_without_owning_anything(server: embedded.Server) -> None:
    with psycopg.connect(server.reader_url()) as connection:
        row = connection.execute("select current_user, rolsuper from pg_roles where rolname = current_user").fetchone()

    assert row == ("borrowgraph_service", False)


def test_start_running_server_returns_it_as_it_is(home: Path) -> None:
    first = start(home)
    before = pid(home)

    again = start(home)

    assert (again, pid(home)) == (first, before)


def test_start_two_commands_at_once_start_one_server(home: Path) -> None:
    ask_for_pid = "print(embedded.status(server.socket.parent).pid)"

    with ThreadPoolExecutor(2) as pool:
        runs = pool.map(lambda _: subprocess.check_output(script(home, ask_for_pid), text=True, cwd=CHECKOUT), range(2))
        numbers = {said.splitlines()[-1] for said in runs}

    assert numbers == {str(pid(home))}


def test_stop_running_server_is_down_and_starts_again(home: Path) -> None:
    start(home)

    stopped = embedded.stop(home)

    assert (stopped, embedded.running(home), embedded.stop(home)) == (True, None, False)
    assert ask(start(home), "select 1") == 1


def test_looking_at_a_folder_that_is_not_there_does_not_make_it(home: Path) -> None:
    seen = embedded.running(home), embedded.stop(home), embedded.status(home).running

    assert (seen, home.exists()) == ((None, False, False), False)


def test_status_running_server_names_versions_and_places(home: Path) -> None:
    start(home)

    found = embedded.status(home)

    assert found.version.startswith("PostgreSQL 1")
    assert "TimescaleDB 2." in found.version
    assert (found.data, found.log.is_dir()) == (home.resolve() / "data", True)


def test_start_after_kill_nine_has_all_that_was_committed(home: Path) -> None:
    server = start(home, durable=True)
    with psycopg.connect(server.url()) as connection:
        connection.execute("create extension if not exists timescaledb")
        connection.execute("create table repayment (loan bigint, month date not null)")
        connection.execute("select create_hypertable('repayment', by_range('month', interval '12 months'))")
        with connection.cursor().copy("copy repayment from stdin") as copy:
            for number in range(10_000):
                copy.write_row((number, f"{2020 + number % 5}-01-01"))
    with closing(psycopg.connect(server.url())) as unfinished:
        unfinished.execute("delete from repayment")
        kill(home)

    again = start(home, durable=True)

    assert ask(again, "select count(*)::int from repayment", "borrowgraph") == 10_000


def test_start_after_kill_nine_of_the_first_process_alone_ends_the_others(home: Path) -> None:
    server = start(home)
    with closing(psycopg.connect(server.url())) as busy, ThreadPoolExecutor(1) as pool:
        # A process that computes does not notice that the first is gone, until it is done.
        computing = pool.submit(busy.execute, "select count(*) from generate_series(1, 1_000_000_000)")
        until(lambda: ask(server, "select count(*)::int from pg_stat_activity where query like '%1_000_000_000%'") == 2)
        kill(home, children=False)

        again = start(home)

        assert ask(again, "select 1") == 1
        assert isinstance(computing.exception(timeout=SECONDS), psycopg.OperationalError)


def test_start_where_another_process_has_the_killed_servers_number_starts(home: Path) -> None:
    server = start(home)
    lock, socket = home / "data" / "postmaster.pid", server.socket / ".s.PGSQL.5432.lock"
    account = {"user": "nobody"} if AS_ROOT else {}
    with subprocess.Popen(["/bin/sleep", "600"], **account) as other:  # type: ignore[call-overload]
        try:
            kill(home)
            for path in (lock, socket):
                path.write_text(path.read_text().replace(path.read_text().split("\n")[0], str(other.pid), 1))

            assert embedded.running(home) is None
            assert ask(start(home), "select 1") == 1
        finally:
            other.kill()


def test_running_where_another_server_has_the_killed_servers_number_is_none(
    home: Path, server: embedded.Server
) -> None:
    start(home)
    kill(home)
    lock = home / "data" / "postmaster.pid"
    others = pid(server.socket.parent)

    lock.write_text(lock.read_text().replace(lock.read_text().split("\n")[0], str(others), 1))

    assert embedded.running(home) is None
    assert embedded.stop(home) is False


def test_start_after_an_interrupted_setup_sets_up_anew(home: Path) -> None:
    (home / "data.new" / "base").mkdir(parents=True)
    (home / "data.new" / "PG_VERSION").write_text("17\n")

    server = start(home)

    assert ask(server, "select 1") == 1
    assert not (home / "data.new").exists()


def test_start_data_of_another_version_says_what_to_do(home: Path) -> None:
    (home / "data").mkdir(parents=True)
    (home / "data" / "PG_VERSION").write_text("9\n")

    with pytest.raises(embedded.EmbeddedError, match=r"made by PostgreSQL 9.*install PostgreSQL 9 with TimescaleDB"):
        start(home)


def test_start_server_that_cannot_start_says_what_its_log_says(home: Path) -> None:
    server = start(home)
    ask(server, "alter system set shared_preload_libraries = 'no_such_library'")
    embedded.stop(home)

    with pytest.raises(embedded.EmbeddedError, match="no_such_library"):
        start(home)


def test_start_settings_made_by_alter_system_stay(home: Path) -> None:
    ask(start(home), "alter system set work_mem = '7MB'")
    embedded.stop(home)

    again = start(home)

    assert ask(again, "show work_mem") == "7MB"


@pytest.mark.parametrize(("durable", "expected"), [(True, "on"), (False, "off")])
def test_start_durable_or_not_sets_what_survives_a_power_cut(home: Path, expected: str, *, durable: bool) -> None:
    server = start(home, durable=durable)

    found = [ask(server, f"show {name}") for name in ("fsync", "synchronous_commit", "full_page_writes")]

    assert found == [expected] * 3


def test_server_is_reached_through_its_private_socket_alone(server: embedded.Server) -> None:
    assert ask(server, "show listen_addresses") == ""
    assert server.socket.stat().st_mode & 0o777 == 0o700
    assert (server.socket.parent / "data").stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(not AS_ROOT, reason="only root hands the server to another user")
def test_server_started_by_root_is_an_unprivileged_user(server: embedded.Server) -> None:
    status = Path("/proc", str(pid(server.socket.parent)), "status").read_text()

    users = next(line for line in status.splitlines() if line.startswith("Uid:"))
    groups = next(line for line in status.splitlines() if line.startswith("Groups:"))

    assert "0" not in users.split()[1:]
    assert groups.split() == ["Groups:"]


def test_time_zone_of_the_platform_is_known(server: embedded.Server) -> None:
    with psycopg.connect(server.url()) as connection:
        connection.execute("set timezone = 'Asia/Shanghai'")
        row = connection.execute("select '2026-11-22T20:00:00Z'::timestamptz::date::text").fetchone()

    assert row == ("2026-11-23",)


def test_text_sorts_by_code_point_and_knows_letters(server: embedded.Server) -> None:
    found = ask(
        server, "select string_agg(name, '' order by name) || upper('é') from unnest('{b,Z,a,é,B}'::text[]) name"
    )

    assert found == "BZabéÉ"


def test_database_in_use_until_just_now_can_be_cloned(server: embedded.Server) -> None:
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute("create database source")
        with psycopg.connect(server.url("source")) as source:
            source.execute("create extension timescaledb")
            source.execute("create table repayment (month date not null)")
            source.execute("select create_hypertable('repayment', by_range('month'))")
            source.execute("insert into repayment values ('2026-01-01')")
        for number in range(3):
            connection.execute(f"create database clone_{number} template source")

    assert [ask(server, "select count(*)::int from repayment", f"clone_{number}") for number in range(3)] == [1] * 3


def test_log_failing_statements_hold_nothing_of_their_data(server: embedded.Server) -> None:
    failing = [
        (f"select '{MARK}'::date", []),  # the error's own text holds it
        ("select $1::text::int", [MARK]),  # a parameter
        ("insert into person values ($1)", [MARK]),  # the detail: Key (number)=(…) already exists
        (f"do $$ begin raise warning '{MARK}'; raise exception '{MARK}'; end $$", []),
    ]
    with psycopg.connect(server.url("postgres"), autocommit=True, cursor_factory=psycopg.RawCursor) as connection:
        connection.execute("create table person (number text primary key)")
        connection.execute("insert into person values ($1)", [MARK])
        for statement, parameters in failing:
            with pytest.raises(psycopg.DatabaseError, match=MARK):
                connection.execute(statement.encode(), parameters)
        connection.execute("create table amount (value integer)")
        with (
            pytest.raises(psycopg.DatabaseError, match=MARK),
            connection.cursor().copy("copy amount from stdin") as copy,
        ):
            copy.write_row([MARK])  # its context: the line of the file

    logs = [path.read_text() for path in (server.socket.parent / "log").iterdir()]

    assert "ready to accept connections" in "".join(logs)
    assert MARK not in "".join(logs)


def test_server_outlives_the_command_that_started_it_and_its_interrupt(home: Path) -> None:
    command = script(home, "print('started', flush=True); sys.stdin.read()")
    with subprocess.Popen(
        command, cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, start_new_session=True,
    ) as starter:  # fmt: skip
        assert starter.stdout is not None
        assert any(line == "started\n" for line in starter.stdout)

        os.killpg(starter.pid, signal.SIGINT)
        # Ends only when nobody holds the other ends of the pipes: a server that did would hang `… | tee`.
        starter.communicate(timeout=SECONDS)

    assert embedded.running(home) is not None


def test_start_path_too_long_for_a_socket_puts_it_in_a_private_folder_elsewhere(home: Path) -> None:
    long = home / ("it's, a: 100% 库" + "x" * 120)

    server = start(long)

    assert ask(server, "select 1") == 1
    assert server.socket.parent == Path("/tmp")  # noqa: S108 - where else would be short
    assert server.socket.stat().st_mode & 0o777 == 0o700
    remove(long)


def test_start_somebody_elses_socket_folder_is_refused(home: Path, tmp_path: Path) -> None:
    long = home / ("x" * 120)
    socket = embedded._server(long.resolve(), Path()).socket
    socket.symlink_to(tmp_path)

    with pytest.raises(embedded.EmbeddedError, match="belongs to somebody else"):
        start(long)

    socket.unlink()


@pytest.mark.skipif(not AS_ROOT, reason="only root hands the server to another user")
def test_start_folder_that_the_servers_user_cannot_reach_is_moved_with_its_content(unreachable: Path) -> None:
    unreachable.mkdir()
    (unreachable / "secret").write_text("kept")

    server = start(unreachable)

    assert ask(server, "select 1") == 1
    assert unreachable.is_symlink()
    assert (unreachable / "secret").read_text() == "kept"
    assert start(unreachable) == server == embedded.running(unreachable)


@pytest.mark.skipif(not AS_ROOT, reason="only root hands the server to another user")
def test_start_folder_at_a_path_used_before_begins_anew(unreachable: Path) -> None:
    ask(start(unreachable), "create table ours ()")
    embedded.stop(unreachable)
    before = unreachable.resolve()
    unreachable.unlink()

    server = start(unreachable)

    assert unreachable.resolve() != before
    assert ask(server, "select to_regclass('ours')") is None
    remove(before)


def test_start_folder_that_cannot_be_made_says_which_setting_names_another(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(embedded.EmbeddedError, match="BORROWGRAPH_HOME"):
        start(tmp_path / "file" / "state")
