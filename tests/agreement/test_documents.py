"""The documents that the agreement is about leave no field of a borrower or a portfolio out."""

from collections import defaultdict
from pathlib import Path
from typing import Any

from graphql import TypeInfo, TypeInfoVisitor, Visitor, build_schema, get_named_type, parse, visit

from tests.agreement.documents import document
from tests.agreement.portfolio_documents import PortfolioQuestion, portfolio_document
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


def selected_in(text: str) -> dict[str, set[str]]:
    """The fields that a document selects, by type."""
    types = TypeInfo(SCHEMA)
    selected = Selected(types)
    visit(parse(text), TypeInfoVisitor(types, selected))
    return selected.fields


def left_out(fields: dict[str, set[str]]) -> dict[str, set[str]]:
    """The fields of the types that are selected at all, and are not."""
    missing = {
        name: SCHEMA.type_map[name].fields.keys() - chosen - OPAQUE  # type: ignore[attr-defined]
        for name, chosen in fields.items()
        if name not in DOORS
    }
    return {name: names for name, names in missing.items() if names}


def test_document_of_portfolios_selects_every_field_of_what_it_reaches() -> None:
    fields = selected_in(portfolio_document([PortfolioQuestion(None, {"last": "P1M"})]).query)

    assert left_out(fields) == {}
    assert {"Portfolio", "DelinquencyPoint", "VintagePoint", "RollRate", "LendersPerBorrower"} <= fields.keys()


def test_document_of_everything_selects_every_field_of_what_it_reaches() -> None:
    asked = document([Enquiry(by_keys(["0" * 64]), None, (Question({"last": "P1M"}, None),))])
    fields = selected_in(asked.query)
    # A sequence is selected through its interface.
    shared = fields.pop("OverdueSequence")
    fields["BorrowerOverdue"] |= shared
    fields["LoanOverdue"] |= shared

    assert left_out(fields) == {}
    assert {"Borrower", "Loan", "MultiLoan", "MultiLoanByKind", "Repayment", "Coverage"} <= fields.keys()
