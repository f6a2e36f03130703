"""The dashboard in a real browser: what it shows is what the API answers, for whoever reads it, however they do."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from graphql import build_schema, parse, validate
from playwright.sync_api import Browser, Locator, expect

from tests.conftest import Running, started
from tests.graph.browsing import Visited

CHECKOUT = Path(__file__).parents[2]
FIGURES = ("trend", "buckets", "vintages", "rolls", "lenders")
UNNAMED = """() => [...document.querySelectorAll('button, a, select, input, progress, svg[role], [role=region], table')]
    .filter(one => !(one.ariaLabel || one.innerText?.trim() || one.caption?.textContent
        || [...one.labels ?? []].some(label => label.innerText.trim())))
    .map(one => one.outerHTML.slice(0, 200))"""
# The text of an element against the nearest ground behind it, after WCAG 2; any colour syntax, so a canvas reads it.
FAINT = """() => {
    const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const read = color => {
        pen.clearRect(0, 0, 1, 1); pen.fillStyle = color; pen.fillRect(0, 0, 1, 1);
        return [...pen.getImageData(0, 0, 1, 1).data];
    };
    const light = color => read(color).slice(0, 3).map(part => part / 255)
        .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
        .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
    const ground = one => {
        const color = getComputedStyle(one).backgroundColor;
        return read(color)[3] > 0 || !one.parentElement ? color : ground(one.parentElement);
    };
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = new Set();
    while (texts.nextNode()) {
        const one = texts.currentNode.parentElement;
        if (!texts.currentNode.textContent.trim() || one.closest('.hidden, [disabled], option, noscript')) continue;
        const style = getComputedStyle(one);
        const [dim, bright] = [light(one instanceof SVGElement ? style.fill : style.color), light(ground(one))].sort();
        if ((bright + 0.05) / (dim + 0.05) < 4.5) found.add(one.outerHTML.slice(0, 120));
    }
    return [...found];
}"""


class Visit(Visited):
    """A visit to the dashboard."""

    def open(self, address: str) -> None:
        self.page.goto(address)
        self.settled()

    def settled(self) -> None:
        """Wait until what was asked is answered and shown."""
        expect(self.page.locator("main[aria-busy=false], main.alert")).to_be_visible(timeout=30_000)
        expect(self.page.get_by_role("progressbar")).to_have_count(0)
        # A chart is drawn once it knows its width, a frame after its place is there.
        expect(self.page.locator(".chart:not(:has(> svg))")).to_have_count(0)

    def figure(self, name: str) -> Locator:
        return self.page.locator(f"[data-figure={name}]")

    def csv(self, name: str) -> list[dict[str, str]]:
        """Download a figure's CSV and read it."""
        with self.page.expect_download() as download:
            self.figure(name).get_by_role("button", name="CSV").click()
        assert download.value.suggested_filename == f"borrowgraph-{name}.csv"
        return list(csv.DictReader(io.StringIO(download.value.path().read_bytes().decode(), newline=""), strict=True))


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    yield Visit(context.new_page())
    context.close()


