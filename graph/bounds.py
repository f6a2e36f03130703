"""How large a document may be: measured once its text is parsed, before it is validated, let alone executed."""

import sys
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSyntaxError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    parse,
)

from graph.limits import Bounds
from resolvers.errors import TooLarge

# Introspection goes deeper than data: types within types. How its lists may nest is a rule of graphql-core.
INTROSPECTION_DEPTH = 20
# There are two directives for a field, and neither may stand twice; a third is an error anyway.
ON_ONE_FIELD = 4
# Errors of one document that are reported; each can cost a search for the names that are spelt nearly like it.
ERRORS = 20

INTROSPECTION = frozenset({"__schema", "__type"})
# The types of values that hold others.
HOLDING = (dict, list)
ABORTED = "tokens. Parsing aborted."


class Measure(NamedTuple):
    """What a bound is about: the code of its error, and what the error says there is too much of."""

    code: str
    words: str


MEASURES = {
    "characters": Measure("DOCUMENT_TOO_LONG", "The document has too many characters"),
    "tokens": Measure("TOO_MANY_TOKENS", "The document has too many tokens"),
    "fields": Measure("TOO_MANY_FIELDS", "The document has too many fields, counted wherever they are spread"),
    "depth": Measure("DOCUMENT_TOO_DEEP", "The document's fields are nested too deeply"),
    "introspection": Measure("INTROSPECTION_TOO_DEEP", "The introspection is nested too deeply"),
    "root_fields": Measure("TOO_MANY_ROOT_FIELDS", "The operation has too many fields at its root"),
    "breadth": Measure("SELECTION_TOO_BROAD", "A selection has too many fields"),
    "aliases": Measure("TOO_MANY_ALIASES", "The document has too many aliases"),
    "repeats": Measure("TOO_MANY_REPEATS", "Too many fields stand where the same one stands already"),
    "directives": Measure("TOO_MANY_DIRECTIVES", "The document has too many directives"),
    "on_one_field": Measure("TOO_MANY_DIRECTIVES", "Too many directives stand in one place"),
    "values": Measure("TOO_MANY_VALUES", "The variables hold too many values"),
}


def parsed(text: str, bounds: Bounds) -> DocumentNode:
    """Return the document; raises a GraphQLError where it is too long, or does not parse."""
    if len(text) > bounds.characters:
        raise exceeded("characters", len(text), bounds.characters)
    try:
        return parse(text, max_tokens=bounds.tokens)
    except GraphQLSyntaxError as error:
        if error.message.endswith(ABORTED):
            raise exceeded("tokens", bounds.tokens + 1, bounds.tokens, more=True) from None
        raise


def oversized(document: DocumentNode, bounds: Bounds) -> list[GraphQLError]:
    """Return an error for each bound that the document exceeds."""
    walk = _Walk(document, bounds)
    try:
        walk.all()
    except _EndlessError:
        return [exceeded("fields", walk.fields, bounds.fields, more=True)]
    got = {
        "depth": (walk.depth, bounds.depth),
        "introspection": (walk.introspection, INTROSPECTION_DEPTH),
        "root_fields": (walk.root_fields, bounds.root_fields),
        "breadth": (walk.breadth, bounds.breadth),
        "aliases": (walk.aliases, bounds.aliases),
        "repeats": (walk.repeats, bounds.repeats),
        "directives": (walk.directives, bounds.directives),
        "on_one_field": (walk.on_one_field, ON_ONE_FIELD),
    }
    return [exceeded(bound, number, most) for bound, (number, most) in got.items() if number > most]


def root_fields(document: DocumentNode) -> list[FieldNode]:
    """Return the fields at the roots of a document's operations, those of fragments among them."""
    walk = _Walk(document, Bounds(fields=sys.maxsize))
    operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    return [field for one in operations for field in walk.spread(one.selection_set)]


