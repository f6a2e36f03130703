"""A GraphQL request as it arrives over HTTP: read within a bound, checked, or refused with a status and a reason."""

import re
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


# How a document can be named, after the draft of GraphQL over HTTP: by its SHA-256, by a name of somebody's own with a
# prefix that says so, or by one without any prefix.
ID = re.compile(r"sha256:[0-9a-f]{64}|x-[A-Za-z0-9._~-]+:[A-Za-z0-9._~-]+|[A-Za-z0-9._~-]+", re.ASCII)
LONGEST_ID = 200
ID_FORM = "sha256: and 64 hexadecimal digits, x-NAME:ID, or an id of letters, digits and -._~"


class Document(NamedTuple):
    """What a request asks to be executed; where it names a registered document by its ``id``, ``query`` is empty."""

    query: str
    variables: dict[str, Any] | None
    operation: str | None
    extensions: dict[str, Any] | None
    id: str | None = None


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
    for name in ("query", "documentId", "variables", "operationName", "extensions"):
        if sum(given == name for given, _ in pairs) > 1:
            raise Refusal(400, BAD_REQUEST, f"The parameter {name} is given more than once.")
    for name in ("variables", "extensions"):
        fields[name] = _json(name, fields.get(name))
    fields["operationName"] = fields.get("operationName") or None
    return document(fields)


def document(fields: Mapping[str, Any]) -> Document:
    """Check the members of a request; Refusal naming the first of a wrong type. Members beyond the five are ignored."""
    query, name = fields.get("query"), fields.get("documentId")
    if name is not None:
        _check_id(name)
        if query is not None:
            raise Refusal(400, BAD_REQUEST, "query and documentId are both given; allowed: one of them.")
    elif query is None:
        raise Refusal(400, BAD_REQUEST, "query is missing; allowed: a GraphQL document as a string.")
    elif not isinstance(query, str):
        raise Refusal(400, BAD_REQUEST, f"query is {_kind(query)}; allowed: a GraphQL document as a string.")
    elif not query.strip():
        raise Refusal(400, BAD_REQUEST, "query is empty; allowed: a GraphQL document.")
    operation = fields.get("operationName")
    if operation is not None and not isinstance(operation, str):
        raise Refusal(400, BAD_REQUEST, f"operationName is {_kind(operation)}; allowed: a string, or null.")
    return Document(query or "", _object("variables", fields), operation, _object("extensions", fields), name)


def _check_id(name: object) -> None:
    if not isinstance(name, str):
        raise Refusal(400, BAD_REQUEST, f"documentId is {_kind(name)}; allowed: {ID_FORM}.")
    if len(name) > LONGEST_ID or not ID.fullmatch(name):
        raise Refusal(400, BAD_REQUEST, f"documentId is not of its form; allowed: {ID_FORM}.")


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
