"""One measurement: wrk, on the same two cores as the servers, sends bodies in turn over so many connections."""

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import orjson

from bench.requests.contenders import Contender
from bench.requests.workloads import Workload

SCRIPT = Path(__file__).with_name("load.lua")


class Sample(NamedTuple):
    """What was measured: requests a second, milliseconds, and bytes an answer, HTTP's headers included."""

    rate: float
    p50: float
    p99: float
    size: float
    failed: int


def measured(
    contender: Contender, workload: Workload, bodies: Sequence[bytes], connections: int, seconds: float
) -> Sample:
    """Load the contender for so many seconds."""
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is not installed: it is Debian's package wrk")
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"\n".join(bodies) + b"\n")
        file.flush()
        address = f"http://127.0.0.1:{contender.port}{contender.path(workload)}"
        command = ["wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds:.0f}s"]
        command += ["--header", f"authorization: Bearer {contender.key}"]
        command += ["--timeout", "120s", "--script", str(SCRIPT), address, "--", file.name]
        run = subprocess.run(command, capture_output=True, text=True, check=True)
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
    )
