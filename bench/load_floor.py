"""The floor of loading: by hand, in one transaction, of a delivery that is trusted.

What any loader has to do that merges sets in SQL: rows are copied beside the tables, find their keys by joins, and are
added, each key's newest. Reading and checking files, history, series, rollups, quality and notes cost it nothing: it is
given the rows as text already, and copies what else a load left.
"""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import psycopg

from bench.load_contenders import SECRET, copy_file, copy_tables, tables
from intake.files import KINDS, deliveries
from intake.findings import Findings
from intake.kinds import kinds
from intake.rekeying import in_database
from intake.rows import batches
from intake.session import connected
from sql.statements import statement

ZONE = "Asia/Shanghai"
# What is found by joins and added, after the institutions; all other tables' rows are copied.
ADDED = ("borrower", "loan", "repayment", "inquiry")
ADD = (
    statement("deliveries/add_borrowers").text,
    """
    insert into loan (
        borrower_id, institution_id, number, product, principal, opened_on, due_on, closed_on, state, reported_at
    )
    select
        borrower.id, institution.id, newest.number, newest.product, newest.principal, newest.opened_on, newest.due_on,
        newest.closed_on, newest.state, newest.reported_at
    from (
        select distinct on (institution, number) *
        from delivered_loan
        order by institution, number, reported_at desc
    ) as newest
    join institution on institution.code = newest.institution
    join borrower on borrower.subject_key = newest.subject_key
    order by borrower.id, newest.opened_on, institution.id, newest.number
    on conflict do nothing
    """,
    "analyze loan (institution_id, number)",
    """
    insert into repayment (loan_id, due, paid, balance, overdue_amount, reported_at, month, days_past_due)
    select distinct on (loan.id, delivered.month)
        loan.id, delivered.due, delivered.paid, delivered.balance, delivered.overdue_amount, delivered.reported_at,
        delivered.month, delivered.days_past_due
    from delivered_repayment as delivered
    join institution on institution.code = delivered.institution
    join loan on loan.institution_id = institution.id and loan.number = delivered.loan
    order by loan.id, delivered.month, delivered.reported_at desc
    """,
    """
    insert into inquiry (borrower_id, inquired_at, institution_id, purpose)
    select borrower.id, delivered.inquired_at, institution.id, delivered.purpose
    from delivered_inquiry as delivered
    join institution on institution.code = delivered.institution
    join borrower on borrower.subject_key = delivered.subject_key
    order by borrower.id, delivered.inquired_at, institution.id, delivered.purpose
    on conflict do nothing
    """,
)


class Staged(NamedTuple):
    """The rows of one file as text, and the statement that copies them."""

    copy: str
    path: Path


def stage(url: str, folder: Path, out: Path) -> Sequence[Staged]:
    """Write a delivery's checked rows as text, unmeasured."""
    out.mkdir(parents=True)
    staged = []
    with connected(url) as session:
        known = kinds(in_database(session, (SECRET.encode(),)), ZoneInfo(ZONE), datetime.now(UTC))
    [delivery] = deliveries([folder])
    found = Findings(delivery.name, 1)
    with found.problems:
        for number, file in enumerate(delivery.files):
            path, kind = out / file.kind, known[file.kind]
            with path.open("w", encoding="utf-8") as text:
                text.writelines(batch.text for batch in batches(file, number, kind, found))
            staged.append(Staged(kind.copy, path))
    return staged


def load(url: str, staged: Sequence[Staged], dumped: Path) -> float:
    """Add the staged rows and copy the others that a load left; returns the seconds."""
    with psycopg.connect(url, cursor_factory=psycopg.RawCursor) as connection:
        start = time.monotonic()
        connection.execute(_text("configure_session"), [ZONE])
        for name in ("configure_load", *(f"create_delivered_{kind}" for kind in KINDS)):
            connection.execute(_text(name))
        for rows in staged:
            copy_file(connection, _text(rows.copy), rows.path)
        connection.execute(_text("analyze_deliveries"))
        copy_tables(connection, dumped, ["institution"])
        for add in ADD:
            connection.execute(add.encode())
        copy_tables(connection, dumped, [name for name in tables(connection) if name not in ("institution", *ADDED)])
        connection.commit()
        return time.monotonic() - start


def _text(name: str) -> bytes:
    return statement(f"deliveries/{name}").text.encode()
