"""What the command line lists of deliveries and their rejected rows."""

import csv
from pathlib import Path

import pytest

from intake import listing
from intake.load import DeliveryError
from tests.intake.delivering import BANK, REPAYMENT, deliver, loaded


def test_listing_of_a_refused_delivery_has_its_rows_beside_the_reasons(database_url: str, tmp_path: Path) -> None:
    with pytest.raises(DeliveryError) as caught:
        loaded(database_url, deliver(tmp_path, institutions=[BANK], repayments=[REPAYMENT, REPAYMENT]))
    number = caught.value.number
    assert number is not None

    rows = listing.rejects(database_url, number)

    assert rows is not None
    assert list(listing.sentences(rows)) == [str(problem) for problem in caught.value.problems]
    table = list(csv.DictReader(listing.table(rows).splitlines()))
    assert [(row["line"], row["rule"]) for row in table] == [("2", "LOAN_UNKNOWN"), ("3", "LOAN_UNKNOWN")]
    assert {name: table[0][name] for name in REPAYMENT} == REPAYMENT
    head, line = listing.deliveries(database_url, 10)
    assert head.split()[:2] == ["id", "state"]
    assert line.split()[:2] == [str(number), "REFUSED"]


def test_listing_of_an_unknown_delivery_is_none(database_url: str) -> None:
    assert listing.rejects(database_url, 7) is None
