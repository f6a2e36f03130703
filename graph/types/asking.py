"""What a document asks of borrowers, told before anything is read: what must be read, and from which day on."""

from collections.abc import Iterable
from datetime import date, timedelta

from graphql.language import FieldNode

from graph.context import Info
from graph.execution.selecting import Below, argument, below, variable
from resolvers.errors import Problem
from resolvers.portraits import Wanted
from resolvers.window import Duration, add_months, parse_duration

LOANS = frozenset({"loans", "multiLoan", "overdue"})
MEMBERS = frozenset({"institution", "institutionKind", "byInstitutionKind", "inquirers", "ownInquiries"})
INQUIRIES = MEMBERS - {"institution", "institutionKind"} | {
    "inquiries", "inquiriesAtNight", "inquiriesAtWeekend", "daysSinceFirstInquiry", "daysSinceLastInquiry",
}  # fmt: skip
SEQUENCES = frozenset({"overdue", "series"})
# The columns of the months, each with the fields that are worked out from it.
COLUMNS = {
    "due": SEQUENCES | {"due", "code", "dueInLastMonth"},
    "paid": frozenset({"series", "paid"}),
    "balance": frozenset({"series", "balance", "balanceAtEnd", "ownBalanceAtEnd"}),
    "overdue_amount": SEQUENCES | {"overdueAmount"},
    "days_past_due": SEQUENCES | {"repayments", "loansOpenedWhileOverdue"},
}
# What figures are worked out from that ask what is owed at a window's end, where nothing else asks for months.
BALANCE = frozenset({"balance"})


def wanted(info: Info) -> Wanted:
    """Return what the document asks of the borrowers that the field of ``info`` gives.

    It is found once for a document whose windows have no variable in them.
    """
    found = below(info)
    longest = info.context.limits.window_months
    kept: Wanted | None = found.known.get((wanted, longest))
    if kept is None:
        figures = [field for field in found.fields if field.name.value == "multiLoan"]
        kept = _wanted(found, figures, info)
        if not any(map(variable, figures)):
            found.known[wanted, longest] = kept
    return kept


def _wanted(found: Below, figures: list[FieldNode], info: Info) -> Wanted:
    names = found.names
    filtered = any(one.name.value == "filter" for field in found.fields for one in field.arguments or ())
    inquiries = bool(figures) and not names.isdisjoint(INQUIRIES)
    start, days = _span(figures, info) if inquiries else (date.max, 0)
    columns = frozenset(column for column, fields in COLUMNS.items() if not names.isdisjoint(fields))
    return Wanted(
        loans=not names.isdisjoint(LOANS),
        members=filtered or not names.isdisjoint(MEMBERS),
        inquiries=inquiries,
        columns=columns,
        ended=columns != BALANCE or not all(_ends_at_horizon(field, info) for field in figures),
        start=start,
        days=days,
    )


def _span(figures: Iterable[FieldNode], info: Info) -> tuple[date, int]:
    """Return the first day of the earliest window that names it, and the most days that one has before the horizon.

    A window that cannot be read here is an error in its own place, or one that anything might be in.
    """
    first, most, longest = date.max, 0, 31 * (info.context.limits.window_months + 1)
    for field in figures:
        window = argument(field, "window", info)
        try:
            start, days = _begins(window if isinstance(window, dict) else {})
        except (Problem, ValueError, OverflowError):
            return date.min + timedelta(days=1), longest
        first, most = min(first, start or date.max), max(most, days)
    return first, min(most, longest)


def _ends_at_horizon(field: FieldNode, info: Info) -> bool:
    window = argument(field, "window", info)
    return isinstance(window, dict) and window.get("to") is None


def _begins(window: dict[str, object]) -> tuple[date | None, int]:
    start, end, last = _day(window.get("from")), _day(window.get("to")), _length(window.get("last"))
    if start is not None or last is None:
        return start or date.min + timedelta(days=1), 0
    if end is None:
        return None, 31 * last.months + last.days
    return add_months(end, -last.months) - timedelta(days=last.days), 0


def _day(given: object) -> date | None:
    if given is None or isinstance(given, date):
        return given
    return date.fromisoformat(str(given))


def _length(given: object) -> Duration | None:
    if given is None or isinstance(given, Duration):
        return given
    return parse_duration(str(given))
