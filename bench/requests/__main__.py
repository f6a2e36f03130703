"""Measure requests: `make bench T=requests`, or `python -m bench.requests --workloads A,B`; see README.md."""

import argparse
import sys
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from datetime import date
from functools import partial
from pathlib import Path

import psycopg

from bench.portfolio_copies import multiplied
from bench.requests import dashboard, load, results, same, statements
from bench.requests.contenders import NAMES, Contender, fetch_postgraphile, rest, running
from bench.requests.portfolio import LOADED, Portfolio, issued, portfolio
from bench.requests.workloads import WORKLOADS, Workload

FUNCTIONS = Path(__file__).with_name("postgraphile") / "functions.sql"
BODIES = {1: 500, 100: 20, 1_000: 5, 0: 1}  # different bodies by the borrowers in one
COMPARED = {1: 25, 100: 3, 1_000: 1, 0: 1}  # of them compared among the contenders


def main() -> None:
    """Measure, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repayments", type=int, default=1_000_000, help="size of the portfolio (default: 1,000,000)")
    parser.add_argument("--workloads", default="A,B,C,D,E", help="which (default: all)")
    parser.add_argument("--contenders", default=",".join(NAMES), help="which (default: all)")
    parser.add_argument("--connections", default="1,8,64", help="how many at once (default: 1,8,64)")
    parser.add_argument("--workers", default="1,2", help="processes of each contender (default: 1,2)")
    parser.add_argument("--rounds", type=int, default=3, help="turns of each contender (default: 3)")
    parser.add_argument("--seconds", type=float, default=3, help="length of one measurement (default: 3)")
    chosen = parser.parse_args()
    chosen_workloads = [WORKLOADS[name] for name in chosen.workloads.split(",")]
    names = chosen.contenders.split(",")
    if "postgraphile" in names:
        fetch_postgraphile()
    kept = results.read()
    with portfolio(min(chosen.repayments, LOADED), say) as loaded:
        asked = loaded if chosen.repayments <= LOADED else multiplied(loaded, chosen.repayments, say)
        prepare(asked)
        key = issued(asked.url)
        for workers in numbers(chosen.workers):
            with ExitStack() as stack:
                contenders = [stack.enter_context(running(name, asked, workers, key)) for name in names]
                for workload in chosen_workloads:
                    bench = Bench(asked, workload, contenders, workers)
                    bench.compare(kept)
                    bench.rounds(kept, numbers(chosen.connections), chosen.rounds, chosen.seconds)
                    results.write(kept)
    say("written: bench/RESULTS.md")


def numbers(text: str) -> list[int]:
    """Read numbers with commas between them."""
    return [int(part) for part in text.split(",")]


def say(text: str) -> None:
    """Tell a person what is being done."""
    sys.stderr.write(f"{text}\n")


def prepare(asked: Portfolio) -> None:
    """Make PostGraphile's functions anew."""
    with psycopg.connect(asked.url, autocommit=True) as connection:
        connection.execute("set client_min_messages = warning")
        connection.execute("drop schema if exists requests cascade")
        connection.execute(FUNCTIONS.read_bytes())


class Bench:
    """One workload, asked of contenders that run."""

    def __init__(self, asked: Portfolio, workload: Workload, contenders: Iterable[Contender], workers: int) -> None:
        self._asked = asked
        self._workload = workload
        self._contenders = [one for one in contenders if workload.borrowers or one.name in dashboard.CONTENDERS]
        self._workers = workers
        with psycopg.connect(asked.url) as connection:
            query = """select (max(month) + interval '1 month')::date from reported_month
                where first_reported_at <= coalesce(%s, now())"""
            [(horizon,)] = connection.execute(query, [workload.as_of])
        self._horizon: date = horizon

    def compare(self, kept: results.Results) -> None:
        """Stop where answers differ; note what else is known of one answer."""
        workload = self._workload
        for place in range(COMPARED[workload.borrowers]):
            keys = self._keys(place)
            bodies = {one.name: one.body(workload, keys, self._horizon) for one in self._contenders}
            answers = {one.name: one.answer(workload, bodies[one.name]) for one in self._contenders}
            wrong = same.differing(workload, keys, answers)
            if wrong:
                raise SystemExit(f"{workload.name}: another answer than Borrowgraph's from {', '.join(wrong)}")
        for one in self._contenders:
            body = one.body(workload, self._keys(0), self._horizon)
            count = statements.counted(self._asked, partial(one.answer, workload, body))
            kept.note(self._asked.repayments, workload.name, one.name, len(answers[one.name]), count)

    def rounds(self, kept: results.Results, connections: Sequence[int], rounds: int, seconds: float) -> None:
        """Measure each contender in turn, forwards and backwards."""
        bodies = {
            one.name: [
                one.body(self._workload, self._keys(place), self._horizon)
                for place in range(BODIES[self._workload.borrowers])
            ]
            for one in self._contenders
        }
        for count in connections:
            if count > self._workload.most:
                continue
            taken: dict[str, list[load.Sample]] = {one.name: [] for one in self._contenders}
            for number in range(rounds):
                for one in self._contenders[:: -1 if number % 2 else 1]:
                    longer = seconds * self._workload.longer
                    found = load.measured(one, self._workload, bodies[one.name], count, longer, self._asked.process)
                    taken[one.name].append(found)
                    rest(one.pid, self._asked.process)
            for one in self._contenders:
                setting = results.Setting(self._asked.repayments, self._workload.name, self._workers, count)
                kept.add(setting, one.name, taken[one.name], one.memory())
            told = ", ".join(f"{name} {max(each.rate for each in found):.1f}/s" for name, found in taken.items())
            say(f"{self._workload.name}, {self._workers} workers, {count} connections: {told}")

    def _keys(self, place: int) -> list[bytes]:
        first = place * self._workload.borrowers
        return [self._asked.key(number) for number in range(first, first + self._workload.borrowers)]


if __name__ == "__main__":
    main()
