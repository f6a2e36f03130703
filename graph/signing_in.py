"""Signing a browser in and out: a page with one field, a cookie that no script can read, and sessions that end."""

from collections.abc import Awaitable, Callable
from html import escape
from logging import INFO, WARNING
from pathlib import Path
from secrets import token_urlsafe
from string import Template
from urllib.parse import parse_qs, quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from graph import log
from graph.hosts import on_this_machine
from graph.identity import Doorkeeper, check_site, cookie_name
from graph.request import Refusal
from resolvers.callers import Caller, Role
from resolvers.errors import Unavailable

HTML = Template((Path(__file__).parent / "pages" / "sign-in.html").read_text(encoding="utf-8"))
POLICY = "default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
PAGES = ("/graphiql", "/dashboard", "/graphql")
HOME = {Role.DASHBOARD: "/dashboard"}  # where somebody goes who was going nowhere; others to the first of the pages
HOURS = 8
LONGEST_FORM = 4096

FORM = """<p>Every loan of a borrower, month by month; and how late the market pays.</p>
{alert}
<form method="post" action="/sign-in">
<input type="hidden" name="next" value="{next}">
<label for="key">Your key</label>
<input id="key" name="key" type="password" autocomplete="off" spellcheck="false" placeholder="bgk_…"
    aria-describedby="where" required autofocus>
<button>Sign in</button>
</form>
<p id="where" class="note">Whoever runs this service gives keys out (<code>borrowgraph access issue</code>;
<code>make run</code> prints those of the demo). This browser stays signed in for {hours} hours; the key itself is not
kept.</p>"""
ALERT = '<p role="alert">{text}</p>'
SIGNED_IN = """<p>Signed in as {name}, role {role}{institution}.</p>
<p>You may read {sees}.</p>
<p class="doors"><a href="/dashboard">Dashboard</a> <a href="/graphiql">GraphiQL</a></p>
<form method="post" action="/sign-out"><button class="quiet">Sign out</button></form>"""
SEES = {
    Role.INSTITUTION: "persons, for a purpose; of lenders yourself; the published figures, and your own",
    Role.ANALYST: "persons by subject key, for modelling or supervision, without their lenders; the published figures",
    Role.DASHBOARD: "the published figures; no person",
    Role.ASSOCIATION: "persons, for a purpose; all lenders and all figures",
}

Page = Callable[[Request], Awaitable[Response]]


def routes(door: Doorkeeper) -> list[Route]:
    """Return the addresses at which browsers sign in and out."""

    async def show(request: Request) -> Response:
        caller = await door.signed_in(request)
        return _page(_standing(caller)) if caller else _page(_form(_next(request.query_params.get("next"))))

    async def sign_in(request: Request) -> Response:
        check_site(request)
        fields = await _fields(request)
        onward = _next(fields.get("next"))
        caller = await door.keyring.of_key(fields.get("key", "").strip())
        token = None if caller is None else await door.keyring.sign_in(caller)
        if caller is None or token is None:
            log.line(WARNING, "sign_in_refused", requestId=request.state.request_id)
            return _page(_form(onward, "This key is not known, revoked or expired."), 401)
        log.line(INFO, "sign_in", requestId=request.state.request_id, credential=caller.credential)
        response = RedirectResponse(onward or HOME.get(caller.role, PAGES[0]), 303)
        host = request.headers.get("host")
        response.set_cookie(
            cookie_name(host), token, max_age=HOURS * 3600, secure=not on_this_machine(host), httponly=True,
            samesite="strict",
        )  # fmt: skip
        return response

    async def sign_out(request: Request) -> Response:
        check_site(request)
        host = request.headers.get("host")
        if token := request.cookies.get(cookie_name(host)):
            await door.keyring.sign_out(token)
        response = RedirectResponse("/sign-in", 303)
        response.delete_cookie(cookie_name(host), secure=not on_this_machine(host), httponly=True, samesite="strict")
        return response

    return [
        Route("/sign-in", _explained(show), methods=["GET"]),
        Route("/sign-in", _explained(sign_in), methods=["POST"]),
        Route("/sign-out", _explained(sign_out), methods=["POST"]),
    ]


def guarded(door: Doorkeeper, page: Page) -> Page:
    """Return a page that sends a browser to sign in first; it comes back after."""

    async def respond(request: Request) -> Response:
        if await door.signed_in(request) is None:
            query = f"?{request.url.query}" if request.url.query else ""
            return RedirectResponse(f"/sign-in?next={quote(request.url.path + query, safe='')}", 303)
        return await page(request)

    return _explained(respond)


def _explained(page: Page) -> Page:
    async def respond(request: Request) -> Response:
        try:
            return await page(request)
        except Refusal as reason:
            return PlainTextResponse(f"{reason}\n", reason.status)
        except Unavailable as problem:
            return PlainTextResponse(f"{problem}\n", 503)

    return respond


async def _fields(request: Request) -> dict[str, str]:
    """Read the form; the last of fields given twice counts."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_FORM:
            raise Refusal(
                413, "PAYLOAD_TOO_LARGE", f"The form is larger than {LONGEST_FORM:,} bytes, the most allowed."
            )
    found = parse_qs(body.decode("utf-8", "replace"), max_num_fields=10)
    return {name: values[-1] for name, values in found.items()}


def _next(given: str | None) -> str:
    """Return where to go after: a page of ours, or nothing where no such was given."""
    path, _, query = (given or "").partition("?")
    return str(given) if path in PAGES and query.isascii() and query.isprintable() else ""


def _form(onward: str, alert: str = "") -> str:
    return FORM.format(alert=ALERT.format(text=escape(alert)) if alert else "", next=escape(onward), hours=HOURS)


def _standing(caller: Caller) -> str:
    institution = f" of {escape(caller.institution)}" if caller.institution else ""
    return SIGNED_IN.format(name=escape(caller.name), role=caller.role, institution=institution, sees=SEES[caller.role])


def _page(content: str, status: int = 200) -> Response:
    nonce = token_urlsafe(18)
    headers = {
        "content-security-policy": POLICY.format(nonce=nonce),
        # Without its referrer a browser would not say which site a form comes from.
        "referrer-policy": "same-origin",
    }
    return Response(HTML.substitute(nonce=nonce, content=content), status, headers, "text/html")
