"""How fast deliveries are loaded, against a bare COPY of the same rows into the same tables with the same indexes.

`make bench-load`, or `python -m bench.load --rows 20000000 --times 1`; see bench/README.md.
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

from bench import load_contenders, load_deliveries
from bench.load_contenders import CHECKOUT, Load
from sql import embedded
from sql.migrate import migrate

FORMS = ("text", "binary")
STATE = CHECKOUT / ".borrowgraph"
RESULTS = Path(__file__).with_name("RESULTS-load.md")


class Round(NamedTuple):
    """One delivery, loaded once and copied once in each format: its rows, those that COPY wrote, and what it took."""

    rows: int
    copied: int
    load: Load
    copies: dict[str, float]


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
    """Load both deliveries, and copy what they left into databases of their own."""
    data, dumps = home / "data", home / "dumps"
    with database(server, "loaded") as url:
        checkpoint(server)
        first = load_contenders.load(url, deliveries.first, data)
        known = ids(url) | {
            "institution": deliveries.institution,
            "month": "2026-10-01",
            "since": "2026-10-01T00:00:00+08:00",
        }
        whole = {form: load_contenders.dump(url, dumps / "first" / form, form) for form in FORMS}
        checkpoint(server)
        month = load_contenders.load(url, deliveries.month, data)
        new = {form: load_contenders.dump(url, dumps / "month" / form, form, known) for form in FORMS}
    copies = {form: copied(server, dumps, form) for form in FORMS[:: 1 if number % 2 else -1]}
    shutil.rmtree(dumps)
    say(f"round {number + 1}: first load {first.seconds:.1f} s, month {month.seconds:.1f} s; COPY {copies}")
    return (
        Round(deliveries.first_rows, whole["text"], first, {form: copies[form][0] for form in FORMS}),
        Round(deliveries.month_rows, new["text"], month, {form: copies[form][1] for form in FORMS}),
    )


def copied(server: embedded.Server, dumps: Path, form: str) -> tuple[float, float]:
    """Copy both deliveries' rows into an empty database; returns the seconds of each."""
    with database(server, "copied") as url:
        checkpoint(server)
        first = load_contenders.copy_in(url, dumps / "first" / form, form)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("analyze")  # as the loader does
        checkpoint(server)
        return first, load_contenders.copy_in(url, dumps / "month" / form, form)


@contextmanager
def database(server: embedded.Server, name: str) -> Iterator[str]:
    """Give the address of an empty, migrated database; it is dropped at the end."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(f"create database {name}".encode())
        try:
            migrate(server.url(name), lambda _: None)
            yield server.url(name)
        finally:
            connection.execute(f"drop database {name} with (force)".encode())


def checkpoint(server: embedded.Server) -> None:
    """Give each contender the same start."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute("checkpoint")


def ids(url: str) -> dict[str, object]:
    """Return the largest ids given so far."""
    query = "select (select max(id) from institution), (select max(id) from borrower), (select max(id) from loan)"
    with psycopg.connect(url) as connection:
        [row] = connection.execute(query)
    return dict(zip(("institutions", "borrowers", "loans"), row, strict=True))


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
        "| | rows read | rows COPY writes | load | COPY, text | COPY, binary | its rate of text COPY's "
        "| of binary COPY's | loader's memory | disk at most | disk kept |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    names = "first load", f"a month of {deliveries.institution}, into what the first load left"
    lines += [line(name, list(kind)) for name, kind in zip(names, zip(*rounds, strict=True), strict=True)]
    return "\n".join(lines)


def line(name: str, rounds: Sequence[Round]) -> str:
    """One delivery's line of the table."""
    cells = [name, f"{rounds[0].rows:,}", f"{rounds[0].copied:,}", spread([each.load.seconds for each in rounds], " s")]
    cells += [spread([each.copies[form] for each in rounds], " s") for form in FORMS]
    for form in FORMS:
        ratios = [each.rows / each.load.seconds / (each.copied / each.copies[form]) for each in rounds]
        cells.append(spread(ratios, ""))
    cells += [f"{max(each.load[part] for each in rounds):,.0f} MB" for part in (1, 2, 3)]
    return f"| {' | '.join(cells)} |"


def spread(values: Sequence[float], unit: str) -> str:
    """The median, the least and the most."""
    short = [f"{value:.2f}" for value in (median(values), min(values), max(values))]
    return f"{short[0]}{unit} ({short[1]}-{short[2]})"


if __name__ == "__main__":
    main()
