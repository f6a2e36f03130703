"""What the dashboard asks, beside straightforward SQL over the rows, at a million repayments and at many more.

`make bench T=portfolio OPTIONS="--repayments 20000000"`; see bench/README.md.
"""

import argparse
import http.client
import os
import platform
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

import orjson
import psycopg
from psycopg.errors import QueryCanceled

from bench.portfolio_copies import multiplied
from bench.portfolio_rows import Question, month_ends, questions
from bench.requests import dashboard
from bench.requests.contenders import running
from bench.requests.portfolio import LOADED, Portfolio, portfolio
from sql.statements import statement

RESULTS = Path(__file__).with_name("RESULTS-portfolio.md")
MONTHS = 24  # the dashboard's window
OURS = 5  # times in each round: ours takes milliseconds
ENOUGH = 10_000  # milliseconds: what takes the rows longer is asked of them once
CELLS = """
    select c.id, c.institution_id, c.institution_kind, c.product, b.id,
        b.institution_kind is null and b.product is null and b.institution_id is null,
        b.institution_kind is not null and b.product is null, b.product is not null and b.institution_kind is null
            and b.institution_id is null, b.institution_id is not null and b.product is null
    from portfolio_cell c join portfolio_member m on m.cell_id = c.id join portfolio_block b on b.id = m.block_id
    order by b.id, c.id"""


class Measured(NamedTuple):
    """A question's medians in milliseconds: ours and the rows', None for none; and whether these were stopped."""

    name: str
    ours: float
    rows: float | None
    stopped: bool = False


def main() -> None:
    """Measure, print a table and write it down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--repayments", type=int, default=LOADED, help="the larger of two sizes (default: 1,000,000 alone)"
    )
    parser.add_argument("--rounds", type=int, default=3, help="rounds, one of the rows each (default: 3)")
    parser.add_argument(
        "--rows-limit", type=int, default=120, help="seconds that SQL over the rows may take (default: 120)"
    )
    chosen = parser.parse_args()
    found: list[tuple[Portfolio, list[Measured]]] = []
    with portfolio(LOADED, say) as one:
        sizes = [one] if chosen.repayments <= LOADED else [one, multiplied(one, chosen.repayments, say)]
        for size in sizes:
            say(f"{size.repayments:,} repayments")
            found.append((size, [*measured(size, chosen.rounds, chosen.rows_limit), document(size)]))
        text = table(found)
    sys.stdout.write(f"{text}\n")
    RESULTS.write_text(text + "\n", encoding="utf-8")


def measured(size: Portfolio, rounds: int, limit: int) -> Iterator[Measured]:
    """Ask everything of ours and of the rows in turn."""
    with (
        psycopg.connect(size.url, autocommit=True, cursor_factory=psycopg.RawCursor) as ours,
        psycopg.connect(size.url, autocommit=True) as rows,
    ):
        rows.execute(f"set statement_timeout = '{limit}s'".encode())
        first, past = window(rows)
        institutions, asked = prepared(rows, first, past)
        values = {"first": first, "past": past, "days": month_ends(first, past), "institutions": institutions}
        for question in asked:
            ours_took, rows_took = list[float](), list[float]()
            for _ in range(rounds):
                ours_took += [milliseconds(partial(run, ours, question)) for _ in range(OURS)]
                rows_took.append(_of_rows(rows, question, values))
                if rows_took[-1] > ENOUGH:
                    break
            one = Measured(question.name, median(ours_took), median(rows_took), rows_took[-1] >= limit * 1000)
            say(f"{one.name}: {one.ours:.1f} ms, {ratio(one)}")
            yield one


def _of_rows(connection: psycopg.Connection[Any], question: Question, values: dict[str, Any]) -> float:
    def ask() -> None:
        with suppress(QueryCanceled):
            connection.execute(question.rows.encode(), values)

    return milliseconds(ask)


def run(connection: psycopg.Connection[Any], question: Question) -> None:
    """Run a question's statements."""
    for name, values in question.ours:
        connection.execute(statement(f"portfolio/{name}").text.encode(), values).fetchall()


def milliseconds(ask: Callable[[], object]) -> float:
    """Return how long it takes."""
    start = perf_counter()
    ask()
    return (perf_counter() - start) * 1000


def window(connection: psycopg.Connection[Any]) -> tuple[date, date]:
    """Return the first day of the last months reported, and the day after them."""
    query = """
        select (max(month) - make_interval(months => %s))::date, (max(month) + interval '1 month')::date
        from reported_month"""
    [(first, past)] = connection.execute(query, [MONTHS - 1]).fetchall()
    return first, past


def prepared(connection: psycopg.Connection[Any], first: date, past: date) -> tuple[list[int], list[Question]]:
    """Return two institutions, and the questions about a window."""
    groups: dict[str, dict[int, None]] = {name: {} for name in ("all", "kind", "product", "institution", "bank")}
    members: dict[int, list[int]] = {}
    for cell, institution, kind, _, block, *is_of in connection.execute(CELLS).fetchall():
        members.setdefault(institution, []).append(cell)
        for name, is_one in zip(("all", "kind", "product", "institution"), is_of, strict=True):
            if is_one:
                groups[name][block] = None
        if is_of[1] and kind == "BANK":
            groups["bank"][block] = None
    two = sorted(members)[:2]
    part = sorted({cell for institution in two for cell in members[institution]})
    return two, questions(first, past, {name: [(block,) for block in found] for name, found in groups.items()}, part)


def document(size: Portfolio) -> Measured:
    """Ask the dashboard's whole document through HTTP."""
    with running("borrowgraph", size, 1) as contender:
        body = orjson.dumps(dashboard.body())
        connection = http.client.HTTPConnection("127.0.0.1", contender.port, timeout=120)

        def ask() -> bytes:
            connection.request("POST", "/graphql", body, {"content-type": "application/json"})
            return connection.getresponse().read()

        answer = orjson.loads(ask())
        if answer.get("errors"):
            raise SystemExit(f"the dashboard's document is answered with {answer['errors']}")
        took = median(milliseconds(ask) for _ in range(3 * OURS))
        connection.close()
    return Measured("the dashboard's document, HTTP", took, None)


def table(found: list[tuple[Portfolio, list[Measured]]]) -> str:
    """Write the table."""
    lines = [
        "# The dashboard's questions, side by side",
        "",
        f"{MONTHS} months, as the association; medians, the database's cache warm. A ratio is how many times as long "
        "straightforward SQL over the rows takes (`bench/portfolio_rows.py`). "
        f"{os.cpu_count()} cores, {platform.machine()}; other work ran on the machine.",
        "",
        "| question | " + " | ".join(f"{size.repayments:,} rows | ratio" for size, _ in found) + " |",
        "| --- |" + " ---: | ---: |" * len(found),
    ]
    for number, (name, *_) in enumerate(found[0][1]):
        cells = [f"{one[number].ours:.1f} ms | {ratio(one[number])}" for _, one in found]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def ratio(one: Measured) -> str:
    """Write how many times as long the rows take."""
    return "" if one.rows is None else f"{'over ' if one.stopped else ''}{one.rows / one.ours:,.1f}"


def say(text: str) -> None:
    """Tell how far it is."""
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    main()
