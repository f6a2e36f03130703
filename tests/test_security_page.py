"""docs/security.md says where each known attack is met: every row names a test that there is."""

import ast
import re

import pytest

from tests.conftest import CHECKOUT

PAGE = (CHECKOUT / "docs" / "security.md").read_text(encoding="utf-8")
TESTS = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
ROW = re.compile(r"^\| (graphql-cop|OWASP|graphql-armor|schemathesis) \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)
# What graphql-cop looks for, from its source; each is in the page by these words.
COP = (
    "alias overloading", "batch queries", "directive overloading", "field duplication", "circular query",
    "mutation by GET", "query by GET", "URL-encoded", "tracing", "unhandled errors", "IDE", "introspection",
    "field suggestions",
)  # fmt: skip
ARMOR = ("aliases", "directives", "depth", "tokens", "character limit", "cost limit", "field suggestions")
OWASP = (
    "input validation", "injection", "depth", "amount", "timeouts", "cost analysis", "rate of requests",
    "batching and caching", "resources of the system", "field access", "object access", "mutations",
    "batching to guess", "introspection", "excessive errors",
)  # fmt: skip


def rows(name: str) -> list[tuple[str, ...]]:
    return [row for row in ROW.findall(PAGE) if row[0] == name]


@pytest.mark.parametrize(("name", "items"), [("graphql-cop", COP), ("OWASP", OWASP), ("graphql-armor", ARMOR)])
def test_page_has_a_row_for_each_item_of_the_list(name: str, items: tuple[str, ...]) -> None:
    text = "\n".join(row[1] for row in rows(name))

    assert [item for item in items if item not in text] == []


def test_page_names_a_test_in_every_row() -> None:
    assert len(ROW.findall(PAGE)) > 30
    assert [row for row in ROW.findall(PAGE) if not TESTS.search(row[3])] == []


@pytest.mark.parametrize(("file", "name"), sorted(set(TESTS.findall(PAGE))))
def test_page_names_tests_that_there_are(file: str, name: str) -> None:
    tree = ast.parse((CHECKOUT / file).read_text(encoding="utf-8"))

    if name:
        assert name in {
            node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }
