"""The application around the API: addresses, headers, health, pages, and a log that holds nothing of what was asked."""

import asyncio
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import strawberry
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graph import log
from graph.app import application
from graph.envelope import CutOffError, Envelope

Lines = Callable[..., list[dict[str, Any]]]

NUMBER = "110101199003074477"
IMMUTABLE = "public, max-age=31536000, immutable"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@strawberry.type
class Query:
    @strawberry.field
    def hello(self, name: str = "world") -> str:
        return f"hello {name}"

    @strawberry.field
    def broken(self) -> str:
        raise LookupError(NUMBER)

    @strawberry.field
    async def forgetful(self) -> str:
        async def fail() -> None:
            raise LookupError(NUMBER)

        task = asyncio.create_task(fail())
        await asyncio.wait({task})
        return "done"


@asynccontextmanager
async def _context(_: Request) -> AsyncIterator[None]:
    yield None


async def _ready() -> tuple[bool, dict[str, object]]:
    return True, {"database": "answers"}


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    for name in ("graphiql", "dashboard"):
        (tmp_path / name).mkdir()
        html = '<script nonce="%CSP_NONCE%" src="/assets/page-1a2b.js"></script>'
        (tmp_path / name / "index.html").write_text(html)
    (tmp_path / "assets" / "page-1a2b.js").write_text("0")
    return tmp_path


@pytest.fixture
def app(pages: Path) -> Starlette:
    return application(strawberry.Schema(Query), _context, _ready, pages=pages)


def ask(app: ASGIApp, method: str, address: str, **options: Any) -> httpx.Response:
    async def request() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
            return await client.request(method, address, **options)

    return asyncio.run(request())


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/", 307),
        ("GET", "/graphql?query={hello}", 200),
        ("GET", "/graphql", 400),
        ("PUT", "/graphql", 405),
        ("GET", "/graphiql", 200),
        ("GET", "/dashboard", 200),
        ("POST", "/dashboard", 405),
        ("GET", "/assets/page-1a2b.js", 200),
        ("GET", "/assets/other.js", 404),
        ("GET", "/assets/../index.html", 404),
        ("GET", "/assets/%2e%2e/index.html", 404),
        ("GET", "/health/live", 200),
        ("GET", "/health/ready", 200),
        ("POST", "/health/live", 405),
        ("GET", "/graphql/", 404),
        ("GET", "/nowhere", 404),
    ],
)
def test_response_at_every_address_carries_request_id_and_security_headers(
    app: Starlette, method: str, address: str, status: int
) -> None:
    response = ask(app, method, address)

    assert response.status_code == status
    assert len(response.headers["x-request-id"]) == 32
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert response.headers["cross-origin-resource-policy"] == "same-origin"
    assert response.headers["cross-origin-opener-policy"] == "same-origin"
    assert "geolocation=()" in response.headers["permissions-policy"]
    assert "access-control-allow-origin" not in response.headers
    assert response.headers["cache-control"] == ("no-store" if "page-1a2b" not in address else IMMUTABLE)


@pytest.mark.parametrize("given", ["abcdefgh", "A.b-c_9" * 9, "7f44a3ae6c644530838217566883c517"])
def test_request_id_that_is_well_formed_is_kept(app: Starlette, given: str) -> None:
    assert ask(app, "GET", "/health/live", headers={"x-request-id": given}).headers["x-request-id"] == given


@pytest.mark.parametrize("given", ["", "short", "x" * 65, "with space", 'quo"te..', "abcdefgh\xff"])
def test_request_id_that_is_not_well_formed_is_replaced(app: Starlette, given: str) -> None:
    response = ask(app, "GET", "/health/live", headers=[(b"x-request-id", given.encode("latin-1"))])

    assert response.headers["x-request-id"] != given
    assert len(response.headers["x-request-id"]) == 32


def test_access_line_has_method_path_status_and_id_and_no_query(app: Starlette, lines: Lines) -> None:
    response = ask(app, "GET", f'/graphql?query={{hello(name:"{NUMBER}")}}')

    (line,) = lines()
    assert NUMBER in response.text
    assert list(line) == ["time", "level", "event", "requestId", "method", "path", "status", "ms"]
    assert (line["event"], line["method"], line["path"], line["status"]) == ("request", "GET", "/graphql", 200)
    assert line["requestId"] == response.headers["x-request-id"]


@pytest.mark.parametrize("address", [f"/{NUMBER}", f"/graphql%3Fnumber={NUMBER}", f"/assets/{NUMBER}"])
def test_access_line_of_an_address_that_leads_nowhere_has_no_path(app: Starlette, lines: Lines, address: str) -> None:
    ask(app, "GET", address)

    (line,) = lines()
    assert (line["status"], line["path"]) == (404, None)


def test_home_leads_to_graphiql(app: Starlette) -> None:
    assert ask(app, "GET", "/").headers["location"] == "/graphiql"


def test_graphql_opened_by_a_browser_is_the_page(app: Starlette) -> None:
    response = ask(app, "GET", "/graphql", headers={"accept": BROWSER})

    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["vary"] == "accept"


def test_graphql_opened_by_a_browser_with_a_query_is_the_answer(app: Starlette) -> None:
    response = ask(app, "GET", "/graphql?query={hello}", headers={"accept": BROWSER})

    assert response.json() == {"data": {"hello": "hello world"}}


def test_page_has_a_new_nonce_each_time_in_markup_and_policy(app: Starlette) -> None:
    first, second = ask(app, "GET", "/graphiql"), ask(app, "GET", "/graphiql")

    for response in (first, second):
        nonce = response.text.partition('nonce="')[2].partition('"')[0]
        assert len(nonce) == 24
        assert f"style-src-elem 'self' 'nonce-{nonce}'" in response.headers["content-security-policy"]
    assert first.text != second.text


