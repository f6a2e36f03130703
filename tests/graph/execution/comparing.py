"""The two executors side by side: what each answers a document, on one snapshot, in the bytes that a client gets."""

from collections.abc import Callable
from typing import Any, NamedTuple

import orjson
import strawberry
from strawberry.types.execution import ExecutionResult, PreExecutionError

from graph import errors
from graph.schema import executed_by
from tests.graph.execution.writing import Document

Place = tuple[str | int, ...]

LEVELS, STOCK = executed_by("levels"), executed_by("stock")


class Answer(NamedTuple):
    """An answer's data in bytes, and its errors, each in bytes, in an order of their own.

    The specification gives errors no order, and the stock executor's depends on when rows arrive.
    """

    data: bytes
    errors: list[bytes]


def answer(result: ExecutionResult) -> Answer:
    """Return a result as a client gets it."""
    executed = not isinstance(result, PreExecutionError)
    found = [
        orjson.dumps([error.message, errors.formatted(error, "id", executed=executed, types=STOCK._schema.type_map)])
        for error in result.errors or []
    ]
    return Answer(orjson.dumps(result.data), sorted(found))


async def asked(schema: strawberry.Schema, document: Document, context: Any) -> Answer:
    """Return the answer of one executor."""
    return answer(await schema.execute(document.text, variable_values=document.variables, context_value=context))


async def difference(document: Document, context: Callable[[], Any]) -> tuple[Answer, str]:
    """Return the answer by levels, and how it is not one that the stock executor gives; empty where it is."""
    ours, stock = await asked(LEVELS, document, context()), await asked(STOCK, document, context())
    if ours == stock or (ours.data == stock.data and settled(ours) == settled(stock)):
        return ours, ""
    shown = "\n".join(f"{name}: {one.data!r} {one.errors}" for name, one in (("stock", stock), ("levels", ours)))
    return ours, f"{document.text}\n{orjson.dumps(document.variables).decode()}\n{shown}"


def settled(found: Answer) -> tuple[list[bytes], set[Place]]:
    """Return the errors that every executor must report, and the places that errors below them made null.

    Where several errors meet under a place that they make null, those that come first are reported, and which do
    depends on when rows arrive: also with the stock executor alone, to which all such documents are left anyway.
    """
    data, kept, emptied = orjson.loads(found.data), list[bytes](), set[Place]()
    for error in found.errors:
        path = tuple(orjson.loads(error)[1].get("path", ()))
        place = next((path[:length] for length in range(len(path)) if at(data, path[:length]) is None), None)
        if place is None:
            kept.append(error)
        else:
            emptied.add(place)
    return kept, emptied


def at(data: Any, path: Place) -> Any:
    """Return the value at a place of which all above are not null."""
    for key in path:
        data = data[key]
    return data
