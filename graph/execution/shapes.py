"""Shapes: types as values are completed by them, taken apart once."""

from typing import Any, NamedTuple

from graphql import GraphQLList, GraphQLNonNull, GraphQLObjectType, is_leaf_type, is_object_type
from strawberry.schema.schema_converter import GraphQLCoreConverter

from graph.execution.leaves import Leaf, known

KEPT = GraphQLCoreConverter.DEFINITION_BACKREF


class Shape(NamedTuple):
    """Whether null is allowed, and one of: a leaf, a list's items, a type of objects; none of an abstract type.

    Objects of the class ``only`` are of the type; where it is None, any are.
    """

    nullable: bool
    leaf: Leaf | None = None
    items: "Shape | None" = None
    kind: GraphQLObjectType | None = None
    only: type | None = None


def shape(kind: Any) -> Shape:
    """Return a type's shape."""
    nullable = not isinstance(kind, GraphQLNonNull)
    if not nullable:
        kind = kind.of_type
    if is_leaf_type(kind):
        return Shape(nullable, leaf=known(kind))
    if isinstance(kind, GraphQLList):
        return Shape(nullable, items=shape(kind.of_type))
    if not is_object_type(kind):
        return Shape(nullable)
    return Shape(nullable, kind=kind, only=only(kind))


def only(kind: GraphQLObjectType) -> type | None:
    """Return the class whose objects alone are of a type; None where any are."""
    ours = kind.extensions.get(KEPT)
    return ours.origin if ours and kind.is_type_of else None