def too_many_values(variables: Any, bounds: Bounds) -> list[GraphQLError]:
    """Return an error where the variables hold more values than allowed, counted no further than that."""
    left, waiting = bounds.values, [variables or ()]
    while waiting:
        outer = waiting.pop()
        left -= len(outer)
        if left < 0:
            return [exceeded("values", bounds.values - left, bounds.values, more=True)]
        values = outer.values() if isinstance(outer, dict) else outer
        waiting += [value for value in values if isinstance(value, HOLDING)]
    return []


def exceeded(bound: str, got: int, most: int, *, more: bool = False) -> GraphQLError:
    """Return the error of a bound; with ``more`` nobody counted on, so that there are at least as many as ``got``."""
    measure, allowed = MEASURES[bound], f"at most {most}"
    message = f"{measure.words}: {got}{' or more' if more else ''}, allowed are {allowed}."
    return GraphQLError(message, original_error=TooLarge(message, measure.code, got=got, allowed=allowed))


class _EndlessError(Exception):
    """A walk that met more fields and fragments than allowed."""


class _Walk:
    """Goes through a document as an executor would, fields of one place together and fragments where they are spread.

    Not further than the bound of fields, since fragments that spread each other twice double what there is each time,
    nor deeper than that of the depth.
    """

    def __init__(self, document: DocumentNode, bounds: Bounds) -> None:
        self._document = document
        self._bounds = bounds
        self._fragments = {
            one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)
        }
        self._unspread = dict(self._fragments)
        self.fields = self.depth = self.introspection = self.breadth = self.root_fields = 0
        self.aliases = self.repeats = self.directives = self.on_one_field = 0

    def all(self) -> None:
        """Walk every operation, and the fragments that none of them spreads: those are validated too."""
        for one in self._document.definitions:
            self._note(one)
            if isinstance(one, OperationDefinitionNode):
                for variable in one.variable_definitions or ():
                    self._note(variable)
                self.root_fields = max(self.root_fields, self._place([one.selection_set], 1))
        while self._unspread:
            _, fragment = self._unspread.popitem()
            self._place([fragment.selection_set], 1)

    def _place(self, selections: Sequence[SelectionSetNode], depth: int, *, introspects: bool = False) -> int:
        """Walk what is selected in one place of the answer; return how many fields the answer has there."""
        groups: dict[str, list[FieldNode]] = {}
        for selection in selections:
            for field in self.spread(selection):
                groups.setdefault((field.alias or field.name).value, []).append(field)
        self.breadth = max(self.breadth, len(groups))
        self.repeats += sum(map(len, groups.values())) - len(groups)
        if introspects:
            self.introspection = max(self.introspection, depth)
        else:
            self.depth = max(self.depth, depth)
        if depth > (INTROSPECTION_DEPTH if introspects else self._bounds.depth):
            return len(groups)
        for fields in groups.values():
            inner = [field.selection_set for field in fields if field.selection_set]
            if inner:
                begins = not introspects and fields[0].name.value in INTROSPECTION
                self._place(inner, 1 if begins else depth + 1, introspects=introspects or begins)
        return len(groups)

    def spread(self, selection: SelectionSetNode) -> Iterator[FieldNode]:
        """Yield the fields of a selection, those of its fragments among them."""
        waiting: list[tuple[Iterator[SelectionNode], str]] = [(iter(selection.selections), "")]
        while waiting:
            one = next(waiting[-1][0], None)
            if one is None:
                waiting.pop()
                continue
            self.fields += 1
            if self.fields > self._bounds.fields:
                raise _EndlessError
            self._note(one)
            if isinstance(one, FieldNode):
                self.aliases += one.alias is not None
                yield one
            elif isinstance(one, InlineFragmentNode):
                waiting.append((iter(one.selection_set.selections), ""))
            elif isinstance(one, FragmentSpreadNode):
                name = one.name.value
                fragment = self._fragments.get(name)
                # A fragment that spreads itself is for validation to refuse; here it must only end.
                if fragment is not None and all(name != outer for _, outer in waiting):
                    self._unspread.pop(name, None)
                    waiting.append((iter(fragment.selection_set.selections), name))

    def _note(self, node: Any) -> None:
        number = len(node.directives or ())
        self.directives += number
        self.on_one_field = max(self.on_one_field, number)
