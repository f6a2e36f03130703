"""The command as a person runs it: in a process of its own, judged by what it prints and how it ends."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import click
import httpx
import psycopg
import pytest

from cli import ELSEWHERE, commands
from graph.variables import SETTINGS
from sql.migration import migrations
from tests.conftest import CHECKOUT, SECRET

COMMAND = Path(sys.executable).with_name("borrowgraph")
NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"
PATIENCE = 60  # seconds, on a machine that does much else

Run = Callable[..., "subprocess.CompletedProcess[str]"]


class Serving(NamedTuple):
    """A service in a process of its own, and where it listens."""

    process: "subprocess.Popen[bytes]"
    url: str

    def processes(self) -> set[int]:
        """Number the process and all its descendants."""
        parents = {}
        for entry in Path("/proc").glob("[0-9]*/stat"):
            try:
                parents[int(entry.parent.name)] = int(entry.read_text().rpartition(")")[2].split()[1])
            except OSError:  # it ended meanwhile
                continue
        found = {self.process.pid}
        while more := {child for child, parent in parents.items() if parent in found} - found:
            found |= more
        return found


def environment(home: Path, **settings: str) -> dict[str, str]:
    """Return this process's environment with these settings and no others of ours."""
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("BORROWGRAPH_", "DATABASE_"))
    }
    return inherited | {"BORROWGRAPH_HOME": str(home)} | settings


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Give what runs the command to its end, in a state folder of its own."""

    def run(*arguments: object, **settings: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [COMMAND, *map(str, arguments)],
            env=environment(tmp_path / "state", **settings),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    return run


@contextmanager
def serving(folder: Path, url: str, *options: str) -> Iterator[Serving]:
    """Serve a database until the end, whatever it is."""
    log = folder / "serve.log"
    with (
        log.open("wb") as said,
        subprocess.Popen(
            [COMMAND, "serve", "--port", "0", *options],
            env=environment(folder / "state", DATABASE_URL=url, BORROWGRAPH_SECRET=SECRET),
            stderr=said,
        ) as process,
    ):
        try:
            until(lambda: process.poll() is not None or "Ctrl-C" in log.read_text())
            address = re.search(r"^GraphQL +(\S+)/graphql$", log.read_text(), re.MULTILINE)
            assert address, log.read_text()
            until(lambda: answers(f"{address[1]}/health/ready"))
            yield Serving(process, address[1])
        finally:
            process.terminate()
            process.wait(PATIENCE)


def answers(url: str) -> bool:
    try:
        return httpx.get(url).status_code == 200
    except httpx.TransportError:
        return False


def until(reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < deadline, "it takes too long"
        time.sleep(0.05)


def within(group: click.Group) -> dict[str, click.Command]:
    """Return a group's commands by their names, those too that are imported when they are asked for."""
    context = click.Context(group)
    named = {name: group.get_command(context, name) for name in group.list_commands(context)}
    return {name: command for name, command in named.items() if command}


def every(group: click.Group, *names: str) -> dict[str, click.Command]:
    """Return all commands by the words that call them."""
    found: dict[str, click.Command] = {" ".join(names): group}
    for name, command in within(group).items():
        inner = (
            every(command, *names, name) if isinstance(command, click.Group) else {" ".join([*names, name]): command}
        )
        found |= inner
    return found


