"""The dashboard in a real browser, for a role that may ask nothing but registered documents."""

from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.conftest import started


def test_dashboard_of_a_role_held_to_registered_documents_shows_its_figures_and_no_more_is_answered(
    browser: Browser, demo_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BORROWGRAPH_TRUSTED_DOCUMENTS", "DASHBOARD=REFUSE")
    with started(demo_url, tmp_path, role="DASHBOARD") as running:
        page = browser.new_page()
        # Grouped and filtered, since the text must be the same whatever the reader chose.
        page.goto(f"{running.url}/dashboard?by=PRODUCT&kind=BANK&every=QUARTER&over=60")
        for figure in ("trend", "buckets", "vintages", "rolls", "lenders"):
            shown = page.locator(f"[data-figure={figure}]").locator("svg[role=img], table, .instead").first
            expect(shown).to_be_visible(timeout=60_000)
        refused = httpx.post(f"{running.url}/graphql", json={"query": "{ coverage { loans } }"}, timeout=60)
        page.close()

    assert refused.status_code == 403
    assert refused.json()["errors"][0]["extensions"]["code"] == "DOCUMENT_NOT_TRUSTED"
