"""Multi-loan figures: how many loans, from how many lenders, how much, and who else asked."""

from typing import cast

import strawberry

from graph.types.institution import InstitutionKind
from graph.types.scalars import Money
from graph.types.window import Span
from resolvers.figures import Counted


@strawberry.type(
    description="The same figures over the loans of one kind of institution, and the inquiries of that kind."
)
class MultiLoanByKind:
    """Taken from ``resolvers.figures.Figures`` by the column, like ``MultiLoan``."""

    kind: InstitutionKind = strawberry.field(description="The kind of institution.")
    loans_opened: int = strawberry.field(description="Loans opened in the window.")
    loans_active: int = strawberry.field(description="Loans alive on any day of the window.")
    loans_at_end: int = strawberry.field(description="Loans alive on the window's last day.")
    lenders_active: int = strawberry.field(description="Distinct institutions of the loans alive on any day.")
    inquiries: int = strawberry.field(description="Inquiries of other institutions than the asking one in the window.")
    principal_opened: Money = strawberry.field(description="Principal of the loans opened in the window.")
    balance_at_end: Money = strawberry.field(description="Balance of the loans alive on the window's last day.")


@strawberry.type(
    description=(
        "A borrower's loans and inquiries over a window, over the loans that pass the filter. A loan is alive on a "
        "day if it was opened on or before it and not closed before it; a lender is an institution that holds a loan."
    )
)
class MultiLoan:
    """Taken from ``resolvers.figures.Figures`` by the column, so only figures that are asked for are counted."""

    span: Span = strawberry.field(description="The window as resolved.")
    loans_opened: int = strawberry.field(description="Loans opened in the window.")
    loans_active: int = strawberry.field(description="Loans alive on any day of the window.")
    loans_settled: int = strawberry.field(description="Loans settled (state SETTLED) on a day of the window.")
    loans_at_end: int = strawberry.field(description="Loans alive on the window's last day.")
    lenders_opened: int = strawberry.field(description="Distinct institutions of the loans opened in the window.")
    lenders_active: int = strawberry.field(description="Distinct institutions of the loans alive on any day of it.")
    lenders_at_end: int = strawberry.field(description="Distinct institutions of the loans alive on its last day.")
    inquiries: int = strawberry.field(
        description=(
            "Inquiries about the borrower, made by other institutions than the asking one on a day of the window (in "
            "the platform's time zone). Of the filter only institutionKinds applies."
        )
    )
    inquirers: int = strawberry.field(description="Distinct institutions that made those inquiries.")
    inquiries_at_night: int = strawberry.field(
        description="Of `inquiries`, those made from 22:00 up to, not including, 06:00 in the platform's time zone."
    )
    inquiries_at_weekend: int = strawberry.field(
        description="Of `inquiries`, those made on a Saturday or Sunday in the platform's time zone."
    )
    own_inquiries: int | None = strawberry.field(
        description=(
            "Inquiries of the asking institution itself on a day of the window; of the filter only institutionKinds "
            "applies. Null where no institution asks."
        )
    )
    peak_loans: int = strawberry.field(description="The most loans alive on any one day of the window.")
    peak_lenders: int = strawberry.field(
        description="The most distinct institutions with a loan alive on any one day of the window."
    )
    loans_opened_while_overdue: int = strawberry.field(
        description=(
            "Of the loans opened in the window, those opened in a month in which another of the borrower's loans, "
            "whether it passes the filter or not, is reported overdue."
        )
    )
    principal_opened: Money = strawberry.field(description="Principal of the loans opened in the window.")
    balance_at_end: Money = strawberry.field(
        description=(
            "Over the loans alive on the window's last day: the balance of the newest month reported before `to`, and "
            "the principal where none is."
        )
    )
    due_in_last_month: Money = strawberry.field(
        description="Amount due that is reported for the window's last month: the month of the day before `to`."
    )

    own_loans_at_end: int | None = strawberry.field(
        description="Of `loansAtEnd`, those of the asking institution; null where no institution asks."
    )
    own_balance_at_end: Money | None = strawberry.field(
        description="Of `balanceAtEnd`, the part of the asking institution's loans; null where no institution asks."
    )
    days_since_first_loan: int | None = strawberry.field(
        description="Days from the first opening of `loansOpened` to the window's last day; null where there is none."
    )
    days_since_last_loan: int | None = strawberry.field(
        description="Days from the last opening of `loansOpened` to the window's last day; null where there is none."
    )
    days_since_first_inquiry: int | None = strawberry.field(
        description="Days from the first of `inquiries` to the window's last day; null where there is none."
    )
    days_since_last_inquiry: int | None = strawberry.field(
        description="Days from the last of `inquiries` to the window's last day; null where there is none."
    )

    @strawberry.field(
        description="The figures by kind of institution, only kinds with anything to count, in the enum's order.",
        graphql_type=list[MultiLoanByKind],
    )
    def by_institution_kind(self) -> list[Counted]:
        """Resolve the field."""
        found = cast("Counted", self).by_kind
        return [found[kind.name] for kind in InstitutionKind if kind.name in found]
