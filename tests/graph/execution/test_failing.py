"""What the demo cannot show: resolvers that fail in all ways, answered by levels and by the stock executor."""

import asyncio
import gc
import os
from collections.abc import Sequence
from enum import Enum
from random import Random
from typing import Any, NamedTuple

import pytest
import strawberry
from graphql import parse

from graph.execution.direct import direct, executed, values_of
from graph.execution.executor import LevelExecutor
from graph.execution.together import alone, awaited_alone, together
from resolvers.table import Table
from tests.graph.execution.comparing import answer
from tests.graph.execution.writing import Document, Values, Writer

VALUES: Values = {"Int": [0, 1, 2, 3, 7], "String": ["", "text"], "Boolean": [True, False]}
DOCUMENTS = int(os.environ.get("DOCUMENTS", "250"))


@strawberry.enum
class Colour(Enum):
    """Two of them."""

    RED = "red"
    BLUE = "blue"


def misfortune(number: int, value: Any) -> Any:
    """Return the value, or every third time fail."""
    if number % 3 == 2:
        raise ValueError(f"number {number} fails")
    return value


async def slow_of(things: Sequence["Thing"], over: int = 1) -> list[int | Exception]:
    """Answer for all, some by an exception; where ``over`` is 3, fail for all."""
    await asyncio.sleep(0)
    if over == 3:
        raise ValueError("all fail")
    return [ValueError(f"{one.number} is over") if one.number > over else one.number for one in things]


async def things_of(things: Sequence["Thing"]) -> list[list["Thing"]]:
    """Answer with lists of different lengths."""
    return [[Thing(number=one.number + more) for more in range(one.number % 4)] for one in things]


def prompt_of(things: Sequence["Thing"], over: int = 1) -> list[int | Exception | None]:
    """Answer for all without waiting, some by an exception, some by null."""
    if over == 3:
        raise ValueError("all fail")
    return [(one.number, None, ValueError("late"))[one.number % 3] if one.number > over else 1 for one in things]


def sometimes_of(things: Sequence["Thing"], over: int = 1) -> Any:
    """Answer at once, or after a wait."""
    return slow_of(things, over) if over else prompt_of(things)


class Bounds(NamedTuple):
    """Numbers, which may be missing or too large."""

    least: int | None
    most: int | None


@strawberry.type
class Pair:
    """Numbers read off an object."""

    least: int
    most: int | None


@strawberry.interface
class Named:
    """Has a name."""

    number: int

    @strawberry.field
    def name(self) -> str | None:
        """Fail now and then."""
        return str(misfortune(self.number, f"thing {self.number}"))


@strawberry.type
class Other(Named):
    """Another named."""

    colour: Colour | None = None


@strawberry.type
class Thing(Named):
    """Fails in many ways."""

    @strawberry.field
    def sure(self) -> int:
        """Take its parent with it now and then."""
        return int(misfortune(self.number, self.number))

    @strawberry.field
    def too_large(self) -> int | None:
        """Give what no Int holds."""
        return 2**31 * self.number

    @strawberry.field(graphql_type=int)
    def nothing(self) -> int | None:
        """Give null where none is allowed."""
        return None if self.number == 1 else self.number

    @strawberry.field(graphql_type=list[int | None])
    def holed(self) -> list[Any]:
        """Give a list with holes and errors in it."""
        return [None, self.number, ValueError("in the list"), 2**40]

    @strawberry.field(graphql_type=list[int])
    def full(self) -> Any:
        """Give no list, or one that only an iterator goes through."""
        return {0: [1, 2], 1: (3, 4), 2: iter([5, 6]), 3: 7}[self.number % 4]

    @strawberry.field(graphql_type=list[list[Colour | None]])
    def nested(self) -> Any:
        """Give lists in lists."""
        return [[Colour.RED, None], [], [Colour.BLUE] * self.number]

    @strawberry.field(metadata=together(slow_of))
    async def slow(self, over: int = 1) -> int | None:
        """Ask for all at once."""
        return await awaited_alone(slow_of, self, over)

    @strawberry.field(metadata=together(slow_of))
    async def slow_and_sure(self, over: int = 1) -> int:
        """Ask for all at once, and take the parent where that fails."""
        return await awaited_alone(slow_of, self, over)

    @strawberry.field
    async def one_by_one(self, over: int = 1) -> int | None:
        """Wait, each for itself."""
        await asyncio.sleep(0)
        return int(misfortune(self.number + over, self.number))

    @strawberry.field(metadata=together(prompt_of))
    def prompt(self, over: int = 1) -> int | None:
        """Ask for all at once, and do not wait."""
        return alone(prompt_of, self, over)

    @strawberry.field(metadata=together(sometimes_of))
    async def sometimes(self, over: int = 1) -> int | None:
        """Wait, or not, as the arguments say."""
        found = sometimes_of([self], over)
        one: int | Exception | None = (found if isinstance(found, list) else await found)[0]
        if isinstance(one, Exception):
            raise one
        return one

    @strawberry.field(graphql_type=Pair | None)
    def pair(self) -> Any:
        """Give numbers, some missing, some too large."""
        return (Bounds(1, self.number), Bounds(2**31, None), Bounds(None, 1), None)[self.number % 4]

    @strawberry.field(graphql_type=list[Pair] | None)
    def pairs(self) -> Any:
        """Give such numbers by the column."""
        least, most = (1, self.number, None if self.number == 2 else 3), (None, 2**40 if self.number == 3 else 4, 5)
        return Table(Bounds, 3, {"least": least, "most": most} if self.number else {"least": least})

    @strawberry.field(metadata=together(things_of))
    async def things(self) -> list["Thing"]:
        """Go on."""
        return await awaited_alone(things_of, self)

    @strawberry.field(graphql_type=list[Named | None])
    async def mixed(self) -> list[Any]:
        """Give one of each, and what is neither."""
        return [Other(number=self.number), Thing(number=self.number + 1), None, Other(number=2, colour=Colour.RED)]

    @strawberry.field(graphql_type=Other)
    def wrong(self) -> Any:
        """Give what is not of the type."""
        return Other(number=1) if self.number % 2 else self


