"""The wheel: it carries what an installation needs, the built pages and the SQL included, and nothing else of ours."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=CHECKOUT,
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    return set(zipfile.ZipFile(wheel).namelist())


def test_wheel_carries_every_module_and_statement_of_the_checkout(names: set[str]) -> None:
    rooms = [CHECKOUT / room for room in ("commands", "graph", "resolvers", "intake", "sql")]
    files = [file for room in rooms for kind in ("*.py", "*.sql") for file in room.rglob(kind)]

    needed = {file.relative_to(CHECKOUT).as_posix() for file in files if "node_modules" not in file.parts} | {"cli.py"}

    assert needed
    assert needed <= names


def test_wheel_carries_the_built_pages_but_not_what_they_are_built_from(names: set[str]) -> None:
    pages = {f"graph/pages/dist/{page}/index.html" for page in ("graphiql", "dashboard")}

    assert pages <= names
    assert any(name.startswith("graph/pages/dist/assets/") for name in names)
    assert not any(name.endswith((".ts", ".tsx")) or "node_modules" in name for name in names)


def test_wheel_carries_what_the_report_is_made_from(names: set[str]) -> None:
    folder = CHECKOUT / "graph" / "report"

    needed = {
        file.relative_to(CHECKOUT).as_posix() for file in [folder / "document.graphql", *folder.glob("templates/*")]
    }

    assert len(needed) == 4
    assert needed <= names


def test_wheel_carries_nothing_of_the_tests(names: set[str]) -> None:
    assert not [name for name in names if name.startswith(("tests/", "bench/", "docs/"))]
