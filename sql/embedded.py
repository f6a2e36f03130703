"""The embedded TimescaleDB: a server of our own, private to the user, on a Unix socket in the state folder."""

import fcntl
import hashlib
import itertools
import os
import pwd
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import psycopg
from psycopg import errors
from psycopg.pq import PGconn, Ping

from sql.debian import MAJOR as DEBIAN_MAJOR
from sql.debian import DebianError, installed, unpacked

DATABASE, OWNER, READER, READER_LOGIN = "borrowgraph", "borrowgraph", "borrowgraph_reader", "borrowgraph_service"
SYSTEM_STATE = Path("/var/lib/borrowgraph")
LONGEST_SOCKET = 107  # bytes in a Unix socket's address, on Linux
PLAIN = re.compile(r"[\w/.-]+", re.ASCII)  # what neither an address nor a list of settings has to quote
PATIENCE = 600  # seconds to wait for a start, which may replay 4 GB of log, or a stop, which writes out all memory

ROLES = f"""
do $$
begin
    if not exists (select from pg_roles where rolname = '{READER}') then create role {READER} nologin; end if;
    if not exists (select from pg_roles where rolname = '{READER_LOGIN}') then
        create role {READER_LOGIN} login in role {READER};
    end if;
end $$
"""


# What does not depend on the machine.
SETTINGS = {
    # Whoever can enter the socket's folder, which only the server's user and root can, may log in as anybody.
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "shared_preload_libraries": "'timescaledb'",
    "timescaledb.telemetry_level": "off",
    # A worker in a template database would stop it from being cloned; this edition has no job for them.
    "timescaledb.max_background_workers": "0",
    # Parallel queries share memory in files of the data folder: a container's /dev/shm holds 64 MB, and systemd
    # empties it of a user's segments when they log out. What fits into the first 64 MB needs no file.
    "dynamic_shared_memory_type": "mmap",
    "min_dynamic_shared_memory": "64MB",
    # No replica, no archive of the log: what is loaded into a chunk made by the same load is not logged twice.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "logging_collector": "on",
    # One file a weekday, written over a week later: the log has an end.
    "log_filename": "'postgres.%a.log'",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    # An error goes to the client that made it, and not into the log: its text ('invalid input syntax …: "…"'), its
    # statement and its parameters can hold what must not be logged. The server's own affairs are logged.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
}


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
    pid: int | None
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
    state = _settled(home)
    with _locked(state):
        programs = _programs(_settled(prefix) if prefix else state, _major(state), say)
        server = _server(state, programs)
        fresh = _postmaster(state) is None
        if fresh:
            _link_time_zones(state, programs)
            if _major(state) is None:
                say(f"setting up a database in {state / 'data'}")
                _create(state, programs)
            _configure(state, server, durable=durable)
            _clear_up(state, server)
            _launch(state, programs)
            say(f"TimescaleDB is running; its log is in {state / 'log'}")
        # It may be recovering still, if the command that started it was interrupted.
        _wait_until(lambda: _answers(server) or _postmaster(state) is None, "the server does not answer")
        _create_database(server)
        if fresh:
            _update_extension(server)
        return server


def running(home: Path) -> Server | None:
    """Return the state folder's server if it runs."""
    state = home.resolve()
    pid = _postmaster(state)
    # Its programs are those it was started with, which may be another state folder's.
    return _server(state, Path(_command(pid)[0]).parent) if pid is not None else None


def stop(home: Path) -> bool:
    """Stop the state folder's server and wait until it is down; False where it did not run."""
    state = home.resolve()
    if not state.is_dir():
        return False
    with _locked(state):
        pid = _postmaster(state)
        if pid is None:
            return False
        os.kill(pid, signal.SIGINT)  # PostgreSQL's fast shutdown: open transactions are rolled back
        _wait_until(lambda: _postmaster(state) is None, f"the server (process {pid}) does not stop")
        return True


