"""The GraphQL over HTTP specification, by the audit suite of npm's graphql-http, against the running application."""

import subprocess
import sysconfig
from pathlib import Path
from typing import Protocol

import orjson
import pytest

PAGES = Path(__file__).parents[2] / "graph" / "pages"
NODE = Path(sysconfig.get_path("scripts")) / "node"
AUDITS = 61

# Given to node rather than kept as a file beside this one: packages are found from where the program is.
PROGRAM = """
import { serverAudits } from "graphql-http";
const results = [];
for (const audit of serverAudits({ url: process.argv[1] })) {
  const { status, reason } = await audit.fn();
  results.push({ id: audit.id, name: audit.name, status, reason: reason ?? null });
}
console.log(JSON.stringify(results));
"""


class Server(Protocol):
    """A running application."""

    url: str


def test_audit_of_the_running_application_passes_every_one_of_its_audits(server: Server) -> None:
    if not (PAGES / "node_modules" / "graphql-http").exists():
        pytest.fail("graphql-http is not installed: `make pages` installs it")

    command = [str(NODE), "--input-type=module", "--eval", PROGRAM, f"{server.url}/graphql"]
    run = subprocess.run(command, cwd=PAGES, capture_output=True, text=True, timeout=120, check=True)

    results = orjson.loads(run.stdout)
    failed = [f"{result['id']} {result['name']}: {result['reason']}" for result in results if result["status"] != "ok"]
    assert failed == []
    assert len(results) == AUDITS