@strawberry.type
class Query:
    """The root."""

    @strawberry.field
    def thing(self, number: int = 0) -> Thing | None:
        """Give one."""
        return Thing(number=number)

    @strawberry.field
    async def some(self, count: int = 3) -> list[Thing | None]:
        """Give some."""
        return [Thing(number=number) for number in range(count)]

    @strawberry.field
    def late(self) -> list[Thing]:
        """Give some more."""
        return [Thing(number=number) for number in (4, 6, 9)]


STOCK = strawberry.Schema(Query, types=[Other])
LEVELS = strawberry.Schema(Query, types=[Other], execution_context_class=LevelExecutor)


@pytest.fixture
def unlogged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep Strawberry from logging the errors, whose tracebacks would outlive the test."""
    for schema in (STOCK, LEVELS):
        monkeypatch.setattr(schema, "process_errors", lambda *_: None)


async def run(schema: strawberry.Schema, document: Document) -> Any:
    return answer(await schema.execute(document.text, variable_values=document.variables))


@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.usefixtures("unlogged")
async def test_executor_by_levels_where_resolvers_fail_answers_what_the_stock_one_does() -> None:
    differing, with_errors = [], 0
    for number in range(DOCUMENTS):
        document = Writer(STOCK._schema, VALUES, Random(number), depth=4).document()  # noqa: S311
        ours, stock = await run(LEVELS, document), await run(STOCK, document)
        with_errors += bool(stock.errors)
        if ours != stock:
            differing.append(f"{number}: {document}\nstock  {stock}\nlevels {ours}")

    gc.collect()
    assert not differing, f"{len(differing)} of {DOCUMENTS}\n" + "\n\n".join(differing[:3])
    assert with_errors > DOCUMENTS / 4


@pytest.mark.parametrize(
    "text",
    [
        "{ some { slow name } }",
        "{ some { holed tooLarge } }",
        "{ some(count: 7) { mixed { name ... on Other { colour } } } }",
        "{ some(count: 5) { prompt(over: 0) } }",
        "{ some(count: 2) { pairs { least most __typename } } }",
        "{ thing { nested things { name } } __schema { queryType { name } } }",
    ],
)
@pytest.mark.usefixtures("unlogged")
async def test_executor_by_levels_where_null_is_allowed_answers_by_itself(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = []
    monkeypatch.setattr(LevelExecutor, "execute_fields", lambda *_: left.append(1), raising=False)

    found = await run(LEVELS, Document(text, {}))

    assert (left, found) == ([], await run(STOCK, Document(text, {})))


@pytest.mark.usefixtures("unlogged")
async def test_document_that_waits_now_and_then_answers_alike_each_time() -> None:
    text = "query Q($over: Int!) { some(count: 4) { name sometimes(over: $over) pairs { most } } }"
    known = direct(LEVELS._schema, parse(text))
    assert known is not None

    for over in (0, 1, 0, 1):
        values = values_of(known, {"over": over})
        assert values is not None
        found = answer(await executed(LEVELS._schema, known, values, None, None))
        assert found == await run(STOCK, Document(text, {"over": over}))
