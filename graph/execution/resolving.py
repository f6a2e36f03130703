"""Resolving a field for all objects of a level: by its batch, by our resolver without its wrappings, or by its own."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

from graphql import GraphQLResolveInfo, TypeNameMetaFieldDef
from graphql.execution import Executor
from graphql.execution.values import get_argument_values
from graphql.pyutils import Path
from strawberry.types.info import Info

from graph.execution import leaves
from graph.execution.fields import each
from graph.execution.inputs import converted
from graph.execution.levels import Level, present
from graph.execution.plans import Plan, Step

Infos = Callable[[int], GraphQLResolveInfo[Any]]


def at_once(executor: Executor[Any], step: Step, level: Level) -> list[Any] | None:
    """Return the finished column of a leaf that need not be awaited, and is nowhere null or an error; else None.

    What raises here is asked again, and its error put in its place, where there is time for it.
    """
    field = step.field
    if field.field is TypeNameMetaFieldDef:
        return [level.type.name] * len(level.objects)
    if field.leaf is None or field.batch is not None or not field.prompt:
        return None
    try:
        if field.get is not None:
            read = list(map(field.get, level.objects))
            return read if leaves.unchanged(field.leaf, read) else None
        if field.call is None or field.field.args:
            return None
        call = field.call
        if field.told and field.ours is not None:
            path = Path(level.path(0), step.name, level.type.name)
            raw = executor.build_resolve_info(field.field, step.nodes, level.type, path)
            call = partial(call, **{field.told: Info(_raw_info=raw, _field=field.ours)})
        values = list(map(call, level.objects))
        return leaves.completed(field.leaf, values) if all(map(present, set(map(type, values)))) else None
    except Exception:  # noqa: BLE001 - see above
        return None


def rows_at_once(plan: Plan, objects: Sequence[Any]) -> list[tuple[Any, ...]] | None:
    """Return of each object the values of a plan that reads leaves alone, where the answer carries them as they are."""
    if plan.read is None:
        return None
    try:
        rows = list(map(plan.read, objects))
    except Exception:  # noqa: BLE001 - it is found again, and put in its place, where there is time for it
        return None
    columns = zip(*rows, strict=True)
    return rows if all(map(leaves.unchanged, plan.leaves, columns)) else None


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
        arguments = _read(executor, step, info, direct=bool(field.batch or field.call or wait))
    except Exception as error:  # noqa: BLE001 - bad arguments are the field's error, everywhere
        return [error] * len(objects)
    if field.batch is not None:
        return await _of_all(partial(field.batch, objects, **arguments), len(objects))
    if field.call is not None:
        return each(partial(field.call, **arguments) if arguments else field.call, objects)
    if wait is not None:
        return await _awaited([wait(objects[0], **arguments)])
    resolve = field.field.resolve or executor.field_resolver
    values = each(lambda number: resolve(objects[number], info(number), **arguments), range(len(objects)))
    return await _awaited(values) if any(map(executor.is_awaitable, values)) else values


async def _of_all(batch: Callable[[], Sequence[Any] | Awaitable[Sequence[Any]]], objects: int) -> Sequence[Any]:
    try:
        answers = batch()
        return answers if type(answers) is list else await answers if isinstance(answers, Awaitable) else answers
    except Exception as error:  # noqa: BLE001 - what the resolver raises for all
        return [error] * objects


def _read(executor: Executor[Any], step: Step, info: Infos, *, direct: bool) -> dict[str, Any]:
    """Return the arguments: as our resolvers take them, ``info`` among them, or as graphql-core coerces them."""
    field = step.field
    if not field.field.args and not field.told:
        return {}
    ours = field.ours if direct else None
    told: Info[Any, Any] | None = Info(_raw_info=info(0), _field=ours) if ours else None
    if step.fixed:
        arguments = step.fixed[0]
    else:
        detail = step.details[0]
        arguments = get_argument_values(
            field.field, detail.node, executor.variable_values, detail.fragment_variable_values,
            executor.hide_suggestions,
        )  # fmt: skip
        if told is not None and ours is not None:
            arguments = converted(ours, arguments, told)
        if not step.variable:
            step.fixed.append(arguments)
    return arguments | {field.told: told} if ours and field.told else arguments


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
