"""Deliveries for the loader's tests, written by hand, and what a database holds after them."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import psycopg

from intake.load import load
from intake.progress import Progress
from intake.report import Report

SECRET = b"a secret for made-up people"
KEY = "ab" * 32
OTHER_KEY = "cd" * 32

BANK = {"code": "BNK", "name": "A bank", "kind": "BANK"}
LOAN = {
    "institution": "BNK",
    "loan": "L1",
    "subject_key": KEY,
    "document_kind": "",
    "document_number": "",
    "product": "CASH",
    "principal": "1000.00",
    "opened_on": "2024-01-15",
    "due_on": "2024-12-15",
    "closed_on": "",
    "state": "ACTIVE",
    "reported_at": "2024-02-01T09:00:00+08:00",
}
REPAYMENT = {
    "institution": "BNK",
    "loan": "L1",
    "month": "2024-02",
    "due": "100.00",
    "paid": "0.00",
    "balance": "900.00",
    "overdue_amount": "100.00",
    "days_past_due": "14",
    "reported_at": "2024-03-02T09:00:00+08:00",
}
INQUIRY = {
    "institution": "BNK",
    "subject_key": KEY,
    "document_kind": "",
    "document_number": "",
    "inquired_at": "2024-01-10T12:00:00+08:00",
    "purpose": "LOAN_APPROVAL",
}
WHOLE = {"institutions": [BANK], "loans": [LOAN], "repayments": [REPAYMENT], "inquiries": [INQUIRY]}

# What the tables hold, in words that do not depend on the order of arrival, as ids do.
STATES = {
    "institution": "select code, name, kind from institution",
    "borrower": "select encode(subject_key, 'hex'), known_since from borrower",
    "loan": """
        select i.code, l.number, encode(b.subject_key, 'hex'), l.product, l.principal, l.opened_on, l.due_on,
            l.closed_on, l.state, l.reported_at
        from loan l join institution i on i.id = l.institution_id join borrower b on b.id = l.borrower_id""",
    "loan_superseded": """
        select l.number, encode(b.subject_key, 'hex'), v.product, v.principal, v.opened_on, v.due_on, v.closed_on,
            v.state, v.reported_at, v.superseded_at
        from loan_superseded v join loan l on l.id = v.loan_id and l.institution_id = v.institution_id
        join borrower b on b.id = v.borrower_id""",
    "loan_confirmation": """
        select l.number, c.reported_at from loan_confirmation c join loan l on l.id = c.loan_id""",
    "repayment": """
        select l.number, r.month, r.due, r.paid, r.balance, r.overdue_amount, r.days_past_due, r.reported_at
        from repayment r join loan l on l.id = r.loan_id""",
    "repayment_superseded": """
        select l.number, v.month, v.due, v.paid, v.balance, v.overdue_amount, v.days_past_due, v.reported_at,
            v.superseded_at
        from repayment_superseded v join loan l on l.id = v.loan_id""",
    "repayment_confirmation": """
        select l.number, c.month, c.reported_at from repayment_confirmation c join loan l on l.id = c.loan_id""",
    "inquiry": """
        select encode(b.subject_key, 'hex'), q.inquired_at, i.code, q.purpose
        from inquiry q join institution i on i.id = q.institution_id join borrower b on b.id = q.borrower_id""",
    "reported_month": "select month, first_reported_at from reported_month",
    "coverage": "select borrowers, loans, repayments, institutions from coverage",
}
COUNTED = """
    select (select count(*) from borrower), (select count(*) from loan), (select count(*) from repayment),
        (select count(*) from institution)
"""


def table(rows: Iterable[Mapping[str, str]]) -> str:
    """The rows as CSV, the first row's columns as header."""
    rows = list(rows)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def deliver(folder: Path, **kinds: Sequence[Mapping[str, str]]) -> Path:
    """Write a delivery of these kinds of files, and name it."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind, rows in kinds.items():
        if rows:
            (folder / f"{kind}.csv").write_text(table(rows), encoding="utf-8")
    return folder


def loaded(url: str, *paths: Path, secret: bytes | None = SECRET) -> Report:
    """Load, without a word about it."""
    return load(url, paths, secret=secret, progress=Progress(io.StringIO()))


def held(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """All that the database holds, by table."""
    with psycopg.connect(url) as connection:
        return {name: sorted(connection.execute(query), key=repr) for name, query in STATES.items()}


def counted(url: str) -> tuple[Any, ...]:
    """What coverage ought to say."""
    with psycopg.connect(url) as connection:
        [row] = connection.execute(COUNTED)
        return tuple(row)


def emptied(url: str) -> None:
    """Take everything out of the database."""
    with psycopg.connect(url) as connection:
        connection.execute("""
            truncate institution, borrower, loan, loan_superseded, loan_confirmation, repayment, repayment_superseded,
                repayment_confirmation, inquiry, reported_month, portfolio_cell, portfolio_month, portfolio_borrower,
                portfolio_move, portfolio_cohort, portfolio_age, portfolio_rise, portfolio_opener, portfolio_lender,
                portfolio_fact
        """)
        connection.execute("update coverage set borrowers = 0, loans = 0, repayments = 0, institutions = 0")
