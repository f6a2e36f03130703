"""Reading a file's text in blocks: the same records on the same lines as reading it record by record."""

import io
import random

import pytest

from intake.blocks import Plain, blocks
from intake.records import Record, csv_records, plain_records
from intake.unpacked import Meter
from intake.verdicts import FileRefused

PARTS = ["a", "bc", ",", ",", "\n", "\n", "\r\n", "é", "\u2028", "\0", " ", "x" * 5_000]
ODD = ['"', '""', '"a\nb"', "\r"]


def meter(text: str) -> Meter:
    source = io.BytesIO(text.encode())
    return Meter(io.BufferedReader(source), source.tell)  # type: ignore[arg-type]


def by_blocks(text: str) -> tuple[list[Record], int | None]:
    found: list[Record] = []
    source = meter(text)
    try:
        for block in blocks(source):
            if isinstance(block, Plain):
                records = list(plain_records(block))
                columns = block.columns(2)
                if columns is not None:
                    assert list(zip(*columns, strict=True)) == [tuple(record) for _, record in records]
                    assert [line for line, _ in records] == list(range(block.line, block.line + block.rows))
                assert [each for part in block.parts(3) for each in plain_records(part)] == records
                found += records
            else:
                found += csv_records(block.lines, source, block.line)
    except FileRefused as refused:
        return found, refused.line
    return found, None


def one_by_one(text: str) -> tuple[list[Record], int | None]:
    found: list[Record] = []
    try:
        for record in csv_records(io.StringIO(text, newline="")):
            found.append(record)  # noqa: PERF402 - those before a fault are wanted too
    except FileRefused as refused:
        return found, refused.line
    return found, None


@pytest.mark.parametrize("odd", [[], ODD])
def test_blocks_have_the_records_that_csv_has(odd: list[str]) -> None:
    chance = random.Random(7)  # noqa: S311 - the same texts in every run
    for _ in range(400):
        parts = PARTS + odd if chance.random() < 0.5 else ["1,2\n"] * 20 + odd + ["3,4\r\n"]
        text = "".join(chance.choices(parts, k=chance.choice([0, 1, 5, 40, 400])))

        assert by_blocks(text) == one_by_one(text)


def test_long_text_comes_in_blocks_of_whole_lines() -> None:
    text = "a,b\n" + "".join(f"{number},x\r\n" for number in range(100_000))

    found = list(blocks(meter(text)))

    assert all(isinstance(block, Plain) for block in found)
    assert len(found) > 3
    assert by_blocks(text) == one_by_one(text)


def test_long_text_with_a_quote_late_is_read_on_record_by_record() -> None:
    text = "a,b\n" + "1,2\n" * 100_000 + '"3\n3",4\n' + "5,6\n" * 100_000

    found, fault = by_blocks(text)

    assert fault is None
    assert found[-1] == (200_003, ["5", "6"])
    assert (found, fault) == one_by_one(text)
