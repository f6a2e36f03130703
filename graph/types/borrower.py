"""Borrowers: how they are named, and what is known of their loans."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

import strawberry

from graph.connection import AfterArgument, FirstArgument, page, read_cursor
from graph.context import Context, Info
from graph.execution.together import alone, together
from graph.limits import page_size
from graph.tokens import TokenInvalid, Tokens
from graph.types.filter import FilterArgument, LoanFilter, resolved_filter
from graph.types.loan import Loan, LoanConnection, LoanCursors, cursor_use, in_order, loan_id
from graph.types.multiloan import MultiLoan
from graph.types.node import Node
from graph.types.overdue import BorrowerOverdue
from graph.types.window import Window, WindowArgument
from resolvers import sequence
from resolvers.borrowers import BorrowerKey as Key
from resolvers.borrowers import keys_of_document, read_subject_key
from resolvers.callers import Role
from resolvers.errors import BorrowerKeyMalformed, CursorInvalid, Forbidden
from resolvers.figures import Counted, Figures
from resolvers.months import cut, numbers
from resolvers.portraits import Portrait
from resolvers.window import Span
from sql.portraits import PortraitRow


@strawberry.input(
    description=(
        "An identity document; it is turned into a subject key on arrival, and neither stored nor logged. The key is "
        "HMAC-SHA-256 with the platform's secret over the kind, a line feed and the number, which is trimmed and "
        "upper-cased, its spaces and hyphens removed; once the secret was rotated, HMAC-SHA-256 with the newer secret "
        "over a line feed and the 32 bytes of the key before."
    )
)
class Document:
    """The input."""

    kind: str = strawberry.field(description="Kind of document, as institutions report it: ID_CARD, PASSPORT ...")
    number: str = strawberry.field(description="The document's number.")


@strawberry.input(description="Exactly one of the ways to name a borrower.", one_of=True)
class BorrowerKey:
    """The input."""

    id: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description="The id of a borrower.")
    subject_key: str | None = strawberry.field(
        default=strawberry.UNSET, description="The subject key: 64 hexadecimal digits."
    )
    document: Document | None = strawberry.field(default=strawberry.UNSET, description="An identity document.")


def loans_of(
    borrowers: Sequence["Borrower"],
    info: Info,
    filter: LoanFilter | None = None,
    first: int | None = None,
    after: str | None = None,
) -> list[LoanConnection | BaseException]:
    """Return a page of each borrower's loans; a cursor of one borrower's list is an error of the others'."""
    size = page_size(first)
    follows = [after_cursor(info.context.tokens, one.row.id, after) for one in borrowers]
    found = _loans(info.context, borrowers, filter)
    return [
        stands if isinstance(stands, BaseException) else _page(info.context.tokens, one, rows, size, stands)
        for one, rows, stands in zip(borrowers, found, follows, strict=True)
    ]


def _page(
    tokens: Tokens,
    borrower: "Borrower",
    rows: Sequence[PortraitRow],
    size: int,
    follows: Callable[[PortraitRow], bool] | None,
) -> LoanConnection:
    rows = in_order(tokens, rows)
    shown = page(rows, size, follows)
    nodes = [Loan(row=row, as_of=borrower.as_of) for row in rows[shown.start : shown.end]]
    return LoanConnection(nodes=nodes, page=shown, cursors=LoanCursors(tokens, borrower.row.id, rows))


def multi_loans_of(
    borrowers: Sequence["Borrower"], info: Info, window: Window, filter: LoanFilter | None = None
) -> Figures:
    """Return each borrower's figures over the window."""
    context, horizon = info.context, _horizon(borrowers)
    span, only = context.resolved(window, horizon), resolved_filter(context, filter, horizon)
    return context.shelf.figures([one.row for one in borrowers], span, only)


def overdue_of(
    borrowers: Sequence["Borrower"], info: Info, window: Window, filter: LoanFilter | None = None
) -> list[BorrowerOverdue]:
    """Return each borrower's worst months."""
    span = info.context.resolved(window, _horizon(borrowers))
    return [_overdue(span, loans) for loans in _loans(info.context, borrowers, filter)]


def _overdue(span: Span, loans: Sequence[PortraitRow]) -> BorrowerOverdue:
    overdue = [loan for loan in loans if any(cut(loan, loan.days_past_due, *numbers(span)))]
    return BorrowerOverdue(
        resolved=span,
        every_month=sequence.of_borrower(span, loans),
        overdue_loans=len(overdue),
        overdue_lenders=len({loan.institution_id for loan in overdue}),
    )


