"""Resolvers for all objects of a level at once, declared beside the field that they answer."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar, cast

from strawberry.types.field import StrawberryField

One = TypeVar("One")
Answer = TypeVar("Answer")

# Takes the objects, and the field's arguments by name; returns a slot an object, an exception where that one fails.
Batch = Callable[..., Awaitable[Sequence[Any]]]

TOGETHER = "together"


def together(batch: Batch) -> Mapping[str, Batch]:
    """Return the metadata of a field that ``batch`` answers for any number of objects."""
    return {TOGETHER: batch}


def batch_of(field: StrawberryField) -> Batch | None:
    """Return what answers the field for any number of objects, None where nothing does."""
    return cast("Batch | None", field.metadata.get(TOGETHER))


async def alone(
    batch: Callable[..., Awaitable[Sequence[Answer | BaseException]]], one: object, *arguments: object
) -> Answer:
    """Return a batch's answer for one object: how an executor that knows no levels resolves the field."""
    (slot,) = await batch([one], *arguments)
    if isinstance(slot, BaseException):
        raise slot
    return slot
