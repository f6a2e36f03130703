"""Levels: objects that one selection is asked of, and the columns that their fields give."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import Any, NamedTuple

from graphql import GraphQLObjectType, GraphQLOutputType, GraphQLResolveInfo
from graphql.execution.collect_fields import FieldDetailsList
from graphql.pyutils import Path


class Unknown(Exception):
    """What only graphql-core's own executor answers: the operation is left to it, from its beginning."""


class Level(NamedTuple):
    """Objects of one type that one selection is asked of; ``path`` tells where the one with a number lies."""

    type: GraphQLObjectType
    objects: Sequence[Any]
    path: Callable[[int], Path | None]


class Column(NamedTuple):
    """Values to complete: their type, the fields of the document that ask for them, what a type is resolved with."""

    kind: GraphQLOutputType
    details: FieldDetailsList
    info: GraphQLResolveInfo[Any]


async def all_of(works: Iterable[Coroutine[Any, Any, Any]]) -> list[Any]:
    """Await works side by side, all to their end: who is left over would find half of the loaders' answers."""
    waiting = list(works)
    if len(waiting) == 1:
        return [await waiting[0]]
    found = await asyncio.gather(*waiting, return_exceptions=True)
    for one in found:
        if isinstance(one, BaseException):
            raise one
    return found
