"""The inquiry log: its entries, and pages of them."""

import struct
from datetime import UTC, datetime, timedelta
from typing import Annotated

import strawberry

from graph.connection import PageInfo, leaf, read_cursor
from graph.context import Context, Info
from graph.limits import page_size
from graph.tokens import Tokens
from graph.types.borrower import BorrowerKey, key
from graph.types.institution import Institution
from graph.types.purpose import Purpose
from graph.types.scalars import BigInt
from graph.types.window import Window
from resolvers.inquiry_log import Entries, LogKey, Place, days
from resolvers.logbook import Read
from resolvers.trail import implied
from sql.journal import LogRow

# What a cursor holds: microseconds since 1970 in UTC, and the entry's number.
CURSOR = struct.Struct(">qq")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
# The one character that PostgreSQL's text cannot hold: no code has it.
NUL = "\0"

LogWindowArgument = Annotated[
    Window,
    strawberry.argument(
        description=(
            "The days of the entries, in the platform's time zone: from <= day < to. One that names no end ends with "
            "today, not at the horizon."
        )
    ),
]
LogBorrowerArgument = Annotated[
    BorrowerKey | None,
    strawberry.argument(
        description=(
            "About this person alone, known to the platform or not; left out, about all. Naming a person is a read of "
            "them: it is logged with the credential's default purpose, PURPOSE_REQUIRED where it has none."
        )
    ),
]
LogInstitutionArgument = Annotated[
    str | None,
    strawberry.argument(description="Asked by the member with this code alone; left out, by all and the association."),
]


@strawberry.type(description="One read of one person by one request, as it was logged; it never changes.")
class InquiryLogEntry:
    """The output."""

    row: strawberry.Private[LogRow]

    @strawberry.field(description="When it was logged, before the answer left.")
    def logged_at(self) -> datetime:
        """Resolve the field."""
        return self.row.logged_at

    @strawberry.field(
        description="The request's id, which the answer's header X-Request-Id and the service's log have."
    )
    def request_id(self) -> str:
        """Resolve the field."""
        return self.row.request

    @strawberry.field(description="The number of the credential that asked; null for a token, or a command.")
    def credential(self) -> BigInt | None:
        """Resolve the field."""
        return None if self.row.credential is None else BigInt(self.row.credential)

    @strawberry.field(description="The name of who asked: the credential's, or the token's subject.")
    def caller(self) -> str:
        """Resolve the field."""
        return self.row.caller

    @strawberry.field(description="The member that it was asked for; null for the association.")
    async def institution(self, info: Info) -> Institution | None:
        """Resolve the field."""
        if self.row.institution is None:
            return None
        found = await info.context.loaders.institution_by_code.load(self.row.institution)
        return found and Institution.known(info.context.caller, found.code, found.name, found.kind)

    @strawberry.field(description="Why the person was read.")
    def purpose(self) -> Purpose:
        """Resolve the field."""
        return Purpose[self.row.purpose]

    @strawberry.field(description="The reference of the person's consent; null where none was given.")
    def consent(self) -> str | None:
        """Resolve the field."""
        return self.row.consent

    @strawberry.field(description="SHA-256 of the document that was sent, 64 hexadecimal digits.")
    def document(self) -> str:
        """Resolve the field."""
        return self.row.document.hex()

    @strawberry.field(
        description=(
            "The subject key of the person, 64 hexadecimal digits; null where a loan was asked by its id, and there "
            "was no such loan."
        )
    )
    def subject_key(self) -> str | None:
        """Resolve the field."""
        return None if self.row.subject_key is None else self.row.subject_key.hex()

    @strawberry.field(description="Whether the platform knew the person when it was logged.")
    def found(self) -> bool:
        """Resolve the field."""
        return self.row.found

    @strawberry.field(description="The chain that the entry is part of: the log has several, numbered from 0.")
    def lane(self) -> int:
        """Resolve the field."""
        return self.row.lane

    @strawberry.field(description="Where it stands in its chain, from 1 without a gap.")
    def place(self) -> BigInt:
        """Resolve the field."""
        return BigInt(self.row.place)

    @strawberry.field(description="The SHA-256 that seals the entry and all before it in its chain, 64 hex digits.")
    def hash(self) -> str:
        """Resolve the field."""
        return self.row.hash.hex()


@strawberry.type(description="An entry in a list, with the cursor at which the list can go on.")
class InquiryLogEdge:
    """The output."""

    node: InquiryLogEntry = strawberry.field(description="The entry.")
    cursor: str = strawberry.field(description="Give it as `after` to go on behind this entry.")


@strawberry.type(
    description=(
        "A page of the inquiry log, newest first; entries of one instant stand in an order that does not change. What "
        "is logged meanwhile shifts nothing. What else the same request reads may be in it or not."
    )
)
class InquiryLogConnection:
    """The output."""

    among: strawberry.Private[Entries]
    edges: list[InquiryLogEdge] = strawberry.field(description="The page's entries, each with its cursor.")
    nodes: list[InquiryLogEntry] = strawberry.field(description="The page's entries.")
    page_info: PageInfo = strawberry.field(description="Where the page stands in the list.")

    @strawberry.field(description="How many entries the whole list has.")
    async def total_count(self, info: Info) -> BigInt:
        """Resolve the field."""
        return BigInt(await info.context.loaders.log_counted.load(self.among))


async def log_page(  # noqa: PLR0913 - the field's arguments, each once
    context: Context,
    window: Window,
    *,
    borrower: BorrowerKey | None,
    institution: str | None,
    first: int | None,
    after: str | None,
) -> InquiryLogConnection:
    """Return a page of the log; naming a person in it is a read of that person, in the log before the page is."""
    size, tokens = page_size(first), context.tokens
    behind = None if after is None else _place(read_cursor(tokens, "inquiryLog", after))
    span = days(window.asked(), context.loaders.time_zone, "window", context.limits.window_months)
    named = None if borrower is None else _keys(context, borrower)
    # Every page waits, also one that names nobody: so all pages of a request reach the loader in the same turn.
    await context.trail.settled()
    # No code has a NUL, so nobody is asked for by one: the empty text stands for nobody as well.
    among = Entries(span, named, "" if institution and NUL in institution else institution)
    rows = await context.loaders.log_by_page.load(LogKey(size, behind, among))
    shown, cursors, stands = leaf(rows, size, after, lambda row: _cursor(tokens, row))
    nodes = [InquiryLogEntry(row=row) for row in shown]
    edges = [InquiryLogEdge(node=node, cursor=cursor) for node, cursor in zip(nodes, cursors, strict=True)]
    return InquiryLogConnection(among=among, edges=edges, nodes=nodes, page_info=stands)


def _keys(context: Context, borrower: BorrowerKey) -> tuple[bytes, ...]:
    """Return the keys under which a person may have been logged, and note that they are read."""
    named = key(context, borrower, None, "borrower")
    context.trail.note(Read(named.subject_key, None, implied(context.caller), named.other))
    keys = [named.subject_key, named.other or named.subject_key]
    if borrower.document:
        keys += context.secrets.ever(borrower.document.kind, borrower.document.number)
    return tuple(dict.fromkeys(keys))


def _cursor(tokens: Tokens, row: LogRow) -> str:
    return tokens.make("inquiryLog", CURSOR.pack((row.logged_at - EPOCH) // MICROSECOND, row.id))


def _place(payload: bytes) -> Place:
    instant, number = CURSOR.unpack(payload)
    return Place(EPOCH + instant * MICROSECOND, number)
