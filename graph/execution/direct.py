"""Operations executed without what Strawberry and graphql-core find out anew for each request about their document."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    default_field_resolver,
    default_type_resolver,
)
from graphql.execution.collect_fields import FragmentDetails
from graphql.execution.values import VariableValues
from strawberry.execution import optimized_is_awaitable
from strawberry.types.execution import ExecutionResult

from graph.execution.executor import LevelExecutor
from graph.execution.plans import kept_plans
from graph.execution.variables import Variable, coerced, variables_of


class Direct(NamedTuple):
    """A document with one query: what an executor is made of, but for the request."""

    document: DocumentNode
    operation: OperationDefinitionNode
    definitions: dict[str, FragmentDefinitionNode]
    fragments: dict[str, FragmentDetails]
    variables: tuple[Variable, ...]

    def named(self, name: str | None) -> bool:
        """Tell whether a request that names this operation, or none, means it."""
        return name is None or (self.operation.name is not None and self.operation.name.value == name)


def direct(schema: GraphQLSchema, document: DocumentNode) -> Direct | None:
    """Return what is known of a valid document; None where it is not one query, or has fragments with arguments."""
    operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    definitions = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    if len(operations) != 1 or operations[0].operation is not OperationType.QUERY:
        return None
    variables = variables_of(schema, operations[0])
    if variables is None or any(one.variable_definitions for one in definitions.values()):
        return None
    fragments = {name: FragmentDetails(one, None) for name, one in definitions.items()}
    return Direct(document, operations[0], definitions, fragments, variables)


def values_of(known: Direct, given: Mapping[str, Any]) -> VariableValues | None:
    """Return the values of the variables; None where graphql-core must look at them."""
    try:
        return coerced(known.variables, given)
    except Exception:  # noqa: BLE001 - Odd, or what the type of an input object raises: it is found again, and said
        return None


async def executed(
    schema: GraphQLSchema, known: Direct, values: VariableValues, context: object, root: object
) -> ExecutionResult:
    """Execute by levels."""
    executor = LevelExecutor(
        schema, known.definitions, known.fragments, root, context, known.operation, values, default_field_resolver,
        default_type_resolver, default_field_resolver, is_awaitable=optimized_is_awaitable,
    )  # fmt: skip
    executor.plans = kept_plans(known.document)
    result = await executor.answered()
    return ExecutionResult(data=result.data, errors=result.errors)