def status(home: Path) -> Status:
    """Say what there is."""
    state, server = home.resolve(), running(home)
    version = ""
    if server and _answers(server):
        with psycopg.connect(server.url()) as connection:
            row = connection.execute(
                "select 'PostgreSQL ' || current_setting('server_version') || ', TimescaleDB ' || default_version"
                " from pg_available_extensions where name = 'timescaledb'"
            ).fetchone()
            version = row[0] if row else ""
    own = installed(_major(state))
    source = f"installed in {own}" if own else f"Debian's builds in {state / 'postgres'}"
    return Status(server is not None, _postmaster(state), version, source, state / "data", state / "log")


def _settled(home: Path) -> Path:
    """Return the state folder's real place, made where it is missing: where the server's user can reach it.

    Root's checkout may lie where no other user gets in. The state is then kept elsewhere, and ``home`` links to it.
    """
    real = home.resolve()
    try:
        real.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise EmbeddedError(f"{home}: {error.strerror}; BORROWGRAPH_HOME can name another state folder") from None
    if os.getuid() == 0 and not _reachable(real):
        SYSTEM_STATE.mkdir(parents=True, exist_ok=True)
        SYSTEM_STATE.chmod(0o755)
        with _locked(SYSTEM_STATE):
            real = home.resolve() if _reachable(home.resolve()) else _moved(real)
    if os.getuid() == 0:
        real.chmod(0o711)  # the server's user may pass through; what others must not read has its own permissions
    elif real.stat().st_uid != os.getuid():
        owner = real.stat().st_uid
        raise EmbeddedError(f"{real} belongs to user {owner}: run this as that user, or set BORROWGRAPH_HOME")
    return real


def _moved(real: Path) -> Path:
    """Move a state folder to a place of its own under SYSTEM_STATE; leave a link."""
    # Never a place that is taken: it is the state of an earlier checkout, or of one that was moved with its link.
    places = (SYSTEM_STATE / f"{_digest(real)}-{number}" for number in itertools.count(1))
    place = next(place for place in places if not place.exists())
    subprocess.run(["/bin/cp", "--archive", real, place], check=True)  # keeps owners, as shutil.copytree does not
    shutil.rmtree(real)
    real.symlink_to(place)
    return place


def _reachable(state: Path) -> bool:
    """Say whether the server's user can pass through all folders above a state folder."""
    uid, gid = _user(state)
    found = (folder.stat() for folder in state.parents)
    return all(one.st_mode & (0o100 if one.st_uid == uid else 0o010 if one.st_gid == gid else 0o001) for one in found)


def _major(state: Path) -> int | None:
    """Return the version of PostgreSQL that made the data; None where there is none yet."""
    version = state / "data" / "PG_VERSION"
    return int(version.read_text()) if version.exists() else None


def _programs(state: Path, major: int | None, say: Callable[[str], None]) -> Path:
    own = installed(major)
    if own is None and major not in {None, DEBIAN_MAJOR}:
        raise EmbeddedError(
            f"the data was made by PostgreSQL {major}, and only PostgreSQL {DEBIAN_MAJOR} can be had here: "
            f"install PostgreSQL {major} with TimescaleDB, or move the data folder away to begin anew"
        )
    try:
        # A lock of its own: servers of several state folders may share these programs.
        with _locked(state, "postgres.lock"):
            return own or unpacked(state / "postgres", say)
    except DebianError as error:
        raise EmbeddedError(str(error)) from None


def _server(state: Path, programs: Path) -> Server:
    """Return where the server's socket is: in the state folder, or under /tmp where that path is too long for one."""
    socket = state / "socket"
    name = f"{socket}/.s.PGSQL.5432"
    if len(os.fsencode(name)) > LONGEST_SOCKET or not PLAIN.fullmatch(name):
        # Not the folder that TMPDIR names: the next command may be given another.
        socket = Path(f"/tmp/borrowgraph-{os.getuid()}-{_digest(state)}")  # noqa: S108 - _private refuses somebody else's
    return Server(socket, programs / "psql")


