"""Documents measured, parsed and validated once: an application sends the same few, each time with other variables."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import strawberry
from graphql import DocumentNode, FieldNode, GraphQLError, OperationDefinitionNode, specified_rules, validate
from strawberry.schema.exceptions import CannotGetOperationTypeError
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule
from strawberry.types.execution import ExecutionContext, ExecutionResult, PreExecutionError
from strawberry.types.graphql import OperationType

from graph.access import Selected, refused, selected
from graph.accounts import Allowance
from graph.bounds import ERRORS, INTROSPECTION, oversized, parsed, root_fields, too_many_values
from graph.cost.estimate import costs
from graph.cost.sizes import Asked, Size, at
from graph.execution.direct import Direct, direct, executed, values_of
from graph.execution.executor import LevelExecutor
from graph.limits import Bounds, Limits
from resolvers.callers import Caller, Role
from resolvers.errors import Forbidden

# How many documents are kept; long ones are not, lest they fill the memory.
DOCUMENTS = 256
LONGEST = 10_000
RULES = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)


@dataclass(frozen=True)
class Prepared:
    """A document (None where it cannot be had), what is wrong with it, what it selects.

    Then how many operations it has, the cost of each by its name, one without a name under None, and where it asks for
    the schema itself, ``introspects``, ``only`` that or not.
    """

    document: DocumentNode | None
    errors: list[GraphQLError]
    fields: tuple[Selected, ...] = ()
    operations: int = 0
    costs: Mapping[str | None, Size] = field(default_factory=dict)
    introspects: FieldNode | None = None
    only: bool = False
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
    before anything runs a field that the role of the context's caller may not select (without a caller every field is),
    and a cost that the context's allowance does not cover. ``limits`` are those that the resolvers hold arguments to,
    ``introspecting`` the roles that may ask for the schema.

    Strawberry's own caches do the same as extensions, but look a validated document up by a hash over all of it, on
    every request.
    """

    bounds = Bounds()
    limits = Limits(600, 1_000)
    introspecting = frozenset(Role)

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
                or self._hidden(prepared, caller)
                or too_many_values(context.variables, self.bounds)
                or _charged(
                    prepared,
                    named.get("operation_name"),
                    context.variables,
                    getattr(context.context, "allowance", None),
                    context.extensions_results,
                )
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
                and not self._hidden(prepared, caller)
                and not too_many_values(variable_values, self.bounds)
                and (values := values_of(known, variable_values or {})) is not None
            ):
                shown: dict[str, Any] = {}
                allowance = getattr(context_value, "allowance", None)
                if wrong := _charged(prepared, operation_name, variable_values, allowance, shown):
                    return PreExecutionError(data=None, errors=wrong, extensions=shown)
                if allowance is not None:
                    await allowance.begin()
                found = await executed(self._schema, known, values, context_value, root_value)
                found.extensions = shown
                if found.errors:
                    self.process_errors(found.errors)
                return found
        return await super().execute(
            query, variable_values, context_value, root_value, operation_name, allowed_operation_types,
            operation_extensions,
        )  # fmt: skip

    def introspects_only(self, text: str) -> bool:
        """Tell whether a document asks for the schema and nothing else."""
        return self.prepare(text).only

    def _hidden(self, prepared: Prepared, caller: Caller | None) -> list[GraphQLError]:
        if prepared.introspects is None or caller is None or caller.role in self.introspecting:
            return []
        allowed = ", ".join(sorted(self.introspecting)) or "nobody"
        message = f"Introspection is not for the role {caller.role}; allowed: {allowed}."
        return [GraphQLError(message, nodes=prepared.introspects, original_error=Forbidden(message, allowed=allowed))]

    async def _prepare_operation_async(self, context: ExecutionContext, *arguments: Any) -> PreExecutionError | None:
        if context.graphql_document is None and context.pre_execution_errors:
            return PreExecutionError(data=None, errors=context.pre_execution_errors)
        allowance = getattr(context.context, "allowance", None)
        if allowance is not None and not context.pre_execution_errors:
            await allowance.begin()
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
    roots = root_fields(document)
    asking = [one for one in roots if one.name.value in INTROSPECTION]
    return Prepared(
        document, [], selected(checked, document), operations, costs(checked, document, schema.limits),
        next(iter(asking), None), only=len(asking) == len(roots), direct=direct(checked, document),
    )  # fmt: skip


def _charged(
    prepared: Prepared,
    operation: str | None,
    variables: dict[str, Any] | None,
    allowance: Allowance | None,
    results: dict[str, Any],
) -> list[GraphQLError]:
    """Take the operation's cost from the caller's account, and show it; return why that cannot be."""
    size = prepared.costs.get(operation)
    if allowance is None or size is None:
        return []
    problem = allowance.charge(at(size, Asked(variables or {}, allowance.market)))
    results["cost"] = allowance.shown
    return [GraphQLError(str(problem), original_error=problem)] if problem else []


@lru_cache(maxsize=DOCUMENTS)
def _kept(schema: Schema, text: str) -> Prepared:
    return _prepared(schema, text)
