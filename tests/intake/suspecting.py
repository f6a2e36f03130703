"""Which delivered repayments seem wrong, worked out row by row in plain Python, from docs/rules.md."""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

Row = Mapping[str, str]


class Key(NamedTuple):
    """A loan's month."""

    institution: str
    loan: str
    month: date


class Platform:
    """What was delivered up to now: the newest report of each loan's month. Every report is later than those before."""

    def __init__(self, loans: Iterable[Row]) -> None:
        self.loans = {(loan["institution"], loan["loan"]): loan for loan in loans}
        self.newest: dict[Key, Row] = {}

    def warned(self, rows: Sequence[Row]) -> set[tuple[Key, str]]:
        """Take a delivery, of which no two rows have one key; returns the rules that each row seems to break."""
        keys = [Key(row["institution"], row["loan"], _month(row["month"])) for row in rows]
        known = dict(self.newest)
        changed = {
            key
            for key, row in zip(keys, rows, strict=True)
            if key not in known or _content(known[key]) != _content(row)
        }
        self.newest.update(zip(keys, rows, strict=True))
        return {
            (key, rule)
            for key, row in zip(keys, rows, strict=True)
            if key in changed
            for rule in self._rules(key, row, corrects=key in known)
        }

    def _rules(self, key: Key, row: Row, *, corrects: bool) -> Iterable[str]:
        loan = self.loans[key.institution, key.loan]
        days, balance = int(row["days_past_due"]), Decimal(row["balance"])
        if days > 0 and Decimal(row["overdue_amount"]) == 0:
            yield "DAYS_WITHOUT_AMOUNT"
        if loan["state"] == "SETTLED" and loan["closed_on"][:7] == f"{key.month:%Y-%m}" and balance > 0:
            yield "SETTLED_WITH_BALANCE"
        if corrects and datetime.fromisoformat(row["reported_at"]).date() >= _later(key.month, 4):
            yield "OLD_MONTH_RESTATED"
        earlier = [other.month for other in self.newest if other[:2] == key[:2] and other.month < key.month]
        if not earlier:
            return
        before = self.newest[Key(key.institution, key.loan, max(earlier))]
        before_days = int(before["days_past_due"])
        if days - before_days > (_end(key.month) - _end(max(earlier))).days:
            yield "DAYS_TOO_FAST"
        adjacent = _later(max(earlier), 1) == key.month
        if not adjacent:
            yield "MONTHS_MISSING"
        if adjacent and days < before_days and Decimal(row["paid"]) == 0:
            yield "DAYS_FELL_UNPAID"
        if loan["due_on"] and balance > Decimal(before["balance"]):
            yield "BALANCE_GREW"


def _content(row: Row) -> tuple[object, ...]:
    amounts = (Decimal(row[name]) for name in ("due", "paid", "balance", "overdue_amount"))
    return (*amounts, int(row["days_past_due"]))


def _month(text: str) -> date:
    return date.fromisoformat(f"{text[:7]}-01")


def _later(month: date, months: int) -> date:
    year, number = divmod(month.year * 12 + month.month - 1 + months, 12)
    return date(year, number + 1, 1)


def _end(month: date) -> date:
    return month.replace(day=monthrange(month.year, month.month)[1])
