"""The quick check of whole columns: it lets through what the check of each row lets through, and nothing else."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.columns import Columns
from intake.files import DeliveryFile, Stamp
from intake.findings import Findings
from intake.kinds import Kind, kinds
from intake.rows import Checker
from sql.secret import Secrets
from tests.intake.delivering import INQUIRY, LOAN, REPAYMENT

NOW = datetime(2024, 3, 1, 12, 30, tzinfo=UTC)
ZONES = ["Asia/Shanghai", "Asia/Kolkata", "Europe/London", "UTC"]
PLAIN = {"loans": LOAN, "repayments": REPAYMENT, "inquiries": INQUIRY}
# Of each column: other values, most of which are allowed somewhere, or nearly.
AMOUNTS = [
    "0.00",
    "0",
    "12.5",
    "007.10",
    "9999999999999.99",
    "90071992547409.91",
    "90071992547409.92",
    "-1.00",
    "1.000",
]
DAYS = ["2024-01-15", "2024-02-29", "2023-02-29", "1899-12-31", "2024-1-1", "2024-03", "", "9999-12-31"]
INSTANTS = [
    "2024-03-02T09:00:00+08:00",
    "2024-03-02T20:30:00+08:00",
    "2024-03-02T20:30:01+08:00",
    "2024-02-01T00:00:00+08:00",
    "2024-01-31T23:59:59+08:00",
    "2024-03-02T09:00:60+08:00",
    "2024-03-02T24:00:00+08:00",
    "2024-03-31T01:30:00+00:00",
    "2024-03-31T02:30:00+01:00",
    "2024-03-02T09:00:00+05:30",
    "2024-03-02T01:00:00.000Z",
    "2024-03-02T01:00Z",
    "1988-07-01T12:00:00+09:00",
    "2024-03-02 09:00:00+08:00",
    "2024-02-30T09:00:00+08:00",
    "٢٠٢٤-03-02T09:00:00+08:00",
]
TEXTS = ["L1", "a\tb", "a\\b", "a\nb", "\r", " ", "", "x" * 200, "x" * 201, "é", "\0", "\udc80", "\u2028"]
OTHERS = {
    **dict.fromkeys(("due", "paid", "balance", "overdue_amount", "principal"), AMOUNTS),
    **dict.fromkeys(("opened_on", "due_on", "closed_on", "month"), DAYS),
    **dict.fromkeys(("reported_at", "inquired_at"), INSTANTS),
    **dict.fromkeys(("institution", "loan", "product", "purpose"), TEXTS),
    "days_past_due": ["0", "00", "1", "99999", "100000", "-1", "", "٣"],
    "state": ["ACTIVE", "SETTLED", "settled", ""],
    "subject_key": ["AB" * 32, "ab" * 31, "ab" * 32 + "\n", "", "\\N"],
    "document_kind": ["ID", ""],
    "document_number": ["A1", "-", ""],
}


def checker(kind: Kind, name: str) -> Checker:
    return Checker(DeliveryFile(Path("x.csv"), "x.csv", name, Stamp(0, 0, 0, 0)), 3, kind, Findings("x", 1.0))


def read(line: str) -> list[str | int]:
    """A line for COPY as PostgreSQL reads it: a whole number is the same with zeros before it."""
    return [int(value) if value.isascii() and value.isdigit() else value for value in line.split("\t")]


@settings(max_examples=300, deadline=None)
@given(data=st.data(), name=st.sampled_from(sorted(PLAIN)), zone=st.sampled_from(ZONES))
def test_rows_checked_by_columns_come_out_as_those_checked_one_by_one(
    data: st.DataObject, name: str, zone: str
) -> None:
    header = list(PLAIN[name])
    changes = st.lists(
        st.sampled_from(header).flatmap(lambda column: st.tuples(st.just(column), st.sampled_from(OTHERS[column]))),
        max_size=2,
    )
    rows = [list((PLAIN[name] | dict(data.draw(changes))).values()) for _ in range(data.draw(st.integers(1, 4)))]
    if data.draw(st.booleans()):
        rows.append(data.draw(st.sampled_from([[], ["x"], ["x"] * (len(header) + 1)])))

    assert_same(name, zone, header, rows)


@pytest.mark.parametrize("name", sorted(PLAIN))
def test_plain_rows_go_the_quick_way(name: str) -> None:
    # Of the day after a load only a part is allowed, so that its rows are looked at one by one.
    kind = kinds(Secrets((b"secret",)), ZoneInfo("Asia/Shanghai"), NOW + timedelta(days=1))[name]
    found = checker(kind, name)
    with found.found.problems:
        plan = found.plan(1, list(PLAIN[name]), ())
    assert plan is not None

    text = Columns(kind, plan, len(PLAIN[name])).text(range(2, 4), [list(PLAIN[name].values())] * 2)

    assert text is not None
    assert len(text.splitlines()) == 2


def assert_same(name: str, zone: str, header: Sequence[str], rows: list[list[str]]) -> None:
    kind = kinds(Secrets((b"secret",)), ZoneInfo(zone), NOW)[name]
    quick, slow = checker(kind, name), checker(kind, name)
    with quick.found.problems as quick_problems, slow.found.problems as slow_problems:
        plan = quick.plan(1, list(header), ())
        assert plan is not None
        block = list(enumerate(rows, 2))

        text = quick.block(Columns(kind, plan, len(header)), plan, len(header), [(at, list(row)) for at, row in block])
        lines = [slow.row(plan, len(header), at, list(row)) for at, row in block]

        expected = [read(line.rstrip("\n")) for line in lines if line is not None]
        assert [read(line) for line in text.split("\n")[:-1]] == expected
        assert quick.found.places == slow.found.places
        for problems in (quick_problems, slow_problems):
            problems.seek(0)
        assert quick_problems.read() == slow_problems.read()
