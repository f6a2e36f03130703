"""One measurement: wrk, on the same two cores as the servers, sends bodies in turn over so many connections."""

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import orjson

from bench.requests.contenders import Contender, processor_time
from bench.requests.workloads import Workload

SCRIPT = Path(__file__).with_name("load.lua")


class Sample(NamedTuple):
    """What was measured: requests a second, milliseconds, and bytes an answer, HTTP's headers included.

    The last two are milliseconds of processor time a request, of the contender's processes and of the database's.
    """

    rate: float
    p50: float
    p99: float
    size: float
    failed: int
    service: float = 0
    database: float = 0


def measured(  # noqa: PLR0913, PLR0917 - what a measurement is made of
    contender: Contender, workload: Workload, bodies: Sequence[bytes], connections: int, seconds: float, database: int
) -> Sample:
    """Load the contender for so many seconds; ``database`` is the first process of the server that it asks."""
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is not installed: it is Debian's package wrk")
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"\n".join(bodies) + b"\n")
        file.flush()
        address = f"http://127.0.0.1:{contender.port}{contender.path(workload)}"
        command = ["wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds:.0f}s"]
        command += ["--header", f"authorization: Bearer {contender.key}"]
        command += ["--timeout", "120s", "--script", str(SCRIPT), address, "--", file.name]
        before = processor_time(contender.pid), processor_time(database)
        run = subprocess.run(command, capture_output=True, text=True, check=True)
        after = processor_time(contender.pid), processor_time(database)
    told = orjson.loads(run.stderr.strip().splitlines()[-1])
    if told["failed"]:
        raise SystemExit(f"{contender.name}, {workload.name}: {told['failed']} of {told['requests']} requests failed")
    requests = told["requests"] or 1
    return Sample(
        rate=told["requests"] / told["microseconds"] * 1e6,
        p50=told["p50"] / 1e3,
        p99=told["p99"] / 1e3,
        size=told["bytes"] / requests,
        failed=told["failed"],
        service=(after[0] - before[0]) / requests,
        database=(after[1] - before[1]) / requests,
    )
