"""Slots: every key gets an answer, in its own place, whatever rows came."""

from hypothesis import given, settings
from hypothesis import strategies as st

from resolvers.slots import many_a_slot, one_a_slot
from sql.rows import HorizonRow, TotalRow

FIXED = settings(deadline=None, derandomize=True, database=None)


def row(slot: int, number: int = 0) -> TotalRow:
    return TotalRow(slot, number)


def test_one_a_slot_without_a_row_is_none() -> None:
    assert one_a_slot([row(2, 7)], 3) == [None, row(2, 7), None]


def test_one_a_slot_without_rows_or_slots_is_empty() -> None:
    assert one_a_slot([], 2) == [None, None]
    assert one_a_slot([], 0) == []


def test_many_a_slot_keep_the_order_in_which_they_came() -> None:
    rows = [row(3, 2), row(1, 9), row(3, 1)]

    assert many_a_slot(rows, 3) == [[row(1, 9)], [], [row(3, 2), row(3, 1)]]


def test_slots_without_rows_have_lists_of_their_own() -> None:
    first, second = many_a_slot(list[HorizonRow](), 2)

    assert first == second == []
    assert first is not second


@FIXED
@given(st.lists(st.integers(1, 20)), st.integers(20, 30))
def test_many_a_slot_hold_every_row_once(slots: list[int], wide: int) -> None:
    rows = [row(slot, number) for number, slot in enumerate(slots)]

    found = many_a_slot(rows, wide)

    assert len(found) == wide
    assert sorted((one for slot in found for one in slot), key=lambda one: one.total) == rows
    assert all(one.slot == place for place, slot in enumerate(found, 1) for one in slot)
