"""How fast deliveries are loaded, against a bare COPY of the same rows into the same tables with the same indexes.

`make bench T=load`, or `python -m bench.load --rows 20000000 --times 1`; see bench/README.md.
"""

import argparse
import os
import platform
import shlex
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import NamedTuple

import psycopg

from bench import load_contenders, load_deliveries, load_floor
from bench.load_contenders import CHECKOUT, REPORTED, Load
from sql import embedded
from sql.migrate import migrate

FORMS = ("text", "binary")
SMALL = 0.1  # seconds of a table that are not worth a word
STATE = CHECKOUT / ".borrowgraph"
RESULTS = Path(__file__).with_name("RESULTS-load.md")


class Round(NamedTuple):
    """One delivery, loaded once, and copied once in each format: its rows, those that COPY wrote, and what it took.

    Of each format the seconds of all tables, and of those of what is reported; and the seconds of the loader by hand.
    """

    rows: int
    copied: int
    reported: int
    load: Load
    copies: dict[str, tuple[float, float]]
    by_hand: float


def main() -> None:
    """Measure, print a table and write it down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2_000_000, help="rows of the first load (default: 2,000,000)")
    parser.add_argument("--times", type=int, default=3, help="how often everything is done (default: 3)")
    chosen = parser.parse_args()
    home = STATE / "bench" / str(os.getpid())
    home.mkdir(parents=True)
    try:
        server = embedded.start(home, prefix=STATE, say=say)
        say("writing the deliveries")
        deliveries = load_deliveries.write(home / "deliveries", chosen.rows)
        rounds = [measured(server, home, deliveries, number) for number in range(chosen.times)]
        text = table(deliveries, rounds, server)
    finally:
        embedded.stop(home)
        shutil.rmtree(home)
    sys.stdout.write(f"{text}\n")
    RESULTS.write_text(text + "\n", encoding="utf-8")


def say(text: str) -> None:
    """Tell a person what is being done."""
    sys.stderr.write(f"{text}\n")


def measured(
    server: embedded.Server, home: Path, deliveries: load_deliveries.Deliveries, number: int
) -> tuple[Round, Round]:
    """Let the contenders take both deliveries, each into a database that is as the load found it."""
    with database(server, "loaded") as url:
        run(server, "checkpoint")
        first = compared(server, home, number, "template1", delivery=deliveries.first, rows=deliveries.first_rows)
        before = load_contenders.transaction(url)
        run(server, "create database before template loaded")
        try:
            settle(server, url)
            month = compared(
                server, home, number, "before", delivery=deliveries.month, rows=deliveries.month_rows, since=before
            )
        finally:
            run(server, "drop database before with (force)")
    for each in (first, month):
        say(
            f"round {number + 1}: load {each.load.seconds:.1f} s, by hand {each.by_hand:.1f} s, COPY of all and of the "
            f"reported {each.copies}"
        )
    return first, month


def compared(  # noqa: PLR0913 - what is loaded, where, and who begins
    server: embedded.Server, home: Path, number: int, template: str, *, delivery: Path, rows: int, since: int = 0
) -> Round:
    """Load a delivery; then copy what that left, and add it by hand, into databases like the template."""
    url, dumps = server.url("loaded"), home / "dumps"
    loaded = load_contenders.load(url, delivery, home / "data")
    written = {form: load_contenders.dump(url, dumps / form, form, since) for form in FORMS}
    staged = load_floor.stage(url, delivery, dumps / "staged")
    copies, by_hand = {}, 0.0
    for name in ("by hand", *FORMS)[:: 1 if number % 2 else -1]:
        form = name if name in FORMS else "text"
        with database(server, "copied", template) as other:
            load_contenders.make_room(other, dumps / form, form)
            settle(server, other)
            if name in FORMS:
                copies[form] = copied(other, dumps / form, form)
            else:
                by_hand = load_floor.load(other, staged, dumps / form)
    shutil.rmtree(dumps)
    reported = sum(written["text"][table] for table in REPORTED)
    return Round(rows, sum(written["text"].values()), reported, loaded, copies, by_hand)


def copied(url: str, dumped: Path, form: str) -> tuple[float, float]:
    """Copy a delivery's rows; returns the seconds of all tables and of the reported."""
    seconds = load_contenders.copy_in(url, dumped, form)
    say(f"COPY, {form}: " + ", ".join(f"{name} {taken:.2f}" for name, taken in seconds.items() if taken > SMALL))
    return sum(seconds.values()), sum(seconds[name] for name in REPORTED)


