"""Deliveries: what an institution sent, and what became of it."""

from collections.abc import Sequence
from datetime import datetime
from enum import Enum

import strawberry

from graph.connection import PageInfo
from graph.context import Info
from graph.types.node import Node
from graph.types.scalars import BigInt
from sql.rows import DeliveryCountRow, DeliveryRow, RuleRow


@strawberry.enum(description="What became of a delivery.")
class DeliveryState(Enum):
    """The states."""

    LOADED = strawberry.enum_value("LOADED", description="It changed what the platform holds.")
    UNCHANGED = strawberry.enum_value("UNCHANGED", description="It was right, and told nothing new.")
    REFUSED = strawberry.enum_value(
        "REFUSED", description="A file could not be read, or too many rows were rejected: nothing of it was loaded."
    )


@strawberry.enum(description="A kind of file in a delivery.")
class FileKind(Enum):
    """In the order in which they are loaded."""

    INSTITUTIONS = strawberry.enum_value("institutions", description="Members.")
    LOANS = strawberry.enum_value("loans", description="Loans, with their borrowers.")
    REPAYMENTS = strawberry.enum_value("repayments", description="Reports of a loan for a month.")
    INQUIRIES = strawberry.enum_value("inquiries", description="Who asked about whom.")


@strawberry.type(
    description=(
        "What became of a delivery's rows of one kind of file: "
        "read = added + corrected + older + unchanged + rejected + withheld."
    )
)
class DeliveryCount:
    """The output."""

    kind: FileKind = strawberry.field(description="The kind of file.")
    read: BigInt = strawberry.field(description="Rows read.")
    added: BigInt = strawberry.field(description="Rows whose key was not known.")
    corrected: BigInt = strawberry.field(description="Rows that gave a known key a newer version.")
    older: BigInt = strawberry.field(description="Older versions that arrived late and took their place in history.")
    unchanged: BigInt = strawberry.field(description="Rows that said what was known already.")
    rejected: BigInt = strawberry.field(description="Rows that broke a rule: kept apart, and not loaded.")
    withheld: BigInt = strawberry.field(description="Rows with nothing wrong in a delivery that was refused.")
    warned: BigInt = strawberry.field(description="Loaded rows that seem wrong, whichever and however many warnings.")

    @classmethod
    def of(cls, row: DeliveryCountRow) -> "DeliveryCount":
        """Return the counts of a row."""
        return cls(
            kind=FileKind(row.kind),
            read=BigInt(row.read),
            added=BigInt(row.added),
            corrected=BigInt(row.corrected),
            older=BigInt(row.older),
            unchanged=BigInt(row.unchanged),
            rejected=BigInt(row.rejected),
            withheld=BigInt(row.withheld),
            warned=BigInt(row.warned),
        )


@strawberry.type(description="How many rows break one rule, or are named by one warning; a row may break several.")
class RuleCount:
    """The output."""

    rule: str = strawberry.field(description="The rule's or warning's code, which stays: docs/rules.md lists them.")
    rows: BigInt = strawberry.field(description="How many rows.")


def rules(rows: Sequence[RuleRow], *, warns: bool) -> list[RuleCount]:
    """Return the warnings among the rows, or the rules broken."""
    return [RuleCount(rule=row.rule, rows=BigInt(row.rows)) for row in rows if row.warns == warns]


@strawberry.type(description="A delivery that was read to its end: a folder of files, loaded whole or not at all.")
class Delivery(Node):
    """The output."""

    row: strawberry.Private[DeliveryRow]

    @strawberry.field(description="Opaque and stable; `node(id:)` takes it.")
    def id(self, info: Info) -> strawberry.ID:
        """Resolve the field."""
        return strawberry.ID(info.context.tokens.make("delivery", self.row.id.to_bytes(8)))

    @strawberry.field(description="Its number, ascending with time; `borrowgraph rejects` takes it.")
    def number(self) -> BigInt:
        """Resolve the field."""
        return BigInt(self.row.id)

    @strawberry.field(description="The folder or file as the loader was given it.")
    def source(self) -> str:
        """Resolve the field."""
        return self.row.source

    @strawberry.field(description="SHA-256 of its files, 64 hex digits: the same files have the same digest.")
    def digest(self) -> str:
        """Resolve the field."""
        return self.row.digest.hex()

    @strawberry.field(description="What became of it.")
    def state(self) -> DeliveryState:
        """Resolve the field."""
        return DeliveryState(self.row.state)

    @strawberry.field(description="When its load began.")
    def started_at(self) -> datetime:
        """Resolve the field."""
        return self.row.started_at

    @strawberry.field(description="When its load ended, loaded or refused.")
    def loaded_at(self) -> datetime:
        """Resolve the field."""
        return self.row.loaded_at

    @strawberry.field(description="How long its load took, in seconds.")
    def seconds(self) -> float:
        """Resolve the field."""
        return self.row.seconds

    @strawberry.field(description="What became of its rows, by kind of file, only kinds with rows, in loading order.")
    async def counts(self, info: Info) -> list[DeliveryCount]:
        """Resolve the field."""
        return [DeliveryCount.of(row) for row in await info.context.loaders.counts_by_delivery.load(self.row.id)]

    @strawberry.field(description="Its rejected rows by the rule that they break, the most first.")
    async def rejects(self, info: Info) -> list[RuleCount]:
        """Resolve the field."""
        return rules(await info.context.loaders.rules_by_delivery.load(self.row.id), warns=False)

    @strawberry.field(description="Its loaded rows that seem wrong by warning, the most first.")
    async def warnings(self, info: Info) -> list[RuleCount]:
        """Resolve the field."""
        return rules(await info.context.loaders.rules_by_delivery.load(self.row.id), warns=True)


@strawberry.type(description="A delivery in a list, with the cursor at which the list can go on.")
class DeliveryEdge:
    """The output."""

    node: Delivery = strawberry.field(description="The delivery.")
    cursor: str = strawberry.field(description="Give it as `after` to go on behind this delivery.")


@strawberry.type(description="A page of the deliveries, newest first.")
class DeliveryConnection:
    """The output."""

    edges: list[DeliveryEdge] = strawberry.field(description="The page's deliveries, each with its cursor.")
    nodes: list[Delivery] = strawberry.field(description="The page's deliveries.")
    page_info: PageInfo = strawberry.field(description="Where the page stands in the list.")

    @strawberry.field(description="How many deliveries are noted.")
    async def total_count(self, info: Info) -> BigInt:
        """Resolve the field."""
        return BigInt(await info.context.loaders.deliveries_counted.load(info.context.sender))
