"""Which argument an error blames, and what that argument allows: for errors found before any field ran."""

import re
from collections.abc import Iterator, Mapping

from graphql import (
    ArgumentNode,
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLNamedType,
    ListValueNode,
    Node,
    ObjectFieldNode,
    ObjectValueNode,
    ValueNode,
    Visitor,
    parse,
    visit,
)

VARIABLE = re.compile(r"Variable '(?P<name>\$\w+)' has invalid value(?: at (?P<path>[.\[][^:]*))?: ")
NAMED = re.compile(r"'(?P<enum>\w+)' enum|OneOf Input Object '(?P<input>\w+)'")

UNKNOWN = re.compile(r"Value '(?P<got>\w+)' does not exist in '\w+' enum")
QUOTED = re.compile(r"(found:?|value:) .*", re.DOTALL)

Types = Mapping[str, GraphQLNamedType]

# An error costs one more reading of its document: longer ones go without, lest errors become a way to keep us busy.
LONGEST = 10_000


def blames_value(error: GraphQLError) -> bool:
    """Tell whether a validation error blames a value that was written in the document."""
    return error.nodes is not None and isinstance(error.nodes[0], ValueNode | ObjectFieldNode)


def argument(error: GraphQLError) -> str:
    """Return the blamed argument's path: ``window.last``, or ``$window.last`` in a variable; empty where unknown."""
    variable = VARIABLE.match(error.message)
    if variable:
        return f"{variable['name']}{variable['path'] or ''}"
    node = error.nodes[0] if error.nodes else None
    source = node.loc.source.body if node is not None and node.loc is not None else ""
    if node is None or not source or len(source) > LONGEST:
        return ""
    return next((path for path in _paths(source, node)), "")


def shown(message: str, path: str) -> str:
    """Return the message without the value that it quotes, unless its path says that this is no identity number."""
    return message if path and "document" not in path else QUOTED.sub(r"\1 (not shown)", message)


def got(error: GraphQLError) -> str:
    """Return the name that was taken for a value of an enum; empty for other errors."""
    unknown = UNKNOWN.search(error.message)
    return unknown["got"] if unknown else ""


def allowed(error: GraphQLError, types: Types) -> str:
    """Return what a value of the blamed enum or one-of input may be; empty for other errors."""
    named = NAMED.search(error.message)
    kind = types.get(named["enum"] or named["input"]) if named else None
    if isinstance(kind, GraphQLEnumType):
        return ", ".join(kind.values)
    if isinstance(kind, GraphQLInputObjectType):
        return f"exactly one of {', '.join(kind.fields)}"
    return ""


def _paths(source: str, node: Node) -> Iterator[str]:
    arguments: list[ArgumentNode] = []

    class Collector(Visitor):
        def enter_argument(self, argument: ArgumentNode, *_: object) -> None:
            arguments.append(argument)

    visit(parse(source), Collector())
    for found in arguments:
        trail = "" if _same(found, node) else _trail(found.value, node)
        if trail is not None:
            yield found.name.value + trail


def _trail(value: ValueNode, node: Node) -> str | None:
    if _same(value, node):
        return ""
    parts: list[tuple[str, Node, ValueNode]] = []
    if isinstance(value, ObjectValueNode):
        parts = [(f".{field.name.value}", field, field.value) for field in value.fields]
    elif isinstance(value, ListValueNode):
        parts = [(f"[{place}]", item, item) for place, item in enumerate(value.values)]
    for step, whole, inner in parts:
        trail = "" if _same(whole, node) else _trail(inner, node)
        if trail is not None:
            return step + trail
    return None


def _same(one: Node, other: Node) -> bool:
    return (
        one.kind == other.kind
        and one.loc is not None
        and other.loc is not None
        and (one.loc.start, one.loc.end) == (other.loc.start, other.loc.end)
    )
