"""The executable documents in ``tests/documents``: each asked of their delivery, with its answer and its statements.

How the answers came about and how they are written says ``tests/documents/README.md``.
"""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from graphql import (
    FieldNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    build_schema,
    parse,
    visit,
)

from intake.load import load
from resolvers import database
from resolvers.database import Reading
from tests.conftest import CHECKOUT, SECRET, quiet, serving

FOLDER = Path(__file__).parent / "documents"
NAMES = sorted(path.stem for path in FOLDER.glob("*.graphql"))
PARTS = (".graphql", ".variables.json", ".json", ".sql.txt")
ASKING = "MEADOW"
# Who asks, where it is not the association.
ROLES = {"too-small-to-publish": "DASHBOARD", "ourselves-among-others": "INSTITUTION"}

# How an answer writes an id or a cursor, which nobody can work out: by the name of what it stands for.
OPAQUE = re.compile(r"<(?:id|cursor) of [^<>]+>")

# How an answer writes what is another every time.
VARYING = {"<a text>": str, "<a number>": float, "<a count>": int}

Tokens = dict[str, str]


class Document(NamedTuple):
    """A document, what it is asked with, and what it is to answer and to run."""

    text: str
    variables: Any
    answer: Any
    statements: list[str]


def part(name: str, suffix: str) -> str:
    path = FOLDER / f"{name}{suffix}"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def read(name: str) -> Document:
    variables = json.loads(part(name, ".variables.json") or "{}")
    return Document(
        part(name, ".graphql"), variables, json.loads(part(name, ".json")), part(name, ".sql.txt").splitlines()
    )


@pytest.fixture(scope="module")
def url(create: Callable[[str], str], template: str) -> str:
    """Give the address of a database that holds the delivery and nothing else."""
    url = create(template)
    load(url, [FOLDER / "delivery"], secret=SECRET.encode(), progress=quiet())
    return url


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[Reading]:
    """Give the readings that requests open, oldest first: they are the service's own, which say what they ran."""
    opened: list[Reading] = []

    class Remembered(Reading):
        def __init__(self, pool: Any) -> None:
            super().__init__(pool)
            opened.append(self)

    monkeypatch.setattr(database, "Reading", Remembered)
    return opened


def filled(value: Any, tokens: Tokens) -> Any:
    """Put in the tokens where variables name them."""
    if isinstance(value, dict):
        return {key: filled(inner, tokens) for key, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, tokens) for inner in value]
    return tokens[value] if isinstance(value, str) and OPAQUE.fullmatch(value) else value


def named(answer: Any, expected: Any, tokens: Tokens) -> Any:
    """Put in the expected names where the answer has tokens, and keep the tokens: a name stands for one token only."""
    if isinstance(answer, dict) and isinstance(expected, dict):
        return {key: named(value, expected.get(key), tokens) for key, value in answer.items()}
    if isinstance(answer, list) and isinstance(expected, list) and len(answer) == len(expected):
        return [named(value, other, tokens) for value, other in zip(answer, expected, strict=True)]
    if isinstance(expected, str) and isinstance(answer, VARYING.get(expected, ())):
        return expected
    if isinstance(answer, str) and isinstance(expected, str) and OPAQUE.fullmatch(expected):
        return expected if tokens.setdefault(expected, answer) == answer else answer
    return answer


def counted(value: Any) -> int:
    """Count an answer's values: every member of every object, every element of every list."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return sum(1 + counted(one) for one in inner)


async def post(client: httpx.AsyncClient, document: Document, tokens: Tokens) -> Any:
    """Return the body, tokens by their names, errors by their places in the text: they come in no set order.

    What it says of the document's cost is no part of the answer; it is never below what the answer holds.
    """
    asked = {"query": document.text, "variables": filled(document.variables, tokens)}
    body = (await client.post("/graphql", json=asked)).json()
    assert counted(body.get("data")) <= body.pop("extensions", {"cost": {"estimate": 0}})["cost"]["estimate"]
    answer = named(body, document.answer, tokens)
    if "errors" in answer:
        answer["errors"].sort(key=lambda error: [(place["line"], place["column"]) for place in error["locations"]])
    return answer


async def learnt(client: httpx.AsyncClient, name: str) -> Tokens:
    """Return the tokens that the document's variables name, from the answers of documents that give them."""
    tokens: Tokens = {}
    wanted = set(OPAQUE.findall(part(name, ".variables.json")))
    for other in NAMES:
        needs_none = not OPAQUE.search(part(other, ".variables.json"))
        if needs_none and wanted.intersection(OPAQUE.findall(part(other, ".json"))):
            await post(client, read(other), tokens)
    return tokens


@pytest.mark.parametrize("name", NAMES)
async def test_document_asked_of_the_delivery_has_its_answer_and_runs_its_statements(
    url: str, readings: list[Reading], name: str
) -> None:
    document = read(name)
    role = ROLES.get(name, "ASSOCIATION")
    async with serving(url, BORROWGRAPH_ASKING_INSTITUTION=ASKING, BORROWGRAPH_ROLE=role) as client:
        tokens = await learnt(client, name)
        readings.clear()

        answer = await post(client, document, tokens)

    # As text, because the order of the members is part of the answer.
    assert json.dumps(answer, indent=1).splitlines() == json.dumps(document.answer, indent=1).splitlines()
    assert len(set(tokens.values())) == len(tokens)
    assert [statement for reading in readings for statement in reading.statements] == document.statements


@pytest.mark.parametrize("name", NAMES)
def test_document_opens_with_the_question_that_it_answers(name: str) -> None:
    opening, _, rest = part(name, ".graphql").partition("\n#\n")

    assert all(line.startswith("# ") for line in opening.splitlines())
    assert opening.endswith("?")
    assert rest.startswith("# ")


def test_files_beside_the_documents_all_belong_to_one() -> None:
    found = {path.name for path in FOLDER.iterdir() if path.is_file()}

    assert found <= {f"{name}{suffix}" for name in NAMES for suffix in PARTS} | {"README.md"}
    assert found >= {f"{name}{suffix}" for name in NAMES for suffix in (".graphql", ".json", ".sql.txt")}


def outputs(schema: GraphQLSchema) -> Iterator[GraphQLObjectType | GraphQLInterfaceType]:
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and not kind.name.startswith("__"):
            yield kind


def selected(schema: GraphQLSchema, text: str) -> set[tuple[str, str]]:
    """Return the fields that a document selects; one selected on an interface, on each of its types too."""
    info, found = TypeInfo(schema), set()

    class Collector(Visitor):
        def enter_field(self, node: FieldNode, *_: object) -> None:
            parent = info.get_parent_type()
            assert parent is not None
            found.add((parent.name, node.name.value))
            if isinstance(parent, GraphQLInterfaceType):
                found.update((kind.name, node.name.value) for kind in schema.get_possible_types(parent))

    visit(parse(text), TypeInfoVisitor(info, Collector()))
    return found


def test_documents_together_select_every_field_of_the_schema() -> None:
    schema = build_schema((CHECKOUT / "schema.graphql").read_text(encoding="utf-8"))
    answered = [name for name in NAMES if "errors" not in read(name).answer]

    used = set().union(*(selected(schema, part(name, ".graphql")) for name in answered))

    fields = {(kind.name, field) for kind in outputs(schema) for field in kind.fields}
    assert fields - used == set()
