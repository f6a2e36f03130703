"""`borrowgraph report` as a person runs it: the same bytes, the oracle's figures, a page that needs nothing else."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import Browser

from intake import demo
from intake.load import load
from tests.conftest import BORROWERS, CHECKOUT, SECRET, quiet
from tests.graph.browsing import chromium
from tests.oracle.oracle import Oracle

COMMAND = Path(sys.executable).with_name("borrowgraph")
REAL = Path(os.environ.get("REAL_DATA") or Path(__file__).parents[2] / "shared" / "data") / "taiwan-2005"
SVG = "{http://www.w3.org/2000/svg}"

Report = Callable[..., "subprocess.CompletedProcess[str]"]


class Tables(HTMLParser):
    """The tables of a page by caption, as rows of texts; and every tag and attribute."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._caption: str | None = None
        self._rows: list[list[str]] = []
        self._open = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open = tag
        if tag == "table":
            self._rows, self._caption = [], ""
        elif tag == "tr":
            self._rows.append([])
        elif tag in {"th", "td"}:
            self._rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self.tables[(self._caption or "").strip()] = self._rows
        self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open == "caption":
            self._caption = (self._caption or "") + data
        elif self._open in {"th", "td"}:
            self._rows[-1][-1] += data

    def table(self, beginning: str) -> dict[str, list[str]]:
        """The rows of the table whose caption begins so, by their first text."""
        [rows] = [rows for caption, rows in self.tables.items() if caption.startswith(beginning)]
        return {row[0]: row[1:] for row in rows[1:]}


@pytest.fixture
def report(tmp_path: Path) -> Report:
    """Give what runs the command on a database, and writes into the test's folder."""

    def report(url: str, window: str, name: str = "report.html", **settings: str) -> "subprocess.CompletedProcess[str]":
        environment = {
            key: value for key, value in os.environ.items() if not key.startswith(("BORROWGRAPH_", "DATABASE_"))
        }
        environment |= {"DATABASE_URL": url, "BORROWGRAPH_HOME": str(tmp_path)} | settings
        command = [str(COMMAND), "report", "--window", window, "--out", str(tmp_path / name)]
        return subprocess.run(command, env=environment, cwd=CHECKOUT, capture_output=True, text=True, check=False)

    return report


@pytest.fixture(scope="module")
def oracle(tmp_path_factory: pytest.TempPathFactory) -> Oracle:
    """Give the oracle on the demo's delivery."""
    folder = tmp_path_factory.mktemp("demo") / "delivery"
    demo.write(folder, borrowers=BORROWERS)
    return Oracle(folder, secret=SECRET)


def test_report_of_the_same_data_is_the_same_file(report: Report, demo_url: str, tmp_path: Path) -> None:
    first = report(demo_url, "2026-09", "first.html", TZ="Asia/Shanghai", LC_ALL="C", PYTHONHASHSEED="1")
    second = report(demo_url, "2026-09", "second.html", TZ="America/New_York", LC_ALL="C.UTF-8", PYTHONHASHSEED="2")

    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert (tmp_path / "first.html").read_bytes() == (tmp_path / "second.html").read_bytes()


def test_report_is_what_a_dashboard_sees_whatever_the_role(report: Report, demo_url: str, tmp_path: Path) -> None:
    report(demo_url, "2026-09", "dashboard.html", BORROWGRAPH_ROLE="DASHBOARD")
    report(demo_url, "2026-09", "association.html", BORROWGRAPH_ROLE="ASSOCIATION")

    assert (tmp_path / "dashboard.html").read_bytes() == (tmp_path / "association.html").read_bytes()


