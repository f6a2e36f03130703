"""Every rule, met by a delivery that breaks it: the message says where, what was got and what is allowed."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from intake.load import DeliveryError
from intake.rules import Rule
from intake.values import ALLOWED_AMOUNT, ALLOWED_DAY, ALLOWED_INSTANT, ALLOWED_MONTH, ALLOWED_TEXT
from tests.intake.delivering import (
    BANK,
    LOAN,
    OTHER_KEY,
    REPAYMENT,
    WHOLE,
    deliver,
    held,
    loaded,
)

Change = tuple[str, Mapping[str, str]]

NUMBER = "110101199003070134"
ACTIVE = "ACTIVE without closed_on, or one of SETTLED, WRITTEN_OFF, TRANSFERRED with it"
EITHER = "a subject_key, or a document_kind and a document_number"
KNOWN_INSTITUTION = "the code of an institution that is known, or in the delivery's institutions file"

# What is changed in the one row of which kind of file, and the line that the person gets.
ROWS: list[tuple[Change, str]] = [
    (("institutions", {"code": ""}), f"code: got nothing, allowed: {ALLOWED_TEXT} [VALUE_MISSING]"),
    (("institutions", {"name": " "}), f'name: got " ", allowed: {ALLOWED_TEXT} [VALUE_MALFORMED]'),
    (
        ("institutions", {"kind": "bank"}),
        'kind: got "bank", allowed: one of INTERNET_PLATFORM, CONSUMER_FINANCE, MICROLOAN, GUARANTEE, INSURANCE, BANK, '
        "OTHER [VALUE_MALFORMED]",
    ),
    (("loans", {"institution": "NO"}), f'institution: got "NO", allowed: {KNOWN_INSTITUTION} [INSTITUTION_UNKNOWN]'),
    (
        ("inquiries", {"institution": "NO"}),
        f'institution: got "NO", allowed: {KNOWN_INSTITUTION} [INSTITUTION_UNKNOWN]',
    ),
    (("loans", {"principal": "-1"}), f'principal: got "-1", allowed: {ALLOWED_AMOUNT} [AMOUNT_NEGATIVE]'),
    (("loans", {"principal": "1,000"}), f'principal: got "1,000", allowed: {ALLOWED_AMOUNT} [VALUE_MALFORMED]'),
    (("loans", {"opened_on": "2024-02-30"}), f'opened_on: got "2024-02-30", allowed: {ALLOWED_DAY} [VALUE_MALFORMED]'),
    (
        ("loans", {"closed_on": "2024-03-01"}),
        f'state: got "ACTIVE", allowed: {ACTIVE} [STATE_CONTRADICTS_CLOSING]',
    ),
    (("loans", {"state": "SETTLED"}), f'state: got "SETTLED", allowed: {ACTIVE} [STATE_CONTRADICTS_CLOSING]'),
    (
        ("loans", {"state": "SETTLED", "closed_on": "2024-01-14"}),
        'closed_on: got "2024-01-14", allowed: 2024-01-15, which is opened_on, or later [CLOSED_BEFORE_OPENED]',
    ),
    (
        ("loans", {"reported_at": "2024-02-01T09:00:00"}),
        f'reported_at: got "2024-02-01T09:00:00", allowed: {ALLOWED_INSTANT} [VALUE_MALFORMED]',
    ),
    (("loans", {"subject_key": ""}), f"subject_key: got nothing, allowed: {EITHER} [SUBJECT_MISSING]"),
    (
        ("loans", {"subject_key": NUMBER}),
        'subject_key: got "…", allowed: 64 hexadecimal digits [VALUE_MALFORMED]',
    ),
    (
        ("loans", {"subject_key": "", "document_number": NUMBER}),
        "document_kind: got nothing, allowed: a document's kind and its number, or neither [DOCUMENT_INCOMPLETE]",
    ),
    (
        ("loans", {"subject_key": "", "document_kind": "ID"}),
        "document_number: got nothing, allowed: a document's kind and its number, or neither [DOCUMENT_INCOMPLETE]",
    ),
    (
        ("inquiries", {"document_kind": "ID", "document_number": NUMBER}),
        'subject_key: got "…", allowed: the key of the row\'s document, or no subject_key [SUBJECT_AMBIGUOUS]',
    ),
    (
        ("inquiries", {"subject_key": "", "document_kind": "ID", "document_number": " - "}),
        'document_number: got "…", allowed: a number with letters or digits, in UTF-8 [VALUE_MALFORMED]',
    ),
    (
        ("repayments", {"days_past_due": "-3"}),
        'days_past_due: got "-3", allowed: a whole number from 0 to 99999 [VALUE_MALFORMED]',
    ),
    (
        ("repayments", {"days_past_due": "0"}),
        'days_past_due: got "0", allowed: 1 or more where overdue_amount is not 0 [OVERDUE_WITHOUT_DAYS]',
    ),
    (("repayments", {"month": "2024-13"}), f'month: got "2024-13", allowed: {ALLOWED_MONTH} [VALUE_MALFORMED]'),
    (
        ("repayments", {"month": "2024-04-30"}),
        'month: got "2024-04", allowed: 2024-03, in which it was reported, or earlier [MONTH_IN_FUTURE]',
    ),
    (
        ("repayments", {"loan": "L2"}),
        'loan: got "L2", allowed: a loan of this institution that is known, or in the delivery\'s loans file '
        "[LOAN_UNKNOWN]",
    ),
    (
        ("repayments", {"month": "2023-12"}),
        'month: got "2023-12", allowed: 2024-01 or later, the loan was opened on 2024-01-15 [MONTH_BEFORE_OPENING]',
    ),
    (("inquiries", {"purpose": ""}), f"purpose: got nothing, allowed: {ALLOWED_TEXT} [VALUE_MISSING]"),
]


def refusal(url: str, *paths: Path, secret: bytes | None = b"secret") -> DeliveryError:
    """How the loader refuses; nothing is loaded."""
    before = held(url)
    with pytest.raises(DeliveryError) as caught:
        loaded(url, *paths, secret=secret)
    assert held(url) == before
    return caught.value


def lines(error: DeliveryError) -> list[str]:
    """The problems, as a person reads them."""
    return [str(problem) for problem in error.problems]


@pytest.mark.parametrize(("change", "line"), ROWS)
def test_row_that_breaks_a_rule_is_refused_with_its_place(
    database_url: str, tmp_path: Path, change: Change, line: str
) -> None:
    kind, values = change
    rows = dict(WHOLE)
    rows[kind] = [{**WHOLE[kind][0], **values}]

    error = refusal(database_url, deliver(tmp_path, **rows))

    assert lines(error) == [f"{kind}.csv:2: {line}"]
    assert NUMBER not in str(error)


def test_month_after_closing_is_refused_with_the_day(database_url: str, tmp_path: Path) -> None:
    closed = {**LOAN, "state": "SETTLED", "closed_on": "2024-02-01"}
    months = [REPAYMENT, {**REPAYMENT, "month": "2024-03-01"}]

    error = refusal(database_url, deliver(tmp_path, institutions=[BANK], loans=[closed], repayments=months))

    assert lines(error) == [
        'repayments.csv:3: month: got "2024-03", allowed: 2024-02 or earlier, the loan was closed on 2024-02-01 '
        "[MONTH_AFTER_CLOSING]"
    ]


def test_contradictions_within_a_delivery_name_both_lines(database_url: str, tmp_path: Path) -> None:
    banks = deliver(tmp_path / "a", institutions=[BANK, BANK, {**BANK, "name": "B", "kind": "OTHER"}])
    loans = deliver(tmp_path / "b", institutions=[BANK], loans=[LOAN, {**LOAN, "subject_key": OTHER_KEY, "due_on": ""}])
    months = [REPAYMENT, {**REPAYMENT, "reported_at": "2024-03-03T09:00:00Z"}, {**REPAYMENT, "paid": "0.01"}]
    repayments = deliver(tmp_path / "c", institutions=[BANK], loans=[LOAN], repayments=months)

    assert lines(refusal(database_url, banks)) == [
        f'institutions.csv:{line}: name, kind: got "BNK" different from institutions.csv:{other}, allowed: one row for '
        "each code [CONTRADICTION]"
        for line, other in ((2, 4), (3, 4), (4, 2))
    ]
    assert lines(refusal(database_url, loans)) == [
        f'loans.csv:{line}: subject_key, due_on: got "L1" different from loans.csv:{other}, allowed: one row for each '
        "institution, loan and reported_at [CONTRADICTION]"
        for line, other in ((2, 3), (3, 2))
    ]
    assert lines(refusal(database_url, repayments)) == [
        f'repayments.csv:{line}: paid: got "L1, 2024-02" different from repayments.csv:{other}, allowed: one row for '
        "each institution, loan, month and reported_at [CONTRADICTION]"
        for line, other in ((2, 4), (4, 2))
    ]


@pytest.mark.parametrize("stored", ["newest", "superseded", "confirmed"])
def test_contradiction_with_what_is_stored_is_refused(database_url: str, tmp_path: Path, stored: str) -> None:
    later = {"reported_at": "2024-03-20T09:00:00Z"}
    history = {
        "newest": [REPAYMENT],
        "superseded": [REPAYMENT, {**REPAYMENT, **later, "paid": "1.00"}],
        "confirmed": [{**REPAYMENT, "reported_at": "2024-03-01T09:00:00Z"}, REPAYMENT],
    }
    loaded(database_url, deliver(tmp_path / "1", institutions=[BANK], loans=[LOAN], repayments=history[stored]))

    error = refusal(database_url, deliver(tmp_path / "2", repayments=[{**REPAYMENT, "balance": "1.00"}]))

    assert lines(error) == [
        'repayments.csv:2: balance: got "L1, 2024-02" different from the row that is stored, allowed: one row for each '
        "institution, loan, month and reported_at [CONTRADICTION]"
    ]


def test_contradicting_loan_that_is_stored_is_refused(database_url: str, tmp_path: Path) -> None:
    loaded(database_url, deliver(tmp_path / "1", institutions=[BANK], loans=[LOAN]))

    error = refusal(database_url, deliver(tmp_path / "2", loans=[{**LOAN, "product": "CARD"}]))

    assert [problem.rule for problem in error.problems] == [Rule.CONTRADICTION]
    assert 'product: got "L1" different from the row that is stored' in str(error)


def test_documents_without_a_secret_are_refused_once(database_url: str, tmp_path: Path) -> None:
    rows = [
        {**LOAN, "loan": f"L{number}", "subject_key": "", "document_kind": "ID", "document_number": NUMBER}
        for number in range(30)
    ]

    error = refusal(database_url, deliver(tmp_path, institutions=[BANK], loans=rows), secret=None)

    assert lines(error) == [
        "loans.csv:2: got a row with a document, allowed: subject keys only, until BORROWGRAPH_SECRET is set, "
        "from which documents give theirs [SECRET_MISSING]"
    ]


HEADERS = [
    ("code,name", "kind: got no such column", Rule.COLUMN_MISSING),
    ("code,name,kind,code", "code: got the column twice", Rule.COLUMN_REPEATED),
    ("code,name,kind,country", 'got "country"', Rule.COLUMN_UNKNOWN),
]


@pytest.mark.parametrize(("header", "got", "rule"), HEADERS)
def test_header_that_is_wrong_is_refused_by_name(
    database_url: str, tmp_path: Path, header: str, got: str, rule: Rule
) -> None:
    (tmp_path / "institutions.csv").write_text(f"{header}\n")

    error = refusal(database_url, tmp_path)

    assert [problem.rule for problem in error.problems] == [rule]
    assert str(error.problems[0]).startswith(f"institutions.csv:1: {got}, allowed: ")
    assert "code, name, kind" in error.problems[0].allowed or rule is Rule.COLUMN_REPEATED


def test_file_without_header_never_shows_a_person(database_url: str, tmp_path: Path) -> None:
    (tmp_path / "inquiries.csv").write_text(f"BNK,,ID,{NUMBER},2024-01-10T12:00:00Z,LOAN\n")

    error = refusal(database_url, tmp_path)

    assert NUMBER not in str(error)
    assert NUMBER[:6] not in str(error)


def test_identity_number_in_the_wrong_column_is_not_shown(database_url: str, tmp_path: Path) -> None:
    error = refusal(
        database_url, deliver(tmp_path, loans=[{**LOAN, "principal": NUMBER, "due_on": f"ID {NUMBER[:-1]}X"}])
    )

    assert len(error.problems) == 2
    assert NUMBER[:12] not in str(error)


def test_row_of_another_length_is_refused_with_its_line(database_url: str, tmp_path: Path) -> None:
    (tmp_path / "institutions.csv").write_text('code,name,kind\nA,"two\nlines",BANK\n\nB,b\nC,c,BANK,\n')

    error = refusal(database_url, tmp_path)

    assert lines(error) == [
        "institutions.csv:5: got 2 fields, allowed: 3, as the header has [FIELD_COUNT]",
        "institutions.csv:6: got 4 fields, allowed: 3, as the header has [FIELD_COUNT]",
    ]


def test_many_problems_show_the_first_twenty_and_count_the_rest(database_url: str, tmp_path: Path) -> None:
    in_python = [{**REPAYMENT, "due": "x", "paid": "x"} for _ in range(1234)]
    in_sql = [{**REPAYMENT, "loan": f"X{number}"} for number in range(1234)]

    malformed = refusal(database_url, deliver(tmp_path / "1", institutions=[BANK], loans=[LOAN], repayments=in_python))
    unknown = refusal(database_url, deliver(tmp_path / "2", institutions=[BANK], loans=[LOAN], repayments=in_sql))

    assert malformed.count == 2468
    assert lines(malformed)[-1].startswith("repayments.csv:11: paid: ")
    assert str(malformed).splitlines()[0] == (
        f"{tmp_path / '1'} is refused, nothing of it was loaded: 2,468 problems in 1,234 of 1,236 rows, allowed: 61 "
        "(5.000%)"
    )
    assert str(malformed).splitlines()[-1] == "… and 2,448 more"
    assert unknown.count == 1234
    assert [problem.line for problem in unknown.problems] == list(range(2, 22))


def test_path_that_does_not_exist_is_refused(database_url: str, tmp_path: Path) -> None:
    error = refusal(database_url, tmp_path / "loans.csv")

    assert [problem.rule for problem in error.problems] == [Rule.PATH_MISSING]


def test_every_rule_is_broken_by_a_delivery_here() -> None:
    here = Path(__file__)
    tests = (here, here.with_name("test_hostile_files.py"), here.with_name("test_parquet.py"))
    source = "".join(path.read_text(encoding="utf-8") for path in tests)

    assert [rule.name for rule in Rule if f"[{rule.name}]" not in source and f"Rule.{rule.name}" not in source] == []


@pytest.mark.parametrize(("kind", "column"), [("loans", "reported_at"), ("inquiries", "inquired_at")])
def test_instant_more_than_a_day_ahead_is_refused(database_url: str, tmp_path: Path, kind: str, column: str) -> None:
    now = datetime.now(UTC)
    soon, later = ((now + timedelta(hours=hours)).isoformat() for hours in (23, 25))
    loaded(database_url, deliver(tmp_path / "1", **{**WHOLE, kind: [{**WHOLE[kind][0], column: soon}]}))

    with pytest.raises(DeliveryError) as caught:
        loaded(database_url, deliver(tmp_path / "2", **{**WHOLE, kind: [{**WHOLE[kind][0], column: later}]}))

    [problem] = caught.value.problems
    assert (problem.column, problem.rule, problem.got) == (column, Rule.INSTANT_IN_FUTURE, f'"{later}"')
    assert problem.allowed.endswith(" or earlier, a day after this load began")
