"""Loans: their terms, their months, and lists of them."""

import struct
from collections.abc import Awaitable, Sequence
from datetime import date, datetime

import strawberry

from graph.connection import Page, PageInfo
from graph.context import Info
from graph.execution.selecting import names
from graph.execution.together import alone, together
from graph.tokens import Tokens
from graph.types.filter import LoanState
from graph.types.institution import Institution, InstitutionKind
from graph.types.node import Node
from graph.types.overdue import CODES, Bucket, LoanOverdue
from graph.types.scalars import Money, Month
from graph.types.window import Span, Window, WindowArgument
from resolvers import sequence
from resolvers import window as resolved
from resolvers.repayments import RepaymentsKey
from resolvers.slots import raised
from resolvers.table import Lists
from sql.portraits import PortraitRow

# Of each loan, the months that are reported.
Months = Lists[sequence.Report]


@strawberry.type(description="What was reported of a loan for one month.")
class Repayment:
    """Taken from ``resolvers.sequence.Report`` as it is."""

    month: Month = strawberry.field(description="The month.")
    due: Money = strawberry.field(description="Amount due in the month.")
    paid: Money = strawberry.field(description="Amount paid in the month.")
    balance: Money = strawberry.field(description="Amount owed at the month's end.")
    overdue_amount: Money = strawberry.field(description="Amount overdue at the month's end.")
    days_past_due: int = strawberry.field(description="Days past due at the month's end.")
    bucket: Bucket = strawberry.field(description="Bucket of the days past due.")
    code: str = strawberry.field(description=f"The month's character in the pattern. {CODES}")
    reported_at: datetime = strawberry.field(description="When the version that counts was reported.")


@strawberry.type(
    description=(
        "A loan's months as parallel lists, for charts and models: every month of the window, oldest first, null where "
        "nothing is reported for the month."
    )
)
class LoanSeries:
    """The output."""

    span: Span = strawberry.field(description="The window as resolved.")
    months: list[Month] = strawberry.field(description="The months.")
    pattern: str = strawberry.field(description=f"One character a month. {CODES}")
    due: list[Money | None] = strawberry.field(description="Amounts due in the months.")
    paid: list[Money | None] = strawberry.field(description="Amounts paid in the months.")
    balance: list[Money | None] = strawberry.field(description="Amounts owed at the months' ends.")
    overdue_amount: list[Money | None] = strawberry.field(description="Amounts overdue at the months' ends.")
    days_past_due: list[int | None] = strawberry.field(description="Days past due at the months' ends.")


def repayments_of(loans: Sequence["Loan"], info: Info, window: Window) -> Months | Awaitable[Months]:
    """Return each loan's reported months; when they were reported stands in their rows alone."""
    span = _span(loans, info, window)
    coded = names(info, "bucket", "code")
    found = sequence.reports([loan.row for loan in loans], span, coded=coded)
    return _dated(loans, info, span, found) if names(info, "reportedAt") else found


async def _dated(loans: Sequence["Loan"], info: Info, span: resolved.Span, found: Months) -> Months:
    keys = [RepaymentsKey(loan.row.id, span, loan.as_of) for loan in loans]
    rows = raised(await info.context.loaders.repayments_by_loan.load_many(keys))
    return found.beside("reported_at", [[row.reported_at for row in of_loan] for of_loan in rows])


def overdue_of(loans: Sequence["Loan"], info: Info, window: Window) -> list[LoanOverdue]:
    """Return each loan's overdue behaviour."""
    span = _span(loans, info, window)
    return [LoanOverdue(resolved=span, every_month=sequence.of_loan(loan.row, span)) for loan in loans]


def series_of(loans: Sequence["Loan"], info: Info, window: Window) -> list[LoanSeries]:
    """Return each loan's months as parallel lists."""
    span = _span(loans, info, window)
    return [LoanSeries(span=Span.of(span), **sequence.series(loan.row, span)._asdict()) for loan in loans]


def _span(loans: Sequence["Loan"], info: Info, window: Window) -> resolved.Span:
    """Return the window resolved; loans asked together share their instant of knowledge, and so their horizon."""
    return info.context.resolved(window, loans[0].row.horizon)


