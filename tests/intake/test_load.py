"""Loading: what becomes of a delivery, once, again, corrected, late, in other spellings, and beside other loads."""

import codecs
import gzip
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from time import monotonic

import psycopg
import pytest

from intake.load import LOCK
from intake.report import Counts
from sql.statements import statement as text_of
from sql.subject import subject_key
from tests.intake.delivering import (
    BANK,
    INQUIRY,
    KEY,
    LOAN,
    OTHER_KEY,
    REPAYMENT,
    SECRET,
    WHOLE,
    counted,
    deliver,
    held,
    loaded,
    table,
)

REAL = Path(os.environ.get("REAL_DATA") or Path(__file__).parents[3] / "shared" / "data") / "taiwan-2005"


def changed(row: Mapping[str, str], day: int, **values: str) -> dict[str, str]:
    """The row as it is reported on a day in May 2024."""
    return {**row, "reported_at": f"2024-05-{day:02}T00:00:00Z", **values}


def at(day: int) -> datetime:
    return datetime(2024, 5, day, tzinfo=UTC)


def test_load_of_a_delivery_adds_everything(database_url: str, tmp_path: Path) -> None:
    report = loaded(database_url, deliver(tmp_path, **WHOLE))

    one = Counts(read=1, added=1)
    assert (report.institutions, report.loans, report.repayments, report.inquiries) == (one, one, one, one)
    state = held(database_url)
    asked, reported = datetime(2024, 1, 10, 4, tzinfo=UTC), datetime(2024, 3, 2, 1, tzinfo=UTC)
    assert state["borrower"] == [(KEY, asked)]
    assert state["loan"][0][:6] == ("BNK", "L1", KEY, "CASH", 100_000, date(2024, 1, 15))
    assert state["repayment"] == [("L1", date(2024, 2, 1), 10_000, 0, 90_000, 10_000, 14, reported)]
    assert state["inquiry"] == [(KEY, asked, "BNK", "LOAN_APPROVAL")]
    assert state["reported_month"] == [(date(2024, 2, 1), reported)]
    assert state["coverage"] == [(1, 1, 1, 1)] == [counted(database_url)]


def test_load_of_the_same_delivery_again_changes_nothing(database_url: str, tmp_path: Path) -> None:
    folder = deliver(tmp_path, **{kind: [*rows, *rows] for kind, rows in WHOLE.items()})
    first = loaded(database_url, folder)
    once = held(database_url)

    again = loaded(database_url, folder)

    assert held(database_url) == once
    assert first.loans == first.repayments == first.inquiries == Counts(read=2, added=1, unchanged=1)
    assert [again.institutions.unchanged, again.loans.unchanged, again.repayments.unchanged] == [2, 2, 2]
    assert again.inquiries.unchanged == 2


def test_load_of_an_institution_with_another_name_corrects_it(database_url: str, tmp_path: Path) -> None:
    loaded(database_url, deliver(tmp_path / "1", institutions=[BANK]))

    report = loaded(database_url, deliver(tmp_path / "2", institutions=[{**BANK, "name": "Another bank"}]))

    assert report.institutions == Counts(read=1, corrected=1)
    assert held(database_url)["institution"] == [("BNK", "Another bank", "BANK")]


def test_load_of_a_correction_moves_the_old_version_to_history(database_url: str, tmp_path: Path) -> None:
    loaded(database_url, deliver(tmp_path / "1", **WHOLE))
    loan, month = changed(LOAN, 1, subject_key=OTHER_KEY), changed(REPAYMENT, 2, paid="7.00")

    report = loaded(database_url, deliver(tmp_path / "2", loans=[loan], repayments=[month]))

    assert (report.loans, report.repayments) == (Counts(read=1, corrected=1), Counts(read=1, corrected=1))
    state = held(database_url)
    assert (state["loan"][0][2], state["loan"][0][9]) == (OTHER_KEY, at(1))
    assert (state["loan_superseded"][0][1], state["loan_superseded"][0][9]) == (KEY, at(1))
    assert (state["repayment"][0][3], state["repayment"][0][7]) == (700, at(2))
    assert (state["repayment_superseded"][0][3], state["repayment_superseded"][0][8]) == (0, at(2))
    assert state["coverage"] == [(2, 1, 1, 1)] == [counted(database_url)]


def test_load_of_a_later_report_without_a_difference_keeps_the_version(database_url: str, tmp_path: Path) -> None:
    loaded(database_url, deliver(tmp_path / "1", **WHOLE))
    before = held(database_url)

    report = loaded(database_url, deliver(tmp_path / "2", loans=[changed(LOAN, 1)], repayments=[changed(REPAYMENT, 2)]))

    assert (report.loans.unchanged, report.repayments.unchanged) == (1, 1)
    after = held(database_url)
    assert after.pop("loan_confirmation") == [("L1", at(1))]
    assert after.pop("repayment_confirmation") == [("L1", date(2024, 2, 1), at(2))]
    assert after == {name: rows for name, rows in before.items() if not name.endswith("_confirmation")}


