"""Nodes: what has an id of its own and can be fetched again by it."""

import strawberry


@strawberry.interface(description="Anything with an id of its own, which `node(id:)` takes.")
class Node:
    """The Relay interface."""

    @strawberry.field(description="Opaque and stable: the same thing keeps its id, which tells nothing about it.")
    def id(self) -> strawberry.ID:
        """Resolve the field; every type of node has its own way."""
        raise NotImplementedError
