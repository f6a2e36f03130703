"""How soon the months of some borrowers' loans are read, from the hypertable's rows and from the packed series.

`python -m bench.series "$(borrowgraph database url)"`, on whatever is loaded; see bench/README.md.
"""

import argparse
import random
import time
from collections import Counter
from collections.abc import Sequence
from statistics import median
from typing import Any

import psycopg

ROUNDS = 200
WINDOW = "2024-10-01", "2026-10-01"  # of the demo: 24 months
LOANS = "select id from loan where borrower_id = any ($1::bigint[])"
QUERIES = {
    "rows": f"""
        select l.id, r.month, r.due, r.paid, r.balance, r.overdue_amount, r.days_past_due
        from ({LOANS}) as l
        cross join lateral known_repayment(l.id, null) r
        where r.month >= $2::date and r.month < $3::date
        order by l.id, r.month""",  # noqa: S608 - constants of this file
    "series, a row a month": f"""
        select s.loan_id, (s.first_month + make_interval(months => m.slot::integer - 1))::date, m.due, m.paid,
            m.balance, m.overdue_amount, m.days_past_due
        from ({LOANS}) as l
        join loan_series s on s.loan_id = l.id
        cross join lateral unnest(s.due, s.paid, s.balance, s.overdue_amount, s.days_past_due)
            with ordinality as m (due, paid, balance, overdue_amount, days_past_due, slot)
        where m.due is not null
            and m.slot > series_slot($2::date) - series_slot(s.first_month)
            and m.slot <= series_slot($3::date) - series_slot(s.first_month)
        order by s.loan_id, m.slot""",  # noqa: S608 - constants of this file
    "series, arrays as they are": f"""
        select s.loan_id, s.first_month, s.due, s.paid, s.balance, s.overdue_amount, s.days_past_due
        from ({LOANS}) as l
        join loan_series s on s.loan_id = l.id
        where $2::date < $3::date
        order by s.loan_id""",  # noqa: S608 - constants of this file
}


def main() -> None:
    """Measure in turn, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", help="libpq address of a database that something is loaded into")
    url = parser.parse_args().url
    print("| borrowers | rows of months | form | median ms | ratio |\n| --- | --- | --- | --- | --- |")
    with psycopg.connect(url, autocommit=True, cursor_factory=psycopg.RawCursor) as connection:
        connection.prepare_threshold = 0
        people = [number for (number,) in connection.execute("select distinct borrower_id from loan order by 1")]
        for many in (1, 100):
            counts, times = measured(connection, people, many)
            for form, taken in times.items():
                ratio = median(times["rows"]) / median(taken)
                print(f"| {many} | {counts['rows']} | {form} | {median(taken):.2f} | {ratio:.1f} |")


def measured(
    connection: psycopg.Connection[tuple[Any, ...]], people: Sequence[int], many: int
) -> tuple[Counter[str], dict[str, list[float]]]:
    """Ask each form in turn about so many people; returns the rows and the milliseconds of each."""
    chosen = random.Random(7)  # noqa: S311 - no secret
    counts: Counter[str] = Counter()
    times: dict[str, list[float]] = {form: [] for form in QUERIES}
    for _ in range(ROUNDS):
        asked = chosen.sample(people, many)
        for form, query in QUERIES.items():
            start = time.perf_counter()
            counts[form] += connection.execute(query.encode(), [asked, *WINDOW], binary=True).rowcount
            times[form].append((time.perf_counter() - start) * 1000)
    return counts, times


if __name__ == "__main__":
    main()