def test_load_of_a_late_older_version_places_it_in_history(database_url: str, tmp_path: Path) -> None:
    versions = [changed(REPAYMENT, day, paid=f"{day}.00") for day in (1, 3, 4, 9)]
    loaded(database_url, deliver(tmp_path / "1", institutions=[BANK], loans=[LOAN], repayments=versions[1::2]))

    report = loaded(database_url, deliver(tmp_path / "2", repayments=versions[::2]))

    assert report.repayments == Counts(read=2, older=2)
    state = held(database_url)
    assert [(row[3], row[7], row[8]) for row in state["repayment_superseded"]] == [
        (100, at(1), at(3)),
        (300, at(3), at(4)),
        (400, at(4), at(9)),
    ]
    assert [(row[3], row[7]) for row in state["repayment"]] == [(900, at(9))]
    assert state["reported_month"] == [(date(2024, 2, 1), at(1))]


def test_load_of_older_news_lowers_what_is_known_since(database_url: str, tmp_path: Path) -> None:
    loaded(database_url, deliver(tmp_path / "1", institutions=[BANK], loans=[changed(LOAN, 3)]))

    loaded(database_url, deliver(tmp_path / "2", loans=[changed(LOAN, 2)]))
    by_loan = held(database_url)
    loaded(database_url, deliver(tmp_path / "3", inquiries=[{**INQUIRY, "inquired_at": "2024-05-01T00:00:00Z"}]))

    assert by_loan["borrower"] == [(KEY, at(2))]
    assert (by_loan["loan"][0][9], by_loan["loan_confirmation"]) == (at(2), [("L1", at(3))])
    assert held(database_url)["borrower"] == [(KEY, at(1))]


def test_load_of_old_months_after_their_closing_is_reported_is_unchanged(database_url: str, tmp_path: Path) -> None:
    months = [changed(REPAYMENT, 1, month=f"2024-0{number}") for number in (2, 3, 4)]
    corrected = [changed(REPAYMENT, 2, month="2024-04", paid="1.00"), changed(REPAYMENT, 2, month="2024-03")]
    first = deliver(tmp_path / "1", institutions=[BANK], loans=[LOAN], repayments=months)
    second = deliver(tmp_path / "2", repayments=corrected)
    closing = deliver(tmp_path / "3", loans=[changed(LOAN, 3, state="SETTLED", closed_on="2024-02-20")])
    loaded(database_url, first, second, closing)
    once = held(database_url)

    report = loaded(database_url, first, second)

    assert report.repayments == Counts(read=5, unchanged=5)
    assert held(database_url) == once


def test_load_of_inquiries_tells_new_ones_from_known_and_repeated_ones_by_month(
    database_url: str, tmp_path: Path
) -> None:
    loaded(database_url, deliver(tmp_path / "first", institutions=[BANK, BANK | {"code": "OTH"}], inquiries=[INQUIRY]))
    of_other_purpose = INQUIRY | {"purpose": "POST_LOAN"}
    # January already where the platform is, still December in UTC.
    by_other = INQUIRY | {"institution": "OTH", "inquired_at": "2023-12-31T17:00:00Z"}
    in_february = INQUIRY | {"inquired_at": "2024-02-29T23:59:59+08:00"}
    asked = [INQUIRY, of_other_purpose, by_other, in_february, by_other, in_february, in_february]

    report = loaded(database_url, deliver(tmp_path / "second", inquiries=asked))

    assert report.inquiries == Counts(read=7, added=3, unchanged=4)
    assert len(held(database_url)["inquiry"]) == 4
    with psycopg.connect(database_url) as connection:
        kept = connection.execute(
            "select i.code, m.month, m.added, m.unchanged from delivery_month m "
            "join institution i on i.id = m.institution_id where m.delivery_id = %s order by 1, 2",
            [report.deliveries[0]],
        ).fetchall()
    january, february = date(2024, 1, 1), date(2024, 2, 1)
    assert kept == [("BNK", january, 1, 1), ("BNK", february, 1, 2), ("OTH", january, 1, 1)]


def test_load_of_documents_gives_the_derived_key(database_url: str, tmp_path: Path) -> None:
    key = subject_key(SECRET, "ID", "A1")
    document = {"subject_key": "", "document_kind": "ID", "document_number": " a-1"}
    both = {"subject_key": key.hex().upper(), "document_kind": "ID", "document_number": "A1"}

    loaded(
        database_url,
        deliver(tmp_path, institutions=[BANK], loans=[{**LOAN, **document}], inquiries=[{**INQUIRY, **both}]),
    )

    assert [row[0] for row in held(database_url)["borrower"]] == [key.hex()]


