"""The two executors side by side: what each answers a document, on one snapshot, in the bytes that a client gets."""

from collections.abc import Callable
from typing import Any, NamedTuple

import orjson
import strawberry
from strawberry.types.execution import ExecutionResult, PreExecutionError

from graph import errors
from graph.schema import executed_by
from tests.graph.execution.writing import Document

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
    """Return the answer by levels, and how it is not one that the stock executor gives; empty where it is.

    Where several errors meet under a place that they make null, the stock executor reports those that come first, and
    which do depends on when rows arrive. So where the errors differ, and only they, it is asked with the rows at hand.
    """
    shared = context()
    ours, stock = await asked(LEVELS, document, shared), await asked(STOCK, document, context())
    if ours == stock or (ours.data == stock.data and ours == await asked(STOCK, document, shared)):
        return ours, ""
    shown = "\n".join(f"{name}: {one.data!r} {one.errors}" for name, one in (("stock", stock), ("levels", ours)))
    return ours, f"{document.text}\n{orjson.dumps(document.variables).decode()}\n{shown}"
