"""Which blocks a group is: together just its cells, none twice, and one wherever one is enough."""

from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from resolvers.selection import cover
from sql.rows import CellRow

KINDS, PRODUCTS = ("BANK", "INSURANCE", "MICROLOAN"), ("CARD", "CASH", "HOUSE")


@st.composite
def markets(draw: st.DrawFn) -> list[CellRow]:
    """Draw a market: institutions of kinds, each with some products."""
    numbers = count(1)
    blocks: dict[tuple[object, ...], int] = {}
    cells = []
    for institution in range(1, draw(st.integers(1, 6)) + 1):
        kind = draw(st.sampled_from(KINDS))
        for product in sorted(draw(st.sets(st.sampled_from(PRODUCTS), min_size=1))):
            names = [
                (who, what) for who in (None, ("kind", kind), ("institution", institution)) for what in (None, product)
            ]
            of_cell = sorted(blocks.setdefault(name, len(blocks) + 1) for name in names)
            cells.append(CellRow(next(numbers), institution, f"I{institution}", kind, product, of_cell))
    return cells


@settings(derandomize=True, database=None)
@given(st.data())
def test_cover_of_any_cells_is_blocks_that_are_just_these_once_each(data: st.DataObject) -> None:
    market = data.draw(markets())
    chosen = data.draw(st.lists(st.sampled_from(market), unique_by=lambda cell: cell.id))

    found = cover(chosen, market)

    covered = [cell.id for block in found for cell in market if block in cell.blocks]
    assert sorted(covered) == sorted(cell.id for cell in chosen)


@settings(derandomize=True, database=None)
@given(st.data())
def test_cover_of_a_block_is_one_block(data: st.DataObject) -> None:
    market = data.draw(markets())
    block = data.draw(st.sampled_from([block for cell in market for block in cell.blocks]))
    cells = [cell for cell in market if block in cell.blocks]

    [found] = cover(cells, market)

    assert [cell for cell in market if found in cell.blocks] == cells


def test_cover_of_the_whole_market_is_the_block_that_is_everything() -> None:
    market = [CellRow(1, 1, "I1", "BANK", "CASH", [1, 2, 3, 4, 5, 6])]

    assert cover(market, market) == (1,)
    assert cover([], market) == ()
