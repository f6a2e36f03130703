"""Work beside a load's own session: a second one, which sees only what is committed, and a thread to wait for it."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager

from psycopg import errors

from intake.problems import LoadError
from intake.session import Session

# Who changes the tables themselves waits for the load's session; that must not wait for one that waits behind them.
PATIENCE = "10s"
REPEAT = 0.1  # seconds between two attempts to stop a statement


@contextmanager
def beside(session: Session) -> Iterator[Session]:
    """A second session within a transaction that may read loans and their series without waiting for anybody.

    LoadError where somebody keeps these from being read.
    """
    with session.another() as other, other.transaction():
        other.run("configure_load")
        other.run("rollups/configure_lock", PATIENCE)
        try:
            other.run("rollups/lock_series")
        except errors.LockNotAvailable as error:
            raise LoadError(
                "someone else changes the tables of loans, or waits to, perhaps a migration; nothing of the delivery "
                "was loaded, load it again afterwards"
            ) from error
        yield other


@contextmanager
def meanwhile(work: Callable[[], object], other: Session) -> Iterator[None]:
    """Do some work with another session, in a thread: at the end it is done, or what it raised is raised.

    If the block raises, the work is broken off.
    """
    with ThreadPoolExecutor(1, "beside") as pool:
        working = pool.submit(work)
        try:
            yield
            working.result()
        except BaseException:
            break_off(working, other.cancel)
            raise


def break_off(working: Future[object], stop: Callable[[], object]) -> None:
    """Stop what another thread does until it ends: again and again, as no statement can be stopped before it begins."""
    while not working.done():
        stop()
        wait([working], REPEAT)
