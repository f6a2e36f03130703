"""The portfolio whose figures are asked: the demo, loaded as any delivery, and as many copies of it as are wanted.

A copy is of every borrower, loan, month, version and inquiry; the rollups of n copies are those of one, times n, since
other people have the same loans. `borrowgraph rollups check` on it says that they are what the rows add up to.
"""

from collections.abc import Callable

import psycopg

from bench.requests.portfolio import LOADED, Portfolio

# All further copies at once; $1 is how many, $2 the borrowers and $3 the loans of the original.
COPIES = (
    """insert into borrower (id, subject_key, known_since) overriding system value
        select id + n * $2, sha256(subject_key || int4send(n::integer)), known_since
        from generate_series(1, $1) n cross join borrower where id <= $2 order by n, id""",
    """insert into loan overriding system value
        select id + n * $3, borrower_id + n * $2, institution_id, number || '-' || n, product, principal, opened_on,
            due_on, closed_on, state, reported_at
        from generate_series(1, $1) n cross join loan where id <= $3 order by n, id""",
    """insert into loan_superseded
        select loan_id + n * $3, borrower_id + n * $2, institution_id, product, principal, opened_on, due_on, closed_on,
            state, reported_at, superseded_at
        from generate_series(1, $1) n cross join loan_superseded where loan_id <= $3""",
    """insert into repayment
        select loan_id + n * $3, due, paid, balance, overdue_amount, reported_at, month, days_past_due
        from generate_series(1, $1) n cross join repayment where loan_id <= $3""",
    """insert into repayment_superseded
        select loan_id + n * $3, due, paid, balance, overdue_amount, reported_at, superseded_at, month, days_past_due
        from generate_series(1, $1) n cross join repayment_superseded where loan_id <= $3""",
    """insert into loan_series
        select loan_id + n * $3, first_month, due, paid, balance, overdue_amount, days_past_due
        from generate_series(1, $1) n cross join loan_series where loan_id <= $3 order by n, loan_id""",
    """insert into inquiry
        select borrower_id + n * $2, inquired_at, institution_id, purpose
        from generate_series(1, $1) n cross join inquiry where borrower_id <= $2""",
)
# What the rollups' rows have times so many.
SUMS = {
    "portfolio_month": ("loans", "balance", "overdue_amount"),
    "portfolio_move": ("loans",),
    "portfolio_cohort": ("loans", "principal"),
    "portfolio_opening": ("loans", "principal"),
    "portfolio_aging": ("change",),
    "portfolio_borrower": ("borrowers",),
    "portfolio_opener": ("borrowers",),
    "portfolio_fact": ("borrowers",),
    "portfolio_holder": ("borrowers", "over_30"),
    "portfolio_share": ("borrowers",),
    "coverage": ("borrowers", "loans", "repayments"),
}
ARRAYS = {"portfolio_opening": ("changes",), "portfolio_turn": ("changes", "over_30")}
TIMES = "coalesce((select array_agg(e * {1} order by o) from unnest({0}) with ordinality u (e, o)), '{{}}')"


def multiplied(one: Portfolio, repayments: int, say: Callable[[str], None]) -> Portfolio:
    """Return a portfolio of about so many repayments beside that of LOADED, made where it is not there yet."""
    times = -(-repayments // LOADED)
    name = f"portfolio_{times}"
    with psycopg.connect(one.server.url("postgres"), autocommit=True) as connection:
        query = "select shobj_description(oid, 'pg_database') = 'complete' from pg_database where datname = %s"
        found = connection.execute(query, [name]).fetchone()
        if not (found and found[0]):
            connection.execute(f"drop database if exists {name} with (force)".encode())
            say(f"copying {one.repayments:,} repayments {times} times")
            connection.execute(f"create database {name} template {one.database}".encode())
            _copy(one.server.url(name), times, say)
            connection.execute(f"comment on database {name} is 'complete'".encode())
    with psycopg.connect(one.server.url(name)) as connection:
        [(rows, borrowers)] = connection.execute("select repayments, borrowers from coverage")
    return Portfolio(one.server, name, rows, borrowers, one.borrowers, one.process)


def _copy(url: str, times: int, say: Callable[[str], None]) -> None:
    with psycopg.connect(url, autocommit=True, cursor_factory=psycopg.RawCursor) as connection:
        connection.execute(b"set work_mem = '256MB'")
        [(borrowers, loans)] = connection.execute("select max(id), (select max(id) from loan) from borrower").fetchall()
        for copy in COPIES:
            say(copy.partition("\n")[0])
            used = [value for place, value in enumerate((times - 1, borrowers, loans), 1) if f"${place}" in copy]
            # A statement's parameters are numbered without a gap.
            text = copy if "$2" in copy else copy.replace("$3", "$2")
            connection.execute(text.encode(), used)
        for table, columns in SUMS.items():
            settings = ", ".join(f"{column} = {column} * {times}" for column in columns)
            connection.execute(f"update {table} set {settings}".encode())  # noqa: S608 - constants of this file
        for table, columns in ARRAYS.items():
            settings = ", ".join(f"{column} = {TIMES.format(column, times)}" for column in columns)
            connection.execute(f"update {table} set {settings}".encode())  # noqa: S608 - constants of this file
        say("vacuuming")
        connection.execute("vacuum analyze")
        connection.execute("checkpoint")
