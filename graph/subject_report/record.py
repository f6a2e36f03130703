"""The report as JSON: the same contents for a machine, with the codes and minor units that GraphQL has."""

from datetime import date, datetime
from typing import Any

import orjson

from graph.subject_report.contents import Asked, Contents, Correction, Loan, Month

VERSION = 1


def record(contents: Contents) -> bytes:
    """Return the report in UTF-8; amounts are whole minor units, instants in UTC, a month is YYYY-MM."""
    answer = contents.answer
    whole = {
        "format": "borrowgraph subject report",
        "version": VERSION,
        "madeAt": answer.instant,
        "requestId": answer.request,
        "subjectKey": answer.subject_key.hex(),
        "known": answer.held.borrower is not None,
        "firstMonth": _month(contents.first_month),
        "lastMonth": _month(contents.last_month),
        "loans": [_loan(one) for one in contents.loans],
        "inquiries": [
            {"inquiredAt": one.at, "institution": one.who, "institutionKind": one.kind, "purpose": one.purpose}
            for one in contents.inquiries
        ],
        "reads": [_read(one) for one in contents.reads],
    }
    return orjson.dumps(whole, option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE)


def _loan(loan: Loan) -> dict[str, Any]:
    row = loan.row
    return {
        "institution": row.institution_name,
        "institutionKind": row.institution_kind,
        "number": row.number,
        "product": row.product,
        "principal": row.principal,
        "openedOn": row.opened_on,
        "dueOn": row.due_on,
        "closedOn": row.closed_on,
        "state": row.state,
        "reportedAt": row.reported_at,
        "withdrawnAt": loan.withdrawn_at,
        "months": [_reported(one) for one in loan.months],
        "corrections": [_correction(one) for one in loan.corrections],
    }


def _reported(one: Month) -> dict[str, Any]:
    row = one.reported
    return {
        "month": _month(one.month),
        "code": one.code,
        "due": row and row.due,
        "paid": row and row.paid,
        "balance": row and row.balance,
        "overdueAmount": row and row.overdue_amount,
        "daysPastDue": row and row.days_past_due,
        "reportedAt": row and row.reported_at,
    }


def _correction(one: Correction) -> dict[str, Any]:
    first, *others = one.field.split("_")
    return {
        "month": _month(one.month),
        "field": first + "".join(map(str.capitalize, others)),
        "before": one.before,
        "after": one.after,
        "reportedAt": one.reported_at,
        "correctedAt": one.corrected_at,
    }


def _read(one: Asked) -> dict[str, Any]:
    return {
        "loggedAt": one.at,
        "institution": one.who,
        "institutionKind": one.kind,
        "purpose": one.purpose,
        "consent": one.consent,
        "counted": one.counted,
        "found": one.found,
        "requestId": one.request,
    }


def _month(month: date | datetime | None) -> str | None:
    return None if month is None else f"{month:%Y-%m}"
