"""Levels: objects that one selection is asked of, and awaiting what is asked of them side by side."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import Any, NamedTuple

from graphql import GraphQLObjectType
from graphql.pyutils import Path


class Unknown(Exception):
    """What only graphql-core's own executor answers: the operation is left to it, from its beginning."""


class Level(NamedTuple):
    """Objects of one type that one selection is asked of; ``path`` tells where the one with a number lies."""

    type: GraphQLObjectType
    objects: Sequence[Any]
    path: Callable[[int], Path | None]


async def all_of(works: Iterable[Coroutine[Any, Any, Any]]) -> list[Any]:
    """Await works side by side, all to their end: who is left over would find half of the loaders' answers."""
    waiting = list(works)
    if not waiting:
        return []
    if len(waiting) == 1:
        return [await waiting[0]]
    found = await asyncio.gather(*waiting, return_exceptions=True)
    for one in found:
        if isinstance(one, BaseException):
            raise one
    return found