def test_page_policy_allows_scripts_of_this_server_only(app: Starlette) -> None:
    policy = ask(app, "GET", "/graphiql").headers["content-security-policy"]
    directives = dict(directive.split(" ", 1) for directive in policy.split("; "))

    assert directives["script-src"] == directives["connect-src"] == directives["worker-src"] == "'self'"
    assert not [source for source in policy.split() if source.startswith(("http", "*", "blob", "'unsafe-eval"))]


def test_dashboard_policy_has_no_exception_at_all(app: Starlette) -> None:
    policy = ask(app, "GET", "/dashboard").headers["content-security-policy"]

    assert {source for source in policy.split() if source.startswith("'")} == {"'none';", "'self';", "'none'"}
    assert "unsafe" not in policy
    assert "nonce" not in policy


def test_page_that_is_not_built_is_503_and_says_what_builds_it(tmp_path: Path) -> None:
    app = application(strawberry.Schema(Query), _context, _ready, pages=tmp_path / "dist")

    response = ask(app, "GET", "/graphiql")

    assert response.status_code == 503
    assert response.headers["content-type"].startswith("text/plain")
    assert "make pages" in response.text
    assert ask(app, "GET", "/assets/page.js").status_code == 404


def test_asset_that_the_browser_has_is_not_sent_again(app: Starlette) -> None:
    address = "/assets/page-1a2b.js"
    etag = ask(app, "GET", address).headers["etag"]

    response = ask(app, "GET", address, headers={"if-none-match": etag})

    assert (response.status_code, response.headers["cache-control"]) == (304, IMMUTABLE)


def test_readiness_that_is_not_given_is_503_with_its_details() -> None:
    async def unready() -> tuple[bool, dict[str, object]]:
        return False, {"migrations": "2 of 3"}

    response = ask(application(strawberry.Schema(Query), _context, unready), "GET", "/health/ready")

    assert response.status_code == 503
    assert response.json() == {"status": "unready", "migrations": "2 of 3"}


def test_readiness_that_fails_is_503_and_logged_without_its_message(lines: Lines) -> None:
    async def failing() -> tuple[bool, dict[str, object]]:
        raise LookupError(NUMBER)

    response = ask(application(strawberry.Schema(Query), _context, failing), "GET", "/health/ready")

    assert (response.status_code, response.json()) == (503, {"status": "unready"})
    assert [line["event"] for line in lines()] == ["unexpected_error", "request"]
    assert NUMBER not in str(lines())


def test_envelope_around_what_fails_before_it_answers_gives_a_masked_500(lines: Lines) -> None:
    async def failing(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise LookupError(NUMBER)

    response = ask(Envelope(failing), "GET", "/")

    (error,) = response.json()["errors"]
    assert response.status_code == 500
    assert error["extensions"] == {"code": "INTERNAL", "requestId": response.headers["x-request-id"]}
    assert "content-security-policy" in response.headers
    assert [line["event"] for line in lines()] == ["unexpected_error", "request"]
    assert NUMBER not in str(lines())


def test_envelope_around_what_fails_while_it_answers_cuts_off_without_the_message() -> None:
    async def failing(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise LookupError(NUMBER)

    with pytest.raises(CutOffError) as caught:
        ask(Envelope(failing), "GET", "/")

    assert caught.value.__suppress_context__


def test_envelope_around_anything_but_http_is_not_there() -> None:
    seen = []

    async def inner(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope)

    async def nothing() -> Message:
        return {}

    async def ignore(_: Message) -> None:
        pass

    asyncio.run(Envelope(inner)({"type": "lifespan"}, nothing, ignore))

    assert seen == [{"type": "lifespan"}]


@pytest.fixture
def process(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Run this module, a real server, in a process of its own: give its address, and the file of what it writes."""
    output = tmp_path / "output"
    with (
        output.open("w") as sink,
        subprocess.Popen([sys.executable, __file__], stdout=subprocess.PIPE, stderr=sink, text=True) as server,
    ):
        assert server.stdout
        yield f"http://127.0.0.1:{server.stdout.readline().strip()}", output
        server.terminate()
        server.wait(20)


def told(output: Path, requests: int) -> str:
    """Return what was written, once so many requests are logged: the last one's line may come after its answer."""
    end = time.monotonic() + 20
    while (written := output.read_text()).count('"event":"request"') < requests:
        assert time.monotonic() < end, written
        time.sleep(0.05)
    return written


def test_server_whose_fields_fail_writes_no_identity_number_anywhere(process: tuple[str, Path]) -> None:
    address, output = process
    queries = ["{ broken }", "{ forgetful }", f'{{ hello(name: "{NUMBER}", age: {NUMBER}) }}', f"{{ {NUMBER}"]

    with httpx.Client(base_url=address, transport=httpx.HTTPTransport(retries=5)) as client:
        for query in queries:
            client.post("/graphql", json={"query": query, "variables": {"number": NUMBER}})
            client.get("/graphql", params={"query": query})
        client.get(f"/{NUMBER}")

    written = told(output, 2 * len(queries) + 1)
    assert written.count('"event":"request"') == 2 * len(queries) + 1
    assert written.count('"event":"unexpected_error"') >= 3
    assert NUMBER not in written


def _serve() -> None:
    """Serve this module's application on a port that the system hands out, and print the port."""
    log.start()
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)  # noqa: T201 - read by the fixture
    app = application(strawberry.Schema(Query), _context, _ready)
    uvicorn.Server(uvicorn.Config(app, access_log=False)).run(sockets=[listener])


if __name__ == "__main__":
    _serve()
