"""Which role may select which field: the one table, checked before anything runs; what is not listed nobody may."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from graphql import DocumentNode, FieldNode, GraphQLError, GraphQLSchema, TypeInfo, TypeInfoVisitor, Visitor, visit

from resolvers.callers import Role
from resolvers.errors import Forbidden

Roles = frozenset[Role]

ALL: Roles = frozenset(Role)
# Who reads persons, and who learns of members and of what they sent.
PERSONS: Roles = frozenset({Role.ANALYST, Role.INSTITUTION, Role.ASSOCIATION})
MEMBERS: Roles = frozenset({Role.INSTITUTION, Role.ASSOCIATION})
ASSOCIATION: Roles = frozenset({Role.ASSOCIATION})

# A field that all of a role may select can still be null, or leave things out, for one caller of it: of a loan's lender
# and of members `Caller.knows` decides, of figures the portfolio's gate, of deliveries their statements.
SELECTABLE: Mapping[str, Mapping[Roles, str]] = {
    "Query": {
        ALL: "node coverage portfolio",
        PERSONS: "borrower borrowers",
        MEMBERS: "institution institutions deliveries dataQuality",
        ASSOCIATION: "inquiryLog",
    },
    "Borrower": {
        PERSONS: "id subjectKey loans multiLoan overdue",
    },
    "BorrowerOverdue": {
        PERSONS: (
            "span pattern months overdueMonths monthsOver30 monthsOver60 monthsOver90 maxDaysPastDue "
            "maxOverdueAmount longestRun currentRun episodes entries monthsSinceOverdue hasRun overdueLoans "
            "overdueLenders"
        ),
    },
    "BucketShare": {
        ALL: "bucket loans balance share",
    },
    "Coverage": {
        ALL: "firstMonth lastMonth horizon borrowers loans repayments institutions",
    },
    "DataQuality": {
        MEMBERS: (
            "institution month loansAlive loansReported completeness daysToReport added corrected older unchanged "
            "rejected warned acceptedShare correctedShare rejectedShare warnedShare rejects warnings score"
        ),
    },
    "DelinquencyPoint": {
        ALL: (
            "period suppressed loans borrowers balance overdueBalance overdueRate over30Rate over60Rate "
            "over90Rate overdueLoanRate over30LoanRate buckets grades"
        ),
    },
    "DelinquencySeries": {
        ALL: "key points",
    },
    "Delivery": {
        MEMBERS: "id number digest state startedAt loadedAt seconds counts rejects warnings",
        ASSOCIATION: "source",
    },
    "DeliveryConnection": {
        MEMBERS: "edges nodes pageInfo totalCount",
    },
    "DeliveryCount": {
        MEMBERS: "kind read added corrected older unchanged rejected withheld warned",
    },
    "DeliveryEdge": {
        MEMBERS: "node cursor",
    },
    "InquiryLogConnection": {
        ASSOCIATION: "edges nodes pageInfo totalCount",
    },
    "InquiryLogEdge": {
        ASSOCIATION: "node cursor",
    },
    "InquiryLogEntry": {
        ASSOCIATION: (
            "loggedAt requestId credential caller institution purpose consent document subjectKey found lane place hash"
        ),
    },
    "Institution": {
        ALL: "id code name kind",
    },
    "InstitutionConnection": {
        MEMBERS: "edges nodes pageInfo totalCount",
    },
    "InstitutionEdge": {
        MEMBERS: "node cursor",
    },
    "LendersPerBorrower": {
        ALL: "period lenders borrowers share over30Rate",
    },
    "Loan": {
        PERSONS: (
            "id institution institutionKind product principal openedOn dueOn closedOn state repayments overdue series"
        ),
    },
    "LoanConnection": {
        PERSONS: "nodes edges pageInfo totalCount",
    },
    "LoanEdge": {
        PERSONS: "node cursor",
    },
    "LoanOverdue": {
        PERSONS: (
            "span pattern months overdueMonths monthsOver30 monthsOver60 monthsOver90 maxDaysPastDue "
            "maxOverdueAmount longestRun currentRun episodes entries monthsSinceOverdue hasRun"
        ),
    },
    "LoanSeries": {
        PERSONS: "span months pattern due paid balance overdueAmount daysPastDue",
    },
    "MultiLoan": {
        PERSONS: (
            "span loansOpened loansActive loansSettled loansAtEnd lendersOpened lendersActive lendersAtEnd "
            "inquiries inquirers inquiriesAtNight inquiriesAtWeekend ownInquiries peakLoans peakLenders "
            "loansOpenedWhileOverdue principalOpened balanceAtEnd dueInLastMonth ownLoansAtEnd ownBalanceAtEnd "
            "daysSinceFirstLoan daysSinceLastLoan daysSinceFirstInquiry daysSinceLastInquiry byInstitutionKind"
        ),
    },
    "MultiLoanByKind": {
        PERSONS: "kind loansOpened loansActive loansAtEnd lendersActive inquiries principalOpened balanceAtEnd",
    },
    "Node": {
        ALL: "id",
    },
    "OverdueEpisode": {
        PERSONS: "from to months maxDaysPastDue maxOverdueAmount cured",
    },
    "OverdueGradeShare": {
        ALL: "grade loans overdueAmount loanRate amountRate",
    },
    "OverdueMonth": {
        PERSONS: "month code bucket daysPastDue overdueAmount",
    },
    "OverdueSequence": {
        PERSONS: (
            "span pattern months overdueMonths monthsOver30 monthsOver60 monthsOver90 maxDaysPastDue "
            "maxOverdueAmount longestRun currentRun episodes entries monthsSinceOverdue hasRun"
        ),
    },
    "PageInfo": {
        ALL: "hasNextPage hasPreviousPage startCursor endCursor",
    },
    "Portfolio": {
        ALL: "delinquency vintages rollRates lendersPerBorrower",
    },
    "Repayment": {
        PERSONS: "month due paid balance overdueAmount daysPastDue bucket code reportedAt",
    },
    "RollRate": {
        ALL: "from to loans share",
    },
    "RuleCount": {
        MEMBERS: "rule rows",
    },
    "RuleShare": {
        MEMBERS: "rule rows share",
    },
    "Span": {
        ALL: "from to",
    },
    "Vintage": {
        ALL: "key opened loans principal curve",
    },
    "VintagePoint": {
        ALL: "monthOnBook loans everRate",
    },
}


class Selected(NamedTuple):
    """A field that a document selects, and where."""

    type: str
    field: str
    node: FieldNode


def roles(type_name: str, field: str) -> Roles:
    """Return the roles that may select a field; none where it is not listed."""
    return LISTED.get((type_name, field), frozenset())


def selected(schema: GraphQLSchema, document: DocumentNode) -> tuple[Selected, ...]:
    """Return each field that the document selects, once, whichever operation it is in, introspection left out."""
    info, found = TypeInfo(schema), dict[tuple[str, str], Selected]()

    class Collector(Visitor):
        def enter_field(self, node: FieldNode, *_: Any) -> None:
            parent, name = info.get_parent_type(), node.name.value
            type_name = parent.name if parent else ""
            if not type_name.startswith("__") and not name.startswith("__"):
                found.setdefault((type_name, name), Selected(type_name, name, node))

    visit(document, TypeInfoVisitor(info, Collector()))
    return tuple(found.values())


def refused(fields: tuple[Selected, ...], role: Role | None) -> list[GraphQLError]:
    """Return an error for each field that the role may not select; without a role, for every field."""
    return [_refusal(one, role) for one in fields if role not in roles(one.type, one.field)]


def _refusal(one: Selected, role: Role | None) -> GraphQLError:
    allowed = ", ".join(sorted(roles(one.type, one.field))) or "nobody"
    message = f"{one.type}.{one.field} is not for the role {role or 'of no caller'}; allowed: {allowed}."
    return GraphQLError(message, nodes=one.node, original_error=Forbidden(message, allowed=allowed))


LISTED: Mapping[tuple[str, str], Roles] = {
    (type_name, field): allowed
    for type_name, listed in SELECTABLE.items()
    for allowed, fields in listed.items()
    for field in fields.split()
}