def loans(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("select count(*) from loan").fetchone()
    return row[0] if row else 0


def explained(done: "subprocess.CompletedProcess[str]", status: int) -> str:
    """Return what the command said of a fault: its exit status is this, and nobody has to read a traceback."""
    assert "Traceback" not in done.stderr
    assert done.returncode == status, done.stderr
    assert re.search(r"^borrowgraph: ", done.stderr, re.MULTILINE), done.stderr
    return done.stderr


@pytest.mark.parametrize("name", every(commands))
def test_help_of_every_command_tells_what_it_does_and_takes(run: Run, name: str) -> None:
    command = every(commands)[name]

    done = run(*name.split(), "--help")

    said = " ".join(done.stdout.split())
    assert done.returncode == 0
    assert done.stderr == ""
    assert " ".join((command.help or "no help").split())[:60] in said
    for parameter in command.params:
        assert (parameter.metavar or parameter.opts[0]) in said
        assert isinstance(parameter, click.Argument) or getattr(parameter, "help", None)
    if isinstance(command, click.Group):
        assert all(f" {name} " in f" {said} " for name in within(command))


def test_every_command_from_elsewhere_is_found_by_its_name() -> None:
    assert set(ELSEWHERE) < set(within(commands))


def test_help_names_the_exit_statuses(run: Run) -> None:
    done = run("-h")

    assert done.returncode == 0
    assert all(status in done.stdout for status in ("0 done", "2 wrong", "65 bad", "69 database", "78 bad settings"))


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["frobnicate"], "No such command 'frobnicate'"),
        (["migrate", "--fast"], "No such option"),
        (["migrate", "now"], "unexpected extra argument"),
        (["load"], "Missing argument 'PATH…'"),
        (["serve", "--port", "65536"], "65536 is not in the range"),
        (["serve", "--port", "http"], "'http' is not a valid integer"),
        (["serve", "--workers", "0"], "0 is not in the range"),
        (["demo", "--borrowers", "0"], "0 is not in the range"),
        (["database", "restart"], "No such command 'restart'"),
    ],
)
def test_command_line_that_is_wrong_ends_with_2_and_the_reason(run: Run, arguments: list[str], reason: str) -> None:
    done = run(*arguments)

    assert done.returncode == 2
    assert reason in done.stderr
    assert "--help" in done.stderr


def test_load_of_paths_that_are_no_delivery_ends_with_65_before_a_database_is_needed(run: Run) -> None:
    said = explained(run("load", "nothing-here", "loan.csv"), 65)

    assert "the delivery of 2 files is refused, nothing of it was loaded: 2 problems" in said
    assert "nothing-here: got nothing there, allowed: a delivery's folder, or a file of one [PATH_MISSING]" in said


@pytest.mark.parametrize("arguments", [["migrate"], ["demo", "--load"], ["serve"], ["database", "status"]])
def test_settings_that_are_bad_end_with_78_and_are_all_named(run: Run, arguments: list[str]) -> None:
    bad = {
        "DATABASE_URL": "mysql://owner:hunter2@localhost",
        "BORROWGRAPH_SECRET": "hunter2",
        "BORROWGRAPH_CONNECTIONS": "many",
        "BORROWGRAPH_TIMEZONE": "UTC",
    }

    said = explained(run(*arguments, **bad), 78)

    assert all(f"\n{name}" in said for name in bad)
    assert "BORROWGRAPH_CONNECTIONS='many': allowed: a whole number from 1 to 1000" in said
    assert "hunter2" not in said


@pytest.mark.parametrize(
    "address", ["postgresql://owner:hunter2@[bad/portfolio", "postgresql://owner:hunter2@host:port/x"]
)
@pytest.mark.parametrize("command", ["migrate", "serve"])
def test_address_that_cannot_be_read_ends_with_78_and_is_not_shown(run: Run, command: str, address: str) -> None:
    said = explained(run(command, DATABASE_URL=address, BORROWGRAPH_SECRET=SECRET), 78)

    assert "\nDATABASE_URL=(not shown): allowed: " in said
    assert "hunter2" not in said


@pytest.mark.parametrize(
    "arguments",
    [
        ["migrate"],
        ["load", "."],
        ["demo", "--load", "--borrowers", "1"],
        ["serve", "--port", "0"],
        ["serve", "--port", "0", "--workers", "2"],
    ],
    ids=" ".join,
)
def test_database_that_does_not_answer_ends_with_69(run: Run, tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "institutions.csv").write_text("code,name,kind\nBNK,A bank,BANK\n")

    said = explained(run(*arguments, DATABASE_URL=NOWHERE, BORROWGRAPH_SECRET=SECRET), 69)

    assert "GraphiQL" not in said


