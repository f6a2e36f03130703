"""The house keeps its storeys: who may import what, no circles, names that say something, modules short enough to read.

Imports are read from the source, those inside functions and for types alone too.
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

CHECKOUT = Path(__file__).parent.parent
STOREYS = ("sql", "resolvers", "intake", "graph", "commands")
LONGEST = 300  # lines of a module
EMPTY_NAMES = {"utils", "helpers", "common", "core", "base", "manager"}

# What each storey may import, besides itself and the standard library: ours by prefix, of others the package.
ALLOWED: dict[str, set[str]] = {
    "sql": {"psycopg"},
    "resolvers": {"sql", "aiodataloader", "asyncpg", "orjson"},
    "intake": {"sql", "duckdb", "psycopg", "pyarrow"},
    "graph": {
        "resolvers",
        "sql.journal",
        "sql.person",
        "sql.portraits",
        "sql.rows",
        "cryptography",
        "graphql",
        "jinja2",
        "jwt",
        "orjson",
        "starlette",
        "strawberry",
        "uvicorn",
    },
    "commands": {"sql", "intake", "graph", "resolvers", "click", "orjson", "psycopg"},
    "cli": {"commands", "sql", "intake", "graph", "resolvers", "click", "psycopg"},
}

# What only these modules may import, though their storey may.
CONFINED: dict[str, set[str]] = {
    "pyarrow": {"intake.parquet_text"},
    "duckdb": {"intake.adding"},
    "asyncpg": {"resolvers.database"},
    "jinja2": {"graph.report.page", "graph.subject_report.page"},
    "jwt": {"graph.issuer"},
    "uvicorn": {"graph.service"},
    "starlette": {
        "graph.answer",
        "graph.app",
        "graph.departure",
        "graph.envelope",
        "graph.identity",
        "graph.pages.serving",
        "graph.request",
        "graph.service",
        "graph.signing_in",
        "graph.transport",
    },
}

# How a text begins that PostgreSQL would run, and prose does not.
SQL = re.compile(
    r"\s*(select\s|insert\s+into\s|update\s+\w+\s+set\s|delete\s+from\s|with\s+\w+\s+as\s+(not\s+|materialized\s*)?\(|"
    r"(create|alter|drop|truncate)\s+(table|index|role|function|schema|view)\s)",
    re.IGNORECASE,
)


class Module(NamedTuple):
    """A module of the product: its dotted name, its file, and its source as a tree."""

    name: str
    path: Path
    tree: ast.Module

    @property
    def storey(self) -> str:
        return self.name.partition(".")[0]


class Import(NamedTuple):
    """What a module imports, by the dotted name of the imported module, and on which line."""

    name: str
    line: int


def read(path: Path, root: Path) -> Module:
    parts = path.relative_to(root).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Module(name, path, ast.parse(path.read_text(encoding="utf-8"), str(path)))


def modules(root: Path) -> dict[str, Module]:
    paths = [root / "cli.py"]
    for storey in STOREYS:
        paths += [path for path in sorted((root / storey).rglob("*.py")) if "node_modules" not in path.parts]
    return {module.name: module for module in (read(path, root) for path in paths if path.exists())}


def imports(module: Module, known: Iterable[str]) -> Iterator[Import]:
    """Yield what a module imports; ``from package import module`` names the module where there is one."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = node.module or ""
            if node.level:
                inside = module.path.name == "__init__.py"
                above = module.name.split(".")[: -(node.level - inside) or None]
                package = ".".join([*above, package] if package else above)
            for alias in node.names:
                inner = f"{package}.{alias.name}"
                yield Import(inner if inner in known else package, node.lineno)


def within(name: str, prefix: str) -> bool:
    return name == prefix or name.startswith(f"{prefix}.")


def circle(edges: Mapping[str, Iterable[str]]) -> list[str]:
    """Return a circle of imports, its first module again at its end; empty where there is none."""
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


HOUSE = modules(CHECKOUT)


