"""The embedded TimescaleDB: a server of our own, private to the user, on a Unix socket in the state folder."""

import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import psycopg

from sql.debian import DebianError, installed, unpacked

DATABASE, OWNER, READER, READER_LOGIN = "borrowgraph", "borrowgraph", "borrowgraph_reader", "borrowgraph_service"
SYSTEM_STATE = Path("/var/lib/borrowgraph")
LONGEST_SOCKET = 107  # bytes in a Unix socket's address, on Linux
PATIENCE = 60  # seconds to wait for a start or a stop

ROLES = f"""
do $$
begin
    if not exists (select from pg_roles where rolname = '{READER}') then create role {READER} nologin; end if;
    if not exists (select from pg_roles where rolname = '{READER_LOGIN}') then
        create role {READER_LOGIN} login in role {READER};
    end if;
end $$
"""


class EmbeddedError(Exception):
    """The embedded server cannot be had; the message says what a person can do."""


@dataclass(frozen=True)
class Server:
    """A running server: the folder of its socket, and psql to talk to it."""

    socket: Path
    psql: Path

    def url(self, database: str = DATABASE, user: str = OWNER) -> str:
        """Return a database's address, as libpq and asyncpg read it."""
        return f"postgresql://{user}@/{database}?host={quote(str(self.socket), safe='/')}"

    def reader_url(self, database: str = DATABASE) -> str:
        """Return the address with the login that can only read the portfolio."""
        return self.url(database, READER_LOGIN)


class Status(NamedTuple):
    """What `borrowgraph database status` says."""

    running: bool
    version: str
    source: str
    data: Path
    log: Path


def start(
    home: Path, *, durable: bool = True, prefix: Path | None = None, say: Callable[[str], None] = print
) -> Server:
    """Return the running server of the state folder ``home``, setting it up and starting it where needed.

    ``durable=False`` trades safety for speed: for tests alone. ``prefix`` is the state folder whose unpacked programs
    are used; its own by default. Started by root, the server is the user nobody's. Raises EmbeddedError.
    """
    state = _state(home)
    with _locked(state):
        programs = _programs(_state(prefix) if prefix else state, say)
        server = _server(state, programs)
        if not _answers(server, state):
            if not (state / "data" / "PG_VERSION").exists():
                say(f"setting up a database in {state / 'data'}")
                _create(state, programs)
            _configure(state, server, durable=durable)
            _clear_stale_lock(state)
            _launch(state, programs)
            say(f"TimescaleDB is running; its log is in {state / 'log'}")
        _create_database(server)
        return server


def running(home: Path) -> Server | None:
    """Return the state folder's server if it runs."""
    state = _state(home)
    programs = installed() or state / "postgres" / "usr" / "lib" / "postgresql" / "17" / "bin"
    server = _server(state, programs)
    return server if _answers(server, state) else None


def stop(home: Path) -> bool:
    """Stop the state folder's server and wait until it is down; False where it did not run."""
    state = _state(home)
    with _locked(state):
        pid = _postmaster(state)
        if pid is None:
            return False
        os.kill(pid, signal.SIGINT)  # PostgreSQL's fast shutdown: open transactions are rolled back
        _wait_until(lambda: not Path(f"/proc/{pid}").exists(), f"the server (process {pid}) does not stop")
        return True


def status(home: Path) -> Status:
    """Say what there is."""
    state, server = _state(home), running(home)
    version = ""
    if server:
        with psycopg.connect(server.url()) as connection:
            row = connection.execute(
                "select 'PostgreSQL ' || current_setting('server_version') || ', TimescaleDB ' || extversion"
                " from pg_extension where extname = 'timescaledb'"
            ).fetchone()
            version = row[0] if row else ""
    own = installed()
    source = f"installed in {own}" if own else f"Debian's builds in {state / 'postgres'}"
    return Status(server is not None, version, source, state / "data", state / "log")


def _state(home: Path) -> Path:
    """Return the state folder's real place: where the server's user can reach it, linked from ``home``."""
    if not home.exists():
        home.parent.mkdir(parents=True, exist_ok=True)
    real = home.resolve()
    if os.getuid() == 0 and not _reachable(real.parent):
        place = SYSTEM_STATE / hashlib.sha256(str(real).encode()).hexdigest()[:16]
        place.mkdir(parents=True, exist_ok=True)
        if real.exists():
            for part in real.iterdir():
                shutil.move(part, place / part.name)
            real.rmdir()
        real.symlink_to(place)
        real = place
    real.mkdir(exist_ok=True)
    if os.getuid() == 0:
        real.chmod(0o755)
    return real


def _reachable(folder: Path) -> bool:
    return all(part.stat().st_mode & 0o001 for part in [folder, *folder.parents] if part.exists())


def _programs(state: Path, say: Callable[[str], None]) -> Path:
    try:
        return installed() or unpacked(state / "postgres", say)
    except DebianError as error:
        raise EmbeddedError(str(error)) from None


def _server(state: Path, programs: Path) -> Server:
    """Return where the server's socket is: in the state folder, or under /tmp where that path is too long for one."""
    socket = state / "socket"
    if len(f"{socket}/.s.PGSQL.5432".encode()) > LONGEST_SOCKET:
        digest = hashlib.sha256(str(state).encode()).hexdigest()[:16]
        socket = Path(tempfile.gettempdir()) / f"borrowgraph-{os.getuid()}-{digest}"
    return Server(socket, programs / "psql")