@pytest.fixture(scope="module")
def server(demo_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Give the service on the demo to those who see only what is published."""
    with started(demo_url, tmp_path_factory.mktemp("server"), role="DASHBOARD") as running:
        yield running


def ask(server: Running, document: str) -> dict[str, Any]:
    """Ask the API by a document of the test's own."""
    answer: dict[str, Any] = httpx.post(f"{server.url}/graphql", json={"query": document}, timeout=60).json()
    portfolio: dict[str, Any] = answer["data"]["portfolio"]
    return portfolio


def same(text: str, value: float | str | None) -> bool:
    """Compare numbers as numbers: 1e-05 and 0.00001 are one."""
    return float(text) == value if isinstance(value, (int, float)) else text == (value or "")


def test_dashboard_first_seen_shows_every_figure_and_asks_only_its_own_server_once(
    server: Running, visit: Visit
) -> None:
    visit.open(f"{server.url}/dashboard")

    for name in FIGURES:
        assert visit.figure(name).locator("svg[role=img], table, .instead").count() > 0
    assert visit.page.title().startswith("Delinquency of the industry")
    assert visit.complaints == []
    assert {address for address in visit.asked if not address.startswith(f"{server.url}/")} == set()
    assert visit.asked.count(f"{server.url}/graphql") == 1


def test_dashboard_headline_has_the_rates_and_changes_of_the_api(server: Running, visit: Visit) -> None:
    rates = "over30Rate over60Rate over90Rate"
    series = ask(server, f'{{ portfolio {{ delinquency(window: {{ last: "P13M" }}) {{ points {{ {rates} }} }} }} }}')
    points = series["delinquency"][0]["points"]

    visit.open(f"{server.url}/dashboard")

    for rate in rates.split():
        tile = visit.figure("headline").locator("li", has=visit.page.locator(f"[data-rate={rate}]"))
        expect(tile.locator("strong")).to_have_text(f"{points[-1][rate]:.2%}")
        for back in (1, 12):
            change = round((points[-1][rate] - points[-1 - back][rate]) * 10_000) / 100
            expect(tile.locator(f"[data-since='{back}']")).to_contain_text(f"{change:+.2f}" if change else "0.00")


def test_dashboard_groups_have_what_changed_since_the_period_and_the_year_before(server: Running, visit: Visit) -> None:
    rates = ("over30Rate", "over60Rate", "over90Rate")
    series = ask(
        server,
        f"""{{ portfolio {{ delinquency(window: {{ last: "P24M" }}, every: QUARTER, by: INSTITUTION_KIND) {{
            key points {{ period suppressed {" ".join(rates)} }}
        }} }} }}""",
    )["delinquency"]
    shown = {one["key"]: one["points"] for one in series if not any(point["suppressed"] for point in one["points"])}

    visit.open(f"{server.url}/dashboard?every=QUARTER&by=INSTITUTION_KIND")

    assert shown
    for key, points in shown.items():
        for months, quarters in ((3, 1), (12, 4)):
            cells = visit.figure("trend").locator(f"[data-group={key}] [data-since='{months}'] td")
            for place, rate in enumerate(rates):
                change = round((points[-1][rate] - points[-1 - quarters][rate]) * 10_000) / 100
                expect(cells.nth(place)).to_contain_text(f"{change:+.2f}" if change else "0.00")


def test_dashboard_csv_of_every_figure_has_the_values_of_the_api(server: Running, visit: Visit) -> None:
    answer = ask(
        server,
        """{ portfolio(filter: { institutionKinds: [CONSUMER_FINANCE] }) {
          trend: delinquency(window: { last: "P12M" }, every: QUARTER) {
            points { period loans borrowers balance over30Rate over60Rate over90Rate }
          }
          buckets: delinquency(window: { last: "P12M" }, every: QUARTER) { points { period buckets { bucket share } } }
          vintages(opened: { last: "P12M" }, every: QUARTER, daysPastDue: 60) {
            opened loans principal curve { monthOnBook loansReported: loans everRate }
          }
          rolls: rollRates(window: { last: "P12M" }) { from to loans share }
          lenders: lendersPerBorrower(window: { last: "P12M" }, every: QUARTER) {
            period lenders borrowers share over30Rate
          }
        } }""",
    )
    expected = {
        "trend": answer["trend"][0]["points"],
        "buckets": [
            {"period": point["period"]} | {share["bucket"]: share["share"] for share in point["buckets"]}
            for point in answer["buckets"][0]["points"]
        ],
        "vintages": [
            {key: cohort[key] for key in ("opened", "loans", "principal")} | point
            for cohort in answer["vintages"]
            for point in cohort["curve"]
        ],
        "rolls": answer["rolls"],
        "lenders": answer["lenders"],
    }

    visit.open(f"{server.url}/dashboard?last=P12M&every=QUARTER&kind=CONSUMER_FINANCE&over=60")

    assert any(expected.values())
    for name, rows in expected.items():
        if not rows:
            expect(visit.figure(name).get_by_role("button", name="CSV")).to_be_disabled()
            continue
        got = visit.csv(name)
        assert len(got) == len(rows)
        assert all(same(line[key], value) for line, row in zip(got, rows, strict=True) for key, value in row.items())


def test_dashboard_choice_is_in_the_address_and_survives_reload_and_back(server: Running, visit: Visit) -> None:
    visit.open(f"{server.url}/dashboard")
    visit.page.get_by_label("Window").select_option("Last 12 months")
    visit.page.get_by_role("radio", name="Quarter").check()
    visit.settled()

    assert parse_qs(urlsplit(visit.page.url).query) == {"last": ["P12M"], "every": ["QUARTER"]}
    visit.page.reload()
    visit.settled()
    expect(visit.page.get_by_label("Window")).to_have_value("P12M")
    expect(visit.page.get_by_role("radio", name="Quarter")).to_be_checked()
    visit.page.go_back()
    expect(visit.page.get_by_role("radio", name="Month", exact=True)).to_be_checked()
    expect(visit.page.get_by_label("Window")).to_have_value("P12M")
    visit.page.go_back()
    expect(visit.page.get_by_label("Window")).to_have_value("P24M")


def test_dashboard_own_window_of_months_is_asked_half_open(server: Running, visit: Visit) -> None:
    visit.open(f"{server.url}/dashboard?from=2025-01-01&to=2025-04-01")

    assert [row["period"] for row in visit.csv("trend")] == ["2025-01-01", "2025-02-01", "2025-03-01"]
    expect(visit.page.get_by_role("combobox", name="To", exact=True)).to_have_value("2025-03")
    visit.page.get_by_role("combobox", name="To", exact=True).select_option("April 2025")
    visit.settled()
    assert parse_qs(urlsplit(visit.page.url).query) == {"from": ["2025-01-01"], "to": ["2025-05-01"]}


def test_dashboard_groups_too_small_to_publish_are_named_and_not_drawn(server: Running, visit: Visit) -> None:
    series = ask(
        server,
        '{ portfolio { delinquency(window: { last: "P24M" }, by: PRODUCT) { key points { suppressed over30Rate } } } }',
    )["delinquency"]
    hidden = {one["key"] for one in series if all(point["suppressed"] for point in one["points"])}

    visit.open(f"{server.url}/dashboard?by=PRODUCT")

    drawn = visit.figure("trend").locator("[data-group]").evaluate_all("all => all.map(one => one.dataset.group)")
    assert hidden
    assert set(drawn) == {one["key"] for one in series} - hidden
    for key in hidden:
        words = key.replace("_", " ").capitalize()
        expect(visit.figure("trend").locator(".note").first).to_contain_text(words)


@pytest.mark.parametrize("choice", ["product=NO_SUCH_PRODUCT", "from=1990-01-01&to=1991-01-01"])
def test_dashboard_without_anything_to_show_says_so_in_each_place(server: Running, visit: Visit, choice: str) -> None:
    visit.open(f"{server.url}/dashboard?{choice}")

    for name in ("headline", *FIGURES):
        expect(visit.figure(name).locator(".instead")).to_have_text(re.compile("reported|published"))
        expect(visit.figure(name).locator("svg[role=img]")).to_have_count(0)
    assert visit.complaints == []


def test_dashboard_before_anything_is_reported_says_what_to_do(database_url: str, tmp_path: Path, visit: Visit) -> None:
    with started(database_url, tmp_path) as server:
        visit.open(f"{server.url}/dashboard")

        expect(visit.page.get_by_role("alert")).to_contain_text("Nothing is reported yet")
        expect(visit.page.get_by_role("alert")).to_contain_text("borrowgraph load")


def test_dashboard_refused_window_shows_what_is_allowed_and_leads_back(server: Running, visit: Visit) -> None:
    visit.open(f"{server.url}/dashboard?last=P24X")
    expect(visit.page.get_by_role("alert")).to_contain_text("Allowed: years, months or days in ISO 8601")

    visit.page.get_by_role("button", name="Back to the last 24 months").click()

    expect(visit.figure("trend").locator("svg[role=img]")).to_be_visible(timeout=30_000)
    assert urlsplit(visit.page.url).query == ""


def test_dashboard_without_its_server_says_so_and_tries_again(server: Running, visit: Visit) -> None:
    visit.open(f"{server.url}/dashboard")
    visit.page.context.set_offline(offline=True)
    visit.page.get_by_role("radio", name="Year").check()
    expect(visit.page.get_by_role("alert")).to_contain_text("The server did not answer")

    visit.page.context.set_offline(offline=False)
    visit.page.get_by_role("button", name="Try again").click()
    visit.settled()

    expect(visit.page.get_by_role("alert")).to_have_count(0)
    expect(visit.figure("trend").locator("svg[role=img]")).to_be_visible()


def test_dashboard_by_keyboard_reads_a_chart_opens_a_table_and_moves_the_period(server: Running, visit: Visit) -> None:
    visit.open(f"{server.url}/dashboard?last=P12M")
    trend, press = visit.figure("trend"), visit.page.keyboard.press
    trend.locator("svg[role=img]").focus()
    press("Home")
    first = trend.locator("output").inner_text()
    press("ArrowRight")
    second = trend.locator("output").inner_text()
    press("Tab")
    press("Enter")
    rows = trend.locator("tbody tr")

    assert first.split()[:2] == rows.nth(0).locator("td").first.inner_text().split()
    assert second.split()[:2] == rows.nth(1).locator("td").first.inner_text().split()
    assert rows.nth(1).locator("td").nth(4).inner_text() in second
    visit.page.get_by_role("radio", name="Month", exact=True).focus()
    press("ArrowRight")
    assert "every=QUARTER" in visit.page.url


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_dashboard_controls_have_names_and_texts_have_contrast(server: Running, visit: Visit, theme: str) -> None:
    visit.open(f"{server.url}/dashboard?by=INSTITUTION_KIND")
    visit.page.get_by_label("Theme").select_option(theme)
    for button in visit.page.get_by_role("button", name="Table").all():
        if button.is_enabled():
            button.click()

    assert visit.page.evaluate(UNNAMED) == []
    assert visit.page.evaluate(FAINT) == []
    ids = visit.page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
    assert len(ids) == len(set(ids))


def test_dashboard_at_phone_width_needs_no_sideways_scrolling(server: Running, visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 360, "height": 740})

    visit.open(f"{server.url}/dashboard?by=PRODUCT")

    assert visit.page.evaluate("document.documentElement.scrollWidth") == 360


