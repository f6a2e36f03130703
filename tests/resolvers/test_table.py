"""Tables: whatever rows they hold, they are a sequence of these rows, and their columns are the rows' own."""

from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resolvers.table import Joined, Lists, Table

FIXED = settings(deadline=None, derandomize=True, database=None)


class Point(NamedTuple):
    x: int
    y: int | None


POINTS = st.lists(st.builds(Point, st.integers(), st.none() | st.integers()))


@FIXED
@given(rows=POINTS, start=st.none() | st.integers(), stop=st.none() | st.integers())
def test_table_of_any_rows_is_the_sequence_of_them(rows: list[Point], start: int | None, stop: int | None) -> None:
    table = Table.of(Point, rows)

    assert (len(table), list(table), list(reversed(table))) == (len(rows), rows, rows[::-1])
    assert table[start:stop] == rows[start:stop]
    assert all(table[at] == rows[at] for at in range(-len(rows), len(rows)))
    assert all(point in table for point in rows)


@FIXED
@given(parts=st.lists(POINTS))
def test_tables_joined_have_the_columns_of_all_their_rows(parts: list[list[Point]]) -> None:
    joined = Joined([Table.of(Point, rows) for rows in parts])
    rows = [row for part in parts for row in part]

    assert (len(joined), list(joined)) == (len(rows), rows)
    assert list(joined.column("x")) == [row.x for row in rows]
    assert list(joined.column("y")) == [row.y for row in rows]


def test_table_without_a_column_has_null_in_it() -> None:
    table = Table(Point, 2, {"x": (1, 2)})

    assert list(table) == [Point(1, None), Point(2, None)]
    assert table[1] == Point(2, None)


@FIXED
@given(parts=st.lists(POINTS), start=st.none() | st.integers(), stop=st.none() | st.integers())
def test_lists_of_one_table_are_the_lists_of_its_rows(
    parts: list[list[Point]], start: int | None, stop: int | None
) -> None:
    table = Table.of(Point, [row for part in parts for row in part])
    lists = Lists(table, list(map(len, parts)))

    assert (len(lists), list(map(list, lists))) == (len(parts), parts)
    assert list(map(list, lists[start:stop])) == parts[start:stop]
    assert all(list(lists[at]) == parts[at] for at in range(-len(parts), len(parts)))


@pytest.mark.parametrize("values", [[], [[7]], [[7], [8]], [[7, 8, 9], []], [[], [7, 8]], [[7, 8]]])
def test_column_beside_lists_that_has_not_a_value_a_row_is_refused(values: list[list[int]]) -> None:
    lists = Lists(Table(Point, 2, {"x": (1, 2)}), [2, 0])

    assert list(map(list, lists.beside("y", [[7, None], []]))) == [[Point(1, 7), Point(2, None)], []]
    with pytest.raises(ValueError, match="of y for 2 rows"):
        lists.beside("y", values)
