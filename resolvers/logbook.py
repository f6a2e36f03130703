"""The logbook: writes what requests read of persons, those of requests that wait at the same time by one statement."""

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

from resolvers.callers import Caller, Purpose
from resolvers.database import Database
from resolvers.errors import NotLogged, Problem
from sql.journal import AppendedRow

# Statements that write at once. More would wait for each other's lanes; with one, a long list would hold up all others.
WRITERS = 2
# Reads of several pages that share a statement; a longer list is written alone, lest others wait for all of it.
TOGETHER = 128


class Reason(NamedTuple):
    """Why a person is read, and the reference of the consent, None where none is needed."""

    purpose: Purpose
    consent: str | None


class Read(NamedTuple):
    """One person that is read: by subject key, or by a loan; ``other`` is a key that may be the person's as well."""

    subject_key: bytes | None
    loan: int | None
    reason: Reason
    other: bytes | None = None


class Page(NamedTuple):
    """What one request reads: its id, who asks, the SHA-256 of the document, the version of the keys' secret."""

    request: str
    caller: Caller
    document: bytes
    version: int
    reads: Sequence[Read]


class Logbook:
    """Appends pages over a pool of its own: a commit is for all that wait when it begins."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[tuple[Page, asyncio.Future[None]]] = []
        self._writers: set[asyncio.Task[None]] = set()

    def append(self, page: Page) -> "asyncio.Future[None]":
        """Return what ends once the page is in the log, with NotLogged where it is not."""
        loop = asyncio.get_running_loop()
        written: asyncio.Future[None] = loop.create_future()
        # Whoever asked may have gone by then.
        written.add_done_callback(lambda one: one.cancelled() or one.exception())
        self._waiting.append((page, written))
        if len(self._writers) < WRITERS:
            writer = loop.create_task(self._write_all())
            self._writers.add(writer)
            writer.add_done_callback(self._writers.discard)
        return written

    async def _write_all(self) -> None:
        while self._waiting:
            pages = self._taken()
            try:
                await self._write(pages)
            finally:
                for _, written in pages:
                    if not written.done():
                        written.set_exception(_not_logged())

    def _taken(self) -> list[tuple[Page, "asyncio.Future[None]"]]:
        """Take what one statement writes: the oldest page, and those behind it as far as they are few reads in all."""
        reads, count = 0, 0
        for page, _ in self._waiting:
            reads += len(page.reads)
            if count and reads > TOGETHER:
                break
            count += 1
        taken, self._waiting = self._waiting[:count], self._waiting[count:]
        return taken

    async def _write(self, pages: Sequence[tuple[Page, "asyncio.Future[None]"]]) -> None:
        try:
            await self._database.run(AppendedRow._make, "trail/append", *_columns([page for page, _ in pages]))
        except Problem as problem:
            for _, written in pages:
                written.set_exception(_not_logged(problem))
        except Exception as error:  # noqa: BLE001 - the database refused one page: it is not to fall on the others
            if len(pages) == 1:
                pages[0][1].set_exception(error)
                return
            for page in pages:
                await self._write([page])
        else:
            for _, written in pages:
                written.set_result(None)


def _not_logged(cause: BaseException | None = None) -> NotLogged:
    problem = NotLogged("What was read could not be logged, so there is no answer; try again later.")
    problem.__cause__ = cause
    return problem


def _columns(pages: Sequence[Page]) -> tuple[list[object], ...]:
    reads = [(number, read) for number, page in enumerate(pages, 1) for read in page.reads]
    return (
        [page.request for page in pages],
        [page.caller.credential for page in pages],
        [page.caller.name for page in pages],
        [page.caller.institution for page in pages],
        [page.document for page in pages],
        [page.version for page in pages],
        _once([number for number, _ in reads]),
        [read.subject_key for _, read in reads],
        _but_for_nulls([read.other for _, read in reads]),
        _but_for_nulls([read.loan for _, read in reads]),
        _once([read.reason.purpose.value for _, read in reads]),
        _but_for_nulls([read.reason.consent for _, read in reads]),
        _but_for_nulls([read.reason.purpose.counts or None for _, read in reads]),
    )


def _once(column: list[object]) -> list[object]:
    """Leave out what repeats the first slot throughout: the database does that, and the driver looks at each slot."""
    return column[:1] if column.count(column[0]) == len(column) else column


def _but_for_nulls(column: list[object]) -> list[object]:
    """Leave out what is null throughout: the database has null there, and the driver looks at each slot it is sent."""
    return [] if column.count(None) == len(column) else column
