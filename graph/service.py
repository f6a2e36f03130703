"""The service: the application as the settings configure it, one snapshot a request, and the serving of it."""

import asyncio
import gc
import os
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from hashlib import sha256
from pathlib import Path
from time import monotonic
from typing import TypeVar

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from uvicorn.supervisors import Multiprocess

from graph import log
from graph.accounts import Accounts
from graph.admission import Admission
from graph.app import application
from graph.context import Context
from graph.hosts import loopback
from graph.identity import Doorkeeper
from graph.issuer import Issuer
from graph.limits import Limits
from graph.pages import serving
from graph.schema import executed_by
from graph.settings import NOBODY, Settings, SettingsError, read
from graph.tokens import sealing
from graph.trusted import TrustedDocuments
from resolvers.callers import local
from resolvers.database import Database
from resolvers.disclosure import Viewer
from resolvers.documents import Registry
from resolvers.errors import Problem
from resolvers.keyring import Keyring
from resolvers.loaders import Loaders
from resolvers.logbook import Logbook
from resolvers.publication import Thresholds
from resolvers.readiness import missing
from resolvers.rotation import Rotation
from resolvers.standing import Standing
from resolvers.trail import Trail

# A large answer makes tens of thousands of objects, none of them in circles: at Python's own 700, 10, 10 the collector
# took a twelfth of the time of 100 borrowers' months, at 10,000 still a tenth where several are answered at once.
COLLECT = (50_000, 20, 20)


Opened = TypeVar("Opened")


class ServeError(Exception):
    """The service cannot start: its address cannot be had, or its database is not ready."""


def serve(settings: Settings, host: str, port: int, workers: int, say: Callable[[str], None]) -> None:
    """Serve until a signal ends it; ``say`` gets the addresses once they are listened to.

    Raises ServeError, and SettingsError for an address beyond this machine while nobody has a credential.
    """
    configured(settings)
    guarded = asyncio.run(_check(settings)) or settings.trust is not None
    if not loopback(host):
        if not guarded:
            raise SettingsError(
                f"--host={host!r}: nobody has a credential, so allowed is this machine alone, as 127.0.0.1 or ::1; "
                "`borrowgraph access issue` makes a credential, BORROWGRAPH_JWT_ISSUER takes another's"
            )
        # Whatever becomes of the credentials, nobody calls without from beyond this machine.
        os.environ["BORROWGRAPH_ROLE"] = NOBODY
    # No access log of uvicorn's: its lines hold the query string, which can hold an identity number.
    config = uvicorn.Config(
        "graph.service:create", factory=True, host=host, port=port, workers=workers, log_config=None, access_log=False,
        server_header=False, timeout_graceful_shutdown=settings.statement_seconds,
    )  # fmt: skip
    taken = listener(host, port)
    address = f"http://{f'[{host}]' if ':' in host else host}:{taken.getsockname()[1]}"
    pages = f"Dashboard {address}/dashboard\nGraphiQL  {address}/graphiql"
    say(f"{pages}\nGraphQL   {address}/graphql\nHealth    {address}/health/ready\nCtrl-C stops it.")
    with suppress(KeyboardInterrupt):  # uvicorn ends in good order, then raises it again
        if workers == 1:
            uvicorn.Server(config).run(sockets=[taken])
        else:
            Multiprocess(config, sockets=[taken]).run()


async def _check(settings: Settings) -> bool:
    """Return whether anybody has a credential; ServeError where the database is not ready."""
    usable = False
    try:
        async with _database(settings) as database:
            reason = await missing(database)
            if not reason:
                in_rotation = Rotation(settings.secrets)
                in_rotation.database = database
                await in_rotation.secrets()
                usable = await Keyring(database).usable()
    except Problem as problem:
        reason = f"{problem} {problem.__cause__ or ''}"
    if reason:
        raise ServeError(f"the database is not ready: {reason.strip()}")
    return usable


def _database(settings: Settings, connections: int | None = None) -> AbstractAsyncContextManager[Database]:
    url, most = settings.reader_url or settings.database_url or "", connections or settings.connections
    return Database.connect(url, connections=most, statement_seconds=settings.statement_seconds)


def listener(host: str, port: int) -> socket.socket:
    """Return the socket that is listened to; ServeError where the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        taken = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise ServeError(
            f"cannot listen on {host}, port {port}: {os.strerror(error.errno or 0)}; name another with --port"
        ) from None
    taken.set_inheritable(True)  # worker processes take it over
    # asyncio does it for sockets that it makes itself. Without it a body waits 40 ms for the client's word on its head.
    taken.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
    return taken


def create() -> Starlette:
    """Return the application that the environment configures; what uvicorn calls in every worker."""
    log.start()
    gc.set_threshold(*COLLECT)
    return configured(read(os.environ, Path()))


def configured(settings: Settings, clock: Callable[[], float] = monotonic) -> Starlette:
    """Return the application for these settings, which must name a database and a secret.

    ``clock`` gives the seconds by which callers' accounts fill.
    """
    if not (settings.reader_url or settings.database_url) or not settings.secret:
        raise SettingsError("DATABASE_URL and BORROWGRAPH_SECRET are both needed to serve")
    rotation, limits = Rotation(settings.secrets), Limits(settings.window_months, settings.borrower_keys)
    thresholds = Thresholds(settings.suppress_borrowers, settings.suppress_institutions)
    database: Database | None = None
    logbook: Logbook | None = None
    anybody = local(settings.role, settings.asking) if settings.role else None
    door = Doorkeeper(Keyring(), Issuer(settings.trust) if settings.trust else None, anybody)

    def opened(one: Opened | None) -> Opened:
        if one is None:
            raise RuntimeError("the application is not started")
        return one

    accounts = Accounts(settings.quota, clock)
    large = max(1, settings.connections // 3)
    admission = Admission(accounts, lambda: opened(door.keyring.database), settings.request_seconds, large)

    @asynccontextmanager
    async def context(request: Request) -> AsyncIterator[Context]:
        caller, secrets = request.state.caller, await rotation.secrets()
        async with admission.of(caller) as allowance, opened(database).reading() as reading:
            loaders = Loaders(reading, time_zone=settings.time_zone, viewer=Viewer(caller, thresholds))
            asked = sha256(request.state.document.encode("utf-8", "replace")).digest()
            trail = Trail(opened(logbook), request.state.request_id, caller, asked, secrets.version)
            yield Context(loaders, sealing(secrets), limits, secrets, caller, trail, allowance)
            await trail.written()

    async def ready() -> tuple[bool, Mapping[str, object]]:
        try:
            reason = await missing(opened(database))
            await rotation.secrets()
        except Problem as problem:
            reason = str(problem)
        return not reason, {"reason": reason} if reason else {}

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        nonlocal database, logbook
        async with (
            _database(settings) as database,
            _database(settings) as log_database,
            _database(settings, connections=1) as door.keyring.database,
        ):
            logbook = Logbook(log_database)
            rotation.database = door.keyring.database
            yield
            await door.keyring.close()

    schema, registry = executed_by(settings.executor, settings.bounds, limits, settings.introspecting), Registry()
    documents = Standing(lambda: registry.read(opened(door.keyring.database)), clock)
    trusted = TrustedDocuments(settings.trusted, documents.known, serving.documents(), schema.introspects_only)
    return application(
        schema, context, ready, limit=settings.body_bytes, lifespan=lifespan, door=door, trusted=trusted,
        suggests=settings.suggested,
    )  # fmt: skip
