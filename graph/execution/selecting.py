"""What a document may select under a field, told before anything is read: a name too many costs a read, no more."""

from collections.abc import Iterator
from typing import Any, NamedTuple, cast

from graphql import GraphQLResolveInfo, ListValueNode, ObjectValueNode, StringValueNode, ValueNode, VariableNode
from graphql.language import FieldNode, Node
from strawberry.types.info import Info

KEPT = "below"


class Below(NamedTuple):
    """The names of the fields that stand under a field of the document, and these fields themselves.

    ``known`` keeps what else follows from the document alone, as long as the document is kept.
    """

    names: frozenset[str]
    fields: tuple[FieldNode, ...]
    known: dict[object, Any]


def below(info: Info[Any, Any]) -> Below:
    """Return what the document has anywhere under the field that ``info`` is about, whatever directives say."""
    raw = info._raw_info  # noqa: SLF001 - Strawberry's own selected_fields reads directives and arguments too
    found = [_below(node, raw) for node in raw.field_nodes]
    if len(found) == 1:
        return found[0]
    return Below(
        frozenset().union(*(one.names for one in found)), tuple(each for one in found for each in one.fields), {}
    )


def names(info: Info[Any, Any], *fields: str) -> bool:
    """Tell whether the document has a field of one of these names anywhere under the one that ``info`` is about."""
    return not below(info).names.isdisjoint(fields)


def sole(info: Info[Any, Any]) -> bool:
    """Tell whether the field that ``info`` is about is all that its operation asks of the root."""
    selections = info._raw_info.operation.selection_set.selections  # noqa: SLF001 - as above
    return len(selections) == 1 and isinstance(selections[0], FieldNode)


def argument(field: FieldNode, name: str, info: Info[Any, Any]) -> object:
    """Return an argument as the document has it: variables coerced, texts as they stand; None for anything else."""
    variables = cast("dict[str, Any]", info._raw_info.variable_values)  # noqa: SLF001 - Strawberry gives the coerced
    return next((_value(one.value, variables) for one in field.arguments or () if one.name.value == name), None)


def variable(field: FieldNode) -> bool:
    """Tell whether an argument of a field has a variable in it."""
    return any(_variable(one.value) for one in field.arguments or ())


def _variable(node: ValueNode) -> bool:
    if isinstance(node, ListValueNode):
        return any(map(_variable, node.values))
    if isinstance(node, ObjectValueNode):
        return any(_variable(field.value) for field in node.fields)
    return isinstance(node, VariableNode)


def _value(node: ValueNode, variables: dict[str, Any]) -> object:
    if isinstance(node, VariableNode):
        return variables.get(node.name.value)
    if isinstance(node, ObjectValueNode):
        return {field.name.value: _value(field.value, variables) for field in node.fields}
    return node.value if isinstance(node, StringValueNode) else None


def _below(node: FieldNode, info: GraphQLResolveInfo[Any]) -> Below:
    kept: Below | None = vars(node).get(KEPT)
    if kept is None:
        fields = tuple(_fields(node, info, set()))
        # Past the frozen dataclass, as a document's plans are kept: who drops the document drops this.
        kept = vars(node)[KEPT] = Below(frozenset(field.name.value for field in fields), fields, {})
    return kept


def _fields(node: Node, info: GraphQLResolveInfo[Any], seen: set[str]) -> Iterator[FieldNode]:
    selections = getattr(node, "selection_set", None)
    for one in selections.selections if selections else ():
        if isinstance(one, FieldNode):
            yield one
            yield from _fields(one, info, seen)
        elif getattr(one, "selection_set", None) is not None:
            yield from _fields(one, info, seen)
        elif one.name.value not in seen:
            seen.add(one.name.value)
            fragment = info.fragments.get(one.name.value)
            if fragment is not None:
                yield from _fields(getattr(fragment, "definition", fragment), info, seen)
