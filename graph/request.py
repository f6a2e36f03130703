"""A GraphQL request as it arrives over HTTP: read within a bound, checked, or refused with a status and a reason."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import orjson
from starlette.requests import ClientDisconnect, Request

BAD_REQUEST = "BAD_REQUEST"


class Refusal(Exception):
    """A request that is not answered, with the HTTP status, a stable code and a reason for the client."""

    def __init__(self, status: int, code: str, reason: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.code = code
        self.reason = reason
        self.headers = dict(headers or {})


class Document(NamedTuple):
    """What a request asks to be executed."""

    query: str
    variables: dict[str, Any] | None
    operation: str | None
    extensions: dict[str, Any] | None


async def posted(request: Request, limit: int) -> Document:
    """Read the document of a POST; Refusal for another content type, a body over ``limit`` bytes, or a bad body."""
    if request.headers.get("content-type") != "application/json" or "content-encoding" in request.headers:
        _check_content(request.headers.get("content-type"), request.headers.get("content-encoding"))
    body = await _body(request, limit)
    try:
        fields = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Refusal(400, BAD_REQUEST, f"The body is not JSON in UTF-8: {_fault(body, error)}.") from None
    if isinstance(fields, list):
        raise Refusal(400, BAD_REQUEST, "The body is a list: batches are not supported, send one request at a time.")
    if not isinstance(fields, dict):
        raise Refusal(400, BAD_REQUEST, f"The body is {_kind(fields)}; allowed: an object with the member query.")
    return document(fields)


def queried(request: Request) -> Document:
    """Read the document of a GET from its query string; Refusal where a parameter is bad or given twice."""
    try:
        pairs = parse_qsl(request.scope["query_string"].decode("ascii"), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        raise Refusal(400, BAD_REQUEST, "The query string is not UTF-8, percent-encoded.") from None
    fields: dict[str, Any] = dict(pairs)
    for name in ("query", "variables", "operationName", "extensions"):
        if sum(given == name for given, _ in pairs) > 1:
            raise Refusal(400, BAD_REQUEST, f"The parameter {name} is given more than once.")
    for name in ("variables", "extensions"):
        fields[name] = _json(name, fields.get(name))
    fields["operationName"] = fields.get("operationName") or None
    return document(fields)


def document(fields: Mapping[str, Any]) -> Document:
    """Check the members of a request; Refusal naming the first of a wrong type. Members beyond the four are ignored."""
    query = fields.get("query")
    if query is None:
        raise Refusal(400, BAD_REQUEST, "query is missing; allowed: a GraphQL document as a string.")
    if not isinstance(query, str):
        raise Refusal(400, BAD_REQUEST, f"query is {_kind(query)}; allowed: a GraphQL document as a string.")
    if not query.strip():
        raise Refusal(400, BAD_REQUEST, "query is empty; allowed: a GraphQL document.")
    operation = fields.get("operationName")
    if operation is not None and not isinstance(operation, str):
        raise Refusal(400, BAD_REQUEST, f"operationName is {_kind(operation)}; allowed: a string, or null.")
    return Document(query, _object("variables", fields), operation, _object("extensions", fields))


def _check_content(content_type: str | None, encoding: str | None) -> None:
    essence, *parameters = (part.strip().lower() for part in (content_type or "").split(";"))
    charsets = [
        value.strip('"') for name, _, value in (text.partition("=") for text in parameters) if name == "charset"
    ]
    if essence != "application/json":
        got = f"The content type is {essence!r}" if essence else "The content type is missing"
        raise Refusal(
            415, "UNSUPPORTED_MEDIA_TYPE", f"{got}; allowed: application/json.", {"accept": "application/json"}
        )
    if any(charset not in ("utf-8", "utf8") for charset in charsets):
        raise Refusal(415, "UNSUPPORTED_MEDIA_TYPE", f"The charset is {charsets[0]!r}; allowed: utf-8.")
    if (encoding or "identity").lower() != "identity":
        raise Refusal(415, "UNSUPPORTED_MEDIA_TYPE", f"The content encoding is {encoding!r}; allowed: none.")


async def _body(request: Request, limit: int) -> bytes:
    too_large = Refusal(413, "PAYLOAD_TOO_LARGE", f"The body is larger than {limit:,} bytes, the most allowed.")
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > limit:
        raise too_large
    body = bytearray()
    while True:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        if len(body) > limit:
            raise too_large
        if not message.get("more_body", False):
            return bytes(body)


def _fault(body: bytes, error: orjson.JSONDecodeError) -> str:
    """Say where the body broke, without quoting any of it."""
    if not body.strip():
        return "it is empty"
    try:
        body.decode()
    except UnicodeDecodeError as fault:
        return f"byte {fault.start + 1} is not UTF-8"
    return str(error)


def _json(name: str, text: str | None) -> object:
    if not text:
        return None
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Refusal(400, BAD_REQUEST, f"{name} is not JSON: {error}.") from None


def _object(name: str, fields: Mapping[str, Any]) -> dict[str, Any] | None:
    value = fields.get(name)
    if value is None or isinstance(value, dict):
        return value
    raise Refusal(400, BAD_REQUEST, f"{name} is {_kind(value)}; allowed: an object, or null.")


def _kind(value: object) -> str:
    kinds = {str: "a string", bool: "a boolean", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return kinds.get(type(value), "null")
