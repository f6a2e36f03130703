"""GraphiQL in a real browser: its examples run, nothing leaves for elsewhere, nothing of a query stays behind."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from graphql import build_schema, parse, validate
from playwright.sync_api import Browser

from tests.graph.browsing import Visited

CHECKOUT = Path(__file__).parents[2]
EXAMPLES = CHECKOUT / "graph" / "pages" / "graphiql" / "examples"
OPERATIONS = [
    "ScreenAnApplicant",
    "LoansMonthByMonth",
    "WatchAPortfolio",
    "BorrowerByDocument",
    "CoverageAndInstitutions",
]
TYPED = "110101199003074477"
LEFT_BEHIND = """async () => JSON.stringify({
  local: { ...localStorage }, session: { ...sessionStorage }, cookies: document.cookie, history: history.state,
  databases: await indexedDB.databases(), caches: await caches.keys(), name: window.name,
})"""
NOTHING = '{"local":{},"session":{},"cookies":"","history":null,"databases":[],"caches":[],"name":""}'


class Server(Protocol):
    """A running application."""

    url: str


class Visit(Visited):
    """A visit to GraphiQL."""

    def open(self, address: str) -> None:
        """Open GraphiQL and wait for its editor and its first tab's text."""
        self.page.goto(address)
        self.page.locator(".graphiql-query-editor .view-line", has_text="query").first.wait_for()

    def run(self, operation: str) -> dict[str, Any]:
        """Choose an example's tab, run it, and return the answer once it shows in the page."""
        self.page.get_by_role("tab", name=operation).click()
        self.page.locator(".graphiql-query-editor .view-line", has_text=operation).wait_for()
        with self.page.expect_response(lambda response: operation in (response.request.post_data or "")) as asked:
            self.page.locator("button.graphiql-execute-button").click()
        self.page.locator(".graphiql-response .view-line", has_text='"data"').wait_for()
        answer: dict[str, Any] = asked.value.json()
        return answer


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    yield Visit(context.new_page())
    context.close()


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.graphql")), ids=lambda path: path.stem)
def test_example_fits_the_schema_and_opens_with_a_question(path: Path) -> None:
    schema = build_schema((CHECKOUT / "schema.graphql").read_text())
    text = path.read_text()

    assert validate(schema, parse(text)) == []
    assert "?\n" in text.partition("query")[0]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_graphiql_running_an_example_shows_data_and_asks_only_its_own_server(
    server: Server, visit: Visit, operation: str
) -> None:
    visit.open(f"{server.url}/graphiql")

    answer = visit.run(operation)

    assert "errors" not in answer
    assert all(answer["data"].values())
    assert visit.complaints == []
    assert {address for address in visit.asked if not address.startswith(f"{server.url}/")} == set()


def test_graphiql_after_a_query_has_nothing_of_it_in_address_history_or_storage(server: Server, visit: Visit) -> None:
    visit.open(f"{server.url}/graphiql")
    before = visit.page.evaluate("history.length")

    visit.run("BorrowerByDocument")

    assert visit.page.url == f"{server.url}/graphiql"
    assert visit.page.evaluate("history.length") == before
    assert visit.page.evaluate(LEFT_BEHIND) == NOTHING


def test_graphiql_reloaded_has_forgotten_what_was_typed(server: Server, visit: Visit) -> None:
    visit.open(f"{server.url}/graphiql")
    visit.page.locator(".graphiql-query-editor .view-line").first.click()
    visit.page.keyboard.press("Control+A")
    visit.page.keyboard.type(f"# {TYPED}")
    visit.page.locator(".graphiql-query-editor .view-line", has_text=TYPED).wait_for()

    visit.open(f"{server.url}/graphiql")

    assert visit.page.get_by_text(TYPED).count() == 0
    assert visit.page.evaluate(LEFT_BEHIND) == NOTHING


def test_graphiql_theme_chosen_once_is_kept(server: Server, visit: Visit) -> None:
    visit.open(f"{server.url}/graphiql")
    visit.page.get_by_role("button", name="Open settings dialog").click()
    visit.page.get_by_role("button", name="Dark").click()

    visit.open(f"{server.url}/graphiql")

    assert visit.page.locator("body.graphiql-dark").count() == 1


def test_graphql_opened_by_a_browser_is_graphiql_with_its_documentation(server: Server, visit: Visit) -> None:
    visit.open(f"{server.url}/graphql")

    visit.page.get_by_role("button", name="Show Documentation Explorer").click()
    visit.page.locator(".graphiql-doc-explorer").get_by_text("Query", exact=True).click()

    visit.page.locator(".graphiql-doc-explorer").get_by_text("coverage").first.wait_for()
    assert visit.page.title() == "Borrowgraph · GraphiQL"
    assert visit.complaints == []
