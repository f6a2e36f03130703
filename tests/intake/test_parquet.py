"""Deliveries in Parquet: the same rows as in CSV, the types that a column may have, and files that are none."""

import csv
import gzip
import io
import random
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.files import deliveries
from intake.findings import LINES, Findings
from intake.kinds import kinds
from intake.listing import mendable, sentences
from intake.rows import batches
from intake.values import ALLOWED_AMOUNT
from sql.secret import Secrets
from tests.conftest import CHECKOUT
from tests.intake.delivering import BANK, INQUIRY, LOAN, REPAYMENT, WHOLE, deliver, emptied, held, loaded
from tests.intake.test_refusals import lines, refusal

ALLOWED = "a whole Parquet file, as the name says"
DOCS = CHECKOUT / "docs" / "deliveries.md"
INSTANTS = pa.timestamp("us", "UTC")

AMOUNTS = st.integers(0, 10**15).map(lambda units: Decimal(units).scaleb(-2))
DAYS = st.dates(date(1890, 1, 1), date(2100, 1, 1))
MOMENTS = st.datetimes(datetime(1899, 12, 30), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - has one
TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
REPAYMENTS = {
    "institution": (TEXTS, [pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())]),
    "loan": (st.integers(0, 2**63 - 1).map(str) | TEXTS, [pa.string(), pa.string_view()]),
    "month": (DAYS, [pa.date32(), pa.date64()]),
    "due": (AMOUNTS, [pa.decimal128(18, 2), pa.decimal128(38, 2)]),
    "paid": (AMOUNTS, [pa.decimal128(38, 18), pa.decimal256(60, 4)]),
    "balance": (st.integers(-5, 10**15).map(Decimal), [pa.int64(), pa.decimal128(19, 0)]),
    "overdue_amount": (AMOUNTS, [pa.decimal128(20, 4)]),
    "days_past_due": (st.integers(-1, 200), [pa.int8(), pa.int16(), pa.uint32(), pa.decimal128(5, 0)]),
    "reported_at": (MOMENTS, [pa.timestamp(unit, zone) for unit in ("us", "ns") for zone in ("UTC", "Asia/Shanghai")]),
}


def typed(path: Path, rows: Sequence[Mapping[str, Any]], **types: pa.DataType) -> Path:
    """Write rows as Parquet, by default as the texts that they are, an empty one as null."""
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = {
        name: pa.array([None if row[name] == "" else row[name] for row in rows], types.get(name, pa.string()))
        for name in rows[0]
    }
    pq.write_table(pa.table(columns), path, row_group_size=7)
    return path


