"""What is known of a field: how the values of all objects of a level are had from it."""

from collections.abc import Awaitable, Callable, Sequence
from inspect import iscoroutinefunction
from operator import attrgetter
from typing import Any, NamedTuple, cast

from graphql import GraphQLField, GraphQLLeafType, get_named_type, get_nullable_type, is_leaf_type
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField

from graph.execution.together import Batch, batch_of

KEPT = GraphQLCoreConverter.DEFINITION_BACKREF


class Field(NamedTuple):
    """A field of the schema. ``get``, ``call`` and ``batch`` are None where the field's own resolver must be asked.

    ``get`` reads a value off an object; ``call`` is our resolver of one object, ``wait`` that of one where it has to be
    awaited, ``batch`` that of many, all without what Strawberry wraps around them; ``told`` is the name of their
    argument ``info`` where they have it. ``prompt`` says that nothing is ever awaited for it, nor for what is under it;
    ``leaf`` is its type where that is a leaf, no list.
    """

    field: GraphQLField
    ours: StrawberryField | None
    get: Callable[[Any], Any] | None
    call: Callable[..., Any] | None
    batch: Batch | None
    prompt: bool
    leaf: GraphQLLeafType | None = None
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
    ours = field.extensions.get(KEPT)
    leaf = is_leaf_type(get_named_type(field.type))
    nullable = get_nullable_type(field.type)
    single = nullable if is_leaf_type(nullable) else None
    if type(ours) is not StrawberryField or ours.extensions:
        return Field(field, None, None, None, None, prompt=False)
    resolver = ours.base_resolver
    if resolver is None:
        plain = ours.default_resolver is getattr and not field.args
        get = attrgetter(ours.python_name) if plain else None
        return Field(field, ours, get, None, None, prompt=leaf and plain, leaf=single)
    if resolver.parent_parameter or resolver.root_parameter or not resolver.self_parameter:
        return Field(field, ours, None, None, None, prompt=False)
    told = resolver.info_parameter.name if resolver.info_parameter else ""
    batch, call = batch_of(ours), cast("Callable[..., Any]", resolver.wrapped_func)
    if iscoroutinefunction(call):
        return Field(field, ours, None, None, batch, prompt=False, told=told, wait=call)
    return Field(field, ours, None, call, batch, prompt=leaf and batch is None, leaf=single, told=told)


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
