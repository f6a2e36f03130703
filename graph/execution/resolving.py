"""Resolving a field for all objects of a level: by its batch, by our resolver without its wrappings, or by its own."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

from graphql import GraphQLResolveInfo
from graphql.execution import Executor
from graphql.execution.collect_fields import FieldDetailsList
from graphql.execution.values import get_argument_values
from strawberry.schema.schema_converter import get_arguments
from strawberry.types.field import StrawberryField
from strawberry.types.info import Info

from graph.execution.fields import Field, each
from graph.execution.levels import Level

Infos = Callable[[int], GraphQLResolveInfo[Any]]


async def resolved(
    executor: Executor[Any], field: Field, level: Level, details: FieldDetailsList, info: Infos
) -> Sequence[Any]:
    """Return the field's value of each object, an exception in the slot of one that failed.

    Our batches and resolvers are told the arguments and one ``info`` for the whole level: its path is the first
    object's.
    """
    objects = level.objects
    if field.get is not None:
        return each(field.get, objects)
    try:
        arguments = get_argument_values(
            field.field, details[0].node, executor.variable_values, hide_suggestions=executor.hide_suggestions
        )
        if field.ours is not None and (field.batch or field.call):
            arguments = _arguments(field.ours, arguments, info(0))
    except Exception as error:  # noqa: BLE001 - bad arguments are the field's error, everywhere
        return [error] * len(objects)
    if field.batch is not None:
        try:
            return await field.batch(objects, **arguments)
        except Exception as error:  # noqa: BLE001 - so is what the resolver raises for all
            return [error] * len(objects)
    if field.call is not None:
        return each(partial(field.call, **arguments) if arguments else field.call, objects)
    resolve = field.field.resolve or executor.field_resolver
    values = each(lambda number: resolve(objects[number], info(number), **arguments), range(len(objects)))
    return await _awaited(values) if any(map(executor.is_awaitable, values)) else values


def _arguments(ours: StrawberryField, arguments: dict[str, Any], raw: GraphQLResolveInfo[Any]) -> dict[str, Any]:
    """Return the arguments as our resolvers take them, ``info`` among them."""
    info: Info[Any, Any] = Info(_raw_info=raw, _field=ours)
    registry = info.schema.schema_converter.scalar_registry
    return get_arguments(
        field=ours, source=None, info=info, kwargs=arguments, config=info.schema.config, scalar_registry=registry
    )[1]


async def _awaited(values: Sequence[Any]) -> list[Any]:
    """Await those values that are to be awaited, an exception in the slot of one that failed."""
    if len(values) == 1:
        try:
            return [await values[0]]
        except Exception as error:  # noqa: BLE001 - it is the field's error
            return [error]
    found = await asyncio.gather(*map(_value, values), return_exceptions=True)
    for one in found:
        if isinstance(one, BaseException) and not isinstance(one, Exception):
            raise one
    return found


async def _value(one: Any) -> Any:
    return await one if isinstance(one, Awaitable) else one
