"""Two loads at once, each in a process of its own, end as if one had followed the other, whatever they bring."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import NamedTuple

import pytest

from intake.problems import DeliveryError
from tests.conftest import SECRET
from tests.intake import market
from tests.intake.delivering import deliver, loaded
from tests.intake.killing import Digests, digests, held_up, loading, until, waiting

CASES = ("the same", "different institutions", "overlapping", "contradicting", "refusing each other")
BAD_DATA = 65


class Folders(NamedTuple):
    """Two deliveries, and one that the database has before them, if any."""

    one: Path
    other: Path
    before: Path | None = None


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Folders]:
    """Give two deliveries for each case."""
    folder = tmp_path_factory.mktemp("market")
    first, second = market.write(folder)
    rows = market.read(first)
    some, all_other = (_other(rows["repayments"], every) for every in (50, 1))
    halves = [
        deliver(folder / f"half {half}", **{kind: _half(kind, rows[kind], half) for kind in rows}) for half in range(2)
    ]
    later = {kind: [_reported(row) for row in new] for kind, new in market.read(second).items()}
    again = deliver(folder / "again", **{**later, "repayments": later["repayments"][::2]})
    contradicting = deliver(folder / "contradicting", **{**rows, "repayments": some})
    refused = deliver(folder / "refused", **{**rows, "repayments": all_other})
    return {
        "the same": Folders(first, first),
        "different institutions": Folders(*halves),
        "overlapping": Folders(second, again, before=first),
        "contradicting": Folders(first, contradicting),
        "refusing each other": Folders(first, refused),
    }


def _half(kind: str, rows: list[market.Row], half: int) -> list[market.Row]:
    """The rows of every second institution."""
    name = "code" if kind == "institutions" else "institution"
    return [row for row in rows if sum(row[name].encode()) % 2 == half]


def _other(rows: list[market.Row], every: int) -> list[market.Row]:
    """The rows, some of them with other amounts under the same report."""
    return [{**row, "paid": "12345.67"} if at % every == 0 else row for at, row in enumerate(rows)]


def _reported(row: market.Row) -> market.Row:
    """The row with another amount, where it has one, reported an hour later, where it is reported."""
    if "reported_at" not in row:
        return row
    later = (datetime.fromisoformat(row["reported_at"]) + timedelta(hours=1)).isoformat()
    return row | {"reported_at": later} | ({"paid": "7.00"} if "paid" in row else {})


def in_order(url: str, paths: tuple[Path, ...]) -> tuple[int, Digests]:
    """How many are refused where they are loaded one after the other, and what is held then."""
    refused = 0
    for path in paths:
        try:
            loaded(url, path, secret=SECRET.encode())
        except DeliveryError:
            refused += 1
    return refused, digests(url)


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("case", CASES)
def test_loads_at_once_end_as_one_after_the_other(
    create: Callable[[str], str], template: str, folders: dict[str, Folders], case: str, *, together: bool
) -> None:
    one, other, before = folders[case]
    start = (before,) if before else ()
    expected = [in_order(create(template), (*start, *order)) for order in permutations((one, other))]
    url = create(template)
    in_order(url, start)

    with ExitStack() as stack:
        # Held up, both are read to their end before either is merged; else they meet wherever they do.
        go = stack.enter_context(held_up(url, "the lock")) if together else None
        running = [stack.enter_context(loading(url, folder)) for folder in (one, other)]
        if go:
            until(lambda: waiting(url) == len(running))
            go()
        said = [process.communicate(timeout=60)[1] for process in running]

    codes = [process.returncode for process in running]
    assert set(codes) <= {0, BAD_DATA}, "\n".join(said)[-3000:]
    assert (codes.count(BAD_DATA), digests(url)) in expected
    assert max(refused for refused, _ in expected) == (1 if case == "refusing each other" else 0)
