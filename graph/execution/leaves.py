"""Leaves by the column: scalars and enums of one field, of all objects of a level, as an answer carries them."""

from collections.abc import Sequence
from datetime import date
from enum import Enum
from typing import Any

from graphql import GraphQLBoolean, GraphQLID, GraphQLInt, GraphQLLeafType, GraphQLNamedType, GraphQLString
from graphql.execution import Executor
from graphql.type import GRAPHQL_MAX_INT, GRAPHQL_MIN_INT

from graph.types.scalars import LARGEST, exact

# What these scalars return as it came, where it is of this very type.
UNCHANGED: dict[GraphQLNamedType, type] = {GraphQLString: str, GraphQLID: str, GraphQLBoolean: bool}

WRITTEN_ALIKE = {date, str}


def unchanged(leaf: GraphQLLeafType, values: list[Any]) -> list[Any] | None:
    """Return the column itself where the answer carries every value as it is, else None."""
    types = set(map(type, values))
    of_all = types.pop() if len(types) == 1 else None
    if of_all is None:
        return None
    return values if UNCHANGED.get(leaf) is of_all or (of_all is int and _within(leaf, values)) else None


def completed(leaf: GraphQLLeafType, values: Sequence[Any]) -> list[Any]:
    """Return the column as ``complete_leaf_value`` would, value by value; raises what that raises for any of them."""
    same = unchanged(leaf, list(values))
    if same is not None:
        return same
    types = set(map(type, values))
    if len(types) == 1 and (types <= WRITTEN_ALIKE or issubclass(types.pop(), Enum)):
        # Equal values of such a type are written alike (datetimes are not), and a column has few that differ.
        written = {value: Executor.complete_leaf_value(leaf, value) for value in set(values)}
        return [written[value] for value in values]
    return [Executor.complete_leaf_value(leaf, value) for value in values]


def _within(leaf: GraphQLLeafType, values: Sequence[int]) -> bool:
    if leaf is GraphQLInt:
        return min(values) >= GRAPHQL_MIN_INT and max(values) <= GRAPHQL_MAX_INT
    if getattr(leaf, "coerce_output_value", None) is exact:
        return min(values) >= -LARGEST and max(values) <= LARGEST
    return False