def _account() -> dict[str, object]:
    """Return how a server process is started: in a session of its own, as nobody where root starts it."""
    options: dict[str, object] = {"start_new_session": True, "stdin": subprocess.DEVNULL, "cwd": "/"}
    if os.getuid() == 0:
        nobody = pwd.getpwnam("nobody")
        options |= {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    return options


def _private(folder: Path) -> None:
    """Make a folder that only the server's user (and root) can enter; refuse one that is somebody else's."""
    uid, gid = (pwd.getpwnam("nobody")[2:4]) if os.getuid() == 0 else (os.getuid(), os.getgid())
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid not in {uid, os.getuid()}:
        raise EmbeddedError(
            f"{folder} belongs to somebody else (user {found.st_uid}); remove it, or set BORROWGRAPH_HOME"
        )
    os.chown(folder, uid, gid)
    folder.chmod(0o700)


def _create(state: Path, programs: Path) -> None:
    data = state / "data"
    if data.exists():  # an earlier attempt that was interrupted: initdb completes a folder or leaves no PG_VERSION
        shutil.rmtree(data)
    _private(data)
    settings = ["--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums", f"--username={OWNER}", "--auth=trust"]
    done = subprocess.run(  # type: ignore[call-overload]  # the options of _account
        [programs / "initdb", f"--pgdata={data}", *settings], capture_output=True, text=True, check=False, **_account()
    )
    if done.returncode:
        raise EmbeddedError(f"initdb failed: {(done.stderr or done.stdout).strip()[-500:]}")


def _configure(state: Path, server: Server, *, durable: bool) -> None:
    """Write the settings anew at each start, so that a new version's apply to an old folder."""
    _private(server.socket)
    _private(state / "log")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20  # MiB
    settings = {
        # Whoever can enter the socket's folder, which only the server's user and root can, may log in as anybody.
        "listen_addresses": "''",
        "unix_socket_directories": f"'{server.socket}'",
        "shared_preload_libraries": "'timescaledb'",
        "timescaledb.telemetry_level": "off",
        # A worker in a template database would stop it from being cloned; this edition has no job for them.
        "timescaledb.max_background_workers": 0,
        "shared_buffers": f"{max(64, min(memory // 8, 2048))}MB",
        "effective_cache_size": f"{max(128, memory // 2)}MB",
        "maintenance_work_mem": f"{max(32, min(memory // 32, 512))}MB",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "random_page_cost": 1.1,
        "jit": "off",
        "timezone": "'UTC'",
        "log_timezone": "'UTC'",
        "logging_collector": "on",
        "log_directory": f"'{state / 'log'}'",
        # One file a weekday, written over a week later: the log has an end.
        "log_filename": "'postgres.%a.log'",
        "log_truncate_on_rotation": "on",
        "log_rotation_age": "1d",
        "log_rotation_size": 0,
        # Statements and their parameters can hold what must not be logged.
        "log_min_error_statement": "panic",
        "log_parameter_max_length": 0,
        "log_parameter_max_length_on_error": 0,
        "log_error_verbosity": "terse",
    }
    if not durable:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    lines = [f"{name} = {value}\n" for name, value in settings.items()]
    (state / "data" / "postgresql.auto.conf").write_text("".join(lines))


def _clear_stale_lock(state: Path) -> None:
    """Remove the lock of a server that was killed: its process number may be another process's by now."""
    lock = state / "data" / "postmaster.pid"
    if lock.exists() and _postmaster(state) is None:
        lock.unlink()


def _postmaster(state: Path) -> int | None:
    """Return the process of the state folder's server, None where it does not run."""
    lock = state / "data" / "postmaster.pid"
    try:
        pid = int(lock.read_text().splitlines()[0])
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError, IndexError):
        return None
    return pid if str(state / "data").encode() in command else None


def _launch(state: Path, programs: Path) -> None:
    log, data = state / "log" / "start.log", state / "data"
    command = [programs / "pg_ctl", "start", f"--pgdata={data}", f"--log={log}", "--wait", f"--timeout={PATIENCE}"]
    deadline = time.monotonic() + PATIENCE
    while True:
        # Not pipes: the server would keep them open, and whoever waits for their end would wait for the server.
        done = subprocess.run(  # type: ignore[call-overload]  # the options of _account
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False, **_account()
        )
        if done.returncode == 0:
            return
        # The children of a server that was killed hold its shared memory until they notice.
        said = log.read_text()[-2000:] if log.exists() else ""
        if "shared memory" not in said or time.monotonic() > deadline:
            raise EmbeddedError(f"the server does not start; its log in {state / 'log'} says:\n{said.strip()[-800:]}")
        time.sleep(0.5)


def _answers(server: Server, state: Path) -> bool:
    try:
        with psycopg.connect(server.url("postgres"), connect_timeout=5, autocommit=True) as connection:
            row = connection.execute("show data_directory").fetchone()
    except psycopg.OperationalError:
        return False
    return row is not None and Path(row[0]) == state / "data"


def _create_database(server: Server) -> None:
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(ROLES)
        if connection.execute("select from pg_database where datname = %s", [DATABASE]).fetchone() is None:
            connection.execute(f"create database {DATABASE}")


def _wait_until(reached: Callable[[], bool], failure: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not reached():
        if time.monotonic() > deadline:
            raise EmbeddedError(f"{failure} after {PATIENCE} seconds")
        time.sleep(0.05)


@contextmanager
def _locked(state: Path) -> Iterator[None]:
    """Let one process at a time set up, start or stop the server."""
    with (state / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
