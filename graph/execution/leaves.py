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

BOUNDS: dict[GraphQLNamedType, tuple[int, int]] = {}

# How values were written that are written alike each time, by their leaf's name and id; no more of one than this.
WRITTEN: dict[tuple[str, int], dict[Any, Any]] = {}
MOST = 10_000


def unchanged(leaf: GraphQLLeafType, values: Sequence[Any]) -> bool:
    """Tell whether the answer carries every value of a column as it is."""
    if not values or (len(values) > 1 and len(set(map(type, values))) > 1):
        return False
    of_all = type(values[0])
    return _within(leaf, values) if of_all is int else UNCHANGED.get(leaf) is of_all


def completed(leaf: GraphQLLeafType, values: Sequence[Any]) -> list[Any]:
    """Return the column as ``complete_leaf_value`` would, value by value; raises what that raises for any of them."""
    if unchanged(leaf, values):
        return list(values)
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
    bounds = BOUNDS.get(leaf)
    if bounds is None:
        bounds = BOUNDS[leaf] = _bounds(leaf)
    least, most = bounds
    return (least <= values[0] <= most) if len(values) == 1 else (min(values) >= least and max(values) <= most)


def _bounds(leaf: GraphQLLeafType) -> tuple[int, int]:
    """Return between which numbers a leaf gives whole ones as they came; for one that gives none so, no number is."""
    if leaf is GraphQLInt:
        return GRAPHQL_MIN_INT, GRAPHQL_MAX_INT
    return (-LARGEST, LARGEST) if getattr(leaf, "coerce_output_value", None) is exact else (1, 0)
