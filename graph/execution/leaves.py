"""Leaves by the column: scalars and enums of one field, of all objects of a level, as an answer carries them."""

from collections.abc import Sequence
from datetime import date
from enum import Enum
from itertools import chain
from typing import Any, NamedTuple

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
SAME: dict[GraphQLNamedType, type] = {GraphQLString: str, GraphQLID: str, GraphQLBoolean: bool}

# No more values of a leaf than this are kept as they were written.
MOST = 10_000


class Leaf(NamedTuple):
    """A scalar or an enum, and which values its answers carry as they come.

    These are values of the very type ``same``, and whole numbers from ``least`` to ``most``; ``written`` keeps how
    others were written that are written alike each time.
    """

    kind: GraphQLLeafType
    same: type | None
    least: int
    most: int
    written: dict[Any, Any]


# By the type's id; each is kept here, so that no other gets its id.
KNOWN: dict[int, Leaf] = {}


def known(kind: GraphQLLeafType) -> Leaf:
    """Return what is known of a leaf."""
    found = KNOWN.get(id(kind))
    if found is None:
        least, most = _bounds(kind)
        found = KNOWN[id(kind)] = Leaf(kind, SAME.get(kind), least, most, {})
    return found


def number(leaf: Leaf | None) -> bool:
    """Tell whether answers carry every whole number of GraphQL's own type as it comes."""
    return leaf is not None and leaf.least <= GRAPHQL_MIN_INT and leaf.most >= GRAPHQL_MAX_INT


def small(columns: Sequence[Sequence[Any]]) -> bool:
    """Tell whether columns have nothing but such numbers."""
    values = list(chain.from_iterable(columns))
    if not values:
        return True
    return set(map(type, values)) == {int} and min(values) >= GRAPHQL_MIN_INT and max(values) <= GRAPHQL_MAX_INT


def completed(leaf: Leaf, values: Sequence[Any], kinds: set[type]) -> Sequence[Any]:
    """Return the column as ``complete_leaf_value`` would, value by value; raises what that raises for any of them.

    ``kinds`` are the values' types. It is ``values`` itself where the answer carries all of them as they are.
    """
    if len(kinds) == 1:
        (only,) = kinds
        if only is leaf.same or (only is int and min(values) >= leaf.least and max(values) <= leaf.most):
            return values
    kind = leaf.kind
    if not all(_written_alike(each, kind) for each in kinds):
        return [Executor.complete_leaf_value(kind, value) for value in values]
    written = leaf.written
    try:
        return [written[value] for value in values]
    except KeyError:
        new = {value: Executor.complete_leaf_value(kind, value) for value in set(values)}
        if len(written) + len(new) > MOST:
            written.clear()
        written.update(new)
        return [new[value] for value in values]


def _written_alike(kind: type, leaf: GraphQLLeafType) -> bool:
    """Tell whether equal values of a type are written alike, and are few, as days and members of enums are."""
    return kind is date or issubclass(kind, Enum) or (kind is str and isinstance(leaf, GraphQLEnumType))


def _bounds(leaf: GraphQLLeafType) -> tuple[int, int]:
    """Return between which numbers a leaf gives whole ones as they came; for one that gives none so, no number is."""
    if leaf is GraphQLInt:
        return GRAPHQL_MIN_INT, GRAPHQL_MAX_INT
    return (-LARGEST, LARGEST) if getattr(leaf, "coerce_output_value", None) is exact else (1, 0)
