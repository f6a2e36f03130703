"""What the command line lists of deliveries: counts, reasons, rejected rows to mend and send back, quality."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

from intake import listing
from intake.load import DeliveryError
from tests.conftest import CHECKOUT
from tests.intake.delivering import BANK, LOAN, REPAYMENT, WHOLE, deliver, held, loaded

NUMBER = "110101199003070134"
LOANS = [{**LOAN, "loan": f"L{number}"} for number in range(1, 61)]
MONTHS = [{**REPAYMENT, "loan": f"L{number}"} for number in range(1, 61)]


def command(url: str, *words: str | Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "cli", *map(str, words)],
        cwd=CHECKOUT,
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_listing_of_a_refused_delivery_counts_what_was_rejected_and_withheld(database_url: str, tmp_path: Path) -> None:
    with pytest.raises(DeliveryError) as caught:
        loaded(database_url, deliver(tmp_path, institutions=[BANK], repayments=[REPAYMENT, REPAYMENT]))
    number = caught.value.number
    assert number is not None

    head, line = listing.deliveries(database_url, 10)

    assert list(listing.sentences(database_url, number, None)) == [str(problem) for problem in caught.value.problems]
    counts = dict(zip(head.split()[5:], line.split()[5:], strict=True))
    assert line.split()[:2] == [str(number), "REFUSED"]
    assert (counts["read"], counts["added"], counts["rejected"]) == ("3", "0", "2")


def test_listing_of_an_unknown_delivery_is_none(database_url: str) -> None:
    assert listing.rejected_files(database_url, 7) is None
    assert listing.warnings(database_url, 7) is None


def test_rejected_rows_once_mended_are_a_delivery_that_loads(database_url: str, tmp_path: Path) -> None:
    bad = {**MONTHS[0], "due": "1,5", "paid": "", "overdue_amount": "0"}
    months = [bad, {**MONTHS[1], "month": "2023-12"}, *MONTHS[2:]]
    folder = deliver(tmp_path / "sent", institutions=[BANK], loans=LOANS, repayments=months)
    [number] = loaded(database_url, folder).deliveries

    assert listing.rejected_files(database_url, number) == ["repayments.csv"]
    lines = list(listing.mendable(database_url, number, "repayments.csv"))
    rows = list(csv.DictReader(lines))

    assert [{name: row[name] for name in bad} for row in rows] == [bad, months[1]]
    assert rows[0]["rejected"].count("[") == 2
    assert "due: got" in rows[0]["rejected"]
    assert "[MONTH_BEFORE_OPENING]" in rows[1]["rejected"]
    mended = [{**rows[0], "due": "1.5", "paid": "0"}, {**rows[1], "month": "2024-02"}]
    report = loaded(database_url, deliver(tmp_path / "back", repayments=mended))
    assert (report.repayments.read, report.repayments.added) == (2, 2)
    assert len(held(database_url)["repayment"]) == 60


def test_rejected_rows_of_a_wrong_width_keep_their_fields(database_url: str, tmp_path: Path) -> None:
    folder = deliver(tmp_path, institutions=[BANK], loans=LOANS, repayments=MONTHS)
    with (folder / "repayments.csv").open("a") as file:
        file.write("BNK,L1,2024-03\n")
    [number] = loaded(database_url, folder).deliveries

    header, line = listing.mendable(database_url, number, "repayments.csv")

    assert header.startswith("institution,loan,month")
    assert header.endswith(",rejected\n")
    assert line.startswith('BNK,L1,2024-03,"got 3 fields, allowed: 9')


def test_rejected_row_of_any_length_is_kept_as_a_record(database_url: str, tmp_path: Path) -> None:
    long = {**LOANS[0], "product": 'a "quoted" text, ' * 5_000}
    [number] = loaded(database_url, deliver(tmp_path, institutions=[BANK], loans=[*LOANS[1:], long])).deliveries

    [row] = csv.DictReader(listing.mendable(database_url, number, "loans.csv"))

    assert {**row, "product": ""} == {**long, "product": "", "rejected": row["rejected"]}
    assert row["product"] == long["product"][:1_000] + "…"


def test_commands_list_write_and_explain(database_url: str, tmp_path: Path) -> None:
    loans = [{**LOANS[0], "document_number": NUMBER, "document_kind": "ID", "principal": "x"}, *LOANS[1:]]
    months = [{**MONTHS[1], "due": "x"}, *MONTHS[2:]]
    folder = deliver(tmp_path / "sent", institutions=[BANK], loans=loans, repayments=months)

    load = command(database_url, "load", folder)
    both = command(database_url, "rejects", "1", "--csv")
    one = command(database_url, "rejects", "1", "--csv", "--file", "loans.csv")
    out = command(database_url, "rejects", "1", "--out", tmp_path / "mend")
    again = command(database_url, "rejects", "1", "--out", tmp_path / "mend")
    other = command(database_url, "rejects", "1", "--file", "inquiries.csv")
    unknown = command(database_url, "rejects", "2")
    listed = command(database_url, "deliveries")

    assert load.returncode == 0, load.stderr
    assert "`borrowgraph rejects 1 --csv`" in load.stderr
    assert (both.returncode, both.stdout) == (65, "")
    assert "rows of loans.csv, repayments.csv were rejected; choose one with --file" in both.stderr
    assert one.stdout.splitlines()[0].endswith(",rejected")
    assert NUMBER not in one.stdout + load.stderr + listed.stdout
    assert out.stdout.split() == [str(tmp_path / "mend" / "loans.csv"), str(tmp_path / "mend" / "repayments.csv")]
    assert (tmp_path / "mend" / "loans.csv").read_text() == one.stdout
    assert again.returncode == 73
    assert "no rows of inquiries.csv were rejected; there are some of loans.csv, repayments.csv" in other.stderr
    assert (unknown.returncode, "there is no delivery 2" in unknown.stderr) == (65, True)
    assert listed.stdout.splitlines()[1].split()[:2] == ["1", "LOADED"]


def test_refusal_names_the_command_that_lists_everything(database_url: str, tmp_path: Path) -> None:
    refused = command(database_url, "load", deliver(tmp_path, institutions=[BANK], repayments=MONTHS))

    assert refused.returncode == 65
    assert refused.stderr.rstrip().endswith("to list all of them, to mend and send back: `borrowgraph rejects 1`")


def test_quality_command_shows_institutions_and_months(database_url: str, tmp_path: Path) -> None:
    nothing = command(database_url, "quality")
    loaded(database_url, deliver(tmp_path, **WHOLE))

    table = command(database_url, "quality", "--from", "2024-01")
    rows = list(csv.DictReader(command(database_url, "quality", "--csv").stdout.splitlines()))
    none = command(database_url, "quality", "--institution", "XXX")
    wrong = command(database_url, "quality", "--from", "2024-13")
    reversed_ = command(database_url, "quality", "--from", "2024-03", "--to", "2024-02")

    assert nothing.stdout == "nothing is reported yet\n"
    assert [line.split()[:5] for line in table.stdout.splitlines()] == [
        ["institution", "month", "loans_alive", "loans_reported", "completeness"],
        ["BNK", "2024-01", "1", "0", "0.0000"],
        ["BNK", "2024-02", "1", "1", "1.0000"],
    ]
    assert [(row["month"], row["completeness"], row["days_to_report"]) for row in rows] == [
        ("2024-01", "0.0000", ""),
        ("2024-02", "1.0000", "2.0"),
    ]
    assert len(none.stdout.splitlines()) == 1
    assert (wrong.returncode, "allowed: YYYY-MM" in wrong.stderr) == (2, True)
    assert (reversed_.returncode, "--from 2024-03 is after --to 2024-02" in reversed_.stderr) == (2, True)


def test_quality_as_csv_of_a_code_with_commas_and_quotes_reads_back_as_it_is(database_url: str, tmp_path: Path) -> None:
    code = 'B,N "K"'
    rows = {
        kind: [{**row, **({"institution": code} if "institution" in row else {"code": code})} for row in given]
        for kind, given in WHOLE.items()
    }
    loaded(database_url, deliver(tmp_path, **rows))

    found = csv.DictReader(command(database_url, "quality", "--csv").stdout.splitlines())

    assert {row["institution"] for row in found} == {code}


@pytest.mark.parametrize("month", ["0000-01", "0001-01", "9999-12", "2024-1", "\N{FULLWIDTH DIGIT TWO}024-01"])
def test_quality_of_a_month_that_no_window_can_have_is_refused(database_url: str, month: str) -> None:
    done = command(database_url, "quality", "--to", month)

    assert (done.returncode, "allowed: YYYY-MM" in done.stderr) == (2, True)
