"""The quick way through well-formed rows: a block of records checked column by column, to the same rules and result.

Whatever is not plainly well-formed here, though it may be allowed, is left to the check of each row by itself, which
alone says what is wrong. So a rule of `intake.kinds` and `intake.values` can only be missing here, never differ: a test
compares both ways.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from operator import gt

from intake.kinds import Kind
from intake.values import NULL, TEXT_LENGTH
from intake.verdicts import ValueRefused

Values = Sequence[str]
Plan = list[tuple[int, Callable[[str], str]]]

# Amounts below the largest, with both places; PostgreSQL reads a whole number with zeros before it.
AMOUNTS = re.compile(r"(?:[0-9]{1,13}+\.[0-9][0-9]\n)*+")
KEYS = re.compile(r"(?:[0-9a-f]{64}\n)*+")
# What a text may not have, and what COPY's text format escapes.
UNPLAIN = re.compile("[\0\ud800-\udfff\\\\\t\n\r]")
TIME = re.compile("T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]")
INSTANT = len("2024-03-31T09:00:00+08:00")


class Columns:
    """Makes COPY's text of blocks of one file's records; ``plan`` says where each column of the kind is."""

    def __init__(self, kind: Kind, plan: Plan, width: int) -> None:
        self._names = [column.name for column in kind.columns]
        self._plan = plan
        self.width = width
        self._stage = STAGES.get(kind.copy)
        self._days: set[str] = set()
        self._times: set[str] = set()

    def text(self, places: Iterable[int], records: Sequence[Values]) -> str | None:
        """The records as lines for COPY, each after its place; None unless all are plainly well-formed."""
        if set(map(len, records)) != {self.width}:
            return None
        return self.lines(places, list(zip(*records, strict=True)))

    def lines(self, places: Iterable[int], given: Sequence[Values]) -> str | None:
        """The records that the columns hold as lines for COPY, as ``text`` gives them."""
        if self._stage is None:
            return None
        missing = ("",) * len(given[0])
        try:
            parsed = {
                name: self._column(name, given[at] if at >= 0 else missing, parse)
                for name, (at, parse) in zip(self._names, self._plan, strict=True)
            }
        except ValueRefused:
            return None
        staged = self._stage(parsed)
        if staged is None:
            return None
        return "\n".join(map("\t".join, zip(map(str, places), *staged, strict=True))) + "\n"

    def _column(self, name: str, values: Values, parse: Callable[[str], str]) -> Values:
        if name in AMOUNT_COLUMNS:
            plain = amounts(values)
        elif name in TEXT_COLUMNS:
            plain = texts(values)
        elif name in INSTANT_COLUMNS:
            plain = self._instants(values, parse)
        else:
            plain = keys(values) if name == "subject_key" else None
        return list(map(parse, values)) if plain is None else plain

    def _instants(self, values: Values, parse: Callable[[str], str]) -> Values | None:
        """Instants that are in the platform's time zone already, by their days and times: there are few of those."""
        if set(map(len, values)) != {INSTANT}:
            return None
        days = {value[:10] + value[19:] for value in values} - self._days
        # Both ends of a day tell whether the zone's offset changes within it: no zone's did twice in a day since 1900.
        for day in days:
            for time in ("T00:00:00", "T23:59:59"):
                whole = day[:10] + time + day[10:]
                if parse(whole) != whole:
                    return None
        times = {value[10:19] for value in values} - self._times
        if not all(map(TIME.fullmatch, times)):
            return None
        self._days |= days
        self._times |= times
        return values


def amounts(values: Values) -> Values | None:
    """Amounts in minor units, where each has two places."""
    lines = "\n".join(values) + "\n"
    return lines.replace(".", "").split("\n")[:-1] if AMOUNTS.fullmatch(lines) else None


def texts(values: Values) -> Values | None:
    """Texts that COPY takes as they are."""
    if "" in values or UNPLAIN.search("".join(values)) or any(map(str.isspace, values)):
        return None
    return values if max(map(len, values)) <= TEXT_LENGTH else None


def keys(values: Values) -> Values | None:
    """Subject keys in lower case."""
    return values if KEYS.fullmatch("\n".join(values) + "\n") else None


def _loans(row: dict[str, Values]) -> list[Values] | None:
    """Loans without contradiction, each with a subject key and without a document."""
    lives = zip(row["opened_on"], row["closed_on"], row["state"], strict=True)
    for opened_on, closed_on, state in lives:
        if (state == "ACTIVE") != (closed_on == NULL) or (closed_on != NULL and closed_on < opened_on):
            return None
    return _named(row)


def _repayments(row: dict[str, Values]) -> list[Values] | None:
    """Repayments of months that had begun when they were reported, without an amount that is overdue for no days."""
    overdue = zip(row["days_past_due"], row["overdue_amount"], strict=True)
    if any(amount.strip("0") for amount in {amount for days, amount in overdue if days == "0"}):
        return None
    # A month sorts before each of its own days' instants.
    if any(map(gt, row["month"], row["reported_at"])):
        return None
    return list(row.values())


def _named(row: dict[str, Values]) -> list[Values] | None:
    """The columns, the one of the subject keys last, where no row has a document."""
    *others, subjects, document_kinds, document_numbers = row.values()
    if any(document_kinds) or any(document_numbers) or NULL in subjects:
        return None
    return [*others, list(map("".join, zip(repeat("\\\\x"), subjects)))]


AMOUNT_COLUMNS = {"principal", "due", "paid", "balance", "overdue_amount"}
TEXT_COLUMNS = {"loan"}
INSTANT_COLUMNS = {"reported_at", "inquired_at"}
STAGES = {"copy_loans": _loans, "copy_repayments": _repayments, "copy_inquiries": _named}
