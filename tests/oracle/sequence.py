"""Overdue sequences: pattern, counts, runs and episodes of the months of a window."""

from typing import Any

from tests.oracle.held import MonthState, bucket
from tests.oracle.windows import Span

Answer = dict[str, Any]


def overdue(span: Span, months: list[MonthState]) -> Answer:
    """The figures that a loan and a borrower share; `months` are all months of the span, oldest first."""
    reported = [month for month in months if month.reported]
    days = [month.days_past_due or 0 for month in reported]
    runs = overdue_runs(months)
    ends_overdue = bool(reported) and reported[-1].overdue
    return {
        "span": span.answer(),
        "pattern": "".join(month.code for month in months),
        "months": [month_answer(month) for month in months],
        "overdueMonths": sum(count > 0 for count in days),
        "monthsOver30": sum(count > 30 for count in days),
        "monthsOver60": sum(count > 60 for count in days),
        "monthsOver90": sum(count > 90 for count in days),
        "maxDaysPastDue": max(days, default=0),
        "maxOverdueAmount": max((month.overdue_amount or 0 for month in reported), default=0),
        "longestRun": max((len(run) for run in runs), default=0),
        "currentRun": len(runs[-1]) if ends_overdue else 0,
        "episodes": [episode(run, months) for run in runs],
    }


def overdue_runs(months: list[MonthState]) -> list[list[MonthState]]:
    """The maximal runs of consecutive overdue months, oldest first; an unreported month ends a run."""
    runs: list[list[MonthState]] = [[]]
    for month in months:
        if month.overdue:
            runs[-1].append(month)
        else:
            runs.append([])
    return [run for run in runs if run]


def episode(run: list[MonthState], months: list[MonthState]) -> Answer:
    """A run, and whether any later month of the window is reported with 0 days past due."""
    return {
        "from": run[0].month.isoformat()[:7],
        "to": run[-1].month.isoformat()[:7],
        "months": len(run),
        "maxDaysPastDue": max(month.days_past_due or 0 for month in run),
        "maxOverdueAmount": max(month.overdue_amount or 0 for month in run),
        "cured": any(month.month > run[-1].month and month.reported and not month.overdue for month in months),
    }


def month_answer(month: MonthState) -> Answer:
    """A month as the API writes it; bucket and figures are None where nothing is reported."""
    return {
        "month": month.month.isoformat()[:7],
        "code": month.code,
        "bucket": None if month.days_past_due is None else f"M{bucket(month.days_past_due)}",
        "daysPastDue": month.days_past_due,
        "overdueAmount": month.overdue_amount,
    }
