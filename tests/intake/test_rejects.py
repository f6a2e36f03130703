"""Rejected rows: kept with the reason and without identity numbers, the rest loaded, and never a row lost."""

import io
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from intake.load import DeliveryError, load
from intake.progress import Progress
from intake.report import Counts, Report
from tests.intake.delivering import (
    BANK,
    INQUIRY,
    LOAN,
    REPAYMENT,
    SECRET,
    deliver,
    emptied,
    held,
    loaded,
    months_recounted,
)

NUMBER = "110101199003070134"
LOANS = [{**LOAN, "loan": f"L{number}"} for number in range(1, 41)]
MONTHS = [{**REPAYMENT, "loan": f"L{number}"} for number in range(1, 41)]


def taken(url: str, *paths: Path, share: float) -> Report:
    return load(url, paths, secret=SECRET, reject_share=share, progress=Progress(io.StringIO()))


def asked(url: str, query: str) -> list[Any]:
    with psycopg.connect(url) as connection:
        return connection.execute(query.encode()).fetchall()


def rejects(url: str) -> list[Any]:
    return asked(
        url, "select file_number, line, rule from delivery_reject order by delivery_id, file_number, line, number"
    )


def test_load_of_a_few_bad_rows_rejects_them_and_loads_the_rest(database_url: str, tmp_path: Path) -> None:
    months = [*MONTHS, {**REPAYMENT, "due": "x", "paid": ""}, {**REPAYMENT, "month": "2023-01"}]

    report = loaded(database_url, deliver(tmp_path, institutions=[BANK], loans=LOANS, repayments=months))

    assert report.repayments == Counts(read=42, added=40, rejected=2)
    assert len(held(database_url)["repayment"]) == 40
    assert asked(database_url, "select id, state from delivery") == [(report.deliveries[0], "LOADED")]
    assert asked(database_url, "select read, added, rejected from delivery_count where kind = 'repayments'") == [
        (42, 40, 2)
    ]
    assert rejects(database_url) == [
        (2, 42, "VALUE_MALFORMED"),
        (2, 42, "VALUE_MISSING"),
        (2, 43, "MONTH_BEFORE_OPENING"),
    ]
    [(raw,)] = asked(database_url, "select raw from delivery_reject where line = 43")
    assert raw == "BNK,L1,2023-01,100.00,0.00,900.00,100.00,14,2024-03-02T09:00:00+08:00"


def test_load_of_a_rejected_loan_rejects_its_months_alone(database_url: str, tmp_path: Path) -> None:
    loans = [{**LOANS[0], "principal": "-1"}, *LOANS[1:], {**LOANS[1], "product": "CARD"}]

    folder = deliver(tmp_path, institutions=[BANK], loans=loans, repayments=MONTHS)
    report = taken(database_url, folder, share=0.1)

    assert (report.loans, report.repayments) == (
        Counts(read=41, added=38, rejected=3),
        Counts(read=40, added=38, rejected=2),
    )
    assert [rule for *_, rule in rejects(database_url)] == [
        "AMOUNT_NEGATIVE",
        "CONTRADICTION",
        "CONTRADICTION",
        "LOAN_UNKNOWN",
        "LOAN_UNKNOWN",
    ]


def test_rejected_row_names_nobody_who_was_not_named_otherwise(database_url: str, tmp_path: Path) -> None:
    loan = {**LOAN, "loan": "L9", "state": "OPEN", "subject_key": "", "document_kind": "ID", "document_number": NUMBER}
    misplaced = {**loan, "document_number": "", "product": NUMBER, "document_kind": NUMBER, "subject_key": NUMBER}
    folder = deliver(tmp_path, institutions=[BANK], loans=[*LOANS, loan, misplaced])
    with (folder / "loans.csv").open("a") as file:
        file.write(f"BNK,L10,{NUMBER},G12345678\n")

    report = taken(database_url, folder, share=0.1)

    assert report.loans.rejected == 3
    kept = str(asked(database_url, "select t::text from delivery_reject t"))
    assert "L9" in kept
    assert "G12345678" not in kept
    assert NUMBER[:12] not in kept


def test_header_that_is_a_person_is_not_kept(database_url: str, tmp_path: Path) -> None:
    (tmp_path / "inquiries.csv").write_text(f"BNK,,ID,{NUMBER},2024-01-10T12:00:00Z,LOAN\n")

    with pytest.raises(DeliveryError):
        loaded(database_url, tmp_path)

    assert NUMBER[:6] not in str(asked(database_url, "select f::text, r::text from delivery_file f, delivery_reject r"))


def test_refused_delivery_is_noted_with_its_rejects_and_nothing_else(database_url: str, tmp_path: Path) -> None:
    before = held(database_url)

    with pytest.raises(DeliveryError) as caught:
        loaded(database_url, deliver(tmp_path, institutions=[BANK], repayments=MONTHS))

    assert held(database_url) == before
    assert asked(database_url, "select id, state from delivery") == [(caught.value.number, "REFUSED")]
    assert len(rejects(database_url)) == 40 == caught.value.count


def test_same_delivery_again_is_noted_as_unchanged(database_url: str, tmp_path: Path) -> None:
    folder = deliver(tmp_path / "1", institutions=[BANK], loans=LOANS)
    copy = deliver(tmp_path / "2", institutions=[BANK], loans=LOANS)

    loaded(database_url, folder, copy)

    first, second = asked(database_url, "select digest, state from delivery order by id")
    assert (first[0], first[1], second[1]) == (second[0], "LOADED", "UNCHANGED")


RUBBISH = some.one_of(
    some.sampled_from(["", "-1", "x", "2023-12", "2024-02", "2030-01", "L1", "L2", "BNK", NUMBER, "0", "1.00", "\0"]),
    some.text(max_size=5).filter(lambda value: not any("\ud800" <= letter <= "\udfff" for letter in value)),
)


def spoiled(row: dict[str, str]) -> some.SearchStrategy[dict[str, str]]:
    return some.dictionaries(some.sampled_from(sorted(row)), RUBBISH, max_size=2).map(lambda change: {**row, **change})


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.data())
def test_rows_of_generated_rubbish_are_all_accounted_for(
    database_url: str, tmp_path: Path, data: some.DataObject
) -> None:
    emptied(database_url)
    rows = {
        kind: data.draw(some.lists(spoiled(row), min_size=1, max_size=8), label=kind)
        for kind, row in (("institutions", BANK), ("loans", LOAN), ("repayments", REPAYMENT), ("inquiries", INQUIRY))
    }

    report = taken(database_url, deliver(tmp_path, **rows), share=1)

    state = held(database_url)
    assert state["institution_month"] == months_recounted(database_url)
    for kind, counts in report.kinds().items():
        assert counts.read == len(rows[kind])
        assert counts.read == (
            counts.added + counts.corrected + counts.older + counts.unchanged + counts.rejected + counts.withheld
        )
    assert report.loans.added == len(state["loan"])
    assert report.repayments.added == len(state["repayment"])
    assert report.inquiries.added == len(state["inquiry"])
    [number] = report.deliveries
    noted = asked(
        database_url,
        "select delivery_id, file_number, count(distinct line) from delivery_reject group by 1, 2 order by 1, 2",
    )
    assert [count for delivery, _, count in noted if delivery == number] == [
        counts.rejected for counts in report.kinds().values() if counts.rejected
    ]
