"""Pages of institutions."""

import strawberry

from graph.connection import PageInfo
from graph.types.institution import Institution


@strawberry.type(description="An institution in a list, with the cursor at which the list can go on.")
class InstitutionEdge:
    """The output."""

    node: Institution = strawberry.field(description="The institution.")
    cursor: str = strawberry.field(description="Give it as `after` to go on behind this institution.")


@strawberry.type(description="A page of the platform's members, by code.")
class InstitutionConnection:
    """The output."""

    edges: list[InstitutionEdge] = strawberry.field(description="The page's institutions, each with its cursor.")
    nodes: list[Institution] = strawberry.field(description="The page's institutions.")
    page_info: PageInfo = strawberry.field(description="Where the page stands in the list.")
    total_count: int = strawberry.field(description="How many members the platform has.")
