"""Resolvers for all objects of a level at once, declared beside the field that they answer."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar, cast

from strawberry.types.field import StrawberryField

from resolvers.table import Columns

One = TypeVar("One")
Answer = TypeVar("Answer")

# Takes the objects, and the field's arguments by name; returns a slot an object, an exception where that one fails. It
# is awaited only where it has to wait.
Slots = Sequence[Any] | Columns[Any]
Batch = Callable[..., Slots | Awaitable[Sequence[Any]]]

TOGETHER = "together"


def together(batch: Batch) -> Mapping[str, Batch]:
    """Return the metadata of a field that ``batch`` answers for any number of objects."""
    return {TOGETHER: batch}


def batch_of(field: StrawberryField) -> Batch | None:
    """Return what answers the field for any number of objects, None where nothing does."""
    return cast("Batch | None", field.metadata.get(TOGETHER))


def alone(
    batch: Callable[..., Sequence[Answer | BaseException] | Columns[Answer]], one: object, *arguments: object
) -> Answer:
    """Return a batch's answer for one object: how an executor that knows no levels resolves the field."""
    return _raised(batch([one], *arguments))


async def awaited_alone(
    batch: Callable[..., Awaitable[Sequence[Answer | BaseException]]], one: object, *arguments: object
) -> Answer:
    """As ``alone``, of a batch that has to wait."""
    return _raised(await batch([one], *arguments))


def _raised(slots: Iterable[Answer | BaseException]) -> Answer:
    (slot,) = slots
    if isinstance(slot, BaseException):
        raise slot
    return slot
