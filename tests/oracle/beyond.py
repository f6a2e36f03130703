"""The figures beyond the contract, from the oracle's own pieces and the schema's descriptions alone."""

from collections.abc import Callable
from datetime import date, time
from itertools import groupby
from typing import Any

from tests.oracle.multiloan import balance_before
from tests.oracle.oracle import Filter, OracleBorrower, OracleLoan
from tests.oracle.windows import Window, resolve

Answer = dict[str, Any]

NIGHT, MORNING = time(22), time(6)
SATURDAY = 5
OF_REPAYMENT = ("due", "paid", "balance", "overdueAmount", "daysPastDue")

SEQUENCE = """
  overdueMonthsOver45: overdueMonths(overDays: 45) longestRunOver30: longestRun(overDays: 30)
  currentRunOver1: currentRun(overDays: 1) currentRunOver90: currentRun(overDays: 90)
  episodesOver60: episodes(overDays: 60) { from to months maxDaysPastDue maxOverdueAmount cured }
  entries entriesOver0: entries(overDays: 0) entriesOver99999: entries(overDays: 99999)
  monthsSinceOverdue monthsSinceOver30: monthsSinceOverdue(overDays: 30)
  twice: hasRun(months: 2) twiceOver30: hasRun(months: 2, bucket: M2) worst: hasRun(months: 1, bucket: M7)
  threeReported: hasRun(months: 3, bucket: M0)
"""
FIGURES = """
  inquiriesAtNight inquiriesAtWeekend ownInquiries ownLoansAtEnd ownBalanceAtEnd
  daysSinceFirstLoan daysSinceLastLoan daysSinceFirstInquiry daysSinceLastInquiry
"""
SERIES = "span { from to } months pattern due paid balance overdueAmount daysPastDue"


def sequence(overdue: Answer) -> Answer:
    """What SEQUENCE asks for, of a sequence that the oracle answers."""
    months = overdue["months"]
    reported = [month for month in months if month["daysPastDue"] is not None]
    return {
        "overdueMonthsOver45": sum(over(45)(month) for month in months),
        "longestRunOver30": max(map(len, runs(months, over(30))), default=0),
        "currentRunOver1": current(runs(months, over(1)), reported),
        "currentRunOver90": current(runs(months, over(90)), reported),
        "episodesOver60": [episode(run, reported) for run in runs(months, over(60))],
        "entries": [run[0]["month"] for run in runs(months, over(30))],
        "entriesOver0": [run[0]["month"] for run in runs(months, over(0))],
        "entriesOver99999": [],
        "monthsSinceOverdue": since(months, over(0)),
        "monthsSinceOver30": since(months, over(30)),
        "twice": any(len(run) >= 2 for run in runs(months, over(0))),
        "twiceOver30": any(len(run) >= 2 for run in runs(months, over(30))),
        "worst": any(map(over(180), months)),
        "threeReported": any(len(run) >= 3 for run in runs(months, lambda month: month["daysPastDue"] is not None)),
    }


def over(days: int) -> Callable[[Answer], bool]:
    """Whether a month is reported with more days past due than that."""
    return lambda month: (month["daysPastDue"] or 0) > days


def runs(months: list[Answer], counts: Callable[[Answer], bool]) -> list[list[Answer]]:
    """The maximal runs of months that count, oldest first."""
    return [list(run) for counted, run in groupby(months, counts) if counted]


def current(found: list[list[Answer]], reported: list[Answer]) -> int:
    """The length of the run that ends in the last reported month."""
    return len(found[-1]) if found and found[-1][-1] == reported[-1] else 0


def since(months: list[Answer], counts: Callable[[Answer], bool]) -> int | None:
    """How many months the last one that counts lies before the window's last month."""
    return min((ago for ago, month in enumerate(months[::-1]) if counts(month)), default=None)


def episode(run: list[Answer], reported: list[Answer]) -> Answer:
    """A run as the API writes it."""
    last = run[-1]["month"]
    return {
        "from": run[0]["month"],
        "to": last,
        "months": len(run),
        "maxDaysPastDue": max(month["daysPastDue"] for month in run),
        "maxOverdueAmount": max(month["overdueAmount"] for month in run),
        "cured": any(month["month"] > last and month["daysPastDue"] == 0 for month in reported),
    }


def figures(borrower: OracleBorrower, window: Window, chosen: Filter | None) -> Answer:
    """What FIGURES asks for."""
    span, oracle = resolve(window, borrower._horizon), borrower._oracle
    loans = borrower._passing(chosen)
    opened = [loan.row.opened_on for loan in loans if span.holds(loan.row.opened_on)]
    made = [row.inquired_at.astimezone(oracle.time_zone) for _, row in borrower._inquiries_in(span, chosen)]
    own = [loan for loan in loans if loan.lender.code == oracle.asking and loan.alive_on(span.last_day)]
    answer: Answer = {
        "inquiriesAtNight": sum(instant.time() >= NIGHT or instant.time() < MORNING for instant in made),
        "inquiriesAtWeekend": sum(instant.weekday() >= SATURDAY for instant in made),
        "ownInquiries": own_inquiries(borrower, window, chosen),
        "ownLoansAtEnd": len(own),
        "ownBalanceAtEnd": sum(balance_before(span.end, loan) for loan in own),
    }
    if oracle.asking is None:
        answer = dict.fromkeys(answer) | {name: answer[name] for name in ("inquiriesAtNight", "inquiriesAtWeekend")}
    days = {"Loan": opened, "Inquiry": [instant.date() for instant in made]}
    for what, found in days.items():
        answer[f"daysSinceFirst{what}"] = ago(span.last_day, min(found, default=None))
        answer[f"daysSinceLast{what}"] = ago(span.last_day, max(found, default=None))
    return answer


def own_inquiries(borrower: OracleBorrower, window: Window, chosen: Filter | None) -> int:
    """The inquiries of the asking institution: what is there more when nobody asks."""
    oracle, asking = borrower._oracle, borrower._oracle.asking
    span = resolve(window, borrower._horizon)
    others = len(borrower._inquiries_in(span, chosen))
    oracle.asking = None
    everybody = len(borrower._inquiries_in(span, chosen))
    oracle.asking = asking
    return everybody - others


def ago(last: date, day: date | None) -> int | None:
    """How many days the day lies before the last one."""
    return None if day is None else (last - day).days


def series(loan: OracleLoan, window: Window) -> Answer:
    """What SERIES asks for."""
    overdue = loan.overdue(window)
    reported = {row["month"]: row for row in loan.repayments(window)}
    months = [month["month"] for month in overdue["months"]]
    lists = {name: [reported[month][name] if month in reported else None for month in months] for name in OF_REPAYMENT}
    return {"span": overdue["span"], "months": months, "pattern": overdue["pattern"]} | lists