def _loans(
    context: Context, borrowers: Sequence["Borrower"], chosen: LoanFilter | None
) -> Sequence[Sequence[PortraitRow]]:
    only = resolved_filter(context, chosen, _horizon(borrowers))
    return [one.row.chosen(only) for one in borrowers]


def _horizon(borrowers: Sequence["Borrower"]) -> date | None:
    """Return the horizon of borrowers asked together: they come from one field, so they share an instant's."""
    return borrowers[0].row.horizon


def after_cursor(
    tokens: Tokens, borrower_id: int, after: str | None
) -> Callable[[PortraitRow], bool] | CursorInvalid | None:
    """Return what tells whether a loan comes after the cursor in the list's order; None where there is no cursor."""
    if after is None:
        return None
    try:
        opened, number = LoanCursors.FORM.unpack(read_cursor(tokens, cursor_use(borrower_id), after))
    except CursorInvalid as error:
        return error
    return lambda row: (
        row.opened_on.toordinal() < opened
        or (row.opened_on.toordinal() == opened and loan_id(tokens, row.id) > loan_id(tokens, number))
    )


@strawberry.type(
    description=(
        "A person, known to the platform by a keyed hash of an identity document, and everything reported of them."
    )
)
class Borrower(Node):
    """The output: a row, and the instant of knowledge that everything below it shares."""

    row: strawberry.Private[Portrait]
    as_of: strawberry.Private[datetime | None]

    @strawberry.field(description="Opaque and stable; `node(id:)` and `borrower(by: {id:})` take it.")
    def id(self, info: Info) -> strawberry.ID:
        """Resolve the field."""
        return strawberry.ID(info.context.tokens.make("borrower", self.row.subject_key))

    @strawberry.field(description="The subject key, 64 hexadecimal digits.")
    def subject_key(self) -> str:
        """Resolve the field."""
        return self.row.subject_key.hex()

    @strawberry.field(
        description=(
            "The borrower's loans that pass the filter, newest opened first; loans opened on one day stand in an "
            "order that does not change."
        ),
        metadata=together(loans_of),
    )
    def loans(
        self, info: Info, filter: FilterArgument = None, first: FirstArgument = None, after: AfterArgument = None
    ) -> LoanConnection:
        """Resolve the field."""
        return alone(loans_of, self, info, filter, first, after)

    @strawberry.field(
        description=(
            "Multi-loan figures over the window: how many loans, from how many lenders, how much, and who else asked."
        ),
        graphql_type=MultiLoan,
        metadata=together(multi_loans_of),
    )
    def multi_loan(self, info: Info, window: WindowArgument, filter: FilterArgument = None) -> Counted:
        """Resolve the field."""
        return alone(multi_loans_of, self, info, window, filter)

    @strawberry.field(
        description="Month by month, the worst of the borrower's loans that pass the filter.",
        metadata=together(overdue_of),
    )
    def overdue(self, info: Info, window: WindowArgument, filter: FilterArgument = None) -> BorrowerOverdue:
        """Resolve the field."""
        return alone(overdue_of, self, info, window, filter)


def key(context: Context, by: BorrowerKey, as_of: datetime | None, argument: str) -> Key:
    """Return the key as the resolvers take it; BorrowerKeyMalformed where it is none.

    Forbidden where an analyst names somebody by a document.
    """
    if by.document:
        if context.caller.role is Role.ANALYST:
            allowed = "subjectKey, id"
            message = f"An analyst names nobody by an identity document; allowed: {allowed}."
            raise Forbidden(message, argument=f"{argument}.document", allowed=allowed)
        kind, number = by.document.kind, by.document.number
        derived = keys_of_document(context.secrets, kind, number, f"{argument}.document")
        return Key(derived.key, as_of, derived.other)
    if isinstance(by.id, str):
        return stored(context, _of_id(context.tokens, by.id, f"{argument}.id"), as_of)
    return stored(context, read_subject_key(by.subject_key or "", f"{argument}.subjectKey"), as_of)


def stored(context: Context, subject_key: bytes, as_of: datetime | None) -> Key:
    """Return the key as the resolvers take it, of a subject key that may be of an earlier secret."""
    return Key(subject_key, as_of, context.secrets.of_key(subject_key).other)


def _of_id(tokens: Tokens, token: str, argument: str) -> bytes:
    try:
        return tokens.read("borrower", token)
    except TokenInvalid:
        allowed = "the id of a borrower, as this platform gave it"
        message = f"Not the id of a borrower; allowed is {allowed}."
        raise BorrowerKeyMalformed(message, argument=argument, got=token[:100], allowed=allowed) from None