def test_load_of_other_spellings_holds_the_same(database_url: str, tmp_path: Path) -> None:
    banks = [{**BANK, "name": 'A "bank"\r\nin two, lines'}]
    rows = table(banks).replace("\r\n", "\n").replace("\n", "\r\n").encode()
    (tmp_path / "institutions.csv").write_bytes(codecs.BOM_UTF8 + rows)
    loan = {name: LOAN[name] for name in reversed(LOAN) if not name.startswith("document") and name != "closed_on"}
    (tmp_path / "LOANS.CSV.GZ").write_bytes(gzip.compress(table([loan]).encode()) + gzip.compress(b""))
    month = {**REPAYMENT, "month": "2024-02-29", "reported_at": "2024-03-02T01:00Z", "due": "100", "paid": "0.0"}
    (tmp_path / "repayments.csv").write_text(table([month]).rstrip() + "\n\n")
    (tmp_path / "notes.txt").write_text("not ours")

    loaded(database_url, tmp_path)

    state = held(database_url)
    assert state["institution"] == [("BNK", banks[0]["name"], "BANK")]
    assert state["loan"][0][:5] == ("BNK", "L1", KEY, "CASH", 100_000)
    assert state["repayment"][0][1:4] == (date(2024, 2, 1), 10_000, 0)


def test_load_of_single_files_is_one_delivery(database_url: str, tmp_path: Path) -> None:
    deliver(tmp_path / "1", institutions=[BANK], loans=[LOAN])
    packed = tmp_path / "loans.csv.gz"
    packed.write_bytes(gzip.compress(table([{**LOAN, "loan": "L2"}]).encode()))
    files = [packed, tmp_path / "1" / "loans.csv", tmp_path / "1" / "institutions.csv"]

    report = loaded(database_url, *files)

    assert report.loans == Counts(read=2, added=2)


def test_load_while_another_merges_waits_and_readers_do_not(database_url: str, tmp_path: Path) -> None:
    folders = [
        deliver(
            tmp_path / str(number),
            institutions=[BANK],
            loans=[{**LOAN, "loan": f"L{loan}"} for loan in range(50)],
            repayments=[changed(REPAYMENT, number, loan=f"L{loan}", paid=f"{number}.00") for loan in range(50)],
        )
        for number in (1, 2, 3)
    ]
    with psycopg.connect(database_url) as holder, ThreadPoolExecutor() as pool:
        holder.execute("select pg_advisory_xact_lock(%s)", [LOCK])
        running = [pool.submit(loaded, database_url, folder) for folder in (*folders, *folders)]
        with psycopg.connect(database_url) as reader:
            assert reader.execute("select count(*) from repayment").fetchone() == (0,)
        holder.rollback()
        reports = [future.result(timeout=60) for future in running]

    state = held(database_url)
    assert len(state["repayment"]) == 50
    assert {row[3] for row in state["repayment"]} == {300}
    assert len(state["repayment_superseded"]) == 100
    assert sum(report.repayments.added for report in reports) == 50
    assert sum(report.repayments.unchanged for report in reports) == 150
    assert state["coverage"] == [(1, 50, 50, 1)]


def test_load_in_the_midst_is_not_seen_and_blocks_no_reader(database_url: str, tmp_path: Path) -> None:
    loaded(database_url, deliver(tmp_path / "1", **WHOLE))
    before = held(database_url)
    next_year = {**REPAYMENT, "month": "2025-02", "reported_at": "2025-03-02T09:00:00+08:00"}
    folder = deliver(
        tmp_path / "2", loans=[changed(LOAN, 1, product="CARD")], repayments=[changed(REPAYMENT, 2), next_year]
    )

    with psycopg.connect(database_url) as holder, ThreadPoolExecutor() as pool:
        # The merge writes coverage last, and waits there with everything else written.
        holder.execute("update coverage set loans = loans")
        running = pool.submit(loaded, database_url, folder)
        wait_until_blocked(database_url, "raise_coverage")
        during = held(f"{database_url}{'&' if '?' in database_url else '?'}options=-c%20lock_timeout%3D1s")
        holder.rollback()
        running.result(timeout=60)

    assert during == before
    assert len(held(database_url)["repayment"]) == 2


def wait_until_blocked(url: str, statement: str) -> None:
    """Wait, a minute at most, until the loader waits for somebody else's lock within a statement."""
    deadline = monotonic() + 60
    head = text_of(f"deliveries/{statement}").text.splitlines()[0]
    with psycopg.connect(url, autocommit=True) as connection:
        while monotonic() < deadline:
            waiting = connection.execute(
                "select from pg_stat_activity where wait_event_type = 'Lock' and starts_with(query, %s)", [head]
            )
            if waiting.rowcount:
                return
    raise AssertionError(f"nobody waits in {statement}")


def test_load_of_real_accounts_gives_their_totals(database_url: str) -> None:
    if not REAL.is_dir():
        pytest.skip(f"the real deliveries are not at {REAL}: set REAL_DATA to their folder")

    first = loaded(database_url, REAL)
    again = loaded(database_url, REAL)

    assert (first.loans.added, first.repayments.added) == (30_000, 180_000)
    assert (again.loans.unchanged, again.repayments.unchanged) == (30_000, 180_000)
    with psycopg.connect(database_url) as connection:
        assert connection.execute("select sum(principal) from loan").fetchone() == (502_452_968_000,)
        late = connection.execute("select count(*) from repayment where days_past_due > 0").fetchone()
        assert late == (25_026,)
        assert connection.execute("select borrowers, loans, repayments, institutions from coverage").fetchone() == (
            30_000,
            30_000,
            180_000,
            1,
        )
