"""Institutions and the kinds of them."""

from enum import Enum
from typing import Self

import strawberry

from graph.context import Info
from graph.types.node import Node
from resolvers.callers import Caller


@strawberry.enum(description="What an institution is.")
class InstitutionKind(Enum):
    """In the order in which figures by kind are listed."""

    INTERNET_PLATFORM = strawberry.enum_value("INTERNET_PLATFORM", description="Online lending platform.")
    CONSUMER_FINANCE = strawberry.enum_value("CONSUMER_FINANCE", description="Licensed consumer-finance company.")
    MICROLOAN = strawberry.enum_value("MICROLOAN", description="Small-loan company.")
    GUARANTEE = strawberry.enum_value("GUARANTEE", description="Guarantee company.")
    INSURANCE = strawberry.enum_value("INSURANCE", description="Insurance company.")
    BANK = strawberry.enum_value("BANK", description="Bank.")
    OTHER = strawberry.enum_value("OTHER", description="Any other member.")


@strawberry.type(description="A member of the platform: it reports loans, or asks about borrowers, or both.")
class Institution(Node):
    """The output."""

    code: str = strawberry.field(description="The member's code, unique on the platform.")
    name: str = strawberry.field(description="The member's name.")
    kind: InstitutionKind = strawberry.field(description="What the member is.")

    @strawberry.field(description="Opaque and stable; `node(id:)` takes it.")
    def id(self, info: Info) -> strawberry.ID:
        """Resolve the field."""
        return strawberry.ID(info.context.tokens.make("institution", self.code.encode()))

    @classmethod
    def known(cls, caller: Caller, code: str, name: str, kind: str) -> Self | None:
        """Return an institution that the caller may know, else None; nothing else makes one."""
        return cls(code=code, name=name, kind=InstitutionKind[kind]) if caller.knows(code) else None
