"""Deliveries for the loader's tests, written by hand, and what a database holds after them."""

import csv
import io
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
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
    "loan_series": """
        select i.code, l.number, s.first_month, s.due, s.paid, s.balance, s.overdue_amount, s.days_past_due
        from loan_series s join loan l on l.id = s.loan_id join institution i on i.id = l.institution_id""",
    "inquiry": """
        select encode(b.subject_key, 'hex'), q.inquired_at, i.code, q.purpose
        from inquiry q join institution i on i.id = q.institution_id join borrower b on b.id = q.borrower_id""",
    "reported_month": "select month, first_reported_at from reported_month",
    "coverage": "select borrowers, loans, repayments, institutions from coverage",
    # Whether the first report to be loaded was of an overdue month depends on the order.
    "institution_month": """
        select i.code, m.month, m.opened, m.ended, m.alive_reported, m.reported, m.days
        from institution_month m join institution i on i.id = m.institution_id
        where (m.opened, m.ended, m.alive_reported, m.reported, m.days) <> (0, 0, 0, 0, 0)""",
}
COUNTED = """
    select (select count(*) from borrower), (select count(*) from loan), (select count(*) from repayment),
        (select count(*) from institution)
"""


def table(rows: Iterable[Mapping[str, str]]) -> str:
    """The rows as CSV, the first row's columns as header."""
    rows = list(rows)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\r\n")
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


def months_recounted(url: str) -> list[tuple[Any, ...]]:
    """What the table of institutions' months ought to hold, counted anew from the portfolio."""
    counts: dict[tuple[str, date], list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0])
    with psycopg.connect(url) as connection:
        loans = connection.execute(
            "select l.id, i.code, l.opened_on, l.closed_on from loan l join institution i on i.id = l.institution_id"
        ).fetchall()
        reports = connection.execute("""
            select loan_id, month, min(reported_at at time zone 'Asia/Shanghai')::date
            from (
                select loan_id, month, reported_at from repayment
                union all
                select loan_id, month, reported_at from repayment_superseded
            ) as version
            group by loan_id, month""").fetchall()
    lives = {}
    for number, code, opened_on, closed_on in loans:
        lives[number] = code, opened_on.replace(day=1), closed_on or date.max
        counts[code, opened_on.replace(day=1)][0] += 1
        if closed_on:
            counts[code, closed_on.replace(day=1)][1] += 1
    for number, month, reported_on in reports:
        code, first, last = lives[number]
        count = counts[code, month]
        count[2] += first <= month <= last
        count[3] += 1
        last_day = date(month.year, month.month, monthrange(month.year, month.month)[1])
        count[4] += (reported_on - last_day).days
    return sorted(((*key, *count) for key, count in counts.items() if any(count)), key=repr)


def emptied(url: str) -> None:
    """Take everything out of the database."""
    with psycopg.connect(url) as connection:
        connection.execute("""
            truncate institution, borrower, loan, loan_superseded, loan_confirmation, repayment, repayment_superseded,
                repayment_confirmation, loan_series, inquiry, reported_month, institution_month, delivery_month,
                delivery_month_rule,
                portfolio_cell, portfolio_block, portfolio_member, portfolio_month, portfolio_move, portfolio_cohort,
                portfolio_aging, portfolio_opening, portfolio_borrower, portfolio_opener, portfolio_fact,
                portfolio_presence, portfolio_holder, portfolio_share, portfolio_turn
                cascade
        """)
        connection.execute("update coverage set borrowers = 0, loans = 0, repayments = 0, institutions = 0")
