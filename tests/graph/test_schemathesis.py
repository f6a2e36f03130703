"""Schemathesis over the schema, as every role: what it generates is answered or refused with a code, never a fault."""

import asyncio
import os
from collections import Counter
from io import StringIO
from typing import Any

import httpx
import pytest
import schemathesis
from graphql import (
    DocumentNode,
    InterfaceTypeDefinitionNode,
    IntValueNode,
    ObjectTypeDefinitionNode,
    StringValueNode,
    parse,
    print_ast,
    print_schema,
)
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from resolvers.callers import Role
from tests.conftest import CHECKOUT, UNBOUNDED, serving
from tests.graph.test_fuzz import day, instant, length
from tests.graph.test_nothing_learnt import pruned

OUTPUTS = ObjectTypeDefinitionNode, InterfaceTypeDefinitionNode
EXAMPLES = int(os.environ.get("EXAMPLES", "12"))  # documents for each field of the root
# Schemathesis nests as it likes: what the bounds refuse would reach nothing.
SETTINGS = UNBOUNDED | {"BORROWGRAPH_ASKING_INSTITUTION": "IP01"}


def nodes(texts: st.SearchStrategy[str]) -> st.SearchStrategy[StringValueNode]:
    """Give string literals."""
    return texts.map(lambda text: StringValueNode(value=text))


# Half of what is drawn for a scalar of ours is sound, so that what is below is reached.
SCALARS = {
    "Date": st.dates().map(str) | day,
    "DateTime": st.datetimes().map(lambda moment: f"{moment.isoformat()}Z") | instant,
    "Duration": st.sampled_from(["P3M", "P1Y", "P40D"]) | length,
    "Month": st.sampled_from(["2025-01", "2026-09", "2025-13"]),
}
for name, texts in SCALARS.items():
    schemathesis.graphql.scalar(name, nodes(texts))
for name in ("BigInt", "Money"):
    schemathesis.graphql.scalar(name, st.integers(0, 10**9).map(lambda number: IntValueNode(value=str(number))))


def own(role: Role) -> str:
    """Give the schema as far as a role may select it, without the types of which nothing is left."""
    document = parse(print_schema(pruned(role)))
    kept = [one for one in document.definitions if not isinstance(one, OUTPUTS) or one.fields]
    return print_ast(DocumentNode(definitions=tuple(kept)))


def documents(role: Role, *, all_of_it: bool) -> list[st.SearchStrategy[Any]]:
    """Give what makes documents, a field of the root each: of what the role may select, or of all there is."""
    text = (CHECKOUT / "schema.graphql").read_text(encoding="utf-8") if all_of_it else own(role)
    schema = schemathesis.graphql.from_file(StringIO(text))
    found: list[Any] = [result.ok() for result in schema.get_all_operations()]  # type: ignore[union-attr]
    return [operation.as_strategy() for operation in found]


@pytest.mark.parametrize("all_of_it", [False, True], ids=["its-own", "all"])
@pytest.mark.parametrize("role", list(Role))
def test_documents_of_schemathesis_are_answered_or_refused_with_a_code(
    demo_url: str,
    role: Role,
    all_of_it: bool,  # noqa: FBT001
) -> None:
    seen, generated = Counter[str](), documents(role, all_of_it=all_of_it)

    def check(response: httpx.Response) -> None:
        body = response.json()
        codes = {error["extensions"]["code"] for error in body.get("errors", ())}
        assert response.status_code in {200, 400, 403}, body
        assert "INTERNAL" not in codes, body
        assert "data" in body or codes
        seen["FORBIDDEN" if "FORBIDDEN" in codes else "answered" if body.get("data") else "refused"] += 1

    with asyncio.Runner() as runner:
        service = serving(demo_url, BORROWGRAPH_ROLE=role.value, **SETTINGS)
        client = runner.run(service.__aenter__())
        for strategy in generated:

            @settings(
                max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
                phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
            )  # fmt: skip
            @given(case=strategy)
            def ask(case: Any) -> None:
                check(runner.run(client.post("/graphql", json={"query": case.body})))

            ask()
        runner.run(service.__aexit__(None, None, None))

    assert seen["answered"] > 0 or all_of_it
    assert seen["FORBIDDEN"] > 0 or not all_of_it or role is Role.ASSOCIATION
