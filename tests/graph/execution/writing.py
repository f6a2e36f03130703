"""Documents at random over a whole schema: every field, argument and type that it has, with all that GraphQL allows."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any, NamedTuple

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    Undefined,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
)

INTROSPECTION = (
    "__schema { queryType { name } types { name kind } }",
    '__type(name: "Loan") { name fields { name type { kind ofType { name } } } }',
    '__type(name: "Nobody") { name }',
)

Values = Mapping[str, Sequence[Any]]
Composite = GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType


class Document(NamedTuple):
    """What is sent: the text, and the variables' values."""

    text: str
    variables: dict[str, Any]


class Variable(NamedTuple):
    """A variable where a value stands."""

    name: str


class Name(NamedTuple):
    """A value of an enum."""

    text: str


class Writer:
    """Writes one document.

    ``values`` are what arguments, members of inputs and scalars are given, by the name of the argument or member, else
    by that of its type: good ones, and some that are refused.
    """

    def __init__(self, schema: GraphQLSchema, values: Values, random: Random, depth: int = 6) -> None:
        self._schema = schema
        self._values = values
        self._random = random
        self._depth = depth
        self._number = 0
        self._fragments: list[str] = []
        self._declared: list[str] = []
        self._variables: dict[str, Any] = {}

    def document(self) -> Document:
        """Return a document, with the fragments and variables that it came to use."""
        query = self._schema.query_type
        assert query is not None
        fields = [self._field(name, query.fields[name], self._depth) for name in self._some(query.fields, 3)]
        if self._chance(0.05):
            fields.insert(self._random.randrange(len(fields) + 1), self._random.choice(INTROSPECTION))
        selection = " ".join(self._dressed(query, field) for field in fields)
        declared = f"({', '.join(self._declared)})" if self._declared else ""
        return Document("\n".join([f"query Random{declared} {{ {selection} }}", *self._fragments]), self._variables)

    def _selection(self, kind: Composite, depth: int) -> str:
        parts = []
        if not isinstance(kind, GraphQLUnionType):
            names = [name for name in kind.fields if depth > 1 or is_leaf_type(get_named_type(kind.fields[name].type))]
            parts = [self._field(name, kind.fields[name], depth) for name in self._some(names, 5)]
        if isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
            types = self._schema.get_possible_types(kind)
            parts += [f"... on {one.name} {{ {self._selection(one, depth)} }}" for one in self._some(types, 2)]
        if self._chance(0.1) or not parts:
            parts.append("__typename" if self._chance(0.5) else f"{self._new('type')}: __typename")
        if self._chance(0.05):
            parts.append(self._random.choice(parts))
        return " ".join(self._dressed(kind, part) for part in parts)

    def _dressed(self, kind: Composite, part: str) -> str:
        """Return the part as it is, or in a fragment on its type or on one of its interfaces."""
        conditions = [kind.name, *(one.name for one in getattr(kind, "interfaces", ()))]
        # Only what the type itself has may stand under an interface's condition.
        condition = kind.name if self._chance(0.8) else self._random.choice(conditions)
        if condition != kind.name:
            part = f"... on {kind.name} {{ {part} }}"
        dice = self._random.random()
        if dice < 0.06:
            return f"... on {condition}{self._directives()} {{ {part} }}"
        if dice < 0.08:
            return f"...{self._directives()} {{ {part} }}"
        if dice < 0.12:
            name = self._new("Part")
            self._fragments.append(f"fragment {name} on {condition} {{ {part} }}")
            return " ".join([f"...{name}{self._directives()}"] * self._random.choice((1, 1, 2)))
        return part

    def _field(self, name: str, field: GraphQLField, depth: int) -> str:
        kind = get_named_type(field.type)
        arguments = self._arguments(field.args)
        alias = f"{self._new('a')}: " if arguments or self._chance(0.1) else ""
        nested = "" if is_leaf_type(kind) else f" {{ {self._selection(kind, depth - 1)} }}"  # type: ignore[arg-type]
        written = f"{alias}{name}{arguments}{self._directives()}{nested}"
        if self._chance(0.05):
            again = "" if is_leaf_type(kind) else f" {{ {self._selection(kind, depth - 1)} }}"  # type: ignore[arg-type]
            return f"{written} {alias}{name}{arguments}{again}"
        return written

    def _arguments(self, arguments: Mapping[str, GraphQLArgument]) -> str:
        given = [
            f"{name}: {self._written(self._value(name, argument.type, argument, 3))}"
            for name, argument in arguments.items()
            if is_required_argument(argument) or self._chance(0.4)
        ]
        return f"({', '.join(given)})" if given else ""

    def _value(self, name: str, kind: GraphQLInputType, place: GraphQLArgument | GraphQLInputField, depth: int) -> Any:
        """Return a value, or a variable that has one, or, where null is allowed, one that may have none."""
        if not self._chance(0.2):
            return self._plain(name, kind, depth)
        variable = self._new("v")
        default = ""
        plain = self._constant(self._plain(name, kind, 0))
        if not isinstance(kind, GraphQLNonNull) and self._chance(0.2):
            default = f" = {self._written(self._plain(name, kind, 0))}"
        if isinstance(kind, GraphQLNonNull) or self._chance(0.7):
            self._variables[variable] = plain
        if self._chance(0.01):
            self._variables[variable] = {"no": "such value"}
        if self._chance(0.01):
            self._variables.pop(variable, None)
        # A nullable variable may stand where a default waits for it.
        loose = isinstance(kind, GraphQLNonNull) and place.default_value is not Undefined and self._chance(0.5)
        declared = str(kind.of_type if loose and isinstance(kind, GraphQLNonNull) else kind)
        self._declared.append(f"${variable}: {declared}{default}")
        return Variable(variable)

    def _plain(self, name: str, kind: GraphQLInputType, depth: int) -> Any:
        """Return a value; below ``depth`` without variables in it, as a variable's own value must be."""
        kind = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
        if self._chance(0.01):
            return None
        if isinstance(kind, GraphQLList):
            one = self._chance(0.05)
            values = [self._plain(name, kind.of_type, depth) for _ in range(1 if one else self._random.randrange(4))]
            return values[0] if one else values
        if name in self._values:
            return self._random.choice(self._values[name])
        if isinstance(kind, GraphQLEnumType):
            return Name(self._random.choice(list(kind.values)))
        if isinstance(kind, GraphQLInputObjectType):
            return self._input(kind, depth)
        return self._random.choice(self._values[kind.name])

    def _input(self, kind: GraphQLInputObjectType, depth: int) -> dict[str, Any]:
        if kind.name in self._values and self._chance(0.9):
            return dict(self._random.choice(self._values[kind.name]))
        given: dict[str, Any] = {}
        for name in self._some(kind.fields, 1) if kind.is_one_of else kind.fields:
            field = kind.fields[name]
            if kind.is_one_of or depth < 1:
                given[name] = self._plain(name, field.type, depth - 1)
            elif is_required_input_field(field) or self._chance(0.4):
                given[name] = self._value(name, field.type, field, depth - 1)
        return given

    def _written(self, value: Any) -> str:
        if isinstance(value, Variable):
            return f"${value.name}"
        if isinstance(value, Name):
            return value.text
        if isinstance(value, dict):
            return f"{{{', '.join(f'{name}: {self._written(inner)}' for name, inner in value.items())}}}"
        if isinstance(value, list):
            return f"[{', '.join(map(self._written, value))}]"
        if isinstance(value, bool) or value is None:
            return {None: "null", True: "true", False: "false"}[value]
        return f'"{value}"' if isinstance(value, str) else str(value)

    def _constant(self, value: Any) -> Any:
        """Return the value as a variable carries it."""
        if isinstance(value, Name):
            return value.text
        if isinstance(value, dict):
            return {name: self._constant(inner) for name, inner in value.items()}
        return [self._constant(inner) for inner in value] if isinstance(value, list) else value

    def _directives(self) -> str:
        if not self._chance(0.08):
            return ""
        value = self._random.choice(["true", "false"])
        if self._chance(0.6):
            variable = self._new("v")
            self._declared.append(f"${variable}: Boolean! = {value}" if self._chance(0.3) else f"${variable}: Boolean!")
            self._variables[variable] = self._chance(0.5)
            value = f"${variable}"
        return f" @{self._random.choice(['skip', 'include'])}(if: {value})"

    def _some(self, among: Any, most: int) -> list[Any]:
        members = list(among)
        return self._random.sample(members, min(len(members), self._random.randint(1, most)))

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    def _new(self, what: str) -> str:
        self._number += 1
        return f"{what}{self._number}"
