"""The batch functions: one slot a key, in the order of the keys, each the answer that its key gets alone."""

from collections.abc import Awaitable, Callable, Hashable, Sequence
from datetime import UTC, date, datetime
from functools import partial
from hashlib import sha256
from typing import Any, NamedTuple

import psycopg
import pytest

from resolvers.borrowers import BorrowerKey, borrowers
from resolvers.coverage import HorizonKey, coverage, horizons
from resolvers.database import Reading
from resolvers.figures import Figures
from resolvers.institutions import InstitutionsKey, institution_pages, institutions_by_code
from resolvers.loans import loans_by_id, loans_of_borrowers
from resolvers.multiloan import multi_loans
from resolvers.questions import LoanFilter, LoansKey, Question
from resolvers.repayments import RepaymentsKey, repayments_of_loans
from resolvers.window import Span

Batch = Callable[[Reading, Sequence[Any]], Awaitable[Sequence[Any]]]

NOBODY = 2**62
LONG_AGO = datetime(1990, 1, 1, tzinfo=UTC)
EARLIER = datetime(2026, 1, 15, tzinfo=UTC)
YEAR = Span(date(2025, 11, 1), date(2026, 11, 1))
MONTH = Span(date(2026, 3, 15), date(2026, 4, 2))
ALL = Question(YEAR, None, LoanFilter())


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


def keys_of_borrowers(_: Known) -> list[BorrowerKey]:
    first, second = subject_key(1), subject_key(2)
    return [
        BorrowerKey(second, None),
        BorrowerKey(first, None),
        BorrowerKey(bytes(32), None),
        BorrowerKey(first, LONG_AGO),
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


def keys_of_questions(known: Known) -> list[LoansKey]:
    return [
        LoansKey(known.second, ALL),
        LoansKey(known.first, ALL),
        LoansKey(NOBODY, ALL),
        LoansKey(known.first, ALL._replace(as_of=LONG_AGO)),
        LoansKey(known.first, ALL._replace(as_of=EARLIER)),
        LoansKey(known.first, ALL._replace(span=MONTH)),
        LoansKey(
            known.first, ALL._replace(filter=LoanFilter(kinds=("BANK",), opened=Span(date(2024, 1, 1), YEAR.end)))
        ),
        LoansKey(known.second, ALL._replace(filter=LoanFilter(products=(), states=("ACTIVE",)))),
        LoansKey(known.second, ALL._replace(filter=LoanFilter(active=MONTH))),
    ]


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


BATCHES: dict[str, tuple[Batch, Callable[[Known], Sequence[Hashable]]]] = {
    "borrowers": (borrowers, keys_of_borrowers),
    "horizons": (horizons, keys_of_horizons),
    "institutions_by_code": (institutions_by_code, keys_of_institutions),
    "institution_pages": (institution_pages, keys_of_pages),
    "loans_by_id": (loans_by_id, keys_of_loans),
    "loans_of_borrowers": (loans_of_borrowers, keys_of_questions),
    "multi_loans": (partial(multi_loans, time_zone="Asia/Shanghai", asking="CF02"), keys_of_questions),
    "repayments_of_loans": (repayments_of_loans, keys_of_repayments),
}


def counted(figures: Figures) -> dict[str, int | None]:
    """Every figure by its name."""
    return {name: getattr(figures, name) for name, held in vars(Figures).items() if isinstance(held, property)}


def unplaced(answer: Any) -> Any:
    """Take the slot's number out of an answer: alone, every key is the first."""
    if isinstance(answer, list):
        return [unplaced(row) for row in answer]
    if isinstance(answer, Figures):
        return counted(answer), {kind: counted(figures) for kind, figures in sorted(answer.by_kind().items())}
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

    assert len(reading.statements) == 1


async def test_coverage_is_the_same_row_for_every_key(reading: Reading) -> None:
    rows = await coverage(reading, ["platform", "anything"])

    assert len(rows) == 2
    assert rows[0] == rows[1]
    assert rows[0].borrowers >= 300
    assert reading.statements == ["coverage/of_platform"]


async def test_keys_that_name_nothing_get_nothing(reading: Reading) -> None:
    span = Question(YEAR, None, LoanFilter())

    assert await borrowers(reading, [BorrowerKey(bytes(32), None)]) == [None]
    assert await institutions_by_code(reading, ["nobody"]) == [None]
    assert await loans_by_id(reading, [NOBODY]) == [None]
    assert await loans_of_borrowers(reading, [LoansKey(NOBODY, span)]) == [[]]
    assert await repayments_of_loans(reading, [RepaymentsKey(NOBODY, YEAR, None)]) == [[]]


async def test_multi_loan_of_nobody_counts_nothing(reading: Reading) -> None:
    batch = partial(multi_loans, time_zone="Asia/Shanghai", asking=None)

    [found] = await batch(reading, [LoansKey(NOBODY, ALL)])

    assert found.by_kind() == {}
    assert not any(counted(found).values())


async def test_page_of_institutions_has_one_row_more_where_the_list_goes_on(reading: Reading) -> None:
    [every] = await institution_pages(reading, [InstitutionsKey(1_000, "", None)])
    codes = [row.code for row in every]

    [two, last] = await institution_pages(
        reading, [InstitutionsKey(2, codes[0], None), InstitutionsKey(2, codes[-3], None)]
    )

    assert codes == sorted(codes)
    assert [row.code for row in two] == codes[1:4]
    assert [row.code for row in last] == codes[-2:]


async def test_loans_of_a_borrower_come_newest_opened_first(reading: Reading, known: Known) -> None:
    [rows] = await loans_of_borrowers(reading, [LoansKey(known.first, ALL)])

    order = [(row.opened_on, row.id) for row in rows]
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
