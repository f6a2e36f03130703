"""Completing values by the column: nulls, errors in their places, lists, leaves; objects are the executor's."""

from collections.abc import Callable, Sequence
from itertools import chain, islice
from typing import Any, NamedTuple

from graphql import (
    GraphQLList,
    GraphQLNonNull,
    GraphQLOutputType,
    GraphQLResolveInfo,
    Undefined,
    is_leaf_type,
)
from graphql.pyutils import Path

from graph.execution import leaves
from graph.execution.levels import Unknown, present
from graph.execution.plans import Planning, Step
from resolvers.table import Table

NOTHING = type(None)


class Column(NamedTuple):
    """Values to complete: their type, the field that they answer, and what a type is resolved with."""

    kind: GraphQLOutputType
    step: Step
    info: Callable[[int], GraphQLResolveInfo[Any]]


class Completing(Planning):
    """An executor that completes all values of a field together."""

    async def complete(self, column: Column, values: Sequence[Any], path: Callable[[int], Path]) -> list[Any]:
        """Return the values as the answer carries them, after the specification's "Completing values"."""
        absent = [kind for kind in set(map(type, values)) if not present(kind)]
        if not absent:
            return await self._present(column, values, path)
        if absent == [NOTHING] and not isinstance(column.kind, GraphQLNonNull):
            there = [value for value in values if value is not None]
            found = iter(await self._present(column, there, lambda place: path(_nth(values, place))))
            return [None if value is None else next(found) for value in values]
        here = []
        for number, value in enumerate(values):
            if isinstance(value, Exception):
                self._fail(value, column, path(number))
            elif value is not None and value is not Undefined:
                here.append(number)
            elif isinstance(column.kind, GraphQLNonNull):
                raise Unknown
        completed: list[Any] = [None] * len(values)
        rest = await self._present(column, [values[number] for number in here], lambda place: path(here[place]))
        for number, value in zip(here, rest, strict=True):
            completed[number] = value
        return completed

    def _fail(self, error: Exception, column: Column, path: Path) -> None:
        if isinstance(column.kind, GraphQLNonNull):
            raise Unknown
        self.handle_field_error(error, column.kind, column.step.details, path)

    async def _present(self, column: Column, values: Sequence[Any], path: Callable[[int], Path]) -> list[Any]:
        if not values:
            return []
        kind: Any = column.kind
        if isinstance(kind, GraphQLNonNull):
            kind = kind.of_type
        if is_leaf_type(kind):
            try:
                return list(leaves.completed(leaves.known(kind), values, set(map(type, values))))
            except Exception:  # noqa: BLE001 - found again below, in its place
                return [self._leaf(column, kind, value, path(number)) for number, value in enumerate(values)]
        if isinstance(kind, GraphQLList):
            return await self._lists(column._replace(kind=kind.of_type), values, path)
        return await self.objects_of(kind, column, values, path)

    def _leaf(self, column: Column, kind: Any, value: object, path: Path) -> Any:
        try:
            return self.complete_leaf_value(kind, value)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this leaf's error
            self._fail(error, column, path)
            return None

    async def _lists(self, items: Column, values: Sequence[Any], path: Callable[[int], Path]) -> list[Any]:
        if not all(issubclass(kind, list | tuple | Table) for kind in set(map(type, values))):
            raise Unknown

        def item_path(number: int) -> Path:
            for place, value in enumerate(values):
                if number < len(value):
                    return path(place).add_key(number, None)
                number -= len(value)
            raise IndexError(number)

        completed = iter(await self.complete(items, list(chain.from_iterable(values)), item_path))
        return [list(islice(completed, len(value))) for value in values]

    async def objects_of(
        self, kind: Any, column: Column, values: Sequence[Any], path: Callable[[int], Path]
    ) -> list[Any]:
        """Return the answers of objects of a type, none of them null."""
        raise NotImplementedError


def _nth(values: Sequence[Any], place: int) -> int:
    """Return the number of the value at a place among those that are not null."""
    return [number for number, value in enumerate(values) if value is not None][place]
