"""Plans: a selection's fields with all that is known of them before a request, kept with their document."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from dataclasses import field as member
from functools import lru_cache
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLObjectType,
    GraphQLSchema,
)
from graphql.execution.collect_fields import FieldDetailsList, GroupedFieldSet
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from graph.execution import leaves
from graph.execution.fields import Field, known
from graph.execution.levels import Unknown
from graph.execution.selecting import variable

KEPT = "plans"

# The plan of each operation, by its id: the document keeps both.
Plans = dict[int, "Plan"]


@dataclass(slots=True)
class Step:
    """A field of a selection: its name in the answer, where the document has it, what is under it by type.

    ``fixed`` holds the arguments once they were read, where no variable is in them; ``waits`` is set once the field, or
    what is under it, was found to need the long way whenever it is asked: it is awaited, or of an abstract type.
    """

    name: str
    details: FieldDetailsList
    nodes: list[FieldNode]
    field: Field
    variable: bool
    fixed: dict[str, Any] | None = None
    waits: bool = False
    under: dict[GraphQLObjectType, "Plan"] = member(default_factory=dict)


class Plan(NamedTuple):
    """A selection on a type: the names of its members, in their order, and its fields.

    Where all are numbers read off an object, ``numbers`` are the attributes.
    """

    names: tuple[str, ...]
    steps: tuple[Step, ...]
    numbers: tuple[str, ...] = ()

    def written(self, columns: Sequence[Sequence[Any]], objects: int) -> list[dict[str, Any]]:
        """Return the answer of each object, of which there are so many, from a column a step."""
        return writer(self.names)(zip(*columns, strict=True)) if columns else [{} for _ in range(objects)]


@lru_cache(maxsize=1_024)
def writer(names: tuple[str, ...]) -> Callable[[Iterable[tuple[Any, ...]]], list[dict[str, Any]]]:
    """Return what makes a dictionary with these names of each row.

    It is compiled, as a named tuple's constructor is: a display takes a third of the time of ``dict(zip(...))``.
    """
    if not all(map(str.isidentifier, names)):
        raise Unknown
    values = [f"_{place}" for place in range(len(names))]
    members = ", ".join(f"{name!r}: {value}" for name, value in zip(names, values, strict=True))
    made: Callable[[Iterable[tuple[Any, ...]]], list[dict[str, Any]]] = eval(  # noqa: S307 - names alone, seen above
        f"lambda rows: [{{{members}}} for {', '.join(values)}, in rows]"
    )
    return made


class Planning(StrawberryGraphQLCoreExecutionContext):
    """An executor that plans a selection once: ``plans`` are those of its document, None where none are kept."""

    plans: Plans | None = None

    def kept(self) -> Plan | None:
        """Return the plan of the operation, where it is kept already."""
        return None if self.plans is None else self.plans.get(id(self.operation))

    def planned(self, root: GraphQLObjectType, selection: GroupedFieldSet) -> Plan:
        """Return the plan of the operation."""
        kept, operation = self.plans, id(self.operation)
        if kept is None:
            return planned(self.schema, root, selection)
        if operation not in kept:
            kept[operation] = planned(self.schema, root, selection)
        return kept[operation]

    def selected(self, step: Step, kind: GraphQLObjectType) -> Plan:
        """Return the plan of what a step selects on a type."""
        plan = step.under.get(kind)
        if plan is None:
            try:
                selection = self.collect_subfields(kind, step.details)
            except Exception:  # noqa: BLE001 - a directive's argument, say
                raise Unknown from None
            plan = step.under[kind] = planned(self.schema, kind, selection.grouped_field_set)
        return plan


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
    fields = [step.field for step in steps]
    numbers = len(fields) > 1 and all(field.get and leaves.number(field.shape.leaf) for field in fields)
    return Plan(tuple(selection), steps, tuple(field.attribute for field in fields) if numbers else ())


def _step(schema: GraphQLSchema, parent: GraphQLObjectType, name: str, details: FieldDetailsList) -> Step:
    node = details[0].node
    field = schema.get_field(parent, node.name.value)
    if field is None:
        raise Unknown
    told = details[0].fragment_variable_values is not None or variable(node)
    return Step(name, details, [detail.node for detail in details], known(field), told)
