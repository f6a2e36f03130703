"""GraphQL over HTTP for any Strawberry schema: one endpoint, queries by GET, queries and mutations by POST."""

import logging
import re
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager

import strawberry
from graphql import GraphQLError, OperationDefinitionNode, parse
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types.execution import ExecutionResult
from strawberry.types.graphql import OperationType

from graph import answer
from graph.answer import Asker
from graph.departure import while_connected
from graph.execution.documents import Schema
from graph.negotiation import MediaType, media_type
from graph.request import BAD_REQUEST, Document, Refusal, posted, queried
from graph.trusted import TrustedDocuments
from resolvers.callers import Caller, Role

Context = Callable[[Request], AbstractAsyncContextManager[object]]
Admit = Callable[[Request], Awaitable[Caller]]

METHODS = {
    "GET": frozenset({OperationType.QUERY}),
    "HEAD": frozenset({OperationType.QUERY}),
    "POST": frozenset({OperationType.QUERY, OperationType.MUTATION}),
}
OPERATION = re.compile(r"\b(?:query|mutation|subscription)\b")
CLIENT_GONE = 499
# How far a document is read to count its operations; our own schema counts those of every document that it takes.
TOKENS = 10_000


class Transport:
    """Answers GraphQL requests.

    ``context`` opens what resolvers need for one request and closes it after, also when the client has gone;
    ``admit`` tells who sent a request, or refuses it, before its body is read; ``limit`` is the largest body in bytes;
    ``trusted`` knows documents by id; ``suggests`` are the roles that are told what they may have meant.
    Batches, subscriptions and uploads are not supported, and are refused.
    """

    def __init__(  # noqa: PLR0913 - what a request passes, each once
        self,
        schema: strawberry.Schema,
        context: Context,
        limit: int,
        admit: Admit | None = None,
        *,
        trusted: TrustedDocuments | None = None,
        suggests: frozenset[Role] = frozenset(Role),
    ) -> None:
        self._schema = schema
        self._counted = isinstance(schema, Schema)
        self._context = context
        self._limit = limit
        self._admit = admit
        self._trusted = trusted
        self._suggests = suggests
        logging.getLogger("strawberry.execution").addFilter(_silenced)

    async def respond(self, request: Request) -> Response:
        """Answer one request. ``request.state.request_id`` is the id that a masked error quotes.

        Who sent it is ``request.state.caller`` from then on.
        """
        media = media_type(request.headers.get("accept"))
        if media is None:
            reason = f"The Accept header names no type of ours; allowed: {' or '.join(MediaType)}."
            return answer.refusal(Refusal(406, "NOT_ACCEPTABLE", reason), MediaType.JSON)
        try:
            if self._admit is not None:
                request.state.caller = await self._admit(request)
            document = await self._document(request)
            caller = getattr(request.state, "caller", None)
            types = self._schema._schema.type_map if caller is None or caller.role in self._suggests else None
            asker = Asker(request.state.request_id, media, types)
            return await while_connected(request.receive, self._answer(request, document, asker))
        except Refusal as reason:
            return answer.refusal(reason, media)
        except ClientDisconnect:
            return Response(status_code=CLIENT_GONE)

    async def _document(self, request: Request) -> Document:
        if request.method not in METHODS:
            reason = f"The method is {request.method}; allowed: GET, POST."
            raise Refusal(405, "METHOD_NOT_ALLOWED", reason, {"allow": ", ".join(METHODS)})
        document = await posted(request, self._limit) if request.method == "POST" else queried(request)
        if self._trusted is not None:
            return await self._trusted.found(document, request.state.caller, request.state.request_id)
        if document.id is not None:
            raise Refusal(400, "DOCUMENT_NOT_FOUND", "No document is registered here; allowed: a query.")
        return document

    async def _answer(self, request: Request, document: Document, asker: Asker) -> Response:
        request.state.document = document.query
        try:
            async with self._context(request) as context:
                outcome = await self._execute(document, METHODS[request.method], context)
            return answer.result(outcome, asker)
        except CannotGetOperationTypeError as error:
            return answer.unresolved(_unresolved(error), asker)
        except InvalidOperationTypeError as error:
            raise _misplaced(request.method, error) from None
        except Refusal:
            raise
        except Exception as error:  # noqa: BLE001 - the last place where the answer can still be a GraphQL response
            return answer.failure(error, asker)

    async def _execute(self, document: Document, allowed: frozenset[OperationType], context: object) -> ExecutionResult:
        if document.operation is None and not self._counted and _operations(document.query) > 1:
            raise CannotGetOperationTypeError(None)
        return await self._schema.execute(
            document.query,
            variable_values=document.variables,
            operation_name=document.operation,
            context_value=context,
            allowed_operation_types=allowed,
            operation_extensions=document.extensions,
        )


def _silenced(_: logging.LogRecord) -> bool:
    """Drop what Strawberry logs: every error with its message, which can quote an identity number.

    A filter, because setting a logger's ``disabled`` is undone when the server configures logging.
    """
    return False


def _operations(query: str) -> int:
    """Count a document's operations: where no name is given there must be one, and Strawberry would take the first.

    Only a document with two operation keywords, be it in a comment, is parsed for this; what does not parse is left to
    the execution to refuse.
    """
    keywords = len(OPERATION.findall(query))
    if keywords < 2:  # noqa: PLR2004 - one keyword is one operation at most
        return keywords
    try:
        definitions = parse(query, no_location=True, max_tokens=TOKENS).definitions
    except GraphQLError:
        return 1
    return sum(isinstance(definition, OperationDefinitionNode) for definition in definitions)


def _unresolved(error: CannotGetOperationTypeError) -> str:
    if error.operation_name is None:
        return "The document does not hold exactly one operation; allowed: one, or several and the operationName."
    return f"The document holds no operation named {error.operation_name!r}."


def _misplaced(method: str, error: InvalidOperationTypeError) -> Refusal:
    kind = error.operation_type.value
    if method == "POST":
        return Refusal(400, BAD_REQUEST, f"The operation is a {kind}; allowed: query, mutation.")
    return Refusal(
        405, "METHOD_NOT_ALLOWED", f"The operation is a {kind}; allowed by {method}: query.", {"allow": "POST"}
    )
