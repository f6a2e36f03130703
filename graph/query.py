"""The query type: the doors into the graph."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import strawberry

from graph.access import roles
from graph.connection import AfterArgument, FirstArgument, leaf, read_cursor
from graph.context import Context, Info
from graph.execution.selecting import names, sole
from graph.limits import page_size
from graph.tokens import TokenInvalid
from graph.types.asking import wanted
from graph.types.borrower import Borrower, BorrowerKey, key, stored
from graph.types.coverage import Coverage
from graph.types.delivery import Delivery, DeliveryConnection, DeliveryEdge
from graph.types.inquiry_log import (
    InquiryLogConnection,
    LogBorrowerArgument,
    LogInstitutionArgument,
    LogWindowArgument,
    log_page,
)
from graph.types.institution import Institution
from graph.types.institutions import InstitutionConnection, InstitutionEdge
from graph.types.loan import Loan
from graph.types.node import Node
from graph.types.portfolio import Portfolio
from graph.types.portfolio_filter import PortfolioFilterArgument, selection
from graph.types.purpose import ConsentArgument, PurposeArgument
from graph.types.quality import DataQuality
from graph.types.window import WindowArgument
from resolvers.borrowers import BorrowerKey as Key
from resolvers.callers import Purpose
from resolvers.errors import BorrowerKeyMalformed, Forbidden, IdInvalid
from resolvers.institutions import InstitutionsKey
from resolvers.logbook import Read
from resolvers.portraits import Portrait, PortraitKey
from resolvers.quality import DeliveriesKey, QualityKey
from resolvers.slots import raised
from resolvers.trail import implied, reason

# Above every delivery's number.
NUMBERS = 2**63 - 1
# The one character that PostgreSQL's text cannot hold: no code has it.
NUL = "\0"

AsOfArgument = Annotated[
    datetime | None,
    strawberry.argument(
        description=(
            "The answer is what the platform would have answered at this instant: of several versions of a row the "
            "newest reported by then counts, a closing reported later has not happened yet, and the horizon is the "
            "one known then. Left out, the newest version of everything counts."
        )
    ),
]
IdArgument = Annotated[strawberry.ID, strawberry.argument(description="An id that this platform gave.")]
CodeArgument = Annotated[str, strawberry.argument(description="The member's code, to the letter.")]
ByArgument = Annotated[BorrowerKey, strawberry.argument(description="The borrower, named in one way.")]


@strawberry.type(description="Where every question begins.")
class Query:
    """The root."""

    @strawberry.field(
        description=(
            "Anything that has an id. Null where the platform holds no such thing; an id it did not make is ID_INVALID."
        )
    )
    async def node(self, info: Info, id: IdArgument) -> Node | None:
        """Resolve the field."""
        kind, payload = _read_id(info.context, id)
        if info.context.caller.role not in roles(kind.capitalize(), "id"):
            return None
        if kind == "borrower":
            named = stored(info.context, payload, None)
            info.context.trail.note(Read(payload, None, implied(info.context.caller), named.other))
            return await _borrower(info, named)
        if kind == "loan":
            info.context.trail.note(Read(None, int.from_bytes(payload), implied(info.context.caller)))
            loan = await info.context.loaders.loan_by_id.load(int.from_bytes(payload))
            return loan and Loan(row=loan, as_of=None)
        if kind == "delivery":
            return await _delivery(info.context, int.from_bytes(payload))
        return await _institution(info.context, payload.decode())

    @strawberry.field(
        description="The span of months for which anything is reported, and the horizon at which trailing windows end."
    )
    async def coverage(self, info: Info) -> Coverage:
        """Resolve the field."""
        return Coverage.of(await info.context.loaders.coverage.load("platform"))

    @strawberry.field(description="One borrower; null where the platform knows no such person.")
    async def borrower(
        self,
        info: Info,
        by: ByArgument,
        as_of: AsOfArgument = None,
        purpose: PurposeArgument = None,
        consent: ConsentArgument = None,
    ) -> Borrower | None:
        """Resolve the field."""
        why = reason(info.context.caller, purpose and Purpose[purpose.name], consent)
        named = key(info.context, by, as_of, "by")
        info.context.trail.note(Read(named.subject_key, None, why, named.other))
        return await _borrower(info, named)

    @strawberry.field(
        description=(
            "As many answers as keys, in their order; null where the platform knows no such borrower. A malformed key "
            "is an error in its own place. At most 1000 keys unless the operator set another limit."
        ),
        graphql_type=list[Borrower | None],
    )
    async def borrowers(
        self,
        info: Info,
        by: Annotated[list[BorrowerKey], strawberry.argument(description="The borrowers, each named in one way.")],
        as_of: AsOfArgument = None,
        purpose: PurposeArgument = None,
        consent: ConsentArgument = None,
    ) -> Sequence[Borrower | BaseException | None]:
        """Resolve the field."""
        context = info.context
        context.limits.check_keys(len(by), "by")
        why = reason(context.caller, purpose and Purpose[purpose.name], consent)
        named = [_named(context, one, as_of, f"by[{place}]") for place, one in enumerate(by)]
        keys = [one for one in named if isinstance(one, Key)]
        for one in keys:
            context.trail.note(Read(one.subject_key, None, why, one.other))
        found = iter(await _portraits(info, keys))
        rows = (next(found) if isinstance(one, Key) else one for one in named)
        return [Borrower(row=row, as_of=as_of) if isinstance(row, Portrait) else row for row in rows]

    @strawberry.field(description="One member by its code; null where there is none.")
    async def institution(self, info: Info, code: CodeArgument) -> Institution | None:
        """Resolve the field."""
        return None if NUL in code else await _institution(info.context, code)

    @strawberry.field(description="The members, by code.")
    async def institutions(
        self, info: Info, first: FirstArgument = None, after: AfterArgument = None
    ) -> InstitutionConnection:
        """Resolve the field."""
        tokens, size = info.context.tokens, page_size(first)
        code = "" if after is None else read_cursor(tokens, "institutions", after).decode()
        caller, loaders = info.context.caller, info.context.loaders
        rows = await loaders.institutions_by_page.load(InstitutionsKey(size, code, info.context.sender.code))
        known = [one for row in rows if (one := Institution.known(caller, row.code, row.name, row.kind))]
        nodes, cursors, stands = leaf(known, size, after, lambda one: tokens.make("institutions", one.code.encode()))
        return InstitutionConnection(
            edges=[InstitutionEdge(node=node, cursor=cursor) for node, cursor in zip(nodes, cursors, strict=True)],
            nodes=list(nodes),
            page_info=stands,
            total_count=await _members(info.context),
        )

    @strawberry.field(description="What institutions sent, and what became of it, newest first.")
    async def deliveries(
        self, info: Info, first: FirstArgument = None, after: AfterArgument = None
    ) -> DeliveryConnection:
        """Resolve the field."""
        tokens, size = info.context.tokens, page_size(first)
        before = NUMBERS if after is None else int.from_bytes(read_cursor(tokens, "deliveries", after))
        rows = await info.context.loaders.deliveries_by_page.load(DeliveriesKey(size, before, info.context.sender))
        shown, cursors, stands = leaf(rows, size, after, lambda row: tokens.make("deliveries", row.id.to_bytes(8)))
        nodes = [Delivery(row=row) for row in shown]
        return DeliveryConnection(
            edges=[DeliveryEdge(node=node, cursor=cursor) for node, cursor in zip(nodes, cursors, strict=True)],
            nodes=nodes,
            page_info=stands,
        )

    @strawberry.field(
        description=(
            "The quality of what institutions report, by institution's code and month: from the institution's first "
            "month to the last that anybody reported, as far as the window has them."
        )
    )
    async def data_quality(
        self,
        info: Info,
        window: WindowArgument,
        institution: Annotated[
            str | None, strawberry.argument(description="Of the member with this code alone; left out, of all.")
        ] = None,
    ) -> list[DataQuality]:
        """Resolve the field."""
        caller = info.context.caller
        if institution is not None and not caller.knows(institution):
            allowed = "your own institution's code, or nothing"
            message = f"The quality of others' reports is not for the role {caller.role}; allowed: {allowed}."
            raise Forbidden(message, argument="institution", allowed=allowed)
        span = await info.context.span(window, None)
        if institution is not None and NUL in institution:
            return []
        code = info.context.sender.code if institution is None else institution
        rows = await info.context.loaders.quality_by_window.load(QualityKey(span, code))
        return [DataQuality(row=row) for row in rows]

    @strawberry.field(
        description="Who read which person, when and why: every read, found or not, newest first. For the association."
    )
    async def inquiry_log(  # noqa: PLR0913, PLR0917 - what a list is asked with
        self,
        info: Info,
        window: LogWindowArgument,
        borrower: LogBorrowerArgument = None,
        institution: LogInstitutionArgument = None,
        first: FirstArgument = None,
        after: AfterArgument = None,
    ) -> InquiryLogConnection:
        """Resolve the field."""
        return await log_page(
            info.context, window, borrower=borrower, institution=institution, first=first, after=after
        )

    @strawberry.field(description="The market's figures over the loans that pass the filter.")
    def portfolio(self, info: Info, filter: PortfolioFilterArgument = None) -> Portfolio:
        """Resolve the field."""
        return Portfolio(chosen=selection(filter, info.context.caller))


async def _institution(context: Context, code: str) -> Institution | None:
    row = await context.loaders.institution_by_code.load(code)
    return row and Institution.known(context.caller, row.code, row.name, row.kind)


async def _members(context: Context) -> int:
    if context.caller.sees_all:
        return (await context.loaders.coverage.load("platform")).institutions
    return int(await _institution(context, context.caller.own or "") is not None)


async def _delivery(context: Context, number: int) -> Delivery | None:
    rows = await context.loaders.deliveries_by_page.load(DeliveriesKey(1, number + 1, context.sender))
    return next((Delivery(row=row) for row in rows if row.id == number), None)


def _named(context: Context, by: BorrowerKey, as_of: datetime | None, argument: str) -> Key | BorrowerKeyMalformed:
    try:
        return key(context, by, as_of, argument)
    except BorrowerKeyMalformed as error:
        return error


async def _borrower(info: Info, named: Key) -> Borrower | None:
    (row,) = raised(await _portraits(info, [named]))
    return None if row is None else Borrower(row=row, as_of=named.as_of)


async def _portraits(info: Info, keys: Sequence[Key]) -> Sequence[Portrait | BaseException | None]:
    """Return all that the document asks of these borrowers: nothing below them reads, but for when months came."""
    asked, loader = wanted(info), info.context.loaders.portrait_by_key
    several = names(info, "reportedAt") or any(key.other for key in keys)
    load = loader.load_sole if sole(info) and not several else loader.load_many
    found = await load([PortraitKey(key.subject_key, key.as_of, asked, key.other) for key in keys])
    info.context.trail.begin()
    return found


def _read_id(context: Context, token: str) -> tuple[str, bytes]:
    for kind in ("borrower", "loan", "institution", "delivery"):
        try:
            return kind, context.tokens.read(kind, token)
        except TokenInvalid:
            continue
    allowed = "an id that this platform gave"
    raise IdInvalid(f"Not an id; allowed is {allowed}.", argument="id", got=token[:100], allowed=allowed)
