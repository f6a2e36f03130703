"""What every HTTP response carries, whatever made it: a request id, security headers, a line in the log."""

import logging
import re
from secrets import token_hex
from time import perf_counter

import orjson
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graph import errors, log

REQUEST_ID = "x-request-id"
ACCEPTED_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")

# A response that needs more says so itself: these are for all that set none of their own.
SECURITY = {
    "content-security-policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
# Over TLS alone: told in the clear it would be nobody's word, and browsers leave it out. The proxy in front says which.
TRANSPORT = {"strict-transport-security": "max-age=63072000"}

RAW_ID = REQUEST_ID.encode()
RawHeaders = tuple[tuple[bytes, bytes], ...]
RAW_SECURITY: RawHeaders = tuple((name.encode(), value.encode()) for name, value in SECURITY.items())
RAW_OVER_TLS = RAW_SECURITY + tuple((name.encode(), value.encode()) for name, value in TRANSPORT.items())


class CutOffError(Exception):
    """A response that broke after its first byte had left: only closing the connection can say so."""


class Envelope:
    """ASGI middleware around the whole application.

    Puts the request id into ``scope["state"]["request_id"]``: the caller's ``x-request-id`` where it is 8 to 64
    letters, digits, dots, hyphens or underscores, else a new one. Headers that a response sets itself stay.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and complete what comes back; anything but HTTP goes through untouched."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(Headers(scope=scope).get(REQUEST_ID))
        scope.setdefault("state", {})["request_id"] = request_id
        started, status, secure = perf_counter(), 0, scope.get("scheme") == "https"

        async def complete(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _complete(message, request_id, RAW_OVER_TLS if secure else RAW_SECURITY)
            await send(message)

        try:
            await self._app(scope, receive, complete)
        except Exception as error:  # noqa: BLE001 - the last fence: the server would log the message
            log.unexpected(error, request_id=request_id)
            if status:
                # Without its cause, which the server would print with the message.
                raise CutOffError from None
            await _fail(complete, request_id)
        finally:
            _record(scope, status, perf_counter() - started, request_id)


def _request_id(given: str | None) -> str:
    return given if given and ACCEPTED_ID.fullmatch(given) else token_hex(16)


def _complete(message: Message, request_id: str, all_have: RawHeaders) -> None:
    headers = [header for header in message["headers"] if header[0] != RAW_ID]
    given = {name for name, _ in headers}
    headers.append((RAW_ID, request_id.encode()))
    headers.extend(header for header in all_have if header[0] not in given)
    message["headers"] = headers


async def _fail(send: Send, request_id: str) -> None:
    body = orjson.dumps({"errors": [errors.masked(request_id)]})
    headers = [(b"content-type", b"application/json; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 500, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _record(scope: Scope, status: int, seconds: float, request_id: str) -> None:
    """Write the access line. A path that leads nowhere is the client's own text, and may hold anything: left out.

    The number of the credential that was used is in it, where one was.
    """
    credential = getattr(scope["state"].get("caller"), "credential", None)
    log.line(
        logging.INFO,
        "request",
        requestId=request_id,
        method=scope["method"],
        path=scope["path"] if "endpoint" in scope and status != 404 else None,  # noqa: PLR2004
        status=status,
        ms=round(seconds * 1000, 1),
        **({} if credential is None else {"credential": credential}),
    )
