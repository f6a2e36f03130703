"""An operation's cost: every value that its answer could have, and what is read for it besides."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLAbstractType,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_list_type,
    is_object_type,
)

from graph.cost.arguments import defaults, given
from graph.cost.sizes import Size, greatest, times, total
from graph.cost.table import LISTS, READS, TELLS, Place
from graph.limits import LARGEST_PAGE, Limits

# What introspection's own fields need no table for.
NONE: Mapping[str, Any] = {}


def costs(schema: GraphQLSchema, document: DocumentNode, limits: Limits) -> dict[str | None, Size]:
    """Return the cost of each operation of a valid document by its name, the first's under None too.

    The unit is one value: every member of every object of the answer, and every element of every list, each counted
    once; and every row that is read for a figure. Conditions of directives are taken to hold, pages to be full,
    borrowers to be known, and months to be reported.
    """
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    found: dict[str | None, Size] = {}
    for one in document.definitions:
        root = schema.get_root_type(one.operation) if isinstance(one, OperationDefinitionNode) else None
        if isinstance(one, OperationDefinitionNode) and root is not None:
            size = _Estimate(schema, fragments, limits, defaults(one)).selection(root, one.selection_set, {})
            found[one.name.value if one.name else None] = size
            found.setdefault(None, size)
    return found


class _Estimate:
    """Adds up one operation."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        limits: Limits,
        known: Mapping[str, Any],
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._limits = limits
        self._known = known
        self._introspected = introspected(schema)

    def selection(self, kind: GraphQLObjectType, selected: SelectionSetNode, above: Mapping[str, Size]) -> Size:
        """Return what a selection costs of one object."""
        return total([self._field(kind, node, above) for node in self._fields(kind, selected)])

    def _fields(self, kind: GraphQLObjectType, selected: SelectionSetNode) -> Iterator[FieldNode]:
        for one in selected.selections:
            if isinstance(one, FieldNode):
                yield one
            elif isinstance(one, InlineFragmentNode):
                if one.type_condition is None or self._applies(one.type_condition.name.value, kind):
                    yield from self._fields(kind, one.selection_set)
            elif isinstance(one, FragmentSpreadNode):
                fragment = self._fragments[one.name.value]
                if self._applies(fragment.type_condition.name.value, kind):
                    yield from self._fields(kind, fragment.selection_set)

    def _applies(self, condition: str, kind: GraphQLObjectType) -> bool:
        if condition == kind.name:
            return True
        other = self._schema.get_type(condition)
        return is_abstract_type(other) and self._schema.is_sub_type(other, kind)

    def _field(self, kind: GraphQLObjectType, node: FieldNode, above: Mapping[str, Size]) -> Size:
        name = node.name.value
        field = self._schema.get_field(kind, name)
        if field is None:
            return 1
        place = Place(given(node, field, self._known), above, self._limits)
        told = TELLS.get(kind.name, NONE).get(name)
        inner = {**above, **{what: rule(place) for what, rule in told.items()}} if told else above
        below = self._below(field, node, inner)
        if is_list_type(get_nullable_type(field.type)):
            below = times(self._elements(kind, name, place), total([1, below]))
        reads = READS.get(kind.name, NONE).get(name)
        return total([1, below, *([reads(place)] if reads else ())])

    def _elements(self, kind: GraphQLObjectType, name: str, place: Place) -> Size:
        if kind.name.startswith("__"):
            return self._introspected.get(name, LARGEST_PAGE)
        rule = LISTS.get(kind.name, NONE).get(name)
        return rule(place) if rule else LARGEST_PAGE

    def _below(self, field: GraphQLField, node: FieldNode, above: Mapping[str, Size]) -> Size:
        kind = get_named_type(field.type)
        if node.selection_set is None:
            return 0
        if is_object_type(kind):
            return self.selection(kind, node.selection_set, above)
        return greatest(self._any_of(kind, node.selection_set, above))  # type: ignore[arg-type]

    def _any_of(
        self, kind: GraphQLAbstractType, selected: SelectionSetNode, above: Mapping[str, Size]
    ) -> Iterator[Size]:
        for possible in self._schema.get_possible_types(kind):
            yield self.selection(possible, selected, above)


@lru_cache(maxsize=8)
def introspected(schema: GraphQLSchema) -> Mapping[str, int]:
    """Return how long introspection's lists can be, by their fields' names."""
    kinds = list(schema.type_map.values())
    fielded = [one for one in kinds if isinstance(one, GraphQLObjectType | GraphQLInterfaceType)]
    fields = [field for one in fielded for field in one.fields.values()]
    inputs = [one for one in kinds if isinstance(one, GraphQLInputObjectType)]
    abstract = [one for one in kinds if is_abstract_type(one)]
    enums = [one for one in kinds if isinstance(one, GraphQLEnumType)]
    return {
        "types": len(kinds),
        "directives": len(schema.directives),
        "fields": max((len(one.fields) for one in fielded), default=0),
        "args": max(len(one.args) for one in (*fields, *schema.directives)),
        "inputFields": max((len(one.fields) for one in inputs), default=0),
        "enumValues": max((len(one.values) for one in enums), default=0),
        "interfaces": max((len(one.interfaces) for one in fielded), default=0),
        "possibleTypes": max((len(schema.get_possible_types(one)) for one in abstract), default=0),
        "locations": max(len(one.locations) for one in schema.directives),
    }
