"""Straight execution: objects that are there are answered in plain calls, by the column, with all that is under them.

It is the way of nearly every answer. What waits, fails, or is null against its type is left to whoever asked.
"""

from collections.abc import Iterable, Sequence
from functools import partial
from inspect import iscoroutine
from itertools import chain, islice
from operator import attrgetter
from typing import Any

from graphql import (
    GraphQLObjectType,
    TypeNameMetaFieldDef,
)
from graphql.pyutils import Path

from graph.execution import leaves
from graph.execution.levels import Unknown, present
from graph.execution.plans import Plan, Planning, Step
from graph.execution.resolving import arguments
from graph.execution.shapes import Shape
from graph.execution.together import Slots
from resolvers.table import Columns, Joined, Lists, Table

NOTHING = type(None)
HELD = (Columns, Lists)  # what is held by the column


class Astray(Exception):
    """What has failed, or is null where that is not allowed: the long way finds it again, and puts it in its place."""


class Waits(Astray):
    """What needs the long way whenever the document is asked: it is awaited, say, or of an abstract type."""


def column(
    executor: Planning, step: Step, parent: GraphQLObjectType, objects: Slots, path: Path | None
) -> Sequence[Any]:
    """Return what the answer has for a step, of each object; raises Astray, or what a resolver does, where it is left.

    ``path`` is the first object's.
    """
    if step.waits:
        raise Waits
    field = step.field
    if field.field is TypeNameMetaFieldDef:
        return [parent.name] * len(objects)
    values: Slots
    if field.get is None:
        values = _resolved(executor, step, parent, objects, path)
    elif isinstance(objects, Columns):
        values = objects.column(field.attribute)
    else:
        values = list(map(field.get, objects))
    below = path if field.shape.leaf else Path(path, step.name, parent.name)
    try:
        if isinstance(values, Columns):
            return _held(executor, step, field.shape, values, below)
        if isinstance(values, Lists) and field.shape.items is not None:
            rows = _held(executor, step, field.shape.items, Joined([values.rows]), Path(below, 0, None))
            return _parted(rows, values.lengths)
        return _completed(executor, step, field.shape, values, below)
    except Waits:
        step.waits = True
        raise


def answers(
    executor: Planning, plan: Plan, kind: GraphQLObjectType, objects: Slots, path: Path | None
) -> list[dict[str, Any]]:
    """Return each object's answer; raises what ``column`` does."""
    if plan.numbers:
        columns, unsure = _numbers(plan.numbers, objects)
        if leaves.small(unsure):
            return plan.written(columns, len(columns[0]))
    return plan.written([column(executor, step, kind, objects, path) for step in plan.steps], len(objects))


def _numbers(names: Sequence[str], objects: Slots) -> tuple[list[Sequence[Any]], list[Sequence[Any]]]:
    """Return these attributes, two or more, of objects by the column; and of these columns what may be no count."""
    if isinstance(objects, Columns):
        columns = list(map(objects.column, names))
        return columns, [found for name, found in zip(names, columns, strict=True) if name not in objects.counts]
    columns = list(zip(*map(attrgetter(*names), objects), strict=True))
    return columns, columns


def _resolved(executor: Planning, step: Step, parent: GraphQLObjectType, objects: Slots, path: Path | None) -> Slots:
    field = step.field
    resolve = field.batch or field.call
    if resolve is None:
        step.waits = True
        raise Waits
    if isinstance(objects, Columns):
        objects = list(objects)
    told = {}
    if field.told or field.field.args:
        told = arguments(
            executor,
            step,
            lambda _: executor.build_resolve_info(field.field, step.nodes, parent, Path(path, step.name, parent.name)),
        )
    if not field.batch:
        return list(map(partial(resolve, **told) if told else resolve, objects))
    found = resolve(objects, **told)
    if type(found) is list or isinstance(found, HELD):
        return found
    if iscoroutine(found):
        found.close()
    step.waits = True
    raise Waits


def _held(
    executor: Planning, step: Step, shape: Shape, objects: Columns[Any], path: Path | None
) -> Sequence[dict[str, Any]]:
    """Return the answers of objects that are held by the column."""
    if shape.kind is None or shape.only is not None:
        raise Waits
    return answers(executor, executor.selected(step, shape.kind), shape.kind, objects, path)


def _completed(executor: Planning, step: Step, shape: Shape, values: Sequence[Any], path: Path | None) -> Sequence[Any]:
    """Return values as the answer has them, a list of their own or the very ones that came."""
    kinds = set(map(type, values))
    if NOTHING in kinds:
        if not shape.nullable:
            raise Astray
        there = [one for one in values if one is not None]
        done = _completed(executor, step, shape, there, path)
        rest = iter(done)
        return values if done is there else [None if one is None else next(rest) for one in values]
    if not _present(kinds):
        raise Astray
    if shape.leaf is not None:
        return leaves.completed(shape.leaf, values, kinds)
    if not values:
        return []
    if shape.items is not None:
        return _lists(executor, step, shape.items, values, path)
    if shape.kind is None:
        raise Waits
    if shape.only is not None and kinds != {shape.only}:
        raise Astray
    return answers(executor, executor.selected(step, shape.kind), shape.kind, values, path)


def _present(kinds: set[type]) -> bool:
    try:
        return all(map(present, kinds))
    except Unknown:
        raise Waits from None


def _lists(executor: Planning, step: Step, items: Shape, values: Sequence[Any], path: Path | None) -> list[list[Any]]:
    kinds, first = set(map(type, values)), Path(path, 0, None)
    done: Sequence[Any]
    if kinds == {Table}:
        done = _held(executor, step, items, Joined(values), first)
    elif all(issubclass(each, list | tuple | Table) for each in kinds):
        done = _completed(executor, step, items, list(chain.from_iterable(values)), first)
    else:
        raise Waits
    return _parted(done, map(len, values))


def _parted(items: Iterable[Any], lengths: Iterable[int]) -> list[list[Any]]:
    rest = iter(items)
    return [list(islice(rest, length)) for length in lengths]
