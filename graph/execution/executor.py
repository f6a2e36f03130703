"""The executor: answers a query level by level, and leaves to graphql-core's whatever it does not know."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLResolveInfoHelpers,
    GraphQLSchema,
    is_abstract_type,
    is_object_type,
)
from graphql.execution.collect_fields import GroupedFieldSet
from graphql.execution.executor import CollectedErrors
from graphql.pyutils import Path

from graph.execution import straight
from graph.execution.completing import Column, Completing
from graph.execution.fields import each
from graph.execution.levels import Level, Unknown, all_of
from graph.execution.plans import Plan, Step, kept_plans
from graph.execution.resolving import resolved
from graph.execution.shapes import only


class LevelExecutor(Completing):
    """Executes queries by levels.

    An error where null is allowed is noted in its place. One that would take its parent with it, and everything else
    that is not known here, leaves the operation to graphql-core: it answers from the rows that the loaders hold.
    ``left`` is set where that is known already.
    """

    left = False

    def execute_root_grouped_field_set(
        self,
        root_type: GraphQLObjectType,
        root_value: Any,
        grouped_field_set: GroupedFieldSet,
        serially: bool,  # noqa: FBT001 - graphql-core's signature
        position_context: Any,
    ) -> Any:
        """Answer by levels where that is possible."""
        stock = partial(
            super().execute_root_grouped_field_set,
            root_type,
            root_value,
            grouped_field_set,
            serially,
            position_context,
        )
        if serially or self.left or not self._possible():
            return stock()
        return self._answer(Level(root_type, [root_value], _nowhere), grouped_field_set, stock)

    @classmethod
    def build(cls, schema: GraphQLSchema, document: DocumentNode, *arguments: Any, **named: Any) -> Any:
        """Build an executor that knows its document's plans."""
        built = super().build(schema, document, *arguments, **named)
        if isinstance(built, cls):
            built.plans = kept_plans(document)
        return built

    @property
    def async_helpers(self) -> GraphQLResolveInfoHelpers:
        """Return what resolvers may ask for, made anew: kept here it would lead back here.

        All that a request has read would then wait for the garbage collector.
        """
        return GraphQLResolveInfoHelpers(self.gather_async_work, self.track_async_work)

    @async_helpers.setter
    def async_helpers(self, _: GraphQLResolveInfoHelpers) -> None:
        """Keep nothing."""

    def _possible(self) -> bool:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return False
        wrapped = self.middleware_manager is not None and self.middleware_manager.middlewares
        streams = self.schema.get_directive("defer") or self.schema.get_directive("stream")
        return self.error_propagation and self.abort_signal is None and not wrapped and not streams

    async def answered(self) -> ExecutionResult:
        """Answer the operation; straight from its plan where that is kept, since it was possible by levels then."""
        plan, root = self.kept(), self.schema.query_type
        if plan is not None and root is not None:
            try:
                (data,) = await self._objects(Level(root, [self.root_value], _nowhere), plan)
                return ExecutionResult(data, self.collected_errors.errors or None)
            except (Unknown, GraphQLError):
                self.collected_errors, self.left = CollectedErrors(), True
        found: Any = self.execute_operation()
        result: ExecutionResult = await found if self.is_awaitable(found) else found
        return result

    async def _answer(self, root: Level, selection: GroupedFieldSet, stock: Callable[[], Any]) -> Any:
        try:
            (data,) = await self._objects(root, self.planned(root.type, selection))
        except Unknown:
            pass
        else:
            return data
        self.collected_errors = CollectedErrors()
        answer = stock()
        return await answer if self.is_awaitable(answer) else answer

    async def _objects(self, level: Level, plan: Plan) -> list[dict[str, Any]]:
        """Return each object's answer, its members in the selection's order."""
        if not level.objects:
            return []
        columns, left, first = list[Sequence[Any]](), list[int](), level.path(0)
        for step in plan.steps:
            try:
                columns.append(straight.column(self, step, level.type, level.objects, first))
            except Exception:  # noqa: BLE001 - whatever it is, it is found again below, and put in its place
                left.append(len(columns))
                columns.append(())
        works = [self._column(level, plan.steps[place]) for place in left]
        found = [await works[0]] if len(works) == 1 else await all_of(works)
        for place, values in zip(left, found, strict=True):
            columns[place] = values
        return plan.written(columns, len(level.objects))

    async def _column(self, level: Level, step: Step) -> list[Any]:
        def path(number: int) -> Path:
            return Path(level.path(number), step.name, level.type.name)

        def info(number: int) -> GraphQLResolveInfo[Any]:
            return self.build_resolve_info(step.field.field, step.nodes, level.type, path(number))

        values = await resolved(self, step, level, info)
        return await self.complete(Column(step.field.field.type, step, info), values, path)

    async def objects_of(
        self, kind: Any, column: Column, values: Sequence[Any], path: Callable[[int], Path]
    ) -> list[Any]:
        """Return the answers of objects of a type, or of the types that an abstract one resolves to."""
        if is_object_type(kind):
            return await self._of_type(kind, column, values, path)
        if is_abstract_type(kind):
            return await self._abstract(kind, column, values, path)
        raise Unknown

    async def _of_type(
        self, kind: GraphQLObjectType, column: Column, values: Sequence[Any], path: Callable[[int], Path]
    ) -> list[Any]:
        is_type_of = kind.is_type_of
        if is_type_of is not None and set(map(type, values)) != {only(kind)}:
            info = column.info(0)
            if not all(value is True for value in each(lambda one: is_type_of(one, info), values)):
                raise Unknown
        return await self._objects(Level(kind, values, path), self.selected(column.step, kind))

    async def _abstract(
        self, kind: Any, column: Column, values: Sequence[Any], path: Callable[[int], Path]
    ) -> list[Any]:
        resolve_type, numbers = kind.resolve_type or self.type_resolver, dict[GraphQLObjectType, list[int]]()
        info = column.info(0)
        try:
            for number, value in enumerate(values):
                name = resolve_type(value, info, kind)
                found = self.ensure_valid_runtime_type(name, kind, column.step.details, info, value)
                numbers.setdefault(found, []).append(number)
        except Exception:  # noqa: BLE001 - whatever it is, graphql-core says it
            raise Unknown from None
        completed: list[Any] = [None] * len(values)

        async def part(found: GraphQLObjectType, here: list[int]) -> None:
            objects = await self._of_type(found, column, [values[number] for number in here], lambda at: path(here[at]))
            for number, one in zip(here, objects, strict=True):
                completed[number] = one

        await all_of(part(found, here) for found, here in numbers.items())
        return completed


def _nowhere(_: int) -> None:
    return None