def plain(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """The rows as CSV."""
    text_of = io.StringIO(newline="")
    writer = csv.writer(text_of)
    writer.writerow(rows[0])
    writer.writerows([text(row[name]) for name in rows[0]] for row in rows)
    return text_of.getvalue().encode()


def text(value: Any) -> str:
    """A value as a CSV file has it."""
    if isinstance(value, datetime):
        return value.astimezone(timezone(timedelta(hours=8))).isoformat()
    return "" if value is None else str(value)


def staged(path: Path) -> tuple[list[str], list[tuple[int, Any, Any]]]:
    """What a file becomes: its rows as they are copied, without their places, and the rules that its rows break."""
    [delivery] = deliveries([path])
    [file] = delivery.files
    zone = timezone(timedelta(hours=8))
    with (found := Findings(delivery.name, 1.0)).problems:
        rows = "".join(
            batch.text
            for batch in batches(file, 0, kinds(Secrets((b"secret",)), zone, datetime.now(UTC))["repayments"], found)
        )
        assert not found.faulty
        found.problems.seek(0)
        problems = [line.split("\t") for line in found.problems]
    numbers = {place: number for number, place in enumerate(sorted({int(problem[1]) % LINES for problem in problems}))}
    return (
        [row.partition("\t")[2] for row in rows.splitlines()],
        [(numbers[int(place)], column, rule) for _, place, column, rule, *_ in problems],
    )


@st.composite
def portfolios(draw: st.DrawFn) -> tuple[list[dict[str, Any]], dict[str, pa.DataType]]:
    """Rows, and the type of each column."""
    types = {name: draw(st.sampled_from(choices)) for name, (_, choices) in REPAYMENTS.items()}
    floor = 0 if types["days_past_due"] == pa.uint32() else -1
    values = {name: st.none() | values for name, (values, _) in REPAYMENTS.items()}
    values["days_past_due"] = st.none() | st.integers(floor, 127)
    return draw(st.lists(st.fixed_dictionaries(values), min_size=1, max_size=30)), types


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(portfolios())
def test_same_rows_are_the_same_in_every_format(
    tmp_path: Path, portfolio: tuple[list[dict[str, Any]], dict[str, pa.DataType]]
) -> None:
    rows, types = portfolio
    (tmp_path / "repayments.csv").write_bytes(plain(rows))
    (tmp_path / "repayments.csv.gz").write_bytes(gzip.compress(plain(rows)))
    typed(tmp_path / "repayments.parquet", rows, **types)

    expected = staged(tmp_path / "repayments.csv")

    assert staged(tmp_path / "repayments.csv.gz") == expected
    assert staged(tmp_path / "repayments.parquet") == expected


def test_delivery_in_parquet_ends_in_the_same_portfolio_and_again_changes_nothing(
    database_url: str, tmp_path: Path
) -> None:
    loan = {**LOAN, "opened_on": date(2024, 1, 15), "due_on": date(2024, 12, 15), "principal": Decimal("1000.00")}
    moment = datetime(2024, 2, 1, 1, tzinfo=UTC)
    loaded(database_url, deliver(tmp_path / "csv", **WHOLE))
    expected = held(database_url)
    emptied(database_url)
    folder = tmp_path / "parquet"
    typed(folder / "institutions.parquet", [BANK])
    typed(
        folder / "loans.parquet",
        [{**loan, "reported_at": moment}],
        opened_on=pa.date32(),
        due_on=pa.date32(),
        closed_on=pa.null(),
        principal=pa.decimal128(18, 2),
        reported_at=INSTANTS,
    )
    typed(folder / "repayments.parquet", [REPAYMENT])
    typed(folder / "inquiries.parquet", [INQUIRY])

    loaded(database_url, folder)
    again = loaded(database_url, folder)

    assert held(database_url) == expected
    assert (again.loans.unchanged, again.repayments.unchanged, again.inquiries.unchanged) == (1, 1, 1)


def test_rows_that_break_rules_are_named_by_their_number(database_url: str, tmp_path: Path) -> None:
    rows = [BANK, {**BANK, "code": "B2", "kind": "SHOP"}, {**BANK, "code": ""}, {**BANK, "name": "Another"}]
    typed(tmp_path / "institutions.parquet", rows)

    said = lines(refusal(database_url, tmp_path))
    contradictions = lines(refusal(database_url, typed(tmp_path / "2" / "institutions.parquet", [rows[0], rows[3]])))

    assert said[0].startswith('institutions.parquet row 2: kind: got "SHOP", allowed: one of ')
    assert said[1].startswith("institutions.parquet row 3: code: got nothing, allowed: ")
    assert len(said) == 2
    assert contradictions[0].startswith(f'{tmp_path}/2/institutions.parquet row 1: name: got "BNK" different from ')
    assert "institutions.parquet row 2, allowed: one row for each code" in contradictions[0]


TYPES: list[tuple[str, Any, pa.DataType, str]] = [
    ("paid", 1.1, pa.float64(), '"double", allowed: decimal, whole number or text'),
    ("paid", True, pa.bool_(), '"bool", allowed: decimal, whole number or text'),
    ("days_past_due", 3.0, pa.float32(), '"float", allowed: decimal, whole number or text'),
    ("month", datetime(2024, 2, 1), pa.timestamp("us"), '"timestamp[us]", allowed: date or text'),  # noqa: DTZ001
    ("month", 202402, pa.int32(), '"int32", allowed: date or text'),
    ("reported_at", date(2024, 3, 2), pa.date32(), '"date32[day]", allowed: timestamp with time zone or text'),
    (
        "reported_at",
        datetime(2024, 3, 2),  # noqa: DTZ001
        pa.timestamp("ns"),
        '"timestamp[ns]", allowed: timestamp with time zone or text',
    ),
    ("loan", b"L1", pa.binary(), '"binary", allowed: text or whole number'),
    ("loan", Decimal(7), pa.decimal128(5, 0), '"decimal128(5, 0)", allowed: text or whole number'),
    ("loan", ["L1"], pa.list_(pa.string()), '"list<element: string>", allowed: text or whole number'),
    ("loan", {"a": 1}, pa.struct({"a": pa.int8()}), '"struct<a: int8>", allowed: text or whole number'),
]


@pytest.mark.parametrize(("column", "value", "kind", "said"), TYPES)
def test_column_whose_type_does_not_hold_its_values_is_refused(
    database_url: str, tmp_path: Path, column: str, value: object, kind: pa.DataType, said: str
) -> None:
    typed(tmp_path / "repayments.parquet", [{**REPAYMENT, column: value}], **{column: kind})

    assert lines(refusal(database_url, tmp_path)) == [f"repayments.parquet: {column}: got {said} [COLUMN_TYPE]"]


def test_document_number_that_is_a_number_is_refused(database_url: str, tmp_path: Path) -> None:
    inquiry = {**INQUIRY, "subject_key": "", "document_kind": "ID", "document_number": 110101199003070134}
    typed(tmp_path / "inquiries.parquet", [inquiry], document_number=pa.int64())

    assert lines(refusal(database_url, tmp_path)) == [
        'inquiries.parquet: document_number: got "int64", allowed: text [COLUMN_TYPE]'
    ]


def test_columns_that_are_missing_or_unknown_are_refused_by_name(database_url: str, tmp_path: Path) -> None:
    typed(tmp_path / "institutions.parquet", [{"code": "A", "nome": "a", "kind": "BANK"}])

    assert lines(refusal(database_url, tmp_path)) == [
        'institutions.parquet: got "nome", allowed: the columns code, name, kind, in any order [COLUMN_UNKNOWN]',
        "institutions.parquet: name: got no such column, allowed: the columns code, name, kind, in any order "
        "[COLUMN_MISSING]",
    ]


def test_column_that_is_there_twice_is_refused(database_url: str, tmp_path: Path) -> None:
    arrays = [pa.array([value]) for value in ("A", "a", "BANK", "B")]
    pq.write_table(pa.Table.from_arrays(arrays, ["code", "name", "kind", "code"]), tmp_path / "institutions.parquet")

    assert lines(refusal(database_url, tmp_path)) == [
        "institutions.parquet: code: got the column twice, allowed: each column once [COLUMN_REPEATED]"
    ]


def test_file_without_rows_is_loaded(database_url: str, tmp_path: Path) -> None:
    schema = pa.schema([(name, pa.string()) for name in BANK])
    pq.write_table(schema.empty_table(), tmp_path / "institutions.parquet")

    assert loaded(database_url, tmp_path).institutions.read == 0


CONTENTS = [
    (b"", f"got an empty file, allowed: {ALLOWED} [HEADER_MISSING]"),
    (b"code,name,kind\nA,a,BANK\n", f"got no Parquet file, allowed: {ALLOWED} [FILE_UNREADABLE]"),
    (b"PAR1", "got a damaged Parquet file: "),
    (b"PAR1" + b"\xff" * 400 + b"PAR1", "got a damaged Parquet file: "),
]


@pytest.mark.parametrize(("content", "said"), CONTENTS)
def test_file_that_is_no_parquet_is_refused(database_url: str, tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "institutions.parquet").write_bytes(content)

    [line] = lines(refusal(database_url, tmp_path))

    assert line.startswith(f"institutions.parquet: {said}")


def test_file_that_is_cut_or_damaged_anywhere_never_gets_in(database_url: str, tmp_path: Path) -> None:
    """Whatever is changed, the file is refused, or what is in it is read as the rows that they now are."""
    chance = random.Random(7)  # noqa: S311
    rows = [{**BANK, "code": f"B{number}", "name": "x" * 150} for number in range(50)]
    whole = typed(tmp_path / "whole" / "institutions.parquet", rows).read_bytes()
    path = tmp_path / "institutions.parquet"
    for _ in range(12):
        path.write_bytes(whole[: chance.randrange(5, len(whole))])

        assert "[FILE_UNREADABLE]" in str(refusal(database_url, path))
    for _ in range(12):
        damaged = bytearray(whole)
        for _ in range(40):
            damaged[chance.randrange(4, len(damaged) - 8)] = chance.randrange(256)
        path.write_bytes(damaged)

        assert "got" in str(refusal(database_url, path))


def test_rejected_row_is_kept_as_csv(database_url: str, tmp_path: Path) -> None:
    deliver(tmp_path, institutions=[BANK], loans=[LOAN])
    months = [{**REPAYMENT, "month": date(2024, 2, 1), "paid": Decimal(0)} for _ in range(40)]
    months[2] = {**months[2], "paid": Decimal("-1.5"), "loan": 'a,\r\n"b"'}
    typed(tmp_path / "repayments.parquet", months, month=pa.date32(), paid=pa.decimal128(9, 4))

    [delivery] = loaded(database_url, tmp_path).deliveries

    why = f'paid: got "-1.50", allowed: {ALLOWED_AMOUNT} [AMOUNT_NEGATIVE]'
    assert list(sentences(database_url, delivery, None)) == [f"repayments.parquet row 3: {why}"]
    mending = "".join(mendable(database_url, delivery, "repayments.parquet"))
    header, row = csv.reader(io.StringIO(mending, newline=""), strict=True)
    assert dict(zip(header, row, strict=True)) == {
        **REPAYMENT,
        "loan": 'a,\r\n"b"',
        "month": "2024-02-01",
        "paid": "-1.50",
        "rejected": why,
    }


def test_columns_in_the_docs_are_those_of_the_code() -> None:
    rows = [line.strip("| ").split(" | ") for line in DOCS.read_text(encoding="utf-8").splitlines() if "|" in line]
    columns = [row for row in rows if row[-2:][0] and len(row) >= 3][2:]
    told = [(row[-3], row[-1]) for row in columns][
        : sum(len(kind.columns) for kind in kinds(None, UTC, datetime.now(UTC)).values())
    ]

    assert told == [
        (f"{column.name}{'?' * column.may_be_empty}", ", ".join(column.types))
        for kind in kinds(None, UTC, datetime.now(UTC)).values()
        for column in kind.columns
    ]
