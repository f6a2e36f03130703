"""The kinds of files: their columns, as the format of deliveries names them, and the rules within one row."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from intake import values
from intake.problems import shown
from intake.rules import Rule
from intake.subjects import Subjects
from intake.values import Parser
from intake.verdicts import Finding, RowRefused
from sql.secret import Secrets

INSTITUTION_KINDS = ("INTERNET_PLATFORM", "CONSUMER_FINANCE", "MICROLOAN", "GUARANTEE", "INSURANCE", "BANK", "OTHER")
# A float holds no exact amount, and a timestamp without a zone is no instant.
NUMBER = ("decimal", "whole number", "text")
DAY = ("date", "text")
INSTANT = ("timestamp with time zone", "text")
LOAN_STATES = ("ACTIVE", "SETTLED", "WRITTEN_OFF", "TRANSFERRED")


@dataclass(frozen=True)
class Column:
    """A column by its name; it may be left out of a file if it may be empty. A concealed value is never shown.

    ``text`` says that any text is well formed, a number that belongs into another column too. ``types`` are those that
    it may have in a file whose columns have types, as ``intake.parquet`` names them.
    """

    name: str
    parse: Parser
    may_be_empty: bool = False
    concealed: bool = False
    text: bool = False
    types: tuple[str, ...] = ("text",)


@dataclass(frozen=True)
class Kind:
    """A kind of file: its columns, and what its rows become.

    ``stage`` takes a row's parsed values in the columns' order, checks them together (RowRefused), and gives the values
    that the statement ``copy`` takes after the row's place. ``month`` is the column that says in which month a row
    counts, for its ``institution``; None where there is none.
    """

    columns: tuple[Column, ...]
    stage: Callable[[list[str]], list[str]]
    copy: str
    month: str | None = None


def kinds(secrets: Secrets | None, zone: tzinfo, now: datetime) -> dict[str, Kind]:
    """The four kinds of files by name, for a platform with these secrets and in this time zone, at an instant.

    Clocks differ, so that what is reported may be up to a day ahead.
    """
    subjects = Subjects(secrets)
    instant = values.instant(zone, now + timedelta(days=1))
    return {
        "institutions": _institutions(),
        "loans": _loans(subjects, instant),
        "repayments": _repayments(instant),
        "inquiries": _inquiries(subjects, instant),
    }


def _institutions() -> Kind:
    columns = (_text("code"), _text("name"), _column("kind", *values.one_of(INSTITUTION_KINDS)))
    return Kind(columns, lambda row: row, "copy_institutions")


def _loans(subjects: Subjects, instant: Parser) -> Kind:
    columns = (
        *map(_text, ("institution", "loan", "product")),
        _amount("principal"),
        _column("opened_on", values.day, values.ALLOWED_DAY, DAY),
        Column("due_on", values.optional(values.day), may_be_empty=True, types=DAY),
        Column("closed_on", values.optional(values.day), may_be_empty=True, types=DAY),
        _column("state", *values.one_of(LOAN_STATES)),
        _column("reported_at", instant, values.ALLOWED_INSTANT, INSTANT),
        *_subject(),
    )

    def stage(row: list[str]) -> list[str]:
        check_loan(row)
        return [*row[:9], *subjects.keys(*row[9:])]

    return Kind(columns, stage, _copy("copy_loans", subjects), "reported_at")


def _repayments(instant: Parser) -> Kind:
    columns = (
        *map(_text, ("institution", "loan")),
        _column("month", values.month, values.ALLOWED_MONTH, DAY),
        *map(_amount, ("due", "paid", "balance", "overdue_amount")),
        _column("days_past_due", values.days_past_due, values.ALLOWED_COUNT, NUMBER),
        _column("reported_at", instant, values.ALLOWED_INSTANT, INSTANT),
    )

    def stage(row: list[str]) -> list[str]:
        check_repayment(row)
        return row

    return Kind(columns, stage, "copy_repayments", "month")


def _inquiries(subjects: Subjects, instant: Parser) -> Kind:
    columns = (
        _text("institution"),
        _column("inquired_at", instant, values.ALLOWED_INSTANT, INSTANT),
        _text("purpose"),
        *_subject(),
    )
    copy = _copy("copy_inquiries", subjects)
    return Kind(columns, lambda row: [*row[:3], *subjects.keys(*row[3:])], copy, "inquired_at")


def _copy(name: str, subjects: Subjects) -> str:
    return f"{name}_by_either_key" if subjects.overlap else name


def _column(name: str, parse: Parser, allowed: str, types: tuple[str, ...] = ("text",)) -> Column:
    return Column(name, values.required(parse, allowed), types=types)


def _text(name: str) -> Column:
    return Column(name, values.required(values.text, values.ALLOWED_TEXT), text=True, types=("text", "whole number"))


def _amount(name: str) -> Column:
    return _column(name, values.amount, values.ALLOWED_AMOUNT, NUMBER)


def _subject() -> tuple[Column, ...]:
    return (
        Column("subject_key", values.optional(values.subject_key), may_be_empty=True, concealed=True),
        Column("document_kind", values.unescaped, may_be_empty=True, concealed=True),
        Column("document_number", values.unescaped, may_be_empty=True, concealed=True),
    )


def check_loan(row: list[str]) -> None:
    """Check a loan's parsed values against each other."""
    opened_on, closed_on, state = row[4], row[6], row[7]
    findings = []
    if (state == "ACTIVE") != (closed_on == values.NULL):
        ended = ", ".join(LOAN_STATES[1:])
        allowed = f"ACTIVE without closed_on, or one of {ended} with it"
        findings.append(Finding(Rule.STATE_CONTRADICTS_CLOSING, "state", shown(state), allowed))
    if closed_on != values.NULL and closed_on < opened_on:
        allowed = f"{opened_on}, which is opened_on, or later"
        findings.append(Finding(Rule.CLOSED_BEFORE_OPENED, "closed_on", shown(closed_on), allowed))
    if findings:
        raise RowRefused(*findings)


def check_repayment(row: list[str]) -> None:
    """Check a repayment's parsed values against each other."""
    month, overdue_amount, days_past_due, reported_at = row[2], row[6], row[7], row[8]
    findings = []
    if days_past_due == "0" and overdue_amount != "0":
        allowed = "1 or more where overdue_amount is not 0"
        findings.append(Finding(Rule.OVERDUE_WITHOUT_DAYS, "days_past_due", shown(days_past_due), allowed))
    if month > reported_at[:10]:
        allowed = f"{reported_at[:7]}, in which it was reported, or earlier"
        findings.append(Finding(Rule.MONTH_IN_FUTURE, "month", shown(month[:7]), allowed))
    if findings:
        raise RowRefused(*findings)
