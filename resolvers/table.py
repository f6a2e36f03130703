"""Tables: rows of one shape held by the column, for answers that are written by the column."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate, chain, pairwise, starmap
from typing import Any, Generic, NamedTuple, TypeVar, overload

Row = TypeVar("Row", bound=NamedTuple)
Held = TypeVar("Held")

Column = Sequence[Any] | Callable[[], Sequence[Any]] | None


class Columns(Generic[Held]):
    """Rows of one shape that are held by the column, and made where somebody asks for them.

    The columns named in ``counts`` have nothing but whole numbers of 32 bits.
    """

    __slots__ = ()
    counts: frozenset[str] = frozenset()

    def column(self, name: str) -> Sequence[Any]:
        """Return a column's values, row by row."""
        raise NotImplementedError

    def __len__(self) -> int:
        """Return how many rows there are."""
        raise NotImplementedError

    def __iter__(self) -> Iterator[Held]:
        """Give each row."""
        raise NotImplementedError


class Table(Sequence[Row], Generic[Row]):
    """So many ``rows`` of a type, each made when it is asked for.

    A column that is left out, or None, is None throughout; one that is a function is made when it is first asked for.
    """

    __slots__ = ("_columns", "_row", "_rows")

    def __init__(self, row: type[Row], rows: int, columns: Mapping[str, Column]) -> None:
        self._row, self._rows, self._columns = row, rows, dict(columns)

    @classmethod
    def of(cls, row: type[Row], rows: Sequence[Row]) -> "Table[Row]":
        """Return a table of rows."""
        return cls(row, len(rows), dict(zip(row._fields, zip(*rows, strict=True), strict=True)) if rows else {})

    def column(self, name: str) -> Sequence[Any]:
        """Return a column's values, row by row."""
        found = self._columns.get(name)
        if callable(found):
            found = self._columns[name] = found()
        return [None] * self._rows if found is None else found

    def beside(self, name: str, values: Sequence[Any]) -> "Table[Row]":
        """Return the table with another column, a value a row."""
        return Table(self._row, self._rows, {**self._columns, name: values})

    def part(self, start: int, stop: int) -> "Table[Row]":
        """Return the rows from one place up to another."""
        columns = {name: self.column(name)[start:stop] for name, column in self._columns.items() if column is not None}
        return Table(self._row, stop - start, columns)

    def __len__(self) -> int:
        """Return how many rows there are."""
        return self._rows

    def __iter__(self) -> Iterator[Row]:
        """Give each row."""
        return map(self._row._make, zip(*map(self.column, self._row._fields), strict=True))

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> list[Row]: ...
    def __getitem__(self, place: int | slice) -> Row | list[Row]:
        """Return a row, or a list of them."""
        if isinstance(place, slice):
            return list(self)[place]
        return self._row._make(self.column(name)[place] for name in self._row._fields)


class Lists(Sequence[Table[Row]], Generic[Row]):
    """Lists of ``rows``, one after the other, of so many ``lengths``; each is made when it is asked for."""

    __slots__ = ("lengths", "rows")

    def __init__(self, rows: Table[Row], lengths: Sequence[int]) -> None:
        self.rows, self.lengths = rows, lengths

    def beside(self, name: str, lists: Sequence[Sequence[Any]]) -> "Lists[Row]":
        """Return them with another column; ValueError where that has not a value a row."""
        if list(map(len, lists)) != list(self.lengths):
            raise ValueError(f"{sum(map(len, lists))} values of {name} for {len(self.rows)} rows, or in other lists")
        return Lists(self.rows.beside(name, list(chain.from_iterable(lists))), self.lengths)

    def __len__(self) -> int:
        """Return how many lists there are."""
        return len(self.lengths)

    def __iter__(self) -> Iterator[Table[Row]]:
        """Give each list."""
        return starmap(self.rows.part, pairwise(accumulate(self.lengths, initial=0)))

    @overload
    def __getitem__(self, place: int) -> Table[Row]: ...
    @overload
    def __getitem__(self, place: slice) -> list[Table[Row]]: ...
    def __getitem__(self, place: int | slice) -> Table[Row] | list[Table[Row]]:
        """Return a list, or several."""
        return list(self)[place]


class Joined(Columns[Any]):
    """Tables one after the other, by the column."""

    __slots__ = ("_rows", "_tables")

    def __init__(self, tables: Sequence[Table[Any]]) -> None:
        self._tables = tables
        self._rows = sum(map(len, tables))

    def __len__(self) -> int:
        """Return how many rows there are."""
        return self._rows

    def __iter__(self) -> Iterator[Any]:
        """Give each row."""
        return chain.from_iterable(self._tables)

    def column(self, name: str) -> Sequence[Any]:
        """Return a column of all tables."""
        if len(self._tables) == 1:
            return self._tables[0].column(name)
        return list(chain.from_iterable([table.column(name) for table in self._tables]))
