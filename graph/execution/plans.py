"""Plans: a selection's fields with all that is known of them before a request, kept with their document."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLLeafType,
    GraphQLObjectType,
    GraphQLSchema,
    ListValueNode,
    Node,
    ObjectValueNode,
    VariableNode,
)
from graphql.execution.collect_fields import FieldDetailsList, GroupedFieldSet

from graph.execution.fields import Field, known
from graph.execution.levels import Unknown

KEPT = "plans"

# The plan of each operation, by its id: the document keeps both.
Plans = dict[int, "Plan"]


class Step(NamedTuple):
    """A field of a selection: its name in the answer, where the document has it, what is under it by type.

    ``fixed`` holds the arguments once they were read, where no variable is in them.
    """

    name: str
    details: FieldDetailsList
    nodes: list[FieldNode]
    field: Field
    variable: bool
    fixed: list[dict[str, Any]]
    under: dict[GraphQLObjectType, "Plan"]


class Plan(NamedTuple):
    """A selection on a type; where it has nothing but leaves read off an object, ``read`` reads all at once."""

    names: tuple[str, ...]
    steps: tuple[Step, ...]
    read: Callable[[Any], tuple[Any, ...]] | None = None
    leaves: tuple[GraphQLLeafType, ...] = ()


def kept_plans(document: DocumentNode) -> Plans | None:
    """Return what the document keeps; None where it has directives, which can change its selections each time."""
    if document.loc is None or "@" in document.loc.source.body:
        return None
    # Past the frozen dataclass: who drops the document drops its plans.
    kept: Plans = vars(document).setdefault(KEPT, {})
    return kept


def planned(schema: GraphQLSchema, parent: GraphQLObjectType, selection: GroupedFieldSet) -> Plan:
    """Return the plan of a selection on a type."""
    steps = tuple(_step(schema, parent, name, details) for name, details in selection.items())
    found = [(step.field.ours.python_name, step.field.leaf) for step in steps if step.field.get and step.field.ours]
    leaves = tuple(leaf for _, leaf in found if leaf is not None)
    if len(leaves) < len(steps) or len(steps) < 2:  # noqa: PLR2004 - of one attribute attrgetter makes no tuple
        return Plan(tuple(selection), steps)
    return Plan(tuple(selection), steps, attrgetter(*(name for name, _ in found)), leaves)


def _step(schema: GraphQLSchema, parent: GraphQLObjectType, name: str, details: FieldDetailsList) -> Step:
    node = details[0].node
    field = schema.get_field(parent, node.name.value)
    if field is None:
        raise Unknown
    variable = details[0].fragment_variable_values is not None or any(
        _variable(argument.value) for argument in node.arguments or ()
    )
    return Step(name, details, [detail.node for detail in details], known(field), variable, [], {})


def _variable(value: Node) -> bool:
    if isinstance(value, ListValueNode):
        return any(map(_variable, value.values))
    if isinstance(value, ObjectValueNode):
        return any(_variable(field.value) for field in value.fields)
    return isinstance(value, VariableNode)
