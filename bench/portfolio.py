"""Each dashboard statement beside straightforward SQL over the rows: `python -m bench.portfolio DATABASE_URL`.

Prints, over the whole market and all months held, the best of three runs of both, in milliseconds, and their ratio.
"""

import sys
from datetime import date
from time import perf_counter
from typing import Any

import psycopg

from sql.statements import statement

STRAIGHT = {
    "delinquency": """
        select r.month, least((r.days_past_due + 29) / 30, 7) as bucket, count(*), sum(r.balance),
            sum(r.overdue_amount), (select count(distinct o.borrower_id)
                from loan o join repayment p on p.loan_id = o.id
                where p.month = r.month and (p.balance > 0 or p.overdue_amount > 0))
        from repayment r where r.balance > 0 or r.overdue_amount > 0 group by 1, 2""",
    "moves": """
        select r.month, least((r.days_past_due + 29) / 30, 7), least((n.days_past_due + 29) / 30, 7), count(*)
        from repayment r
        left join repayment n on n.loan_id = r.loan_id and n.month = (r.month + interval '1 month')::date
        group by 1, 2, 3""",
    "cohorts": "select date_trunc('month', opened_on), count(*), sum(principal) from loan group by 1",
    "ages": """
        select date_trunc('quarter', l.opened_on), f.first, count(*)
        from loan l left join (select loan_id, min(month) as first from repayment where days_past_due > 30 group by 1) f
            on f.loan_id = l.id group by 1, 2""",
    "holders": """
        select d.day, n.lenders, count(*) from unnest(%s::date[]) d (day)
        cross join lateral (select borrower_id, count(distinct institution_id) as lenders from loan
            where opened_on <= d.day and (closed_on is null or closed_on >= d.day) group by 1) n
        group by 1, 2""",
}
STRAIGHT["lenders"] = STRAIGHT["holders"]  # the same of some of the market, whose borrowers are found by their cells


def milliseconds(connection: psycopg.Connection[Any], query: str, values: list[Any] | None) -> float:
    """Return the best of three runs."""
    times = []
    for _ in range(3):
        start = perf_counter()
        connection.execute(query.encode(), values).fetchall()
        times.append(perf_counter() - start)
    return min(times) * 1000


def main(url: str) -> None:
    """Measure everything."""
    with (
        psycopg.connect(url, autocommit=True) as plain,
        psycopg.connect(url, autocommit=True, cursor_factory=psycopg.RawCursor) as ours,
    ):
        first, last = plain.execute("select min(month), max(month) from reported_month").fetchall()[0]
        [(rows,)] = plain.execute("select repayments from coverage").fetchall()
        cells = [cell for (cell,) in plain.execute("select id from portfolio_cell order by id")]
        ends = "select (m + interval '1 month')::date - 1 from generate_series(%s::timestamp, %s, '1 month') m"
        days: list[date] = [day for (day,) in plain.execute(ends, [first, last])]
        span, chosen = [[first], [date(last.year + 1, 1, 1)]], [[1] * len(cells), cells]
        asked: dict[str, list[Any]] = {
            "delinquency": [*span, ["month"], *chosen, [True], [None], [None]],
            "moves": [*span, *chosen],
            "cohorts": [*span, *chosen],
            "ages": [*span, ["quarter"], [30], *chosen],
            "holders": [[1] * len(days), days, True, None],
            "lenders": [[1] * len(days), days, False, None, *chosen],
        }
        print(f"{rows:,} rows, {len(days)} months")
        for name, values in asked.items():
            kept = milliseconds(ours, statement(f"portfolio/{name}").text, values)
            straight = milliseconds(plain, STRAIGHT[name], [days] if name in ("holders", "lenders") else None)
            print(f"{name:<12} {kept:>8.0f} ms  rows {straight:>8.0f} ms  {straight / kept:>6.1f} times")


if __name__ == "__main__":
    main(sys.argv[1])
