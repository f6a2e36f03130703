"""The HTTP response of a GraphQL request: which status, which members in which order, as bytes."""

import logging
from collections import Counter
from typing import Any, NamedTuple

import orjson
from graphql import GraphQLError
from starlette.responses import Response
from strawberry.types.execution import ExecutionResult, PreExecutionError

from graph import errors, log
from graph.blame import Types
from graph.negotiation import MediaType
from graph.request import Refusal


class Asker(NamedTuple):
    """To whom an answer goes: the request's id, the media type that was agreed, and the types of the schema asked.

    No types where the asker is not to learn what could have been meant.
    """

    request_id: str
    media: MediaType
    types: Types | None


def result(outcome: ExecutionResult, asker: Asker) -> Response:
    """Return the response of an execution; what was not foreseen is logged and masked.

    200 wherever a field was executed. A document that was refused before that is 400 for
    application/graphql-response+json and, by the older rule, 200 for application/json; for both 500 where the refusal
    was our fault, 403 where the caller's role may not ask this, and 429 where the caller has asked too much for now.
    """
    found = outcome.errors or []
    executed = not isinstance(outcome, PreExecutionError)
    reached_fields = executed and (outcome.data is not None or any(error.path for error in found))
    body: dict[str, Any] = {}
    if found:
        # The specification asks for errors first: whoever reads the answer sees them before a long data.
        body["errors"] = [
            errors.formatted(error, asker.request_id, executed=executed, types=asker.types) for error in found
        ]
        _report(found, asker, executed=executed)
    if reached_fields:
        body["data"] = outcome.data
    if outcome.extensions:
        body["extensions"] = outcome.extensions
    if reached_fields:
        return _response(200, body, asker.media)
    codes = {entry["extensions"]["code"] for entry in body["errors"]}
    if errors.INTERNAL in codes:
        return _response(500, body, asker.media)
    if errors.FORBIDDEN in codes:
        return _response(403, body, asker.media)
    if errors.RATE_LIMITED in codes:
        after = {"retry-after": str(body["errors"][0]["extensions"]["retryAfter"])}
        return _response(429, body, asker.media, after)
    return _response(200 if asker.media is MediaType.JSON else 400, body, asker.media)


def unresolved(reason: str, asker: Asker) -> Response:
    """Return the response of a document in which the operation to run cannot be determined."""
    entry = {"message": reason, "extensions": {"code": "OPERATION_RESOLUTION_FAILURE"}}
    return _response(200 if asker.media is MediaType.JSON else 400, {"errors": [entry]}, asker.media)


def failure(exception: Exception, asker: Asker) -> Response:
    """Return the response of a request that could not be executed: 503 with a code of ours, else 500, masked."""
    error = GraphQLError(str(exception), original_error=exception)
    _report([error], asker, executed=False)
    entry = errors.formatted(error, asker.request_id, executed=False)
    return _response(500 if entry["extensions"]["code"] == errors.INTERNAL else 503, {"errors": [entry]}, asker.media)


def refusal(reason: Refusal, media: MediaType) -> Response:
    """Return the response of a request that is no GraphQL request: the refusal's status, whatever the media type."""
    entry = {"message": reason.reason, "extensions": {"code": reason.code}}
    return _response(reason.status, {"errors": [entry]}, media, reason.headers)


def _report(found: list[GraphQLError], asker: Asker, *, executed: bool) -> None:
    """Log what is our fault, once for each place: a list of a thousand rows can fail a thousand times alike."""
    faults = Counter(code for error in found if (code := errors.fault(error)) is not None)
    for code, count in faults.items():
        log.line(logging.WARNING, "fault", requestId=asker.request_id, code=code, times=count)
    unforeseen = [
        exception for error in found if (exception := errors.unforeseen(error, executed=executed)) is not None
    ]
    places = {(type(exception), *log.frames(exception)): exception for exception in unforeseen}
    times = Counter((type(exception), *log.frames(exception)) for exception in unforeseen)
    for place, exception in places.items():
        log.unexpected(exception, request_id=asker.request_id, times=times[place])


def _response(status: int, body: dict[str, Any], media: MediaType, headers: dict[str, str] | None = None) -> Response:
    return Response(
        orjson.dumps(body),
        status,
        {"content-type": f"{media}; charset=utf-8", "vary": "accept"} | (headers or {}),
    )
