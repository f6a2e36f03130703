"""The batch functions: one slot a key, in the order of the keys, each the answer that its key gets alone."""

from collections.abc import Awaitable, Callable, Hashable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from hashlib import sha256
from inspect import isfunction
from typing import Any, NamedTuple

import psycopg
import pytest

from resolvers.coverage import HorizonKey, coverage, horizons
from resolvers.database import Fetch, Reading
from resolvers.figures import Counted, Figures
from resolvers.filter import LoanFilter
from resolvers.institutions import InstitutionsKey, institution_pages, institutions_by_code
from resolvers.months import COLUMNS
from resolvers.portraits import Portrait, PortraitKey, Shelf, Wanted, loans_by_id, portraits
from resolvers.repayments import RepaymentsKey, repayments_of_loans
from resolvers.window import Span

Batch = Callable[[Reading, Sequence[Any]], Awaitable[Sequence[Any]]]

NOBODY = 2**62
FIGURES = [
    name
    for name, held in vars(Figures).items()
    if isfunction(held) and not name.startswith("_") and name not in {"column", "span", "kind", "by_kind"}
]
LONG_AGO = datetime(1990, 1, 1, tzinfo=UTC)
EARLIER = datetime(2026, 1, 15, tzinfo=UTC)
YEAR = Span(date(2025, 11, 1), date(2026, 11, 1))
MONTH = Span(date(2026, 3, 15), date(2026, 4, 2))
ALL = Wanted(True, True, True, frozenset(COLUMNS), start=date(2020, 1, 1))
FILTERS = (
    LoanFilter(),
    LoanFilter(kinds=("BANK",), opened=Span(date(2024, 1, 1), YEAR.end)),
    LoanFilter(products=(), states=("ACTIVE",)),
    LoanFilter(active=MONTH),
)


class Known(NamedTuple):
    """Numbers of the demo's first borrower, of the second, and of a loan of each."""

    first: int
    second: int
    loan_of_first: int
    loan_of_second: int


def subject_key(number: int) -> bytes:
    return sha256(f"demo borrower {number}".encode()).digest()


@pytest.fixture
def known(demo_url: str) -> Known:
    query = """
        select b.id, min(l.id)
        from borrower b join loan l on l.borrower_id = b.id
        where b.subject_key = %s
        group by b.id
    """
    with psycopg.connect(demo_url) as connection:
        rows = [connection.execute(query, [subject_key(number)]).fetchone() for number in (1, 2)]
    [first, second] = [row for row in rows if row is not None]
    return Known(first[0], second[0], first[1], second[1])


def keys_of_portraits(_: Known) -> list[PortraitKey]:
    first, second = subject_key(1), subject_key(2)
    return [
        PortraitKey(second, None, ALL),
        PortraitKey(first, None, ALL),
        PortraitKey(bytes(32), None, ALL),
        PortraitKey(first, LONG_AGO, ALL),
        PortraitKey(first, EARLIER, ALL),
        PortraitKey(second, EARLIER, ALL),
    ]


def keys_of_horizons(_: Known) -> list[HorizonKey]:
    return [HorizonKey(EARLIER), HorizonKey(None), HorizonKey(LONG_AGO)]


def keys_of_institutions(_: Known) -> list[str]:
    return ["CF01", "nobody", "BK01", "", "bk01"]


def keys_of_pages(_: Known) -> list[InstitutionsKey]:
    return [
        InstitutionsKey(2, "CF01", None),
        InstitutionsKey(1_000, "", None),
        InstitutionsKey(3, "zzz", None),
        InstitutionsKey(1, "", None),
    ]


def keys_of_loans(known: Known) -> list[int]:
    return [known.loan_of_second, NOBODY, known.loan_of_first, -1]


def keys_of_repayments(known: Known) -> list[RepaymentsKey]:
    return [
        RepaymentsKey(known.loan_of_second, YEAR, None),
        RepaymentsKey(known.loan_of_first, YEAR, None),
        RepaymentsKey(known.loan_of_first, Span(date(2020, 1, 1), date(2030, 1, 1)), None),
        RepaymentsKey(NOBODY, YEAR, None),
        RepaymentsKey(known.loan_of_first, YEAR, LONG_AGO),
        RepaymentsKey(known.loan_of_first, YEAR, EARLIER),
        RepaymentsKey(known.loan_of_first, MONTH, None),
    ]


def on_snapshot(batch: Callable[[Fetch, Sequence[Any]], Awaitable[Sequence[Any]]]) -> Batch:
    """Return the batch function as it is asked within a request's snapshot."""
    return lambda reading, keys: batch(reading.fetch, keys)


BATCHES: dict[str, tuple[Batch, Callable[[Known], Sequence[Hashable]]]] = {
    "horizons": (horizons, keys_of_horizons),
    "institutions_by_code": (institutions_by_code, keys_of_institutions),
    "institution_pages": (institution_pages, keys_of_pages),
    "loans_by_id": (on_snapshot(loans_by_id), keys_of_loans),
    "portraits": (on_snapshot(partial(portraits, time_zone="Asia/Shanghai", asking="CF02")), keys_of_portraits),
    "repayments_of_loans": (repayments_of_loans, keys_of_repayments),
}


def counted(one: Counted) -> dict[str, object]:
    """Every figure by its name."""
    return {name: getattr(one, name) for name in FIGURES}


def unplaced(answer: Any) -> Any:
    """Take the slot's number out of an answer: alone, every key is the first."""
    if isinstance(answer, list | tuple) and not hasattr(answer, "_fields"):
        return [unplaced(row) for row in answer]
    if isinstance(answer, Portrait):
        found = [one for span in (YEAR, MONTH) for only in FILTERS for one in Shelf().figures([answer], span, only)]
        kinds = [{kind: counted(of_kind) for kind, of_kind in sorted(one.by_kind.items())} for one in found]
        return answer.id, answer.subject_key, answer.horizon, unplaced(answer.loans), [*map(counted, found)], kinds
    return answer._replace(slot=0) if hasattr(answer, "slot") else answer


