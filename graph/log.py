"""The log: one JSON object a line, made of facts about a request and never of what was asked or answered.

Exception messages, queries, variables, aliases and query strings can hold identity numbers, so no function here
takes one: what is known of an unexpected error is its type and the places in the code it passed through.
"""

import logging
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from time import time
from traceback import walk_tb
from typing import TextIO

import orjson

LOGGER = logging.getLogger("borrowgraph")


# What logging finds out about each record, and no line of ours has, is found out once.
PLAIN = vars(logging.LogRecord(LOGGER.name, logging.INFO, "", 0, "", (), None))


class Line(logging.LogRecord):
    """A line of the log, of a level and with a text."""

    def __init__(self, level: int, text: str) -> None:
        vars(self).update(PLAIN, levelno=level, levelname=logging.getLevelName(level), msg=text, created=time())


class AsItStands(logging.Formatter):
    """Writes a line as it stands."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line's text."""
        return record.getMessage()


def start(stream: TextIO | None = None) -> None:
    """Write the log's lines to ``stream`` (standard error by default), and nothing but them; once a process."""
    if not LOGGER.handlers:
        handler = logging.StreamHandler(stream or sys.stderr)
        handler.setFormatter(AsItStands())
        LOGGER.addHandler(handler)
    LOGGER.setLevel(logging.INFO)
    LOGGER.propagate = False


def line(level: int, event: str, **fields: object) -> None:
    """Write one line: ``time`` (UTC, milliseconds), ``level``, ``event``, then the fields in the order given."""
    if LOGGER.isEnabledFor(level):
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        head = {"time": now, "level": logging.getLevelName(level), "event": event}
        LOGGER.handle(Line(level, orjson.dumps(head | fields, default=str).decode()))


def unexpected(exception: BaseException, *, request_id: str | None = None, times: int = 1) -> None:
    """Write what may be said of an exception that nobody foresaw: its type, its causes' types and its frames."""
    line(
        logging.ERROR,
        "unexpected_error",
        requestId=request_id,
        exception=_name(exception),
        causes=[_name(cause) for cause in _causes(exception)],
        frames=frames(exception),
        times=times,
    )


def frames(exception: BaseException) -> list[str]:
    """Return where an exception went, outermost first, as ``module.function:line``; no values, no source text."""
    return [
        f"{frame.f_globals.get('__name__', '?')}.{frame.f_code.co_qualname}:{number}"
        for frame, number in walk_tb(exception.__traceback__)
    ]


def _causes(exception: BaseException) -> Iterator[BaseException]:
    seen = {id(exception)}
    cause = exception.__cause__ or exception.__context__
    while cause is not None and id(cause) not in seen:
        yield cause
        seen.add(id(cause))
        cause = cause.__cause__ or cause.__context__


def _name(exception: BaseException) -> str:
    kind = type(exception)
    return f"{kind.__module__}.{kind.__qualname__}"