@strawberry.type(
    description="A loan, in the newest version reported, or the newest that was reported by the instant asked about."
)
class Loan(Node):
    """The output: a row, and the instant of knowledge that everything below it shares."""

    row: strawberry.Private[PortraitRow]
    as_of: strawberry.Private[datetime | None]

    @strawberry.field(description="Opaque and stable; `node(id:)` takes it.")
    def id(self, info: Info) -> strawberry.ID:
        """Resolve the field."""
        return loan_id(info.context.tokens, self.row.id)

    @strawberry.field(
        description=(
            "The lender. Null where the caller may not know it: an institution knows itself alone, an analyst nobody."
        )
    )
    def institution(self, info: Info) -> Institution | None:
        """Resolve the field."""
        row, caller = self.row, info.context.caller
        return Institution.known(caller, row.institution_code, row.institution_name, row.institution_kind)

    @strawberry.field(description="What the lender is.")
    def institution_kind(self) -> InstitutionKind:
        """Resolve the field."""
        return InstitutionKind[self.row.institution_kind]

    @strawberry.field(description="The product, as the lender names it.")
    def product(self) -> str:
        """Resolve the field."""
        return self.row.product

    @strawberry.field(description="The amount lent, or the credit limit.")
    def principal(self) -> Money:
        """Resolve the field."""
        return Money(self.row.principal)

    @strawberry.field(description="First day of the loan's life.")
    def opened_on(self) -> date:
        """Resolve the field."""
        return self.row.opened_on

    @strawberry.field(description="Day on which the last payment is due; null where there is none.")
    def due_on(self) -> date | None:
        """Resolve the field."""
        return self.row.due_on

    @strawberry.field(description="Last day of the loan's life; null while it goes on.")
    def closed_on(self) -> date | None:
        """Resolve the field."""
        return self.row.closed_on

    @strawberry.field(description="Whether the loan goes on, and how it ended.")
    def state(self) -> LoanState:
        """Resolve the field."""
        return LoanState[self.row.state]

    @strawberry.field(
        description="The months of the window for which anything is reported, oldest first.",
        graphql_type=list[Repayment],
        metadata=together(repayments_of),
    )
    async def repayments(self, info: Info, window: WindowArgument) -> Sequence[sequence.Report]:
        """Resolve the field."""
        found = repayments_of([self], info, window)
        return (await found if isinstance(found, Awaitable) else found)[0]

    @strawberry.field(description="Overdue behaviour over the months of the window.", metadata=together(overdue_of))
    def overdue(self, info: Info, window: WindowArgument) -> LoanOverdue:
        """Resolve the field."""
        return alone(overdue_of, self, info, window)

    @strawberry.field(
        description="The months of the window as parallel lists, for charts and models.", metadata=together(series_of)
    )
    def series(self, info: Info, window: WindowArgument) -> LoanSeries:
        """Resolve the field."""
        return alone(series_of, self, info, window)


@strawberry.type(description="A loan in a list, with the cursor at which the list can go on.")
class LoanEdge:
    """The output."""

    node: Loan = strawberry.field(description="The loan.")
    cursor: str = strawberry.field(description="Give it as `after` to go on behind this loan.")


@strawberry.type(description="A page of a borrower's loans, newest opened first.")
class LoanConnection:
    """The output."""

    nodes: list[Loan] = strawberry.field(description="The page's loans.")
    page: strawberry.Private[Page]
    cursors: strawberry.Private["LoanCursors"]

    @strawberry.field(description="The page's loans, each with its cursor.")
    def edges(self) -> list[LoanEdge]:
        """Resolve the field."""
        return [
            LoanEdge(node=node, cursor=self.cursors.at(place)) for place, node in enumerate(self.nodes, self.page.start)
        ]

    @strawberry.field(description="Where the page stands in the list.")
    def page_info(self) -> PageInfo:
        """Resolve the field."""
        return self.page.info(self.cursors.at)

    @strawberry.field(description="How many loans the whole list has.")
    def total_count(self) -> int:
        """Resolve the field."""
        return self.page.total


class LoanCursors:
    """Cursors of a list of loans: each names its loan's place in the order, by opening day and id."""

    FORM = struct.Struct(">iq")

    def __init__(self, tokens: Tokens, borrower_id: int, rows: Sequence[PortraitRow]) -> None:
        self._tokens = tokens
        self._use = cursor_use(borrower_id)
        self._rows = rows

    def at(self, place: int) -> str:
        """Return the cursor of a position in the list."""
        row = self._rows[place]
        return self._tokens.make(self._use, self.FORM.pack(row.opened_on.toordinal(), row.id))


def in_order(tokens: Tokens, rows: Sequence[PortraitRow]) -> Sequence[PortraitRow]:
    """Return a borrower's loans newest first, those of one day by their ids as clients see them.

    The numbers within would tell in which order loans were loaded, and so which have one lender.
    """
    if len({row.opened_on for row in rows}) == len(rows):
        return rows
    return sorted(rows, key=lambda row: (-row.opened_on.toordinal(), loan_id(tokens, row.id)))


def cursor_use(borrower_id: int) -> str:
    """Return what a cursor is good for: the list of one borrower's loans."""
    return f"loans of {borrower_id}"


def loan_id(tokens: Tokens, number: int) -> strawberry.ID:
    """Return the id of the loan with this number."""
    return strawberry.ID(tokens.make("loan", number.to_bytes(8)))
