"""Levels: objects that one selection is asked of, and awaiting what is asked of them side by side."""

import asyncio
from collections.abc import Callable, Coroutine, Generator, Iterable, Sequence
from typing import Any, NamedTuple

from graphql import GraphQLObjectType, Undefined
from graphql.pyutils import Path


class Unknown(Exception):
    """What only graphql-core's own executor answers: the operation is left to it, from its beginning."""


# Whether values of a type are there, by type: not null, no error, nothing to await.
PRESENT: dict[type, bool] = {}


def present(kind: type) -> bool:
    """Tell whether values of a type are there; Unknown where they would have to be awaited."""
    found = PRESENT.get(kind)
    if found is None:
        if hasattr(kind, "__await__") or hasattr(kind, "__aiter__"):
            raise Unknown
        absent = kind in (type(None), type(Undefined)) or issubclass(kind, Exception)
        found = PRESENT[kind] = not absent
    return found


class Level(NamedTuple):
    """Objects of one type that one selection is asked of; ``path`` tells where the one with a number lies."""

    type: GraphQLObjectType
    objects: Sequence[Any]
    path: Callable[[int], Path | None]


class Begun(NamedTuple):
    """A coroutine that waits already, and what for: whoever awaits this lets it go on."""

    work: Coroutine[Any, Any, Any]
    waits: Any

    def __await__(self) -> Generator[Any, Any, Any]:
        """Hand on what it waits for, then what it waits for next."""
        waits = self.waits
        try:
            while True:
                try:
                    told = yield waits
                except BaseException as thrown:  # noqa: BLE001 - whatever is thrown is thrown into the coroutine
                    waits = self.work.throw(thrown)
                else:
                    waits = self.work.send(told)
        except StopIteration as done:
            return done.value


async def all_of(works: Iterable[Coroutine[Any, Any, Any]]) -> list[Any]:
    """Await works side by side, all to their end: who is left over would find half of the loaders' answers.

    Each is begun at once, and most end without having waited: tasks are made only where several wait.
    """
    found: list[Any] = []
    begun: dict[int, Begun] = {}
    for place, work in enumerate(works):
        try:
            waits = work.send(None)
        except StopIteration as done:
            found.append(done.value)
        except Exception as error:  # noqa: BLE001 - it is raised below, once the others have ended
            found.append(error)
        else:
            found.append(None)
            begun[place] = Begun(work, waits)
    # One that waits alone can do so here.
    waiting = [_ended(one) for one in begun.values()]
    ended = [await waiting[0]] if len(waiting) == 1 else await asyncio.gather(*waiting, return_exceptions=True)
    for place, one in zip(begun, ended, strict=True):
        found[place] = one
    for one in found:
        if isinstance(one, BaseException):
            raise one
    return found


async def _ended(begun: Begun) -> Any:
    try:
        return await begun
    except Exception as error:  # noqa: BLE001 - it is raised by who awaits all
        return error