@pytest.mark.parametrize("arguments", [["load", "."], ["demo", "--load", "--borrowers", "1"]], ids=" ".join)
def test_database_without_a_schema_ends_with_69_and_what_to_do(
    run: Run, tmp_path: Path, create: Callable[[str], str], arguments: list[str]
) -> None:
    (tmp_path / "institutions.csv").write_text("code,name,kind\nBNK,A bank,BANK\n")

    said = explained(run(*arguments, DATABASE_URL=create("template0"), BORROWGRAPH_SECRET=SECRET), 69)

    assert "borrowgraph migrate" in said


@pytest.mark.parametrize("arguments", [["migrate"], ["load", "."]], ids=" ".join)
def test_login_without_the_rights_ends_with_69_and_the_reason(
    run: Run, tmp_path: Path, database_url: str, arguments: list[str]
) -> None:
    (tmp_path / "institutions.csv").write_text("code,name,kind\nBNK,A bank,BANK\n")
    reader = database_url.replace("//borrowgraph@", "//borrowgraph_service@")

    said = explained(run(*arguments, DATABASE_URL=reader), 69)

    assert "permission denied" in said


def test_migrate_brings_a_database_forward_and_says_what_it_did(run: Run, create: Callable[[str], str]) -> None:
    url = create("template0")

    first, second = run("migrate", DATABASE_URL=url), run("migrate", DATABASE_URL=url)

    names = [migration.name for migration in migrations()]
    assert (first.returncode, second.returncode) == (0, 0)
    assert [line.removeprefix("migration ") for line in first.stderr.splitlines()] == [
        *names,
        f"{len(names)} migrations applied",
    ]
    assert second.stderr == "the schema is current\n"


