"""The HTTP application: which address is answered by what."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

import orjson
import strawberry
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from graph import log
from graph.envelope import Envelope
from graph.identity import Doorkeeper
from graph.negotiation import wants_page
from graph.pages import serving
from graph.signing_in import Page, guarded
from graph.signing_in import routes as signing_in
from graph.transport import Context, Transport
from graph.trusted import TrustedDocuments
from resolvers.callers import Role

ADDRESS = "/graphql"

Ready = Callable[[], Awaitable[tuple[bool, Mapping[str, object]]]]
Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]


def application(  # noqa: PLR0913 - everything the application is made of, each once
    schema: strawberry.Schema,
    context: Context,
    ready: Ready,
    *,
    limit: int = 1 << 20,
    lifespan: Lifespan | None = None,
    pages: Path = serving.DIST,
    door: Doorkeeper | None = None,
    trusted: TrustedDocuments | None = None,
    suggests: frozenset[Role] = frozenset(Role),
) -> Starlette:
    """Return the application around a schema.

    ``context`` opens and closes what one request's resolvers share; ``ready`` tells whether requests can be answered,
    and why; ``limit`` is the largest body of a request in bytes; ``lifespan`` surrounds the serving; ``pages`` is where
    the built pages lie; ``door`` tells who sent a request, and everything but the health stays shut without: it is left
    out only where nothing is served but to tests; ``trusted`` knows documents by id; ``suggests`` are the roles that
    are told what they may have meant.
    """
    transport = Transport(schema, context, limit, door.caller if door else None, trusted=trusted, suggests=suggests)

    def page(name: str) -> Page:
        async def respond(_: Request) -> Response:
            return serving.page(name, pages)

        return guarded(door, respond) if door else respond

    endpoint = _Endpoint(transport, page("graphiql"))
    app = Starlette(
        routes=[
            Route("/", _home),
            Route(ADDRESS, endpoint),
            Route("/graphiql", page("graphiql")),
            Route("/dashboard", page("dashboard")),
            *(signing_in(door) if door else ()),
            Mount("/assets", serving.Assets(pages)),
            Route("/health/live", _live),
            Route("/health/ready", _readiness(ready)),
        ],
        middleware=[Middleware(Envelope), Middleware(_Shortcut, endpoint)],
        lifespan=_around(lifespan),
    )
    # A redirect to an address without its last slash would repeat the query string, and what it asks.
    app.router.redirect_slashes = False
    return app


class _Shortcut:
    """ASGI middleware: what is posted to the API goes there past the router, which would compare it with each route."""

    def __init__(self, app: ASGIApp, endpoint: ASGIApp) -> None:
        self._app, self._endpoint = app, endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("method") == "POST" and scope["path"] == ADDRESS and not scope.get("root_path"):
            # As the router says it: the path is one of ours, so that the log may have it.
            scope["endpoint"] = self._endpoint
            await self._endpoint(scope, receive, send)
        else:
            await self._app(scope, receive, send)


class _Endpoint:
    """``/graphql`` as an ASGI application, so that every method comes here: the page for a browser, else the API."""

    def __init__(self, transport: Transport, page: Page) -> None:
        self._transport = transport
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        if request.method == "GET" and wants_page(request.headers.get("accept")) and not request.url.query:
            response = await self._page(request)
            response.headers["vary"] = "accept"
        else:
            response = await self._transport.respond(request)
        await response(scope, receive, send)


async def _home(_: Request) -> Response:
    return RedirectResponse("/graphiql")


async def _live(_: Request) -> Response:
    return _json(200, {"status": "live"})


def _readiness(ready: Ready) -> Callable[[Request], Awaitable[Response]]:
    async def readiness(request: Request) -> Response:
        try:
            able, details = await ready()
        except Exception as error:  # noqa: BLE001 - whatever keeps it from telling keeps it from answering
            log.unexpected(error, request_id=request.state.request_id)
            able, details = False, {}
        return _json(200 if able else 503, {"status": "ready" if able else "unready", **details})

    return readiness


def _json(status: int, body: Mapping[str, object]) -> Response:
    return Response(orjson.dumps(body), status, media_type="application/json")


def _around(inner: Lifespan | None) -> Lifespan:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        asyncio.get_running_loop().set_exception_handler(_forgotten)
        async with inner(app) if inner else nullcontext():
            yield

    return lifespan


def _forgotten(_: asyncio.AbstractEventLoop, details: dict[str, Any]) -> None:
    """Log an exception that no task awaited: asyncio's own handler would write its message."""
    if isinstance(exception := details.get("exception"), BaseException):
        log.unexpected(exception)
