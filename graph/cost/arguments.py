"""Arguments as a document writes them: values where it writes them out, else what reads them from the variables."""

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Any, NamedTuple

from graphql import (
    FieldNode,
    GraphQLField,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    Undefined,
    ValueNode,
    VariableNode,
    value_from_ast_untyped,
)

from graph.cost.sizes import Asked, Size


class Fixed(NamedTuple):
    """A value that no variable changes; None where nothing is given."""

    value: Any


Given = Fixed | Callable[[Asked], Any]
NOTHING = Fixed(None)


def defaults(operation: OperationDefinitionNode) -> Mapping[str, Any]:
    """Return the values that variables have where none is sent."""
    return {
        one.variable.name.value: value_from_ast_untyped(one.default_value)
        for one in operation.variable_definitions or ()
        if one.default_value is not None
    }


def given(node: FieldNode, field: GraphQLField, known: Mapping[str, Any]) -> dict[str, Given]:
    """Return a field's arguments by name, those with a default always; ``known`` are the defaults of variables."""
    written = {one.name.value: one.value for one in node.arguments or ()}
    found: dict[str, Given] = {}
    for name, argument in field.args.items():
        default = None if argument.default_value is Undefined else argument.default_value
        if isinstance(default, Enum):
            default = default.name
        found[name] = _read(written[name], known, default) if name in written else Fixed(default)
    return found


def applied(function: Callable[..., int], *values: Given) -> Size:
    """Return what a function of values gives; it is asked each time where one of them is a variable's."""
    fixed = [one.value for one in values if isinstance(one, Fixed)]
    if len(fixed) == len(values):
        return function(*fixed)
    readers = [_reader(one) for one in values]
    if len(readers) == 1:
        one = readers[0]
        return lambda now: function(one(now))
    return lambda now: function(*[one(now) for one in readers])


def _reader(one: Given) -> Callable[[Asked], Any]:
    if isinstance(one, Fixed):
        value = one.value
        return lambda _: value
    return one


def _read(node: ValueNode, known: Mapping[str, Any], default: Any = None) -> Given:
    if isinstance(node, VariableNode):
        name = node.name.value
        otherwise = known.get(name, default)
        return lambda now: now.variables.get(name, otherwise)
    if isinstance(node, ObjectValueNode):
        members = {one.name.value: _read(one.value, known) for one in node.fields}
        if not _fixed(list(members.values())):
            readers = {name: _reader(one) for name, one in members.items()}
            return lambda now: {name: read(now) for name, read in readers.items()}
    elif isinstance(node, ListValueNode):
        values = [_read(one, known) for one in node.values]
        if not _fixed(values):
            inner = [_reader(one) for one in values]
            return lambda now: [read(now) for read in inner]
    return Fixed(value_from_ast_untyped(node))


def _fixed(values: Sequence[Given]) -> bool:
    return all(isinstance(one, Fixed) for one in values)