def test_migrate_of_a_database_of_a_later_version_ends_with_69(run: Run, database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("insert into migration (number, name, digest) values (9999, '9999_from_the_future', 'x')")

    assert "9999_from_the_future" in explained(run("migrate", DATABASE_URL=database_url), 69)


def test_demo_is_written_and_loaded_once(run: Run, tmp_path: Path, database_url: str) -> None:
    demo = ["demo", "--borrowers", "20", "--load"]

    first = run(*demo, DATABASE_URL=database_url, BORROWGRAPH_SECRET=SECRET)
    held = loans(database_url)
    second = run(*demo, DATABASE_URL=database_url, BORROWGRAPH_SECRET=SECRET)

    assert (first.returncode, second.returncode) == (0, 0)
    assert held > 20
    assert loans(database_url) == held
    assert sorted(path.name for path in (tmp_path / "state" / "demo").iterdir()) == [
        *("inquiries.csv.gz", "institutions.csv", "loans.csv.gz", "repayments.csv.gz"),
    ]
    assert "holds loans already" in second.stderr


def test_load_of_a_delivery_a_second_time_changes_nothing(run: Run, tmp_path: Path, database_url: str) -> None:
    run("demo", "--borrowers", "20", "--folder", tmp_path / "demo")

    done = [run("load", tmp_path / "demo", DATABASE_URL=database_url, BORROWGRAPH_SECRET=SECRET) for _ in range(2)]

    first, second = [re.findall(r"^(\w+) +([\d,]+) read: ([\d,]+) added", one.stderr, re.MULTILINE) for one in done]
    assert [one.returncode for one in done] == [0, 0]
    assert [kind for kind, _, _ in first] == ["institutions", "loans", "repayments", "inquiries"]
    assert all(added != "0" for _, _, added in first)
    assert all(added == "0" for _, _, added in second)


def test_progress_in_a_pipe_is_plain_lines(run: Run, database_url: str) -> None:
    done = run("demo", "--borrowers", "20", "--load", DATABASE_URL=database_url, BORROWGRAPH_SECRET=SECRET)

    assert done.stdout == ""
    assert "\r" not in done.stderr
    assert "\x1b" not in done.stderr


def test_load_of_a_bad_delivery_ends_with_65_and_the_place(run: Run, tmp_path: Path, database_url: str) -> None:
    bad = tmp_path / "bad"
    bad.mkdir()
    (bad / "institutions.csv").write_text("code,name,kind\nBNK,A bank,BANK\nXXX,Another,SHOP\n")

    said = explained(run("load", bad, DATABASE_URL=database_url), 65)

    assert "institutions.csv" in said
    assert "3" in said
    assert "kind" in said
    assert "SHOP" in said
    assert "MICROLOAN" in said
    with psycopg.connect(database_url) as connection:
        assert connection.execute("select count(*) from institution").fetchone() == (0,)


def test_load_of_documents_without_a_secret_ends_with_65(run: Run, tmp_path: Path, database_url: str) -> None:
    run("demo", "--borrowers", "20", "--folder", tmp_path / "demo")

    said = explained(run("load", tmp_path / "demo", DATABASE_URL=database_url), 65)

    assert "SECRET_MISSING" in said
    assert "DEMO-0000-0004" not in said


def test_demo_in_a_folder_that_holds_something_else_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")

    done = run("demo", "--borrowers", "1", "--folder", tmp_path / "mine")

    assert done.returncode not in {0, 1}
    assert "Traceback" not in done.stderr
    assert "letter.txt" in done.stderr
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["letter.txt"]


def test_rollups_are_checked_and_made_anew(run: Run, tmp_path: Path, database_url: str) -> None:
    run("demo", "--borrowers", "30", "--folder", str(tmp_path / "demo"), DATABASE_URL=database_url)
    run("load", str(tmp_path / "demo"), DATABASE_URL=database_url, BORROWGRAPH_SECRET=SECRET)
    right = run("rollups", "check", DATABASE_URL=database_url)
    with psycopg.connect(database_url) as connection:
        connection.execute("update portfolio_month set loans = loans + 1 where month = '2025-01-01' and bucket = 0")

    wrong = run("rollups", "check", DATABASE_URL=database_url)
    rebuilt = run("rollups", "rebuild", DATABASE_URL=database_url)

    assert right.returncode == 0
    assert "every rollup is what the rows add up to, every series as its rows" in right.stderr
    assert wrong.returncode == 1
    assert re.fullmatch(r"(month: month 2025-01-01, .+, bucket 0: loans -1, .+\n)+", wrong.stdout)
    assert "`borrowgraph rollups rebuild` makes them anew" in wrong.stderr
    assert rebuilt.returncode == 0
    assert run("rollups", "check", DATABASE_URL=database_url).returncode == 0


def test_schema_prints_the_schema_that_is_committed(run: Run) -> None:
    done = run("schema")

    assert done.returncode == 0
    assert done.stdout == (CHECKOUT / "schema.graphql").read_text(encoding="utf-8")


def test_settings_are_all_listed_with_default_and_meaning(run: Run) -> None:
    done = run("settings")

    said = " ".join(done.stdout.split())
    assert done.returncode == 0
    for setting in SETTINGS.values():
        assert setting.name in said
        assert setting.default in said
        assert setting.meaning in said


def test_version_is_the_packages(run: Run) -> None:
    version = re.search(r'^version = "(.+)"$', (CHECKOUT / "pyproject.toml").read_text(), re.MULTILINE)

    done = run("--version")

    assert version
    assert done.returncode == 0
    assert version[1] in done.stdout


@pytest.mark.parametrize(("command", "status"), [("status", 1), ("url", 69), ("shell", 69), ("stop", 0)])
def test_database_that_was_never_started_is_said_not_to_run(run: Run, command: str, status: int) -> None:
    done = run("database", command)

    assert done.returncode == status
    assert "Traceback" not in done.stderr
    assert re.search(r"running +False|not run", done.stdout + done.stderr)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org", ""])  # noqa: S104 - they are refused
def test_serve_on_an_address_that_others_reach_is_refused(run: Run, database_url: str, host: str) -> None:
    done = run("serve", "--host", host, "--port", "0", DATABASE_URL=database_url, BORROWGRAPH_SECRET=SECRET)

    assert f"--host={host!r}" in explained(done, 78)


def test_serve_without_a_secret_is_refused(run: Run, database_url: str) -> None:
    assert "BORROWGRAPH_SECRET" in explained(run("serve", "--port", "0", DATABASE_URL=database_url), 78)


def test_serve_on_a_port_that_is_taken_ends_with_69_and_names_it(run: Run, tmp_path: Path, demo_url: str) -> None:
    with serving(tmp_path, demo_url) as service:
        port = service.url.rpartition(":")[2]
        done = run("serve", "--port", port, DATABASE_URL=demo_url, BORROWGRAPH_SECRET=SECRET)

    assert f"port {port}" in explained(done, 69)


def test_serve_takes_the_address_that_the_other_commands_take(run: Run, tmp_path: Path, demo_url: str) -> None:
    url = f"{demo_url}&connect_timeout=10&application_name=mine&sslmode=prefer"

    migrated = run("migrate", DATABASE_URL=url)
    with serving(tmp_path, url) as service:
        asked = coverage(service.url)

    assert migrated.returncode == 0
    assert asked.status_code == 200


def test_serve_with_two_workers_answers_from_both(tmp_path: Path, demo_url: str) -> None:
    with serving(tmp_path, demo_url, "--workers", "2") as service, ThreadPoolExecutor(8) as crowd:
        asked = list(crowd.map(coverage, [service.url] * 40))
        processes = service.processes()

    assert len(processes) >= 3
    assert {answer.status_code for answer in asked} == {200}
    assert len({answer.text for answer in asked}) == 1
    assert asked[0].json()["data"]["coverage"]["loans"] > 300


@pytest.mark.parametrize("options", [[], ["--workers", "2"]], ids=["one worker", "two workers"])
@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_serve_that_gets_a_signal_ends_with_its_children(
    tmp_path: Path, demo_url: str, options: list[str], sent: signal.Signals
) -> None:
    with serving(tmp_path, demo_url, *options) as service:
        assert coverage(service.url).status_code == 200
        processes = service.processes()

        began = time.monotonic()
        service.process.send_signal(sent)
        status = service.process.wait(PATIENCE)

        assert time.monotonic() - began < 10
        assert status in {0, -sent}
        until(lambda: not any(Path(f"/proc/{number}").exists() for number in processes))
    assert "Traceback" not in (tmp_path / "serve.log").read_text()


def coverage(url: str, key: str = "") -> httpx.Response:
    query: dict[str, Any] = {"query": "{ coverage { loans lastMonth } }"}
    headers = {"authorization": f"Bearer {key}"} if key else {}
    return httpx.post(f"{url}/graphql", json=query, headers=headers, timeout=PATIENCE)


def test_serve_beyond_this_machine_once_somebody_has_a_credential_answers_nobody_without(
    run: Run, tmp_path: Path, database_url: str
) -> None:
    issued = run("access", "issue", "--name", "me", "--role", "ASSOCIATION", DATABASE_URL=database_url)
    key = issued.stdout.strip()
    with serving(tmp_path, database_url, "--host", "0.0.0.0") as service:  # noqa: S104 - that is the question
        url = service.url.replace("0.0.0.0", "127.0.0.1")  # noqa: S104
        without = coverage(url)
        with psycopg.connect(database_url) as connection:
            # Even where somebody empties the table behind the service's back.
            connection.execute("truncate credential, session")
        refused = httpx.post(f"{url}/graphql", json={"query": "{ __typename }"}, timeout=PATIENCE)
        until(lambda: coverage(url, key).status_code == 401)
        after = coverage(url)

    assert (without.status_code, refused.status_code, after.status_code) == (401, 401, 401)
    assert key not in (tmp_path / "serve.log").read_text()


def test_serve_with_a_key_answers_its_holder(run: Run, tmp_path: Path, database_url: str) -> None:
    issued = run("access", "issue", "--name", "me", "--role", "ASSOCIATION", DATABASE_URL=database_url)
    with serving(tmp_path, database_url, "--workers", "2") as service:
        asked = [coverage(service.url, issued.stdout.strip()).status_code for _ in range(8)]
        command_lines = "".join(Path(f"/proc/{number}/cmdline").read_text() for number in service.processes())

    assert asked == [200] * 8
    assert issued.stdout.strip() not in command_lines