def offending(module: Module, found: Import) -> bool:
    top = found.name.partition(".")[0]
    if top in sys.stdlib_module_names or top == module.storey:
        return False
    return not any(within(found.name, allowed) for allowed in ALLOWED[module.storey])


def report(module: Module, line: int, fault: str) -> str:
    return f"{module.path.relative_to(CHECKOUT)}:{line} {fault}"


def test_imports_of_every_module_stay_within_its_storeys_table() -> None:
    faults = [
        report(module, found.line, f"imports {found.name}; {module.storey} may import {sorted(ALLOWED[module.storey])}")
        for module in HOUSE.values()
        for found in imports(module, HOUSE)
        if offending(module, found)
    ]

    assert not faults, "\n".join(faults)


def test_imports_of_drivers_and_servers_stay_in_their_modules() -> None:
    faults = [
        report(module, found.line, f"imports {found.name}; only {sorted(places)} may")
        for module in HOUSE.values()
        for found in imports(module, HOUSE)
        for package, places in CONFINED.items()
        if within(found.name, package) and module.name not in places
    ]

    assert not faults, "\n".join(faults)


def test_list_of_modules_that_serve_names_none_in_vain() -> None:
    used = {
        (package, module.name)
        for module in HOUSE.values()
        for found in imports(module, HOUSE)
        for package in CONFINED
        if within(found.name, package)
    }

    assert used == {(package, name) for package, names in CONFINED.items() for name in names}


def test_imports_go_in_no_circle() -> None:
    edges = {
        module.name: {found.name for found in imports(module, HOUSE) if found.name in HOUSE}
        for module in HOUSE.values()
    }

    assert not circle(edges), "a circle of imports: " + " <- ".join(circle(edges))


def test_sql_text_stands_in_files_of_its_own() -> None:
    faults = [
        report(
            module, node.lineno, f"holds SQL: {node.value.strip()[:60]!r}; it belongs into sql/<nouns>/<question>.sql"
        )
        for module in HOUSE.values()
        if module.storey != "sql"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.match(node.value)
    ]

    assert not faults, "\n".join(faults)


def test_names_of_modules_say_what_they_own() -> None:
    faults = [
        report(module, 1, "has a name that says nothing")
        for module in HOUSE.values()
        if EMPTY_NAMES & set(module.name.split("."))
    ]

    assert not faults, "\n".join(faults)


def test_docstring_opens_every_module() -> None:
    faults = [report(module, 1, "has no docstring") for module in HOUSE.values() if not ast.get_docstring(module.tree)]

    assert not faults, "\n".join(faults)


def test_length_of_every_module_stays_below_the_limit() -> None:
    lengths = {module: len(module.path.read_text(encoding="utf-8").splitlines()) for module in HOUSE.values()}
    faults = [
        report(module, lines, f"is its last line; modules stay below {LONGEST}")
        for module, lines in lengths.items()
        if lines >= LONGEST
    ]

    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import a.b, c", ["a.b", "c"]),
        ("from graph import log", ["graph.log"]),
        ("from graph.log import line", ["graph.log"]),
        ("from . import log", ["graph.log"]),
        ("from .log import line", ["graph.log"]),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from graph import log", ["typing", "graph.log"]),
        ("def late() -> None:\n    import graph.log", ["graph.log"]),
    ],
)
def test_reader_of_imports_sees_every_way_to_import(tmp_path: Path, source: str, expected: list[str]) -> None:
    path = tmp_path / "graph" / "schema.py"
    path.parent.mkdir()
    path.write_text(source)

    found = imports(read(path, tmp_path), {"graph", "graph.log"})

    assert [one.name for one in found] == expected


def test_finder_of_circles_names_the_modules_of_one() -> None:
    assert circle({"a": ["b"], "b": ["c"], "c": []}) == []
    assert set(circle({"a": ["b"], "b": ["c"], "c": ["a"]})) == {"a", "b", "c"}
