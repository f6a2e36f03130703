"""What a client is told of an error: a stable code always, the message only where it was meant for a client."""

import re
from collections.abc import Iterator
from traceback import walk_tb
from typing import Any

from graphql import GraphQLError, GraphQLSyntaxError
from strawberry.exceptions import StrawberryInputCoercionError

from graph import blame
from resolvers.errors import Forbidden, Problem, RateLimited

PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
BAD_USER_INPUT = "BAD_USER_INPUT"
UNAUTHENTICATED = "UNAUTHENTICATED"
FORBIDDEN = Forbidden.code
RATE_LIMITED = RateLimited.code
INTERNAL = "INTERNAL"

NO_TYPES: blame.Types = {}
SUGGESTION = re.compile(r" Did you mean [^?]*\?")
MASK = "Something went wrong on our side; quote the request id."


def formatted(
    error: GraphQLError, request_id: str, *, executed: bool = True, types: blame.Types | None = NO_TYPES
) -> dict[str, Any]:
    """Return an error as the response carries it: message, locations, path, extensions with a code.

    The extensions of an error in what was sent also have ``argument`` and ``allowed`` where they are known; ``types``
    are the schema's, by name, None for somebody who is not told what could have been meant. ``executed`` is false for
    an error that stopped the document before any field ran. An error that nobody foresaw keeps only its place: its
    message is masked, its extensions are the code INTERNAL and the request id.
    """
    extensions = _extensions(error, executed=executed)
    entry: dict[str, Any] = {"message": error.message}
    if extensions["code"] == INTERNAL:
        entry["message"] = MASK
        extensions = {"code": INTERNAL, "requestId": request_id}
    elif not error.path:
        entry["message"] = blame.shown(error.message, blame.argument(error))
        if types is None:
            entry["message"] = SUGGESTION.sub("", entry["message"])
        extensions = extensions | {
            name: value for name, value in _blamed(error, types or NO_TYPES).items() if name not in extensions
        }
    if error.locations:
        entry["locations"] = [location.formatted for location in error.locations]
    if error.path:
        entry["path"] = error.path
    return entry | {"extensions": extensions}


def _blamed(error: GraphQLError, types: blame.Types) -> dict[str, Any]:
    known = {"argument": blame.argument(error), "got": blame.got(error), "allowed": blame.allowed(error, types)}
    return {name: value for name, value in known.items() if value}


def masked(request_id: str) -> dict[str, Any]:
    """Return the error of a request that failed in a place where no GraphQL error could be made."""
    return {"message": MASK, "extensions": {"code": INTERNAL, "requestId": request_id}}


def unforeseen(error: GraphQLError, *, executed: bool = True) -> BaseException | None:
    """Return the exception to log where ``formatted`` masks the error, else None."""
    if _extensions(error, executed=executed)["code"] != INTERNAL:
        return None
    return list(_chain(error))[-1]


def fault(error: GraphQLError) -> str | None:
    """Return the code of an error that was foreseen and is our fault, such as UNAVAILABLE, else None."""
    return next((link.code for link in _chain(error) if isinstance(link, Problem) and link.ours), None)


def _extensions(error: GraphQLError, *, executed: bool) -> dict[str, Any]:
    for link in _chain(error):
        extensions = getattr(link, "extensions", None)
        if isinstance(extensions, dict) and "code" in extensions:
            return extensions
    return {"code": _code(error, executed=executed)}


def _code(error: GraphQLError, *, executed: bool) -> str:
    if isinstance(error, GraphQLSyntaxError):
        return PARSE_FAILED
    if not executed:
        # Validation blames nodes of the document; an exception that Strawberry wrapped on the way blames none.
        if blame.blames_value(error):
            return BAD_USER_INPUT
        return VALIDATION_FAILED if error.nodes or error.original_error is None else INTERNAL
    # Before the first field there is no path: the variables did not fit.
    if error.path is None or _blames_arguments(error):
        return BAD_USER_INPUT
    return INTERNAL


def _blames_arguments(error: GraphQLError) -> bool:
    """Whether graphql-core or Strawberry raised this while coercing a field's arguments.

    Both say so only by where they raise it: a plain GraphQLError from elsewhere (an Int that overflows in an answer,
    say) reads the same but is our fault, and may quote data.
    """
    cause = error.original_error
    if isinstance(cause, StrawberryInputCoercionError):
        return True
    modules = (frame.f_globals.get("__name__") for frame, _ in walk_tb(error.__traceback__))
    return isinstance(cause, GraphQLError) and "graphql.execution.values" in modules


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what it wraps, outermost first."""
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        yield link
        seen.add(id(link))
        link = getattr(link, "original_error", None) or link.__cause__
