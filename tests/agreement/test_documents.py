"""The document that the agreement is about leaves no field of a borrower out."""

from collections import defaultdict
from pathlib import Path
from typing import Any

from graphql import TypeInfo, TypeInfoVisitor, Visitor, build_schema, get_named_type, parse, visit

from tests.agreement.documents import document
from tests.agreement.questions import Enquiry, Question, by_keys

SCHEMA = build_schema((Path(__file__).parents[2] / "schema.graphql").read_text())

# Ids and cursors are the platform's own, and have tests of their own; the rest is asked by other documents.
OPAQUE = {"id", "edges", "pageInfo"}
DOORS = {"Query"}


class Selected(Visitor):
    """The fields that a document selects, by type."""

    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self._types = types
        self.fields: dict[str, set[str]] = defaultdict(set)

    def enter_field(self, node: Any, *_: object) -> None:
        parent = self._types.get_parent_type()
        assert parent is not None
        self.fields[get_named_type(parent).name].add(node.name.value)


def test_document_of_everything_selects_every_field_of_what_it_reaches() -> None:
    asked = document([Enquiry(by_keys(["0" * 64]), None, (Question({"last": "P1M"}, None),))])
    types = TypeInfo(SCHEMA)
    selected = Selected(types)
    visit(parse(asked.query), TypeInfoVisitor(types, selected))
    # A sequence is selected through its interface.
    shared = selected.fields.pop("OverdueSequence")
    selected.fields["BorrowerOverdue"] |= shared
    selected.fields["LoanOverdue"] |= shared

    missing = {
        name: left_out
        for name, fields in selected.fields.items()
        if name not in DOORS and (left_out := SCHEMA.type_map[name].fields.keys() - fields - OPAQUE)  # type: ignore[attr-defined]
    }

    assert missing == {}
    assert {"Borrower", "Loan", "MultiLoan", "MultiLoanByKind", "Repayment", "Coverage"} <= selected.fields.keys()
