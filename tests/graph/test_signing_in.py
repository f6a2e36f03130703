"""A person at a browser: sent to sign in, back to where they were going, and out again."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.conftest import Running, started
from tests.graph.browsing import Visited
from tests.issuing import issue


@pytest.fixture
def visited(browser: Browser) -> Iterator[Visited]:
    """Give a page in a browser that nobody used."""
    context = browser.new_context()
    context.set_default_timeout(30_000)
    yield Visited(context.new_page())
    context.close()


@pytest.fixture
def guarded(create: Callable[[str], str], demo_template: str, tmp_path: Path) -> Iterator[tuple[Running, str]]:
    """Give a service that wants credentials, and a key of the association's."""
    url = create(demo_template)
    key = issue(url, "ASSOCIATION")
    with started(url, tmp_path) as running:
        yield running, key


def test_person_signs_in_where_they_were_going_and_out_again(guarded: tuple[Running, str], visited: Visited) -> None:
    (server, key), page = guarded, visited.page

    page.goto(f"{server.url}/dashboard?last=P12M")
    expect(page).to_have_url(f"{server.url}/sign-in?next=%2Fdashboard%3Flast%3DP12M")
    page.get_by_label("Your key").fill(key)
    page.get_by_role("button", name="Sign in").click()

    expect(page).to_have_url(f"{server.url}/dashboard?last=P12M")
    expect(page.locator("svg[role=img]").first).to_be_visible()
    page.goto(f"{server.url}/graphiql")
    expect(page.get_by_role("button", name="Execute query")).to_be_visible()
    assert page.evaluate("document.cookie") == ""
    assert all(key not in address for address in visited.asked)
    assert visited.complaints == []

    page.goto(f"{server.url}/sign-in")
    expect(page.get_by_text("Signed in as test association, role ASSOCIATION.")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{server.url}/dashboard")
    expect(page.get_by_label("Your key")).to_be_visible()


def test_person_with_a_wrong_key_is_told_so_and_may_try_again(guarded: tuple[Running, str], visited: Visited) -> None:
    (server, key), page = guarded, visited.page

    page.goto(f"{server.url}/sign-in?next=/graphiql")
    page.get_by_label("Your key").fill("bgk_wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("This key is not known, revoked or expired.")
    page.get_by_label("Your key").fill(key)
    page.get_by_role("button", name="Sign in").click()

    expect(page).to_have_url(f"{server.url}/graphiql")


def test_person_going_nowhere_comes_to_the_page_of_their_role(
    create: Callable[[str], str], demo_template: str, tmp_path: Path, visited: Visited
) -> None:
    url, page = create(demo_template), visited.page
    key = issue(url, "DASHBOARD")
    with started(url, tmp_path) as server:
        page.goto(f"{server.url}/sign-in")
        page.get_by_label("Your key").fill(key)
        page.get_by_role("button", name="Sign in").click()

        expect(page).to_have_url(f"{server.url}/dashboard")
        page.get_by_role("link", name="Account").click()
        expect(page.get_by_text("You may read the published figures; no person.")).to_be_visible()


def test_page_of_another_site_cannot_use_the_session(guarded: tuple[Running, str], visited: Visited) -> None:
    (server, key), page = guarded, visited.page
    page.goto(f"{server.url}/sign-in")
    page.get_by_label("Your key").fill(key)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{server.url}/graphiql")

    # A document without an address of its own is another site to every server.
    page.goto("data:text/html,<p>elsewhere</p>")
    asked = page.evaluate(
        """async url => {
            const send = extra => fetch(url, {credentials: 'include', ...extra})
            const answers = await Promise.allSettled([
                send({}),
                send({method: 'POST', mode: 'no-cors', body: '{"query": "{ __typename }"}'}),
                send({method: 'POST', headers: {'content-type': 'application/json'}, body: '{}'}),
            ])
            return answers.map(one => one.status === 'fulfilled' ? one.value.type : 'failed')
        }""",
        f"{server.url}/graphql?query=%7B__typename%7D",
    )

    assert set(asked) <= {"failed", "opaque"}
