"""Documents parsed and validated once: an application sends the same few, each time with other variables."""

from functools import lru_cache
from typing import Any, NamedTuple

import strawberry
from graphql import DocumentNode, GraphQLError, parse, specified_rules
from strawberry.schema.schema import validate_document
from strawberry.types.execution import ExecutionContext

from graph.access import Selected, refused, selected

# How many documents are kept; long ones are not, lest they fill the memory.
DOCUMENTS = 256
LONGEST = 10_000


class Prepared(NamedTuple):
    """A document, what validation found wrong with it, and the fields that it selects."""

    document: DocumentNode
    errors: list[GraphQLError]
    fields: tuple[Selected, ...]


class Schema(strawberry.Schema):
    """Strawberry's schema, whose operations start from a document that is kept by its text.

    Whatever it executes has passed here first: a field that the role of the context's caller may not select is refused,
    and without a caller every field is.

    Strawberry's own caches do the same as extensions, but look a validated document up by a hash over all of it, on
    every request.
    """

    def _create_execution_context(self, query: str | None, *arguments: Any, **named: Any) -> ExecutionContext:
        context = super()._create_execution_context(query, *arguments, **named)
        if query:
            try:
                prepared = _kept(self, query) if len(query) <= LONGEST else _prepared(self, query)
            except GraphQLError:
                return context  # for Strawberry to find, and report, in its own time
            caller = getattr(context.context, "caller", None)
            wrong = prepared.errors or refused(prepared.fields, caller and caller.role)
            context.graphql_document, context.pre_execution_errors = prepared.document, list(wrong)
        return context


def _prepared(schema: Schema, text: str) -> Prepared:
    document, checked = parse(text), schema._schema  # noqa: SLF001 - Strawberry has no public name for it
    wrong = validate_document(checked, document, tuple(specified_rules))
    return Prepared(document, wrong, () if wrong else selected(checked, document))


@lru_cache(maxsize=DOCUMENTS)
def _kept(schema: Schema, text: str) -> Prepared:
    return _prepared(schema, text)
