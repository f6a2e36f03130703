"""Who sent a request: by a key or a token in its header, by a browser's cookie, or as somebody on this machine."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request

from graph import errors
from graph.hosts import on_this_machine
from graph.issuer import Issuer
from graph.request import Refusal
from resolvers import keys
from resolvers.callers import Caller
from resolvers.errors import TimedOut, Unavailable
from resolvers.keyring import Keyring

COOKIE = "borrowgraph"
CHALLENGE = {"www-authenticate": 'Bearer realm="borrowgraph"'}
HOW = "allowed: Authorization: Bearer and a key of `borrowgraph access issue`, or a browser signed in at /sign-in"


@dataclass(frozen=True)
class Doorkeeper:
    """Tells who sent a request, or refuses it with 401, 403 or 503.

    ``local`` is whom a request without a credential is taken for while no credential was ever issued and there is no
    issuer; None where nobody may call without.
    """

    keyring: Keyring
    issuer: Issuer | None
    local: Caller | None

    async def caller(self, request: Request) -> Caller:
        """Return who sent the request; Refusal where that is nobody who may."""
        check_site(request)
        given = request.headers.getlist("authorization")
        try:
            found = await self._bearer(given) if given else await self._ambient(request)
        except (Unavailable, TimedOut) as problem:
            raise Refusal(503, problem.code, str(problem)) from None
        if found is None:
            raise unauthenticated(
                "The credential is not known, revoked or expired" if given else "No credential is given"
            )
        return found

    async def signed_in(self, request: Request) -> Caller | None:
        """Return who a browser's pages are for; None where it must sign in first. Raises Refusal."""
        try:
            return await self._ambient(request)
        except (Unavailable, TimedOut) as problem:
            raise Refusal(503, problem.code, str(problem)) from None

    async def _bearer(self, given: list[str]) -> Caller | None:
        scheme, _, text = given[0].partition(" ")
        if len(given) > 1 or scheme.lower() != "bearer":
            return None
        text = text.strip()
        if text.startswith(f"{keys.MARK}_"):
            return await self.keyring.of_key(text)
        return await self.issuer.caller(text) if self.issuer else None

    async def _ambient(self, request: Request) -> Caller | None:
        token = request.cookies.get(cookie_name(request.headers.get("host")))
        if token and (found := await self.keyring.of_cookie(token)):
            return found
        if self.local is None or self.issuer or not on_this_machine(request.headers.get("host")):
            return None
        return self.local if await self.keyring.empty() else None


def unauthenticated(reason: str) -> Refusal:
    """Return the refusal of a request that nobody sent who may; it never says which part of a credential was wrong."""
    return Refusal(401, errors.UNAUTHENTICATED, f"{reason}; {HOW}.", CHALLENGE)


def check_site(request: Request) -> None:
    """Refuse what another site made a browser send.

    Browsers say so themselves, by Sec-Fetch-Site or at least by Origin; other clients send neither.
    """
    if cross_site(request.headers):
        reason = "The request comes from another site; allowed: pages of this server, and clients that are no browsers."
        raise Refusal(403, "CROSS_SITE", reason)


def cross_site(headers: Mapping[str, str]) -> bool:
    """Whether another site made a browser send a request with these headers."""
    if site := headers.get("sec-fetch-site"):
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and origin.partition("://")[2] != headers.get("host")


def cookie_name(host: str | None) -> str:
    """Return what the cookie is called: a browser takes the longer name over TLS alone, and from no other host."""
    return COOKIE if on_this_machine(host) else f"__Host-{COOKIE}"
