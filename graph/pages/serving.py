"""Serves the built pages: each with a Content-Security-Policy of its own, their files cached for good."""

import os
from http import HTTPStatus
from pathlib import Path
from secrets import token_urlsafe

import orjson
from starlette.responses import PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

DIST = Path(__file__).parent / "dist"
NONCE = "%CSP_NONCE%"
MISSING = "This page is not built yet. `make pages` builds it; then reload.\n"

# Everything from this server and nothing else.
STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# GraphiQL's styles need more; docs/decisions/0005-graphiql-bundle.md says why.
EDITOR = (
    "default-src 'none'; script-src 'self'; style-src-elem 'self' 'nonce-{nonce}'; style-src-attr 'unsafe-inline'; "
    "worker-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
POLICIES = {"graphiql": EDITOR}


def documents(dist: Path = DIST) -> list[str]:
    """Return the documents that the built pages ask: the build writes them down; none where nothing is built."""
    try:
        found: list[str] = orjson.loads((dist / "documents.json").read_bytes())
    except FileNotFoundError:
        return []
    return found


def page(name: str, dist: Path = DIST) -> Response:
    """Return a built page; 503 in plain text where it is not built. Read anew each time: a build needs no restart."""
    try:
        html = (dist / name / "index.html").read_text(encoding="utf-8")
    except FileNotFoundError:
        return PlainTextResponse(MISSING, HTTPStatus.SERVICE_UNAVAILABLE)
    nonce = token_urlsafe(18)
    return Response(
        html.replace(NONCE, nonce),
        media_type="text/html",
        headers={"content-security-policy": POLICIES.get(name, STRICT).format(nonce=nonce)},
    )


class Assets(StaticFiles):
    """The pages' scripts, styles and fonts, for browsers to keep for good: their names change with their content."""

    def __init__(self, dist: Path = DIST) -> None:
        super().__init__(directory=dist / "assets", check_dir=False)

    async def check_config(self) -> None:
        """Accept a folder that is not there yet: its files are simply not found."""

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """Return a file, or that it has not changed, with the header that saves asking again."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["cache-control"] = "public, max-age=31536000, immutable"
        return response
