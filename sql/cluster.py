"""The embedded server's data folder: making it, and the settings that it runs with."""

import os
import shutil
import subprocess
from pathlib import Path

from sql.state_folder import EmbeddedError, account, digest, private

OWNER = "borrowgraph"  # the role that everything belongs to

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


def major(state: Path) -> int | None:
    """Return the version of PostgreSQL that made the data; None where there is none yet."""
    version = state / "data" / "PG_VERSION"
    return int(version.read_text()) if version.exists() else None


def create(state: Path, programs: Path) -> None:
    """Make the data folder; it gets its name when it is complete."""
    new = state / "data.new"
    if new.exists():  # an earlier attempt that was interrupted
        shutil.rmtree(new)
    private(new, state)
    # Text sorts by code point, everywhere alike; since PostgreSQL 17 without the machine's locales.
    options = subprocess.run([programs / "initdb", "--help"], capture_output=True, text=True, check=False).stdout
    builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    locale = builtin if "--builtin-locale" in options else ["--locale=C.UTF-8"]
    settings = [*locale, "--encoding=UTF8", "--data-checksums", f"--username={OWNER}", "--auth=trust"]
    done = subprocess.run(  # type: ignore[call-overload]  # the options of an account
        [programs / "initdb", f"--pgdata={new}", *settings],
        capture_output=True,
        text=True,
        check=False,
        **account(state, new),
    )
    if done.returncode:
        raise EmbeddedError(f"initdb failed: {(done.stderr or done.stdout).strip()[-500:]}")
    new.rename(state / "data")


def configure(state: Path, socket: Path, *, durable: bool) -> None:
    """Write the settings anew at each start, so that a new version's apply to an old folder."""
    private(socket, state)
    private(state / "log", state)
    memory = _memory()
    settings = SETTINGS | {
        "unix_socket_directories": _text(socket),
        "log_directory": _text(state / "log"),
        "cluster_name": f"'{name(state)}'",
        "shared_buffers": f"{max(64, min(memory // 8, 2048))}MB",
        "effective_cache_size": f"{max(128, memory // 2)}MB",
        "maintenance_work_mem": f"{max(32, min(memory // 32, 512))}MB",
    }
    if not durable:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    # Not postgresql.auto.conf, which keeps what a person sets by ALTER SYSTEM.
    lines = [f"{name} = {value}\n" for name, value in settings.items()]
    (state / "data" / "postgresql.conf").write_text("".join(lines))


def link_time_zones(state: Path, programs: Path) -> None:
    """Lay the time zones of Debian's builds where their server looks for them; see OWN_ZONES."""
    zones, link = programs.parents[3] / "share" / "zoneinfo", state / "zoneinfo"
    link.unlink(missing_ok=True)
    link.symlink_to(zones)


def name(state: Path) -> str:
    """Return what stands in the title of each of the server's processes, and in no other's."""
    return f"borrowgraph-{digest(state)}"


def _memory() -> int:
    """Return the MiB of memory that this machine, or this container, has."""
    limits = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
    said = (limit.read_text().strip() for limit in limits if limit.is_file())
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min([machine, *(int(text) for text in said if text.isdecimal())]) >> 20


def _text(value: Path) -> str:
    return "'" + str(value).replace("'", "''") + "'"
