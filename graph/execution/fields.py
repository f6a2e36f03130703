"""What is known of a field: how the values of all objects of a level are had from it."""

from collections.abc import Awaitable, Callable, Sequence
from inspect import iscoroutinefunction
from operator import attrgetter
from typing import Any, NamedTuple, cast

from graphql import GraphQLField
from strawberry.types.field import StrawberryField

from graph.execution.shapes import KEPT, Shape, shape
from graph.execution.together import Batch, batch_of


class Field(NamedTuple):
    """A field of the schema. ``get``, ``call`` and ``batch`` are None where the field's own resolver must be asked.

    ``get`` reads a value off an object, its ``attribute``; ``call`` is our resolver of one object, ``wait`` that of one
    where it has to be awaited, ``batch`` that of many, all without what Strawberry wraps around them; ``told`` is the
    name of their argument ``info`` where they have it. ``shape`` is the type's.
    """

    field: GraphQLField
    ours: StrawberryField | None
    get: Callable[[Any], Any] | None
    call: Callable[..., Any] | None
    batch: Batch | None
    shape: Shape
    attribute: str = ""
    told: str = ""
    wait: Callable[..., Awaitable[Any]] | None = None


# By the field's id, since fields have no hash; each is kept here, so that no other gets its id.
KNOWN: dict[int, Field] = {}


def known(field: GraphQLField) -> Field:
    """Return what is known of a field."""
    found = KNOWN.get(id(field))
    if found is None:
        found = KNOWN[id(field)] = _found(field)
    return found


def _found(field: GraphQLField) -> Field:
    ours, of = field.extensions.get(KEPT), shape(field.type)
    if type(ours) is not StrawberryField or ours.extensions:
        return Field(field, None, None, None, None, of)
    resolver, name = ours.base_resolver, ours.python_name
    if resolver is None:
        plain = ours.default_resolver is getattr and not field.args
        return Field(field, ours, attrgetter(name) if plain else None, None, None, of, name)
    if resolver.parent_parameter or resolver.root_parameter or not resolver.self_parameter:
        return Field(field, ours, None, None, None, of)
    told = resolver.info_parameter.name if resolver.info_parameter else ""
    batch, call = batch_of(ours), cast("Callable[..., Any]", resolver.wrapped_func)
    if iscoroutinefunction(call):
        return Field(field, ours, None, None, batch, of, name, told, call)
    return Field(field, ours, None, call, batch, of, name, told)


def each(call: Callable[[Any], Any], objects: Sequence[Any]) -> list[Any]:
    """Return what ``call`` gives for each object; an exception stands in the slot of the one that it came from."""
    try:
        return list(map(call, objects))
    except Exception:  # noqa: BLE001 - whatever a resolver raises is its field's error
        return [_attempted(call, one) for one in objects]


def _attempted(call: Callable[[Any], Any], one: object) -> Any:
    try:
        return call(one)
    except Exception as error:  # noqa: BLE001 - likewise
        return error
