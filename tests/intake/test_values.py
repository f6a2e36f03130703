"""The forms of single values: what they become for COPY, and that nothing is guessed at."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest

from intake import values
from intake.rules import Rule
from intake.verdicts import ValueRefused

SHANGHAI = ZoneInfo("Asia/Shanghai")

ACCEPTED: list[tuple[Callable[[str], str], str, str]] = [
    (values.amount, "0", "0"),
    (values.amount, "1234.5", "123450"),
    (values.amount, "0.07", "7"),
    (values.amount, "007.10", "710"),
    (values.amount, "90071992547409.91", "9007199254740991"),
    (values.day, "2024-02-29", "2024-02-29"),
    (values.day, "9999-12-31", "9999-12-31"),
    (values.month, "2024-02", "2024-02-01"),
    (values.month, "2024-02-29", "2024-02-01"),
    (values.days_past_due, "0", "0"),
    (values.days_past_due, "0030", "30"),
    (values.days_past_due, "99999", "99999"),
    (values.subject_key, "Ab" * 32, "ab" * 32),
    (values.text, "a\\b\tc\r\nd", "a\\\\b\\tc\\r\\nd"),
    (values.text, " 贷款 ", " 贷款 "),
    (values.text, "x" * 200, "x" * 200),
    (values.instant(SHANGHAI), "2024-04-30T16:00:00Z", "2024-05-01T00:00:00+08:00"),
    (values.instant(SHANGHAI), "2024-04-30 17:00:00.5+01:00", "2024-05-01T00:00:00.500000+08:00"),
    (values.instant(SHANGHAI), "20240430T160000-0000", "2024-05-01T00:00:00+08:00"),
    (values.instant(SHANGHAI), "2024-04-30T16:00+00", "2024-05-01T00:00:00+08:00"),
    (values.optional(values.day), "", "\\N"),
]

FULL_WIDTH = "１２"  # noqa: RUF001 - the point

REFUSED: list[tuple[Callable[[str], str], list[str]]] = [
    (
        values.amount,
        [
            *(
                "1e3",
                FULL_WIDTH,
                "+5",
                " 5",
                "5 ",
                "1,000",
                "NaN",
                "Infinity",
                ".5",
                "5.",
                "1.234",
                "0x1",
                "1_0",
                "5\n",
                "",
            ),
            *("90071992547409.92", "9" * 31, "--1", "٣"),
        ],
    ),
    (
        values.day,
        ["2024-02-30", "2024-2-3", "20240203", "2024/02/03", "1899-12-31", "2024-02-03T00:00", FULL_WIDTH, ""],
    ),
    (values.month, ["2024-13", "2024-1", "202401", "2024-01-32", "1899-12", "2024", "2024-01-", ""]),
    (values.days_past_due, ["-3", "1.0", "100000", "+1", " 1", FULL_WIDTH, "1e2", ""]),
    (values.subject_key, ["ab" * 31, "ab" * 33, "xy" * 32, FULL_WIDTH * 32, f" {'ab' * 32}"]),
    (values.text, ["x" * 201, " ", "\u3000", "a\0b", "a\udcffb"]),
    (
        values.instant(SHANGHAI),
        [
            *("2024-04-30T16:00:00", "2024-04-30", "2024-04-30T25:00:00Z", "2024-04-30T16:00:00.1234567Z", "now", ""),
            *("2024-04-30T16:00:00+25:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "1714492800"),
        ],
    ),
    (values.one_of(["A", "B"])[0], ["a", "C", "", " A"]),
]


@pytest.mark.parametrize(("parse", "value", "parsed"), ACCEPTED)
def test_value_of_its_form_becomes_what_copy_takes(parse: Callable[[str], str], value: str, parsed: str) -> None:
    assert parse(value) == parsed


@pytest.mark.parametrize(("parse", "value"), [(parse, value) for parse, wrong in REFUSED for value in wrong])
def test_value_of_another_form_is_refused(parse: Callable[[str], str], value: str) -> None:
    with pytest.raises(ValueRefused) as caught:
        parse(value)

    assert caught.value.rule is Rule.VALUE_MALFORMED


def test_amount_below_zero_has_its_own_rule() -> None:
    with pytest.raises(ValueRefused) as caught:
        values.amount("-0.01")

    assert caught.value.rule is Rule.AMOUNT_NEGATIVE


def test_remembered_values_are_bounded_and_parsed_once() -> None:
    parsed: list[str] = []

    def parse(value: str) -> str:
        parsed.append(value)
        return value

    remembered = values.Remembered(parse)

    for value in [*map(str, range(values.MEMORY + 10)), str(values.MEMORY + 9)]:
        assert remembered[value] == value

    assert len(parsed) == values.MEMORY + 10
    assert len(remembered) == 10


def test_remembered_values_are_few_and_short() -> None:
    remembered = values.Remembered(str)

    for number in range(values.MEMORY + 10):
        assert remembered[f"{number}"] == f"{number}"
        assert remembered[f"{number:050}"] == f"{number:050}"

    assert len(remembered) == 10