def _user(state: Path) -> tuple[int, int]:
    """Return the user and group that the server runs as: ours; the data's owner, or nobody, where we are root."""
    if os.getuid() != 0:
        return os.getuid(), os.getgid()
    data = state / "data"
    if data.exists() and data.stat().st_uid != 0:
        return data.stat().st_uid, data.stat().st_gid
    try:
        return pwd.getpwnam("nobody")[2:4]
    except KeyError:
        raise EmbeddedError(
            "PostgreSQL does not run as root, and there is no user nobody here: run this as a user"
        ) from None


def _account(state: Path, data: Path) -> dict[str, object]:
    """Return how a server process is started: in a session of its own, as another user where root starts it.

    It starts in its data folder: where the time zones are, it is told from there; see debian.OWN_ZONES.
    """
    # Nothing of the caller's environment: PGOPTIONS, TZ, LD_PRELOAD or LC_ALL would make it another server.
    options: dict[str, object] = {"env": {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C"}, "umask": 0o077}
    options |= {"start_new_session": True, "stdin": subprocess.DEVNULL, "cwd": data}
    if os.getuid() == 0:
        uid, gid = _user(state)
        options |= {"user": uid, "group": gid, "extra_groups": []}
    return options


def _private(folder: Path, state: Path) -> None:
    """Make a folder that only the server's user (and root) can enter; refuse one that is somebody else's."""
    uid, gid = _user(state)
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid not in {uid, os.getuid()}:
        raise EmbeddedError(
            f"{folder} belongs to somebody else (user {found.st_uid}); remove it, or set BORROWGRAPH_HOME"
        )
    os.chown(folder, uid, gid)
    folder.chmod(0o700)


def _create(state: Path, programs: Path) -> None:
    """Make the data folder; it gets its name when it is complete."""
    new = state / "data.new"
    if new.exists():  # an earlier attempt that was interrupted
        shutil.rmtree(new)
    _private(new, state)
    # Text sorts by code point, everywhere alike; since PostgreSQL 17 without the machine's locales.
    options = subprocess.run([programs / "initdb", "--help"], capture_output=True, text=True, check=False).stdout
    builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    locale = builtin if "--builtin-locale" in options else ["--locale=C.UTF-8"]
    settings = [*locale, "--encoding=UTF8", "--data-checksums", f"--username={OWNER}", "--auth=trust"]
    done = subprocess.run(  # type: ignore[call-overload]  # the options of _account
        [programs / "initdb", f"--pgdata={new}", *settings],
        capture_output=True,
        text=True,
        check=False,
        **_account(state, new),
    )
    if done.returncode:
        raise EmbeddedError(f"initdb failed: {(done.stderr or done.stdout).strip()[-500:]}")
    new.rename(state / "data")


def _configure(state: Path, server: Server, *, durable: bool) -> None:
    """Write the settings anew at each start, so that a new version's apply to an old folder."""
    _private(server.socket, state)
    _private(state / "log", state)
    memory = _memory()
    settings = SETTINGS | {
        "unix_socket_directories": _text(server.socket),
        "log_directory": _text(state / "log"),
        "cluster_name": f"'{_name(state)}'",  # stands in each process's title
        "shared_buffers": f"{max(64, min(memory // 8, 2048))}MB",
        "effective_cache_size": f"{max(128, memory // 2)}MB",
        "maintenance_work_mem": f"{max(32, min(memory // 32, 512))}MB",
    }
    if not durable:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    # Not postgresql.auto.conf, which keeps what a person sets by ALTER SYSTEM.
    lines = [f"{name} = {value}\n" for name, value in settings.items()]
    (state / "data" / "postgresql.conf").write_text("".join(lines))


def _link_time_zones(state: Path, programs: Path) -> None:
    """Lay the time zones of Debian's builds where their server looks for them; see OWN_ZONES."""
    zones, link = programs.parents[3] / "share" / "zoneinfo", state / "zoneinfo"
    link.unlink(missing_ok=True)
    link.symlink_to(zones)


def _memory() -> int:
    """Return the MiB of memory that this machine, or this container, has."""
    limits = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
    said = (limit.read_text().strip() for limit in limits if limit.is_file())
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min([machine, *(int(text) for text in said if text.isdecimal())]) >> 20


def _text(value: Path) -> str:
    return "'" + str(value).replace("'", "''") + "'"


def _clear_up(state: Path, server: Server) -> None:
    """End the processes and remove the locks that a killed server left.

    A process at work notices late that its server is gone, and no new one starts while it holds the memory they share.
    And the number in a lock may be another process's by now, which PostgreSQL would take for a running server.
    """
    for pid in _orphans(state):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    _wait_until(lambda: not _orphans(state), f"processes of a killed server do not end: {_orphans(state)}")
    for lock in (state / "data" / "postmaster.pid", *server.socket.glob(".s.PGSQL.*")):
        lock.unlink(missing_ok=True)


def _orphans(state: Path) -> list[int]:
    """Return the processes that bear the name of the state folder's server; all of them, where its first is gone."""
    processes = (path for path in Path("/proc").iterdir() if path.name.isdecimal())
    return [
        int(path.name) for path in processes if _command(int(path.name))[0].startswith(f"postgres: {_name(state)}: ")
    ]


def _name(state: Path) -> str:
    return f"borrowgraph-{_digest(state)}"


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]


def _postmaster(state: Path) -> int | None:
    """Return the process of the state folder's server, None where it does not run."""
    lock = state / "data" / "postmaster.pid"
    try:
        pid = int(lock.read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return None
    command = _command(pid)
    return pid if Path(command[0]).name == "postgres" and str(state / "data") in command else None


def _command(pid: int) -> list[str]:
    """Return a process's command line, which every user may read; one empty word where there is no such process."""
    try:
        return os.fsdecode(Path(f"/proc/{pid}/cmdline").read_bytes()).split("\0")
    except OSError:
        return [""]


def _launch(state: Path, programs: Path) -> None:
    log, data = state / "log" / "start.log", state / "data"
    command = [programs / "pg_ctl", "start", f"--pgdata={data}", f"--log={log}", "--wait", f"--timeout={PATIENCE}"]
    log.unlink(missing_ok=True)
    # pg_ctl closes these streams to the server: whoever waits for their end does not wait for the server.
    done = subprocess.run(  # type: ignore[call-overload]  # the options of _account
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **_account(state, data)
    )
    if done.returncode:
        said = log.read_text(errors="replace").strip()[-800:] if log.exists() else ""
        said = "\n".join([str(done.stdout).strip(), said, _last_words(state)])
        raise EmbeddedError(f"the server does not start; its logs in {state / 'log'}:\n{said}")


def _last_words(state: Path) -> str:
    """Return the end of the log that was written last."""
    logs = sorted((state / "log").glob("postgres.*.log"), key=lambda path: path.stat().st_mtime)
    return "\n".join(logs[-1].read_text(errors="replace").splitlines()[-8:]) if logs else ""


def _answers(server: Server) -> bool:
    return PGconn.ping(server.url("postgres").encode()) == Ping.OK


def _create_database(server: Server) -> None:
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(ROLES)
        if connection.execute("select from pg_database where datname = %s", [DATABASE]).fetchone() is None:
            connection.execute(f"create database {DATABASE}")


def _update_extension(server: Server) -> None:
    """Bring the database's extension to the version of the programs; the migrations create it."""
    with psycopg.connect(server.url(), autocommit=True) as connection, suppress(errors.UndefinedObject):
        # A session's first statement: any other would load the library of the version before, which is not there.
        connection.execute("alter extension timescaledb update")


def _wait_until(reached: Callable[[], bool], failure: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not reached():
        if time.monotonic() > deadline:
            raise EmbeddedError(f"{failure} after {PATIENCE} seconds")
        time.sleep(0.05)


@contextmanager
def _locked(state: Path, name: str = "lock") -> Iterator[None]:
    """Let one process at a time set up, start or stop the server."""
    try:
        lock = (state / name).open("w")
    except PermissionError:
        owner = state.stat().st_uid
        raise EmbeddedError(
            f"{state} belongs to user {owner}: run this as that user, or set BORROWGRAPH_HOME"
        ) from None
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
