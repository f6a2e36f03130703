"""Variables coerced by a way that is found once for their type; what is odd is left to graphql-core, which says why."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from graphql import (
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    GraphQLString,
    OperationDefinitionNode,
    Undefined,
    is_required_input_field,
)
from graphql.execution.get_variable_signature import GraphQLVariableSignature, get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource
from graphql.utilities import coerce_input_value

Coerce = Callable[[Any], Any]


class Odd(Exception):
    """A value that graphql-core must look at: it is wrong, or of a kind that is not known here."""


class Variable(NamedTuple):
    """A variable of an operation, and what coerces it; one that may be ``left_out`` has no value then."""

    signature: GraphQLVariableSignature
    coerce: Coerce
    left_out: bool


def variables_of(schema: GraphQLSchema, operation: OperationDefinitionNode) -> tuple[Variable, ...] | None:
    """Return an operation's variables; None where graphql-core finds fault with one."""
    found = []
    for node in operation.variable_definitions or ():
        signature = get_variable_signature(schema, node)
        if isinstance(signature, GraphQLError):
            return None
        nullable = not isinstance(signature.type, GraphQLNonNull)
        found.append(Variable(signature, _coercer(signature.type), nullable and node.default_value is None))
    return tuple(found)


def coerced(variables: Sequence[Variable], given: Mapping[str, Any]) -> VariableValues:
    """Return the values of variables as ``get_variable_values`` does; Odd where that is to be asked."""
    sources: dict[str, VariableValueSource] = {}
    values: dict[str, Any] = {}
    for signature, coerce, left_out in variables:
        name = signature.name
        value = given.get(name, Undefined)
        if value is not Undefined:
            values[name] = coerce(value)
        elif not left_out:
            raise Odd
        sources[name] = VariableValueSource(signature, value)
    return VariableValues(sources, values)


def _coercer(kind: Any) -> Coerce:
    if isinstance(kind, GraphQLNonNull):
        return _present(_coercer(kind.of_type))
    if isinstance(kind, GraphQLList):
        return _list(_coercer(kind.of_type))
    if isinstance(kind, GraphQLInputObjectType):
        return _one_of(kind) if kind.is_one_of else _object(kind)
    return _leaf(kind)


def _present(coerce: Coerce) -> Coerce:
    def present(value: Any) -> Any:
        if value is None:
            raise Odd
        return coerce(value)

    return present


def _list(coerce: Coerce) -> Coerce:
    def every(value: Any) -> Any:
        if value is None:
            return None
        if type(value) is not list:
            raise Odd
        return [coerce(one) for one in value]

    return every


def _leaf(kind: Any) -> Coerce:
    def leaf(value: Any) -> Any:
        if value is None or (kind is GraphQLString and type(value) is str):
            return value
        found = coerce_input_value(value, kind)
        if found is Undefined:
            raise Odd
        return found

    return leaf


def _object(kind: GraphQLInputObjectType) -> Coerce:
    fields: dict[str, tuple[str, Coerce]] = {}
    odd_without = {name for name, one in kind.fields.items() if is_required_input_field(one) or _has_default(one)}

    def one(value: Any) -> Any:
        if value is None:
            return None
        _find(kind, fields)  # not before the first value: an input may have itself inside
        if type(value) is not dict or not odd_without <= value.keys() <= fields.keys():
            raise Odd
        # In the type's order, as graphql-core has it.
        return kind.out_type({out: coerce(value[name]) for name, (out, coerce) in fields.items() if name in value})

    return one


def _one_of(kind: GraphQLInputObjectType) -> Coerce:
    fields: dict[str, tuple[str, Coerce]] = {}

    def one(value: Any) -> Any:
        if value is None:
            return None
        _find(kind, fields)
        if type(value) is not dict or len(value) != 1:
            raise Odd
        ((name, given),) = value.items()
        if given is None or name not in fields:
            raise Odd
        out, coerce = fields[name]
        return kind.out_type({out: coerce(given)})

    return one


def _find(kind: GraphQLInputObjectType, fields: dict[str, tuple[str, Coerce]]) -> None:
    if not fields:
        fields.update({name: (field.out_name or name, _coercer(field.type)) for name, field in kind.fields.items()})


def _has_default(field: Any) -> bool:
    return field.default_value is not Undefined or getattr(field, "default", None) is not None
