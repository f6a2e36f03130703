"""Documents measured, parsed and validated once: an application sends the same few, each time with other variables."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import strawberry
from graphql import DocumentNode, GraphQLError, OperationDefinitionNode, specified_rules, validate
from strawberry.schema.exceptions import CannotGetOperationTypeError
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule
from strawberry.types.execution import ExecutionContext, ExecutionResult, PreExecutionError
from strawberry.types.graphql import OperationType

from graph.access import Selected, refused, selected
from graph.bounds import ERRORS, Bounds, oversized, parsed, too_many_values
from graph.execution.direct import Direct, direct, executed
from graph.execution.executor import LevelExecutor
from resolvers.callers import Role

# How many documents are kept; long ones are not, lest they fill the memory.
DOCUMENTS = 256
LONGEST = 10_000
RULES = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)


@dataclass(frozen=True)
class Prepared:
    """A document (None where it cannot be had), what is wrong with it, what it selects, how many operations it has."""

    document: DocumentNode | None
    errors: list[GraphQLError]
    fields: tuple[Selected, ...] = ()
    operations: int = 0
    direct: Direct | None = None
    refusals: dict[Role | None, list[GraphQLError]] = field(default_factory=dict)

    def refused(self, role: Role | None) -> list[GraphQLError]:
        """Return an error for each field that the role may not select; kept with the document."""
        found = self.refusals.get(role)
        if found is None:
            found = self.refusals[role] = refused(self.fields, role)
        return found


class Schema(strawberry.Schema):
    """Strawberry's schema, whose operations start from a document that is kept by its text.

    Whatever it executes has passed here first: a document beyond the ``bounds`` is refused before it is validated, and
    a field that the role of the context's caller may not select before anything runs; without a caller every field is.

    Strawberry's own caches do the same as extensions, but look a validated document up by a hash over all of it, on
    every request.
    """

    bounds = Bounds()

    def prepare(self, text: str) -> Prepared:
        """Return a document as far as it is known before it is asked with variables, by somebody."""
        return _kept(self, text) if len(text) <= LONGEST else _prepared(self, text)

    def _create_execution_context(self, query: str | None, *arguments: Any, **named: Any) -> ExecutionContext:
        context = super()._create_execution_context(query, *arguments, **named)
        if query:
            prepared = self.prepare(query)
            # Strawberry would take the first of several.
            if prepared.operations > 1 and not named.get("operation_name"):
                raise CannotGetOperationTypeError(None)
            caller = getattr(context.context, "caller", None)
            context.graphql_document = prepared.document
            context.pre_execution_errors = list(
                prepared.errors
                or prepared.refused(caller and caller.role)
                or too_many_values(context.variables, self.bounds)
            )
        return context

    async def execute(  # noqa: PLR0913, PLR0917 - as Strawberry has it
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,
        context_value: Any | None = None,
        root_value: Any | None = None,
        operation_name: str | None = None,
        allowed_operation_types: Iterable[OperationType] | None = None,
        operation_extensions: dict[str, Any] | None = None,
    ) -> ExecutionResult:
        """Execute a query by levels straight from its kept document; as Strawberry does where that cannot be."""
        if query and self.execution_context_class is LevelExecutor and not self.extensions:
            prepared = self.prepare(query)
            caller = getattr(context_value, "caller", None)
            known = prepared.direct
            if (
                known is not None
                and known.named(operation_name)
                and (allowed_operation_types is None or OperationType.QUERY in allowed_operation_types)
                and not prepared.refused(caller and caller.role)
                and not too_many_values(variable_values, self.bounds)
            ):
                found = await executed(self._schema, known, variable_values or {}, context_value, root_value)
                if found is not None:
                    if found.errors:
                        self.process_errors(found.errors)
                    return found
        return await super().execute(
            query, variable_values, context_value, root_value, operation_name, allowed_operation_types,
            operation_extensions,
        )  # fmt: skip

    async def _prepare_operation_async(self, context: ExecutionContext, *arguments: Any) -> PreExecutionError | None:
        if context.graphql_document is None and context.pre_execution_errors:
            return PreExecutionError(data=None, errors=context.pre_execution_errors)
        return await super()._prepare_operation_async(context, *arguments)


def _prepared(schema: Schema, text: str) -> Prepared:
    try:
        document = parsed(text, schema.bounds)
    except GraphQLError as error:
        return Prepared(None, [error])
    checked = schema._schema  # noqa: SLF001 - Strawberry has no public name for it
    # What is too large is not validated: some rules compare every field with every other.
    wrong = oversized(document, schema.bounds) or validate(checked, document, RULES, max_errors=ERRORS)
    operations = sum(isinstance(one, OperationDefinitionNode) for one in document.definitions)
    if wrong:
        return Prepared(document, wrong, operations=operations)
    return Prepared(document, wrong, selected(checked, document), operations, direct(checked, document))


@lru_cache(maxsize=DOCUMENTS)
def _kept(schema: Schema, text: str) -> Prepared:
    return _prepared(schema, text)
