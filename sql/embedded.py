"""The embedded TimescaleDB: a server of our own, private to the user, on a Unix socket in the state folder."""

import os
import re
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import psycopg
from psycopg import errors
from psycopg.pq import PGconn, Ping

from sql.cluster import OWNER, configure, create, link_time_zones, major
from sql.debian import MAJOR as DEBIAN_MAJOR
from sql.debian import DebianError, installed, unpacked
from sql.postmaster import clear_up, command_line, launch, postmaster, wait_until
from sql.state_folder import EmbeddedError, digest, locked, settled

__all__ = ["DATABASE", "OWNER", "EmbeddedError", "Server", "Status", "running", "start", "status", "stop"]

DATABASE, READER, READER_LOGIN = "borrowgraph", "borrowgraph_reader", "borrowgraph_service"
LONGEST_SOCKET = 107  # bytes in a Unix socket's address, on Linux
PLAIN = re.compile(r"[\w/.-]+", re.ASCII)  # what neither an address nor a list of settings has to quote

ROLES = f"""
do $$
begin
    if not exists (select from pg_roles where rolname = '{READER}') then create role {READER} nologin; end if;
    if not exists (select from pg_roles where rolname = '{READER_LOGIN}') then
        create role {READER_LOGIN} login in role {READER};
    end if;
end $$
"""


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
    state = settled(home)
    with locked(state):
        programs = _programs(settled(prefix) if prefix else state, major(state), say)
        server = _server(state, programs)
        fresh = postmaster(state) is None
        if fresh:
            link_time_zones(state, programs)
            if major(state) is None:
                say(f"setting up a database in {state / 'data'}")
                create(state, programs)
            configure(state, server.socket, durable=durable)
            clear_up(state, server.socket)
            launch(state, programs)
            say(f"TimescaleDB is running; its log is in {state / 'log'}")
        # It may be recovering still, if the command that started it was interrupted.
        wait_until(lambda: _answers(server) or postmaster(state) is None, "the server does not answer")
        _create_database(server)
        if fresh:
            _update_extension(server)
        return server


def running(home: Path) -> Server | None:
    """Return the state folder's server if it runs."""
    state = home.resolve()
    pid = postmaster(state)
    # Its programs are those it was started with, which may be another state folder's.
    return _server(state, Path(command_line(pid)[0]).parent) if pid is not None else None


def stop(home: Path) -> bool:
    """Stop the state folder's server and wait until it is down; False where it did not run."""
    state = home.resolve()
    if not state.is_dir():
        return False
    with locked(state):
        pid = postmaster(state)
        if pid is None:
            return False
        os.kill(pid, signal.SIGINT)  # PostgreSQL's fast shutdown: open transactions are rolled back
        wait_until(lambda: postmaster(state) is None, f"the server (process {pid}) does not stop")
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
    own = installed(major(state))
    source = f"installed in {own}" if own else f"Debian's builds in {state / 'postgres'}"
    return Status(server is not None, postmaster(state), version, source, state / "data", state / "log")


def _programs(state: Path, wanted: int | None, say: Callable[[str], None]) -> Path:
    own = installed(wanted)
    if own is None and wanted not in {None, DEBIAN_MAJOR}:
        raise EmbeddedError(
            f"the data was made by PostgreSQL {wanted}, and only PostgreSQL {DEBIAN_MAJOR} can be had here: "
            f"install PostgreSQL {wanted} with TimescaleDB, or move the data folder away to begin anew"
        )
    try:
        # A lock of its own: servers of several state folders may share these programs.
        with locked(state, "postgres.lock"):
            return own or unpacked(state / "postgres", say)
    except DebianError as error:
        raise EmbeddedError(str(error)) from None


def _server(state: Path, programs: Path) -> Server:
    """Return where the server's socket is: in the state folder, or under /tmp where that path is too long for one."""
    socket = state / "socket"
    name = f"{socket}/.s.PGSQL.5432"
    if len(os.fsencode(name)) > LONGEST_SOCKET or not PLAIN.fullmatch(name):
        # Not the folder that TMPDIR names: the next command may be given another.
        socket = Path(f"/tmp/borrowgraph-{os.getuid()}-{digest(state)}")  # noqa: S108 - private refuses somebody else's
    return Server(socket, programs / "psql")


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