@pytest.mark.parametrize("name", BATCHES)
async def test_batch_of_many_keys_answers_each_as_if_it_were_alone(name: str, reading: Reading, known: Known) -> None:
    batch, choose = BATCHES[name]
    keys = [*choose(known), *reversed(choose(known))]

    together = await batch(reading, keys)

    alone = [(await batch(reading, [key]))[0] for key in keys]
    assert unplaced(list(together)) == unplaced(alone)
    assert len({repr(unplaced(answer)) for answer in alone}) > 1


@pytest.mark.parametrize("name", BATCHES)
async def test_batch_of_any_number_of_keys_runs_one_statement(name: str, reading: Reading, known: Known) -> None:
    batch, choose = BATCHES[name]

    await batch(reading, list(choose(known)) * 5)

    # What is known now is one statement, what was known at instants another.
    assert reading.statements == list(dict.fromkeys(reading.statements))
    assert len(reading.statements) == 1 + (name == "portraits")


async def test_coverage_is_the_same_row_for_every_key(reading: Reading) -> None:
    rows = await coverage(reading, ["platform", "anything"])

    assert len(rows) == 2
    assert rows[0] == rows[1]
    assert rows[0].borrowers >= 300
    assert reading.statements == ["coverage/of_platform"]


async def test_keys_that_name_nothing_get_nothing(reading: Reading) -> None:
    batch = partial(portraits, reading.fetch, time_zone="Asia/Shanghai", asking=None)

    assert await batch([PortraitKey(bytes(32), None, ALL)]) == [None]
    assert await institutions_by_code(reading, ["nobody"]) == [None]
    assert await loans_by_id(reading.fetch, [NOBODY]) == [None]
    assert await repayments_of_loans(reading, [RepaymentsKey(NOBODY, YEAR, None)]) == [[]]


async def test_portrait_asked_for_nothing_has_no_loans_and_no_inquiries(reading: Reading) -> None:
    batch = partial(portraits, reading.fetch, time_zone="Asia/Shanghai", asking=None)

    [found] = await batch([PortraitKey(subject_key(1), None, Wanted())])

    assert found is not None
    assert not found.loans
    assert not any(any(counted(one).values()) for one in Shelf().figures([found], YEAR, LoanFilter()))


async def test_portrait_read_alone_leaves_no_second_statement_to_the_request(reading: Reading) -> None:
    batch = partial(portraits, reading.sole, time_zone="Asia/Shanghai", asking=None)

    await batch([PortraitKey(subject_key(1), None, ALL)])

    with pytest.raises(RuntimeError, match="second statement after borrowers/portraits"):
        await coverage(reading, ["platform"])


async def test_column_that_was_not_asked_is_not_taken_for_months_without_reports(reading: Reading) -> None:
    batch = partial(portraits, reading.fetch, time_zone="Asia/Shanghai", asking=None)

    [found] = await batch([PortraitKey(subject_key(1), None, ALL._replace(columns=frozenset()))])

    assert found is not None
    with pytest.raises(TypeError):
        Shelf().figures([found], YEAR, LoanFilter()).balance_at_end()


async def test_months_of_ended_loans_are_read_where_they_are_asked_alone(reading: Reading) -> None:
    keys = [PortraitKey(subject_key(number), None, ALL) for number in range(1, 21)]
    less = [key._replace(wanted=ALL._replace(ended=False)) for key in keys]
    batch = partial(portraits, reading.fetch, time_zone="Asia/Shanghai", asking=None)

    every = [loan for one in await batch(keys) if one for loan in one.loans]
    found = [loan for one in await batch(less) if one for loan in one.loans]

    eve = YEAR.end - timedelta(days=1)
    ended = [loan.closed_on is not None and loan.closed_on < eve for loan in every]
    assert [loan.first_month is None for loan in found] == ended
    assert {*ended} == {True, False}
    assert [loan for loan in found if loan.first_month] == [
        loan for loan, gone in zip(every, ended, strict=True) if not gone
    ]


async def test_page_of_institutions_has_one_row_more_where_the_list_goes_on(reading: Reading) -> None:
    [every] = await institution_pages(reading, [InstitutionsKey(1_000, "", None)])
    codes = [row.code for row in every]

    [two, last] = await institution_pages(
        reading, [InstitutionsKey(2, codes[0], None), InstitutionsKey(2, codes[-3], None)]
    )

    assert codes == sorted(codes)
    assert [row.code for row in two] == codes[1:4]
    assert [row.code for row in last] == codes[-2:]


async def test_loans_of_a_borrower_come_newest_opened_first(reading: Reading) -> None:
    batch = partial(portraits, reading.fetch, time_zone="Asia/Shanghai", asking=None)

    [found] = await batch([PortraitKey(subject_key(1), None, ALL)])

    assert found is not None
    order = [(row.opened_on, row.id) for row in found.loans]
    assert len(order) >= 11
    assert order == sorted(order, reverse=True)


async def test_repayments_of_a_loan_come_oldest_first_within_the_window(reading: Reading, known: Known) -> None:
    whole = Span(date(2020, 1, 1), date(2030, 1, 1))

    [every, window] = await repayments_of_loans(
        reading, [RepaymentsKey(known.loan_of_first, span, None) for span in (whole, YEAR)]
    )

    months = [row.month for row in every]
    assert months == sorted(set(months))
    assert [row.month for row in window] == [month for month in months if YEAR.start <= month < YEAR.end]
