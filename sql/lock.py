"""Locks between processes: a file that one process at a time holds, released by the system however that process ends."""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(path: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Hold the lock ``path``, a file that is made where it is missing, for the body of the statement."""
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"Waiting for another command that holds {path} …")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
