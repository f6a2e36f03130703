"""Loading is all or nothing: killed at any moment, with the database or without, and run again, it ends the same.

The load command, the process of the server that works for it, or the whole server is killed (SIGKILL): where the load
first writes to each table, while it waits for another load, after it committed, and at moments spread over its time.
Right after, the portfolio and the notes about deliveries must be those before the load or those after it. Then the
same command runs again, and all tables must hold exactly what an undisturbed load into a database of its own left
there. Only where the load had committed before it was killed, the second one is noted too: as a delivery that changed
nothing.

`HYPOTHESIS_PROFILE=long` kills each of the three at every moment, and at ten times as many moments in time; else some
of the tables that only note the delivery are left out.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

import psycopg
import pytest

from sql.migrate import migrate
from tests.conftest import CHECKOUT
from tests.intake import market
from tests.intake.killing import (
    NOTES,
    Cluster,
    Command,
    Digests,
    completed,
    digests,
    end,
    held_up,
    loading,
    until,
    waiting,
)

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
VICTIMS = ("loader", "backend", "server")
# In the order in which a load writes to them; `the lock` is taken before anything is written.
TABLES = (
    "the lock",
    "institution",
    "borrower",
    "loan",
    "loan_superseded",
    "loan_confirmation",
    "repayment",
    "repayment_superseded",
    "repayment_confirmation",
    "loan_series",
    "reported_month",
    "institution_month",
    "inquiry",
    "coverage",
    "delivery",
    "delivery_count",
    "delivery_file",
    "delivery_reject",
    "delivery_rule",
    "delivery_warning",
    "delivery_month",
    "delivery_month_rule",
)
NOTED = {"delivery_count", "delivery_file", "delivery_rule", "delivery_warning", "delivery_month"}
AT_TABLES = [
    (table, VICTIMS[(at + turn) % 3], number)
    for at, table in enumerate(table for table in TABLES if LONG or table not in NOTED)
    for turn in range(3 if LONG else 1)
    for number in ((0, 1) if LONG else (at % 2,))
]
AFTER = [(victim, number) for at, victim in enumerate(VICTIMS) for number in ((0, 1) if LONG else (at % 2,))]
AT_TIMES = [
    (round(Random(at).uniform(0.1, 1.1), 2), VICTIMS[at % 3], at // 3 % 2)  # noqa: S311 - moments are no secrets
    for at in range(60 if LONG else 6)
]


class Load(NamedTuple):
    """A load to disturb: of a folder, into a copy of a database; what is there before and after it, and its seconds."""

    folder: Path
    template: str
    before: Digests
    after: Digests
    seconds: float


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """Give a server of this module's own, on the programs of the checkout's state folder."""
    home = CHECKOUT / ".borrowgraph" / "tests" / f"kill-{os.getpid()}"
    home.mkdir(parents=True)
    cluster = Cluster(home)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(home)


@pytest.fixture(scope="module")
def loads(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> tuple[Load, Load]:
    """Give a first load, and one that corrects it, each done once without a disturbance."""
    folders = market.write(tmp_path_factory.mktemp("market"))
    template = cluster.create()
    migrate(cluster.url(template), lambda _: None)
    done = []
    for folder in folders:
        database = cluster.create(template)
        before = digests(cluster.url(database))
        start = time.monotonic()
        completed(cluster.url(database), folder)
        seconds = time.monotonic() - start
        done.append(Load(folder, template, before, digests(cluster.url(database)), seconds))
        template = database
    return done[0], done[1]


def kill(cluster: Cluster, victim: str, process: Command, database: str) -> None:
    """Kill one of the three, and wait for the command's end."""
    if victim == "loader":
        end(process.pid)
    elif victim == "backend":
        cluster.kill_backend(database)
    else:
        cluster.kill()
    process.communicate(timeout=60)


def gone(url: str) -> bool:
    """Whether nothing works on a load any more: the server notices late that a loader was killed."""
    with psycopg.connect(url) as connection:
        return not connection.execute(
            "select from pg_stat_activity where application_name = 'borrowgraph load' and datname = current_database()"
        ).rowcount


def test_loads_that_are_killed_have_rows_of_every_fate(cluster: Cluster, loads: tuple[Load, Load]) -> None:
    rows = """
        select kind, sum(added), sum(corrected), sum(older), sum(unchanged), sum(rejected)
        from delivery_count group by kind
    """
    databases = loads[1].template, cluster.create(loads[1].template)
    completed(cluster.url(databases[1]), loads[1].folder)

    found = []
    for database in databases:
        with psycopg.connect(cluster.url(database)) as connection:
            found.append({kind: counts for kind, *counts in connection.execute(rows)})
    first, both = found

    assert all(count for kind in ("loans", "repayments") for count in both[kind])
    assert all(first[kind][0] for kind in ("institutions", "loans", "repayments", "inquiries"))
    assert both["institutions"][1] > 0
    assert both["inquiries"][0] > first["inquiries"][0]


@pytest.mark.parametrize(("table", "victim", "number"), AT_TABLES)
def test_load_killed_where_it_writes_to_a_table_leaves_nothing_and_ends_the_same(
    cluster: Cluster, loads: tuple[Load, Load], table: str, victim: str, number: int
) -> None:
    load = loads[number]
    database = cluster.create(load.template)
    with held_up(cluster.url(database), table), loading(cluster.url(database), load.folder) as process:
        until(lambda: waiting(cluster.url(database)) or process.poll() is not None)
        kill(cluster, victim, process, database)
    cluster.start()
    until(lambda: gone(cluster.url(database)))

    left = digests(cluster.url(database))
    completed(cluster.url(database), load.folder)

    assert process.returncode != 0
    assert left == load.before
    assert digests(cluster.url(database)) == load.after


@pytest.mark.parametrize(("victim", "number"), AFTER)
def test_load_killed_after_its_commit_stays_whole(
    cluster: Cluster, loads: tuple[Load, Load], victim: str, number: int
) -> None:
    load = loads[number]
    database = cluster.create(load.template)
    with (
        held_up(cluster.url(database), "portfolio_cell", "share update exclusive"),
        loading(cluster.url(database), load.folder) as process,
    ):
        until(lambda: waiting(cluster.url(database)) or process.poll() is not None)
        kill(cluster, victim, process, database)
    cluster.start()

    left = digests(cluster.url(database))
    said = completed(cluster.url(database), load.folder)

    assert process.returncode != 0
    assert left == load.after
    again = digests(cluster.url(database))
    assert portfolio(again) == portfolio(load.after)
    assert " 0 added, 0 corrected, 0 older" in said


@pytest.mark.parametrize(("share", "victim", "number"), AT_TIMES)
def test_load_killed_at_any_time_is_whole_or_not_there_and_ends_the_same(
    cluster: Cluster, loads: tuple[Load, Load], share: float, victim: str, number: int
) -> None:
    load = loads[number]
    database = cluster.create(load.template)
    with loading(cluster.url(database), load.folder) as process:
        try:
            process.wait(timeout=share * load.seconds)
        except subprocess.TimeoutExpired:
            kill(cluster, victim, process, database)
    cluster.start()
    until(lambda: gone(cluster.url(database)))

    left = digests(cluster.url(database))
    completed(cluster.url(database), load.folder)

    assert left in (load.before, load.after)
    again = digests(cluster.url(database))
    assert portfolio(again) == portfolio(load.after)
    assert load.after in (left, again)


def portfolio(held: Digests) -> Digests:
    """All but the notes about deliveries."""
    return {name: digest for name, digest in held.items() if name not in NOTES}
