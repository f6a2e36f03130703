"""Leaves by the column: scalars and enums of one field, of all objects of a level, as an answer carries them."""

from collections.abc import Sequence
from datetime import date
from enum import Enum
from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLNamedType,
    GraphQLString,
)
from graphql.execution import Executor
from graphql.type import GRAPHQL_MAX_INT, GRAPHQL_MIN_INT

from graph.types.scalars import LARGEST, exact

# What these scalars return as it came, where it is of this very type.
UNCHANGED: dict[GraphQLNamedType, type] = {GraphQLString: str, GraphQLID: str, GraphQLBoolean: bool}

# How values were written that are written alike each time, by their leaf's name and id; no more of one than this.
WRITTEN: dict[tuple[str, int], dict[Any, Any]] = {}
MOST = 10_000


def unchanged(leaf: GraphQLLeafType, values: list[Any]) -> list[Any] | None:
    """Return the column itself where the answer carries every value as it is, else None."""
    of_all = type(values[0]) if values else None
    if len(values) > 1 and len(set(map(type, values))) > 1:
        return None
    if of_all is int:
        return values if _within(leaf, values) else None
    return values if of_all is not None and UNCHANGED.get(leaf) is of_all else None


def completed(leaf: GraphQLLeafType, values: Sequence[Any]) -> list[Any]:
    """Return the column as ``complete_leaf_value`` would, value by value; raises what that raises for any of them."""
    same = unchanged(leaf, list(values))
    if same is not None:
        return same
    if not all(map(_written_alike, set(map(type, values)), [leaf] * len(values))):
        return [Executor.complete_leaf_value(leaf, value) for value in values]
    written = WRITTEN.setdefault((leaf.name, id(leaf)), {})
    try:
        return [written[value] for value in values]
    except KeyError:
        new = {value: Executor.complete_leaf_value(leaf, value) for value in set(values)}
        if len(written) + len(new) > MOST:
            written.clear()
        written.update(new)
        return [new[value] for value in values]


def _written_alike(kind: type, leaf: GraphQLLeafType) -> bool:
    """Tell whether equal values of a type are written alike, and are few, as days and members of enums are."""
    return kind is date or issubclass(kind, Enum) or (kind is str and isinstance(leaf, GraphQLEnumType))


def _within(leaf: GraphQLLeafType, values: Sequence[int]) -> bool:
    if leaf is GraphQLInt:
        return min(values) >= GRAPHQL_MIN_INT and max(values) <= GRAPHQL_MAX_INT
    if getattr(leaf, "coerce_output_value", None) is exact:
        return min(values) >= -LARGEST and max(values) <= LARGEST
    return False