def test_dashboard_theme_chosen_once_is_kept(server: Running, visit: Visit) -> None:
    visit.open(f"{server.url}/dashboard")
    visit.page.get_by_label("Theme").select_option("dark")

    visit.page.reload()
    visit.settled()

    expect(visit.page.get_by_label("Theme")).to_have_value("dark")
    assert visit.page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


def test_dashboard_writes_numbers_and_months_as_the_readers_locale_does(server: Running, browser: Browser) -> None:
    context = browser.new_context(locale="de-DE")
    visit = Visit(context.new_page())

    visit.open(f"{server.url}/dashboard")

    assert re.fullmatch(r"\d+,\d\d\s%", visit.figure("headline").locator("strong").first.inner_text())
    expect(visit.figure("headline")).to_contain_text("Oktober 2026")
    context.close()


def test_dashboard_documents_open_in_graphiql_and_run_there_with_no_server_told(server: Running, visit: Visit) -> None:
    visit.open(f"{server.url}/dashboard?last=P12M&by=PRODUCT&kind=MICROLOAN")
    with visit.page.context.expect_page() as opened:
        visit.figure("trend").get_by_role("link", name="Open in GraphiQL").click()
    asked: list[str] = []
    editor = opened.value
    editor.on("request", lambda request: asked.append(request.url))
    editor.locator(".graphiql-query-editor .view-line", has_text="query Trend").first.wait_for()
    with editor.expect_response(lambda response: "query Trend" in (response.request.post_data or "")) as answered:
        editor.locator("button.graphiql-execute-button").click()

    assert answered.value.json()["data"]["portfolio"]["trend"]
    assert editor.url == f"{server.url}/graphiql"
    assert not [address for address in asked if "Trend" in address]


def test_documents_of_the_dashboard_fit_the_schema(server: Running, visit: Visit) -> None:
    schema = build_schema((CHECKOUT / "schema.graphql").read_text())
    visit.open(f"{server.url}/dashboard")

    links = visit.page.get_by_role("link", name="Open in GraphiQL").evaluate_all("all => all.map(one => one.hash)")

    assert len(links) == len(FIGURES) + 2
    for link in links:
        assert validate(schema, parse(parse_qs(link.removeprefix("#"))["query"][0])) == []
