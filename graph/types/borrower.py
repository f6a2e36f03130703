"""Borrowers: how they are named, and what is known of their loans."""

from collections.abc import Callable
from datetime import datetime

import strawberry

from graph.connection import AfterArgument, FirstArgument, page, read_cursor
from graph.context import Context, Info
from graph.limits import page_size
from graph.tokens import TokenInvalid, Tokens
from graph.types.filter import FilterArgument, LoanFilter, resolved_filter
from graph.types.loan import Loan, LoanConnection, LoanCursors, cursor_use
from graph.types.multiloan import MultiLoan
from graph.types.node import Node
from graph.types.overdue import BorrowerOverdue
from graph.types.window import WindowArgument
from resolvers import sequence
from resolvers.borrowers import BorrowerKey as Key
from resolvers.borrowers import derive_subject_key, read_subject_key
from resolvers.errors import BorrowerKeyMalformed
from resolvers.questions import LoansKey, Question
from resolvers.repayments import RepaymentsKey
from sql.rows import BorrowerRow, LoanRow


@strawberry.input(
    description=(
        "An identity document; it is turned into a subject key on arrival, and neither stored nor logged. The key is "
        "HMAC-SHA-256 with the platform's secret over the kind, a line feed and the number, which is trimmed and "
        "upper-cased, its spaces and hyphens removed."
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


@strawberry.type(
    description=(
        "A person, known to the platform by a keyed hash of an identity document, and everything reported of them."
    )
)
class Borrower(Node):
    """The output: a row, and the instant of knowledge that everything below it shares."""

    row: strawberry.Private[BorrowerRow]
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
        )
    )
    async def loans(
        self, info: Info, filter: FilterArgument = None, first: FirstArgument = None, after: AfterArgument = None
    ) -> LoanConnection:
        """Resolve the field."""
        tokens, size = info.context.tokens, page_size(first)
        follows = after_cursor(tokens, self.row.id, after)
        rows = await self._loans(info.context, filter)
        shown = page(rows, size, follows)
        nodes = [Loan(row=row, as_of=self.as_of) for row in rows[shown.start : shown.end]]
        return LoanConnection(nodes=nodes, page=shown, cursors=LoanCursors(tokens, self.row.id, rows))

    @strawberry.field(
        description=(
            "Multi-loan figures over the window: how many loans, from how many lenders, how much, and who else asked."
        )
    )
    async def multi_loan(self, info: Info, window: WindowArgument, filter: FilterArgument = None) -> MultiLoan:
        """Resolve the field."""
        span = await info.context.span(window, self.as_of)
        question = Question(span, self.as_of, await resolved_filter(info.context, filter, self.as_of))
        figures = await info.context.loaders.multi_loan_by_question.load(LoansKey(self.row.id, question))
        return MultiLoan.of(span, figures, info.context.asking)

    @strawberry.field(description="Month by month, the worst of the borrower's loans that pass the filter.")
    async def overdue(self, info: Info, window: WindowArgument, filter: FilterArgument = None) -> BorrowerOverdue:
        """Resolve the field."""
        span = await info.context.span(window, self.as_of)
        loans = await self._loans(info.context, filter)
        keys = [RepaymentsKey(loan.id, span, self.as_of) for loan in loans]
        months = list(zip(loans, await info.context.loaders.repayments_by_loan.load_many(keys), strict=True))
        overdue = [loan for loan, rows in months if any(row.days_past_due for row in rows)]
        return BorrowerOverdue(
            resolved=span,
            every_month=sequence.of_borrower(span, months),
            overdue_loans=len(overdue),
            overdue_lenders=len({loan.institution_id for loan in overdue}),
        )

    async def _loans(self, context: Context, chosen: LoanFilter | None) -> list[LoanRow]:
        question = Question(None, self.as_of, await resolved_filter(context, chosen, self.as_of))
        return await context.loaders.loans_by_question.load(LoansKey(self.row.id, question))


def after_cursor(tokens: Tokens, borrower_id: int, after: str | None) -> Callable[[LoanRow], bool] | None:
    """Return what tells whether a loan comes after the cursor in the list's order; None where there is no cursor."""
    if after is None:
        return None
    opened, number = LoanCursors.FORM.unpack(read_cursor(tokens, cursor_use(borrower_id), after))
    return lambda row: (row.opened_on.toordinal(), row.id) < (opened, number)


def key(context: Context, by: BorrowerKey, as_of: datetime | None, argument: str) -> Key:
    """Return the key as the resolvers take it; BorrowerKeyMalformed where it is none."""
    if by.document:
        kind, number = by.document.kind, by.document.number
        return Key(derive_subject_key(context.secret, kind, number, f"{argument}.document"), as_of)
    if isinstance(by.id, str):
        return Key(_of_id(context.tokens, by.id, f"{argument}.id"), as_of)
    return Key(read_subject_key(by.subject_key or "", f"{argument}.subjectKey"), as_of)


def _of_id(tokens: Tokens, token: str, argument: str) -> bytes:
    try:
        return tokens.read("borrower", token)
    except TokenInvalid:
        allowed = "the id of a borrower, as this platform gave it"
        message = f"Not the id of a borrower; allowed is {allowed}."
        raise BorrowerKeyMalformed(message, argument=argument, got=token[:100], allowed=allowed) from None
