"""The schema: printed as committed, no less than was promised, and explained to whoever sees it first."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    IntrospectionQuery,
    build_client_schema,
    build_schema,
    find_breaking_changes,
    get_introspection_query,
    lexicographic_sort_schema,
    print_schema,
)

from graph.schema import printed, schema

CHECKOUT = Path(__file__).parent.parent.parent
PROMISED = build_schema(Path(__file__).with_name("contract.graphql").read_text(encoding="utf-8"))
PRINTED = build_schema(printed())

BUILT_IN = {"String", "Int", "Float", "Boolean", "ID"}


def introspected() -> IntrospectionQuery:
    """Ask the schema about itself, as every tool does."""
    answer = schema.execute_sync(get_introspection_query(input_value_deprecation=True, one_of=True))
    assert not answer.errors
    return cast("IntrospectionQuery", answer.data)


def explained() -> Iterator[tuple[str, str | None]]:
    """Yield everything that has a place for a description, by its path, with the description."""
    kinds: Any = introspected()["__schema"]["types"]
    for kind in kinds:
        if not kind["name"].startswith("__") and kind["name"] not in BUILT_IN:
            yield kind["name"], kind["description"]
            yield from _members(kind)


def _members(kind: dict[str, Any]) -> Iterator[tuple[str, str | None]]:
    for member in [*(kind["fields"] or []), *(kind["inputFields"] or []), *(kind["enumValues"] or [])]:
        path = f"{kind['name']}.{member['name']}"
        yield path, member["description"]
        yield from ((f"{path}({argument['name']}:)", argument["description"]) for argument in member.get("args", []))


def test_schema_as_printed_is_the_one_committed() -> None:
    committed = (CHECKOUT / "schema.graphql").read_text(encoding="utf-8")

    assert printed() == committed, "schema.graphql is not what the code prints: make schema, and look at the difference"


def test_schema_as_printed_is_the_one_that_introspection_shows() -> None:
    shown = build_client_schema(introspected())

    assert print_schema(lexicographic_sort_schema(PRINTED)) == print_schema(lexicographic_sort_schema(shown))


def test_schema_holds_everything_that_was_promised() -> None:
    broken = find_breaking_changes(PROMISED, PRINTED)

    assert not broken, "\n".join(change.description for change in broken)


@pytest.mark.parametrize(
    "name", [name for name, kind in PROMISED.type_map.items() if isinstance(kind, GraphQLEnumType) and name[0] != "_"]
)
def test_enum_has_the_promised_values_in_their_order(name: str) -> None:
    promised, ours = PROMISED.type_map[name], PRINTED.type_map[name]

    assert isinstance(promised, GraphQLEnumType)
    assert isinstance(ours, GraphQLEnumType)
    assert list(ours.values)[: len(promised.values)] == list(promised.values)


def test_borrower_key_is_exactly_one_of_its_fields() -> None:
    ours = PRINTED.type_map["BorrowerKey"]

    assert isinstance(ours, GraphQLInputObjectType)
    assert ours.is_one_of


def test_everything_in_the_schema_is_described() -> None:
    undescribed = [path for path, description in explained() if not (description or "").strip()]

    assert not undescribed, f"without a description: {', '.join(undescribed)}"


def test_descriptions_are_sentences() -> None:
    unfinished = [path for path, text in explained() if not (text or "").rstrip("`").endswith((".", ":", "?"))]

    assert not unfinished, f"a description that does not end: {', '.join(unfinished)}"


def test_schema_uses_no_word_of_the_database() -> None:
    words = {"superseded", "hypertable", "chunk", "sql", "row_number", "reading"}

    found = {
        path for path, description in explained() if words & set((path + " " + (description or "")).lower().split())
    }

    assert found == set()