def test_report_of_a_quarter_has_the_figures_of_the_oracle(
    report: Report, demo_url: str, oracle: Oracle, tmp_path: Path
) -> None:
    done = report(demo_url, "2026-Q3")
    assert done.returncode == 0, done.stderr
    page = Tables((tmp_path / "report.html").read_text(encoding="utf-8"))
    [series] = oracle.portfolio().delinquency({"from": "2025-09-01", "to": "2026-10-01"})

    months = page.table("Thirteen months")

    assert len(months) == len(series["points"]) == 13
    for row, point in zip(months.values(), series["points"], strict=True):
        rates = (point["overdueRate"], point["over30Rate"], point["over60Rate"], point["over90Rate"])
        assert row[:2] == [f"{point['loans']:,}", f"{point['borrowers']:,}"]
        assert row[3:] == [f"{rate * 100:.2f}%" for rate in rates]
    buckets = page.table("Days past due in September 2026")
    assert [row[0] for row in buckets.values()] == [f"{one['loans']:,}" for one in series["points"][-1]["buckets"]]


def test_report_has_no_script_and_no_address_and_says_what_its_drawings_show(
    report: Report, demo_url: str, tmp_path: Path
) -> None:
    report(demo_url, "2026-09")
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    page = Tables(text)

    names = {tag for tag, _ in page.tags}
    attributes = {name for _, given in page.tags for name in given}
    assert names.isdisjoint({"script", "link", "iframe", "img", "object", "embed", "base", "a", "image", "use"})
    assert not {name for name in attributes if name.startswith("on") or name in {"href", "src", "xlink:href"}}
    assert not re.search(r"https?:|//|url\(|@import", text.replace("<!doctype html>", ""))
    drawings = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    assert len(drawings) >= 4
    for drawing in map(ET.fromstring, drawings):
        title, desc = drawing.findtext("title"), drawing.findtext("desc")
        assert title
        assert desc
        assert drawing.get("role") == "img"


def test_report_of_a_month_without_data_says_what_there_is(report: Report, demo_url: str, tmp_path: Path) -> None:
    done = report(demo_url, "2031-01")

    assert done.returncode == 65
    assert "nothing is reported for January 2031" in done.stderr
    assert not (tmp_path / "report.html").exists()


def test_report_that_cannot_be_written_says_so(report: Report, demo_url: str) -> None:
    done = report(demo_url, "2026-09", "no/such/folder.html")

    assert done.returncode == 73
    assert "cannot be written: No such file or directory" in done.stderr


@pytest.mark.skipif(not REAL.is_dir(), reason=f"no real data: REAL_DATA or {REAL} would have it")
def test_report_of_one_real_bank_publishes_nothing_and_says_so(
    report: Report, create: Callable[[str], str], template: str, tmp_path: Path
) -> None:
    url = create(template)
    load(url, [REAL], secret=None, progress=quiet())

    done = report(url, "2005-09")

    assert done.returncode == 0, done.stderr
    page = Tables((tmp_path / "report.html").read_text(encoding="utf-8"))
    assert page.table("Thirteen months")["Sep 2005"] == ["not published: too few"]
    assert not re.search(r"[0-9]\.[0-9]{2}%", (tmp_path / "report.html").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.mark.parametrize("width", [360, 800, 1280])
def test_report_opens_in_a_browser_without_a_complaint_and_fits_its_width(
    report: Report, demo_url: str, tmp_path: Path, browser: Browser, width: int
) -> None:
    report(demo_url, "2026-09")
    page = browser.new_page(viewport={"width": width, "height": 800})
    complaints: list[str] = []
    page.on("console", lambda line: complaints.append(line.text))
    page.on("request", lambda request: complaints.append(request.url))

    page.goto((tmp_path / "report.html").as_uri())

    assert page.title() == "Delinquency of the microcredit industry: September 2026"
    assert complaints == [(tmp_path / "report.html").as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_report_prints_on_pages_of_a4(report: Report, demo_url: str, tmp_path: Path, browser: Browser) -> None:
    report(demo_url, "2026-09")
    page = browser.new_page()
    page.goto((tmp_path / "report.html").as_uri())

    printed = page.pdf(prefer_css_page_size=True)

    sizes = {
        tuple(round(float(side)) for side in box)
        for box in re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", printed)
    }
    assert sizes == {(595, 842)}
    page.close()
