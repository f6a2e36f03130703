"""The embedded server's process: whether it runs, starting it, and clearing up after one that was killed."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from sql.cluster import name
from sql.state_folder import EmbeddedError, account

PATIENCE = 600  # seconds to wait for a start, which may replay 4 GB of log, or a stop, which writes out all memory


def postmaster(state: Path) -> int | None:
    """Return the process of the state folder's server, None where it does not run."""
    lock = state / "data" / "postmaster.pid"
    try:
        pid = int(lock.read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return None
    command = command_line(pid)
    return pid if Path(command[0]).name == "postgres" and str(state / "data") in command else None


def command_line(pid: int) -> list[str]:
    """Return a process's command line, which every user may read; one empty word where there is no such process."""
    try:
        return os.fsdecode(Path(f"/proc/{pid}/cmdline").read_bytes()).split("\0")
    except OSError:
        return [""]


def launch(state: Path, programs: Path) -> None:
    """Start the server, which must not run, and wait until it lets clients in; EmbeddedError with its last words."""
    log, data = state / "log" / "start.log", state / "data"
    command = [programs / "pg_ctl", "start", f"--pgdata={data}", f"--log={log}", "--wait", f"--timeout={PATIENCE}"]
    log.unlink(missing_ok=True)
    # pg_ctl closes these streams to the server: whoever waits for their end does not wait for the server.
    done = subprocess.run(  # type: ignore[call-overload]  # the options of an account
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **account(state, data)
    )
    if done.returncode:
        said = log.read_text(errors="replace").strip()[-800:] if log.exists() else ""
        said = "\n".join([str(done.stdout).strip(), said, _last_words(state)])
        raise EmbeddedError(f"the server does not start; its logs in {state / 'log'}:\n{said}")


def _last_words(state: Path) -> str:
    """Return the end of the log that was written last."""
    logs = sorted((state / "log").glob("postgres.*.log"), key=lambda path: path.stat().st_mtime)
    return "\n".join(logs[-1].read_text(errors="replace").splitlines()[-8:]) if logs else ""


def clear_up(state: Path, socket: Path) -> None:
    """End the processes and remove the locks that a killed server left.

    A process at work notices late that its server is gone, and no new one starts while it holds the memory they share.
    And the number in a lock may be another process's by now, which PostgreSQL would take for a running server.
    """
    for pid in _orphans(state):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    wait_until(lambda: not _orphans(state), f"processes of a killed server do not end: {_orphans(state)}")
    for lock in (state / "data" / "postmaster.pid", *socket.glob(".s.PGSQL.*")):
        lock.unlink(missing_ok=True)


def _orphans(state: Path) -> list[int]:
    """Return the processes that bear the name of the state folder's server; all of them, where its first is gone."""
    processes = (path for path in Path("/proc").iterdir() if path.name.isdecimal())
    return [
        int(path.name) for path in processes if command_line(int(path.name))[0].startswith(f"postgres: {name(state)}: ")
    ]


def wait_until(reached: Callable[[], bool], failure: str) -> None:
    """Wait for something to happen, for PATIENCE at most; EmbeddedError says what did not."""
    deadline = time.monotonic() + PATIENCE
    while not reached():
        if time.monotonic() > deadline:
            raise EmbeddedError(f"{failure} after {PATIENCE} seconds")
        time.sleep(0.05)
