"""The loader's side of the database: one connection, statements by name, those not of ``deliveries`` with a folder."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import psycopg

from sql.statements import statement

Row = tuple[Any, ...]
Buffer = bytes | bytearray | memoryview


class Session:
    """A connection that runs statements by name and commits a delivery as one transaction."""

    def __init__(self, connection: psycopg.Connection[Row], url: str) -> None:
        self._connection = connection
        self._url = url

    def another(self) -> AbstractContextManager["Session"]:
        """A second session on the same database."""
        return connected(self._url)

    def cancel(self) -> None:
        """Stop the statement that runs in another thread, if any does; psycopg.errors.QueryCanceled is raised there."""
        self._connection.cancel_safe()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything within becomes visible at once at its end, or not at all if it raises."""
        with self._connection.transaction():
            yield

    def run(self, name: str, *values: object) -> int:
        """Run a statement; returns how many rows it wrote."""
        return self._execute(name, *values).rowcount

    def rows(self, name: str, *values: object) -> list[Row]:
        """The rows that a statement gives."""
        return self._execute(name, *values).fetchall()

    def stream(self, name: str, *values: object) -> Generator[Row]:
        """The rows that a statement gives, one by one, however many; to be closed where not all are taken."""
        with self._connection.cursor() as cursor:
            yield from cursor.stream(_text(name), values or None)

    def row(self, name: str, *values: object) -> Row:
        """The one row that a statement gives."""
        [row] = self.rows(name, *values)
        return row

    @contextmanager
    def copy(self, name: str) -> Iterator[psycopg.Copy]:
        """A COPY that takes text."""
        with self._connection.cursor() as cursor, cursor.copy(_text(name)) as copy:
            yield copy

    @contextmanager
    def copied(self, name: str) -> Iterator[Iterable[Buffer]]:
        """The rows that a COPY gives as text."""
        with self._connection.cursor() as cursor, cursor.copy(_text(name)) as copy:
            yield copy

    def _execute(self, name: str, *values: object) -> psycopg.Cursor[Row]:
        return self._connection.execute(_text(name), values or None)


def _text(name: str) -> bytes:
    return statement(name if "/" in name else f"deliveries/{name}").text.encode()


@contextmanager
def connected(url: str, *, snapshot: bool = False) -> Iterator[Session]:
    """A session of its own on the database; psycopg.Error if there is none.

    With ``snapshot`` all statements of a transaction see the same instant.
    """
    with psycopg.connect(
        url, autocommit=True, cursor_factory=psycopg.RawCursor, application_name="borrowgraph load"
    ) as connection:
        # Every statement runs once.
        connection.prepare_threshold = None
        # After it got the lock, a delivery must see what the one before it wrote, whatever the database's default is.
        level = psycopg.IsolationLevel
        connection.isolation_level = level.REPEATABLE_READ if snapshot else level.READ_COMMITTED
        yield Session(connection, url)