@contextmanager
def database(server: embedded.Server, name: str, template: str = "template1") -> Iterator[str]:
    """Give the address of a migrated database like another; it is dropped at the end."""
    run(server, f"create database {name} template {template}")
    try:
        migrate(server.url(name), lambda _: None)
        yield server.url(name)
    finally:
        run(server, f"drop database {name} with (force)")


def settle(server: embedded.Server, url: str) -> None:
    """Vacuum a database, as happens by itself long before a month is over, and leave nothing to be written."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("vacuum analyze")
    run(server, "checkpoint")


def run(server: embedded.Server, statement: str) -> None:
    """Run a statement that concerns the server."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(statement.encode())


def table(
    deliveries: load_deliveries.Deliveries, rounds: Sequence[tuple[Round, Round]], server: embedded.Server
) -> str:
    """Write the results as Markdown."""
    with psycopg.connect(server.url("postgres")) as connection:
        [[version]] = connection.execute("select 'PostgreSQL ' || current_setting('server_version')")
    command = shlex.join(["python", "-m", "bench.load", *sys.argv[1:]])
    lines = [
        "# Loading deliveries, against a bare COPY",
        "",
        f"`{command}`, {version}, Python {platform.python_version()}, {os.cpu_count()} cores; medians of "
        f"{len(rounds)}, the least and the most in brackets. See README.md for what is compared.",
        "",
        "| | rows read | rows it leaves, of them reported | load | COPY of all of them, text, binary "
        "| its speed of that COPY's, text, binary | COPY of the reported ones, text | its speed of that COPY's "
        "| by hand, unchecked | its speed of that | loader's memory | disk at most | disk kept |",
        "|" + " --- |" * 13,
    ]
    names = "first load", f"a month of {deliveries.institution}, into what the first load left"
    lines += [line(name, list(kind)) for name, kind in zip(names, zip(*rounds, strict=True), strict=True)]
    return "\n".join(lines)


def line(name: str, rounds: Sequence[Round]) -> str:
    """One delivery's line of the table."""
    cells = [name, f"{rounds[0].rows:,}", f"{rounds[0].copied:,}, {rounds[0].reported:,}"]
    cells.append(spread([each.load.seconds for each in rounds], " s"))
    cells.append(", ".join(spread([each.copies[form][0] for each in rounds], " s") for form in FORMS))
    cells.append(", ".join(spread([each.copies[form][0] / each.load.seconds for each in rounds], "") for form in FORMS))
    cells.append(spread([each.copies["text"][1] for each in rounds], " s"))
    cells.append(spread([each.copies["text"][1] / each.load.seconds for each in rounds], ""))
    cells.append(spread([each.by_hand for each in rounds], " s"))
    cells.append(spread([each.by_hand / each.load.seconds for each in rounds], ""))
    cells += [f"{max(each.load[part] for each in rounds):,.0f} MB" for part in (1, 2, 3)]
    return f"| {' | '.join(cells)} |"


def spread(values: Sequence[float], unit: str) -> str:
    """The median, the least and the most."""
    short = [f"{value:.2f}" for value in (median(values), min(values), max(values))]
    return f"{short[0]}{unit} ({short[1]}-{short[2]})"


if __name__ == "__main__":
    main()
