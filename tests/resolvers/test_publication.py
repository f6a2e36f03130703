"""What is published of a month: nothing too small follows from it, and what follows is shown."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import chain, combinations
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from resolvers.publication import Block, Fact, Publication, Thresholds, parts_shown, publication
from tests.oracle.inference import Sums

LEAST = Thresholds(10, 3)
SETTINGS = settings(max_examples=300, deadline=None, derandomize=True, database=None)


class Loan(NamedTuple):
    """A loan of a made-up market: an institution has one kind."""

    borrower: int
    institution: int
    kind: str
    product: str


def market(*groups: tuple[str, str, Iterable[int], int]) -> list[Loan]:
    """Loans of groups of kind, product, institutions and number of borrowers, all of them different people."""
    found: list[Loan] = []
    for number, (kind, product, institutions, borrowers) in enumerate(groups):
        lenders = list(institutions)
        found += [Loan(1_000 * number + one, lenders[one % len(lenders)], kind, product) for one in range(borrowers)]
    return found


def facts(loans: list[Loan]) -> tuple[Fact, ...]:
    groups: dict[tuple[str | None, str | None], list[Loan]] = defaultdict(list)
    for loan in loans:
        for place in ((None, None), (loan.kind, None), (None, loan.product), (loan.kind, loan.product)):
            groups[place].append(loan)
    return tuple(
        Fact(*place, len({loan.borrower for loan in of}), frozenset(loan.institution for loan in of))
        for place, of in groups.items()
    )


def shown(published: Publication, asked: Iterable[Loan]) -> bool:
    """Whether a group is shown that was asked about by these loans' institutions and products."""
    group: dict[Block, set[int]] = defaultdict(set)
    for loan in asked:
        group[loan.kind, loan.product].add(loan.institution)
    return published.shows({block: frozenset(lenders) for block, lenders in group.items()})


def kinds_shown(loans: list[Loan]) -> set[str]:
    published = publication(facts(loans), LEAST)
    kinds = {loan.kind for loan in loans}
    return {kind for kind in kinds if shown(published, [loan for loan in loans if loan.kind == kind])}


def test_group_of_fewer_borrowers_or_institutions_than_allowed_is_hidden_with_the_next_smallest() -> None:
    large, middle = ("BANK", "CASH", range(5), 100), ("OTHER", "CASH", range(10, 14), 50)

    assert kinds_shown(market(large, middle)) == {"BANK", "OTHER"}
    assert kinds_shown(market(large, middle, ("MICROLOAN", "CASH", range(20, 24), 9))) == {"BANK"}
    assert kinds_shown(market(large, middle, ("MICROLOAN", "CASH", range(20, 22), 40))) == {"BANK"}


def test_small_groups_that_are_large_together_hide_no_other() -> None:
    small = [("MICROLOAN", "CASH", range(20, 24), 6), ("INSURANCE", "CASH", range(30, 34), 12)]

    loans = market(("BANK", "CASH", range(5), 100), *small, ("GUARANTEE", "CASH", range(40, 42), 30))

    assert kinds_shown(loans) == {"BANK", "INSURANCE"}


def test_market_that_is_too_small_publishes_nothing() -> None:
    loans = market(("BANK", "CASH", range(5), 9))

    assert not shown(publication(facts(loans), LEAST), loans)


def test_product_of_one_kind_alone_is_not_worked_out_from_the_kind_and_its_other_product() -> None:
    loans = market(("BANK", "CASH", range(5), 100), ("BANK", "CARD", range(5), 5), ("OTHER", "CASH", range(10, 15), 80))
    published = publication(facts(loans), LEAST)

    by_product = [shown(published, [one for one in loans if one.product == name]) for name in ("CASH", "CARD")]
    bank_cash = shown(published, [one for one in loans if one[2:] == ("BANK", "CASH")])
    bank = shown(published, [one for one in loans if one.kind == "BANK"])

    assert by_product == [False, False]
    assert not (bank and bank_cash)
    assert shown(published, loans)


def test_some_institutions_of_a_kind_are_never_shown_alone() -> None:
    loans = market(("BANK", "CASH", range(8), 100))
    published = publication(facts(loans), LEAST)

    assert not shown(published, [loan for loan in loans if loan.institution < 6])
    assert shown(published, loans)


@st.composite
def markets(draw: st.DrawFn) -> list[Loan]:
    """Draw up to 12 institutions of 4 kinds, 3 products, and up to 80 people who prefer some of them."""
    kinds = draw(st.lists(st.sampled_from("KLMN"), min_size=1, max_size=12))
    offers = draw(
        st.lists(
            st.tuples(st.sampled_from(range(len(kinds))), st.sampled_from("PQR"), st.integers(1, 30)),
            min_size=1,
            max_size=14,
        )
    )
    loans = []
    for institution, product, borrowers in offers:
        first = draw(st.integers(0, 40))
        loans += [Loan(first + one, institution, kinds[institution], product) for one in range(borrowers)]
    return loans


@SETTINGS
@given(markets(), st.sampled_from([LEAST, Thresholds(4, 2), Thresholds(1, 1), Thresholds(25, 4)]))
def test_nothing_too_small_follows_from_all_that_is_shown_of_any_kinds_and_products(
    loans: list[Loan], least: Thresholds
) -> None:
    published = publication(facts(loans), least)
    asked = {}
    for kinds in subsets({loan.kind for loan in loans}):
        for products in subsets({loan.product for loan in loans}):
            group = frozenset(loan for loan in loans if loan.kind in kinds and loan.product in products)
            asked[group] = bool(group) and shown(published, group)
    sums = Sums(group for group, visible in asked.items() if visible)

    for group, visible in asked.items():
        enough = (
            len({loan.borrower for loan in group}) >= least.borrowers
            and len({loan.institution for loan in group}) >= least.institutions
        )
        assert not visible or enough
        assert not group or visible == sums.tell(group)


def subsets(names: set[str]) -> Iterable[tuple[str, ...]]:
    return chain.from_iterable(combinations(sorted(names), count) for count in range(1, len(names) + 1))


def test_parts_of_a_total_are_hidden_until_what_is_hidden_is_large_enough() -> None:
    assert parts_shown([(100, 5), (50, 4), (20, 3)], LEAST) == [True, True, True]
    assert parts_shown([(100, 5), (50, 4), (5, 3)], LEAST) == [True, False, False]
    assert parts_shown([(100, 5), (50, 4), (6, 3), (5, 3)], LEAST) == [True, True, False, False]
    assert parts_shown([(100, 5), (50, 2)], LEAST) == [False, False]
    assert parts_shown([(9, 5)], LEAST) == [False]
    assert parts_shown([], LEAST) == []
