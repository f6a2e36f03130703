"""Resolving a field for all objects of a level: by its batch, by our resolver without its wrappings, or by its own."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import cached_property, partial
from typing import Any

from graphql import GraphQLResolveInfo
from graphql.execution import Executor
from graphql.execution.values import get_argument_values
from strawberry.types.field import StrawberryField
from strawberry.types.info import Info

from graph.execution.fields import each
from graph.execution.inputs import converted
from graph.execution.levels import Level
from graph.execution.plans import Step
from graph.execution.together import Slots

Infos = Callable[[int], GraphQLResolveInfo[Any]]


class Told(Info[Any, Any]):
    """Strawberry's ``Info``, of which all but the context is made when it is first asked for: most ask for no more."""

    context: Any = None

    def __init__(self, context: object, field: StrawberryField, info: Infos) -> None:
        self.context, self._field, self._made = context, field, info

    @cached_property
    def _raw_info(self) -> GraphQLResolveInfo[Any]:  # type: ignore[override]
        return self._made(0)


async def resolved(executor: Executor[Any], step: Step, level: Level, info: Infos) -> Sequence[Any]:
    """Return the field's value of each object, an exception in the slot of one that failed.

    Our batches and resolvers are told the arguments and one ``info`` for the whole level: its path is the first
    object's.
    """
    objects, field = level.objects, step.field
    if field.get is not None:
        return each(field.get, objects)
    # The root is one object, and None: ``info`` is its own.
    wait = field.wait if field.batch is None and objects[0] is None else None
    try:
        told = arguments(executor, step, info, direct=bool(field.batch or field.call or wait))
    except Exception as error:  # noqa: BLE001 - bad arguments are the field's error, everywhere
        return [error] * len(objects)
    if field.batch is not None:
        return await _of_all(partial(field.batch, objects, **told), len(objects))
    if field.call is not None:
        return each(partial(field.call, **told) if told else field.call, objects)
    if wait is not None:
        return await _awaited([wait(objects[0], **told)])
    resolve = field.field.resolve or executor.field_resolver
    values = each(lambda number: resolve(objects[number], info(number), **told), range(len(objects)))
    return await _awaited(values) if any(map(executor.is_awaitable, values)) else values


async def _of_all(batch: Callable[[], Slots | Awaitable[Sequence[Any]]], objects: int) -> Sequence[Any]:
    try:
        answers = batch()
        return list(await answers if isinstance(answers, Awaitable) else answers)
    except Exception as error:  # noqa: BLE001 - what the resolver raises for all
        return [error] * objects


def arguments(executor: Executor[Any], step: Step, info: Infos, *, direct: bool = True) -> dict[str, Any]:
    """Return a field's arguments: as our resolvers take them, ``info`` among them, or as graphql-core coerces them."""
    field = step.field
    if not field.field.args and not field.told:
        return {}
    ours = field.ours if direct else None
    told = Told(executor.context_value, ours, info) if ours else None
    given = step.fixed
    if given is None:
        detail = step.details[0]
        given = get_argument_values(
            field.field, detail.node, executor.variable_values, detail.fragment_variable_values,
            executor.hide_suggestions,
        )  # fmt: skip
        if told is not None and ours is not None:
            given = converted(ours, given, told)
        if not step.variable:
            step.fixed = given
    return given | {field.told: told} if ours and field.told else given


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
